"""Fit one shape to one series: scan, sample, check convergence, look ahead.

A fit either passes the convergence gate or says that it does not; it is retried once with stricter
settings and never passed on silently.
"""

from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

import numpy as np

from forecasts.models import Draws, Shape, Span
from forecasts.plateau import (
    KAPPA,
    Plateau,
    curve_of,
    find_plateaus,
    growth_at_end,
    reference_growth,
)
from forecasts.problem import Problem, pose
from forecasts.sample import Sampled, redraw, sample
from forecasts.scan import Scan, log_joint, scan
from forecasts.series import Series

#: The gate: every sampled parameter, the log density, P(already) and the last forecast pass it.
RHAT_LIMIT, ESS_LIMIT = 1.01, 400.0
#: Points and tail weight of the importance sample that measures the evidence.
EVIDENCE_DRAWS, EVIDENCE_DF = 1000, 7
#: Futures simulated for each posterior draw: tails far ahead need more than one.
FUTURES = 4
#: Years after `as_of` that an answer covers unless told otherwise.
HORIZON = 30.0


@dataclass(frozen=True)
class Diagnostics:
    """Whether the sampler did its work.

    Attributes
    ----------
    rhat_max, ess_min : float
        Worst rank-normalised R-hat, worst of bulk and tail effective sample size.
    divergences : int
        Divergent transitions.
    """

    rhat_max: float
    ess_min: float
    divergences: int

    @property
    def converged(self) -> bool:
        """All three within the gate."""
        good = self.rhat_max <= RHAT_LIMIT and self.ess_min >= ESS_LIMIT
        return bool(good and self.divergences == 0)

    def to_dict(self) -> dict:
        """Return the contract's `diagnostics` object."""
        return {
            "rhat_max": self.rhat_max,
            "ess_min": self.ess_min,
            "divergences": self.divergences,
            "converged": self.converged,
        }


@dataclass(frozen=True)
class Fit:
    """One shape fitted to one series.

    Attributes
    ----------
    series : Series
        As known at `as_of`.
    shape : Shape
        With the hazard and stop probability it was fitted with.
    span : Span
        Years observed and years ahead.
    sampled : Sampled
        Whitened draws and sampler statistics.
    past, ahead : Draws
        Growth paths as they were, and with what may still happen after `as_of`.
    noise : ndarray, shape (draws, noise parameters)
        Unconstrained noise parameters.
    cell : ndarray of int, shape (draws,)
        Which of the scan's cells each draw lies in.
    forecast : ndarray, shape (FUTURES * draws, years)
        Log values (direction of progress) at as_of + 1, 2, … years; the first `draws` rows belong
        to `ahead`, the others to further futures of the same draws.
    diagnostics : Diagnostics
        The gate's verdict.
    log_evidence : float
        Log marginal likelihood of the shape.
    """

    series: Series
    shape: Shape
    span: Span
    sampled: Sampled
    past: Draws
    ahead: Draws
    noise: np.ndarray
    cell: np.ndarray
    forecast: np.ndarray
    diagnostics: Diagnostics
    log_evidence: float

    @property
    def converged(self) -> bool:
        """Whether the fit passed the gate."""
        return self.diagnostics.converged

    @cached_property
    def plateaus(self) -> tuple[Plateau, Plateau]:
        """The plateau posterior at both thresholds."""
        weight = np.full(len(self.noise), 1.0 / len(self.noise))
        return find_plateaus(self.shape, self.ahead, self.series, self.span, weight)


def fit(
    series: Series, shape: Shape, *, horizon: float = HORIZON, seed: int = 0, retry: bool = True
) -> Fit:
    """Fit one shape.

    Parameters
    ----------
    series : Series
        As known at its `as_of`; nothing later is looked at.
    shape : Shape
        One of `forecasts.models.SHAPES`, or a copy with another hazard.
    horizon : float
        Years after `as_of`.
    seed : int
        Same seed, series and versions: same numbers.
    retry : bool
        Sample once more, strictly, if the gate is not passed.

    Raises
    ------
    NotYetError
        For a kind of series that has no likelihood yet.
    """
    problem = pose(shape, series, horizon)
    scanned = scan(problem)
    first = _assess(series, scanned, seed, strict=False)
    if first.converged or not retry:
        return first
    return _assess(series, scanned, seed, strict=True)


