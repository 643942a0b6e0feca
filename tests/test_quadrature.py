"""NUTS agrees with integrals that share none of its code: own curves, likelihoods and priors.

One small case a shape, each with another kind of series, so that every likelihood is met once:
exponential items and logistic records on dense grids; a piecewise index, whose five
configurations of dates make a grid too large, by drawing two million times from the prior
itself. Tolerances are four Monte-Carlo errors: 2,800 draws of NUTS with an effective size of at
least 1,000 give a probability to .016 at most (one error), mostly to .01.
"""

import datetime

import numpy as np
import pytest
from scipy import stats
from scipy.special import log_ndtr, logsumexp, softmax
from simulated import headline

from forecasts.fit import fit, fit_quickly
from forecasts.importance import importance_sample
from forecasts.models import SHAPES
from forecasts.series import Card, Series

pytestmark = [pytest.mark.statistical, pytest.mark.long]

LN2 = np.log(2.0)
HAZARD, STOP, HORIZON = 0.02, 0.5, 30.0
LEVEL = stats.norm(0, np.log(1000))
GROWTH_SCALE = stats.norm(np.log(LN2 / 4), 1.2)
PROBABILITY = 0.04
#: Log evidence from 20,000 points: eight rows leave tails so wide that its error is .04 (that of a
#: fit's own 1,000 points is up to .4), and the cells of dates have a width, which costs up to .08.
EVIDENCE_POINTS, EVIDENCE = 20_000, 0.2


def series_of(kind, values, until):
    """One value a year on 1 January from 2000 on; None for a year without a row."""
    rows = [(datetime.date(2000 + i, 1, 1), v) for i, v in enumerate(values) if v is not None]
    card = Card(
        id="small", title="Small", unit="units", direction="rising", kind=kind,
        observed_through=datetime.date(until, 1, 1),
    )  # fmt: skip
    days, y = zip(*rows, strict=True)
    return Series(card=card, date=days, value=np.exp(y))


def evidence_of(sampled):
    """Log evidence of the scan that a fit was sampled from, from many points."""
    _, _, weight = importance_sample(sampled.scan, EVIDENCE_POINTS, np.random.default_rng(7))
    return np.logaddexp.reduce(weight) - np.log(EVIDENCE_POINTS)


def half_normal(scale):
    """Log density of the logarithm of a half-normal variable."""
    return lambda log_x: stats.halfnorm(scale=scale).logpdf(np.exp(log_x)) + log_x


# Exponential items: level, growth, scatter and tail weight on a grid; the growth prior's own
# scale is summed out beforehand.

ITEMS = [0.0, 0.55, 0.4, 1.3, 0.9, 1.9, 1.5, 2.4]


def growth_prior(growth):
    """Log density of growth, its scale summed out."""
    scale = np.linspace(-10, 6, 1601)
    each = stats.t(5, scale=np.exp(scale)).logpdf(growth[:, None]) + GROWTH_SCALE.logpdf(scale)
    return logsumexp(each, axis=1) + np.log(scale[1] - scale[0])


def test_exponential_items_agree_with_a_grid():
    y, t = np.array(ITEMS), np.arange(len(ITEMS))
    level, growth = np.linspace(-2.0, 2.0, 61), np.linspace(-0.2, 0.9, 81)
    log_sd, log_df = np.linspace(-3.5, 1.5, 41), np.linspace(-1.5, 5.5, 25)
    left = y - (level[:, None, None] + growth[:, None] * t)
    mass = np.empty((len(log_sd), len(log_df), len(growth)))
    prior = growth_prior(growth) + LEVEL.logpdf(level)[:, None]
    for i, sd in enumerate(log_sd):
        for j, df in enumerate(log_df):
            fits = stats.t.logpdf(left / np.exp(sd), np.exp(df)).sum(-1) - len(y) * sd
            tail = stats.gamma(2, scale=10).logpdf(np.exp(df)) + df
            noise = half_normal(1.5)(sd) + tail
            mass[i, j] = logsumexp(fits + prior + noise, axis=0)
    weight = softmax(mass)
    mean = np.array([weight.sum((0, 1)) @ growth, weight.sum((1, 2)) @ log_sd])
    evidence = logsumexp(mass) + sum(np.log(x[1] - x[0]) for x in (level, growth, log_sd, log_df))

    sampled = fit(series_of("item", ITEMS, 2008), SHAPES["exponential"], seed=1)

    ours = np.array([sampled.past.parameters[:, 2].mean(), sampled.noise[:, 0].mean()])
    spread = np.array([sampled.past.parameters[:, 2].std(), sampled.noise[:, 0].std()])
    # Four errors of a mean with an effective size of 1,000: an eighth of the spread.
    assert (np.abs(ours - mean) < spread / 8).all(), (ours, mean)
    assert evidence_of(sampled) == pytest.approx(evidence, abs=EVIDENCE)


