"""Run simulation-based calibration: is the truth a typical draw of its own posterior.

For every shape and kind that ships, and for levels and shares with four rows a year, a trend is
drawn from the prior, rows are drawn from the trend (`sbc_series`), and the shape is fitted to the
rows with the same prior by importance sampling. If the fit computes what it claims, the rank of the
truth among the posterior's draws is as likely to be any as any other: of the growth, the scatter
and the log likelihood, and of what the package is asked for: the plateau date, P(already) and the
forecasts for one and for ten years ahead. Equal values, such as two plateaus that never come, are
ranked at random.

Writes one row a simulation to ``validation/sbc.csv``, a table of distances and a figure beside it
(`sbc_table`). Every finished row is kept: a rerun does what is missing, ``--fresh`` does everything
again. Rough fits (Pareto k-hat) are counted and left out; ``--nuts`` repeats them with NUTS.

References
----------
Talts et al. (2018), Validating Bayesian inference algorithms with simulation-based calibration,
doi:10.48550/arXiv.1804.06788. Modrak et al. (2023), Simulation-based calibration checking for
Bayesian computation: the choice of test quantities shapes sensitivity, doi:10.1214/23-BA1404: the
log likelihood shows errors that no parameter shows.
"""

import argparse
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from kept import Key, Row, read, run
from sbc_series import AHEAD, HORIZON, SAMPLED, Simulated, simulate_from_prior
from sbc_table import QUANTITIES, RANKS, figure, table

from forecasts.arrays import numpy_namespace
from forecasts.charts import to_svg
from forecasts.fit import Fit, child_seed, fit, fit_quickly
from forecasts.models import SHAPES, Draws
from forecasts.plateau import curve_of, find_plateaus, has_plateaued
from forecasts.population import Population

OUT = Path(__file__).resolve().parent.parent / "validation" / "sbc.csv"
SIMULATIONS, WORKERS = 100, 2
KEYS = ("shape", "kind", "number")


def main() -> None:
    """Read the options, run what is missing, print and write the table, draw the figure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--simulations", type=int, default=SIMULATIONS, help="of each shape, kind")
    parser.add_argument("--shapes", nargs="+", default=list(SHAPES), choices=list(SHAPES))
    parser.add_argument("--kinds", nargs="+", default=list(SAMPLED), choices=list(SAMPLED))
    parser.add_argument("--nuts", action="store_true", help="repeat rough fits with NUTS")
    parser.add_argument("--fresh", action="store_true", help="forget the rows of an earlier run")
    parser.add_argument("--workers", type=int, default=WORKERS)
    options = parser.parse_args()
    rows = {} if options.fresh else read(options.out, KEYS)
    # Number by number, so that an interrupted run has as many of each.
    wanted = [
        (shape, kind, str(i))
        for i in range(options.simulations)
        for shape in options.shapes
        for kind in options.kinds
    ]
    settings = {"place": place, "workers": options.workers}
    todo = {key: key for key in wanted if key not in rows}
    run(options.out, rows, todo, partial(measured, nuts=False), **settings)
    if options.nuts:
        todo = {key: key for key in wanted if unfinished(rows[key])}
        run(options.out, rows, todo, partial(measured, nuts=True), **settings)
    mine = [rows[key] for key in wanted]
    text = table(mine)
    options.out.with_suffix(".md").write_text(text, encoding="utf-8")
    options.out.with_suffix(".svg").write_text(to_svg(figure(mine)), encoding="utf-8")
    print(text)


def measured(key: Key, *, nuts: bool) -> Row:
    """One simulation by its key."""
    shape, kind, number = key
    return measure(shape, kind, int(number), nuts=nuts)


def measure(
    shape: str, kind: str, number: int, *, nuts: bool = False, believed: Population | None = None
) -> Row:
    """One simulation: ranks of the truth.

    Parameters
    ----------
    shape, kind : str
        What is simulated and fitted.
    number : int
        Seed.
    nuts : bool
        Repeat a rough fit with NUTS.
    believed : Population, optional
        What the fit believes; the default is what the trend was drawn from.
    """
    rng = np.random.default_rng(child_seed(number, shape, kind, "sbc"))
    made = simulate_from_prior(SHAPES[shape], kind, rng)
    population = believed or made.shape.population
    settings = {"population": population, "horizon": HORIZON, "seed": number}
    found = fit_quickly(made.series, SHAPES[shape], fallback=False, **settings)
    again = nuts and not found.converged
    if again:
        found = fit(made.series, SHAPES[shape], **settings)
    pick = rng.choice(len(found.noise), RANKS, replace=False)
    thin = replace(
        found, past=found.past.take(pick), noise=found.noise[pick], cell=found.cell[pick]
    )
    truth, draws = quantities(made, thin), drawn(thin)
    return {
        "shape": shape,
        "kind": kind,
        "number": str(number),
        "rows": str(made.series.n),
        "refused": str(made.refused),
        "method": "nuts" if again else "importance",
        "rough": "" if found.converged else "yes",
        "growth": f"{truth['growth']:.4g}",
        "plateau": f"{truth['plateau']:.2f}",
        "p_already": f"{draws['already'].mean():.2f}",
        **{f"rank_{name}": str(rank(truth[name], draws[name], rng)) for name in QUANTITIES},
    }


def unfinished(row: Row) -> bool:
    """Whether NUTS has yet to repeat the fit of a row."""
    return bool(row["rough"]) and row["method"] != "nuts"


def rank(truth: float, draws: np.ndarray, rng: np.random.Generator) -> int:
    """How many draws lie below the truth; its place among equals is drawn."""
    equal = np.isclose(draws, truth, rtol=0.0, atol=1e-9)
    return int((~equal & (draws < truth)).sum() + rng.integers(equal.sum() + 1))


def drawn(found: Fit) -> dict[str, np.ndarray]:
    """Every quantity, of each draw, as the package gives it."""
    ahead = found.forecast[: len(found.noise)]
    return {
        **_of_past(found, found.past, found.noise),
        "plateau": found.plateaus[0].date,
        "soon": ahead[:, AHEAD[0] - 1],
        "forecast": ahead[:, AHEAD[1] - 1],
    }


def quantities(made: Simulated, found: Fit) -> dict[str, float]:
    """The same of the truth."""
    here = made.series, found.span
    plateau, _ = find_plateaus(made.shape, made.ahead, *here, np.ones(1))
    return {
        **{name: x[0] for name, x in _of_past(found, made.past, made.noise).items()},
        "plateau": float(plateau.date[0]),
        "soon": made.later[0],
        "forecast": made.later[1],
    }


def _of_past(found: Fit, past: Draws, noise: np.ndarray) -> dict[str, np.ndarray]:
    """What follows from a path and its noise alone; shape (draws,)."""
    problem = found.scan.problem

    def path(t: np.ndarray) -> np.ndarray:
        return curve_of(found.shape, past, t)

    columns = [column[:, None] for column in noise.T]
    return {
        "growth": found.shape.named(past)["growth"],
        "scatter": noise[:, 0],
        "likelihood": problem.likelihood.loglik(path, columns, problem.data, numpy_namespace()),
        "already": has_plateaued(found.shape, past, found.span, found.series).astype(float),
    }


def place(key: Key) -> tuple[int, int, int]:
    """Order of the rows in the file."""
    shape, kind, number = key
    return list(SHAPES).index(shape), list(SAMPLED).index(kind), int(number)


if __name__ == "__main__":
    main()
