import numpy as np
import pytest

from forecasts.scores import (
    PROBS,
    bootstrap_over_families,
    covered,
    interval_score,
    mean_over_series,
    pinball,
    weighted_interval_score,
)


def _forecasts() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(20)
    return np.sort(rng.normal(size=(40, 5)), axis=-1), rng.normal(scale=2.0, size=40)


def test_pinball_matches_its_two_cases():
    quantile = np.array([1.0])

    assert pinball(quantile, 3.0, probs=(0.9,)) == pytest.approx([1.8])
    assert pinball(quantile, -1.0, probs=(0.9,)) == pytest.approx([0.2])


def test_pinball_is_smallest_at_the_quantile_of_the_sample():
    sample = np.arange(101.0)
    candidates = np.arange(0.0, 101.0)

    losses = [pinball(np.full((101, 1), c), sample, probs=(0.75,)).mean() for c in candidates]

    assert candidates[np.argmin(losses)] == 75.0


@pytest.mark.parametrize(("actual", "score"), [(0.0, 4.0), (3.0, 24.0), (-2.5, 14.0)])
def test_interval_score_penalises_what_lies_outside(actual: float, score: float):
    assert interval_score(-2.0, 2.0, actual, coverage=0.9) == pytest.approx(score)


def test_wis_is_the_weighted_sum_of_interval_scores():
    q, y = _forecasts()

    inner = interval_score(q[:, 1], q[:, 3], y, coverage=0.5)
    outer = interval_score(q[:, 0], q[:, 4], y, coverage=0.9)
    by_definition = (0.5 * np.abs(y - q[:, 2]) + 0.25 * inner + 0.05 * outer) / 2.5

    assert weighted_interval_score(q, y) == pytest.approx(by_definition)


def test_wis_of_many_quantiles_tends_to_the_crps_of_a_normal():
    from scipy.stats import norm

    probs = (np.arange(2001) + 0.5) / 2001
    y = 0.7

    wis = weighted_interval_score(norm.ppf(probs), y, probs=probs)

    crps = y * (2 * norm.cdf(y) - 1) + 2 * norm.pdf(y) - 1 / np.sqrt(np.pi)
    # Each neglected tail is 1/4002 of probability wide.
    assert wis == pytest.approx(crps, abs=1e-3)


def test_wis_scales_with_the_unit_and_ignores_a_shift():
    q, y = _forecasts()

    moved = weighted_interval_score(3.0 * q + 5.0, 3.0 * y + 5.0)

    assert moved == pytest.approx(3.0 * weighted_interval_score(q, y))


def test_covered_includes_the_ends():
    q = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])

    assert covered(np.tile(q, (3, 1)), np.array([-2.0, 2.0, 2.1]), coverage=0.9).tolist() == [
        True,
        True,
        False,
    ]
    assert not covered(q, 1.5, coverage=0.5)


def test_covered_refuses_an_interval_it_was_not_given():
    with pytest.raises(ValueError, match=r"quantile 0\.1 is needed"):
        covered(np.zeros(5), 0.0, coverage=0.8)


def test_exact_quantiles_cover_at_their_nominal_rate():
    from scipy.stats import norm

    y = np.random.default_rng(3).normal(size=4000)

    share = covered(np.tile(norm.ppf(PROBS), (4000, 1)), y, coverage=0.9).mean()

    # Four standard errors: sqrt(0.9 * 0.1 / 4000) = 0.0047.
    assert share == pytest.approx(0.9, abs=0.019)


def test_each_series_weighs_the_same():
    assert mean_over_series(np.array([1, 1, 1, 5]), ["a", "a", "a", "b"]) == 3.0


def test_bootstrap_gives_the_standard_error_over_series_and_repeats():
    """Without relatives; with them it is the error over families."""
    rng = np.random.default_rng(8)
    values, series = rng.normal(size=60), [f"s{i // 2}" for i in range(60)]
    means = values.reshape(30, 2).mean(axis=1)

    draws = bootstrap_over_families(values, series, {}, seed=1)

    # 2,000 draws give a standard deviation to 1.6 %; four times that.
    assert draws.std() == pytest.approx(means.std() / np.sqrt(30), rel=0.065)
    assert np.array_equal(draws, bootstrap_over_families(values, series, {}, seed=1))

    pairs = {f"s{i}": f"f{i // 2}" for i in range(30)}
    relatives = bootstrap_over_families(values, series, pairs, seed=1)
    of_pairs = means.reshape(15, 2).mean(axis=1)
    assert relatives.std() == pytest.approx(of_pairs.std() / np.sqrt(15), rel=0.065)
    # A large family of noughts and ten series of ones: the mean is over series, not families.
    uneven = {f"s{i}": "large" if i < 20 else f"s{i}" for i in range(30)}
    redrawn = bootstrap_over_families(np.repeat(np.arange(30) >= 20, 2), series, uneven, seed=1)
    assert np.median(redrawn) == pytest.approx(1 / 3, abs=0.05)
    alike = dict.fromkeys(pairs, "f")
    assert np.isnan(bootstrap_over_families(values, series, alike, seed=1)).all()
