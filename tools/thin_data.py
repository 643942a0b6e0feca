"""Ask what may be said of a plateau after how much has been seen, and hold the rule against it.

Simulates logistic trends (`thin_data_cases`), fits every shape that can plateau by importance
sampling with the learned population, and keeps what the average and the logistic say of the
plateau date, whether the thin-data rule withholds it or not: was it withheld, does the 90 %
interval hold the true date, how wide is it, and how far is the ceiling off. The trends are not
drawn from the prior, so that no coverage is promised: this measures how the package does on trends
of ordinary size.

Writes one row a simulation to ``validation/thin_data.csv``, a table (`thin_data_table`) and a
figure (`thin_data_figure`) beside it. Every finished row is kept: a rerun does what is missing,
``--fresh`` does everything again.
"""

import argparse
from pathlib import Path

import numpy as np
from kept import Key, Row, read, run
from thin_data_cases import Case, cases, log_ceiling, simulated
from thin_data_figure import figure
from thin_data_table import table

from forecasts.averaging import model_weights
from forecasts.charts import to_svg
from forecasts.fit import Fit, child_seed, fit_quickly
from forecasts.lfo import lfo_scores
from forecasts.models import SHAPES
from forecasts.plateau import TREND, Plateau, curve_of, pooled, refusal
from forecasts.population import LN2, Population
from forecasts.priors import PRIOR_ODDS

OUT = Path(__file__).resolve().parent.parent / "validation" / "thin_data.csv"
SIMULATIONS, WORKERS = 20, 2
KEYS = Case._fields


def main() -> None:
    """Read the options, run what is missing, print and write the table, draw the figure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--simulations", type=int, default=SIMULATIONS, help="of each cell")
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument("--fresh", action="store_true", help="forget the rows of an earlier run")
    options = parser.parse_args()
    rows = {} if options.fresh else read(options.out, KEYS)
    wanted = cases(options.simulations)
    todo = {case.key: case for case in wanted if case.key not in rows}
    order = {case.key: i for i, case in enumerate(wanted)}

    def place(key: Key) -> int:
        """Rows of a longer run stay, behind."""
        return order.get(key, len(order))

    run(options.out, rows, todo, measure, place=place, workers=options.workers)
    mine = [rows[case.key] for case in wanted]
    text = table(mine)
    options.out.with_suffix(".md").write_text(text, encoding="utf-8")
    options.out.with_suffix(".svg").write_text(to_svg(figure(mine)), encoding="utf-8")
    print(text)


def measure(case: Case, *, believed: Population | None = None) -> Row:
    """One simulation: what is said of its plateau, whatever the rule says.

    Parameters
    ----------
    case : Case
        What is simulated.
    believed : Population, optional
        What the fits believe; the default is what other series taught.
    """
    truth = simulated(case, child_seed(case.number, *case.key[:-1]))
    series = truth.series
    fits = {
        name: fit_quickly(
            series, SHAPES[name], population=believed, seed=case.number, fallback=False
        )
        for name in PRIOR_ODDS
    }
    weights = model_weights(lfo_scores(fits), {name: one.converged for name, one in fits.items()})
    used = {name: weight for name, weight in weights.items() if weight}
    # As in the package, the piecewise shape says whether there is a trend at all.
    first = fits["piecewise"].plateaus[0]
    p_growth = float(first.weight[first.trend].sum())
    parts = [fits[name].plateaus[0] for name in used]
    averaged = pooled(parts, list(used.values()), refused=None) if used else None
    due = truth.plateau - series.as_of_year
    return {
        **dict(zip(KEYS, case.key, strict=True)),
        "seen_doublings": f"{abs(series.y[-1] - series.y[0]) / LN2:.2f}",
        "withheld": "rows" if refusal(series, 1.0) else "growth" if p_growth < TREND else "",
        "p_growth": f"{p_growth:.4f}",
        "years": f"{series.as_of_year - series.time[0]:.2f}",
        "due": f"{due:.2f}",
        "rough": " ".join(name for name, one in fits.items() if not one.converged),
        "k_hat": f"{fits['logistic'].diagnostics.k_hat:.2f}",
        "weight_logistic": f"{weights['logistic'] or 0.0:.3f}",
        **_plateau("averaged", averaged, due),
        **_plateau("logistic", fits["logistic"].plateaus[0], due),
        **_ceiling(fits["logistic"], log_ceiling(case, truth)),
    }


def _plateau(name: str, plateau: Plateau | None, due: float) -> Row:
    """What is said of the date, in years after `as_of`; empty where no shape passed the gate."""
    columns = ("p_already", "q05", "q50", "q95", "width", "holds")
    if plateau is None:
        return {f"{name}_{column}": "" for column in columns}
    low, middle, high = (plateau.quantile(p) - plateau.as_of for p in (0.05, 0.5, 0.95))
    # Both ends beyond the horizon: as wide as can be.
    width = high - low if np.isfinite(low) else np.inf
    said = [f"{x:.2f}" for x in (plateau.p_already, low, middle, high, width)]
    holds = "yes" if low <= due <= high else "no"
    return {f"{name}_{c}": x for c, x in zip(columns, [*said, holds], strict=True)}


def _ceiling(found: Fit, true: float) -> Row:
    """The logistic ceiling, as a multiple of the true one; inf: not in sight."""
    ceiling, y = found.shape.named(found.past)["log_ceiling"], found.series.y
    if found.series.card.kind == "index":
        # The rows tell growth only: the curve goes on from the last of them, as a forecast does.
        here = curve_of(found.shape, found.past, np.array([found.span.years]))[:, 0]
        ratio = ceiling - here + y[-1] - true
    else:
        ratio = ceiling + y[0] - true
    quantiles = np.quantile(ratio, [0.05, 0.5, 0.95], method="inverted_cdf")
    with np.errstate(over="ignore"):
        said = [f"{x:.3g}" for x in np.exp(quantiles)]
    return dict(zip(("ceiling_q05", "ceiling_q50", "ceiling_q95"), said, strict=True))


if __name__ == "__main__":
    main()
