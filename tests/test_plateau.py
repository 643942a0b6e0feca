import dataclasses
import datetime

import numpy as np
import pytest
from scipy.special import expit

from forecasts.arrays import numpy_namespace
from forecasts.models import Bend, Draws, Exponential, Gompertz, Logistic, Piecewise, Span
from forecasts.models.shape import FAR
from forecasts.plateau import Plateau, find_plateaus, pooled, refusal, weighted_quantiles
from forecasts.series import Card, Series

FIRST, YEARS, HORIZON = 1990, 30, 20
SPAN = Span(float(YEARS), float(HORIZON))
#: The observed span is read in 400 cells.
CELL = YEARS / 400
PIECEWISE, LOGISTIC, BEND, GOMPERTZ = Piecewise(), Logistic(), Bend(), Gompertz()


def series_of(values):
    card = Card(
        id="paths", title="Paths", unit="units", direction="rising", kind="item",
        observed_through=datetime.date(FIRST + YEARS, 1, 1),
    )  # fmt: skip
    days = [datetime.date(FIRST + i, 1, 1) for i in range(len(values))]
    return Series(card=card, date=tuple(days), value=np.exp(values))


LONG = series_of(np.arange(20.0))


def plateaus(shape, parameters, dates):
    draws = Draws(np.array([parameters], float), np.array([dates], float))
    return find_plateaus(shape, draws, LONG, SPAN, np.ones(1))


def bent(growth, middle, *dates, after=0.0):
    """Plateau of joined lines: growth, then `middle`, then `after`; dates in years."""
    dates = [*dates, FAR, FAR][:2]
    return plateaus(PIECEWISE, [0, 0, growth, middle, after], dates)


def since_first(plateau):
    return plateau.date[0] - FIRST


def test_stop_is_a_plateau_from_its_date():
    plateau, slowed = bent(0.5, 0.0, 20)

    assert since_first(plateau) == pytest.approx(20, abs=2 * CELL)
    assert since_first(slowed) == pytest.approx(20, abs=2 * CELL)
    assert (plateau.p_already, plateau.p_future, plateau.p_none) == (1, 0, 0)


@pytest.mark.parametrize(("share", "stops", "slows"), [(0.09, 1, 1), (0.11, 0, 1), (0.55, 0, 0)])
def test_thresholds_are_a_tenth_and_a_half_of_the_reference(share, stops, slows):
    plateau, slowed = bent(0.5, 0.5 * share, 20)

    assert (plateau.p_already, slowed.p_already) == (stops, slows)


@pytest.mark.parametrize(("after", "decline"), [(-0.2, True), (-0.04, False), (0.04, False)])
def test_fall_after_a_peak_is_a_plateau_called_decline(after, decline):
    plateau, _ = bent(0.5, after, 20)

    assert plateau.p_already == 1
    assert plateau.decline[0] == decline


def test_restart_undoes_nothing_and_is_told():
    plateau, _ = bent(0.5, 0.0, 20, 35, after=0.4)

    assert since_first(plateau) == pytest.approx(20, abs=2 * CELL)
    assert plateau.p_already == 1
    assert plateau.restart[0]


def test_pause_that_ended_is_no_plateau():
    plateau, _ = bent(0.5, 0.0, 10, 20, after=0.5)

    assert plateau.p_none == 1
    assert not plateau.restart[0]


def test_acceleration_is_no_plateau():
    assert bent(0.1, 0.9, 20)[0].p_none == 1


def test_reference_is_an_average_over_a_quarter_of_the_span():
    # Two years of 0.5 are no trend of thirty years: over 7.5 years growth averaged 0.163, and the
    # 0.04 afterwards is above a tenth of that, though below a tenth of 0.5.
    assert bent(0.5, 0.04, 2)[0].p_none == 1
    assert bent(0.5, 0.04, 8)[0].p_already == 1


@pytest.mark.parametrize(("date", "future", "none"), [(35, 1, 0), (49, 1, 0), (51, 0, 1)])
def test_stop_after_as_of_is_future_within_the_horizon(date, future, none):
    plateau, _ = bent(0.5, 0.0, date)

    assert (plateau.p_already, plateau.p_future, plateau.p_none) == (0, future, none)
    if future:
        # The future is read in steps of a tenth of a year.
        assert since_first(plateau) == pytest.approx(date, abs=0.11)


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
    corner = PIECEWISE.curve([0.1, 0, 0.4, 0.05, 0], [20.5, FAR], t, numpy_namespace())

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


