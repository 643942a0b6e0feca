import dataclasses

import numpy as np
import pandas as pd
import pytest

from forecasts.essay.facts import Figure
from forecasts.essay.rule import AGAINST, SUPPORTED, UNTOLD
from forecasts.essay.tokens import Product, far_less, multiply, near_the_limit, youtube


def factor(low, high, unit="things"):
    return Figure("some_factor", low, (low * high) ** 0.5, high, unit, "judgement", "here", "why")


def test_a_product_of_lognormals_has_its_closed_form():
    found = multiply([factor(1, 100), factor(2, 50)], draws=200_000)

    sd = np.hypot(np.log(100), np.log(25)) / (2 * 1.645)
    assert found.quantile(0.5) == pytest.approx(100, rel=0.02)
    assert found.quantile(0.95) == pytest.approx(100 * np.exp(1.645 * sd), rel=0.03)
    assert found.steps["share of the uncertainty"].sum() == pytest.approx(1.0)


def test_a_known_factor_only_scales():
    wide = multiply([factor(1, 100)])

    assert np.allclose(multiply([factor(1, 100), factor(3, 3)]).draws, 3 * wide.draws)


def test_a_share_stays_below_one():
    assert multiply([factor(0.5, 2.0, "share of minutes")]).draws.max() <= 1.0


def test_the_count_is_the_same_for_the_same_seed():
    assert youtube(seed=3).quantile(0.5) == youtube(seed=3).quantile(0.5)


@pytest.mark.parametrize(("tokens", "word"), [(1e12, SUPPORTED), (1e14, AGAINST), (7.5e12, UNTOLD)])
def test_far_less_is_under_half(tokens, word):
    draws = tokens * np.exp(0.1 * np.random.default_rng(1).standard_normal(1000))

    assert far_less(Product(draws, pd.DataFrame())).word == word


@pytest.mark.parametrize(("p", "word"), [(0.97, SUPPORTED), (0.01, AGAINST), (0.6, UNTOLD)])
def test_near_is_within_ten_years(p, word):
    years = np.arange(2026.0, 2056.0)
    met = np.where(years <= 2035, p * (years - 2025) / 10, p)

    found = near_the_limit(pd.DataFrame({"year": years, "p_met": met, "p_naive": met}))

    assert found.word == word
    assert "by 2035" in found.because


def test_figures_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        factor(1, 2).low = 3
