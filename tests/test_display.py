"""Results show themselves in Jupyter; text of a file never becomes HTML."""

import base64
import dataclasses
import re
import types

import pytest
from quick import quick_answer

from forecasts import Backtest, InputError, backtest, cells, load, progress
from forecasts.averaging import LEVELS
from forecasts.fit import QUICK, fit_quickly
from forecasts.models import SHAPES
from forecasts.offline import render
from forecasts.plateau import KAPPA, SLOWED
from forecasts.view import View

SEED = 1
EVIL = "</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def hostile():
    """Few rows whose every text is HTML."""
    series = load("fl_dram")
    card = dataclasses.replace(series.card, title=EVIL, unit=EVIL, source=EVIL, licence=EVIL)
    labels = (EVIL,) * series.n
    return dataclasses.replace(series, card=card, label=labels, source=labels, remarks=(EVIL,))


@pytest.fixture(scope="module", autouse=True)
def quick():
    """No sampler: what is shown matters here, not how it was made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(QUICK, "1")
        yield


@pytest.fixture(scope="module")
def folder(quick, tmp_path_factory):
    return tmp_path_factory.mktemp("backtest")


@pytest.fixture(scope="module")
def found(folder):
    return backtest(load("fl_dram"), every=20, horizons=(1, 5), seed=SEED, folder=folder)


@pytest.fixture(scope="module")
def answer(hostile):
    return quick_answer(hostile)


@pytest.fixture(scope="module")
def shown(hostile, answer, found):
    one = answer.fits["piecewise"]
    things = [hostile, one, one.plateaus[0], answer, found]
    return {type(thing).__name__: thing._repr_html_() for thing in things}


NAMES = ["Series", "Fit", "Plateau", "Comparison", "Backtest"]


@pytest.mark.parametrize("name", NAMES)
def test_every_result_shows_picture_sentence_and_table(shown, name):
    page = shown[name]

    assert page.count("<img ") == 1
    assert re.search("<strong>[^<]{40,}</strong>", page)
    assert page.count("<tr>") > 3


@pytest.mark.parametrize("name", NAMES)
def test_no_text_of_a_file_becomes_html(shown, name):
    assert "<script" not in shown[name]
    assert "src=x" not in re.sub(r"&lt;.*?&gt;", "", shown[name])


def test_a_picture_is_an_image_that_draws_the_text(shown):
    drawn = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', shown["Series"]).group(1)

    svg = base64.b64decode(drawn).decode()
    assert svg.startswith("<svg")
    assert "<img" not in svg


def test_a_chart_in_a_notebook_cannot_leave_its_script():
    spec = {"description": EVIL, "data": {"values": [{"a": EVIL}]}, "mark": "point"}

    page = render(spec)["text/html"]

    inside = re.search(r'class="spec">(.*?)</script>', page, re.DOTALL).group(1)
    assert "<" not in inside
    assert "<img src=x" not in page


def test_a_backtest_reads_what_it_wrote(folder, found):
    read = Backtest.read(folder)

    assert read.forecasts.equals(found.forecasts)
    assert str(read) == str(found)
    assert read.series == ["fl_dram"]


def test_a_backtest_holds_what_its_cells_say(found):
    asked = cells.questions(load("fl_dram"), every=20, horizons=(1.0, 5.0), seed=SEED)
    rows = [row for question in asked for row in cells.answer(question)["forecasts"]]

    assert found.forecasts["model"].tolist() == [row["model"] for row in rows]
    for name in (*LEVELS, "actual", "crps"):
        # Seven digits.
        said = [row[name] for row in rows]
        assert found.forecasts[name].tolist() == pytest.approx(said, rel=1e-6)


def test_a_series_of_ones_own_is_not_the_bundled_one_of_its_name(folder):
    own = Backtest.read(folder, families={"fl_dram": "mine"})

    assert (own.maxima, own.families) == ({}, {"fl_dram": "mine"})


def test_progress_in_a_notebook_is_one_line_that_goes_away(monkeypatch):
    lines = []
    handle = types.SimpleNamespace(update=lambda html: lines.append(html.data))
    monkeypatch.setattr("IPython.get_ipython", lambda: types.SimpleNamespace(kernel=1))
    monkeypatch.setattr("IPython.display.display", lambda html, display_id: handle)

    with progress.shown(2) as report:
        report("<b>first</b>", 1, 1)
        report("second", 1, 1)

    assert "&lt;b&gt;first&lt;/b&gt; (1 of 2)" in lines[0]
    assert "second (2 of 2)" in lines[1]
    assert lines[2] == ""

    with pytest.raises(KeyboardInterrupt), progress.shown(1):
        raise KeyboardInterrupt
    assert lines[-1] == ""


@pytest.mark.parametrize("missing", ["forecasts", "plateaus"])
def test_a_folder_without_a_whole_backtest_is_refused(tmp_path, missing):
    (tmp_path / f"{({'forecasts', 'plateaus'} - {missing}).pop()}.csv").write_text("series\n")

    with pytest.raises(InputError, match=rf"got no {missing}\.csv"):
        Backtest.read(tmp_path)


def test_a_view_of_all_shapes_is_the_comparison(answer):
    view = View(answer.fits)

    assert view.weights == pytest.approx(answer.weights)
    ours, theirs = view.to_dict(), answer.to_dict()
    assert ours["forecast"] == theirs["forecast"]
    assert ours["plateau"]["p_by"] == pytest.approx(theirs["plateau"]["p_by"])
    assert view.sentence == answer.sentence


@pytest.mark.parametrize("kappa", [KAPPA, SLOWED])
def test_a_view_before_the_end_says_its_sentence(kappa):
    """Of a trend that goes on: the other threshold is named once, and never beside itself."""
    series = load("fl_photovoltaics")
    fit = fit_quickly(series, SHAPES["exponential"], seed=1, fallback=False)

    said = View({"exponential": fit}, kappa=kappa).sentence

    assert "<1" in said
    assert said.count("slowed by half") == (kappa == SLOWED)


def test_a_view_may_hold_one_shape_without_weight(answer):
    view = View({"exponential": answer.fits["exponential"]})

    assert view.plateau.p_already == 0
    assert (
        view.to_dict()["forecast"][9]["averaged"]
        == view.to_dict()["forecast"][9]["models"]["exponential"]
    )
