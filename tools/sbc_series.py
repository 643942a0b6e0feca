"""Draw a trend from the prior and rows from the trend, exactly as a fit believes them to arise.

Trends come from `forecasts.prior_draws`; the scatter of the rows, and of the one that is to be
forecast, follows the definitions in `forecasts.likelihoods`, written here a second time.

**Level.** The models see values relative to the first one, so their data are conditioned on a
first value of zero. An item's or a record's first row is scattered like the others: the level is
therefore minus that scatter (minus the first period's growth as well, for a record), and a draw is
kept with the probability that the level's prior gives it, relative to its peak. That is exact
rejection sampling of the joint density which the fit uses. An index and a share know growth alone;
their level has no effect on it, and is the prior's.

**Rows that no series can have** (fewer than `FEWEST` records, log values beyond what a float holds,
a share that needs more room than there is between the bounds) are drawn again, trend and all.
That looks at the rows alone: given the rows, the trend still has the distribution which the fit
computes, so the ranks stay uniform. A share is placed between its bounds by its rows as well, for
the same reason: a level that told of the trend would be news which the fit ignores.
"""

import datetime
import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, logit, ndtri

from forecasts.cards import Card
from forecasts.dates import decimal_year, to_date
from forecasts.learned import population_of
from forecasts.likelihoods import LIKELIHOODS
from forecasts.models import Draws, Shape, Span
from forecasts.plateau import curve_of
from forecasts.population import Population
from forecasts.prior_draws import draw_prior
from forecasts.priors import LEVEL
from forecasts.series import Series

#: Years of the plateau's horizon, and after `as_of` at which the forecast is looked at.
HORIZON, AHEAD = 20.0, (1, 10)
#: Rows of an item, index or share series, and the years that they span.
ROWS, YEARS = 25, 25
#: Close rows: four a year, and over how many years.
CLOSE, CLOSE_YEARS = ("close index", "close share"), 10
#: What can be simulated.
SAMPLED = tuple(LIKELIHOODS)
#: Years of a record series, which begin and end within a calendar year; fewest rows of one.
RECORD_YEARS, FEWEST = 30, 4
#: First day of a record series, and of all others.
START = {"record": datetime.date(1960, 7, 1)}
FIRST_DAY = datetime.date(1960, 1, 1)
#: Decimals to which the per cent of a share are rounded, and the range in which its rows lie.
DECIMALS, SEEN = 2, (0.05, 99.95)
#: Largest log value of a row.
LARGEST = 600.0
#: Kinds whose first row is scattered like the others.
_SCATTERED = ("item", "record")

#: A growth path; the times and values of rows, and the values that are to be forecast.
Path = Callable[[np.ndarray], np.ndarray]
Rows = tuple[np.ndarray, np.ndarray, np.ndarray]
Scattered = Callable[[Path, np.ndarray, float, float, np.random.Generator], Rows]


@dataclass(frozen=True)
class Simulated:
    """A trend from the prior, and the rows that came of it.

    Attributes
    ----------
    series : Series
        Rows, known at their end.
    shape : Shape
        With the population that the trend was drawn from.
    past, ahead : Draws
        The one true path as far as the fit knows it, and with what happened to it after `as_of`.
    noise : ndarray, shape (1, noise parameters)
        The true noise parameters.
    later : ndarray, shape (2,)
        What a forecast is of, `AHEAD` years after `as_of`, on the scale of `Series.y`.
    refused : int
        Draws before this one whose rows no series can have.
    """

    series: Series
    shape: Shape
    past: Draws
    ahead: Draws
    noise: np.ndarray
    later: np.ndarray
    refused: int


def simulate_from_prior(
    shape: Shape, kind: str, rng: np.random.Generator, *, population: Population | None = None
) -> Simulated:
    """Draw a trend and its rows.

    Parameters
    ----------
    shape : Shape
        From `forecasts.models.SHAPES`.
    kind : str
        One of `SAMPLED`.
    rng : Generator
        Decides.
    population : Population, optional
        What the trend is drawn from; the default is what a fit believes of an unknown family.
    """
    card = card_of(kind)
    settled = replace(shape, population=population or population_of(card))
    for refused in itertools.count():
        trend = _trend(settled, card, kind, rng)
        placed = _placed(card.kind, trend.y, trend.later, rng)
        if placed is not None:
            days = tuple(to_date(_start(card) + t) for t in trend.t)
            series = Series(card=card, date=days, value=placed[0])
            return Simulated(
                series, settled, trend.past, trend.ahead, trend.noise, placed[1], refused
            )
    raise AssertionError  # itertools.count never ends


def card_of(kind: str) -> Card:
    """Return the card of a simulated series: its family is nobody's."""
    years = {"record": RECORD_YEARS, **dict.fromkeys(CLOSE, CLOSE_YEARS)}.get(kind, YEARS)
    start, base = START.get(kind, FIRST_DAY), LIKELIHOODS[kind].kind
    return Card(
        id=f"sbc_{kind.replace(' ', '_')}",
        title="Drawn from the prior",
        unit="%" if base == "share" else "units",
        direction="rising",
        kind=base,  # type: ignore[arg-type]  # one of the literals
        observed_through=start.replace(year=start.year + years),
        maximum=100.0 if base == "share" else None,
    )


@dataclass(frozen=True)
class _Trend:
    """A trend, the times and values of its rows relative to the first one, and later values."""

    past: Draws
    ahead: Draws
    noise: np.ndarray
    t: np.ndarray
    y: np.ndarray
    later: np.ndarray


