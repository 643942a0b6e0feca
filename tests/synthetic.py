"""A stand-in for `Comparison`, from closed formulas: same attributes, same JSON, no sampling."""

import dataclasses
import datetime
import math
from statistics import NormalDist
from typing import Any

import numpy as np

from forecasts.dates import decimal_year, iso, to_date
from forecasts.series import Card, Series

NORMAL = NormalDist()
LEVELS = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
MODELS = {"exponential": 0.0, "piecewise": 0.7, "logistic": 0.1, "bend": 0.17, "gompertz": 0.03}


@dataclasses.dataclass
class Story:
    """What is true of the synthetic series, and what its fit is to say."""

    id: str = "synthetic_clock"
    title: str = "Synthetic clock frequency, per processor"
    unit: str = "MHz"
    kind: str = "item"
    first: int = 1972
    last: float = 2021.9
    stop: float | None = 2005.5
    rate: float = 0.25  # log units a year, in the direction of progress
    scatter: float = 0.45
    start: float = 0.7
    falling: bool = False
    rows: int = 90
    p_already: float = 0.985
    p_future: float = 0.01
    spread: float = 1.2  # standard deviation of the plateau date, years
    observed_through: datetime.date = datetime.date(2021, 12, 31)
    as_of: datetime.date | None = None
    refused: str | None = None
    failed: tuple[str, ...] = ()
    horizon: int = 30
    seed: int = 1
    label: str = ""
    notes: str = "Invented rows. They serve to draw a page."
    related: tuple[str, ...] = ()


