"""The command line: argument parsing and printing only.

Exit status: 0 fine, 1 a fit did not converge, 2 bad input or usage, 130 interrupted.
Results go to standard output, everything else to standard error.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from forecasts.cards import DIRECTIONS, KINDS, Flags
from forecasts.errors import ForecastsError, InputError
from forecasts.words import plain

if TYPE_CHECKING:
    from forecasts.comparison import Comparison
    from forecasts.series import Series

#: What `forecasts report` shows when no series is named.
FIRST_GROUPS = ("headline", "contrast", "shown beside")
HEADLINE = ("cpu_clock", "airspeed", "llm_compute", "llm_price", "rupp_transistors")
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal without × or ≤ gets a question mark, not a traceback.
            stream.reconfigure(errors="replace")
    try:
        return options.run(options)
    except ForecastsError as error:
        # A file's name may hold what a terminal would obey.
        print(f"forecasts: {plain(str(error))}", file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print("forecasts: interrupted; nothing half-written was left behind", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe has gone; Python must not complain about it again at exit.
        sys.stderr.close()
        return 0
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        print(f"forecasts: {plain(f'{error.strerror}:{where}')}", file=sys.stderr)
        return InputError.exit_status


def _parser() -> argparse.ArgumentParser:
    """Every command and option, with its help."""
    parser = argparse.ArgumentParser(
        prog="forecasts",
        description="How confidently can this trend be extrapolated? The posterior of when it "
        "plateaus, beside the naive exponential line.",
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    listing = commands.add_parser("list", help="list the bundled series")
    listing.add_argument("--json", action="store_true", help="print one JSON array")
    listing.set_defaults(run=_list)

    fit = commands.add_parser("fit", help="answer for one series, in words or as JSON")
    fit.add_argument("series", metavar="SERIES", help="an id from `forecasts list`, or a CSV file")
    _add_fit_options(fit)
    fit.add_argument("--json", action="store_true", help="print one JSON object")
    fit.add_argument("--save", metavar="FILE", help="write the draws as one zarr zip")
    fit.set_defaults(run=_fit)

    report = commands.add_parser("report", help="write an HTML report that opens offline")
    report.add_argument(
        "series", metavar="SERIES", nargs="*", help="ids or CSV files; default: the headline series"
    )
    report.add_argument(
        "--out", metavar="DIR", default="reports", help="folder (default: %(default)s)"
    )
    _add_fit_options(report)
    report.set_defaults(run=_report)

    back = commands.add_parser(
        "backtest", help="forecast as at past dates and score against what came"
    )
    back.add_argument(
        "series", metavar="SERIES", nargs="+", help="ids, CSV files, or folders of CSVs with cards"
    )
    back.add_argument(
        "--out",
        metavar="DIR",
        default="backtest",
        help="folder of forecasts.csv and plateaus.csv; a rerun continues (default: %(default)s)",
    )
    back.add_argument(
        "--every", metavar="N", type=_count, default=1, help="rows between as-of dates (default: 1)"
    )
    back.add_argument(
        "--horizons",
        metavar="H,H,…",
        type=_horizons,
        default=(1.0, 5.0, 10.0),
        help="rows ahead for evenly spaced index and share series, years otherwise "
        "(default: 1,5,10)",
    )
    back.add_argument(
        "--seed", metavar="N", type=_seed, default=0, help="same seed, same numbers (default: 0)"
    )
    where = back.add_mutually_exclusive_group()
    where.add_argument(
        "--workers", metavar="N", type=_count, default=1, help="processes (default: 1)"
    )
    where.add_argument(
        "--scheduler", metavar="ADDRESS", help="dask scheduler that does the work instead"
    )
    back.set_defaults(run=_backtest)
    return parser


def _add_fit_options(command: argparse.ArgumentParser) -> None:
    """Options of `fit` and `report`: the question, and how to read a CSV without a card."""
    command.add_argument(
        "--as-of", metavar="DATE", help="what was known then: yyyy, yyyy-mm or yyyy-mm-dd"
    )
    command.add_argument(
        "--horizon",
        metavar="YEARS",
        type=_years,
        default=30.0,
        help="years ahead that the answer covers, 1 to 200 (default: 30)",
    )
    command.add_argument(
        "--seed", metavar="N", type=_seed, default=0, help="same seed, same numbers (default: 0)"
    )
    command.add_argument(
        "--allow-unconverged",
        action="store_true",
        help="exit with status 0 even if a fit did not pass the convergence gate",
    )
    card = command.add_argument_group("a CSV without a card (a .toml file of the same name)")
    card.add_argument("--kind", choices=KINDS, help="what one row is (default: index)")
    card.add_argument("--unit", help="unit of the values")
    card.add_argument("--direction", choices=DIRECTIONS, help="which way is progress")
    card.add_argument(
        "--maximum", metavar="VALUE", type=_bound, help="bound of a share: 100 for per cent"
    )
    card.add_argument("--date-column", metavar="NAME", help="column of the dates (default: date)")
    card.add_argument("--value-column", metavar="NAME", help="column of the values")


def _list(options: argparse.Namespace) -> int:
    """Print the catalogue, grouped."""
    from forecasts.catalog import catalogue

    cards = catalogue()
    if options.json:
        rows = [
            {
                "id": c.id,
                "title": c.title,
                "unit": c.unit,
                "kind": c.kind,
                "direction": c.direction,
                "family": c.family,
                "group": c.group,
                "observed_through": c.observed_through.isoformat(),
                "licence": c.licence,
            }
            for c in cards
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    width = max(len(card.id) for card in cards)
    groups = dict.fromkeys([*FIRST_GROUPS, *(card.group for card in cards)])
    for number, group in enumerate(groups):
        print(f"{chr(10) if number else ''}{group or 'others'}")
        for card in cards:
            if card.group == group:
                print(f"  {card.id:<{width}}  {card.kind:<6}  {card.title}")
    return 0


def _fit(options: argparse.Namespace) -> int:
    """Print the answer for one series."""
    if options.save is not None:
        from forecasts.storage import check, save

        check(options.save)
    comparison = _answers([options.series], options)[0]
    if options.save is not None:
        save(comparison, options.save)
    result = comparison.to_dict()
    if options.json:
        print(json.dumps(result, ensure_ascii=False, allow_nan=False, indent=2))
    else:
        from forecasts.answer import text_of

        print(text_of(result))
    return _status([comparison], options)


def _report(options: argparse.Namespace) -> int:
    """Write the report and say where it is."""
    from forecasts.report import build
    from forecasts.report.folder import check

    # A folder that cannot be written is said before the minutes of fitting, not after.
    check(Path(options.out).resolve())
    names = options.series or list(HEADLINE)
    comparisons = _answers(names, options)
    index = build(comparisons, options.out)
    print(index)
    return _status(comparisons, options)


def _backtest(options: argparse.Namespace) -> int:
    """Write the two tables and say where they are."""
    from forecasts.backtest_run import backtest, unfinished
    from forecasts.catalog import open_series
    from forecasts.progress import shown
    from forecasts.report.folder import check

    check(Path(options.out).resolve())
    series = []
    for name in _expanded(options.series):
        one = open_series(name, flags=Flags())
        series.append(one)
        for remark in one.remarks:
            print(f"forecasts: {one.card.id}: {remark}", file=sys.stderr)
    ids = [one.card.id for one in series]
    if twice := {name for name in ids if ids.count(name) > 1}:
        raise InputError(f"Each series may be named once, got {min(twice)} twice: leave one out.")
    asked = {name: getattr(options, name) for name in ("every", "horizons", "seed")}
    with shown(unfinished(series, options.out, **asked)) as progress:
        paths = backtest(
            series,
            options.out,
            **asked,
            workers=options.workers,
            scheduler=options.scheduler,
            progress=progress,
        )
    for path in paths:
        print(path)
    print(_scoreboard(series, paths[0]))
    return 0


def _scoreboard(series: "Sequence[Series]", forecasts: Path) -> Path:
    """Score the forecasts, beside them."""
    import pandas as pd

    from forecasts.score_tables import scores_table
    from forecasts.scoreboard import score

    shares = [one.card for one in series if one.card.kind == "share"]
    maxima = {card.id: card.maximum or 1.0 for card in shares}
    target = forecasts.with_name("scoreboard.md")
    text = scores_table(score(pd.read_csv(forecasts), maxima)).to_markdown()
    target.write_text(text, encoding="utf-8")
    return target


def _expanded(names: Sequence[str]) -> list[str]:
    """Put the CSV files of a folder in its place."""
    found: list[str] = []
    for name in names:
        folder = Path(name)
        if not folder.is_dir():
            found.append(name)
            continue
        inside = sorted(str(path) for path in folder.glob("*.csv"))
        if not inside:
            raise InputError(f"A folder must hold CSV files, got none in {name!r}: name another.")
        found += inside
    return found


def _answers(names: Sequence[str], options: argparse.Namespace) -> "list[Comparison]":
    """Read every series first, then fit one after the other with progress."""
    from forecasts.catalog import catalogue, open_series
    from forecasts.dates import parse_date

    flags = Flags(
        kind=options.kind,
        unit=options.unit,
        direction=options.direction,
        maximum=options.maximum,
        date_column=options.date_column,
        value_column=options.value_column,
    )
    bundled = {card.id for card in catalogue()}
    if options.as_of and parse_date(options.as_of) > date.today():
        raise InputError(
            f"as_of must not lie in the future, got {options.as_of}: choose a past day."
        )
    known: list[Series] = []
    for name in names:
        if name in bundled and flags != Flags():
            raise InputError(
                f"{name} is a bundled series with a card of its own, so --kind, --unit, "
                "--direction, --maximum and columns do not apply: leave them out, or name a CSV."
            )
        series = open_series(name, flags=flags).known_at(options.as_of)
        known.append(series)
        for remark in series.remarks:
            print(f"forecasts: {series.card.id}: {remark}", file=sys.stderr)
    from forecasts.comparison import compare
    from forecasts.progress import shown

    with shown(len(known)) as progress:
        return [
            compare(series, horizon=options.horizon, seed=options.seed, progress=progress)
            for series in known
        ]


def _status(comparisons: "Sequence[Comparison]", options: argparse.Namespace) -> int:
    """Return 1, and say why, when a fit did not pass the gate."""
    failed = [c for c in comparisons if not c.converged]
    if not failed:
        return 0
    for comparison in failed:
        names = ", ".join(comparison.failed)
        print(
            f"forecasts: {comparison.series.card.id}: the fit of {names} did not converge, twice; "
            "it takes no part in the average. Another --seed may do.",
            file=sys.stderr,
        )
    return 0 if options.allow_unconverged else 1


def _years(text: str) -> float:
    """Read a horizon: whole years within reach of a calendar."""
    try:
        years = int(text)
    except ValueError:
        years = 0
    if not 1 <= years <= 200:
        raise argparse.ArgumentTypeError(f"whole years from 1 to 200, got {text!r}")
    return float(years)


def _bound(text: str) -> float:
    """Read the maximum of a share: a positive number."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e300:
        raise argparse.ArgumentTypeError(f"a positive number such as 100, got {text!r}")
    return value


def _count(text: str) -> int:
    """Read a whole number of at least one."""
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"a whole number from 1, got {text!r}")
    return int(text)


def _horizons(text: str) -> tuple[float, ...]:
    """Read horizons separated by commas."""
    try:
        found = tuple(float(part) for part in text.split(","))
    except ValueError:
        found = ()
    if not found or any(not 0 < h <= 200 for h in found) or len(set(found)) < len(found):
        raise argparse.ArgumentTypeError(f"numbers from 0 to 200 with commas, got {text!r}")
    return found


def _seed(text: str) -> int:
    """Read a seed: a whole number that is not negative."""
    if not text.isdecimal() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"a whole number from 0 to 999999999, got {text!r}")
    return int(text)


__all__ = ["InputError", "main"]
