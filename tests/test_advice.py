"""What is told of a series before its answer."""

import dataclasses
import datetime

import pytest

from forecasts import load
from forecasts.advice import advice


def spaced(days, kind="index"):
    """A series with a row every so many days."""
    whole = load("fl_dram")
    start = datetime.date(2000, 1, 1)
    dates = tuple(start + datetime.timedelta(days * i) for i in range(8))
    card = dataclasses.replace(whole.card, kind=kind)
    return dataclasses.replace(
        whole, card=card, date=dates, value=whole.value[:8], label=("",) * 8, source=("",) * 8
    )


@pytest.mark.parametrize(("days", "months"), [(30, "1"), (91, "3")])
def test_rows_closer_than_a_year_are_advised_against(days, months):
    (told,) = advice(spaced(days))

    assert told.startswith(f"Rows are about {months} months apart")
    assert told.endswith("Keep one row a year.")


def test_yearly_rows_and_other_kinds_need_no_advice():
    assert advice(spaced(365)) == ()
    assert advice(spaced(30, kind="item")) == ()
    assert advice(load("cpu_clock")) == ()
