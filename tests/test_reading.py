import datetime
import re
import time

import numpy as np
import pytest

from forecasts.cards import Card, Flags
from forecasts.errors import InputError
from forecasts.reading import clean_id, read_csv
from forecasts.repairs import parse_value

TODAY = datetime.date(2026, 6, 30)
GOOD = "date,value\n2001,10\n2002,20\n2003,40\n"


@pytest.fixture
def read(tmp_path):
    """Write a file (and a card) and read it back."""

    def read(text, *, card=None, name="mine.csv", **flags):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        if card is not None:
            path.with_suffix(".toml").write_text(card, encoding="utf-8")
        return read_csv(path, flags=Flags(**flags), today=TODAY)

    return read


_FIELDS = {"floor", "gaps", "maximum", "observed_through"}


def assert_one_sentence(error):
    message = str(error.value)
    assert "\n" not in message
    assert "Traceback" not in message
    assert message[-1] in ".?"
    assert message[0].isupper() or message.split()[0] in _FIELDS
    assert ". " not in message.replace("e.g. ", "").replace("…. ", "")


def rows(*lines, header="date,value"):
    return "\n".join([header, *lines]) + "\n"


def test_good_file_without_a_card_says_what_was_assumed(read):
    series = read(GOOD)

    assert (series.card.id, series.card.title, series.card.kind) == ("mine", "mine", "index")
    assert series.card.direction == "rising"
    assert series.card.direction_guessed
    assert series.card.observed_through == series.as_of == datetime.date(2003, 12, 31)
    assert [remark.split(" was ")[0] for remark in series.remarks] == ["The kind", "The direction"]
    assert "--kind" in series.remarks[0]


def test_flags_leave_nothing_to_assume(read):
    series = read(
        "Year,Cost,Kind\n2001,10,x\n2002,5,y\n",
        kind="item",
        unit="USD",
        direction="falling",
        date_column="year",
        value_column="Cost",
    )

    assert series.remarks == ()
    assert (series.card.unit, series.card.direction, series.sign) == ("USD", "falling", -1)


def test_labels_and_sources_are_kept_as_text(read):
    series = read(
        rows(
            '2001,1,"<script>alert(1)</script>",=1+1',
            '2002,2,"Smith, J.",@x',
            header="date,value,label,source",
        )
    )

    assert series.label == ("<script>alert(1)</script>", "Smith, J.")
    assert series.source == ("=1+1", "@x")


