"""When a growth path plateaus: the one definition, for every shape.

The reference rate r* is the highest growth that the path averaged over any window of at least a
quarter of the observed span (a shape may define it, as the logistic does). With ``kappa`` 0.1:
*already*, growth has been below ``kappa * r*`` from some date up to `as_of`; *future*, the first
date after `as_of` at which it falls below; *none within the horizon*, neither. A restart after the
plateau undoes nothing and is reported.

Growth is that of the log value. A share's shapes live on the logit scale, so their paths are turned
into log values first: a share that nears its maximum plateaus, whatever the odds do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.arrays import numpy_namespace
from forecasts.dates import iso
from forecasts.errors import InputError
from forecasts.models import Draws, Shape, Span
from forecasts.series import Series
from forecasts.shown import Shown

#: Growth below this share of r* is a plateau; below the second one it has "slowed by half".
KAPPA, SLOWED = 0.1, 0.5
#: Below this probability that r* is positive there is no trend that could plateau.
TREND = 0.95
#: Log growth per year up to which a path has not risen: that of a stop is rounding, not zero.
FLAT = 1e-9
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
#: Cells of the observed span and steps of the future (years) on which growth is read.
PAST_CELLS, FUTURE_STEP = 400, 0.1
#: r* is averaged over windows of a quarter of the span: 10 of these 40 cells, or up to 19 of them,
#: since a longer window holds one at least as fast.
WINDOW_CELLS, WINDOWS = 40, range(10, 20)


@dataclass(frozen=True)
class Plateau(Shown):
    """The posterior of the plateau date, draw by draw.

    Attributes
    ----------
    kappa : float
        Threshold, as a share of r*.
    date : ndarray, shape (draws,)
        Decimal year at which growth fell below the threshold; inf for not within the horizon.
    decline, restart, trend : ndarray of bool, shape (draws,)
        Growth fell below minus the threshold; rose above it again later; r* is positive.
    weight : ndarray, shape (draws,)
        Adds up to one.
    first, as_of, horizon : float
        Decimal year of the first row and of `as_of`; years after it that were looked at.
    refused : str or None
        Why no claim about a plateau is made, if none is.
    """

    kappa: float
    date: np.ndarray
    decline: np.ndarray
    restart: np.ndarray
    trend: np.ndarray
    weight: np.ndarray
    first: float
    as_of: float
    horizon: float
    refused: str | None = None

    @property
    def p_already(self) -> float:
        """Probability that it has plateaued by `as_of`."""
        return self.p_by_date(self.as_of)

    @property
    def p_future(self) -> float:
        """Probability that it plateaus after `as_of`, within the horizon."""
        return self._p(np.isfinite(self.date) & (self.date > self.as_of))

    @property
    def p_none(self) -> float:
        """Probability that it does neither."""
        return self._p(~np.isfinite(self.date))

    def p_by_date(self, year: float) -> float:
        """Probability that the plateau date is not later than a decimal year."""
        return self._p(self.date <= year)

    def quantile(self, probability: float) -> float:
        """Censored quantile of the date: inf means later than the horizon.

        Raises
        ------
        InputError
            When the probability does not lie between 0 and 1.
        """
        if not 0.0 <= probability <= 1.0:
            raise InputError(f"A probability lies between 0 and 1, got {probability!r}.")
        return float(weighted_quantiles(self.date, self.weight, [probability])[0])

    def to_dict(self) -> dict:
        """Return the contract's `plateau` object, without the nested ones."""
        years = range(int(self.first), int(self.as_of + self.horizon) + 1)
        # np.nextafter keeps a date of exactly 1 January out of the year before.
        by = {str(y): self.p_by_date(float(np.nextafter(y + 1, y))) for y in years}
        dates = {f"{p:g}": self.quantile(p) for p in QUANTILES}
        shown: dict = {
            "p_already": self.p_already,
            "p_future": self.p_future,
            "p_none_within_horizon": self.p_none,
            "p_decline": self._p(self.decline),
            "p_restart": self._p(self.restart),
            "p_by": by,
            "quantiles": {p: iso(d) if np.isfinite(d) else None for p, d in dates.items()},
        }
        if self.refused:
            shown = {name: _blank(value) for name, value in shown.items()}
        return {"kappa": self.kappa, "refused": self.refused, **shown}

    def _p(self, event: np.ndarray) -> float:
        """Weighted share of draws, kept inside [0, 1] against rounding."""
        return float(np.clip(self.weight[event].sum(), 0.0, 1.0))


