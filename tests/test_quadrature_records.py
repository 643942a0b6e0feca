"""NUTS agrees with dense grids on records: logistic and Gompertz, silent years included."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import log_ndtr, logsumexp, softmax
from small import (
    EVIDENCE,
    HAZARD,
    HORIZON,
    LEVEL,
    LN2,
    PROBABILITY,
    RATE,
    STOP,
    evidence_of,
    series_of,
)

from forecasts.fit import fit
from forecasts.models import SHAPES
from forecasts.population import WEAK

pytestmark = [pytest.mark.statistical, pytest.mark.long]

RECORDS = [0.0, 0.45, 0.8, 1.3, None, 1.6, 1.75, None, None, None]
UNTIL = 2010


def logistic_shape(t, k, t0):
    """Log value relative to the level, from the ceiling down: log C - log(1 + exp(-k (t - t0)))."""
    return np.logaddexp(0, k * t0) - np.logaddexp(0, -k * (t - t0))


def gompertz_shape(t, rate, halved):
    """Log value relative to the level: growth that halves every so many years, added up."""
    return rate * halved / LN2 * (1 - 0.5 ** (t / halved))


def record_grid(y, middle, path):
    """Log mass over (rate, date), the rest summed out; the date inf comes last."""
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
    shape = path(middle, k, t0)
    mass = np.full((len(log_rate), len(inflection)), -np.inf)
    for a in level:
        left = standing - a - shape
        for sd in log_sd:
            z = left / np.exp(sd)
            rows = np.where(new, stats.norm.logpdf(z) - sd, log_ndtr(z)).sum(-1)
            mass = np.logaddexp(
                mass, rows + LEVEL.logpdf(a) + stats.norm(np.log(0.3), 1).logpdf(sd)
            )
    rates = RATE.logpdf(log_rate)[:, None]
    mass += rates + prior + sum(np.log(x[1] - x[0]) for x in (level, log_sd, log_rate))
    return mass, log_rate, inflection


def test_logistic_records_agree_with_a_grid():
    middle = np.arange(len(RECORDS)) + 0.5
    mass, log_rate, inflection = record_grid(RECORDS, middle, logistic_shape)
    weight = softmax(mass)
    ended = inflection + np.log(9) / np.exp(log_rate)[:, None] < UNTIL - 2000
    already, unseen = weight[ended].sum(), weight[:, -1].sum()
    growth = weight.sum(1) @ log_rate

    series = series_of("record", RECORDS, UNTIL)
    sampled = fit(series, SHAPES["logistic"], population=WEAK["record"], seed=1)

    assert sampled.plateaus[0].p_already == pytest.approx(already, abs=PROBABILITY)
    assert (sampled.past.dates[:, 1] > 1e4).mean() == pytest.approx(unseen, abs=PROBABILITY)
    spread = sampled.past.parameters[:, 1].std()
    assert sampled.past.parameters[:, 1].mean() == pytest.approx(growth, abs=spread / 8)
    assert evidence_of(sampled) == pytest.approx(logsumexp(mass), abs=EVIDENCE)


def test_gompertz_records_agree_with_a_grid():
    middle, span = np.arange(len(RECORDS)) + 0.5, UNTIL - 2000.0
    mass, log_rate, halved = record_grid(RECORDS, middle, gompertz_shape)
    weight = softmax(mass)
    # Both the reference, the mean growth of the first quarter, and growth at the end go with the
    # growth at the first row.
    decay = LN2 / halved
    with np.errstate(invalid="ignore"):
        reference = np.where(decay > 0, -np.expm1(-decay * span / 4) / (decay * span / 4), 1.0)
    ended = np.exp(-decay * span) < reference / 10
    already, unseen = weight[:, ended].sum(), weight[:, -1].sum()
    growth = weight.sum(1) @ log_rate

    sampled = fit(
        series_of("record", RECORDS, UNTIL), SHAPES["gompertz"], population=WEAK["record"], seed=1
    )

    assert sampled.plateaus[0].p_already == pytest.approx(already, abs=PROBABILITY)
    assert (sampled.past.dates[:, 0] > 1e4).mean() == pytest.approx(unseen, abs=PROBABILITY)
    spread = sampled.past.parameters[:, 1].std()
    assert sampled.past.parameters[:, 1].mean() == pytest.approx(growth, abs=spread / 8)
    assert evidence_of(sampled) == pytest.approx(logsumexp(mass), abs=EVIDENCE)
