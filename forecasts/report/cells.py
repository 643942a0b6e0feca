"""The tables of a page: every number with its text, its full value and its place in the JSON.

A cell's ``pointer`` is a JSON Pointer (RFC 6901) into ``<id>.json``; ``test_browser.py`` follows it
in a real page and compares.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forecasts import words

if TYPE_CHECKING:
    from forecasts.comparison import Comparison

# Years ahead at which the forecasts under other hazards are tabulated.
_HAZARD_YEARS = (5, 10, 20, 30)
# Years ahead of the one forecast of each camp (`forecasts.camps.AHEAD`).
_CAMP_YEARS = 10
HORIZONS = (1, 5, 10, 20, 30)
# A shape that cannot stop has shares of 0 and 1 by definition, which is not a count of draws.
NEVER_STOPS = {"exponential"}
_SHARES = ("p_already", "p_future", "p_none_within_horizon")
_DATES = ("0.05", "0.5", "0.95")


@dataclass(frozen=True)
class Cell:
    """One number of a table.

    Attributes
    ----------
    text
        As a reader sees it.
    value
        In full; None where the result has none.
    pointer
        Where it stands in the JSON; empty when it is derived.
    """

    text: str
    value: float | str | None = None
    pointer: str = ""


def side_by_side(comparison: "Comparison") -> dict[str, Any]:
    """Lay the naive line, the average and each model side by side at 1, 5, 10, 20 and 30 years."""
    result = comparison.to_dict()
    names = list(result["models"])
    rows = []
    for years in (h for h in HORIZONS if h <= len(result["forecast"])):
        place = f"/forecast/{years - 1}"
        row = result["forecast"][years - 1]
        cells = [_interval(row.get(key), f"{place}/{key}") for key in ("naive", "averaged")]
        cells += [_interval(row["models"].get(n), f"{place}/models/{n}") for n in names]
        rows.append(
            {"years": years, "date": row["date"], "cells": cells, "factor": _factor(result, years)}
        )
    models = [
        name if result["models"][name]["diagnostics"]["converged"] else f"{name} (failed)"
        for name in names
    ]
    return {"columns": ["naive line", "averaged", *models], "rows": rows}


def plateau_rows(comparison: "Comparison") -> list[dict[str, Any]]:
    """List the plateau posterior: averaged, each model, slowed by half, and without the stop."""
    result = comparison.to_dict()
    blocks = [("averaged", result["plateau"], "/plateau")]
    blocks += [
        (name, model["plateau"], f"/models/{name}/plateau")
        for name, model in result["models"].items()
    ]
    for key, name in (
        ("slowed_by_half", "slowed by half"),
        ("without_stop", "without the stop"),
    ):
        blocks.append((name, result["plateau"].get(key), f"/plateau/{key}"))
    end = end_year(comparison)
    # Whatever its odds do, a share plateaus near its maximum.
    never = set() if comparison.series.card.kind == "share" else NEVER_STOPS
    return [
        {
            "name": name,
            "shares": [_of(name, block, key, place, never=never) for key in _SHARES],
            "dates": [_date(block, key, place, end) for key in _DATES],
            "after": [
                _of(name, block, key, place, never=never) for key in ("p_decline", "p_restart")
            ],
        }
        for name, block, place in blocks
        if block and not block["refused"]
    ]


def hazard_rows(comparison: "Comparison") -> list[dict[str, Any]]:
    """List what each hazard of a change makes of the shares and of the forecasts."""
    result = comparison.to_dict()
    rows = []
    for i, case in enumerate(result["sensitivity"].get("hazards", [])):
        place = f"/sensitivity/hazards/{i}"
        count = len(case["forecast"])
        picks = [(h - 1, case["forecast"][h - 1]) for h in _HAZARD_YEARS if h <= count]
        rows.append(
            {
                "hazard": Cell(words.rate(case["hazard"]), case["hazard"], f"{place}/hazard"),
                "used": case["hazard"] == (result["sensitivity"]["hazard"] or {}).get("used"),
                "shares": [_share(case, key, place) for key in _SHARES],
                "forecasts": [_interval(row, f"{place}/forecast/{j}") for j, row in picks],
                "dates": [row["date"] for _, row in picks],
            }
        )
    return rows


def belief_rows(comparison: "Comparison") -> list[dict[str, Any]]:
    """List the plateau date by prior, by posterior, and by each camp's posterior."""
    result = comparison.to_dict()
    sensitivity, rows = result["sensitivity"], result["forecast"]
    if result["plateau"]["refused"] or not sensitivity.get("prior"):
        return []
    at = min(_CAMP_YEARS, len(rows)) - 1
    place = "/sensitivity"
    end = end_year(comparison)
    used = _beliefs(sensitivity["hazard"], f"{place}/hazard", hazard="used")
    ahead = _interval(rows[at]["averaged"], f"/forecast/{at}/averaged")
    told = "before the rows are looked at, among trends that rise"
    prior = _dated(sensitivity["prior"], f"{place}/prior", end)
    listed: list[dict[str, Any]] = [
        {"name": "prior", "told": told, "beliefs": used, **prior, "forecast": {}},
        {"name": "posterior", "told": "with the rows", "beliefs": used,
         **_dated(result["plateau"], "/plateau", end), "forecast": ahead},
    ]  # fmt: skip
    for name, camp in sensitivity["camps"].items():
        its = f"{place}/camps/{name}"
        listed.append(
            {
                "name": name,
                "told": camp["told"],
                "beliefs": _beliefs(camp, its, hazard="hazard"),
                **_dated(camp, its, end),
                "forecast": _interval(camp["forecast"], f"{its}/forecast"),
            }
        )
    return listed


