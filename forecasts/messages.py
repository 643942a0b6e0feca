"""Pieces of error messages: how input is quoted, and what was probably meant."""

import difflib
from collections.abc import Iterable

_LONGEST_QUOTE = 60
_SUGGESTIONS = 3


def quote(text: object, *, longest: int = _LONGEST_QUOTE) -> str:
    """Show a piece of input in a message.

    Parameters
    ----------
    text
        Anything that came from a file or a command line.
    longest
        Characters to show.

    Returns
    -------
    str
        The text in quotes and cut, control characters escaped, so that a file cannot write to
        the terminal through a message.
    """
    shown = str(text)
    return repr(shown if len(shown) <= longest else shown[:longest] + "…")


def nearest(name: str, options: Iterable[str]) -> list[str]:
    """Find the options that a misspelt name is probably meant to be.

    Parameters
    ----------
    name
        What was written; its case does not matter.
    options
        What could have been written.

    Returns
    -------
    list of str
        At most three options, best first; empty when none is like the name.
    """
    by_folded = {option.casefold(): option for option in options}
    close = difflib.get_close_matches(name.casefold(), by_folded, n=_SUGGESTIONS)
    return [by_folded[folded] for folded in close]


def either(options: Iterable[str]) -> str:
    """Join options in words.

    Parameters
    ----------
    options
        At least one.

    Returns
    -------
    str
        ``a``, ``a or b``, ``a, b or c``.
    """
    *most, last = options
    return f"{', '.join(most)} or {last}" if most else last
