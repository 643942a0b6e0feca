"""What the tests in a browser share: where it is, how it is started, and whether it may be missing.

Where a browser must be there (CI: ``FORECASTS_BROWSER=required``), its absence, or that of a
package that it is driven with, fails the tests instead of skipping them.
"""

import importlib
import os
import shutil
from types import ModuleType

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
REQUIRED = os.environ.get("FORECASTS_BROWSER") == "required"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND",
]  # fmt: skip
# A loaded two-core machine needs some seconds for the five charts of a page.
PATIENCE = 60_000
IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and not REQUIRED, reason="no Chromium on this machine (apt: chromium)"
    ),
]


def optional(name: str) -> ModuleType:
    """Import a package of an extra: without it the tests are skipped, or fail where required."""
    if REQUIRED:
        return importlib.import_module(name)
    return pytest.importorskip(name, reason=f"{name} is not installed (an extra)")
