"""Fit one shape to one series: scan, draw, check convergence, look ahead.

A fit either passes the convergence gate or says that it does not; it is retried once with stricter
settings and never passed on silently.
"""

import os
from dataclasses import dataclass, replace
from functools import cached_property
from zlib import crc32

import numpy as np

from forecasts.diagnostics import Diagnostics
from forecasts.errors import InputError
from forecasts.importance import Weighted, draw_weighted, log_evidence
from forecasts.learned import population_of
from forecasts.likelihoods import Likelihood
from forecasts.models import Draws, Shape, Span
from forecasts.plateau import Plateau, curve_of, find_plateaus, has_plateaued
from forecasts.population import Population
from forecasts.problem import pose
from forecasts.sample import Sampled, plain, redraw, sample
from forecasts.scan import Scan, rewhitened, scan
from forecasts.series import Series
from forecasts.shown import Shown

#: Futures simulated for each posterior draw: tails far ahead need more than one.
FUTURES = 4
#: Years after `as_of` that an answer covers unless told otherwise.
HORIZON = 30.0
#: With ``FORECASTS_QUICK=1`` in the environment nothing is sampled with NUTS, and so nothing is
#: compiled: every fit is made by importance sampling, and one that is too rough says so. For
#: looking at notebooks and for testing them; `quick` is the one place that reads it.
QUICK = "FORECASTS_QUICK"
#: Then one in so many draws is kept.
THIN = 2
#: Rows of a series beyond which a rough importance sample is not replaced by NUTS, which would take
#: half an hour: the fit says that it failed.
LONG = 400


@dataclass(frozen=True)
class Fit(Shown):
    """One shape fitted to one series.

    Attributes
    ----------
    series : Series
        As known at `as_of`.
    shape : Shape
        With the population that it was fitted with.
    sampled : Sampled or Weighted
        Where the draws come from: NUTS, or importance sampling.
    past : Draws
        Growth paths as they were.
    noise : ndarray, shape (draws, noise parameters)
        Unconstrained noise parameters.
    cell : ndarray of int, shape (draws,)
        Which of the scan's cells each draw lies in.
    log_evidence : float
        Log marginal likelihood of the shape.
    seed : int
        What the futures derive from.
    """

    series: Series
    shape: Shape
    sampled: Sampled | Weighted
    past: Draws
    noise: np.ndarray
    cell: np.ndarray
    log_evidence: float
    seed: int

    @property
    def scan(self) -> Scan:
        """The cells of dates that the draws lie in."""
        return self.sampled.scan

    @property
    def span(self) -> Span:
        """Years observed and years ahead."""
        return self.scan.problem.span

    @property
    def converged(self) -> bool:
        """Whether the fit passed the gate."""
        return self.diagnostics.converged

    @cached_property
    def diagnostics(self) -> Diagnostics:
        """The gate's verdict."""
        already = has_plateaued(self.shape, self.past, self.span, self.series).astype(float)
        return self.sampled.verdict({"already": already}, self._last_forecast)

    def _last_forecast(self) -> np.ndarray:
        """Forecast at the horizon, one a draw."""
        return self.forecast[: len(self.noise), -1]

    @cached_property
    def futures(self) -> list[Draws]:
        """The paths with what may still happen after `as_of`, `FUTURES` times over."""
        rng = np.random.default_rng(child_seed(self.seed, "futures"))
        return [self.shape.extended(self.past, self.span, rng) for _ in range(FUTURES)]

    @property
    def ahead(self) -> Draws:
        """The first of the futures, one path a draw."""
        return self.futures[0]

    @cached_property
    def forecast(self) -> np.ndarray:
        """Log values (direction of progress) at as_of + 1, 2, … years.

        Shape (FUTURES * draws, years); the first `draws` rows belong to `ahead`.
        """
        return self.forecast_at(np.arange(1.0, int(self.span.horizon) + 1))

    def forecast_at(self, years: np.ndarray, *, items: int = 1) -> np.ndarray:
        """Draw what a forecast of this kind is of, some years after `as_of`.

        Parameters
        ----------
        years : ndarray, shape (times,)
            Years after `as_of`, increasing.
        items : int
            For kind ``item``: the number of new items of which the median is drawn.

        Returns
        -------
        ndarray, shape (FUTURES * draws, times)
            Log values in the direction of progress.
        """
        like, end = self.scan.problem.likelihood, self.span.years
        parts = [
            like.future(
                lambda t, path=path: curve_of(self.shape, path, t),  # type: ignore[misc]
                self.noise,
                self.series,
                end + np.asarray(years, float),
                seed=child_seed(self.seed, "future", str(i)),
                items=items,
            )
            for i, path in enumerate(self.futures)
        ]
        return np.concatenate(parts) + self.series.y[0]

    @cached_property
    def plateaus(self) -> tuple[Plateau, Plateau]:
        """The plateau posterior at both thresholds."""
        weight = np.full(len(self.noise), 1.0 / len(self.noise))
        return find_plateaus(self.shape, self.ahead, self.series, self.span, weight)

    def believing(self, population: Population) -> "Fit":
        """Return the same draws with futures of another population; weights are not changed."""
        shape = replace(self.shape, population=population)  # type: ignore[type-var]
        named = f"hazard {population.hazard}"
        if population.stop_probability != self.shape.population.stop_probability:
            named += f" stop {population.stop_probability}"
        return replace(self, shape=shape, seed=child_seed(self.seed, named))


