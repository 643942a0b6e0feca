"""Every prior, in plain units, with its reason in one sentence.

Growth is stated in doublings per year, dates in years, scatter as a factor; the models work in
natural logarithms, and the conversion happens here and nowhere else. No prior looks at the data
beyond two facts known at ``as_of``: the first value (which fixes the unit) and the span in years.

The numbers come from a `Population`, stated or learned from other series; inside the sampler's
graph they are symbolic, so the words are only written when a reader asks for them.
"""

from dataclasses import dataclass
from math import exp, lgamma, log, pi

from forecasts.arrays import Array, Namespace
from forecasts.population import LN2, Population


@dataclass(frozen=True)
class Normal:
    """Normal prior on an unconstrained parameter; with `df`, Student-t with heavier tails."""

    name: str
    loc: float
    scale: float
    told: str
    reason: str
    df: float | None = None

    @property
    def words(self) -> str:
        """The prior in plain units."""
        return self.told.format(
            size=exp(self.loc),
            factor=exp(self.scale),
            loc=self.loc,
            scale=self.scale,
            rate=self.loc / LN2,
            spread=self.scale / LN2,
        )

    def logpdf(self, x: Array, xp: Namespace) -> Array:
        """Log density at `x`."""
        if self.df is None:
            return normal_logpdf(x - self.loc, xp.log(self.scale), xp)
        return student_logpdf(x - self.loc, xp.log(self.scale), self.df, xp)


@dataclass(frozen=True)
class Uniform:
    """Uniform prior on a quantity that lives in cells, like a date: its mass is their width."""

    name: str
    low: float
    high: float
    words: str
    reason: str


@dataclass(frozen=True)
class RisingLog:
    """Cauchy prior of a growth that can only rise, as a density of the growth's logarithm."""

    name: str
    loc: float
    scale: float
    told: str
    reason: str

    @property
    def words(self) -> str:
        """The prior in plain units."""
        return self.told.format(rate=self.loc / LN2, spread=self.scale / LN2)

    def logpdf(self, log_x: Array, xp: Namespace) -> Array:
        """Log density of ``log x`` (the Jacobian is in)."""
        away, log_scale = xp.exp(log_x) - self.loc, xp.log(self.scale)
        rises = 0.5 + xp.arctan(self.loc / self.scale) / pi
        return student_logpdf(away, log_scale, GROWTH_DF, xp) + log_x - xp.log(rises)


@dataclass(frozen=True)
class StudentT:
    """Student-t prior of a growth whose centre and scale hang on the growth before it."""

    name: str
    df: float
    loc: float
    scale: float
    told: str
    reason: str

    @property
    def words(self) -> str:
        """The prior in plain units."""
        return self.told.format(loc=self.loc, scale=self.scale, df=self.df)

    def scaled_logpdf(self, x: Array, xp: Namespace, *, previous: Array, unit: Array) -> Array:
        """Log density at `x`: centre ``loc * previous``, scale ``scale * unit``."""
        log_scale = xp.log(self.scale * unit)
        return student_logpdf(x - self.loc * previous, log_scale, self.df, xp)


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


Prior = Normal | RisingLog | StudentT | GammaLog
#: A prior whose density depends on its parameter alone.
PlainPrior = Normal | RisingLog | GammaLog


def normal_logpdf(x: Array, log_scale: Array, xp: Namespace) -> Array:
    """Log density of a centred normal distribution."""
    z = x * xp.exp(-1.0 * log_scale)
    return -0.5 * z * z - log_scale - 0.5 * log(2 * pi)


def student_logpdf(x: Array, log_scale: Array, df: float, xp: Namespace) -> Array:
    """Log density of a centred Student-t distribution."""
    constant = lgamma((df + 1) / 2) - lgamma(df / 2) - 0.5 * log(df * pi)
    z = x * xp.exp(-1.0 * log_scale)
    return constant - log_scale - 0.5 * (df + 1) * xp.log1p(z * z / df)


#: The rates shown beside it: where a forecast hangs on them, the prior decides and not the data.
HAZARDS = (0.005, 0.01, 0.02, 0.04)
#: Prior odds of the shapes that can plateau. An exponential cannot, and is not averaged. A stated
#: preference: three of the four say nearly the same, growth that slows by and by, and are not to
#: drown the piecewise shape by their number. Two in five for it, three for them together.
PRIOR_ODDS = {"piecewise": 1.0, "logistic": 0.5, "bend": 0.5, "gompertz": 0.5}
#: Degrees of freedom of growth among series, a Cauchy distribution: chemicals get cheaper by 5 % a
#: year, computer memory by 40 % and an LLM by a factor of ten, and none may be pulled to another.
GROWTH_DF = 1
#: Degrees of freedom of growth after a change: heavy tails, but a variance.
CHANGE_DF = 5
#: Share of the spread of growth that a growth counts at least when the next one is measured in it:
#: a trend that has not begun may still begin.
LEAST_UNIT = 0.25

