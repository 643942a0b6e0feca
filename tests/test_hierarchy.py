"""The population is found again, a family can be taken out, and a hazard can be given."""

import numpy as np
import pytest

from forecasts.hierarchy import DRAWS, KINDS, Recycled, learn

pytestmark = [pytest.mark.statistical, pytest.mark.long]

#: Series of the made-up reference class; of index kind, their growth .03 to .3 a year.
COUNT, HAZARD, YEARS = 30, 0.04, 25.0
RNG = np.random.default_rng(11)


def recycled(i):
    """Draws of a series whose rows tell all: growth, and a change where one happened."""
    growth = 0.1 * (1.0 + RNG.standard_cauchy() / 3)
    changes = int(RNG.random() < 1 - np.exp(-HAZARD * YEARS))
    kept = 0.5 * growth + 0.3 * abs(growth) * RNG.standard_t(5)
    near = growth + 0.01 * RNG.standard_normal(DRAWS)
    return Recycled(
        id=f"series {i}", family=f"family {i}", kind="index", before=near,
        middle=kept + 0.01 * RNG.standard_normal(DRAWS), after=np.zeros(DRAWS),
        changes=np.full(DRAWS, changes), stopped=np.zeros(DRAWS),
        log_scatter=np.log(0.1) + 0.5 * RNG.standard_normal() + 0.1 * RNG.standard_normal(DRAWS),
        persistence=0.2 + 0.1 * RNG.standard_normal(DRAWS), one=YEARS, two=YEARS**2 / 4,
        converged=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def series():
    return [recycled(i) for i in range(COUNT)]


@pytest.fixture(scope="module")
def learned(series):
    return learn(series, seed=1)


def test_the_hazard_is_found_again(series, learned):
    low, high = np.quantile(learned.posterior["hazard"], [0.01, 0.99])

    assert low < HAZARD < high
    assert sum(one.changes[0] for one in series) > COUNT / 3


def test_leaving_a_family_out_is_as_if_it_had_never_been_seen(series, learned):
    # The fastest series moves the spread of growth most.
    odd = int(np.argmax([abs(one.before.mean()) for one in series]))
    weights, k_hat = learned.without(series[odd].family)
    anew = learn([one for i, one in enumerate(series) if i != odd], seed=2)

    assert k_hat < 0.7
    ours, theirs = learned.population("index", weights), anew.population("index")
    kind = KINDS.index("index")
    for name in ("hazard", "kept_growth", "growth_width", "scatter_loc"):
        draws = anew.posterior[name]
        spread = (draws[..., kind] if draws.ndim == 3 else draws).std()
        # An eighth of the spread is four errors of a mean of 1,000 effective draws; two such means.
        assert getattr(ours, name) == pytest.approx(getattr(theirs, name), abs=0.2 * spread), name


def test_a_hazard_that_is_given_stays(series):
    fixed = learn(series, hazard=0.02, seed=1)

    assert np.ptp(fixed.posterior["hazard"]) == 0
    assert fixed.population("index").hazard == pytest.approx(0.02)
