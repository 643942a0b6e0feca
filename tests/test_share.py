"""A share from rows to report: the bounds hold everywhere, and the odds are named as such."""

import dataclasses
import re

import numpy as np
import pytest
from simulated import WORLDS

from forecasts import build_report, charts, compare, load
from forecasts.answer import text_of
from forecasts.arrays import numpy_namespace
from forecasts.chart_data import observations, value_limits
from forecasts.likelihoods import Share
from forecasts.simulate import simulate

pytestmark = pytest.mark.statistical


@pytest.fixture(scope="module")
def answer():
    truth = simulate("piecewise", "share", seed=1, world=WORLDS["piecewise", "share"])
    # A zero inside has no logit of its own.
    value = truth.series.value.copy()
    value[1] = 0
    return compare(dataclasses.replace(truth.series, value=value), seed=1)


def test_share_passes_the_gate(answer):
    assert answer.converged, answer.failed


def test_forecasts_stay_between_nought_and_the_maximum(answer):
    for row in answer.to_dict()["forecast"]:
        for quantiles in (row["naive"], row["averaged"], *row["models"].values()):
            values = list(quantiles.values())
            assert values == sorted(values)
            assert 0 < values[0] <= values[-1] <= 100


def test_forecast_starts_at_the_last_row(answer):
    first = answer.to_dict()["forecast"][0]["averaged"]

    assert first["q05"] < answer.series.value[-1] < first["q95"]


def test_naive_growth_is_said_to_be_that_of_the_odds(answer):
    result = answer.to_dict()

    grown = np.polyfit(answer.series.time, answer.series.y, 1)[0]
    assert result["naive"]["growth_per_year"] == pytest.approx(np.exp(grown))
    assert "The naive line, odds 1." in text_of(result)


def test_axis_of_a_share_is_linear_up_to_its_maximum_and_log_draws_too(answer):
    assert value_limits(answer, log=False) == (0, pytest.approx(102))
    assert value_limits(answer, log=True)[0] > 0
    assert all(row["value"] > 0 for row in observations(answer))
    for look in (charts.Look(), charts.Look(log=True)):
        spec = charts.overview(answer, look).to_dict()
        scales = [
            layer["encoding"]["y"].get("scale")
            for layer in spec["vconcat"][0]["layer"]
            if isinstance(layer["encoding"].get("y"), dict)
        ]
        assert {scale["type"] for scale in scales if scale} == {"log" if look.log else "linear"}
        svg = charts.to_svg(spec)
        assert "NaN" not in svg
        assert "Infinity" not in svg


def test_report_of_a_share_names_the_odds_and_repeats_itself(answer, tmp_path):
    page = build_report([answer], tmp_path / "out").parent / f"{answer.series.card.id}.html"
    text = page.read_text(encoding="utf-8")

    assert "least squares on logits" in text
    assert "are those of the odds" in text
    assert "leaves the log picture" not in text
    assert re.search(r"the odds double every", text)
    assert f"forecasts fit ./{page.stem}.csv --as-of" in text
    again = load(page.with_suffix(".csv"))
    assert (again.card.kind, again.card.maximum) == ("share", 100.0)
    assert again.data_sha256 == answer.series.data_sha256
    assert not re.search(r"data-log checked", text)
    assert "The exponential never stops" not in text


def test_rounding_widens_what_growth_between_rows_may_be(answer):
    like, series = Share(), answer.series
    data = like.prepare(series)

    spread = np.exp(like.log_spread(np.array([[-50.0]]), data, numpy_namespace())[0])

    both = series.rounding_sd[1:] ** 2 + series.rounding_sd[:-1] ** 2
    assert spread == pytest.approx(np.sqrt(both) / data["root_gap"])
    # With a wide scatter the rounding of whole per cents does not matter.
    assert np.exp(like.log_spread(np.array([[2.0]]), data, numpy_namespace())) == pytest.approx(
        np.e**2, rel=0.05
    )
