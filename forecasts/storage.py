"""Save the draws of an answer as one zarr zip that `arviz.from_zarr` reads."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from forecasts.errors import InputError
from forecasts.fit import Fit

if TYPE_CHECKING:
    from forecasts.comparison import Comparison


def save(comparison: "Comparison", path: str | Path) -> Path:
    """Write the draws of every shape into one file.

    Parameters
    ----------
    comparison : Comparison
        What to save.
    path : str or Path
        File to write; replaced as a whole when it exists.

    Returns
    -------
    Path
        The file. It holds a DataTree with the groups ``posterior`` and ``sample_stats`` of the
        heaviest shape at its root, and one group a shape with the same two inside; dimensions
        ``chain``, ``draw``, ``year``. Growths are doublings per year, dates decimal years (inf:
        none), ``forecast`` is in the series' own unit. Read it with
        ``arviz.from_zarr(zarr.storage.ZipStore(path, mode="r"))``.

    Raises
    ------
    InputError
        When the folder does not exist or cannot be written.
    """
    import warnings

    import zarr

    target = check(path)
    tree = draws_tree(comparison)
    temporary = str(target.with_name(f".{target.name}.{os.getpid()}"))
    try:
        store = zarr.storage.ZipStore(temporary, mode="w")
        with warnings.catch_warnings():
            # zarr rewrites small metadata entries inside the zip and warns of duplicate names.
            warnings.filterwarnings("ignore", message="Duplicate name")
            warnings.filterwarnings("ignore", message="Consolidated metadata")
            tree.to_zarr(store, mode="w")
        store.close()
        os.replace(temporary, target)
    except OSError as error:
        raise InputError(
            f"{str(path)!r} cannot be written: {error.strerror}; choose another file."
        ) from error
    finally:
        Path(temporary).unlink(missing_ok=True)
    return target


def check(path: str | Path) -> Path:
    """Refuse, before minutes of fitting, a file that could not be written."""
    target = Path(path)
    folder = target.resolve().parent
    if not str(path) or target.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise InputError(
            f"Draws are saved as one file in an existing folder, got {str(path)!r}: choose another."
        )
    return target


def draws_tree(comparison: "Comparison") -> Any:
    """Return the draws of every shape as one `xarray.DataTree`."""
    import xarray as xr

    groups: dict[str, xr.Dataset] = {}
    weights = {name: weight or 0.0 for name, weight in comparison.weights.items()}
    heaviest = max(weights, key=lambda name: weights[name])
    for name, fit in comparison.fits.items():
        posterior, statistics = _datasets(fit)
        groups[f"/{name}/posterior"], groups[f"/{name}/sample_stats"] = posterior, statistics
        if name == heaviest:
            groups["/posterior"], groups["/sample_stats"] = posterior, statistics
    tree = xr.DataTree.from_dict(groups)
    tree.attrs = {
        "series": comparison.series.card.id,
        "as_of": comparison.series.as_of.isoformat(),
        "data_sha256": comparison.series.data_sha256,
        "seed": comparison.seed,
        "heaviest": heaviest,
    }
    return tree


def _datasets(fit: Fit) -> tuple[Any, Any]:
    """Posterior and sampler statistics of one shape."""
    import xarray as xr

    chains, draws = fit.sampled.shape
    coordinates = {"chain": np.arange(chains), "draw": np.arange(draws)}

    def variable(values: np.ndarray, *dims: str) -> xr.DataArray:
        shaped = values.reshape(chains, draws, *values.shape[1:])
        return xr.DataArray(shaped, dims=("chain", "draw", *dims))

    named = {name: variable(values) for name, values in fit.shape.named(fit.past).items()}
    for name in fit.shape.date_names:
        named[name] = named[name] + fit.series.time[0]
    named["plateau"] = variable(fit.plateaus[0].date)
    named["forecast"] = variable(fit.series.from_y(fit.forecast[: chains * draws]), "year")
    year = fit.series.as_of_year + np.arange(1, fit.forecast.shape[1] + 1)
    posterior = xr.Dataset(named, coords={**coordinates, "year": year})
    statistics = {k: (("chain", "draw"), v) for k, v in fit.sampled.statistics.items()}
    return posterior, xr.Dataset(statistics, coords=coordinates)
