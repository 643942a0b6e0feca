"""A series: rows of one trend, with their card, as they were known on a day.

Invariant: a `Series` holds only rows dated up to its ``as_of``, sorted, finite and (except for a
share) positive, and nothing later can be had from it; ``tests/test_series.py`` holds it.
"""

import dataclasses
import datetime
import hashlib
import json
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasts.cards import Card, check_bounds
from forecasts.dates import decimal_year, parse_date
from forecasts.errors import InputError
from forecasts.logit import LogitScale, rounding_unit
from forecasts.rows import MINIMUM_ROWS, check_dates_vary, direction_remark, guess_direction
from forecasts.shown import Shown

__all__ = ["Card", "Series"]


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Series(Shown):
    """Rows of one trend, as they were known at ``as_of``.

    Attributes
    ----------
    card
        What the series is.
    date
        Day of each row, not decreasing.
    value
        Value of each row in the card's unit, shape (n,), read-only.
    label, source
        One text for each row; empty where the file has none. Text of a stranger: escape it.
    remarks
        Sentences on what was repaired or assumed while reading.
    as_of
        Last day of knowledge; default: the card's ``observed_through``.
    """

    card: Card
    date: tuple[datetime.date, ...]
    value: NDArray[np.float64]
    label: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    as_of: datetime.date = None  # type: ignore[assignment]  # filled in below

    def __post_init__(self) -> None:
        value = _read_only(np.array(self.value, dtype=np.float64))
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "date", tuple(self.date))
        for name in ("label", "source"):
            object.__setattr__(self, name, tuple(getattr(self, name)) or ("",) * len(self.date))
        if self.as_of is None:
            object.__setattr__(self, "as_of", self.card.observed_through)
        _check_rows(self)

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.date)

    @cached_property
    def time(self) -> NDArray[np.float64]:
        """Decimal year of each row, shape (n,)."""
        return _read_only(np.array([decimal_year(day) for day in self.date]))

    @property
    def sign(self) -> int:
        """+1 for a rising series, -1 for a falling one."""
        return 1 if self.card.direction == "rising" else -1

    @cached_property
    def y(self) -> NDArray[np.float64]:
        """``sign · log(value)``, of a share ``sign · logit``: the scale on which trends rise."""
        scale = self._logit
        return _read_only(scale.to_y(self.value) if scale else self.sign * np.log(self.value))

    @cached_property
    def rounding_sd(self) -> NDArray[np.float64]:
        """Standard deviation of the rounding of each ``y``, shape (n,): of shares and of counts.

        Values that are all whole numbers are counts (cores, pixels, parameters), and a trend that
        runs between one and two shows as ones. Other values are taken as exact, on the log scale.
        """
        if self._logit:
            return _read_only(self._logit.rounding_sd(self.value))
        counts = np.array_equal(self.value, np.round(self.value))
        return _read_only(counts / np.sqrt(12.0) / self.value)

    @property
    def as_of_year(self) -> float:
        """``as_of`` as a decimal year."""
        return decimal_year(self.as_of)

    @property
    def observed_until(self) -> datetime.date:
        """Last day on which silence counts: the earlier of as_of and observed_through."""
        return min(self.as_of, self.card.observed_through)

    @property
    def observed_year(self) -> float:
        """``observed_until`` as a decimal year."""
        return decimal_year(self.observed_until)

    @cached_property
    def data_sha256(self) -> str:
        """SHA-256 of everything here that can reach a fit: rows, and the card's fields."""
        card = self.card
        facts = {
            "rows": [
                [day.isoformat(), float(value)]
                for day, value in zip(self.date, self.value, strict=True)
            ],
            "as_of": self.as_of.isoformat(),
            "observed_until": self.observed_until.isoformat(),
            "gaps": [[day.isoformat() for day in gap] for gap in card.gaps],
            **{name: getattr(card, name) for name in ("kind", "direction", "period", "maximum")},
        }
        if card.kind == "share":
            facts["floor"] = card.floor
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()

    def from_y(self, y: ArrayLike) -> NDArray[np.float64]:
        """Turn values of the model's scale into the series' own unit.

        Parameters
        ----------
        y
            Values on the scale of `y`, any shape.

        Returns
        -------
        ndarray
            ``exp(sign · y)``, same shape; of a share its inverse, between floor and maximum.
            Falling series turn upside down: a low quantile of y is a high one of the value.
        """
        if self._logit:
            return self._logit.from_y(y)
        return np.exp(self.sign * np.asarray(y, dtype=np.float64))

    def log_value(self, y: ArrayLike) -> NDArray[np.float64]:
        """Turn values of the model's scale into signed log values, on which a plateau is measured.

        Parameters
        ----------
        y
            Values on the scale of `y`, any shape.

        Returns
        -------
        ndarray
            The same; of a share ``sign · log`` of the fraction of the way from floor to maximum.
        """
        return self._logit.log_value(y) if self._logit else np.asarray(y, dtype=np.float64)

    def figure(self, value: ArrayLike) -> NDArray[np.float64]:
        """Turn values into the figures that would be published for them: shares are rounded."""
        return self._logit.figure(value) if self._logit else np.asarray(value, dtype=np.float64)

    @cached_property
    def _logit(self) -> LogitScale | None:
        """The logit scale of a share; its unit is that of the rows known."""
        card = self.card
        if card.kind != "share" or card.maximum is None:
            return None
        unit = rounding_unit(self.value, floor=card.floor, maximum=card.maximum)
        return LogitScale(card.floor, card.maximum, self.sign, unit)

    def known_at(self, as_of: datetime.date | str | None) -> "Series":
        """Keep what was known on a day: rows up to and including it, and gaps begun by then.

        Parameters
        ----------
        as_of
            A date, or text as `forecasts.dates.parse_date` reads it (``"2003"`` is its last
            day). None returns the series itself. A day after ``observed_through`` is allowed:
            silence still counts only to ``observed_through``.

        Returns
        -------
        Series
            The same series with the later rows gone, a guessed direction guessed anew.

        Raises
        ------
        InputError
            When fewer than two rows or a single date are left, or when the series was already
            cut at an earlier day.

        Notes
        -----
        A beginning of equal values (one core in every processor until 2004) is history, not
        bad input, and is kept: there is no trend in it that could plateau.
        """
        if as_of is None:
            return self
        day = parse_date(as_of)
        if self.as_of < self.card.observed_through and day > self.as_of:
            raise InputError(
                f"{self.card.id} was cut at {self.as_of}, so what was known at {day} is gone: "
                "call known_at on the whole series."
            )
        n = sum(row <= day for row in self.date)
        if n < MINIMUM_ROWS:
            raise InputError(
                f"At least {MINIMUM_ROWS} rows must be known, got {n} of {self.card.id} at "
                f"{day} (its rows begin at {self.date[0]}): choose a later as_of."
            )
        check_dates_vary(self.date[:n], what=f"{self.card.id} as of {day}")
        card, remarks = _card_known_at(self, day, n)
        return Series(
            card=card,
            date=self.date[:n],
            value=self.value[:n],
            label=self.label[:n],
            source=self.source[:n],
            remarks=remarks,
            as_of=day,
        )


