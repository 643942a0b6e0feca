"""The figures of a scoreboard: where the truth fell, and P(already) around the end of a trend."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from forecasts import words
from forecasts.chart_scene import Look
from forecasts.chart_style import config
from forecasts.dates import decimal_year
from forecasts.lead_time import ALARMS, Watched
from forecasts.pit import EDGES, Histogram

if TYPE_CHECKING:
    import altair as alt

_PIT_HEIGHT, _ALARM_HEIGHT, _GAP = 150, 220, 40
#: Density at which the picture ends, unless a bar is higher.
_TOP = 2.5
#: Years shown on either side of the date now believed.
_AROUND = 30
#: Years on either side of it of which the description tells.
_NEAR = 5


def pit(found: Sequence[Histogram], look: Look | None = None) -> "alt.HConcatChart":
    """Draw one histogram a horizon, with the bands of a calibrated forecast.

    Parameters
    ----------
    found : sequence of Histogram
        From `forecasts.pit.histograms`.
    look : Look, optional
        Colours and whole width.

    Returns
    -------
    altair.HConcatChart
        Bars as wide as their nominal share; the line is 1.
    """
    import altair as alt

    look = look or Look()
    top = max(_TOP, *(float(one.density.max()) for one in found)) * 1.05
    width = look.width // max(len(found), 1) - _GAP
    charts = [_pit_panel(one, look, top, width, first=i == 0) for i, one in enumerate(found)]
    text = "Density of the truth by quantile bin. " + " ".join(
        f"Horizon {one.h:g}: " + ", ".join(f"{d:.2f}" for d in one.density) + "." for one in found
    )
    return alt.hconcat(*charts, spacing=20, description=text).configure(**config(look.palette))


def _pit_panel(one: Histogram, look: Look, top: float, width: int, *, first: bool) -> Any:
    """One horizon."""
    import altair as alt

    rows = [
        {
            "low": low,
            "high": high,
            "density": density,
            **{f"in{i}": float(edge) for i, edge in enumerate(inner)},
            **{f"out{i}": float(edge) for i, edge in enumerate(outer)},
        }
        for low, high, density, inner, outer in zip(
            EDGES[:-1], EDGES[1:], one.density.tolist(), one.independent.T, one.dependent.T,
            strict=True,
        )
    ]  # fmt: skip
    axis = {"values": list(EDGES), "format": ".0%", "labelOverlap": True, "grid": False}
    x = alt.X("low:Q", title="quantile of the forecast", axis=axis, scale={"domain": [0, 1]})
    scale = {"domain": [0, top], "nice": False}
    title = "density" if first else None
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, x2="high:Q")

    def band(name: str, opacity: float) -> Any:
        y = alt.Y(f"{name}0:Q", title=title, scale=scale)
        return base.mark_rect(color=look.palette.shade, opacity=opacity, clip=True).encode(
            y=y, y2=f"{name}1:Q"
        )

    bars = base.mark_rect(
        fill=look.palette.averaged, fillOpacity=0.35, stroke=look.palette.averaged
    ).encode(y=alt.Y("density:Q", title=title, scale=scale), y2=alt.datum(0))
    line = alt.Chart(alt.InlineData(values=[{"one": 1}])).mark_rule(
        color=look.palette.ink, strokeDash=[4, 3]
    )
    panel = alt.layer(bars, band("out", 0.2), band("in", 0.35), line.encode(y="one:Q"))
    heading = alt.TitleParams(
        f"{one.h:g} ahead: {one.cells} forecasts, {one.series} series",
        fontSize=12, fontWeight="normal", color=look.palette.ink,
    )  # fmt: skip
    return panel.properties(width=width, height=_PIT_HEIGHT, title=heading)


def _around(rows: list[dict[str, Any]]) -> str:
    """Say in words what the lines show: the medians on either side of the date."""
    from statistics import median

    sides = {
        "before": [row["p"] for row in rows if -_NEAR <= row["t"] < 0],
        "after": [row["p"] for row in rows if 0 <= row["t"] <= _NEAR],
    }
    said = [
        f"median {words.percent(median(found))} in the {_NEAR} years {side} it"
        for side, found in sides.items()
        if found
    ]
    return ", ".join(said) or f"none was asked within {_NEAR} years of it"


def alarms(series: Sequence[Watched], look: Look | None = None) -> "alt.LayerChart":
    """Draw P(already) of every trend that ended, by years from the date now believed."""
    import altair as alt

    look = look or Look()
    ended = [one for one in series if one.believed]
    rows: list[dict[str, Any]] = [
        {"series": one.series, "t": round(decimal_year(day) - decimal_year(one.believed), 3),
         "p": round(p, 4)}
        for one in ended if one.believed
        for day, p in zip(one.as_of, one.p_already, strict=True)
    ]  # fmt: skip
    reach = min(_AROUND, max((abs(row["t"]) for row in rows), default=1.0))
    percent = {"labelExpr": "format(100 * datum.value, '~r') + ' %'", "tickCount": 4}
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X(
            "t:Q",
            title="as-of date, years from the plateau date now believed",
            scale={"domain": [-reach, reach], "nice": False},
            axis={"grid": False, "tickCount": 8, "labelOverlap": True},
        ),
        y=alt.Y("p:Q", title="P(already)", scale={"domain": [0, 1]}, axis=percent),
        detail="series:N",
    )
    lines = base.mark_line(
        color=look.palette.averaged, opacity=0.45, strokeWidth=1.3, clip=True,
        point={"size": 12, "color": look.palette.averaged},
    )  # fmt: skip
    end = alt.Chart(alt.InlineData(values=[{"t": 0}])).mark_rule(
        color=look.palette.ink, strokeDash=[2, 2]
    )
    levels = alt.Chart(alt.InlineData(values=[{"p": level} for level in ALARMS])).mark_rule(
        color=look.palette.naive, strokeDash=[6, 4]
    )
    text = (
        f"P(already) of {len(ended)} trends that ended, by years from the plateau date now "
        f"believed: {_around(rows)}."
    )
    chart = alt.layer(levels.encode(y="p:Q"), end.encode(x="t:Q"), lines)
    chart = chart.properties(width=look.width, height=_ALARM_HEIGHT, description=text)
    return chart.configure(**config(look.palette))
