"""Simulated series give back what they were made from; those that never end raise no alarm.

Bounds are effect sizes. Over twelve data seeds a world, 90 % intervals held the truth in 10 to 12
of 12 (growth) and in 10 to 12 of 12 (plateau date); the widths below are twice the median widths.
"""

import dataclasses

import numpy as np
import pytest
from simulated import EVERY, KINDS, SAMPLED, WORLDS, recovered, validate

from forecasts.errors import InputError
from forecasts.fit import fit_quickly
from forecasts.models import SHAPES
from forecasts.population import WEAK
from forecasts.simulate import World, path, simulate

pytestmark = pytest.mark.statistical

ENDING = [pair for pair in SAMPLED if pair.values[0] != "exponential"]
#: Widest 90 % interval of growth (doublings a year) that still counts as having learned it. The
#: truths are 0.15 to 0.5; an index knows growth worst, because its strays never come back.
GROWTH_WIDTH = {"item": 0.12, "index": 0.16, "record": 0.08, "share": 0.2}
#: Widest 90 % interval of the plateau date, years, of 40 or 50 observed.
DATE_WIDTH = 6.0


def growth_of(fit):
    return fit.shape.named(fit.past)["growth"]


@pytest.mark.parametrize(("shape", "kind"), SAMPLED)
def test_fit_passes_the_gate(shape, kind):
    _, fit = recovered(shape, kind)

    assert fit.converged, fit.diagnostics


@pytest.mark.parametrize(("shape", "kind"), SAMPLED)
def test_growth_is_recovered(shape, kind):
    truth, fit = recovered(shape, kind)

    furthest_low, low, high, furthest_high = np.quantile(growth_of(fit), [0.005, 0.05, 0.95, 0.995])

    # The 90 % intervals are held to their coverage below: one in ten of them should miss.
    assert furthest_low <= truth.world.growth <= furthest_high
    # A Gompertz curve grows twice as fast at first, and only the early rows tell.
    assert high - low < GROWTH_WIDTH[kind] * (3 if shape == "gompertz" else 1)


@pytest.mark.long
def test_most_90_percent_intervals_hold_the_truth():
    growth, date = [], []
    for shape, kind in EVERY:
        truth, fit = recovered(shape, kind)
        low, high = np.quantile(growth_of(fit), [0.05, 0.95])
        growth.append(low <= truth.world.growth <= high)
        if np.isfinite(truth.plateau):
            plateau, _ = fit.plateaus
            date.append(plateau.quantile(0.05) <= truth.plateau <= plateau.quantile(0.95))

    # Of twenty, sixteen or more in 96 of 100 cases; of the seventeen that end, fourteen in 92.
    assert (len(growth), len(date)) == (20, 17)
    assert sum(growth) >= 16, growth
    assert sum(date) >= 14, date


@pytest.mark.parametrize(("shape", "kind"), SAMPLED)
def test_scatter_is_recovered(shape, kind):
    truth, fit = recovered(shape, kind)

    first, low, high, last = np.quantile(np.exp(fit.noise[:, 0]), [0.01, 0.05, 0.95, 0.99])

    # 98 %: of a dozen pairs, a 90 % interval would miss one by chance.
    assert first <= truth.world.scatter <= last
    assert high / low < 2.5


@pytest.mark.parametrize(("shape", "kind"), ENDING)
def test_plateau_date_is_recovered(shape, kind):
    truth, fit = recovered(shape, kind)
    plateau, _ = fit.plateaus

    low, high = plateau.quantile(0.05), plateau.quantile(0.95)

    assert low <= truth.plateau <= high
    assert high - low < DATE_WIDTH


@pytest.mark.parametrize(("shape", "kind"), ENDING)
def test_a_plateau_that_came_years_ago_is_known(shape, kind):
    _, fit = recovered(shape, kind)

    # The positive control: over the twelve seeds the lowest was 0.97 but for one item of 0.33.
    assert fit.plateaus[0].p_already > 0.9


@pytest.mark.parametrize("kind", ["item", "index", "record"])
def test_exponential_never_plateaus(kind):
    truth = simulate("exponential", kind, seed=1, world=WORLDS["exponential", kind])
    fit = fit_quickly(truth.series, SHAPES["exponential"], population=WEAK[kind], seed=1)

    assert truth.plateau == np.inf
    assert fit.plateaus[0].p_none == 1.0