def weighted_quantiles(
    values: np.ndarray, weight: np.ndarray, probabilities: Sequence[float]
) -> np.ndarray:
    """Smallest values whose cumulative weight reaches each probability; never interpolated."""
    order = np.argsort(values)
    reached = np.cumsum(weight[order])
    wanted = np.asarray(probabilities) * reached[-1] * (1 - 1e-12)
    index = np.minimum(np.searchsorted(reached, wanted), len(order) - 1)
    return values[order[index]]


def reference_growth(shape: Shape, draws: Draws, span: Span, series: Series) -> np.ndarray:
    """Return r*, log growth per year, of each draw; shape (draws,).

    A shape's own formula holds on its own scale, which is not that of a share's log value.
    """
    own = shape.reference_growth(draws)
    if own is not None and series.card.kind != "share":
        return own
    path = log_path(shape, draws, np.linspace(0.0, span.years, WINDOW_CELLS + 1), series)
    cell = span.years / WINDOW_CELLS
    rates = [((path[:, w:] - path[:, :-w]) / (w * cell)).max(axis=1) for w in WINDOWS]
    return np.max(rates, axis=0)


def growth_at_end(shape: Shape, draws: Draws, span: Span, series: Series) -> np.ndarray:
    """Return the growth of the last observed cell, log per year; shape (draws,)."""
    end = np.array([span.years * (1 - 1 / PAST_CELLS), span.years])
    path = log_path(shape, draws, end, series)
    return (path[:, 1] - path[:, 0]) / (end[1] - end[0])


def has_plateaued(shape: Shape, draws: Draws, span: Span, series: Series) -> np.ndarray:
    """Tell of each draw whether it has plateaued by `as_of`; shape (draws,)."""
    reference = reference_growth(shape, draws, span, series)
    return (reference > FLAT) & (growth_at_end(shape, draws, span, series) < KAPPA * reference)


def find_plateaus(
    shape: Shape, draws: Draws, series: Series, span: Span, weight: np.ndarray
) -> tuple[Plateau, Plateau]:
    """Find each draw's plateau date, for both thresholds.

    Parameters
    ----------
    shape : Shape
        Whose curve the draws are of.
    draws : Draws
        With what may happen after `as_of` already simulated (`Shape.extended`).
    series : Series
        As known at `as_of`.
    span : Span
        Years observed and years ahead.
    weight : ndarray, shape (draws,)
        Adds up to one.

    Returns
    -------
    plateau, slowed : Plateau
        For `KAPPA` and for `SLOWED`.
    """
    steps = max(int(np.ceil(span.horizon / FUTURE_STEP)), 1)
    past = np.linspace(0.0, span.years, PAST_CELLS + 1)
    ahead = span.years + np.linspace(0.0, span.horizon, steps + 1)[1:]
    edges, so_far = np.append(past, ahead), _so_far(shape, draws, span)
    path = [log_path(shape, so_far, past, series), log_path(shape, draws, ahead, series)]
    growth = np.diff(np.concatenate(path, axis=1), axis=1) / np.diff(edges)
    reference = reference_growth(shape, so_far, span, series)
    trend = reference > FLAT
    # Without a rising trend nothing can plateau: no growth is below minus infinity.
    limits = [np.where(trend, kappa * reference, -np.inf) for kappa in (KAPPA, SLOWED)]
    found = [_first_below(growth, edges, limit) for limit in limits]
    refused = refusal(series, float(weight[trend].sum()))
    return tuple(  # type: ignore[return-value]
        Plateau(
            kappa=kappa,
            date=series.time[0] + date,
            decline=decline,
            restart=restart,
            trend=trend,
            weight=weight,
            first=float(series.time[0]),
            as_of=float(series.time[0] + span.years),
            horizon=span.horizon,
            refused=refused,
        )
        for kappa, (date, decline, restart) in zip((KAPPA, SLOWED), found, strict=True)
    )


