"""A level after its last row: what ten years bring does not hang on which years are asked for."""

import numpy as np
import pytest

from forecasts.likelihoods.walk import spacing, walk

DRAWS = 40_000
SCALE = 0.1


def strayed(times, row, phi, *, seed=1, z=0.0, before=None):
    return walk(
        np.zeros(DRAWS),
        np.full(DRAWS, z),
        scale=np.full(DRAWS, SCALE),
        phi=np.full(DRAWS, phi),
        before=before or row,
        row=row,
        times=np.asarray(times, float),
        rng=np.random.default_rng(seed),
    )


def by_rows(years, row, phi):
    """Variance after whole rows, from the correlations of growth written out."""
    count = round(years / row)
    lag = np.abs(np.subtract.outer(np.arange(count), np.arange(count)))
    kept = phi ** (lag * max(row, 1.0))
    # The first row starts from growth that did not stray, so what is left of it is taken away.
    known = phi ** ((np.arange(count) + 1) * max(row, 1.0))
    return SCALE**2 * row * (kept - np.outer(known, known)).sum()


@pytest.mark.parametrize("row", [1 / 12, 1.0, 5.0])
@pytest.mark.parametrize("phi", [0.0, 0.7])
def test_one_time_or_every_year_before_it_is_the_same(row, phi):
    alone = strayed([10.0], row, phi)[:, 0]
    yearly = strayed(np.arange(1.0, 11.0), row, phi, seed=2)[:, -1]

    expected = by_rows(10.0, row, phi) ** 0.5
    # A standard deviation from 40,000 draws is known to 0.35 %.
    assert [alone.std(), yearly.std()] == pytest.approx([expected, expected], rel=0.02)


def test_growth_that_strayed_goes_on_straying():
    ahead = strayed([1.0, 2.0], 1.0, 0.5, z=2.0)

    assert ahead.mean(axis=0) == pytest.approx([SCALE * 1.0, SCALE * 1.5], abs=0.003)


def test_the_step_from_the_last_row_is_as_long_as_both_halves():
    ahead = strayed([1.0], 1.0, 0.5, z=2.0, before=3.0)

    # From the middle of three years to the middle of the next one it is two.
    assert ahead.mean() == pytest.approx(SCALE * 2.0 * 0.5**2, abs=0.003)
    assert ahead.std() == pytest.approx(SCALE * np.sqrt(1 - 0.5**4), rel=0.02)


def test_rows_to_come_are_spaced_as_the_last_few():
    gaps = np.array([20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 1.0, 3.0, 1.0, 2.0, 1.0])

    assert spacing(np.sqrt(gaps)) == pytest.approx(1.0)
    # Of two gaps it is their mean, not that of their roots.
    assert spacing(np.sqrt([1.0, 9.0])) == pytest.approx(5.0)


def test_within_a_row_it_is_a_bridge():
    ahead = strayed([1.0, 2.5, 5.0], 5.0, 0.0)

    # Independent increments, as of a Brownian motion: that is what a row's growth is made of.
    steps = np.diff(ahead, axis=1, prepend=0.0)
    assert steps.std(axis=0) == pytest.approx(SCALE * np.sqrt([1.0, 1.5, 2.5]), rel=0.02)
    assert np.abs(np.corrcoef(steps.T) - np.eye(3)).max() < 0.02


def test_times_that_miss_a_row_by_little_make_no_difference():
    near = strayed([0.999, 2.003], 1.0, 0.6)

    assert near.std(axis=0) ** 2 == pytest.approx(
        [by_rows(1.0, 1.0, 0.6), by_rows(2.0, 1.0, 0.6)], rel=0.03
    )
