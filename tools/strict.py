"""Ask the headline backtests again with a prior that knew no later row of any series.

Scores use what the other families teach today. Here every reference series is cut at the same
as-of date first, the population is learned from what is left (without the family of the series
asked), and P(already) and the forecast ten years ahead stand beside those with the usual prior. The
dates are those of the headline checks, and those at which the time machine called a plateau.
Writes ``validation/strict.md``.
"""

import argparse
import datetime
from dataclasses import asdict
from pathlib import Path
from unittest.mock import patch

import pandas as pd
from learn_population import reference_class

from forecasts.catalog import load
from forecasts.cells import AVERAGED, Question, answer
from forecasts.hierarchy import KINDS, learn
from forecasts.lead_time import ALARMS, watched
from forecasts.learned import learned_file
from forecasts.population import HAZARD
from forecasts.progress import shown
from forecasts.recycled import recycle
from forecasts.targets import targets
from forecasts.workers import processes

VALIDATION = Path(__file__).resolve().parent.parent / "validation"
#: Past dates of the headline checks (`tools/headline.py`).
CHECKED = {
    "cpu_clock": ("1990", "1995", "2000", "2003-01-01"),
    "airspeed": ("1945", "1950"),
}
#: Years ahead of the forecast that is shown.
AHEAD, SEED = 10.0, 1
INTERVAL = "{q50:,.4g} ({q05:,.4g} to {q95:,.4g})"
HEAD = (
    "series", "as of", "families", "P(already), usual", "P(already), strict",
    f"{AHEAD:g} years ahead, usual", f"{AHEAD:g} years ahead, strict", "came",
)  # fmt: skip


def main() -> None:
    """Learn at each date, ask both ways, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    asked = [(name, day) for name in CHECKED for day in dates(name)]
    rows, held = [], []
    with processes(options.workers) as pool, shown(len(asked)) as progress:
        for (name, day), (row, kept) in zip(asked, pool.map(compared, asked), strict=True):
            rows.append(row)
            held += [kept] if kept else []
            progress(f"{name} {day}", 1, 1)
    text = table(rows, held)
    (VALIDATION / "strict.md").write_text(text, encoding="utf-8")
    print(text)


def dates(name: str) -> list[datetime.date]:
    """List the dates of the headline checks, and of the calls of the time machine."""
    plateaus = pd.read_csv(VALIDATION / "time_machine" / "plateaus.csv")
    calls = [
        one.called(level) for one in watched(plateaus) if one.series == name for level in ALARMS
    ]
    checked = [load(name).known_at(day).as_of for day in CHECKED[name]]
    return sorted({day for day in (*checked, *calls) if day is not None})


def compared(asked: tuple[str, datetime.date]) -> tuple[list[str], list[bool]]:
    """Answer one question with the usual prior and with the strict one: a row, and who held it."""
    name, day = asked
    series = load(name)
    question = Question(series, day, tuple(targets(series, day, (AHEAD,))), SEED)
    strict, families = cut_at(day, series.card.family)
    shown = [figures(question, file) for file in (learned_file(), strict)]
    came = question.targets[0].actual if question.targets else None
    row = [
        name,
        day.isoformat(),
        str(families),
        *(p for p, _ in shown),
        *(INTERVAL.format(**ahead) if ahead else "" for _, ahead in shown),
        "" if came is None else f"{came:,.4g}",
    ]
    known = [] if came is None else [ahead for _, ahead in shown]
    return row, [bool(ahead) and ahead["q05"] <= came <= ahead["q95"] for ahead in known]


def cut_at(day: datetime.date, family: str) -> tuple[dict, int]:
    """Learn what the other families taught by a day; the second number is how many they were."""
    series = [one for one in reference_class(day.isoformat()) if one.card.family != family]
    learned = learn([recycle(one, seed=SEED) for one in series], hazard=HAZARD, seed=SEED)
    kinds = {kind: asdict(learned.population(kind)) for kind in KINDS}
    return {"everyone": kinds, "families": {}}, len({one.family for one in learned.series})


def figures(question: Question, file: dict) -> tuple[str, dict]:
    """P(already) of the average under a population, and its forecast; empty without a target."""
    with patch("forecasts.learned.learned_file", lambda: file):
        found = answer(question)
    p = next(row["p_already"] for row in found["plateaus"] if row["model"] == AVERAGED)
    ahead = [row for row in found["forecasts"] if row["model"] == AVERAGED]
    return ("" if p is None else f"{p:.3f}"), ahead[0] if ahead else {}


def table(rows: list[list[str]], held: list[list[bool]]) -> str:
    """Write the comparison for people."""
    usual, strict = (sum(one) for one in zip(*held, strict=True))
    lines = [
        "With priors learned from the other families as known today (usual) and as known at the "
        "as-of date (strict); averaged median and 90 % interval. `tools/strict.py`.",
        "",
        f"Of the {len(held)} forecasts whose outcome is known, the 90 % interval held what came in "
        f"{usual} with the usual prior and in {strict} with the strict one.",
        "",
        "| " + " | ".join(HEAD) + " |",
        "|---" * len(HEAD) + "|",
        *("| " + " | ".join(row) + " |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
