"""The population is found again, a family can be taken out, and a hazard can be given."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from forecasts import load
from forecasts.arrays import numpy_namespace
from forecasts.diagnostics import K_HAT_LIMIT
from forecasts.hierarchy import FIELDS, KINDS, learn, log_prior, stacked
from forecasts.learned import learned_file, population_of
from forecasts.population import WEAK, Population
from forecasts.recycled import DRAWS, Recycled

pytestmark = pytest.mark.statistical
long = pytest.mark.long

#: Series of the made-up reference class; of index kind, their growth .03 to .3 a year.
COUNT, HAZARD, YEARS = 30, 0.04, 25.0


def recycled(i):
    """Draws of a series whose rows tell all: growth, and a change where one happened."""
    rng = np.random.default_rng([11, i])
    growth = 0.1 * (1.0 + rng.standard_cauchy() / 3)
    changes = int(rng.random() < 1 - np.exp(-HAZARD * YEARS))
    kept = 0.5 * growth + 0.3 * abs(growth) * rng.standard_t(5)
    near = growth + 0.01 * rng.standard_normal(DRAWS)
    return Recycled(
        id=f"series {i}", family=f"family {i}", kind="index", before=near,
        middle=kept + 0.01 * rng.standard_normal(DRAWS), after=np.zeros(DRAWS),
        changes=np.full(DRAWS, changes), stopped=np.zeros(DRAWS),
        log_scatter=np.log(0.1) + 0.5 * rng.standard_normal() + 0.1 * rng.standard_normal(DRAWS),
        persistence=0.2 + 0.1 * rng.standard_normal(DRAWS), one=YEARS, two=YEARS**2 / 4,
        converged=True,
    )  # fmt: skip


@pytest.mark.parametrize("name", FIELDS)
def test_every_number_of_the_population_is_asked_of_the_rows(name):
    # A number that the rows do not reach would be "learned" as its own prior.
    belief = replace(WEAK["index"], stop_probability=0.4)
    other = replace(belief, **{name: 1.2 * getattr(belief, name) + 0.1})
    draws = stacked([recycled(i) for i in range(5)])

    ours, theirs = (log_prior(draws, asdict(p), numpy_namespace()) for p in (belief, other))

    assert np.abs(ours - theirs).max() > 0.01


@pytest.mark.parametrize("kind", ["index", "share"])
@pytest.mark.parametrize("name", ["growth_width", "scatter_loc", "persistence_loc"])
def test_the_bundled_population_was_taught_by_its_series(kind, name):
    # Standard deviations of the weak beliefs about the population (`hierarchy._hyperpriors`), the
    # first in logarithms; 30 series know the centre of a kind to a third of that or better.
    before = {"growth_width": 1.0, "scatter_loc": 1.0, "persistence_loc": 0.2}[name]
    _, low, high = learned_file()["posterior"][name][KINDS.index(kind)]
    width = np.log(high / low) if name == "growth_width" else high - low

    assert width < 0.6 * 2 * 1.645 * before


@pytest.mark.parametrize("name", ["cpu_clock", "fl_dram", "airspeed", "adopt_vacuum"])
def test_a_series_is_believed_what_the_other_families_taught(name):
    card, learned = load(name).card, learned_file()

    others = learned["families"][card.family][card.kind]
    assert population_of(card) == Population(**others)
    assert others != learned["everyone"][card.kind]


@pytest.fixture(scope="module")
def series():
    return [recycled(i) for i in range(COUNT)]


@pytest.fixture(scope="module")
def learned(series):
    return learn(series, seed=1)


@long
def test_the_hazard_is_found_again(series, learned):
    low, high = np.quantile(learned.posterior["hazard"], [0.01, 0.99])

    assert low < HAZARD < high
    assert sum(one.changes[0] for one in series) > COUNT / 3


@long
def test_noise_is_found_again(learned):
    # Scatter .1 within a factor of e^.5, persistence .2 of all series, each known to .1.
    at = KINDS.index("index")
    for name, truth in (("scatter_loc", np.log(0.1)), ("persistence_loc", 0.2)):
        draws = learned.posterior[name][..., at]
        low, high = np.quantile(draws, [0.01, 0.99])
        assert low < truth < high, name
        # 30 series of spread .51 know their centre to about .1; no kind but this was seen.
        assert draws.std() < 0.15 < learned.posterior["scatter_loc"][..., 0].std(), name


@long
def test_leaving_a_family_out_is_as_if_it_had_never_been_seen(series, learned):
    # The family that moves the population most, of those that weights can take out.
    k_hats = np.array([learned.without(one.family)[1] for one in series])
    odd = int(np.argmax(np.where(k_hats < K_HAT_LIMIT, k_hats, -np.inf)))
    weights, _ = learned.without(series[odd].family)
    anew = learn([one for i, one in enumerate(series) if i != odd], seed=2)

    assert (k_hats < K_HAT_LIMIT).mean() > 0.9
    ours, theirs = learned.population("index", weights), anew.population("index")
    kind = KINDS.index("index")
    for name in ("hazard", "kept_growth", "growth_width", "scatter_loc"):
        draws = anew.posterior[name]
        spread = (draws[..., kind] if draws.ndim == 3 else draws).std()
        # An eighth of the spread is four errors of a mean of 1,000 effective draws; two such means.
        assert getattr(ours, name) == pytest.approx(getattr(theirs, name), abs=0.2 * spread), name


@long
def test_a_hazard_that_is_given_stays(series):
    fixed = learn(series, hazard=0.02, seed=1)

    assert np.ptp(fixed.posterior["hazard"]) == 0
    assert fixed.population("index").hazard == pytest.approx(0.02)
