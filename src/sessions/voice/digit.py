"""The question that only somebody who hears can answer: which digit was it?"""

from __future__ import annotations

from .speaker import Speaker

WORDS = {2: "two", 3: "three", 4: "four", 5: "five"}
"""From 2 to 5: one bell alone is easily taken for another program's, and more than five are miscounted."""


def digit_question(speaker: Speaker, digit: int) -> None:
    """Ask for ``digit`` by voice, twice; or ring so often where nothing speaks. ValueError: not one of ``WORDS``."""
    if digit not in WORDS:
        raise ValueError(f"the digit of the sound test is {digit}, but it must be one of {', '.join(map(str, WORDS))}")
    if not speaker.can_speak:
        speaker.ring(digit)
        return
    for _ in range(2):
        speaker.say(f"Type the digit: {WORDS[digit]}")
