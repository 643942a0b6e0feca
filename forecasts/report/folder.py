"""Write a whole folder at once, so that a reader never meets half a report.

Everything is written beside the target and moved into place at the end. Whatever happens before
that leaves the earlier report as it was; ``test_report.py`` holds it.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from forecasts.errors import InputError

# The list of our own files: what is not on it belongs to somebody else and is never removed.
MANIFEST = "files.txt"
# Rendered notebooks stand inside a report's folder and outlive it: `make html` writes them.
KEPT = "notebooks"
_LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """
    Give a new empty folder that takes the place of ``target`` when the block ends well.

    Parameters
    ----------
    target : Path
        Folder to be written; it may exist if it holds an earlier report and nothing else.

    Yields
    ------
    Path
        The folder to write into.

    Raises
    ------
    InputError
        When the target is a file, or holds files that no report wrote.
    """
    target = target.resolve()
    check(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        new = scratch / "new"
        new.mkdir()
        yield new
        _write_manifest(new)
        _swap(new, target, aside=scratch / "old")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def check(target: Path) -> None:
    """Refuse a target that cannot be replaced, or whose replacement removes another's files."""
    if target.is_dir() and target.is_mount():
        raise InputError(
            f"A report replaces its whole folder, and {target} is a mount that cannot be moved: "
            "choose a folder inside it."
        )
    # It is written beside the target, and moved.
    writable(target.parent, what="report")
    above = existing(target)
    if not above.is_dir():
        raise InputError(f"A report is a folder, got the file {above}: choose another folder.")
    if above != target:
        return
    own = _own_files(target)
    others = (p for p in target.iterdir() if p.name not in {*_LITTER, KEPT})
    if not own and (first := next(others, None)):
        raise InputError(
            f"A report replaces its whole folder, and {target} holds what no report wrote (such as "
            f"{first.name}): choose another folder."
        )
    present = {
        path.relative_to(target).as_posix()
        for path in target.rglob("*")
        if not path.is_dir()
        and path.name not in _LITTER
        and path.relative_to(target).parts[0] != KEPT
    }
    foreign = sorted(present - own)
    if foreign:
        raise InputError(
            f"A report replaces its whole folder, and {target} holds {len(foreign)} files that no "
            f"report wrote (such as {foreign[0]}): choose another folder or move them."
        )


def writable(folder: Path, *, what: str) -> None:
    """Refuse a folder in which nothing can be written, whether it is there or has to be made.

    Parameters
    ----------
    folder : Path
        Made later, where it is not there.
    what : str
        What is to be written, for the message.

    Raises
    ------
    InputError
        When it is a file, lies below one, or may not be written.
    """
    above = existing(folder)
    if not above.is_dir():
        raise InputError(f"A {what} is a folder, got the file {above}: choose another folder.")
    if not os.access(above, os.W_OK | os.X_OK):
        raise InputError(f"A {what} must be written, and {above} cannot be: choose another folder.")


def existing(path: Path) -> Path:
    """Return the path itself, or the nearest above it that exists."""
    return next(one for one in (path, *path.parents) if one.exists())


def _own_files(target: Path) -> set[str]:
    """Read the manifest of an earlier report; empty when there is none."""
    manifest = target / MANIFEST
    if not manifest.is_file():
        return set()
    return {MANIFEST, *manifest.read_text(encoding="utf-8").splitlines()}


def _write_manifest(folder: Path) -> None:
    """List every file of the folder."""
    files = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    (folder / MANIFEST).write_text("\n".join(files) + "\n", encoding="utf-8")


def _swap(new: Path, target: Path, *, aside: Path) -> None:
    """Put the new folder in place of the old one; the old one comes back if that fails."""
    # mkdtemp makes folders private; a report is for everybody the umask allows.
    mask = os.umask(0)
    os.umask(mask)
    new.chmod(0o777 & ~mask)
    if target.exists():
        target.rename(aside)
    try:
        if (aside / KEPT).is_dir():
            shutil.copytree(aside / KEPT, new / KEPT)
        new.rename(target)
    except BaseException:
        if aside.exists() and not target.exists():
            aside.rename(target)
        raise
