"""Small series and priors of the tests that compare with integrals, written anew on purpose."""

import datetime

import numpy as np
from scipy import stats

from forecasts.importance import weighted_points
from forecasts.proposals import around_modes
from forecasts.series import Card, Series

LN2 = np.log(2.0)
HAZARD, STOP, HORIZON = 0.02, 0.5, 30.0
LEVEL = stats.norm(0, np.log(1000))
WIDTH = LN2 / 4
#: Growth before any change.
GROWTH = stats.cauchy(scale=WIDTH)


class RATE:
    """Logarithm of a growth that rises: half of the symmetric prior, twice as dense."""

    @staticmethod
    def logpdf(log_rate):
        return GROWTH.logpdf(np.exp(log_rate)) + log_rate + np.log(2)

    @staticmethod
    def rvs(n, random_state):
        return np.log(np.abs(GROWTH.rvs(n, random_state=random_state)))


#: Four Monte-Carlo errors: 2,800 draws of NUTS with an effective size of at least 1,000 give a
#: probability to .016 at most (one error), mostly to .01.
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
    proposal, rng = around_modes(sampled.scan), np.random.default_rng(7)
    _, _, weight = weighted_points(sampled.scan, proposal, EVIDENCE_POINTS, rng)
    return np.logaddexp.reduce(weight) - np.log(EVIDENCE_POINTS)


def unit(before):
    """What growth after a change is measured in."""
    return np.hypot(before, WIDTH / 4)
