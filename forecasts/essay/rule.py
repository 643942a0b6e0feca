"""How a claim is judged: three words, and two rules that are stated before any number is seen.

What is asked is supported, not supported, or these data cannot tell. Which one is decided by a
probability (or the range of one) against 95 and 5 %, or by a 90 % interval against a threshold, and
by nothing else. The first question, the heart of a claim, decides over the whole of it; where that
is supported and another part is not, the claim is supported in part. ``tests/test_essay_rule.py``
holds hand-made cases.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

SUPPORTED, AGAINST, UNTOLD = "supported", "not supported", "these data cannot tell"
PARTLY = "supported in part"
#: How the answers to a claim's questions become one word.
TOGETHER = (
    f"The first question decides. Where it is supported and another one is not, the claim is "
    f"{PARTLY}."
)
#: A probability from here on counts as "yes", one below its complement as "no".
SURE = 0.95
#: Standard deviations from the middle to the end of a 90 % interval.
Z90 = 1.6448536269514722


@dataclass(frozen=True)
class Question:
    """One part of a claim, and the rule by which it is decided."""

    asks: str
    rule: str


@dataclass(frozen=True)
class Claim:
    """One claim of the essay, in our own words.

    Attributes
    ----------
    number : int
        Its place in the essay.
    says : str
        The claim.
    questions : tuple of Question
        What of it is examined, the heart of it first.
    beyond : str
        What of it no series here can examine.
    """

    number: int
    says: str
    questions: tuple[Question, ...]
    beyond: str

    def judged(self, *findings: "Finding") -> "Verdict":
        """Put findings to the questions, in their order."""
        if len(findings) != len(self.questions):
            raise ValueError(
                f"claim {self.number} asks {len(self.questions)} questions, got "
                f"{len(findings)} findings: give one each, in order"
            )
        return Verdict(self, findings)

    def __str__(self) -> str:
        lines = [f"Claim {self.number}: {self.says}"]
        lines += [f"- {question.asks} {question.rule}" for question in self.questions]
        return "\n".join([*lines, *self._together, f"Not examined: {self.beyond}"])

    def _repr_markdown_(self) -> str:
        rows = [f"| {question.asks} | {question.rule} |" for question in self.questions]
        table = "\n".join(["| what is asked | how it will be decided |", "|---|---|", *rows])
        together = "".join(f"\n\n{text}" for text in self._together)
        return (
            f"**Claim {self.number}.** {self.says}\n\n{table}{together}\n\n"
            f"*Not examined:* {self.beyond}"
        )

    @property
    def _together(self) -> list[str]:
        """How several answers become one."""
        return [TOGETHER] if len(self.questions) > 1 else []


@dataclass(frozen=True)
class Finding:
    """What came of one question: a word, and the numbers behind it."""

    word: str
    because: str


@dataclass(frozen=True)
class Verdict:
    """What came of a claim: the first finding decides, the others qualify it (`TOGETHER`)."""

    claim: Claim
    findings: tuple[Finding, ...]

    @property
    def word(self) -> str:
        """The verdict on the claim as a whole."""
        heart, *others = (found.word for found in self.findings)
        return PARTLY if heart == SUPPORTED and set(others) - {SUPPORTED} else heart

    def __str__(self) -> str:
        pairs = zip(self.claim.questions, self.findings, strict=True)
        lines = [f"Claim {self.claim.number}: {self.word.upper()}"]
        lines += [f"- {q.asks} {found.word.capitalize()}: {found.because}" for q, found in pairs]
        return "\n".join([*lines, f"Not examined: {self.claim.beyond}"])

    def _repr_markdown_(self) -> str:
        pairs = zip(self.claim.questions, self.findings, strict=True)
        rows = [f"| {q.asks} | **{found.word}** | {found.because} |" for q, found in pairs]
        table = "\n".join(["| asked | verdict | because |", "|---|---|---|", *rows])
        return (
            f"**Claim {self.claim.number}: {self.word}.** {self.claim.says}\n\n{table}\n\n"
            f"*Not examined:* {self.claim.beyond}"
        )


def by_probability(low: float, high: float | None = None) -> str:
    """
    Decide by a probability, or by the lowest and the highest that is believed.

    Parameters
    ----------
    low, high : float
        Between 0 and 1; without `high` they are the same.

    Returns
    -------
    str
        Supported from `SURE` on, not supported up to its complement, otherwise untold; untold too
        when a probability is missing (nan).

    Examples
    --------
    >>> by_probability(0.97), by_probability(0.02), by_probability(0.4, 0.99)
    ('supported', 'not supported', 'these data cannot tell')
    """
    high = low if high is None else high
    if low >= SURE:
        return SUPPORTED
    return AGAINST if high <= 1 - SURE else UNTOLD


def unless_refused(word: str, because: str, refused: str | None) -> Finding:
    """
    Withhold a word where the package makes no claim, and say why.

    Examples
    --------
    >>> unless_refused("supported", "probability 97 %", "7 points")
    Finding(word='these data cannot tell', because='no claim is made: 7 points')
    """
    return Finding(UNTOLD, f"no claim is made: {refused}") if refused else Finding(word, because)


def by_interval(low: float, high: float, *, above: float) -> str:
    """
    Decide whether a quantity lies above a threshold, by its 90 % interval.

    Parameters
    ----------
    low, high : float
        Ends of the interval.
    above : float
        The threshold. To ask for "below", turn both round: by_interval(-high, -low, above=-limit).

    Returns
    -------
    str
        Supported when all of the interval lies above, not supported when none of it does.

    Examples
    --------
    >>> by_interval(1.2, 3.0, above=1.0), by_interval(0.2, 0.9, above=1.0)
    ('supported', 'not supported')
    >>> by_interval(0.9, 1.1, above=1.0)
    'these data cannot tell'
    """
    if not (math.isfinite(low) or math.isfinite(high)):
        return UNTOLD
    if low > above:
        return SUPPORTED
    return AGAINST if high <= above else UNTOLD


def by_agreement(words: Sequence[str]) -> str:
    """
    Decide over several cases: all must agree, one that cannot tell leaves all untold.

    Examples
    --------
    >>> by_agreement(["supported", "supported"]), by_agreement(["supported", "not supported"])
    ('supported', 'these data cannot tell')
    """
    return words[0] if words and len(set(words)) == 1 else UNTOLD
