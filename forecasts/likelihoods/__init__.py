"""What one row is, and so how it strays from the trend: one file per kind of series.

Each class prepares its arrays from a series as known at `as_of`, scores a growth path, and draws
what a forecast of this kind is of. Values are log values in the direction of progress, relative to
the first one; times are years since the first row.
"""

from forecasts.likelihoods.index import Index
from forecasts.likelihoods.item import Item
from forecasts.likelihoods.likelihood import Curve, Likelihood
from forecasts.likelihoods.record import Record
from forecasts.likelihoods.share import Share
from forecasts.series import Series

#: kind -> likelihood.
LIKELIHOODS: dict[str, Likelihood] = {k.kind: k for k in (Item(), Index(), Record(), Share())}


def likelihood_of(series: Series) -> Likelihood:
    """Return the likelihood of the series' kind."""
    return LIKELIHOODS[series.card.kind]


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
