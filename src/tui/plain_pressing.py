"""What the keys of one open run in ``--plain`` do: those whose meaning depends on what was pressed before, too."""

from __future__ import annotations

import random
from dataclasses import replace
from enum import Enum

from ..safety.modes import Mode
from ..sessions.view import Controls
from ..workouts.engine import ENDS, Phase
from .alarm import WayOut, way_out
from .between import Confirming, confirm, may_start, refused, to_confirm
from .care import DELIBERATE_S, asks, offers_to_continue
from .feeling import (
    CHOICES,
    EFFORT_TEXT,
    FEEL_KEY,
    MISHAP_KEYS,
    MISHAP_TEXT,
    MISHAPS,
    NO_ANSWER_KEY,
    NUMBERS_TEXT,
    PAIN_TEXT,
    RATE_KEY,
    level,
    may_feel,
    may_rate,
)
from .frame import Frame
from .plain_help import HELP
from .plain_input import Press, stops_now
from .plain_keys import leaves, stops
from .plain_meanings import acknowledging, meaning
from .plain_talk import Talk
from .readiness import Readiness
from .stages import Stage
from .start_sequence import DIGITS, START_KEY, Ask, StartSequence, completed, confirmed, follow, over, pressed
from .starting import resumes, takes_start

STOP_TAIL_S = 1.0
"""A stop key that follows another so soon is still the same hand on the same key: it does not end the program."""

_BEGAN = frozenset({Stage.MOUNTING, Stage.LIVE, Stage.COACH, Stage.TURN, Stage.OFF_BELT})
"""Where nobody leaves by a key: what would leave elsewhere stops."""


class _Said(Enum):
    """What the next key answers."""

    FEELS = "what is felt"
    PAIN = "pain"
    EFFORT = "effort"
    MISHAP = "a fall"


