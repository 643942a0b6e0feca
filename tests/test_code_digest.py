"""The digest of the code tells a change that may move a number from one that cannot."""

import pytest

from forecasts.code_digest import PACKAGE, essence, modules

SOURCE = '''"""Says what it is."""

A = 1  # why


def f(x):
    """Add one."""
    return x + A
'''


def words(source):
    return list(essence(source))


@pytest.mark.parametrize(
    ("old", "new"),
    [("Says what", "Tells what"), ("# why", "# because"), ("Add one.", "Add\n    one."),
     ("\n\n\n", "\n\n\n\n\n")],
)  # fmt: skip
def test_words_for_people_do_not_count(old, new):
    assert SOURCE.replace(old, new) != SOURCE
    assert words(SOURCE.replace(old, new)) == words(SOURCE)


@pytest.mark.parametrize(
    ("old", "new"), [("A = 1", "A = 2"), ("x + A", "x - A"), ("f(x)", "f(x, y)"),
                     ("    return", "    A\n    return")],
)  # fmt: skip
def test_code_counts(old, new):
    assert words(SOURCE.replace(old, new)) != words(SOURCE)


def test_a_block_that_ends_elsewhere_counts():
    assert words("if a:\n    b\n    c\n") != words("if a:\n    b\nc\n")


def test_a_text_that_is_a_value_counts():
    assert words("A = 'x'\n") != words("A = 'y'\n")


def test_what_a_number_rests_on_is_in_and_what_draws_it_is_not():
    names = {path.relative_to(PACKAGE).as_posix() for path in modules()}

    assert {"cells.py", "fit.py", "population.py", "models/bend.py", "scan.py",
            "models/__init__.py"} <= names  # fmt: skip
    assert not names & {"charts.py", "cli.py", "scoreboard.py", "report/page.py", "comparison.py"}


def test_imports_are_followed_from_file_to_file(tmp_path):
    (tmp_path / "models").mkdir()
    for name, text in {
        "cells.py": "from forecasts import a\n",
        "a.py": "def f():\n    from forecasts.models.b import thing\n",
        "models/b.py": "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from forecasts.c import C\n",
        "models/__init__.py": "",
        "c.py": "",
    }.items():
        (tmp_path / name).write_text(text)

    found = [path.relative_to(tmp_path).as_posix() for path in modules(tmp_path)]

    assert found == ["a.py", "cells.py", "models/__init__.py", "models/b.py"]