def refusal(series: Series, p_trend: float) -> str | None:
    """Say why the rows allow no claim about a plateau, or None if they do.

    Too few rows, too little growth, or no trend: the forecast is still given.
    """
    first, last = series.log_value(series.y[[0, -1]])
    doublings = abs(last - first) / np.log(2)
    if series.n < 5 or (series.n < 10 and doublings < 3):
        return (
            f"{series.n} points over {doublings:.1f} doublings: no claim about a ceiling or a "
            "plateau date is possible"
        )
    if p_trend < TREND:
        why = (
            f"the values are not {series.card.direction} (is the direction right?)"
            if p_trend < 1 - TREND
            else "its rise cannot be told from wandering"
        )
        return (
            f"the probability that there was growth at all is {np.floor(100 * p_trend) / 100:.2f}, "
            f"below {TREND:g}: {why}, so there is no trend that could plateau"
        )
    return None


def pooled(parts: list[Plateau], weights: list[float], *, refused: str | None) -> Plateau:
    """Mix posteriors, each with its weight; with a reason to refuse, no claim is made."""
    heaviest = parts[int(np.argmax(weights))]
    return Plateau(
        kappa=heaviest.kappa,
        date=np.concatenate([p.date for p in parts]),
        decline=np.concatenate([p.decline for p in parts]),
        restart=np.concatenate([p.restart for p in parts]),
        trend=np.concatenate([p.trend for p in parts]),
        weight=np.concatenate([w * p.weight for w, p in zip(weights, parts, strict=True)]),
        first=heaviest.first,
        as_of=heaviest.as_of,
        horizon=heaviest.horizon,
        refused=refused,
    )


def curve_of(shape: Shape, draws: Draws, t: np.ndarray) -> np.ndarray:
    """Growth paths of the draws at times `t` (years since the first row); shape (draws, times)."""
    parameters = [column[:, None] for column in draws.parameters.T]
    dates = [column[:, None] for column in draws.dates.T]
    return shape.curve(parameters, dates, t, numpy_namespace())


def log_path(shape: Shape, draws: Draws, t: np.ndarray, series: Series) -> np.ndarray:
    """Signed log values of the growth paths, up to a constant; shape (draws, times).

    Those of a share run through its last row, as its forecast does: the model knows only growth.
    """
    path = curve_of(shape, draws, t)
    if series.card.kind != "share":
        return path
    last = curve_of(shape, draws, series.time[-1:] - series.time[0])
    return series.log_value(path - last + series.y[-1])


def _so_far(shape: Shape, draws: Draws, span: Span) -> Draws:
    """Leave out changes after `as_of`: on the observed span the path is the same, and cheaper."""
    later = draws.parameters.shape[1] - len(shape.priors)
    if later <= 0 or (draws.dates[:, -later:] < span.years).any():
        return draws
    return Draws(draws.parameters[:, :-later], draws.dates[:, :-later])


def _first_below(
    growth: np.ndarray, edges: np.ndarray, threshold: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Start of the plateau (inf for none), and whether it is a decline and restarts later."""
    below = growth < threshold[:, None]
    past, future = below[:, :PAST_CELLS], below[:, PAST_CELLS:]
    # The plateau that holds at as_of began after the last observed cell that was still growing.
    run = np.argmax(~past[:, ::-1], axis=1)
    run = np.where(past.all(axis=1), PAST_CELLS, run)
    start = np.where(run > 0, PAST_CELLS - run, PAST_CELLS + np.argmax(future, axis=1))
    none = (run == 0) & ~future.any(axis=1)
    rows, at = np.arange(len(growth)), np.minimum(start, growth.shape[1] - 1)
    # A step of the future is dated by its middle: its start would be as_of itself.
    when = np.where(at < PAST_CELLS, edges[at], 0.5 * (edges[at] + edges[at + 1]))
    # The cell in which growth changed has some of the growth before it: look at the next one.
    after = np.minimum(at + 1, growth.shape[1] - 1)
    decline = ~none & (growth[rows, after] < -threshold)
    later = np.arange(growth.shape[1]) > at[:, None]
    restart = ~none & (~below & later).any(axis=1)
    return np.where(none, np.inf, when), decline, restart


def _blank(value: object) -> object:
    """The same structure with every number withheld."""
    return {key: None for key in value} if isinstance(value, dict) else None
