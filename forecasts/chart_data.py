"""What a figure needs, as plain rows and limits, taken out of a result and never computed anew.

Invariant: no limit looks at anything dated after ``as_of`` except forecasts made on that day, and
the naive line, which may explode, sets none. ``test_charts.py`` holds it.
"""

import math
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from forecasts import words
from forecasts.dates import decimal_year

if TYPE_CHECKING:
    from forecasts.comparison import Comparison

Rows = list[dict[str, Any]]
QUANTILES = ("q05", "q25", "q50", "q75", "q95")
# The axis leaves the forecast as much room as the data have, or three tenfolds, whichever is more.
_ROOM_DECADES = 3.0
# On a linear axis a forecast of growth would press the data into the floor: three times the data.
_LINEAR_ROOM = 3.0


def year_of(iso: str) -> float:
    """Turn an ISO date into a decimal year."""
    return decimal_year(date.fromisoformat(iso))


def log_axis(comparison: "Comparison") -> bool:
    """Whether the value axis is a log one by default: not that of a share, which has two ends."""
    return comparison.series.card.kind != "share"


def observations(comparison: "Comparison") -> Rows:
    """List the rows known at ``as_of``, ready for a tooltip.

    A share of nought is drawn where the model has it, just above: a log axis has no zero.
    """
    series = comparison.series
    drawn = _drawn(comparison)
    return [
        {
            "t": round(float(t), 4),
            "value": _short(float(place)),
            "when": words.day(day),
            "shown": words.quantity(float(value), series.card.unit),
            "label": label,
            "source": source,
        }
        for t, value, place, day, label, source in zip(
            series.time, series.value, drawn, series.date, series.label, series.source, strict=True
        )
    ]


def naive(comparison: "Comparison") -> Rows:
    """List the naive line with its band, over the past and to the horizon."""
    past = [_row("naive", r["year"], r["date"], r) for r in comparison.naive_history if _finite(r)]
    return past + _forecast(comparison, "naive", "naive")


def averaged(comparison: "Comparison") -> Rows:
    """List the averaged forecast with its 50 % and 90 % intervals; empty when every fit failed."""
    return _forecast(comparison, "averaged", "averaged")


def leading_trend(comparison: "Comparison") -> Rows:
    """List the trend of the model with the most weight, to stand for the average before as_of."""
    weights = {name: m["weight"] for name, m in comparison.to_dict()["models"].items()}
    known = {name: weight for name, weight in weights.items() if weight is not None}
    if not known:
        return []
    rows = trend(comparison, max(known, key=lambda name: known[name]))
    return [row | {"line": "averaged"} for row in rows]


def trend(comparison: "Comparison", model: str) -> Rows:
    """List one model's fitted trend over the observed span."""
    return [
        _row(model, r["year"], r["date"], r)
        for r in comparison.history
        if r["model"] == model and _finite(r)
    ]


def forecast(comparison: "Comparison", model: str) -> Rows:
    """List one model's forecast; empty when its fit failed."""
    return [
        _row(model, year_of(row["date"]), row["date"], row["models"][model])
        for row in comparison.to_dict()["forecast"]
        if _finite(row["models"].get(model))
    ]


def plateau(comparison: "Comparison", model: str | None = None) -> Rows:
    """
    List the probability that the plateau falls in each year.

    Parameters
    ----------
    comparison : Comparison
        A result.
    model : str, optional
        One model; the averaged posterior unless given.

    Returns
    -------
    list of dict
        One row a calendar year with ``start``, ``end``, ``p``, ``by`` and ``part`` (``already`` or
        ``future``); the year of ``as_of`` has two. Empty when the plateau is refused.
    """
    result = comparison.to_dict()
    block = result["models"][model]["plateau"] if model else result["plateau"]
    return plateau_masses(block, comparison.series.as_of_year)


def plateau_masses(block: dict[str, Any], now: float) -> Rows:
    """List the same from a plateau's own numbers and the decimal year of ``as_of``."""
    if block["refused"] or not block["p_by"]:
        return []
    rows: Rows = []
    before = 0.0
    for year, by in sorted((int(year), p) for year, p in block["p_by"].items()):
        # The part of a year up to as_of belongs to "already": split the year there.
        edges = [year, now, year + 1] if year < now < year + 1 else [year, year + 1]
        reached = [block["p_already"], by] if len(edges) == 3 else [by]
        for start, end, p_by in zip(edges[:-1], edges[1:], reached, strict=True):
            mass, before = max(p_by - before, 0.0), max(p_by, before)
            if mass > 0:
                part = "already" if end <= now + 1e-9 else "future"
                rows.append(_mass(start, end, mass, p_by) | {"year": str(year), "part": part})
    return rows


def year_limits(comparison: "Comparison") -> tuple[float, float]:
    """Limits of the time axis: the first row, and the horizon."""
    series = comparison.series
    end = series.as_of_year + comparison.to_dict()["series"]["horizon_years"]
    first = float(series.time[0])
    return first - 0.02 * (end - first), end


