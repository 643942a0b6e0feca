"""Choose the hazard by score: how well other hazards would have foretold the reference class.

For each hazard the rest of the population is learned given it (`forecasts.hierarchy`), and the
averaged forecasts 5 and 10 years (or rows) ahead are scored on a sample of past dates of the
series that are *not* technology costs, so that the published comparison on those stays out of the
choice. Writes ``validation/hazard.md``: the mean logarithm of the ratio of CRPS to that of the
first hazard, families weighing the same, with its standard error.
"""

import argparse
from functools import partial
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd
from learn_population import reference_class, summary

from forecasts.catalog import load
from forecasts.cells import AVERAGED, Question, answer, questions
from forecasts.hierarchy import learn
from forecasts.progress import shown
from forecasts.recycled import recycle
from forecasts.workers import processes

OUT = Path(__file__).resolve().parent.parent / "validation" / "hazard.md"
HAZARDS = (0.02, 0.01, 0.035, None)
HORIZONS, EVERY, SEED = (5.0, 10.0), 3, 1
PUBLISHED = "technology costs"
#: Longer series take minutes a cell, shorter ones have nothing to score.
ROWS = (10, 120)


def main() -> None:
    """Learn at each hazard, score, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=60, help="past dates that are scored")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    series = reference_class(None)
    recycled = [recycle(one, seed=SEED) for one in series]
    asked = sample(options.cells)
    rows = []
    with processes(options.workers) as pool, shown(len(HAZARDS) * len(asked)) as progress:
        for hazard in HAZARDS:
            learned = learn(recycled, hazard=hazard, seed=SEED)
            file = summary(learned, series, recycled, None, SEED)
            file["hazard_by_rows"] = [learned.population("index").hazard] * 3
            name = "by the rows alone" if hazard is None else f"{hazard:.1%}"
            for found in pool.map(partial(scored, file), asked):
                rows += [{**row, "hazard": name} for row in found]
                progress(name, 1, 1)
    OUT.write_text(table(pd.DataFrame(rows)), encoding="utf-8")
    print(OUT.read_text(encoding="utf-8"))


def sample(count: int) -> list[Question]:
    """Draw past dates of the series other than technology costs."""
    found = []
    for one in reference_class(None):
        if one.card.group != PUBLISHED and ROWS[0] <= one.n <= ROWS[1]:
            whole = load(one.card.id)
            found += questions(whole, every=EVERY, horizons=HORIZONS, seed=SEED)
    keep = np.random.default_rng(SEED).permutation(len(found))[:count]
    return [found[i] for i in keep]


def scored(file: dict, question: Question) -> list[dict]:
    """CRPS of the averaged forecasts of one past date under another population."""
    with patch("forecasts.learned.learned_file", lambda: file):
        rows = answer(question)["forecasts"]
    family = question.series.card.family
    return [
        {"h": row["h"], "family": family, "crps": row["crps"]}
        for row in rows
        if row["model"] == AVERAGED
    ]


def table(rows: pd.DataFrame) -> str:
    """Write the comparison for people."""
    families = rows.groupby(["h", "family", "hazard"])["crps"].mean().unstack("hazard")
    ratio = np.log(families).sub(np.log(families[f"{HAZARDS[0]:.1%}"]), axis=0)
    lines = [
        f"# Hazards by score: seed {SEED}, {len(rows) // rows['hazard'].nunique()} forecasts of "
        f"{rows['family'].nunique()} families other than technology costs",
        "",
        "Mean over families of log(CRPS / CRPS at the first hazard), ± its standard error: above "
        "zero is worse. `tools/score_hazard.py`.",
        "",
        "| hazard a year | 5 ahead | 10 ahead |",
        "|---|---|---|",
    ]
    for name in rows["hazard"].unique():
        cells = [
            f"{ratio.loc[h, name].mean():+.3f} ± {ratio.loc[h, name].sem():.3f}" for h in HORIZONS
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
