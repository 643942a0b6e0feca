"""What the reference class teaches: a hierarchical model of how trends grow, change and end.

Each reference series is fitted once with the wide prior of its kind (`population.WEAK`). Its draws
are then recycled: the marginal likelihood of the series under any other population is the mean of
the ratio of the two prior densities over the draws (Hogg, Myers & Bovy 2010,
doi:10.1088/0004-637X/725/2/2166), so that the population itself can be sampled in minutes. A series
without a change is right-censored by the same formula: that nothing happened in its span is data.
Relatives count as one series between them.

Leaving a family out reweights the draws of the population by the family's own likelihood, with
Pareto-smoothed weights, as in leave-one-out cross-validation (`tests/test_hierarchy.py` compares
with a fit that never saw the family).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from forecasts.arrays import numpy_namespace, pytensor_namespace
from forecasts.importance import smoothed
from forecasts.population import PERSISTENCE_SD, WEAK, Population
from forecasts.priors import CHANGE_DF, GROWTH_DF, growth_unit
from forecasts.recycled import DRAWS, PERSISTENT, Recycled

KINDS = tuple(WEAK)
#: Warm-up and kept draws of each of four chains over the population.
TUNE, KEPT, CHAINS = 500, 500, 4


def log_prior(draws: dict[str, Any], p: dict[str, Any], xp: Any) -> Any:
    """Log density of recycled draws under a population, up to what does not depend on it.

    Written once for NumPy and PyTensor; `draws` has one row a series, `p` columns or scalars.
    """
    none = xp.log1p(p["hazard"] * draws["one"] + p["hazard"] ** 2 * draws["two"])
    happened = draws["changes"] > 0
    stop = draws["stopped"] * xp.log(p["stop_probability"])
    stop = stop + (1 - draws["stopped"]) * xp.log1p(-1.0 * p["stop_probability"])
    total = draws["changes"] * xp.log(p["hazard"]) - none + happened * stop
    width = p["growth_width"]
    away = draws["before"] - p["growth_bias"] * width
    total = total + _student(away, width, xp, GROWTH_DF)
    unit = growth_unit(draws["before"], width, xp)
    # The first of two changes is always free; the last one is a stop or free.
    first_free = (draws["changes"] > 1) + (draws["changes"] == 1) * (1 - draws["stopped"])
    second_free = (draws["changes"] > 1) * (1 - draws["stopped"])
    kept = p["kept_growth"]
    spread = p["change_spread"] * unit
    first = _student(draws["middle"] - kept * draws["before"], spread, xp, CHANGE_DF)
    second = _student(draws["after"] - kept * draws["middle"], spread, xp, CHANGE_DF)
    total = total + first_free * first + second_free * second
    total = total + _normal(draws["log_scatter"], p["scatter_loc"], p["scatter_sd"], xp)
    carried = _normal(draws["persistence"], p["persistence_loc"], p["persistence_sd"], xp)
    return total + draws["persists"] * carried


def _normal(x: Any, loc: Any, scale: Any, xp: Any) -> Any:
    """Log density of a normal distribution without its constant."""
    return -0.5 * ((x - loc) / scale) ** 2 - xp.log(scale)


def _student(x: Any, scale: Any, xp: Any, df: float) -> Any:
    """Log density of a Student-t distribution without its constant."""
    return -0.5 * (df + 1) * xp.log1p((x / scale) ** 2 / df) - xp.log(scale)


def stacked(series: Sequence[Recycled]) -> dict[str, np.ndarray]:
    """Put the draws of all series into one row each."""
    names = (
        "before", "middle", "after", "changes", "stopped", "log_scatter", "persistence"
    )  # fmt: skip
    out = {name: np.stack([getattr(one, name) for one in series]).astype(float) for name in names}
    out |= {name: np.array([[getattr(s, name)] for s in series]) for name in ("one", "two")}
    out["persists"] = np.array([[float(s.kind in PERSISTENT)] for s in series])
    return out


def learn(series: Sequence[Recycled], *, hazard: float | None = None, seed: int = 0) -> "Learned":
    """Sample the population that the reference series come from.

    Parameters
    ----------
    series : sequence of Recycled
        The reference class.
    hazard : float, optional
        Changes per year, where that was chosen otherwise; the default is to learn it, too.
    seed : int
        Same seed, same numbers.
    """
    import nutpie
    import pymc as pm
    import pytensor.tensor as pt

    series = [one for one in series if one.converged]
    draws = stacked(series)
    kind = np.array([KINDS.index(one.kind) for one in series])
    weak = {name: np.array([[asdict(WEAK[one.kind])[name]] for one in series]) for name in FIELDS}
    known = log_prior(draws, weak, numpy_namespace())
    sizes = {one.family: 0 for one in series}
    for one in series:
        sizes[one.family] += 1
    share = np.array([1.0 / sizes[one.family] for one in series])
    with pm.Model() as model:
        shared, by_kind = _hyperpriors(hazard)
        p = {**shared, **{name: value[kind][:, None] for name, value in by_kind.items()}}
        ratio = log_prior(draws, p, pytensor_namespace()) - known
        likelihood = pt.logsumexp(ratio, axis=1) - np.log(DRAWS)
        pm.Potential("series", (share * likelihood).sum())
    compiled = nutpie.compile_pymc_model(model)
    tree = nutpie.sample(
        compiled, tune=TUNE, draws=KEPT, chains=CHAINS, seed=seed, target_accept=0.9,
        progress_bar=False, save_warmup=False,
    )  # fmt: skip
    posterior = {name: tree["posterior"][name].to_numpy() for name in (*shared, *by_kind)}
    return Learned(tuple(series), share, known, posterior, tree)


#: Numbers of a population that all kinds share, and those that each kind has for itself.
SHARED = ("hazard", "stop_probability", "kept_growth", "change_spread", "growth_bias")
OWN = (
    "growth_width", "scatter_loc", "scatter_sd", "persistence_loc", "persistence_sd"
)  # fmt: skip
FIELDS = (*SHARED, *OWN)


def _hyperpriors(hazard: float | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Weak beliefs about the population itself; each allows what the bundled series span."""
    import pymc as pm
    import pytensor.tensor as pt

    weak = {name: np.array([asdict(WEAK[kind])[name] for kind in KINDS]) for name in OWN}
    count = len(KINDS)
    shared = {
        # A trend changes once in ten to once in three hundred years (two standard deviations).
        "hazard": pm.LogNormal("hazard", np.log(0.02), 0.9)
        if hazard is None
        else pm.Deterministic("hazard", pt.as_tensor(hazard)),
        "stop_probability": pm.Beta("stop_probability", 2.0, 2.0),
        "kept_growth": pm.Normal("kept_growth", 0.25, 0.3),
        "change_spread": pm.LogNormal("change_spread", np.log(0.5), 0.5),
        # Series are collected because they grew: progress is more likely than its opposite.
        "growth_bias": pm.Normal("growth_bias", 0.5, 0.5),
    }
    own = {
        "growth_width": pm.LogNormal(
            "growth_width", np.log(weak["growth_width"]), 1.0, shape=count
        ),
        "scatter_loc": pm.Normal("scatter_loc", weak["scatter_loc"], 1.0, shape=count),
        "scatter_sd": pm.LogNormal("scatter_sd", np.log(0.7), 0.4, shape=count),
        "persistence_loc": pm.Normal("persistence_loc", 0.1, 0.2, shape=count),
        "persistence_sd": pm.Deterministic(
            "persistence_sd", pt.as_tensor(np.full(count, PERSISTENCE_SD))
        ),
    }
    return shared, own


