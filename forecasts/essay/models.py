"""Claims 6 and 7: size, price, tokens per parameter, and the ratios that the essay names.

A "smallest model so far" can only fall, so it shows nothing; what is asked instead is how size and
price change from year to year at the *same* score, by a regression with the score in it.
``tests/test_essay_models.py`` recovers known drifts.
"""

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from forecasts import words
from forecasts.catalog import load
from forecasts.dates import decimal_year, parse_date
from forecasts.essay.claims import CLAIMS, CLOSE
from forecasts.essay.facts import figures, read
from forecasts.essay.rule import (
    AGAINST,
    SUPPORTED,
    UNTOLD,
    Finding,
    Verdict,
    by_agreement,
    by_interval,
)
from forecasts.naive import fit_naive
from forecasts.series import Series

if TYPE_CHECKING:
    import pandas as pd

#: Accuracy of guessing on MMLU, four choices, per cent.
CHANCE = 25.0
#: Training trends are asked from here on: before it, few models and another way of training.
SINCE = 2020.0
SCORES = ("mmlu", "gpqa_diamond", "arena_elo", "eci")


@dataclass(frozen=True)
class Drift:
    """Yearly factor of a quantity at a given score, with its 90 % interval, from `n` models."""

    factor: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.factor:.2f}× a year (90 %: {self.low:.2f} to {self.high:.2f}, {self.n} rows)"


def at_given_score(table: "pd.DataFrame", column: str) -> Drift:
    """Estimate how a quantity changes from year to year at the same MMLU score.

    Parameters
    ----------
    table : DataFrame
        Columns ``date``, ``mmlu`` (per cent) and `column`.
    column : str
        What changes: ``parameters`` or ``usd_per_mtok``.

    Returns
    -------
    Drift

    Notes
    -----
    Least squares of log quantity on the logit of the score above chance and on the date, with
    standard errors robust to uneven scatter (HC3). Models that score as chance does are left out.
    """
    import statsmodels.api as sm

    used = table[(table["mmlu"] > CHANCE + 1) & (table["mmlu"] < 100)]
    share = (used["mmlu"] - CHANCE) / (100 - CHANCE)
    year = used["date"].map(lambda text: decimal_year(parse_date(text)))
    design = sm.add_constant(np.column_stack([np.log(share / (1 - share)), year - year.mean()]))
    found = sm.OLS(np.log(used[column].to_numpy(float)), design).fit(cov_type="HC3", use_t=True)
    low, high = found.conf_int(alpha=0.1)[2]
    factor, low, high = map(float, np.exp([found.params[2], low, high]))
    return Drift(factor, low, high, len(used))


def tokens_per_parameter() -> Series:
    """Make a series of tokens per parameter, of the bundled models for which both are known."""
    tokens, size = load("llm_tokens"), load("llm_parameters")
    known = dict(zip(size.label, size.value, strict=True))
    rows = [
        (day, value / known[label], label, source)
        for day, value, label, source in zip(
            tokens.date, tokens.value, tokens.label, tokens.source, strict=True
        )
        if label in known
    ]
    day, ratio, label, source = zip(*rows, strict=True)
    card = replace(
        tokens.card,
        id="tokens_per_parameter",
        title="Training tokens per parameter of notable language models",
        unit="tokens per parameter",
        family="tokens_per_parameter",
        related=(),
    )
    return Series(card=card, date=day, value=np.array(ratio), label=label, source=source)


def growth_since(series: Series, since: float = SINCE) -> Drift:
    """Naive growth of the rows from a date on, in the value's own unit."""
    later = series.time >= since
    line = fit_naive(series.time[later], series.y[later], sign=series.sign)
    low, high = line.growth_interval(0.9)
    return Drift(line.growth_per_year, low, high, line.n)


def price_ratios() -> "pd.DataFrame":
    """Check each price ratio that the essay names against list prices and scores.

    Returns
    -------
    DataFrame
        ``says``, ``input``, ``output`` (price of the newer model over that of the older, NaN where
        it is not known), ``claimed``, ``better`` (on how many of the scores), ``verdict``.
    """
    import pandas as pd

    known = read("model_prices").set_index("label")
    rows = []
    for newer, older, claimed, better in _RATIOS:
        new, old = known.loc[newer], known.loc[older]
        ratios = [new[f"{way}_usd_per_mtok"] / old[f"{way}_usd_per_mtok"] for way in _WAYS]
        both = [s for s in SCORES if new[s] == new[s] and old[s] == old[s]]
        wins = sum(new[s] > old[s] for s in both)
        word = ratio_word(ratios, claimed, wins == len(both) if better and both else None)
        told = f"{newer} at {claimed:.2f}× of {older}" if claimed else f"{newer} under {older}"
        shown = f"{wins} of {len(both)}" if both else "no scores of both"
        rows.append([told + (", and better" if better else ""), *ratios, claimed, shown, word])
    return pd.DataFrame(rows, columns=["says", *_WAYS, "claimed", "better", "verdict"])


