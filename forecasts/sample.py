"""Sample a scanned problem with NUTS: one PyMC model, compiled once for a shape and a likelihood.

The graph sums the posterior over the scan's cells in whitened coordinates; every array that
depends on the series or on `as_of` is `pm.Data` and is swapped in, so no bound of one as-of date
can live on in the next (`tests/test_sample.py` compares with a fresh compile).
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from forecasts.arrays import Array, pytensor_namespace
from forecasts.diagnostics import Diagnostics, diagnose
from forecasts.models.shape import Draws
from forecasts.population import Population
from forecasts.problem import Problem, log_posterior
from forecasts.proposals import resample
from forecasts.represent import represent, thinned
from forecasts.scan import Scan, located, log_joint

CHAINS = 4
#: Warm-up and kept draws a chain; the second row is the one retry, with `ACCEPT` as target.
SETTINGS = ((300, 700), (1000, 2500))
ACCEPT = (0.9, 0.99)


@dataclass(frozen=True)
class Sampled:
    """What NUTS returned for one scan.

    Attributes
    ----------
    scan : Scan
        What was sampled, with all its cells.
    z : ndarray, shape (chains, draws, parameters)
        Whitened coordinates.
    log_density : ndarray, shape (chains, draws)
        Log density of each draw, cells summed out.
    statistics : dict of ndarray, shape (chains, draws)
        The sampler statistics that every NUTS implementation has.
    """

    scan: Scan
    z: np.ndarray
    log_density: np.ndarray
    statistics: dict[str, np.ndarray]

    @property
    def shape(self) -> tuple[int, int]:
        """Chains and draws."""
        return self.z.shape[0], self.z.shape[1]

    def verdict(
        self, derived: dict[str, np.ndarray], forecast: Callable[[], np.ndarray]
    ) -> Diagnostics:
        """Judge the whitened coordinates, the log density, and what was derived from the draws.

        Parameters
        ----------
        derived : dict of ndarray, shape (chains * draws,)
            Quantities of each draw.
        forecast : callable
            Gives one more: it takes longer, so it is only made when asked for.
        """
        flat = {**derived, "forecast": forecast()}
        quantities = {name: values.reshape(self.shape) for name, values in flat.items()}
        quantities |= {"z": self.z, "log_density": self.log_density}
        return diagnose(quantities, int(self.statistics["diverging"].sum()))


def sample(scan: Scan, seed: int, *, strict: bool = False) -> Sampled:
    """Draw from the posterior with nutpie.

    Parameters
    ----------
    scan : Scan
        Cells to sum over; NUTS sees one representation of them.
    seed : int
        Same seed, same draws, on any number of cores.
    strict : bool
        Longer warm-up, more draws, smaller steps: the one retry of a fit that failed the gate.
    """
    import nutpie

    tune, draws = SETTINGS[strict]
    few = thinned(scan, represent(scan))
    model = compiled(few).with_data(**_arrays(few))
    tree = nutpie.sample(
        model,
        tune=tune,
        draws=draws,
        chains=CHAINS,
        seed=seed,
        target_accept=ACCEPT[strict],
        progress_bar=False,
        save_warmup=False,
    )
    z = tree["posterior"]["z"].to_numpy()
    statistics = {
        name: tree["sample_stats"][name].to_numpy()
        for name in ("diverging", "energy", "n_steps", "step_size")
    }
    flat = z.reshape(-1, z.shape[-1])
    every = np.broadcast_to(np.arange(len(few.cells)), (len(flat), len(few.cells)))
    joint = log_joint(few, flat, every)
    return Sampled(scan, z, np.logaddexp.reduce(joint, axis=1).reshape(z.shape[:2]), statistics)


def redraw(sampled: Sampled, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Choose a cell for each draw, from a representation of its own.

    A draw whose own representation is heavier than the one that NUTS saw counts for more; within
    each chain the draws are resampled by that weight, which is nearly the same for all.

    Returns
    -------
    z : ndarray, shape (chains * draws, parameters)
        Whitened points, equally weighted.
    cell : ndarray of int, shape (chains * draws,)
        The cell of each.
    """
    chains, draws, size = sampled.z.shape
    z, representation = sampled.z.reshape(-1, size), represent(sampled.scan)
    choice = representation.choose(rng.random(len(z)))
    joint = log_joint(sampled.scan, z, choice) + representation.raised[choice]
    log_weight = np.logaddexp.reduce(joint, axis=1).reshape(chains, draws) - sampled.log_density
    kept = np.concatenate([c * draws + resample(log_weight[c], draws, rng) for c in range(chains)])
    chosen = (joint + rng.gumbel(size=joint.shape)).argmax(1)
    return z[kept], choice[np.arange(len(z)), chosen][kept]


