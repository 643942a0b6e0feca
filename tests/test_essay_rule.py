import pytest

from forecasts.essay import CLAIMS, Finding
from forecasts.essay.rule import (
    AGAINST,
    PARTLY,
    SUPPORTED,
    UNTOLD,
    by_agreement,
    by_interval,
    by_probability,
)

NAN = float("nan")


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (0.95, None, SUPPORTED),
        (0.05, None, AGAINST),
        (0.06, None, UNTOLD),
        (0.94, None, UNTOLD),
        (0.96, 0.99, SUPPORTED),
        (0.01, 0.04, AGAINST),
        (0.01, 0.99, UNTOLD),
        (NAN, None, UNTOLD),
    ],
)
def test_a_probability_decides(low, high, word):
    assert by_probability(low, high) == word


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [(1.1, 2.0, SUPPORTED), (0.5, 1.0, AGAINST), (0.9, 1.1, UNTOLD), (NAN, NAN, UNTOLD)],
)
def test_an_interval_decides(low, high, word):
    assert by_interval(low, high, above=1.0) == word


@pytest.mark.parametrize(
    ("words", "word"),
    [
        ([SUPPORTED, SUPPORTED], SUPPORTED),
        ([AGAINST], AGAINST),
        ([SUPPORTED, AGAINST], UNTOLD),
        ([SUPPORTED, UNTOLD], UNTOLD),
        ([], UNTOLD),
    ],
)
def test_cases_must_agree(words, word):
    assert by_agreement(words) == word


def test_there_are_nine_claims_each_with_a_rule_for_every_question():
    assert list(CLAIMS) == list(range(1, 10))
    for claim in CLAIMS.values():
        assert claim.questions
        assert claim.beyond
        assert all(len(question.rule) > 20 for question in claim.questions)


@pytest.mark.parametrize(
    ("heart", "other", "whole"),
    [
        (SUPPORTED, SUPPORTED, SUPPORTED),
        (SUPPORTED, UNTOLD, PARTLY),
        (SUPPORTED, AGAINST, PARTLY),
        (UNTOLD, SUPPORTED, UNTOLD),
        (AGAINST, SUPPORTED, AGAINST),
    ],
)
def test_the_heart_decides_and_the_rest_qualifies(heart, other, whole):
    assert CLAIMS[5].judged(Finding(heart, "a"), Finding(other, "b")).word == whole


def test_how_answers_become_one_word_is_said_beforehand():
    assert "The first question decides" in str(CLAIMS[3])
    assert "The first question decides" in CLAIMS[3]._repr_markdown_()


def test_the_verdict_shows_what_it_comes_from():
    claim = CLAIMS[5]

    verdict = claim.judged(Finding(UNTOLD, "half and half"), Finding(SUPPORTED, "far less"))

    assert verdict.word == UNTOLD
    assert "Claim 5: these data cannot tell" in verdict._repr_markdown_()
    assert "half and half" in str(verdict)


def test_every_question_must_be_answered():
    with pytest.raises(ValueError, match="asks 2 questions, got 1"):
        CLAIMS[5].judged(Finding(SUPPORTED, "one"))
