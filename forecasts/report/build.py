"""Build the report: an index, a page a series, and the files that they share.

The folder opens no connection and works from a mail attachment. All text that came from a file is
escaped: Jinja2 escapes HTML, `json_in_script` escapes JSON. ``test_report.py`` holds both.
"""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forecasts.errors import InputError
from forecasts.report.folder import check, replacing

if TYPE_CHECKING:
    import jinja2

    from forecasts.comparison import Comparison

TITLE = "How far can this trend be extrapolated?"
_RESERVED = {"index", "assets", "files", "notebooks"}
#: In the index: where rendered notebooks are linked once they are there, and the link.
NOTEBOOKS_HERE = "<!-- notebooks -->"
NOTEBOOKS_LINK = '<nav><a href="notebooks/index.html">Notebooks</a></nav>'


def build(
    comparisons: "Sequence[Comparison]",
    out: str | Path,
    *,
    title: str = TITLE,
    progress: Callable[[str, int, int], None] | None = None,
) -> Path:
    """
    Write the report as one folder.

    Parameters
    ----------
    comparisons : sequence of Comparison
        Results, in the order of the index.
    out : str or Path
        Folder of the report. An earlier report there is replaced as a whole, at the end; any other
        content is refused.
    title : str
        Heading of the index.
    progress : callable, optional
        Called as ``progress(what, done, total)`` before each page, the index last.

    Returns
    -------
    Path
        ``out/index.html``.

    Raises
    ------
    InputError
        When there is no result, or ``out`` is a file or holds files that no report wrote.

    Notes
    -----
    Beside each ``<id>.html`` lie ``<id>.json`` (exactly what ``fit --json`` prints),
    ``<id>.csv`` (the rows known at ``as_of``) and ``<id>.toml`` (its card).
    """
    from markupsafe import Markup

    from forecasts.report.assets import write_assets
    from forecasts.report.page import card_context

    if not comparisons:
        raise InputError("A report needs at least one series, got none: name one.")
    target = Path(out).resolve()
    check(target)
    slugs = slugs_for([comparison.series.card.id for comparison in comparisons])
    templates = environment()
    with replacing(target) as folder:
        write_assets(folder)
        cards = [card_context(c, slug) for c, slug in zip(comparisons, slugs, strict=True)]
        for done, card in enumerate(cards):
            if progress:
                progress(card["c"].series.card.id, done, len(cards))
            _write_series(folder, card, cards, templates)
        if progress:
            progress("index", len(cards), len(cards))
        rendered = (target / "notebooks" / "index.html").is_file()
        link = NOTEBOOKS_LINK if rendered else NOTEBOOKS_HERE
        page = templates.get_template("index.html.j2").render(
            title=title, cards=cards, notebooks=Markup(link)
        )
        (folder / "index.html").write_text(page, encoding="utf-8")
    return target / "index.html"


def slugs_for(ids: Sequence[str]) -> list[str]:
    """
    Make file names out of ids: safe on every file system, each one once.

    Examples
    --------
    >>> slugs_for(["cpu_clock", "CPU clock", "../x", "index"])
    ['cpu_clock', 'CPU-clock', 'x', 'index-2']
    """
    taken = set(_RESERVED)
    slugs = []
    for name in ids:
        stem = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")[:80] or "series"
        slug, number = stem, 2
        while slug.lower() in taken:
            slug, number = f"{stem}-{number}", number + 1
        taken.add(slug.lower())
        slugs.append(slug)
    return slugs


def _write_series(
    folder: Path,
    card: dict[str, Any],
    cards: list[dict[str, Any]],
    templates: "jinja2.Environment",
) -> None:
    """Write the page of one series, its JSON, its rows and its card."""
    from forecasts.report.assets import card_toml, series_csv
    from forecasts.report.page import series_context

    comparison, slug = card["c"], card["slug"]
    by_id = {other["c"].series.card.id: other for other in cards}
    context = series_context(comparison, slug, by_id)
    page = templates.get_template("series.html.j2").render(context)
    text = json.dumps(comparison.to_dict(), indent=2, allow_nan=False, ensure_ascii=False)
    (folder / f"{slug}.html").write_text(page, encoding="utf-8")
    (folder / f"{slug}.json").write_text(text + "\n", encoding="utf-8")
    (folder / f"{slug}.csv").write_text(series_csv(comparison.series), encoding="utf-8")
    (folder / f"{slug}.toml").write_text(card_toml(comparison.series), encoding="utf-8")


def environment() -> "jinja2.Environment":
    """Set Jinja2 up: everything is escaped, a missing variable is an error."""
    import jinja2

    from forecasts import words

    made = jinja2.Environment(
        loader=jinja2.PackageLoader("forecasts.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["words"] = words
    return made