# Piecewise index: draws from the prior, weighted by the likelihood of seven yearly growths. The
# level drops out, since an index is scored by its growth alone.

INDEX = [0.0, 0.2, 0.75, 0.9, 1.5, 1.3, 1.55, 1.35, 1.6]
PRIOR_DRAWS, CHUNK, PHASES = 2_000_000, 250_000, 16
#: Log likelihood below which no path weighs anything: the best ones of this case reach 3.
NEGLIGIBLE = -15.0


def piecewise_prior(rng, n, span):
    """Growths, dates, kind of configuration, and the log prior mass of the latter."""
    scale = np.exp(GROWTH_SCALE.rvs(n, random_state=rng))
    before = scale * rng.standard_t(5, n)
    middle = before / 4 + scale / 2 * rng.standard_t(5, n)
    after = middle / 4 + scale / 2 * rng.standard_t(5, n)
    changes, stops = rng.integers(0, 3, n), rng.random(n) < STOP
    middle = np.where((changes == 1) & stops, 0.0, middle)
    after = np.where((changes == 2) & stops, 0.0, after)
    dates = np.sort(rng.uniform(0, span, (n, 2)), axis=1)
    phase = np.floor(dates * PHASES / span)
    # Two changes in the same or in neighbouring sixteenths of the span are not allowed.
    allowed = (changes < 2) | (phase[:, 1] - phase[:, 0] >= 2)
    # Sorted pairs fill half of the square.
    expected = np.array([1.0, HAZARD * span, (HAZARD * span) ** 2 / 2])
    return before, middle, after, dates, changes, np.where(allowed, np.log(expected)[changes], -9e9)


def piecewise_chunk(rng, n, y):
    """Weights, and what is averaged with them: growth, P(a change), P(already)."""
    span = len(y) - 1.0
    before, middle, after, dates, changes, mass = piecewise_prior(rng, n, span)
    first = np.where(changes > 0, dates[:, 0], 99.0)
    second = np.where(changes > 1, dates[:, 1], 99.0)
    # One change: a single uniform date, not the lower of two.
    first = np.where(changes == 1, rng.uniform(0, span, n), first)

    def curve(t):
        bent = before * np.minimum(t, first) + middle * np.clip(t - first, 0, second - first)
        return bent + after * np.maximum(t - second, 0)

    path = np.stack([curve(t) for t in range(len(y))], 1)
    sd = 0.2 * np.abs(rng.standard_normal(n))
    phi = np.tanh(0.1 + 0.3 * rng.standard_normal(n))
    z = (np.diff(y) - np.diff(path, axis=1)) / sd[:, None]
    fresh = (z[:, 1:] - phi[:, None] * z[:, :-1]) / np.sqrt(1 - phi**2)[:, None]
    rows = stats.norm.logpdf(fresh) - 0.5 * np.log(1 - phi**2)[:, None] - np.log(sd)[:, None]
    weight = rows.sum(1) + stats.norm.logpdf(z[:, 0]) - np.log(sd) + mass
    # The highest growth over any quarter of the span, of the paths that weigh anything.
    steps = np.linspace(0, span, 41)
    kept = weight > NEGLIGIBLE
    best = max_growth(np.stack([curve(t)[kept] for t in steps], 1), steps)
    last = np.where(changes == 0, before, np.where(changes == 1, middle, after))[kept]
    told = [before[kept], changes[kept] > 0, (last < best / 10) & (best > 0)]
    return weight[kept], np.stack(told)


