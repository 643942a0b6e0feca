import datetime
import time

import pytest

from forecasts.cards import Flags
from forecasts.catalog import catalogue, load, open_series
from forecasts.errors import InputError

CARD = """title = "{title}"
unit = "MHz"
direction = "rising"
kind = "index"
observed_through = 2004-12-31
"""
ROWS = "date,value\n2001,10\n2002,20\n2003,40\n"


@pytest.mark.parametrize("said", [{"unit": "parsecs"}, {"kind": "index"}, {"date_column": "t"}])
def test_a_bundled_series_keeps_its_card(said):
    with pytest.raises(InputError, match="airspeed is a bundled series with a card of its own"):
        load("airspeed", **said)


def test_a_number_is_no_series():
    with pytest.raises(InputError, match="A series is an id or the path of a CSV, got '3'"):
        load(3)


@pytest.fixture
def data_dir(tmp_path):
    """A catalogue of three series, one of them in a folder, and a card without rows."""
    directory = tmp_path / "data"
    for name in ("cpu_clock", "airspeed", "reference/fl_dram"):
        path = directory / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.with_suffix(".csv").write_text(ROWS)
        path.with_suffix(".toml").write_text(CARD.format(title=name))
    (directory / "orphan.toml").write_text(CARD.format(title="no rows"))
    return directory


def test_catalogue_lists_the_top_first(data_dir):
    cards = catalogue(data_dir)

    assert [card.id for card in cards] == ["airspeed", "cpu_clock", "fl_dram"]
    assert cards[0].family == "airspeed"


def test_listed_card_is_that_of_the_series(data_dir):
    for card in catalogue(data_dir):
        assert open_series(card.id, data_dir=data_dir).card == card


def test_observed_through_defaults_to_the_last_row(data_dir):
    path = data_dir / "airspeed.toml"
    path.write_text(path.read_text().replace("observed_through = 2004-12-31\n", ""))

    assert catalogue(data_dir)[0].observed_through == datetime.date(2003, 12, 31)


def test_bundled_card_must_be_complete(data_dir):
    (data_dir / "airspeed.toml").write_text('title = "a"\nunit = "b"\n')

    with pytest.raises(InputError, match=r"got none for direction or kind in airspeed\.toml"):
        catalogue(data_dir)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cpu_clok", "got 'cpu_clok': did you mean cpu_clock?"),
        ("CPU_Clock", "did you mean cpu_clock?"),
        ("zzzz", "see `forecasts list`"),
        ("", "got ''"),
        ("a\0b", r"got 'a\x00b'"),
    ],
)
def test_unknown_id_suggests_the_nearest(data_dir, name, expected):
    with pytest.raises(InputError) as error:
        open_series(name, data_dir=data_dir)

    assert expected in str(error.value)


def test_paths_are_read_as_files(data_dir, tmp_path, monkeypatch):
    (tmp_path / "mine.txt").write_text(ROWS)
    monkeypatch.chdir(tmp_path)

    assert open_series(data_dir / "airspeed.csv", data_dir=data_dir).card.title == "airspeed"
    assert open_series("mine.txt", data_dir=data_dir).card.id == "mine"
    with pytest.raises(InputError, match=r"no file 'other\.csv'"):
        open_series("other.csv", data_dir=data_dir)
    with pytest.raises(InputError, match="got the directory 'data'"):
        open_series("data", data_dir=data_dir)


def test_an_id_goes_before_a_file_of_that_name(data_dir, tmp_path, monkeypatch):
    (tmp_path / "cpu_clock").mkdir()
    monkeypatch.chdir(tmp_path)

    assert open_series("cpu_clock", data_dir=data_dir).n == 3


def test_a_clock_gone_wrong_does_not_stop_the_catalogue(data_dir):
    path = data_dir / "airspeed.toml"
    path.write_text(path.read_text().replace("2004", "2990"))

    assert open_series("airspeed", data_dir=data_dir).as_of.year == 2990


def test_flags_reach_the_file(data_dir):
    series = open_series(data_dir / "airspeed.csv", flags=Flags(unit="GHz"))

    assert series.card.unit == "GHz"


def test_load_takes_flags_by_name(tmp_path):
    path = tmp_path / "Prices 2020.csv"
    path.write_text("Year,USD\n2001,10\n2002,5\n")

    series = load(
        path,
        kind="item",
        unit="dollars",
        direction="falling",
        date_column="Year",
        value_column="USD",
    )

    assert (series.card.id, series.card.kind, series.remarks) == ("Prices_2020", "item", ())


def test_package_catalogue_is_quick_and_whole():
    start = time.perf_counter()
    cards = catalogue()
    took = time.perf_counter() - start

    assert {"cpu_clock", "airspeed", "llm_compute", "llm_price"} <= {card.id for card in cards}
    # Takes about 0.03 s for 117 cards; `forecasts list` must answer in 0.5 s.
    assert took < 0.3


@pytest.mark.parametrize("card", catalogue(), ids=lambda card: card.id)
def test_every_bundled_series_loads_without_repair(card):
    series = load(card.id)

    assert series.card == card
    # Zeros before a share begins are kept in the file, and dropping them is said.
    zeros = [remark for remark in series.remarks if remark.endswith("with a leading zero dropped.")]
    assert list(series.remarks) == (zeros if card.kind == "share" else [])
    assert card.source
    assert card.licence
