"""Published and certified results, with our value beside each: `tests/external.py` has the data.

Nile and coal-mining are out of scope (level steps, counts); Rat43 waits for a Richards shape. The
32 technology cost series are held to their published table in `tests/test_baselines.py`.
"""

from dataclasses import dataclass

import external
import numpy as np
import pytest

from forecasts.arrays import numpy_namespace
from forecasts.importance import weighted_points
from forecasts.models import Cells, Draws, Logistic, Piecewise, Span
from forecasts.models.shape import FAR
from forecasts.priors import LN2
from forecasts.problem import Problem
from forecasts.proposals import around_modes
from forecasts.sample import plain
from forecasts.scan import Scan, scan

RAT42 = external.RAT42
X, Y = np.array(RAT42.x), np.array(RAT42.y)


def beside(title, ours, published, tolerance):
    """Print our value beside the published one and hold the difference to the tolerance."""
    line = f"{title}: ours {ours:.10g}, published {published:.10g} (within {tolerance:g})"
    print(line)
    assert abs(ours - published) <= tolerance, line


# Rat42: the package's logistic as a least-squares curve.


def logistic_path(theta, x):
    """Log values of the package's logistic with parameters (level, log rate) and one date."""
    level, log_rate, inflection, zero = (np.array([[value]]) for value in [*theta, 0.0])
    return Logistic().curve([level, log_rate, zero], [zero, inflection], x, numpy_namespace())[0]


def fitted(residual):
    """Least squares from a plain guess: the first value, a twentieth a unit, the middle."""
    from scipy.optimize import least_squares

    start = [np.log(Y[0]), np.log(0.05), X.mean()]
    tight = {"xtol": 1e-15, "ftol": 1e-15, "gtol": 1e-15}
    level, log_rate, inflection = least_squares(residual, start, x_scale="jac", **tight).x
    named = Logistic().named(
        Draws(np.array([[level, log_rate, 0.0]]), np.array([[0.0, inflection]]))
    )
    rate = named["growth"][0] * LN2
    return np.exp(named["log_ceiling"][0]), rate * named["inflection"][0], rate


def test_rat42_with_additive_errors_has_the_certified_parameters():
    ours = fitted(lambda theta: np.exp(logistic_path(theta, X)) - Y)
    for i, (value, certified) in enumerate(zip(ours, RAT42.parameters, strict=True), 1):
        beside(f"{RAT42.source} b{i}", value, certified, 1e-7 * certified)
    b1, b2, b3 = ours
    left = Y - b1 / (1 + np.exp(b2 - b3 * X))
    residual_sd = np.sqrt(np.sum(left**2) / (len(X) - 3))
    beside(f"{RAT42.source} residual sd", residual_sd, RAT42.residual_sd, 1e-8)


def test_rat42_with_log_errors_matches_an_independent_fit():
    from scipy.optimize import curve_fit

    def log_formula(x, b1, b2, b3):
        return np.log(b1) - np.log(1 + np.exp(b2 - b3 * x))

    independent, _ = curve_fit(log_formula, X, np.log(Y), p0=(75, 2.5, 0.07), xtol=1e-14)
    ours = fitted(lambda theta: logistic_path(theta, X) - np.log(Y))
    for i, (value, known) in enumerate(zip(ours, independent, strict=True), 1):
        beside(f"log Rat42 b{i}", value, known, 1e-6 * known)


def test_rat42_ceiling_is_unknown_before_the_bend():
    for rows, ceiling in external.RAT42_CEILING_FROM_FIRST_ROWS.items():
        first = slice(0, rows)

        def residual(theta, first=first):
            return np.exp(logistic_path(theta, X[first])) - Y[first]

        tolerance = 0.005 if rows == len(X) else 0.05
        beside(f"Rat42 ceiling from {rows} rows", fitted(residual)[0], ceiling, tolerance)


# Stagnant: one change, flat priors. A new shape and a new likelihood are one class each.

#: Half the width (in units of x) of the cells that the scan ends with.
HALF_CELL = 0.005


@dataclass(frozen=True)
class Flat:
    """No opinion."""

    name: str

    def logpdf(self, x, xp):
        return 0.0 * x


@dataclass(frozen=True)
class TwoLines(Piecewise):
    """Exactly one change, uniform over a stated range, and flat priors on level and slopes."""

    name: str = "two lines"
    low: float = 0.0
    high: float = 1.0

    @property
    def priors(self):
        return (Flat("level"), Flat("before"), Flat("after"))

    def cells(self, span):
        edge = np.linspace(self.low, self.high, 33)[:, None]
        return Cells(edge[:-1], edge[1:], np.ones((32, 3)))

    def log_weight(self, cells, span):
        return np.log(cells.high - cells.low).sum(1)

    def start(self, growth):
        return np.array([0.0, growth, growth])

    def log_prior(self, parameters, xp):
        return [prior.logpdf(p, xp) for prior, p in zip(self.priors, parameters, strict=True)]

    def curve(self, parameters, dates, t, xp):
        level, before, after = parameters
        never = 0.0 * dates[0] + FAR
        return super().curve([level, before, after, after], [*dates, never], t, xp)


