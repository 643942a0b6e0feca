"""The files that all pages share, and the safe forms in which data enter a page."""

import csv
import dataclasses
import io
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from forecasts.drawing import drawing_library

if TYPE_CHECKING:
    from forecasts.series import Series

# Characters that could end a script element or start a comment in it, or that old parsers take for
# a line end. All occur only inside JSON strings, where the escape means the same.
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
# A spreadsheet runs a cell that starts with one of these.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# The file's name, and how the direction became known.
_NOT_IN_A_CARD = {"id", "direction_guessed"}
# A guess that were written down would be hindsight in every backtest of the file.
_GUESSED = {"direction"}


def write_assets(folder: Path) -> None:
    """Write the style sheet, our script, and the drawing library."""
    target = folder / "assets"
    target.mkdir()
    static = files("forecasts.report") / "static"
    for name in ("report.css", "report.js"):
        (target / name).write_text((static / name).read_text("utf-8"), encoding="utf-8")
    (target / "vega.js").write_text(drawing_library(), encoding="utf-8")


def json_in_script(value: Any) -> Markup:
    """Write JSON so that it cannot leave a script element."""
    text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    return Markup(re.sub("[<>&\u2028\u2029]", lambda m: _UNSAFE[m.group()], text))


def inline_svg(svg: str, prefix: str) -> Markup:
    """Make an SVG fit to stand in a page: its ids must not meet those of another picture."""
    svg = re.sub(r'\bid="(?=\w)', f'id="{prefix}-', svg)
    svg = re.sub(r"url\(#(?=\w)", f"url(#{prefix}-", svg)
    # The drawing library escapes every text and attribute it writes.
    return Markup(svg)


def series_csv(series: "Series") -> str:
    """Write the rows known at ``as_of`` as CSV; texts that a spreadsheet would run are quoted."""
    columns = [series.date, series.value, series.label, series.source]
    rows = [
        [day.isoformat(), repr(float(value)), _harmless(label), _harmless(source)]
        for day, value, label, source in zip(*columns, strict=True)
    ]
    head = ["date", "value", "label", "source"]
    if len(set(map(tuple, rows))) < len(rows):
        # Two items that differ in nothing written here would be read again as one and its copy.
        head, rows = [*head, "row"], [[*row, str(i)] for i, row in enumerate(rows, start=1)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([head, *rows])
    return out.getvalue()


def card_toml(series: "Series") -> str:
    """Write what is known of a series beside its rows, so that its CSV can be read again.

    Silence counts as far as the series was known: what came later is not in the rows.
    """
    import tomli_w

    card = dataclasses.replace(series.card, observed_through=series.observed_until)
    left_out = _NOT_IN_A_CARD | (_GUESSED if card.direction_guessed else set())
    return tomli_w.dumps(
        {
            field.name: value
            for field in dataclasses.fields(card)
            if field.name not in left_out and (value := getattr(card, field.name)) != field.default
        }
    )


def _harmless(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
