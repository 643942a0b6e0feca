"""What one row is, and so how it strays from the trend: one file per kind of series.

Each class prepares its arrays from a series as known at `as_of`, scores a growth path, and draws
what a forecast of this kind is of. Values are log values in the direction of progress, relative to
the first one; times are years since the first row.
"""

import numpy as np

from forecasts.likelihoods.close import CloseIndex, CloseShare
from forecasts.likelihoods.index import Index
from forecasts.likelihoods.item import Item
from forecasts.likelihoods.likelihood import Curve, Likelihood
from forecasts.likelihoods.record import Record
from forecasts.likelihoods.share import Share
from forecasts.likelihoods.walk import CLOSE
from forecasts.series import Series

#: name -> likelihood: a name is that of the kind, and of close rows where these differ.
LIKELIHOODS: dict[str, Likelihood] = {
    one.name: one for one in (Item(), Index(), Record(), Share(), CloseIndex(), CloseShare())
}


def likelihood_of(series: Series) -> Likelihood:
    """Return the likelihood of the series' kind, and of how close its rows are."""
    kind = series.card.kind
    close = f"close {kind}"
    if close in LIKELIHOODS and np.median(np.diff(series.time)) < CLOSE:
        return LIKELIHOODS[close]
    return LIKELIHOODS[kind]


__all__ = [
    "LIKELIHOODS",
    "Curve",
    "Index",
    "Item",
    "Likelihood",
    "Record",
    "Share",
    "likelihood_of",
]
