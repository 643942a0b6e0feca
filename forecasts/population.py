"""How trends of one kind behave: the numbers behind every prior, stated or learned.

Each prior of `forecasts.priors` reads its centre and its spread here, so a fit with another belief
is the same formula, the same compiled model and other data.
"""

from dataclasses import dataclass, fields, replace
from math import log

#: Natural logarithms per doubling.
LN2 = log(2.0)
#: Changes of growth per year where no reference class has taught otherwise.
HAZARD = 0.02
#: Standard deviation of persistence among series, on the tanh scale. The rows ask for more, above
#: all those of long smooth series; but nine rows of a cost that falls ever faster then pass for a
#: slow trend with a persistent stray, and three fits in a hundred do not converge instead of one.
PERSISTENCE_SD = 0.25


@dataclass(frozen=True)
class Population:
    """What is believed of a trend before its rows are seen.

    Attributes
    ----------
    hazard : float
        Changes of growth per year, before and after `as_of` alike.
    stop_probability : float
        Probability that growth after a change is exactly zero.
    kept_growth : float
        Where growth after a change is centred, as a share of the growth before it.
    change_spread : float
        Its spread, as a share of the growth before any change (`priors.growth_unit`).
    growth_bias : float
        Where growth before any change is centred, in units of its spread; 0: as likely to fall as
        to rise.
    growth_width : float
        Spread of that growth among series, in log units per year.
    scatter_loc, scatter_sd : float
        The same of the logarithm of the scatter; what it is the scatter of follows from the kind.
    persistence_loc, persistence_sd : float
        Mean and standard deviation of the persistence of yearly growth, on the tanh scale (`index`
        and `share`).
    """

    hazard: float = HAZARD
    stop_probability: float = 0.5
    kept_growth: float = 0.25
    change_spread: float = 0.5
    growth_bias: float = 0.0
    growth_width: float = 0.25 * LN2
    scatter_loc: float = log(0.1)
    scatter_sd: float = 1.0
    persistence_loc: float = 0.1
    persistence_sd: float = PERSISTENCE_SD

    def without_stop(self) -> "Population":
        """Return the same belief with growth after a change always free."""
        return replace(self, stop_probability=0.0)

    def values(self) -> list[float]:
        """Return the numbers in the order of the fields."""
        return [getattr(self, field.name) for field in fields(self)]


#: What a shape carries until a fit puts the population of its series there.
UNTAUGHT = Population()
#: What is believed of each kind before anything was learned from other series: wide, so that the
#: reference class can narrow it.
WEAK = {
    "item": Population(scatter_loc=log(0.6), scatter_sd=1.0),
    "index": Population(scatter_loc=log(0.08), scatter_sd=1.0, persistence_sd=0.4),
    "record": Population(scatter_loc=log(0.3), scatter_sd=1.0),
    "share": Population(scatter_loc=log(0.1), scatter_sd=0.9, persistence_sd=0.4),
}
