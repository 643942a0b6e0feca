"""The answer in words, made from the numbers of the JSON contract and from nothing else."""

from collections.abc import Sequence

from forecasts import words


def sentence_of(result: dict) -> str:
    """Say in two or three plain sentences what the posterior says.

    Parameters
    ----------
    result : dict
        The JSON contract of one answer.

    Returns
    -------
    str
        Plain text.
    """
    plateau, series = result["plateau"], result["series"]
    as_of = words.day(series["as_of"])
    if plateau["refused"]:
        return f"As of {as_of}: {plateau['refused']}. {_beside(result)}"
    already, end = plateau["p_already"], _end_year(result)
    if already >= 0.5:
        early, middle, late = (
            words.plateau_date(plateau["quantiles"][q], end_year=end)
            for q in ("0.05", "0.5", "0.95")
        )
        said = (
            f"As of {as_of} the trend has plateaued with probability {words.percent(already)}; "
            f"middle estimate of when: {middle} (90 %: {early} to {late})."
        )
    else:
        said = (
            f"As of {as_of} the trend has plateaued with probability {words.percent(already)}; "
            f"it does so within {words.years(series['horizon_years'])} with "
            f"{words.percent(plateau['p_future'])}, later or never with "
            f"{words.percent(plateau['p_none_within_horizon'])}."
        )
        # A view of one threshold has no other.
        slowed = plateau.get("slowed_by_half", {}).get("p_already")
        if slowed is not None and slowed >= 0.5:
            said += f" That it has slowed by half has {words.percent(slowed)}."
    return f"{said} {_beside(result)}"


def failure_of(failed: Sequence[str]) -> str:
    """Name the fits that did not pass the gate; nothing when all did."""
    return f"NOT CONVERGED: the fit of {', '.join(failed)} failed." if failed else ""


def text_of(result: dict, failed: Sequence[str] = ()) -> str:
    """Write the answer for a terminal: sentences, then the forecast side by side.

    Parameters
    ----------
    result : dict
        The JSON contract of one answer.
    failed : sequence of str
        Names of the fits that did not pass the gate.
    """
    series, rows = result["series"], result["forecast"]
    shown = [row for h, row in enumerate(rows, 1) if h in (1, 2, 5, 10, 20, len(rows))]
    lines = [words.plain(series["title"]), "", sentence_of(result), ""]
    if failed:
        lines.insert(0, failure_of(failed))
    sentence = result["sensitivity"]["sentence"]
    lines += [sentence, ""] if sentence and not result["plateau"]["refused"] else []
    unit = words.plain(series["unit"])
    lines.append(f"{'date':<12}{'naive line':>30}  {'averaged':>30}  (median, 90 %; {unit})")
    for row in shown:
        cells = [_interval(row[name]) for name in ("naive", "averaged")]
        lines.append(f"{row['date']:<12}{cells[0]:>30}  {cells[1]:>30}")
    weights = {name: model["weight"] for name, model in result["models"].items()}
    given = ", ".join(
        f"{name} {'failed' if weight is None else words.percent(weight)}"
        for name, weight in weights.items()
    )
    return "\n".join([*lines, "", f"Weights: {given}."])


def _interval(row: dict) -> str:
    """One cell: median and 90 % interval."""
    low, middle, high = (words.number(row[q], digits=2) for q in ("q05", "q50", "q95"))
    if row["q05"] is None or row["q95"] is None:
        return f"{middle} (no interval)"
    return f"{middle} ({low}–{high})"


def _end_year(result: dict) -> int:
    """Last year that the answer covers."""
    return int(result["series"]["as_of"][:4]) + int(result["series"]["horizon_years"])


def _beside(result: dict) -> str:
    """What the naive line says, set against the average."""
    naive = result["naive"]
    if naive["growth_per_year"] is None:
        return "No naive line can be drawn."
    grows = words.growth(naive["growth_per_year"], kind=result["series"]["kind"])
    factor = naive["factor"].get("10")
    if factor and result["series"]["kind"] == "share":
        # Near the maximum a ratio of shares hides how far apart the remainders are.
        at, unit = result["forecast"][9], words.plain(result["series"]["unit"])
        line, average = (words.quantity(at[name]["q50"], unit) for name in ("naive", "averaged"))
        return (
            f"The naive line, {grows}, is at {line} ten years on, the averaged median at {average}."
        )
    if not factor:
        return f"The naive line: {grows}."
    if 1 / 1.05 < factor < 1.05:
        return f"The naive line, {grows}, and the averaged median agree to 5 % ten years on."
    # Two digits: of a factor of millions even the second one is chance.
    size = words.times(float(f"{max(factor, 1 / factor):.2g}"))
    parts = "above" if factor > 1 else "below"
    return f"The naive line, {grows}, lies {size} {parts} the averaged median ten years on."
