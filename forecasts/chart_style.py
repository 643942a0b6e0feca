"""Colours, dashes and axis text of every figure.

The colours are those of Okabe and Ito, and a violet, told apart by people of all colour vision;
each line has a dash of its own as well, so that a grey print still tells them apart. On a page the
colours are CSS variables, so that one drawing serves light, dark and print.
"""

import math
from dataclasses import dataclass
from typing import Any

from forecasts import words
from forecasts.offline import draw_offline


@dataclass(frozen=True)
class Palette:
    """Colours of one surrounding: a notebook or a page."""

    ink: str
    muted: str
    grid: str
    shade: str
    background: str
    data: str
    naive: str
    averaged: str
    models: tuple[str, ...]


LIGHT = Palette(
    ink="#222222",
    muted="#5f5f5f",
    grid="#e4e4e4",
    shade="#888888",
    background="white",
    data="#333333",
    naive="#d55e00",
    averaged="#0072b2",
    models=("#9a6a00", "#007a5a", "#b0588c", "#3a8fc0", "#7d5fff"),
)
PAGE = Palette(
    ink="var(--ink)",
    muted="var(--muted)",
    grid="var(--grid)",
    shade="var(--shade)",
    background="transparent",
    data="var(--data)",
    naive="var(--naive)",
    averaged="var(--averaged)",
    models=tuple(f"var(--model-{i})" for i in range(5)),
)
DASHES: dict[str, list[int]] = {"naive": [7, 4], "averaged": [1, 0]}
MODEL_DASHES = ([2, 3], [9, 3], [9, 3, 2, 3], [4, 2, 1, 2], [9, 3, 2, 3, 2, 3])
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
_TICKS = 6
#: Where an axis ends at the latest: ticks and margins need room among the numbers.
_LEAST, _MOST = 1e-300, 1e300


def colour(line: str, names: list[str], palette: Palette) -> str:
    """Pick the colour of a line: naive, averaged, or a model by its place among the models."""
    if line in ("naive", "averaged"):
        return palette.naive if line == "naive" else palette.averaged
    return palette.models[names.index(line) % len(palette.models)]


def dash(line: str, names: list[str]) -> list[int]:
    """Pick the dash of a line."""
    return DASHES.get(line) or MODEL_DASHES[names.index(line) % len(MODEL_DASHES)]


def config(palette: Palette) -> dict[str, Any]:
    """Build the Vega-Lite configuration that goes with one chart; no global theme is set.

    A notebook draws what has it without a network (`forecasts.offline`).
    """
    draw_offline()
    text = {"labelColor": palette.muted, "titleColor": palette.ink, "titleFontWeight": "normal"}
    return {
        "font": FONT,
        "background": palette.background,
        "view": {"stroke": palette.grid},
        "axis": text
        | {
            "gridColor": palette.grid,
            "domainColor": palette.grid,
            "tickColor": palette.grid,
            "labelFontSize": 11,
            "titleFontSize": 11,
        },
        "legend": text | {"labelColor": palette.ink, "orient": "top", "title": None},
        "text": {"color": palette.muted, "fontSize": 11},
    }


def value_axis(limits: tuple[float, float], *, log: bool) -> dict[str, Any]:
    """Choose scale and ticks of a value axis: ``{"scale": …, "axis": …}`` as Vega-Lite has them."""
    low, high = max(limits[0], _LEAST if log else -_MOST), min(limits[1], _MOST)
    ticks = log_ticks(low, high) if log else linear_ticks(low, high)
    labels = [_tick_label(tick) for tick in ticks]
    return {
        "scale": {"type": "log" if log else "linear", "domain": [low, high], "nice": False},
        "axis": {"values": ticks, "labelExpr": f"{labels}[indexof({ticks}, datum.value)]"},
    }


def log_ticks(low: float, high: float) -> list[float]:
    """List ticks at powers of ten, or at 1, 2 and 5 where those are too few."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    steps = [10.0**e for e in range(first, last + 1)]
    inside = [step for step in steps if low <= step <= high]
    if len(inside) < 3:
        inside = [f * s for s in steps for f in (1, 2, 5) if low <= f * s <= high]
    every = math.ceil(len(inside) / _TICKS) if len(inside) > _TICKS + 2 else 1
    return inside[::every]


def linear_ticks(low: float, high: float) -> list[float]:
    """List ticks at round numbers."""
    raw = (high - low) / (_TICKS - 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(f * power for f in (1, 2, 5, 10) if f * power >= raw * 0.97)
    first, last = math.ceil(low / step), math.floor(high / step)
    return [float(f"{n * step:.6g}") for n in range(first, last + 1)]


def _tick_label(value: float) -> str:
    """Write digits while they are short, then a power of ten."""
    if value == 0 or 1e-4 <= abs(value) < 1e7:
        return f"{value:,.10g}"
    exponent = math.floor(math.log10(abs(value)) + 1e-9)
    mantissa = value / 10.0**exponent
    front = "" if abs(mantissa - 1) < 1e-6 else f"{mantissa:.3g}×"
    return front + words.power(exponent)
