"""Score the package on its own reference class: one resumable command.

Runs `forecasts backtest` over the technology cost series, every second row, with the population
learned without each series' own family, and writes ``validation/scoreboard.md`` from its forecasts:
once for as-of dates from the ninth row on, as in the published comparison, and once for all.
With series or folders on the command line it scores those instead.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

import pandas as pd

from forecasts.backtest_run import backtest, unfinished
from forecasts.catalog import catalogue, open_series
from forecasts.progress import shown
from forecasts.scoreboard import score, to_markdown
from forecasts.series import Series
from forecasts.targets import FIRST_ROW

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "validation"
EVERY, SEED, HORIZONS = 2, 1, (1.0, 5.0, 10.0)
FIGURES = "technology costs"


def main() -> None:
    """Read the options, run what is missing, write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("series", nargs="*", help="ids or CSV files; default: technology costs")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--cells", type=Path, help="folder of finished cells, to continue a run")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    names = options.series or [c.id for c in catalogue() if c.group == FIGURES]
    series = [open_series(name) for name in names]
    folder = options.cells or Path(tempfile.gettempdir()) / "forecasts-scoreboard"
    asked = {"every": EVERY, "horizons": HORIZONS, "seed": SEED}
    with shown(unfinished(series, folder, **asked)) as progress:
        forecasts, plateaus = backtest(
            series, folder, **asked, workers=options.workers, progress=progress
        )
    options.out.mkdir(parents=True, exist_ok=True)
    shutil.copy(forecasts, options.out / "forecasts.csv")
    shutil.copy(plateaus, options.out / "plateaus.csv")
    text = page(pd.read_csv(forecasts), pd.read_csv(plateaus), series)
    (options.out / "scoreboard.md").write_text(text, encoding="utf-8")
    print(text)


def page(forecasts: pd.DataFrame, plateaus: pd.DataFrame, series: list[Series]) -> str:
    """Write the tables, and how many fits failed."""
    shares = [one.card for one in series if one.card.kind == "share"]
    maxima = {card.id: card.maximum or 1.0 for card in shares}
    failed = plateaus[~plateaus["converged"] & (plateaus["model"] != "averaged")]
    fits = int((plateaus["model"] != "averaged").sum())
    lines = [
        f"# Scoreboard: {len(series)} series, every {EVERY} rows, seed {SEED}",
        "",
        f"{len(failed)} of {fits} fits did not pass the convergence gate and took no part in the "
        "average.",
        *(f"- {row.series} {row.as_of} {row.model}" for row in failed.itertuples()),
        "",
        f"## As-of dates from the {FIRST_ROW}th row on",
        "",
        to_markdown(score(forecasts[_from_ninth_row(forecasts, series)], maxima)),
        "## All as-of dates",
        "",
        to_markdown(score(forecasts, maxima)),
    ]
    return "\n".join(lines)


def _from_ninth_row(forecasts: pd.DataFrame, series: list[Series]) -> pd.Series:
    """Tell which rows stand at the ninth row of their series or later."""
    never = "9999"
    first = {
        one.card.id: one.date[FIRST_ROW - 1].isoformat() if one.n >= FIRST_ROW else never
        for one in series
    }
    return forecasts["as_of"] >= forecasts["series"].map(first)


if __name__ == "__main__":
    main()
