"""Run the negative control: is a series that never ends called a plateau.

Simulates never-ending series (the exponential shape: the same growth for ever) of each kind, of
varied length, growth and scatter, and gives each the averaged P(already). To afford 300 of them,
the shapes that can plateau are fitted by importance sampling from the scan
(`forecasts.fit.importance_sample`) instead of NUTS, and averaged with the package's own weights
(`forecasts.comparison.model_weights`) from the evidence of the same sample. NUTS decides where that
is too rough (Pareto k-hat of 0.7 or more), and for every alarm. It also fits the first few of each
kind, so that the table shows how far the two differ where both are good.

Writes one row a series to ``validation/negative_control.csv`` and a summary beside it. Every
finished row is kept: a rerun does what is missing, and ``--fresh`` does everything again.
"""

import argparse
import csv
import os
import tempfile
from pathlib import Path

import numpy as np

from forecasts.averaging import model_weights
from forecasts.fit import HORIZON, child_seed, fit, importance_sample
from forecasts.models import SHAPES
from forecasts.plateau import find_plateaus
from forecasts.priors import PRIOR_ODDS
from forecasts.problem import pose
from forecasts.progress import shown
from forecasts.sample import redraw
from forecasts.scan import log_joint, scan
from forecasts.series import Series
from forecasts.simulate import Truth, World, simulate

OUT = Path(__file__).resolve().parent.parent / "validation" / "negative_control.csv"
KINDS = ("item", "index", "record")
#: The shapes that can plateau.
AVERAGED = tuple(PRIOR_ODDS)
SERIES, WITH_NUTS, DRAWS = 100, 4, 2000
#: Pareto k-hat from which an importance sample is not trusted (Vehtari et al. 2024,
#: doi:10.48550/arXiv.1507.02646).
ROUGH = 0.7
#: Rows of a series, and what is held against it.
ROWS = (12, 60)
ALARM, ALLOWED = 0.5, 0.05
#: Ranges of the truth, each drawn evenly on the log scale; they span the bundled series of a kind:
#: years observed, doublings per year, scatter in log units.
RANGES = {
    "item": ((10, 60), (0.1, 2.5), (0.2, 2.5)),
    "index": ((12, 60), (0.03, 0.8), (0.03, 0.3)),
    "record": ((15, 90), (0.03, 1.0), (0.05, 0.5)),
}
#: Persistence of an index's growth and tail weight of an item's scatter, drawn evenly.
PERSISTENCE, TAIL = (0.0, 0.6), (3.0, 30.0)

Row = dict[str, str]


def main() -> None:
    """Read the options, run what is missing, print and write the summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--series", type=int, default=SERIES, help="of each kind; default: 100")
    parser.add_argument("--fresh", action="store_true", help="forget the rows of an earlier run")
    options = parser.parse_args()
    rows = {} if options.fresh else read(options.out)
    wanted = [(kind, str(i)) for kind in KINDS for i in range(options.series)]
    todo = [key for key in wanted if key not in rows]
    with shown(len(todo)) as progress:
        for key in todo:
            progress(f"{key[0]} series {key[1]}", 0, 1)
            rows[key] = measure(key[0], int(key[1]))
            write(options.out, [rows[each] for each in wanted if each in rows])
            progress(f"{key[0]} series {key[1]}", 1, 1)
    text = summary([rows[key] for key in wanted])
    options.out.with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


def never_ending(kind: str, number: int) -> Truth:
    """Simulate the series of that number: growth never changes."""
    rng = np.random.default_rng(child_seed(number, kind))
    while True:
        years, growth, scatter = (
            float(np.exp(rng.uniform(*np.log(limits)))) for limits in RANGES[kind]
        )
        rows = int(rng.integers(ROWS[0], ROWS[1] + 1))
        if kind == "index":
            # A row a year.
            rows = round(years) + 1
            years = float(rows - 1)
        world = World(
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


def by_importance(series: Series, *, seed: int = 0, draws: int = DRAWS) -> dict[str, float]:
    """Averaged P(already) without NUTS, each shape's own, its weight, and the worst k-hat."""
    from arviz_stats.base import array_stats

    already, trend, evidence, k_hat = {}, {}, {}, []
    for name in AVERAGED:
        shape, rng = SHAPES[name], np.random.default_rng(child_seed(seed, name))
        problem = pose(shape, series, HORIZON)
        scanned = scan(problem)
        z, log_weight = importance_sample(scanned, draws, rng)
        evidence[name] = float(np.logaddexp.reduce(log_weight) - np.log(draws))
        # ArviZ takes what would be divided by, as in leave-one-out: minus the log weight.
        smoothed, k = array_stats.psislw(-log_weight)
        k_hat.append(float(k))
        paths, _, _ = redraw(scanned, z, log_joint(scanned, z), rng)
        weight = np.exp(smoothed - np.logaddexp.reduce(smoothed))
        plateau, _ = find_plateaus(shape, paths, series, problem.span, weight)
        already[name], trend[name] = plateau.p_already, plateau.refused is None
    weights = model_weights(evidence, dict.fromkeys(AVERAGED, True))
    share = {name: weight or 0.0 for name, weight in weights.items()}
    heaviest = max(share, key=lambda name: share[name])
    return {
        "p_already": sum(share[name] * already[name] for name in AVERAGED),
        "claimed": float(trend[heaviest]),
        "k_hat": max(k_hat),
        **{f"p_{name}": already[name] for name in AVERAGED},
        "weight_piecewise": share["piecewise"],
    }


