"""Score the package on its own reference class: one resumable command that writes everything.

Runs `forecasts backtest` over the bundled series, each with the population learned without its own
family, and writes from its two tables ``scoreboard.md`` and ``scoreboard.html`` beside them, and
for the bundled series the small files from which report pages show how such forecasts did before.
With series, files or ``--groups`` it scores those instead; ``--estimate`` only counts, and
``--pages-only`` writes the pages again, for what other commands found since.
"""

import argparse
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from forecasts.backtest_run import backtest, read_table, unfinished
from forecasts.baselines import available
from forecasts.catalog import catalogue, data_directory, open_series
from forecasts.cells import AVERAGED, questions
from forecasts.code_digest import code_digest
from forecasts.progress import shown
from forecasts.report.scores import Extra, page
from forecasts.score_sections import failures, sections, to_markdown
from forecasts.score_tables import read_table as read_markdown
from forecasts.scores import covered, mean_over_series
from forecasts.series import Series
from forecasts.stored_backtest import FOLDER, read, write
from forecasts.targets import FIRST_ROW, FIRST_ROW_SHORT, SHORT
from forecasts.versions import versions

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "validation"
EVERY, MOST, SEED, HORIZONS = 2, 40, 1, (1.0, 5.0, 10.0)
#: Relatives of other series, which would count the same history twice.
NOT_SCORED = "shown beside"
#: Series with more rows than this are asked at half as many dates: their cells are slow.
LONG = 300
#: Seconds that a cell takes a core, for the estimate only: 1,235 cells took 78 minutes on two.
SECONDS = 7.6


def main() -> None:
    """Read the options, run what is missing, write everything."""
    options = _options()
    series = _chosen(options)

    def every(one: Series) -> int:
        return step_of(one, options.every, options.most)

    print(estimate(series, every, options.workers))
    if options.estimate:
        return
    bundled = set(options.series) <= {card.id for card in catalogue()}
    if options.pages_only:
        paths = _made_before(series, options.out)
    else:
        folder = options.cells or Path(tempfile.gettempdir()) / "forecasts-scoreboard"
        asked = {"every": every, "horizons": HORIZONS, "seed": SEED}
        with shown(unfinished(series, folder, **asked)) as progress:
            made = backtest(series, folder, **asked, workers=options.workers, progress=progress)
        options.out.mkdir(parents=True, exist_ok=True)
        paths = [Path(shutil.copy(path, options.out / path.name)) for path in made]
    forecasts, plateaus = (read_table(path) for path in paths)
    steps = (
        f"from the {FIRST_ROW}th row on (the {FIRST_ROW_SHORT}th of fewer than {SHORT}), every "
        f"{options.every} rows, farther apart where a series would have more than {options.most} "
        f"(half as many for one of more than {LONG} rows)"
    )
    lacking = not_scored(series) if bundled else []
    print(write_all(forecasts, plateaus, series, options.out, steps=steps, lacking=lacking))
    # A file of one's own may bear the name of a bundled series.
    if bundled and not options.no_pages and not options.pages_only:
        write(data_directory() / FOLDER, forecasts, plateaus, series, seed=SEED)


def _made_before(series: Sequence[Series], out: Path) -> list[Path]:
    """Find the two tables of an earlier run, if the present models made them of the same rows."""
    paths = [out / "forecasts.csv", out / "plateaus.csv"]
    if missing := [path for path in paths if not path.is_file()]:
        raise SystemExit(f"no {missing[0]}: run without --pages-only first")
    for one in series:
        stored = read(one.card.id)
        changed = stored.older_than(one) if stored else "series"
        if changed or stored.made["versions"] != versions():
            raise SystemExit(
                f"the {changed or 'packages'} of {one.card.id} changed: run without --pages-only"
            )
    return paths


def _options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("series", nargs="*", help="ids or CSV files; default: the reference class")
    parser.add_argument("--groups", help="groups of the catalogue, with commas")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--cells", type=Path, help="folder of finished cells, to continue a run")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--every", type=int, default=EVERY, help="rows between as-of dates")
    parser.add_argument("--most", type=int, default=MOST, help="as-of dates a series, about")
    parser.add_argument("--estimate", action="store_true", help="count the cells, do nothing")
    parser.add_argument(
        "--pages-only",
        action="store_true",
        help="of the reference class: write the pages again from the tables in --out",
    )
    parser.add_argument("--no-pages", action="store_true", help="leave data/backtests alone")
    return parser.parse_args()


def _chosen(options: argparse.Namespace) -> list[Series]:
    """Open the series that were asked for."""
    if options.series:
        return [open_series(name) for name in options.series]
    cards = catalogue()
    groups = {card.group for card in cards} - {NOT_SCORED}
    if options.groups:
        wanted = {name.strip() for name in options.groups.split(",")}
        if unknown := wanted - groups - {NOT_SCORED}:
            raise SystemExit(f"no group {min(unknown)!r}: choose from {', '.join(sorted(groups))}")
        groups = wanted
    return [open_series(card.id) for card in cards if card.group in groups]


