"""Whatever dies while a file is written, the earlier one stays whole and nothing lies beside it."""

import pytest

from forecasts import whole_files
from forecasts.whole_files import write_whole


def test_a_file_is_replaced_and_its_folder_made(tmp_path):
    path = tmp_path / "new" / "table.csv"

    write_whole(path, "old\n")
    assert write_whole(path, "ne\u0301w\r\n") == path

    assert path.read_bytes().decode() == "ne\u0301w\r\n"
    assert path.stat().st_mode & 0o777 == 0o644
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("step", ["fdopen", "chmod", "replace"])
def test_an_interrupted_one_leaves_the_earlier_file(step, tmp_path, monkeypatch):
    path = tmp_path / "table.csv"
    write_whole(path, "old")

    def dies(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(whole_files.os, step, dies)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, "new")

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
