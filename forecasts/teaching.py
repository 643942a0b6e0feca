"""The lesson: guess first, then see the line, the posterior and what came, with a score for each.

A guess is three numbers: low, middle, high. It and the models' forecasts are scored alike, by the
weighted interval score on log values of the median and one 90 % interval (`scoringrules`), so that
a student and a model stand in one table; the scoreboard's has the 50 % interval beside it.
``tests/test_teaching.py`` holds hand-checked scores.
"""

import html
import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from forecasts import chart_notes, words
from forecasts.catalog import load
from forecasts.dates import parse_date
from forecasts.errors import InputError
from forecasts.naive import Naive, fit_naive
from forecasts.series import Series

if TYPE_CHECKING:
    import pandas as pd

    from forecasts.comparison import Comparison

#: The axis of the first picture goes on by this factor, whatever the line says.
ROOM = 300.0
#: A vaguer guess goes this many times farther down and up.
VAGUE = 10.0
#: A trend that went on, to set beside one that did not: there, a wide interval costs.
WENT_ON = "rupp_transistors"
#: A guess says: nine times in ten it will lie between low and high.
COVERAGE = 0.9


@dataclass(frozen=True)
class Guess:
    """A forecast of a student: the value will lie between low and high nine times in ten."""

    low: float
    middle: float
    high: float

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.middle <= self.high < math.inf:
            raise InputError(
                "A guess needs three positive numbers in order, low ≤ middle ≤ high, got "
                f"{self.low:g}, {self.middle:g} and {self.high:g}: swap or correct them."
            )

    def vaguer(self, factor: float = VAGUE) -> "Guess":
        """Return the same middle with low divided, and high multiplied, by a factor."""
        return Guess(self.low / factor, self.middle, self.high * factor)


@dataclass(frozen=True)
class Hidden:
    """A text that opens when it is clicked, in JupyterLab and in a rendered page."""

    summary: str
    text: str

    def _repr_html_(self) -> str:
        head, body = html.escape(self.summary), html.escape(self.text).replace("\n", "<br>")
        return f"<details><summary>{head}</summary><p>{body}</p></details>"

    def __repr__(self) -> str:
        return f"{self.summary}: (open the rendered notebook to see it)"


def score(guess: Guess, truth: float) -> float:
    """Score three numbers by the weighted interval score on log values; lower is better.

    Parameters
    ----------
    guess : Guess
        Its ends are a 90 % interval.
    truth : float
        What came, in the same unit.

    Returns
    -------
    float
        0 for a guess without width that was right. For a guess without width that was wrong, its
        miss as a log factor: 0.69 for a factor of two.

    Examples
    --------
    >>> score(Guess(10, 10, 10), 10)
    0.0
    >>> round(score(Guess(10, 10, 10), 20), 2)
    0.69
    """
    from scoringrules import weighted_interval_score

    low, middle, high = np.log([guess.low, guess.middle, guess.high])
    found = weighted_interval_score(
        np.array(math.log(truth)),
        np.array(middle),
        np.array([low]),
        np.array([high]),
        np.array([1 - COVERAGE]),
    )
    return float(found)