class Pressing:
    """Lives as long as its run. ``frame`` is the newest one; ``checking``: the checklist comes before what it shows.

    ``stop_pressed_s`` is when a stop that is not answered yet was pressed. ``left``: the person wants to end.
    """

    def __init__(self, talk: Talk, controls: Controls, readiness: Readiness) -> None:
        self.sequence = StartSequence(_new_digit())
        self.frame: Frame | None = None
        self.checking = False
        self.stop_pressed_s: float | None = None
        self.left = False
        self._talk = talk
        self._controls = controls
        self._readiness = readiness
        self._confirming = Confirming()
        self._stop_key_s: float | None = None
        self._said: _Said | None = None
        self._pain: int | None = None

    def look(self, frame: Frame, checking: bool) -> None:
        """A new frame: what was pressed before it goes along with it."""
        self.frame, self.checking, self.stop_pressed_s = frame, checking, frame.stop_pressed_s
        self._confirming = refused(self._confirming, to_confirm(frame.view), frame.now_s)
        if frame.mode is not None:
            self._follow(frame, frame.mode)

    def _follow(self, frame: Frame, mode: Mode) -> None:
        """The start goes along with the guardian: one that has ended makes room for another, one refused is told."""
        before, after = self.sequence, follow(self.sequence, mode, frame.now_s)
        self.sequence = after
        if before.armed_s is not None and after.armed_s is None:
            self._renewed(after)
            if not before.answered:
                self._talk.say(f"no start: {frame.view.message or 'the guardian did not answer'}")
        self._go(*completed(self.sequence, mode))

    def take(self, press: Press) -> None:
        """A key that meant STOP has done so already; every other one means what the state of the run makes of it."""
        assert self.frame is not None
        if press.stopped:
            self._stopped(press.key)
        elif press.cancelled:
            self._renewed(over(self.sequence))
        elif stops_now(self._talk.door, press.key):  # it did not when it was read
            self._talk.door.stop()
            self._stopped(press.key)
        elif stops(press.key) and self._in_stop_tail() and meaning(self.frame, press.key) is None:
            self._stop_key_s = self._talk.now_s()
        elif press.key == self._talk.door.fine_key and self._fine(self.frame):
            return
        elif press.key == self._talk.door.next_key:
            self._next(self.frame)
        else:
            self._letter(self.frame, press.key.lower() if len(press.key) == 1 else press.key)

    # --- stops --------------------------------------------------------------------------------------------------

    def _stopped(self, key: str) -> None:
        assert self.frame is not None
        self.stop_pressed_s = self._stop_key_s = self._talk.now_s()
        self.left = key.lower() == "x" and way_out(self.frame.view) is WayOut.LEAVE and self.frame.stage is Stage.ALARM

    def _in_stop_tail(self) -> bool:
        return self._stop_key_s is not None and self._talk.now_s() - self._stop_key_s <= STOP_TAIL_S

    def input_ended(self) -> bool:
        """The end of the input is a stop, also where its thread had none to send; whether one was sent from here."""
        assert self.frame is not None
        return not self._talk.door.live() and self._ended(self.frame)

    def _ended(self, frame: Frame) -> bool:
        """The end of a run that has begun, by a stop; whether it had."""
        began = not self.checking and (frame.stage in _BEGAN or (frame.stage is Stage.START and resumes(frame.view)))
        if began:
            self._controls.stop()
            self.stop_pressed_s = self._stop_key_s = self._talk.now_s()
        return began

    def _leave(self, frame: Frame) -> None:
        """The end of a run that has begun; else that of the program, where there is nothing to wait for."""
        if not self._ended(frame):
            self.left = frame.stage is not Stage.ALARM or way_out(frame.view) is WayOut.LEAVE

    # --- a remote -----------------------------------------------------------------------------------------------

    def _fine(self, frame: Frame) -> bool:
        """The remote's "I'm fine": on the belt, when that is asked; a press like any other while a start is.

        It never stops and never starts.
        """
        if self.checking or frame.stage is Stage.START:
            return False
        if frame.view.phase is Phase.WAITING_FOR_PERSON:
            self._controls.person_on()
        else:
            self._controls.all_right()
        return True

    def _next(self, frame: Frame) -> None:
        """The remote's next key, while it does not stop: it answers, else it goes on."""
        if self.checking:
            self._readiness.next_pressed(self._talk.now_s())
        elif asks(frame.view) and frame.stage is not Stage.START:
            self._controls.all_right()
        elif frame.stage in (Stage.START, Stage.OFF_BELT):
            self._next_to_start(frame)
        elif frame.stage is Stage.TURN:
            self._confirm(frame)
        elif frame.stage is Stage.COACH and frame.view.phase is Phase.WAITING_FOR_PERSON:
            self._controls.person_on()
        elif frame.stage is Stage.COACH:
            self._controls.confirm_set()
        elif frame.stage is Stage.STOPPED and frame.mode_s >= DELIBERATE_S:
            self._next_after_stop(frame)

    def _next_to_start(self, frame: Frame) -> None:
        if frame.stage is Stage.OFF_BELT and not may_start(frame.view):
            self._controls.next_step()
        elif self._unchecked(frame):
            self._readiness.wanted = True
        elif takes_start(frame):
            self._go(*confirmed(self.sequence, self._talk.now_s()))

    def _next_after_stop(self, frame: Frame) -> None:
        acknowledge = acknowledging(frame).get("a")
        if offers_to_continue(frame.view):
            self._controls.continue_run()
        elif acknowledge is not None:
            acknowledge(self._controls)

    # --- letters ------------------------------------------------------------------------------------------------

    def _letter(self, frame: Frame, key: str) -> None:
        act = meaning(frame, key)
        if self._says_of_oneself(frame, key):
            return
        if self.checking:
            self._of_the_checklist(key)
        elif self._starts(frame, key):
            return
        elif key in ("?", "help"):
            self._help()
        elif act is not None:
            act(self._controls)
        elif leaves(key):
            self._leave(frame)
        elif key == "t" and frame.stage is Stage.TURN:
            self._confirm(frame)

    def _says_of_oneself(self, frame: Frame, key: str) -> bool:
        """Whether the key was for a question about the person: one that was asked, or the key that asks it."""
        said, self._said = self._said, None
        if said is None:
            return self._asks_oneself(frame, key)
        if said is _Said.FEELS:
            choice = CHOICES.get(key)
            if choice is not None:
                self._controls.feel(choice[0])
            return choice is not None
        if said is _Said.MISHAP:
            if key in MISHAPS:
                self._controls.happened(MISHAPS[key][0])
            return key in MISHAPS or key == NO_ANSWER_KEY
        number = level(key)
        if number is None and key != NO_ANSWER_KEY:
            return False
        if said is _Said.PAIN:
            self._pain, self._said = number, _Said.EFFORT
            self._talk.say(f"{EFFORT_TEXT} {NUMBERS_TEXT}")
        else:
            self._controls.rate(self._pain, number)
            self._asks_mishap(frame)
        return True

    def _asks_mishap(self, frame: Frame) -> None:
        if frame.view.phase in ENDS:
            self._said = _Said.MISHAP
            self._talk.say(f"{MISHAP_TEXT} {MISHAP_KEYS}")

    def _asks_oneself(self, frame: Frame, key: str) -> bool:
        if key == FEEL_KEY and may_feel(frame):
            self._said = _Said.FEELS
            self._talk.say("I feel ... each of these stops the belt, the first three at once:")
            for digit, (_, words) in CHOICES.items():
                self._talk.say(f"{digit}: {words}")
            return True
        if key == RATE_KEY and may_rate(frame):
            self._said = _Said.PAIN
            self._talk.say(f"{PAIN_TEXT} {NUMBERS_TEXT}")
            return True
        return False

    def _help(self) -> None:
        for line in HELP:
            self._talk.say(line)

    def _of_the_checklist(self, key: str) -> None:
        """While the person's own stop is waited for, a stop key is that and nothing else."""
        readiness, now_s = self._readiness, self._talk.now_s()
        if (self._talk.door.is_stop(key) or key == "stop") and readiness.wants_stop(now_s):
            self._stop_key_s = now_s
            readiness.stop_seen(now_s)
        elif leaves(key):
            self.left = True
        elif key in ("0", *DIGITS):
            readiness.tick(int(key), now_s)
        elif key == "h":
            readiness.ask_sound()
        elif key == "k":
            readiness.key_pulled(now_s)
        elif key in ("?", "help"):
            self._help()

    def _confirm(self, frame: Frame) -> None:
        """The next of the two sentences of a turn, if it can be said now."""
        self._confirming, confirms = confirm(self._confirming, to_confirm(frame.view), self._talk.now_s())
        if confirms:
            self._controls.confirm_turn()

    # --- the start ----------------------------------------------------------------------------------------------

    def _unchecked(self, frame: Frame) -> bool:
        """Whether a start off the belt has to wait for the checklist."""
        ready = self._readiness.began or self._readiness.ready(self._talk.now_s())
        return frame.stage is Stage.OFF_BELT and not ready

    def _starts(self, frame: Frame, key: str) -> bool:
        """Whether the key was one of the start sequence; once it has begun every key is, and calls it off."""
        if not takes_start(frame):
            return False
        if key == START_KEY and self._unchecked(frame):
            self._readiness.wanted = True
            return True
        before = self.sequence
        sequence, ask = pressed(before, key, self._talk.now_s())
        if ask is Ask.NOTHING and before.armed_s is not None and key != START_KEY:
            sequence, ask = over(before), Ask.CANCEL
        self._go(sequence, ask)
        return ask is not Ask.NOTHING or sequence != before

    def _go(self, sequence: StartSequence, ask: Ask) -> None:
        self.sequence = sequence
        if ask is Ask.ARM:
            self._controls.arm()
        elif ask is Ask.HOLD_DONE:
            self._controls.hold_done()
        elif ask is Ask.CANCEL:
            self._controls.cancel_start()
            self._renewed(sequence)

    def _renewed(self, sequence: StartSequence) -> None:
        """The next start asks for another digit."""
        self.sequence = replace(sequence, digit=_new_digit(sequence.digit))


def _new_digit(before: str = "") -> str:
    """Another one than before, and not to be known before it is shown: a start needs somebody who reads."""
    return random.choice([digit for digit in DIGITS if digit != before])
