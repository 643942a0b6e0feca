"""Which rows of the source figures are kept, and what single rows make a card say.

A filter takes one row, a mark takes the rows that were kept and returns sentences for the notes.
``tests/test_data.py`` holds the counts.
"""

from __future__ import annotations

from urllib.parse import urlsplit

Row = dict[str, str]
"""One row of a source file, as text: the figures are copied, never reformatted."""

FIRST_YEAR_OF_COMPUTE = "2010"  # Epoch AI's own regressions of training compute start there
VERDICT_THROUGH = "2025-07-31"  # the month of Grok 4; later frontier runs are undisclosed
FIRST_PROJECTION = "2016"  # the UN revision of 2017 estimates until 2015 and projects from there

# Judged by the address: shop, forum, document-sharing, feed-copying and wiki-copying pages, and a
# volunteer-edited list. Nobody answers for what they say.
WEAK_HOSTS = (
    "aviationshoppe.com",
    "issuhub.com",
    "magzter.com",
    "openplaques.org",
    "palmflying.com",
    "plane.spottingworld.com",
    "rssing.com",
    "simviation.com",
)


def every_row(row: Row) -> bool:
    """Keep the row."""
    return True


def is_cpu(row: Row) -> bool:
    """Leave out the GPUs and Xeon Phi of the clock file."""
    return row["is_cpu"] == "True"


def notable_through_2026(row: Row) -> bool:
    """Keep Epoch's notable models from 2010 on (the large-scale file is left-truncated)."""
    return row["notable"] == "True" and row["date"] >= FIRST_YEAR_OF_COMPUTE


def notable(row: Row) -> bool:
    """Keep notable models from 2010 to the last month with disclosed frontier runs."""
    return notable_through_2026(row) and row["date"] <= VERDICT_THROUGH


def frontier(row: Row) -> bool:
    """Keep those that Epoch flags as frontier models."""
    return notable(row) and row["frontier"] == "True"


def disclosed(row: Row) -> bool:
    """Keep the rows to the last month with disclosed frontier runs."""
    return row["date"] <= VERDICT_THROUGH


def estimated(row: Row) -> bool:
    """Leave out the years that are projections of the population."""
    return row["date"] < FIRST_PROJECTION


def improving(rows: list[Row], *, rising: bool) -> list[Row]:
    """Return the records: the rows better than all before them."""
    sign = 1 if rising else -1
    kept: list[Row] = []
    for row in rows:
        if not kept or sign * float(row["value"]) > sign * float(kept[-1]["value"]):
            kept.append(row)
    return kept


def no_marks(rows: list[Row]) -> str:
    """Say nothing about single rows."""
    return ""


def airspeed_marks(rows: list[Row]) -> str:
    """Name the records whose day is uncertain and those whose source is weak."""
    days = [f"{r['date']} ({r['date_precision']})" for r in rows if r["date_precision"] != "day"]
    hosts = [(r["date"], urlsplit(r["source"]).netloc) for r in rows]
    weak = [f"{day} ({host})" for day, host in hosts if host.endswith(WEAK_HOSTS)]
    return (
        f" Day uncertain, known only to the month or year given in brackets: {', '.join(days)}."
        " Their days are placeholders, so an as-of date inside such a year may come too early."
        f" Weak source (shop, forum, document-sharing, copied or volunteer-edited page): "
        f"{', '.join(weak)}."
    )


def confidence_marks(rows: list[Row]) -> str:
    """Count Epoch's own confidence in its estimates, and the rows before 2018."""
    grades = [r["confidence"] for r in rows]
    counts = ", ".join(f"{grades.count(g)} {g}" for g in ("Confident", "Likely", "Speculative"))
    early = sum(r["date"] < "2018" for r in rows)
    ungraded = sum(g in ("", "Unknown") for g in grades)
    counts += f", {ungraded} without a grade" * (ungraded > 0)
    return (
        f" Epoch's confidence in the {len(rows)} estimates: {counts}; {early} rows are from"
        " before 2018. An as-of date selects by publication date; the estimates themselves are"
        " those of the snapshot of 2026-07-19."
    )
