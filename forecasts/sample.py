"""Sample a scanned problem with NUTS: one PyMC model, compiled once for a shape and a likelihood.

The graph sums the posterior over the scan's cells in whitened coordinates; every array that
depends on the series or on `as_of` is `pm.Data` and is swapped in, so no bound of one as-of date
can live on in the next (`tests/test_sample.py` compares with a fresh compile).
"""

import warnings
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from forecasts.arrays import Array, pytensor_namespace
from forecasts.models.shape import Draws
from forecasts.problem import Problem, log_posterior
from forecasts.scan import Scan, log_joint

CHAINS = 4
#: Warm-up and kept draws a chain; the second row is the one retry, with `ACCEPT` as target.
SETTINGS = ((300, 700), (1000, 2500))
ACCEPT = (0.9, 0.99)


@dataclass(frozen=True)
class Sampled:
    """What NUTS returned for one scan.

    Attributes
    ----------
    z : ndarray, shape (chains, draws, parameters)
        Whitened coordinates.
    joint : ndarray, shape (chains * draws, cells)
        Log posterior of each draw in each cell.
    diverging, energy, n_steps, step_size : ndarray, shape (chains, draws)
        The sampler statistics that every NUTS implementation has.
    scan : Scan
        What was sampled.
    """

    z: np.ndarray
    joint: np.ndarray
    statistics: dict[str, np.ndarray]
    scan: Scan

    @property
    def log_density(self) -> np.ndarray:
        """Log density of each draw, cells summed out; shape (chains, draws)."""
        return np.logaddexp.reduce(self.joint, axis=1).reshape(self.z.shape[:2])


def sample(scan: Scan, seed: int, *, strict: bool = False) -> Sampled:
    """Draw from the posterior with nutpie.

    Parameters
    ----------
    scan : Scan
        Cells to sum over.
    seed : int
        Same seed, same draws, on any number of cores.
    strict : bool
        Longer warm-up, more draws, smaller steps: the one retry of a fit that failed the gate.
    """
    import nutpie

    tune, draws = SETTINGS[strict]
    model = compiled(scan).with_data(**_arrays(scan))
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
    return Sampled(z, log_joint(scan, z.reshape(-1, z.shape[-1])), statistics, scan)


def redraw(
    scan: Scan, z: np.ndarray, joint: np.ndarray, rng: np.random.Generator
) -> tuple[Draws, np.ndarray, np.ndarray]:
    """Draw the cell, the dates inside it and the plain parameters for each whitened point.

    Parameters
    ----------
    scan : Scan
        Cells.
    z : ndarray, shape (draws, parameters)
        Whitened points.
    joint : ndarray, shape (draws, cells)
        Their log posterior in each cell.
    rng : Generator
        Decides.

    Returns
    -------
    draws : Draws
        Shape parameters and dates.
    noise : ndarray, shape (draws, noise parameters)
        Noise parameters.
    cell : ndarray of int, shape (draws,)
        The cell chosen.
    """
    noisy = joint + rng.gumbel(size=joint.shape)
    cell = noisy.argmax(1)
    theta = scan.mode[cell] + np.einsum("dij,dj->di", scan.factor[cell], z)
    count = len(scan.problem.shape.priors)
    parameters = theta[:, :count] * scan.cells.active[cell]
    low, high = scan.cells.low[cell], scan.cells.high[cell]
    dates = low + (high - low) * rng.random(low.shape)
    return Draws(parameters, dates), theta[:, count:], cell


def _arrays(scan: Scan) -> dict[str, np.ndarray]:
    """Everything the graph reads, under the names of its data variables."""
    volume = np.log(np.diagonal(scan.factor, axis1=1, axis2=2)).sum(1)
    noise = np.ones((len(scan.cells), len(scan.problem.likelihood.noise)))
    arrays = {
        "mode": scan.mode,
        "factor": scan.factor,
        "constant": scan.log_weight + volume,
        "active": np.concatenate([scan.cells.active, noise], axis=1),
        **scan.problem.data,
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
    symbolic = replace(problem, data={name: data[name] for name in problem.data})
    terms = log_posterior(symbolic, columns, active, dates, pytensor_namespace())
    return pt.logsumexp(terms + data["constant"])


#: Compiled models of this process, by formula and kind of series.
_COMPILED: dict[tuple[str, str], Any] = {}


def compiled(scan: Scan) -> Any:
    """Compile the model of this scan's shape and likelihood, once in a process.

    The arrays of the first scan only give the types: `sample` replaces every one of them.
    """
    import nutpie

    key = scan.problem.shape.graph, scan.problem.likelihood.kind
    if key not in _COMPILED:
        with warnings.catch_warnings():
            # Without a C compiler PyTensor fuses fewer loops and says so; the numbers agree.
            warnings.filterwarnings("ignore", message="Loop fusion failed")
            _COMPILED[key] = nutpie.compile_pymc_model(build_model(scan))
    return _COMPILED[key]
