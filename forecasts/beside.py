"""The naive growth of a series beside that of its relatives: other yardsticks, other end dates."""

from forecasts.catalog import catalogue, load
from forecasts.naive import fit_naive
from forecasts.series import Series

#: Confidence of the growth intervals; a growth rate is a parameter, so this is not a forecast.
COVERAGE = 0.9


def naive_growths(series: Series) -> list[dict]:
    """Fit the naive line to a series and to the bundled ones its card calls related.

    Parameters
    ----------
    series : Series
        As known at its `as_of`; when that is in the past, the relatives are cut there too.

    Returns
    -------
    list of dict
        ``id, title, n, last, growth_per_year, low, high``: growth as a factor per year in the
        value's own unit, with its 90 % confidence interval; the series itself first.
    """
    earlier = series.as_of < series.card.observed_through
    rows = [_growth(series)]
    bundled = {card.id for card in catalogue()}
    for name in series.card.related:
        if name in bundled:
            other = load(name)
            if earlier and other.date[1] > series.as_of:
                continue
            rows.append(_growth(other.known_at(series.as_of) if earlier else other))
    return rows


def _growth(series: Series) -> dict:
    """One row: the naive growth of one series."""
    naive = fit_naive(series.time, series.y, sign=series.sign)
    low, high = naive.growth_interval(COVERAGE)
    return {
        "id": series.card.id,
        "title": series.card.title,
        "n": series.n,
        "last": series.date[-1].isoformat(),
        "growth_per_year": naive.growth_per_year,
        "low": low,
        "high": high,
    }
