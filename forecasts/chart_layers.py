"""The layers that figures are made of: bands, lines, points, the as-of marks, the plateau panel."""

from typing import Any

from forecasts import chart_data as rows_of
from forecasts import words
from forecasts.chart_scene import AXIS, Scene, edge, tooltip
from forecasts.chart_style import colour
from forecasts.series import Series

PLATEAU_HEIGHT = 110
# Share of the time axis that a label needs beside its mark on a phone.
_LABEL_ROOM = 0.4


def background(scene: Scene) -> list[Any]:
    """Shade the dates after ``as_of``."""
    now, end = scene.comparison.series.as_of_year, rows_of.year_limits(scene.comparison)[1]
    shade = scene.chart([{"t": now, "end": end}]).mark_rect(
        color=scene.look.palette.shade, opacity=0.1
    )
    return [shade.encode(x=scene.time(), x2="end:Q")]


def as_of_marks(scene: Scene, *, labels: bool = True) -> list[Any]:
    """Mark ``as_of``, and ``observed_through`` where it is another day."""
    series = scene.comparison.series
    now, seen = series.as_of_year, series.observed_year
    marks = [{"t": now, "text": f"as of {words.day(series.as_of)}"}]
    if seen < now:
        marks.append({"t": seen, "text": f"observed to {words.day(series.observed_until)}"})
    rule = (
        scene.chart(marks)
        .mark_rule(color=scene.look.palette.ink, strokeWidth=1, strokeDash=[2, 2], clip=True)
        .encode(x=scene.time())
    )
    return [rule, *_as_of_labels(scene, marks)] if labels else [rule]


def _as_of_labels(scene: Scene, marks: rows_of.Rows) -> list[Any]:
    """Write the marked dates into the corner that a trend leaves empty, where there is room."""
    import altair as alt

    start, end = rows_of.year_limits(scene.comparison)
    times = [mark["t"] for mark in marks]
    ahead = end - max(times) > _LABEL_ROOM * (end - start)
    rising = scene.comparison.series.card.direction == "rising"
    # The first label stands at the panel's edge, the second one line further in.
    texts = [
        scene.chart([{"t": max(times) if ahead else min(times), "text": mark["text"]}]).mark_text(
            align="left" if ahead else "right",
            baseline="bottom" if rising else "top",
            dx=5 if ahead else -5,
            dy=(-5 - 14 * i) if rising else (5 + 14 * i),
        )
        for i, mark in enumerate(marks)
    ]
    corner = edge(over=not rising)
    return [text.encode(x=scene.time(), y=corner, text=alt.Text("text:N")) for text in texts]


def points(scene: Scene, *, size: int = 26) -> Any:
    """Draw the rows known at ``as_of``."""
    rows = rows_of.observations(scene.comparison)
    tips = [("when", "date"), ("shown", "value"), ("label", "label"), ("source", "source")]
    used = [(field, title) for field, title in tips if any(row[field] for row in rows)]
    return (
        scene.chart(rows)
        .mark_circle(color=scene.look.palette.data, size=size, opacity=0.6, clip=True)
        .encode(x=scene.time(), y=scene.value("value:Q"), tooltip=tooltip(*used))
    )


def revealed(scene: Scene, later: Series) -> Any:
    """Draw rows that came after ``as_of``, told apart by their shape and colour."""
    now, (_, end) = scene.comparison.series.as_of_year, rows_of.year_limits(scene.comparison)
    rows = [
        {"t": round(float(t), 4), "value": float(value)}
        for t, value in zip(later.time, later.value, strict=True)
        if now < t <= end and value > 0
    ]
    marks = scene.chart(rows).mark_point(
        shape="diamond", filled=False, size=34, color=scene.look.palette.models[2], clip=True
    )
    return marks.encode(x=scene.time(), y=scene.value("value:Q"))


def fan(scene: Scene, line: str, rows: rows_of.Rows, *, tips: bool = True) -> list[Any]:
    """Draw a forecast: 90 % band, 50 % band, median."""
    if not rows:
        return []
    bands = [
        _band(scene, line, rows, edges=("q05", "q95"), opacity=0.16),
        _band(scene, line, rows, edges=("q25", "q75"), opacity=0.28),
        _line(scene, line, rows, width=2.5),
    ]
    return [*bands, _tips(scene, line, rows)] if tips else bands


def naive(scene: Scene, *, tips: bool = True) -> list[Any]:
    """Draw the naive line and the edges of its prediction interval."""
    rows = rows_of.naive(scene.comparison)
    if not rows:
        return []
    marks = [
        _band(scene, "naive", rows, edges=("q05", "q95"), opacity=0.09),
        _line(scene, "naive", rows, width=2),
    ]
    return [*marks, _tips(scene, "naive", rows)] if tips else marks


def trend(scene: Scene, line: str, rows: rows_of.Rows) -> list[Any]:
    """Draw a fitted trend over the observed span, with its 90 % band."""
    if not rows:
        return []
    return [
        _band(scene, line, rows, edges=("q05", "q95"), opacity=0.22),
        _line(scene, line, rows, width=2),
    ]


