"""Open a built report in a real Chromium, from disk, with every host unknown."""

import json
import re
import time

import pytest
from chromium import CHROMIUM, FLAGS, IN_A_BROWSER, PATIENCE, optional
from synthetic import MODELS, comparison

from forecasts.catalog import data_directory
from forecasts.stored_backtest import FOLDER

pytestmark = IN_A_BROWSER
DRAWN = "[...document.querySelectorAll('[data-chart]')].every(box => box.dataset.width)"
STORED = {path.stem for path in (data_directory() / FOLDER).glob("*.json")}
EVIL = "</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, answers):
    from forecasts import report

    results = [comparison("stopped", rows=40, label=EVIL), comparison("steep", rows=40)]
    results.append(answers("cpu_clock", "2003-01-01"))
    return report.build(results, tmp_path_factory.mktemp("r") / "reports").parent


@pytest.fixture(scope="module")
def browser():
    sync_api = optional("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def visit(browser, folder):
    """Open a page; at the end there must have been no error and no request out of the folder."""
    contexts, errors, requests = [], [], []

    def open_page(name: str, **options):
        context = browser.new_context(**({"viewport": {"width": 1000, "height": 900}} | options))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda m: errors.append(m.text) if m.type != "log" else None)
        page.on("pageerror", lambda e: errors.append(str(e)))
        page.on("request", lambda r: requests.append(r.url))
        page.goto((folder / f"{name}.html").as_uri())
        if options.get("java_script_enabled", True):
            wait_until(page, DRAWN)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []
    outside = [url for url in requests if not url.startswith((folder.as_uri(), "data:"))]
    assert outside == []


