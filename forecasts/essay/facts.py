"""Figures that are no series: factors, prices and scores with their sources, under ``data/facts``.

Each figure is an interval with a source; where there is none, the range is stated as judgement.
``tests/test_essay_facts.py`` holds that every row has its source and its order.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forecasts import words
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


@dataclass(frozen=True)
class FigureTable:
    """Some figures with their grounds, shown in full: a source that is cut off is none."""

    rows: tuple[Figure, ...]

    def _repr_markdown_(self) -> str:
        lines = [
            "| figure | middle | 90 % from | to | unit | rests on | source |",
            "|---" * 7 + "|",
        ]
        for row in self.rows:
            known = row.low == row.high
            ends = ("", "") if known else (words.number(row.low), words.number(row.high))
            cells = [
                row.id.replace("_", " "),
                words.number(row.value),
                *ends,
                row.unit,
                row.basis,
                f"{row.source}. {row.note}".rstrip(". ") + ".",
            ]
            lines.append("| " + " | ".join(cells) + " |")
        return "\n".join(lines)

    def __str__(self) -> str:
        return "\n".join(
            f"{row.id}: {row.value:g} ({row.low:g} to {row.high:g}) {row.unit}, {row.basis}"
            for row in self.rows
        )


def figure_table(ids: list[str]) -> FigureTable:
    """Show some figures as a table: range, unit, what it rests on, source and note."""
    known = figures()
    return FigureTable(tuple(known[name] for name in ids))


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
