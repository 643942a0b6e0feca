"""Series whose truth is known: every trend shape with every kind of scatter.

For tests, for teaching, and for the negative control of ``tools/validate.py``. Growth paths come
from `forecasts.models`, so a simulated series is one that its shape can describe exactly; the
scatter follows the definitions in `forecasts.likelihoods`, written here a second time on purpose:
`tests/test_recovery.py` fails when the two disagree.
"""

import datetime
from dataclasses import dataclass

import numpy as np

from forecasts.arrays import numpy_namespace
from forecasts.dates import decimal_year, to_date
from forecasts.errors import InputError
from forecasts.likelihoods import LIKELIHOODS
from forecasts.likelihoods.walk import CLOSE
from forecasts.messages import either, quote
from forecasts.models import SHAPES
from forecasts.models.bend import TRANSITION
from forecasts.models.shape import FAR
from forecasts.plateau import KAPPA
from forecasts.population import LN2
from forecasts.series import Card, Series

#: First day of every simulated series.
START = datetime.date(1960, 1, 1)
#: How far after the last row the plateau of a share is looked for, and in what steps, years.
SIGHT, _STEP = 100.0, 0.01


@dataclass(frozen=True, kw_only=True)
class World:
    """What is true of a simulated series.

    Attributes
    ----------
    rows : int
        Rows of an item, index or share series; a record's rows follow from its years.
    years : float
        Years observed, from the first row on.
    growth : float
        Doublings per year before any change, or at the first row (Gompertz); of a share, of its
        odds.
    scatter : float
        Log units: around the trend (item), of a period's best (record), of yearly growth (index;
        of the odds: share).
    persistence : float
        Correlation of one year's growth deviation with the next one's, from 0 to 1 (index, share).
    tail : float
        Degrees of freedom of the scatter (item).
    turn : float
        Years from the first row to the change of growth, to the inflection, or to the day by which
        growth has halved. The default lies beyond every horizon: no change, no ceiling.
    growth_after : float
        Doublings per year after the change (piecewise, bend); 0 is a stop.
    transition : float
        Years in which growth passes from 10 to 90 % of its change (bend).
    start : float
        Per cent at the first row, before it is rounded (share).
    """

    rows: int = 40
    years: float = 40.0
    growth: float = 0.4
    scatter: float = 0.3
    persistence: float = 0.3
    tail: float = 10.0
    turn: float = FAR
    growth_after: float = 0.0
    transition: float = 4.0
    start: float = 2.0


@dataclass(frozen=True)
class Truth:
    """A simulated series and what is true of it.

    Attributes
    ----------
    series : Series
        Rows, and a card of the right kind.
    plateau : float
        Decimal year at which growth fell below a tenth of the reference rate; inf for never.
    turn : float
        Decimal year of the change, the inflection or the halving of growth; inf for never.
    world : World
        The parameters.
    """

    series: Series
    plateau: float
    turn: float
    world: World


def simulate(shape: str, kind: str, *, seed: int, world: World | None = None) -> Truth:
    """Simulate a series with known truth.

    Parameters
    ----------
    shape : str
        A key of `SHAPES`; an exponential ignores the turn, a piecewise trend changes once.
    kind : str
        ``item``, ``index``, ``record`` or ``share``.
    seed : int
        Same seed, same series.
    world : World, optional
        Growth, scatter, length and turn.

    Returns
    -------
    Truth
        The series, its plateau date and its parameters.

    Raises
    ------
    InputError
        For a shape or kind that is not known.

    Notes
    -----
    A record series has one row a year in which the record fell, on a random day of it; years in
    which it did not leave no row, and ``observed_through`` says until when someone looked. A share
    is an index whose log odds follow the path; its rows are whole per cent.

    Examples
    --------
    >>> truth = simulate("piecewise", "item", seed=1, world=World(turn=25.0))
    >>> truth.series.n, round(truth.plateau)
    (40, 1985)
    """
    world = world or World()
    for name, options in ((shape, SHAPES), (kind, _ROWS)):
        if name not in options:
            raise InputError(f"Choose {either(options)}, got {quote(name)}.")
    rng = np.random.default_rng(seed)
    days, y = _ROWS[kind](shape, world, rng)
    turn = np.inf if shape == "exponential" else decimal_year(START) + world.turn
    if world.turn >= FAR:
        turn = np.inf
    find = _plateau_of_share if kind == "share" else _plateau
    return Truth(_series(shape, kind, world, days, y), find(shape, world, turn), turn, world)


def path(shape: str, world: World, t: np.ndarray) -> np.ndarray:
    """Return the true growth path, log values relative to the first row's trend, shape of `t`."""
    rate, after = world.growth * LN2, world.growth_after * LN2
    log_rate = float(np.log(rate)) if rate > 0 else np.nan
    parameters, dates = {
        "exponential": ([0.0, rate], []),
        "piecewise": ([0.0, rate, after, 0.0], [world.turn, FAR]),
        "logistic": ([0.0, log_rate, 0.0], [0.0, world.turn]),
        "bend": (
            [0.0, log_rate, after],
            [np.log(_width(world)) + log_rate, world.turn],
        ),
        "gompertz": ([0.0, log_rate], [world.turn]),
    }[shape]
    return SHAPES[shape].curve(parameters, dates, t, numpy_namespace())


