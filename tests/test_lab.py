"""A real JupyterLab in a real Chromium: run `00_start_here`, move the slider, see it change."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from chromium import CHROMIUM, FLAGS, IN_A_BROWSER, PATIENCE, optional

optional("jupyterlab")
pytestmark = IN_A_BROWSER
ROOT = Path(__file__).parents[1]
#: Cells far from the view must be in the page too, to be looked at.
SETTINGS = "lab/user-settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"
HERE = "127.0.0.1"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start JupyterLab on a free port, in a folder of its own, and give its address."""
    home = tmp_path_factory.mktemp("lab")
    shutil.copy(ROOT / "notebooks" / "00_start_here.ipynb", home)
    settings = home / "config" / SETTINGS
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"windowingMode": "none"}))
    with socket.socket() as free:
        free.bind((HERE, 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(8)
    command = [
        sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root",
        f"--config={ROOT / 'tools' / 'jupyterlab' / 'config.py'}", f"--ServerApp.ip={HERE}",
        f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={home}",
        "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    environment = os.environ | {
        "FORECASTS_QUICK": "1",
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    with (home / "log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=home)
    try:
        _wait_for(f"http://{HERE}:{port}/api?token={token}", server, home / "log")
        yield f"http://{HERE}:{port}/lab/tree/00_start_here.ipynb?token={token}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    """Wait until the server answers."""
    deadline = time.monotonic() + PATIENCE / 1000
    while True:
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)


@pytest.fixture
def page(lab):
    """The opened notebook; at the end there must have been no error and no request elsewhere."""
    sync_api = optional("playwright.sync_api")
    errors, requests = [], []
    flags = [flag for flag in FLAGS if not flag.startswith("--host-resolver-rules")]
    flags.append(f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HERE}")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        opened = browser.new_page(viewport={"width": 1200, "height": 1000})
        opened.set_default_timeout(PATIENCE)
        opened.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        opened.on("pageerror", lambda e: errors.append(str(e)))
        opened.on("request", lambda r: requests.append(r.url))
        opened.goto(lab)
        yield opened
        browser.close()
    assert errors == []
    ours = (f"http://{HERE}:", f"ws://{HERE}:", "data:", "blob:")
    assert [url for url in requests if not url.startswith(ours)] == []


def test_start_here_runs_and_the_slider_moves_the_figure(page):
    page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell")
    page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session")
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")

    slider = page.locator(".forecasts-explore .noUi-handle")
    slider.wait_for()
    picture = page.locator(".forecasts-explore img.still")
    picture.wait_for()
    before, text = picture.get_attribute("src"), page.locator(".forecasts-explore table")
    told = text.inner_text()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]"
        ".every(prompt => /\\d/.test(prompt.textContent))"
    )
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    working = page.locator(".forecasts-explore", has_text="working")
    working.wait_for()
    working.wait_for(state="detached")
    if folder := os.environ.get("FORECASTS_PICTURES"):
        slider.scroll_into_view_if_needed()
        page.screenshot(path=f"{folder}/explore.png")

    assert page.get_by_text("Jupyter news").count() == 0
    assert picture.get_attribute("src") != before
    assert text.inner_text() != told
    assert page.locator(".forecasts-chart .live svg").count() >= 1
    assert page.locator(".forecasts-chart .still").count() == 0
    bad = "[data-mime-type$='stderr'], [data-mime-type$='jupyter.error']"
    assert page.locator(bad).all_inner_texts() == []
