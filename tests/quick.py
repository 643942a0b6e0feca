"""Whole answers without a sampler's compilation: every fit by importance sampling."""

import time

from forecasts.comparison import Comparison
from forecasts.fit import HORIZON, fit_quickly
from forecasts.learned import population_of
from forecasts.models import SHAPES
from forecasts.naive import fit_naive


def quick_answer(series, *, population=None, seed=1, horizon=HORIZON):
    """What `compare` returns, from `fit_quickly`."""
    started = time.perf_counter()
    believed = population or population_of(series.card)

    def fits(believed, shapes):
        return {
            name: fit_quickly(
                series, shape, population=believed, horizon=horizon, seed=seed, fallback=False
            )
            for name, shape in shapes.items()
        }

    free = {name: shape for name, shape in SHAPES.items() if shape.has_stop}
    return Comparison(
        series=series,
        fits=fits(believed, SHAPES),
        without_stop=fits(believed.without_stop(), free),
        naive=fit_naive(series.time, series.y, sign=series.sign, to_value=series.from_y),
        horizon=horizon,
        seed=seed,
        started=started,
    )