def ratio_word(ratios: list[float], claimed: float | None, better: bool | None) -> str:
    """
    Decide whether a price ratio holds: one of the prices gives it, and better if that is said.

    Examples
    --------
    >>> ratio_word([0.17, 0.25], 0.25, None), ratio_word([0.9, 0.8], 0.25, None)
    ('supported', 'not supported')
    >>> ratio_word([float("nan")], 0.25, None), ratio_word([0.2, 0.2], 0.2, False)
    ('these data cannot tell', 'not supported')
    """
    known = [ratio for ratio in ratios if ratio == ratio]
    if not known:
        return UNTOLD
    limit = math.log(CLOSE)
    close = any(ratio < 1 if claimed is None else abs(math.log(ratio / claimed)) <= limit
                for ratio in known)  # fmt: skip
    return SUPPORTED if close and better is not False else AGAINST


def extremes(table: "pd.DataFrame", column: str, count: int = 5) -> "pd.DataFrame":
    """Show the rows with the largest values of a column, sizes in words."""
    shown = table.nlargest(count, column)[["date", "label", "parameters", "mmlu"]]
    return shown.assign(parameters=shown["parameters"].map(words.number)).reset_index(drop=True)


def largest_and_best(table: "pd.DataFrame") -> Finding:
    """Decide whether the best model of known size is far smaller than the largest."""
    largest = table.loc[table["parameters"].idxmax()]
    best = table.loc[table["mmlu"].idxmax()]
    ratio = best["parameters"] / largest["parameters"]
    word = SUPPORTED if ratio < 0.5 else AGAINST if ratio >= 1 else UNTOLD
    return Finding(
        word,
        f"largest: {largest['label']} ({words.number(largest['parameters'])}, MMLU "
        f"{largest['mmlu']:.0f}); best: {best['label']} ({words.number(best['parameters'])}, MMLU "
        f"{best['mmlu']:.0f})",
    )


def judge_smaller() -> Verdict:
    """Judge claim 6 by sizes, prices and the essay's ratios."""
    size = at_given_score(read("sized_scores"), "parameters")
    price = at_given_score(read("priced_scores"), "usd_per_mtok")
    ratios = price_ratios()
    named = [f"{row.says}: {row.verdict}" for row in ratios.itertuples()]
    return CLAIMS[6].judged(
        Finding(by_interval(-size.high, -size.low, above=-1.0), f"parameters {size}"),
        Finding(by_interval(-price.high, -price.low, above=-1.0), f"price {price}"),
        largest_and_best(read("sized_scores")),
        Finding(by_agreement(list(ratios["verdict"])), "; ".join(named)),
    )


def judge_longer() -> Verdict:
    """Judge claim 7 by tokens per parameter, training compute and the two Llamas."""
    ratio, compute = growth_since(tokens_per_parameter()), growth_since(load("llm_compute"))
    factor = llama_factor()
    close = abs(math.log(factor / LLAMA_CLAIMED)) <= math.log(CLOSE)
    return CLAIMS[7].judged(
        Finding(by_interval(ratio.low, ratio.high, above=1.0), f"tokens per parameter {ratio}"),
        Finding(by_interval(compute.low, compute.high, above=1.0), f"training compute {compute}"),
        Finding(
            SUPPORTED if close else AGAINST,
            f"{factor:.0f} times, from 6 × parameters × tokens for the first",
        ),
    )


def llama_factor() -> float:
    """Training compute of Llama 3 8B over that of the first Llama 7B."""
    known = {name: figure.value for name, figure in figures().items()}
    first = (
        known["flop_per_parameter_and_token"]
        * known["llama_1_7b_parameters"]
        * known["llama_1_7b_tokens"]
    )
    return known["llama_3_8b_flop"] / first


#: What the essay says of the two Llamas.
LLAMA_CLAIMED = 20.0
_WAYS = ("input", "output")
#: Newer model, older model, price of the newer over that of the older (None: cheaper), and better.
_RATIOS: tuple[tuple[str, str, float | None, bool], ...] = (
    ("GPT-4o", "GPT-4", 0.25, False),
    ("Claude 3.5 Sonnet", "Claude 3 Opus", 0.2, True),
    ("Gemini 1.5 Pro", "Gemini 1.0 Ultra", None, True),
)
