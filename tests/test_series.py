import dataclasses
import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts.errors import InputError
from forecasts.rows import direction_remark
from forecasts.series import Card, Series

YEARS = range(2000, 2010)


def day(year, month=12, date=31):
    return datetime.date(year, month, date)


def make_series(value=None, *, years=YEARS, **fields):
    years = list(years)
    facts = {"title": "Ten years", "unit": "MHz", "direction": "rising", "kind": "index"}
    facts |= {"observed_through": day(max(years))}
    value = np.exp(0.3 * np.arange(len(years))) if value is None else value
    card = Card(**{"id": "ten_years", **facts, **fields})
    return Series(card=card, date=tuple(day(year) for year in years), value=value)


def test_family_defaults_to_the_id():
    assert make_series().card.family == "ten_years"
    assert make_series(family="clocks").card.family == "clocks"


def test_as_of_defaults_to_observed_through():
    series = make_series(observed_through=day(2015))

    assert series.as_of == day(2015)
    assert series.observed_year == series.as_of_year == pytest.approx(2015 + 364 / 365)


def test_y_rises_for_both_directions_and_comes_back():
    rising = make_series()
    falling = make_series(np.exp(-0.3 * np.arange(10)), direction="falling")

    for series in (rising, falling):
        assert np.all(np.diff(series.y) > 0)
        np.testing.assert_allclose(series.from_y(series.y), series.value)


def test_arrays_are_read_only():
    series = make_series()

    for array in (series.value, series.time, series.y):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_callers_array_is_copied():
    value = np.arange(1.0, 11.0)
    series = make_series(value)
    value[0] = 99

    assert series.value[0] == 1


def test_rows_of_the_very_date_are_known():
    assert make_series().known_at("2004").n == 5
    assert make_series().known_at("2004-12-30").n == 4
    assert make_series().known_at(day(2004)).n == 5


def test_none_is_the_series_itself():
    series = make_series()

    assert series.known_at(None) is series


def test_silence_counts_to_the_earlier_of_as_of_and_observed_through():
    series = make_series(observed_through=day(2015))

    assert series.known_at("2012").observed_until == day(2012)
    assert series.known_at("2030").observed_until == day(2015)
    assert series.known_at("2030").as_of == day(2030)


@pytest.mark.parametrize("as_of", ["1999", "2000"])
def test_fewer_than_two_rows_are_refused(as_of):
    with pytest.raises(InputError, match=r"At least 2 rows must be known, got [01] of ten_years"):
        make_series().known_at(as_of)


def test_constant_beginning_is_history():
    series = make_series([5, 5, 5, *range(6, 13)]).known_at("2002")

    assert series.n == 3
    assert np.ptp(series.y) == 0


def test_single_known_date_is_refused():
    years = [2000, 2000, 2001, 2002]

    with pytest.raises(InputError, match=r"got 2 rows all dated 2000-12-31 in ten_years as of"):
        make_series(kind="item", years=years).known_at("2000")


def test_cut_series_does_not_grow_again():
    with pytest.raises(InputError, match="was cut at 2004-12-31"):
        make_series().known_at("2004").known_at("2006")


def test_gaps_of_the_future_are_not_known():
    wars = ((day(2002, 1, 1), day(2003)), (day(2005, 1, 1), day(2006)))
    series = make_series(kind="record", gaps=wars)

    assert series.known_at("2004").card.gaps == wars[:1]
    assert series.known_at("2005").card.gaps == (wars[0], (day(2005, 1, 1), day(2005)))


def test_guessed_direction_is_guessed_again_from_known_rows():
    value = [1, 2, 3, 4, 3, 2, 1, 0.5, 0.2, 0.1]
    series = make_series(value, direction="falling", direction_guessed=True)
    series = dataclasses.replace(series, remarks=(direction_remark("falling"),))

    early = series.known_at("2003")

    assert early.card.direction == "rising"
    assert early.remarks == (direction_remark("rising"),)
    assert make_series(value, direction="falling").known_at("2003").card.direction == "falling"


def make_share(value, **fields):
    return make_series(value, **{"kind": "share", "maximum": 100.0, **fields})


@pytest.mark.parametrize("direction", ["rising", "falling"])
def test_share_is_modelled_on_the_logit_and_comes_back(direction):
    share = make_share([5, 10, 20, 35, 50, 60, 75, 80, 90, 95], direction=direction)

    assert share.y[4] == pytest.approx(0)
    assert share.y[9] == pytest.approx(share.sign * np.log(19))
    np.testing.assert_allclose(share.from_y(share.y), share.value)
    np.testing.assert_allclose(share.log_value(share.y), share.sign * np.log(share.value / 100))


