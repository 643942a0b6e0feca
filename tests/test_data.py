import csv
import datetime
import importlib.util
import tomllib
from pathlib import Path

import numpy as np
import pytest

from forecasts import load

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
# Tables of facts are no series: tests/test_essay_facts.py looks after them.
FACTS = DATA / "facts"
PATHS = {p.stem: p for p in sorted(DATA.rglob("*.csv")) if p.parent != FACTS}
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
# Series and rows of each group of the reference class.
GROUPS = {
    "technology costs": (32, 615),  # Farmer & Lafond as given by Our World in Data
    "adoption": (20, 762),
    "computing": (12, 459),
    "energy": (10, 625),
    "records": (2, 27),
    "US infrastructure": (7, 376),
    "long run": (5, 1488),
    "AI": (7, 1554),
    "AI prices": (11, 72),
}
FAMILIES = {
    "computer_memory": {"fl_dram", "mccallum_memory_price"},
    "cpu_clock": {"cpu_clock", "cpu_clock_best"},
    "disk_drives": {"fl_hard_disk_drive", "mccallum_disk_drives_price"},
    "flash_storage": {"mccallum_flash_price", "mccallum_ssd_price"},
    "llm_parameters": {"llm_parameters", "llm_parameters_best", "ai_parameters_notable"},
    "llm_tokens": {"llm_tokens", "llm_tokens_best"},
    "photovoltaics": {"fl_photovoltaics", "solar_pv_module_cost"},
    "polyethylene_low_density": {"fl_low_density_polyethylene", "fl_polyethylene_ld"},
    "solar_deployment": {"solar_pv_cumulative_capacity", "world_energy_solar"},
    "transistors": {"rupp_transistors", "owid_transistors"},
    "us_oil_production": {"us_oil_production", "us_oil_production_etemad"},
}
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
    assert card["kind"] in ("item", "index", "record", "share")
    assert ("period" in card) == (card["kind"] == "record")
    assert ("maximum" in card) == (card["kind"] == "share")
    assert set(card["related"]) <= set(PATHS) - {series}


@pytest.mark.parametrize("series", PATHS)
def test_rows_are_dated_in_range_sourced_and_within_observed_through(series):
    card, rows = card_of(series), rows_of(series)
    dates = [datetime.date.fromisoformat(row["date"]) for row in rows]

    assert list(rows[0]) == ["date", "value", "label", "source"]
    assert dates == sorted(dates)
    assert dates[-1] <= card["observed_through"]
    values = [float(row["value"]) for row in rows]
    assert min(values) >= 0 if card["kind"] == "share" else min(values) > 0
    assert max(values) <= card.get("maximum", np.inf)
    assert all(row["source"] for row in rows)


@pytest.mark.parametrize(("series", "count"), COUNTS.items())
def test_row_count(series, count):
    assert len(rows_of(series)) == count


@pytest.mark.parametrize(("group", "whole"), GROUPS.items())
def test_reference_class_is_whole(group, whole):
    members = [series for series in PATHS if card_of(series)["group"] == group]

    assert (len(members), sum(len(rows_of(series)) for series in members)) == whole


def test_every_series_is_counted():
    others = {series for series in PATHS if card_of(series)["group"] not in GROUPS}

    assert others == set(COUNTS)


@pytest.mark.parametrize("group", ["technology costs", "energy", "US infrastructure", "long run"])
def test_yearly_levels_are_of_kind_index(group):
    kinds = {card_of(series)["kind"] for series in PATHS if card_of(series)["group"] == group}

    assert kinds == {"index"}


@pytest.mark.parametrize("series", PATHS)
def test_every_series_loads_with_its_source_and_licence(series):
    card = load(series).card

    assert card.source
    assert card.licence
    assert card.group


@pytest.mark.parametrize("series", [series for series in PATHS if series.startswith("adopt_")])
def test_adoption_is_a_share_of_a_hundred(series):
    card = card_of(series)

    assert (card["kind"], card["maximum"], card["direction"]) == ("share", 100, "rising")
    assert card["unit"].startswith("percent of ")


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


@pytest.mark.parametrize("series", [series for series in PATHS if series.startswith("llm_price")])
def test_price_notes_begin_with_what_is_priced_until_when_and_the_bias(series):
    card = card_of(series)
    first = card["notes"].split(". ")[0]

    assert first.startswith("Priced: the lowest")
    assert f"until {card['observed_through']:%B %Y}" in first
    assert first.endswith("list prices read later than launch make early prices too low")


@pytest.mark.parametrize(("family", "members"), FAMILIES.items())
def test_relatives_share_a_family(family, members):
    assert {series for series in PATHS if card_of(series)["family"] == family} == members


def test_series_of_language_models_share_a_family():
    compute = {series for series in PATHS if "compute" in series}
    prices = {series for series in PATHS if series.startswith("llm_price")}

    assert {card_of(series)["family"] for series in compute} == {"llm_compute"}
    assert {card_of(series)["family"] for series in prices} == {"llm_price"}


def test_no_other_series_share_a_family():
    shared = {*FAMILIES, "llm_compute", "llm_price"}
    families = [card_of(series)["family"] for series in PATHS]
    alone = [family for family in families if family not in shared]

    assert len(alone) == len(set(alone))


def test_population_ends_before_its_projections():
    card = card_of("world_population")

    assert rows_of("world_population")[-1]["date"] == "2015-07-01"
    assert "projections" in card["notes"]


@pytest.mark.parametrize("series", ["llm_compute_best", "llm_parameters_best", "llm_tokens_best"])
def test_records_of_training_end_with_disclosure(series):
    card = card_of(series)

    assert card["observed_through"] == datetime.date(2025, 7, 31)
    assert "last month with disclosed frontier runs" in card["notes"]


def test_attribution_names_every_source_and_licence():
    spec = importlib.util.spec_from_file_location("attribution", ROOT / "tools/attribution.py")
    attribution = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(attribution)

    table = attribution.table()

    lines = table.splitlines()
    for card in map(card_of, PATHS):
        parts = *attribution.split(card["source"]), card["licence"]
        assert any(all(part in line for part in parts) for line in lines), card["title"]
