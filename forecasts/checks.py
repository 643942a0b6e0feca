"""What a caller in Python may ask: the command line's rules, for those who do not come through it.

``tests/test_checks.py`` holds that every refusal is one sentence.
"""

import numbers
from collections.abc import Iterable, Sequence

from forecasts.errors import InputError
from forecasts.messages import quote

#: Farther ahead than this nothing is asked.
LONGEST = 200.0


def check_seed(seed: object) -> int:
    """Return a seed, or refuse what is none.

    Raises
    ------
    InputError
        When it is not a whole number from 0.
    """
    return _whole("The seed", seed, least=0)


def check_years(horizon: object) -> float:
    """Return a horizon as a number of years, or refuse what is none.

    Raises
    ------
    InputError
        When it is not a number; how large it may be is for others to say.
    """
    if isinstance(horizon, bool) or not isinstance(horizon, numbers.Real):
        raise InputError(f"The horizon is a number of years, got {quote(str(horizon))}.")
    return float(horizon)


def check_backtest(
    every: object, horizons: object, seed: object
) -> tuple[int, tuple[float, ...], int]:
    """Read options, and refuse those with which a backtest would look back or stand still.

    Returns
    -------
    every : int
    horizons : tuple of float
    seed : int
        As numbers of Python, whatever they came as, so that finished cells are found again.

    Raises
    ------
    InputError
        When `every` is not a whole number from 1, or the horizons are not different numbers above
        nought and up to 200.
    """
    step = _whole("Rows from one as-of date to the next", every, least=1)
    whole = check_seed(seed)
    asked = list(horizons) if isinstance(horizons, Iterable) else []
    able = all(isinstance(h, numbers.Real) and not isinstance(h, bool) for h in asked)
    if not asked or not able or not all(0 < h <= LONGEST for h in asked):
        raise InputError(
            f"Horizons are numbers above 0 and up to {LONGEST:g}, such as (1.0, 5.0), got "
            f"{quote(str(horizons))}."
        )
    if len({float(h) for h in asked}) < len(asked):
        raise InputError(f"Each horizon may be named once, got {quote(str(horizons))}.")
    return step, tuple(float(h) for h in asked), whole


def check_names(ids: Sequence[str]) -> None:
    """Refuse two series of one name: their rows could not be told apart.

    Raises
    ------
    InputError
        When an id is there twice.
    """
    if twice := {name for name in ids if list(ids).count(name) > 1}:
        raise InputError(
            f"Each series may be named once, got {min(twice)} twice: leave one out, or give its "
            "file another name."
        )


def _whole(what: str, value: object, *, least: int) -> int:
    """Read a whole number."""
    able = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not able or not least <= int(value):  # type: ignore[call-overload]
        raise InputError(f"{what}: a whole number from {least}, got {quote(str(value))}.")
    return int(value)  # type: ignore[call-overload]