@pytest.mark.parametrize("shape", [BEND, LOGISTIC, GOMPERTZ], ids=lambda shape: shape.name)
def test_growth_before_a_later_change_is_that_of_the_path(shape):
    parameters, dates = {
        "bend": ([0, -1, 0.1], [-1, 35]),
        "logistic": ([0, -1, 0], [0, 35]),
        "gompertz": ([0, -1], [15]),
    }[shape.name]
    draws = Draws(np.tile(np.array(parameters, float), (400, 1)), np.tile(dates, (400, 1)))
    # No stops and no spread: a change keeps a quarter of the growth before it.
    certain = dataclasses.replace(shape, hazard=0.2)
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

    ahead = dataclasses.replace(BEND, hazard=0.2).extended(draws, SPAN, np.random.default_rng(4))

    assert ahead.dates[:, 2].min() > 40.0


def test_exponential_never_ends():
    assert plateaus(Exponential(), [0, 0, 0.3], [])[0].p_none == 1


@pytest.mark.parametrize("shape", [PIECEWISE, Exponential()])
def test_falling_path_has_nothing_to_plateau(shape):
    dates = [] if shape.name == "exponential" else [FAR, FAR]
    parameters = [0, 0, -0.3, 0, 0][: 3 + len(dates)]

    plateau, _ = plateaus(shape, parameters, dates)

    assert plateau.p_none == 1
    assert "no trend that could plateau" in plateau.refused


def a_plateau(dates, **changes):
    n = len(dates)
    told = {
        "kappa": 0.1, "date": np.array(dates), "decline": np.zeros(n, bool),
        "restart": np.zeros(n, bool), "trend": np.ones(n, bool), "weight": np.full(n, 1 / n),
        "first": 1990.0, "as_of": 2020.0, "horizon": 20.0, "refused": None,
    } | changes  # fmt: skip
    return Plateau(**told)


def test_three_parts_add_up_to_one():
    plateau = a_plateau([2000.0, 2025.0, np.inf, np.inf])

    assert (plateau.p_already, plateau.p_future, plateau.p_none) == (0.25, 0.25, 0.5)


def test_quantiles_are_censored_never_interpolated():
    plateau = a_plateau([2000.0, 2010.0, np.inf, np.inf])

    assert plateau.quantile(0.5) == 2010
    assert plateau.quantile(0.51) == np.inf
    assert plateau.to_dict()["quantiles"]["0.5"].startswith("2010")
    assert plateau.to_dict()["quantiles"]["0.75"] is None


def test_weighted_quantile_counts_weight_not_rows():
    values, weight = np.array([3.0, 1.0, 2.0]), np.array([0.7, 0.2, 0.1])

    assert list(weighted_quantiles(values, weight, [0.2, 0.3, 0.31])) == [1, 2, 3]


def test_date_of_1_january_belongs_to_its_year():
    by = a_plateau([2001.0]).to_dict()["p_by"]

    assert (by["2000"], by["2001"]) == (0.0, 1.0)


def test_pool_is_the_weighted_mean():
    sure, never = a_plateau([2000.0, 2001.0]), a_plateau([np.inf])

    mix = pooled([sure, never], [0.3, 0.7], refused=None)

    assert (mix.p_already, mix.p_none) == pytest.approx((0.3, 0.7))


def test_refused_claim_withholds_every_number():
    told = a_plateau([2000.0], refused="too few").to_dict()

    assert told["refused"] == "too few"
    assert told["p_already"] is None
    assert set(told["p_by"].values()) == set(told["quantiles"].values()) == {None}


@pytest.mark.parametrize(
    ("rows", "doublings", "refused"),
    [(4, 30, True), (5, 2.9, True), (5, 3.1, False), (9, 2.9, True), (10, 0.5, False)],
)
def test_thin_data_are_refused(rows, doublings, refused):
    series = series_of(np.linspace(0, doublings * np.log(2), rows))

    said = refusal(series, 1.0)

    assert (said is not None) == refused
    if said:
        assert said.startswith(f"{rows} points over {doublings:.1f} doublings")


def test_no_trend_is_refused():
    assert refusal(LONG, 0.96) is None
    assert "0.94, below 0.95" in refusal(LONG, 0.94)


def test_a_reason_to_refuse_withholds_the_pool_whatever_its_parts_claim():
    mix = pooled([a_plateau([2000.0]), a_plateau([2001.0])], [0.5, 0.5], refused="no trend")

    assert mix.to_dict()["refused"] == "no trend"
    assert mix.to_dict()["p_already"] is None
