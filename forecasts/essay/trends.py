"""Claims 1 to 4: when trends stop, and whether the line tells.

Each function takes results that already hold their numbers and applies the rule of
`forecasts.essay.claims`; nothing is fitted here. ``tests/test_essay_trends.py`` holds hand-made
cases.
"""

import math
from typing import TYPE_CHECKING

import numpy as np

from forecasts import words
from forecasts.camps import NEUTRAL
from forecasts.essay.claims import (
    APART,
    CLAIMS,
    CLUE,
    EVE,
    KNOWN_TO,
    NEAR,
    ORDERS,
)
from forecasts.essay.rule import (
    AGAINST,
    SUPPORTED,
    SURE,
    UNTOLD,
    Finding,
    Verdict,
    by_agreement,
    by_interval,
    by_probability,
    unless_refused,
)
from forecasts.past import eve_rises

if TYPE_CHECKING:
    import pandas as pd

    from forecasts.comparison import Comparison
    from forecasts.fit import Fit

#: A third of the time that a logistic takes, as log(w b): there it is 0.
ABRUPT = math.log(1 / 3)
#: Beliefs between which the reader stands: who expects stops, the usual answer, who does not.
ORDER = ("sceptic", NEUTRAL, "extrapolator")


def judge_no_clue(plateaus: "pd.DataFrame", abrupt: dict[str, float]) -> Verdict:
    """Judge claim 1 by a backtest's plateaus and by how abrupt each stop was.

    Parameters
    ----------
    plateaus : DataFrame
        ``plateaus.csv`` of a backtest.
    abrupt : dict
        Probability that the stop was abrupt, by series: `p_abrupt`.
    """
    rises = eve_rises(plateaus, eve=EVE)
    low, high = mean_interval(rises["rise"].to_numpy(float))
    return CLAIMS[1].judged(no_clue(low, high, len(rises)), abruptness(abrupt))


def no_clue(low: float, high: float, stops: int) -> Finding:
    """Decide by the interval of the mean rise before the stops."""
    word = by_interval(-high, -low, above=-CLUE) if stops >= 3 else UNTOLD
    if not math.isfinite(low):
        return Finding(word, f"only {stops} stops can be asked")
    return Finding(
        word,
        f"on the eve of {stops} stops the probability of a plateau, come or within 30 years, had "
        f"moved by {low:+.2f} to {high:+.2f} (90 % interval of the mean)",
    )


def abruptness(abrupt: dict[str, float]) -> Finding:
    """Decide by the probability that each stop was abrupt."""
    word = by_agreement([by_probability(p) for p in abrupt.values()])
    said = ", ".join(f"{name} {words.percent(p)}" for name, p in abrupt.items())
    return Finding(word, f"probability of an abrupt stop: {said or 'no stop was asked'}")


def p_abrupt(bend: "Fit") -> float:
    """
    Probability that growth ended abruptly, given that it has ended, by the bend shape.

    Parameters
    ----------
    bend : Fit
        Of the shape ``bend``, whose width runs from a corner to three times a logistic's.

    Returns
    -------
    float
        Share of the draws that have plateaued by `as_of` whose width is under a third of a
        logistic's; nan when none has.
    """
    plateau = bend.plateaus[0]
    ended = plateau.date <= plateau.as_of
    width = bend.past.dates[:, 0]
    return float((width[ended] < ABRUPT).mean()) if ended.any() else float("nan")


def transition_years(bend: "Fit") -> tuple[float, float, float]:
    """Years in which growth passed from 90 to 10 %: 5, 50 and 95 % quantiles, where it ended."""
    plateau = bend.plateaus[0]
    ended = plateau.date <= plateau.as_of
    years = bend.shape.named(bend.past)["transition_years"][ended]
    if not len(years):
        return float("nan"), float("nan"), float("nan")
    low, middle, high = np.quantile(years, [0.05, 0.5, 0.95])
    return float(low), float(middle), float(high)


def mean_interval(values: np.ndarray) -> tuple[float, float]:
    """90 % t interval of a mean; nan for fewer than two values."""
    from scipy.stats import t

    if len(values) < 2:
        return float("nan"), float("nan")
    half = t.ppf(0.95, len(values) - 1) * values.std(ddof=1) / math.sqrt(len(values))
    return float(values.mean() - half), float(values.mean() + half)


