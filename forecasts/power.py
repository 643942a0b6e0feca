"""Power-scaling: how the plateau date moves when prior or likelihood counts for more or for less.

ArviZ computes it (`arviz.psense`), but must be handed its two arrays: dates are summed out, so a
model's own groups would lack the prior that matters most here, that of the changes.

A power of a density depends on its unit, and draws with another number of changes have another
number of growths. So every parameter enters with its log prior minus the expectation of that under
the prior itself, which has no unit and is zero on average, and the dates enter with the prior mass
of their configuration: how many changes, before and after `as_of`, stopped or free.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from forecasts.arrays import numpy_namespace
from forecasts.fit import Fit, child_seed
from forecasts.models import Cells, Span
from forecasts.models.shape import FAR
from forecasts.plateau import curve_of
from forecasts.priors import PRIOR_ODDS, GammaLog, Normal, Prior, RisingLog, StudentT
from forecasts.proposals import resample

if TYPE_CHECKING:
    from forecasts.comparison import Comparison

#: Prior or likelihood to these powers: somewhat more than the customary 1 %, because a plateau date
#: has lumps ("not within the horizon").
POWERS = (0.8, 1.25)
#: Sensitivity from which on a part counts as informative (Kallioinen et al. 2023).
SENSITIVE = 0.05
#: (likelihood is informative, prior is informative) -> what moves the date.
DIAGNOSES = {
    (True, False): "data",
    (False, True): "prior",
    (True, True): "both",
    (False, False): "neither",
}
#: Equally weighted draws of the averaged posterior.
DRAWS = 4000


def power_scaling(comparison: "Comparison") -> dict[str, Any]:
    """Measure how sensitive the averaged plateau date is to prior and likelihood.

    Returns
    -------
    dict
        ``prior`` and ``likelihood``: cumulative Jensen-Shannon distance of the date's distribution
        (censored at the horizon) per doubling of the power; ``diagnosis``: which of them move it,
        ``data``, ``prior``, ``both`` or ``neither``.

    References
    ----------
    Kallioinen, Paananen, Bürkner and Vehtari (2023), Detecting and diagnosing prior and likelihood
    sensitivity with power-scaling, Statistics and Computing 34, doi:10.1007/s11222-023-10366-5.
    """
    import arviz as az

    date, prior, likelihood = _pooled(comparison)
    tree = az.from_dict(
        {
            "posterior": {"plateau": date[None]},
            "log_prior": {"prior": prior[None]},
            "log_likelihood": {"rows": likelihood[None, :, None]},
        }
    )
    moved = {
        group: float(az.psense(tree, group=group, alphas=POWERS)["plateau"])
        for group in ("prior", "likelihood")
    }
    sensitive = (moved["likelihood"] >= SENSITIVE, moved["prior"] >= SENSITIVE)
    return {**moved, "diagnosis": DIAGNOSES[sensitive]}


def _pooled(comparison: "Comparison") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Date, log prior and log likelihood of equally weighted draws of the average."""
    columns: list[np.ndarray] = []
    weights: list[np.ndarray] = []
    for name in comparison.used:
        one = comparison.fits[name]
        plateau, share = one.plateaus[0], comparison.weights[name] or 0.0
        end = plateau.as_of + plateau.horizon
        odds = np.log(PRIOR_ODDS[name])
        columns.append(
            np.stack([np.minimum(plateau.date, end), odds + log_prior(one), log_likelihood(one)])
        )
        weights.append(share * plateau.weight)
    weight = np.concatenate(weights)
    with np.errstate(divide="ignore"):
        rng = np.random.default_rng(child_seed(comparison.seed, "power"))
        keep = resample(np.log(weight), DRAWS, rng)
    # ArviZ looks at chains in order; shuffled, the shapes do not pass for a drift.
    date, prior, likelihood = np.concatenate(columns, axis=1)[:, rng.permutation(keep)]
    return date, prior, likelihood


