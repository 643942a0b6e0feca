"""Small numbers that are counted: rounded figures, though nobody rounded them."""

import dataclasses
import datetime

import numpy as np
import pytest

from forecasts.arrays import numpy_namespace
from forecasts.cards import Card
from forecasts.catalog import load
from forecasts.fit import fit_quickly
from forecasts.likelihoods import Item
from forecasts.models import SHAPES
from forecasts.series import Series

ROWS = 60
GROWTH, SCATTER = 0.16, 0.1


def item_series(value) -> Series:
    """Two products a year from 1970 on."""
    days = [datetime.date(1970 + i // 2, 1 + 6 * (i % 2), 1) for i in range(len(value))]
    card = Card(
        id="made_up", title="Made up", unit="cores", direction="rising", kind="item",
        observed_through=days[-1], family="made_up", source="simulated", licence="CC0-1.0",
    )  # fmt: skip
    return Series(card=card, date=tuple(days), value=np.asarray(value, float))


def counted(seed: int) -> tuple[Series, Series]:
    """A trend from one to over a hundred, as whole numbers and as it was."""
    rng = np.random.default_rng(seed)
    exact = np.exp(GROWTH * np.arange(ROWS) / 2 + SCATTER * rng.standard_normal(ROWS))
    return item_series(np.maximum(np.round(exact), 1)), item_series(exact)


def test_only_whole_numbers_are_counts_and_large_ones_are_exact():
    whole, exact = item_series([1, 1, 2, 40]), item_series([1, 1, 2, 40.5])

    np.testing.assert_allclose(whole.rounding_sd, 1 / np.sqrt(12) / whole.value)
    assert not exact.rounding_sd.any()
    assert load("llm_compute").rounding_sd.max() < 1e-6


def test_a_later_fraction_does_not_reach_the_counts_known_before():
    whole = item_series([*[1] * 10, 2, 2.5])

    assert not whole.rounding_sd.any()
    assert whole.known_at("1974").rounding_sd == pytest.approx(np.full(10, 1 / np.sqrt(12)))


def test_equal_counts_do_not_reward_a_scatter_of_nought():
    def loglik(series, scatter):
        data = Item().prepare(series)
        noise = [np.array([[np.log(scatter)]]), np.array([[np.log(4.0)]])]
        return Item().loglik(lambda t: 0.0 * t[None], noise, data, numpy_namespace())[0]

    ones, exact = item_series([1] * 30), item_series([0.5] * 30)

    assert loglik(ones, 1e-9) == pytest.approx(loglik(ones, 1e-3), abs=1e-3)
    # Were the figures exact, a scatter that much smaller would be worth its logarithm a row.
    assert loglik(exact, 1e-9) - loglik(exact, 1e-3) == pytest.approx(30 * np.log(1e6))


@pytest.mark.parametrize("day", ["2003-09-14", "2014-02-28"])
def test_cores_are_fitted_before_and_after_they_multiply(day):
    series = load("rupp_cores").known_at(day)

    for shape in ("exponential", "logistic", "gompertz"):
        one = fit_quickly(series, SHAPES[shape], seed=1, fallback=False)

        assert one.converged
        assert np.quantile(np.exp(one.noise[:, 0]), 0.05) > 0.01
    if day < "2004":
        # One core in each processor for 32 years: ten years on, the model that saw it says one.
        low, high = np.exp(np.quantile(one.forecast_at(np.array([10.0])), [0.05, 0.95]))
        assert 0.5 < low < 1 < high < 2


def test_growth_is_the_same_from_counts_as_from_the_values_counted():
    off = []
    for seed in range(8):
        found = [
            fit_quickly(one, SHAPES["exponential"], seed=seed, fallback=False)
            for one in counted(seed)
        ]
        assert all(one.converged for one in found)
        means = [one.forecast_at(np.array([5.0])).mean() for one in found]
        truth = GROWTH * (found[0].series.time[-1] - 1970 + 5)
        spread = found[0].forecast_at(np.array([5.0])).std()
        off.append([(mean - truth) / spread for mean in means])

    counts, values = np.array(off).T
    assert abs(counts.mean()) < 0.7
    assert np.abs(counts - values).mean() < 0.5


def test_counts_taken_for_exact_would_have_no_scatter():
    # The negative control: the same rows without their rounding, by a hair's breadth.
    series = load("rupp_cores").known_at("2003-09-14")
    hair = dataclasses.replace(series, value=series.value * (1 + 1e-9))

    exact = fit_quickly(hair, SHAPES["exponential"], seed=1, fallback=False)

    assert not hair.rounding_sd.any()
    assert np.median(np.exp(exact.noise[:, 0])) < 1e-3
