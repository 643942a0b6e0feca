"""The answer in words, made from the numbers of the JSON contract and from nothing else."""

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
        Plain text; titles in it come from a file and must be escaped where they are shown.
    """
    plateau, series = result["plateau"], result["series"]
    as_of = words.day(series["as_of"])
    opening = f"{series['title']}, as of {as_of}: "
    if plateau["refused"]:
        return f"{opening}{plateau['refused']}. {_beside(result)}"
    already = plateau["p_already"]
    end = int(series["as_of"][:4]) + int(series["horizon_years"])
    if already >= 0.5:
        date = words.plateau_date(plateau["quantiles"]["0.5"], end_year=end)
        said = f"the trend has plateaued already with probability {words.percent(already)}, {date}"
        said = f"{said} being the middle estimate of when."
    else:
        said = (
            f"a plateau already: {words.percent(already)}; one in the next "
            f"{series['horizon_years']:g} years: {words.percent(plateau['p_future'])}; "
            f"none by then: {words.percent(plateau['p_none_within_horizon'])}."
        )
    return f"{opening}{said} {_beside(result)}"


def _beside(result: dict) -> str:
    """What the naive line says, set against the average."""
    naive = result["naive"]
    grows = words.growth(naive["growth_per_year"])
    factor = naive["factor"].get("10")
    if factor is None:
        return f"The naive line: {grows}."
    parts = "above" if factor >= 1 else "below"
    size = words.times(max(factor, 1 / factor) if factor > 0 else None)
    return f"The naive line, {grows}, lies {size} {parts} the averaged median ten years on."
