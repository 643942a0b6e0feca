"""The scale on which a share is modelled: the logit between its floor and its maximum.

A figure of a share is rounded (to whole per cent, say), which matters where it is close to a bound:
on the logit scale the step from 1 to 2 % is as long as the one from 50 to 67 %. The rounding unit
is read off the rows handed in, those known at ``as_of``; ``tests/test_logit.py`` holds it.
"""

import dataclasses

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: A figure on a bound is taken as this many rounding units inside it: the middle of what rounds so.
INSIDE = 0.25
#: The unit is at most a tenth of the range (two round figures are luck) and this many decades less.
DECADES = 7
#: Share of the figures that are multiples of the unit.
MOST = 0.9
#: Logits beyond it are no different from their bound; a value stays above zero.
FARTHEST = 600.0


@dataclasses.dataclass(frozen=True)
class LogitScale:
    """``y = sign · logit((value - floor) / (maximum - floor))``.

    Attributes
    ----------
    floor, maximum
        Bounds of the value: what chance alone scores, and all of it.
    sign
        +1 for a rising share, -1 for a falling one.
    unit
        Step to which the values are rounded.
    """

    floor: float
    maximum: float
    sign: int
    unit: float

    def fraction(self, value: ArrayLike) -> NDArray[np.float64]:
        """Part of the range below a value; a quarter of a unit inside the bounds at least."""
        step = INSIDE * self.unit
        inside = np.clip(np.asarray(value, float), self.floor + step, self.maximum - step)
        return (inside - self.floor) / (self.maximum - self.floor)

    def to_y(self, value: ArrayLike) -> NDArray[np.float64]:
        """Turn values into signed logits."""
        part = self.fraction(value)
        return self.sign * (np.log(part) - np.log1p(-part))

    def from_y(self, y: ArrayLike) -> NDArray[np.float64]:
        """Turn signed logits into values."""
        logit = np.clip(self.sign * np.asarray(y, float), -FARTHEST, FARTHEST)
        return self.floor + (self.maximum - self.floor) / (1.0 + np.exp(-logit))

    def figure(self, value: ArrayLike) -> NDArray[np.float64]:
        """Turn values into the figures that would be published for them."""
        rounded = self.unit * np.round(np.asarray(value, float) / self.unit)
        # 3 * 0.1 is a little more than 0.3, and would put a figure of 0.3 outside its own interval.
        decimals = max(0, int(np.ceil(-np.log10(self.unit) - 1e-9)))
        return np.clip(np.round(rounded, decimals), self.floor, self.maximum)

    def log_value(self, y: ArrayLike) -> NDArray[np.float64]:
        """Turn signed logits into the signed log of the fraction, which never overflows."""
        return -self.sign * np.logaddexp(0.0, -self.sign * np.asarray(y, float))

    def rounding_sd(self, value: ArrayLike) -> NDArray[np.float64]:
        """Standard deviation, in logits, of what rounds to each value."""
        part = self.fraction(value)
        uniform = self.unit / np.sqrt(12.0) / (self.maximum - self.floor)
        return uniform / (part * (1.0 - part))


def rounding_unit(value: ArrayLike, *, floor: float, maximum: float) -> float:
    """Find the coarsest of 10, 5, 1, 0.5 and so on of which most values are multiples.

    A series that is published to the half per cent may hold a few finer figures; they do not make
    the others exact.

    Parameters
    ----------
    value
        Values of the rows known.
    floor, maximum
        Bounds of the value.

    Returns
    -------
    float
        At most a tenth of the range, and a ten-millionth of that where nothing fits.

    Examples
    --------
    >>> rounding_unit([10, 12, 13], floor=0, maximum=100)
    1.0
    >>> rounding_unit([0.314, 0.48], floor=0, maximum=1)
    0.001
    """
    values = np.asarray(value, float)
    top = (1 + 1e-9) * (maximum - floor) / 10.0
    # A little more than the logarithm: that of 10 may come out just below 1.
    coarsest = int(np.floor(np.log10((maximum - floor) / 10.0) + 1e-9))
    for exponent in range(coarsest, coarsest - DECADES, -1):
        for unit in (5 * 10.0**exponent, 10.0**exponent):
            steps = values / unit
            if unit <= top and np.mean(np.abs(steps - np.round(steps)) < 1e-6) >= MOST:
                return float(unit)
    return float(10.0**exponent)
