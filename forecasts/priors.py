"""Every prior, in plain units, with its reason in one sentence.

Growth is stated in doublings per year, dates in years, scatter as a factor; the models work in
natural logarithms, and the conversion happens here and nowhere else. No prior looks at the data
beyond two facts known at ``as_of``: the first value (which fixes the unit) and the span in years.
"""

from dataclasses import dataclass
from math import lgamma, log, pi

from forecasts.arrays import Array, Namespace

#: Natural logarithms per doubling.
LN2 = log(2.0)


@dataclass(frozen=True)
class Normal:
    """Normal prior on an unconstrained parameter."""

    name: str
    loc: float
    scale: float
    words: str
    reason: str

    def logpdf(self, x: Array, xp: Namespace) -> Array:
        """Log density at `x`."""
        return normal_logpdf(x - self.loc, log(self.scale), xp)


@dataclass(frozen=True)
class Uniform:
    """Uniform prior on a quantity that lives in cells, like a date: its mass is their width."""

    name: str
    low: float
    high: float
    words: str
    reason: str


@dataclass(frozen=True)
class StudentT:
    """Student-t prior whose scale is another parameter times a constant.

    Not a normal one: seen from the scale's logarithm, a normal density is a wall (doubly
    exponential) on which the sampler diverges; the Student-t one falls off linearly.
    """

    name: str
    df: float
    scale: float
    words: str
    reason: str

    def scaled_logpdf(self, x: Array, xp: Namespace, log_unit: Array) -> Array:
        """Log density at `x` for a scale of ``scale * exp(log_unit)``."""
        constant = lgamma((self.df + 1) / 2) - lgamma(self.df / 2) - 0.5 * log(self.df * pi)
        log_scale = log(self.scale) + log_unit
        z = x * xp.exp(-1.0 * log_scale)
        tail = xp.log1p(z * z / self.df)
        return constant - log_scale - 0.5 * (self.df + 1) * tail


@dataclass(frozen=True)
class HalfNormalLog:
    """Half-normal prior on a positive scale, as a density of the scale's logarithm."""

    name: str
    scale: float
    words: str
    reason: str

    def logpdf(self, log_x: Array, xp: Namespace) -> Array:
        """Log density of ``log x`` (the Jacobian is in)."""
        return log(2.0) + normal_logpdf(xp.exp(log_x), log(self.scale), xp) + log_x


@dataclass(frozen=True)
class GammaLog:
    """Gamma prior on a positive parameter, as a density of the parameter's logarithm."""

    name: str
    shape: float
    rate: float
    words: str
    reason: str

    def logpdf(self, log_x: Array, xp: Namespace) -> Array:
        """Log density of ``log x`` (the Jacobian is in)."""
        constant = self.shape * log(self.rate) - lgamma(self.shape)
        return constant + self.shape * log_x - self.rate * xp.exp(log_x)


Prior = Normal | StudentT | HalfNormalLog | GammaLog
#: A prior whose density depends on its parameter alone.
PlainPrior = Normal | HalfNormalLog | GammaLog


def normal_logpdf(x: Array, log_scale: Array, xp: Namespace) -> Array:
    """Log density of a centred normal distribution."""
    z = x * xp.exp(-1.0 * log_scale)
    return -0.5 * z * z - log_scale - 0.5 * log(2 * pi)


#: Changes of growth per year, before and after `as_of` alike (not learned from other series yet).
HAZARD = 0.02
#: The rates shown beside it: where a forecast hangs on them, the prior decides and not the data.
HAZARDS = (0.005, 0.01, 0.02, 0.04)
#: Probability that a change is a stop (growth exactly zero afterwards).
STOP_PROBABILITY = 0.5
#: Prior odds of the shapes that can plateau. An exponential cannot, and is not averaged. Equal but
#: for this: the others can only rise, while the piecewise shape spends half its prior on falling.
PRIOR_ODDS = {"piecewise": 1.0, "logistic": 0.5, "bend": 0.5, "gompertz": 0.5}

