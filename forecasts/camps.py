"""Other beliefs about changes, from the same draws: what other hazards and the named camps answer.

The hazard and the share of stops enter a fit through the prior mass of its cells of dates and
through what is simulated after `as_of`, and through nothing else. So the draws of one fit, weighted
anew, are exact draws under any other hazard and share of stops, and no camp needs a fit of its own
(`tests/test_camps.py` compares with one). Where the weights leave too few draws, nothing is said.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from forecasts.averaging import model_weights, quantiles
from forecasts.fit import FUTURES, Fit
from forecasts.plateau import Plateau, find_plateaus, pooled
from forecasts.population import Population

if TYPE_CHECKING:
    from forecasts.comparison import Comparison

#: Fewer effective draws than this say nothing about a 5 % quantile.
LEAST_DRAWS = 100
#: Years that a series counts as observed at least: Gott's rule would have one of a week's rows
#: change every week for thirty years.
YOUNGEST = 1.0
#: Name, beside the camps, of the belief that an answer takes when nothing else is asked for.
NEUTRAL = "neutral"
#: Years after `as_of` of the one forecast that is shown of each camp.
AHEAD = 10


@dataclass(frozen=True)
class Camp:
    """A named belief about how trends change.

    Attributes
    ----------
    name : str
        Its key in the JSON.
    told : str
        The belief in one sentence.
    believes : callable
        (what was learned, years observed at `as_of`) -> the camp's population.
    """

    name: str
    told: str
    believes: Callable[[Population, float], Population]


def _sceptic(learned: Population, age: float) -> Population:
    """Changes twice as often, nearly all of them stops."""
    return replace(learned, hazard=2 * learned.hazard, stop_probability=0.9)


def _extrapolator(learned: Population, age: float) -> Population:
    """Changes a quarter as often."""
    return replace(learned, hazard=0.25 * learned.hazard)


def _gott(learned: Population, age: float) -> Population:
    """Changes once in the time observed."""
    return replace(learned, hazard=1.0 / max(float(age), YOUNGEST))


def _never(learned: Population, age: float) -> Population:
    """No changes."""
    return replace(learned, hazard=1e-6)


CAMPS = (
    Camp(
        "sceptic",
        "changes at twice the usual hazard, and nine in ten of them are stops (not all: a trend "
        "that has bent before would refute that)",
        _sceptic,
    ),
    Camp("extrapolator", "changes at a quarter of the usual hazard", _extrapolator),
    Camp(
        "gott",
        "nothing is known but the trend's age (Gott, Lindy): one change in the years observed so "
        "far, so the hazard is one over the age",
        _gott,
    ),
    Camp(
        "never",
        "no change, before or after the as-of date, that the rows do not insist on: a hazard of "
        "one in a million a year",
        _never,
    ),
)


@dataclass(frozen=True)
class Reweighted:
    """One fit as if trends changed at another hazard, or stopped more or less often.

    Attributes
    ----------
    plateau, slowed : Plateau
        Its plateau posterior at kappa 0.1, and at 0.5.
    forecast, weight : ndarray
        Log values, shape (forecasts, years), and the weight of each, adding up to one.
    log_evidence : float
        Log marginal likelihood under that belief.
    effective : float
        Effective number of draws.
    """

    plateau: Plateau
    slowed: Plateau
    forecast: np.ndarray
    weight: np.ndarray
    log_evidence: float
    effective: float


@dataclass(frozen=True)
class Answer:
    """The averaged answer under one belief.

    Attributes
    ----------
    population : Population
        The belief.
    plateau : Plateau
        The averaged plateau posterior at kappa 0.1.
    ahead : list of dict
        Quantiles of the forecast at as_of + 1, 2, … years.
    effective : float
        Effective number of draws behind it.
    """

    population: Population
    plateau: Plateau
    ahead: list[dict[str, float]]
    effective: float

    @property
    def enough(self) -> bool:
        """Whether the draws suffice to say anything."""
        return self.effective >= LEAST_DRAWS


def reweighted(one: Fit, population: Population) -> Reweighted:
    """Weight a fit's draws as another population would, and look ahead again.

    Parameters
    ----------
    one : Fit
        Fitted with any population.
    population : Population
        May differ from the fit's in the hazard and in the share of stops only.
    """
    if population == one.shape.population:
        even = np.full(len(one.forecast), 1.0 / len(one.forecast))
        count = float(len(one.noise))
        return Reweighted(*one.plateaus, one.forecast, even, one.log_evidence, count)
    other = one.believing(population)
    cells, coarse = one.scan.cells, other.shape.cells(one.span)
    shapes = other.shape, one.shape
    gain = np.subtract(*(s.log_weight(cells, one.span) for s in shapes))
    mass = [np.logaddexp.reduce(s.log_weight(coarse, one.span)) for s in shapes]
    log_weight = gain[one.cell] - mass[0] + mass[1]
    total = np.logaddexp.reduce(log_weight)
    weight = np.exp(log_weight - total)
    both = find_plateaus(other.shape, other.ahead, one.series, one.span, weight)
    evidence = one.log_evidence + float(total) - float(np.log(len(weight)))
    spread = np.tile(weight / FUTURES, FUTURES)
    return Reweighted(*both, other.forecast, spread, evidence, _effective(one, gain, weight))


def _effective(one: Fit, gain: np.ndarray, weight: np.ndarray) -> float:
    """Effective number of draws, by their weights and by the scan, whichever is fewer.

    Where a belief favours cells that no draw happens to lie in, the weights look even; the scan's
    evidence of every cell tells.
    """
    before = one.scan.log_evidence - np.logaddexp.reduce(one.scan.log_evidence)
    after = before + gain - np.logaddexp.reduce(before + gain)
    with np.errstate(invalid="ignore"):
        squares = np.where(np.isfinite(after), 2 * after - before, -np.inf)
    by_scan = len(weight) * float(np.exp(-np.logaddexp.reduce(squares)))
    return min(float(1.0 / (weight**2).sum()), by_scan)


def answer_under(comparison: "Comparison", population: Population) -> Answer:
    """Average the shapes as another population would: draws, futures and weights."""
    parts = {name: reweighted(comparison.fits[name], population) for name in comparison.used}
    # What another belief adds to the evidence, it adds to the score.
    scores = {
        name: comparison.scores[name] + part.log_evidence - comparison.fits[name].log_evidence
        for name, part in parts.items()
    }
    found = model_weights(scores, dict.fromkeys(parts, True))
    weights = [found[name] or 0.0 for name in parts]
    plateau = pooled(
        [part.plateau for part in parts.values()],
        weights,
        refused=comparison.plateaus[0].refused,
    )
    values = np.concatenate([part.forecast for part in parts.values()])
    weight = np.concatenate(
        [w * part.weight for w, part in zip(weights, parts.values(), strict=True)]
    )
    ahead = [quantiles(column, weight, comparison.series) for column in values.T]
    spread = sum(w**2 / p.effective for w, p in zip(weights, parts.values(), strict=True))
    return Answer(population, plateau, ahead, 1.0 / spread)


def learned_population(comparison: "Comparison") -> Population:
    """Return what the comparison's fits believe."""
    return comparison.fits["piecewise"].shape.population


