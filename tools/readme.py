"""Fill the generated parts of the README: the example's numbers, its picture, the data table.

``python tools/readme.py`` rewrites README.md and docs/cpu_clock_2003.svg; no number in the README
is typed by hand.
"""

import re
from pathlib import Path
from unittest.mock import patch

import numpy as np
from attribution import table
from strict import cut_at

from forecasts import charts, compare, load, words
from forecasts.dates import parse_date

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "cpu_clock_2003.svg"
#: What the example asks: the reader knows what came, the fit does not.
AS_OF, TARGET, SEED = "2003-01-01", "2015-01-01", 1


def main() -> None:
    """Fit the example and write both files."""
    then = compare(load("cpu_clock"), as_of=AS_OF, seed=SEED)
    strict, _ = cut_at(parse_date(AS_OF), load("cpu_clock").card.family)
    with patch("forecasts.learned.learned_file", lambda: strict):
        unknowing = compare(load("cpu_clock"), as_of=AS_OF, seed=SEED)
    now = compare(load("cpu_clock"), seed=SEED)
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(charts.to_svg(charts.overview(then)), encoding="utf-8")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    text = filled(text, "example", _example(then.to_dict(), unknowing.to_dict(), now.to_dict()))
    text = filled(text, "attribution", table())
    (ROOT / "README.md").write_text(text, encoding="utf-8")


def filled(text: str, name: str, content: str) -> str:
    """Replace what stands between a part's two markers."""
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    pattern = re.escape(begin) + ".*?" + re.escape(end)
    return re.sub(pattern, lambda _: f"{begin}\n{content.strip()}\n{end}", text, flags=re.DOTALL)


def _example(then: dict, unknowing: dict, now: dict) -> str:
    """CPU clock as of 2003 and today, in words and one table."""
    row, strict = (
        next(row for row in result["forecast"] if row["date"] == TARGET)
        for result in (then, unknowing)
    )
    actual = [v for d, v in zip(*_rows(), strict=True) if d.year in (2014, 2015, 2016)]
    middle = float(np.median(actual))

    def held(forecast: dict) -> int:
        q = forecast["averaged"]
        return sum(q["q05"] <= value <= q["q95"] for value in actual)

    unit, past, today = then["series"]["unit"], then["plateau"], now["plateau"]
    lines = [
        f"CPU clock as known on {words.day(AS_OF)}: what will a new processor run at in 2015?",
        "",
        "| | median | 90 % interval |",
        "|---|---|---|",
    ]
    for title, q in (
        ("naive line", row["naive"]),
        ("averaged forecast", row["averaged"]),
        ("the same, its priors learned from what was known in 2003", strict["averaged"]),
    ):
        interval = f"{words.number(q['q05'])} to {words.quantity(q['q95'], unit)}"
        lines.append(f"| {title} | {words.quantity(q['q50'], unit)} | {interval} |")
    early, middle_date, late = (words.month(today["quantiles"][q]) for q in ("0.05", "0.5", "0.95"))
    lines += [
        f"| what came: {len(actual)} processors of 2014 to 2016 | {words.quantity(middle, unit)} | "
        f"all: {words.number(min(actual))} to {words.quantity(max(actual), unit)} |",
        "",
        f"The averaged interval is of one processor, and holds {held(row)} of the {len(actual)} "
        f"that came; with priors that knew nothing later than 2003, {held(strict)}.",
        "",
        f"Plateaued already, as known in 2003: {words.percent(past['p_already'])}; within 30 "
        f"years: {words.percent(past['p_future'])}. As known on "
        f"{words.day(now['series']['as_of'])}: {words.percent(today['p_already'])}, middle "
        f"estimate of when {middle_date} (90 %: {early} to {late}).",
    ]
    return "\n".join(lines)


def _rows() -> tuple:
    """Dates and values of the whole series."""
    series = load("cpu_clock")
    return series.date, series.value


if __name__ == "__main__":
    main()
