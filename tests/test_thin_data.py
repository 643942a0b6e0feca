"""The simulation of thin data, in small: the full run is `tools/thin_data.py`, its table is kept.

A wrong belief must show: without that, intervals that hold the truth would say nothing.
"""

import sys
from dataclasses import replace
from itertools import pairwise
from math import log
from pathlib import Path

import pytest

from forecasts.charts import to_svg
from forecasts.learned import population_of
from forecasts.score_tables import read_table

TOOLS = Path(__file__).resolve().parent.parent / "tools"
MODULES = ("thin_data", "thin_data_cases", "thin_data_table", "thin_data_figure", "kept")


@pytest.fixture(scope="module")
def tool():
    """The command's module; it imports its neighbours by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(TOOLS)
        import thin_data

        yield thin_data
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def tables(tool):
    return sys.modules["thin_data_table"]


def case(tool, **changed):
    usual = tool.Case("rule", "item", 0.2, seen=0.9, rows=4, doublings=6.0, number=0)
    return usual._replace(**changed)


def made_up(tool, one, **changed):
    """A row as a simulation leaves it, without any fit: the date is held, far too widely."""
    return {
        **dict(zip(tool.KEYS, one.key, strict=True)),
        "seen_doublings": one.key[5], "withheld": "", "p_growth": "1.0", "years": "20",
        "due": "5", "rough": "", "averaged_p_already": "0.1", "averaged_q05": "2",
        "averaged_q95": "inf", "averaged_width": "inf", "averaged_holds": "yes",
        "logistic_holds": "yes", "logistic_width": "9", "ceiling_q05": "0.5",
        "ceiling_q50": "1.1", "ceiling_q95": "inf",
    } | changed  # fmt: skip


def test_series_is_cut_where_the_case_says(tool):
    one = case(tool, kind="index", noise=1e-6, rows=9, doublings=3.0)

    truth = tool.simulated(one, 1)

    series = truth.series
    assert series.n == 9
    assert (series.y[-1] - series.y[0]) / log(2) == pytest.approx(3.0, abs=0.01)
    # The plateau comes at nine tenths of the ceiling; days are whole.
    assert truth.plateau == pytest.approx(series.as_of_year, abs=0.01)


def test_ceiling_of_an_index_is_seen_from_where_it_has_strayed_to(tool):
    item, index = case(tool), case(tool, kind="index")
    ceilings = [tool.log_ceiling(one, tool.simulated(one, 1)) for one in (item, index)]

    assert ceilings[0] == pytest.approx(6 * log(2) - log(0.9))
    assert ceilings[1] == pytest.approx(tool.simulated(index, 1).series.y[-1] - log(0.9))


def test_every_plateau_comes_within_the_horizon_and_after_the_first_row(tool):
    for one in tool.cases(20):
        truth = tool.simulated(one, 1)

        assert truth.turn >= truth.series.time[0] - 0.01
        assert truth.plateau < truth.series.as_of_year + 30


def test_cells_by_rows_and_doublings_hold_every_share(tool):
    cells = {}
    for one in tool.cases(20):
        if one.study == "rule" and one.doublings > 1:
            cells.setdefault((one.kind, one.rows, one.doublings), []).append(one.seen)

    assert all(sorted(seen) == [0.1, 0.5, 0.75, 0.9, 0.99] for seen in cells.values())


def test_a_longer_run_holds_a_shorter_one(tool):
    few, more, most = ({one.key for one in tool.cases(count)} for count in (2, 5, 20))

    assert all(short < long for short, long in pairwise((few, more, most)))


@pytest.mark.statistical
def test_too_few_rows_are_withheld_and_yet_answered(tool):
    rows = [tool.measure(case(tool, number=number)) for number in (0, 1)]

    assert [row["withheld"] for row in rows] == ["rows", "rows"]
    assert all(row["averaged_holds"] and row["ceiling_q50"] for row in rows)


@pytest.mark.statistical
def test_wrong_belief_shows(tool):
    early = [case(tool, seen=0.1, rows=12, number=number) for number in range(2)]
    learned = population_of(tool.simulated(early[0], 1).series.card)
    # A change every year: the end, which is thirteen years away, is believed to be near.
    hasty = replace(learned, hazard=1.0)

    rows = [[tool.measure(one, believed=belief) for one in early] for belief in (learned, hasty)]

    for name in ("averaged", "logistic"):
        held = [[row[f"{name}_holds"] for row in mine] for mine in rows]
        assert held == [["yes", "yes"], ["no", "no"]]


def test_interval_is_wrong_open_or_useful(tool, tables):
    one = case(tool, rows=20)

    assert tables.outcome(made_up(tool, one)) == "open"
    assert tables.outcome(made_up(tool, one, averaged_width="19.0")) == "useful"
    assert tables.outcome(made_up(tool, one, averaged_holds="no")) == "wrong"
    assert tables.outcome(made_up(tool, one, averaged_holds="")) == ""
    assert not tables.far(made_up(tool, one, averaged_q05="9.9"))
    assert tables.far(made_up(tool, one, averaged_q05="10.1"))


def test_table_counts_what_the_rule_would_have_withheld(tool, tables):
    rows = [
        made_up(tool, case(tool, number=number), withheld=why, averaged_holds=holds)
        for number, (why, holds) in enumerate([("rows", "no"), ("", "no"), ("growth", "yes")])
    ]

    found = read_table(tables.table(rows))

    lines = {line[0]: dict(zip(found.columns, line, strict=True)) for line in found.rows}
    four = lines["4 rows, 3 or more"]
    assert (four["simulations"], four["wrong"], four["wrong, shown"]) == ("3", "67%", "33%")
    assert (four["withheld: rows"], four["growth"], four["open"]) == ("33%", "33%", "33%")
    assert four["ceiling"] == "1.1 (0.5 to open)"


def test_a_line_without_any_answer_says_so(tool, tables):
    rough = made_up(tool, case(tool), rough="logistic", averaged_holds="")

    line = read_table(tables.table([rough])).rows[0]

    assert line[1] == "1"
    assert set(line[2:]) == {"—"}


def test_figure_shows_every_panel(tool):
    rows = [made_up(tool, one) for one in tool.cases(1)]

    svg = to_svg(tool.figure(rows))

    for words in ("item, noise 0.05", "index, noise 0.2", "0.5 doublings", "claim withheld"):
        assert words in svg
