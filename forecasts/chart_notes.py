"""Small pictures of the notebooks: curves, ranges and rows, from tables that hold their numbers.

The same colours and axes as every other figure (`forecasts.chart_style`); nothing is estimated.
"""

from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np

from forecasts import words
from forecasts.chart_style import DASHES, LIGHT, MODEL_DASHES, config, value_axis

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from forecasts.naive import Naive
    from forecasts.series import Series

WIDTH, HEIGHT = 560, 240
#: Curves that look as the line of that name does in every other figure.
_LOOKS = {
    "averaged": "averaged",
    "averaged forecast": "averaged",
    "neutral": "averaged",
    "ols": "naive",
    "naive line": "naive",
}
_ROW = 30


def curves(
    table: "pd.DataFrame",
    x: str,
    y: str,
    by: str,
    *,
    titles: tuple[str, str] = ("", ""),
    levels: tuple[float, ...] = (),
) -> "alt.LayerChart":
    """Draw one curve for each value of a column, with thin grey lines at some levels.

    The straight line and the averaged forecast look as they do everywhere else; other curves take
    the colours and dashes of models, in the order of the table.

    Parameters
    ----------
    table : DataFrame
        In long form.
    x, y, by : str
        Columns: horizontal axis, vertical axis, one curve each.
    titles : tuple of str
        Titles of the two axes, with their units; default: the names of the columns.
    levels : tuple of float
        Values of `y` to mark.
    """
    import altair as alt

    names = list(dict.fromkeys(table[by]))
    looks = _looks(names)
    colours, dashes = [colour for colour, _ in looks], [dash for _, dash in looks]
    legend = alt.Legend(
        title=None,
        orient="top",
        symbolType="stroke",
        symbolSize=400,
        labelLimit=400,
        columnPadding=28,
    )
    line = (
        alt.Chart(table[[x, y, by]])
        .mark_line(strokeWidth=2.2, point=alt.OverlayMarkDef(size=18))
        .encode(
            x=alt.X(f"{x}:Q", title=titles[0] or x, axis=_plain_axis(), scale=_SNUG),
            y=alt.Y(f"{y}:Q", title=titles[1] or y),
            color=alt.Color(f"{by}:N", sort=names, scale=_scale(names, colours), legend=legend),
            strokeDash=alt.StrokeDash(f"{by}:N", sort=names, scale=_scale(names, dashes)),
            tooltip=[f"{by}:N", alt.Tooltip(f"{x}:Q"), alt.Tooltip(f"{y}:Q", format=".3~g")],
        )
    )
    marks = [_rule(alt, y=level) for level in levels]
    said = f"{titles[1] or y} by {titles[0] or x}: {', '.join(map(str, names))}."
    return _finish(alt.layer(*marks, line), said, height=HEIGHT)


def ranges(
    table: "pd.DataFrame",
    name: str,
    *,
    title: str,
    mark: float | None = None,
    marked: str = "",
    log: bool = True,
) -> "alt.LayerChart":
    """Draw a median and a 90 % interval for each row, and one value to compare with.

    Parameters
    ----------
    table : DataFrame
        Columns `name`, ``low``, ``median`` and ``high``.
    name : str
        Column that names the rows.
    title : str
        Title of the value axis, with its unit.
    mark, marked : float, str
        A value to compare with, and what it is.
    log : bool
        Log axis.
    """
    import altair as alt

    values = [*table["low"], *table["high"], *([mark] if mark else [])]
    limits = (min(values) / 1.3, max(values) * 1.3) if log else (min(0.0, *values), max(values))
    axis = value_axis(limits, log=log)
    base = alt.Chart(table).encode(
        y=alt.Y(f"{name}:N", sort=None, title=None, axis=alt.Axis(labelLimit=260, minExtent=130)),
        tooltip=[name, *[alt.Tooltip(f"{c}:Q", format=".3~g") for c in ("median", "low", "high")]],
    )
    bar = base.mark_bar(height=9, opacity=0.45, color=LIGHT.averaged).encode(
        x=alt.X("low:Q", title=title, scale=axis["scale"], axis=axis["axis"]), x2="high:Q"
    )
    tick = base.mark_tick(thickness=3, size=18, color=LIGHT.averaged).encode(x="median:Q")
    layers = [bar, tick]
    if mark is not None:
        point = alt.InlineData(values=[{"mark": mark, "marked": marked}])
        layers.append(
            alt.Chart(point)
            .mark_rule(color=LIGHT.naive, strokeDash=[7, 4], strokeWidth=2)
            .encode(x="mark:Q", tooltip="marked:N")
        )
        layers.append(
            alt.Chart(point)
            .mark_text(align="right", dx=-5, y=-7, color=LIGHT.ink)
            .encode(x="mark:Q", text="marked:N")
        )
    said = f"{title}: median and 90 % interval of {len(table)} rows."
    return _finish(alt.layer(*layers), said, height=_ROW * len(table))


