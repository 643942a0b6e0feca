"""Draw what may be said of a plateau after how much was seen: ceilings, dates, and the rule."""

from collections import Counter
from textwrap import wrap
from typing import Any

import numpy as np
from kept import Row
from thin_data_cases import DOUBLINGS, NOISE, ROWS, SEEN, TURNS
from thin_data_table import AVERAGED, OUTCOMES, SIGHT, middle, outcome, sound

from forecasts.chart_style import LIGHT, config

#: Of wrong, open and useful: dark, light, dark, so that grey print tells neighbours apart.
COLOURS = (LIGHT.naive, "#d0d0d0", LIGHT.averaged)
STANDS, WITHHELD = "claim made", "claim withheld"
#: Multiples of the true ceiling between which ceilings are drawn.
LIMITS = (0.1, SIGHT)
#: Size of a panel; of the rule there are fewer, and so wider ones.
_WIDTH, _WIDE, _HEIGHT = 110, 135, 110
#: Letters of a line below a title that the row of panels is wide enough for.
_LINE = 110

#: Title of the axis of shares.
_SHARE = "% of the ceiling seen"

Group = tuple[str, str, list[Row]]


def figure(rows: list[Row]) -> Any:
    """Draw the simulations.

    Parameters
    ----------
    rows : list of dict
        Simulations; a shape that did not pass the gate has no part in them.

    Returns
    -------
    altair.VConcatChart
        Ceilings and dates by share of the curve seen, a panel a kind and noise; dates by rows, a
        panel a number of doublings.
    """
    import altair as alt

    curve, rule = _by_share(rows), _by_rows(rows)
    parts = [
        _facet(
            _ceilings(curve, _SHARE),
            curve,
            "The ceiling, as a multiple of the true one (logistic, 20 rows)",
            "Dot and line: medians over the simulations of the median and of the ends of the 90 % "
            "interval; arrow: beyond 100 times, or not in sight",
        ),
        _facet(
            _already(curve, _SHARE),
            curve,
            "P(already) of the average: the plateau comes at 90 % of the ceiling",
            "Dot: mean over the simulations; line: where four in five of them lie",
        ),
        _facet(
            _bars(curve, _SHARE, _WIDTH),
            curve,
            "The plateau date: what the 90 % interval of the average is worth",
            "Wrong: does not hold the true date. Open: ends beyond the horizon, or is wider than "
            "the years observed. "
            "Pale: the thin-data rule withholds the claim",
        ),
        _facet(
            _bars(rule, "rows", _WIDE),
            rule,
            "The same of few rows, by the doublings of the curve that they span",
            f"Items and indices of middle noise, seen to {_listed(TURNS)} of the ceiling in turn "
            "(at most 71 % over half a doubling)",
        ),
    ]
    return (
        alt.vconcat(*parts, spacing=24)
        .properties(description="What is said of ceilings and plateau dates of simulated trends.")
        .configure(**config(LIGHT))
    )


def _by_share(rows: list[Row]) -> list[Group]:
    """Panel, place on the axis, and simulations of each cell by share of the curve seen."""
    return [
        (
            f"{kind}, noise {noise:g}",
            f"{100 * seen:.0f}",
            [
                row
                for row in rows
                if (row["study"], row["kind"]) == ("curve", kind)
                and (float(row["noise"]), float(row["seen"])) == (noise, seen)
            ],
        )
        for kind, levels in NOISE.items()
        for noise in levels
        for seen in SEEN
    ]


def _by_rows(rows: list[Row]) -> list[Group]:
    """The same by rows and doublings."""
    return [
        (
            f"{doublings:g} doublings",
            str(count),
            [
                row
                for row in rows
                if row["study"] == "rule"
                and (int(row["rows"]), float(row["doublings"])) == (count, doublings)
            ],
        )
        for doublings in DOUBLINGS
        for count in ROWS
    ]


