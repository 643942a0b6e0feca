"""A page looks back on what was stored, and on nothing that came after its day."""

import dataclasses
import datetime
import re

import pytest
from synthetic import comparison

from forecasts import chart_look_back, load, report, stored_backtest
from forecasts.looking_back import look_back
from forecasts.stored_backtest import PastForecast, Stored

DAY = datetime.date
#: Two dates a year apart, at one and five years; ours holds but for the last, the line once.
FORECASTS = (
    PastForecast(DAY(2000, 6, 1), DAY(2001, 6, 1), 1, (1, 2, 9), (3, 4, 5), 4),
    PastForecast(DAY(2000, 6, 1), DAY(2005, 6, 1), 5, (1, 2, 9), (30, 40, 50), 5),
    PastForecast(DAY(2001, 6, 1), DAY(2002, 6, 1), 1, (1, 2, 9), (30, 40, 50), 6),
    PastForecast(DAY(2001, 6, 1), DAY(2006, 6, 1), 5, (1, 2, 9), (30, 40, 50), 77),
)
ALREADY = ((DAY(2000, 6, 1), 0.1), (DAY(2001, 6, 1), 0.4), (DAY(2011, 6, 1), 0.95))


@pytest.fixture
def stored(monkeypatch):
    """CPU clock has a stored backtest, made from its rows as they are."""

    def store(**made):
        whole = load("cpu_clock")
        facts = {
            "data_sha256": whole.data_sha256,
            "digest": stored_backtest.numbers_digest(whole.card),
        }
        found = Stored("cpu_clock", facts | made, FORECASTS, ALREADY)
        monkeypatch.setattr(
            "forecasts.looking_back.read", lambda name: found if name == "cpu_clock" else None
        )

    store()
    return store


def test_forecasts_that_held_are_counted(stored):
    found = look_back(load("cpu_clock"))

    assert found.sentence == (
        "Of 4 forecasts made before, 3 fell inside our 90 % interval, 1 inside the naive one."
    )
    assert (found.warning, found.command) == ("", "")


@pytest.mark.parametrize(
    ("as_of", "count"),
    [("2000-12-31", 0), ("2001-11-30", 0), ("2001-12-15", 1), ("2005-12-15", 3), ("2021-12-31", 4)],
)
def test_only_what_had_come_by_the_day_is_counted(stored, as_of, count):
    found = look_back(load("cpu_clock").known_at(as_of))

    # What came of items is the median of half a year on either side of the target date.
    assert found.sentence.startswith(f"Of {count} forecast" if count else "No forecast")
    assert all(one.target <= DAY.fromisoformat(as_of) for one in found.forecasts)
    assert all(day <= DAY.fromisoformat(as_of) for day, _ in found.already)


def test_the_picture_holds_nothing_after_the_day(stored):
    series = load("cpu_clock").known_at("2006-01-01")
    spec = chart_look_back.looking_back(series, look_back(series)).to_dict()

    found = [row for rows in spec["datasets"].values() for row in rows]
    assert found
    assert max(row["t"] for row in found) < 2002
    assert "2011" not in str(found)
    assert "77" not in {str(row.get("actual")) for row in found}


def test_rows_or_models_that_changed_are_said(stored):
    stored(digest="another")
    assert "older than the models" in look_back(load("cpu_clock")).warning

    stored(data_sha256="another")
    assert "older than the rows" in look_back(load("cpu_clock")).warning


def test_a_bundled_series_without_a_stored_backtest_gets_the_command(stored):
    found = look_back(load("airspeed"))

    assert found.command == "forecasts backtest airspeed --every 2 --out backtest"
    assert found.h is None


def test_a_readers_file_of_a_bundled_name_is_not_the_bundled_series(stored):
    series = load("cpu_clock")
    own = dataclasses.replace(series, value=series.value * 2)

    found = look_back(own)

    assert found.command == "forecasts backtest ./cpu_clock.csv --every 2 --out ../backtest"


def test_a_readers_file_older_than_the_bundled_one_of_its_name_is_its_own(stored):
    card = dataclasses.replace(load("cpu_clock").card, observed_through=DAY(1961, 12, 31), gaps=())
    dates = tuple(DAY(1950 + i, 7, 1) for i in range(10))
    whole = load("cpu_clock")
    own = dataclasses.replace(
        whole, card=card, date=dates, value=whole.value[:10], label=("",) * 10,
        source=("",) * 10, as_of=DAY(1961, 12, 31),
    )  # fmt: skip

    found = look_back(own)

    assert "cpu_clock.toml" in found.sentence
    assert found.command.startswith("forecasts backtest ./cpu_clock.csv")


def test_the_longest_horizon_with_enough_forecasts_is_drawn(stored, monkeypatch):
    many = tuple(
        PastForecast(DAY(1990 + i, 1, 1), DAY(1990 + i + h, 1, 1), h, (1, 2, 3), (1, 2, 3), 2)
        for h, n in ((1, 9), (5, 5), (10, 4)) for i in range(n)
    )  # fmt: skip
    whole = load("cpu_clock")
    made = {"data_sha256": whole.data_sha256, "digest": ""}
    monkeypatch.setattr("forecasts.looking_back.read", lambda name: Stored(name, made, many, ()))

    found = look_back(whole)

    assert (found.h, found.ahead, len(found.forecasts)) == (5, "5 years", 5)


@pytest.mark.parametrize("already", [ALREADY, ()])
def test_a_page_shows_it_and_its_own_file_gets_the_command(stored, tmp_path, monkeypatch, already):
    result = comparison("stopped")
    text = _page(result, tmp_path / "own")
    assert "forecasts backtest ./synthetic_clock.csv" in _section(text)
    assert "<svg" not in _section(text)

    monkeypatch.setattr("forecasts.looking_back.bundled", lambda series: True)
    monkeypatch.setattr("forecasts.looking_back.read", lambda name: Stored(
        name, {"data_sha256": "x", "digest": "y"}, FORECASTS, already))  # fmt: skip
    monkeypatch.setattr("forecasts.catalog.load", lambda name: result.series)
    text = _page(result, tmp_path / "stored")

    assert "3 fell inside our 90 % interval" in _section(text)
    assert "older than the rows" in _section(text)
    assert 'data-chart="before"' in _section(text)
    assert "<svg" in _section(text)


def _page(result, folder):
    index = report.build([result], folder)
    return (index.parent / "synthetic_clock.html").read_text(encoding="utf-8")


def _section(text):
    return re.search(r'<section id="before">(.*?)</section>', text, re.DOTALL).group(1)