@dataclass(frozen=True)
class Learned:
    """Draws of the population.

    Attributes
    ----------
    series : tuple of Recycled
        The reference class.
    share : ndarray, shape (series,)
        How much each counts: relatives share one.
    known : ndarray, shape (series, draws)
        Log prior density of the recycled draws under the wide prior.
    posterior : dict of ndarray, shape (chains, draws[, kinds])
        The population's numbers.
    tree : DataTree
        As the sampler returned it, for diagnostics.
    """

    series: tuple[Recycled, ...]
    share: np.ndarray
    known: np.ndarray
    posterior: dict[str, np.ndarray]
    tree: Any

    def population(self, kind: str, log_weight: np.ndarray | None = None) -> Population:
        """Return the mean population of one kind, over all draws or weighted ones."""
        flat = {k: v.reshape(-1, *v.shape[2:]) for k, v in self.posterior.items()}
        count = len(flat["hazard"])
        weight = np.full(count, 1 / count) if log_weight is None else np.exp(log_weight)
        at = KINDS.index(kind)
        values = {name: float(weight @ flat[name]) for name in SHARED}
        values |= {name: float(weight @ flat[name][:, at]) for name in OWN}
        return Population(**values)

    def without(self, family: str) -> tuple[np.ndarray, float]:
        """Return normalised log weights that take a family out again, and their k-hat."""
        rows = [i for i, one in enumerate(self.series) if one.family == family]
        flat = {k: v.reshape(-1, *v.shape[2:]) for k, v in self.posterior.items()}
        count = len(flat["hazard"])
        total = np.zeros(count)
        for i in rows:
            one = self.series[i]
            draws = {k: v[0] for k, v in stacked([one]).items()}
            at = KINDS.index(one.kind)
            p = {name: flat[name][:, None] for name in SHARED}
            p |= {name: flat[name][:, at][:, None] for name in OWN}
            ratio = log_prior(draws, p, numpy_namespace()) - self.known[i]
            total += self.share[i] * (np.logaddexp.reduce(ratio, axis=1) - np.log(DRAWS))
        return smoothed(-total)
