"""Finished cells of a backtest on disk, so that an interrupted run continues where it stopped.

One file of JSON lines a series. A line is written when its cell is finished and carries a key of
everything that decides its numbers; a line that was cut short, or has another key, is not used.
"""

import hashlib
import json
import re
from pathlib import Path

from forecasts.baselines_optional import installed
from forecasts.cards import Card
from forecasts.cells import Question
from forecasts.code_digest import code_digest
from forecasts.fit import HORIZON, quick
from forecasts.learned import population_of
from forecasts.versions import versions


def numbers_digest(card: Card) -> str:
    """Digest of the code and the learned population behind every number of a series."""
    facts = [code_digest(), HORIZON, population_of(card).values()]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def key_of(question: Question) -> str:
    """Digest of everything that decides the numbers of a cell."""
    series = question.series
    facts = [
        series.data_sha256,
        series.card.id,
        question.as_of.isoformat(),
        [[t.h, t.date.isoformat(), t.actual, t.items] for t in question.targets],
        question.seed,
        numbers_digest(series.card),
        versions(),
        installed(),
        quick(),
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


class CellStore:
    """The finished cells below one folder.

    Parameters
    ----------
    folder : Path
        Made when the first cell is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, series_id: str) -> dict[str, dict]:
        """Return the finished cells of a series by key."""
        path = self._path(series_id)
        found: dict[str, dict] = {}
        if not path.is_file():
            return found
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                cell = json.loads(line)
                found[cell["key"]] = cell["answer"]
            except (ValueError, KeyError, TypeError):
                continue  # The machine died while this line was written.
        return found

    def add(self, question: Question, answer: dict) -> None:
        """Keep one finished cell."""
        self.folder.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"key": key_of(question), "answer": answer}, allow_nan=True)
        path = self._path(question.series.card.id)
        torn = path.is_file() and not path.read_bytes().endswith(b"\n")
        with path.open("a", encoding="utf-8") as file:
            file.write(("\n" if torn else "") + line + "\n")

    def _path(self, series_id: str) -> Path:
        """File of a series; its id may come from a stranger's file name."""
        safe = re.sub(r"[^A-Za-z0-9_-]", "_", series_id)[:60]
        digest = hashlib.sha256(series_id.encode()).hexdigest()[:8]
        return self.folder / f"{safe}-{digest}.jsonl"
