"""Claim 8: one ability seen through three metrics, and a benchmark that ends at its maximum.

The ability is simulated, so that its true course is known: the chance of getting one step right
rises along a plain logistic curve of training compute. A smooth metric counts right steps; a
thresholded one counts tasks that reach a pass mark; exact match wants every step right.
``tests/test_essay_metrics.py`` holds the closed forms.
"""

import datetime
from typing import TYPE_CHECKING

import numpy as np

from forecasts import words
from forecasts.cards import Card
from forecasts.essay.claims import CLAIMS, NEAR, SHARPER
from forecasts.essay.facts import read
from forecasts.essay.rule import Finding, Verdict, by_interval, by_probability, unless_refused
from forecasts.naive import Naive, fit_naive
from forecasts.series import Series

if TYPE_CHECKING:
    import pandas as pd

    from forecasts.plateau import Plateau

#: Powers of ten of training compute over which the ability is followed, and steps between them.
COMPUTE = np.linspace(20.0, 26.0, 25)
#: Where one step is right half the time, and by how much compute its odds grow e-fold.
HALFWAY, PACE = 22.0, 1.0
#: Steps of a task, share of them that passes, and tasks of a test.
STEPS, PASS, TASKS = 100, 0.8, 300
#: Metrics by name: share of steps right, tasks over the pass mark, tasks without a mistake.
SMOOTH, MARK, EXACT = "share of steps right", "tasks over the pass mark", "tasks without a mistake"
REPEATS = 200
#: GPQA Diamond has four choices.
CHANCE = 0.25


def ability(compute: np.ndarray, *, pace: float = PACE) -> np.ndarray:
    """Chance of getting one step right at a power of ten of compute."""
    return np.asarray(1.0 / (1.0 + np.exp(-(compute - HALFWAY) / pace)))


def three_metrics(*, steps: int = STEPS, seed: int = 1) -> "pd.DataFrame":
    """Test one ability once, and score it three times.

    Parameters
    ----------
    steps : int
        Steps of a task.
    seed : int
        Seed of the test.

    Returns
    -------
    DataFrame
        ``compute`` (power of ten of FLOP), ``metric`` and ``score`` between 0 and 1.
    """
    import pandas as pd

    scored = _test(np.random.default_rng(seed), steps)
    return pd.concat(
        [pd.DataFrame({"compute": COMPUTE, "metric": m, "score": s}) for m, s in scored.items()],
        ignore_index=True,
    )


def sharpness(score: np.ndarray) -> float:
    """
    Share of the rise that lies in the steepest tenth of the range, over what a line would have.

    Examples
    --------
    >>> round(sharpness(np.linspace(0.0, 1.0, 21)), 2)
    1.0
    >>> sharpness(np.repeat([0.0, 1.0], 10))
    10.0
    """
    width = max(1, (len(score) - 1) // 10)
    steepest = float((score[width:] - score[:-width]).max())
    line = width / (len(score) - 1)
    return float(min(steepest / (score.max() - score.min()) / line, 10.0))


def sharper_by(
    metric: str = MARK, *, steps: int = STEPS, repeats: int = REPEATS, seed: int = 1
) -> tuple[float, float]:
    """90 % interval, over repeated tests, of a metric's sharpness over that of the smooth one."""
    rng = np.random.default_rng(seed)
    tests = [_test(rng, steps) for _ in range(repeats)]
    ratios = [sharpness(scored[metric]) / sharpness(scored[SMOOTH]) for scored in tests]
    low, high = np.quantile(ratios, [0.05, 0.95])
    return float(low), float(high)


def gpqa_best() -> Series:
    """Make a series of the best GPQA Diamond score at the end of each quarter.

    A running best dated by its records is no level of a period; the best that stands when a
    quarter ends is. So it is of kind ``share``, with chance as its floor and one as its maximum.
    """
    table = read("gpqa_diamond")
    days = [datetime.date.fromisoformat(text) for text in table["date"]]
    best = np.maximum.accumulate(table["value"].to_numpy(float))
    ends = [end for end in _quarter_ends(days[0], days[-1]) if end <= days[-1]]
    last = [max(i for i, day in enumerate(days) if day <= end) for end in ends]
    card = Card(
        id="gpqa_diamond_best",
        title="Best GPQA Diamond score at the end of each quarter",
        unit="share of questions right",
        direction="rising",
        kind="share",
        observed_through=ends[-1],
        maximum=1.0,
        floor=CHANCE,
        source=str(table["source"].iloc[0]),
        licence="CC-BY-4.0 (cite Epoch AI)",
    )
    return Series(
        card=card,
        date=tuple(ends),
        value=best[last],
        label=tuple(str(table["label"].iloc[int(table["value"][: i + 1].idxmax())]) for i in last),
    )


def judge_metric(series: Series, plateau: "Plateau") -> Verdict:
    """Judge claim 8 by the simulated ability and by a real benchmark's ceiling.

    Parameters
    ----------
    series : Series
        The benchmark, from `gpqa_best`.
    plateau : Plateau
        Its plateau posterior.
    """
    low, high = sharper_by()
    odds = naive_odds(series).growth_per_year
    near = plateau.p_by_date(series.as_of_year + NEAR)
    return CLAIMS[8].judged(
        jump_or_slope(low, high),
        unless_refused(
            by_probability(near),
            f"probability {words.percent(near)}; the best score is {series.value[-1]:.2f} of 1.00 "
            f"as of {words.day(series.as_of)}, and the odds of a right answer grew "
            f"{words.times(odds)} a year",
            plateau.refused,
        ),
    )


def naive_odds(series: Series) -> Naive:
    """Draw the naive line of a share: straight on its odds, so that it keeps to the bounds."""
    return fit_naive(series.time, series.y, sign=series.sign, to_value=series.from_y)


def jump_or_slope(low: float, high: float) -> Finding:
    """Decide by how much sharper the thresholded metric rises."""
    return Finding(
        by_interval(low, high, above=SHARPER),
        f"with a pass mark the score rises {low:.1f} to {high:.1f} times as sharply (90 % of "
        f"{REPEATS} repeated tests) though the ability is the same",
    )


def _test(rng: np.random.Generator, steps: int) -> dict[str, np.ndarray]:
    """Score one test by each metric, at each compute."""
    right = rng.binomial(steps, ability(COMPUTE)[:, None], (len(COMPUTE), TASKS))
    scored = {SMOOTH: right / steps, MARK: right >= PASS * steps, EXACT: right == steps}
    return {metric: values.mean(axis=1) for metric, values in scored.items()}


def _quarter_ends(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """Last days of the quarters from that of the first day to that of the last."""
    starts = [
        datetime.date(year, month, 1)
        for year in range(first.year, last.year + 2)
        for month in (1, 4, 7, 10)
    ]
    ends = [start - datetime.timedelta(days=1) for start in starts]
    return [end for end in ends if end >= first]