def rows(
    series: "Series",
    line: "Naive | None" = None,
    *,
    since: float | None = None,
    until: float | None = None,
    room: float = 1.5,
) -> Any:
    """Draw the rows of a series on a log axis (a share on a linear one), and a straight line.

    Parameters
    ----------
    series : Series
        What is drawn.
    line : Naive, optional
        The straight line, with its 90 % prediction interval.
    since : float, optional
        Decimal year from which the line is drawn; default: the first row.
    until : float, optional
        Decimal year up to which the axis runs; default: the last row.
    room : float
        Factor by which the log axis goes on beyond what is drawn.
    """
    import altair as alt
    import pandas as pd

    log = series.card.kind != "share"
    end = until or float(series.time[-1])
    start = float(series.time[0])
    years = np.linspace(start if since is None else since, end, 60)
    drawn = list(series.value)
    layers: list[Any] = []
    if line is not None:
        low, middle, high = line.predict(years, [0.05, 0.5, 0.95]).T
        drawn += [float(middle[0]), float(middle[-1])]
        fan = pd.DataFrame({"t": years, "low": low, "middle": middle, "high": high})
        layers = [
            alt.Chart(fan).mark_area(color=LIGHT.naive, opacity=0.12, clip=True).encode(
                x="t:Q", y="low:Q", y2="high:Q"
            ),
            alt.Chart(fan).mark_line(color=LIGHT.naive, strokeDash=[7, 4], clip=True).encode(
                x="t:Q", y="middle:Q"
            ),
        ]  # fmt: skip
    limits = (min(drawn) / 1.5, max(drawn) * room) if log else (0.0, series.card.maximum or 1.0)
    axis = value_axis(limits, log=log)
    span = alt.Scale(domain=[start, end], nice=False, padding=8)
    shown = pd.DataFrame({"t": series.time, "value": series.value, "label": series.label})
    points = (
        alt.Chart(shown)
        .mark_circle(size=28, color=LIGHT.data, opacity=0.7, clip=True)
        .encode(
            x=alt.X("t:Q", title=None, axis=_plain_axis(), scale=span),
            y=alt.Y(
                "value:Q",
                title=words.plain(series.card.unit),
                scale=axis["scale"],
                axis=axis["axis"] | _WIDE,
            ),
            tooltip=["label:N", alt.Tooltip("t:Q", format=".1f"), "value:Q"],
        )
    )
    said = (
        f"{words.plain(series.card.title)}, {words.plain(series.card.unit)}: {series.n} rows, "
        f"{_from_to(series.time, series.value)}."
    )
    if line is not None:
        said += f" Straight line with its 90 % interval, {_from_to(years, middle)}."
    return _finish(alt.layer(*layers, points), said, height=HEIGHT)


#: Room for the labels of a log axis: their width is known only to the browser.
_WIDE: dict[str, Any] = {"minExtent": 58}
_SNUG: Any = {"zero": False, "nice": False, "padding": 8}


def _from_to(time: np.ndarray, values: np.ndarray) -> str:
    """Say where a line begins and where it ends."""
    first, last = (f"{words.number(values[i])} in {int(time[i])}" for i in (0, -1))
    return f"from {first} to {last}"


def _plain_axis() -> Any:
    """Years and powers without thousands separators."""
    import altair as alt

    return alt.Axis(format="d", tickCount=8)


def _scale(names: list[Any], values: list[Any]) -> Any:
    """Fix what each name looks like."""
    import altair as alt

    return alt.Scale(domain=names, range=values)


def _looks(names: list[Any]) -> list[tuple[str, list[int]]]:
    """Colour and dash of each curve."""
    others = cycle(zip(LIGHT.models, MODEL_DASHES, strict=True))
    known = {
        name: (LIGHT.naive if role == "naive" else LIGHT.averaged, DASHES[role])
        for name, role in _LOOKS.items()
    }
    return [known.get(name) or next(others) for name in names]


def _rule(alt: Any, *, y: float) -> Any:
    """A thin line across."""
    data = alt.InlineData(values=[{"y": y}])
    return alt.Chart(data).mark_rule(color=LIGHT.muted, strokeDash=[3, 3]).encode(y="y:Q")


def _finish(chart: Any, said: str, *, height: int) -> Any:
    """Size, description and style."""
    return chart.properties(width=WIDTH, height=height, description=said).configure(**config(LIGHT))
