"""Ask whether pauses that were not plateaus fool the average: five famous ones.

Prints and writes ``validation/false_plateaus.md``: what was forecast at the end of the as-of year
for the target year, whether the truth lies inside the averaged 90 % interval, its width beside that
of the Farmer-Lafond random walk (in the unit of the score: log value, or share of the maximum), and
P(already). All are means over ten seeds, and the ends of the interval come with their Monte-Carlo
standard error: a truth within two of them of an end is neither in nor out, but on the edge.
"""

import datetime
from pathlib import Path

import numpy as np

from forecasts.catalog import load
from forecasts.cells import AVERAGED, Question, answer
from forecasts.dates import decimal_year
from forecasts.targets import Target

OUT = Path(__file__).resolve().parent.parent / "validation" / "false_plateaus.md"
#: Series, year in which the forecast is made, year that it is for.
CASES = (
    ("adopt_washing_machine", 1944, 1954),
    ("adopt_vacuum", 1944, 1954),
    ("solar_pv_module_cost", 2005, 2013),
    ("airspeed", 1942, 1947),
    ("us_oil_production", 1992, 2015),
)
SEEDS = tuple(range(1, 11))
ENDS = ("q05", "q95")


def main() -> None:
    """Forecast the five cases and write the table."""
    lines = [
        "| series | as of | for | truth | averaged median (90 %) | inside | width | width of "
        "rwd_ma63 | P(already) |",
        "|---|---|---|---|---|---|---|---|---|",
        *(row(*case) for case in CASES),
    ]
    text = "\n".join(lines) + "\n"
    OUT.write_text(text, encoding="utf-8")
    print(text)


def row(name: str, made: int, wanted: int) -> str:
    """One line of the table."""
    series = load(name)
    as_of = datetime.date(made, 12, 31)
    day = _day(series, wanted)
    years = decimal_year(day) - decimal_year(as_of)
    target = Target(float(wanted - made), day, years, _truth(series, day))
    found = [answer(Question(series, as_of, (target,), seed)) for seed in SEEDS]
    ours, walk = _quantiles(found, AVERAGED), _quantiles(found, "rwd_ma63")
    already = [
        plateau["p_already"]
        for one in found
        for plateau in one["plateaus"]
        if plateau["model"] == AVERAGED
    ]
    middle = {name: values.mean() for name, values in ours.items()}
    error = {name: ours[name].std(ddof=1) / len(SEEDS) ** 0.5 for name in ENDS}
    low, high = (f"{middle[name]:.4g} ± {error[name]:.1g}" for name in ENDS)
    inside = middle["q05"] <= target.actual <= middle["q95"]
    edge = any(abs(target.actual - middle[name]) < 2 * error[name] for name in ENDS)
    verdict = "on the edge" if edge else "yes" if inside else "NO"
    return (
        f"| {name} | {as_of} | {day} | {target.actual:.4g} | {middle['q50']:.4g} "
        f"({low} to {high}) | {verdict} "
        f"| {_width(series, ours):.2f} | {_width(series, walk):.2f} "
        f"| {'withheld' if None in already else f'{np.mean(already):.2f}'} |"
    )


def _quantiles(found: list[dict], model: str) -> dict[str, np.ndarray]:
    """Quantiles of a model's forecast, one value a seed."""
    rows = [row for one in found for row in one["forecasts"] if row["model"] == model]
    return {name: np.array([row[name] for row in rows]) for name in (*ENDS, "q50")}


def _day(series, year: int) -> datetime.date:
    """The row of that year; for a record, its last day."""
    rows = [day for day in series.date if day.year == year]
    return rows[-1] if rows and series.card.kind != "record" else datetime.date(year, 12, 31)


def _truth(series, day: datetime.date) -> float:
    """Value of the row, or the record that stands."""
    known = series.value[: sum(row <= day for row in series.date)]
    return float(known.max() if series.card.kind == "record" else known[-1])


def _width(series, quantiles: dict[str, np.ndarray]) -> float:
    """Width of the 90 % interval on the scale of the score."""
    ends = np.array([quantiles[name].mean() for name in ENDS])
    if series.card.kind == "share":
        return float(np.ptp(ends) / series.card.maximum)
    return float(np.ptp(np.log(ends)))


if __name__ == "__main__":
    main()