@dataclass(frozen=True)
class Lesson:
    """One series, one date in the past, one question about a later year.

    Attributes
    ----------
    name : str
        Id of the series.
    as_of : str
        What was known then is what the class sees.
    year : int
        The question is about a new item, or the value, of this year.
    """

    name: str = "cpu_clock"
    as_of: str = "2003-01-01"
    year: int = 2015

    @cached_property
    def known(self) -> Series:
        """The rows that were known."""
        return load(self.name).known_at(self.as_of)

    @cached_property
    def line(self) -> Naive:
        """The straight line through them."""
        known = self.known
        return fit_naive(known.time, known.y, sign=known.sign, to_value=known.from_y)

    @cached_property
    def came(self) -> np.ndarray:
        """Values of the rows of that year and of the years beside it: single items scatter."""
        whole = load(self.name)
        near = np.abs(np.floor(whole.time) - self.year) <= 1
        if not near.any():
            raise InputError(
                f"The year must have rows, got {self.year} for {self.name}: choose another."
            )
        return whole.value[near]

    @property
    def ahead(self) -> int:
        """Whole years from `as_of` to the first such date in that year: both forecasts are for it.

        Raises
        ------
        InputError
            When the year is not after `as_of`.
        """
        years = math.ceil(self.year - self.known.as_of_year)
        if years < 1:
            raise InputError(
                f"The year must come after as_of, got {self.year} and {self.as_of}: choose a later "
                "year, or an earlier date."
            )
        return years

    @property
    def truth(self) -> float:
        """What came: the median of them."""
        return float(np.median(self.came))

    @property
    def question(self) -> str:
        """The question, in a sentence."""
        return (
            f"It is {words.day(self.known.as_of)}. {self.known.card.title}: what will it be in "
            f"{self.year}, in {self.known.card.unit}?"
        )

    def picture(self) -> Any:
        """Draw the rows that were known, with room for the future."""
        return chart_notes.rows(self.known, until=self.year + 1.0, room=ROOM)

    def picture_with_line(self) -> Any:
        """Draw them with the straight line and its 90 % interval."""
        return chart_notes.rows(self.known, self.line, until=self.year + 1.0)

    def picture_of_all(self) -> Any:
        """Draw the line, and every row there is today."""
        whole = load(self.name)
        end = max(self.year + 1.0, float(whole.time[-1]))
        return chart_notes.rows(whole, self.line, until=end)

    def guess_of_line(self) -> Guess:
        """Read the straight line's forecast as a guess."""
        when = self.known.as_of_year + self.ahead
        return Guess(*self.line.predict([when], [0.05, 0.5, 0.95])[0].tolist())

    def guess_of(self, answer: "Comparison") -> Guess:
        """Read the averaged forecast of an answer, for the same date as the line's, as a guess.

        Parameters
        ----------
        answer : Comparison
            Of the same series as of the same day, with a horizon that holds the year.
        """
        if answer.series.as_of != parse_date(self.as_of):
            raise InputError(
                f"The answer must be as of {self.as_of}, got {answer.series.as_of}: "
                f'compare(load("{self.name}"), as_of="{self.as_of}").'
            )
        if answer.horizon < self.ahead:
            raise InputError(
                f"The answer must reach {self.year}, got a horizon of {answer.horizon:g} years: "
                f"compare(…, horizon={self.ahead})."
            )
        row = answer.to_dict()["forecast"][self.ahead - 1]["averaged"]
        return Guess(row["q05"], row["q50"], row["q95"])

    def scores(self, guesses: dict[str, Guess]) -> "pd.DataFrame":
        """Score every guess against what came, the best first.

        Parameters
        ----------
        guesses : dict of Guess
            By name: yours, the straight line, the averaged forecast.

        Returns
        -------
        DataFrame
            Low, middle, high, whether the truth lay inside, and the score.
        """
        import pandas as pd

        rows = [
            [
                name,
                *[words.number(value) for value in (g.low, g.middle, g.high)],
                "yes" if g.low <= self.truth <= g.high else "no",
                round(score(g, self.truth), 2),
            ]
            for name, g in guesses.items()
        ]
        names = ["who", "low", "middle", "high", "truth inside", "score"]
        return pd.DataFrame(rows, columns=names).sort_values("score", ignore_index=True)

    def solution(self, part: int, answer: "Comparison | None" = None) -> Hidden:
        """Give the solution of one part of the lesson, closed until it is clicked.

        Parameters
        ----------
        part : int
            1 (the axis), 3 (the line), 4 (allowing for change) or 6 (the score).
        answer : Comparison, optional
            The forecast that allows for change; parts 4 and 6 need it.
        """
        texts = {1: self._of_axis, 3: self._of_line}
        if part in texts:
            return Hidden(f"Solution {part}", texts[part]())
        if part not in (4, 6) or answer is None:
            raise InputError(
                f"A solution is of part 1 or 3, or of 4 or 6 with the answer, got part {part}"
                f"{'' if answer else ' without an answer'}: lesson.solution(4, answer)."
            )
        text = self._of_change(answer) if part == 4 else self._of_score(answer)
        return Hidden(f"Solution {part}", text)

    def _of_axis(self) -> str:
        """What one step on the axis is, and how long a tenfold takes."""
        tenfold = self.line.doubling_years * math.log2(10)
        return (
            "It multiplies: the axis is a log axis, so a straight line means growth by the same "
            f"factor every year.\nTenfold takes about {words.years(tenfold)}, on average over all "
            "the rows."
        )

    def _of_line(self) -> str:
        """What the band takes for granted."""
        return (
            "It takes for granted that growth stays what it was. The band holds the scatter of "
            "single rows, and hardly any doubt about the line itself. A change of growth is not in "
            "it."
        )

    def _of_change(self, answer: "Comparison") -> str:
        """How the two forecasts differ, and what the posterior knows."""
        line, average, plateau = self.guess_of_line(), self.guess_of(answer), answer.plateaus[0]
        factor = max(line.middle / average.middle, average.middle / line.middle)
        when = (
            f"It makes no claim about when: {plateau.refused}."
            if plateau.refused
            else f"It does not know when. It gives {words.percent(plateau.p_already)} to a plateau "
            f"that has come already and {words.percent(plateau.p_future)} to one within "
            f"{answer.horizon:g} years, spread over all of them."
        )
        return (
            f"The middles differ by a factor of {factor:.1f}. High divided by low is "
            f"{line.high / line.low:.0f} for the line and {average.high / average.low:.0f} when "
            f"change is allowed.\n{when}\n"
            "A narrow interval is worth more, but only if it is right as often as it says."
        )

    def _of_score(self, answer: "Comparison") -> str:
        """When vague wins, and that one outcome proves little."""
        line, average = self.guess_of_line(), self.guess_of(answer)
        tried = [replace(self, name=name) for name in dict.fromkeys((self.name, WENT_ON))]
        widened = "; ".join(filter(None, (one.told_of_vaguer() for one in tried)))
        return (
            f"The line scores {score(line, self.truth):.2f}, the forecast that allows for change "
            f"{score(average, self.truth):.2f}. One outcome cannot tell wise from lucky: that "
            "takes many forecasts (notebook 10).\n"
            f"Vague wins where a narrow forecast misses by far, and costs where it does not. The "
            f"line, and the line with both ends {VAGUE:g} times farther out: {widened}. Beforehand "
            "nobody knows which of the two it will be. Over many forecasts the best score goes to "
            "intervals as wide as the doubt is, and no wider."
        )

    def told_of_vaguer(self) -> str:
        """Say what the line scores, and what when it is wider; nothing where it has no outcome."""
        try:
            line = self.guess_of_line()
            sharp, vague = (score(guess, self.truth) for guess in (line, line.vaguer()))
        except InputError:
            return ""
        verdict = "helps" if vague < sharp else "costs"
        return f"{self.known.card.title}, {sharp:.2f} and {vague:.2f}: wide {verdict}"

    @property
    def outcome(self) -> str:
        """What came, in a sentence."""
        return (
            f"What came: {words.quantity(self.truth, self.known.card.unit)}, the median of "
            f"{len(self.came)} from {self.year - 1} to {self.year + 1}."
        )

    def told(self, guesses: dict[str, Guess]) -> str:
        """Say in a sentence who did best, and what came."""
        table = self.scores(guesses)
        best, worst = (f"{table['who'].iloc[i]} ({table['score'].iloc[i]:.2f})" for i in (0, -1))
        return f"{self.outcome} Best score: {best}; worst: {worst}."
