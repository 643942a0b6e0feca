"""The time machine: one figure with a slider of as-of dates, that needs no kernel.

Every as-of date is in the figure already; the slider, an Altair parameter bound to a range input,
chooses which is shown: the latest one up to the slider's year. So it works in a rendered page as
well as in JupyterLab. ``tests/test_chart_notes.py`` looks at the parameter and at what it filters.
"""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from forecasts import words
from forecasts.cells import AVERAGED
from forecasts.chart_notes import WIDTH
from forecasts.chart_style import DASHES, LIGHT, config, value_axis
from forecasts.dates import decimal_year, parse_date
from forecasts.errors import InputError
from forecasts.lead_time import ALARMS
from forecasts.messages import quote

if TYPE_CHECKING:
    import altair as alt

    from forecasts.backtests import Backtest
    from forecasts.series import Series

#: Name of the slider's parameter: a decimal year.
PICK = "pick"
#: Years that one step of the slider is.
STEP = 0.1
#: Whether a row belongs to the as-of date that the slider's year picks.
PICKED = f"datum.start <= {PICK} && {PICK} < datum.end"
#: After every slider.
NEVER = 9999.0
_LINES = {"ols": "naive line", AVERAGED: "averaged forecast"}
_COLOURS = {"naive line": LIGHT.naive, "averaged forecast": LIGHT.averaged}
_TALL, _LOW = 280, 110


def time_machine(found: "Backtest", series: "Series") -> "alt.VConcatChart":
    """Draw forecasts and P(already) of one series at every as-of date of a backtest.

    Parameters
    ----------
    found : Backtest
        Holds the series.
    series : Series
        The whole series: rows after the as-of date are drawn faint.

    Returns
    -------
    altair.VConcatChart
        Above: rows, naive line and averaged forecast with 90 % intervals as of the date picked.
        Below: P(already) at every as-of date, the one picked as a dot.

    Raises
    ------
    InputError
        When the backtest does not hold the series.
    """
    import altair as alt

    claims = _claims(found, series.card.id)
    first, middle, last = (_step(claims[i]["start"]) for i in (0, len(claims) // 2, -1))
    slider = alt.binding_range(min=first, max=last, step=STEP, name="as of, year (drag) ")
    pick = alt.param(name=PICK, value=middle, bind=slider)
    end = max(float(series.time[-1]), series.as_of_year)
    time = alt.X(
        "t:Q",
        title=None,
        axis=alt.Axis(format="d", tickCount=8),
        scale=alt.Scale(domain=[float(series.time[0]), end], nice=False, padding=6),
    )
    upper = _upper(series, _forecasts(found, series, claims), claims, time)
    lower = _lower(claims, time)
    chart = alt.vconcat(upper, lower, spacing=14).add_params(pick)
    said = f"{words.plain(series.card.title)}: {len(claims)} as-of dates, chosen with a slider."
    return chart.properties(description=said).configure(**config(LIGHT))


def _upper(series: "Series", forecasts: list[dict], claims: list[dict], time: Any) -> Any:
    """Rows, fans, medians and the headline of the date picked."""
    import altair as alt

    spread = [row["q50"] for row in forecasts] + series.value.tolist()
    log = series.card.kind != "share"
    limits = (min(spread) / 2, max(spread) * 2) if log else (0.0, series.card.maximum or 1.0)
    axis = value_axis(limits, log=log)
    value = alt.Y(
        "value:Q", title=words.plain(series.card.unit), scale=axis["scale"], axis=axis["axis"]
    )
    rows = [
        {"t": float(t), "value": float(v), "known": _first(claims, t), "label": label}
        for t, v, label in zip(series.time, series.value, series.label, strict=True)
    ]
    points = alt.Chart(alt.InlineData(values=rows)).mark_circle(size=24, clip=True).encode(
        x=time,
        y=value,
        color=alt.condition(f"datum.known <= {PICK}", alt.value(LIGHT.data), alt.value("#c8c8c8")),
        tooltip=["label:N", alt.Tooltip("t:Q", format=".1f"), "value:Q"],
    )  # fmt: skip
    picked = alt.Chart(alt.InlineData(values=forecasts)).transform_filter(PICKED)
    scale = alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values()))
    colour = alt.Color("line:N", scale=scale, legend=alt.Legend(title=None, orient="top"))
    fan = picked.mark_area(opacity=0.18, clip=True).encode(
        x=time, y=alt.Y("q05:Q", scale=axis["scale"], axis=axis["axis"]), y2="q95:Q", color=colour
    )
    middle = picked.mark_line(strokeWidth=2.2, clip=True, point=True).encode(
        x=time,
        y=alt.Y("q50:Q"),
        color=colour,
        strokeDash=alt.StrokeDash(
            "line:N",
            scale=alt.Scale(domain=list(_COLOURS), range=[DASHES["naive"], DASHES["averaged"]]),
            legend=None,
        ),
        tooltip=["line:N", *[alt.Tooltip(f"{q}:Q", format=".3~s") for q in ("q05", "q50", "q95")]],
    )
    chosen = alt.Chart(alt.InlineData(values=claims)).transform_filter(PICKED)
    now = chosen.mark_rule(color=LIGHT.muted).encode(x=time)
    text = chosen.mark_text(align="left", x=6, y=12, fontSize=13, color=LIGHT.ink).encode(
        text="said:N"
    )
    return alt.layer(points, fan, middle, now, text).properties(width=WIDTH, height=_TALL)


