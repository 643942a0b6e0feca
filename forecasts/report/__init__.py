"""The HTML report: one folder that can be zipped and mailed, and that opens no connection."""

from forecasts.report.build import build

build_report = build

__all__ = ["build", "build_report"]
