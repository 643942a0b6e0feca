"""Claim 5: what YouTube is worth in tokens, and when demand for text meets the stock of it.

A count made of uncertain factors is their product; each factor is a lognormal whose 90 % interval
is the stated one. ``tests/test_essay_tokens.py`` compares it with the closed form.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from forecasts import words
from forecasts.essay.claims import CLAIMS, FAR_LESS, NEAR
from forecasts.essay.facts import Figure, figures
from forecasts.essay.rule import Z90, Finding, Verdict, by_probability

if TYPE_CHECKING:
    import pandas as pd

    from forecasts.comparison import Comparison

#: Factors of the count, in the order in which they are multiplied.
FACTORS = ("youtube_minutes", "speech_share", "words_per_minute", "tokens_per_word", "kept_share")
DRAWS = 20_000


@dataclass(frozen=True)
class Product:
    """The posterior of a product of factors.

    Attributes
    ----------
    draws : ndarray, shape (draws,)
        Values of the product.
    steps : DataFrame
        A row a factor: the median and 90 % interval of the product so far, and the share of the
        variance of its log that the factor brings.
    """

    draws: np.ndarray
    steps: "pd.DataFrame"

    def quantile(self, probability: float) -> float:
        """Quantile of the product."""
        return float(np.quantile(self.draws, probability))

    def told(self) -> "pd.DataFrame":
        """Show the steps with their numbers in words."""
        table = self.steps.copy()
        for name in ("median", "low", "high"):
            table[name] = table[name].map(words.number)
        last = "share of the uncertainty"
        table[last] = table[last].map(words.percent)
        return table

    def p_below(self, limit: float) -> float:
        """Probability that the product is below a limit."""
        return float((self.draws < limit).mean())


def multiply(factors: Sequence[Figure], *, draws: int = DRAWS, seed: int = 1) -> Product:
    """Multiply uncertain factors by Monte Carlo.

    Parameters
    ----------
    factors : sequence of Figure
        Each with its 90 % interval; independent, which is an assumption.
    draws, seed : int
        Number of draws, and their seed.

    Returns
    -------
    Product

    Notes
    -----
    A factor is lognormal with 5 and 95 % quantiles `low` and `high`, so that its median is
    ``sqrt(low * high)``. A share is kept below one.
    """
    import pandas as pd

    rng = np.random.default_rng(seed)
    so_far, rows = np.ones(draws), []
    spread = [_spread(factor) ** 2 for factor in factors]
    for factor, variance in zip(factors, spread, strict=True):
        so_far = so_far * draw(factor, rng, draws)
        low, middle, high = np.quantile(so_far, [0.05, 0.5, 0.95])
        share = variance / sum(spread) if sum(spread) else 0.0
        rows.append([factor.id.replace("_", " "), middle, low, high, share])
    names = ["after multiplying by", "median", "low", "high", "share of the uncertainty"]
    return Product(so_far, pd.DataFrame(rows, columns=names))


def draw(figure: Figure, rng: np.random.Generator, draws: int) -> np.ndarray:
    """Draw a figure from the lognormal of its interval."""
    middle = 0.5 * math.log(figure.low * figure.high)
    values = np.exp(middle + _spread(figure) * rng.standard_normal(draws))
    return np.minimum(values, 1.0) if figure.unit.startswith("share") else values


def youtube(*, seed: int = 1) -> Product:
    """Count the tokens in 150 billion minutes of YouTube."""
    known = figures()
    return multiply([known[name] for name in FACTORS], seed=seed)


def demand_meets_stock(
    demand: "Comparison", *, seed: int = 1, draws: int = DRAWS
) -> "pd.DataFrame":
    """Ask in what year the largest training set is as large as the stock of public text.

    Parameters
    ----------
    demand : Comparison
        Of ``llm_tokens_best``: the forecast of the largest set so far.
    seed, draws : int
        Seed and number of draws of the stock.

    Returns
    -------
    DataFrame
        A row a year after `as_of`: ``year``, ``p_met`` (by then, averaged forecast), ``p_naive``
        (by then, naive line).

    Notes
    -----
    The stock is taken as it was estimated, and as constant: text grows by a few per cent a year,
    demand by far more.
    """
    import pandas as pd

    rng = np.random.default_rng(seed)
    stock = np.log(draw(figures()["text_stock"], rng, draws))
    values, weight = demand.averaged_forecast
    chosen = values[rng.choice(len(values), draws, p=weight / weight.sum())]
    # Each draw may fall again; what was once read has been read.
    met = np.maximum.accumulate(chosen, axis=1) >= stock[:, None]
    years = demand.series.as_of_year + np.arange(1, chosen.shape[1] + 1)
    levels = (np.arange(200) + 0.5) / 200
    line = np.log(demand.naive.predict(years, levels.tolist()))
    naive = [(row[:, None] >= stock[None, :]).mean() for row in line]
    return pd.DataFrame({"year": years, "p_met": met.mean(axis=0), "p_naive": naive})


def judge_data_limit(meets: "pd.DataFrame", count: Product) -> Verdict:
    """Judge claim 5 by the year in which demand meets the stock, and by YouTube's tokens."""
    return CLAIMS[5].judged(near_the_limit(meets), far_less(count))


def near_the_limit(meets: "pd.DataFrame") -> Finding:
    """Decide whether demand meets the stock within `NEAR` years."""
    row = meets.iloc[NEAR - 1]
    half = meets.loc[meets["p_met"] >= 0.5, "year"]
    when = f"as likely as not by {int(half.iloc[0])}" if len(half) else "never likely within 30"
    return Finding(
        by_probability(float(row["p_met"])),
        f"by {int(row['year'])} with probability {words.percent(float(row['p_met']))} (naive line: "
        f"{words.percent(float(row['p_naive']))}); {when}",
    )


def far_less(count: Product) -> Finding:
    """Decide whether YouTube's tokens are far fewer than Llama 3's."""
    llama = figures()["llama_3_tokens"].value
    low, middle, high = (count.quantile(q) for q in (0.05, 0.5, 0.95))
    p = count.p_below(FAR_LESS * llama)
    return Finding(
        by_probability(p),
        f"{words.number(middle)} tokens (90 %: {words.number(low)} to {words.number(high)}), "
        f"against {words.number(llama)}; fewer with probability "
        f"{words.percent(count.p_below(llama))}, under half as many with {words.percent(p)}",
    )


def _spread(figure: Figure) -> float:
    """Standard deviation of the log of a figure."""
    return math.log(figure.high / figure.low) / (2 * Z90)