def camp_answers(comparison: "Comparison") -> dict[str, Answer]:
    """Return what each of `CAMPS` would answer."""
    learned = learned_population(comparison)
    age = comparison.fits["piecewise"].span.years
    return {camp.name: answer_under(comparison, camp.believes(learned, age)) for camp in CAMPS}


def camp_table(answers: dict[str, Answer], dates: list[str]) -> dict[str, dict]:
    """Write the camps' answers as the JSON has them; null where too few draws are left.

    Parameters
    ----------
    answers : dict of Answer
        From `camp_answers`.
    dates : list of str
        as_of + 1, 2, … years as ISO dates.
    """
    told = {camp.name: camp.told for camp in CAMPS}
    return {name: _row(told[name], answer, dates) for name, answer in answers.items()}


def _row(told: str, answer: Answer, dates: list[str]) -> dict:
    """One camp: the belief, the shares, the dates and one forecast."""
    shown = answer.plateau.to_dict()
    at = min(AHEAD, len(dates)) - 1
    ahead = answer.ahead[at]
    kept = answer.enough
    return {
        "told": told,
        "hazard": answer.population.hazard,
        "stop_probability": answer.population.stop_probability,
        "effective_draws": answer.effective,
        **{
            key: shown[key] if kept else None
            for key in ("p_already", "p_future", "p_none_within_horizon")
        },
        "p_by": {year: p if kept else None for year, p in shown["p_by"].items()},
        "quantiles": {p: day if kept else None for p, day in shown["quantiles"].items()},
        "forecast": {
            "date": dates[at],
            **{q: ahead[q] if kept else None for q in ("q05", "q50", "q95")},
        },
    }