def test_share_of_constant_odds_growth_plateaus_near_its_maximum():
    truth, fit = recovered("exponential", "share")

    plateau, _ = fit.plateaus

    # Growth of the log value is that of the odds times what is left to the maximum.
    assert truth.series.value[-1] < 60
    assert plateau.p_already == 0
    assert plateau.p_future > 0.5
    assert plateau.quantile(0.05) <= truth.plateau <= plateau.quantile(0.95)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "number", [0, 1, *(pytest.param(n, marks=pytest.mark.long) for n in (2, 3))]
)
def test_never_ending_series_raises_no_alarm(kind, number):
    truth = validate().never_ending(kind, number)

    answer = validate().by_importance(truth.series, seed=number)

    # The full control allows 5 alarms in 100 a kind; these four of each are no alarms in it.
    assert answer["p_already"] < validate().ALARM


@pytest.mark.parametrize("kind", KINDS)
def test_stop_is_found_by_the_same_average(kind):
    world = WORLDS["piecewise", kind]
    truth = simulate("piecewise", kind, seed=1, world=world)

    answer = validate().by_importance(truth.series)

    assert answer["p_already"] > 0.9


@pytest.mark.parametrize("kind", KINDS)
def test_bend_is_not_a_plateau(kind):
    # Growth falls to two fifths, which is four times the threshold of one tenth.
    world = WORLDS["piecewise", kind]
    slow, scatter = 0.4 * world.growth, 0.2 * world.growth
    world = dataclasses.replace(world, growth_after=slow, scatter=scatter)
    truth = simulate("piecewise", kind, seed=1, world=world)

    answer = validate().by_importance(truth.series, population=WEAK[kind])

    # A share's will come as it nears its maximum.
    assert truth.plateau > truth.series.as_of_year
    assert answer["p_piecewise"] < 0.1


# Whole per cent hide the scatter of a share near its bounds; its walk is the index's.
@pytest.mark.parametrize(("shape", "kind"), [one for one in SAMPLED if one.values[1] != "share"])
def test_simulated_scatter_has_the_size_it_claims(shape, kind):
    world = dataclasses.replace(WORLDS[shape, kind], rows=400, years=400.0, turn=200.0)
    series = simulate(shape, kind, seed=2, world=world).series
    t = series.time - series.time[0]
    stray = series.y - path(shape, world, t)
    if kind == "index":
        stray = np.diff(stray) / np.sqrt(np.diff(t))
    if kind == "record":
        # New bests are the lucky years. The first year is a row whatever its luck.
        assert stray[1:].mean() > 0
        short = dataclasses.replace(world, years=2.0)
        firsts = [simulate(shape, kind, seed=seed, world=short).series.y[0] for seed in range(400)]
        stray = np.array(firsts) - path(shape, short, np.array([0.5]))

    # Standard error of a robust standard deviation from 400 rows: 6 %, and twice that with
    # persistence; three of them.
    robust = np.subtract(*np.quantile(stray, [0.75, 0.25])) / 1.349
    assert robust == pytest.approx(world.scatter, rel=0.3 if kind == "index" else 0.18)


def test_simulation_is_the_same_for_the_same_seed():
    one, other, third = (simulate("logistic", "item", seed=seed).series for seed in (1, 1, 2))

    assert one.data_sha256 == other.data_sha256
    assert one.data_sha256 != third.data_sha256


def test_records_only_rise_and_silence_is_kept():
    series = simulate("piecewise", "record", seed=1, world=World(years=50, turn=20)).series

    assert (np.diff(series.value) > 0).all()
    assert series.observed_year - series.time[-1] > 1


@pytest.mark.parametrize(("shape", "kind"), [("parabola", "item"), ("piecewise", "ratio")])
def test_unknown_shape_or_kind_is_refused(shape, kind):
    with pytest.raises(InputError, match=r"Choose .* or .*, got"):
        simulate(shape, kind, seed=1)


def test_every_shape_and_kind_has_a_world():
    assert {shape for shape, _ in WORLDS} == set(SHAPES)
    assert len(WORLDS) == len(SHAPES) * len(KINDS)