def model_lines(scene: Scene, name: str) -> list[Any]:
    """Draw one model among others: its trend, and its forecast as three thin lines."""
    marks = trend(scene, name, rows_of.trend(scene.comparison, name))
    ahead = rows_of.forecast(scene.comparison, name)
    if not ahead:
        return marks
    widths = {"q50": 2.0, "q05": 0.9, "q95": 0.9}
    lines = [_line(scene, name, ahead, width=width, q=q) for q, width in widths.items()]
    return [*marks, *lines, _tips(scene, name, ahead)]


def exit_note(scene: Scene) -> list[Any]:
    """Say where the naive line leaves the picture: above the panel, or within its lower edge."""
    start, end = rows_of.year_limits(scene.comparison)
    notes = []
    for kind in ("log", "linear"):
        left = rows_of.leaves_picture(scene.comparison, log=kind == "log")
        if left is None:
            continue
        over = left["q50"] > rows_of.value_limits(scene.comparison, log=kind == "log")[1]
        row = {"t": left["t"], "text": f"naive line leaves {'↑' if over else '↓'}"}
        # A rising line leaves room at its right until the panel ends, a falling one at its left.
        far = (left["t"] - start) / (end - start) > (0.7 if over else 0.35)
        note = scene.chart([row], "naive").transform_filter(f"{AXIS} == '{kind}'")
        marked = note.mark_text(
            align="right" if far else "left",
            baseline="bottom",
            dx=0 if over else (-30 if far else 8),
            dy=-4,
            color=scene.look.palette.ink,
            clip=not over,
        )
        notes.append(marked.encode(x=scene.time(), y=edge(over=over), text="text:N"))
    return notes


def plateau_panel(scene: Scene, model: str | None) -> Any:
    """Draw the probability of a plateau in each year, or None where it is refused."""
    import altair as alt

    rows = rows_of.plateau(scene.comparison, model)
    result = scene.comparison.to_dict()
    block = result["models"][model]["plateau"] if model else result["plateau"]
    if not rows or block["p_already"] is None:
        return None
    hue = colour(model or "averaged", scene.names, scene.look.palette)
    bars = (
        scene.chart(rows)
        .mark_bar(orient="vertical", color=hue, clip=True)
        .encode(
            x=scene.time("start:Q"),
            x2="end:Q",
            y=alt.Y(
                "p:Q",
                title="plateau that year",
                axis={"labelExpr": "format(100 * datum.value, '~r') + ' %'", "tickCount": 2},
                # Head room for the two lines of text inside the panel.
                scale={"domain": [0, max(row["p"] for row in rows) * 1.55], "nice": False},
            ),
            opacity=alt.condition("datum.part == 'already'", alt.value(0.9), alt.value(0.5)),
            tooltip=tooltip(("year", "year"), ("shown", "in that year"), ("by", "by its end")),
        )
    )
    layers = [*background(scene), bars, *as_of_marks(scene, labels=False)]
    return alt.layer(*layers, *_shares(scene, block)).properties(
        width=scene.look.width, height=PLATEAU_HEIGHT
    )


def _shares(scene: Scene, block: dict[str, Any]) -> list[Any]:
    """Write the three shares above the plateau panel, each where it belongs in time."""
    import altair as alt

    now, seen = scene.comparison.series.as_of_year, scene.comparison.series.observed_year
    end = rows_of.year_limits(scene.comparison)[1]
    none = f"not by {words.year(scene.comparison.to_dict()['forecast'][-1]['date'])}"
    rows = [
        (min(now, seen), f"already {words.percent(block['p_already'])}", "right", -5, 14),
        (now, f"later {words.percent(block['p_future'])}", "left", 5, 14),
        (end, f"{none} {words.percent(block['p_none_within_horizon'])}", "right", -4, 29),
    ]
    return [
        scene.chart([{"t": t, "text": text}])
        .mark_text(align=align, baseline="bottom", dx=dx, dy=dy)
        .encode(x=scene.time(), y=alt.value(0), text="text:N")
        for t, text, align, dx, dy in rows
    ]


def _band(
    scene: Scene, line: str, rows: rows_of.Rows, *, edges: tuple[str, str], opacity: float
) -> Any:
    """Fill between two quantiles."""
    low, high = edges
    return (
        scene.chart(rows, line)
        .mark_area(opacity=opacity, clip=True, line=False)
        .encode(x=scene.time(), y=scene.value(f"{low}:Q"), y2=f"{high}:Q", color=scene.colour(line))
    )


def _line(scene: Scene, line: str, rows: rows_of.Rows, *, width: float, q: str = "q50") -> Any:
    """Draw one quantile as a line."""
    return (
        scene.chart(rows, line)
        .mark_line(strokeWidth=width, clip=True)
        .encode(
            x=scene.time(),
            y=scene.value(f"{q}:Q"),
            color=scene.colour(line),
            strokeDash=scene.dash(line),
        )
    )


def _tips(scene: Scene, line: str, rows: rows_of.Rows) -> Any:
    """Lay unseen points along a forecast: a line's own tooltip would only know its first date."""
    import altair as alt

    fields = [("line", "forecast"), ("when", "at"), ("median", "median")]
    fields += [(k, t) for k, t in (("half", "50 %"), ("ninety", "90 %")) if k in rows[-1]]
    return (
        scene.chart(rows, line)
        .mark_circle(size=110, opacity=0, clip=True)
        .encode(
            x=scene.time(),
            y=scene.value("q50:Q"),
            color=alt.value("transparent"),
            tooltip=tooltip(*fields),
        )
    )