def value_limits(comparison: "Comparison", *, log: bool = True) -> tuple[float, float]:
    """
    Limits of the value axis: the data and the averaged 90 % interval, within reason.

    Parameters
    ----------
    comparison : Comparison
        A result.
    log : bool
        For a log axis (default) or for a linear one, which starts at zero and, for a share, ends
        at its maximum.

    Returns
    -------
    tuple of float
        Lower and upper limit in the series' own unit.
    """
    value, maximum = _drawn(comparison), comparison.series.card.maximum
    low, high = float(value.min()), float(value.max())
    rows = averaged(comparison)
    if not log and not log_axis(comparison) and maximum:
        # A little more, so that points on the maximum are whole.
        return 0.0, 1.02 * maximum
    if not log:
        top = max([row["q95"] for row in rows], default=high)
        return 0.0, max(high * 1.08, min(top, high * _LINEAR_ROOM))
    room = max(high / low, 10**_ROOM_DECADES)
    bottom = min([row["q05"] for row in rows], default=low)
    top = max([row["q95"] for row in rows], default=high)
    bottom, top = max(bottom, low / room, 1e-300), min(top, high * room)
    pad = 10 ** (0.03 * math.log10(max(high, top) / min(low, bottom)))
    return min(low, bottom) / pad, max(high, top) * pad


def leaves_picture(comparison: "Comparison", *, log: bool = True) -> dict[str, Any] | None:
    """Find the date from which the naive line is outside the value axis to the end, or None."""
    low, high = value_limits(comparison, log=log)
    left = None
    for row in naive(comparison):
        inside = low <= row["q50"] <= high
        left = None if inside else left or row
    return left


def hazards(comparison: "Comparison", years: int = 10) -> Rows:
    """List the forecast for one date under each hazard, with the naive one beside it."""
    result = comparison.to_dict()
    rows: Rows = []
    target = None
    for case in result["sensitivity"].get("hazards", []):
        now = comparison.series.as_of_year
        drawn = [row for row in case["forecast"] if _finite(row)]
        if not drawn:
            continue
        near = min(drawn, key=lambda r: abs(year_of(r["date"]) - now - years))
        target = near["date"]
        name = f"hazard {words.rate(case['hazard'])} a year"
        rows.append({"name": name, "part": "averaged", **_interval(near)})
    same_day = (
        row["naive"]
        for row in result["forecast"]
        if row["date"] == target and _finite(row["naive"])
    )
    rows += [{"name": "naive line", "part": "naive", **_interval(row)} for row in same_day]
    return [row | {"when": words.day(target)} for row in rows]


def _forecast(comparison: "Comparison", key: str, line: str) -> Rows:
    """Rows of one forecast that is not a single model's."""
    return [
        _row(line, year_of(row["date"]), row["date"], row[key])
        for row in comparison.to_dict()["forecast"]
        if _finite(row.get(key))
    ]


def _drawn(comparison: "Comparison") -> np.ndarray:
    """Values as they are drawn: all above zero."""
    series = comparison.series
    return np.where(series.value > 0, series.value, series.from_y(series.y))


def _finite(row: dict[str, Any] | None) -> bool:
    """Whether all quantiles can be drawn: far ahead, an exponential may exceed every number."""
    quantiles = [row[q] for q in QUANTILES if q in row] if row else []
    return bool(quantiles) and all(v is not None and math.isfinite(v) and v > 0 for v in quantiles)


def _row(line: str, t: float, iso: str, source: dict[str, float]) -> dict[str, Any]:
    """One date of a line: quantiles, and their words for the tooltip."""
    quantiles = {q: _short(source[q]) for q in QUANTILES if q in source}
    shown = {"when": words.day(iso), "median": words.number(source["q50"])}
    for name, low, high in (("half", "q25", "q75"), ("ninety", "q05", "q95")):
        if low in source:
            shown[name] = f"{words.number(source[low])} to {words.number(source[high])}"
    return {"line": line, "t": round(t, 4), "iso": iso, **quantiles, **shown}


def _mass(start: float, end: float, mass: float, by: float) -> dict[str, Any]:
    """One bar of the plateau posterior."""
    return {
        "start": round(start, 4),
        "end": round(end, 4),
        "p": _short(mass),
        "shown": words.percent(mass),
        "by": words.percent(by),
    }


def _interval(row: dict[str, float]) -> dict[str, Any]:
    """Median and 90 % interval with their words."""
    ninety = f"{words.number(row['q05'])} to {words.number(row['q95'])}"
    return {q: _short(row[q]) for q in ("q05", "q50", "q95")} | {
        "median": words.number(row["q50"]),
        "ninety": ninety,
    }


def _short(value: float) -> float:
    """Six digits are more than a pixel shows, and keep the page small."""
    return float(f"{value:.6g}")
