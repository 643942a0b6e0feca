"""The committed simulations are those of this code: a few rows of each table are made again.

The same figures on the same processor; on another one a draw or two may fall on the other side. The
bounds lie far below what another prior or another seed does (the last test); a failure means that
the models have changed since, and the command that is named is due.
"""

import csv
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from forecasts.population import WEAK

ROOT = Path(__file__).resolve().parents[1]
#: How near, relative, and how near a probability, absolute: of the order of two draws.
NEAR, DRAWS = 2e-2, 5e-3
#: Ranks among 99 draws.
RANKS = 3
TABLES = {
    "sbc": [
        ("exponential", "item", "0"),
        ("piecewise", "index", "0"),
        ("logistic", "share", "0"),
        ("gompertz", "record", "0"),
    ],
    "thin_data": [
        ("curve", "item", "0.05", "0.5", "20", "5.644", "0"),
        ("curve", "index", "0.02", "0.9", "20", "6.492", "0"),
    ],
    "negative_control": [("item", "0"), ("index", "0")],
}
#: Command of each table, where it has another name.
TOOLS = {"negative_control": "validate"}


@pytest.fixture(scope="module")
def tools():
    """The commands' modules by name; they import their neighbours by name."""
    before = set(sys.modules)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "tools")
        import sbc
        import thin_data
        import validate

        yield {"sbc": sbc, "thin_data": thin_data, "validate": validate}
    for name in set(sys.modules) - before:
        if (ROOT / "tools" / f"{name}.py").is_file():
            del sys.modules[name]


def committed(table, key):
    with (ROOT / "validation" / f"{table}.csv").open(encoding="utf-8") as file:
        return next(row for row in csv.DictReader(file) if tuple(row.values())[: len(key)] == key)


def measured(tools, table, key):
    """Make a row again; without the repetition by NUTS, which compiles for half a minute."""
    if table == "sbc":
        return tools["sbc"].measure(*key[:2], int(key[2]))
    if table == "thin_data":
        # The key is rounded, the case is not.
        (case,) = (one for one in tools["thin_data"].cases(1) if one.key == key)
        return tools["thin_data"].measure(case)
    truth = tools["validate"].never_ending(key[0], int(key[1]))
    return tools["validate"].by_importance(truth.series, seed=int(key[1]))


def differing(made, kept):
    """Columns in which a row made again is not the kept one."""
    return [name for name in kept.keys() & made.keys() if not alike(name, made[name], kept[name])]


def alike(name, ours, theirs):
    try:
        one, other = float(ours), float(theirs)
    except ValueError:
        return ours == theirs
    margin = RANKS if name.startswith("rank_") else DRAWS
    return one == pytest.approx(other, rel=NEAR, abs=margin, nan_ok=True)


CASES = [(table, key) for table, keys in TABLES.items() for key in keys]


@pytest.mark.parametrize(("table", "key"), CASES, ids=lambda x: x if isinstance(x, str) else None)
def test_committed_rows_are_what_this_code_says(tools, table, key):
    kept = committed(table, key)

    found = differing(measured(tools, table, key), kept)

    command = f"tools/{TOOLS.get(table, table)}.py --fresh"
    assert not found, f"validation/{table}.csv is stale in {found}: run {command}"


def test_another_prior_does_not_pass(tools):
    table, key = CASES[1]
    believed = replace(WEAK["index"], hazard=0.2)

    made = tools["sbc"].measure(*key[:2], int(key[2]), believed=believed)

    assert len(differing(made, committed(table, key))) >= 3
