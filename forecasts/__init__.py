"""How confidently can a trend be extrapolated.

>>> import forecasts
>>> forecasts.load("cpu_clock").n
97
"""

from importlib import import_module
from typing import Any

#: Public name -> module. Loaded when first used, so that importing the package is quick; no module
#: has the name of a public function, or importing it would hide the function.
_PUBLIC = {
    "SHAPES": "models",
    "Backtest": "backtests",
    "Card": "series",
    "Comparison": "comparison",
    "ConvergenceError": "errors",
    "Fit": "fit",
    "ForecastsError": "errors",
    "InputError": "errors",
    "Naive": "naive",
    "Plateau": "plateau",
    "Series": "series",
    "backtest": "backtests",
    "build_report": "report",
    "catalogue": "catalog",
    "compare": "comparison",
    "explore": "explorer",
    "fit_naive": "naive",
    "load": "catalog",
}

__all__ = list(_PUBLIC)


def __getattr__(name: str) -> Any:
    """Import a public name from its module."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'forecasts' has no attribute {name!r}")
    return getattr(import_module(f"forecasts.{_PUBLIC[name]}"), name)


def __dir__() -> list[str]:
    return __all__
