"""The scoreboard as a page of its own: one file, no script, no connection."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from forecasts import chart_scores, charts
from forecasts.chart_style import PAGE
from forecasts.report.assets import inline_svg
from forecasts.report.build import environment
from forecasts.score_sections import Section
from forecasts.score_tables import Table

_PIT = (
    "Bars: density of the truth in each bin, each series weighing the same; dashed: calibrated. "
    "Dark grey: where 90 % of calibrated bars lie were all forecasts independent; light grey: were "
    "all forecasts of a family of series one and the same. Forecasts of one family overlap and err "
    "together, but not wholly: the band to hold the bars against is somewhere between the two."
)
_ALARMS = (
    "A line a trend that ended. Orange: the two levels of an alarm. Left of zero an alarm was "
    "false; right of it the line shows how long certainty took."
)
_WIDTH = 900


@dataclass(frozen=True)
class Figure:
    """A still picture, its caption, and its words for those who do not see it."""

    svg: Markup
    caption: str
    label: str
    paper: bool = False


@dataclass(frozen=True)
class Extra:
    """A part made by another command: its table, and its picture as SVG of our own making."""

    heading: str
    text: str
    table: Table
    svg: str = ""


def page(
    parts: Sequence[Section],
    *,
    title: str,
    sentence: str,
    made: str,
    failed: Sequence[str] = (),
    fits: int = 0,
    extras: Sequence[Extra] = (),
) -> str:
    """Write the page.

    Parameters
    ----------
    parts : sequence of Section
        From `forecasts.score_sections.sections`.
    title, sentence, made : str
        Heading, what it comes to, and with what it was made.
    failed : sequence of str
        Fits that did not pass the convergence gate.
    fits : int
        Number of all fits.
    extras : sequence of Extra
        What other commands found.

    Returns
    -------
    str
        One HTML document with everything in it.
    """
    css = (files("forecasts.report") / "static" / "report.css").read_text("utf-8")
    shown = [
        {"heading": p.heading, "text": p.text, "tables": p.tables, "figures": _figures(p, i)}
        for i, p in enumerate(parts)
    ]
    shown += [_extra(extra, i) for i, extra in enumerate(extras)]
    return (
        environment()
        .get_template("scoreboard.html.j2")
        .render(
            css=Markup(css),
            title=title,
            sentence=sentence,
            made=made,
            parts=shown,
            failed=list(failed),
            fits=fits,
        )
    )


def _figures(part: Section, place: int) -> list[Figure]:
    """Draw what a part has to show."""
    look = charts.Look(palette=PAGE, width=_WIDTH, controls=False)
    found = []
    if part.histograms:
        found.append(_drawn(chart_scores.pit(part.histograms, look), _PIT, f"pit-{place}"))
    if any(one.believed for one in part.watched):
        chart = chart_scores.alarms(part.watched, look)
        found.append(_drawn(chart, _ALARMS, f"alarms-{place}"))
    return found


def _drawn(chart: Any, caption: str, name: str) -> Figure:
    """Draw a chart as a still picture whose colours follow the page."""
    spec = chart.to_dict()
    return Figure(inline_svg(charts.to_svg(spec), name), caption, spec["description"])


def _extra(extra: Extra, place: int) -> dict[str, Any]:
    """Show another command's picture on paper of its own: its colours do not follow the page."""
    figures = []
    if extra.svg:
        svg = inline_svg(extra.svg, f"extra-{place}")
        figures.append(Figure(svg, "", extra.heading, paper=True))
    return {
        "heading": extra.heading,
        "text": extra.text,
        "tables": (extra.table,),
        "figures": figures,
    }
