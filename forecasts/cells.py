"""The cells of a backtest: forecasts as they would have been made at past dates, scored.

Every cell (series, as_of) sees `Series.known_at` and nothing else, derives its random numbers from
the seed and its own name, and is kept as soon as it is finished: a rerun continues, and one worker
gives the same numbers as two (`tests/test_cell_store.py`).
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from forecasts.averaging import LEVELS, NOTHING_LEFT, model_weights
from forecasts.baselines import available, baseline_quantiles
from forecasts.fit import HORIZON, Fit, child_seed, fit_quickly
from forecasts.lfo import lfo_scores
from forecasts.models import SHAPES
from forecasts.plateau import Plateau, pooled, weighted_quantiles
from forecasts.priors import PRIOR_ODDS
from forecasts.series import Series
from forecasts.targets import Target, as_of_dates, even, targets

#: Horizons of a backtest unless told otherwise, in rows or years.
HORIZONS = (1.0, 5.0, 10.0)
#: Levels at which the whole distribution is scored: CRPS is twice the mean pinball loss over them.
DENSE = (np.arange(200) + 0.5) / 200
AVERAGED = "averaged"

#: Signed log values of a forecast at given probabilities.
Quantiles = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Question:
    """One cell of a backtest: a series at a day, and what is asked of it.

    Attributes
    ----------
    series : Series
        The whole series; only `known_at(as_of)` is fitted.
    as_of : date
        The day on which the forecasts are made.
    targets : tuple of Target
        What came.
    seed : int
        Seed of the whole backtest.
    """

    series: Series
    as_of: datetime.date
    targets: tuple[Target, ...]
    seed: int


def questions(
    series: Series, *, every: int = 1, horizons: tuple[float, ...] = HORIZONS, seed: int = 0
) -> list[Question]:
    """List the cells of one series; days at which nothing can be asked are left out.

    Parameters
    ----------
    series : Series
        The whole series.
    every : int
        Rows from one as-of date to the next.
    horizons : tuple of float
        Rows ahead for evenly spaced `index` and `share` series, years otherwise.
    seed : int
        Same seed, series and versions: same numbers.
    """
    found = []
    for day in as_of_dates(series, every):
        asked = tuple(targets(series, day, horizons))
        if asked:
            found.append(Question(series, day, asked, seed))
    return found


def answer(question: Question) -> dict:
    """Make and score every model's forecasts of one cell.

    Returns
    -------
    dict
        ``forecasts`` and ``plateaus``: rows of the two files that the command writes.
    """
    known = question.series.known_at(question.as_of)
    seed = child_seed(question.seed, known.card.id, question.as_of.isoformat())
    fits = {
        name: fit_quickly(known, shape, horizon=HORIZON, seed=child_seed(seed, name))
        for name, shape in SHAPES.items()
    }
    weights = model_weights(
        lfo_scores(fits),
        {name: one.converged for name, one in fits.items()},
    )
    rows = [
        row for target in question.targets for row in _forecasts(question, target, fits, weights)
    ]
    return {"forecasts": rows, "plateaus": _plateaus(question, fits, weights)}


def _forecasts(
    question: Question,
    target: Target,
    fits: dict[str, Fit],
    weights: dict[str, float | None],
) -> Iterable[dict]:
    """One row a model for one target."""
    known = question.series.known_at(question.as_of)
    years = np.array([target.years])
    draws = {name: one.forecast_at(years, items=target.items)[:, 0] for name, one in fits.items()}
    models: dict[str, Quantiles] = {
        name: _of_draws([values], [1.0]) for name, values in draws.items()
    }
    used = [name for name, weight in weights.items() if weight]
    # When none of them passed the gate there is still a row, at the prior odds: left out, it would
    # spare the score a hard cell. Its row in plateaus.csv says that it failed.
    mixed = {name: weights[name] or 0.0 for name in used} or PRIOR_ODDS
    models[AVERAGED] = _of_draws([draws[name] for name in mixed], list(mixed.values()))
    models |= {name: _of_baseline(name, question, known, target) for name in available()}
    for name, quantiles in models.items():
        yield {
            "series": known.card.id,
            "as_of": question.as_of.isoformat(),
            "target": target.date.isoformat(),
            "h": target.h,
            "model": name,
            **_in_own_unit(quantiles, known),
            "actual": target.actual,
            "crps": _crps(quantiles, known, target.actual),
        }


def _of_draws(draws: Sequence[np.ndarray], weights: Sequence[float]) -> Quantiles:
    """Quantiles of a mixture of draws."""
    values = np.concatenate(draws)
    weight = np.concatenate(
        [np.full(len(d), w / len(d)) for d, w in zip(draws, weights, strict=True)]
    )
    return lambda probs: weighted_quantiles(values, weight, probs.tolist())


def _of_baseline(name: str, question: Question, known: Series, target: Target) -> Quantiles:
    """Quantiles of a baseline, which knows rows only.

    Evenly spaced levels count rows. A standing record cannot be lost again: what a baseline puts
    below today's record is moved up to it.
    """
    by_rows = even(question.series)
    rows_ahead = target.h if by_rows else target.years + known.as_of_year - known.time[-1]
    time = None if by_rows else known.time

    def quantiles(probs: np.ndarray) -> np.ndarray:
        # On the scale of the log value or logit, which is y but for the sign of the series.
        wanted = probs if known.sign > 0 else 1 - probs
        found = baseline_quantiles(
            name,
            known.y,
            [rows_ahead],
            wanted.tolist(),
            sign=known.sign,
            time=time,
            items=target.items,
        )
        with np.errstate(divide="ignore"):
            values = known.sign * np.log(found[0])
        return np.maximum(values, known.y[-1]) if known.card.kind == "record" else values

    return quantiles


def _in_own_unit(quantiles: Quantiles, known: Series) -> dict[str, float]:
    """The contract's five quantiles, ascending in the series' own unit."""
    probs = np.array(list(LEVELS.values()))
    values = known.figure(known.from_y(quantiles(probs if known.sign > 0 else 1 - probs)))
    return dict(zip(LEVELS, map(float, values), strict=True))


def _crps(quantiles: Quantiles, known: Series, actual: float) -> float:
    """Continuous ranked probability score on log values (of a share: on the value)."""
    from scoringrules import crps_quantile

    if known.card.kind == "share":
        values, seen = np.sort(known.figure(known.from_y(quantiles(DENSE)))), actual
    else:
        values, seen = quantiles(DENSE), known.sign * float(np.log(actual))
    return float(crps_quantile(seen, values, DENSE, backend="numpy"))


def _plateaus(
    question: Question, fits: dict[str, Fit], weights: dict[str, float | None]
) -> list[dict]:
    """One row a shape and one for the average; withheld figures are empty."""
    used = [name for name, weight in weights.items() if weight]
    found = {name: (one.plateaus[0], one.converged) for name, one in fits.items()}
    unmixed = fits["piecewise"].plateaus[0]
    mixed = (
        pooled(
            [fits[name].plateaus[0] for name in used],
            [weights[name] or 0.0 for name in used],
            refused=unmixed.refused,
        )
        if used
        else replace(unmixed, refused=NOTHING_LEFT)
    )
    found[AVERAGED] = (mixed, all(one.converged for one in fits.values()))
    return [_plateau_row(question, name, *one) for name, one in found.items()]


def _plateau_row(question: Question, name: str, plateau: Plateau, converged: bool) -> dict:
    """One row of plateaus.csv."""
    shown = plateau.to_dict()
    return {
        "series": question.series.card.id,
        "as_of": question.as_of.isoformat(),
        "model": name,
        "p_already": shown["p_already"],
        "p_future": shown["p_future"],
        **{
            key: shown["quantiles"][q]
            for key, q in (("q05", "0.05"), ("q50", "0.5"), ("q95", "0.95"))
        },
        "converged": converged,
    }