def step_of(series: Series, every: int, most: int) -> int:
    """Rows between as-of dates: `every`, or more where a series would have too many of them."""
    count = len(questions(series, every=every, horizons=HORIZONS))
    wanted = max(1, most // 2) if series.n > LONG else most
    return every * max(1, -(-count // wanted))


def estimate(series: Sequence[Series], every, workers: int) -> str:
    """Count the cells by group, and guess the time from an empty store."""
    cells, number = Counter(), Counter()
    for one in series:
        cells[one.card.group or "own"] += len(questions(one, every=every(one), horizons=HORIZONS))
        number[one.card.group or "own"] += 1
    lines = [f"  {group}: {cells[group]} cells of {number[group]} series" for group in cells]
    total = f"{sum(cells.values())} cells of {len(series)} series, about "
    minutes = sum(cells.values()) * SECONDS / workers / 60
    return "\n".join([*lines, f"{total}{minutes:.0f} minutes on {workers} workers"])


def write_all(
    forecasts: pd.DataFrame,
    plateaus: pd.DataFrame,
    series: Sequence[Series],
    out: Path,
    *,
    steps: str = "",
    lacking: Sequence[str] = (),
) -> str:
    """Write both pages; give the Markdown."""
    parts = sections(forecasts, plateaus, series)
    failed, fits = failures(plateaus)
    title = f"Scoreboard: {forecasts['series'].nunique()} series, seed {SEED}"
    sentence, made = summary(forecasts), _made(steps, lacking)
    gate = (
        f"{len(failed)} of {fits} fits did not pass the convergence gate and took no part in the "
        "average."
    )
    text = "\n".join(
        [
            f"# {title}\n",
            f"{sentence}\n",
            f"{made}\n",
            to_markdown(parts),
            *_markdown_of(_extras()),
            "## Fits that failed\n",
            f"{gate}\n",
            *(f"- {name}" for name in failed),
        ]
    )
    (out / "scoreboard.md").write_text(text.rstrip() + "\n", encoding="utf-8")
    html = page(
        parts,
        title=title,
        sentence=sentence,
        made=made,
        failed=failed,
        fits=fits,
        extras=_extras(),
    )
    (out / "scoreboard.html").write_text(html, encoding="utf-8")
    return text


def summary(forecasts: pd.DataFrame) -> str:
    """Say in a sentence what it comes to."""
    said = []
    names = {
        AVERAGED: "the averaged forecast",
        "ols": "the naive line",
        "rwd": "a random walk with drift",
    }
    for model, name in names.items():
        cells = forecasts[forecasts["model"] == model]
        if cells.empty:
            continue
        quantiles = cells[["q05", "q25", "q50", "q75", "q95"]].to_numpy(float)
        inside = covered(quantiles, cells["actual"].to_numpy(float), coverage=0.9)
        share = mean_over_series(inside.astype(float), cells["series"].tolist())
        said.append(f"{100 * share:.0f} % for {name}")
    cells = int((forecasts["model"] == AVERAGED).sum())
    return (
        f"How often the 90 % interval held what came: {', '.join(said)}. That is over {cells} "
        f"forecasts of {forecasts['series'].nunique()} series, each series weighing the same."
    )


def not_scored(series: Sequence[Series]) -> list[str]:
    """Ids of the reference class that some series lack."""
    scored = {one.card.id for one in series}
    reference = (card.id for card in catalogue() if card.group != NOT_SCORED)
    return [name for name in reference if name not in scored]


def _made(steps: str, lacking: Sequence[str]) -> str:
    """Say with what it was made, and of which series it was not."""
    packages = ", ".join(f"{name} {number}" for name, number in versions().items())
    return (
        f"As-of dates {steps}; baselines {', '.join(available())}; "
        f"code {code_digest()[:12]}, {packages}. Priors were learned from the other families "
        "as they are known today, not as of each date; the rate of changes is a stated one, held "
        "against others on past dates of the series other than technology costs (`hazard.md`)."
        + (
            f" Series of the reference class that are not in it: {', '.join(lacking)}."
            * bool(lacking)
        )
    )


def _extras() -> list[Extra]:
    """What other commands found and committed, where it is there."""
    found = []
    for heading, text, table, picture in (
        (
            "Simulation-based calibration",
            "Trends drawn from the prior, and whether the fit gets them back. By tools/sbc.py.",
            "sbc.md",
            "sbc.svg",
        ),
        (
            "Trends that never end",
            "Simulated ones, and how often they were called a plateau. By tools/validate.py.",
            "negative_control.md",
            None,
        ),
        (
            "Thin data, and the rule for it",
            "Logistic trends of which ever more has been seen. By tools/thin_data.py.",
            "thin_data.md",
            "thin_data.svg",
        ),
        (
            "Priors that knew no later row",
            "The headline backtests with every reference series cut at the same day; the stated "
            "hazard and spread of persistence alone were chosen with later rows known. "
            "By tools/strict.py.",
            "strict.md",
            None,
        ),
        (
            "Pauses that were not the end",
            "Five famous ones, and what was said of them. By tools/false_plateaus.py.",
            "false_plateaus.md",
            None,
        ),
    ):
        path = OUT / table
        if path.is_file():
            svg = (OUT / picture).read_text("utf-8") if picture else ""
            found.append(Extra(heading, text, read_markdown(path.read_text("utf-8")), svg))
    return found


def _markdown_of(extras: Sequence[Extra]) -> list[str]:
    """The same in Markdown."""
    return [f"## {one.heading}\n\n{one.text}\n\n{one.table.to_markdown()}" for one in extras]


if __name__ == "__main__":
    main()
