import dataclasses
import datetime

import numpy as np
import pandas as pd
import pytest

from forecasts import load, what_if
from forecasts.averaging import NOTHING_LEFT
from forecasts.diagnostics import Diagnostics
from forecasts.errors import InputError
from forecasts.likelihoods import likelihood_of
from forecasts.plateau import refusal
from forecasts.series import Series
from forecasts.what_if import beliefs, change_of_mind, with_flat_rows, with_silence, years_until


def test_silence_moves_what_was_observed_and_adds_no_row():
    series = load("airspeed")
    longer = with_silence(series, 10)

    assert longer.n == series.n
    assert longer.observed_year == pytest.approx(series.observed_year + 10, abs=0.01)
    assert longer.as_of == longer.card.observed_through


def test_silence_goes_on_from_where_it_was_known():
    series = load("airspeed").known_at("2026-06-30")
    known = series.observed_year

    longer = with_silence(series, 0.25)

    assert series.as_of_year > known + 0.5
    assert longer.observed_year == pytest.approx(known + 0.25, abs=0.01)
    assert longer.as_of == series.as_of


@pytest.mark.parametrize(("a_year", "added"), [(1, 3), (4, 12)])
def test_flat_rows_of_a_level_come_as_often_as_its_own(a_year, added):
    days = [datetime.date(2000 + i // a_year, 1 + 12 // a_year * (i % a_year), 1)
            for i in range(8 * a_year)]  # fmt: skip
    card = dataclasses.replace(load("fl_dram").card, observed_through=days[-1])
    series = Series(card=card, date=tuple(days), value=np.arange(1.0, 8 * a_year + 1))

    longer = with_flat_rows(series, 3)

    assert longer.n - series.n == added
    assert set(longer.value[series.n :]) == {series.value[-1]}
    assert likelihood_of(longer) is likelihood_of(series)


def test_flat_rows_repeat_the_last_year():
    series = load("llm_compute")
    longer = with_flat_rows(series, 3)
    added = longer.value[series.n :]

    assert len(added) % 3 == 0
    assert 0 < len(added) <= 36
    assert set(added) <= set(series.value[series.time > series.time[-1] - 1])
    assert np.all(np.diff(longer.time) >= 0)
    assert set(longer.label[series.n :]) == {"supposed"}


def test_an_index_gets_one_flat_row_a_year():
    series = load("fl_dram")
    longer = with_flat_rows(series, 4)

    assert longer.n == series.n + 4
    assert set(longer.value[-4:]) == {series.value[-1]}


def test_each_kind_has_its_own_question():
    with pytest.raises(InputError, match="got kind item"):
        with_silence(load("cpu_clock"), 1)
    with pytest.raises(InputError, match="only silence"):
        with_flat_rows(load("airspeed"), 1)


def test_years_without_progress_raise_the_probability():
    series = load("cpu_clock").known_at("2002")

    found = change_of_mind(series, [0, 6])

    assert list(found["years"]) == [0, 6]
    assert found["as_of"].iloc[0] == datetime.date(2002, 12, 31)
    assert found["p_already"].iloc[1] > found["p_already"].iloc[0]


def test_nothing_is_said_where_no_claim_is_made():
    early = load("fl_dram").known_at("1975")

    found = change_of_mind(early, [0])

    assert refusal(early, 1.0)
    assert found["p_already"].isna().all()


def test_the_first_year_at_a_level_is_found():
    table = pd.DataFrame({"years": [0, 2, 4], "belief": "neutral", "p_already": [0.1, 0.6, 0.95]})

    assert years_until(table, "neutral", 0.5) == 2
    assert years_until(table, "neutral", 0.99) is None


def test_the_three_beliefs_differ_in_how_often_trends_change():
    found = beliefs(load("cpu_clock"))

    assert list(found) == ["sceptic", "neutral", "extrapolator"]
    assert found["sceptic"].hazard > found["neutral"].hazard > found["extrapolator"].hazard


def test_where_every_shape_is_rough_nothing_is_claimed(monkeypatch):
    series = load("fl_dram").known_at("1985")
    rough = Diagnostics(rhat_max=np.nan, ess_min=0.0, divergences=0)
    monkeypatch.setattr("forecasts.fit.Fit.diagnostics", rough)

    assert what_if.quick_plateau(series, seed=1).refused == NOTHING_LEFT
