"""Run the negative control: is a series that never ends called a plateau.

Simulates never-ending series (the exponential shape: the same growth for ever) of each kind, of
varied length, growth and scatter, and gives each the averaged P(already). To afford hundreds of
them, the shapes that can plateau are fitted by importance sampling
(`forecasts.fit.fit_quickly`, which falls back to NUTS by itself), and averaged as the package does.
NUTS repeats every alarm and the first few of each kind, so that the table shows how far the two
differ.

Writes one row a series to ``validation/negative_control.csv`` and a summary beside it. Every
finished row is kept: a rerun does what is missing, and ``--fresh`` does everything again.
"""

import argparse
from pathlib import Path

import numpy as np
from kept import Key, Row, read, run

from forecasts.averaging import model_weights
from forecasts.fit import child_seed, fit, fit_quickly
from forecasts.lfo import lfo_scores
from forecasts.models import SHAPES
from forecasts.population import Population
from forecasts.priors import PRIOR_ODDS
from forecasts.series import Series
from forecasts.simulate import Truth, World, simulate

OUT = Path(__file__).resolve().parent.parent / "validation" / "negative_control.csv"
KINDS = ("item", "index", "record", "share")
#: The shapes that can plateau.
AVERAGED = tuple(PRIOR_ODDS)
SERIES, WITH_NUTS, WORKERS = 100, 4, 2
#: Rows of a series, and what is held against it.
ROWS = (12, 60)
ALARM, ALLOWED = 0.5, 0.05
#: Ranges of the truth, each drawn evenly on the log scale; they span the bundled series of a kind:
#: years observed, doublings per year, scatter in log units.
RANGES = {
    "item": ((10, 60), (0.1, 2.5), (0.2, 2.5)),
    "index": ((12, 60), (0.03, 0.8), (0.03, 0.3)),
    "record": ((15, 90), (0.03, 1.0), (0.05, 0.5)),
    "share": ((12, 60), (0.03, 0.6), (0.02, 0.2)),
}
#: Per cent at the first row of a share, drawn evenly on the log scale, and the most that its trend
#: may reach: beyond half of the maximum the plateau is near, and an early word of it is no alarm.
START, HALF = (1.0, 20.0), 50.0
#: Persistence of an index's growth and tail weight of an item's scatter, drawn evenly.
PERSISTENCE, TAIL = (0.0, 0.6), (3.0, 30.0)


def main() -> None:
    """Read the options, run what is missing, print and write the summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--series", type=int, default=SERIES, help="of each kind; default: 100")
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument("--fresh", action="store_true", help="forget the rows of an earlier run")
    options = parser.parse_args()
    rows = {} if options.fresh else read(options.out, ("kind", "number"))
    # Number by number, so that an interrupted run has as many of each.
    wanted = [(kind, str(i)) for i in range(options.series) for kind in KINDS]
    todo = {key: key for key in wanted if key not in rows}
    run(options.out, rows, todo, measured, place=place, workers=options.workers)
    text = summary([rows[key] for key in wanted])
    options.out.with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


def never_ending(kind: str, number: int) -> Truth:
    """Simulate the series of that number: growth never changes, and a share is far from its end."""
    rng = np.random.default_rng(child_seed(number, kind))
    while True:
        years, growth, scatter = (
            float(np.exp(rng.uniform(*np.log(limits)))) for limits in RANGES[kind]
        )
        rows = int(rng.integers(ROWS[0], ROWS[1] + 1))
        if kind in ("index", "share"):
            # A row a year.
            rows = round(years) + 1
            years = float(rows - 1)
        start = float(np.exp(rng.uniform(*np.log(START)))) if kind == "share" else World.start
        if kind == "share" and start * 2 ** (growth * years) / (100 - start) > HALF / (100 - HALF):
            continue
        world = World(
            start=start,
            rows=rows,
            years=years,
            growth=growth,
            scatter=scatter,
            persistence=float(rng.uniform(*PERSISTENCE)),
            tail=float(rng.uniform(*TAIL)),
        )
        truth = simulate("exponential", kind, seed=int(rng.integers(2**31)), world=world)
        # A record's rows follow from its years: too few or too many, and another is drawn.
        if ROWS[0] <= truth.series.n <= ROWS[1]:
            return truth


def by_importance(
    series: Series, *, seed: int = 0, population: Population | None = None
) -> dict[str, float]:
    """Averaged P(already), each shape's own, its weight, and where NUTS had to step in."""
    fits = {
        name: fit_quickly(series, SHAPES[name], population=population, seed=seed)
        for name in AVERAGED
    }
    weights = model_weights(lfo_scores(fits), {name: one.converged for name, one in fits.items()})
    share = {name: weight or 0.0 for name, weight in weights.items()}
    already = {name: one.plateaus[0].p_already for name, one in fits.items()}
    return {
        "p_already": sum(share[name] * already[name] for name in AVERAGED),
        "claimed": float(fits["piecewise"].plateaus[0].refused is None),
        "k_hat": float(np.nanmax([0.0, *(one.diagnostics.k_hat for one in fits.values())])),
        **{f"p_{name}": already[name] for name in AVERAGED},
        "weight_piecewise": share["piecewise"],
    }


