"""What moves the answer: other hazards, and what is data and what is prior."""

from dataclasses import replace
from typing import TYPE_CHECKING

from forecasts import words
from forecasts.camps import answer_under, camp_answers, camp_table, learned_population
from forecasts.dates import iso
from forecasts.information import information_bits, prior_of
from forecasts.learned import learned_file
from forecasts.plateau import Plateau
from forecasts.power import power_scaling
from forecasts.priors import BEND_WIDTH, HAZARDS
from forecasts.verdict import sentence_of, verdict_of

if TYPE_CHECKING:
    from forecasts.comparison import Comparison
    from forecasts.view import View


def sensitivity_of(comparison: "Comparison", plateau: dict) -> dict:
    """Return the contract's ``sensitivity``: hazards, camps, prior against data, the sentence.

    Parameters
    ----------
    comparison : Comparison
        At least one of its shapes is averaged.
    plateau : dict
        The contract's averaged ``plateau``.
    """
    if not comparison.used:
        names = "sentence verdict hazard prior information_bits power_scaling"
        return {**dict.fromkeys(names.split()), "hazards": [], "camps": {}}
    prior = prior_of(comparison)
    refused = bool(plateau["refused"])
    found: dict = {
        "verdict": None,
        "hazards": hazard_table(comparison),
        "hazard": hazard_used(comparison),
        "camps": camp_table(camp_answers(comparison), forecast_dates(comparison)),
        "prior": _shown(prior),
        "information_bits": None if refused else information_bits(comparison.plateaus[0], prior),
        "power_scaling": None if refused else power_scaling(comparison),
    }
    end = int(comparison.series.as_of.year + comparison.horizon)
    if not refused:
        found["verdict"] = verdict_of(found, end_year=end)
    as_of = comparison.series.as_of.isoformat()
    return {"sentence": sentence_of(found, plateau, as_of=as_of, end_year=end), **found}


def _shown(prior: Plateau) -> dict:
    """The prior of the plateau date, as far as the contract has it."""
    shown = prior.to_dict()
    names = ("p_already", "p_future", "p_none_within_horizon", "p_by", "quantiles")
    return {name: shown[name] for name in names}


def hazard_used(comparison: "Comparison") -> dict:
    """Say what hazard was used, where it comes from, and up to what age it was observed.

    Returns
    -------
    dict
        ``used`` and the ``stop_probability`` beside it; the 90 % interval ``q05`` and ``q95``, the
        number of ``series`` that taught it and the ``longest_years`` that one of another family
        was watched, all None when it was stated and not learned; ``unobserved_from``: the date
        within the horizon, if any, at which this series will be older than that.
    """
    series, learned = comparison.series, learned_file()
    population = learned_population(comparison)
    known: dict = {"used": population.hazard, "stop_probability": population.stop_probability}
    if not learned:
        return known | dict.fromkeys(("q05", "q95", "series", "longest_years", "unobserved_from"))
    _, low, high = learned["hazard_by_rows"]
    own = series.card.family
    longest = max(years for family, years in learned["longest_watched"].items() if family != own)
    last = float(series.time[0]) + longest
    within = last < series.as_of_year + comparison.horizon
    return known | {
        "q05": low,
        "q95": high,
        "series": learned["series"],
        "longest_years": longest,
        "unobserved_from": iso(last) if within else None,
    }


def hazard_table(comparison: "Comparison") -> list[dict]:
    """Averaged answer at each of `HAZARDS` and at the learned one: shares, forecast quantiles."""
    learned = learned_population(comparison)
    rows = []
    for hazard in sorted({*HAZARDS, learned.hazard}):
        answer = answer_under(comparison, replace(learned, hazard=hazard))
        shown = answer.plateau.to_dict()
        rows.append(
            {
                "hazard": hazard,
                "p_already": shown["p_already"],
                "p_future": shown["p_future"],
                "p_none_within_horizon": shown["p_none_within_horizon"],
                "forecast": [
                    {"date": day, "q05": q["q05"], "q50": q["q50"], "q95": q["q95"]}
                    for day, q in zip(forecast_dates(comparison), answer.ahead, strict=True)
                ],
            }
        )
    return rows


def forecast_dates(comparison: "Comparison | View") -> list[str]:
    """Return as_of + 1, 2, … years as ISO dates."""
    count = int(comparison.horizon)
    return [iso(comparison.series.as_of_year + h) for h in range(1, count + 1)]


def priors_in_words(comparison: "Comparison") -> list[dict]:
    """Return every prior as name, words and reason, each once."""
    fits = comparison.fits
    seen = {p.name: p for one in fits.values() for p in one.shape.priors}
    seen |= {p.name: p for p in fits["piecewise"].scan.problem.noise}
    told = (*seen.values(), BEND_WIDTH)
    rows = [{"name": p.name, "prior": p.words, "reason": p.reason} for p in told]
    if comparison.series.card.kind == "share":
        rows.insert(
            0,
            {
                "name": "scale",
                "prior": "the logit of the share: level, growth and scatter are those of the odds",
                "reason": "a share has two ends, and close to either a step means more",
            },
        )
    population = fits["piecewise"].shape.population
    rows.append(_hazard_row(comparison))
    rows.append(
        {
            "name": "stop",
            "prior": "growth after a change is exactly zero with probability "
            f"{population.stop_probability:.2g}",
            "reason": "how often growth that changed stopped, in other trends"
            if learned_file()
            else "stated, not learned: as likely as not",
        }
    )
    return rows


def _hazard_row(comparison: "Comparison") -> dict:
    """The hazard as a prior: how large, and where it comes from."""
    used = hazard_used(comparison)
    beside = ", ".join(map(words.rate, HAZARDS))
    if used["series"] is None:
        reason = "stated, not learned from other series: these rows cannot teach it"
    else:
        reason = (
            "stated: other series were foretold no worse at it than at what the rows of the "
            f"{used['series']} series of the reference class alone ask for "
            f"({words.rate(used['q05'])} to {words.rate(used['q95'])}, 90 %), which count every "
            f"wobble of growth as a change; none was watched for more than "
            f"{used['longest_years']} years"
        )
    rate = words.rate(used["used"])
    return {
        "name": "hazard",
        "prior": f"{rate} a year, before and after as_of; beside it {beside}. In the logistic and "
        "the Gompertz shape the date of the ceiling comes at the rate of the stops among them, and "
        "changes come beside it, after as_of alone",
        "reason": reason,
    }
