import datetime

import pandas as pd
import pytest

from forecasts import Backtest, fit_naive, load
from forecasts.chart_notes import curves, ranges, rows
from forecasts.chart_past import NEVER, PICK, PICKED, time_machine
from forecasts.charts import to_svg
from forecasts.errors import InputError

CLAIMS = pd.DataFrame(
    {
        "series": "fl_dram",
        "as_of": ["1980-07-01", "1990-07-01"],
        "model": "averaged",
        "p_already": [0.1, float("nan")],
    }
)
FORECASTS = pd.DataFrame(
    {
        "series": "fl_dram",
        "as_of": ["1980-07-01", "1980-07-01", "1990-07-01"],
        "target": ["1985-07-01", "1985-07-01", "1995-07-01"],
        "model": ["ols", "averaged", "rwd"],
        "q05": 0.1,
        "q50": 0.2,
        "q95": 0.3,
    }
)


def test_curves_name_their_axes_and_mark_levels():
    table = pd.DataFrame({"t": [1, 2] * 2, "p": [0.1, 0.2, 0.3, 0.4], "who": ["a", "a", "b", "b"]})
    # A column that is not drawn, of a type that JSON does not know, must not matter.
    table["day"] = datetime.date(2026, 1, 1)

    svg = to_svg(curves(table, "t", "p", "who", titles=("year", "probability"), levels=(0.5,)))

    assert "probability" in svg
    assert svg.count("stroke-dasharray") >= 2


def test_many_curves_go_round_the_looks():
    table = pd.DataFrame(
        {"t": [1, 2] * 8, "p": [0.1] * 16, "who": [f"c{i // 2}" for i in range(16)]}
    )

    assert "c7" in to_svg(curves(table, "t", "p", "who"))


def test_ranges_show_what_they_are_compared_with():
    table = pd.DataFrame({"name": ["a", "b"], "low": [1, 2], "median": [2, 3], "high": [9, 8]})

    assert "fifteen" in to_svg(ranges(table, "name", title="tokens", mark=15.0, marked="fifteen"))


@pytest.mark.parametrize("name", ["cpu_clock", "adopt_microwave"])
def test_rows_are_drawn_with_a_line(name):
    series = load(name)
    line = fit_naive(series.time, series.y, sign=series.sign, to_value=series.from_y)

    assert "path" in to_svg(rows(series, line, until=2030.0))


def test_the_slider_chooses_among_all_as_of_dates():
    chart = time_machine(Backtest(FORECASTS, CLAIMS, {}), load("fl_dram")).to_dict()

    (pick,) = [param for param in chart["params"] if param["name"] == PICK]
    assert pick["bind"] == {
        "input": "range", "min": 1980.5, "max": 1990.5, "step": 0.1, "name": "as of, year (drag) ",
    }  # fmt: skip
    assert str(chart).count(PICKED) >= 3
    text = str(chart)
    assert "no claim is made" in text
    assert "rwd" not in text


def test_every_year_of_the_slider_picks_one_date_and_knows_no_later_row():
    chart = time_machine(Backtest(FORECASTS, CLAIMS, {}), load("fl_dram")).to_dict()
    layers = chart["vconcat"][0]["layer"]
    rows, *picked = (_values(chart, layer["data"]) for layer in layers)
    first, second = sorted({(row["start"], row["end"]) for part in picked for row in part})

    assert first == (pytest.approx(1980.5, abs=0.01), second[0])
    assert second == (pytest.approx(1990.5, abs=0.01), NEVER)
    known = {row["t"]: row["known"] for row in rows}
    assert all(known[t] >= t for t in known)
    assert {first[0], second[0]} <= set(known.values()) <= {first[0], second[0], NEVER}


def test_a_series_that_was_not_backtested_has_no_time_machine():
    with pytest.raises(InputError, match="must hold the series, got 'airspeed'"):
        time_machine(Backtest(FORECASTS, CLAIMS, {}), load("airspeed"))


def _values(chart, data):
    """Rows of a layer, wherever they stand."""
    return data["values"] if "values" in data else chart["datasets"][data["name"]]


def test_the_time_machine_can_be_drawn():
    assert "P(already)" in to_svg(time_machine(Backtest(FORECASTS, CLAIMS, {}), load("fl_dram")))
