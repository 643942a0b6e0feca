import numpy as np
import pandas as pd
import pytest

from forecasts.essay.models import (
    at_given_score,
    growth_since,
    judge_longer,
    judge_smaller,
    largest_and_best,
    price_ratios,
    ratio_word,
    tokens_per_parameter,
)
from forecasts.essay.rule import AGAINST, SUPPORTED, UNTOLD


def scored(drift, n=60, seed=1):
    """Models whose size at a given score changes by a known factor a year."""
    rng = np.random.default_rng(seed)
    year, logit = rng.uniform(2021, 2025, n), rng.normal(0, 1, n)
    size = np.exp(20 + 1.5 * logit + np.log(drift) * (year - 2023) + rng.normal(0, 0.3, n))
    mmlu = 25 + 75 / (1 + np.exp(-logit))
    return pd.DataFrame({"date": [f"{y:.4f}" for y in year], "mmlu": mmlu, "parameters": size})


@pytest.mark.parametrize("drift", [0.5, 1.0, 1.6])
def test_a_known_drift_is_recovered(drift):
    found = at_given_score(scored(drift), "parameters")

    # The standard error of a slope with scatter 0.3 over 60 rows and 4 years is 0.034.
    assert found.factor == pytest.approx(drift, rel=0.1)
    assert found.low < found.factor < found.high


def test_scores_of_chance_are_left_out():
    table = scored(0.5)
    chance = table.assign(mmlu=25.0)

    both = at_given_score(pd.concat([table, chance]), "parameters")

    assert both == at_given_score(table, "parameters")


@pytest.mark.parametrize(
    ("ratios", "claimed", "better", "word"),
    [
        ([0.2, 0.2], 0.2, True, SUPPORTED),
        ([0.17, 0.25], 0.25, None, SUPPORTED),
        ([0.5, 0.6], 0.25, None, AGAINST),
        ([0.2, 0.2], 0.2, False, AGAINST),
        ([0.8], None, None, SUPPORTED),
        ([float("nan")], None, None, UNTOLD),
    ],
)
def test_a_ratio_holds_when_one_price_gives_it(ratios, claimed, better, word):
    assert ratio_word(ratios, claimed, better) == word


@pytest.mark.parametrize(("best", "word"), [(1e9, SUPPORTED), (1e12, AGAINST), (7e11, UNTOLD)])
def test_the_best_is_compared_with_the_largest(best, word):
    table = pd.DataFrame(
        {"label": ["large", "best"], "parameters": [1e12, best], "mmlu": [60.0, 80.0]}
    )
    if best == 1e12:
        table = table.iloc[1:]

    assert largest_and_best(table).word == word


def test_a_model_without_a_list_price_cannot_be_checked():
    found = price_ratios().set_index("says")["verdict"]

    assert found["Gemini 1.5 Pro under Gemini 1.0 Ultra, and better"] == UNTOLD


def test_tokens_per_parameter_join_two_series():
    series = tokens_per_parameter()

    gpt3 = series.value[[label.startswith("GPT-3 175B") for label in series.label]]
    # 300 billion tokens, 175 billion parameters; Epoch counts each within 30 %.
    assert gpt3[0] == pytest.approx(300 / 175, rel=0.3)
    assert growth_since(series).n < series.n


def test_the_claims_get_a_finding_for_every_question():
    for verdict in (judge_smaller(), judge_longer()):
        assert len(verdict.findings) == len(verdict.claim.questions)
