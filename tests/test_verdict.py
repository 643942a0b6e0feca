"""Which it is, data or prior, in words: every branch, without a fit."""

import dataclasses
from types import SimpleNamespace

import pytest
from synthetic import comparison

from forecasts import load, sensitivity
from forecasts.population import WEAK
from forecasts.verdict import disagree, sentence_of, verdict_of
from forecasts.words import NBSP

END = 2033
STATED = {
    "used": 0.02, "stop_probability": 0.5, "q05": None, "q95": None, "series": None,
    "longest_years": None, "unobserved_from": None,
}  # fmt: skip
LEARNED = STATED | {"used": 0.0137123, "q05": 0.0098, "q95": 0.0189, "series": 120,
                    "longest_years": 60}  # fmt: skip


def camp(already, median, first="2003-06-01"):
    quantiles = {"0.05": first, "0.5": median}
    return {"p_already": already, "quantiles": quantiles if already is not None else {}}


AGREE = {"sceptic": camp(0.98, "2005-03-01"), "never": camp(0.97, "2006-01-01")}
DISAGREE = {"sceptic": camp(0.40, "2005-03-01"), "never": camp(0.01, None, None)}
WITHHELD = {"never": camp(None, None)}
WITHHELD_ONE = {"gott": camp(None, None)}


def found(camps, *, bits=0.3, likelihood=0.01, prior=0.01, hazard=STATED):
    moved = {"prior": prior, "likelihood": likelihood, "diagnosis": "neither"}
    told = {"camps": camps, "information_bits": bits, "power_scaling": moved, "hazard": hazard}
    return told | {"verdict": verdict_of(told, end_year=END)}


def plateau(already=0.1, early="2002-01-01", late=None, refused=None):
    dates = {"0.05": early, "0.5": None, "0.95": late}
    return {"p_already": already, "quantiles": dates, "refused": refused}


def said(told, block=None):
    text = sentence_of(told, block or plateau(), as_of="2003-01-01", end_year=END)
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        ("data", found(AGREE, bits=4.0)),
        ("data", found(AGREE, likelihood=0.3, prior=0.1)),
        ("prior", found(DISAGREE)),
        ("prior", found(AGREE, prior=0.3)),
        ("prior", found(DISAGREE, likelihood=0.07, prior=0.25)),
        ("both", found(DISAGREE, bits=1.5)),
        ("both", found(DISAGREE, likelihood=0.3, prior=0.3)),
        ("neither", found(AGREE)),
        ("neither", found(WITHHELD)),
    ],
)
def test_verdict_weighs_bits_camps_and_power_scaling(verdict, told):
    assert told["verdict"] == verdict


@pytest.mark.parametrize(
    ("median", "apart"), [("2005-12-31", False), ("2011-01-01", True), (None, True)]
)
def test_camps_disagree_by_probability_or_by_median(median, apart):
    camps = {"sceptic": camp(0.5, "2005-03-01"), "gott": camp(0.5, median), **WITHHELD}

    assert disagree(camps, END) is apart


def test_sentence_gives_the_range_over_the_camps():
    text = said(found(DISAGREE))

    assert text.startswith("Mostly prior: the rows tell 0.3 bits about the date of the plateau")
    assert "already runs from 1 % to 40 %, its median runs from 2005 to after 2033" in text
    assert "rule out (to 5 %, in every camp) a plateau before 2002; beyond that you are" in text
    assert "changes are assumed to arrive at 2 % a year" in text


def test_a_date_that_is_known_is_told_instead_of_a_bound():
    text = said(found(AGREE, bits=5.0), plateau(0.98, "2003-06-01", "2008-02-01"))

    assert text.startswith("Mostly data: the rows tell 5.0 bits")
    assert text.endswith("With 90 % probability it began between 2003 and 2008.")
    assert "prior:" not in text


def test_a_date_within_one_year_is_in_it():
    text = said(found(AGREE, bits=5.0), plateau(0.98, "2003-02-01", "2003-12-01"))

    assert text.endswith("With 90 % probability it began in 2003.")


