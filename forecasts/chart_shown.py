"""Figures of results that show themselves and are no comparison: rows, a plateau, a backtest."""

from typing import TYPE_CHECKING, Any

from forecasts import words
from forecasts.chart_data import plateau_masses, year_of
from forecasts.chart_style import LIGHT, config, value_axis

if TYPE_CHECKING:
    import altair as alt

    from forecasts.backtests import Backtest
    from forecasts.plateau import Plateau
    from forecasts.series import Series

WIDTH, HEIGHT = 640, 260
_YEARS = {"format": "d", "tickMinStep": 1, "grid": False}
_PER_CENT = {"labelExpr": "format(100 * datum.value, '~r') + ' %'", "tickCount": 4}


def rows_chart(series: "Series") -> "alt.LayerChart":
    """Draw the rows of a series, up to its ``as_of`` and no further."""
    share = series.card.kind == "share"
    rows = [
        {"t": float(t), "value": float(v)}
        for t, v in zip(series.time, series.value, strict=True)
        if share or v > 0
    ]
    low, high = float(series.value.min()), float(series.value.max())
    room = (high / low) ** 0.05 if not share and high > low else 1.1
    top = 1.02 * (series.card.maximum or high)
    axis = value_axis((0.0, top) if share else (low / room, high * room), log=not share)
    limits = [float(series.time[0]), max(series.as_of_year, float(series.time[-1]) + 1e-3)]
    marks = _base(rows).mark_circle(color=LIGHT.data, size=30, opacity=0.7)
    points = marks.encode(
        x=_time("t:Q", limits),
        y=_value("value:Q", words.plain(series.card.unit), **axis),
    )
    return _finished(points, f"{series.n} rows of {series.card.title}.", height=HEIGHT)


def plateau_chart(plateau: "Plateau") -> "alt.LayerChart":
    """Draw the probability that the plateau falls in each year; `as_of` is dashed."""
    import altair as alt

    rows = plateau_masses(plateau.to_dict(), plateau.as_of)
    limits = [plateau.first, plateau.as_of + plateau.horizon]
    top = max((row["p"] for row in rows), default=1.0) * 1.1
    bars = (
        _base(rows)
        .mark_bar(orient="vertical", color=LIGHT.averaged, clip=True)
        .encode(
            x=_time("start:Q", limits),
            x2="end:Q",
            y=_value("p:Q", "plateau that year", {"domain": [0, top], "nice": False}, _PER_CENT),
            opacity=alt.condition("datum.part == 'already'", alt.value(0.9), alt.value(0.5)),
        )
    )
    now = _base([{"t": plateau.as_of}]).mark_rule(strokeDash=[2, 2]).encode(x="t:Q")
    said = "Probability of a plateau in each year."
    return _finished(bars + now, said, height=120)


def backtest_chart(found: "Backtest", name: str) -> "alt.VConcatChart":
    """Draw P(already) by as-of date, and forecasts (median, 90 %) against what came.

    Parameters
    ----------
    found : Backtest
        With this series in it.
    name : str
        Id of the series.
    """
    import altair as alt

    plateaus = found.averaged_plateaus(name)
    table = found.averaged_forecasts(name)
    ends = [year_of(day) for day in (*plateaus["as_of"], *table["target"])]
    limits = [min(ends), max(ends) + 1e-3]
    already = [
        {"t": year_of(day), "p": float(p)}
        for day, p in zip(plateaus["as_of"], plateaus["p_already"], strict=True)
        if p == p
    ]
    upper = (
        _base(already)
        .mark_line(point=True, color=LIGHT.averaged)
        .encode(
            x=_time("t:Q", limits),
            y=_value("p:Q", "P(already)", {"domain": [0, 1], "nice": False}, _PER_CENT),
        )
    )
    rows = [
        {"t": year_of(row["target"])}
        | {key: float(row[key]) for key in ("q05", "q50", "q95", "actual")}
        for row in table.to_dict("records")
    ]
    positive = all(min(row.values()) > 0 for row in rows)
    values = [row[key] for row in rows for key in ("q50", "actual")] or [1.0]
    log = positive and name not in found.maxima
    around = (min(values) / 3, max(values) * 3) if log else (0.0, max(values) * 1.2)
    value = {"title": "forecast and outcome", **value_axis(around, log=log)}
    middle = _base(rows).encode(x=_time("t:Q", limits))
    lower = alt.layer(
        middle.mark_rule(color=LIGHT.averaged, opacity=0.5, strokeWidth=3, clip=True).encode(
            y=_value("q05:Q", **value), y2="q95:Q"
        ),
        middle.mark_tick(color=LIGHT.averaged, thickness=2, clip=True).encode(
            y=_value("q50:Q", **value)
        ),
        middle.mark_circle(color=LIGHT.data, size=40, clip=True).encode(
            y=_value("actual:Q", **value)
        ),
    )
    h = float(table["h"].iloc[0]) if len(table) else 0.0
    said = (
        f"{name}: above, the probability by as-of date that it has plateaued already; below, "
        f"forecasts with h = {h:g} (90 % interval, median) and what came (dots)."
    )
    panels = [upper.properties(width=WIDTH, height=120), lower.properties(width=WIDTH, height=200)]
    title: Any = alt.TitleParams(words.plain(name), anchor="start", fontWeight="normal")
    return _finished(alt.vconcat(*panels, spacing=16, title=title), said)


def _base(rows: list[dict[str, Any]]) -> Any:
    """Start a chart of plain rows."""
    import altair as alt

    return alt.Chart(alt.InlineData(values=rows))


def _time(column: str, limits: list[float]) -> Any:
    """Time axis in decimal years."""
    import altair as alt

    scale = {"domain": limits, "nice": False, "padding": 4}
    return alt.X(column, title=None, scale=scale, axis=_YEARS)


def _value(column: str, title: str, scale: Any, axis: Any) -> Any:
    """Value axis with given limits."""
    import altair as alt

    return alt.Y(column, title=title, scale=scale, axis=axis)


def _finished(chart: Any, said: str, *, height: int | None = None) -> Any:
    """Set size, words and style."""
    size = {} if height is None else {"width": WIDTH, "height": height}
    return chart.properties(description=said, **size).configure(**config(LIGHT))
