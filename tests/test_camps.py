"""Other beliefs from the same draws: exact where draws are left, silent where they are not."""

from dataclasses import replace

import pytest
from quick import quick_answer

from forecasts import load
from forecasts.camps import (
    CAMPS,
    LEAST_DRAWS,
    answer_under,
    camp_answers,
    camp_table,
    learned_population,
    reweighted,
)
from forecasts.fit import FUTURES, fit_quickly
from forecasts.models import SHAPES
from forecasts.population import WEAK
from forecasts.sensitivity import forecast_dates

#: Four Monte-Carlo errors of a probability from a thousand effective draws.
PROBABILITY = 0.06


@pytest.fixture(scope="module")
def then():
    return quick_answer(load("cpu_clock").known_at("2003-01-01"))


@pytest.fixture(scope="module")
def table(then):
    return camp_table(camp_answers(then), forecast_dates(then))


@pytest.mark.parametrize("name", ["piecewise", "logistic", "bend", "gompertz"])
def test_a_camp_by_weights_is_a_fit_with_its_beliefs(then, name):
    learned = learned_population(then)
    sceptic = replace(learned, hazard=2 * learned.hazard, stop_probability=0.9)

    weighted = reweighted(then.fits[name], sceptic)
    fitted = fit_quickly(then.series, then.fits[name].shape, population=sceptic, fallback=False)

    plateau = fitted.plateaus[0]
    assert weighted.plateau.p_already == pytest.approx(plateau.p_already, abs=PROBABILITY)
    assert weighted.plateau.p_future == pytest.approx(plateau.p_future, abs=PROBABILITY)
    # Both evidences have errors of a few hundredths, and the cells of dates have a width.
    assert weighted.log_evidence == pytest.approx(fitted.log_evidence, abs=0.2)


def test_the_belief_that_was_fitted_changes_nothing(then):
    answer = answer_under(then, learned_population(then))

    assert answer.plateau.p_already == pytest.approx(then.plateaus[0].p_already, abs=1e-12)
    assert answer.plateau.p_future == pytest.approx(then.plateaus[0].p_future, abs=1e-12)


def test_camps_are_ordered_by_how_much_change_they_expect(then, table):
    learned, age = learned_population(then), then.series.as_of_year - then.series.time[0]

    assert list(table) == [camp.name for camp in CAMPS]
    assert table["sceptic"]["hazard"] == 2 * learned.hazard
    assert table["extrapolator"]["hazard"] == learned.hazard / 4
    assert table["gott"]["hazard"] == pytest.approx(1 / age)
    ended = {name: 1 - camp["p_none_within_horizon"] for name, camp in table.items()}
    assert ended["sceptic"] > ended["gott"] > ended["extrapolator"] > ended["never"]
    assert ended["never"] < 0.01


def test_a_young_series_counts_as_a_year_old():
    gott = next(camp for camp in CAMPS if camp.name == "gott")

    assert gott.believes(WEAK["item"], 0.02).hazard == 1.0
    assert gott.believes(WEAK["item"], 50.0).hazard == 0.02


def test_a_camp_has_shares_dates_and_one_forecast(table):
    for camp in table.values():
        parts = ("p_already", "p_future", "p_none_within_horizon")
        assert sum(camp[key] for key in parts) == pytest.approx(1.0, abs=1e-9)
        assert set(camp["quantiles"]) == {"0.05", "0.25", "0.5", "0.75", "0.95"}
        assert camp["forecast"]["date"] == "2013-01-01"
        assert camp["forecast"]["q05"] <= camp["forecast"]["q50"] <= camp["forecast"]["q95"]
        assert camp["told"]


def test_too_few_draws_withhold_the_figures_and_keep_the_belief():
    # Airspeed had bent before 1945: that nothing ever changes is left with next to no draws.
    answer = quick_answer(load("airspeed").known_at("1945"))

    camps = camp_answers(answer)
    never = camp_table(camps, forecast_dates(answer))["never"]

    assert camps["never"].effective < LEAST_DRAWS < camps["sceptic"].effective
    assert never["hazard"] == 1e-6
    assert never["p_already"] is None
    assert set(never["quantiles"].values()) == {None}
    assert [never["forecast"][q] for q in ("q05", "q50", "q95")] == [None] * 3


def test_cells_that_no_draw_lies_in_count_as_missing_draws():
    # As of 2011 a change is all but certain, and no draw is without one. Where those would get a
    # large part of the weight, the weights of the draws that are there look even.
    one = fit_quickly(load("cpu_clock").known_at("2011"), SHAPES["piecewise"], fallback=False)
    never = replace(one.shape.population, hazard=1e-6)

    found = reweighted(one, never)

    by_weights = 1.0 / ((found.weight.reshape(FUTURES, -1).sum(0)) ** 2).sum()
    assert found.effective < LEAST_DRAWS < by_weights
