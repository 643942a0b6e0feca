"""Build every ``data/<id>.csv`` and ``data/<id>.toml`` from a folder of source figures.

``python tools/build_data.py SOURCE_FOLDER`` reads ``catalog.csv`` in that folder and the files it
names. Values and dates are copied as text, so no digit is lost, and the same input gives the same
bytes. ``tests/test_data.py`` holds what comes out.
"""

from __future__ import annotations

import argparse
import calendar
import csv
import datetime
import json
from pathlib import Path

from bundled import BESIDE, HEADLINE, Bundled
from reference_class import LEFT_OUT, REFERENCE, technology_cost
from source_rows import Row, every_row, improving

DATA_FOLDER = Path(__file__).resolve().parent.parent / "data"
COLUMNS = ("date", "value", "label", "source")
DIRECTIONS = {"higher": "rising", "lower": "falling"}
KINDS = {
    "per-item": "item",
    "annual average": "index",
    "record": "record",
    "adoption share": "share",
}


def main() -> None:
    """Read the folder named on the command line and write the data folder."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("source_folder", type=Path, help="folder with catalog.csv")
    parser.add_argument("--out", type=Path, default=DATA_FOLDER, help="default: the data folder")
    args = parser.parse_args()
    build(args.source_folder, args.out)


def build(source_folder: Path, out: Path) -> None:
    """Write every bundled series of the source folder below ``out``."""
    catalogue = {row["id"]: row for row in _read(source_folder / "catalog.csv")}
    costs = [
        technology_cost(row["id"], row["title"])
        for key, row in sorted(catalogue.items())
        if key.startswith("fl_")
    ]
    bundled = [*HEADLINE, *BESIDE, *costs, *REFERENCE]
    _check_whole(bundled, catalogue)
    for series in bundled:
        entry = catalogue[series.figures or series.id]
        rows = _rows(series, entry, source_folder)
        folder = out / series.folder
        folder.mkdir(parents=True, exist_ok=True)
        _write_csv(folder / f"{series.id}.csv", rows)
        (folder / f"{series.id}.toml").write_text(_card(series, entry, rows), encoding="utf-8")
        print(f"{series.id:32} {len(rows):4} rows")


def _check_whole(bundled: list[Bundled], catalogue: dict[str, Row]) -> None:
    """Require that every entry of the catalogue is bundled or left out for a stated reason."""
    used = {series.figures or series.id for series in bundled}
    missing = [
        key
        for key, entry in catalogue.items()
        if key not in used and not {key, entry["group"]} & set(LEFT_OUT)
    ]
    if missing:
        raise ValueError(
            f"every series must be bundled or named in LEFT_OUT, got neither for "
            f"{', '.join(missing)}; decide in reference_class.py"
        )


def _read(path: Path) -> list[Row]:
    """Return the rows of a CSV file as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _rows(series: Bundled, entry: Row, source_folder: Path) -> list[Row]:
    """Return the rows to keep, after checking them against the catalogue."""
    figures = _read(source_folder / entry["file"])
    rows = [row for row in figures if series.keep(row)]
    if len(figures) != int(entry["n"]):
        raise ValueError(
            f"{entry['file']} must have the {entry['n']} rows of the catalogue, "
            f"got {len(figures)}; update whichever of the two is older"
        )
    if series.keep is not every_row and not 1 < len(rows) < len(figures):
        raise ValueError(f"the filter of {series.id} must keep a part, kept {len(rows)} rows")
    if _kind(series, entry) == "record":
        rows = improving(rows, rising=DIRECTIONS[entry["direction"]] == "rising")
    for row in rows:
        if not row["source"].strip():
            raise ValueError(f"every row needs a source, {series.id} has none at {row['date']}")
    return rows


def _write_csv(path: Path, rows: list[Row]) -> None:
    """Write the four columns of the package's own format."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            # a pilot without a named aircraft ends in a lone slash
            label = row["label"].strip().removesuffix(" /")
            writer.writerow((row["date"], row["value"], label, row["source"].strip()))


def _card(series: Bundled, entry: Row, rows: list[Row]) -> str:
    """Return the text of the card; strings in JSON notation are valid TOML."""
    written = series.notes.format(known=_sentence(entry["notes"]))
    notes = " ".join(written.split()) + series.marks(rows)
    through = series.through or _last_day(entry["observed_through"])
    card: dict[str, str] = {
        "title": _quoted(series.title or entry["title"]),
        "unit": _quoted(series.unit or entry["unit"]),
        "direction": _quoted(DIRECTIONS[entry["direction"]]),
        "kind": _quoted(_kind(series, entry)),
        "observed_through": through,
        "family": _quoted(series.family or series.id),
    }
    if series.period:
        card["period"] = _quoted(series.period)
    if series.gaps:
        card["gaps"] = _quoted(series.gaps)
    if series.maximum:
        card["maximum"] = str(series.maximum)
    card |= {
        "group": _quoted(series.group),
        "related": _quoted(series.related),
        "source": _quoted(_capital(series.source or entry["source"])),
        "licence": _quoted(_capital(series.licence or entry["licence"])),
        "notes": _quoted(notes),
    }
    if series.published:
        card["published"] = _quoted(series.published)
    return "".join(f"{key} = {value}\n" for key, value in card.items())


def _kind(series: Bundled, entry: Row) -> str:
    """Return what a row is: the catalogue's word, unless its rows are something else."""
    return series.kind or KINDS[entry["kind"]]


def _quoted(value: str | tuple[str, ...] | tuple[tuple[str, str], ...]) -> str:
    """Return text or nested lists of text in the notation that JSON and TOML share."""
    return json.dumps(value, ensure_ascii=False)


def _capital(text: str) -> str:
    """Return the text with its first letter large."""
    return text[:1].upper() + text[1:]


def _sentence(text: str) -> str:
    """Return the text as a sentence, nothing for nothing."""
    return _capital(text).rstrip(".") + "." if text else ""


def _last_day(period: str) -> str:
    """Return the last day of ``yyyy`` or ``yyyy-mm``."""
    year, month = (int(part) for part in f"{period}-12".split("-")[:2])
    return datetime.date(year, month, calendar.monthrange(year, month)[1]).isoformat()


if __name__ == "__main__":
    main()
