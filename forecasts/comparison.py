"""Fit every shape to a series and set the answers side by side with the naive line."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from forecasts.answer import failure_of, sentence_of
from forecasts.averaging import NOTHING_LEFT, model_weights
from forecasts.beside import naive_growths
from forecasts.checks import check_seed, check_years
from forecasts.dates import check_past
from forecasts.errors import ConvergenceError, InputError
from forecasts.fit import HORIZON, Fit, check_horizon, child_seed, fit, fit_quickly, quick
from forecasts.history import naive_rows, trend_rows
from forecasts.learned import population_of
from forecasts.lfo import lfo_scores
from forecasts.likelihoods import likelihood_of
from forecasts.messages import quote
from forecasts.models import SHAPES, Shape
from forecasts.naive import Naive, fit_naive
from forecasts.plateau import Plateau, pooled
from forecasts.result import result_of
from forecasts.sensitivity import priors_in_words
from forecasts.series import Series
from forecasts.shown import Shown

#: Dates of this year and later have no calendar day.
LAST_YEAR = 9999

#: Answers of this process where the environment asks for quick ones (`forecasts.fit.quick`):
#: notebooks that are tested one after the other ask the same more than once.
_MADE: "dict[tuple, Comparison]" = {}

#: Called with what is being done, how many steps are done, and of how many.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Comparison(Shown):
    """The whole answer for one series at one date.

    Attributes
    ----------
    series : Series
        As known at `as_of`.
    fits : dict of Fit
        One for each shape.
    without_stop : dict of Fit
        The shapes with a stop component, refitted with growth after a change always free.
    naive : Naive
        The straight line on the log axis.
    horizon : float
        Years after `as_of`.
    seed : int
        What every random choice derives from.
    started : float
        Clock reading when the work began.
    """

    series: Series
    fits: dict[str, Fit]
    without_stop: dict[str, Fit]
    naive: Naive
    horizon: float
    seed: int
    started: float = field(repr=False)

    @cached_property
    def seconds(self) -> float:
        """Wall time from the start of the first fit to the first look at the answer."""
        return time.perf_counter() - self.started

    @cached_property
    def scores(self) -> dict[str, float]:
        """Leave-future-out log score of each shape."""
        return lfo_scores(self.fits)

    @cached_property
    def weights(self) -> dict[str, float | None]:
        """Weight of each shape in the average; None for one that did not converge."""
        return model_weights(
            self.scores,
            {name: f.converged for name, f in self.fits.items()},
        )

    @property
    def converged(self) -> bool:
        """Whether every fit passed the gate, the one without stops included."""
        return not self.failed

    @property
    def failed(self) -> list[str]:
        """Names of the fits that did not pass the gate."""
        names = [name for name, f in self.fits.items() if not f.converged]
        free = [name for name, f in self.without_stop.items() if not f.converged]
        return names + [f"{name} without the stop" for name in free]

    @cached_property
    def plateaus(self) -> tuple[Plateau, Plateau]:
        """The averaged plateau posterior, at both thresholds."""
        return self._average(self.fits, self.weights)

    @cached_property
    def plateaus_without_stop(self) -> tuple[Plateau, Plateau]:
        """The same with the shapes that have a stop component refitted and weighed without it."""
        fits = {**self.fits, **self.without_stop}
        weights = model_weights(lfo_scores(fits), {name: f.converged for name, f in fits.items()})
        low, half = self._average(fits, weights)
        failed = [name for name in self.without_stop if weights[name] is None]
        if "piecewise" in self.used and not failed:
            return low, half
        names = " and ".join(failed) or "piecewise"
        refused = f"the {names} shape did not pass the convergence gate"
        return replace(low, refused=refused), replace(half, refused=refused)

    @property
    def used(self) -> list[str]:
        """Names of the shapes that are averaged."""
        return [name for name, weight in self.weights.items() if weight]

    def _average(
        self, fits: dict[str, Fit], weights: dict[str, float | None]
    ) -> tuple[Plateau, Plateau]:
        """Mix the plateau posteriors of the shapes that have a weight.

        Whether there is a trend at all is for the piecewise shape to say, whatever its weight: a
        logistic can only rise, so it never doubts that there is one. Where no shape has a weight,
        the piecewise shape's stands in, withheld.
        """
        used = {name: weight for name, weight in weights.items() if weight}
        low, half = self.fits["piecewise"].plateaus
        if not used:
            return replace(low, refused=NOTHING_LEFT), replace(half, refused=NOTHING_LEFT)
        refused = low.refused
        pairs, shares = [fits[name].plateaus for name in used], list(used.values())
        return (
            pooled([pair[0] for pair in pairs], shares, refused=refused),
            pooled([pair[1] for pair in pairs], shares, refused=refused),
        )

    @cached_property
    def averaged_forecast(self) -> tuple[np.ndarray, np.ndarray]:
        """Pooled forecast draws, shape (draws, years), log values, and their weights.

        Raises
        ------
        ConvergenceError
            When no shape that may plateau passed the gate.
        """
        if not self.used:
            raise ConvergenceError(f"The averaged forecast is withheld: {NOTHING_LEFT}.")
        fits = [self.fits[name] for name in self.used]
        weight = [
            np.full(len(f.forecast), (self.weights[name] or 0.0) / len(f.forecast))
            for name, f in zip(self.used, fits, strict=True)
        ]
        return np.concatenate([f.forecast for f in fits]), np.concatenate(weight)

    @cached_property
    def history(self) -> list[dict]:
        """Each shape's trend over the observed span, own unit: 90 % and 50 % intervals."""
        return [row for name, one in self.fits.items() for row in trend_rows(one, name)]

    @cached_property
    def naive_history(self) -> list[dict]:
        """The naive line and its 90 % prediction interval over the observed span."""
        return naive_rows(self.naive, self.series)

    @cached_property
    def beside(self) -> list[dict]:
        """Naive growth of this series and of its relatives."""
        return naive_growths(self.series)

    @cached_property
    def priors(self) -> list[dict]:
        """Every prior in words, with its reason."""
        return priors_in_words(self)

    @cached_property
    def _result(self) -> dict:
        return result_of(self)

    def to_dict(self) -> dict:
        """Return the JSON contract of ``forecasts fit --json``."""
        return self._result

    @property
    def sentence(self) -> str:
        """The answer in words."""
        return sentence_of(self.to_dict())

    def __str__(self) -> str:
        return f"{failure_of(self.failed)} {self.sentence}".strip()


