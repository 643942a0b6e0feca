"""Rows closer than a year: growth persists from one to the next, and is forecast in such steps."""

import dataclasses
import datetime

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from forecasts import load
from forecasts.arrays import numpy_namespace
from forecasts.cards import Card
from forecasts.dates import to_date
from forecasts.fit import fit_quickly
from forecasts.lfo import GIVEN, lfo_scores
from forecasts.likelihoods import LIKELIHOODS, likelihood_of
from forecasts.likelihoods import walk as walk_of_levels
from forecasts.likelihoods.walk import spacing
from forecasts.models import SHAPES
from forecasts.problem import pose
from forecasts.sample import build_model
from forecasts.scan import log_joint, scan
from forecasts.series import Series
from forecasts.simulate import World, simulate

#: Rows a year, and the same five years of them.
MONTHLY, QUARTERLY = 12, 4
SEEDS = range(4)


def walk(a_year, persistence=0.0, *, seed=1, kind="index"):
    """Five years of rows whose growth never changes: 0.9 doublings a year, with 10 % of scatter."""
    world = World(
        rows=5 * a_year + 1, years=5.0, growth=0.9, scatter=0.1, persistence=persistence, start=1.0
    )
    return simulate("exponential", kind, seed=seed, world=world).series


def growth(series, shape="exponential"):
    """Quantiles of growth in doublings a year, and P(already)."""
    fit = fit_quickly(series, SHAPES[shape], seed=1, fallback=False)
    assert fit.converged
    return np.quantile(fit.shape.named(fit.past)["growth"], [0.05, 0.95]), fit.plateaus[0].p_already


@pytest.mark.statistical
@pytest.mark.parametrize("a_year", [MONTHLY, QUARTERLY])
@pytest.mark.parametrize("persistence", [0.0, 0.4])
def test_a_steady_trend_is_found_and_not_taken_to_have_plateaued(a_year, persistence):
    found = [growth(walk(a_year, persistence, seed=seed), "piecewise") for seed in SEEDS]

    # 0.1 a square root of a year over five years strays by 0.06 doublings a year; thrice that with
    # persistence.
    wide = 0.2 if persistence else 0.1
    assert all(abs((low + high) / 2 - 0.9) < 2 * wide for (low, high), _ in found)
    assert sum(low <= 0.9 <= high for (low, high), _ in found) >= len(found) - 1
    assert all(already < 0.5 for _, already in found)


@pytest.mark.statistical
def test_a_correlation_by_time_alone_would_miss_it(monkeypatch):
    monkeypatch.setattr(walk_of_levels, "CLOSE", 0.0)

    fits = [
        fit_quickly(walk(MONTHLY, seed=seed), SHAPES["piecewise"], seed=1, fallback=False)
        for seed in SEEDS
    ]

    # Rough, or sure of what is not so: that is what the definition is for.
    assert sum(not f.converged or f.plateaus[0].p_already > 0.5 for f in fits) >= 3


@pytest.mark.statistical
@pytest.mark.parametrize("persistence", [-0.3, 0.0, 0.6])
def test_a_forecast_strays_as_the_rows_do(persistence):
    series, draws = walk(MONTHLY, persistence), 20_000
    # An error of nothing: where the level is, and by how much its growth strayed, is then known.
    noise = np.tile([np.log(0.1), np.arctanh(persistence), np.log(1e-9)], (draws, 1))

    ahead = likelihood_of(series).future(
        lambda t: np.zeros((draws, len(t))), noise, series, series.time[-1] - series.time[0]
        + np.array([1.0, 10.0]), seed=1,
    )  # fmt: skip

    # Month by month, written anew: a hundred and twenty steps from where the last one ended.
    rng = np.random.default_rng(2)
    z = (series.y[-1] - series.y[-2]) / np.sqrt(series.time[-1] - series.time[-2]) / 0.1
    z, sums = np.full(draws, z), np.zeros((120, draws))
    for month in range(120):
        z = persistence * z + np.sqrt(1 - persistence**2) * rng.standard_normal(draws)
        sums[month] = 0.1 * z / np.sqrt(12)
    for column, months in ((0, 12), (1, 120)):
        expected = sums[:months].sum(0)
        assert ahead[:, column].std() == pytest.approx(expected.std(), rel=0.04)
        last = series.y[-1] - series.y[0]
        assert ahead[:, column].mean() - last == pytest.approx(expected.mean(), abs=0.02)


