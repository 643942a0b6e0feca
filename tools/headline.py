"""Fit the headline series at the dates that matter, for seeds 1 to 5, and hold them to account.

Writes one row a comparison to ``validation/headline.csv``, and prints the table of checks of
`headline_checks`, which it also writes beside it. Every finished row is kept: a rerun does what is
missing, and ``--fresh`` does everything again.
"""

import argparse
import dataclasses
import sys
from pathlib import Path

from headline_checks import table
from kept import Key, Row, read, write

from forecasts.catalog import load
from forecasts.comparison import Comparison, Progress, compare
from forecasts.progress import shown
from forecasts.series import Series

OUT = Path(__file__).resolve().parent.parent / "validation" / "headline.csv"
SEEDS = (1, 2, 3, 4, 5)
#: Figures of a row before they are written.
Columns = dict[str, object]
#: Series, what is changed in its card, and what was known then (empty: all that was observed).
CASES = (
    *(("cpu_clock", "", as_of) for as_of in ("", "1990", "1995", "2000", "2003-01-01")),
    ("airspeed", "", ""),
    ("airspeed", "until the last row", ""),
    *(
        ("airspeed", variant, as_of)
        for as_of in ("1945-01-01", "1945", "1950-01-01", "1950")
        for variant in ("", "without gaps")
    ),
    ("llm_compute", "", ""),
    ("llm_price", "", ""),
    ("rupp_transistors", "", ""),
)
KEYS = ("series", "variant", "as_of", "seed")
#: Where the forecast of an item of 2015 is read as of 2003-01-01: the year's start and its end.
ITEM_CASE, ITEM_DATES = ("cpu_clock", "", "2003-01-01"), ("2015-01-01", "2016-01-01")


def main() -> None:
    """Read the options, run what is missing, print the checks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT, help="default: validation/headline.csv")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS), metavar="N")
    parser.add_argument("--fresh", action="store_true", help="forget the rows of an earlier run")
    options = parser.parse_args()
    rows = {} if options.fresh else read(options.out, KEYS)
    # One seed after the other: the table of checks makes sense after the first of them.
    wanted = [(*case, str(seed)) for seed in options.seeds for case in CASES]
    todo = [key for key in wanted if key not in rows]
    with shown(len(todo)) as progress:
        for key in todo:
            rows[key] = measure(key, progress)
            write(options.out, [rows[each] for each in sorted(rows, key=place)])
    print(f"{len(todo)} comparisons fitted, {len(rows)} in {options.out}", file=sys.stderr)
    checks = table(list(rows.values()))
    options.out.with_suffix(".md").write_text(checks + "\n", encoding="utf-8")
    print(checks)


def changed(series: Series, variant: str) -> Series:
    """Return the series with its card changed as the variant says."""
    card = series.card
    if variant == "without gaps":
        card = dataclasses.replace(card, gaps=())
    if variant == "until the last row":
        card = dataclasses.replace(card, observed_through=series.date[-1])
    return dataclasses.replace(series, card=card, as_of=card.observed_through)


def measure(key: Key, progress: Progress) -> Row:
    """Compare one series at one date with one seed, as one row of the table."""
    name, variant, as_of, seed = key
    series = changed(load(name), variant)
    answer = compare(series, as_of=as_of or None, seed=int(seed), progress=progress)
    row: Columns = dict(zip(KEYS, key, strict=True))
    row |= {"n": answer.series.n, **plateau_columns(answer), **gate_columns(answer)}
    if key[:3] == ITEM_CASE:
        row |= item_columns(answer)
    row["seconds"] = round(answer.seconds, 1)
    return {name: shortened(value) for name, value in row.items()}


def plateau_columns(answer: Comparison) -> Columns:
    """P(already), with and without the stop component, weights, and the plateau's quantiles."""
    result = answer.to_dict()
    plateau, models = result["plateau"], result["models"]
    row: Columns = {
        "p_already": plateau["p_already"],
        "p_already_without_stop": plateau["without_stop"]["p_already"],
        **{f"p_already_{name}": m["plateau"]["p_already"] for name, m in models.items()},
        **{f"weight_{name}": model["weight"] for name, model in models.items()},
    }
    parts = {"averaged": plateau} | {m: models[m]["plateau"] for m in ("piecewise", "logistic")}
    for part, found in parts.items():
        for name, level in (("q05", "0.05"), ("q50", "0.5"), ("q95", "0.95")):
            row[f"plateau_{part}_{name}"] = found["quantiles"][level]
    return row


def gate_columns(answer: Comparison) -> Columns:
    """The convergence figures of every fit."""
    free = {f"{name}_without_stop": fit for name, fit in answer.without_stop.items()}
    fits = {**answer.fits, **free}
    return {
        f"{name}_{figure}": value
        for name, fit in fits.items()
        for figure, value in fit.diagnostics.to_dict().items()
    }


def item_columns(answer: Comparison) -> Columns:
    """The 90 % interval of an item of 2015: naive, averaged, by shape, by hazard."""
    result = answer.to_dict()
    row: Columns = {}
    for date in ITEM_DATES:
        ahead = next(f for f in result["forecast"] if f["date"] == date)
        sources = {"naive": ahead["naive"], "averaged": ahead["averaged"], **ahead["models"]}
        for name in ("naive", "averaged", "piecewise", "logistic"):
            row |= {f"item_{date}_{name}_{q}": sources[name][q] for q in ("q05", "q95")}
        for entry in result["sensitivity"]["hazards"]:
            at = next(f for f in entry["forecast"] if f["date"] == date)
            row[f"item_{date}_hazard_{entry['hazard']:g}_q05"] = at["q05"]
    return row


def shortened(value: object) -> str:
    """Write a cell: six digits, nothing for None."""
    if isinstance(value, float):
        return f"{value:.6g}"
    return "" if value is None else str(value)


def place(key: Key) -> tuple[int, int]:
    """Order of the rows in the file: that of `CASES`, anything else behind."""
    case, seed = key[:3], int(key[3])
    return CASES.index(case) if case in CASES else len(CASES), seed


if __name__ == "__main__":
    main()
