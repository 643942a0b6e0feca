"""A model is compiled once, its arrays are swapped: nothing of one series lives on in the next."""

import dataclasses

import numpy as np
import pytest
from simulated import headline, recovered

from forecasts import sample
from forecasts.catalog import load
from forecasts.fit import child_seed, fit
from forecasts.learned import population_of
from forecasts.models import SHAPES
from forecasts.population import WEAK
from forecasts.series import Series

pytestmark = pytest.mark.statistical


def only_rows_until(series, day):
    """A series that was never longer: built from the rows up to a day and a card of that day."""
    known = series.known_at(day)
    card = dataclasses.replace(
        series.card,
        observed_through=known.as_of,
        gaps=tuple((a, min(b, known.as_of)) for a, b in series.card.gaps if a <= known.as_of),
    )
    n = sum(row <= known.as_of for row in series.date)
    return Series(card=card, date=series.date[:n], value=series.value[:n])


def test_swapped_arrays_equal_a_fresh_compile(monkeypatch):
    recovered("piecewise", "record")  # compiled first, or whatever was: not the series below
    swapped = headline("airspeed", "1950-01-01", "piecewise")

    monkeypatch.setattr(sample, "_COMPILED", {})
    short = only_rows_until(load("airspeed"), "1950-01-01")
    fresh = fit(short, SHAPES["piecewise"], seed=1)

    np.testing.assert_array_equal(swapped.sampled.z, fresh.sampled.z)
    np.testing.assert_array_equal(swapped.forecast, fresh.forecast)
    np.testing.assert_array_equal(swapped.plateaus[0].date, fresh.plateaus[0].date)


def test_same_seed_gives_the_same_numbers():
    truth, one = recovered("piecewise", "item")

    again = fit(truth.series, SHAPES["piecewise"], population=WEAK["item"], seed=1)

    np.testing.assert_array_equal(one.sampled.z, again.sampled.z)
    np.testing.assert_array_equal(one.forecast, again.forecast)
    assert one.log_evidence == again.log_evidence


def test_other_seed_gives_other_draws_and_the_same_answer():
    truth, one = recovered("piecewise", "item")

    other = fit(truth.series, SHAPES["piecewise"], population=WEAK["item"], seed=2)

    assert not np.array_equal(one.sampled.z, other.sampled.z)
    # Two runs with effective sizes of 1,000 or more: four times sqrt(2 p (1 - p) / 1000).
    assert one.plateaus[0].p_already == pytest.approx(other.plateaus[0].p_already, abs=0.06)


def test_hazard_is_data_not_part_of_the_compiled_model():
    truth, _ = recovered("piecewise", "item")
    believed = population_of(truth.series.card)
    calm, busy = (
        fit(truth.series, SHAPES["piecewise"], population=each, seed=1).log_evidence
        for each in (dataclasses.replace(believed, hazard=1e-4), believed)
    )

    # The stop is in the rows: a shape that hardly ever changes explains them worse.
    assert calm < busy - 2


def test_seeds_of_named_uses_differ():
    seeds = {child_seed(seed, name) for seed in (1, 2) for name in ("nuts", "redraw", "future")}

    assert len(seeds) == 6
