"""The headline series say what is known of them, before and after the fact, for one seed.

``tools/headline.py`` holds the same for seeds 1 to 5 at more dates; its table is committed.
"""

import pytest

from forecasts import fit_naive, load

pytestmark = pytest.mark.statistical


def plateau(answer):
    return answer.to_dict()["plateau"]


def on(answer, date):
    """The forecast for a day."""
    return next(row for row in answer.to_dict()["forecast"] if row["date"] == date)


def check_gate(answer):
    """Every fit converged, the ones without stops included."""
    fits = {**answer.fits, **{f"{n} without stop": f for n, f in answer.without_stop.items()}}
    assert not {n: f.diagnostics for n, f in fits.items() if not f.converged}


# CPU clock: the plateau of 2005 is found, dated, and was not announced before it came.


def test_cpu_clock_has_plateaued(answers):
    answer = answers("cpu_clock")

    check_gate(answer)
    assert plateau(answer)["p_already"] >= 0.98
    print("without the stop component:", plateau(answer)["without_stop"]["p_already"])


def test_cpu_clock_plateau_is_dated(answers):
    result = answers("cpu_clock").to_dict()

    piecewise = result["models"]["piecewise"]["plateau"]["quantiles"]
    assert "2003-01-01" <= piecewise["0.05"] <= piecewise["0.95"] <= "2008-12-31"
    assert "2004-01-01" <= result["plateau"]["quantiles"]["0.5"] <= "2009-12-31"
    # A logistic ends gradually, so its date lies years later; the weights speak against it.
    assert result["models"]["logistic"]["plateau"]["quantiles"]["0.5"] > piecewise["0.95"]
    assert result["models"]["logistic"]["weight"] < 0.01


def test_cpu_clock_as_of_2003_has_not_plateaued(answers):
    answer = answers("cpu_clock", "2003-01-01")

    check_gate(answer)
    assert plateau(answer)["p_already"] <= 0.10


def test_item_of_2015_is_inside_the_averaged_interval_and_outside_the_naive_one(answers):
    for date in ("2015-01-01", "2016-01-01"):
        ahead = on(answers("cpu_clock", "2003-01-01"), date)
        assert ahead["averaged"]["q05"] <= 2700 <= ahead["averaged"]["q95"], ahead
        assert ahead["naive"]["q05"] > 2700, ahead


def test_hazard_decides_the_lower_end_of_an_item_of_2015(answers):
    hazards = answers("cpu_clock", "2003-01-01").to_dict()["sensitivity"]["hazards"]
    lower = {
        row["hazard"]: next(f for f in row["forecast"] if f["date"] == "2015-01-01")["q05"]
        for row in hazards
    }
    print("lower end by hazard:", lower)
    assert {0.005, 0.01, 0.02, 0.04} <= set(lower)
    assert lower[0.005] > 2700 > lower[0.04]
    assert sorted(lower.values(), reverse=True) == list(lower.values())


def test_cpu_clock_as_of_1990_has_not_plateaued(answers):
    answer = answers("cpu_clock", "1990")

    check_gate(answer)
    assert plateau(answer)["p_already"] <= 0.15


# Airspeed: the record of 1976 still stands.


def test_airspeed_has_plateaued_because_silence_is_data(answers):
    answer = answers("airspeed")
    until_last_row = answers("airspeed", observed_through=load("airspeed").date[-1])

    check_gate(answer)
    check_gate(until_last_row)
    assert plateau(answer)["p_already"] >= 0.95
    assert plateau(answer)["quantiles"]["0.5"] < "1985-01-01"
    assert plateau(until_last_row)["p_already"] <= plateau(answer)["p_already"] - 0.2


@pytest.mark.parametrize("year", ["1945", "1950"])
def test_wars_are_not_silence(answers, year):
    answer, without_gaps = answers("airspeed", year), answers("airspeed", year, gaps=())

    check_gate(answer)
    check_gate(without_gaps)
    assert plateau(answer)["p_already"] <= 0.5 < plateau(without_gaps)["p_already"]


# LLM compute: the naive growth per year that an independent regression of the same figures gives.


@pytest.mark.parametrize(
    ("name", "published"), [("llm_compute_to_2026", 5.7), ("ai_compute_notable_to_2026", 4.35)]
)
def test_naive_growth_of_compute(name, published):
    series = load(name)

    ours = fit_naive(series.time, series.y, sign=series.sign).growth_per_year

    assert ours == pytest.approx(published, abs=0.05)
