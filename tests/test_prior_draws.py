"""Draws from the prior have the density that the fit uses."""

import numpy as np
import pytest

from forecasts.arrays import numpy_namespace
from forecasts.likelihoods import LIKELIHOODS
from forecasts.models import SHAPES, Span
from forecasts.models.shape import FAR
from forecasts.population import WEAK, Population
from forecasts.prior_draws import draw_prior

SPAN = Span(30.0, 20.0)
COUNT = 100_000
#: A step of the test below, in units of each prior's scale.
STEP = 0.4


def drawn(shape, kind="index", seed=1):
    return draw_prior(shape, kind, SPAN, COUNT, np.random.default_rng(seed))


def columns(values):
    return list(values.T)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("sign", [1, -1])
def test_log_prior_moved_by_a_step_still_integrates_to_one(shape, sign):
    draws, _ = drawn(shape)
    every = draws.parameters
    active = (every != 0).T

    def density(values):
        return (np.stack(shape.log_prior(columns(values), numpy_namespace())) * active).sum(0)

    # A ratio of densities has the mean one whatever they are, if the draws are of the lower one.
    for i, prior in enumerate(shape.priors):
        # Growth after a change is moved in the unit that its own prior is in.
        unit = shape.unit(draws) if i > 1 else 1.0
        moved = every.copy()
        moved[:, i] += sign * STEP * prior.scale * unit * active[i]
        ratio = np.exp(density(moved) - density(every))

        # Four standard errors.
        assert ratio.mean() == pytest.approx(1.0, abs=4 * ratio.std() / COUNT**0.5 + 1e-12)


@pytest.mark.parametrize("kind", LIKELIHOODS)
def test_noise_moved_by_a_step_still_integrates_to_one(kind):
    shape, xp = SHAPES["exponential"], numpy_namespace()
    _, noise = drawn(shape, kind)

    for prior, x in zip(LIKELIHOODS[kind].noise(shape.population), noise.T, strict=True):
        ratio = np.exp(prior.logpdf(x - 0.2, xp) - prior.logpdf(x, xp))

        assert ratio.mean() == pytest.approx(1.0, abs=4 * ratio.std() / COUNT**0.5)


def test_changes_of_growth_are_poisson():
    draws, _ = drawn(SHAPES["piecewise"])
    changes = (draws.dates < FAR).sum(1)

    # Two changes have a coarse cell between them: 105 of 256 pairs of cells.
    expected = np.array([1.0, 0.6, 0.6**2 * 105 / 256])
    shares = np.bincount(changes, minlength=3) / COUNT
    # Four standard errors.
    assert shares == pytest.approx(expected / expected.sum(), abs=0.006)


def test_half_of_the_changes_are_stops():
    draws, _ = drawn(SHAPES["piecewise"])
    once = (draws.dates < FAR).sum(1) == 1

    assert (draws.parameters[once, 2] == 0).mean() == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("name", ["logistic", "gompertz", "bend"])
def test_date_waits_at_its_rate(name):
    draws, _ = drawn(SHAPES[name])
    rate = 0.02 if name == "bend" else 0.01

    date = draws.dates[:, -1]

    for years in (10.0, 30.0):
        assert (date <= years).mean() == pytest.approx(1 - np.exp(-rate * years), abs=0.006)
    assert (date < FAR).mean() == pytest.approx(1 - np.exp(-rate * 70.0), abs=0.006)


def test_population_is_heeded():
    shape = SHAPES["exponential"].__class__(
        population=Population(growth_bias=2.0, growth_width=0.1)
    )
    draws, _ = drawn(shape)

    assert np.median(draws.parameters[:, 1]) == pytest.approx(0.2, rel=0.02)


def test_scatter_is_that_of_the_kind():
    for kind, population in WEAK.items():
        shape = SHAPES["exponential"].__class__(population=population)
        _, noise = drawn(shape, kind)

        assert np.median(noise[:, 0]) == pytest.approx(population.scatter_loc, abs=0.02)
