"""A stored backtest comes back as it was, and tells a page nothing of its future."""

import dataclasses
import datetime
import json

import pandas as pd
import pytest

from forecasts import load, stored_backtest
from forecasts.stored_backtest import read, write

DAY = datetime.date
Q = ("q05", "q25", "q50", "q75", "q95")


def rows_of(name, as_of, target, h, actual, ours, naive):
    base = {"series": name, "as_of": as_of, "target": target, "h": h, "actual": actual, "crps": 0.1}
    made = {"averaged": ours, "ols": naive, "piecewise": (9, 9, 9, 9, 9)}
    return [base | {"model": m} | dict(zip(Q, q, strict=True)) for m, q in made.items()]


FORECASTS = pd.DataFrame(
    [
        *rows_of("cpu_clock", "2000-01-01", "2001-01-01", 1, 3.0, (1, 2, 3, 4, 5), (4, 5, 6, 7, 8)),
        *rows_of("cpu_clock", "2000-01-01", "2005-01-01", 5, 6.0, (1, 2, 3, 4, 5), (4, 5, 6, 7, 8)),
        *rows_of("cpu_clock", "2004-01-01", "2005-01-01", 1, 5.0, (1, 2, 3, 4, 5), (4, 5, 6, 7, 8)),
    ]
)
PLATEAUS = pd.DataFrame(
    [
        {"series": "cpu_clock", "as_of": "2000-01-01", "model": "averaged", "p_already": 0.123456},
        {"series": "cpu_clock", "as_of": "2000-01-01", "model": "piecewise", "p_already": 0.9},
        {"series": "cpu_clock", "as_of": "2002-01-01", "model": "averaged", "p_already": None},
        {"series": "cpu_clock", "as_of": "2004-01-01", "model": "averaged", "p_already": 0.6},
    ]
)


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, FORECASTS, PLATEAUS, [load("cpu_clock")], seed=1)
    return tmp_path


@pytest.fixture
def stored(folder):
    return read("cpu_clock", folder)


def test_average_and_naive_line_come_back_side_by_side(stored):
    assert [(one.as_of, one.target, one.h) for one in stored.forecasts] == [
        (DAY(2000, 1, 1), DAY(2001, 1, 1), 1),
        (DAY(2000, 1, 1), DAY(2005, 1, 1), 5),
        (DAY(2004, 1, 1), DAY(2005, 1, 1), 1),
    ]
    first = stored.forecasts[0]
    assert (first.ours, first.naive, first.actual) == ((1, 3, 5), (4, 6, 8), 3)
    assert stored.already == ((DAY(2000, 1, 1), 0.1235), (DAY(2004, 1, 1), 0.6))


def test_inside_counts_the_ends(stored):
    assert [one.inside(one.ours) for one in stored.forecasts] == [True, False, True]
    assert [one.inside(one.naive) for one in stored.forecasts] == [False, True, True]


@pytest.mark.parametrize("kind", ["index", "record", "share", "item"])
@pytest.mark.parametrize("year", range(1999, 2008))
def test_nothing_after_the_day_is_shown(stored, kind, year):
    for as_of in (DAY(year, 1, 1), DAY(year, 12, 31)):
        known = stored.known(as_of, kind=kind)

        assert all(one.as_of <= as_of and one.target <= as_of for one in known.forecasts)
        assert all(day <= as_of for day, _ in known.already)


def test_what_came_of_items_is_known_when_its_window_has_closed(stored):
    assert len(stored.known(DAY(2005, 1, 1), kind="index").forecasts) == 3
    assert len(stored.known(DAY(2005, 1, 1), kind="item").forecasts) == 1
    assert len(stored.known(DAY(2005, 7, 3), kind="item").forecasts) == 3


def test_it_knows_rows_and_models_that_changed_since(stored, monkeypatch):
    series = load("cpu_clock")
    assert stored.older_than(series) == ""
    assert stored.older_than(series.known_at("2010")) == "rows"

    monkeypatch.setattr(stored_backtest, "numbers_digest", lambda card: "another")
    assert stored.older_than(series) == "models"


def test_it_says_what_it_was_made_from(folder):
    made = json.loads((folder / "cpu_clock.json").read_text())["made"]

    assert made["seed"] == 1
    assert set(made["versions"]) >= {"pymc", "numpy"}
    assert len(made["digest"]) == len(made["data_sha256"]) == 64


@pytest.mark.parametrize("name", ["nothing", "../cpu_clock", "a/b", ""])
def test_a_series_without_a_file_has_none(folder, name):
    assert read(name, folder) is None


def test_no_name_leads_out_of_the_folder(folder):
    (folder / "below").mkdir(exist_ok=True)

    assert read("cpu_clock", folder) is not None
    assert read("../cpu_clock", folder / "below") is None


def test_a_series_without_forecasts_is_still_written(tmp_path):
    other = dataclasses.replace(load("airspeed"))

    write(tmp_path, FORECASTS, PLATEAUS, [other], seed=1)

    assert read("airspeed", tmp_path).forecasts == ()