LEVEL = Normal(
    "level",
    loc=0.0,
    scale=log(1000.0),
    words="within a factor of 1,000 of the first value (one standard deviation)",
    reason=(
        "the line starts somewhere near the first row, in whatever unit it is written; single "
        "items may stray by orders of magnitude, so the row says little more than that"
    ),
)
GROWTH_SCALE = Normal(
    "the series' own scale of growth",
    loc=log(0.25 * LN2),
    scale=1.2,
    words="0.25 doublings a year, within a factor of 3.3 (one standard deviation of the logarithm)",
    reason=(
        "growth before and after a change is of one order of magnitude in one series, which is "
        "anything from 1 % a year (the price of milk) to tenfold a year (the price of an LLM)"
    ),
)
GROWTH = StudentT(
    "growth",
    df=5,
    scale=1.0,
    words="0 ± 1 × the series' own scale of growth (Student-t, 5 degrees of freedom)",
    reason="either direction is possible before the data speak",
)
#: Where growth after a change is centred, as a share of the growth before it.
KEPT_GROWTH = 0.25
GROWTH_AFTER = StudentT(
    "growth after a change",
    df=5,
    scale=0.5,
    words=(
        f"{KEPT_GROWTH:g} × the growth before it ± 0.5 × the series' own scale of growth "
        "(Student-t, 5 degrees of freedom)"
    ),
    reason=(
        "a changed trend is nearer to zero than before, in either direction: three in ten "
        "turn round, one in eight speeds up"
    ),
)
LOG_RATE = Normal(
    "growth before the inflection",
    loc=log(0.3 * LN2),
    scale=1.5,
    words="0.3 doublings a year, within a factor of 4.5 (one standard deviation of the logarithm)",
    reason=(
        "a curve that saturates was growing first; two in three technologies double in 9 months "
        "to 15 years"
    ),
)
FIRST_GROWTH = Normal(
    "growth at the first row",
    loc=LOG_RATE.loc,
    scale=LOG_RATE.scale,
    words=LOG_RATE.words,
    reason=f"as growth before an inflection: {LOG_RATE.reason}",
)
BEND_WIDTH = Uniform(
    "width of a bend",
    low=-4.0,
    high=1.0,
    words=(
        "growth passes from 10 to 90 % of its change in the time of 0.1 to 17 doublings at the old "
        "rate, every factor as likely as another"
    ),
    reason=(
        "abrupt or gradual is what is asked: from what few series can tell from a corner to three "
        "times as gradual as a logistic, which takes 6.3 doublings; one bend in five is more "
        "gradual than that"
    ),
)
ITEM_SCATTER = HalfNormalLog(
    "scatter",
    scale=1.5,
    words="up to a factor of about 4.5 either way (half-normal)",
    reason="products of one year differ by tens of per cent up to orders of magnitude",
)
TAIL = GammaLog(
    "tail weight",
    shape=2.0,
    rate=0.1,
    words="degrees of freedom of the scatter: Gamma(2, 0.1)",
    reason="the usual weak choice: from wild outliers (2) to practically normal (50)",
)
RECORD_SCATTER = HalfNormalLog(
    "scatter of a period's best",
    scale=0.7,
    words="up to a factor of about 2 either way (half-normal)",
    reason="the best of many attempts varies less than a single product",
)
INDEX_SCATTER = HalfNormalLog(
    "scatter of yearly growth",
    scale=0.2,
    words="up to about 22 % a year either way (half-normal)",
    reason="yearly growth of costs and outputs strays from its trend by a few to tens of per cent",
)
PERSISTENCE = Normal(
    "persistence",
    loc=0.1,
    scale=0.3,
    words="0.1 ± 0.3 (tanh scale): correlation of growth from one year to the next",
    reason="a good year is followed by a slightly better one than usual; strong cycles are rare",
)
SHARE_SCATTER = Normal(
    "scatter of yearly growth of the odds",
    loc=log(0.1),
    scale=0.9,
    words="10 % a year, within a factor of 2.5 (one standard deviation of the logarithm)",
    reason=(
        "the odds of adoption stray from their trend by 5 to 40 % a year; nought is ruled out, "
        "because rounding could always pass for all of a small scatter"
    ),
)