def _card_known_at(series: Series, day: datetime.date, n: int) -> tuple[Card, tuple[str, ...]]:
    """Cut the card's gaps at a day and guess a guessed direction again."""
    card = series.card
    # A war that has not broken out, or not ended, by as_of would be hindsight in a forecast.
    gaps = tuple((first, min(last, day)) for first, last in card.gaps if first <= day)
    direction = card.direction
    if card.direction_guessed:
        direction = guess_direction(series.date[:n], series.value[:n])
    remarks = tuple(
        direction_remark(direction) if remark == direction_remark(card.direction) else remark
        for remark in series.remarks
    )
    return dataclasses.replace(card, gaps=gaps, direction=direction), remarks


def _check_rows(series: Series) -> None:
    """Refuse rows that break the invariant of this module."""
    lengths = {series.n, len(series.label), len(series.source)}
    if series.value.shape != (series.n,) or len(lengths) != 1:
        raise InputError(
            f"Dates, values, labels and sources must have one length, got {series.n}, "
            f"{series.value.shape}, {len(series.label)} and {len(series.source)}: give one each."
        )
    if series.n < 1 or any(a > b for a, b in zip(series.date, series.date[1:], strict=False)):
        raise InputError(f"Rows must be sorted, at least one, in {series.card.id}: sort them.")
    if series.date[-1] > series.observed_until:
        raise InputError(
            f"No row may be later than {series.observed_until}, got {series.date[-1]} in "
            f"{series.card.id}: use known_at, or move observed_through."
        )
    share = series.card.kind == "share"
    if share:
        check_bounds(series.card)
    low = 0.0 if share else np.nextafter(0.0, 1.0)
    high = series.card.maximum if share else None
    bad = ~(np.isfinite(series.value) & (series.value >= low))
    if bad.any():
        first = int(np.argmax(bad))
        raise InputError(
            f"Values must be finite and positive, got {series.value[first]:g} at "
            f"{series.date[first]} in {series.card.id}: correct it or remove the row."
        )
    if high is not None and (series.value > high).any():
        raise InputError(
            f"A share cannot exceed its maximum of {high:g}, got {series.value.max():g} in "
            f"{series.card.id}: correct it or the maximum."
        )


def _read_only(array: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lock an array, so that a shared series cannot be changed by accident."""
    array.flags.writeable = False
    return array
