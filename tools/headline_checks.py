"""What the headline fits must show, as a table: the check, the figures found, whether it holds."""

import math
from collections.abc import Callable

from forecasts.catalog import load
from forecasts.models import SHAPES
from forecasts.naive import fit_naive

#: One comparison of ``validation/headline.csv``: text by column.
Row = dict[str, object]
MODELS = (*SHAPES, *(f"{n}_without_stop" for n, s in SHAPES.items() if s.has_stop))
#: The clock rate that the forecast of an item of 2015 has to allow for.
ITEM_MHZ = 2700.0
#: Growth per year by an independent regression of the same figures, and how close ours must be.
GROWTH = {"llm_compute_to_2026": 5.7, "ai_compute_notable_to_2026": 4.35}
GROWTH_TOLERANCE = 0.05

Check = tuple[str, str, bool | None]


def table(rows: list[Row]) -> str:
    """Return the checks as a Markdown table."""
    checks = [*cpu_clock(rows), *airspeed(rows), *growth(), *others(rows), *gate(rows)]
    words = {True: "yes", False: "NO", None: "-"}
    lines = ["| check | found | holds |", "|---|---|---|"]
    return "\n".join(lines + [f"| {a} | {b} | {words[ok]} |" for a, b, ok in checks])


def cpu_clock(rows: list[Row]) -> list[Check]:
    """CPU clock: the plateau is found, and was not announced too early."""
    now = chosen(rows, "cpu_clock")
    found = [
        span(now, "p_already", "cpu_clock: P(already) >= 0.98", lambda p: p >= 0.98),
        span(now, "p_already_without_stop", "cpu_clock: the same without the stop component"),
        dates(now, "piecewise", "cpu_clock: piecewise 90 % interval in 2003-2008", "2003", "2008"),
        median(now, "averaged", "cpu_clock: averaged median in 2004-2009", "2004", "2009"),
        dates(now, "logistic", "cpu_clock: logistic 90 % interval"),
        span(now, "weight_logistic", "cpu_clock: weight of the logistic"),
    ]
    early = chosen(rows, "cpu_clock", "2003-01-01")
    found.append(
        span(early, "p_already", "cpu_clock 2003-01-01: P(already) <= 0.10", lambda p: p <= 0.10)
    )
    found += [check for date in ("2015-01-01", "2016-01-01") for check in item(early, date)]
    for year in ("1990", "1995", "2000"):
        at = chosen(rows, "cpu_clock", year)
        title = f"cpu_clock {year}: P(already) <= 0.15"
        found.append(span(at, "p_already", title, lambda p: p <= 0.15))
    return found


def item(early: list[Row], date: str) -> list[Check]:
    """An item of 2015 as of 2003: inside the averaged interval, outside the naive one."""
    title = f"cpu_clock 2003-01-01, item of {date}: "
    column = f"item_{date}_"
    found = [
        span(
            early, f"{column}averaged_q05", title + "averaged 90 % starts below 2700",
            lambda q: q <= ITEM_MHZ,
        ),
        span(
            early, f"{column}averaged_q95", title + "... and ends above", lambda q: q >= ITEM_MHZ
        ),
        span(
            early, f"{column}naive_q05", title + "naive 90 % starts above 2700",
            lambda q: q > ITEM_MHZ,
        ),
    ]  # fmt: skip
    for hazard in (0.005, 0.01, 0.02, 0.04):
        name = f"{title}lower end at {hazard:.1%} a year"
        found.append(span(early, f"{column}hazard_{hazard:g}_q05", name))
    return found


