"""Score the forecasts of a backtest: the table that says whether the package can be trusted.

Each series weighs the same, however many cells it has; errors are bootstrapped over families, and
every baseline is compared cell by cell. Levels are scored on log values, shares on the value as a
fraction of their maximum, so the two are never averaged together.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from forecasts.averaging import LEVELS
from forecasts.cells import AVERAGED
from forecasts.scores import (
    bootstrap_over_families,
    covered,
    mean_over_series,
    weighted_interval_score,
)

if TYPE_CHECKING:
    import pandas as pd

SEED = 1
#: Interval of a paired difference.
INTERVAL = (0.05, 0.95)


@dataclass(frozen=True)
class Score:
    """How one model did at one horizon.

    Attributes
    ----------
    scale : str
        ``log value`` or ``share``.
    h : float
        Horizon; nan for all together.
    model : str
        Name in the table.
    cells, series : int
        What was scored.
    wis, crps, cover90, cover50 : tuple of float
        Mean over series and its bootstrap standard error.
    behind : tuple of float
        WIS of the average minus that of this model, and its 90 % bootstrap interval: all below
        zero, the average is better.
    """

    scale: str
    h: float
    model: str
    cells: int
    series: int
    wis: tuple[float, float]
    crps: tuple[float, float]
    cover90: tuple[float, float]
    cover50: tuple[float, float]
    behind: tuple[float, float, float]


def score(
    table: "pd.DataFrame", maxima: dict[str, float], families: dict[str, str] | None = None
) -> list[Score]:
    """Score every model at every horizon.

    Parameters
    ----------
    table : DataFrame
        Rows of ``forecasts.csv``.
    maxima : dict
        Maximum of each series of kind ``share``, by id; the others are scored on log values.
    families : dict, optional
        Family of each series, by id; by default each is a family of its own.

    Returns
    -------
    list of Score
        By scale, horizon and model; rows without a horizon hold the coverage of all of them.
    """
    found = []
    table = table.assign(share=table["series"].isin(list(maxima)))
    for is_share, part in table.groupby("share"):
        name = "share" if is_share else "log value"
        for h, cells in [*part.groupby("h"), (float("nan"), part)]:
            reference = _scored(cells[cells["model"] == AVERAGED], maxima)
            for model in cells["model"].unique():
                one = _scored(cells[cells["model"] == model], maxima)
                found.append(_score(name, float(h), model, one, reference, families or {}))
    return found


def _scored(cells: "pd.DataFrame", maxima: dict[str, float]) -> dict:
    """Scores of one model's cells, in the order of the table."""
    quantiles, actual = cells[list(LEVELS)].to_numpy(float), cells["actual"].to_numpy(float)
    top = cells["series"].map(maxima).to_numpy(float)
    is_share = np.isfinite(top)
    if is_share.any():
        quantiles, actual, crps = quantiles / top[:, None], actual / top, cells["crps"] / top
    else:
        quantiles, actual, crps = np.log(quantiles), np.log(actual), cells["crps"]
    return {
        "key": list(zip(cells["series"], cells["as_of"], cells["h"], strict=True)),
        "series": cells["series"].tolist(),
        "wis": weighted_interval_score(quantiles, actual),
        "crps": crps.to_numpy(float),
        "cover90": covered(quantiles, actual, coverage=0.9).astype(float),
        "cover50": covered(quantiles, actual, coverage=0.5).astype(float),
    }


def _score(
    scale: str, h: float, model: str, one: dict, reference: dict, families: dict[str, str]
) -> Score:
    """Put a row together."""
    series = one["series"]

    def mean(name: str) -> tuple[float, float]:
        spread = bootstrap_over_families(one[name], series, families, seed=SEED).std()
        return mean_over_series(one[name], series), float(spread)

    at = {key: i for i, key in enumerate(reference["key"])}
    ours = reference["wis"][[at[key] for key in one["key"]]]
    draws = bootstrap_over_families(ours - one["wis"], series, families, seed=SEED)
    low, high = np.quantile(draws, INTERVAL)
    return Score(
        scale=scale,
        h=h,
        model=model,
        cells=len(series),
        series=len(set(series)),
        wis=mean("wis"),
        crps=mean("crps"),
        cover90=mean("cover90"),
        cover50=mean("cover50"),
        behind=(mean_over_series(ours - one["wis"], series), float(low), float(high)),
    )
