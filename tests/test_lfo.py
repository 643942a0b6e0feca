"""Leave-future-out scores: the chain rule, against densities that are worked out another way."""

import dataclasses

import numpy as np
import pytest

from forecasts.catalog import load
from forecasts.fit import fit_quickly
from forecasts.learned import population_of
from forecasts.lfo import GIVEN, lfo_scores
from forecasts.models import SHAPES

pytestmark = pytest.mark.statistical


def fits_of(series):
    return {name: fit_quickly(series, SHAPES[name], seed=1) for name in ("exponential", "logistic")}


def test_score_of_one_more_row_is_its_predictive_density():
    """Given all rows but the last: compare with the density of draws of the next value."""
    whole = load("fl_aluminum").known_at("1968")
    before = whole.known_at(whole.date[-2])
    shape = SHAPES["exponential"]

    score = (
        fit_quickly(whole, shape, seed=1).log_evidence
        - fit_quickly(before, shape, seed=2).log_evidence
    )

    ahead = fit_quickly(before, shape, seed=3)
    years = whole.time[-1] - before.as_of_year
    draws = ahead.forecast_at(np.array([years]))[:, 0]
    near = np.abs(draws - whole.y[-1]) < 0.02
    # 8,000 draws, a few hundred of them near: 6 %, and the window's curvature.
    assert score == pytest.approx(np.log(near.mean() / 0.04), abs=0.25)


def test_what_the_prior_alone_says_cancels():
    """A prior of growth a thousand times as wide costs evidence, and no score."""
    series = load("fl_dram").known_at("1995")
    shape = SHAPES["exponential"]
    learned = population_of(series.card)
    wide, wider = (
        dataclasses.replace(learned, growth_width=times * learned.growth_width)
        for times in (100, 100_000)
    )

    fits = [fit_quickly(series, shape, population=one, seed=1) for one in (wider, wide)]
    scores = [lfo_scores({"exponential": one})["exponential"] for one in fits]

    # A thousand times as wide is 6.9 nats; the rows say nothing that either prior contradicts.
    assert fits[1].log_evidence - fits[0].log_evidence > 6
    assert scores[0] == pytest.approx(scores[1], abs=0.2)
    beginning = fit_quickly(
        series.known_at(series.date[GIVEN - 1]), shape, population=wide, horizon=1.0, seed=2
    )
    assert scores[1] == pytest.approx(fits[1].log_evidence - beginning.log_evidence, abs=0.2)


def test_shape_that_forecasts_badly_loses():
    truth = load("cpu_clock").known_at("2015")

    scores = lfo_scores(
        {name: fit_quickly(truth, SHAPES[name], seed=1) for name in ("exponential", "piecewise")}
    )

    assert scores["piecewise"] > scores["exponential"] + 10


def test_two_rows_keep_their_evidence():
    series = load("fl_dram")
    two = dataclasses.replace(
        series, date=series.date[:2], value=series.value[:2], label=(), source=()
    )
    fits = {"exponential": fit_quickly(two, SHAPES["exponential"], seed=1, fallback=False)}

    assert lfo_scores(fits) == {"exponential": fits["exponential"].log_evidence}


def test_later_rows_share_a_beginning_whatever_date_asks_first(monkeypatch):
    from forecasts import lfo

    late, early = (load("fl_dram").known_at(year) for year in ("1995", "1992"))
    found = []
    for order in ((late, early), (early, late)):
        monkeypatch.setattr(lfo, "_BEGINNINGS", {})
        by_date = {one.as_of: lfo_scores(fits_of(one)) for one in order}
        found.append([by_date[one.as_of] for one in (late, early)])

    assert found[0] == found[1]


def test_a_beginning_that_is_too_rough_is_sampled_with_nuts(monkeypatch):
    from forecasts import diagnostics, lfo

    series = load("us_oil_production").known_at("1990")
    fits = {"exponential": fit_quickly(series, SHAPES["exponential"], seed=1)}
    sampled = []

    def spied(early, shape, **how):
        sampled.append(fit_quickly(early, shape, **how))
        return sampled[-1]

    monkeypatch.setattr(lfo, "fit_quickly", spied)
    scores = []
    for limit in (diagnostics.K_HAT_LIMIT, -1.0):
        monkeypatch.setattr(diagnostics, "K_HAT_LIMIT", limit)
        monkeypatch.setattr(lfo, "_BEGINNINGS", {})
        scores.append(lfo_scores(fits)["exponential"])

    assert [bool(one.sampled.statistics) for one in sampled] == [False, True]
    like = fits["exponential"].scan.problem.likelihood
    assert {one.scan.problem.likelihood for one in sampled} == {like}
    assert scores[0] == pytest.approx(scores[1], abs=0.1)
