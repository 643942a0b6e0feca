"""Simulated worlds and the fits that more than one test file looks at, each sampled once."""

import importlib
from functools import cache
from pathlib import Path

import pytest

from forecasts.catalog import load
from forecasts.fit import Fit, fit
from forecasts.models import SHAPES
from forecasts.population import WEAK
from forecasts.simulate import Truth, World, simulate

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("item", "index", "record", "share")
#: One world a shape and kind: a turn well inside the span, and the scatter of a tidy real series.
WORLDS = {
    ("exponential", "item"): World(rows=40, years=30, growth=0.4, scatter=0.4),
    ("exponential", "index"): World(rows=41, years=40, growth=0.3, scatter=0.08),
    ("exponential", "record"): World(years=40, growth=0.3, scatter=0.3),
    ("piecewise", "item"): World(rows=60, years=40, growth=0.5, scatter=0.4, turn=27.0),
    ("piecewise", "index"): World(rows=41, years=40, growth=0.5, scatter=0.06, turn=27.0),
    ("piecewise", "record"): World(years=50, growth=0.5, scatter=0.3, turn=30.0),
    ("exponential", "share"): World(rows=41, years=40, growth=0.15, scatter=0.06),
    ("piecewise", "share"): World(
        rows=41, years=40, growth=0.25, scatter=0.05, turn=20.0, start=1.0
    ),
    ("logistic", "share"): World(rows=41, years=40, growth=0.35, scatter=0.03, turn=15.0),
    ("logistic", "item"): World(rows=60, years=40, growth=0.5, scatter=0.3, turn=20.0),
    ("logistic", "index"): World(rows=41, years=40, growth=0.5, scatter=0.04, turn=20.0),
    ("logistic", "record"): World(years=50, growth=0.5, scatter=0.2, turn=22.0),
    ("bend", "item"): World(rows=60, years=40, growth=0.5, scatter=0.3, turn=22.0),
    ("bend", "index"): World(rows=41, years=40, growth=0.5, scatter=0.04, turn=22.0),
    ("bend", "record"): World(years=50, growth=0.5, scatter=0.2, turn=25.0),
    ("bend", "share"): World(rows=41, years=40, growth=0.35, scatter=0.03, turn=18.0),
    ("gompertz", "item"): World(rows=60, years=40, growth=1.0, scatter=0.3, turn=6.0),
    ("gompertz", "index"): World(rows=41, years=40, growth=1.0, scatter=0.04, turn=6.0),
    ("gompertz", "record"): World(years=50, growth=1.0, scatter=0.2, turn=7.0),
    ("gompertz", "share"): World(rows=41, years=40, growth=0.8, scatter=0.03, turn=5.0),
}
EVERY = sorted(WORLDS)
#: Every shape and every kind is met by default; the other pairs by ``pytest -m long``.
CORE = {pair for pair in EVERY if pair[1] == "item" or pair[0] == "piecewise"}
CORE |= {("bend", "share"), ("gompertz", "record"), ("exponential", "share")}
SAMPLED = [pytest.param(*pair, marks=[] if pair in CORE else [pytest.mark.long]) for pair in EVERY]


@cache
def recovered(shape: str, kind: str) -> tuple[Truth, Fit]:
    """Simulated with a shape and a kind, fitted with the same.

    With the stated population, not the learned one: these worlds change once in forty years, and
    what the bounds are must not move with the reference class.
    """
    truth = simulate(shape, kind, seed=1, world=WORLDS[shape, kind])
    return truth, fit(truth.series, SHAPES[shape], population=WEAK[kind], seed=1)


@cache
def headline(name: str, as_of: str, shape: str) -> Fit:
    """Fit of one shape to a bundled series as of a date."""
    return fit(load(name).known_at(as_of), SHAPES[shape], seed=1)


@cache
def validate():
    """Load the module of the validation command; it imports its neighbours by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "tools")
        return importlib.import_module("validate")
