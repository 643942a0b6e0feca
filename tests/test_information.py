"""Prior against posterior of the plateau date: bits, and power-scaling without units."""

import datetime
from dataclasses import replace

import numpy as np
import pytest
from quick import quick_answer

from forecasts import load
from forecasts.fit import fit_quickly
from forecasts.information import date_bins, information_bits, prior_of, prior_plateau
from forecasts.models import SHAPES, Span
from forecasts.plateau import Plateau
from forecasts.population import WEAK
from forecasts.power import DIAGNOSES, configuration_log_mass, entropy, power_scaling
from forecasts.prior_draws import draw_prior
from forecasts.series import Series

ABLE = ("piecewise", "logistic", "bend", "gompertz")


def dated(date, weight=None):
    """A plateau posterior of given dates, 1970 to 2000, thirty years ahead."""
    date = np.asarray(date, float)
    no = np.zeros(len(date), bool)
    even = np.full(len(date), 1 / len(date)) if weight is None else weight
    return Plateau(0.1, date, no, no, ~no, even, first=1970.0, as_of=2000.0, horizon=30.0)


@pytest.fixture(scope="module")
def then():
    return quick_answer(load("cpu_clock").known_at("2003-01-01"))


@pytest.fixture(scope="module")
def now():
    return quick_answer(load("cpu_clock"))


def test_no_news_is_no_information():
    prior = dated(np.linspace(1970, 2030, 2000))

    assert information_bits(prior, prior) == pytest.approx(0, abs=1e-12)


def test_halving_the_range_is_one_bit():
    prior, posterior = dated(np.linspace(1970, 2030, 4000)), dated(np.linspace(1970, 2000, 4000))

    # The pseudo-count moves it by a few thousandths.
    assert information_bits(posterior, prior) == pytest.approx(1.0, abs=0.02)


def test_never_is_a_bin_of_its_own():
    never = dated(np.full(4000, np.inf))
    half = dated(np.where(np.arange(4000) % 2, np.inf, 2010.0))

    assert information_bits(never, half) == pytest.approx(1.0, abs=0.05)
    assert information_bits(half, dated(np.full(4000, 2010.0))) > 3


def test_a_date_of_as_of_itself_is_already():
    edges = date_bins(dated([2000.0]))

    assert 2000.0 in edges
    assert information_bits(dated([2000.0] * 500), dated([1999.5] * 500)) == pytest.approx(0)


def test_long_series_have_no_more_bins_than_short_ones():
    long = replace(dated([1500.0]), first=1300.0)

    assert len(date_bins(dated([1980.0]))) == 15 + 15 + 1
    assert len(date_bins(long)) == 24 + 15 + 1


def test_prior_of_the_date_looks_at_no_row(then):
    series = then.series
    other = replace(series, value=series.value[::-1].copy() * 17.0)
    shapes = {name: SHAPES[name] for name in ABLE}

    found = [prior_plateau(s, shapes, WEAK["item"], horizon=30.0, seed=1) for s in (series, other)]

    assert np.array_equal(found[0].date, found[1].date)
    assert found[0].weight.sum() == pytest.approx(1.0)
    assert found[0].trend[found[0].weight > 0].all()


def test_prior_of_the_date_rises_with_the_hazard(then):
    shapes = {name: SHAPES[name] for name in ABLE}

    shares = [
        prior_plateau(
            then.series, shapes, replace(WEAK["item"], hazard=hazard), horizon=30.0, seed=1
        ).p_none
        for hazard in (0.005, 0.02, 0.08)
    ]

    assert shares == sorted(shares, reverse=True)


def test_prior_of_a_share_does_not_know_where_it_stands():
    series = load("adopt_dishwasher")
    shapes = {name: SHAPES[name] for name in ABLE}

    low, high = (
        prior_plateau(
            replace(series, value=np.append(series.value[:-1], last)),
            shapes,
            WEAK["share"],
            horizon=30.0,
            seed=1,
        ).p_already
        for last in (10.0, 95.0)
    )

    assert low == high


def test_a_plateau_that_came_is_news_and_one_to_come_is_not(then, now):
    assert information_bits(now.plateaus[0], prior_of(now)) > 3
    assert information_bits(then.plateaus[0], prior_of(then)) < 1


def test_power_scaling_tells_data_from_prior(now):
    # The stated population, whatever the reference class teaches: changes are rare and uncertain.
    then = quick_answer(load("cpu_clock").known_at("2003-01-01"), population=WEAK["item"])
    early, late = power_scaling(then), power_scaling(now)

    assert early["prior"] > 2 * early["likelihood"]
    assert early["diagnosis"] == "prior"
    assert late["likelihood"] > 2 * late["prior"]
    assert {early["diagnosis"], late["diagnosis"]} <= set(DIAGNOSES.values())


@pytest.mark.parametrize("name", SHAPES)
def test_every_cell_of_rows_a_few_days_apart_has_a_configuration(name):
    # The log of a bend's width is a cell's first column, and no date.
    days = [datetime.date(2024, 1, 1) + datetime.timedelta(2 * i) for i in range(15)]
    noise = np.random.default_rng(1).standard_normal(15)
    card = replace(load("fl_dram").card, direction="rising", observed_through=days[-1])
    series = Series(card=card, date=tuple(days), value=np.exp(0.15 * np.arange(15) + 0.05 * noise))

    one = fit_quickly(series, SHAPES[name], population=WEAK["index"], seed=1, fallback=False)

    mass = configuration_log_mass(one)
    assert mass.shape == (len(one.scan.cells.low),)
    assert np.isfinite(mass).all()


@pytest.mark.parametrize("name", ABLE)
def test_log_prior_and_entropy_cancel_on_average(name):
    # What makes the scaled prior free of units; 20,000 draws of a density whose standard deviation
    # is near one leave an error of .007, four of them are .03.
    shape = replace(SHAPES[name], population=WEAK["item"])
    draws, _ = draw_prior(shape, "item", Span(40.0, 30.0), 20_000, np.random.default_rng(3))

    terms = shape.log_prior(list(draws.parameters.T), np)

    for i, prior in enumerate(shape.priors):
        active = draws.parameters[:, i] != 0
        if active.any():
            centred = np.asarray(terms[i]) + entropy(prior, np.log(shape.unit(draws)))
            assert centred[active].mean() == pytest.approx(0, abs=0.05), prior.name
