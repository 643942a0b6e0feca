"""The HTML report: one folder that can be zipped and mailed, and that opens no connection."""

from forecasts.report.build import build

__all__ = ["build"]