def plain(
    scan: Scan, z: np.ndarray, cell: np.ndarray, rng: np.random.Generator
) -> tuple[Draws, np.ndarray]:
    """Turn whitened points and their cells into parameters, dates and noise.

    Parameters
    ----------
    scan : Scan
        Cells.
    z : ndarray, shape (draws, parameters)
        Whitened points.
    cell : ndarray of int, shape (draws,)
        The cell of each.
    rng : Generator
        Places the dates inside their cells.

    Returns
    -------
    draws : Draws
        Shape parameters and dates.
    noise : ndarray, shape (draws, noise parameters)
        Noise parameters.
    """
    theta, count = located(scan, z, cell), len(scan.problem.shape.priors)
    low, high = scan.cells.low[cell], scan.cells.high[cell]
    dates = low + (high - low) * rng.random(low.shape)
    return Draws(theta[:, :count] * scan.cells.active[cell], dates), theta[:, count:]


def _arrays(scan: Scan) -> dict[str, np.ndarray]:
    """Everything the graph reads, under the names of its data variables."""
    volume = np.log(np.diagonal(scan.factor, axis1=1, axis2=2)).sum(1)
    problem = scan.problem
    noise = np.ones((len(scan.cells), len(problem.noise)))
    arrays = {
        "mode": scan.mode,
        "factor": scan.factor,
        "constant": scan.log_weight + volume,
        "active": np.concatenate([scan.cells.active, noise], axis=1),
        "population": np.array(problem.shape.population.values()),
        **problem.data,
    }
    if scan.cells.middle.shape[1]:
        arrays["dates"] = scan.cells.middle
    return arrays


def build_model(scan: Scan) -> Any:
    """Return the `pymc.Model` of a scan: a flat `z` and one potential, summed over cells."""
    import pymc as pm

    problem = scan.problem
    with pm.Model() as model:
        data = {name: pm.Data(name, value) for name, value in _arrays(scan).items()}
        z = pm.Flat("z", shape=problem.size)
        pm.Potential("posterior", _log_density(problem, z, data))
    return model


def _log_density(problem: Problem, z: Array, data: dict[str, Array]) -> Array:
    """Symbolic log density of `z`, cells summed out."""
    import pytensor.tensor as pt

    theta = data["mode"] + (data["factor"] * z[None, None, :]).sum(-1)
    # [:, i][:, None], not a slice: a static length of one is what makes the column broadcast.
    columns = [theta[:, i][:, None] for i in range(problem.size)]
    active = [data["active"][:, i][:, None] for i in range(problem.size)]
    unknown = problem.shape.cells(problem.span).middle.shape[1]
    dates = [data["dates"][:, i][:, None] for i in range(unknown)]
    count = len(problem.shape.population.values())
    population = Population(*(data["population"][i] for i in range(count)))
    symbolic = replace(
        problem,
        shape=replace(problem.shape, population=population),  # type: ignore[type-var]
        data={name: data[name] for name in problem.data},
    )
    terms = log_posterior(symbolic, columns, active, dates, pytensor_namespace())
    return pt.logsumexp(terms + data["constant"])


#: Compiled models of this process, by the formulas of the path and of the rows.
_COMPILED: dict[tuple[str, str], Any] = {}


def compiled(scan: Scan) -> Any:
    """Compile the model of this scan's shape and likelihood, once in a process.

    The arrays of the first scan only give the types: `sample` replaces every one of them.
    """
    import nutpie

    key = scan.problem.shape.graph, scan.problem.likelihood.name
    if key not in _COMPILED:
        with warnings.catch_warnings():
            # Without a C compiler PyTensor fuses fewer loops and says so; the numbers agree.
            warnings.filterwarnings("ignore", message="Loop fusion failed")
            _COMPILED[key] = nutpie.compile_pymc_model(build_model(scan))
    return _COMPILED[key]
