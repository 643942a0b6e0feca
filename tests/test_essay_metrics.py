import numpy as np
import pytest
from scipy.stats import binom

from forecasts.essay.metrics import (
    COMPUTE,
    EXACT,
    MARK,
    PASS,
    SMOOTH,
    STEPS,
    TASKS,
    ability,
    gpqa_best,
    jump_or_slope,
    sharper_by,
    sharpness,
    three_metrics,
)
from forecasts.essay.rule import AGAINST, SUPPORTED, UNTOLD


def test_all_metrics_see_the_same_ability():
    found = three_metrics(seed=2)
    score = {metric: part["score"].to_numpy() for metric, part in found.groupby("metric")}
    p = ability(COMPUTE)

    # Four standard errors of a share of the tasks, and of the steps.
    assert score[SMOOTH] == pytest.approx(p, abs=4 * 0.5 / np.sqrt(TASKS * STEPS))
    assert score[MARK] == pytest.approx(
        binom.sf(PASS * STEPS - 1, STEPS, p), abs=4 * 0.5 / np.sqrt(TASKS)
    )
    assert score[EXACT] == pytest.approx(p**STEPS, abs=4 * 0.5 / np.sqrt(TASKS))


def test_with_one_step_the_metrics_are_the_same():
    assert sharper_by(steps=1, repeats=20) == pytest.approx((1.0, 1.0), abs=0.01)


def test_more_steps_are_sharper():
    assert sharper_by(steps=100, repeats=20)[0] > sharper_by(steps=5, repeats=20)[1]


def test_sharpness_is_one_for_a_line_and_ten_for_a_jump():
    assert sharpness(np.linspace(0, 1, 41)) == pytest.approx(1.0)
    assert sharpness(np.repeat([0.0, 1.0], 20)) == pytest.approx(10.0, abs=0.3)


@pytest.mark.parametrize(
    ("low", "high", "word"), [(2.5, 3.0, SUPPORTED), (1.0, 1.9, AGAINST), (1.5, 2.5, UNTOLD)]
)
def test_the_interval_decides(low, high, word):
    assert jump_or_slope(low, high).word == word


def test_the_benchmark_is_a_share_that_never_falls():
    series = gpqa_best()

    assert series.card.kind == "share"
    assert (series.card.floor, series.card.maximum) == (0.25, 1.0)
    assert np.all(np.diff(series.value) >= 0)
    assert all(day.month in (3, 6, 9, 12) for day in series.date)