@dataclass(frozen=True)
class ScaleFree(Flat):
    """p(sigma) proportional to 1 / sigma: flat in log sigma."""


@dataclass(frozen=True)
class GammaPrecision(Flat):
    """1 / sigma ** 2 ~ Gamma(shape, rate), as a density of log sigma."""

    shape: float = 0.001
    rate: float = 0.001

    def logpdf(self, x, xp):
        return -2.0 * self.shape * x - self.rate * xp.exp(-2.0 * x)


@dataclass(frozen=True)
class NormalErrors:
    """Independent normal errors of log values."""

    its_own: tuple
    kind: str = "normal"

    def noise(self, population):
        return self.its_own

    def start(self, residual_sd, data):
        return np.array([np.log(residual_sd)])

    def loglik(self, curve, noise, data, xp):
        (log_sigma,) = noise
        z = (data["y"] - curve(data["t"])) * xp.exp(-1.0 * log_sigma)
        return (-0.5 * z * z - log_sigma).sum(-1)


def stagnant(noise) -> Scan:
    """Scan the two joined lines; time counts from the first row, values from zero."""
    t, y = np.array(external.STAGNANT_X), np.array(external.STAGNANT_Y)
    low, high = (end - t[0] for end in external.STAGNANT_CHANGE_RANGE)
    t = t - t[0]
    data, span = {"t": t, "y": y}, Span(float(t[-1]), 1.0)
    shape = TwoLines(low=low, high=high)
    return scan(Problem(shape, NormalErrors((noise,)), data, span, (t, y)))


def weighted(values, weight):
    """Mean and standard deviation."""
    mean = np.sum(weight * values)
    return mean, np.sqrt(np.sum(weight * (values - mean) ** 2))


def by_importance(scanned, rng):
    """Draws of the shape and of log sigma, with weights, by the package's own scan."""
    z, cell, log_weight = weighted_points(scanned, around_modes(scanned), 20_000, rng)
    weight = np.exp(log_weight - np.logaddexp.reduce(log_weight))
    draws, noise = plain(scanned, z, cell, rng)
    return draws, noise[:, 0], weight


def compare_with_published(case, draws, weight, tolerance):
    """Change point: mean, standard deviation and, to half a cell of the scan, 95 % interval."""
    change = draws.dates[:, 0] + external.STAGNANT_X[0]
    mean, sd = weighted(change, weight)
    title = f"Stagnant, {case.prior_on_noise}: change point"
    beside(f"{title}, mean", mean, case.change, tolerance)
    beside(f"{title}, sd", sd, case.change_sd, tolerance)
    order = np.argsort(change)
    reached = np.cumsum(weight[order])
    for level, end in zip((0.025, 0.975), case.change_95, strict=True):
        value = change[order][np.searchsorted(reached, level)]
        beside(f"{title}, {level:.1%}", value, end, HALF_CELL)


@pytest.mark.parametrize(
    ("noise", "case"),
    [
        (GammaPrecision("sigma"), external.STAGNANT_BUGS),
        (ScaleFree("sigma"), external.STAGNANT_SCALE_FREE),
    ],
    ids=["bugs", "scale-free"],
)
def test_stagnant_change_point_by_importance_sampling(noise, case):
    rng = np.random.default_rng(1)
    draws, _, weight = by_importance(stagnant(noise), rng)
    # 20,000 weighted draws of an sd of 0.03 leave a standard error of about 0.0003.
    compare_with_published(case, draws, weight, 0.001)


def test_stagnant_level_slopes_and_noise():
    rng = np.random.default_rng(2)
    draws, log_sigma, weight = by_importance(stagnant(GammaPrecision("sigma")), rng)
    level, before, after = draws.parameters.T
    for name, values, published in (
        ("level", level + before * draws.dates[:, 0], external.STAGNANT_LEVEL),
        ("slope before", before, external.STAGNANT_SLOPES[0]),
        ("slope after", after, external.STAGNANT_SLOPES[1]),
    ):
        mean, sd = weighted(values, weight)
        beside(f"Stagnant {name}, mean", mean, published[0], 0.05 * published[1])
        beside(f"Stagnant {name}, sd", sd, published[1], 0.05 * published[1])
    sigma, _ = weighted(np.exp(log_sigma), weight)
    beside("Stagnant sigma, mean", sigma, external.STAGNANT_SIGMA, 0.0003)
