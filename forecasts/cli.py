"""The command line: runs what `forecasts.options` read, and prints.

Exit status: 0 fine, 1 a fit did not converge, 2 bad input or usage, 130 interrupted.
Results go to standard output, everything else to standard error.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from forecasts.cards import Flags
from forecasts.errors import ForecastsError, InputError
from forecasts.options import parser
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
    options = parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal without × or ≤ gets a question mark, not a traceback.
            stream.reconfigure(errors="replace")
    try:
        return _COMMANDS[options.command](options)
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

        print(text_of(result, comparison.failed))
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
    from forecasts.backtest_run import backtest, check, unfinished
    from forecasts.catalog import open_series
    from forecasts.cells import questions
    from forecasts.checks import check_names
    from forecasts.progress import shown
    from forecasts.report.folder import writable

    writable(check(options.out).resolve(), what="backtest")
    _say_quick()
    series = []
    flags = _flags(options)
    for name in _expanded(options.series):
        one = open_series(name, flags=flags)
        series.append(one)
        _remark(one)
    check_names([one.card.id for one in series])
    asked = {name: getattr(options, name) for name in ("every", "horizons", "seed")}
    for one in series:
        if not questions(one, every=asked["every"], horizons=asked["horizons"]):
            print(
                f"forecasts: {one.card.id}: no as-of date has a target at these horizons (whole "
                "rows where rows are evenly spaced, else years), so it is left out.",
                file=sys.stderr,
            )
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
    _say_failed(paths[1])
    return 0


def _say_failed(plateaus: Path) -> None:
    """Name the fits of a backtest that did not pass the gate: single cells are no failure of it."""
    from forecasts.backtest_run import read_table
    from forecasts.score_sections import failures

    failed, fits = failures(read_table(plateaus))
    if failed:
        print(
            f"forecasts: {len(failed)} of {fits} fits did not pass the convergence gate and took "
            f"no part in the average: {', '.join(failed)}.",
            file=sys.stderr,
        )


def _scoreboard(series: "Sequence[Series]", forecasts: Path) -> Path:
    """Score the forecasts, beside them."""
    from forecasts.backtest_run import read_table
    from forecasts.score_tables import scores_table
    from forecasts.scoreboard import score
    from forecasts.whole_files import write_whole

    shares = [one.card for one in series if one.card.kind == "share"]
    maxima = {card.id: card.maximum or 1.0 for card in shares}
    families = {one.card.id: one.card.family for one in series}
    target = forecasts.with_name("scoreboard.md")
    text = scores_table(score(read_table(forecasts), maxima, families)).to_markdown()
    return write_whole(target, text)


def _expanded(names: Sequence[str]) -> list[str]:
    """Put the CSV files of a folder in its place."""
    from forecasts.backtest_run import CELLS, WRITTEN

    found: list[str] = []
    for name in names:
        folder = Path(name)
        if not folder.is_dir():
            found.append(name)
            continue
        # What an earlier backtest wrote into the same folder is no series.
        own = set(WRITTEN) if (folder / CELLS).is_dir() else set()
        inside = sorted(
            str(path)
            for path in folder.iterdir()
            if path.suffix.lower() == ".csv" and path.name not in own
        )
        if not inside:
            raise InputError(f"A folder must hold CSV files, got none in {name!r}: name another.")
        found += inside
    return found


def _answers(names: Sequence[str], options: argparse.Namespace) -> "list[Comparison]":
    """Read every series first, then fit one after the other with progress."""
    from forecasts.catalog import open_series
    from forecasts.dates import check_past

    flags = _flags(options)
    if options.as_of:
        check_past(options.as_of)
    _say_quick()
    known: list[Series] = []
    for name in names:
        series = open_series(name, flags=flags).known_at(options.as_of)
        known.append(series)
        _remark(series)
    from forecasts.comparison import compare
    from forecasts.progress import shown

    with shown(len(known)) as progress:
        return [
            compare(series, horizon=options.horizon, seed=options.seed, progress=progress)
            for series in known
        ]


def _remedy() -> str:
    """What a reader may do about a fit that failed."""
    from forecasts.fit import QUICK, quick

    if quick():
        return f" by importance sampling; it takes no part in the average. Unset {QUICK}."
    return ", twice; it takes no part in the average. Another --seed may do."


def _flags(options: argparse.Namespace) -> Flags:
    """What was said about CSVs."""
    return Flags(
        kind=options.kind,
        unit=options.unit,
        direction=options.direction,
        maximum=options.maximum,
        date_column=options.date_column,
        value_column=options.value_column,
    )


def _say_quick() -> None:
    """Say that nothing is sampled, so that a forgotten variable cannot go unseen."""
    from forecasts.fit import QUICK, quick

    if quick():
        print(
            f"forecasts: {QUICK}=1 is set: no fit is sampled, all are by importance sampling and "
            "rougher; unset it for an answer to rely on",
            file=sys.stderr,
        )


def _remark(series: "Series") -> None:
    """Print what was noticed of a series."""
    for remark in series.remarks:
        print(f"forecasts: {series.card.id}: {remark}", file=sys.stderr)


def _status(comparisons: "Sequence[Comparison]", options: argparse.Namespace) -> int:
    """Return 1, and say why, when a fit did not pass the gate."""
    failed = [c for c in comparisons if not c.converged]
    if not failed:
        return 0
    for comparison in failed:
        names = ", ".join(comparison.failed)
        said = f"{comparison.series.card.id}: the fit of {names} did not converge{_remedy()}"
        print(f"forecasts: {said}", file=sys.stderr)
    return 0 if options.allow_unconverged else 1


#: What each command of `forecasts.options` does.
_COMMANDS = {"list": _list, "fit": _fit, "report": _report, "backtest": _backtest}

__all__ = ["InputError", "main"]
