"""Simulation-based calibration, in small: the full run is `tools/sbc.py`, its table is committed.

A wrong belief must show: without that, uniform ranks would say nothing.
"""

import sys
from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np
import pytest

from forecasts.models import SHAPES
from forecasts.plateau import curve_of
from forecasts.population import WEAK

TOOLS = Path(__file__).resolve().parent.parent / "tools"
KINDS = ("item", "index", "record", "share", "close index", "close share")
#: Simulations of each shape and kind: those that take longest have the fewest.
SAMPLE = {"exponential": 3, "piecewise": 1, "logistic": 1, "bend": 1, "gompertz": 2}


@pytest.fixture(scope="module")
def sbc():
    """The command's module; it imports its neighbours by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(TOOLS)
        import sbc

        yield sbc
    for name in ("sbc", "sbc_series", "sbc_table", "kept"):
        sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def table(sbc):
    return sys.modules["sbc_table"]


def ranks(sbc, shape, kind, count, **options):
    return [sbc.measure(shape, kind, number, **options) for number in range(count)]


@pytest.mark.statistical
def test_truth_is_a_typical_draw(sbc, table):
    rows = [
        row for shape in SHAPES for kind in KINDS for row in ranks(sbc, shape, kind, SAMPLE[shape])
    ]
    good = [row for row in rows if not row["rough"]]

    apart = table.distances(good)

    # The band that calibrated ranks leave once in a thousand times; one fit in twenty is rough.
    assert len(good) >= 0.85 * len(rows)
    for name, distance in apart.items():
        assert distance < table.bound(len(table.ranks_of(good, name))), name


@pytest.mark.statistical
@pytest.mark.parametrize(
    ("shape", "wrong", "quantities"),
    [
        # Half the scatter, and sure of it; a hazard twenty times as high.
        ("exponential", {"scatter_loc": log(0.04), "scatter_sd": 0.1}, ("scatter", "likelihood")),
        ("gompertz", {"hazard": 0.4}, ("plateau",)),
    ],
)
def test_wrong_belief_shows(sbc, table, shape, wrong, quantities):
    believed = replace(WEAK["index"], **wrong)

    rows = ranks(sbc, shape, "index", 20, believed=believed)

    apart = table.distances(rows)
    for name in quantities:
        assert apart[name] > table.bound(len(rows)), name


@pytest.mark.parametrize("kind", KINDS)
def test_rows_are_those_that_the_truth_makes(sbc, kind):
    rng = np.random.default_rng(1)
    made = sbc.simulate_from_prior(SHAPES["piecewise"], kind, rng)

    # The future changes nothing of the past, and what is to be forecast comes after it.
    t = np.linspace(0.0, made.series.as_of_year - made.series.time[0], 5)
    known, extended = (curve_of(made.shape, draws, t) for draws in (made.past, made.ahead))
    assert known == pytest.approx(extended)
    assert made.series.observed_year == made.series.as_of_year
    if kind == "record":
        assert made.series.y[-1] <= made.later[0] <= made.later[1]
    if not kind.endswith("share"):
        assert made.series.y[0] == 0.0
    if kind.startswith("close"):
        apart = np.diff(made.series.time)
        # One quarter is missing, and none lies as far apart as neighbours that count by the year.
        assert np.count_nonzero(apart > 0.3) == 1
        assert apart.max() < 0.75


def test_rank_counts_the_draws_below_and_shares_out_equals(sbc):
    rng = np.random.default_rng(1)
    draws = np.array([1.0, 2.0, np.inf, np.inf, np.inf])

    assert sbc.rank(1.5, draws, rng) == 1
    assert {sbc.rank(np.inf, draws, rng) for _ in range(100)} == {2, 3, 4, 5}


def test_distance_is_that_of_the_ranks_from_uniform(table):
    every = np.arange(table.RANKS + 1)

    assert np.abs(table.excess(every)).max() == pytest.approx(0.0)
    # All below the middle: the distribution function is one where it should be a half.
    assert np.abs(table.excess(every // 2)).max() == pytest.approx(0.5)


def test_bound_is_the_one_that_chance_leaves_once_in_a_thousand(table):
    rng = np.random.default_rng(1)
    ranks, limit = rng.integers(table.RANKS + 1, size=(4000, 100)), table.bound(100)

    beyond = [np.abs(table.excess(each)).max() > limit for each in ranks]

    # Four of 4,000 are expected, and fewer since ranks are discrete.
    assert sum(beyond) <= 12


def test_table_names_what_fails(sbc, table):
    row = {"shape": "bend", "kind": "item", "method": "importance", "rough": "", "refused": "0"}
    rows = [
        row | {f"rank_{name}": str(i if name != "plateau" else 0) for name in table.QUANTITIES}
        for i in range(table.RANKS + 1)
    ]

    text = table.table(rows)

    assert "| fails: plateau date |" in text
