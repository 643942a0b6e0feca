"""Other packages' baselines answer like ours where installed, and leave no trace where not."""

import csv
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from test_backtest import SMALL, cell

from forecasts import baselines, baselines_optional, cell_store, cells
from forecasts.baselines import baseline_quantiles
from forecasts.baselines_optional import PACKAGES, installed
from forecasts.errors import InputError
from forecasts.scores import PROBS, covered, mean_over_series, weighted_interval_score

REFERENCE = Path(__file__).parents[1] / "data" / "reference"
NAMES = tuple(PACKAGES)


@pytest.fixture
def nothing_installed(monkeypatch):
    monkeypatch.setattr(baselines, "installed", dict)
    monkeypatch.setattr(cell_store, "installed", dict)


def walk(n=15):
    return np.cumsum(np.random.default_rng(n).normal(0.1, 0.2, n))


def need(name):
    pytest.importorskip(PACKAGES[name])


def test_without_the_packages_no_row_names_them(nothing_installed):
    found = cells.answer(cell("index"))

    assert not {row["model"] for row in found["forecasts"]} & set(NAMES)


def test_without_the_packages_the_names_are_refused(nothing_installed):
    with pytest.raises(InputError, match="known and installed, got 'ets': use ols, rwd"):
        baseline_quantiles("ets", walk(), [1], PROBS)


def test_a_package_that_is_missing_is_not_installed(monkeypatch):
    def missing(package):
        raise metadata.PackageNotFoundError(package)

    monkeypatch.setattr(baselines_optional, "version", missing)

    assert installed.__wrapped__() == {}


@pytest.mark.parametrize("there", [{}, {"ets": "2.1"}, {"ets": "2.2"}, {"prophet": "1.5"}])
def test_cells_made_with_other_baselines_are_not_used(monkeypatch, there):
    question = cell("index")
    keys = set()
    for found in ({"arima": "2.1"}, there):
        monkeypatch.setattr(cell_store, "installed", lambda found=found: found)
        keys.add(cell_store.key_of(question))

    assert len(keys) == 2


@pytest.mark.parametrize("name", NAMES)
def test_quantiles_ascend_in_the_series_own_unit(name):
    need(name)

    for sign in (1, -1):
        found = baseline_quantiles(name, walk(), [1, 7], PROBS, sign=sign)

        assert found.shape == (2, 5)
        assert (np.diff(found, axis=1) > 0).all()
        # Fifteen rows of a walk: the median stays within four step sizes a row of the last row.
        assert np.abs(sign * np.log(found[:, 2]) - walk()[-1]) == pytest.approx(
            [0, 0], abs=4 * 0.2 * 7
        )


@pytest.mark.parametrize("name", NAMES)
def test_same_rows_give_the_same_quantiles_and_leave_the_global_generator_alone(name):
    need(name)
    np.random.seed(5)  # noqa: NPY002
    expected = np.random.get_state()[1].copy()  # noqa: NPY002

    one = baseline_quantiles(name, walk(), [3], PROBS)
    baselines_optional._fit.cache_clear()
    again = baseline_quantiles(name, walk(), [3], PROBS)

    assert np.array_equal(one, again)
    assert np.array_equal(np.random.get_state()[1], expected)  # noqa: NPY002


@pytest.mark.parametrize("name", NAMES)
def test_even_dates_give_the_same_as_rows(name):
    need(name)
    time = 1302.0 + 2.5 * np.arange(15)

    by_rows = baseline_quantiles(name, walk(), [1, 4], PROBS)
    by_years = baseline_quantiles(name, walk(), [2.5, 10.0], PROBS, time=time)

    # A time is written to the second of a day that stands for a year.
    assert by_years == pytest.approx(by_rows, rel=1e-3)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("n", "same"), [(5, True), (6, True), (7, False)])
def test_up_to_six_rows_are_left_to_the_random_walk(name, n, same):
    need(name)

    theirs = baseline_quantiles(name, walk()[:n], [1, 3], PROBS, sign=-1)
    ours = baseline_quantiles("rwd", walk()[:n], [1, 3], PROBS, sign=-1)

    assert np.allclose(theirs, ours) is same


@pytest.mark.parametrize("name", NAMES)
def test_rows_of_a_single_date_give_nothing(name):
    need(name)

    assert np.isnan(baseline_quantiles(name, walk(), [1], PROBS, time=np.full(15, 7.0))).all()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("y", [np.ones(9), np.arange(7.0), np.arange(40.0)], ids=len)
def test_smooth_and_short_series_have_a_forecast(name, y):
    need(name)

    found = baseline_quantiles(name, y, [1, 5], PROBS)

    assert np.isfinite(found).all()
    assert (np.diff(found, axis=1) >= 0).all()


@pytest.mark.parametrize("kind", SMALL)
def test_every_kind_of_series_gets_their_rows(kind):
    for name in NAMES:
        need(name)
    question = cell(kind)
    known, target = question.series.known_at(question.as_of), question.targets[-1]

    for name in NAMES:
        quantiles = cells._of_baseline(name, question, known, target)
        values = [cells._in_own_unit(quantiles, known)[q] for q in ("q05", "q50", "q95")]

        assert values == sorted(values)
        assert np.isfinite(values).all()


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "ahead", "wis", "within_90", "within_50", "near"),
    [
        ("ets", 1, 0.065, 0.88, 0.47, 0.001),
        ("ets", 5, 0.210, 0.57, 0.21, 0.001),
        ("ets", 10, 0.724, 0.46, 0.24, 0.001),
        ("arima", 1, 0.056, 0.84, 0.47, 0.001),
        ("arima", 5, 0.168, 0.80, 0.43, 0.001),
        ("arima", 10, 0.379, 0.67, 0.41, 0.001),
        # Prophet draws its future changes: another seed moves the last by about .004.
        ("prophet", 1, 0.084, 0.53, 0.29, 0.002),
        ("prophet", 5, 0.188, 0.61, 0.28, 0.005),
        ("prophet", 10, 0.528, 0.50, 0.33, 0.010),
    ],
)
def test_published_scores_are_reproduced(name, ahead, wis, within_90, within_50, near):
    need(name)
    quantiles, actuals, names = [], [], []
    for path in sorted(REFERENCE.glob("fl_*.csv")):
        with path.open(encoding="utf-8") as file:
            y = np.log([float(row["value"]) for row in csv.DictReader(file)])
        for n in range(9, len(y) - ahead + 1, 2):
            found = baseline_quantiles(name, -y[:n], [ahead], PROBS, sign=-1)
            quantiles.append(np.log(found[0]))
            actuals.append(y[n - 1 + ahead])
            names.append(path.stem)

    score = mean_over_series(weighted_interval_score(quantiles, np.array(actuals)), names)
    wide = mean_over_series(covered(np.array(quantiles), np.array(actuals), coverage=0.9), names)
    narrow = mean_over_series(covered(np.array(quantiles), np.array(actuals), coverage=0.5), names)

    print(f"{name} {ahead}: {score:.3f} {wide:.2f} {narrow:.2f}")
    assert score == pytest.approx(wis, abs=near)
    # Prophet's interval rests on its draws, and on what it takes for a change of the past.
    assert wide == pytest.approx(within_90, abs=0.13 if name == "prophet" else 0.01)
    assert narrow == pytest.approx(within_50, abs=0.07 if name == "prophet" else 0.03)
