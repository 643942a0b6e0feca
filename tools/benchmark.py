"""Print times and peak memory beside their targets; not a test, since machines differ.

Measured in one run, so that ratios mean something: a cold command, the whole report, and, in one
process, the first fit of each shape (with its compilation) and further as-of dates, by stage.
"""

import argparse
import dataclasses
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median

from forecasts.catalog import load
from forecasts.fit import HORIZON, fit
from forecasts.models import SHAPES
from forecasts.problem import pose
from forecasts.sample import sample
from forecasts.scan import scan
from forecasts.series import Series

#: Series, the date that pays for the compilation, further dates, seconds allowed for each of them.
FURTHER = (
    ("cpu_clock", "1995", ("2000", "2003", "2008", "2012"), 1.0),
    ("airspeed", "1930", ("1939", "1950", "1976", "2000"), 2.5),
)
COLD = ("fit", "cpu_clock", "--json", "--seed", "1")
COLD_SECONDS, REPORT_SECONDS, PEAK_GB = 60.0, 360.0, 2.0
#: Kilobytes of `ru_maxrss` in a gigabyte.
KB_PER_GB = 1024**2


@dataclasses.dataclass(frozen=True)
class Line:
    """One line of the table; no target where None."""

    what: str
    found: float
    unit: str
    target: float | None = None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-report", action="store_true", help="leave out the whole report")
    options = parser.parse_args()
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}\n"
    )
    print("| what | found | target | found / target |\n|---|---|---|---|")
    show(command("forecasts fit cpu_clock --json, cold", COLD, COLD_SECONDS))
    if not options.no_report:
        with tempfile.TemporaryDirectory() as folder:
            arguments = ("report", "--out", folder, "--seed", "1", "--allow-unconverged")
            show(command("forecasts report, five series", arguments, REPORT_SECONDS))
    for name, first, dates, target in FURTHER:
        for shape in SHAPES:
            show(further(load(name), shape, first, dates, target))
    here = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KB_PER_GB
    show([Line("this process, peak memory", here, "GB", PEAK_GB)])


def command(title: str, arguments: Sequence[str], target: float) -> list[Line]:
    """Run the command line in a new process: wall time and its own peak memory."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "forecasts", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        # wait4 gives this child's own peak; getrusage would give the largest of all children.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            sys.exit(f"{title} failed:\n{said.read().decode(errors='replace')[-2000:]}")
    seconds = time.perf_counter() - started
    return [
        Line(title, seconds, "s", target),
        # Beside wall time, because a busy machine stretches that and not this.
        Line("  processor time", usage.ru_utime + usage.ru_stime, "s"),
        Line("  peak memory", usage.ru_maxrss / KB_PER_GB, "GB", PEAK_GB),
    ]


def further(
    series: Series, name: str, first: str, dates: Sequence[str], target: float
) -> list[Line]:
    """Time one shape's first fit and further as-of dates; the stages show where the time goes."""
    title, shape = f"{series.card.id} ({series.card.kind}), {name}", SHAPES[name]
    compiling = timed(partial(fit, series.known_at(first), shape, seed=1))
    total, working, scanning, sampling = [], [], [], []
    for as_of in dates:
        known = series.known_at(as_of)
        before = time.process_time()
        total.append(timed(partial(fit, known, shape, seed=1)))
        working.append(time.process_time() - before)
        problem = pose(shape, known, HORIZON)
        scanning.append(timed(partial(scan, problem)))
        scanned = scan(problem)
        sampling.append(timed(partial(sample, scanned, 1)))
    return [
        Line(f"{title}: first, with compilation", compiling, "s"),
        Line(f"{title}: a further as_of, median", median(total), "s", target),
        Line("  the slowest of them", max(total), "s", target),
        Line("  processor time, median", median(working), "s"),
        Line("  of the median: scan", median(scanning) / median(total), ""),
        Line("  of the median: NUTS", median(sampling) / median(total), ""),
    ]


def timed(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def show(lines: Sequence[Line]) -> None:
    """Print rows of the Markdown table: what, found, target, found over target."""
    for line in lines:
        goal = f"{line.target:g} {line.unit}" if line.target else ""
        ratio = f"{line.found / line.target:.2f}" if line.target else ""
        print(f"| {line.what} | {line.found:.2f} {line.unit} | {goal} | {ratio} |", flush=True)


if __name__ == "__main__":
    main()
