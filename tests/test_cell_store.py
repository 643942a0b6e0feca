"""Finished cells on disk: what they are told apart by, and what an interruption leaves."""

import dataclasses

import pytest

from forecasts import backtest, backtest_run, load
from forecasts.cell_store import CellStore, key_of
from forecasts.cells import questions
from forecasts.fit import QUICK

EMPTY = {"forecasts": [], "plateaus": []}


@pytest.fixture(scope="module")
def question():
    return questions(load("fl_dram"), every=20, horizons=(1.0,), seed=0)[0]


def test_a_key_changes_with_everything_that_decides_a_cell(question, monkeypatch):
    series = question.series
    value = series.value.copy()
    value[0] *= 2
    keys = [
        key_of(question),
        key_of(dataclasses.replace(question, seed=5)),
        key_of(dataclasses.replace(question, series=dataclasses.replace(series, value=value))),
    ]
    for name, other in (
        ("numbers_digest", lambda card: "another"),
        ("versions", lambda: {"pymc": "1"}),
        ("quick", lambda: True),
    ):
        with monkeypatch.context() as patch:
            patch.delenv(QUICK, raising=False)
            patch.setattr(f"forecasts.cell_store.{name}", other)
            keys.append(key_of(question))

    assert len(set(keys)) == len(keys) == 6


def test_what_was_finished_survives_an_interruption(tmp_path, monkeypatch):
    made = []

    def stops(asked):
        if made:
            raise KeyboardInterrupt
        made.append(asked)
        return EMPTY

    monkeypatch.setattr(backtest_run, "answer", stops)
    with pytest.raises(KeyboardInterrupt):
        backtest_run.backtest([load("fl_dram")], tmp_path, every=9, horizons=(1.0,))

    assert list(CellStore(tmp_path / backtest_run.CELLS).read("fl_dram")) == [key_of(made[0])]
    assert not (tmp_path / "forecasts.csv").exists()


def test_a_line_that_was_cut_short_is_made_again(question, tmp_path):
    store = CellStore(tmp_path)
    store.add(question, EMPTY)
    (path,) = tmp_path.iterdir()
    path.write_text(path.read_text()[:-20])

    assert store.read("fl_dram") == {}

    store.add(question, EMPTY)
    assert store.read("fl_dram") == {key_of(question): EMPTY}


def test_two_workers_give_the_numbers_of_one():
    one, two = (
        backtest(load("fl_dram"), every=20, horizons=(1.0,), seed=1, workers=n) for n in (1, 2)
    )

    assert one.forecasts.equals(two.forecasts)
    assert one.plateaus.equals(two.plateaus)
