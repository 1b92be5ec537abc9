"""Which tone goes with which words."""

from __future__ import annotations

from ..workouts.cues import CueKind
from .narration import Utterance
from .voice.tone import Tone

_BY_KIND = {
    CueKind.COUNT: Tone.COUNT,
    CueKind.STEP: Tone.STEP,
    CueKind.TURN: Tone.STEP,
    CueKind.OFF_BELT: Tone.STEP,
    CueKind.ON_BELT: Tone.STEP,
    CueKind.ENDING: Tone.STEP,
    CueKind.DONE: Tone.STEP,
}
_BY_KEY = {
    "count": Tone.COUNT,
    "starting": Tone.RISE,
    "stopping": Tone.STOP,
    "session-ends": Tone.STOP,
    "not-watched": Tone.ALARM,
    "alarm": Tone.ALARM,
    "question": Tone.ALARM,
    "call": Tone.ALARM,
    "call-first": Tone.ALARM,
}


ONE_TONE_S = 0.5
"""Two tones closer together are heard as one that nobody knows."""


def tone_beside(one: Utterance, rose_s: float) -> Tone | None:
    """The same, but that a step that is named as its rise begins, ``rose_s`` ago, has the tone of the rise alone."""
    tone = tone_of(one)
    return None if tone is Tone.STEP and rose_s < ONE_TONE_S else tone


def tone_of(one: Utterance) -> Tone | None:
    """The tone that goes with an utterance; None: words alone."""
    if one.rise:
        return Tone.WARN
    if one.kind is not None:
        return _BY_KIND.get(one.kind)
    return None if one.phrase is None else _BY_KEY.get(one.phrase.key)
