"""What a caller in Python may ask is what the command line takes."""

import numpy as np
import pytest

from forecasts import backtest, compare, load
from forecasts.checks import check_backtest
from forecasts.errors import InputError


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"every": 0}, "a whole number from 1, got '0'"),
        ({"every": -1}, "a whole number from 1, got '-1'"),
        ({"every": 1.5}, "a whole number from 1, got '1.5'"),
        ({"horizons": (-1.0,)}, "above 0 and up to 200"),
        ({"horizons": (0.0,)}, "above 0 and up to 200"),
        ({"horizons": ()}, "above 0 and up to 200"),
        ({"horizons": (float("nan"),)}, "above 0 and up to 200"),
        ({"horizons": ("5",)}, "above 0 and up to 200"),
        ({"horizons": 5.0}, "above 0 and up to 200"),
        ({"horizons": (1, 1.0)}, "may be named once"),
        ({"seed": -1}, "a whole number from 0, got '-1'"),
        ({"seed": "a"}, "a whole number from 0, got 'a'"),
    ],
)
def test_a_backtest_that_makes_no_sense_is_refused(options, said):
    with pytest.raises(InputError, match=said):
        backtest(load("fl_dram"), **{"every": 9, "horizons": (1.0,), **options})


def test_ordinary_options_pass():
    assert check_backtest(2, (1, 5.0, 0.5), 0) == (2, (1.0, 5.0, 0.5), 0)
    assert check_backtest(2, (h for h in (1, 5)), 0) == (2, (1.0, 5.0), 0)


def test_numbers_of_numpy_are_numbers():
    plain = {"every": 30, "horizons": (1.0,), "seed": 1}
    theirs = {"every": np.int64(30), "horizons": np.array([1]), "seed": np.int64(1)}

    first, second = (backtest(load("fl_dram"), **options) for options in (plain, theirs))

    assert first.forecasts.equals(second.forecasts)


def test_two_series_of_one_name_are_refused():
    with pytest.raises(InputError, match="named once, got fl_dram twice"):
        backtest([load("fl_dram"), load("fl_dram")])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"seed": -1}, "The seed: a whole number from 0, got '-1'"),
        ({"seed": None}, "The seed: a whole number from 0, got 'None'"),
        ({"seed": True}, "The seed: a whole number from 0, got 'True'"),
        ({"horizon": "30"}, "The horizon is a number of years, got '30'"),
        ({"horizon": None}, "The horizon is a number of years, got 'None'"),
        ({"horizon": 0.5}, "at least 1, got 0.5"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(options, said):
    with pytest.raises(InputError, match=said):
        compare(load("cpu_clock"), **options)
