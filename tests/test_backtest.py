"""A cell of a backtest knows what was known then, asks every model, and repeats itself."""

import dataclasses
import math

import numpy as np
import pytest
from scipy import stats

from forecasts import cells
from forecasts.averaging import model_weights
from forecasts.baselines import BASELINES, available
from forecasts.cells import AVERAGED, DENSE, Question, answer, questions
from forecasts.diagnostics import Diagnostics
from forecasts.fit import child_seed, fit_quickly
from forecasts.lfo import lfo_scores
from forecasts.models import SHAPES
from forecasts.plateau import weighted_quantiles
from forecasts.priors import PRIOR_ODDS
from forecasts.scores import pinball
from forecasts.series import Series
from forecasts.simulate import World, simulate

MODELS = [*SHAPES, AVERAGED, *available()]
LEVELS = ("q05", "q25", "q50", "q75", "q95")
#: One small world a kind, 24 years of it, that importance sampling alone can fit.
SMALL = {
    "item": World(rows=24, years=24, growth=0.4, scatter=0.3),
    "index": World(rows=25, years=24, growth=0.4, scatter=0.08),
    "record": World(years=30, growth=0.4, scatter=0.2),
    "share": World(rows=25, years=24, growth=0.2, scatter=0.06),
}


def cell(kind, *, seed=1):
    """The last question of a series at which two horizons can be asked."""
    series = simulate("exponential", kind, seed=1, world=SMALL[kind]).series
    asked = questions(series, horizons=(1.0, 5.0), seed=seed)
    return [question for question in asked if len(question.targets) == 2][-1]


def cut_by_hand(question):
    """The question of someone who never saw a later row."""
    series, n = question.series, sum(day <= question.as_of for day in question.series.date)
    card = dataclasses.replace(series.card, observed_through=question.as_of)
    short = Series(card=card, date=series.date[:n], value=series.value[:n])
    return dataclasses.replace(question, series=short)


def test_questions_are_the_days_at_which_something_can_be_asked():
    series = simulate("exponential", "index", seed=1, world=SMALL["index"]).series

    asked = questions(series, every=4, horizons=(5.0, 10.0), seed=7)

    # Rows 9, 13, 17 and 21 of 25: the last one has no row five ahead.
    assert [question.as_of for question in asked] == [series.date[i] for i in (8, 12, 16)]
    assert [[target.h for target in question.targets] for question in asked] == [
        [5, 10],
        [5, 10],
        [5],
    ]
    assert {question.seed for question in asked} == {7}


@pytest.mark.parametrize("kind", SMALL)
def test_a_cell_is_what_someone_without_the_later_rows_would_have_said(kind):
    question = cell(kind)
    assert question.series.n > cut_by_hand(question).series.n

    assert answer(question) == answer(cut_by_hand(question))


def test_finer_figures_that_came_later_do_not_sharpen_a_share():
    question = cell("share")
    series, whole = question.series, np.maximum(np.round(question.series.value), 1.0)
    later = np.array([day > question.as_of for day in series.date])
    finer = np.where(later, whole + 0.37, whole).clip(max=99.9)
    question = dataclasses.replace(question, series=dataclasses.replace(series, value=finer))

    assert answer(question) == answer(cut_by_hand(question))


def test_a_cell_is_the_fit_of_the_rows_known():
    question = cell("index")
    known = cut_by_hand(question).series
    seed = child_seed(question.seed, known.card.id, question.as_of.isoformat())
    fits = {
        name: fit_quickly(known, shape, seed=child_seed(seed, name))
        for name, shape in SHAPES.items()
    }
    weights = model_weights(
        lfo_scores(fits),
        {name: fit.converged for name, fit in fits.items()},
    )

    found = answer(question)

    for target in question.targets:
        rows = {row["model"]: row for row in found["forecasts"] if row["h"] == target.h}
        draws = {
            name: fit.forecast_at(np.array([target.years]))[:, 0] for name, fit in fits.items()
        }
        for name, values in draws.items():
            expected = weighted_quantiles(
                values, np.ones(len(values)), [0.05, 0.25, 0.5, 0.75, 0.95]
            )
            assert [rows[name][q] for q in LEVELS] == pytest.approx(np.exp(expected))
        weight = np.concatenate([np.full(len(v), weights[n] / len(v)) for n, v in draws.items()])
        (middle,) = weighted_quantiles(np.concatenate(list(draws.values())), weight, [0.5])
        assert rows[AVERAGED]["q50"] == pytest.approx(np.exp(middle))
    already = {row["model"]: row["p_already"] for row in found["plateaus"]}
    assert already["piecewise"] == fits["piecewise"].plateaus[0].p_already
    assert already[AVERAGED] == pytest.approx(
        sum(weights[name] * fit.plateaus[0].p_already for name, fit in fits.items())
    )


