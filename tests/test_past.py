import pandas as pd
import pytest

from forecasts import past
from forecasts.past import calls, committed, eve_rises, false_alarms, stops

COLUMNS = ["series", "as_of", "model", "p_already", "p_future", "q05", "q50", "q95", "converged"]


def table(name, cells, dates=("2004-01-01", "2005-01-01", "2006-01-01")):
    """One series: {year: (P(already), P(future))} at the start of each year, and a decoy model."""
    rows = [
        [name, f"{year}-01-01", "averaged", p, future, *dates, True]
        for year, (p, future) in cells.items()
    ]
    decoy = [[name, "2010-01-01", "logistic", 1.0, 0.0, *dates, True]]
    return pd.DataFrame(rows + decoy, columns=COLUMNS)


STOP = table(
    "stop",
    {1998: (0.1, 0.5), 1999: (0.6, 0.3), 2000: (0.1, 0.5), 2002: (0.1, 0.6),
     2006: (0.4, 0.4), 2007: (0.7, 0.2), 2008: (0.95, 0.0), 2009: (0.99, 0.0)},
)  # fmt: skip
WENT_ON = table("went_on", {2000: (0.05, 0.4), 2001: (0.55, 0.2), 2002: (0.04, 0.4)})
OPEN = table("open", {2000: (0.05, 0.4), 2001: (0.7, 0.2)})
ALL = pd.concat([STOP, WENT_ON, OPEN])


def test_what_stopped_is_decided_at_the_last_date():
    found = stops(ALL).set_index("series")

    assert found["state"].to_dict() == {"open": "open", "stop": "stopped", "went_on": "went on"}
    assert found.loc["stop", "stop"] == pytest.approx(2005.0)
    assert found.loc[["open", "went_on"], "stop"].isna().all()


def test_a_stop_is_called_when_it_stays_called():
    found = calls(ALL).set_index(["series", "level"])

    assert found.loc[("stop", 0.5), "called"] == pytest.approx(2007.0)
    assert found.loc[("stop", 0.9), "years_after"] == pytest.approx(3.0)
    assert "open" not in found.index.get_level_values(0)


def test_false_alarms_are_counted_before_the_stop_and_where_none_came():
    found = calls(ALL).set_index(["series", "level"])

    assert found.loc[("stop", 0.5), ["false_alarms", "dates"]].tolist() == [1, 4]
    assert found.loc[("went_on", 0.5), ["false_alarms", "dates"]].tolist() == [1, 3]
    assert found.loc[("went_on", 0.9), "false_alarms"] == 0
    assert "2 of 7 as-of dates at 0.5" in false_alarms(calls(ALL))


def test_the_eve_is_compared_with_the_dates_before_it():
    (row,) = eve_rises(ALL).to_dict("records")

    assert row["eve"] == pytest.approx(2002.0)
    assert row["on_eve"] == pytest.approx(0.7)
    assert row["earlier"] == pytest.approx(0.6)
    assert row["rise"] == pytest.approx(0.1)


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
