"""The question that only somebody who hears can answer: which digit was it?"""

from __future__ import annotations

from ...workouts.phrases import ENGLISH, Language, phrase
from .speaker import Speaker

DIGITS = (2, 3, 4, 5)
"""From 2 to 5: one bell alone is easily taken for another program's, and more than five are miscounted."""


def digit_question(speaker: Speaker, digit: int, language: Language = ENGLISH) -> None:
    """Ask for ``digit`` by voice, twice; or ring so often where nothing speaks. ValueError: not one of ``DIGITS``."""
    if digit not in DIGITS:
        raise ValueError(f"the digit of the sound test is {digit}, but it must be one of {', '.join(map(str, DIGITS))}")
    if not speaker.can_speak:
        speaker.ring(digit)
        return
    for _ in range(2):
        speaker.say(language.aloud(phrase("type-the-digit", digit=phrase(f"digit-{digit}"))))