def _ceilings(groups: list[Group], title: str) -> Any:
    """Medians of the ceiling's quantiles, with an arrow where the upper one is out of sight."""
    import altair as alt

    points = []
    for panel, at, mine in groups:
        if not (own := sound(mine)):
            continue
        low, half, high = (middle(own, f"ceiling_{q}") for q in ("q05", "q50", "q95"))
        point = {"panel": panel, "at": at, "low": _clipped(low), "high": _clipped(high)}
        point["open"] = high > SIGHT
        if half <= SIGHT:
            # A median that is out of sight has no dot.
            point["half"] = _clipped(half)
        points.append(point)
    base = alt.Chart().encode(x=_places(groups, title))
    scale = alt.Scale(type="log", domain=list(LIMITS))
    axis = alt.Axis(values=[0.1, 1, 10, 100], format="~g")
    y = alt.Y("low:Q", title="× true", scale=scale, axis=axis)
    layers = [
        alt.Chart().mark_rule(color=LIGHT.muted, strokeWidth=0.5).encode(y=alt.YDatum(1.0)),
        base.mark_rule(color=LIGHT.averaged, strokeWidth=2).encode(y=y, y2="high:Q"),
        base.mark_point(color=LIGHT.averaged, filled=True, opacity=1, size=38).encode(y="half:Q"),
        base.transform_filter("datum.open")
        .mark_point(shape="triangle-up", color=LIGHT.averaged, filled=True, opacity=1, size=46)
        .encode(y="high:Q"),
    ]
    return alt.layer(*layers, data=alt.InlineData(values=points)).properties(
        width=_WIDTH, height=_HEIGHT
    )


def _already(groups: list[Group], title: str) -> Any:
    """Mean and spread of P(already)."""
    import altair as alt

    points = []
    for panel, at, mine in groups:
        if said := [float(row[f"{AVERAGED}_p_already"]) for row in mine if outcome(row)]:
            low, high = np.quantile(said, [0.1, 0.9])
            ends = {"low": float(low), "high": float(high), "mean": float(np.mean(said))}
            points.append({"panel": panel, "at": at, **ends})
    base = alt.Chart().encode(x=_places(groups, title))
    axis = alt.Axis(values=[0, 0.5, 1])
    y = alt.Y("low:Q", title="P(already)", scale=alt.Scale(domain=[0, 1]), axis=axis)
    layers = [
        base.mark_rule(color=LIGHT.averaged, strokeWidth=2).encode(y=y, y2="high:Q"),
        base.mark_point(color=LIGHT.averaged, filled=True, opacity=1, size=38).encode(y="mean:Q"),
    ]
    return alt.layer(*layers, data=alt.InlineData(values=points)).properties(
        width=_WIDTH, height=_HEIGHT
    )


def _bars(groups: list[Group], title: str, width: int) -> Any:
    """Shares of wrong, open and useful answers, pale where the claim is withheld."""
    import altair as alt

    values = []
    for panel, at, mine in groups:
        said = [row for row in mine if outcome(row)]
        counts = Counter((outcome(row), bool(row["withheld"])) for row in said)
        values += [
            {
                "panel": panel,
                "at": at,
                "outcome": name,
                "claim": WITHHELD if withheld else STANDS,
                "order": 2 * OUTCOMES.index(name) + withheld,
                "share": count / len(said),
            }
            for (name, withheld), count in counts.items()
        ]
    return (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar()
        .encode(
            x=_places(groups, title),
            y=alt.Y(
                "share:Q",
                title="simulations",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="%", values=[0, 0.5, 1]),
            ),
            color=alt.Color("outcome:N", scale=_scale(OUTCOMES, COLOURS)),
            opacity=alt.Opacity("claim:N", scale=_scale((STANDS, WITHHELD), (1.0, 0.4))),
            order=alt.Order("order:Q"),
        )
        .properties(width=width, height=_HEIGHT)
    )


def _facet(chart: Any, groups: list[Group], title: str, subtitle: str) -> Any:
    """Put the panels in a row under a title."""
    import altair as alt

    return chart.facet(
        column=alt.Column(
            "panel:N",
            sort=list(dict.fromkeys(panel for panel, _, _ in groups)),
            title=None,
            header=alt.Header(labelFontSize=11),
        ),
        spacing=12,
    ).properties(
        title=alt.TitleParams(
            title,
            subtitle=wrap(subtitle, _LINE),
            anchor="start",
            subtitleColor=LIGHT.muted,
            fontSize=13,
        )
    )


def _places(groups: list[Group], title: str) -> Any:
    """The horizontal axis: places in the order of the cells."""
    import altair as alt

    places = list(dict.fromkeys(at for _, at, _ in groups))
    return alt.X("at:N", sort=places, title=title, axis=alt.Axis(labelAngle=0))


def _scale(names: tuple[str, ...], values: tuple[Any, ...]) -> Any:
    """Each name its own value."""
    import altair as alt

    return alt.Scale(domain=list(names), range=list(values))


def _clipped(value: float) -> float:
    """Within what is drawn."""
    return min(max(value, LIMITS[0]), LIMITS[1])


def _listed(shares: tuple[float, ...]) -> str:
    """Shares in words."""
    said = [f"{share:.0%}".removesuffix("%") for share in shares]
    return f"{', '.join(said[:-1])} and {said[-1]} %"
