"""Where the truth fell among a forecast's quantiles: the histogram that shows miscalibration.

Five quantiles cut the line into six bins. Of a calibrated forecast each bin holds its nominal
share, so its density is 1; U means too narrow, a hump too wide, a slope biased.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from forecasts.averaging import LEVELS
from forecasts.cells import AVERAGED

if TYPE_CHECKING:
    import pandas as pd

#: Probabilities at which the bins begin and end.
EDGES = (0.0, *LEVELS.values(), 1.0)
#: Nominal share of each bin.
NOMINAL = np.diff(EDGES)
#: Central probability of the bands, and the simulations that the inner one is from.
BAND, DRAWS, SEED = 0.9, 2000, 1


@dataclass(frozen=True)
class Histogram:
    """Where the truth fell at one horizon.

    Attributes
    ----------
    h : float
        Horizon.
    cells, series : int
        What was counted.
    density : numpy.ndarray
        Share of each bin over its nominal share, each series weighing the same, shape (6,).
    independent : numpy.ndarray
        Band in which 90 % of the densities of a calibrated forecast lie were all cells
        independent, shape (2, 6).
    dependent : numpy.ndarray
        The same were all cells of a family of series one and the same: relatives err together.
    """

    h: float
    cells: int
    series: int
    density: np.ndarray
    independent: np.ndarray
    dependent: np.ndarray


def histograms(
    forecasts: "pd.DataFrame",
    *,
    falling: Collection[str] = (),
    families: Mapping[str, str] | None = None,
    model: str = AVERAGED,
) -> list[Histogram]:
    """Count where the truth fell, at every horizon.

    Parameters
    ----------
    forecasts : DataFrame
        Rows of ``forecasts.csv``.
    falling : collection of str
        Ids of the series whose progress is down: their bins are turned, so that the first bin
        always means less progress than forecast.
    families : mapping of str, optional
        Family of each series, by id; one that is not in it is a family of its own.
    model : str
        Whose forecasts.

    Returns
    -------
    list of Histogram
        By horizon.
    """
    mine = forecasts[forecasts["model"] == model]
    return [_histogram(float(h), cells, falling, families or {}) for h, cells in mine.groupby("h")]


def shares(quantiles: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """Put each truth into its bin.

    Parameters
    ----------
    quantiles
        Ascending, shape ``(n, 5)``.
    actual
        What came, shape ``(n,)``.

    Returns
    -------
    numpy.ndarray
        Share of each bin, shape ``(n, 6)``; rows sum to 1. A truth that equals several quantiles,
        as a record that still stands does, is spread over the bins that they bound, in proportion
        to their nominal shares.
    """
    first = (quantiles < actual[:, None]).sum(axis=1)[:, None]
    last = (quantiles <= actual[:, None]).sum(axis=1)[:, None]
    at = np.arange(len(NOMINAL))
    weight = np.where((at >= first) & (at <= last), NOMINAL, 0.0)
    return weight / weight.sum(axis=1, keepdims=True)


def _histogram(
    h: float, cells: "pd.DataFrame", falling: Collection[str], families: Mapping[str, str]
) -> Histogram:
    """Count at one horizon."""
    found = shares(cells[list(LEVELS)].to_numpy(float), cells["actual"].to_numpy(float))
    turned = cells["series"].isin(list(falling)).to_numpy()
    found[turned] = found[turned, ::-1]
    names, number, count = np.unique(cells["series"], return_inverse=True, return_counts=True)
    weight = 1.0 / (len(count) * count[number])
    _, alike = np.unique([families.get(str(one), str(one)) for one in names], return_counts=True)
    return Histogram(
        h=h,
        cells=len(cells),
        series=len(count),
        density=weight @ found / NOMINAL,
        independent=_band(weight),
        dependent=_band(alike / len(names)),
    )


def _band(weight: np.ndarray) -> np.ndarray:
    """Densities that calibrated truths of these weights have, bin by bin."""
    rng = np.random.default_rng(SEED)
    drawn = rng.choice(len(NOMINAL), size=(DRAWS, len(weight)), p=NOMINAL)
    share = np.stack([(drawn == i) @ weight for i in range(len(NOMINAL))], axis=1)
    tail = (1 - BAND) / 2
    return np.quantile(share, [tail, 1 - tail], axis=0) / NOMINAL
