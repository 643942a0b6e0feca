"""How results show themselves in Jupyter: a picture, a sentence, a table.

All text that came from a file is escaped, and pictures are images in which nothing runs.
``tests/test_display.py`` holds both.
"""

from collections.abc import Sequence
from functools import singledispatch
from html import escape
from typing import TYPE_CHECKING, Any

from forecasts import charts, words
from forecasts.backtests import Backtest
from forecasts.chart_shown import backtest_chart, plateau_chart, rows_chart
from forecasts.comparison import Comparison
from forecasts.fit import Fit
from forecasts.offline import picture
from forecasts.plateau import Plateau
from forecasts.series import Series
from forecasts.view import View

if TYPE_CHECKING:
    import altair as alt

#: Years ahead of the rows of a forecast's table.
YEARS = (1, 5, 10, 20, 30)
#: First and last rows of a series that are listed.
ENDS = 3
LOOK = charts.Look(controls=False)
_SHARES = {
    "p_already": "already",
    "p_future": "within the horizon",
    "p_none_within_horizon": "not within it",
    "p_decline": "and then declines",
    "p_restart": "and grows again later",
}
_STYLE = "max-width:46rem;margin:.3rem 0;font-size:{size}"


@singledispatch
def html_of(thing: Any) -> str:
    """Return a result as HTML.

    Parameters
    ----------
    thing
        A `Series`, `Fit`, `Plateau`, `Comparison` or `Backtest`.
    """
    raise TypeError(f"There is no display for {type(thing).__name__}.")


@html_of.register
def _(series: Series) -> str:
    card = series.card
    said = (
        f"{card.title}: {series.n} rows from {words.day(series.date[0])} to "
        f"{words.day(series.date[-1])}, as known on {words.day(series.as_of)}."
    )
    listed = sorted({*range(min(ENDS, series.n)), *range(max(series.n - ENDS, 0), series.n)})
    rows = [
        [words.day(series.date[i]), words.quantity(float(series.value[i]), card.unit),
         series.label[i], series.source[i]]
        for i in listed
    ]  # fmt: skip
    if series.n > len(listed):
        rows.insert(ENDS, ["…", f"{series.n - len(listed)} more rows", "", ""])
    facts = [f"kind {card.kind}, {card.direction}"]
    facts += [f"source: {card.source}"] if card.source else []
    facts += [f"licence: {card.licence}"] if card.licence else []
    return _page(
        rows_chart(series), said, table(["date", "value", "label", "source"], rows),
        notes=["; ".join(facts), *series.remarks],
    )  # fmt: skip


@html_of.register
def _(one: Fit) -> str:
    view = View({one.shape.name: one})
    failed = [] if one.converged else ["This fit did not pass the convergence gate."]
    look = charts.model(view, one.shape.name, LOOK)  # type: ignore[arg-type]
    return _page(look, f"{one.shape.title}. {view.sentence}", answer_table(view), notes=failed)


@html_of.register
def _(plateau: Plateau) -> str:
    shown = plateau.to_dict()
    if plateau.refused:
        return _page(None, f"No claim about a plateau: {plateau.refused}.", "")
    end = int(plateau.as_of + plateau.horizon)
    dates = [
        words.plateau_date(shown["quantiles"][q], end_year=end) for q in ("0.05", "0.5", "0.95")
    ]
    said = (
        f"Growth below {words.percent(plateau.kappa)} of its pace: already with probability "
        f"{words.percent(plateau.p_already)}, within {words.years(plateau.horizon)} with "
        f"{words.percent(plateau.p_future)}; middle estimate of when: {dates[1]} "
        f"(90 %: {dates[0]} to {dates[2]})."
    )
    rows = [[name, words.percent(shown[key])] for key, name in _SHARES.items()]
    return _page(plateau_chart(plateau), said, table(["plateau", "probability"], rows))


@html_of.register
def _(comparison: Comparison) -> str:
    names = ", ".join(comparison.failed)
    failed = [f"Not converged: the fit of {names}."] if names else []
    sensitivity = comparison.to_dict()["sensitivity"]["sentence"]
    notes = [*failed, sensitivity] if sensitivity else failed
    return _page(
        charts.still(comparison, LOOK), comparison.sentence, answer_table(comparison), notes=notes
    )


@html_of.register
def _(found: Backtest) -> str:
    rows = [
        [one.scale, f"{one.h:g}", one.model, str(one.cells), f"{one.wis[0]:.3f}",
         words.percent(one.cover90[0]), words.percent(one.cover50[0])]
        for one in found.scores
        if one.h == one.h
    ]  # fmt: skip
    names = ["scale", "h", "model", "cells", "WIS", "in 90 %", "in 50 %"]
    pictures = [backtest_chart(found, name) for name in found.series[:3]]
    said = "" if len(found.series) <= 3 else f"Pictures of the first 3 of {len(found.series)}."
    notes = [said] if said else []
    return _page(pictures, found.sentence, table(names, rows), notes=notes)


def answer_table(answer: Comparison | View) -> str:
    """Lay naive line and average side by side, a row a date."""
    forecast, unit = answer.to_dict()["forecast"], answer.series.card.unit
    rows = [
        [words.day(row["date"]), _interval(row["naive"]), _interval(row["averaged"])]
        for row in (forecast[h - 1] for h in YEARS if h <= len(forecast))
    ]
    named = f"median and 90 % interval ({unit})"
    return table(["date", f"naive line, {named}", f"averaged, {named}"], rows)


def table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table; every cell is escaped, and columns without text are left out."""
    used = [i for i in range(len(names)) if not rows or any(row[i] for row in rows)]
    head = "".join(f"<th>{escape(names[i])}</th>" for i in used)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(row[i])}</td>' for i in used)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _interval(row: dict[str, float | None]) -> str:
    """Median and 90 % interval."""
    low, middle, high = (words.number(row[q]) for q in ("q05", "q50", "q95"))
    return f"{middle} ({low} to {high})"


def _page(
    chart: "alt.TopLevelMixin | Sequence[alt.TopLevelMixin] | None",
    said: str,
    below: str,
    *,
    notes: Sequence[str] = (),
) -> str:
    """Put picture, sentence, notes and table under each other."""
    drawn = chart if isinstance(chart, list) else [chart] if chart is not None else []
    told = "".join(f'<p style="{_STYLE.format(size=".85em")}">{escape(n)}</p>' for n in notes)
    return (
        "<div>"
        + "".join(picture(one, said) for one in drawn)
        + f'<p style="{_STYLE.format(size="1.05em")}"><strong>{escape(said)}</strong></p>'
        + told
        + below
        + "</div>"
    )