def _assess(series: Series, scanned: Scan, seed: int, *, strict: bool) -> Fit:
    """Sample a scanned problem, redraw its dates, forecast, and judge."""
    problem = scanned.problem
    sampled = sample(scanned, child_seed(seed, "nuts"), strict=strict)
    rng = np.random.default_rng(child_seed(seed, "redraw"))
    flat = sampled.z.reshape(-1, problem.size)
    past, noise, cell = redraw(scanned, flat, sampled.joint, rng)
    ahead = problem.shape.extended(past, problem.span, rng)
    forecast = futures(problem, series, past, noise, seed=seed, first=ahead)
    quantities = {
        "z": sampled.z,
        "log_density": sampled.log_density,
        "p_already": _p_already(scanned, flat, sampled.joint).reshape(sampled.z.shape[:2]),
        "forecast": forecast[: len(flat), -1].reshape(sampled.z.shape[:2]),
    }
    divergences = int(sampled.statistics["diverging"].sum())
    evidence = log_evidence(scanned, np.random.default_rng(child_seed(seed, "evidence")))
    return Fit(
        series=series,
        shape=problem.shape,
        span=problem.span,
        sampled=sampled,
        past=past,
        ahead=ahead,
        noise=noise,
        cell=cell,
        forecast=forecast,
        diagnostics=diagnose(quantities, divergences),
        log_evidence=evidence,
    )


def futures(
    problem: Problem, series: Series, past: Draws, noise: np.ndarray, *, seed: int, first: Draws
) -> np.ndarray:
    """Draw `FUTURES` forecasts of each posterior draw, the first one along the given paths."""
    rng = np.random.default_rng(child_seed(seed, "futures"))
    paths = [first]
    paths += [problem.shape.extended(past, problem.span, rng) for _ in range(FUTURES - 1)]
    return np.concatenate(
        [
            future_values(problem, series, path, noise, child_seed(seed, "future", str(i)))
            for i, path in enumerate(paths)
        ]
    )


def future_values(
    problem: Problem, series: Series, ahead: Draws, noise: np.ndarray, seed: int
) -> np.ndarray:
    """Draw log values at as_of + 1, 2, … horizon years; shape (draws, years)."""
    years = np.arange(1, int(problem.span.horizon) + 1)
    values = problem.likelihood.future(
        lambda t: curve_of(problem.shape, ahead, t), noise, series, problem.span.years + years, seed
    )
    return values + series.y[0]


def diagnose(quantities: dict[str, np.ndarray], divergences: int) -> Diagnostics:
    """Judge (chain, draw, …) arrays by R-hat and effective sample size.

    A quantity that is the same in every draw (P(already) of an exponential) has nothing to mix.
    """
    import arviz as az

    moving = {name: x for name, x in quantities.items() if np.ptp(x) > 0}
    data = az.convert_to_dataset(moving)
    rhat = az.rhat(data)
    ess = [az.ess(data, method=method) for method in ("bulk", "tail")]
    return Diagnostics(
        rhat_max=max(float(rhat[name].max()) for name in moving),
        ess_min=min(float(e[name].min()) for e in ess for name in moving),
        divergences=divergences,
    )


def log_evidence(scanned: Scan, rng: np.random.Generator) -> float:
    """Log marginal likelihood by importance sampling in the whitened coordinates.

    The proposal is a multivariate Student-t around the origin, where every cell has its mode; the
    Laplace evidence alone is too rough for records.
    """
    _, log_weight = importance_sample(scanned, EVIDENCE_DRAWS, rng)
    return float(np.logaddexp.reduce(log_weight) - np.log(len(log_weight)))


def importance_sample(
    scanned: Scan, count: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw whitened points without NUTS: an independent check of it, and of the evidence.

    Returns
    -------
    z : ndarray, shape (count, parameters)
        Points.
    log_weight : ndarray, shape (count,)
        Log posterior density (not normalised) over proposal density.
    """
    from scipy.stats import multivariate_t

    proposal = multivariate_t(np.zeros(scanned.problem.size), df=EVIDENCE_DF)
    z = np.atleast_2d(proposal.rvs(count, random_state=rng)).reshape(count, -1)
    density = np.logaddexp.reduce(log_joint(scanned, z), axis=1)
    return z, density - proposal.logpdf(z)


def child_seed(seed: int, *names: str) -> int:
    """Derive an independent seed for each named use, the same on every machine."""
    keys = [crc32(name.encode()) for name in names]
    return int(np.random.SeedSequence([seed, *keys]).generate_state(1)[0])


def _p_already(scanned: Scan, z: np.ndarray, joint: np.ndarray) -> np.ndarray:
    """P(already) of each whitened draw, cells and dates summed out; shape (draws,)."""
    problem, total = scanned.problem, np.logaddexp.reduce(joint, axis=1)
    count = len(problem.shape.priors)
    out = np.zeros(len(z))
    for j, dates in enumerate(scanned.cells.middle):
        theta = (scanned.mode[j] + z @ scanned.factor[j].T)[:, :count] * scanned.cells.active[j]
        draws = Draws(theta, np.tile(dates, (len(z), 1)))
        reference = reference_growth(problem.shape, draws, problem.span)
        below = growth_at_end(problem.shape, draws, problem.span) < KAPPA * reference
        below &= reference > 0
        out += np.exp(joint[:, j] - total) * below
    return out
