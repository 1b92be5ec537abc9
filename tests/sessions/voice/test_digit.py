from __future__ import annotations

import pytest

from retrotread.sessions.voice import RecordingSpeaker, digit_question


def test_a_voice_says_the_digit_twice() -> None:
    speaker = RecordingSpeaker(lambda: 0.0)
    digit_question(speaker, 4)
    assert [text for _, text in speaker.said] == ["Type the digit: four"] * 2
    assert speaker.bells == 0


def test_where_nothing_speaks_the_digit_is_rung() -> None:
    speaker = RecordingSpeaker(lambda: 0.0, can_speak=False)
    digit_question(speaker, 3)
    assert (speaker.bells, speaker.said) == (3, [])


@pytest.mark.parametrize("digit", [1, 6])
def test_other_digits_cannot_be_counted(digit: int) -> None:
    with pytest.raises(ValueError, match=f"the digit of the sound test is {digit}, but it must be one of 2, 3, 4, 5"):
        digit_question(RecordingSpeaker(lambda: 0.0), digit)
