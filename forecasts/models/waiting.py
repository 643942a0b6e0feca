"""One date that arrives at a constant rate from the first row on: cells and their prior mass.

Equal cells cover the observed span, widening ones some horizons after it, and the last cell is
"not in sight": without it the prior would invent a date, and with it a ceiling.
"""

import numpy as np

from forecasts.models.shape import FAR, Span

#: Cells of the observed span and of the time after it, before those that matter are halved.
PAST_CELLS, FUTURE_CELLS = 32, 24
#: Dates later than this many horizons after `as_of` count as "not in sight".
HORIZONS_AHEAD = 2.0


def waiting_cells(span: Span, past: int, future: int) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bounds of the date, each of shape (cells,); the last cell is `FAR`."""
    ahead = HORIZONS_AHEAD * span.horizon * np.linspace(0.0, 1.0, future + 1)[1:] ** 2
    edge = np.append(np.linspace(0.0, span.years, past + 1), span.years + ahead)
    return np.append(edge[:-1], FAR), np.append(edge[1:], FAR)


def log_waiting(low: np.ndarray, high: np.ndarray, span: Span, rate: float) -> np.ndarray:
    """Log mass of an exponential waiting time in each cell; "not in sight" holds the rest."""
    sight = span.years + HORIZONS_AHEAD * span.horizon
    mass = np.exp(-rate * low) - np.exp(-rate * high)
    return np.where(low < FAR, np.log(np.maximum(mass, 1e-300)), -rate * sight)
