"""The median of some new items is that of their values, as what came is."""

import dataclasses

import numpy as np
import pytest

from forecasts import load
from forecasts.likelihoods import Item

DRAWS = 20_000


@pytest.mark.parametrize("direction", ["rising", "falling"])
@pytest.mark.parametrize("items", [1, 2, 3, 4])
def test_forecast_is_of_the_median_of_values(items, direction):
    series = load("cpu_clock")
    series = dataclasses.replace(series, card=dataclasses.replace(series.card, direction=direction))
    noise = np.tile([0.0, np.log(8.0)], (DRAWS, 1))

    ahead = Item().future(
        lambda t: np.zeros((DRAWS, len(t))), noise, series, np.array([30.0]), seed=1, items=items
    )

    logs = np.random.default_rng(2).standard_t(8.0, size=(DRAWS, items))
    medians = np.log(np.median(np.exp(logs), axis=1))
    found = series.sign * ahead[:, 0]
    # Standard errors of a mean and of the quartiles from 20,000 draws of spread one or less.
    assert found.mean() == pytest.approx(medians.mean(), abs=0.04)
    assert np.quantile(found, [0.25, 0.75]) == pytest.approx(
        np.quantile(medians, [0.25, 0.75]), abs=0.05
    )
    if items == 2:
        assert found.mean() > 0.15
