"""The answers behind the live view: fits, beliefs and pictures that were made are kept.

Fits are kept one a shape, date and horizon; beliefs and thresholds are read from the same draws.
"""

import datetime
import hashlib
import json
import os
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from forecasts import charts
from forecasts.camps import CAMPS
from forecasts.code_digest import modules
from forecasts.display import LOOK, answer_table
from forecasts.fit import Fit, fit_quickly, quick
from forecasts.learned import population_of
from forecasts.models import SHAPES
from forecasts.offline import picture
from forecasts.population import Population
from forecasts.series import Series
from forecasts.targets import as_of_dates
from forecasts.versions import versions
from forecasts.view import View
from forecasts.whole_files import write_whole


def sensible_dates(series: Series) -> list[datetime.date]:
    """List the as-of dates of the slider: those of a backtest, and the years of silence after.

    Parameters
    ----------
    series : Series
        The whole series.
    """
    days = as_of_dates(series)
    quiet = [
        datetime.date(year, 12, 31) for year in range(series.date[-1].year, series.as_of.year + 1)
    ]
    days += [day for day in quiet if series.date[-1] < day < series.as_of]
    return sorted({*days, series.as_of})


@cache
def drawing_digest() -> str:
    """Digest of the code behind an answer, its picture included."""
    return hashlib.sha256(b"".join(p.read_bytes() for p in modules(root="explored"))).hexdigest()


class Cells:
    """Answers that were made already: in this session, and in a folder if there is one.

    Parameters
    ----------
    series : Series
        The whole series.
    seed : int
        What every random choice derives from.
    folder : path, optional
        Of the finished answers.
    """

    def __init__(
        self, series: Series, seed: int, folder: str | os.PathLike[str] | None = None
    ) -> None:
        self.series, self.seed = series, seed
        self.folder = Path(folder) if folder is not None else None
        self._fits: dict[tuple, Fit] = {}
        self._answers: dict[str, dict[str, str]] = {}

    def missing(self, wish: dict[str, Any]) -> list[str]:
        """Name the shapes that a wish still needs to have fitted."""
        if self._stored(wish) is not None:
            return []
        return [name for name in wish["shapes"] if self._key(wish, name) not in self._fits]

    def fit(self, wish: dict[str, Any], name: str) -> None:
        """Fit one shape as of the wish's date."""
        known = self.series.known_at(wish["as_of"])
        self._fits[self._key(wish, name)] = fit_quickly(
            known, SHAPES[name], horizon=wish["horizon"], seed=self.seed, fallback=False
        )

    def answer(self, wish: dict[str, Any]) -> dict[str, str]:
        """Return ``picture`` and ``text``, both HTML; the shapes must have been fitted."""
        found = self._stored(wish)
        if found is None:
            found = self._drawn(wish)
            self._answers[self._name(wish)] = found
            if self.folder is not None:
                write_whole(self.folder / f"{self._name(wish)}.json", json.dumps(found))
        return found

    def _drawn(self, wish: dict[str, Any]) -> dict[str, str]:
        """Average and draw."""
        fits = {name: self._fits[self._key(wish, name)] for name in wish["shapes"]}
        view = View(fits, _belief(wish["camp"], fits), wish["kappa"])
        later = self.series if wish["reveal"] else None
        chart = charts.still(view, LOOK, later=later)
        notes = []
        if len(view.failed) == len(fits):
            notes.append(
                "No shape passed the convergence gate: rely on nothing that is shown here."
            )
        elif view.failed:
            notes.append(f"Not converged, and left out: {', '.join(view.failed)}.")
        if view.thin:
            notes.append("This belief leaves too few of the draws: take its figures as rough.")
        if later is not None:
            notes.append("Diamonds: rows that came after; some may lie outside the axes.")
        said = "".join(f"<p>{escape(text)}</p>" for text in (view.sentence, *notes))
        return {"picture": picture(chart, view.sentence), "text": said + answer_table(view)}

    def _stored(self, wish: dict[str, Any]) -> dict[str, str] | None:
        """Find a finished answer."""
        name = self._name(wish)
        if name not in self._answers and self.folder is not None:
            path = self.folder / f"{name}.json"
            try:
                read = json.loads(path.read_text(encoding="utf-8"))
                self._answers[name] = {key: str(read[key]) for key in ("picture", "text")}
            except (OSError, ValueError, KeyError, TypeError):
                return None  # It was never made, or is not ours.
        return self._answers.get(name)

    def _key(self, wish: dict[str, Any], name: str) -> tuple:
        """What decides a fit."""
        return wish["as_of"], wish["horizon"], name

    def _name(self, wish: dict[str, Any]) -> str:
        """Digest of everything that decides an answer."""
        told = {name: str(value) for name, value in wish.items()}
        card = self.series.card
        learned = population_of(card).values()
        made = drawing_digest(), learned, versions(), quick()
        facts = [self.series.data_sha256, card.id, self.seed, told, made]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _belief(camp: str, fits: dict[str, Fit]) -> Population | None:
    """Return what a camp believes of changes; None for what was learned."""
    one = next(iter(fits.values()))
    told = {known.name: known for known in CAMPS}
    return told[camp].believes(one.shape.population, one.span.years) if camp in told else None
