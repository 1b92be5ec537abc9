"""The deliberate start, as values: what a press of a key asks for, given what came before it.

Terminals send no key-up, so a held ``s`` is seen as its auto-repeat. Or: ``s`` once, then the digit shown. Or: one
press of the next key of a remote, which nobody holds by leaning on it. The countdown that follows is ended by any key
but the tail of the same held ``s``. Moments are monotonic seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from ..safety.modes import Mode

HOLD_S = 1.5
"""How long the start is held: longer than a slip, short enough to be repeated without impatience."""

GAP_S = 0.7
"""A longer silence is a release. Keyboards wait up to 0.6 s before the first repeat; later ones come quicker."""

ANSWER_S = 2.0
"""An arming that shows no effect for so long was refused: the guardian speaks five times a second."""

START_KEY = "s"
DIGITS = "123456789"

_UNDER_WAY = frozenset({Mode.ARMED, Mode.COUNTDOWN, Mode.STARTING})


class Ask(Enum):
    """What a press asks of the run."""

    NOTHING = "nothing"
    ARM = "arm"
    HOLD_DONE = "hold done"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class StartSequence:
    """Where the sequence stands.

    ``digit`` is the one to type. ``armed_s`` is when the run was asked to arm, ``answered`` whether its effect has
    been seen. ``began_s`` is when the present hold began, ``last_s`` the last press of the held key. ``spent``: the
    held key has had its effect and means nothing until it was silent for ``GAP_S``. ``counting``: the deliberate
    part is done. ``by_remote``: it is, too, as soon as the run is seen armed.
    """

    digit: str
    armed_s: float | None = None
    answered: bool = False
    began_s: float | None = None
    last_s: float | None = None
    spent: bool = False
    counting: bool = False
    by_remote: bool = False

    def held_s(self, now_s: float) -> float:
        """How long the key has been held without a break; 0 when it is not."""
        if self.began_s is None or self.last_s is None or now_s - self.last_s > GAP_S:
            return 0.0
        return self.last_s - self.began_s


def pressed(sequence: StartSequence, key: str, now_s: float) -> tuple[StartSequence, Ask]:
    """The sequence after a press of ``key``, and what the press asks for."""
    if key == START_KEY:
        return _start_key(sequence, now_s)
    if sequence.counting or sequence.by_remote:
        return over(sequence), Ask.CANCEL
    if sequence.armed_s is not None and key in DIGITS:
        return (done(sequence), Ask.HOLD_DONE) if key == sequence.digit else (over(sequence), Ask.CANCEL)
    return sequence, Ask.NOTHING


def confirmed(sequence: StartSequence, now_s: float) -> tuple[StartSequence, Ask]:
    """The sequence after a press of the remote's next key: armed, or what was armed by hand confirmed.

    A second press calls it off, as every key does.
    """
    if sequence.counting or sequence.by_remote:
        return over(sequence), Ask.CANCEL
    if sequence.armed_s is not None:
        return done(sequence), Ask.HOLD_DONE
    sequence, ask = armed(sequence, now_s)
    return replace(sequence, by_remote=True), ask


def completed(sequence: StartSequence, mode: Mode) -> tuple[StartSequence, Ask]:
    """What the remote has asked for is complete once the run is seen armed; nothing else can come in between."""
    if sequence.by_remote and mode is Mode.ARMED:
        return done(sequence), Ask.HOLD_DONE
    return sequence, Ask.NOTHING


def armed(sequence: StartSequence, now_s: float) -> tuple[StartSequence, Ask]:
    """The sequence with the run armed, which it is asked for once."""
    if sequence.armed_s is not None:
        return sequence, Ask.NOTHING
    return replace(sequence, armed_s=now_s, answered=False), Ask.ARM


def done(sequence: StartSequence) -> StartSequence:
    """The hold is complete or the digit typed; what is still held is spent."""
    return replace(sequence, began_s=None, spent=True, counting=True, by_remote=False)


def over(sequence: StartSequence) -> StartSequence:
    """Back at the beginning. A key that is still held counts for nothing until it is let go."""
    return StartSequence(sequence.digit, last_s=sequence.last_s, spent=sequence.last_s is not None)


def follow(sequence: StartSequence, mode: Mode, now_s: float) -> StartSequence:
    """The sequence beside what the guardian does: when that has ended or refused the start, so does this.

    A countdown that the guardian runs is one, however it came about: every key ends it.
    """
    if mode is Mode.COUNTDOWN and not sequence.counting:
        return replace(done(sequence), armed_s=now_s, answered=True)
    if sequence.armed_s is None:
        return sequence
    if mode in _UNDER_WAY:
        return sequence if sequence.answered else replace(sequence, answered=True)
    if sequence.answered or now_s - sequence.armed_s > ANSWER_S:
        return over(sequence)
    return sequence


def _start_key(sequence: StartSequence, now_s: float) -> tuple[StartSequence, Ask]:
    unbroken = sequence.last_s is not None and now_s - sequence.last_s <= GAP_S
    sequence = replace(sequence, last_s=now_s)
    if sequence.spent and unbroken:
        return sequence, Ask.NOTHING
    if sequence.counting or sequence.by_remote:
        return over(sequence), Ask.CANCEL
    if sequence.began_s is None or not unbroken:
        return armed(replace(sequence, began_s=now_s, spent=False), now_s)
    if now_s - sequence.began_s >= HOLD_S:
        return done(sequence), Ask.HOLD_DONE
    return sequence, Ask.NOTHING