def log_likelihood(one: Fit) -> np.ndarray:
    """Log likelihood of all rows together, draw by draw."""
    problem = one.scan.problem
    return np.asarray(
        problem.likelihood.loglik(
            lambda t: curve_of(one.shape, one.past, t),
            [column[:, None] for column in one.noise.T],
            problem.data,
            numpy_namespace(),
        )
    )


def log_prior(one: Fit) -> np.ndarray:
    """Log prior of each draw without a unit: configuration, and parameters as they are expected."""
    xp, problem = numpy_namespace(), one.scan.problem
    parameters, active = one.past.parameters, one.scan.cells.active[one.cell]
    terms = one.shape.log_prior(list(parameters.T), xp)
    log_unit = np.log(one.shape.unit(one.past))
    total = configuration_log_mass(one)[one.cell] + _future_log_mass(one)
    for prior, term, used in zip(one.shape.priors, terms, active.T, strict=True):
        total = total + used * (np.asarray(term) + entropy(prior, log_unit))
    for plain, column in zip(problem.noise, one.noise.T, strict=True):
        total = total + np.asarray(plain.logpdf(column, xp)) + entropy(plain, log_unit)
    return total


def entropy(prior: Prior, log_unit: np.ndarray) -> np.ndarray | float:
    """Differential entropy: minus the expectation of a log prior under itself.

    Parameters
    ----------
    prior : Prior
        Of one parameter.
    log_unit : ndarray
        Logarithm of what growth after a change is measured in, on which its entropy hangs.
    """
    from scipy import stats

    if isinstance(prior, Normal):
        curve = stats.norm if prior.df is None else stats.t(prior.df)
        return float(curve.entropy() + np.log(prior.scale))
    if isinstance(prior, RisingLog):
        # No closed form: the mean over equally likely growths.
        angle = np.arctan(prior.loc / prior.scale)
        even = -angle + (np.pi / 2 + angle) * (np.arange(10_000) + 0.5) / 10_000
        log_x = np.log(prior.loc + prior.scale * np.tan(even))
        return -float(prior.logpdf(log_x, numpy_namespace()).mean())
    if isinstance(prior, GammaLog):
        return float(stats.loggamma(prior.shape).entropy())
    if isinstance(prior, StudentT):
        return float(stats.t(prior.df, scale=prior.scale).entropy()) + log_unit
    raise TypeError(f"An entropy is known of a prior, got {type(prior).__name__}.")


def configuration_log_mass(one: Fit) -> np.ndarray:
    """Log prior mass of the configuration that each of a scan's cells belongs to."""
    coarse = one.shape.cells(one.span)
    mass = one.shape.log_weight(coarse, one.span)
    mass = mass - np.logaddexp.reduce(mass)
    dates = len(one.shape.date_names)
    keys, found = _configurations(coarse, one.span, dates), {}
    for key in set(keys):
        found[key] = np.logaddexp.reduce(mass[[k == key for k in keys]])
    return np.array([found[key] for key in _configurations(one.scan.cells, one.span, dates)])


def _future_log_mass(one: Fit) -> np.ndarray:
    """Log prior mass of what was simulated after `as_of`: changes, and whether the first stops.

    The rows do not touch the future, so how often it occurs among the draws is its prior mass.
    """
    count, changes = one.past.parameters.shape[1], one.ahead.dates[:, one.past.dates.shape[1] :]
    came = (changes < FAR).sum(1)
    stopped = (came > 0) & (one.ahead.parameters[:, count] == 0.0)
    _, key, times = np.unique(
        2 * np.minimum(came, 2) + stopped, return_inverse=True, return_counts=True
    )
    return np.log(times / len(came))[key]


def _configurations(cells: Cells, span: Span, dates: int) -> list[tuple]:
    """Name each cell's configuration: active parameters; dates past, to come, not in sight.

    The dates are a cell's last columns; a bend's width stands before its date.
    """
    low = cells.low[:, cells.low.shape[1] - dates :]
    when = np.where(low >= FAR, 2, np.where(low >= span.years * (1 - 1e-9), 1, 0))
    return [(*a, *w) for a, w in zip(cells.active.tolist(), when.tolist(), strict=True)]
