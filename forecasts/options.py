"""The options of the command line: what may be asked, and how each word is read."""

import argparse

from forecasts.cards import DIRECTIONS, KINDS


def parser() -> argparse.ArgumentParser:
    """Every command and option, with its help."""
    whole = argparse.ArgumentParser(
        prog="forecasts",
        description="How confidently can this trend be extrapolated? The posterior of when it "
        "plateaus, beside the naive exponential line.",
        epilog="With FORECASTS_QUICK=1 in the environment no fit is sampled with NUTS: answers "
        "come in seconds, are rougher, and say so.",
    )
    commands = whole.add_subparsers(
        title="commands", required=True, metavar="COMMAND", dest="command"
    )
    listing = commands.add_parser("list", help="list the bundled series")
    listing.add_argument("--json", action="store_true", help="print one JSON array")

    fit = commands.add_parser("fit", help="answer for one series, in words or as JSON")
    fit.add_argument("series", metavar="SERIES", help="an id from `forecasts list`, or a CSV file")
    _add_fit_options(fit)
    fit.add_argument("--json", action="store_true", help="print one JSON object")
    fit.add_argument(
        "--save",
        metavar="FILE",
        help="write the draws as one zarr zip, which arviz.from_zarr reads from a "
        'zarr.storage.ZipStore(FILE, mode="r")',
    )

    report = commands.add_parser("report", help="write an HTML report that opens offline")
    report.add_argument(
        "series", metavar="SERIES", nargs="*", help="ids or CSV files; default: the headline series"
    )
    report.add_argument(
        "--out", metavar="DIR", default="reports", help="folder (default: %(default)s)"
    )
    _add_fit_options(report)

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
    _add_seed(back)
    _add_card_options(back)
    where = back.add_mutually_exclusive_group()
    where.add_argument(
        "--workers", metavar="N", type=_count, default=1, help="processes (default: 1)"
    )
    where.add_argument(
        "--scheduler", metavar="ADDRESS", help="dask scheduler that does the work instead"
    )
    return whole


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
    _add_seed(command)
    command.add_argument(
        "--allow-unconverged",
        action="store_true",
        help="exit with status 0 even if a fit did not pass the convergence gate",
    )
    _add_card_options(command)


def _add_card_options(command: argparse.ArgumentParser) -> None:
    """How to read a CSV that has no card."""
    card = command.add_argument_group("a CSV without a card (a .toml file of the same name)")
    card.add_argument("--kind", choices=KINDS, help="what one row is (default: index)")
    card.add_argument("--unit", help="unit of the values")
    card.add_argument("--direction", choices=DIRECTIONS, help="which way is progress")
    card.add_argument(
        "--maximum", metavar="VALUE", type=_bound, help="bound of a share: 100 for per cent"
    )
    card.add_argument("--date-column", metavar="NAME", help="column of the dates (default: date)")
    card.add_argument("--value-column", metavar="NAME", help="column of the values")


def _add_seed(command: argparse.ArgumentParser) -> None:
    """The seed, which means the same everywhere."""
    command.add_argument(
        "--seed", metavar="N", type=_seed, default=0, help="same seed, same numbers (default: 0)"
    )


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
