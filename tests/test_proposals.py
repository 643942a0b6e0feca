"""Proposals are densities that can be drawn from, and the second follows what the first missed."""

from dataclasses import replace

import numpy as np
import pytest

from forecasts.catalog import load
from forecasts.fit import fit_quickly
from forecasts.importance import smoothed
from forecasts.learned import population_of
from forecasts.models import SHAPES
from forecasts.problem import pose
from forecasts.proposals import around_modes, around_points, resample
from forecasts.scan import log_joint, scan

pytestmark = pytest.mark.statistical

DRAWS = 20_000


def weighed(scanned, proposal, seed):
    z, cell = proposal.draw(DRAWS, np.random.default_rng(seed))
    with np.errstate(over="ignore"):
        joint = np.nan_to_num(log_joint(scanned, z, cell), nan=-np.inf)
    return z, cell, joint - proposal.logpdf(z, cell)


@pytest.fixture(scope="module")
def scanned():
    series = load("us_rail_passenger_km").known_at("1954-07-01")
    shape = replace(SHAPES["piecewise"], population=population_of(series.card))
    return scan(pose(shape, series, 30.0))


def test_proposals_integrate_to_one(scanned):
    first = around_modes(scanned)
    z, cell, weight = weighed(scanned, first, 1)
    second = around_points(scanned, first, z, cell, smoothed(weight)[0])

    # What is drawn from the second has a mean ratio of one exactly if both are densities of what
    # they draw; the second holds a fifth of the first, so that the ratio is at most five.
    z, cell = second.draw(DRAWS, np.random.default_rng(2))
    ratio = np.exp(second.first.logpdf(z, cell) - second.logpdf(z, cell))

    assert ratio.mean() == pytest.approx(1.0, abs=4 * ratio.std() / np.sqrt(DRAWS))
    assert ratio.max() <= 5.0 + 1e-9


def test_second_proposal_repairs_what_the_first_one_missed(scanned):
    proposal = first = around_modes(scanned)
    found = []
    for seed in (1, 2, 3, 4):
        z, cell, weight = weighed(scanned, proposal, seed)
        smooth, _ = smoothed(weight)
        found.append(1 / np.exp(2 * smooth).sum())
        proposal = around_points(scanned, first, z, cell, smooth)

    # In effective points: a configuration with a third of the posterior had a fiftieth of the
    # first points.
    assert found[-1] > 5 * found[0]


def test_fits_that_needed_nuts_no_longer_do():
    series = load("us_rail_passenger_km").known_at("1946-07-01")

    one = fit_quickly(series, SHAPES["piecewise"], seed=1, fallback=False)

    assert one.converged


def test_cells_of_a_saddle_do_not_take_all_the_evidence():
    # Taken for flat, a direction without a maximum gave 44 cells of one configuration everything.
    series = load("price_for_light_uk").known_at("1921-07-01")
    found = scan(pose(SHAPES["piecewise"], series, 30.0))

    _, _, weight = weighed(found, around_modes(found), 1)
    laplace = np.logaddexp.reduce(found.log_evidence)
    evidence = np.logaddexp.reduce(weight) - np.log(DRAWS)

    assert len(np.unique(found.cells.active, axis=0)) > 1
    assert laplace == pytest.approx(evidence, abs=1.0)


def test_resampling_keeps_the_weights():
    log_weight = np.log([0.1, 0.0001, 0.6, 0.2999])

    kept = resample(log_weight, 10_000, np.random.default_rng(2))

    assert np.bincount(kept, minlength=4) / 10_000 == pytest.approx(np.exp(log_weight), abs=2e-4)