def fit(
    series: Series,
    shape: Shape,
    *,
    population: Population | None = None,
    horizon: float = HORIZON,
    seed: int = 0,
    likelihood: Likelihood | None = None,
) -> Fit:
    """Fit one shape with NUTS, and once more, strictly, if the gate is not passed.

    Parameters
    ----------
    series : Series
        As known at its `as_of`; nothing later is looked at.
    shape : Shape
        One of `forecasts.models.SHAPES`.
    population : Population, optional
        Hazard, share of stops and the numbers behind the priors; the default is what other
        series of the kind taught, those of the same family left out (`population_of`).
    horizon : float
        Years after `as_of`.
    seed : int
        Same seed, series and versions: same numbers.
    likelihood : Likelihood, optional
        For the beginning of a longer series, whose rows are to stray as those of the whole; the
        default is what the series' own kind and spacing ask for.

    Raises
    ------
    InputError
        When the horizon is under a year.
    """
    if quick():
        return fit_quickly(
            series,
            shape,
            population=population,
            horizon=horizon,
            seed=seed,
            likelihood=likelihood,
        )
    scanned = _scanned(series, shape, population, horizon, likelihood)
    pilot, z, _, _ = draw_weighted(scanned, np.random.default_rng(child_seed(seed, "pilot")))
    scanned = rewhitened(pilot.scan, z)
    first = _by_nuts(series, scanned, seed, strict=False)
    if first.converged:
        return first
    return _by_nuts(series, scanned, seed, strict=True)


def fit_quickly(
    series: Series,
    shape: Shape,
    *,
    population: Population | None = None,
    horizon: float = HORIZON,
    seed: int = 0,
    fallback: bool = True,
    likelihood: Likelihood | None = None,
) -> Fit:
    """Fit one shape by importance sampling, and with NUTS only where that is too rough.

    For backtests: a tenth of a second and no compilation. The two methods agree within their
    Monte-Carlo errors (`tests/test_importance.py`). Parameters as in `fit`; without `fallback`, or
    of a series with more than `LONG` rows, a rough fit is returned as it is, and says so.
    """
    scanned = _scanned(series, shape, population, horizon, likelihood)
    rng = np.random.default_rng(child_seed(seed, "importance"))
    weighted, z, cell, evidence = draw_weighted(scanned, rng)
    if quick():
        z, cell = z[::THIN], cell[::THIN]
        weighted = replace(weighted, draws=len(z))
    past, noise = plain(weighted.scan, z, cell, rng)
    settled = scanned.problem.shape
    one = Fit(series, settled, weighted, past, noise, cell, evidence, seed)
    if one.converged or not fallback or quick() or series.n > LONG:
        return one
    return fit(
        series,
        shape,
        population=settled.population,
        horizon=horizon,
        seed=seed,
        likelihood=likelihood,
    )


def quick() -> bool:
    """Whether the environment asks for fits without NUTS."""
    return os.environ.get(QUICK) == "1"


def check_horizon(horizon: float) -> None:
    """Refuse a horizon of less than a year: forecasts are made year by year."""
    if not horizon >= 1:
        raise InputError(f"The horizon is a number of years, at least 1, got {horizon!r}.")


def _scanned(
    series: Series,
    shape: Shape,
    population: Population | None,
    horizon: float,
    likelihood: Likelihood | None = None,
) -> Scan:
    """Put the population into the shape, and scan."""
    check_horizon(horizon)
    believed = population or population_of(series.card)
    settled: Shape = replace(shape, population=believed)  # type: ignore[type-var]
    return scan(pose(settled, series, horizon, likelihood=likelihood))


def _by_nuts(series: Series, scanned: Scan, seed: int, *, strict: bool) -> Fit:
    """Sample a scanned problem, redraw its dates and measure its evidence."""
    sampled = sample(scanned, child_seed(seed, "nuts"), strict=strict)
    rng = np.random.default_rng(child_seed(seed, "redraw"))
    z, cell = redraw(sampled, rng)
    past, noise = plain(scanned, z, cell, rng)
    return Fit(
        series=series,
        shape=scanned.problem.shape,
        sampled=sampled,
        past=past,
        noise=noise,
        cell=cell,
        log_evidence=log_evidence(scanned, z, cell, rng),
        seed=seed,
    )


def child_seed(seed: int, *names: str) -> int:
    """Derive an independent seed for each named use, the same on every machine."""
    keys = [crc32(name.encode()) for name in names]
    return int(np.random.SeedSequence([seed, *keys]).generate_state(1)[0])