def test_what_is_ruled_out_never_lies_after_as_of():
    late = {"sceptic": camp(0.0, None, "2020-01-01")}

    assert "a plateau before 2003;" in said(found(late), plateau(0.0, "2021-01-01"))


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (0.30, "The data rule out (to 5 %, in every camp) a plateau before 2002; beyond that"),
        (0.02, "A plateau before 2002 has at most 5 %, in every camp, and the prior gave it 2 %"),
    ],
)
def test_the_data_rule_out_only_what_the_prior_held_possible(before, told):
    prior = {"p_already": 0.5, "p_by": {"2000": 0.01, "2001": before, "2002": 0.5}}

    text = said(found(DISAGREE) | {"prior": prior}, plateau(0.02))

    assert told in text
    assert ("The data rule out" in text) is (before >= 0.1)


def test_a_plateau_that_has_probably_come_is_not_left_to_the_prior():
    text = said(found(AGREE, bits=5.0), plateau(0.93, "2002-06-01", "2012-02-01"))

    assert (
        "With 95 % probability it began after 2002; that it has not come at all by 2003 has 7 %"
        in text
    )
    assert "you are reading the prior" not in text


def test_withheld_camps_are_not_mentioned():
    assert "camp" not in said(found(WITHHELD))
    assert "in the 2 camps that can be asked)" in said(found(DISAGREE | WITHHELD_ONE))


def test_a_learned_hazard_is_told_with_its_interval():
    text = said(found(DISAGREE, hazard=LEARNED))

    assert (
        "changes arrive at 1.4 % a year, a stated rate, at which other series were foretold no "
        "worse than at what their rows alone ask for (0.98 % to 1.9 %)." in text
    )


def test_the_age_that_no_reference_series_reached_is_told():
    text = said(found(DISAGREE, hazard=LEARNED | {"unobserved_from": "2031-05-01"}))

    assert "watched for more than 60 years, so from 2031 on even that is a guess." in text


def test_a_refusal_is_all_that_is_said():
    text = said(found(AGREE), plateau(refused="7 points over 2.1 doublings"))

    assert text == "No claim is made: 7 points over 2.1 doublings."


@pytest.fixture
def then():
    """As much of a comparison as the hazard's row looks at."""
    one = SimpleNamespace(shape=SimpleNamespace(population=dataclasses.replace(WEAK["item"])))
    series = load("cpu_clock").known_at("2003-01-01")
    return SimpleNamespace(series=series, horizon=30.0, fits={"piecewise": one})


def test_the_hazard_says_where_it_was_learned(monkeypatch, then):
    # The own family was watched for longest, which says nothing of the others.
    longest = {then.series.card.family: 90, "another": 60}
    file = {"hazard_by_rows": [0.0137, 0.0098, 0.0189], "series": 120, "longest_watched": longest}
    monkeypatch.setattr(sensitivity, "learned_file", lambda: file)

    used, row = sensitivity.hazard_used(then), sensitivity._hazard_row(then)

    assert (used["q05"], used["q95"], used["series"]) == (0.0098, 0.0189, 120)
    # The first row is of November 1971, and sixty years later lies within the horizon.
    assert used["unobserved_from"].startswith("2031")
    told = row["reason"].replace(NBSP, " ")
    assert told.startswith("stated: other series were foretold no worse at it than at what the")
    assert "120 series of the reference class alone ask for (0.98 % to 1.9 %, 90 %)" in told


def test_a_hazard_that_was_not_learned_says_so(monkeypatch, then):
    monkeypatch.setattr(sensitivity, "learned_file", dict)

    used, row = sensitivity.hazard_used(then), sensitivity._hazard_row(then)

    assert used["series"] is None
    assert used["unobserved_from"] is None
    assert "stated, not learned" in row["reason"]


def test_the_stand_in_has_the_keys_of_the_contract():
    told = comparison("early").to_dict()["sensitivity"]

    assert set(told) == {
        "sentence", "verdict", "hazards", "hazard", "camps", "prior", "information_bits",
        "power_scaling",
    }  # fmt: skip
    assert verdict_of(told, end_year=END) in ("data", "prior", "both", "neither")