def _width(world: World) -> float:
    """Width of the sigmoid along which a bend's growth changes, in years."""
    return world.transition / TRANSITION


def _plateau(shape: str, world: World, turn: float) -> float:
    """The definition, solved by hand for one change and for each gradual end."""
    if shape == "logistic":
        return turn + np.log(1 / KAPPA - 1) / (world.growth * LN2)
    if shape == "piecewise" or not np.isfinite(turn):
        return turn if world.growth_after < KAPPA * world.growth else np.inf
    # Growth only falls, so it was highest over the first quarter of the span.
    quarter = np.array([0.0, world.years / 4])
    reference = np.diff(path(shape, world, quarter))[0] / quarter[1]
    left = KAPPA * reference / (world.growth * LN2)
    if shape == "gompertz":
        return decimal_year(START) - world.turn * np.log2(left)
    kept = world.growth_after / world.growth
    if kept >= left:
        return np.inf
    passed = (1 - left) / (1 - kept)
    return turn + _width(world) * np.log(passed / (1 - passed))


def _plateau_of_share(shape: str, world: World, turn: float) -> float:
    """The definition, read off the log value of the path in steps of a hundredth of a year."""
    t = np.arange(0.0, world.years + SIGHT, _STEP)
    log_value = -np.log1p(np.exp(-_logit(world.start) - path(shape, world, t)))
    growth = np.diff(log_value) / _STEP
    # Growth of these paths never rises, so the fastest window is the first.
    quarter = int(world.years / 4 / _STEP)
    below = growth < KAPPA * (log_value[quarter] - log_value[0]) / (quarter * _STEP)
    return decimal_year(START) + float(t[np.argmax(below)]) if below.any() else np.inf


def _logit(percent: float) -> float:
    """Log odds."""
    return float(np.log(percent / (100.0 - percent)))


def _items(
    shape: str, world: World, rng: np.random.Generator
) -> tuple[list[datetime.date], np.ndarray]:
    """One row at the start, the others on random days; heavy-tailed scatter."""
    start = decimal_year(START)
    when = np.append(0.0, np.sort(rng.uniform(0.0, world.years, world.rows - 1)))
    days = [to_date(start + t) for t in when]
    noise = world.scatter * rng.standard_t(world.tail, len(days))
    return days, path(shape, world, _since_start(days)) + noise


def _index(
    shape: str, world: World, rng: np.random.Generator
) -> tuple[list[datetime.date], np.ndarray]:
    """Evenly spaced rows; growth strays by a stationary AR(1), per square root of a year.

    It persists from year to year, or from row to row where rows are closer than that.
    """
    start = decimal_year(START)
    days = [to_date(start + t) for t in np.linspace(0.0, world.years, world.rows)]
    t = _since_start(days)
    gap = np.diff(t)
    deviation = np.empty(len(gap))
    deviation[0] = rng.standard_normal()
    for i in range(1, len(gap)):
        apart = 0.5 * (gap[i] + gap[i - 1])
        carried = world.persistence if apart < CLOSE else world.persistence**apart
        fresh = np.sqrt(1 - carried**2) * rng.standard_normal()
        deviation[i] = carried * deviation[i - 1] + fresh
    walk = np.cumsum(world.scatter * np.sqrt(gap) * deviation)
    return days, path(shape, world, t) + np.append(0.0, walk)


def _shares(
    shape: str, world: World, rng: np.random.Generator
) -> tuple[list[datetime.date], np.ndarray]:
    """Log odds are those of an index, from the start on; the rows are whole per cent."""
    days, strayed = _index(shape, world, rng)
    return days, np.round(100.0 / (1.0 + np.exp(-_logit(world.start) - strayed)))


def _records(
    shape: str, world: World, rng: np.random.Generator
) -> tuple[list[datetime.date], np.ndarray]:
    """Best of each calendar year; a row only where it beats every year before."""
    days, rows, standing = [], [], -np.inf
    for year in range(int(world.years)):
        # The trend of a year's best is read in the middle of the year.
        best = path(shape, world, np.array([year + 0.5]))[0]
        best += world.scatter * rng.standard_normal()
        on = 0.0 if year == 0 else rng.uniform(0.01, 0.99)
        if best > standing:
            standing = best
            days.append(to_date(decimal_year(START) + year + on))
            rows.append(best)
    return days, np.array(rows)


_ROWS = {"item": _items, "index": _index, "record": _records, "share": _shares}


def _since_start(days: list[datetime.date]) -> np.ndarray:
    """Decimal years since the first row."""
    return np.array([decimal_year(day) for day in days]) - decimal_year(START)


def _series(
    shape: str, kind: str, world: World, days: list[datetime.date], y: np.ndarray
) -> Series:
    """Rows with a card."""
    end = to_date(decimal_year(START) + world.years)
    if kind == "record":
        end = datetime.date(START.year + int(world.years) - 1, 12, 31)
    card = Card(
        id=f"simulated_{shape}_{kind}",
        title=f"Simulated {shape} trend",
        unit="units",
        direction="rising",
        kind=LIKELIHOODS[kind].kind,  # type: ignore[arg-type]  # one of the literals
        observed_through=max(end, days[-1]),
        source="simulated",
        licence="CC0-1.0",
        maximum=100.0 if kind == "share" else None,
    )
    return Series(card=card, date=tuple(days), value=y if kind == "share" else np.exp(y))
