"""The scoreboard's tables and page, from frames made by hand."""

import re
import shutil
import sys
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from forecasts import load, stored_backtest
from forecasts.report.scores import Extra, page
from forecasts.score_sections import failures, sections, to_markdown
from forecasts.score_tables import Table, alarms_table, lead_table, read_table, scores_table
from forecasts.scoreboard import score

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import scoreboard as tool

LEVELS = ("q05", "q25", "q50", "q75", "q95")
EVIL = "</td><script>alert(1)</script>"
#: Series, as-of date, horizon, what came.
CELLS = [
    ("fl_dram", "1985-07-01", 1, 3.0),
    ("fl_dram", "1987-07-01", 1, 9.0),
    ("adopt_vacuum", "1950-07-01", 1, 3.0),
    ("cpu_clock", "2000-01-01", 1, 3.0),
]
MODELS = {"averaged": (1, 2, 3, 4, 5), "ols": (4, 5, 6, 7, 8), "rwd": (1, 2, 3, 4, 5)}


def frame():
    rows = [
        {"series": name, "as_of": as_of, "target": as_of, "h": h, "actual": actual, "model": model,
         "crps": 0.1} | dict(zip(LEVELS, map(float, q), strict=True))
        for name, as_of, h, actual in CELLS for model, q in MODELS.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def plateaus():
    said = {
        "fl_dram": (0.2, None),
        "adopt_vacuum": (0.9, "1949-01-01"),
        "cpu_clock": (0.7, "1999-01-01"),
    }
    return pd.DataFrame(
        [
            {"series": name, "as_of": as_of, "model": model, "p_already": said[name][0],
             "q50": said[name][1], "converged": model != "bend" or name != "cpu_clock"}
            for name, as_of, *_ in CELLS for model in ("averaged", "bend")
        ]
    )  # fmt: skip


SERIES = [load(name) for name in ("fl_dram", "adopt_vacuum", "cpu_clock")]


@pytest.fixture(scope="module")
def parts():
    return sections(frame(), plateaus(), SERIES)


def test_parts_come_in_order(parts):
    assert [part.heading for part in parts] == [
        "Published comparison", "All series", "All series: trend went on",
        "All series: trend ended", "By kind", "Calibration", "False alarms", "Lead time",
    ]  # fmt: skip


def test_published_comparison_holds_technology_costs_from_the_ninth_row_on(parts):
    ninth = SERIES[0].date[8].isoformat()
    counted = sum(name == "fl_dram" and as_of >= ninth for name, as_of, *_ in CELLS)

    row = parts[0].tables[0].rows[0]
    assert row[1:5] == ("1", "averaged", str(counted), "1")


def test_average_comes_first_then_what_it_has_to_beat(parts):
    models = [row[2] for row in parts[1].tables[0].rows if row[:2] == ("log value", "1")]

    assert models == ["averaged", "ols", "rwd"]


def test_coverage_by_hand():
    found = {one.model: one for one in score(frame(), {"adopt_vacuum": 100.0}) if one.h == 1
             and one.scale == "log value"}  # fmt: skip

    # fl_dram: one of two inside; cpu_clock: inside. Of the line: 9 and 3 lie outside 4 to 8.
    assert found["averaged"].cover90[0] == pytest.approx(0.75)
    assert found["ols"].cover90[0] == 0
    assert found["rwd"].behind[0] == 0


def test_a_single_series_has_no_standard_error():
    one = score(frame()[lambda t: t["series"] == "cpu_clock"], {})

    assert all("±" not in cell for row in scores_table(one).rows for cell in row)


def test_split_by_outcome(parts):
    went_on, ended = (part.tables[0].rows for part in parts[2:4])

    assert {row[0] for row in went_on} == {"log value"}
    assert {(row[0], row[4]) for row in ended} == {("log value", "1"), ("share", "1")}


def test_each_kind_is_shown_with_the_side_on_which_it_missed(parts):
    rows = {row[0]: row[1:] for row in parts[4].tables[0].rows}

    assert list(rows) == ["index", "item", "share"]
    # fl_dram falls: 9, above 1 to 5, is less progress than forecast. The other cell is inside.
    assert rows["index"][4:8] == ("0.50", "0.50", "0.50", "0.00")
    assert rows["share"][:3] == ("1", "1", "1")
    # 4 to 8 is nearer to 9 than 1 to 5 is, by more than it is farther from 3.
    assert rows["index"][8:] == ("ols", "+0.100")
    assert rows["share"][8:] == ("rwd", "+0.000")


def test_failed_fits_are_named_and_counted():
    assert failures(plateaus()) == (["cpu_clock 2000-01-01 bend"], 4)


def test_markdown_and_page_hold_the_same_cells(parts):
    text = to_markdown(parts)
    html = page(parts, title="T", sentence="S", made="M")

    for part in parts:
        for table in part.tables:
            for cell in {cell for row in table.rows for cell in row if cell}:
                assert cell in text
                assert f">{cell}<" in html


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_page_is_one_file_that_opens_no_connection(parts):
    extra = Extra(EVIL, EVIL, Table(EVIL, (EVIL,), ((EVIL,),)), '<svg id="a"></svg>')
    html = page(parts, title=EVIL, sentence=EVIL, made=EVIL, failed=[EVIL], fits=3, extras=[extra])

    tags = Tags(html).found
    policy = next(a["content"] for t, a in tags if a.get("http-equiv"))
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert "script" not in {tag for tag, _ in tags}
    for _, attrs in tags:
        assert not any(key.startswith("on") for key in attrs)
        for key in ("src", "href", "xlink:href"):
            assert (attrs.get(key) or "data:,").startswith(("data:", "#"))
    assert not re.search(r"url\((?!#)", html)
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_page_draws_calibration_and_lead_time(parts):
    html = page(parts, title="T", sentence="S", made="M")

    assert html.count("<svg") == 2
    assert "Density of the truth by quantile bin" in html
    assert "var(--averaged)" in html


def test_a_scoreboard_without_any_claim_is_still_a_page():
    nothing = plateaus().assign(p_already=float("nan"), q50=None)

    parts = sections(frame(), nothing, SERIES)

    assert page(parts, title="T", sentence="S", made="M").count("<svg") == 1
    assert lead_table(()).rows == alarms_table(()).rows == ()


def test_a_table_comes_back_from_markdown():
    table = Table("Caption.", ("a", "b"), (("1", "2"), ("x", "–")))

    assert read_table(f"# Heading\n\n{table.to_markdown()}") == table


@pytest.mark.parametrize(("most", "step"), [(40, 2), (14, 2), (13, 4), (7, 4), (5, 6), (1, 28)])
def test_long_series_are_asked_at_fewer_dates(most, step):
    # DRAM has 14 as-of dates at every second row.
    assert tool.step_of(load("fl_dram"), 2, most) == step


def test_very_long_series_are_asked_at_half_as_many_dates():
    # 349 as-of dates at every second row, 20 of them at every 36th.
    assert tool.step_of(load("price_for_light_uk"), 2, 40) == 36


def test_estimate_counts_cells_by_group():
    text = tool.estimate([load("fl_dram")], lambda one: 2, workers=2)

    assert "technology costs: 14 cells of 1 series" in text


def test_the_command_writes_both_pages(tmp_path):
    text = tool.write_all(frame(), plateaus(), SERIES, tmp_path)

    assert (tmp_path / "scoreboard.md").read_text(encoding="utf-8").rstrip() == text.rstrip()
    assert (tmp_path / "scoreboard.html").stat().st_size > 20_000
    # fl_dram .5, adopt_vacuum 1, cpu_clock 1: 83 %, and not the 75 % of all cells together.
    assert "held what came: 83 % for the averaged forecast, 0 % for the naive line" in text
    assert "83 % for a random walk with drift" in text


def test_page_names_the_series_that_it_lacks():
    lacking = tool.not_scored(SERIES)

    assert "fl_aniline" in lacking
    assert "fl_dram" not in lacking
    assert "fl_aniline" in tool._made("", lacking)
    assert "not in it" not in tool._made("", [])


def pages_only(monkeypatch, *options):
    monkeypatch.setattr(sys, "argv", ["scoreboard.py", "--pages-only", *map(str, options)])
    tool.main()


def test_committed_pages_say_what_the_committed_tables_hold(tmp_path, monkeypatch):
    for name in ("forecasts.csv", "plateaus.csv"):
        shutil.copy(tool.OUT / name, tmp_path / name)

    # Whether the models have changed since is for `test_scoreboard_sample` to say.
    monkeypatch.setattr(stored_backtest.Stored, "older_than", lambda self, series: "")
    pages_only(monkeypatch, "--out", tmp_path)

    made, committed = (
        [line for line in (folder / "scoreboard.md").read_text("utf-8").splitlines()
         if not line.startswith("As-of dates")]
        for folder in (tmp_path, tool.OUT)
    )  # fmt: skip
    assert made == committed
    # The same tables make the HTML page, but its drawings number their parts as they come.
    assert (tmp_path / "scoreboard.html").stat().st_size > 500_000


def test_pages_are_not_written_from_tables_of_other_models(tmp_path, monkeypatch):
    with pytest.raises(SystemExit, match=r"no .*forecasts\.csv: run without"):
        pages_only(monkeypatch, "--out", tmp_path)

    monkeypatch.setattr(stored_backtest, "numbers_digest", lambda card: "another")
    with pytest.raises(SystemExit, match=r"the models of .* changed"):
        pages_only(monkeypatch)
