"""Print the attribution table of the README, in Markdown, from the cards.

``python tools/attribution.py``. Series at the top of the data folder have a line each; those of the
reference class share one when group, publisher and licence are the same, and the line names every
dataset. ``tests/test_data.py`` holds that no source or licence is lost.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from pathlib import Path

DATA_FOLDER = Path(__file__).resolve().parent.parent / "data"
ONE_LINE_FROM = 9  # as many series as this are named by the first and the last

# Our World in Data is the publisher of many datasets, some of them with many columns.
_DATASET = re.compile(r"(Our World in Data), ('.+') \((github owid/owid-datasets).*")


def table(data_folder: Path = DATA_FOLDER) -> str:
    """Return the table: id, title, source and licence of every bundled series."""
    lines = ["| series | title | source | licence |", "|---|---|---|---|"]
    shared: dict[tuple[str, ...], list[tuple[str, str, str]]] = defaultdict(list)
    for path in sorted(data_folder.rglob("*.toml"), key=_order):
        card = tomllib.loads(path.read_text(encoding="utf-8"))
        publisher, dataset = split(card["source"])
        own = path.stem if path.parent == data_folder else ""
        key = own, card["group"], publisher, card["licence"]
        shared[key].append((path.stem, card["title"], dataset))
    for (_, group, publisher, licence), members in shared.items():
        ids = [f"`{series}`" for series, _, _ in members]
        named = ", ".join(ids) if len(ids) < ONE_LINE_FROM else f"{ids[0]} … {ids[-1]}"
        title = members[0][1] if len(members) == 1 else f"{len(members)} series: {group}"
        datasets = "; ".join(dict.fromkeys(dataset for _, _, dataset in members if dataset))
        cells = named, title, f"{publisher}: {datasets}" if datasets else publisher, licence
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def split(source: str) -> tuple[str, str]:
    """Return the publisher of a source and its dataset, if the publisher has several here."""
    found = _DATASET.fullmatch(source)
    return (f"{found[1]} ({found[3]})", found[2]) if found else (source, "")


def _order(path: Path) -> tuple[int, str]:
    """Put the series at the top of the folder before the reference class."""
    return len(path.parts), path.stem


if __name__ == "__main__":
    print(table())
