"""What one page of the report says: the words around the figures and tables, and the charts."""

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from forecasts import chart_look_back, charts, looking_back, words
from forecasts.chart_data import hazards as hazard_intervals
from forecasts.chart_data import leaves_picture, log_axis
from forecasts.chart_style import DASHES, PAGE, dash
from forecasts.report import cells
from forecasts.report.assets import inline_svg, json_in_script

if TYPE_CHECKING:
    from forecasts.comparison import Comparison

_SHOWN_ROWS = 5
_FORECAST_OF = {
    "item": "one new item of that date",
    "record": "the record standing at that date",
    "index": "the value at that date",
    "share": "the value at that date",
}
#: What the line before as_of is of: a growth path, which is not what every row is drawn from.
_PAST_OF = {
    "item": "the trend of single items",
    "record": "the trend of what a single period reaches, which a record that stands outlives: the "
    "rows may lie beyond it, and the forecast begins at the record",
    "index": "the trend, drawn through the last row",
    "share": "the trend, drawn through the last row",
}


@dataclass(frozen=True)
class Drawing:
    """One chart on a page: the specification, and the picture shown until the script has drawn."""

    id: str
    spec: Markup
    svg: Markup
    label: str


def series_context(
    comparison: "Comparison", slug: str, cards: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """
    Gather everything the template of a series page needs.

    Parameters
    ----------
    comparison : Comparison
        A result.
    slug : str
        Name of the page's files.
    cards : dict
        Card of every series in the report, by id: related ones are shown beside this one.

    Returns
    -------
    dict
        The template's variables.
    """
    growths, card = comparison.beside, comparison.series.card
    result = comparison.to_dict()
    names = list(result["models"])
    return {
        "c": comparison,
        "r": result,
        "slug": slug,
        "failed": comparison.failed,
        "lead": first_sentence(comparison.series.card.notes),
        "shares": cells.shares(comparison),
        "facts": facts(comparison),
        "forecast_of": _FORECAST_OF[result["series"]["kind"]],
        "past_of": _PAST_OF[result["series"]["kind"]],
        "leaves": leaves_picture(comparison, log=log_axis(comparison)),
        "log_axis": log_axis(comparison),
        "end_year": cells.end_year(comparison),
        "lines": [
            _legend_entry(line, names, comparison.failed) for line in ("naive", "averaged", *names)
        ],
        "overview": drawing(charts.overview(comparison, _page_look(640)), "overview"),
        "models": [
            {
                "name": name,
                "weight": model["weight"],
                "converged": model["diagnostics"]["converged"],
                "may_stop": bool(model["plateau"]["p_already"] or model["plateau"]["p_future"]),
                "drawing": drawing(charts.model(comparison, name, _page_look(640)), f"m-{i}"),
            }
            for i, (name, model) in enumerate(result["models"].items())
        ],
        "hazards": _hazards(comparison),
        "beliefs": _beliefs(comparison),
        "belief_rows": cells.belief_rows(comparison),
        "evidence": cells.evidence(comparison),
        "before": before(comparison, slug),
        "table": cells.side_by_side(comparison),
        "plateau_rows": cells.plateau_rows(comparison),
        "hazard_rows": cells.hazard_rows(comparison),
        "diagnostics": cells.diagnostics_rows(comparison),
        "data": _data_rows(comparison),
        "commands": commands(comparison, slug),
        "beside": [cards[name] for name in comparison.series.card.related if name in cards],
        "growths": growths if len(growths) > 1 or card.published else [],
        "elsewhere": [name for name in comparison.series.card.related if name not in cards],
    }


def card_context(comparison: "Comparison", slug: str) -> dict[str, Any]:
    """Gather what a card of the index needs."""
    spec = charts.thumbnail(comparison, charts.Look(palette=PAGE, width=250, controls=False))
    return {
        "c": comparison,
        "r": comparison.to_dict(),
        "slug": slug,
        "failed": comparison.failed,
        "lead": first_sentence(comparison.series.card.notes),
        "shares": cells.shares(comparison),
        "svg": inline_svg(charts.to_svg(spec), f"card-{slug}"),
    }


def facts(comparison: "Comparison") -> list[tuple[str, str]]:
    """State the answer's few figures as (name, text) pairs."""
    result = comparison.to_dict()
    naive = result["naive"]
    horizon = result["series"]["horizon_years"]
    kind = result["series"]["kind"]
    pace = words.growth(naive["growth_per_year"], kind=kind)
    if naive["r2"] is not None:  # Rows that are all alike leave nothing to explain.
        pace += f" (R² {naive['r2']:.2f})"
    if naive["doubling_years"]:
        factor, years = naive["growth_per_year"], naive["doubling_years"]
        pace += f"; {words.doubling(factor, years, kind=kind)}"
    leaves = f"not within {words.years(horizon)}"
    if naive["leaves_90"]:
        first = naive["leaves_90"] == result["forecast"][0]["date"]
        leaves = f"{'by ' if first else ''}{words.month(naive['leaves_90'])}"
    return [
        ("Naive line", pace),
        ("Naive line leaves the averaged 90 % interval", leaves),
        ("The trend still holds", _trust(result["trust"], horizon, result["plateau"]["refused"])),
    ]


def _trust(trust: dict[str, Any], horizon: float, refused: str | None) -> str:
    """Say for how long growth stays above half of its pace, at two levels of probability."""
    if refused:
        return f"no claim: {refused}"
    if trust["holds_p50_years"] == 0:
        return "less than 50 % probable at the as-of date already"
    half = words.years(trust["holds_p50_years"], horizon=horizon)
    if trust["holds_p90_years"] == 0:
        return f"for {half} at 50 %; less than 90 % probable at the as-of date already"
    return (
        f"for {half} at 50 %, for {words.years(trust['holds_p90_years'], horizon=horizon)} at 90 %"
    )


def first_sentence(text: str) -> str:
    """Cut a text after its first sentence."""
    found = re.match(r"(.+?[.!?])(?=\s+[A-Z0-9]|\s*$)", text.strip(), flags=re.DOTALL)
    return found.group(1) if found else text.strip()


def commands(comparison: "Comparison", slug: str) -> list[str]:
    """Write the commands that repeat this page: a reader's own series lies beside it."""
    series, result = comparison.series, comparison.to_dict()
    name = series.card.id if looking_back.bundled(series) else f"./{slug}.csv"
    tail = f"{shlex.quote(name)} --as-of {series.as_of.isoformat()}"
    tail += f" --seed {result['provenance']['seed']}"
    horizon = result["series"]["horizon_years"]
    if horizon != 30:
        tail += f" --horizon {horizon:g}"
    # Beside this report, not inside it: a report replaces its whole folder, and nothing else.
    out = "" if name == series.card.id else f" --out ../{slug}-again"
    return [f"forecasts fit {tail} --json", f"forecasts report {tail}{out}"]


def drawing(chart: Any, name: str) -> Drawing:
    """Turn a chart into its specification and its still picture."""
    spec = chart.to_dict()
    svg = inline_svg(charts.to_svg(spec), f"still-{name}")
    return Drawing(name, json_in_script(spec), svg, spec["description"])


def _page_look(width: int) -> charts.Look:
    """Colours from the style sheet, no controls inside the figure."""
    return charts.Look(palette=PAGE, width=width, controls=False)


def before(comparison: "Comparison", slug: str) -> dict[str, Any]:
    """Say how such forecasts of this series did before, as far as was known on the day."""
    found = looking_back.look_back(comparison.series, slug)
    drawn = None
    if found.h is not None:
        chart = chart_look_back.looking_back(comparison.series, found, _page_look(620))
        drawn = drawing(chart, "before")
    return {"said": found, "drawing": drawn}


def _hazards(comparison: "Comparison") -> Drawing | None:
    """Draw the hazards where the result has them."""
    if not hazard_intervals(comparison):
        return None
    return drawing(charts.hazards(comparison, _page_look(520)), "hazards")


def _beliefs(comparison: "Comparison") -> Drawing | None:
    """Draw prior, posterior and camps where the result has them."""
    if not cells.belief_rows(comparison):
        return None
    return drawing(charts.beliefs(comparison, _page_look(620)), "beliefs")


def _legend_entry(line: str, names: list[str], failed: list[str]) -> dict[str, Any]:
    """Describe one line of the legend: its switch, its colour class, its dash."""
    place = line if line in DASHES else f"model-{names.index(line) % len(PAGE.models)}"
    name = {"naive": "naive line", "averaged": "averaged forecast"}.get(line, line)
    return {
        "name": f"{name} (failed)" if line in failed else name,
        "switch": charts.switch(line),
        "colour": f"var(--{place})",
        "dash": " ".join(str(n) for n in dash(line, names)),
        "on": line in charts.Look().lines,
    }


def _written(value: float) -> str:
    """Write a value of the data without digits that the file may not have."""
    return f"{value:,.6g}" if 1e-3 <= value < 1e7 else words.number(value, digits=4)


def _data_rows(comparison: "Comparison") -> dict[str, Any]:
    """List the first and last rows of the data."""
    series = comparison.series
    n = series.n
    shown = sorted({*range(min(_SHOWN_ROWS, n)), *range(max(n - _SHOWN_ROWS, 0), n)})
    return {
        "left_out": n - len(shown),
        "gap_after": _SHOWN_ROWS - 1,
        "rows": [
            {
                "date": series.date[i].isoformat(),
                "value": _written(float(series.value[i])),
                "label": series.label[i],
                "source": series.source[i],
            }
            for i in shown
        ],
    }
