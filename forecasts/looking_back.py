"""How forecasts of a series did before a day, in words: what a page says of the stored backtest."""

import datetime
import shlex
from collections import Counter
from dataclasses import dataclass

from forecasts.errors import InputError
from forecasts.series import Series
from forecasts.stored_backtest import PastForecast, Stored, read

#: A horizon is drawn when so many forecasts were made for it; of several, the longest.
_ENOUGH = 5


@dataclass(frozen=True)
class LookBack:
    """What a page shows.

    Attributes
    ----------
    sentence : str
        How many forecasts held, or why none is shown.
    warning : str
        Says that rows or models have changed since; else empty.
    command : str
        Makes the backtest where none is stored; else empty.
    ahead : str
        Horizon that is drawn, in words.
    h : float, optional
        The same; None: nothing to draw.
    forecasts : tuple of PastForecast
        Of that horizon.
    already : tuple of (date, float)
        P(already) by as-of date.
    """

    sentence: str
    warning: str = ""
    command: str = ""
    ahead: str = ""
    h: float | None = None
    forecasts: tuple[PastForecast, ...] = ()
    already: tuple[tuple[datetime.date, float], ...] = ()


def bundled(series: Series) -> bool:
    """Tell whether a series is a bundled one: a reader's file may bear the name of one."""
    from forecasts.catalog import catalogue, load

    if series.card.id not in {known.id for known in catalogue()}:
        return False
    try:
        known = load(series.card.id).known_at(series.as_of)
    except InputError:
        return False  # The bundled one began later.
    return known.data_sha256 == series.data_sha256


def look_back(series: Series, file: str = "") -> LookBack:
    """Look back from a day on the forecasts stored for a series.

    Parameters
    ----------
    series : Series
        As known on the day: no forecast made later, and none for a later day, is used.
    file : str
        Name of the CSV of a reader's own series, and of the card beside it, without the ending;
        default: its id.

    Returns
    -------
    LookBack
        With a command where nothing is stored.
    """
    own = bundled(series)
    stored = read(series.card.id) if own else None
    if stored is None:
        file = file or series.card.id
        name, out = (series.card.id, "backtest") if own else (f"./{file}.csv", "../backtest")
        card = (
            ""
            if own
            else f" It runs in the folder of the rows, {file}.csv, and of the card, {file}.toml:"
        )
        return LookBack(
            "No forecasts of this series at past dates are stored. This makes them, and scores "
            f"them against what came{'.' if card else ':'}{card}",
            command=f"forecasts backtest {shlex.quote(name)} --every 2 --out {out}",
        )
    from forecasts.catalog import load

    whole = load(series.card.id)
    return _told(stored.known(series.as_of, kind=series.card.kind), whole, stored.older_than(whole))


def _told(known: Stored, whole: Series, changed: str) -> LookBack:
    """Put what is known into words."""
    from forecasts.targets import even

    warning = changed and (
        f"This backtest is older than the {changed}: they have changed since it was made, so a new "
        "one may differ."
    )
    made = known.forecasts
    if not made:
        sentence = "No forecast of this series made before could be checked by that day."
        return LookBack(sentence, warning)
    ours = sum(one.inside(one.ours) for one in made)
    naive = sum(one.inside(one.naive) for one in made)
    sentence = (
        f"Of {len(made)} forecast{'s' if len(made) > 1 else ''} made before, {ours} fell inside "
        f"our 90 % interval, {naive} inside the naive one."
    )
    count = Counter(one.h for one in made)
    often = [h for h, n in count.items() if n >= _ENOUGH]
    h = max(often) if often else max(count, key=lambda h: (count[h], h))
    unit = "row" if even(whole) else "year"
    return LookBack(
        sentence,
        warning,
        ahead=f"{h:g} {unit}{'' if h == 1 else 's'}",
        h=h,
        forecasts=tuple(one for one in made if one.h == h),
        already=known.already,
    )