def compare(
    series: Series,
    *,
    as_of: str | date | None = None,
    horizon: float = HORIZON,
    seed: int = 0,
    progress: Progress | None = None,
) -> Comparison:
    """Answer how confidently a trend can be extrapolated.

    Parameters
    ----------
    series : Series
        From `forecasts.load`.
    as_of : date or text, default the series' own
        What was known then: rows up to and including that day.
    horizon : float
        Years after `as_of` that the answer covers; at least one.
    seed : int
        Same seed, series and versions: same numbers.
    progress : callable, optional
        Told what is being done, how many steps are done, and of how many.

    Returns
    -------
    Comparison
        Fits of every shape, their average, and the naive line. A fit that did not converge is in
        it and says so; it takes no part in the average.

    Raises
    ------
    InputError
        When fewer than two rows were known at `as_of`, when that lies in the future, when the
        horizon is no number, under a year or beyond the calendar, or the seed no whole number.
    """
    started = time.perf_counter()
    horizon, seed = check_years(horizon), check_seed(seed)
    check_horizon(horizon)
    if not isinstance(series, Series):
        raise InputError(f"A series is what forecasts.load returns, got {quote(str(series))}.")
    known = series.known_at(check_past(as_of) if as_of is not None else None)
    if known.as_of_year + horizon >= LAST_YEAR:
        raise InputError(
            f"as_of plus the horizon must lie before the year {LAST_YEAR}, got {known.as_of} and "
            f"{horizon:g} years: choose an earlier as_of or a shorter horizon."
        )
    same = known.data_sha256, known.card, known.label, horizon, seed
    if quick() and same in _MADE:
        return _MADE[same]
    population = population_of(known.card)
    free = {name: shape for name, shape in SHAPES.items() if shape.has_stop}
    steps = [(shape.title, shape, population) for shape in SHAPES.values()]
    steps += [
        (f"{name.capitalize()}, without the stop component", shape, population.without_stop())
        for name, shape in free.items()
    ]
    fits = []
    for done, (title, shape, believed) in enumerate(steps):
        if progress:
            progress(f"{known.card.id}: {title}", done, len(steps))
        its_own = child_seed(seed, title)
        fits.append(_fitted(known, shape, population=believed, horizon=horizon, seed=its_own))
    if progress:
        progress(f"{known.card.id}: averaging", len(steps), len(steps))
    answer = Comparison(
        series=known,
        fits=dict(zip(SHAPES, fits, strict=False)),
        without_stop=dict(zip(free, fits[len(SHAPES) :], strict=True)),
        naive=fit_naive(known.time, known.y, sign=known.sign, to_value=known.from_y),
        horizon=horizon,
        seed=seed,
        started=started,
    )
    answer.to_dict()
    if quick():
        _MADE[same] = answer
    return answer


def _fitted(series: Series, shape: Shape, **settings: Any) -> Fit:
    """Fit with NUTS; where that fails twice, by importance sampling if that passes the gate.

    A handful of rows leave tails so wide that chains mix badly, while weights of points drawn from
    them do well. Close rows are weighed first: the gradient of a filter over the rows takes half a
    minute to compile, and the weights hardly ever fail.
    """
    if likelihood_of(series).name.startswith("close"):
        weighed = fit_quickly(series, shape, fallback=False, **settings)
        if weighed.converged:
            return weighed
    one = fit(series, shape, **settings)
    if one.converged or quick():
        return one
    other = fit_quickly(series, shape, fallback=False, **settings)
    return other if other.converged else one