# Each row: the file, and a piece of the sentence it must get.
BAD_FILES = {
    "empty": ("", "got the empty file mine.csv"),
    "only a mark": (b"\xef\xbb\xbf\n", "got the empty file"),
    "header only": ("date,value\n", "got none in mine.csv"),
    "one row": (rows("2001,5"), "at least 2 rows, got 1 in mine.csv"),
    "missing value": (rows("2001,5", "2002,"), "needs a value, got '' at line 3"),
    "missing word": (rows("2001,5", "2002,N/A"), "needs a value, got 'N/A' at line 3"),
    "missing date": (rows("2001,5", ",6"), "needs a date, got '' at line 3"),
    "text value": (rows("2001,5", "2002,fast"), "plain number, got 'fast' at line 3 of mine.csv"),
    "unit in value": (rows("2001,5", "2002,5 MHz"), "got '5 MHz' at line 3"),
    "underscore": (rows("2001,5", "2002,1_0"), "plain number, got '1_0' at line 3"),
    "nan": (rows("2001,5", "2002,nan"), "finite number, got 'nan' at line 3"),
    "infinity": (rows("2001,5", "2002,-inf"), "finite number, got '-inf' at line 3"),
    "overflow": (rows("2001,5", "2002,1e999"), "finite number, got '1e999' at line 3"),
    "thousands": (rows("2001,5", '2002,"1,234"'), "write 1234, without a thousands separator"),
    "decimal comma": (rows("2001,5", '2002,"3,5"'), "write 3.5, with a decimal point"),
    "zero": (rows("2001,5", "2002,0"), "must be positive, got 0 at line 3 (2002-12-31)"),
    "underflow": (rows("2001,5", "2002,1e-400"), "must be positive, got 1e-400 at line 3"),
    "negative": (rows("2001,5", "2002,-3.2"), "must be positive, got -3.2 at line 3"),
    "bad date": (rows("2001,5", "1/2/2002,6"), "got '1/2/2002' at line 3 of mine.csv"),
    "no such day": (rows("2001,5", "2002-02-30,6"), "in the calendar (years 0001 to 9999), got"),
    "constant": (rows("2001,5", "2002,5"), "two different values, got 5 in all 2 rows"),
    "one date": (rows("2001,5", "2001,5"), "got two for 2001-12-31 at lines 2 and 3"),
    "repeated date": (rows("2001,5", "2002,6", "2001,7"), "at lines 2 and 4 of mine.csv: remove"),
    "future": (rows("2001,5", "2026-07-01,6"), "later than today (2026-06-30), got '2026-07-01'"),
    "this year": (rows("2001,5", "2026,6"), "got '2026', which means 2026-12-31, at line 3"),
    "semicolons": ("date;value\n2001;5,5\n", "separated by commas, got semicolons in line 1"),
    "tabs": ("date\tvalue\n2001\t5\n", "separated by commas, got tabs in line 1"),
    "bars": ("date|value\n2001|5\n", "separated by commas, got vertical bars in line 1"),
    "no header": ("2001,5\n2002,6\n", "first line must name the columns, got '2001,5'"),
    "misspelt date": ("dte,value\n2001,5\n", "--date-column 'dte' may be meant"),
    "misspelt value": ("date,vlaue\n2001,5\n", "--value-column 'vlaue' may be meant"),
    "other date name": ("Year,value\n2001,5\n", "'Year, value' in mine.csv: --date-column 'Year'"),
    "other value name": ("date,USD,who\n2001,5,me\n", "--value-column 'USD' may be meant"),
    "no such column": ("date,who\n2001,me\n", "name it with --value-column"),
    "column twice": ("date,value,value\n2001,5,6\n", "got 2 columns 'value'"),
    "ragged": (
        rows("2001,5", "2002,1,234"),
        "the 2 fields of the header (line 1), got 3 at line 3",
    ),
    "short row": (rows("2001,5", "2002"), "got 1 at line 3"),
    "open quote": (
        rows("2001,5", '2002,"6', "2003,7"),
        "well-formed, got one that is not at line 3",
    ),
    "nul": (b"date,value\n2001,5\n2002,\x006\n", "got a NUL byte at line 3"),
    "latin-1": ("date,value,label\n2001,5,é\n".encode("latin-1"), "got byte 0xe9 at line 2"),
    "utf-16": (GOOD.encode("utf-16"), "got UTF-16 text"),
    "workbook": (b"PK\x03\x04rest", "got a workbook"),
    "web page": ("<!doctype html>\n<p>2001,5\n", "got a web page"),
    "huge field": (rows("2001,5", f'2002,"{"7" * 200_000}"'), "at most 100,000 characters"),
    "huge over lines": (rows("2001,5", '2002,"' + "7777777\n" * 20_000 + '"'), "field larger than"),
    "terminal escape": (rows("2001,5", "2002,\x1b[31m6"), r"got '\x1b[31m6' at line 3"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_bad_file_gets_one_sentence(read, case):
    text, expected = BAD_FILES[case]

    with pytest.raises(InputError) as error:
        read(text)

    assert expected in str(error.value)
    assert_one_sentence(error)


def test_missing_file_and_directory_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"There is no file .*absent\.csv"):
        read_csv(tmp_path / "absent.csv")
    with pytest.raises(InputError, match="one CSV file, got the directory"):
        read_csv(tmp_path)


def test_a_million_rows_are_refused_at_once(tmp_path):
    path = tmp_path / "big.csv"
    path.write_text("date,value\n" + "2001-01-01,1.5\n" * 1_000_000)

    start = time.perf_counter()
    with pytest.raises(InputError, match=r"at most 100,000 rows, got 1,000,001 lines in big\.csv"):
        read_csv(path)

    # Takes 0.01 s; a whole read with parsing would take several.
    assert time.perf_counter() - start < 1


def test_a_file_of_many_megabytes_is_not_read_whole(tmp_path):
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.write(b"date,value\n")
        file.truncate(5_000_000_000)

    with pytest.raises(InputError, match="at most 32 MB"):
        read_csv(path)


# Each row: the file, the flags, and the remark and values that must come out.
REPAIRS = {
    "mark": (b"\xef\xbb\xbf" + GOOD.encode(), {}, "byte-order mark", [10, 20, 40]),
    "order": (rows("2003,40", "2001,10", "2002,20"), {}, "(line 3) and were sorted", [10, 20, 40]),
    "empty row": (rows("2001,10", ",", "2002,20"), {}, "1 row without any text", [10, 20]),
    "whole decimals": (rows("2001.0,10", "2002.0,20"), {}, "mean 1 January", [10, 20]),
    "copies": (
        rows("2001,10", "2002,20", "2001,10", "2002,20"),
        {"kind": "item"},
        "2 rows repeating another in every field dropped (lines 4, 5)",
        [10, 20],
    ),
    "records": (
        rows("2001,10", "2002,9", "2003,10", "2004,11"),
        {"kind": "record", "direction": "rising"},
        "2 rows no better than the record dropped (lines 3, 4)",
        [10, 11],
    ),
    "falling records": (
        rows("2001,10", "2002,9", "2003,9.5", "2004,8"),
        {"kind": "record", "direction": "falling"},
        "1 row no better than the record dropped (line 4)",
        [10, 9, 8],
    ),
    "best of a day": (
        rows("2001,10", "2002,12", "2002,15", "2002,11"),
        {"kind": "record", "direction": "rising"},
        "2 rows of a date with a better one dropped (lines 3, 5)",
        [10, 15],
    ),
    "leading zeros": (
        rows("2001,0", "2002,0", "2003,1", "2004,0", "2005,3"),
        {"kind": "share", "maximum": 100.0},
        "2 rows with a leading zero dropped",
        [1, 0, 3],
    ),
    "zeros inside": (
        rows("2001,1", "2002,0", "2003,3"),
        {"kind": "share", "maximum": 100.0},
        "1 row not above zero taken as just above it (line 3)",
        [1, 0, 3],
    ),
}


@pytest.mark.parametrize("case", REPAIRS)
def test_repairs_are_made_and_said(read, case):
    text, flags, remark, values = REPAIRS[case]

    series = read(text, **flags)

    np.testing.assert_array_equal(series.value, values)
    assert any(remark in said for said in series.remarks)


def test_rows_before_a_share_leaves_its_floor_are_dropped_and_said(read):
    card = 'kind = "share"\nmaximum = 100\nfloor = 25\ndirection = "rising"\n'

    series = read(rows("2001,24", "2002,25", "2003,31", "2004,25", "2005,60"), card=card)

    assert list(series.value) == [31, 25, 60]
    assert any(
        "2 rows at or below the floor of 25 at the start dropped" in s for s in series.remarks
    )
    assert any("1 row not above its floor of 25 taken as just" in s for s in series.remarks)
    with pytest.raises(InputError, match="above its floor of 25, got none in all 2 rows"):
        read(rows("2001,24", "2002,25"), card=card)


def test_items_of_one_date_are_kept_without_a_remark(read):
    series = read(rows("2001,10", "2001,12", "2002,20"), kind="item", direction="rising")

    assert series.n == 3
    assert series.remarks == ()


def test_equal_items_with_other_labels_are_no_copies(read):
    text = rows("2001,10,a", "2001,10,b", "2002,20,c", header="date,value,label")

    assert read(text, kind="item").n == 3


def test_items_all_of_one_date_are_refused(read):
    with pytest.raises(InputError, match="two different dates, got 2 rows all dated 2001-12-31"):
        read(rows("2001,10", "2001,12"), kind="item")


def test_years_before_1678_are_good_input(read):
    series = read(rows("1301,33042.9", "1500,20000", "2006,2.89"))

    assert series.date[0] == datetime.date(1301, 12, 31)
    assert series.card.direction == "falling"


def test_line_ends_of_all_systems_are_read(read):
    for end in ("\r\n", "\r"):
        assert read(GOOD.replace("\n", end)).n == 3


def test_quoted_newline_keeps_line_numbers(read):
    text = 'date,value,label\n2001,5,"two\nlines"\n2002,fast,x\n'

    with pytest.raises(InputError, match="at line 4 of"):
        read(text)


def test_a_failed_attempt_still_says_how_far_someone_looked(read):
    series = read(rows("2001,10", "2002,20", "2005,15"), kind="record", direction="rising")

    assert series.date[-1].year == 2002
    assert series.card.observed_through == datetime.date(2005, 12, 31)


def test_a_record_in_a_gap_contradicts_its_card(read):
    card = 'kind = "record"\ndirection = "rising"\ngaps = [["1914-08-01", "1918-11-11"]]\n'

    with pytest.raises(InputError, match=r"No row can lie in a gap.*1916-05-01"):
        read(rows("1910-01-01,10", "1916-05-01,20", "1920-01-01,30"), card=card)


def test_a_record_of_the_wrong_direction_is_not_told_to_add_history(read):
    with pytest.raises(InputError, match="see whether falling is progress"):
        read(rows("2001,10", "2002,20", "2003,30"), kind="record", direction="falling")


def test_direction_of_a_record_is_not_guessed_from_a_mixed_list(read):
    assert read(rows("2001,10", "2002,8", "2003,8"), kind="record").card.direction == "falling"
    with pytest.raises(InputError, match="A record needs a direction"):
        read(rows("2001,10", "2002,8", "2003,9"), kind="record")


def test_a_file_cut_at_a_date_reads_as_the_file_known_at_that_date(tmp_path, read):
    lines = ["2001,10", "2002,9", "2003,12", "2003,11", "2004,3", "2005,2", "2006,30", "2007,1"]
    for kind in ("item", "record"):
        direction = "rising" if kind == "record" else None
        whole = read(rows(*lines), kind=kind, direction=direction)
        for n in range(4, len(lines)):
            cut = read(rows(*lines[:n]), kind=kind, direction=direction)
            assert whole.known_at(cut.as_of).data_sha256 == cut.data_sha256


CARD = """title = "Clock"
unit = "MHz"
direction = "rising"
kind = "record"
observed_through = 2010-06-30
period = "month"
gaps = [["2004-01-01", "2005-12-31"], [2001-02-03, 2001-04-05]]
source = "me"
licence = "CC0-1.0"
notes = "<b>none</b>"
related = ["other"]
"""


def test_card_beside_the_file_is_read(read):
    series = read(GOOD, card=CARD)

    assert series.card == Card(
        id="mine",
        title="Clock",
        unit="MHz",
        direction="rising",
        kind="record",
        observed_through=datetime.date(2010, 6, 30),
        period="month",
        gaps=(
            (datetime.date(2001, 2, 3), datetime.date(2001, 4, 5)),
            (datetime.date(2004, 1, 1), datetime.date(2005, 12, 31)),
        ),
        source="me",
        licence="CC0-1.0",
        notes="<b>none</b>",
        related=("other",),
    )
    assert series.remarks == ()
    assert series.as_of == datetime.date(2010, 6, 30)


def test_flags_go_before_the_card(read):
    series = read(GOOD, card=CARD, kind="item", unit="GHz")

    assert (series.card.kind, series.card.unit, series.card.title) == ("item", "GHz", "Clock")


def test_a_partial_card_leaves_the_rest_to_defaults(read):
    series = read(GOOD, card='title = "Mine"\nobserved_through = "2004-05"\n')

    assert (series.card.title, series.card.kind) == ("Mine", "index")
    assert series.as_of == datetime.date(2004, 5, 31)
    assert len(series.remarks) == 2


def test_a_given_card_replaces_the_one_beside_the_file(tmp_path, read):
    card = read(GOOD, card=CARD).card

    series = read_csv(tmp_path / "mine.csv", card=card, flags=Flags(kind="item"))

    assert (series.card.kind, series.card.title) == ("item", "Clock")


# Each row: the card, and a piece of the sentence it must get.
BAD_CARDS = {
    "not toml": ('title = "a"\nunit MHz\n', "got mine.toml:"),
    "line of bad toml": ('title = "a"\nunit MHz\n', "line 2"),
    "unknown key": ('kind = "item"\nunits = "MHz"\n', "'units', found at line 2 of mine.toml: did"),
    "nearest key": ('licens = "MIT"\n', "did you mean licence?"),
    "far key": ("zzzz = 1\n", "its keys are title, unit,"),
    "section": ("[plot]\nx = 1\n", "no key 'plot', found at line 1"),
    "wrong type": ("title = 3\n", "text in quotes is needed for title at line 1"),
    "empty title": ('title = " "\n', "A text is needed for title at line 1"),
    "wrong word": ('direction = "higher"\n', "got 'higher': write 'rising' or 'falling'"),
    "wrong kind": ('kind = "items"\n', "write 'item', 'index', 'record' or 'share'"),
    "list for a word": ("kind = []\n", "got '[]': write"),
    "wrong period": ('period = "week"\n', "write 'year' or 'month'"),
    "bad date": ('observed_through = "soon"\n', "got 'soon' for observed_through at line 1"),
    "date of a bool": ("observed_through = true\n", "A date is needed for observed_through"),
    "future": ("observed_through = 2027-01-01\n", "later than today (2026-06-30), got 2027-01-01"),
    "before a row": ("observed_through = 2002-12-31\n", "got '2003', which means 2003-12-31, at"),
    "gap reversed": ('gaps = [["2003-01-01", "2002-01-01"]]\n', "must begin before it ends"),
    "gap of a month": ('gaps = [["2003-01", "2003-02"]]\n', "needs full days"),
    "gap alone": ('gaps = ["2003-01-01", "2003-02-01"]\n', "A list of pairs of dates"),
    "gaps overlap": (
        'gaps = [["2001-01-01", "2002-01-01"], ["2002-01-01", "2003-01-01"]]\n',
        "must not overlap",
    ),
    "gaps of items": (
        'kind = "item"\ngaps = []\n',
        "gaps belongs only to a card of kind 'record', and in",
    ),
    "maximum of items": ('kind = "item"\nmaximum = 1\n', "maximum belongs only to a card of kind"),
    "maximum of nothing": ("maximum = 1\n", "kind is 'index', which no line of it states: write"),
    "gaps of nothing": ("gaps = []\n", 'write kind = "record", or remove gaps.'),
    "zero maximum": ('kind = "share"\nmaximum = 0\n', "positive number is needed for maximum"),
    "bool maximum": ('kind = "share"\nmaximum = true\n', "positive number is needed for maximum"),
    "infinite maximum": ('kind = "share"\nmaximum = inf\n', "positive number is needed for"),
    "floor of items": (
        'kind = "item"\nfloor = 1\n',
        "floor belongs only to a card of kind 'share', and",
    ),
    "negative floor": ('kind = "share"\nfloor = -1\n', "needed for floor at line 2 of mine.toml"),
    "floor above": ('kind = "share"\nmaximum = 50\nfloor = 60\n', "got 60 and 50 for mine"),
    "no maximum": ('kind = "share"\n', "write maximum = 100 in its card for per cent"),
    "above maximum": ('kind = "share"\nmaximum = 30\n', "its maximum of 30, got 40 at line 4"),
    "related": ('related = "cpu_clock"\n', "A list of ids is needed for related"),
    "deep": ("related = " + "[" * 5000, "must be valid TOML"),
    "long number": ("maximum = " + "9" * 5000, "must be valid TOML"),
}


@pytest.mark.parametrize("case", BAD_CARDS)
def test_bad_card_gets_one_sentence(read, case):
    text, expected = BAD_CARDS[case]

    with pytest.raises(InputError) as error:
        read(GOOD, card=text)

    assert expected in str(error.value)
    assert_one_sentence(error)


def test_card_with_a_mark_and_bad_bytes(tmp_path, read):
    read(GOOD)
    card = tmp_path / "mine.toml"

    card.write_bytes(b'\xef\xbb\xbftitle = "Marked"\r\nunit = "x"\r\n')
    assert read(GOOD).card.title == "Marked"
    card.write_bytes(b'unit = "x"\ntitle = "\xe9"\n')
    with pytest.raises(InputError, match=r"byte 0xe9 at line 2 of mine\.toml"):
        read(GOOD)


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({"kind": "items"}, "The kind must be item, index, record or share, got 'items'"),
        ({"unit": " "}, "A unit is a text, got '': name it"),
        ({"direction": "up"}, "The direction must be rising or falling, got 'up'"),
        ({"date_column": "value"}, "must be two columns, got 'value'"),
        ({"value_column": "cost"}, "A column 'cost' is needed"),
    ],
)
def test_bad_flag_gets_one_sentence(read, flags, expected):
    with pytest.raises(InputError) as error:
        read(GOOD, **flags)

    assert expected in str(error.value)
    assert_one_sentence(error)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5", 5), ("+5.", 5), (".5", 0.5), ("5e+26", 5e26), (" 1E-3 ", 1e-3), ("-2", -2)],
)
def test_plain_numbers_are_read(text, expected):
    assert parse_value(text) == expected


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("My data (1)", "My_data_1"),
        ("<b>", "b"),
        ("Größe é", "Gro_e_e"),
        ("a–b", "a_b"),
        ("a" * 99, "a" * 60),
    ],
)
def test_ids_are_safe_in_file_names(stem, expected):
    assert clean_id(stem) == expected


def test_names_of_other_letters_stay_apart():
    ids = {clean_id(stem) for stem in ("日本", "中国", "日本 2020", "\udcff")}

    assert len(ids) == 4
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,60}", one) for one in ids)


def test_a_title_is_text_whatever_the_name_of_the_file(tmp_path):
    path = tmp_path / "caf\udce9.csv"
    path.write_text(GOOD, encoding="utf-8")

    card = read_csv(path).card

    assert card.title == "caf\ufffd"
    assert card.id == "caf"
    assert read_csv(path, flags=Flags(unit="\udce9")).card.unit == "\ufffd"
    assert read_csv(path.rename(tmp_path / " .csv")).card.title.startswith("series_")
