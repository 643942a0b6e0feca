import math

import numpy as np
import pytest
from quick import quick_answer

from forecasts.charts import to_svg
from forecasts.errors import InputError
from forecasts.scores import weighted_interval_score
from forecasts.teaching import Guess, Hidden, Lesson, score


@pytest.fixture(scope="module")
def lesson():
    return Lesson()


def test_a_guess_must_be_in_order():
    with pytest.raises(InputError, match="low ≤ middle ≤ high, got 3, 2 and 9"):
        Guess(3, 2, 9)


def test_the_score_is_the_package_s_own():
    guess = Guess(1000, 3000, 9000)
    logs = np.log([guess.low, guess.middle, guess.high])

    own = weighted_interval_score(logs, math.log(20000), probs=(0.05, 0.5, 0.95))

    assert score(guess, 20000) == pytest.approx(float(own))


def test_a_wide_guess_that_holds_beats_a_narrow_one_that_misses():
    assert score(Guess(1000, 10000, 100000), 2800) < score(Guess(20000, 25000, 30000), 2800)


def test_the_lesson_sees_only_what_was_known(lesson):
    assert lesson.known.date[-1].year < 2003
    assert "1 Jan 2003".replace(" ", "\u00a0") in lesson.question


@pytest.mark.parametrize("picture", ["picture", "picture_with_line"])
def test_the_class_sees_no_row_that_came(lesson, picture):
    drawn = getattr(lesson, picture)().to_dict()["datasets"].values()
    rows = [row for rows in drawn for row in rows if "value" in row]

    assert len(rows) == lesson.known.n
    assert max(row["t"] for row in rows) <= lesson.known.as_of_year


def test_the_line_of_2003_missed_what_came(lesson):
    line = lesson.guess_of_line()

    assert lesson.truth < line.low
    table = lesson.scores({"line": line, "flat": Guess(1000, 3000, 10000)})
    assert list(table["who"]) == ["flat", "line"]
    assert table["truth inside"].tolist() == ["yes", "no"]
    assert "Best score: flat" in lesson.told({"line": line, "flat": Guess(1000, 3000, 10000)})


def test_the_pictures_can_be_drawn(lesson):
    for picture in (lesson.picture(), lesson.picture_with_line(), lesson.picture_of_all()):
        assert "MHz" in to_svg(picture)


def test_a_year_without_rows_is_refused():
    with pytest.raises(InputError, match="got 2040"):
        Lesson(year=2040).truth  # noqa: B018


def test_solutions_are_made_of_the_lesson_s_numbers(lesson):
    tenfold = lesson.line.doubling_years * math.log2(10)

    assert f"about {tenfold:.1f} years" in lesson.solution(1).text
    assert "A change of growth is not in it" in lesson.solution(3).text


@pytest.mark.parametrize(("part", "said"), [(2, "got part 2"), (4, "without an answer")])
def test_a_solution_that_is_not_there_is_refused(lesson, part, said):
    with pytest.raises(InputError, match=said):
        lesson.solution(part)


def test_solutions_compare_with_the_forecast(lesson):
    answer = quick_answer(lesson.known)
    average = lesson.guess_of(answer)

    assert f"{average.high / average.low:.0f} when" in lesson.solution(4, answer).text
    assert f"change {score(average, lesson.truth):.2f}" in lesson.solution(6, answer).text


def test_both_forecasts_are_for_the_same_date(lesson):
    answer = quick_answer(lesson.known)
    row = answer.to_dict()["forecast"][lesson.ahead - 1]

    assert row["date"] == "2015-01-01"
    assert lesson.guess_of_line().middle == pytest.approx(row["naive"]["q50"])
    assert lesson.guess_of(answer).middle == row["averaged"]["q50"]


def test_a_question_about_the_past_is_refused():
    with pytest.raises(InputError, match="after as_of, got 2003 and 2003-01-01"):
        Lesson(year=2003).guess_of_line()


def test_being_vague_helps_where_the_line_missed_and_costs_where_it_did_not(lesson):
    went_on = Lesson("rupp_transistors")
    for one, wins in ((lesson, True), (went_on, False)):
        line = one.guess_of_line()
        assert (score(line.vaguer(), one.truth) < score(line, one.truth)) is wins

    text = lesson.solution(6, quick_answer(lesson.known)).text
    assert lesson.told_of_vaguer().endswith("wide helps")
    assert lesson.told_of_vaguer() in text
    assert went_on.told_of_vaguer().endswith("wide costs")
    assert went_on.told_of_vaguer() in text


def test_a_trend_without_an_outcome_is_no_example():
    assert Lesson(year=2040).told_of_vaguer() == ""


def test_a_hidden_text_is_escaped():
    shown = Hidden("Solution", "a < b")._repr_html_()

    assert shown.startswith("<details><summary>Solution</summary>")
    assert "a &lt; b" in shown
