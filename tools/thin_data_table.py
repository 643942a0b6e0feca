"""Count how often what is said of a plateau date is wrong, open or useful; say it in a table."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from kept import Row
from thin_data_cases import NOISE, PLENTY, SEEN

#: What a 90 % interval of the plateau date may be; see the table's caption.
OUTCOMES = ("wrong", "open", "useful")
#: An interval that misses by more than this share of the years observed is far off.
FAR = 0.25
#: P(already) from which a trend is said to be over.
ALARM = 0.5
#: Multiple of the true ceiling from which it counts as not in sight.
SIGHT = 99.0
AVERAGED, LOGISTIC = "averaged", "logistic"
CAPTION = (
    "Simulated logistic trends, and what the average says of their plateau date. Its 90 % interval "
    "is *wrong* where it does not hold the true date (*far*: misses it by more than a quarter of "
    "the years observed), *open* where it holds it but ends beyond the horizon or is wider than "
    "the years observed, else *useful*. All are counted with the thin-data rule off; *withheld* is "
    "what the rule would have withheld, for its rows or because growth itself is in doubt, and "
    "*wrong, shown* the share of all that is wrong and would not have been. *Early*: P(already) of "
    "½ or more before the plateau. *Width*: median, in years observed. *Logistic holds*: share of "
    "the logistic shape's own intervals that hold the date; *ceiling*: its 5, 50 and 95 % "
    "quantiles as multiples of the true ceiling, medians; *open* there: not in sight. *Rough*: "
    "simulations in which a shape did not pass the gate and took no part. The upper lines are by "
    f"the share of the curve seen, of {PLENTY} rows; the lower ones by rows and by doublings from "
    "the first value to the last, both kinds together, with the middle noise."
)
COLUMNS = (
    "trends", "simulations", "rough", "withheld: rows", "growth", "wrong", "far", "open",
    "useful", "wrong, shown", "early", "P(already)", "width", "logistic holds", "ceiling",
)  # fmt: skip
#: Lines of the rule: name, whether a simulation belongs to it given its rows and doublings.
_LINES: tuple[tuple[str, Callable[[int, float], bool]], ...] = (
    ("3 or 4 rows, under 3 doublings", lambda n, d: n < 5 and d < 3),
    ("3 or 4 rows, 3 or more", lambda n, d: n < 5 and d >= 3),
    ("4 rows, 3 or more", lambda n, d: n == 4 and d >= 3),
    ("5 rows, 3 or more", lambda n, d: n == 5 and d >= 3),
    ("5 to 9 rows, under 1", lambda n, d: 5 <= n < 10 and d < 1),
    ("5 to 9 rows, 1 to 2", lambda n, d: 5 <= n < 10 and 1 <= d < 2),
    ("5 to 9 rows, 2 to 3", lambda n, d: 5 <= n < 10 and 2 <= d < 3),
    ("5 to 9 rows, 3 to 4", lambda n, d: 5 <= n < 10 and 3 <= d < 4),
    ("5 to 9 rows, 4 or more", lambda n, d: 5 <= n < 10 and d >= 4),
    ("9 rows, under 3", lambda n, d: n == 9 and d < 3),
    ("10 rows, under 3", lambda n, d: n == 10 and d < 3),
    ("10 or 12 rows, under 1", lambda n, d: n >= 10 and d < 1),
    ("10 or 12 rows, 1 to 3", lambda n, d: n >= 10 and 1 <= d < 3),
    ("10 or 12 rows, 3 or more", lambda n, d: n >= 10 and d >= 3),
)
#: Limits of the lines by P(growth), of which `forecasts.plateau.TREND` is one.
_GROWTH = (0.0, 0.8, 0.95, 0.99, 1.01)


def outcome(row: Row, name: str = AVERAGED) -> str:
    """Say what the 90 % interval is; empty text where there is none."""
    if not row[f"{name}_holds"]:
        return ""
    if row[f"{name}_holds"] == "no":
        return "wrong"
    return "open" if float(row[f"{name}_width"]) > float(row["years"]) else "useful"


def far(row: Row) -> bool:
    """Whether the averaged interval misses the true date by far."""
    low, high, due = (float(row[c]) for c in ("averaged_q05", "averaged_q95", "due"))
    return max(low - due, due - high) > FAR * float(row["years"])


def early(row: Row) -> bool:
    """Whether a trend is said to be over that is not; on the day itself either is right."""
    return float(row["averaged_p_already"]) >= ALARM and float(row["seen"]) < 0.9


def sound(rows: list[Row]) -> list[Row]:
    """Rows in which the logistic shape passed the gate."""
    return [row for row in rows if LOGISTIC not in row["rough"].split()]


def middle(rows: list[Row], column: str) -> float:
    """Median of a column; inf stays inf."""
    return float(np.quantile([float(row[column]) for row in rows], 0.5, method="inverted_cdf"))


def table(rows: list[Row]) -> str:
    """The table, in Markdown."""
    lines = [CAPTION, "", "| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    lines += [_line(name, mine) for name, mine in _groups(rows) if mine]
    return "\n".join(lines) + "\n"


def _groups(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    """Name the lines, and the simulations of each."""
    curve = [row for row in rows if row["study"] == "curve"]
    found = [
        (
            f"{kind}, noise {noise:g}, {seen:.0%} seen",
            [r for r in curve if (r["kind"], float(r["noise"]), float(r["seen"]))
             == (kind, noise, seen)],
        )
        for kind, levels in NOISE.items() for noise in levels for seen in SEEN
    ]  # fmt: skip
    rule = [row for row in rows if row["study"] == "rule"]
    found += [
        (name, [r for r in rule if holds(int(r["rows"]), float(r["seen_doublings"]))])
        for name, holds in _LINES
    ]
    for low, high in pairwise(_GROWTH):
        mine = [row for row in rule if low <= float(row["p_growth"]) < high]
        found.append((f"P(growth) {low:g} to {min(high, 1.0):g}", mine))
    return found


def _line(name: str, rows: list[Row]) -> str:
    """One line of the table."""
    said = [row for row in rows if outcome(row)]
    if not said:
        return f"| {name} | {len(rows)} |" + " — |" * (len(COLUMNS) - 2)
    own = sound(rows)
    counts = {each: sum(outcome(row) == each for row in said) for each in OUTCOMES}
    shown = sum(outcome(row) == "wrong" and not row["withheld"] for row in said)
    shares = [
        *(sum(row["withheld"] == why for row in said) for why in ("rows", "growth")),
        counts["wrong"],
        sum(far(row) for row in said),
        counts["open"],
        counts["useful"],
        shown,
        sum(early(row) for row in said),
    ]
    widths = [float(row["averaged_width"]) / float(row["years"]) for row in said]
    cells = [
        name,
        str(len(rows)),
        str(sum(bool(row["rough"]) for row in rows)),
        *(f"{share / len(said):.0%}" for share in shares),
        f"{np.mean([float(row['averaged_p_already']) for row in said]):.2f}",
        number(float(np.quantile(widths, 0.5, method="inverted_cdf"))),
        f"{np.mean([outcome(row, LOGISTIC) != 'wrong' for row in own]):.0%}" if own else "—",
        _ceiling(own) if own else "—",
    ]
    return "| " + " | ".join(cells) + " |"


def _ceiling(rows: list[Row]) -> str:
    """Medians of the three quantiles."""
    low, half, high = (number(middle(rows, f"ceiling_{q}")) for q in ("q05", "q50", "q95"))
    return f"{half} ({low} to {high})"


def number(value: float) -> str:
    """Two digits, in short; beyond `SIGHT` nothing is known."""
    return f"{value:.2g}" if value <= SIGHT else "open"
