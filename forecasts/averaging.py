"""How shapes are averaged, and how draws become quantiles.

Until leave-future-out scores exist, shapes that can plateau are averaged by their posterior model
probability: marginal likelihood times prior odds, so that a shape that fits badly loses. The
exponential takes no weight: the piecewise shape already contains "no change".
"""

import numpy as np

from forecasts.plateau import weighted_quantiles
from forecasts.priors import PRIOR_ODDS
from forecasts.series import Series

#: Quantiles of every forecast: the contract's names and their probabilities.
LEVELS = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
RULE = (
    "posterior model probabilities: the marginal likelihood of each shape that can plateau, times "
    f"its prior odds ({', '.join(f'{name} {odds:g}' for name, odds in PRIOR_ODDS.items())}: a "
    "shape that can only rise gets half, because the piecewise shape spends half its prior on "
    "falling); the exponential takes no weight until past forecasts earn it one"
)


def model_weights(
    log_evidence: dict[str, float], converged: dict[str, bool]
) -> dict[str, float | None]:
    """Posterior model probabilities of the shapes that can plateau.

    A shape that did not converge has weight None and the others renormalise; if none is left,
    every weight is None or zero.
    """
    able = [name for name in PRIOR_ODDS if converged.get(name)]
    score = {name: log_evidence[name] + np.log(PRIOR_ODDS[name]) for name in able}
    total = np.logaddexp.reduce(list(score.values())) if able else 0.0
    weights: dict[str, float | None] = {}
    for name, ok in converged.items():
        inside = float(np.exp(score[name] - total)) if name in able else 0.0
        weights[name] = inside if ok else None
    return weights


def quantiles(values: np.ndarray, weight: np.ndarray, series: Series) -> dict[str, float]:
    """Weighted quantiles of log values, in the series' own unit and ascending in it."""
    wanted = [p if series.sign > 0 else 1 - p for p in LEVELS.values()]
    found = weighted_quantiles(values, weight, wanted)
    with np.errstate(over="ignore"):
        return dict(zip(LEVELS, series.from_y(found).tolist(), strict=True))