def judge_cpu_clock(clock: "Comparison", transistors: "Comparison") -> Verdict:
    """Judge claim 2 by the clock as of today, with transistors as the contrast."""
    plateau = clock.plateaus[0]
    within = _p_between(clock, 2000, 2010)
    went_on = 1 - transistors.plateaus[0].p_already
    return CLAIMS[2].judged(
        _stopped(clock),
        unless_refused(
            by_probability(within),
            f"probability {words.percent(within)}; middle estimate "
            f"{_when(plateau.quantile(0.5))} (90 %: {_when(plateau.quantile(0.05))} to "
            f"{_when(plateau.quantile(0.95))})",
            plateau.refused,
        ),
        unless_refused(
            by_probability(went_on),
            f"probability {words.percent(went_on)} as of {words.day(transistors.series.as_of)}",
            transistors.plateaus[0].refused,
        ),
    )


def judge_airspeed(now: "Comparison", at_last_record: "Comparison") -> Verdict:
    """Judge claim 3 by the records as of today, and as of the day of the last one."""
    plateau = now.plateaus[0]
    within = _p_between(now, 1970, 1980)
    then, today = at_last_record.plateaus[0].p_already, plateau.p_already
    gained = today - then
    word = SUPPORTED if gained >= APART else AGAINST if gained <= 0 else UNTOLD
    return CLAIMS[3].judged(
        _stopped(now),
        unless_refused(
            by_probability(within),
            f"probability {words.percent(within)}; the rows put the end of growth at "
            f"{_when(plateau.quantile(0.5))} (90 %: {_when(plateau.quantile(0.05))} to "
            f"{_when(plateau.quantile(0.95))})",
            plateau.refused,
        ),
        unless_refused(
            word,
            f"{words.percent(then)} as of {words.day(at_last_record.series.as_of)}, "
            f"{words.percent(today)} as of {words.day(now.series.as_of)}",
            at_last_record.plateaus[0].refused or plateau.refused,
        ),
    )


def judge_scaling(now: "Comparison") -> Verdict:
    """Judge claim 4 by training compute as of today, and by what the camps make of it."""
    near = near_by_camp(now)
    return CLAIMS[4].judged(
        not_in_the_curve(near),
        _stopped(now),
        _predictable(now),
    )


def near_by_camp(now: "Comparison") -> dict[str, float]:
    """Probability of a plateau by the end of a year: sceptic, neutral, extrapolator.

    A camp that has too few draws to be asked is not in it, nor is any of them without a claim.
    """
    year, result = str(now.series.as_of.year + NEAR), now.to_dict()
    blocks = {NEUTRAL: result["plateau"], **result["sensitivity"]["camps"]}
    found = {name: (blocks[name]["p_by"] or {}).get(year) for name in ORDER if name in blocks}
    return {name: float(p) for name, p in found.items() if p is not None}


def not_in_the_curve(near: dict[str, float]) -> Finding:
    """Decide whether the rows settle a plateau soon, whatever is believed of changes."""
    if not near:
        return Finding(UNTOLD, "no probability of a plateau can be given")
    values = list(near.values())
    said = ", ".join(f"{name} {words.percent(p)}" for name, p in near.items())
    said += "".join(f"; {name}: not to be asked" for name in ORDER if name not in near)
    settled = min(values) >= SURE or max(values) <= 1 - SURE
    apart = max(values) - min(values) >= APART
    word = AGAINST if settled else SUPPORTED if apart else UNTOLD
    return Finding(word, f"probability of a plateau within {NEAR} years: {said}")


def _predictable(now: "Comparison") -> Finding:
    """Decide whether the line looks regular over orders of magnitude."""
    orders = float(np.log10(now.series.value.max() / now.series.value.min()))
    low, high = now.naive.growth_interval(0.9)
    tight = math.sqrt(high / low) <= KNOWN_TO
    held = (orders >= ORDERS, tight)
    word = SUPPORTED if all(held) else UNTOLD if any(held) else AGAINST
    return Finding(
        word,
        f"{now.series.n} rows over {orders:.0f} powers of ten; naive growth "
        f"{words.growth(now.naive.growth_per_year)} (90 %: {low:.2f} to {high:.2f}), R² "
        f"{now.naive.r2:.2f}",
    )


def _stopped(now: "Comparison") -> Finding:
    """Decide whether a trend has plateaued by its as-of date."""
    already = now.plateaus[0].p_already
    said = f"probability {words.percent(already)} as of {words.day(now.series.as_of)}"
    return unless_refused(by_probability(already), said, now.plateaus[0].refused)


def _p_between(now: "Comparison", first: int, after: int) -> float:
    """Probability that the stop lies in the years from `first` up to `after`, which is not in."""
    plateau = now.plateaus[0]
    last = min(float(np.nextafter(after, first)), plateau.as_of)
    return plateau.p_by_date(last) - plateau.p_by_date(float(np.nextafter(first, 0)))


def _when(year: float) -> str:
    """A month, or that it lies beyond the horizon."""
    from forecasts.dates import iso

    return words.month(iso(year)) if math.isfinite(year) else "beyond the horizon"
