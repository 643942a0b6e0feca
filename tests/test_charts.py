import datetime
import math
from collections.abc import Iterator
from typing import Any

import pytest
from synthetic import STORIES, comparison

from forecasts import chart_beliefs, chart_data, charts, words
from forecasts.chart_style import LIGHT, PAGE, dash, linear_ticks, log_ticks, value_axis
from forecasts.dates import decimal_year
from forecasts.models import SHAPES

ANCIENT = {"first": 1301, "last": 1900.0, "stop": None, "rate": 0.01, "seed": 4,
           "observed_through": datetime.date(1900, 12, 31)}  # fmt: skip


def parts(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Walk through a specification and its panels and layers."""
    yield spec
    for child in (*spec.get("vconcat", ()), *spec.get("layer", ())):
        yield from parts(child)


def marks(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [part["mark"] for part in parts(spec) if "mark" in part]


def test_a_model_s_figure_tells_its_own_numbers():
    result = comparison("stopped")
    last = result.to_dict()["forecast"][-1]

    told = charts.model(result, "exponential").to_dict()["description"]

    assert words.number(last["models"]["exponential"]["q50"]) in told
    assert "the exponential forecast is" in told
    assert "averaged" not in told


def test_the_legend_shows_the_dash_of_every_line():
    spec = charts.overview(comparison(next(iter(STORIES)))).to_dict()
    dashes = [part["encoding"]["strokeDash"] for part in parts(spec)
              if "strokeDash" in part.get("encoding", {})]  # fmt: skip

    assert dashes
    assert all(one["legend"]["symbolType"] == "stroke" for one in dashes)
    assert len({str(look) for look in dashes[0]["scale"]["range"]}) == len(SHAPES) + 2


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("figure", ["overview", "model", "hazards", "beliefs", "thumbnail"])
def test_figure_is_valid_and_draws_marks(story, figure):
    result = comparison(story)
    draw = getattr(charts, figure)

    chart = draw(result, "piecewise") if figure == "model" else draw(result)
    svg = charts.to_svg(chart)

    assert chart.to_dict()["description"].strip()
    assert svg.count("<path") > 10
    assert "NaN" not in svg
    assert "undefined" not in svg


def test_overview_has_two_panels_on_one_time_axis():
    spec = charts.overview(comparison()).to_dict()

    upper, lower = spec["vconcat"]
    domains = {tuple(p["encoding"]["x"]["scale"]["domain"]) for p in parts(spec) if "encoding" in p}
    assert len(domains) == 1
    assert {"area", "line", "circle", "rule"} <= {mark["type"] for mark in marks(upper)}
    assert "bar" in {mark["type"] for mark in marks(lower)}


def test_beliefs_are_cumulative_and_end_at_the_horizon():
    result = comparison("early")

    rows = chart_beliefs.belief_rows(result)

    lines = {line: [r for r in rows if r["line"] == line] for line in {r["line"] for r in rows}}
    # The camp without enough draws is not drawn.
    assert set(lines) == {"prior", "posterior", "sceptic", "extrapolator", "gott"}
    limits = chart_data.year_limits(result)
    for curve in lines.values():
        assert curve == sorted(curve, key=lambda row: row["t"])
        shares = [row["p"] for row in curve]
        assert shares == sorted(shares)
        assert limits[0] <= curve[0]["t"] < curve[-1]["t"] <= limits[1]


@pytest.mark.parametrize(("since", "shades"), [(None, 1), ("2020-05-01", 2)])
def test_dates_that_no_reference_series_reached_are_shaded(since, shades):
    result = comparison("early")
    result.to_dict()["sensitivity"]["hazard"]["unobserved_from"] = since

    drawn = marks(charts.beliefs(result).to_dict())

    assert [mark["type"] for mark in drawn].count("rect") == shades


def test_refused_plateau_has_no_beliefs():
    assert chart_beliefs.belief_rows(comparison("falling")) == []


def test_refused_plateau_leaves_one_panel():
    spec = charts.overview(comparison("falling")).to_dict()

    assert len(spec["vconcat"]) == 1


def test_every_line_has_a_switch_and_only_two_are_on():
    params = {p["name"]: p.get("value") for p in charts.overview(comparison()).to_dict()["params"]}

    on = {name for name, value in params.items() if value is True}
    assert on == {"show_naive", "show_averaged"}
    assert {"show_exponential", "show_piecewise", "show_logistic", "zoom"} <= set(params)


def test_lines_bands_and_points_are_clipped():
    for mark in marks(charts.overview(comparison()).to_dict()):
        if mark["type"] in {"line", "area", "circle", "bar"}:
            assert mark["clip"] is True


def test_an_exploding_naive_line_sets_no_limit():
    plain, wild = comparison(), comparison()
    for row in wild.to_dict()["forecast"]:
        row["naive"] = {q: value * 1e9 for q, value in row["naive"].items()}

    for log in (True, False):
        assert chart_data.value_limits(wild, log=log) == chart_data.value_limits(plain, log=log)


def test_limits_hold_data_and_averaged_interval():
    result = comparison()

    low, high = chart_data.value_limits(result)

    assert low < result.series.value.min()
    assert high > max(row["averaged"]["q95"] for row in result.to_dict()["forecast"])


def test_linear_axis_starts_at_zero_and_holds_the_data():
    low, high = chart_data.value_limits(comparison("early"), log=False)

    assert low == 0
    assert comparison("early").series.value.max() < high
    assert high <= 3 * comparison("early").series.value.max()


def test_nothing_after_as_of_is_drawn_as_data():
    result = comparison("early")

    now = result.series.as_of_year
    assert all(row["t"] <= now for row in chart_data.observations(result))
    assert chart_data.year_limits(result)[1] == pytest.approx(now + 30)


@pytest.mark.parametrize("story", ["stopped", "early", "steep"])
def test_plateau_bars_sum_to_their_shares(story):
    result = comparison(story)

    rows = chart_data.plateau(result)
    sums = {
        part: sum(row["p"] for row in rows if row["part"] == part) for part in ("already", "future")
    }

    plateau = result.to_dict()["plateau"]
    assert sums["already"] == pytest.approx(plateau["p_already"], abs=2e-5)
    # The last calendar year reaches beyond the horizon by a part of a year.
    assert sums["future"] == pytest.approx(plateau["p_future"], abs=0.02)


def test_the_year_of_as_of_is_split_there():
    rows = [row for row in chart_data.plateau(comparison("steep")) if row["year"] == "2026"]

    now = decimal_year(datetime.date(2026, 7, 1))
    assert [row["part"] for row in rows] == ["already", "future"]
    assert rows[0]["end"] == rows[1]["start"] == pytest.approx(now, abs=1e-4)


def test_naive_line_leaves_the_picture_once_and_for_good():
    result = comparison()

    left = chart_data.leaves_picture(result)

    high = chart_data.value_limits(result)[1]
    assert left is not None
    assert left["q50"] > high
    assert all(row["q50"] > high for row in chart_data.naive(result) if row["t"] > left["t"])
    assert chart_data.leaves_picture(comparison("falling"), log=False) is None


def test_observed_through_is_marked_when_it_is_another_day():
    texts = [
        row["text"]
        for rows in charts.overview(comparison("steep")).to_dict()["datasets"].values()
        for row in rows
        if "text" in row
    ]

    assert any("observed to 31" in text for text in texts)
    assert any("as of" in text for text in texts)


def test_each_line_has_its_own_colour_and_dash():
    names = list(SHAPES)

    assert len(names) <= len(LIGHT.models)
    dashes = [tuple(dash(line, names)) for line in ("naive", "averaged", *names)]
    assert len(set(dashes)) == len(dashes)
    for palette in (LIGHT, PAGE):
        colours = [palette.naive, palette.averaged, *palette.models]
        assert len(set(colours)) == len(colours)


def test_one_drawing_serves_light_and_dark():
    look = charts.Look(palette=PAGE, controls=False)

    svg = charts.to_svg(charts.overview(comparison(), look))

    assert "var(--naive)" in svg
    assert LIGHT.naive not in svg


def test_failed_model_is_drawn_without_a_forecast():
    result = comparison("steep")

    assert chart_data.forecast(result, "logistic") == []
    assert "<path" in charts.to_svg(charts.model(result, "logistic"))


@pytest.mark.parametrize("beyond", [None, float("inf")])
def test_a_forecast_beyond_every_number_is_left_out(beyond):
    result = comparison()
    result.to_dict()["forecast"][-1]["naive"]["q95"] = beyond
    result.to_dict()["forecast"][-1]["averaged"]["q95"] = beyond

    svg = charts.to_svg(charts.overview(result))

    assert len(chart_data.averaged(result)) == 29
    assert "NaN" not in svg


def test_series_from_the_fourteenth_century_is_drawn():
    svg = charts.to_svg(charts.overview(comparison(**ANCIENT)))

    assert ">1400<" in svg


def test_png_is_written_without_a_browser():
    assert charts.to_png(charts.thumbnail(comparison())).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.5, 9000, [1, 10, 100, 1000]),
        (1200, 9000, [2000, 5000]),
        (1e14, 1e40, [1e14, 1e19, 1e24, 1e29, 1e34, 1e39]),
    ],
)
def test_log_ticks_are_few_and_round(low, high, expected):
    assert log_ticks(low, high) == pytest.approx(expected)


def test_linear_ticks_are_few_and_round():
    assert linear_ticks(0, 8200) == [0, 2000, 4000, 6000, 8000]


def test_tick_labels_are_digits_or_powers():
    axis = value_axis((1e-5, 1e9), log=True)["axis"]

    assert "'10⁷'" in axis["labelExpr"]
    assert "'10,000'" in axis["labelExpr"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(2700.4, "2,700"), (0.01234, "0.0123"), (5, "5"), (12.3e6, "12.3 million"),
     (5e26, "5.00 × 10²⁶"), (None, "–"), (float("inf"), "∞"), (0, "0")],
)  # fmt: skip
def test_numbers_read_well(value, text):
    assert words.number(value).replace(words.NBSP, " ") == text


def test_a_censored_date_says_so():
    assert words.plateau_date(None, end_year=2055).replace(words.NBSP, " ") == "later than 2055"
    assert words.plateau_date("2005-09-14", end_year=2055).replace(words.NBSP, " ") == "Sep 2005"


@pytest.mark.parametrize("log", [True, False])
def test_an_axis_beyond_the_numbers_ends_at_them(log):
    parts = value_axis((0.0, math.inf), log=log)

    assert parts["scale"]["domain"] == [1e-300 if log else 0.0, 1e300]
    assert all(map(math.isfinite, parts["axis"]["values"]))


def test_growth_is_a_factor_or_a_fall():
    assert words.growth(1.28) == "1.28× a year"
    assert words.growth(0.2).replace(words.NBSP, " ") == "-80 % a year"
