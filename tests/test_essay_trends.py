import numpy as np
import pytest

from forecasts.essay.rule import AGAINST, SUPPORTED, UNTOLD
from forecasts.essay.trends import abruptness, mean_interval, no_clue, not_in_the_curve


@pytest.mark.parametrize(
    ("low", "high", "stops", "word"),
    [
        (-0.05, 0.04, 5, SUPPORTED),
        (0.2, 0.4, 5, AGAINST),
        (0.05, 0.3, 5, UNTOLD),
        (-0.05, 0.04, 2, UNTOLD),
        (float("nan"), float("nan"), 1, UNTOLD),
    ],
)
def test_a_rise_before_the_stop_is_a_clue(low, high, stops, word):
    assert no_clue(low, high, stops).word == word


@pytest.mark.parametrize(
    ("abrupt", "word"),
    [
        ({"a": 0.99, "b": 0.96}, SUPPORTED),
        ({"a": 0.01, "b": 0.03}, AGAINST),
        ({"a": 0.99, "b": 0.5}, UNTOLD),
        ({}, UNTOLD),
    ],
)
def test_every_stop_must_be_abrupt(abrupt, word):
    assert abruptness(abrupt).word == word


@pytest.mark.parametrize(
    ("near", "word"),
    [
        ({"sceptic": 0.6, "neutral": 0.4, "extrapolator": 0.1}, SUPPORTED),
        ({"sceptic": 0.99, "neutral": 0.97, "extrapolator": 0.96}, AGAINST),
        ({"sceptic": 0.04, "neutral": 0.03, "extrapolator": 0.01}, AGAINST),
        ({"sceptic": 0.5, "neutral": 0.45, "extrapolator": 0.4}, UNTOLD),
        ({"neutral": 0.3}, UNTOLD),
        ({}, UNTOLD),
    ],
)
def test_camps_that_differ_read_the_prior(near, word):
    assert not_in_the_curve(near).word == word


def test_a_camp_that_cannot_be_asked_is_named():
    assert not_in_the_curve({"sceptic": 0.5}).because.endswith(
        "sceptic 50 %; neutral: not to be asked; extrapolator: not to be asked".replace(
            " %", "\u00a0%"
        )
    )


def test_the_interval_of_a_mean_is_that_of_students_t():
    values = np.array([0.1, 0.2, 0.3])

    low, high = mean_interval(values)

    # 2.92 is the 95 % quantile of t with two degrees of freedom.
    assert (low, high) == pytest.approx(
        (0.2 - 2.92 * 0.1 / 3**0.5, 0.2 + 2.92 * 0.1 / 3**0.5), abs=1e-3
    )
    assert np.isnan(mean_interval(values[:1])).all()
