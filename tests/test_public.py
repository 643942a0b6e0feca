"""The public names, the README's generated parts, and the direction of imports."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import forecasts

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "forecasts").rglob("*.py"))


@pytest.mark.parametrize("name", forecasts.__all__)
def test_public_name_exists_and_is_documented(name):
    thing = getattr(forecasts, name)

    assert name == "SHAPES" or inspect.getdoc(thing)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        forecasts.nonsense  # noqa: B018


def test_no_module_hides_a_public_name():
    modules = {path.stem for path in (ROOT / "forecasts").iterdir()}

    assert not set(forecasts.__all__) & modules


def test_readme_shows_the_attribution_of_every_bundled_series():
    table = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "attribution.py")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert table.strip() in (ROOT / "README.md").read_text(encoding="utf-8")


#: Lower layers never import from higher ones; each line is one layer, lowest first.
LAYERS = (
    {
        "arrays",
        "errors",
        "messages",
        "dates",
        "cards",
        "checks",
        "priors",
        "words",
        "logit",
        "diagnostics",
        "population",
        "shown",
        "versions",
        "whole_files",
    },
    {"rows", "card_files", "tables", "repairs", "series"},
    {
        "reading",
        "catalog",
        "learned",
        "models",
        "periods",
        "likelihoods",
        "naive",
        "baselines",
        "baselines_optional",
        "scores",
    },
    {"targets", "problem", "laplace", "scan", "represent", "proposals", "importance", "sample"},
    {"plateau", "fit", "recycled", "hierarchy", "prior_draws", "simulate"},
    {"averaging", "lfo", "beside", "answer", "history", "options"},
    {"camps", "information", "power", "verdict", "sensitivity", "result"},
    {"comparison", "view", "cells", "storage", "progress", "code_digest", "workers"},
    {"cell_store", "lead_time", "pit"},
    {
        "backtest_run",
        "scoreboard",
        "score_tables",
        "score_sections",
        "looking_back",
        "backtests",
        "stored_backtest",
    },
    {"past", "what_if"},
    {
        "chart_style",
        "chart_data",
        "chart_layers",
        "chart_scene",
        "chart_beliefs",
        "chart_shown",
        "chart_scores",
        "chart_look_back",
        "charts",
        "drawing",
        "offline",
    },
    {"chart_notes"},
    {"chart_past"},
    {"display", "explored", "explorer"},
    {"report", "cli", "essay", "teaching", "__main__"},
)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_one_way(path):
    parts = path.relative_to(ROOT / "forecasts").with_suffix("").parts
    if parts == ("__init__",):
        return
    level = {name: i for i, layer in enumerate(LAYERS) for name in layer}
    own = level[parts[0]]

    for node in _walk(ast.parse(path.read_text(encoding="utf-8"))):
        for name in _imported(node):
            assert level[name] <= own, f"{path.name} imports {name}"


def _imported(node):
    """Modules of this package that an import names, however it is written."""
    if isinstance(node, ast.Import):
        return [a.name.split(".")[1] for a in node.names if a.name.startswith("forecasts.")]
    if not isinstance(node, ast.ImportFrom):
        return []
    if node.module == "forecasts":
        public = {name: module.split(".")[0] for name, module in forecasts._PUBLIC.items()}
        return [public.get(a.name, a.name) for a in node.names]
    return [node.module.split(".")[1]] if (node.module or "").startswith("forecasts.") else []


def _walk(tree):
    """Every node that runs: what only a type checker reads may point anywhere."""
    if isinstance(tree, ast.If) and ast.unparse(tree.test) == "TYPE_CHECKING":
        return
    yield tree
    for child in ast.iter_child_nodes(tree):
        yield from _walk(child)