LEVEL = Normal(
    "level",
    loc=0.0,
    scale=log(1000.0),
    told="within a factor of {factor:,.0f} of the first value (one standard deviation)",
    reason=(
        "the line starts somewhere near the first row, in whatever unit it is written; single "
        "items may stray by orders of magnitude, so the row says little more than that"
    ),
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
TAIL = GammaLog(
    "tail weight",
    shape=2.0,
    rate=0.1,
    words="degrees of freedom of the scatter: Gamma(2, 0.1)",
    reason="the usual weak choice: from wild outliers (2) to practically normal (50)",
)


ROW_ERROR = Normal(
    "error of a row",
    loc=log(0.03),
    scale=1.2,
    told="{size:.2g} (log units), within a factor of {factor:.2g} (one standard deviation)",
    reason="what a single month or test adds to the level and the next one does not keep",
)
_GROWTH = "{rate:.2g} ± {spread:.2g} doublings a year (Cauchy: any order of magnitude)"


def growth_before(population: Population) -> Normal:
    """Prior of growth before any change."""
    return Normal(
        "growth",
        loc=population.growth_bias * population.growth_width,
        scale=population.growth_width,
        told=_GROWTH,
        reason=(
            "between series growth is anything from 1 % a year (the price of milk) to tenfold a "
            "year (the price of an LLM), and either direction is possible before the data speak"
        ),
        df=GROWTH_DF,
    )


def rising_growth(population: Population) -> RisingLog:
    """Prior of the logarithm of growth before it fades, for the shapes that can only rise."""
    growth = growth_before(population)
    return RisingLog(
        "growth before it fades",
        loc=growth.loc,
        scale=growth.scale,
        told=_GROWTH + ", given that it rises",
        reason="a curve that saturates was growing first, as fast as other trends do",
    )


def growth_unit(before: Array, width: Array, xp: Namespace) -> Array:
    """Return what growth after a change is measured in: growth before any, and not nearly nought.

    Parameters
    ----------
    before : array
        Growth before any change, log per year.
    width : array
        Spread of growth among series.
    xp : namespace
        NumPy or PyTensor functions.
    """
    return xp.sqrt(before**2 + (LEAST_UNIT * width) ** 2)


def growth_after(population: Population) -> StudentT:
    """Prior of growth after a change that is not a stop."""
    return StudentT(
        "growth after a change",
        df=CHANGE_DF,
        loc=population.kept_growth,
        scale=population.change_spread,
        told=(
            "{loc:.2g} × the growth before it ± {scale:.2g} × the growth before any change "
            "(Student-t, {df:g} degrees of freedom)"
        ),
        reason="a changed trend is nearer to zero than before, in either direction",
    )


#: What the scatter of each kind is of, and why its prior is what it is.
_SCATTER = {
    "item": (
        "scatter",
        "products of one year differ by tens of per cent up to orders of magnitude",
    ),
    "record": (
        "scatter of a period's best",
        "the best of many attempts varies less than a single product",
    ),
    "index": (
        "scatter of yearly growth",
        "yearly growth of costs and outputs strays from its trend by a few to tens of per cent",
    ),
    "share": (
        "scatter of yearly growth of the odds",
        "the odds of adoption stray from their trend by a few to tens of per cent a year; nought "
        "is ruled out, because rounding could always pass for all of a small scatter",
    ),
}


def scatter(population: Population, kind: str) -> Normal:
    """Prior of the logarithm of the scatter."""
    name, reason = _SCATTER[kind]
    return Normal(
        name,
        loc=population.scatter_loc,
        scale=population.scatter_sd,
        told="{size:.2g} (log units), within a factor of {factor:.2g} (one standard deviation)",
        reason=reason,
    )


def persistence(population: Population) -> Normal:
    """Prior of the persistence of yearly growth, on the tanh scale."""
    return Normal(
        "persistence",
        loc=population.persistence_loc,
        scale=population.persistence_sd,
        told="{loc:.2g} ± {scale:.2g} (tanh scale): correlation of growth between years",
        reason="a good year is followed by a slightly better one; strong cycles are rare",
    )
