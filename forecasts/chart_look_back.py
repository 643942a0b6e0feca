"""Forecasts made before against what came, and P(already) by as-of date."""

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from forecasts import words
from forecasts.chart_scene import INTERVAL, Look, tooltip
from forecasts.chart_style import DASHES, config, value_axis
from forecasts.dates import decimal_year
from forecasts.looking_back import LookBack
from forecasts.stored_backtest import PastForecast

if TYPE_CHECKING:
    import altair as alt

    from forecasts.series import Series

_HEIGHT, _LOWER, _GAP = 190, 70, 16
#: Ours and the naive interval stand this share of the step between dates apart, at most.
_APART, _WIDEST = 0.18, 0.006


def looking_back(series: "Series", found: LookBack, look: Look | None = None) -> "alt.VConcatChart":
    """Draw truth and intervals by as-of date, and P(already) beneath.

    Parameters
    ----------
    series : Series
        Its unit and kind; its rows are not drawn.
    found : LookBack
        From `forecasts.looking_back.look_back`, with a horizon.
    look : Look, optional
        Colours and width.

    Returns
    -------
    altair.VConcatChart
        Two panels on one time axis; the value axis holds what came and our intervals, the naive
        ones may leave it.
    """
    import altair as alt

    look = look or Look()
    days = [one.as_of for one in found.forecasts] + [day for day, _ in found.already]
    first, last = decimal_year(min(days)), decimal_year(max(days))
    room = max(0.03 * (last - first), 0.5)
    x = {"domain": [first - room, last + room], "nice": False}
    panels = [_intervals(series, found, look, x)]
    if found.already:
        panels.append(_already(found, look, x))
    told = f"Forecasts {found.ahead} ahead by as-of date, and what came. {found.sentence}"
    chart = alt.vconcat(*panels, spacing=_GAP, description=told)
    return chart.configure(**config(look.palette))


def _time(look: Look, scale: dict[str, Any], *, title: str | None) -> Any:
    """The axis that both panels share."""
    import altair as alt

    axis = {"format": "d", "tickMinStep": 1, "tickCount": look.width // 75, "grid": False}
    return alt.X("t:Q", title=title, scale=scale, axis=axis)


def _intervals(series: "Series", found: LookBack, look: Look, scale: dict[str, Any]) -> Any:
    """Truth, our interval and the naive one."""
    import altair as alt

    made, palette = found.forecasts, look.palette
    log = series.card.kind != "share"
    seen = [v for one in made for v in (one.ours[0], one.ours[2], one.actual)]
    limits = (min(seen) / 1.2, max(seen) * 1.2) if log else (0.0, max(seen) * 1.05)
    parts = value_axis(limits, log=log)
    aside = _aside(made, scale["domain"])
    rows = [_row(one, name, aside) for one in made for name in ("ours", "naive")]
    unit = words.plain(series.card.unit)
    y = {"title": unit, "scale": parts["scale"], "axis": parts["axis"] | {"titleLimit": _HEIGHT}}
    time = _time(look, scale, title=None if found.already else "as-of date")
    tips = tooltip(("when", "as of"), ("target", "for"), ("came", "came"), ("ninety", INTERVAL))
    layers = []
    for name, colour in (("ours", palette.averaged), ("naive", palette.naive)):
        mine = [row for row in rows if row["by"] == name]
        base = alt.Chart(alt.InlineData(values=mine)).encode(x=time, tooltip=tips)
        dash = DASHES["averaged" if name == "ours" else "naive"]
        layers += [
            base.mark_rule(color=colour, strokeWidth=3, strokeDash=dash, opacity=0.8, clip=True)
            .encode(y=alt.Y("q05:Q", **y), y2="q95:Q"),
            base.mark_tick(color=colour, thickness=2, size=8, orient="horizontal", clip=True)
            .encode(y=alt.Y("q50:Q", **y)),
        ]  # fmt: skip
    came = [{"t": decimal_year(one.as_of), "actual": one.actual, **_words(one)} for one in made]
    dots = alt.Chart(alt.InlineData(values=came)).mark_circle(
        color=palette.data, size=34, opacity=1, clip=True
    )
    dots = dots.encode(x=time, y=alt.Y("actual:Q", **y), tooltip=tips[:3])
    return alt.layer(*layers, dots).properties(width=look.width, height=_HEIGHT)


def _already(found: LookBack, look: Look, scale: dict[str, Any]) -> Any:
    """P(already) by as-of date."""
    import altair as alt

    rows = [
        {"t": decimal_year(day), "p": p, "when": words.day(day), "shown": words.percent(p)}
        for day, p in found.already
    ]
    percent = {"labelExpr": "format(100 * datum.value, '~r') + ' %'", "values": [0, 0.5, 1]}
    line = alt.Chart(alt.InlineData(values=rows)).mark_line(
        color=look.palette.averaged, point={"size": 18, "color": look.palette.averaged}
    )
    return line.encode(
        x=_time(look, scale, title="as-of date"),
        y=alt.Y("p:Q", title="already", scale={"domain": [0, 1]}, axis=percent),
        tooltip=tooltip(("when", "as of"), ("shown", "P(already)")),
    ).properties(width=look.width, height=_LOWER)


def _aside(made: tuple[PastForecast, ...], domain: list[float]) -> float:
    """Years by which the two intervals of a date stand apart from the truth."""
    times = sorted({decimal_year(one.as_of) for one in made})
    steps = [b - a for a, b in pairwise(times)]
    widest = _WIDEST * (domain[1] - domain[0])
    return min([_APART * min(steps), widest]) if steps else widest


def _row(one: PastForecast, by: str, aside: float) -> dict[str, Any]:
    """One interval."""
    low, middle, high = one.ours if by == "ours" else one.naive
    return {
        "t": round(decimal_year(one.as_of) + (-aside if by == "ours" else aside), 4),
        "by": by,
        "q05": low,
        "q50": middle,
        "q95": high,
        "ninety": f"{words.number(low)} to {words.number(high)}",
        **_words(one),
    }


def _words(one: PastForecast) -> dict[str, str]:
    """What a tooltip says of a forecast."""
    return {
        "when": words.day(one.as_of),
        "target": words.day(one.target),
        "came": words.number(one.actual),
    }
