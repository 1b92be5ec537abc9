"""Tones beside the voice: short, each of its own pitch, so that one knows what comes before the first word.

    warn    two high beeps        something will rise in five seconds
    count   one middle beep       3, 2, 1
    rise    two notes going up    now it rises, or the belt starts
    step    one low note          another step, another word of the plan
    stop    three deep notes      the belt is being stopped
    alarm   five shrill pulses    a hand is needed at once
    beat    a click               the metronome

No two have a first note within 100 Hz of each other: that is what ears, and the test of a rehearsal, tell them by.
"""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass
from enum import Enum
from functools import cache

LOUD, SOFT = 0.4, 0.12
"""Of full scale. A tone is well below speech at its loudest, so that the word under it is understood; a click that
comes three times a second is softer still."""

EDGE_S = 0.004
"""A tone swells and fades so long: without it a loudspeaker cracks, and longer its beginning would be unclear."""


class Tone(Enum):
    """What a tone says."""

    WARN = "warn"
    COUNT = "count"
    RISE = "rise"
    STEP = "step"
    STOP = "stop"
    ALARM = "alarm"
    BEAT = "beat"


@dataclass(frozen=True, slots=True)
class Note:
    """A pure tone and the silence behind it."""

    pitch_hz: float
    lasts_s: float
    gap_s: float = 0.0


NOTES: dict[Tone, tuple[Note, ...]] = {
    Tone.WARN: (Note(880, 0.07, 0.04), Note(880, 0.07)),
    Tone.COUNT: (Note(660, 0.08),),
    Tone.RISE: (Note(1100, 0.08), Note(1400, 0.12)),
    Tone.STEP: (Note(523, 0.12),),
    Tone.STOP: (Note(330, 0.15, 0.06), Note(330, 0.15, 0.06), Note(330, 0.15)),
    Tone.ALARM: tuple(Note(1760, 0.07, 0.05) for _ in range(5)),
    Tone.BEAT: (Note(2093, 0.02),),
}


@cache
def samples_of(tone: Tone, rate_hz: int) -> array[int]:
    """The tone as signed 16-bit samples, one channel. Cached: treat it as constant."""
    made = array("h")
    peak = 32767 * (SOFT if tone is Tone.BEAT else LOUD)
    for note in NOTES[tone]:
        made.extend(_note(note, rate_hz, peak))
        made.frombytes(bytes(2 * round(note.gap_s * rate_hz)))
    return made


def _note(note: Note, rate_hz: int, peak: float) -> list[int]:
    count, edge = round(note.lasts_s * rate_hz), max(1, round(EDGE_S * rate_hz))
    turn = 2 * math.pi * note.pitch_hz / rate_hz
    return [round(peak * min(1.0, at / edge, (count - at) / edge) * math.sin(turn * at)) for at in range(count)]


def lasts_s(tone: Tone) -> float:
    """How long it sounds, gaps included."""
    return sum(note.lasts_s + note.gap_s for note in NOTES[tone])
