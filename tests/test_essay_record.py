import pytest

from forecasts.essay.record import improved, judge_trend_lines, overconfident, score_table
from forecasts.essay.rule import AGAINST, SUPPORTED, UNTOLD
from forecasts.scoreboard import Score


def line(cover=(0.5, 0.05), behind=(-0.1, -0.2, -0.05), h=10.0, model="ols", series=11):
    return Score(
        scale="log value", h=h, model=model, cells=70, series=series, wis=(0.45, 0.1),
        crps=(0.4, 0.1), cover90=cover, cover50=(0.3, 0.1), behind=behind,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cover", "word"),
    [((0.5, 0.05), SUPPORTED), ((0.99, 0.005), AGAINST), ((0.88, 0.05), UNTOLD)],
)
def test_coverage_decides(cover, word):
    assert overconfident(line(cover=cover)).word == word


@pytest.mark.parametrize(
    ("behind", "word"),
    [((-0.1, -0.2, -0.05), SUPPORTED), ((0.1, 0.05, 0.2), AGAINST), ((0.0, -0.1, 0.1), UNTOLD)],
)
def test_the_paired_difference_decides(behind, word):
    assert improved(line(behind=behind)).word == word


def test_few_series_cannot_tell():
    assert overconfident(line(series=9)).word == UNTOLD
    assert improved(line(series=9)).word == UNTOLD


def test_the_longest_horizon_is_judged():
    scores = [line(h=1.0, cover=(0.95, 0.01)), line(h=10.0), line(h=float("nan"))]

    verdict = judge_trend_lines(scores)

    assert verdict.word == SUPPORTED
    assert "horizon 10" in verdict.findings[0].because
    assert list(score_table(scores)["h"]) == [1.0, 10.0]