def test_share_holds_zeros_and_its_maximum_a_quarter_of_a_unit_inside():
    share = make_share([1, 0, *range(2, 8), 99, 100])

    np.testing.assert_allclose(share.from_y(share.y)[[1, 9]], [0.25, 99.75])
    assert share.rounding_sd.argmax() in (1, 9)


def test_later_digits_do_not_reach_a_share_known_before():
    whole = make_share([5, 10, 20, 35, 50, 60, 75, 80, 90.5, 95.25])

    known = whole.known_at("2007")

    # Fives until 2007; nine of all ten figures are halves.
    assert known.rounding_sd[4] == pytest.approx(10 * whole.rounding_sd[4])
    assert known.rounding_sd[4] == pytest.approx(0.2 / np.sqrt(12))
    assert known.data_sha256 == make_share(whole.value[:8], years=range(2000, 2008)).data_sha256


def test_floor_moves_the_logit_and_the_hash():
    plain, chance = make_share([30, 45, 62.5, *range(70, 77)]), {"floor": 25.0}
    share = make_share([30, 45, 62.5, *range(70, 77)], **chance)

    assert share.y[2] == pytest.approx(0)
    assert share.from_y(-50.0) == pytest.approx(25)
    assert share.data_sha256 != plain.data_sha256


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"maximum": None}, "needs its maximum"),
        ({"maximum": 8.0}, "cannot exceed its maximum of 8, got 10"),
        ({"floor": 100.0}, "below its maximum, got 100 and 100"),
    ],
)
def test_share_without_room_is_refused(fields, expected):
    with pytest.raises(InputError, match=expected):
        make_share(range(1, 11), **fields)


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, np.inf])
def test_values_without_a_log_are_refused(bad):
    with pytest.raises(InputError, match=r"finite and positive, got .* at 2001-12-31"):
        make_series([1, bad, *range(3, 11)])


def test_unsorted_rows_are_refused():
    with pytest.raises(InputError, match="must be sorted"):
        Series(card=make_series().card, date=(day(2003), day(2001)), value=[1, 2])


def test_rows_after_observed_through_are_refused():
    with pytest.raises(InputError, match="No row may be later than 2005-12-31, got 2009-12-31"):
        make_series(observed_through=day(2005))


def test_lengths_must_agree():
    with pytest.raises(InputError, match="one length"):
        make_series([1, 2, 3])


def test_hash_changes_with_what_reaches_a_fit_and_only_with_that():
    series = make_series()

    def changed(**fields):
        return dataclasses.replace(series, card=dataclasses.replace(series.card, **fields))

    assert changed(title="Another", notes="…", source="x").data_sha256 == series.data_sha256
    for fields in ({"kind": "item"}, {"direction": "falling"}):
        assert changed(**fields).data_sha256 != series.data_sha256
    assert make_series(2 * series.value).data_sha256 != series.data_sha256
    assert series.known_at("2008").data_sha256 != series.data_sha256


def test_hash_of_a_cut_series_does_not_depend_on_what_was_cut():
    other = make_series([*make_series().value[:6], 1e9, 2e9, 3e9, 4e9], observed_through=day(2020))

    assert other.known_at("2005").data_sha256 == make_series().known_at("2005").data_sha256


@settings(max_examples=25, deadline=None)
@given(st.integers(2001, 2012), st.integers(0, 8))
def test_as_of_is_monotone(year, later):
    series = make_series(observed_through=day(2015))
    early, late = series.known_at(str(year)), series.known_at(str(year + later))

    assert early.n <= late.n
    assert early.date == late.date[: early.n]
    assert early.observed_year <= late.observed_year
    assert early.data_sha256 == late.known_at(str(year)).data_sha256


@settings(max_examples=25, deadline=None)
@given(st.floats(1e-9, 1e9), st.sampled_from(["rising", "falling"]))
def test_unit_change_shifts_the_log_only(factor, direction):
    series = make_series(direction=direction)
    scaled = make_series(factor * series.value, direction=direction)

    shift = series.sign * np.log(factor)
    # Rounding of a product and two logs of at most 25: a few parts in 1e15.
    np.testing.assert_allclose(scaled.y - series.y, shift, atol=1e-12)
