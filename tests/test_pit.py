"""Bins counted by hand, and bands against the binomial distribution."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from forecasts.pit import NOMINAL, histograms, shares

LEVELS = ("q05", "q25", "q50", "q75", "q95")
QUANTILES = (1.0, 2.0, 3.0, 4.0, 5.0)


def table(*cells, model="averaged"):
    """Rows of forecasts.csv: (series, h, actual), all with the same five quantiles."""
    return pd.DataFrame(
        [
            {"series": name, "h": h, "actual": actual, "model": model}
            | dict(zip(LEVELS, QUANTILES, strict=True))
            for name, h, actual in cells
        ]
    )


def test_nominal_shares_are_those_between_the_quantiles():
    assert pytest.approx([0.05, 0.2, 0.25, 0.25, 0.2, 0.05]) == NOMINAL


@pytest.mark.parametrize(("actual", "bin"), [(0.5, 0), (1.5, 1), (3.5, 3), (9.0, 5)])
def test_a_truth_falls_into_the_bin_between_its_neighbours(actual, bin):
    found = shares(np.array([QUANTILES]), np.array([actual]))

    assert found[0].tolist() == np.eye(6)[bin].tolist()


def test_a_standing_record_is_spread_over_the_bins_it_may_be_in():
    found = shares(np.array([[7.0, 7.0, 8.0, 9.0, 10.0]]), np.array([7.0]))

    assert found[0] == pytest.approx([0.1, 0.4, 0.5, 0, 0, 0])


def test_density_is_the_mean_over_series_over_the_nominal_share():
    (one,) = histograms(table(("a", 1, 0.0), ("a", 1, 3.5), ("b", 1, 3.5)))

    # Series a: half in the first bin, half in the fourth; series b: all in the fourth.
    assert (one.cells, one.series) == (3, 2)
    assert one.density == pytest.approx([0.25 / 0.05, 0, 0, 0.75 / 0.25, 0, 0])


def test_falling_series_are_turned():
    (one,) = histograms(table(("a", 1, 0.0)), falling={"a"})

    assert one.density == pytest.approx([0, 0, 0, 0, 0, 20])


def test_horizons_and_models_are_kept_apart():
    both = pd.concat([table(("a", 1, 0.0), ("a", 5, 0.0)), table(("a", 1, 9.0), model="ols")])

    assert [one.h for one in histograms(both)] == [1, 5]
    assert histograms(both, model="ols")[0].density[-1] == pytest.approx(20)


def test_bands_are_binomial():
    cells = [(f"s{i % 10}", 1, 3.5) for i in range(100)]

    (one,) = histograms(table(*cells))

    # Discrete counts: one more or less of 100, or of 10.
    for n, band in ((100, one.independent), (10, one.dependent)):
        for p, low, high in zip(NOMINAL, *band, strict=True):
            expected = stats.binom(n, p).ppf([0.05, 0.95]) / n
            assert p * np.array([low, high]) == pytest.approx(expected, abs=1.01 / n)


def test_relatives_are_one_where_all_is_taken_for_dependent():
    cells = table(*((f"s{i}", 1, 3.5) for i in range(10)))
    alone = histograms(cells)[0]

    related = histograms(cells, families={f"s{i}": f"f{i // 5}" for i in range(10)})[0]

    assert related.independent == pytest.approx(alone.independent)
    # Two families: a bin of a quarter holds none, one or both of them.
    assert related.dependent[:, 2] == pytest.approx([0.0, 4.0])
    assert (related.dependent[1] >= alone.dependent[1]).all()


def test_calibrated_forecasts_are_flat():
    truth = stats.norm.rvs(size=4000, random_state=3)
    rows = table(*((f"s{i}", 1, value) for i, value in enumerate(truth)))
    rows[list(LEVELS)] = stats.norm.ppf([0.05, 0.25, 0.5, 0.75, 0.95])

    (one,) = histograms(rows)

    # Four standard errors of the rarest bin: 4 * sqrt(0.95 / 0.05 / 4000).
    assert one.density == pytest.approx(np.ones(6), abs=0.28)
