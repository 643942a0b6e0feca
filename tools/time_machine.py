"""Make the as-of dates that the time machine shows: one resumable command.

Runs `forecasts backtest` over the headline trends, their contrasts, and every short series of one
group of the reference class (by a rule: no series is picked for its outcome), every fourth
row. A record has no rows while it stands, so as-of dates every `QUIET_YEARS` of its silence are
added. Writes ``validation/time_machine/``, the naive line and the average only.
"""

import argparse
import datetime
import tempfile
from pathlib import Path

import pandas as pd

from forecasts.backtest_run import backtest, read_table, unfinished
from forecasts.catalog import catalogue, load
from forecasts.cell_store import CellStore, key_of
from forecasts.cells import AVERAGED, Question, answer
from forecasts.dates import to_date
from forecasts.progress import shown
from forecasts.series import Series
from forecasts.targets import targets

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "validation" / "time_machine"
SERIES = ("cpu_clock", "airspeed", "rupp_transistors", "rupp_watts", "world_energy_nuclear",
          "us_oil_production")  # fmt: skip
#: Beside them every series of this group that has fewer rows: the longer ones take hours.
GROUP, ROWS = "US infrastructure", 60
EVERY, SEED, QUIET_YEARS = 4, 0, 3
HORIZONS = (1.0, 2.0, 3.0, 5.0, 8.0, 10.0, 15.0, 20.0)
MODELS = ("ols", AVERAGED)


def main() -> None:
    """Run what is missing, add the silence, write the two files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=Path, help="folder of finished cells, to continue a run")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    folder = options.cells or Path(tempfile.gettempdir()) / "forecasts-time-machine"
    series = [load(name) for name in names()]
    asked = {"every": EVERY, "horizons": HORIZONS, "seed": SEED}
    with shown(unfinished(series, folder, **asked)) as progress:
        paths = backtest(series, folder, **asked, workers=options.workers, progress=progress)
    forecasts, plateaus = (read_table(path) for path in paths)
    quiet = [found for one in series for found in in_silence(one, folder)]
    more = [pd.DataFrame([r for f in quiet for r in f[name]]) for name in ("forecasts", "plateaus")]
    OUT.mkdir(parents=True, exist_ok=True)
    for name, table, extra in zip(
        ("forecasts", "plateaus"), (forecasts, plateaus), more, strict=True
    ):
        whole = pd.concat([table, extra]) if len(extra) else table
        kept = whole[whole["model"].isin(MODELS)].sort_values(["series", "as_of"], kind="stable")
        kept.to_csv(OUT / f"{name}.csv", index=False, float_format="%.5g", lineterminator="\n")


def names() -> list[str]:
    """List the series: the stated ones, and every one of the group that is short enough."""
    group = [card.id for card in catalogue() if card.group == GROUP]
    return [*SERIES, *(name for name in group if load(name).n < ROWS)]


def in_silence(series: Series, folder: Path) -> list[dict]:
    """Answer as of dates after the last row of a record; finished ones are kept."""
    if series.card.kind != "record":
        return []
    store = CellStore(folder / "silence")
    known, found = store.read(series.card.id), []
    for day in quiet_days(series):
        question = Question(series, day, tuple(targets(series, day, HORIZONS)), SEED)
        done = known.get(key_of(question))
        if done is None:
            done = answer(question)
            store.add(question, done)
        found.append(done)
    return found


def quiet_days(series: Series) -> list[datetime.date]:
    """Days every few years from the last row to the end of what was observed."""
    start, end = float(series.time[-1]), series.observed_year
    count = int((end - start) // QUIET_YEARS)
    return [to_date(start + QUIET_YEARS * (i + 1)) for i in range(count)]


if __name__ == "__main__":
    main()
