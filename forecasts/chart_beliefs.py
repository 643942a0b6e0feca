"""Prior and posterior of the plateau date on one time axis, and what each camp makes of it.

Cumulative curves, because only they show a date that is known to the year beside a prior that is
spread over a century, and how much of each lies beyond the horizon.
"""

from typing import TYPE_CHECKING, Any

from forecasts import chart_data as rows_of
from forecasts import words
from forecasts.chart_layers import as_of_marks, background
from forecasts.chart_scene import Look, Scene, tooltip
from forecasts.chart_style import Palette, config

if TYPE_CHECKING:
    import altair as alt

    from forecasts.comparison import Comparison

_HEIGHT = 200
_DASHES = {"posterior": [1, 0], "prior": [6, 4]}
_CAMP_DASHES = ([2, 2], [8, 2], [8, 2, 2, 2], [1, 3])


def belief_rows(comparison: "Comparison") -> rows_of.Rows:
    """
    List the probability that the plateau has come by the end of each year.

    Parameters
    ----------
    comparison : Comparison
        A result.

    Returns
    -------
    list of dict
        ``line`` (``prior``, ``posterior``, or a camp), ``t``, ``p`` and their words; empty when the
        plateau is refused or nothing was averaged.
    """
    result = comparison.to_dict()
    plateau, sensitivity = result["plateau"], result["sensitivity"]
    if plateau["refused"] or not sensitivity.get("prior"):
        return []
    blocks = {"prior": sensitivity["prior"], "posterior": plateau}
    blocks |= {n: c for n, c in sensitivity["camps"].items() if c["p_already"] is not None}
    return [row for line, block in blocks.items() for row in _curve(comparison, line, block)]


def beliefs(comparison: "Comparison", look: Look | None = None) -> "alt.LayerChart":
    """Draw prior and posterior of the plateau date, and the posterior of each camp."""
    import altair as alt

    scene = Scene(comparison, look or Look(), switched=False)
    rows = belief_rows(comparison)
    lines = list(dict.fromkeys(row["line"] for row in rows))
    # Three a row: all side by side they are wider than a phone.
    legend = {"columns": 3, "symbolType": "stroke", "symbolStrokeWidth": 2.5, "symbolOpacity": 1}
    colours = [_colour(line, lines, scene.look.palette) for line in lines]
    base = scene.chart(rows).encode(
        x=scene.time(),
        y=alt.Y(
            "p:Q",
            title="plateau has come",
            scale={"domain": [0, 1], "nice": False},
            axis={"labelExpr": "format(100 * datum.value, '~r') + ' %'", "tickCount": 4},
        ),
        color=alt.Color("line:N", scale={"domain": lines, "range": colours}, legend=legend),
    )
    drawn = base.mark_line(clip=True).encode(
        strokeDash=alt.StrokeDash(
            "line:N",
            scale={"domain": lines, "range": [_dash(line, lines) for line in lines]},
            legend=legend,
        ),
        strokeWidth=alt.condition("datum.line == 'posterior'", alt.value(3), alt.value(1.6)),
    )
    fields = tooltip(("line", "belief"), ("when", "by"), ("shown", "plateau has come"))
    tips = base.mark_circle(size=110, opacity=0, clip=True).encode(
        color=alt.value("transparent"), tooltip=fields
    )
    layers = [*background(scene), *_unobserved(scene), drawn, tips]
    chart = alt.layer(*layers, *as_of_marks(scene, labels=False))
    chart = chart.properties(width=scene.look.width, height=_HEIGHT, description=_told(comparison))
    chart = chart.configure(**config(scene.look.palette))
    chart.datasets = scene.datasets
    return chart


def _curve(comparison: "Comparison", line: str, block: dict[str, Any]) -> rows_of.Rows:
    """One cumulative curve: nought at the first row, then each year's end, and as_of."""
    now, (_, end) = comparison.series.as_of_year, rows_of.year_limits(comparison)
    known = [(float(comparison.series.time[0]), 0.0, words.day(comparison.series.date[0]))]
    known += [
        (float(min(int(year) + 1, end)), p, f"the end of {year}")
        for year, p in block["p_by"].items()
    ]
    known.append((now, block["p_already"], words.day(comparison.series.as_of)))
    return [
        {"line": line, "t": round(t, 4), "p": float(f"{p:.6g}"), "when": when,
         "shown": words.percent(p)}
        for t, p, when in sorted(known, key=lambda row: row[:2])
    ]  # fmt: skip


def _unobserved(scene: Scene) -> list[Any]:
    """Shade the dates at which no reference series was watched."""
    start = (scene.comparison.to_dict()["sensitivity"].get("hazard") or {}).get("unobserved_from")
    if start is None:
        return []
    end = rows_of.year_limits(scene.comparison)[1]
    rows = [{"t": rows_of.year_of(start), "end": end, "text": "older than any reference series"}]
    shade = scene.chart(rows).mark_rect(color=scene.look.palette.shade, opacity=0.18)
    return [shade.encode(x=scene.time(), x2="end:Q", tooltip=tooltip(("text", "dates")))]


def _colour(line: str, lines: list[str], palette: Palette) -> str:
    """Blue for the posterior, ink for the prior, a model's colour for a camp."""
    if line in _DASHES:
        return palette.averaged if line == "posterior" else palette.ink
    return palette.models[_place(line, lines) % len(palette.models)]


def _dash(line: str, lines: list[str]) -> list[int]:
    """A dash of its own for every line."""
    return _DASHES.get(line) or _CAMP_DASHES[_place(line, lines) % len(_CAMP_DASHES)]


def _place(line: str, lines: list[str]) -> int:
    """Place of a camp among the camps."""
    return [name for name in lines if name not in _DASHES].index(line)


def _told(comparison: "Comparison") -> str:
    """Say what the picture shows, for those who do not see it."""
    result = comparison.to_dict()
    prior, posterior = result["sensitivity"]["prior"], result["plateau"]
    return (
        "Probability that the plateau has come by each date: prior and posterior, and the "
        f"posterior of each camp. By {words.day(comparison.series.as_of)} the prior says "
        f"{words.percent(prior['p_already'])}, the posterior "
        f"{words.percent(posterior['p_already'])}."
    )
