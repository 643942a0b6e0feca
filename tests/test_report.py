import dataclasses
import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from synthetic import MODELS, comparison

from forecasts import load, report
from forecasts.errors import InputError
from forecasts.report.assets import card_toml, inline_svg, json_in_script, series_csv
from forecasts.report.build import slugs_for
from forecasts.report.folder import check
from forecasts.report.page import facts, first_sentence

EVIL = "</script><img src=x onerror=alert(1)><!-- \u2028 {{ 7*7 }} \"'&"


class Page(HTMLParser):
    """Collect tags, data blocks and marked numbers of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: list[str] = []
        self.text = path.read_text(encoding="utf-8")
        self._in_block = False
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._in_block = tag == "script"

    def handle_endtag(self, tag):
        self._in_block = False

    def handle_data(self, data):
        if self._in_block and data.strip():
            self.blocks.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def results():
    return [comparison("stopped"), comparison("falling"), comparison("steep", rows=40)]


@pytest.fixture(scope="module")
def folder(results, tmp_path_factory):
    return report.build(results, tmp_path_factory.mktemp("r") / "reports").parent


def follow(pointer: str, value):
    """Resolve a JSON Pointer."""
    for key in pointer.strip("/").split("/"):
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def test_folder_holds_index_pages_numbers_and_rows(folder, results):
    names = {path.name for path in folder.iterdir()}

    ids = [result.series.card.id for result in results]
    assert {"index.html", "assets"} <= names
    assert {f"{name}.{end}" for name in ids for end in ("html", "json", "csv", "toml")} <= names


def test_json_is_the_result_itself(folder, results):
    text = (folder / "synthetic_clock.json").read_text(encoding="utf-8")

    assert json.loads(text) == json.loads(json.dumps(results[0].to_dict()))


@pytest.mark.parametrize("name", ["synthetic_clock", "synthetic_price", "synthetic_compute"])
def test_every_marked_number_equals_the_json(folder, name):
    numbers = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    page = Page(folder / f"{name}.html")

    marked = [attrs for _, attrs in page.tags if "data-json" in attrs]

    assert len(marked) > 60
    for attrs in marked:
        expected = follow(attrs["data-json"], numbers)
        shown = attrs["data-value"]
        assert (json.loads(shown) if not isinstance(expected, str) else shown) == expected


def test_page_follows_the_order_of_the_question(folder):
    text = (folder / "synthetic_clock.html").read_text(encoding="utf-8")

    ids = [
        "answer",
        "side-by-side",
        "plateau",
        "before",
        "prior",
        "models",
        "diagnostics",
        "data",
        "repeat",
    ]
    places = [text.index(f'id="{name}"') for name in ids]
    assert places == sorted(places)


def test_page_opens_no_connection(folder):
    for path in folder.glob("*.html"):
        page = Page(path)
        policy = next(a for a in page.named("meta") if a.get("http-equiv"))["content"]
        assert "default-src 'none'" in policy
        assert "eval" not in policy
        for _, attrs in page.tags:
            for key in ("src", "href", "action", "data", "poster"):
                assert not re.match(r"(?:[a-z]+:)?//", attrs.get(key) or "")


def test_every_chart_has_a_still_picture_and_a_text(folder):
    page = Page(folder / "synthetic_clock.html")

    boxes = [attrs for _, attrs in page.tags if "data-chart" in attrs]
    assert len(boxes) == 3 + len(MODELS)
    assert all(len(attrs["aria-label"]) > 40 for attrs in boxes)
    assert page.text.count('<div class="still"><svg') == len(boxes)


def test_ids_are_used_once(folder):
    page = Page(folder / "synthetic_clock.html")

    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_rows_that_are_all_alike_have_a_page_without_r_squared():
    known = comparison("stopped")
    known.to_dict()["naive"]["r2"] = None

    text = dict(facts(known))["Naive line"]

    assert "R²" not in text
    assert "R²" in dict(facts(comparison("stopped")))["Naive line"]


def test_failed_fit_is_the_first_line(folder):
    text = (folder / "synthetic_compute.html").read_text(encoding="utf-8")

    main = text[text.index("<main>") + len("<main>") :].lstrip()
    assert main.startswith('<p class="failed"')
    assert "logistic" in main[:300]
    assert "Not converged" in (folder / "index.html").read_text(encoding="utf-8")


def test_a_failed_refit_without_the_stop_is_named_too(tmp_path):
    report.build([comparison("falling", failed=("piecewise without the stop",))], tmp_path / "out")

    for name in ("synthetic_price.html", "index.html"):
        assert "piecewise without the stop" in (tmp_path / "out" / name).read_text("utf-8")


def test_page_without_failure_has_no_alarm(folder):
    assert 'class="failed"' not in (folder / "synthetic_clock.html").read_text(encoding="utf-8")


def test_a_page_without_any_average_is_still_a_page(tmp_path):
    result = comparison("falling", failed=tuple(MODELS))
    for row in result.to_dict()["forecast"]:
        row["averaged"] = dict.fromkeys(row["averaged"])
    result.to_dict()["naive"]["factor"] = {"5": None, "10": None, "20": None}
    result.to_dict()["sensitivity"] = {"sentence": None, "hazards": []}

    index = report.build([result], tmp_path / "out")

    text = (index.parent / "synthetic_price.html").read_text(encoding="utf-8")
    assert text.count('<p class="failed"') == 1
    assert ", ".join(MODELS) in text


def test_refusal_is_said_in_words(folder):
    text = (folder / "synthetic_price.html").read_text(encoding="utf-8")

    assert "no claim about a ceiling is possible" in text


def test_related_series_stand_beside_each_other(folder):
    text = (folder / "synthetic_clock.html").read_text(encoding="utf-8")

    beside = text[text.index('id="beside"') : text.index('id="prior"')]
    assert 'href="synthetic_price.html"' in beside


def test_texts_from_files_are_escaped_everywhere(tmp_path):
    result = comparison(
        "stopped", rows=12, id=f"x{EVIL}", title=EVIL, unit=EVIL, label=EVIL, notes=EVIL
    )
    result.sentence = EVIL
    result.priors[0]["reason"] = EVIL
    result.to_dict()["sensitivity"]["sentence"] = EVIL

    index = report.build([result], tmp_path / "out")

    pages = [Page(path) for path in index.parent.glob("*.html")]
    assert len(pages) == 2
    for page in pages:
        assert page.named("img") == []
        assert not any(key.startswith("on") for _, attrs in page.tags for key in attrs)
        assert {attrs.get("src", "data") for attrs in page.named("script")} <= {
            "data", "assets/vega.js", "assets/report.js"
        }  # fmt: skip
        heads = re.findall(r"<h1>(.*?)</h1>", page.text)
        assert heads
        assert not any("49" in head for head in heads)
    specs = [json.loads(block) for page in pages for block in page.blocks]
    labels = {row.get("label") for rows in specs[0]["datasets"].values() for row in rows}
    assert EVIL in labels
    assert not any("\u2028" in block or "<" in block for page in pages for block in page.blocks)


def test_json_cannot_leave_its_script_element():
    text = str(json_in_script({"a": EVIL}))

    assert json.loads(text) == {"a": EVIL}
    assert not re.search("[<>&\u2028\u2029]", text)


CARDS = {
    "share": 'title = "A \\"share\\"\\u007f"\nkind = "share"\nmaximum = 1\nfloor = 0.01\n',
    "record": 'kind = "record"\nperiod = "month"\ngaps = [["2009-04-01", "2009-06-30"]]\n'
    'observed_through = "2013"\nfamily = "mine"\n',
    "guessed": 'kind = "item"\nnotes = """Two\nlines."""\n',
}


def written(series, folder):
    """The series as it is read again from what a report writes of it."""
    folder.mkdir()
    (folder / "mine.csv").write_text(series_csv(series), encoding="utf-8")
    (folder / "mine.toml").write_text(card_toml(series), encoding="utf-8")
    return load(folder / "mine.csv")


@pytest.mark.parametrize("kind", CARDS)
def test_a_readers_series_is_read_again_from_the_files_beside_its_page(tmp_path, kind):
    rows = [f"{2005 + i}-03-01,{0.02 + 0.03 * i}" for i in range(8)]
    (tmp_path / "mine.csv").write_text("\n".join(["date,value", *rows]), encoding="utf-8")
    (tmp_path / "mine.toml").write_text(CARDS[kind], encoding="utf-8")
    series = load(tmp_path / "mine.csv").known_at("2011-06-30")

    again = written(series, tmp_path / "folder")

    assert again.data_sha256 == again.known_at("2011-06-30").data_sha256 == series.data_sha256
    known = dataclasses.replace(series.card, observed_through=series.observed_until)
    assert again.card == known
    # What is written down needs no remark, and only a guess is not.
    told = series.card.direction_guessed
    assert again.remarks == tuple(r for r in series.remarks if told or "direction" not in r)


def test_a_guessed_direction_is_guessed_again_from_what_a_report_writes(tmp_path):
    values = [100 / 1.5**i for i in range(10)] + [2.0 * 1.8**i for i in range(10)]
    rows = [f"{1990 + i},{value}" for i, value in enumerate(values)]
    (tmp_path / "mine.csv").write_text("\n".join(["date,value", *rows]), encoding="utf-8")
    series = load(tmp_path / "mine.csv", kind="item")

    again = written(series, tmp_path / "folder")

    assert series.card.direction == "rising"
    for one in (series, again):
        assert one.known_at("1999").card.direction == "falling"


def test_silence_that_was_not_known_is_not_written(tmp_path):
    then = load("airspeed").known_at("1950-12-31")

    again = written(then, tmp_path / "folder")

    assert str(again.as_of) == "1950-12-31"
    assert again.data_sha256 == then.data_sha256


def test_items_that_differ_in_nothing_written_stay_two(tmp_path):
    rows = ["2001,1,a", "2001,1,b", "2002,2,c", "2003,4,d"]
    (tmp_path / "mine.csv").write_text("\n".join(["date,value,vendor", *rows]), encoding="utf-8")
    series = load(tmp_path / "mine.csv", kind="item")

    assert written(series, tmp_path / "folder").n == series.n == 4


def test_a_card_read_as_another_kind_is_written_without_what_that_kind_lacks(tmp_path):
    rows = [f"{2005 + i},{2 + 3 * i}" for i in range(8)]
    (tmp_path / "mine.csv").write_text("\n".join(["date,value", *rows]), encoding="utf-8")
    (tmp_path / "mine.toml").write_text('kind = "share"\nmaximum = 100\n', encoding="utf-8")
    series = load(tmp_path / "mine.csv", kind="index")

    assert "The card's maximum is left out: it says nothing of kind index." in series.remarks
    assert written(series, tmp_path / "folder").data_sha256 == series.data_sha256


def test_how_to_repeat_names_the_file_beside_the_page(results, folder):
    page = (folder / f"{results[0].series.card.id}.html").read_text(encoding="utf-8")

    assert f"forecasts fit ./{results[0].series.card.id}.csv --as-of" in page
    assert "In the folder of this page" in page
    assert f"--out ../{results[0].series.card.id}-again" in page
    assert "--out ../backtest" in page


def test_pictures_keep_their_ids_apart():
    svg = inline_svg('<clipPath id="clip0"/><g clip-path="url(#clip0)"/>', "one")

    assert svg == '<clipPath id="one-clip0"/><g clip-path="url(#one-clip0)"/>'


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t"])
def test_csv_copy_runs_no_formula(sign):
    text = series_csv(comparison(rows=3, label=f"{sign}HYPERLINK(1)").series)

    assert f"'{sign}HYPERLINK" in text


def test_interrupted_run_leaves_the_earlier_report(tmp_path):
    index = report.build([comparison("falling")], tmp_path / "out")
    before = {path: path.read_bytes() for path in index.parent.rglob("*") if path.is_file()}

    def interrupt(what: str, done: int, total: int) -> None:
        if done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        report.build([comparison("falling", title="Another")], tmp_path / "out", progress=interrupt)

    after = {path: path.read_bytes() for path in index.parent.rglob("*") if path.is_file()}
    assert after == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_interrupted_first_run_leaves_nothing(tmp_path):
    def interrupt(what: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        report.build([comparison("falling")], tmp_path / "out", progress=interrupt)

    assert list(tmp_path.iterdir()) == []


def test_second_report_replaces_the_first(tmp_path):
    report.build([comparison("falling")], tmp_path / "out")
    report.build([comparison("falling", id="other")], tmp_path / "out")

    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert "other.html" in names
    assert "synthetic_price.html" not in names


def test_foreign_files_are_never_removed(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(InputError, match=r"no report wrote \(such as thesis\.txt\)"):
        report.build([comparison("falling")], tmp_path)

    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "out").write_text("")

    with pytest.raises(InputError, match="A report is a folder"):
        report.build([comparison("falling")], tmp_path / "out")


def test_a_mount_is_refused_before_anything_is_fitted(tmp_path, monkeypatch):
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(Path, "is_mount", lambda self: self.name == "out")

    with pytest.raises(InputError, match="a mount that cannot be moved"):
        check(tmp_path / "out")


def test_a_report_needs_a_folder_above_that_can_be_written(tmp_path, monkeypatch):
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path)

    with pytest.raises(InputError, match="must be written"):
        check(tmp_path / "out")


def test_an_empty_report_is_refused(tmp_path):
    with pytest.raises(InputError, match="at least one series"):
        report.build([], tmp_path / "out")


def test_file_names_are_safe_and_unique():
    assert slugs_for(["a", "A", "../etc/passwd", "index", ""]) == [
        "a", "A-2", "etc-passwd", "index-2", "series"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("factor", "direction", "text"),
    [(0.89, "falling", "halves"), (1.12, "falling", "doubles"), (0.996, "rising", "halves")],
)
def test_a_trend_against_its_direction_is_said_as_it_goes(factor, direction, text):
    one = comparison("falling" if direction == "falling" else "stopped")
    one.to_dict()["naive"] |= {"growth_per_year": factor, "doubling_years": 6.0}

    assert f"; {text} every 6 years" in facts(one)[0][1].replace("6.0", "6")


@pytest.mark.parametrize(
    ("text", "first"),
    [("One. Two.", "One."), ("About 4.7 a year. More.", "About 4.7 a year."), ("", ""),
     ("No full stop", "No full stop")],
)  # fmt: skip
def test_first_sentence_of_the_notes(text, first):
    assert first_sentence(text) == first


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("scheme", [0, 1, 2])
def test_colours_are_legible_light_dark_and_in_print(folder, scheme):
    css = (folder / "assets" / "report.css").read_text(encoding="utf-8")
    block = re.findall(r":root \{(.*?)\}", css, flags=re.DOTALL)[scheme]
    colours = dict(re.findall(r"--([\w-]+): (#\w+)", block))
    page = _luminance(colours["page"])

    for name, least in {"ink": 7, "muted": 4.5, "link": 4.5, "naive": 3, "averaged": 3,
                        "data": 4.5, **{f"model-{i}": 3 for i in range(5)}}.items():  # fmt: skip
        other = _luminance(colours[name])
        contrast = (max(page, other) + 0.05) / (min(page, other) + 0.05)
        # Web Content Accessibility Guidelines 2.2: 4.5 for text, 3 for graphics.
        assert contrast >= least, name
