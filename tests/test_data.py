import csv
import datetime
import importlib.util
import tomllib
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
PATHS = {path.stem: path for path in sorted(DATA.rglob("*.csv"))}
COUNTS = {
    "cpu_clock": 97,
    "airspeed": 62,
    "llm_compute": 264,
    "llm_compute_frontier": 47,
    "llm_compute_to_2026": 289,
    "ai_compute_notable": 442,
    "ai_compute_notable_to_2026": 467,
    "llm_price": 7,
    "llm_price_for_elo_1200": 8,
    "llm_price_for_mmlu_43_9": 9,
    "rupp_transistors": 99,
}
COST_SERIES, COST_ROWS = 32, 615  # Farmer & Lafond as given by Our World in Data
REQUIRED = "title unit direction kind observed_through family group related source licence notes"


def card_of(series):
    return tomllib.loads(PATHS[series].with_suffix(".toml").read_text(encoding="utf-8"))


def rows_of(series):
    with PATHS[series].open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def growth_per_year(series):
    rows = rows_of(series)
    days = [datetime.date.fromisoformat(row["date"]) for row in rows]
    lengths = [datetime.date(d.year, 12, 31).timetuple().tm_yday for d in days]
    pairs = zip(days, lengths, strict=True)
    years = np.array([d.year + (d.timetuple().tm_yday - 1) / n for d, n in pairs])
    logs = np.log([float(row["value"]) for row in rows])
    return float(np.exp(np.polyfit(years - years.mean(), logs, 1)[0]))


def test_every_series_has_its_card_and_every_card_its_series():
    cards = {path.with_suffix("") for path in DATA.rglob("*.toml")}

    assert cards == {path.with_suffix("") for path in PATHS.values()}


@pytest.mark.parametrize("series", PATHS)
def test_card_is_complete(series):
    card = card_of(series)

    assert not [key for key in REQUIRED.split() if key not in card]
    texts = [card[key] for key in ("title", "unit", "family", "group", "source", "licence")]
    assert all(texts)
    assert len(card["notes"]) > 20
    assert card["direction"] in ("rising", "falling")
    assert card["kind"] in ("item", "index", "record")
    assert ("period" in card) == (card["kind"] == "record")
    assert set(card["related"]) <= set(PATHS) - {series}


@pytest.mark.parametrize("series", PATHS)
def test_rows_are_dated_positive_sourced_and_within_observed_through(series):
    rows = rows_of(series)
    dates = [datetime.date.fromisoformat(row["date"]) for row in rows]

    assert list(rows[0]) == ["date", "value", "label", "source"]
    assert dates == sorted(dates)
    assert dates[-1] <= card_of(series)["observed_through"]
    assert min(float(row["value"]) for row in rows) > 0
    assert all(row["source"] for row in rows)


@pytest.mark.parametrize(("series", "count"), COUNTS.items())
def test_row_count(series, count):
    assert len(rows_of(series)) == count


def test_reference_class_of_technology_costs_is_whole():
    costs = [series for series in PATHS if card_of(series)["group"] == "technology costs"]

    assert len(costs) == COST_SERIES
    assert sum(len(rows_of(series)) for series in costs) == COST_ROWS
    assert set(PATHS) == {*costs, *COUNTS}
    assert all(card_of(series)["kind"] == "index" for series in costs)


def test_records_improve_row_by_row():
    for series in PATHS:
        card, values = card_of(series), [float(row["value"]) for row in rows_of(series)]
        if card["kind"] == "record":
            sign = 1 if card["direction"] == "rising" else -1
            assert np.all(sign * np.diff(values) > 0), series


# Published: 5.7 (5.1-6.4) and 4.35 (4.0-4.7), from the same figures with the rows to July 2026.
@pytest.mark.parametrize(
    ("series", "growth"),
    [("llm_compute_to_2026", 5.7), ("ai_compute_notable_to_2026", 4.35)],
)
def test_growth_of_training_compute_matches_an_independent_regression(series, growth):
    assert growth_per_year(series) == pytest.approx(growth, abs=0.05)


# Leaving out the year in which the largest runs are undisclosed moves the language models upward.
@pytest.mark.parametrize(
    ("series", "growth"),
    [("llm_compute", 6.04), ("ai_compute_notable", 4.30), ("llm_compute_frontier", 4.42)],
)
def test_growth_up_to_the_last_disclosed_frontier_run(series, growth):
    assert growth_per_year(series) == pytest.approx(growth, abs=0.01)


def test_verdict_rows_of_language_models_are_the_earlier_part_of_the_longer_file():
    longer = [row for row in rows_of("llm_compute_to_2026") if row["date"] <= "2025-07-31"]
    frontier = [tuple(row.values()) for row in rows_of("llm_compute_frontier")]

    assert rows_of("llm_compute") == longer
    assert set(frontier) < {tuple(row.values()) for row in longer}


def test_airspeed_card_marks_uncertain_days_weak_sources_and_wars():
    card = card_of("airspeed")

    assert card["gaps"] == [["1914-08-01", "1918-11-11"], ["1939-09-01", "1945-09-02"]]
    assert "1927-07-01 (year)" in card["notes"]
    assert "1946-09-07 (forums.simviation.com)" in card["notes"]
    assert "short-lived records are missing" in card["notes"]


@pytest.mark.parametrize(
    "series", ["llm_price", "llm_price_for_elo_1200", "llm_price_for_mmlu_43_9"]
)
def test_price_notes_begin_with_what_is_priced_until_when_and_the_bias(series):
    card = card_of(series)
    first = card["notes"].split(". ")[0]

    assert first.startswith("Priced: the lowest")
    assert f"until {card['observed_through']:%B %Y}" in first
    assert first.endswith("list prices read later than launch make early prices too low")


def test_relatives_share_a_family():
    assert {card_of(s)["family"] for s in PATHS if "compute" in s} == {"llm_compute"}
    assert {card_of(s)["family"] for s in PATHS if "price" in s} == {"llm_price"}
    twins = ("fl_low_density_polyethylene", "fl_polyethylene_ld")
    assert len({card_of(series)["family"] for series in twins}) == 1


def test_attribution_names_every_licence():
    spec = importlib.util.spec_from_file_location("attribution", ROOT / "tools/attribution.py")
    attribution = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(attribution)

    table = attribution.table()

    assert all(card_of(series)["licence"] in table for series in PATHS)
