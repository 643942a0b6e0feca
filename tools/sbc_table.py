"""Hold the ranks of simulation-based calibration against what they would be by chance.

The measure is a distance: the largest difference between the distribution function of the ranks
and the uniform one. Its bound is the band that a calibrated fit leaves once in a thousand times,
somewhere (Kolmogorov's, exact for the number of simulations).
"""

from functools import cache
from typing import Any

import numpy as np
from sbc_series import SAMPLED

from forecasts.chart_style import LIGHT, config, dash
from forecasts.models import SHAPES

#: What is ranked, and its heading.
QUANTITIES = {
    "growth": "growth",
    "scatter": "scatter",
    "likelihood": "log likelihood",
    "already": "P(already)",
    "plateau": "plateau date",
    "soon": "forecast, 1 year",
    "forecast": "forecast, 10 years",
}
#: Posterior draws that each truth is ranked among: ranks are 0 to this number.
RANKS = 99
#: Probability that calibrated ranks stay within the bound, and the most rough fits left out.
SURE, ROUGH = 0.999, 0.05
#: Every that many ranks is a point of the figure.
_STRIDE = 4

Row = dict[str, str]


def distances(rows: list[Row]) -> dict[str, float]:
    """Largest difference from uniform ranks, by quantity; those that cannot vary are left out."""
    ranks = {name: ranks_of(rows, name) for name in QUANTITIES}
    return {name: float(np.abs(excess(r)).max()) for name, r in ranks.items() if len(r)}


def ranks_of(rows: list[Row], name: str) -> np.ndarray:
    """Ranks of one quantity, where it can vary: an exponential never plateaus, but for a share."""
    return np.array(
        [
            int(row[f"rank_{name}"])
            for row in rows
            if name not in ("already", "plateau")
            or row["kind"].endswith("share")
            or row["shape"] != "exponential"
        ],
        int,
    )


def excess(ranks: np.ndarray) -> np.ndarray:
    """Distribution function of the ranks minus the uniform one; shape (RANKS + 1,)."""
    reached = np.cumsum(np.bincount(ranks, minlength=RANKS + 1)) / len(ranks)
    return reached - np.arange(1, RANKS + 2) / (RANKS + 1)


@cache
def bound(count: int) -> float:
    """Distance within which calibrated ranks stay with probability `SURE`."""
    from scipy.stats import kstwo

    return float(kstwo.ppf(SURE, count))


def table(rows: list[Row]) -> str:
    """The table of distances, in Markdown."""
    head = ["shape", "kind", "simulations", "NUTS", "rough", "refused", *QUANTITIES.values()]
    lines = [
        "Largest difference between the distribution function of the truth's ranks among "
        f"{RANKS} posterior draws and the uniform one. A calibrated fit stays within the *bound* "
        f"with probability {SURE:.1%}; beyond it the figure is bold. *NUTS*: fits that importance "
        "sampling left rough and NUTS repeated. *Rough*: fits that did not pass the gate, left "
        f"out; at most {ROUGH:.0%} are allowed. *Refused*: share of drawn rows that no series can "
        "have, drawn again. Lines named *every* pool the simulations.",
        "",
        "| " + " | ".join([*head, "bound", "verdict"]) + " |",
        "|" + "---|" * (len(head) + 2),
    ]
    groups = [(shape, kind, _those(rows, shape, kind)) for shape in SHAPES for kind in SAMPLED]
    groups += [(shape, "every", _those(rows, shape, "")) for shape in SHAPES]
    groups += [("every", kind, _those(rows, "", kind)) for kind in SAMPLED]
    groups += [("every", "every", rows)]
    lines += [_line(shape, kind, mine) for shape, kind, mine in groups if mine]
    return "\n".join(lines) + "\n"


