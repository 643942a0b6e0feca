"""What the simulation of thin data simulates: logistic trends, of which ever more has been seen.

**By the share of the curve seen.** `PLENTY` rows from `START` of the ceiling to the share seen,
with three sizes of noise: the table that is known for least squares, made anew.

**By rows and doublings**, for the thresholds of the rule itself (`forecasts.plateau.refusal`): few
rows over few doublings, with the middle noise. The share seen at the end takes turns, so that every
cell holds trends that have far to go and trends that are over.

The noise of an item is its own scatter around the curve, that of an index the straying of its
yearly growth, which adds up. Growth is such that the plateau always comes within the horizon, and
a curve is never seen from beyond its inflection only: the logistic shape would not believe that.
"""

import itertools
from math import log
from typing import NamedTuple

from forecasts.population import LN2
from forecasts.simulate import Truth, World, simulate

#: Doublings per year at the beginning, and noise, in log units: tidy, middling, rough.
GROWTH = {"item": 0.5, "index": 0.25}
NOISE = {"item": (0.05, 0.2, 0.8), "index": (0.02, 0.08, 0.2)}
#: By the share of the curve: rows, where they begin, and shares of the ceiling reached at the end.
PLENTY, START = 20, 0.01
SEEN = (0.1, 0.25, 0.5, 0.75, 0.9, 0.99)
#: By rows and doublings: either side of 5 rows, of 10 rows and of 3 doublings, and beyond.
ROWS = (3, 4, 5, 7, 9, 10, 12)
DOUBLINGS = (0.5, 1.5, 2.7, 3.3, 6.0)
#: Shares seen at the end that take turns, and the most that may be seen when the rows begin.
TURNS, LATEST_START = (0.1, 0.5, 0.75, 0.9, 0.99), 0.5
#: For each simulation of a cell by share, one in so many of each kind by rows and doublings.
FEWER = 4


class Case(NamedTuple):
    """One simulation.

    Attributes
    ----------
    study : str
        ``curve`` or ``rule``.
    kind : str
        ``item`` or ``index``.
    noise : float
        Log units.
    seen : float
        Share of the ceiling that the curve has reached at `as_of`.
    rows : int
        Rows.
    doublings : float
        Doublings of the curve from the first row to `as_of`.
    number : int
        Seed.
    """

    study: str
    kind: str
    noise: float
    seen: float
    rows: int
    doublings: float
    number: int

    @property
    def key(self) -> tuple[str, ...]:
        """The same in text, as a file keeps it."""
        return tuple(x if isinstance(x, str) else f"{x:.4g}" for x in self)


def cases(simulations: int) -> list[Case]:
    """List the simulations, number by number, so that an interrupted run has as many of each."""
    found = []
    for number in range(simulations):
        found += [
            Case("curve", kind, noise, seen, PLENTY, log(seen / START) / LN2, number)
            for kind, levels in NOISE.items()
            for noise in levels
            for seen in SEEN
        ]
        if number % FEWER == 0:
            found += _few(number // FEWER)
    return found


def simulated(case: Case, seed: int) -> Truth:
    """Simulate the series of a case."""
    rate = GROWTH[case.kind] * LN2
    before = _logit(case.seen / 2**case.doublings)
    world = World(
        rows=case.rows,
        years=(_logit(case.seen) - before) / rate,
        growth=GROWTH[case.kind],
        scatter=case.noise,
        turn=-before / rate,
    )
    return simulate("logistic", case.kind, seed=seed, world=world)


def log_ceiling(case: Case, truth: Truth) -> float:
    """True ceiling on the scale of `Series.y`.

    An item scatters around the curve, which is at zero when the rows begin. An index strays from it
    for good, and what is left to the ceiling is left from where its last row is.
    """
    from_here = truth.series.y[-1] if case.kind == "index" else case.doublings * LN2
    return float(from_here) - log(case.seen)


def _few(number: int) -> list[Case]:
    """One simulation of each cell by rows and doublings."""
    cells = itertools.product(NOISE.items(), ROWS, DOUBLINGS)
    return [
        # Neighbouring cells are not at the same turn, so that a short run has all of them.
        Case("rule", kind, levels[1], _seen(doublings, number + i), rows, doublings, number)
        for i, ((kind, levels), rows, doublings) in enumerate(cells)
    ]


def _seen(doublings: float, turn: int) -> float:
    """Share seen of that turn, or what leaves the inflection ahead of the first row."""
    return min(TURNS[turn % len(TURNS)], LATEST_START * 2**doublings)


def _logit(share: float) -> float:
    """Log odds."""
    return log(share / (1 - share))
