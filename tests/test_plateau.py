import dataclasses
import datetime

import numpy as np
import pytest
from paths import CELL, FIRST, LONG, SPAN, YEARS, plateaus, series_of, since_first
from scipy.special import expit

from forecasts.errors import InputError
from forecasts.models import Draws, Exponential, Piecewise
from forecasts.models.shape import FAR
from forecasts.plateau import Plateau, find_plateaus, pooled, refusal, weighted_quantiles
from forecasts.series import Card, Series

PIECEWISE = Piecewise()


def bent(growth, middle, *dates, after=0.0):
    """Plateau of joined lines: growth, then `middle`, then `after`; dates in years."""
    dates = [*dates, FAR, FAR][:2]
    return plateaus(PIECEWISE, [0, growth, middle, after], dates)


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


@pytest.mark.parametrize("date", np.linspace(20, 20 + CELL, 7))
@pytest.mark.parametrize("ahead", [0, 12])
def test_a_decline_is_one_wherever_in_a_cell_it_begins(date, ahead):
    plateau, _ = bent(0.5, -0.2, date + ahead)

    assert plateau.decline[0]


def test_restart_undoes_nothing_and_is_told():
    plateau, _ = bent(0.5, 0.0, 20, 35, after=0.4)

    assert since_first(plateau) == pytest.approx(20, abs=2 * CELL)
    assert plateau.p_already == 1
    assert plateau.restart[0]


def test_pause_that_ended_is_no_plateau():
    plateau, _ = bent(0.5, 0.0, 10, 20, after=0.5)

    assert plateau.p_none == 1
    assert not plateau.restart[0]


def test_a_stop_after_a_fall_is_no_plateau():
    # Growth of a stop is zero but for rounding, of either sign; this one's is positive.
    plateau, _ = bent(-0.036, 0.0, 12.748)

    assert not plateau.trend[0]
    assert plateau.p_none == 1


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


def test_exponential_never_ends():
    assert plateaus(Exponential(), [0, 0.3], [])[0].p_none == 1


@pytest.mark.parametrize("shape", [PIECEWISE, Exponential()])
def test_falling_path_has_nothing_to_plateau(shape):
    dates = [] if shape.name == "exponential" else [FAR, FAR]
    parameters = [0, -0.3, 0, 0][: 2 + len(dates)]

    plateau, _ = plateaus(shape, parameters, dates)

    assert plateau.p_none == 1
    assert "no trend that could plateau" in plateau.refused


def share_of(last, direction="rising"):
    """A share that ends at `last` per cent, whole per cent, over the span."""
    card = Card(
        id="homes", title="Homes", unit="%", direction=direction, kind="share", maximum=100.0,
        observed_through=datetime.date(FIRST + YEARS, 1, 1),
    )  # fmt: skip
    days = (datetime.date(FIRST, 1, 1), datetime.date(FIRST + YEARS, 1, 1))
    return Series(card=card, date=days, value=[2.0, last])


def share_plateaus(growth, series):
    """Plateau of constant growth of the odds."""
    draws = Draws(np.array([[7.0, growth]]), np.empty((1, 0)))
    return find_plateaus(Exponential(), draws, series, SPAN, np.ones(1))


@pytest.mark.parametrize(("last", "already", "ahead"), [(99.0, 1, 0), (60.0, 0, 1), (5.0, 0, 0)])
def test_share_plateaus_as_it_nears_its_maximum(last, already, ahead):
    growth = 0.2

    plateau, _ = share_plateaus(growth, share_of(last))

    assert (plateau.p_already, plateau.p_future) == (already, ahead)
    if ahead:
        # Log growth is that of the odds times what is left: a tenth of the first, fastest window.
        logit = share_of(last).y[-1] + growth * (np.array([-YEARS, -0.75 * YEARS]) - 0.0)
        fastest = np.diff(np.log(expit(logit)))[0] / (0.25 * YEARS)
        left = 0.1 * fastest / growth
        ends = YEARS + (np.log((1 - left) / left) - share_of(last).y[-1]) / growth
        assert since_first(plateau) == pytest.approx(ends, abs=0.11)


def test_falling_share_has_no_end_below():
    plateau, _ = share_plateaus(0.2, share_of(1.0, direction="falling"))

    assert plateau.p_none == 1


def test_plateau_of_a_share_does_not_depend_on_the_models_level():
    growth, series = 0.2, share_of(60.0)
    paths = Draws(np.array([[0.0, growth], [50.0, growth]]), np.empty((2, 0)))

    plateau, _ = find_plateaus(Exponential(), paths, series, SPAN, np.full(2, 0.5))

    assert plateau.date[0] == plateau.date[1] < np.inf


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


@pytest.mark.parametrize("probability", [2, -0.1, float("nan")])
def test_quantile_of_no_probability_is_refused(probability):
    with pytest.raises(InputError, match="A probability lies between 0 and 1"):
        a_plateau([2000.0, 2001.0]).quantile(probability)


def test_chance_of_growth_is_never_rounded_up_to_what_it_needs():
    assert "growth at all is 0.94, below 0.95" in refusal(LONG, 0.9499)


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


@pytest.mark.parametrize("direction", ["rising", "falling"])
def test_a_clear_move_the_other_way_asks_for_the_direction(direction):
    series = dataclasses.replace(LONG, card=dataclasses.replace(LONG.card, direction=direction))

    assert f"0.01, below 0.95: the values are not {direction} (is" in refusal(series, 0.01)
    assert "wandering" in refusal(series, 0.06)


def test_a_reason_to_refuse_withholds_the_pool_whatever_its_parts_claim():
    mix = pooled([a_plateau([2000.0]), a_plateau([2001.0])], [0.5, 0.5], refused="no trend")

    assert mix.to_dict()["refused"] == "no trend"
    assert mix.to_dict()["p_already"] is None