def _trend(shape: Shape, card: Card, kind: str, rng: np.random.Generator) -> _Trend:
    """Draw until the prior of the level allows a first value of zero."""
    start = _start(card)
    years = decimal_year(card.observed_through) - start
    span = Span(years, HORIZON)
    while True:
        past, noise = draw_prior(shape, kind, span, 1, rng)
        ahead = shape.extended(past, span, rng)
        level = past.parameters[0, 0]

        def path(t: np.ndarray, ahead: Draws = ahead, level: float = level) -> np.ndarray:
            return curve_of(shape, ahead, t)[0] - level

        t, y, later = _ROWS[kind](path, noise[0], start, years, rng)
        if card.kind in _SCATTERED:
            level = -y[0]
            if rng.random() > np.exp(-0.5 * (level / LEVEL.scale) ** 2):
                continue
        past, ahead = (_at_level(draws, level) for draws in (past, ahead))
        return _Trend(past, ahead, noise, t, y - y[0], later - y[0])


def _items(
    path: Path, noise: np.ndarray, start: float, years: float, rng: np.random.Generator
) -> Rows:
    """A row at the start, the others on random days; heavy-tailed scatter."""
    when = np.append(0.0, np.sort(rng.uniform(0.0, years, ROWS - 1)))
    t = np.array([decimal_year(to_date(start + each)) - start for each in when])
    every = np.append(t, years + np.array(AHEAD))
    y = path(every) + np.exp(noise[0]) * rng.standard_t(np.exp(noise[1]), len(every))
    return t, y[:ROWS], y[ROWS:]


def _index(
    path: Path, noise: np.ndarray, start: float, years: float, rng: np.random.Generator
) -> Rows:
    """A row a year, one year missing; growth strays by an AR(1), per square root of a year."""
    inner = np.delete(np.arange(1.0, years), rng.integers(YEARS - 1))
    t = np.concatenate([[0.0], inner, years + np.arange(AHEAD[-1] + 1)])
    gap, phi = np.diff(t), np.tanh(noise[1])
    z = [rng.standard_normal()]
    for apart in 0.5 * (gap[1:] + gap[:-1]):
        carried = np.sign(phi) * np.abs(phi) ** apart
        z.append(carried * z[-1] + np.sqrt(1 - carried**2) * rng.standard_normal())
    y = path(t) + np.append(0.0, np.cumsum(np.exp(noise[0]) * np.sqrt(gap) * z))
    return t[:ROWS], y[:ROWS], y[ROWS - 1 + np.array(AHEAD)]


def _quarters(
    path: Path, noise: np.ndarray, start: float, years: float, rng: np.random.Generator
) -> Rows:
    """A row a quarter, one missing; growth strays by an AR(1) from row to row, and a row errs."""
    count = round(4 * years)
    inner = np.delete(np.arange(1, count), rng.integers(count - 1))
    quarter = np.concatenate([[0], inner, count + np.arange(4 * AHEAD[-1] + 1)])
    t = np.array([decimal_year(to_date(start + each / 4)) - start for each in quarter])
    phi, z = np.tanh(noise[1]), [rng.standard_normal()]
    for _ in quarter[2:]:
        z.append(phi * z[-1] + np.sqrt(1 - phi**2) * rng.standard_normal())
    stray = np.exp(noise[0]) * np.sqrt(np.diff(t)) * z
    y = path(t) + np.append(0.0, np.cumsum(stray))
    y = y + np.exp(noise[2]) * rng.standard_normal(len(t))
    return t[:count], y[:count], y[count - 1 + 4 * np.array(AHEAD)]


def _records(
    path: Path, noise: np.ndarray, start: float, years: float, rng: np.random.Generator
) -> Rows:
    """Best of each calendar year, or of the part of it that counts; a row where it is a record."""
    end = start + years
    # The parts of calendar years between the first day, the last one, and those looked ahead to.
    cuts = [start, end, *(end + np.array(AHEAD))]
    edge = np.unique([*cuts, *np.arange(np.ceil(start), cuts[-1])])
    share = np.diff(edge)
    attempts = rng.random(len(share)) ** (1.0 / share)
    best = path(0.5 * (edge[1:] + edge[:-1]) - start) + np.exp(noise[0]) * ndtri(attempts)
    standing = np.maximum.accumulate(best)
    seen, *ahead = np.searchsorted(edge, cuts[1:])
    new = best[:seen] > np.append(-np.inf, standing[: seen - 1])
    when = edge[:seen] + share[:seen] * np.append(0.0, rng.uniform(0.05, 0.95, seen - 1))
    return when[new] - start, best[:seen][new], standing[np.array(ahead) - 1]


_ROWS: dict[str, Scattered] = {
    "item": _items,
    "index": _index,
    "record": _records,
    "share": _index,
    **dict.fromkeys(CLOSE, _quarters),
}


def _placed(
    kind: str, y: np.ndarray, later: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray] | None:
    """Values of the rows in the series' unit, and the later one; None for rows to be refused."""
    if len(y) < FEWEST or not np.isfinite(y).all() or np.abs(y).max() > LARGEST:
        return None
    if kind != "share":
        return np.exp(y), later
    low, high = logit(np.array(SEEN) / 100)
    room = (high - low) - np.ptp(y)
    if room < 0:
        return None
    first = low - y.min() + rng.uniform(0.0, room)
    return np.round(100 * expit(y + first), DECIMALS), later + first


def _at_level(draws: Draws, level: float) -> Draws:
    """The same paths at another level."""
    parameters = draws.parameters.copy()
    parameters[:, 0] = level
    return Draws(parameters, draws.dates)


def _start(card: Card) -> float:
    """First day of a series, as a decimal year."""
    return decimal_year(START.get(card.kind, FIRST_DAY))
