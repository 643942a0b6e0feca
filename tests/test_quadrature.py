"""NUTS agrees with integrals that share none of its code: own curves, likelihoods and priors.

One small case a shape: exponential items on a dense grid; a piecewise index and a bent one, whose
configurations make a grid too large, by drawing three million times from the prior itself. The
other shapes have records (`tests/test_quadrature_records.py`), so that every likelihood is met.
"""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit, logsumexp, softmax
from simulated import headline
from small import (
    EVIDENCE,
    GROWTH,
    HAZARD,
    HORIZON,
    LEVEL,
    PROBABILITY,
    RATE,
    STOP,
    evidence_of,
    series_of,
    unit,
)

from forecasts.fit import fit, fit_quickly
from forecasts.models import SHAPES
from forecasts.population import WEAK
from forecasts.priors import PRIOR_ODDS

pytestmark = [pytest.mark.statistical, pytest.mark.long]


# Exponential items: level, growth, scatter and tail weight on a grid.

ITEMS = [0.0, 0.55, 0.4, 1.3, 0.9, 1.9, 1.5, 2.4]


def test_exponential_items_agree_with_a_grid():
    y, t = np.array(ITEMS), np.arange(len(ITEMS))
    level, growth = np.linspace(-2.0, 2.0, 61), np.linspace(-0.2, 0.9, 81)
    log_sd, log_df = np.linspace(-3.5, 1.5, 41), np.linspace(-1.5, 5.5, 25)
    left = y - (level[:, None, None] + growth[:, None] * t)
    mass = np.empty((len(log_sd), len(log_df), len(growth)))
    prior = GROWTH.logpdf(growth) + LEVEL.logpdf(level)[:, None]
    for i, sd in enumerate(log_sd):
        for j, df in enumerate(log_df):
            fits = stats.t.logpdf(left / np.exp(sd), np.exp(df)).sum(-1) - len(y) * sd
            tail = stats.gamma(2, scale=10).logpdf(np.exp(df)) + df
            noise = stats.norm(np.log(0.6), 1).logpdf(sd) + tail
            mass[i, j] = logsumexp(fits + prior + noise, axis=0)
    weight = softmax(mass)
    mean = np.array([weight.sum((0, 1)) @ growth, weight.sum((1, 2)) @ log_sd])
    evidence = logsumexp(mass) + sum(np.log(x[1] - x[0]) for x in (level, growth, log_sd, log_df))

    sampled = fit(
        series_of("item", ITEMS, 2008), SHAPES["exponential"], population=WEAK["item"], seed=1
    )

    ours = np.array([sampled.past.parameters[:, 1].mean(), sampled.noise[:, 0].mean()])
    spread = np.array([sampled.past.parameters[:, 1].std(), sampled.noise[:, 0].std()])
    # Four errors of a mean with an effective size of 1,000: an eighth of the spread.
    assert (np.abs(ours - mean) < spread / 8).all(), (ours, mean)
    assert evidence_of(sampled) == pytest.approx(evidence, abs=EVIDENCE)


# Piecewise index: draws from the prior, weighted by the likelihood of seven yearly growths. The
# level drops out, since an index is scored by its growth alone.

# Wider persistence would leave few of the draws with all the weight.
PERSISTENCE_SD = 0.3
BELIEF = replace(WEAK["index"], persistence_sd=PERSISTENCE_SD)
INDEX = [0.0, 0.2, 0.75, 0.9, 1.5, 1.3, 1.55, 1.35, 1.6]
PRIOR_DRAWS, CHUNK, PHASES = 3_000_000, 250_000, 16
#: Log likelihood below which no path weighs anything: the best ones of this case reach 3.
NEGLIGIBLE = -15.0


def piecewise_prior(rng, n, span):
    """Growths, dates, kind of configuration, and the log prior mass of the latter."""
    before = GROWTH.rvs(n, random_state=rng)
    middle = before / 4 + unit(before) / 2 * rng.standard_t(5, n)
    after = middle / 4 + unit(before) / 2 * rng.standard_t(5, n)
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