def wait_until(page, condition: str) -> None:
    """Wait for a JavaScript condition; Playwright's own way would evaluate text in the page."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, f"still waiting for {condition}"
        page.wait_for_timeout(50)


def tick_labels(page) -> list[str]:
    """Read the labels of the value axis of the main figure."""
    texts = page.locator("[data-chart=overview] .live .role-axis-label text").all_text_contents()
    return [text for text in texts if not re.fullmatch(r"(19|20)\d\d|.*%", text)]


def year_labels(page) -> list[str]:
    """Read the labels of both time axes of the main figure."""
    texts = page.locator("[data-chart=overview] .live .role-axis-label text").all_text_contents()
    return [text for text in texts if re.fullmatch(r"(19|20)\d\d", text)]


@pytest.mark.parametrize("name", ["synthetic_clock", "cpu_clock"])
def test_every_chart_is_drawn(visit, name):
    page = visit(name)

    boxes = page.locator("[data-chart]")
    # A bundled series also shows how such forecasts did before.
    assert boxes.count() == 3 + len(MODELS) + (name in STORED)
    for box in boxes.all():
        assert box.locator(".live svg .role-mark path").count() > 3
        assert not box.locator(".still").is_visible()


@pytest.mark.parametrize("name", ["synthetic_clock", "cpu_clock"])
def test_tables_equal_the_json(visit, folder, name):
    page = visit(name)
    numbers = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))

    cells = page.eval_on_selector_all(
        "[data-json]", "all => all.map(e => [e.dataset.json, e.dataset.value, e.innerText])"
    )

    assert len(cells) > 100
    for pointer, shown, text in cells:
        expected = numbers
        for key in pointer.strip("/").split("/"):
            expected = expected[int(key)] if isinstance(expected, list) else expected[key]
        assert (shown if isinstance(expected, str) else json.loads(shown)) == expected
        assert text.strip()


def test_text_of_a_number_is_its_value(visit):
    page = visit("synthetic_clock")

    cells = page.eval_on_selector_all(
        "#side-by-side [data-json]", "all => all.map(e => [e.dataset.value, e.innerText])"
    )

    plain = [(float(value), text) for value, text in cells if re.fullmatch(r"[\d,.]+", text)]
    assert len(plain) > 30
    for value, text in plain:
        assert float(text.replace(",", "")) == pytest.approx(value, rel=6e-3)


def test_log_and_linear_axis_by_keyboard(visit):
    page = visit("synthetic_clock")
    log = tick_labels(page)

    page.locator("[data-log]").focus()
    page.keyboard.press("Space")
    labels = "[...document.querySelectorAll('[data-chart=overview] .live .role-axis-label text')]"
    wait_until(page, f"{labels}.every(label => label.textContent !== '10')")

    assert "10" in log
    assert "0" in tick_labels(page)


def test_zoom_moves_both_panels_and_spares_the_bare_wheel(visit):
    page = visit("synthetic_clock")
    box = page.locator("[data-chart=overview] .live svg").bounding_box()
    before = year_labels(page)

    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 150)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -600)
    page.keyboard.up("Control")
    page.wait_for_timeout(500)
    zoomed = year_labels(page)
    page.mouse.wheel(0, 300)
    page.wait_for_timeout(500)

    assert zoomed != before
    assert all(zoomed.count(year) == 2 for year in zoomed)
    assert page.evaluate("scrollY") > 0


def test_a_line_can_be_hidden_and_shown(visit):
    page = visit("synthetic_clock")
    lines = page.locator("[data-chart=overview] .live .mark-line path")

    def drawn() -> int:
        return sum(1 for path in lines.all() if path.get_attribute("d"))

    before = drawn()
    page.locator("[data-line=show_logistic]").check()
    page.wait_for_timeout(500)
    shown = drawn()
    page.locator("[data-line=show_logistic]").uncheck()
    page.locator("[data-line=show_naive]").uncheck()
    page.wait_for_timeout(500)

    assert shown == before + 4
    assert drawn() == before - 1


def test_tooltip_shows_a_hostile_label_as_text(visit):
    page = visit("synthetic_clock")

    # Programmatic, because where a point lies depends on fonts.
    page.locator("[data-chart=overview] .live .mark-symbol path").last.hover(force=True)
    points = page.locator("[data-chart=overview] .live .mark-symbol path[aria-label*='label:']")
    points.nth(5).dispatch_event("pointerover")
    points.nth(5).dispatch_event("pointermove")
    tooltip = page.locator("#vg-tooltip-element")
    tooltip.wait_for(state="visible")

    assert EVIL in tooltip.inner_text()
    assert tooltip.locator("img").count() == 0


@pytest.mark.parametrize("name", ["index", "synthetic_clock", "synthetic_compute"])
@pytest.mark.parametrize("width", [390, 320])
def test_phone_needs_no_sideways_scroll(visit, name, width):
    page = visit(name, viewport={"width": width, "height": 844})

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for box in page.locator(".live svg").all():
        assert box.bounding_box()["width"] <= width


def test_charts_follow_the_window(visit):
    page = visit("synthetic_clock")
    chart = page.locator("[data-chart=overview] .live svg")
    wide = chart.bounding_box()["width"]

    page.set_viewport_size({"width": 500, "height": 900})
    wait_until(page, "document.querySelector('[data-chart=overview]').dataset.width < 500")

    assert chart.bounding_box()["width"] < wide - 300


def test_without_scripts_the_still_pictures_are_seen(visit):
    page = visit("synthetic_clock", java_script_enabled=False)

    stills = page.locator(".still svg")
    assert stills.count() == 3 + len(MODELS)
    for still in stills.all():
        assert still.is_visible()
    assert not page.locator("[data-log]").is_visible()


def test_dark_page_is_dark_and_its_lines_are_light(visit):
    colours = {}
    for scheme in ("light", "dark"):
        page = visit("synthetic_clock", color_scheme=scheme)
        colours[scheme] = page.evaluate(
            "[getComputedStyle(document.body).backgroundColor, getComputedStyle("
            "document.querySelector('[data-chart=overview] .live .mark-line path')).stroke]"
        )

    assert colours["light"] == ["rgb(255, 255, 255)", "rgb(213, 94, 0)"]
    assert colours["dark"] == ["rgb(21, 24, 28)", "rgb(245, 139, 69)"]


def test_print_hides_the_controls(visit):
    page = visit("synthetic_clock")

    page.emulate_media(media="print")

    assert not page.locator("[data-log]").is_visible()
    assert page.locator("[data-chart=overview] .live svg").is_visible()
