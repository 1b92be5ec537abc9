"""Did you hear it? What counts as an answer, and when two wrong ones are the end of it."""

from __future__ import annotations

import pytest

from retrotread.tui.sound_test import COUNTED_AFTER_S, Answer, SoundTest, answered, asked, pressed, waited


def presses(test: SoundTest, *moments_s: float) -> SoundTest:
    for moment_s in moments_s:
        test = pressed(test, moment_s)
    return test


def test_the_digit_that_was_spoken_is_heard() -> None:
    assert answered(asked(SoundTest(), 4), 4) == (SoundTest(), Answer.HEARD)


def test_the_first_wrong_answer_is_asked_again_and_the_second_one_fails() -> None:
    test, first = answered(asked(SoundTest(), 4), 5)
    assert first is Answer.WRONG
    assert not test.under_way
    assert answered(asked(test, 2), 3)[1] is Answer.FAILED


def test_a_right_answer_after_a_wrong_one_is_heard() -> None:
    test, _ = answered(asked(SoundTest(), 4), 0)
    assert answered(asked(test, 2), 2)[1] is Answer.HEARD


def test_an_answer_to_nothing_is_none() -> None:
    assert answered(SoundTest(), 3) == (SoundTest(), Answer.NONE)


@pytest.mark.parametrize("digit", [2, 3, 4, 5])
def test_as_many_presses_of_the_remote_answer_after_one_and_a_half_seconds(digit: int) -> None:
    test = presses(asked(SoundTest(), digit), *(i * 0.5 for i in range(digit)))
    last_s = (digit - 1) * 0.5
    assert waited(test, last_s + COUNTED_AFTER_S - 0.01)[1] is Answer.NONE
    assert waited(test, last_s + COUNTED_AFTER_S)[1] is Answer.HEARD


def test_a_press_too_many_is_wrong() -> None:
    assert waited(presses(asked(SoundTest(), 2), 0.0, 0.4, 0.8), 2.4)[1] is Answer.WRONG


def test_presses_of_an_earlier_question_do_not_count_for_the_next() -> None:
    test = asked(presses(asked(SoundTest(), 3), 0.0, 0.3), 2)
    assert waited(presses(test, 1.0, 1.3), 3.0)[1] is Answer.HEARD
