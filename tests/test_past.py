import datetime

import pandas as pd
import pytest

from forecasts import past
from forecasts.lead_time import watched
from forecasts.past import alarms, calls, committed, eve_rises, outcomes

DAY = datetime.date
COLUMNS = ["series", "as_of", "model", "p_already", "p_future", "q05", "q50", "q95", "converged"]


def table(name, cells, dates=("2004-01-01", "2005-01-01", "2006-01-01")):
    """One series: {year: (P(already), P(future))} at the start of each year, and a decoy model."""
    rows = [
        [name, f"{year}-01-01", "averaged", p, future, *dates, True]
        for year, (p, future) in cells.items()
    ]
    decoy = [[name, "2010-01-01", "logistic", 1.0, 0.0, *dates, True]]
    return pd.DataFrame(rows + decoy, columns=COLUMNS)


NONE = float("nan")
STOP = table(
    "stop",
    {1998: (0.1, 0.5), 1999: (0.6, 0.3), 2000: (0.1, 0.5), 2001: (NONE, NONE), 2002: (0.1, 0.6),
     2004: (0.55, 0.4), 2006: (0.4, 0.4), 2007: (0.7, 0.2), 2008: (0.95, 0.0), 2009: (0.99, 0.0)},
)  # fmt: skip
WENT_ON = table("went_on", {2000: (0.05, 0.4), 2001: (0.55, 0.2), 2002: (0.49, 0.4)})
# Just ended, with one date only before its eve; never called at 0.9.
JUST = table("just", {2002: (0.05, 0.4), 2004: (0.3, 0.2), 2008: (0.5, 0.2)})
THIN = table("thin", {2000: (0.9, 0.1), 2001: (NONE, NONE)})
ALL = pd.concat([STOP, WENT_ON, JUST, THIN])
FOLLOWED = watched(ALL)


def test_a_trend_ended_when_half_says_so_at_the_last_date():
    found = outcomes(FOLLOWED).set_index("series")

    assert found["ended"].to_dict() == {"just": True, "stop": True, "went_on": False}
    assert found["believed"].to_dict() == {
        "just": DAY(2005, 1, 1), "stop": DAY(2005, 1, 1), "went_on": None,
    }  # fmt: skip
    assert found.loc["stop", ["last", "p_last"]].tolist() == [DAY(2009, 1, 1), 0.99]


def test_a_plateau_is_called_at_the_first_date_at_the_level():
    found = calls(FOLLOWED).set_index(["series", "level"])

    assert found.loc[("stop", 0.5), "called"] == DAY(1999, 1, 1)
    assert found.loc[("stop", 0.5), "years_after"] == pytest.approx(-6.0)
    assert found.loc[("stop", 0.9), "called"] == DAY(2008, 1, 1)
    assert found.loc[("stop", 0.9), "years_after"] == pytest.approx(3.0)
    assert found.loc[("just", 0.5), "years_after"] == pytest.approx(3.0)
    assert found.loc[("just", 0.9), ["called", "years_after"]].isna().all()
    assert set(found.index.get_level_values("series")) == {"just", "stop"}


def test_false_alarms_are_counted_before_the_end_and_where_none_came():
    found = alarms(FOLLOWED).set_index(["ended", "level"])

    # Before 2005: five claims of the one, two of the other; the year without a claim is no date.
    assert found.loc[(True, 0.5), ["series", "alarms", "dates"]].tolist() == [2, 2, 7]
    assert found.loc[(True, 0.9), "alarms"] == 0
    assert found.loc[(True, 0.5), "share"] == pytest.approx(0.2)
    assert found.loc[(False, 0.5), ["series", "alarms", "dates"]].tolist() == [1, 1, 3]
    assert found.loc[(False, 0.9), "alarms"] == 0


def test_the_eve_is_compared_with_the_dates_before_it():
    (row,) = eve_rises(ALL).to_dict("records")

    assert (row["series"], row["eve"]) == ("stop", DAY(2002, 1, 1))
    assert row["on_eve"] == pytest.approx(0.7)
    assert row["earlier"] == pytest.approx(0.6)
    assert row["rise"] == pytest.approx(0.1)


def test_the_order_of_the_rows_does_not_matter():
    assert eve_rises(ALL.iloc[::-1]).equals(eve_rises(ALL))


def test_without_a_trend_that_ended_the_tables_are_empty():
    assert list(calls(watched(WENT_ON))) == list(calls(FOLLOWED))
    assert not len(calls(watched(WENT_ON)))
    assert list(outcomes(watched(THIN))) == list(outcomes(FOLLOWED))
    assert list(eve_rises(WENT_ON)) == list(eve_rises(ALL))


def test_what_is_committed_is_read():
    found = committed("time_machine")

    assert {"airspeed", "cpu_clock"} <= set(found.series)
    assert set(found.plateaus["series"]) == set(found.series)


def test_without_committed_results_a_sample_is_made(tmp_path, monkeypatch):
    asked = {}
    monkeypatch.setattr(past, "data_directory", lambda: tmp_path / "data")
    monkeypatch.setattr(
        past, "backtest", lambda series, **how: asked.update(how, ids=[s.card.id for s in series])
    )

    committed(sample=("fl_dram",), every=9)

    assert asked == {"ids": ["fl_dram"], "every": 9, "seed": 1}
