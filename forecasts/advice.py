"""What to tell of a series before it is answered, beyond how its rows were read."""

import numpy as np

from forecasts.series import Series

#: Years between rows under which persistence from year to year does not say how neighbours persist.
CLOSE = 0.75


def advice(series: Series) -> tuple[str, ...]:
    """Say what of a series the models do not do justice to.

    Parameters
    ----------
    series : Series
        As it is known.

    Returns
    -------
    tuple of str
        Sentences, each with what to do about it.
    """
    gap = float(np.median(np.diff(series.time))) if series.n > 1 else 1.0
    if series.card.kind not in ("index", "share") or gap >= CLOSE:
        return ()
    return (
        f"Rows are about {gap * 12:.1g} months apart, and growth is modelled as persisting from "
        "year to year: between closer rows a steady trend may be missed, or be taken to have "
        "plateaued. Keep one row a year.",
    )
