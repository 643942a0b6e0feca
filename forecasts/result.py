"""The JSON contract of an answer: `fit --json`, the report and the tests read this and no more."""

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import numpy as np

from forecasts.averaging import LEVELS, RULE, quantiles
from forecasts.fit import quick
from forecasts.sensitivity import forecast_dates, sensitivity_of
from forecasts.versions import versions

if TYPE_CHECKING:
    from forecasts.comparison import Comparison
    from forecasts.view import View

#: Years ahead at which the naive line is compared with the averaged median.
FACTOR_YEARS = (5, 10, 20)


def result_of(comparison: "Comparison") -> dict:
    """Return the answer as plain numbers, texts and ISO dates; null where it is not known."""
    forecast, plateau = _forecast(comparison), _plateaus(comparison)
    result = {
        "series": series_facts(comparison),
        "plateau": plateau,
        "models": {
            name: {
                "weight": comparison.weights[name],
                "plateau": fit.plateaus[0].to_dict(),
                "diagnostics": fit.diagnostics.to_dict(),
            }
            for name, fit in comparison.fits.items()
        },
        "averaged": {
            "converged": comparison.converged,
            "rule": RULE,
        },
        "forecast": forecast,
        "naive": naive_facts(comparison, forecast),
        "trust": trust_facts(comparison),
        "sensitivity": sensitivity_of(comparison, plateau),
        "provenance": {
            "versions": {"forecasts": _own_version(), **versions()},
            "seed": comparison.seed,
            "quick": quick(),
            "data_sha256": comparison.series.data_sha256,
            "seconds": comparison.seconds,
        },
    }
    return {key: finite(value) for key, value in result.items()}


def series_facts(comparison: "Comparison | View") -> dict:
    """What was fitted, and as of when."""
    series, card = comparison.series, comparison.series.card
    return {
        "id": card.id,
        "title": card.title,
        "unit": card.unit,
        "kind": card.kind,
        "direction": card.direction,
        "family": card.family,
        "n": series.n,
        "first": series.date[0].isoformat(),
        "last": series.date[-1].isoformat(),
        "as_of": series.as_of.isoformat(),
        "observed_through": card.observed_through.isoformat(),
        "horizon_years": comparison.horizon,
    }


def _plateaus(comparison: "Comparison") -> dict:
    """The averaged plateau at kappa 0.1, with the two variants inside."""
    plateau, slowed = comparison.plateaus
    return {
        **plateau.to_dict(),
        "slowed_by_half": slowed.to_dict(),
        "without_stop": comparison.plateaus_without_stop[0].to_dict(),
    }


def _forecast(comparison: "Comparison") -> list[dict]:
    """Quantiles at as_of + 1, 2, … years: naive, averaged and each model."""
    series, count = comparison.series, int(comparison.horizon)
    years = series.as_of_year + np.arange(1, count + 1)
    naive = comparison.naive.predict(years, list(LEVELS.values()))
    pooled = comparison.averaged_forecast if comparison.used else None
    rows = []
    for i, day in enumerate(forecast_dates(comparison)):
        models = {
            name: quantiles(f.forecast[:, i], np.full(len(f.forecast), 1 / len(f.forecast)), series)
            for name, f in comparison.fits.items()
        }
        averaged = (
            quantiles(pooled[0][:, i], pooled[1], series) if pooled else dict.fromkeys(LEVELS)
        )
        row = dict(zip(LEVELS, map(float, naive[i]), strict=True))
        rows.append({"date": day, "naive": row, "averaged": averaged, "models": models})
    return rows


def naive_facts(comparison: "Comparison | View", forecast: list[dict]) -> dict:
    """The straight line, and where it parts from the average."""
    naive = comparison.naive
    factor: dict[str, float | None] = {}
    for h in FACTOR_YEARS:
        row = forecast[h - 1] if h <= len(forecast) else None
        # A median that underflowed has no ratio.
        known = row is not None and row["averaged"]["q50"]
        factor[str(h)] = row["naive"]["q50"] / row["averaged"]["q50"] if row and known else None
    outside = [
        row["date"]
        for row in forecast
        if row["averaged"]["q05"] is not None
        and not row["averaged"]["q05"] <= row["naive"]["q50"] <= row["averaged"]["q95"]
    ]
    return {
        "growth_per_year": naive.growth_per_year,
        "doubling_years": naive.doubling_years,
        "r2": naive.r2,
        "factor": factor,
        "leaves_90": outside[0] if outside else None,
    }


def trust_facts(comparison: "Comparison") -> dict:
    """Longest span for which the trend still holds with 50 % and with 90 % probability."""
    if not comparison.used or comparison.plateaus[1].refused:
        return {"holds_p50_years": None, "holds_p90_years": None}
    slowed = comparison.plateaus[1]
    out = {}
    for name, ended in (("holds_p50_years", 0.5), ("holds_p90_years", 0.1)):
        date = slowed.quantile(ended)
        out[name] = max(0.0, date - slowed.as_of) if np.isfinite(date) else None
    return out


def _own_version() -> str:
    """Installed version of this package, or a word when it runs from a plain checkout."""
    try:
        return version("forecasts")
    except PackageNotFoundError:
        return "not installed"


def finite(value: object) -> object:
    """Replace nan and infinities, which JSON does not have, by null."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [finite(item) for item in value]
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
