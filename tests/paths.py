"""Growth paths made by hand, and the plateaus found on them."""

import datetime

import numpy as np

from forecasts.models import Draws, Span
from forecasts.plateau import find_plateaus
from forecasts.series import Card, Series

FIRST, YEARS, HORIZON = 1990, 30, 20
SPAN = Span(float(YEARS), float(HORIZON))
#: The observed span is read in 400 cells.
CELL = YEARS / 400


def series_of(values):
    card = Card(
        id="paths", title="Paths", unit="units", direction="rising", kind="item",
        observed_through=datetime.date(FIRST + YEARS, 1, 1),
    )  # fmt: skip
    days = [datetime.date(FIRST + i, 1, 1) for i in range(len(values))]
    return Series(card=card, date=tuple(days), value=np.exp(values))


LONG = series_of(np.arange(20.0))


def plateaus(shape, parameters, dates):
    draws = Draws(np.array([parameters], float), np.array([dates], float))
    return find_plateaus(shape, draws, LONG, SPAN, np.ones(1))


def since_first(plateau):
    return plateau.date[0] - FIRST
