"""Shapes that end gradually, and what may follow after `as_of`."""

import dataclasses

import numpy as np
import pytest
from paths import HORIZON, SPAN, YEARS, plateaus, since_first
from scipy.special import expit

from forecasts.arrays import numpy_namespace
from forecasts.models import Bend, Draws, Gompertz, Logistic, Piecewise
from forecasts.models.shape import FAR
from forecasts.population import Population

PIECEWISE, LOGISTIC, BEND, GOMPERTZ = Piecewise(), Logistic(), Bend(), Gompertz()


@pytest.mark.parametrize("inflection", [10.0, 20.0, 27.0, 40.0])
@pytest.mark.parametrize("rate", [0.3, 0.6])
def test_logistic_ends_ln9_over_k_after_its_inflection(inflection, rate):
    ends = inflection + np.log(9) / rate

    plateau, slowed = plateaus(LOGISTIC, [0.0, np.log(rate), 0.0], [0.0, inflection])

    if ends > YEARS + HORIZON:
        assert plateau.p_none == 1
    else:
        assert since_first(plateau) == pytest.approx(ends, abs=0.11)
    # Growth is k (1 - sigmoid): half of k at the inflection, a tenth where the sigmoid is 0.9.
    assert expit(rate * (ends - inflection)) == pytest.approx(0.9)
    assert since_first(slowed) == pytest.approx(inflection, abs=0.11)


def test_logistic_without_an_inflection_in_sight_never_ends():
    assert plateaus(LOGISTIC, [0.0, np.log(0.5), 0.0], [0.0, FAR])[0].p_none == 1


@pytest.mark.parametrize("bend", [12.0, 25.0, 40.0])
@pytest.mark.parametrize("width", [0.1, 1.0])
def test_bend_ends_ln9_widths_after_its_date(bend, width):
    rate = 0.5

    plateau, slowed = plateaus(BEND, [0.0, np.log(rate), 0.0], [np.log(width * rate), bend])

    # A tenth of r*, the mean growth of the first quarter, which the bend has barely touched.
    assert since_first(plateau) == pytest.approx(bend + width * np.log(9), abs=0.11)
    assert since_first(slowed) == pytest.approx(bend, abs=0.11)


def test_bend_of_width_one_over_its_rate_is_a_logistic():
    t = np.linspace(0.0, 60.0, 13)
    parameters, dates = [0.3, np.log(0.4), 0.0], [0.0, 20.0]

    path = BEND.curve(parameters, dates, t, numpy_namespace())

    growth = 0.4 * (1 - expit(0.4 * (t - 20.0)))
    ceiling = 0.3 + np.logaddexp(0.0, 0.4 * 20.0)
    assert path == pytest.approx(ceiling - np.logaddexp(0.0, -0.4 * (t - 20.0)))
    assert np.gradient(path, t)[1:-1] == pytest.approx(growth[1:-1], abs=0.02)


def test_bend_without_width_is_a_corner():
    t = np.linspace(0.0, 60.0, 61)

    bent = BEND.curve([0.1, np.log(0.4), 0.05], [-12.0, 20.5], t, numpy_namespace())
    corner = PIECEWISE.curve([0.1, 0.4, 0.05, 0], [20.5, FAR], t, numpy_namespace())

    assert bent == pytest.approx(corner, abs=1e-4)


@pytest.mark.parametrize("halved", [4.0, 8.0, 12.0])
def test_gompertz_ends_when_growth_is_a_tenth_of_its_first_quarter(halved):
    decay, quarter = np.log(2) / halved, YEARS / 4
    reference = (1 - np.exp(-decay * quarter)) / (decay * quarter)

    plateau, slowed = plateaus(GOMPERTZ, [0.0, np.log(0.5)], [halved])

    for found, share in ((plateau, 0.1), (slowed, 0.5)):
        ends = -np.log(share * reference) / decay
        assert since_first(found) == pytest.approx(ends, abs=0.11)