def airspeed(rows: list[Row]) -> list[Check]:
    """Airspeed: silence is data, and wars are not silence."""
    now, cut = chosen(rows, "airspeed"), chosen(rows, "airspeed", variant="until the last row")
    found = [
        span(now, "p_already", "airspeed: P(already) >= 0.95", lambda p: p >= 0.95),
        span(now, "p_already_without_stop", "airspeed: the same without the stop component"),
        median(now, "averaged", "airspeed: averaged median before 1985", "0001", "1984"),
    ]
    top = max(numbers(cut, "p_already"), default=math.nan)
    low = min(numbers(now, "p_already"), default=math.nan)
    title = "airspeed until its last row: P(already) lower by at least 0.2"
    # Rounded down: "or more" must hold.
    lower = f"by {math.floor(100 * (low - top)) / 100:.2f} or more" if cut and now else "not run"
    found.append((title, lower, low - top >= 0.2))
    for year in ("1945", "1950"):
        at, bare = chosen(rows, "airspeed", year), chosen(rows, "airspeed", year, "without gaps")
        title = f"airspeed {year}: P(already) "
        found.append(span(at, "p_already", title + "<= 0.5", lambda p: p <= 0.5))
        found.append(span(bare, "p_already", title + "> 0.5 without gaps", lambda p: p > 0.5))
        # A year stands for its last day; its first day is shown, not held to anything.
        for variant in ("", "without gaps"):
            first_day = chosen(rows, "airspeed", f"{year}-01-01", variant)
            title = f"airspeed {year}-01-01: P(already) {variant}".strip()
            found.append(span(first_day, "p_already", title))
    return found


def growth() -> list[Check]:
    """Naive growth per year of the compute series, which needs no fit."""
    found: list[Check] = []
    for name in ("llm_compute", *GROWTH):
        series = load(name)
        ours = fit_naive(series.time, series.y, sign=series.sign).growth_per_year
        known = GROWTH.get(name)
        title = f"{name}: naive growth per year" + (f" within .05 of {known}" if known else "")
        holds = abs(ours - known) <= GROWTH_TOLERANCE if known else None
        found.append((title, f"{ours:.3f}", holds))
    return found


def others(rows: list[Row]) -> list[Check]:
    """The series without a rule: what they show."""
    return [
        span(chosen(rows, name), "p_already", f"{name}: P(already)")
        for name in ("llm_compute", "llm_price", "rupp_transistors")
    ]


def gate(rows: list[Row]) -> list[Check]:
    """Every fit passes the convergence gate; those that do not are named."""
    found: list[Check] = []
    for row in rows:
        for model in MODELS:
            if row[f"{model}_converged"] != "True":
                where = " ".join(str(row[k]) for k in ("series", "variant", "as_of") if row[k])
                figures = ", ".join(
                    f"{name} {row[f'{model}_{name}']}"
                    for name in ("rhat_max", "ess_min", "divergences")
                )
                found.append((f"gate: {where}, seed {row['seed']}, {model}", figures, False))
    title = f"all {len(rows) * len(MODELS)} fits pass the convergence gate"
    return [*found, (title, f"{len(found)} do not", not found)]


def chosen(rows: list[Row], series: str, as_of: str = "", variant: str = "") -> list[Row]:
    """The rows of one case, one a seed."""
    wanted = (series, as_of, variant)
    return [row for row in rows if (row["series"], row["as_of"], row["variant"]) == wanted]


def numbers(rows: list[Row], column: str) -> list[float]:
    """The figures of one column; an empty cell (withheld) is left out."""
    return [float(str(row[column])) for row in rows if row[column] != ""]


def span(
    rows: list[Row], column: str, title: str, rule: Callable[[float], bool] | None = None
) -> Check:
    """Range of a figure over the seeds, and whether each one keeps the rule."""
    values = numbers(rows, column)
    if not values:
        return title, "withheld" if rows else "not run", None if rows and not rule else False
    kept = all(map(rule, values)) and len(values) == len(rows) if rule else None
    return title, f"{min(values):.4g} to {max(values):.4g}", kept


def dates(rows: list[Row], part: str, title: str, first: str = "", last: str = "") -> Check:
    """Earliest start and latest end of a plateau interval; a missing end is later than told."""
    starts = [str(row[f"plateau_{part}_q05"]) or "later" for row in rows]
    ends = [str(row[f"plateau_{part}_q95"]) or "later" for row in rows]
    if not rows:
        return title, "not run", False
    low, high = min(starts), max(ends)
    return title, f"{low} to {high}", (low[:4] >= first and high[:4] <= last) if first else None


def median(rows: list[Row], part: str, title: str, first: str, last: str) -> Check:
    """Range of the median plateau date over the seeds; it must lie in the years given."""
    values = sorted(str(row[f"plateau_{part}_q50"]) or "later" for row in rows)
    if not values:
        return title, "not run", False
    holds = first <= values[0][:4] and values[-1][:4] <= last
    return title, f"{values[0]} to {values[-1]}", holds
