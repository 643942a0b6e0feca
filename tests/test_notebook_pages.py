"""Rendered notebooks: a failing cell fails the build, a page needs no network and no kernel."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from chromium import CHROMIUM, FLAGS, IN_A_BROWSER, optional
from synthetic import comparison
from test_browser import wait_until

from forecasts import report
from forecasts.report.build import NOTEBOOKS_HERE

TOOL = Path(__file__).parents[1] / "tools" / "render_notebooks.py"
CHART = """
import altair as alt
from forecasts.chart_style import LIGHT, config
alt.Chart(alt.InlineData(values=[{"a": 1}])).mark_point().encode(x="a:Q").properties(
    description="One point."
).configure(**config(LIGHT))
"""


def notebook(path, *cells):
    made = nbformat.v4.new_notebook()
    made.cells = [nbformat.v4.new_markdown_cell("# A <title>")]
    made.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(made, path)
    return path


def rendered(out, *paths):
    command = [sys.executable, str(TOOL), "--out", str(out), *map(str, paths)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A report, a notebook that runs beside it, and what the tool printed."""
    folder = tmp_path_factory.mktemp("pages")
    report.build([comparison("stopped", rows=40)], folder / "reports")
    path = notebook(folder / "good.ipynb", CHART, "print('<b>text</b>')")
    return folder / "reports", rendered(folder / "reports" / "notebooks", path)


def test_page_and_index_are_written_with_progress(built):
    folder, done = built

    assert done.returncode == 0, done.stderr
    assert "good: done (1 of 1" in done.stdout
    assert "A &lt;title&gt;" in (folder / "notebooks" / "index.html").read_text("utf-8")
    assert "&lt;b&gt;text&lt;/b&gt;" in (folder / "notebooks" / "good.html").read_text("utf-8")


def test_report_links_the_notebooks_and_leaves_them_alone(built):
    folder, _ = built
    assert 'href="notebooks/index.html"' in (folder / "index.html").read_text("utf-8")

    report.build([comparison("stopped", rows=40)], folder)

    assert (folder / "notebooks" / "good.html").is_file()
    assert 'href="notebooks/index.html"' in (folder / "index.html").read_text("utf-8")


def test_report_without_notebooks_links_none(tmp_path):
    index = report.build([comparison("stopped", rows=40)], tmp_path / "reports")

    assert NOTEBOOKS_HERE in index.read_text("utf-8")


def test_a_failing_cell_fails_the_build_and_is_named(tmp_path):
    done = rendered(tmp_path / "out", notebook(tmp_path / "bad.ipynb", "1 + 1", "1 / 0"))

    assert done.returncode == 1
    assert "bad, cell 3" in done.stderr
    assert "ZeroDivisionError" in done.stderr
    assert not (tmp_path / "out" / "bad.html").exists()


@IN_A_BROWSER[0]
@IN_A_BROWSER[1]
@pytest.mark.parametrize("scripts", [True, False])
def test_page_draws_offline_and_without_scripts(built, scripts):
    sync_api = optional("playwright.sync_api")
    address, errors, requests = (built[0] / "notebooks" / "good.html").as_uri(), [], []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(java_script_enabled=scripts)
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: errors.append(str(e)))
        page.on("request", lambda r: requests.append(r.url))
        page.goto(address)
        if scripts:
            wait_until(page, "document.querySelector('.live svg .role-mark path') !== null")
            assert page.locator(".still").count() == 0
        else:
            assert page.locator("img.still").bounding_box()["width"] > 50
        browser.close()
    assert errors == []
    assert [url for url in requests if not url.startswith((address, "data:"))] == []
