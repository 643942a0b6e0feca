"""Every figure, as an Altair chart.

A function takes a result that already holds its numbers and draws it: naive line and bands below,
data above them. Nothing is estimated here and no global style is set. ``test_charts.py`` looks at
the marks and the limits.

The charts work in a notebook as they are: legend, check boxes for the lines, tooltips, zoom. The
report draws the same charts with ``controls=False`` and puts its own controls around them.
"""

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from forecasts import chart_data as rows_of
from forecasts import words
from forecasts.averaging import NOTHING_LEFT
from forecasts.chart_beliefs import beliefs
from forecasts.chart_layers import (
    as_of_marks,
    background,
    exit_note,
    fan,
    model_lines,
    naive,
    plateau_panel,
    points,
    revealed,
    trend,
)
from forecasts.chart_scene import INTERVAL, Look, Scene, switch, switches, tooltip
from forecasts.chart_style import config, value_axis
from forecasts.errors import ConvergenceError

if TYPE_CHECKING:
    import altair as alt

    from forecasts.comparison import Comparison
    from forecasts.series import Series
    from forecasts.view import View

__all__ = ["Look", "beliefs", "describe", "hazards", "model", "overview", "still", "switch",
           "thumbnail", "to_png", "to_svg"]  # fmt: skip
_MAIN_HEIGHT, _MODEL_HEIGHT = 340, 200


def overview(comparison: "Comparison", look: Look | None = None) -> "alt.VConcatChart":
    """
    Draw the answer: data, naive line, forecasts, and the plateau posterior beneath them.

    Parameters
    ----------
    comparison : Comparison
        A result.
    look : Look, optional
        Colours, width, axis and controls.

    Returns
    -------
    altair.VConcatChart
        Two panels on one time axis (the upper alone when the plateau is refused). The light band
        of the averaged forecast is its 90 % interval, the dark one its 50 % interval; before
        ``as_of`` its line is the trend of the model with the most weight. The value axis holds
        the data and the averaged interval; the naive line may leave it.
    """
    scene = Scene(comparison, look or Look())
    layers = [
        *background(scene),
        *naive(scene),
        *trend(scene, "averaged", rows_of.leading_trend(comparison)),
        *fan(scene, "averaged", rows_of.averaged(comparison)),
        *[layer for name in scene.names for layer in model_lines(scene, name)],
        points(scene),
        *exit_note(scene),
        *as_of_marks(scene),
    ]
    chart = _stack(scene, layers, plateau_panel(scene, None), height=_MAIN_HEIGHT)
    lines = ["naive", "averaged", *scene.names]
    boxes = switches(lines, scene)
    return _finish(chart.add_params(*boxes), scene)


def still(
    comparison: "Comparison | View", look: Look | None = None, *, later: "Series | None" = None
) -> "alt.VConcatChart":
    """Draw the answer for a page without scripts: the overview without what needs a pointer.

    Parameters
    ----------
    comparison : Comparison or View
        A result.
    look : Look, optional
        Colours, width and axis.
    later : Series, optional
        Rows that came after ``as_of``, drawn as diamonds; what lies outside the axes, which never
        look at them, is not shown.
    """
    look = replace(look or Look(), controls=False)
    scene = Scene(comparison, look, switched=False)  # type: ignore[arg-type]
    layers = [
        *background(scene),
        *naive(scene, tips=False),
        *trend(scene, "averaged", rows_of.leading_trend(scene.comparison)),
        *fan(scene, "averaged", rows_of.averaged(scene.comparison), tips=False),
        points(scene),
        *([revealed(scene, later)] if later is not None else []),
        *as_of_marks(scene),
    ]
    return _finish(_stack(scene, layers, plateau_panel(scene, None), height=_MAIN_HEIGHT), scene)


def model(comparison: "Comparison", name: str, look: Look | None = None) -> "alt.VConcatChart":
    """Draw one model: trend, forecast with 50 % and 90 % intervals, plateau posterior."""
    scene = Scene(comparison, look or Look(), switched=False)
    layers = [
        *background(scene),
        *trend(scene, name, rows_of.trend(comparison, name)),
        *fan(scene, name, rows_of.forecast(comparison, name)),
        points(scene, size=14),
        *as_of_marks(scene),
    ]
    stacked = _stack(scene, layers, plateau_panel(scene, name), height=_MODEL_HEIGHT, model=name)
    return _finish(stacked, scene)


