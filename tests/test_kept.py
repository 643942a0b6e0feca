"""A long simulation goes on where it stopped, and an interrupted one leaves a whole file."""

import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parent.parent / "tools"
KEYS = ("kind", "number")


@pytest.fixture(scope="module")
def kept():
    """The tool's module, by the name under which worker processes find it too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(TOOLS)
        import kept

        yield kept
    sys.modules.pop("kept", None)


def keys(*numbers):
    return {("item", str(number)): ("item", str(number)) for number in numbers}


def number(key):
    return int(key[1])


def measure(key):
    return {"kind": key[0], "number": key[1], "square": str(int(key[1]) ** 2)}


def fails_at_two(key):
    if key[1] == "2":
        raise KeyboardInterrupt
    return measure(key)


@pytest.mark.parametrize("workers", [1, 2])
def test_rows_are_kept_in_order(kept, tmp_path, workers):
    path, rows = tmp_path / "new" / "rows.csv", {}

    kept.run(path, rows, keys(10, 9, 2), measure, place=number, workers=workers)

    found = kept.read(path, KEYS)
    assert found == rows
    assert [row["square"] for row in found.values()] == ["4", "81", "100"]


def test_what_was_finished_survives_an_interruption(kept, tmp_path):
    path = tmp_path / "rows.csv"
    with pytest.raises(KeyboardInterrupt):
        kept.run(path, {}, keys(1, 2, 3), fails_at_two, place=number)

    found = kept.read(path, KEYS)
    assert list(found) == [("item", "1")]

    todo = {key: case for key, case in keys(1, 2, 3).items() if key not in found}
    kept.run(path, found, todo, measure, place=number)
    assert [row["square"] for row in kept.read(path, KEYS).values()] == ["1", "4", "9"]
    assert [file.name for file in tmp_path.iterdir()] == ["rows.csv"]


def test_columns_that_only_some_rows_have_stay_empty(kept, tmp_path):
    path = tmp_path / "rows.csv"

    kept.write(path, [{"kind": "item"}, {"kind": "index", "again": "0.5"}])

    assert path.read_text(encoding="utf-8") == "kind,again\nitem,\nindex,0.5\n"


def test_no_file_is_no_rows(kept, tmp_path):
    assert kept.read(tmp_path / "none.csv", KEYS) == {}
