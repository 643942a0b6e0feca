"""What shows itself in Jupyter: the drawing waits in `forecasts.display` until it is asked for."""

from importlib import import_module


class Shown:
    """A result that has a picture, a sentence and a table; `print` keeps to its text."""

    def _repr_html_(self) -> str:
        """Return the picture, the sentence and the table as HTML."""
        # By name: the display stands above every result, and imports point one way.
        return str(import_module("forecasts.display").html_of(self))