@pytest.mark.parametrize("left", [["exponential"], []], ids=["exponential left", "none left"])
def test_where_nothing_that_may_plateau_passed_the_average_is_scored_and_withheld(
    left, monkeypatch
):
    question = cell("index")
    fits = {
        name: fit_quickly(question.series.known_at(question.as_of), shape, seed=1)
        for name, shape in SHAPES.items()
    }
    for name, one in fits.items():
        one.__dict__["diagnostics"] = Diagnostics(np.nan, 4000.0, 0, 0.1 if name in left else 0.9)
    asked = {shape.name: fits[name] for name, shape in SHAPES.items()}
    monkeypatch.setattr(cells, "fit_quickly", lambda known, shape, **_: asked[shape.name])

    found = answer(question)

    target = question.targets[0]
    draws = {name: fits[name].forecast_at(np.array([target.years]))[:, 0] for name in PRIOR_ODDS}
    weight = np.concatenate([np.full(len(x), PRIOR_ODDS[n] / len(x)) for n, x in draws.items()])
    (middle,) = weighted_quantiles(np.concatenate(list(draws.values())), weight, [0.5])
    (row,) = (r for r in found["forecasts"] if r["model"] == AVERAGED and r["h"] == target.h)
    assert row["q50"] == pytest.approx(np.exp(middle))
    (plateau,) = (r for r in found["plateaus"] if r["model"] == AVERAGED)
    assert not plateau["converged"]
    assert {plateau[key] for key in ("p_already", "p_future", "q05", "q50", "q95")} == {None}


@pytest.mark.parametrize("kind", SMALL)
def test_every_model_answers_every_target_in_the_series_own_unit(kind):
    question = cell(kind)

    found = answer(question)

    asked = [(target.h, model) for target in question.targets for model in MODELS]
    assert [(row["h"], row["model"]) for row in found["forecasts"]] == asked
    assert [row["model"] for row in found["plateaus"]] == [*SHAPES, AVERAGED]
    known = question.series.known_at(question.as_of)
    for row in found["forecasts"]:
        values = [row[q] for q in LEVELS]
        assert values == sorted(values)
        assert math.isfinite(row["crps"])
        assert row["crps"] >= 0
        if kind == "record":
            assert values[0] >= known.value[-1] * (1 - 1e-9)
        if kind == "share":
            assert 0 < values[0] <= values[-1] <= 100


def test_forecasts_of_a_share_are_figures_as_they_would_be_published():
    series = simulate("exponential", "share", seed=1, world=SMALL["share"]).series
    whole = Series(card=series.card, date=series.date, value=np.maximum(np.round(series.value), 1))

    found = answer(questions(whole, horizons=(1.0,), seed=1)[-1])["forecasts"]

    values = np.array([[row[q] for q in LEVELS] for row in found])
    assert values == pytest.approx(np.round(values))
    assert np.ptp(values[:, [0, -1]], axis=1).max() >= 1


def test_falling_series_mirror_rising_ones():
    question = cell("index")
    card = dataclasses.replace(question.series.card, direction="falling")
    fallen = Series(card=card, date=question.series.date, value=1 / question.series.value)
    turned = [dataclasses.replace(t, actual=1 / t.actual) for t in question.targets]

    rising = answer(question)["forecasts"]
    falling = answer(Question(fallen, question.as_of, tuple(turned), question.seed))["forecasts"]

    for up, down in zip(rising, falling, strict=True):
        # The last bit of a logarithm changes which draws importance sampling keeps; another seed
        # moves a figure by up to 6 %.
        near = 1e-9 if up["model"] in BASELINES else 0.1
        assert down["crps"] == pytest.approx(up["crps"], rel=near)
        mirrored = [1 / down[q] for q in LEVELS[::-1]]
        assert mirrored == pytest.approx([up[q] for q in LEVELS], rel=near)


def test_crps_is_twice_the_mean_pinball_loss():
    question = cell("index")
    known, target = question.series.known_at(question.as_of), question.targets[1]
    rows = {(row["h"], row["model"]): row for row in answer(question)["forecasts"]}

    steps = np.diff(known.y)
    # A random walk: Student t with as many degrees of freedom as steps.
    spread = np.sqrt((steps**2).mean() * 5)
    quantiles = known.y[-1] + spread * stats.t(len(steps)).ppf(DENSE)
    loss = pinball(quantiles, np.log(target.actual), probs=DENSE)
    assert rows[5, "no_change"]["crps"] == pytest.approx(2 * loss.mean())


def test_crps_of_a_share_is_of_its_figures():
    row = next(r for r in answer(cell("share"))["forecasts"] if r["model"] == AVERAGED)

    width = row["q95"] - row["q05"]
    # In per cent: between a small part of the interval, and the median's miss and all of it.
    assert 0.02 * width <= row["crps"] <= abs(row["q50"] - row["actual"]) + width


def test_same_seed_gives_the_same_numbers_and_another_one_others():
    one, again, other = (answer(cell("item", seed=seed)) for seed in (1, 1, 2))

    assert one == again
    assert one != other
