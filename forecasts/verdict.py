"""Which it is, data or prior: one sentence from bits, camps and power-scaling.

The sentence is made from the numbers of the JSON contract's ``sensitivity`` and from nothing else,
so that what it says can be checked on the page that shows it.
"""

from typing import Any

from forecasts import words
from forecasts.power import SENSITIVE

#: The rows have something to say from here on: they halved the credible range once.
TOLD_BITS = 1.0
#: Camps disagree when their probabilities of "already" lie this far apart, or their median dates.
APART, APART_YEARS = 0.1, 5.0
#: From here on it has come already rather than not, and the sentence says when.
LIKELY = 0.5
#: What less than this is given to is ruled out.
RULED_OUT = 0.05
#: The rows ruled it out, and not the prior, where the prior gave it at least so many times more.
EARNED = 2.0
_OPENINGS = {
    "data": "Mostly data",
    "prior": "Mostly prior",
    "both": "Data and prior both decide",
    "neither": "Neither data nor prior says much",
}


def verdict_of(sensitivity: dict[str, Any], *, end_year: int) -> str:
    """Say which it is: ``data``, ``prior``, ``both`` or ``neither``.

    The rows count when they added a bit, or when the date moves with the likelihood and at least
    half as much as with the prior. The prior counts when the camps disagree, or when the date moves
    more with it than with the likelihood.

    Parameters
    ----------
    sensitivity : dict
        ``information_bits``, ``power_scaling`` and ``camps`` of the JSON contract.
    end_year : int
        Last year that the answer covers.
    """
    moved = sensitivity["power_scaling"]
    data, prior = moved["likelihood"], moved["prior"]
    rows = data >= SENSITIVE and data >= 0.5 * prior
    rows = rows or sensitivity["information_bits"] >= TOLD_BITS
    beliefs = disagree(sensitivity["camps"], end_year) or (prior >= SENSITIVE and prior > data)
    names = {(True, False): "data", (False, True): "prior", (True, True): "both"}
    return names.get((rows, beliefs), "neither")


def disagree(camps: dict[str, dict], end_year: int) -> bool:
    """Tell whether what is believed of changes moves the date."""
    known = _known(camps)
    already = [camp["p_already"] for camp in known]
    medians = [_median_year(camp, end_year) for camp in known]
    if not known:
        return False
    spread = max(medians) - min(medians)
    return max(already) - min(already) >= APART or spread >= APART_YEARS


def sentence_of(
    sensitivity: dict[str, Any], plateau: dict[str, Any], *, as_of: str, end_year: int
) -> str:
    """Say which it is and by how much, and up to when the data speak.

    Parameters
    ----------
    sensitivity : dict
        The JSON contract's, without its sentence.
    plateau : dict
        The averaged ``plateau`` of the contract.
    as_of : str
        ISO date.
    end_year : int
        Last year that the answer covers.
    """
    if plateau["refused"]:
        return f"No claim is made: {plateau['refused']}."
    verdict = sensitivity["verdict"]
    bits = sensitivity["information_bits"]
    said = f"{_OPENINGS[verdict]}: the rows tell {bits:.1f} bits about the date of the plateau"
    known = _known(sensitivity["camps"])
    if known:
        said += f", and between the camps {_ranges(known, end_year)}"
    return f"{said}. {_limits(sensitivity, plateau, known, as_of)}"


def _ranges(camps: list[dict], end_year: int) -> str:
    """Range of P(already) and of the median date over the camps."""
    already = [camp["p_already"] for camp in camps]
    low, high = words.percent(min(already)), words.percent(max(already))
    shares = f"stays at {low}" if low == high else f"runs from {low} to {high}"
    dates = [camp["quantiles"]["0.5"] for camp in camps]
    known = sorted(day for day in dates if day is not None)
    early = words.year(known[0]) if known else f"later than {end_year}"
    late = words.year(known[-1]) if len(known) == len(dates) else f"later than {end_year}"
    median = f"stays at {early}" if early == late else f"runs from {early} to {late}"
    if not known:
        median = f"lies beyond {end_year}"
    return (
        f"the probability that it has come already {shares}, its median "
        f"{median.replace(f'to later than {end_year}', f'to after {end_year}')}"
    )


def _limits(
    sensitivity: dict[str, Any], plateau: dict[str, Any], camps: list[dict], as_of: str
) -> str:
    """Say from when to when it is dated, or before when it is ruled out, and by what."""
    early, late = (plateau["quantiles"][q] for q in ("0.05", "0.95"))
    if plateau["p_already"] >= 0.95 and late is not None:
        first, last = words.year(early), words.year(late)
        when = f"in {first}" if first == last else f"between {first} and {last}"
        return f"With 90{words.NBSP}% probability it began {when}."
    if plateau["p_already"] >= LIKELY:
        not_come = words.percent(1 - plateau["p_already"])
        return (
            f"With 95{words.NBSP}% probability it began after {words.year(early)}; that it has not "
            f"come at all by {words.year(as_of)} has {not_come}, and "
            f"when it would come then is the prior's to say: {_hazard(sensitivity['hazard'])}."
        )
    firsts = [camp["quantiles"]["0.05"] for camp in camps] + [early, as_of]
    ruled_out = words.year(min(day for day in firsts if day is not None))
    whole = len(camps) == len(sensitivity["camps"])
    where = "every camp" if whole else f"the {len(camps)} camps that can be asked"
    asked = f", in {where}" if camps else ""
    before = _prior_before(sensitivity.get("prior"), ruled_out)
    if before is None or before >= EARNED * RULED_OUT:
        said = f"The data rule out (to 5{words.NBSP}%{asked}) a plateau before {ruled_out}"
    else:
        said = (
            f"A plateau before {ruled_out} has at most 5{words.NBSP}%{asked}, and the prior "
            f"gave it {words.percent(before)} before any row was seen"
        )
    return f"{said}; beyond that you are reading the prior: {_hazard(sensitivity['hazard'])}."


def _prior_before(prior: dict[str, Any] | None, year: str) -> float | None:
    """Prior probability of a plateau by the end of the year before; None where it is not known."""
    if not prior or prior["p_already"] is None:
        return None
    by = {int(each): p for each, p in (prior.get("p_by") or {}).items() if int(each) < int(year)}
    return float(by[max(by)]) if by else 0.0


def _hazard(hazard: dict[str, Any]) -> str:
    """Say where the rate of changes comes from, and from when on nothing stands behind it."""
    if hazard["series"] is None:
        return (
            f"changes are assumed to arrive at {words.rate(hazard['used'])} a year, a "
            "rate that these rows cannot teach"
        )
    said = (
        f"changes arrive at {words.rate(hazard['used'])} a year, a stated rate, at which other "
        f"series were foretold no worse than at what their rows alone ask for "
        f"({words.rate(hazard['q05'])} to {words.rate(hazard['q95'])})"
    )
    if hazard["unobserved_from"] is None:
        return said
    return (
        f"{said}, none of which was watched for more than {hazard['longest_years']} years, so "
        f"from {words.year(hazard['unobserved_from'])} on even that is a guess"
    )


def _known(camps: dict[str, dict]) -> list[dict]:
    """The camps that had enough draws to say something."""
    return [camp for camp in camps.values() if camp["p_already"] is not None]


def _median_year(camp: dict, end_year: int) -> float:
    """Median year of one camp; later than the horizon counts as just after it."""
    day = camp["quantiles"]["0.5"]
    return float(words.year(day)) if day is not None else end_year + APART_YEARS