def index_loglik(rng, path, y):
    """Log likelihood of yearly growths around each path, for noise drawn from its prior."""
    sd = 0.08 * np.exp(rng.standard_normal(len(path)))
    phi = np.tanh(0.1 + PERSISTENCE_SD * rng.standard_normal(len(path)))
    z = (np.diff(y) - np.diff(path, axis=1)) / sd[:, None]
    fresh = (z[:, 1:] - phi[:, None] * z[:, :-1]) / np.sqrt(1 - phi**2)[:, None]
    rows = stats.norm.logpdf(fresh) - 0.5 * np.log(1 - phi**2)[:, None] - np.log(sd)[:, None]
    return rows.sum(1) + stats.norm.logpdf(z[:, 0]) - np.log(sd)


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

    weight = index_loglik(rng, np.stack([curve(t) for t in range(len(y))], 1), y) + mass
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

    sampled = fit(series_of("index", INDEX, 2008), SHAPES["piecewise"], population=BELIEF, seed=1)

    happened = sampled.past.dates[:, 0] < 100
    assert sampled.plateaus[0].p_already == pytest.approx(already, abs=PROBABILITY)
    assert happened.mean() == pytest.approx(change, abs=PROBABILITY)
    spread = sampled.past.parameters[:, 1].std()
    assert sampled.past.parameters[:, 1].mean() == pytest.approx(growth, abs=spread / 8)
    assert evidence_of(sampled) == pytest.approx(evidence, abs=EVIDENCE)


# Bend index: the same rows and likelihood; growth is a sigmoid of time, its path added up by hand.


def bend_chunk(rng, n, y):
    """Weights, and what is averaged with them: growth, P(bent), P(gradual), P(already)."""
    span = len(y) - 1.0
    rate = np.exp(RATE.rvs(n, random_state=rng))
    width = np.exp(rng.uniform(-4, 1, n)) / rate
    date = rng.exponential(1 / HAZARD, n)
    date = np.where(date < span + 2 * HORIZON, date, 1e6)
    free = rate / 4 + unit(rate) / 2 * rng.standard_t(5, n)
    after = np.where(rng.random(n) < STOP, 0.0, free)

    def curve(t, kept=slice(None)):
        # Up to a constant, which growth does not know.
        b, end, w, tau = rate[kept], after[kept], width[kept], date[kept]
        return b * t + (end - b) * w * np.logaddexp(0.0, (t - tau) / w)

    weight = index_loglik(rng, np.stack([curve(t) for t in range(len(y))], 1), y)
    kept = np.flatnonzero(weight > NEGLIGIBLE)
    steps = np.linspace(0, span, 41)
    best = max_growth(np.stack([curve(t, kept) for t in steps], 1), steps)
    last = rate[kept] + (after - rate)[kept] * expit((span - date[kept]) / width[kept])
    bent = date[kept] < span
    told = [np.log(rate[kept]), bent, bent & (width[kept] * rate[kept] > 1), last < best / 10]
    return weight[kept], np.stack(told)


def test_bend_index_agrees_with_draws_from_the_prior():
    rng, y = np.random.default_rng(21), np.array(INDEX)
    parts = [bend_chunk(rng, CHUNK, y) for _ in range(PRIOR_DRAWS // CHUNK)]
    log_weight = np.concatenate([part[0] for part in parts])
    weight = softmax(log_weight)
    log_rate, bent, gradual, already = np.concatenate([part[1] for part in parts], 1) @ weight
    assert 1 / (weight**2).sum() > 1000
    evidence = logsumexp(log_weight) - np.log(PRIOR_DRAWS)

    sampled = fit(series_of("index", INDEX, 2008), SHAPES["bend"], population=BELIEF, seed=1)

    log_width, date = sampled.past.dates.T
    found = date < len(INDEX) - 1
    assert sampled.plateaus[0].p_already == pytest.approx(already, abs=PROBABILITY)
    assert found.mean() == pytest.approx(bent, abs=PROBABILITY)
    assert (found & (log_width > 0)).mean() == pytest.approx(gradual, abs=PROBABILITY)
    spread = sampled.past.parameters[:, 1].std()
    assert sampled.past.parameters[:, 1].mean() == pytest.approx(log_rate, abs=spread / 8)
    assert evidence_of(sampled) == pytest.approx(evidence, abs=EVIDENCE)


@pytest.mark.parametrize("shape", sorted(PRIOR_ODDS))
@pytest.mark.parametrize(
    ("name", "as_of"), [("cpu_clock", "2009-01-01"), ("airspeed", "1950-01-01")]
)
def test_importance_sampling_agrees_with_nuts(name, as_of, shape):
    sampled = headline(name, as_of, shape)

    quick = fit_quickly(sampled.series, SHAPES[shape], seed=1)

    assert quick.diagnostics.k_hat < 0.7
    assert quick.plateaus[0].p_already == pytest.approx(sampled.plateaus[0].p_already, abs=0.04)
