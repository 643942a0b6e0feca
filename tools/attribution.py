"""Print the attribution table of the README, in Markdown, from the cards.

``python tools/attribution.py``. Series of a reference class that share group, source and licence
take one line together.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from pathlib import Path

DATA_FOLDER = Path(__file__).resolve().parent.parent / "data"
ONE_LINE_FROM = 9  # as many series of one source as this are summed up in a line


def table(data_folder: Path = DATA_FOLDER) -> str:
    """Return the table: id, title, source and licence of every bundled series."""
    shared: dict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for path in sorted(data_folder.rglob("*.toml"), key=_order):
        card = tomllib.loads(path.read_text(encoding="utf-8"))
        key = card["group"], card["source"], card["licence"]
        shared[key].append((path.stem, card["title"]))
    lines = ["| series | title | source | licence |", "|---|---|---|---|"]
    for (group, source, licence), members in shared.items():
        if len(members) >= ONE_LINE_FROM:
            first, last = members[0][0], members[-1][0]
            members = [(f"{first}` … `{last}", f"{len(members)} series: {group}")]
        for series, title in members:
            cells = (f"`{series}`", title, source, licence)
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def _order(path: Path) -> tuple[int, str]:
    """Put the series at the top of the folder before the reference class."""
    return len(path.parts), path.stem


if __name__ == "__main__":
    print(table())