@pytest.mark.parametrize(
    ("shape", "parameters", "dates"),
    [(BEND, [0, -1, 0], [0, FAR]), (GOMPERTZ, [0, -1], [FAR])],
    ids=["bend", "gompertz"],
)
def test_not_in_sight_is_an_exponential(shape, parameters, dates):
    t = np.linspace(0.0, YEARS + HORIZON, 11)

    path = shape.curve(parameters, dates, t, numpy_namespace())

    assert path == pytest.approx(np.exp(-1) * t, rel=3e-4)
    assert plateaus(shape, parameters, dates)[0].p_none == 1


@pytest.mark.parametrize(
    ("shape", "parameters", "dates"),
    [
        (BEND, [0, -1, 0.1], [-1, 20]),
        (LOGISTIC, [0, -1, 0], [0, 20]),
        (GOMPERTZ, [0, -1], [15]),
    ],
    ids=["bend", "logistic", "gompertz"],
)
def test_later_changes_turn_the_path_into_straight_lines(shape, parameters, dates):
    t = np.array([10.0, 40.0, 42.0, 44.0, 48.0])

    plain = shape.curve(parameters, dates, t, numpy_namespace())
    changed = shape.curve([*parameters, 0.5, -0.2], [*dates, 41.0, 43.0], t, numpy_namespace())
    at_change = shape.curve(parameters, dates, np.array([41.0]), numpy_namespace())[0]

    assert changed[:2] == pytest.approx(plain[:2])
    assert changed[2:] - at_change == pytest.approx([0.5, 1.0 - 0.2, 1.0 - 1.0])


@pytest.mark.parametrize(
    "shape", [PIECEWISE, BEND, LOGISTIC, GOMPERTZ], ids=lambda shape: shape.name
)
def test_changes_come_after_as_of_at_the_hazard(shape):
    parameters, dates = {
        "piecewise": ([0, 0.5, 0.5, 0.5], [FAR, FAR]),
        "bend": ([0, -1, 0.1], [-1, 15]),
        "logistic": ([0, -1, 0], [0, 35]),
        "gompertz": ([0, -1], [15]),
    }[shape.name]
    draws = Draws(np.tile(np.array(parameters, float), (4000, 1)), np.tile(dates, (4000, 1)))
    certain = dataclasses.replace(shape, population=Population(hazard=0.02))

    first = certain.extended(draws, SPAN, np.random.default_rng(5)).dates[:, len(dates)]

    assert (first > YEARS).all()
    # Four standard errors of a share of 4,000.
    expected = 1 - np.exp(-0.02 * HORIZON)
    assert np.mean(first < FAR) == pytest.approx(expected, abs=0.032)


@pytest.mark.parametrize("shape", [BEND, LOGISTIC, GOMPERTZ], ids=lambda shape: shape.name)
def test_growth_before_a_later_change_is_that_of_the_path(shape):
    parameters, dates = {
        "bend": ([0, -1, 0.1], [-1, 35]),
        "logistic": ([0, -1, 0], [0, 35]),
        "gompertz": ([0, -1], [15]),
    }[shape.name]
    draws = Draws(np.tile(np.array(parameters, float), (400, 1)), np.tile(dates, (400, 1)))
    # No stops and no spread: a change keeps a quarter of the growth before it.
    certain = dataclasses.replace(shape, population=Population(hazard=0.2))
    ahead = certain.extended(draws, SPAN, np.random.default_rng(3))
    after, change = ahead.parameters[:, len(parameters)], ahead.dates[:, len(dates)]
    came = (change < FAR) & (after != 0)
    assert came.sum() > 50
    both = [change[came] - 1e-3, change[came] + 0.0]
    path = [shape.curve(parameters, dates, t, numpy_namespace()) for t in both]
    growth = (path[1] - path[0]) / 1e-3

    # Student-t with a standard error of 0.5 * exp(-1) * 1.3 / sqrt(50) around a quarter of it.
    assert np.mean(after[came] - 0.25 * growth) == pytest.approx(0.0, abs=4 * 0.034)


def test_changes_follow_the_bend_that_has_yet_to_come():
    draws = Draws(np.tile([0, -1, 0.1], (200, 1)), np.tile([-1.0, 40.0], (200, 1)))

    often = Bend(population=Population(hazard=0.2))
    ahead = often.extended(draws, SPAN, np.random.default_rng(4))

    assert ahead.dates[:, 2].min() > 40.0