def _line(shape: str, kind: str, rows: list[Row]) -> str:
    """One line of the table."""
    good = [row for row in rows if not row["rough"]]
    limit = bound(len(good))
    apart = distances(good)
    failed = [name for name, d in apart.items() if d > bound(len(ranks_of(good, name)))]
    shown = [_shown(apart.get(name), bold=name in failed) for name in QUANTITIES]
    refused = sum(int(row["refused"]) for row in rows)
    lost = len(rows) - len(good)
    verdict = "fails: " + ", ".join(QUANTITIES[name] for name in failed) if failed else "holds"
    if lost > ROUGH * len(rows):
        verdict += "; too many rough fits"
    nuts = sum(row["method"] == "nuts" for row in rows)
    counts = [str(len(rows)), str(nuts), str(lost), f"{refused / (refused + len(rows)):.0%}"]
    cells = [shape, kind, *counts]
    return "| " + " | ".join([*cells, *shown, f"{limit:.3f}", verdict]) + " |"


def _shown(distance: float | None, *, bold: bool) -> str:
    """A distance; a dash where there is none."""
    if distance is None:
        return "—"
    return f"**{distance:.3f}**" if bold else f"{distance:.3f}"


def figure(rows: list[Row]) -> Any:
    """Draw the differences of every shape and kind, by quantity, with the bound as a band.

    Parameters
    ----------
    rows : list of dict
        Simulations; rough ones are left out.

    Returns
    -------
    altair.FacetChart
        A panel a kind and quantity, a line a shape.
    """
    import altair as alt

    good = [row for row in rows if not row["rough"]]
    points = [point for shape in SHAPES for kind in SAMPLED
              for point in _points(_those(good, shape, kind))]  # fmt: skip
    fewest = min(point["count"] for point in points)
    names = list(SHAPES)
    dashes = [dash(name, names) for name in names]
    base = alt.Chart().encode(
        x=alt.X("rank:Q", title="rank of the truth", axis=alt.Axis(tickCount=3, format="%")),
    )
    line = base.mark_line(strokeWidth=1.2).encode(
        y=alt.Y("excess:Q", title=None, axis=alt.Axis(tickCount=5, format="+.1f")),
        color=alt.Color("shape:N", scale=alt.Scale(domain=names, range=list(LIGHT.models))),
        strokeDash=alt.StrokeDash("shape:N", scale=alt.Scale(domain=names, range=dashes)),
    )
    band = base.mark_area(opacity=0.12, color=LIGHT.shade).encode(
        y=alt.Y("min(low):Q"), y2=alt.Y2("max(high):Q")
    )
    panel = alt.layer(band, line, data=alt.InlineData(values=points))
    return (
        panel.properties(width=105, height=80)
        .facet(
            row=alt.Row("kind:N", sort=list(SAMPLED), title=None),
            column=alt.Column("quantity:N", sort=list(QUANTITIES.values()), title=None),
        )
        .properties(
            title=f"Distribution of the truth's ranks minus the uniform one, {fewest} or more "
            f"simulations a line; grey: where {SURE:.1%} of calibrated lines stay"
        )
        .configure(**config(LIGHT))
    )


def _points(rows: list[Row]) -> list[dict[str, Any]]:
    """Points of the lines of one shape and kind."""
    if not rows:
        return []
    limit, at = bound(len(rows)), np.arange(-1, RANKS + 1, _STRIDE)
    out = []
    for name in QUANTITIES:
        ranks = ranks_of(rows, name)
        if not len(ranks):
            continue
        over = np.append(excess(ranks), 0.0)
        for rank in at:
            point = {"rank": (rank + 1) / (RANKS + 1), "excess": round(float(over[rank]), 4)}
            where = {"shape": rows[0]["shape"], "kind": rows[0]["kind"]}
            band = {"low": -round(limit, 4), "high": round(limit, 4), "count": len(rows)}
            out.append({**where, "quantity": QUANTITIES[name], **point, **band})
    return out


def _those(rows: list[Row], shape: str, kind: str) -> list[Row]:
    """Rows of a shape and a kind; an empty name is any."""
    return [row for row in rows if shape in ("", row["shape"]) and kind in ("", row["kind"])]
