"""Applications of creators: what is asked and answered, and when the next one may come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.applications import (
    AGAIN_MS,
    ANSWER_LENGTH,
    MOST_QUESTIONS,
    QUESTION_LENGTH,
    AnswerMissing,
    Application,
    ApplicationOpen,
    ApplicationSettings,
    ApplyLater,
    answers_of,
    clean_questions,
)


@given(st.lists(st.text(max_size=80), max_size=9))
def test_questions_fit_into_one_form_and_none_is_empty_or_twice(texts: list[str]):
    questions = clean_questions(texts)

    assert len(questions) == len({*questions}) <= MOST_QUESTIONS
    assert all(questions)
    assert clean_questions(questions) == questions


def test_questions_are_cut_to_the_length_of_a_label():
    assert clean_questions(["", "x" * 60, "  What? ", "What?"]) == ("x" * QUESTION_LENGTH, "What?")


def test_a_guild_without_questions_asks_ours():
    assert ApplicationSettings(1).asked == ("",)
    assert ApplicationSettings(1, questions=("What?", "When?")).asked == ("What?", "When?")


def test_answers_are_cleaned_and_cut():
    (answer,) = answers_of(["What?"], [" my\nsongs\u200b " + "x" * 400])

    assert answer.question == "What?"
    assert answer.text.startswith("my songs xxx")
    assert len(answer.text) == ANSWER_LENGTH


def test_an_answer_that_nobody_could_read_is_missing():
    with pytest.raises(AnswerMissing, match="When"):
        answers_of(["What?", "When?"], ["songs", " \u200b\n"])


@given(st.integers(0, 10**12), st.integers(0, 10**10))
def test_a_declined_member_may_apply_again_after_a_week_and_not_before(declined_ms: int, later_ms: int):
    application = Application(1, 2, 3, (), 0, declined_ms=declined_ms)

    if later_ms >= AGAIN_MS:
        application.check_next(declined_ms + later_ms)
    else:
        with pytest.raises(ApplyLater) as refusal:
            application.check_next(declined_ms + later_ms)
        assert refusal.value.from_ms == application.again_ms == declined_ms + AGAIN_MS


def test_nobody_has_two_open_applications():
    with pytest.raises(ApplicationOpen):
        Application(1, 2, 3, (), 7).check_next(10**15)
