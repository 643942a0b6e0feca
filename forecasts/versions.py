"""Versions of the packages that may change a number: what an answer or a cell was made by."""

from importlib.metadata import version

#: They sample, draw, add up or score; of this package, the code itself counts (`code_digest`).
PACKAGES = (
    "pymc",
    "pytensor",
    "nutpie",
    "arviz",
    "arviz-stats",
    "numpy",
    "scipy",
    "statsmodels",
    "scoringrules",
)


def versions() -> dict[str, str]:
    """Return the installed version of each."""
    return {name: version(name) for name in PACKAGES}