def by_nuts(series: Series, *, seed: int = 0) -> float:
    """Averaged P(already) as `forecasts.compare` gives it."""
    fits = {name: fit(series, SHAPES[name], seed=seed) for name in AVERAGED}
    weights = model_weights(
        {name: one.log_evidence for name, one in fits.items()},
        {name: one.converged for name, one in fits.items()},
    )
    return sum((weights[name] or 0.0) * fits[name].plateaus[0].p_already for name in AVERAGED)


def measure(kind: str, number: int) -> Row:
    """One row of the table."""
    truth = never_ending(kind, number)
    world, answer = truth.world, by_importance(truth.series, seed=number)
    twice = number < WITH_NUTS or answer["k_hat"] >= ROUGH or answer["p_already"] >= ALARM
    nuts = f"{by_nuts(truth.series, seed=number):.4f}" if twice else ""
    return {
        "kind": kind,
        "number": str(number),
        "rows": str(truth.series.n),
        "years": f"{world.years:.1f}",
        "doublings_per_year": f"{world.growth:.3f}",
        "scatter": f"{world.scatter:.3f}",
        "persistence": f"{world.persistence:.2f}" if kind == "index" else "",
        "refused": "" if answer.pop("claimed") else "yes",
        **{name: f"{value:.4f}" for name, value in answer.items()},
        "p_already_nuts": nuts,
    }


def decided(row: Row) -> float:
    """P(already) that counts: NUTS where it was run."""
    return float(row["p_already_nuts"] or row["p_already"])


def read(path: Path) -> dict[tuple[str, str], Row]:
    """Rows of an earlier run; none if there was none."""
    if not path.exists():
        return {}
    with path.open(newline="", encoding="utf-8") as file:
        return {(row["kind"], row["number"]): row for row in csv.DictReader(file)}


def write(path: Path, rows: list[Row]) -> None:
    """Replace the file at once, so that an interrupted run leaves a whole one."""
    path.parent.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".csv")
    with os.fdopen(handle, "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    Path(name).chmod(0o644)
    Path(name).replace(path)


def summary(rows: list[Row]) -> str:
    """The table of the negative control, in Markdown."""
    lines = [
        f"Never-ending series with an averaged P(already) of {ALARM:g} or more; at most "
        f"{ALLOWED:.0%} are allowed. *Withheld*: alarms on which no claim is made, because the "
        "rows are too few or show no trend; they count as alarms here. *By NUTS*: series that "
        "NUTS decided. *Difference*: the largest between NUTS and importance sampling, in P, "
        "where k-hat is below 0.7.",
        "",
        "| kind | series | alarms | verdict | withheld | median P | 95th percentile | by NUTS "
        "| difference |",
        "|---|---|---|---|---|---|---|---|---|",
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
    gaps = [abs(float(r["p_already"]) - decided(r)) for r in both if float(r["k_hat"]) < ROUGH]
    verdict = "holds" if alarms <= ALLOWED * len(rows) else "fails"
    return (
        f"| {kind} | {len(rows)} | {alarms} | {verdict} | {withheld} | {np.median(p):.3f} "
        f"| {np.quantile(p, 0.95):.2f} | {len(both)} | {max(gaps, default=np.nan):.3f} |"
    )


if __name__ == "__main__":
    main()
