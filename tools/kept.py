"""Rows of a long simulation, kept in a file as soon as each is there: a rerun goes on from them."""

import csv
import os
import tempfile
from pathlib import Path

Row = dict[str, str]
Key = tuple[str, ...]


def read(path: Path, keys: tuple[str, ...]) -> dict[Key, Row]:
    """Rows of an earlier run by the columns that tell them apart; none if there was none."""
    if not path.exists():
        return {}
    with path.open(newline="", encoding="utf-8") as file:
        return {tuple(row[key] for key in keys): row for row in csv.DictReader(file)}


def write(path: Path, rows: list[Row]) -> None:
    """Replace the file at once, so that an interrupted run leaves a whole one."""
    path.parent.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".csv")
    with os.fdopen(handle, "w", newline="", encoding="utf-8") as file:
        lines = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        lines.writeheader()
        lines.writerows(rows)
    Path(name).chmod(0o644)
    Path(name).replace(path)