def test_rows_a_year_or_more_apart_persist_by_time():
    prepared = LIKELIHOODS["index"].prepare

    series = load("fl_dram")
    middle = 0.5 * (series.time[1:] + series.time[:-1])
    assert prepared(series)["apart"] == pytest.approx(np.diff(middle), abs=0)
    assert set(prepared(walk(MONTHLY))["apart"]) == {1.0}


@pytest.mark.statistical
def test_a_beginning_is_scored_by_the_formula_of_the_whole():
    """Nine years by the year, then six by the quarter: the first rows alone would be an index."""
    days = [datetime.date(2000 + i, 1, 1) for i in range(9)]
    days += [datetime.date(2009 + i // 4, 1 + 3 * (i % 4), 1) for i in range(24)]
    card = dataclasses.replace(walk(MONTHLY).card, observed_through=days[-1])
    y = 0.02 * np.arange(len(days)) + 0.3 * np.random.default_rng(1).standard_normal(len(days))
    series = Series(card=card, date=tuple(days), value=np.exp(y))
    fit = fit_quickly(series, SHAPES["exponential"], seed=1)
    early = series.known_at(days[GIVEN - 1])

    scores = lfo_scores({"exponential": fit})

    assert (likelihood_of(series).name, likelihood_of(early).name) == ("close index", "index")
    same, other = (
        fit_quickly(early, fit.shape, population=fit.shape.population, horizon=1.0, seed=2,
                    fallback=False, likelihood=one).log_evidence
        for one in (likelihood_of(series), None)
    )  # fmt: skip
    assert scores["exponential"] == pytest.approx(fit.log_evidence - same, abs=0.1)
    assert abs(same - other) > 0.5


def test_a_year_of_months_then_years_has_both():
    days = [datetime.date(2000, month, 1) for month in range(1, 13)]
    days += [datetime.date(2001 + i, 1, 1) for i in range(4)]
    card = Card(id="x", title="x", unit="u", direction="rising", kind="index",
                observed_through=days[-1])  # fmt: skip
    series = Series(card=card, date=tuple(days), value=np.arange(1.0, 17.0))

    data = LIKELIHOODS["index"].prepare(series)

    assert set(data["apart"][:11]) == {1.0}
    assert data["apart"][-2:] == pytest.approx([1.0, 1.0], abs=0.01)
    noise = [np.array([[-2.0]]), np.array([[0.2]])]
    path = lambda t: np.zeros((1, len(t)))  # noqa: E731
    assert np.isfinite(LIKELIHOODS["index"].loglik(path, noise, data, numpy_namespace())).all()


@pytest.mark.statistical
def test_a_monthly_share_is_answered_too():
    world = World(rows=61, years=5.0, growth=0.9, scatter=0.1, persistence=0.0, start=2.0)
    series = simulate("exponential", "share", seed=1, world=world).series

    fit = fit_quickly(series, SHAPES["exponential"], seed=1, fallback=False)

    low, high = np.quantile(fit.shape.named(fit.past)["growth"], [0.05, 0.95])
    assert fit.converged
    assert low - 0.1 < 0.9 < high + 0.1


def covariance(noise, gap, n):
    """Of every row less the first one, from what strays and what errs, written out."""
    scale, phi, error = np.exp(noise[0]), np.tanh(noise[1]), np.exp(noise[2])
    lag = np.abs(np.subtract.outer(np.arange(n - 1), np.arange(n - 1)))
    step = scale * np.sqrt(gap)
    growth = np.outer(step, step) * phi**lag
    summed = np.tril(np.ones((n - 1, n - 1)))
    return summed @ growth @ summed.T + error**2 * (np.eye(n - 1) + 1.0)


@pytest.mark.parametrize("persistence", [-0.4, 0.0, 0.6])
def test_the_filter_gives_the_density_of_all_rows_together(persistence):
    rng = np.random.default_rng(3)
    gap = rng.uniform(0.02, 0.4, 20)
    time = 2000 + np.concatenate([[0.0], np.cumsum(gap)])
    series = Series(
        card=dataclasses.replace(walk(MONTHLY).card, observed_through=to_date(time[-1])),
        date=tuple(to_date(t) for t in time),
        value=np.exp(rng.standard_normal(21)),
    )
    like = likelihood_of(series)
    noise = [np.log(0.3), np.arctanh(persistence), np.log(0.2)]

    found = like.loglik(
        lambda t: np.zeros((1, len(t))),
        [np.array([[value]]) for value in noise],
        like.prepare(series),
        numpy_namespace(),
    )

    assert like.name == "close index"
    joint = multivariate_normal(cov=covariance(noise, np.diff(series.time), series.n))
    assert found[0] == pytest.approx(joint.logpdf(series.y[1:] - series.y[0]), rel=1e-9)


@pytest.mark.statistical
def test_a_forecast_of_rows_that_err_is_what_those_known_say():
    """Against the normal distribution of rows to come given those known, all written out."""
    draws, count, later = 40_000, 9, 3
    rng = np.random.default_rng(5)
    gap = np.concatenate([rng.uniform(0.1, 0.4, count - 1), np.full(later, 0.25)])
    dates = [to_date(2000 + t) for t in np.concatenate([[0.0], np.cumsum(gap)])]
    card = dataclasses.replace(walk(MONTHLY).card, observed_through=dates[count - 1])
    series = Series(
        card=card, date=tuple(dates[:count]), value=np.exp(0.2 * rng.standard_normal(count))
    )
    noise = [np.log(0.3), np.arctanh(0.6), np.log(0.2)]
    known = np.diff(series.time)
    gap = np.concatenate([known, np.full(later, spacing(np.sqrt(known)))])
    time = series.time[-1] - series.time[0] + np.cumsum(gap[count - 1 :])

    ahead = likelihood_of(series).future(
        lambda t: np.zeros((draws, len(t))), np.tile(noise, (draws, 1)), series, time, seed=1
    )

    # Rows to come carry on from the last one as `walk` has it: half of both gaps, one at least.
    whole = covariance(noise, gap, count + later)
    known, ours = slice(0, count - 1), slice(count - 1, None)
    gain = np.linalg.solve(whole[known, known], whole[known, ours]).T
    middle = gain @ (series.y[1:] - series.y[0])
    left = whole[ours, ours] - gain @ whole[known, ours]
    assert ahead.mean(axis=0) == pytest.approx(middle, abs=0.01)
    assert np.cov(ahead.T) == pytest.approx(left, rel=0.05, abs=0.002)


@pytest.mark.parametrize("kind", ["index", "share"])
def test_graph_and_arrays_give_one_log_posterior(kind):
    scanned = scan(pose(SHAPES["piecewise"], walk(QUARTERLY, kind=kind), 30.0))
    z = 1.5 * np.random.default_rng(4).standard_normal((3, scanned.problem.size))

    symbolic = build_model(scanned).compile_logp(mode="FAST_COMPILE")

    every = np.broadcast_to(np.arange(len(scanned.cells)), (len(z), len(scanned.cells)))
    ours = np.logaddexp.reduce(log_joint(scanned, z, every), axis=1)
    assert [symbolic({"z": row}) for row in z] == pytest.approx(ours, rel=1e-9)


def erring(seed, error=0.08, count=30):
    """Rows at random times of three years on a steady trend, each of which errs by itself."""
    rng = np.random.default_rng(seed)
    first = datetime.date(2020, 1, 1)
    days = np.sort(rng.choice(3 * 365, count, replace=False))
    dates = tuple(first + datetime.timedelta(days=int(day)) for day in days)
    y = 0.5 * days / 365.25 + error * rng.standard_normal(count)
    card = dataclasses.replace(walk(MONTHLY).card, observed_through=dates[-1])
    return Series(card=card, date=dates, value=np.exp(y))


@pytest.mark.statistical
def test_errors_of_rows_are_not_taken_for_growth():
    held, wide, naively = [], [], []
    for seed in SEEDS:
        series = erring(seed)
        fit = fit_quickly(series, SHAPES["exponential"], seed=1, fallback=False)
        assert fit.converged
        low, high = np.quantile(fit.forecast_at(np.array([1.0]))[:, 0], [0.05, 0.95])
        truth = 0.5 * (series.as_of_year + 1.0 - 2020)
        held.append(low < truth < high)
        wide.append(high - low)
        naively.append(np.std(np.diff(series.y) / np.sqrt(np.diff(series.time))))

    assert all(held)
    # 0.08 either way of one row is 0.26 of an interval; taken for growth it is several times that.
    assert np.mean(wide) < 0.6
    assert 3.3 * np.mean(naively) > 1.5
