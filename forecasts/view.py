"""An answer to look at: any shapes, any belief, either threshold; from fits that exist already.

What takes a `Comparison` its time (sensitivity, the refits without a stop) is left out, so that a
picture can follow a slider. It offers the figures what they read of a comparison.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from forecasts.answer import sentence_of
from forecasts.averaging import LEVELS, model_weights, quantiles
from forecasts.camps import LEAST_DRAWS, Reweighted, reweighted
from forecasts.fit import Fit
from forecasts.history import naive_rows, trend_rows
from forecasts.lfo import lfo_scores
from forecasts.naive import Naive, fit_naive
from forecasts.plateau import KAPPA, SLOWED, Plateau, pooled
from forecasts.population import Population
from forecasts.result import finite, naive_facts, series_facts
from forecasts.sensitivity import forecast_dates
from forecasts.series import Series


@dataclass(frozen=True)
class View:
    """Fits of one series at one date, averaged under one belief.

    Attributes
    ----------
    fits : dict of Fit
        At least one, all of one series, date and horizon.
    population : Population, optional
        The belief about changes; default: that of the fits.
    kappa : float
        Threshold of the plateau, as a share of r*: 0.1 or 0.5.
    """

    fits: dict[str, Fit]
    population: Population | None = None
    kappa: float = KAPPA

    @property
    def series(self) -> Series:
        """As known at ``as_of``."""
        return self._first.series

    @property
    def horizon(self) -> float:
        """Years after ``as_of``."""
        return self._first.span.horizon

    @property
    def _first(self) -> Fit:
        """Any of the fits; the piecewise one where it is there, since it doubts the trend."""
        return self.fits.get("piecewise") or next(iter(self.fits.values()))

    @cached_property
    def naive(self) -> Naive:
        """The straight line on the log axis."""
        series = self.series
        return fit_naive(series.time, series.y, sign=series.sign, to_value=series.from_y)

    @cached_property
    def parts(self) -> dict[str, Reweighted]:
        """Each fit as the belief has it."""
        return {
            name: reweighted(one, self.population or one.shape.population)
            for name, one in self.fits.items()
        }

    @cached_property
    def weights(self) -> dict[str, float | None]:
        """Weight of each shape; None for one that did not converge."""
        able = {name: one.converged for name, one in self.fits.items()}
        if len(self.fits) == 1:
            return {name: 1.0 if ok else None for name, ok in able.items()}
        scores = {
            name: score + self.parts[name].log_evidence - self.fits[name].log_evidence
            for name, score in lfo_scores(self.fits).items()
        }
        return model_weights(scores, able)

    @cached_property
    def mixture(self) -> dict[str, float]:
        """What is averaged; where nothing that may plateau passed the gate, all that did, alike.

        Where nothing passed it, everything: a picture is drawn, and must say that it failed.
        """
        used = {name: weight for name, weight in self.weights.items() if weight}
        shown = [name for name in self.fits if name not in self.failed] or list(self.fits)
        return used or dict.fromkeys(shown, 1.0 / len(shown))

    @property
    def failed(self) -> list[str]:
        """Names of the fits that did not pass the gate."""
        return [name for name, weight in self.weights.items() if weight is None]

    @property
    def thin(self) -> bool:
        """Whether the belief leaves too few draws to say much."""
        return any(self.parts[name].effective < LEAST_DRAWS for name in self.mixture)

    @cached_property
    def plateau(self) -> Plateau:
        """The averaged plateau posterior."""
        mixed = pooled(
            [self._plateau_of(name) for name in self.mixture],
            list(self.mixture.values()),
            refused=self._first.plateaus[0].refused,
        )
        return replace(mixed, kappa=self.kappa)

    def _slowed(self) -> dict:
        """The threshold of one half beside that of a tenth."""
        if self.kappa != KAPPA:
            return {}
        return {"slowed_by_half": replace(self, kappa=SLOWED).plateau.to_dict()}

    def _plateau_of(self, name: str) -> Plateau:
        """One shape's plateau posterior at the threshold."""
        part = self.parts[name]
        return part.plateau if self.kappa == KAPPA else part.slowed

    @cached_property
    def history(self) -> list[dict]:
        """Each shape's trend over the observed span."""
        return [
            row
            for name, one in self.fits.items()
            for row in trend_rows(one, name, self.parts[name].weight[: len(one.noise)])
        ]

    @cached_property
    def naive_history(self) -> list[dict]:
        """The naive line and its 90 % prediction interval over the observed span."""
        return naive_rows(self.naive, self.series)

    def to_dict(self) -> dict:
        """Return series, models, plateau, forecast and naive line of the JSON contract."""
        return self._result

    @property
    def sentence(self) -> str:
        """The answer in words."""
        said = sentence_of(self.to_dict())
        if self.kappa == KAPPA:
            return said
        return said.replace("the trend has plateaued", "the trend has slowed by half")

    @cached_property
    def _result(self) -> dict:
        forecast = self._forecast()
        return finite(
            {
                "series": series_facts(self),
                "models": {
                    name: {
                        "weight": weight,
                        "plateau": self._plateau_of(name).to_dict(),
                        "diagnostics": self.fits[name].diagnostics.to_dict(),
                    }
                    for name, weight in self.weights.items()
                },
                "plateau": {**self.plateau.to_dict(), **self._slowed()},
                "forecast": forecast,
                "naive": naive_facts(self, forecast),
            }
        )  # type: ignore[return-value]

    def _forecast(self) -> list[dict]:
        """Quantiles at as_of + 1, 2, … years: naive, averaged and each model."""
        years = self.series.as_of_year + np.arange(1, int(self.horizon) + 1)
        naive = self.naive.predict(years, list(LEVELS.values()))
        values = np.concatenate([self.parts[name].forecast for name in self.mixture])
        weight = np.concatenate(
            [share * self.parts[name].weight for name, share in self.mixture.items()]
        )
        return [
            {
                "date": day,
                "naive": dict(zip(LEVELS, map(float, naive[i]), strict=True)),
                "averaged": quantiles(values[:, i], weight, self.series),
                "models": {
                    name: quantiles(part.forecast[:, i], part.weight, self.series)
                    for name, part in self.parts.items()
                },
            }
            for i, day in enumerate(forecast_dates(self))
        ]
