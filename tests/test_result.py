"""Figures of an answer that are made of other figures, against ones worked out by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from forecasts import load
from forecasts.beside import naive_growths
from forecasts.catalog import open_series
from forecasts.fit import fit_quickly
from forecasts.history import naive_rows, trend_rows
from forecasts.models import SHAPES
from forecasts.naive import fit_naive
from forecasts.plateau import Plateau
from forecasts.result import naive_facts, trust_facts

LINE = SimpleNamespace(growth_per_year=1.5, doubling_years=1.7, r2=0.9)


def rows(naive, q05, q50, q95):
    """A forecast of thirty years; every figure is a function of the year."""
    return [
        {
            "date": f"{2000 + h}-01-01",
            "naive": {"q50": naive(h)},
            "averaged": {"q05": q05(h), "q50": q50(h), "q95": q95(h)},
        }
        for h in range(1, 31)
    ]


def parted(forecast):
    return naive_facts(SimpleNamespace(naive=LINE), forecast)


def test_the_line_is_divided_by_the_average_and_leaves_its_interval_once():
    told = parted(rows(lambda h: 2.0**h, lambda h: 1.0, lambda h: 4.0, lambda h: 100.0))

    assert told["factor"] == {"5": 2.0**5 / 4, "10": 2.0**10 / 4, "20": 2.0**20 / 4}
    # 2^6 is 64, 2^7 is 128: the first year above 100.
    assert told["leaves_90"] == "2007-01-01"
    assert [told[key] for key in ("growth_per_year", "doubling_years", "r2")] == [1.5, 1.7, 0.9]


def test_a_line_below_the_interval_has_left_it_as_well():
    told = parted(rows(lambda h: 0.5**h, lambda h: 0.1, lambda h: 1.0, lambda h: 9.0))

    # 1/8 is inside, 1/16 is not.
    assert told["leaves_90"] == "2004-01-01"
    assert told["factor"]["5"] == pytest.approx(1 / 32)


def test_a_line_on_the_edge_is_inside():
    assert parted(rows(lambda h: 9, lambda h: 1, lambda h: 3, lambda h: 9))["leaves_90"] is None


@pytest.mark.parametrize("median", [0.0, None])
def test_what_is_withheld_or_underflowed_has_no_factor(median):
    forecast = rows(lambda h: 1.0, lambda h: median, lambda h: median, lambda h: median)

    told = parted(forecast[:12])

    assert told["factor"] == {"5": None, "10": None, "20": None}


def slowed(dates, **told):
    """Equally likely dates at which growth had halved, as of 2020."""
    n = len(dates)
    flags = dict.fromkeys(("decline", "restart", "trend"), np.zeros(n, bool))
    return Plateau(
        kappa=0.5, date=np.array(dates), weight=np.full(n, 1 / n), first=1990.0, as_of=2020.0,
        horizon=30.0, **flags, **told,
    )  # fmt: skip


def trust(posterior):
    return trust_facts(SimpleNamespace(used=["piecewise"], plateaus=(None, posterior)))


@pytest.mark.parametrize(
    ("dates", "half", "nine"),
    [
        # The second of ten ends by 2022, the fifth by 2025.
        (2021.0 + np.arange(10), 5.0, 1.0),
        # Half have ended before as_of: not a day more with even odds.
        ([2010.0] * 5 + [2030.0] * 5, 0.0, 0.0),
        # One in ten ends at all.
        ([2023.0] + [np.inf] * 9, None, 3.0),
        ([np.inf] * 10, None, None),
    ],
)
def test_how_long_the_trend_holds(dates, half, nine):
    assert trust(slowed(dates)) == {"holds_p50_years": half, "holds_p90_years": nine}


def test_a_refused_claim_does_not_say_how_long_the_trend_holds():
    assert set(trust(slowed([2025.0] * 10, refused="too few")).values()) == {None}


def test_growth_beside_is_that_of_a_straight_line_with_its_90_percent_interval():
    series = open_series("fl_dram")
    line = stats.linregress(series.time, np.log(series.value))
    half = stats.t.ppf(0.95, series.n - 2) * line.stderr

    (own, *_) = naive_growths(series)

    assert (own["id"], own["n"]) == ("fl_dram", series.n)
    assert own["last"] == series.date[-1].isoformat()
    assert own["growth_per_year"] == pytest.approx(np.exp(line.slope))
    assert (own["low"], own["high"]) == pytest.approx(np.exp(line.slope + np.array([-half, half])))


def test_relatives_are_whole_today_and_left_out_before_they_began():
    now = load("llm_compute")
    began = {name: load(name).date[1].year for name in now.card.related}

    rows = naive_growths(now)
    earlier = [row["id"] for row in naive_growths(now.known_at("2012-12-31"))]

    assert [row["id"] for row in rows] == ["llm_compute", *now.card.related]
    assert [row["n"] for row in rows] == [load(row["id"]).n for row in rows]
    assert earlier == ["llm_compute", *(name for name, year in began.items() if year <= 2012)]
    assert len(earlier) == 4


def test_a_trend_ends_at_the_last_value_of_an_index():
    series = load("fl_dram").known_at("1995")
    one = fit_quickly(series, SHAPES["piecewise"], seed=1, fallback=False)

    drawn = trend_rows(one, "piecewise")

    ends = drawn[-1]
    assert ends["year"] == pytest.approx(series.as_of_year)
    assert drawn[0]["year"] == pytest.approx(series.time[0])
    near = min(drawn, key=lambda row: abs(row["year"] - series.time[-1]))
    assert near["q50"] == pytest.approx(series.value[-1], rel=0.05)
    assert all(row["q05"] <= row["q25"] <= row["q50"] <= row["q75"] <= row["q95"] for row in drawn)


def test_the_trend_of_a_record_never_falls():
    series = load("airspeed").known_at("1950")
    one = fit_quickly(series, SHAPES["bend"], seed=1, fallback=False)

    middle = [row["q50"] for row in trend_rows(one, "bend")]

    assert (np.diff(middle) >= 0).all()


def test_the_line_over_the_past_is_the_line():
    series = open_series("fl_dram")
    naive = fit_naive(series.time, series.y, sign=series.sign)

    first, *_, last = naive_rows(naive, series)

    line = stats.linregress(series.time, np.log(series.value))
    for row, year in ((first, series.time[0]), (last, series.as_of_year)):
        assert row["year"] == pytest.approx(year)
        assert row["q50"] == pytest.approx(np.exp(line.intercept + line.slope * year), rel=1e-6)
        assert row["q05"] < row["q50"] < row["q95"]
