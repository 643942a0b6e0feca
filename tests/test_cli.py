import json
import subprocess
import sys

import pytest

from forecasts import cli


def run(capsys, *arguments):
    try:
        status = cli.main(list(arguments))
    except SystemExit as stop:
        status = stop.code
    out, err = capsys.readouterr()
    return status, out, err


@pytest.fixture
def no_fit(monkeypatch):
    """Fail when anything is fitted."""

    def compare(*arguments, **options):
        pytest.fail("fitted before it was refused")

    monkeypatch.setattr("forecasts.comparison.compare", compare)


@pytest.mark.parametrize("module", ["pymc", "arviz", "nutpie", "statsmodels", "altair", "pandas"])
def test_help_and_list_import_nothing_heavy(module):
    code = (
        "import sys; from forecasts import cli\n"
        "cli.main(['list', '--json'])\n"
        f"sys.exit({module!r} in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)

    assert done.returncode == 0


def test_list_prints_every_series_once(capsys):
    status, out, _ = run(capsys, "list", "--json")

    ids = [row["id"] for row in json.loads(out)]
    assert status == 0
    assert len(ids) == len(set(ids)) >= 40
    assert {"cpu_clock", "airspeed", "llm_compute", "llm_price", "rupp_transistors"} <= set(ids)


def test_unknown_id_suggests_the_nearest_and_exits_with_2(capsys):
    status, out, err = run(capsys, "fit", "cpu_clok")

    assert (status, out) == (2, "")
    assert "cpu_clock" in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (("--kind", "share"), "or say --maximum 100"),
        (("--kind", "share", "--maximum", "30"), "its maximum of 30, got 35 at line 4"),
        (("--kind", "share", "--maximum", "-1"), "a positive number such as 100, got '-1'"),
        (("--maximum", "100"), "belongs only to a share, got --maximum 100 for kind index"),
    ],
)
def test_share_needs_its_maximum_and_nothing_else_has_one(capsys, tmp_path, flags, expected):
    path = tmp_path / "homes.csv"
    path.write_text("date,value\n2000,10\n2001,20\n2002,35\n2003,50\n")

    status, out, err = run(capsys, "fit", str(path), *flags)

    assert (status, out) == (2, "")
    assert expected in err
    assert "Traceback" not in err


@pytest.fixture
def folder(tmp_path):
    """Series of one's own, one of them a share, with names that a table could take for others."""
    rows = "".join(f"{2000 + i},{10 + 3 * i}\n" for i in range(10))
    for name in ("2024", "NA"):
        (tmp_path / f"{name}.csv").write_text(f"date,value\n{rows}")
    (tmp_path / "2024.toml").write_text('kind = "share"\nunit = "%"\nmaximum = 100\n')
    return tmp_path


def test_a_backtest_goes_on_in_its_own_folder(capsys, folder, monkeypatch):
    out = folder / "out"
    asked = ("backtest", str(folder), "--horizons", "1", "--every", "9", "--out", str(out))
    status, _, err = run(capsys, *asked)
    assert status == 0, err
    table = (out / "scoreboard.md").read_text(encoding="utf-8")
    assert [line.split(" | ")[0] for line in table.splitlines() if "| 1 | averaged |" in line] == [
        "| log value",
        "| share",
    ]

    # Whatever is done is kept, and nothing is asked again.
    monkeypatch.setattr("forecasts.backtest_run.answer", None)
    (out / "forecasts.csv").unlink()
    status, out_text, err = run(capsys, *asked)
    assert status == 0, err
    assert str(out / "forecasts.csv") in out_text
    assert (out / "scoreboard.md").read_text(encoding="utf-8") == table


def test_a_backtest_takes_its_own_tables_for_no_series_and_reads_named_columns(capsys, tmp_path):
    rows = "".join(f"{2000 + i},{10 + 3 * i}\n" for i in range(10))
    (tmp_path / "mine.csv").write_text(f"Year,Sales\n{rows}")
    columns = ("--date-column", "Year", "--value-column", "Sales", "--kind", "index")
    asked = ("backtest", str(tmp_path), "--horizons", "1", "--every", "9", *columns)

    for _ in range(2):
        status, _, err = run(capsys, *asked, "--out", str(tmp_path))
        assert status == 0, err
        assert "kind was not given" not in err
    assert set((tmp_path / "forecasts.csv").read_text().split("\n")[1].split(",")) > {"mine"}


@pytest.mark.parametrize("name", ["forecasts.csv", "plateaus.csv", "scoreboard.md"])
def test_a_backtest_replaces_no_file_of_another(capsys, folder, name):
    (folder / "out").mkdir()
    mine = folder / "out" / name
    mine.write_text("my precious")

    status, _, err = run(capsys, "backtest", str(folder), "--out", str(folder / "out"))

    assert status == 2
    assert f"A backtest replaces {name}, and no backtest wrote the one in" in err
    assert mine.read_text() == "my precious"


