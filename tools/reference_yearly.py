"""How the yearly series of the reference class are stated, once for levels and once for records."""

from __future__ import annotations

from bundled import Bundled

MIDYEAR = " Each row is dated 1 July of its year."


def yearly(
    series: str, group: str, notes: str = "", *, title: str = "", unit: str = "", family: str = ""
) -> Bundled:
    """Return a series of yearly levels."""
    return Bundled(
        id=series,
        group=group,
        folder="reference",
        title=title,
        unit=unit,
        family=family,
        notes=f"{{known}} {notes}{MIDYEAR}",
    )


def record(
    series: str,
    group: str,
    notes: str,
    *,
    title: str = "",
    family: str = "",
    related: tuple[str, ...] = (),
    kind: str = "",
    gaps: tuple[tuple[str, str], ...] = (),
) -> Bundled:
    """Return a series of yearly records, each dated 1 July of its year."""
    return Bundled(
        id=series,
        group=group,
        folder="reference",
        title=title,
        family=family,
        period="year",
        gaps=gaps,
        related=related,
        kind=kind,
        notes=f"{{known}} {notes}{MIDYEAR}",
    )
