"""Learn the population of trends from the reference class, once for every family left out.

Fits every bundled series with the wide prior of its kind, samples the population
(`forecasts.hierarchy`), and writes ``data/learned/population.json``: what all families teach
together, and for each family what the others teach. Two numbers are exceptions. The hazard: the
rows of the reference class count every wobble of growth as a change, and forecasts at the rate that
they ask for are no better than at the stated one (`tools/score_hazard.py` compares the two). And
the spread of persistence, for the reason given in `forecasts.population`. The rest is learned given
the stated ones, and what the rows say of the hazard is kept beside it. With ``--as-of`` every
reference series is cut at that day first, and the result goes to
``data/learned/population_<day>.json``: the strict version, in which no later row of any series
reaches a forecast, but for the two stated numbers, which were chosen by what came. A family that
importance weights cannot take out is left out of another run.
"""

import argparse
import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import arviz as az
import numpy as np

from forecasts.catalog import catalogue, data_directory, load
from forecasts.diagnostics import K_HAT_LIMIT
from forecasts.errors import InputError
from forecasts.hierarchy import KINDS, OWN, SHARED, Learned, learn
from forecasts.population import HAZARD
from forecasts.progress import shown
from forecasts.recycled import Recycled, recycle
from forecasts.series import Series
from forecasts.whole_files import write_whole

#: Fewer rows teach nothing and are sampled badly.
LEAST_ROWS = 6
#: Series that several others are cut from, or that hardly differ from one.
COPIES = ("ai_compute_notable_to_2026", "llm_compute_to_2026")
DIGITS = 6


def main() -> None:
    """Read the options, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--as-of", metavar="DATE", help="cut every reference series at that day")
    parser.add_argument("--hazard", type=float, default=HAZARD, help="chosen by score")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    series = reference_class(options.as_of)
    recycled = []
    with shown(len(series)) as progress:
        for one in series:
            recycled.append(recycle(one, seed=options.seed))
            progress(one.card.id, 1, 1)
    free = learn(recycled, seed=options.seed)
    learned = learn(recycled, hazard=options.hazard, seed=options.seed)
    found = summary(learned, series, recycled, options.as_of, options.seed)
    for family in found["rough_families"]:
        # No weights can take this family out: the others are asked anew.
        others = [one for one in recycled if one.family != family]
        anew = learn(others, hazard=options.hazard, seed=options.seed)
        found["families"][family] = _kinds(anew, None)
    found["hazard_by_rows"] = _interval(free.posterior["hazard"])
    name = f"population_{options.as_of}.json" if options.as_of else "population.json"
    target = data_directory() / "learned" / name
    write(target, found)
    print(json.dumps({k: v for k, v in found.items() if k != "families"}, indent=2))


def reference_class(as_of: str | None) -> list[Series]:
    """Load every bundled series with enough rows, as known at a day."""
    found = []
    for card in catalogue():
        if card.id in COPIES:
            continue
        try:
            series = load(card.id).known_at(as_of)
        except InputError:
            continue  # It began after that day.
        if series.n >= LEAST_ROWS:
            found.append(series)
    return found


def summary(
    learned: Learned,
    series: Sequence[Series],
    recycled: Sequence[Recycled],
    as_of: str | None,
    seed: int,
) -> dict:
    """Return what is written: populations, and how they came about."""
    families = sorted({one.family for one in learned.series})
    weights = {family: learned.without(family) for family in families}
    rough = {f: round(k, 2) for f, (_, k) in weights.items() if k >= K_HAT_LIMIT}
    sampled = {name: draws for name, draws in learned.posterior.items() if np.ptp(draws) > 0}
    posterior = az.convert_to_dataset(sampled)
    digest = hashlib.sha256("".join(sorted(s.data_sha256 for s in series)).encode())
    return {
        "format": 1,
        "command": "tools/learn_population.py" + (f" --as-of {as_of}" if as_of else ""),
        "seed": seed,
        "versions": {name: version(name) for name in ("pymc", "nutpie", "numpy")},
        "data_sha256": digest.hexdigest(),
        "series": len(learned.series),
        "not_converged": [one.id for one in recycled if not one.converged],
        "longest_watched": longest_watched(series, {one.id for one in learned.series}),
        "rhat_max": round(max(float(r.max()) for r in az.rhat(posterior).values()), 4),
        "divergences": int(learned.tree["sample_stats"]["diverging"].sum()),
        "posterior": {name: _interval(learned.posterior[name]) for name in (*SHARED, *OWN)},
        "everyone": _kinds(learned, None),
        "rough_families": rough,
        "families": {family: _kinds(learned, weights[family][0]) for family in families},
    }


def longest_watched(series: Sequence[Series], taught: Collection[str]) -> dict[str, int]:
    """Years that the longest watched series of a family was watched, of the two longest families.

    Two, since a family is told what the others were watched for.
    """
    years: dict[str, int] = {}
    for one in series:
        if one.card.id in taught:
            family, span = one.card.family, round(one.observed_year - one.time[0])
            years[family] = max(span, years.get(family, 0))
    return dict(sorted(years.items(), key=lambda item: -item[1])[:2])


def _kinds(learned: Learned, log_weight: np.ndarray | None) -> dict[str, dict[str, float]]:
    """The population of every kind."""
    return {
        kind: {
            name: round(value, DIGITS)
            for name, value in asdict(learned.population(kind, log_weight)).items()
        }
        for kind in KINDS
    }


def _interval(draws: np.ndarray) -> list:
    """Mean, 5 % and 95 % quantile; one triple a kind where there are several."""
    flat = draws.reshape(-1, *draws.shape[2:])
    rows = np.stack([flat.mean(0), *np.quantile(flat, [0.05, 0.95], axis=0)], -1)
    return np.round(rows, 4).tolist()


def write(target: Path, found: dict) -> None:
    """Replace the file as a whole."""
    write_whole(target, json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