def test_a_quick_answer_says_so(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("FORECASTS_QUICK", "1")
    rows = "".join(f"{2000 + i},{1.3**i}\n" for i in range(12))
    (tmp_path / "quick.csv").write_text(f"date,value\n{rows}")

    status, out, err = run(capsys, "fit", str(tmp_path / "quick.csv"), "--json", "--horizon", "5")

    assert status == 0, err
    assert json.loads(out)["provenance"]["quick"] is True
    assert "FORECASTS_QUICK=1 is set" in err


def test_two_rows_get_a_page(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("FORECASTS_QUICK", "1")
    (tmp_path / "two.csv").write_text("date,value\n2000,1\n2001,2\n")
    out = tmp_path / "report"

    run(capsys, "report", str(tmp_path / "two.csv"), "--horizon", "5", "--out", str(out))

    page = (out / "two.html").read_text(encoding="utf-8")
    assert "2 points" in page
    assert "Quick answer" in page


def test_a_median_that_underflows_is_no_traceback(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("FORECASTS_QUICK", "1")
    rows = "".join(f"{2000 + i},{1e-250 / 1000.0**i}\n" for i in range(12))
    (tmp_path / "small.csv").write_text(f"date,value\n{rows}")

    status, out, err = run(capsys, "fit", str(tmp_path / "small.csv"), "--json")

    assert status in (0, 1), err
    told = json.loads(out)
    assert told["forecast"][19]["averaged"]["q50"] == 0
    assert told["naive"]["factor"]["20"] is None


def test_a_backtest_needs_a_folder(capsys, tmp_path):
    (tmp_path / "out").write_text("")

    status, _, err = run(capsys, "backtest", "fl_dram", "--out", str(tmp_path / "out"))

    assert status == 2
    assert "A backtest is a folder, got the file" in err


def test_bad_row_is_one_sentence_and_exits_with_2(capsys, tmp_path):
    path = tmp_path / "costs.csv"
    path.write_text("date,value\n2000,10\n2001,-3\n2002,5\n")

    status, out, err = run(capsys, "fit", str(path))

    assert (status, out) == (2, "")
    assert "-3" in err
    assert "2001" in err or "line 3" in err


@pytest.mark.parametrize("option", [("--horizon", "0"), ("--horizon", "x"), ("--seed", "-1")])
def test_option_out_of_range_exits_with_2(capsys, option):
    status, out, err = run(capsys, "fit", "cpu_clock", *option)

    assert (status, out) == (2, "")
    assert option[0] in err


@pytest.mark.usefixtures("no_fit")
def test_report_refuses_a_folder_of_something_else_before_fitting(capsys, tmp_path):
    (tmp_path / "thesis.tex").write_text("mine")

    status, _, _ = run(capsys, "report", "cpu_clock", "--out", str(tmp_path))

    assert status == 2
    assert (tmp_path / "thesis.tex").read_text() == "mine"


def test_a_fit_that_fails_is_told_by_the_exit_status(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("FORECASTS_QUICK", "1")
    rows = "".join(f"{2000 + i},{1.31**i}\n" for i in range(12))
    (tmp_path / "rough.csv").write_text(f"date,value\n{rows}")
    asked = ("fit", str(tmp_path / "rough.csv"), "--horizon", "5")
    assert run(capsys, *asked)[0] == 0

    # The same answer, kept by the process, under a gate that nothing passes.
    monkeypatch.setattr("forecasts.diagnostics.K_HAT_LIMIT", -1.0)
    status, _, err = run(capsys, *asked)

    assert status == 1
    assert "did not converge" in err
    assert run(capsys, *asked, "--allow-unconverged")[0] == 0


@pytest.mark.usefixtures("no_fit")
@pytest.mark.parametrize("command", ["fit", "report", "backtest"])
def test_flags_do_not_relabel_a_bundled_series(capsys, tmp_path, command):
    csv = tmp_path / "mine.csv"
    csv.write_text("date,value\n2001,1\n2002,3\n2003,5\n")
    # A reader's own series comes first, and is not fitted.
    names = ("cpu_clock",) if command == "fit" else (str(csv), "cpu_clock")
    where = () if command == "fit" else ("--out", str(tmp_path / "out"))

    status, out, err = run(capsys, command, *names, "--unit", "GHz", *where)

    assert (status, out) == (2, "")
    assert "cpu_clock is a bundled series with a card of its own" in err


@pytest.mark.usefixtures("no_fit")
@pytest.mark.parametrize("path", ["nowhere/draws.zip", ""])
def test_save_is_refused_before_fitting(capsys, path):
    status, out, _ = run(capsys, "fit", "cpu_clock", "--save", path)

    assert (status, out) == (2, "")


@pytest.mark.usefixtures("no_fit")
def test_report_below_a_file_is_refused_before_fitting(capsys, tmp_path):
    (tmp_path / "file").write_text("mine")

    status, _, _ = run(capsys, "report", "cpu_clock", "--out", str(tmp_path / "file" / "sub"))

    assert status == 2


def test_as_of_in_the_future_is_refused(capsys):
    status, out, err = run(capsys, "fit", "cpu_clock", "--as-of", "9990")

    assert (status, out) == (2, "")
    assert "future" in err


def test_a_file_name_cannot_send_terminal_escapes(capsys, tmp_path):
    path = tmp_path / "a\x1b[31mred.csv"
    path.write_text("date,value\n2000,x\n2001,2\n")

    status, _, err = run(capsys, "fit", str(path))

    assert status == 2
    assert "\x1b" not in err
