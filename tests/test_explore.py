"""The live view without a browser: what it keeps, what it may look at, how it errs."""

import asyncio
import base64
import datetime
import re
from dataclasses import replace

import pytest
from chromium import optional

from forecasts import InputError, explore, explored, load
from forecasts.explored import Cells, sensible_dates
from forecasts.population import WEAK

widgets = optional("ipywidgets")
ONE = ("logistic",)


def wish(series, **changes):
    return {
        "as_of": series.date[20], "shapes": list(ONE), "camp": "neutral", "kappa": 0.1,
        "horizon": 10.0, "reveal": False,
    } | changes  # fmt: skip


def answered(series, asked):
    cells = Cells(series, seed=1)
    for name in cells.missing(asked):
        cells.fit(asked, name)
    return cells.answer(asked)


def svg_of(answer):
    drawn = re.search(r'base64,([^"]+)"', answer["picture"]).group(1)
    # The drawing library counts its clip paths through.
    return re.sub(r"clip\d+", "clip", base64.b64decode(drawn).decode())


@pytest.fixture(scope="module")
def dram():
    return load("fl_dram")


@pytest.fixture
def view(dram):
    return explore(dram, as_of=dram.date[20], shapes=ONE, horizon=10)


def test_slider_runs_over_silence_to_the_end():
    days = sensible_dates(load("airspeed"))

    assert days == sorted(set(days))
    assert days[-1] == load("airspeed").as_of
    assert datetime.date(1990, 12, 31) in days


def test_picture_of_a_date_does_not_know_what_came(dram):
    # Under another name: whatever looks a series up by its id would find the later rows of both.
    cut = dram.known_at(dram.date[20])
    cut = replace(cut, card=replace(cut.card, id="a_readers_own"))

    assert svg_of(answered(dram, wish(dram))) == svg_of(answered(cut, wish(dram)))


def test_rows_that_came_are_drawn_only_when_asked_and_move_no_axis(dram):
    before, after = (svg_of(answered(dram, wish(dram, reveal=r))) for r in (False, True))

    def labels(svg):
        return re.findall(r"<text[^>]*>([^<]*)</text>", svg)

    assert labels(before) == labels(after)
    assert len(after) > len(before)


def test_moving_the_date_redraws_and_coming_back_needs_no_fit(view, monkeypatch):
    first = view._picture.value
    days = [day for _, day in view.controls["as_of"].options]
    here = view.controls["as_of"].value

    view.controls["as_of"].value = days[days.index(here) + 3]
    assert view._picture.value != first

    monkeypatch.setattr("forecasts.explored.fit_quickly", None)
    view.controls["as_of"].value = here
    assert view._picture.value == first


def test_camp_and_threshold_need_no_fit(view, monkeypatch):
    monkeypatch.setattr("forecasts.explored.fit_quickly", None)
    first = view._text.value

    view.controls["camp"].value = "sceptic"
    second = view._text.value
    view.controls["kappa"].value = 0.5

    assert len({first, second, view._text.value}) == 3
    assert "slowed by half" in view._text.value


def test_no_shape_is_a_sentence(view):
    view.controls["logistic"].value = False

    assert "at least one shape" in view._status.value


def test_rows_that_cannot_be_fitted_are_a_sentence(dram, monkeypatch):
    def fails(*arguments, **options):
        raise ValueError("<singular>")

    monkeypatch.setattr("forecasts.explored.fit_quickly", fails)

    view = explore(dram, as_of=dram.date[20], shapes=ONE)

    assert "could not be fitted (&lt;singular&gt;)" in view._status.value


def test_a_newer_wish_replaces_one_that_waits(dram):
    async def move():
        view = explore(dram, as_of=dram.date[20], shapes=ONE, horizon=10)
        days = [day for _, day in view.controls["as_of"].options]
        for day in days[:4]:
            view.controls["as_of"].value = day
        await view._task
        return days, view

    days, view = asyncio.run(move())

    assert len(view.cells._fits) == 2
    assert view._status.value.replace("\xa0", " ").endswith(str(days[3].year))


def test_a_folder_keeps_answers_for_the_next_session(dram, tmp_path, monkeypatch):
    first = explore(dram, as_of=dram.date[20], shapes=ONE, horizon=10, cache=tmp_path)
    monkeypatch.setattr("forecasts.explored.fit_quickly", None)

    again = explore(dram, as_of=dram.date[20], shapes=ONE, horizon=10, cache=tmp_path)

    assert again._picture.value == first._picture.value


def test_without_a_kernel_the_picture_stands(view):
    assert "<img" in view._repr_mimebundle_()["text/html"]


@pytest.mark.parametrize(
    ("changes", "said"), [({"shapes": ("spline",)}, "got spline"), ({"horizon": 7}, "got 7")]
)
def test_a_wrong_option_is_a_sentence(dram, changes, said):
    with pytest.raises(InputError, match=said):
        explore(dram, **changes)


def test_a_finished_answer_of_another_population_is_not_shown(monkeypatch):
    cells = Cells(load("fl_dram"), seed=1)
    wish = {"as_of": None, "shapes": ("exponential",)}
    before = cells._name(wish)

    monkeypatch.setattr(explored, "population_of", lambda card: WEAK["index"])

    assert cells._name(wish) != before


def test_a_quick_answer_is_not_shown_as_another(monkeypatch):
    cells = Cells(load("fl_dram"), seed=1)
    wish = {"as_of": None, "shapes": ("exponential",)}
    monkeypatch.delenv("FORECASTS_QUICK", raising=False)
    before = cells._name(wish)

    monkeypatch.setenv("FORECASTS_QUICK", "1")

    assert cells._name(wish) != before


@pytest.mark.parametrize(
    ("shapes", "said"),
    [(("piecewise",), "No shape passed"), (("exponential", "piecewise"), "left out: piecewise")],
)
def test_what_failed_the_gate_is_told(dram, shapes, said):
    asked = wish(dram, shapes=list(shapes))
    cells = Cells(dram, seed=1)
    for name in shapes:
        cells.fit(asked, name)
    one = cells._fits[cells._key(asked, "piecewise")]
    one.__dict__["diagnostics"] = replace(one.diagnostics, ess_min=0.0)

    assert said in cells.answer(asked)["text"]