class Synthetic:
    """Duck-typed `Comparison`."""

    def __init__(self, story: Story | None = None) -> None:
        self.story = story = story or Story()
        self.series = _series(story)
        self.priors = [
            {"name": "growth", "prior": "Normal(0.3, 0.3) log units a year", "reason": "Wide."},
            {"name": "scatter", "prior": "HalfNormal(1)", "reason": "A factor of three is usual."},
        ]
        span = np.linspace(self.series.time[0], self.series.as_of_year, 60)
        self.history = [
            {"model": name, "year": float(t), "date": iso(t), **self._trend(name, float(t), 0.1)}
            for name in MODELS
            for t in span
        ]
        self.beside: list[dict[str, Any]] = []
        self.naive_history = [
            {"year": float(t), "date": iso(t), **self._trend("exponential", float(t), self._noise)}
            for t in span
        ]
        self._dict = self._build()

    sentence = "The trend has stopped already: more than 99 in 100. It happened about 2005."

    @property
    def _noise(self) -> float:
        return max(self.story.scatter, 0.05)

    @property
    def failed(self) -> list[str]:
        return list(self.story.failed)

    def to_dict(self) -> dict[str, Any]:
        return self._dict

    def _y(self, name: str, t: float) -> float:
        """Trend on the log scale: the exponential misses the stop, the logistic is late."""
        story = self.story
        since = t - story.first
        if name == "exponential":
            stopped = 0 if story.stop is None else 0.25 * (self.series.as_of_year - story.stop)
            return story.rate * (0.85 * since if stopped > 0 else since) - 0.05 * stopped
        if story.stop is None:
            return story.rate * since * (0.97 if name == "logistic" else 1)
        late = 1.5 if name == "logistic" else 0.05
        return story.rate * (
            story.stop - story.first - late * np.logaddexp(0.0, (story.stop - t) / late)
        )

    def _value(self, y: float) -> float:
        story = self.story
        return story.start * math.exp(-y if story.falling else y)

    def _trend(self, name: str, t: float, sd: float, levels: dict = LEVELS) -> dict[str, float]:
        y = self._y(name, t)
        sign = -1 if self.story.falling else 1
        return {q: self._value(y + sign * sd * NORMAL.inv_cdf(p)) for q, p in levels.items()}

    def _build(self) -> dict[str, Any]:
        story, series = self.story, self.series
        plateau = self._plateau(story.p_already, story.p_future, kappa=0.1, nested=True)
        rows = [self._forecast_row(h) for h in range(1, story.horizon + 1)]
        return {
            "series": {
                "id": story.id, "title": story.title, "unit": story.unit, "kind": story.kind,
                "direction": series.card.direction, "family": story.id, "n": series.n,
                "first": series.date[0].isoformat(), "last": series.date[-1].isoformat(),
                "as_of": series.as_of.isoformat(),
                "observed_through": series.card.observed_through.isoformat(),
                "horizon_years": story.horizon,
            },
            "plateau": plateau,
            "models": {name: self._model(name, weight) for name, weight in MODELS.items()},
            "averaged": {
                "converged": not story.failed,
                "rule": "Weights are proportional to the marginal likelihood of the rows.",
            },
            "forecast": rows,
            "naive": self._naive(rows),
            "trust": {"holds_p50_years": 0 if story.stop else None, "holds_p90_years": 0},
            "sensitivity": self._sensitivity(),
            "provenance": {
                "versions": {"forecasts": "0.1.0", "pymc": "6.4.0"}, "seed": story.seed,
                "quick": False,
                "data_sha256": series.data_sha256, "seconds": 12.5,
            },
        }  # fmt: skip

    def _forecast_row(self, h: int) -> dict[str, Any]:
        story = self.story
        t = self.series.as_of_year + h
        widen = 0.0 if story.stop else 0.05 * story.rate * h**1.2
        sd = math.hypot(self._noise, widen)
        models = {name: self._trend(name, t, sd) for name in MODELS if name not in story.failed}
        return {
            "date": iso(t),
            "naive": self._trend("exponential", t, self._noise * (1 + h / 60)),
            "averaged": self._damped(t, h, sd),
            "models": models,
        }

    def _damped(self, t: float, h: int, sd: float) -> dict[str, float]:
        """Piecewise, but a trend that goes on keeps half of its growth, with more doubt."""
        if self.story.stop:
            return self._trend("piecewise", t, sd * 1.1)
        lost = 0.5 * self.story.rate * h
        shift = self._value(self._y("piecewise", t) - lost) / self._value(self._y("piecewise", t))
        spread = self._trend("piecewise", t, math.hypot(sd, 0.4 * lost))
        return {q: value * shift for q, value in spread.items()}

    def _naive(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        rate = -self.story.rate if self.story.falling else self.story.rate
        factor = {
            str(h): rows[h - 1]["naive"]["q50"] / rows[h - 1]["averaged"]["q50"]
            for h in (5, 10, 20)
            if h <= len(rows)
        }
        outside = (
            row["date"]
            for row in rows
            if not row["averaged"]["q05"] <= row["naive"]["q50"] <= row["averaged"]["q95"]
        )
        return {
            "growth_per_year": math.exp(rate), "doubling_years": math.log(2) / rate, "r2": 0.93,
            "factor": factor, "leaves_90": next(outside, None),
        }  # fmt: skip

    def _plateau(
        self, already: float, future: float, *, kappa: float, nested: bool = False
    ) -> dict[str, Any]:
        story, now = self.story, self.series.as_of_year
        if story.refused:
            return {"kappa": kappa, "refused": story.refused} | dict.fromkeys(
                ("p_already", "p_future", "p_none_within_horizon", "p_decline", "p_restart",
                 "p_by", "quantiles", "slowed_by_half", "without_stop")
            )  # fmt: skip
        last = math.floor(now) + story.horizon

        def by(t: float) -> float:
            middle = story.stop or now
            before = NORMAL.cdf((t - middle) / story.spread)
            full = NORMAL.cdf((now - middle) / story.spread)
            late = future * (1 - math.exp(-0.05 * max(t - now, 0))) / (1 - math.exp(-0.05 * 30))
            return already * min(before / full, 1.0) + late

        def at(p: float) -> str | None:
            grid = np.arange(story.first, now + story.horizon, 1 / 12)
            reached = [t for t in grid if by(float(t)) >= p]
            return iso(float(reached[0])) if reached else None

        block = {
            "kappa": kappa, "p_already": already, "p_future": future,
            "p_none_within_horizon": 1 - already - future, "p_decline": 0.02 * already,
            "p_restart": 0.12 * already, "refused": None,
            "p_by": {str(year): by(year + 1) for year in range(story.first, last + 1)},
            "quantiles": {str(p): at(p) for p in (0.05, 0.25, 0.5, 0.75, 0.95)},
        }  # fmt: skip
        if nested:
            block["slowed_by_half"] = self._plateau(min(already * 1.01, 1), future, kappa=0.5)
            block["without_stop"] = self._plateau(already * 0.6, future * 1.2, kappa=kappa)
        return block

    def _model(self, name: str, weight: float | None) -> dict[str, Any]:
        story = self.story
        failed = name in story.failed
        shares = (0.0, 0.0) if name == "exponential" else (story.p_already, story.p_future)
        return {
            "weight": None if failed else weight,
            "plateau": self._plateau(*shares, kappa=0.1),
            "diagnostics": {
                "rhat_max": 1.31 if failed else 1.004, "ess_min": 37.0 if failed else 812.4,
                "divergences": 112 if failed else 0, "converged": not failed,
            },
        }  # fmt: skip

    def _sensitivity(self) -> dict[str, Any]:
        story = self.story
        cases = []
        for hazard in (0.005, 0.01, 0.02, 0.04):
            scale = (hazard / 0.02) ** 0.3
            already = None if story.refused else min(story.p_already * scale, 0.995)
            future = None if already is None else min(story.p_future * scale, 1 - already)
            forecast = []
            for h in (5, 10, 20, 30):
                row = self._forecast_row(h)["averaged"]
                low, high = row["q50"] / (2 * scale), row["q50"] * 2 / scale
                date = iso(self.series.as_of_year + h)
                forecast.append({"date": date, "q05": low, "q50": row["q50"], "q95": high})
            none = None if already is None or future is None else 1 - already - future
            cases.append(
                {"hazard": hazard, "p_already": already, "p_future": future,
                 "p_none_within_horizon": none, "forecast": forecast}
            )  # fmt: skip
        rules_out = (
            "The data rule out a plateau before 2003; beyond that you are reading the prior."
        )
        return {"hazards": cases, "sentence": rules_out, **self._beliefs()}

    def _beliefs(self) -> dict[str, Any]:
        """Prior, camps and the rest; the last camp has too few draws."""
        story = self.story
        names = ("p_already", "p_future", "p_none_within_horizon", "p_by", "quantiles")
        prior = self._plateau(0.25, 0.3, kappa=0.1)
        camps = {}
        for name, hazard, stops in (
            ("sceptic", 0.04, 0.9), ("extrapolator", 0.005, 0.5), ("gott", 0.03, 0.5),
            ("never", 1e-6, 0.5),
        ):  # fmt: skip
            scale = (hazard / 0.02) ** 0.3
            future = min(story.p_future * scale, 1 - story.p_already)
            block = self._plateau(story.p_already, future, kappa=0.1)
            row = self._forecast_row(10)["averaged"]
            shown = {key: block[key] for key in names}
            shown["forecast"] = {q: row[q] for q in ("q05", "q50", "q95")}
            if name == "never":
                shown = {k: _withheld(v) for k, v in shown.items()}
            shown["forecast"]["date"] = iso(self.series.as_of_year + 10)
            camps[name] = {
                "told": f"what a {name} believes", "hazard": hazard, "stop_probability": stops,
                "effective_draws": 3.0 if name == "never" else 1234.5, **shown,
            }  # fmt: skip
        return {
            "verdict": None if story.refused else "prior",
            "hazard": {
                "used": 0.02, "stop_probability": 0.5, "q05": 0.01, "q95": 0.03, "series": 70,
                "longest_years": 60, "unobserved_from": None,
            },
            "camps": camps,
            "prior": {key: prior[key] for key in names},
            "information_bits": None if story.refused else 0.37,
            "power_scaling": None if story.refused else {
                "prior": 0.28, "likelihood": 0.013, "diagnosis": "prior"
            },
        }  # fmt: skip


def _withheld(value: Any) -> Any:
    """The same keys without their numbers."""
    return dict.fromkeys(value) if isinstance(value, dict) else None


def _series(story: Story) -> Series:
    """Draw the rows."""
    rng = np.random.default_rng(story.seed)
    last = min(story.last, decimal_year(story.as_of) if story.as_of else story.last)
    t = np.sort(rng.uniform(story.first, last, story.rows))
    end = np.inf if story.stop is None else story.stop
    y = story.rate * (np.minimum(t, end) - story.first)
    y = y + story.scatter * rng.standard_normal(story.rows)
    card = Card(
        id=story.id, title=story.title, unit=story.unit, kind=story.kind,
        direction="falling" if story.falling else "rising", notes=story.notes,
        observed_through=story.observed_through, source="Invented", licence="CC0-1.0",
        related=story.related,
    )  # fmt: skip
    return Series(
        card=card,
        date=tuple(to_date(x) for x in t),
        value=story.start * np.exp(-y if story.falling else y),
        label=(story.label,) * story.rows,
        source=("Invented",) * story.rows,
        remarks=("2 rows were put in order.",),
        as_of=story.as_of or story.observed_through,
    )


STORIES = {
    "stopped": Story(related=("synthetic_price",)),
    "early": Story(
        id="synthetic_early", title="The same, as of 2003", as_of=datetime.date(2003, 1, 1),
        stop=None, p_already=0.07, p_future=0.45, spread=4, related=("synthetic_clock",),
    ),
    "falling": Story(
        id="synthetic_price", title="Invented price of a thing", unit="USD per million tokens",
        kind="record", first=2023, last=2026.3, stop=None, rate=1.6, scatter=0.2, start=30.0,
        falling=True, rows=7, p_already=0.1, p_future=0.6, spread=0.5,
        observed_through=datetime.date(2026, 4, 30),
        refused="7 points over 2.1 doublings: no claim about a ceiling is possible",
    ),
    "steep": Story(
        id="synthetic_compute", title="Invented training compute", unit="FLOP", first=2010,
        last=2025.5, stop=None, rate=1.6, scatter=2.2, start=1e15, rows=300, p_already=0.05,
        p_future=0.55, spread=1.0, observed_through=datetime.date(2025, 7, 31),
        as_of=datetime.date(2026, 7, 1), failed=("logistic",),
    ),
}  # fmt: skip


def comparison(name: str = "stopped", **changes: Any) -> Synthetic:
    """Build one of the stories, with fields replaced."""
    return Synthetic(dataclasses.replace(STORIES[name], **changes))