def max_growth(path, t):
    """Highest mean growth over windows of a quarter of the span or longer."""
    pairs = range((len(t) - 1) // 4, len(t))
    return np.max([((path[:, w:] - path[:, :-w]) / (t[w] - t[0])).max(1) for w in pairs], axis=0)


def test_piecewise_index_agrees_with_draws_from_the_prior():
    rng, y = np.random.default_rng(20), np.array(INDEX)
    parts = [piecewise_chunk(rng, CHUNK, y) for _ in range(PRIOR_DRAWS // CHUNK)]
    log_weight = np.concatenate([part[0] for part in parts])
    weight = softmax(log_weight)
    growth, change, already = np.concatenate([part[1] for part in parts], 1) @ weight
    assert 1 / (weight**2).sum() > 1000
    # Each number of changes was drawn in one third of the cases; 105 / 128 of pairs are allowed.
    often = HAZARD * (len(y) - 1)
    possible = (1 + often + often**2 / 2 * 105 / 128) / 3
    evidence = logsumexp(log_weight) - np.log(PRIOR_DRAWS) - np.log(possible)

    sampled = fit(series_of("index", INDEX, 2008), SHAPES["piecewise"], seed=1)

    happened = sampled.past.dates[:, 0] < 100
    assert sampled.plateaus[0].p_already == pytest.approx(already, abs=PROBABILITY)
    assert happened.mean() == pytest.approx(change, abs=PROBABILITY)
    spread = sampled.past.parameters[:, 2].std()
    assert sampled.past.parameters[:, 2].mean() == pytest.approx(growth, abs=spread / 8)
    assert evidence_of(sampled) == pytest.approx(evidence, abs=EVIDENCE)


# Logistic records: level, rate, scatter and inflection on a grid, silent years included.

RECORDS = [0.0, 0.45, 0.8, 1.3, None, 1.6, 1.75, None, None, None]
UNTIL = 2010


def logistic_grid(y, middle):
    """Log mass over (rate, inflection), the rest summed out; the inflection inf comes last."""
    level, log_sd = np.linspace(-2.5, 1.5, 41), np.linspace(-4.0, 1.0, 26)
    log_rate = np.linspace(-5.0, 3.5, 121)
    inflection = np.concatenate([np.arange(0.05, 15, 0.1), np.arange(15.5, 70, 1.0), [np.inf]])
    width = np.concatenate([np.full(150, 0.1), np.full(55, 1.0), [1.0]])
    rate = HAZARD * STOP
    prior = np.log(width) + np.log(rate) - rate * inflection
    prior[-1] = -rate * (UNTIL - 2000 + 2 * HORIZON)
    new = np.array([v is not None for v in y])
    standing = np.maximum.accumulate([-np.inf if v is None else v for v in y])
    k, t0 = np.exp(log_rate)[:, None, None], np.minimum(inflection, 1e4)[:, None]
    # Written from the ceiling down: log C - log(1 + exp(-k (t - t0))), log C from the level.
    ceiling = np.logaddexp(0, k * t0)
    shape = ceiling - np.logaddexp(0, -k * (middle - t0))
    mass = np.full((len(log_rate), len(inflection)), -np.inf)
    for a in level:
        left = standing - a - shape
        for sd in log_sd:
            z = left / np.exp(sd)
            rows = np.where(new, stats.norm.logpdf(z) - sd, log_ndtr(z)).sum(-1)
            mass = np.logaddexp(mass, rows + LEVEL.logpdf(a) + half_normal(0.7)(sd))
    rates = stats.norm(np.log(0.3 * LN2), 1.5).logpdf(log_rate)[:, None]
    mass += rates + prior + sum(np.log(x[1] - x[0]) for x in (level, log_sd, log_rate))
    return mass, log_rate, inflection


def test_logistic_records_agree_with_a_grid():
    middle = np.arange(len(RECORDS)) + 0.5
    mass, log_rate, inflection = logistic_grid(RECORDS, middle)
    weight = softmax(mass)
    ended = inflection + np.log(9) / np.exp(log_rate)[:, None] < UNTIL - 2000
    already, unseen = weight[ended].sum(), weight[:, -1].sum()
    growth = weight.sum(1) @ log_rate

    series = series_of("record", RECORDS, UNTIL)
    sampled = fit(series, SHAPES["logistic"], seed=1)

    assert sampled.plateaus[0].p_already == pytest.approx(already, abs=PROBABILITY)
    assert (sampled.past.dates[:, 0] > 1e4).mean() == pytest.approx(unseen, abs=PROBABILITY)
    spread = sampled.past.parameters[:, 1].std()
    assert sampled.past.parameters[:, 1].mean() == pytest.approx(growth, abs=spread / 8)
    assert evidence_of(sampled) == pytest.approx(logsumexp(mass), abs=EVIDENCE)


@pytest.mark.parametrize("shape", ["piecewise", "logistic"])
@pytest.mark.parametrize(
    ("name", "as_of"), [("cpu_clock", "2009-01-01"), ("airspeed", "1950-01-01")]
)
def test_importance_sampling_agrees_with_nuts(name, as_of, shape):
    sampled = headline(name, as_of, shape)

    quick = fit_quickly(sampled.series, SHAPES[shape], seed=1)

    assert quick.diagnostics.k_hat < 0.7
    assert quick.plateaus[0].p_already == pytest.approx(sampled.plateaus[0].p_already, abs=0.04)
