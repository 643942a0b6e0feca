"""JupyterLab as `make lab` starts it: it asks no server for news, updates or extensions."""

from pathlib import Path

c = get_config()  # noqa: F821  # Given by Jupyter.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.handlers.announcements.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
# Holds overrides.json: the reader is not asked about news either.
c.LabApp.app_settings_dir = str(Path(__file__).resolve().parent)