def hazards(
    comparison: "Comparison", look: Look | None = None, *, years: int = 10
) -> "alt.LayerChart":
    """Draw the forecast for one date under each hazard of a change, and the naive one beside it."""
    import altair as alt

    look = look or Look()
    palette = look.palette
    rows = rows_of.hazards(comparison, years)
    if not rows:
        raise ConvergenceError(f"The forecasts by hazard are withheld: {NOTHING_LEFT}.")
    limits = (min(r["q05"] for r in rows) / 1.15, max(r["q95"] for r in rows) * 1.15)
    log = rows_of.log_axis(comparison)
    axis = value_axis(limits if log else rows_of.value_limits(comparison, log=False), log=log)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(domain=False, ticks=False)),
        color=alt.Color(
            "part:N",
            legend=None,
            scale=alt.Scale(domain=["averaged", "naive"], range=[palette.averaged, palette.naive]),
        ),
        tooltip=tooltip(("name", "with"), ("median", "median"), ("ninety", INTERVAL)),
    )
    x = alt.X(
        "q05:Q",
        title=f"{words.plain(comparison.series.card.unit)} at {rows[0]['when']}",
        scale=axis["scale"],
        axis=axis["axis"],
    )
    bars = base.mark_bar(height=8, opacity=0.4).encode(x=x, x2="q95:Q")
    ticks = base.mark_tick(thickness=3, size=18).encode(x=alt.X("q50:Q"))
    text = f"Forecast for {rows[0]['when']} under each hazard: median and {INTERVAL}."
    chart = (bars + ticks).properties(width=look.width, height=30 * len(rows), description=text)
    return chart.configure(**config(palette))


def thumbnail(comparison: "Comparison", look: Look | None = None) -> "alt.LayerChart":
    """Draw the small picture of a card: data, naive line and averaged forecast."""
    import altair as alt

    scene = Scene(comparison, look or Look(width=300), switched=False, titled=False)
    layers = [
        *background(scene),
        *naive(scene, tips=False),
        *fan(scene, "averaged", rows_of.averaged(comparison), tips=False),
        points(scene, size=9),
        *as_of_marks(scene, labels=False),
    ]
    style = config(scene.look.palette)
    style["axis"] = style["axis"] | {"tickCount": 4}
    text = describe(comparison)
    chart = alt.layer(*layers).properties(width=scene.look.width, height=150, description=text)
    return _finish(chart.configure(**style), scene)


def describe(comparison: "Comparison", model: str | None = None) -> str:
    """Say in two sentences what the picture shows, for those who do not see it.

    Parameters
    ----------
    comparison : Comparison
        A result.
    model : str, optional
        The one model that is drawn; default: the averaged forecast, and the naive line beside it.
    """
    series, last = comparison.series, comparison.to_dict()["forecast"][-1]
    text = (
        f"{series.card.title}, {series.card.unit}: {series.n} rows known on "
        f"{words.day(series.as_of)}."
    )
    ahead = last["models"].get(model) if model else last.get("averaged")
    if not ahead or ahead["q50"] is None:
        return text
    naive = "" if model else f", the naive line {words.number(last['naive']['q50'])}"
    return (
        f"{text} For {words.day(last['date'])} the {model or 'averaged'} forecast is "
        f"{words.number(ahead['q50'])} ({INTERVAL}: {words.number(ahead['q05'])} to "
        f"{words.number(ahead['q95'])}){naive}."
    )


def to_svg(chart: Any) -> str:
    """Draw a chart, or its specification, as SVG; needs no browser, opens no connection."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(_spec(chart), allowed_base_urls=[]))


def to_png(chart: Any, *, scale: float = 2.0) -> bytes:
    """Draw a chart as PNG; the chart needs a palette of plain colours."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(_spec(chart), scale=scale, allowed_base_urls=[]))


def _spec(chart: Any) -> dict[str, Any]:
    """Take a chart or its specification."""
    return chart if isinstance(chart, dict) else chart.to_dict()


def _finish(chart: Any, scene: Scene) -> Any:
    """Attach the rows, each set once."""
    chart.datasets = scene.datasets
    return chart


def _stack(
    scene: Scene, layers: list[Any], lower: Any, *, height: int, model: str | None = None
) -> "alt.VConcatChart":
    """Put the plateau posterior under the layers, on the same time axis."""
    import altair as alt

    zoom = alt.selection_interval(
        name="zoom",
        bind="scales",
        encodings=["x"],
        # A bare wheel must go on scrolling the page.
        zoom="wheel![event.ctrlKey || event.metaKey]",
    )
    upper = alt.layer(*layers).properties(width=scene.look.width, height=height)
    panels = [upper.add_params(zoom)]
    if lower is not None:
        panels.append(lower.add_params(zoom))
    both = {log: rows_of.value_limits(scene.comparison, log=log) for log in (True, False)}
    axes = {"log" if log else "linear": value_axis(both[log], log=log) for log in both}
    with warnings.catch_warnings():
        # Both panels share one zoom on purpose; Altair takes the second for a slip.
        warnings.filterwarnings("ignore", "Automatically deduplicated selection", UserWarning)
        chart = alt.vconcat(*panels, spacing=22)
    return chart.properties(
        description=describe(scene.comparison, model), usermeta={"value_axis": axes}
    ).configure(**config(scene.look.palette))
