"""Figures that are no series: factors, prices and scores with their sources, under ``data/facts``.

Each figure is an interval with a source; where there is none, the range is stated as judgement.
``tests/test_essay_facts.py`` holds that every row has its source and its order.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forecasts.catalog import data_directory
from forecasts.errors import InputError
from forecasts.messages import quote

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Figure:
    """One figure: 90 % between `low` and `high`, most likely `value`.

    Attributes
    ----------
    id, unit : str
        Name and unit.
    low, value, high : float
        Interval and middle; equal for a figure that is taken as known.
    basis : str
        ``published``, ``essay``, ``judgement``, or two of them.
    source, note : str
        Where it comes from, and what was made of it.
    """

    id: str
    low: float
    value: float
    high: float
    unit: str
    basis: str
    source: str
    note: str


def figures() -> dict[str, Figure]:
    """List every figure by its id."""
    table = read("figures").fillna("")
    return {row["id"]: Figure(**row) for row in table.to_dict("records")}


def figure_table(ids: list[str]) -> "pd.DataFrame":
    """Show some figures as a table: range, unit, what it rests on, source."""
    import pandas as pd

    known = figures()
    rows = [known[name] for name in ids]
    return pd.DataFrame(
        {
            "figure": [row.id.replace("_", " ") for row in rows],
            "from": [row.low for row in rows],
            "middle": [row.value for row in rows],
            "to": [row.high for row in rows],
            "unit": [row.unit for row in rows],
            "rests on": [row.basis for row in rows],
            "source": [row.source for row in rows],
            "note": [row.note for row in rows],
        }
    )


def read(name: str) -> "pd.DataFrame":
    """Read one table of facts.

    Parameters
    ----------
    name : str
        File name without its suffix: ``figures``, ``model_prices``, ``priced_scores``,
        ``sized_scores`` or ``gpqa_diamond``.

    Raises
    ------
    InputError
        When there is no such table.
    """
    import pandas as pd

    path = data_directory() / "facts" / f"{name}.csv"
    if not path.is_file():
        have = ", ".join(sorted(found.stem for found in path.parent.glob("*.csv")))
        raise InputError(f"A table of facts is one of {have}, got {quote(name)}: choose one.")
    return pd.read_csv(path)
