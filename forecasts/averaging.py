"""How shapes are averaged, and how draws become quantiles.

Shapes that can plateau are weighted by how well they foretold the later rows of the series, each
row given all before it (`forecasts.lfo`), times their prior odds: a shape that forecasts badly
loses, and when few rows have been foretold the weights stay near the odds. The exponential takes
no weight: the piecewise shape already contains "no change".
"""

import numpy as np

from forecasts.plateau import weighted_quantiles
from forecasts.priors import PRIOR_ODDS
from forecasts.series import Series

#: Quantiles of every forecast: the contract's names and their probabilities.
LEVELS = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
RULE = (
    "leave-future-out log scores of each shape that can plateau (the predictive density of the "
    "later rows, each given all before it), times its prior odds "
    f"({', '.join(f'{name} {odds:g}' for name, odds in PRIOR_ODDS.items())}: three shapes "
    "in which growth slows by and by say nearly the same, so each of them counts half); after few "
    "rows the weights stay near the odds; the exponential takes no weight, being the piecewise "
    "shape without a change"
)

#: Why there is no average where every weight is None or zero.
NOTHING_LEFT = "no shape that may plateau passed the convergence gate: there is nothing to average"


def model_weights(scores: dict[str, float], converged: dict[str, bool]) -> dict[str, float | None]:
    """Weights of the shapes that can plateau, from their log scores.

    A shape that did not converge has weight None and the others renormalise; if none is left,
    every weight is None or zero.
    """
    able = [name for name in PRIOR_ODDS if converged.get(name)]
    score = {name: scores[name] + np.log(PRIOR_ODDS[name]) for name in able}
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
