"""Let a few cells of dates stand for many, so that nothing is cut off and sampling stays quick.

Cells heavier than a threshold are kept; among the lighter ones, ordered by configuration and date,
a systematic sample stands for all, each with its weight raised to the threshold (Fearnhead &
Clifford 2003, doi:10.1111/1467-9868.00421). NUTS sees one such representation; when the cell of a
draw is chosen afterwards, every draw has a representation of its own, so that over the draws all
cells are met (`tests/test_represent.py`).
"""

from dataclasses import dataclass, replace

import numpy as np

from forecasts.scan import Scan

#: Cells in one representation: the cost of a gradient grows with it.
MOST_CELLS = 24


@dataclass(frozen=True)
class Representation:
    """Which cells are always there, and which of the others may stand for the rest.

    Attributes
    ----------
    heavy, light : ndarray of int
        Cells that are always there; the lighter ones, ordered by configuration and date.
    raised : ndarray, shape (cells,)
        What is added to a cell's log weight when it stands for others; zero for heavy ones.
    reached : ndarray, shape (light cells,)
        Cumulative evidence of the light cells, in thresholds.
    """

    heavy: np.ndarray
    light: np.ndarray
    raised: np.ndarray
    reached: np.ndarray

    def choose(self, offset: np.ndarray) -> np.ndarray:
        """Choose cells for each offset between 0 and 1; shape (offsets, heavy + standing)."""
        standing = round(self.reached[-1]) if len(self.light) else 0
        wanted = np.arange(standing) + offset[:, None]
        hit = np.minimum(np.searchsorted(self.reached, wanted), max(len(self.light) - 1, 0))
        always = np.broadcast_to(self.heavy, (len(offset), len(self.heavy)))
        return np.concatenate([always, self.light[hit]], axis=1)


def represent(scan: Scan, most: int = MOST_CELLS) -> Representation:
    """Choose at most `most` cells at a time to stand for all of a scan."""
    cells, evidence = scan.cells, scan.log_evidence
    share = np.exp(evidence - np.logaddexp.reduce(evidence))
    everyone, raised = np.arange(len(cells)), np.zeros(len(cells))
    if len(cells) <= most:
        return Representation(everyone, everyone[:0], raised, raised[:0])
    weight = np.sort(share)[::-1]
    tail = np.cumsum(weight[::-1])[::-1]
    # The threshold c solves: cells above c, plus the rest's weight over c, is the number wanted.
    enough = weight[:most] * (most - everyone[:most]) <= tail[:most]
    count = int(np.argmax(enough)) if enough.any() else most - 1
    threshold = tail[count] / (most - count)
    # The last change decides most: neighbours in its date stand for each other.
    order = np.lexsort([*cells.low.T, *cells.active.T])
    light = order[share[order] < threshold]
    raised[light] = np.log(threshold / share[light])
    return Representation(
        np.flatnonzero(share >= threshold), light, raised, np.cumsum(share[light]) / threshold
    )


def thinned(scan: Scan, representation: Representation) -> Scan:
    """Return the scan with one representation in place of all cells, for the sampler."""
    keep = representation.choose(np.array([0.5]))[0]
    raised = representation.raised[keep]
    return replace(
        scan,
        cells=scan.cells.take(keep),
        log_weight=scan.log_weight[keep] + raised,
        mode=scan.mode[keep],
        factor=scan.factor[keep],
        log_evidence=scan.log_evidence[keep] + raised,
    )
