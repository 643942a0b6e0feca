"""A digest of the code that has a part in the numbers of a backtest: what an old result is told by.

It covers `forecasts.cells` and every module that it imports, directly or not; comments,
docstrings and blank lines do not count, nor does a figure or a page.
"""

import ast
import hashlib
import io
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
#: Module whose numbers are meant.
ROOT = "cells"
_LAYOUT = (tokenize.COMMENT, tokenize.NL)
_NAMES_ONLY = (tokenize.INDENT, tokenize.DEDENT, tokenize.NEWLINE)


@cache
def code_digest() -> str:
    """Digest of the code behind the numbers of a cell.

    Returns
    -------
    str
        Hexadecimal SHA-256; the same for the same code wherever it is installed.
    """
    whole = hashlib.sha256()
    for path in modules():
        whole.update(path.relative_to(PACKAGE).as_posix().encode())
        whole.update("\0".join(essence(path.read_text(encoding="utf-8"))).encode())
    return whole.hexdigest()


def modules(package: Path = PACKAGE, root: str = ROOT) -> list[Path]:
    """List the files of a module and of all that it imports, in alphabetical order."""
    found: set[Path] = set()
    waiting = [root]
    while waiting:
        path = _path(package, waiting.pop())
        if path is None or path in found:
            continue
        found.add(path)
        waiting += _imported(ast.parse(path.read_text(encoding="utf-8")))
    return sorted(found)


def essence(source: str) -> Iterator[str]:
    """Give the words of a module that do something: no comment, docstring or blank line."""
    tokens = [
        token
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in _LAYOUT
    ]
    starts_line = True
    for token, after in zip(tokens, [*tokens[1:], tokens[-1]], strict=True):
        alone = starts_line and after.type == tokenize.NEWLINE
        starts_line = token.type in _NAMES_ONLY
        if token.type == tokenize.STRING and alone:
            continue
        yield tokenize.tok_name[token.type] if starts_line else token.string


def _path(package: Path, module: str) -> Path | None:
    """File of a module, or None for a name inside of one."""
    if not module:  # The package itself only names what it holds.
        return None
    stem = package.joinpath(*module.split("."))
    for path in (stem.with_suffix(".py"), stem / "__init__.py"):
        if path.is_file():
            return path
    return None


def _imported(tree: ast.AST) -> Iterator[str]:
    """Modules of this package that run when a module or one of its functions does."""
    if isinstance(tree, ast.If) and ast.unparse(tree.test) == "TYPE_CHECKING":
        return
    if isinstance(tree, ast.ImportFrom):
        first, _, rest = (tree.module or "").partition(".")
        if first == "forecasts":
            yield from (rest, rest.partition(".")[0])
            yield from (f"{rest}.{name.name}".lstrip(".") for name in tree.names)
    for child in ast.iter_child_nodes(tree):
        yield from _imported(child)
