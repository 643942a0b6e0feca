"""A fraction adopted or scored a row."""

import numpy as np

from forecasts.arrays import Array, Namespace
from forecasts.likelihoods.index import Index
from forecasts.likelihoods.likelihood import with_rounding
from forecasts.series import Series


class Share(Index):
    """A fraction a row, on the logit scale: an index whose figures are rounded.

    The variance of each growth deviation is raised by the rounding variance of both its ends. That
    is an approximation: the negative correlation that rounding puts between neighbours is ignored.
    A forecast starts from what the last row may have been, and is not rounded again.
    """

    kind = name = "share"

    def prepare(self, series: Series) -> dict[str, np.ndarray]:
        """What an index has, and the log rounding variance of growth, scaled to one year."""
        data = super().prepare(series)
        variance = series.rounding_sd**2
        both = (variance[1:] + variance[:-1]) / data["root_gap"] ** 2
        return {**data, "log_rounding": np.log(both)}

    def log_spread(self, log_scale: Array, data: dict[str, Array], xp: Namespace) -> Array:
        """Log standard deviation of the stray and the rounding together."""
        return with_rounding(log_scale, data, xp)

    def origin(self, series: Series, count: int, rng: np.random.Generator) -> np.ndarray:
        """Draws of the rounding of the last row."""
        return series.rounding_sd[-1] * rng.standard_normal(count)
