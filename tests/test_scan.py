import numpy as np
import pytest
from simulated import EVERY, KINDS, WORLDS

from forecasts.diagnostics import K_HAT_LIMIT
from forecasts.importance import smoothed, weighted_points
from forecasts.models import SHAPES, Bend, Piecewise, Span
from forecasts.models.shape import FAR
from forecasts.population import UNTAUGHT, Population
from forecasts.priors import LEVEL
from forecasts.problem import pose
from forecasts.proposals import around_modes
from forecasts.scan import log_joint, scan
from forecasts.simulate import simulate

SPAN = Span(40.0, 30.0)


def scanned(shape, kind, seed=3):
    series = simulate(shape, kind, seed=seed, world=WORLDS[shape, kind]).series
    return scan(pose(SHAPES[shape], series, 30.0))


@pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
def test_halving_cells_keeps_their_prior_mass(shape):
    cells = shape.cells(SPAN)

    before, after = (np.exp(shape.log_weight(c, SPAN)).sum() for c in (cells, cells.halved()))

    assert after == pytest.approx(before, rel=1e-12)


@pytest.mark.parametrize("hazard", [0.005, 0.04])
def test_changes_arrive_at_the_hazard(hazard):
    shape = Piecewise(population=Population(hazard=hazard))
    cells = shape.cells(SPAN)
    mass = np.exp(shape.log_weight(cells, SPAN))
    changes = (cells.low < FAR).sum(1)

    none, one, two = (mass[changes == k].sum() for k in (0, 1, 2))

    assert one / none == pytest.approx(hazard * SPAN.years)
    # Of all ordered pairs of dates, those in one sixteenth or neighbouring ones are left out:
    # 105 of 128 (in squares of a sixteenth) remain.
    assert two / none == pytest.approx((hazard * SPAN.years) ** 2 / 2 * 105 / 128)


def test_half_of_the_changes_are_stops():
    shape = Piecewise()
    cells = shape.cells(SPAN)
    mass = np.exp(shape.log_weight(cells, SPAN))
    changes, growths = (cells.low < FAR).sum(1), cells.active[:, 2:].sum(1)

    for count in (1, 2):
        mine = changes == count
        stops = mass[mine & (growths < changes)].sum()
        assert stops / mass[mine].sum() == pytest.approx(0.5)


def test_without_stops_no_cell_ends_in_one():
    cells = Piecewise(population=UNTAUGHT.without_stop()).cells(SPAN)

    assert ((cells.low < FAR).sum(1) == cells.active[:, 2:].sum(1)).all()


def test_logistic_odds_of_an_end_are_the_stops_of_the_hazard():
    shape = SHAPES["logistic"]
    cells = shape.cells(SPAN)
    mass = np.exp(shape.log_weight(cells, SPAN))

    seen = mass[cells.high[:, 1] <= SPAN.years].sum()

    assert mass.sum() == pytest.approx(1)
    assert seen == pytest.approx(1 - np.exp(-0.5 * 0.02 * SPAN.years))


def test_a_bend_comes_at_the_hazard_and_half_of_them_stop():
    shape = SHAPES["bend"]
    cells = shape.cells(SPAN)
    mass = np.exp(shape.log_weight(cells, SPAN))
    came = cells.high[:, 1] <= SPAN.years

    assert mass.sum() == pytest.approx(1)
    assert mass[came].sum() == pytest.approx(1 - np.exp(-0.02 * SPAN.years))
    assert mass[came & (cells.active[:, 2] == 0)].sum() == pytest.approx(0.5 * mass[came].sum())


def test_one_bend_in_five_is_more_gradual_than_a_logistic():
    shape = SHAPES["bend"]
    cells = shape.cells(SPAN).halved().halved().halved()
    mass = np.exp(shape.log_weight(cells, SPAN))
    bent = cells.low[:, 1] < FAR

    gradual = mass[bent & (cells.middle[:, 0] > 0)].sum() / mass[bent].sum()

    assert gradual == pytest.approx(0.2, abs=0.02)


def test_a_logistic_is_never_halved_by_its_width():
    cells = SHAPES["logistic"].cells(SPAN)

    halves = cells.halved()

    assert len(halves) == 2 * len(cells) - 1
    assert (halves.middle[:, 0] == 0).all()


@pytest.mark.parametrize(("shape", "kind"), EVERY)
def test_modes_are_modes(shape, kind):
    result = scanned(shape, kind)
    heaviest = int(np.argmax(result.log_evidence))
    steps = np.vstack(
        [np.zeros(result.problem.size), *(s * np.eye(result.problem.size) for s in (-1, 1))]
    )

    value = log_joint(result, steps, np.full(len(steps), heaviest))

    # A standard deviation from the mode of a normal density costs a half, less where a prior is
    # heavy-tailed, and a mode that is not quite reached tilts the two sides.
    cost = value[0] - value[1:].reshape(2, -1)
    assert (cost > 0).all()
    assert cost.mean(axis=0) == pytest.approx(0.5, abs=0.25)


@pytest.mark.parametrize(("shape", "kind"), EVERY)
def test_laplace_evidence_is_near_the_exact_one(shape, kind):
    result = scanned(shape, kind)

    rng = np.random.default_rng(5)
    _, _, weight = weighted_points(result, around_modes(result), 2000, rng)
    exact = np.logaddexp.reduce(weight) - np.log(len(weight))

    # Laplace picks the cells and nothing else: within a factor of e is good enough for that.
    assert np.logaddexp.reduce(result.log_evidence) == pytest.approx(exact, abs=1.0)


@pytest.mark.parametrize("shape", SHAPES)
def test_level_that_the_rows_are_silent_about_keeps_its_prior(shape):
    result = scanned(shape, "index")
    heaviest = int(np.argmax(result.log_evidence))

    assert result.factor[heaviest, 0, 0] == pytest.approx(LEVEL.scale, rel=1e-3)


@pytest.mark.parametrize(("shape", "kind"), EVERY)
def test_importance_sample_is_good_enough_to_weigh_shapes(shape, kind):
    result = scanned(shape, kind)

    rng = np.random.default_rng(5)
    _, _, log_weight = weighted_points(result, around_modes(result), 2000, rng)

    assert smoothed(log_weight)[1] < K_HAT_LIMIT


@pytest.mark.parametrize("kind", KINDS)
def test_cells_gather_where_the_stop_was(kind):
    result = scanned("piecewise", kind)
    share = np.exp(result.log_evidence - np.logaddexp.reduce(result.log_evidence))
    world = WORLDS["piecewise", kind]

    near = np.abs(result.cells.middle - world.turn).min(1) < 0.1 * world.years

    assert share[near].sum() > 0.9


def test_bend_without_stops_keeps_all_its_mass_and_ends_free():
    shape = Bend(population=UNTAUGHT.without_stop())
    cells = shape.cells(SPAN)

    assert np.exp(shape.log_weight(cells, SPAN)).sum() == pytest.approx(1)
    assert (cells.active[cells.low[:, 1] < FAR, 2] == 1).all()


def test_shapes_that_may_stop_are_known():
    assert [name for name, shape in SHAPES.items() if shape.has_stop] == ["piecewise", "bend"]


def test_early_end_of_fast_growth_is_not_given_up():
    result = scanned("gompertz", "item", seed=1)
    share = np.exp(result.log_evidence - np.logaddexp.reduce(result.log_evidence))

    # Growth had halved after 6 of 40 years; with starts too far away the cells from 7.5 on won.
    assert share[result.cells.middle[:, 0] < 7.5].sum() > 0.9