def evidence(comparison: "Comparison") -> dict[str, Any] | None:
    """State bits and power-scaling; None when there is no claim."""
    found = comparison.to_dict()["sensitivity"]
    if found.get("information_bits") is None:
        return None
    moved, place = found["power_scaling"], "/sensitivity/power_scaling"
    bits = found["information_bits"]
    return {
        "bits": Cell(f"{bits:.1f}", bits, "/sensitivity/information_bits"),
        "prior": Cell(f"{moved['prior']:.2f}", moved["prior"], f"{place}/prior"),
        "likelihood": Cell(
            f"{moved['likelihood']:.2f}", moved["likelihood"], f"{place}/likelihood"
        ),
        "diagnosis": moved["diagnosis"],
    }


def diagnostics_rows(comparison: "Comparison") -> list[dict[str, Any]]:
    """List the convergence figures of each model."""
    rows = []
    for name, model in comparison.to_dict()["models"].items():
        found, place = model["diagnostics"], f"/models/{name}/diagnostics"
        rows.append(
            {
                "name": name,
                "weight": _weight(model, f"/models/{name}"),
                "rhat": _number(found, "rhat_max", place, ".3f"),
                "ess": _number(found, "ess_min", place, ",.0f"),
                "divergences": _number(found, "divergences", place, ",.0f"),
                "k_hat": _number(found, "k_hat", place, ".2f"),
                "converged": found["converged"],
            }
        )
    return rows


def shares(comparison: "Comparison") -> list[dict[str, Any]]:
    """List the three shares of the answer, for words, bar and card; empty when refused."""
    plateau = comparison.to_dict()["plateau"]
    if plateau["refused"] or plateau["p_already"] is None:
        return []
    names = ("already", "later", f"not by {end_year(comparison)}")
    kinds = ("already", "future", "none")
    return [
        {"kind": kind, "name": name, "cell": _share(plateau, key, "/plateau")}
        for kind, name, key in zip(kinds, names, _SHARES, strict=True)
    ]


def end_year(comparison: "Comparison") -> int:
    """Year in which the horizon ends."""
    result = comparison.to_dict()
    return comparison.series.as_of.year + int(result["series"]["horizon_years"])


def _interval(row: dict[str, float] | None, place: str) -> dict[str, Cell] | None:
    """Median and 90 % interval."""
    if not row or row["q50"] is None:
        return None
    return {q: Cell(words.number(row[q]), row[q], f"{place}/{q}") for q in ("q50", "q05", "q95")}


def _factor(result: dict[str, Any], years: int) -> Cell:
    """Naive line over averaged median: from the JSON where it has it."""
    row = result["forecast"][years - 1]
    known = result["naive"]["factor"].get(str(years))
    if known is not None:
        return Cell(words.times(known), known, f"/naive/factor/{years}")
    above, below = ((row.get(key) or {}).get("q50") for key in ("naive", "averaged"))
    if above is None or not below:
        return Cell(words.MISSING)
    return Cell(words.times(above / below), above / below)


def _beliefs(block: dict[str, Any], place: str, *, hazard: str) -> list[Cell]:
    """Write a hazard and a share of stops."""
    rate = block[hazard]
    return [
        Cell(f"{rate * 100:.2g}{words.NBSP}%", rate, f"{place}/{hazard}"),
        _share(block, "stop_probability", place),
    ]


def _dated(block: dict[str, Any], place: str, end: int) -> dict[str, list[Cell]]:
    """Write the shares and the dates of one plateau posterior; dashes where none is known."""
    known = block["p_already"] is not None
    return {
        "shares": [_share(block, key, place) for key in _SHARES],
        "dates": [
            _date(block, key, place, end) if known else Cell(words.MISSING) for key in _DATES[:2]
        ],
    }


def _share(block: dict[str, Any], key: str, place: str) -> Cell:
    """Write a probability."""
    value = block.get(key)
    return Cell(words.percent(value), value, f"{place}/{key}" if value is not None else "")


def _of(name: str, block: dict[str, Any], key: str, place: str, *, never: set[str]) -> Cell:
    """Write a model's probability: counted from draws, or so by definition."""
    if name in never and block.get(key) in (0, 1):
        return _by_definition(block[key], f"{place}/{key}")
    return _share(block, key, place)


def _weight(model: dict[str, Any], place: str) -> Cell:
    """Write a weight; exactly nought is the rule's word, not a small number."""
    if model["weight"] == 0:
        return _by_definition(0.0, f"{place}/weight")
    return _share(model, "weight", place)


def _by_definition(value: float, place: str) -> Cell:
    """Write a probability that no draw decided."""
    return Cell(f"{value * 100:.0f}{words.NBSP}%", value, place)


def _date(block: dict[str, Any], key: str, place: str, end: int) -> Cell:
    """Write a censored quantile of the plateau date."""
    quantiles = block.get("quantiles") or {}
    if key not in quantiles:
        return Cell(words.MISSING)
    value = quantiles[key]
    return Cell(words.plateau_date(value, end_year=end), value, f"{place}/quantiles/{key}")


def _number(block: dict[str, Any], key: str, place: str, form: str) -> Cell:
    """Write a diagnostic figure."""
    value = block.get(key)
    if value is None:
        return Cell(words.MISSING)
    return Cell(format(value, form), value, f"{place}/{key}")