def _lower(claims: list[dict], time: Any) -> Any:
    """P(already) at every as-of date, and a dot at the one picked."""
    import altair as alt

    shown = alt.Chart(alt.InlineData(values=[c for c in claims if c["p"] is not None]))
    p = alt.Y("p:Q", title="P(already)", scale=alt.Scale(domain=[0, 1]))
    line = shown.mark_line(color=LIGHT.averaged, strokeWidth=2).encode(x=time, y=p)
    dots = shown.mark_circle(size=22, color=LIGHT.averaged).encode(
        x=time, y=p, tooltip=[alt.Tooltip("said:N", title="as of")]
    )
    here = (
        shown.transform_filter(PICKED).mark_circle(size=140, color=LIGHT.naive).encode(x=time, y=p)
    )
    marks = alt.Chart(alt.InlineData(values=[{"p": level} for level in ALARMS])).mark_rule(
        strokeDash=[3, 3], color=LIGHT.muted
    )
    return alt.layer(marks.encode(y=p), line, dots, here).properties(width=WIDTH, height=_LOW)


def _claims(found: "Backtest", name: str) -> list[dict]:
    """One row an as-of date: its time, the years that pick it, P(already) and a sentence."""
    part = found.averaged_plateaus(name).sort_values("as_of").to_dict("records")
    if not part:
        raise InputError(
            f"The backtest must hold the series, got {quote(name)}: backtest it first."
        )
    times = [decimal_year(parse_date(row["as_of"])) for row in part]
    rows: list[dict] = []
    for row, start, end in zip(part, times, [*times[1:], NEVER], strict=True):
        known = row["p_already"] == row["p_already"]
        claim = f"P(already) {words.percent(row['p_already'])}" if known else "no claim is made"
        rows.append(
            {
                "as_of": row["as_of"],
                "t": start,
                "start": start,
                "end": end,
                "p": row["p_already"] if known else None,
                "said": f"as of {words.day(row['as_of'])}: {claim}",
            }
        )
    return rows


def _forecasts(found: "Backtest", series: "Series", claims: list[dict]) -> list[dict]:
    """Forecasts of the naive line and of the average, with the years that pick them."""
    table = found.forecasts
    picks = {c["as_of"]: {"start": c["start"], "end": c["end"]} for c in claims}
    part = table[(table["series"] == series.card.id) & table["model"].isin(list(_LINES))]
    return [
        {
            **picks[row["as_of"]],
            "t": decimal_year(parse_date(row["target"])),
            "line": _LINES[row["model"]],
            **{q: float(row[q]) for q in ("q05", "q50", "q95")},
        }
        for row in part.to_dict("records")
        if row["as_of"] in picks and np.isfinite(row["q95"])
    ]


def _step(t: float) -> float:
    """First step of the slider that is not before a time."""
    return round(math.ceil(t / STEP - 1e-9) * STEP, 1)


def _first(claims: list[dict], t: float) -> float:
    """First year of the slider at which a row was known."""
    return next((claim["start"] for claim in claims if claim["t"] >= t), NEVER)