def by_nuts(series: Series, *, seed: int = 0) -> dict[str, str]:
    """Averaged P(already) as `forecasts.compare` gives it, and the shapes that did not converge."""
    fits = {name: fit(series, SHAPES[name], seed=seed) for name in AVERAGED}
    weights = model_weights(
        lfo_scores(fits),
        {name: one.converged for name, one in fits.items()},
    )
    failed = [name for name in AVERAGED if weights[name] is None]
    average = sum((weights[name] or 0.0) * fits[name].plateaus[0].p_already for name in AVERAGED)
    # Without any fit there is no answer: what importance sampling says is held against it.
    shown = "" if len(failed) == len(AVERAGED) else f"{average:.4f}"
    return {"p_already_nuts": shown, "failed": " ".join(failed)}


def measured(key: Key) -> Row:
    """One row of the table by its key."""
    kind, number = key
    return measure(kind, int(number))


def place(key: Key) -> tuple[int, int]:
    """Order of the rows in the file."""
    kind, number = key
    return KINDS.index(kind), int(number)


def measure(kind: str, number: int) -> Row:
    """One row of the table."""
    truth = never_ending(kind, number)
    world, answer = truth.world, by_importance(truth.series, seed=number)
    twice = number < WITH_NUTS or answer["p_already"] >= ALARM
    nuts = by_nuts(truth.series, seed=number) if twice else {"p_already_nuts": "", "failed": ""}
    return {
        "kind": kind,
        "number": str(number),
        "rows": str(truth.series.n),
        "years": f"{world.years:.1f}",
        "doublings_per_year": f"{world.growth:.3f}",
        "scatter": f"{world.scatter:.3f}",
        "persistence": f"{world.persistence:.2f}" if kind in ("index", "share") else "",
        "refused": "" if answer.pop("claimed") else "yes",
        **{name: f"{value:.4f}" for name, value in answer.items()},
        **nuts,
    }


def decided(row: Row) -> float:
    """P(already) that counts: NUTS where it was run."""
    return float(row["p_already_nuts"] or row["p_already"])


def summary(rows: list[Row]) -> str:
    """The table of the negative control, in Markdown."""
    lines = [
        f"Never-ending series with an averaged P(already) of {ALARM:g} or more; at most "
        f"{ALLOWED:.0%} are allowed. *Withheld*: alarms on which no claim is made, because the "
        "rows are too few or show no trend; they count as alarms here. *By NUTS*: series that "
        "NUTS repeated and decided. *Failed*: those in which a shape did not pass the convergence "
        "gate and took no part. *Difference*: the largest between NUTS and importance sampling, "
        "in P, where no shape failed.",
        "",
        "| kind | series | alarms | verdict | withheld | median P | 95th percentile | by NUTS "
        "| failed | difference |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        _line(kind, mine) for kind in KINDS if (mine := [r for r in rows if r["kind"] == kind])
    ]
    return "\n".join(lines) + "\n"


def _line(kind: str, rows: list[Row]) -> str:
    """One kind's row of the summary."""
    p = np.array([decided(row) for row in rows])
    alarms = int((p >= ALARM).sum())
    withheld = sum(decided(row) >= ALARM and bool(row["refused"]) for row in rows)
    both = [row for row in rows if row["p_already_nuts"]]
    failed = sum(bool(row["failed"]) for row in rows)
    good = [row for row in both if not row["failed"]]
    gaps = [abs(float(row["p_already"]) - decided(row)) for row in good]
    verdict = "holds" if alarms <= ALLOWED * len(rows) else "fails"
    return (
        f"| {kind} | {len(rows)} | {alarms} | {verdict} | {withheld} | {np.median(p):.3f} "
        f"| {np.quantile(p, 0.95):.2f} | {len(both)} | {failed} | {max(gaps, default=np.nan):.3f} |"
    )


if __name__ == "__main__":
    main()
