"""What moves the answer: other hazards, and what is data and what is prior."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from forecasts.averaging import model_weights, quantiles
from forecasts.dates import iso
from forecasts.fit import FUTURES, Fit
from forecasts.plateau import Plateau, find_plateaus, pooled
from forecasts.priors import BEND_WIDTH, HAZARDS

if TYPE_CHECKING:
    from forecasts.comparison import Comparison


@dataclass(frozen=True)
class Reweighted:
    """One fit as if changes had come at another hazard, before and after `as_of`.

    Attributes
    ----------
    plateau : Plateau
        Its plateau posterior at kappa 0.1.
    forecast, weight : ndarray
        Log values, shape (forecasts, years), and the weight of each, adding up to one.
    log_evidence : float
        Log marginal likelihood under that hazard.
    """

    plateau: Plateau
    forecast: np.ndarray
    weight: np.ndarray
    log_evidence: float


def at_hazard(one: Fit, hazard: float) -> Reweighted:
    """Reweight a fit's draws to another hazard and look ahead again.

    The hazard enters through the prior mass of each draw's cell only, so importance weights are
    exact and the rows need not be fitted again.
    """
    if hazard == one.shape.population.hazard:
        even = np.full(len(one.forecast), 1.0 / len(one.forecast))
        return Reweighted(one.plateaus[0], one.forecast, even, one.log_evidence)
    other = one.at_hazard(hazard)
    cells, coarse = one.scan.cells, other.shape.cells(one.span)
    shapes = other.shape, one.shape
    gain = np.subtract(*(s.log_weight(cells, one.span) for s in shapes))
    mass = [np.logaddexp.reduce(s.log_weight(coarse, one.span)) for s in shapes]
    log_weight = gain[one.cell] - mass[0] + mass[1]
    total = np.logaddexp.reduce(log_weight)
    weight = np.exp(log_weight - total)
    plateau, _ = find_plateaus(other.shape, other.ahead, one.series, one.span, weight)
    evidence = one.log_evidence + float(total) - float(np.log(len(weight)))
    return Reweighted(plateau, other.forecast, np.tile(weight / FUTURES, FUTURES), evidence)


def hazard_table(comparison: "Comparison") -> list[dict]:
    """Averaged answer at each of `HAZARDS`: shares and forecast quantiles."""
    rows = []
    for hazard in HAZARDS:
        parts = {name: at_hazard(comparison.fits[name], hazard) for name in comparison.used}
        found = model_weights(
            {
                # What the other hazard adds to the evidence, it adds to the score.
                name: comparison.scores[name]
                + part.log_evidence
                - comparison.fits[name].log_evidence
                for name, part in parts.items()
            },
            dict.fromkeys(parts, True),
        )
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
        shown = plateau.to_dict()
        rows.append(
            {
                "hazard": hazard,
                "p_already": shown["p_already"],
                "p_future": shown["p_future"],
                "p_none_within_horizon": shown["p_none_within_horizon"],
                "forecast": [
                    {"date": day, "q05": q["q05"], "q50": q["q50"], "q95": q["q95"]}
                    for day, q in zip(forecast_dates(comparison), ahead, strict=True)
                ],
            }
        )
    return rows


def forecast_dates(comparison: "Comparison") -> list[str]:
    """Return as_of + 1, 2, … years as ISO dates."""
    count = int(comparison.horizon)
    return [iso(comparison.series.as_of_year + h) for h in range(1, count + 1)]


def data_or_prior(comparison: "Comparison") -> str:
    """Say which part of the plateau date is data and which is prior."""
    plateau = comparison.plateaus[0]
    if plateau.refused:
        return f"No claim is made: {plateau.refused}."
    early, late = plateau.quantile(0.05), plateau.quantile(0.95)
    if plateau.p_already >= 0.95 and np.isfinite(late):
        return (
            f"The data date the plateau: with 90 % probability between {iso(early)[:4]} and "
            f"{iso(late)[:4]}; the hazard hardly matters."
        )
    hazard = comparison.fits["piecewise"].shape.population.hazard
    ruled_out = iso(min(early, plateau.as_of + plateau.horizon))[:4]
    return (
        f"The data rule out (to 5 %) a plateau before {ruled_out}; beyond that you are reading the "
        f"prior: changes are assumed to arrive at {hazard:.1%} a year, a rate that these rows "
        "cannot teach."
    )


def priors_in_words(comparison: "Comparison") -> list[dict]:
    """Return every prior as name, words and reason, each once."""
    fits = comparison.fits
    seen = {p.name: p for one in fits.values() for p in one.shape.priors}
    seen |= {p.name: p for p in fits["piecewise"].scan.problem.noise}
    told = (*seen.values(), BEND_WIDTH)
    rows = [{"name": p.name, "prior": p.words, "reason": p.reason} for p in told]
    if comparison.series.card.kind == "share":
        rows.insert(
            0,
            {
                "name": "scale",
                "prior": "the logit of the share: level, growth and scatter are those of the odds",
                "reason": "a share has two ends, and close to either a step means more",
            },
        )
    population = fits["piecewise"].shape.population
    beside = ", ".join(f"{h:.1%}" for h in HAZARDS)
    rows.append(
        {
            "name": "hazard",
            "prior": f"{population.hazard:.1%} a year, before and after as_of; beside it {beside}",
            "reason": "how often other trends changed, this one and its relatives left out",
        }
    )
    rows.append(
        {
            "name": "stop",
            "prior": "growth after a change is exactly zero with probability "
            f"{population.stop_probability:.2g}",
            "reason": "how often growth that changed stopped, in other trends",
        }
    )
    return rows
