"""Who may speak when: one voice, and several who have something to say. Pure but for the memory of who speaks.

    urgent      a warning of a rise, a turn, a stop, an alarm: at once; it breaks off whatever is spoken
    a count     the same, but not the end of a warning: then that number is left out
    the plan    the name of a step, what comes next, a word of the run: in order; not between the warning of a rise
                and the rise, which is kept for the warning and its count
    remarks     posture, half-way: only into silence, and left out where there is none in time

So no warning is ever late or lost for another word. What waited too long is left out, and so is what waits when
something urgent comes that is no warning of a rise: it would speak of what was.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..workouts.cues import CueKind
from ..workouts.remarks import BREATH_S, speaks_s
from .narration import Utterance

STEP_KEPT_S = 12.0
"""The name of a step waits for an announced rise (five seconds) and its count, and is still true after it."""

KEPT_S = 6.0
"""Anything else: what comes next in ten seconds is told with four to go, or not at all."""

REMARK_KEPT_S = 2.0
"""A remark has no moment of its own, but a place in a silence; that is over by then."""

OVERLAP_S = 0.5
"""So little of a sentence may be cut: its last syllable, by an estimate that is no better."""

WAITING_MAX = 8
"""More waits only where nothing has been spoken for many seconds."""


_OF_A_RISE = (CueKind.RISE_SOON, CueKind.COUNT)


@dataclass(frozen=True, slots=True)
class Word:
    """An utterance, the moment it was planned for, and how long a voice needs for it."""

    planned_s: float
    one: Utterance
    lasts_s: float

    @property
    def kept_s(self) -> float:
        """How late it may be begun."""
        if self.one.remark:
            return REMARK_KEPT_S
        return STEP_KEPT_S if self.one.kind is CueKind.STEP else KEPT_S


class Floor:
    """Takes what is to be said, gives what may be said now. Moments are monotonic seconds."""

    def __init__(self) -> None:
        self.free_s = 0.0
        """From then on nobody speaks, by the length of what was said."""
        self._waiting: tuple[Word, ...] = ()
        self._warned = False

    @property
    def waits(self) -> bool:
        """Whether something waits to be said."""
        return bool(self._waiting)

    def offer(self, planned_s: float, one: Utterance, aloud: str) -> None:
        """Something to say; ``aloud`` are its words for the voice."""
        self._waiting = (*self._waiting, Word(planned_s, one, speaks_s(aloud)))

    def take(self, now_s: float, rise_pending: bool) -> tuple[Word, ...]:
        """What may be said now, in this order. ``rise_pending``: a rise was announced and has not begun."""
        urgent = [word for word in self._waiting if word.one.urgent]
        waiting, self._waiting = _still_true(self._waiting), ()
        said = []
        for word in urgent:
            if not (_counts(word.one) and self._warned and now_s < self.free_s - OVERLAP_S):
                self._warned = _warns(word.one)
                self.free_s = now_s + word.lasts_s
                said.append(word)
        for word in waiting:
            if now_s - word.planned_s > word.kept_s:
                continue
            if rise_pending or (word.one.remark and now_s < self.free_s + BREATH_S):
                self._waiting = (*self._waiting, word)[-WAITING_MAX:]
            else:
                self._warned = False
                self.free_s = max(now_s, self.free_s) + word.lasts_s
                said.append(word)
        return tuple(said)


def _counts(one: Utterance) -> bool:
    return one.kind is CueKind.COUNT or (one.phrase is not None and one.phrase.key == "count")


def _warns(one: Utterance) -> bool:
    """Whether it announces something that is then counted: a rise, or the start."""
    return one.rise or (one.phrase is not None and one.phrase.key in ("starts-in", "begins-in"))


def _still_true(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """What is not urgent and came behind the last urgent word that changes what is going on."""
    changes = [at for at, word in enumerate(words) if word.one.urgent and word.one.kind not in _OF_A_RISE]
    first = changes[-1] + 1 if changes else 0
    return tuple(word for word in words[first:] if not word.one.urgent)
