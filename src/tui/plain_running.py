"""An open run in ``--plain``: looks at it ten times a second, says what is new, rings, and takes the keys."""

from __future__ import annotations

from ..safety.modes import ENDING, IN_MOTION, Mode
from ..sessions.view import RunView
from ..workouts.engine import ENDS
from .bells import owed_with
from .care import asks
from .checklist import Asked
from .frame import Frame, Run, next_frame
from .plain_asking_after import ask_after
from .plain_checklist import Listed, listing
from .plain_lines import Told, tell
from .plain_person_lines import Hand
from .plain_pressing import Pressing
from .plain_talk import Talk
from .readiness import Readiness
from .stages import Stage
from .standing import RESTED_S, rests_since_s
from .start_sequence import ANSWER_S

POLL_S = 0.1
"""How often the run is looked at, and the guardian told that it is."""

LAST_WAIT_S = 60.0
"""Without a keyboard a stop is waited for this long: by then it has ended in a standstill or in an alarm."""

CALLS_FOR_S = 600.0
"""Without a keyboard nobody can say that they are all right; help is called this long before the program gives up."""


class PlainRun:
    """One run from its opening until nothing more can happen in it."""

    def __init__(self, talk: Talk, run: Run, asked: Asked) -> None:
        self._talk = talk
        self._run = run
        self._readiness = Readiness(run.controls, asked)
        self._keys = Pressing(talk, run.controls, self._readiness)
        self._frame: Frame | None = None
        self._told = Told()
        self._listed = Listed()
        self._rests_since_s: float | None = None
        self._rung: Frame | None = None
        self._rings_owed = 0
        self._input_gone_s: float | None = None
        self._stop_sent = False

    def follow(self) -> Frame:
        """Say what happens and pass on what is typed, until it is over; the last frame."""
        while True:
            frame = self._look()
            self._ring(frame)
            if self._is_over(frame):
                ask_after(self._talk, self._run.controls, frame)
                return frame
            press = self._talk.keyboard.next(POLL_S)
            while press is not None and not self._keys.left:
                self._keys.take(press)
                self._look()
                press = self._talk.keyboard.next(0.0)

    def _look(self) -> Frame:
        """The newest frame, with everything that follows from it."""
        self._run.controls.ui_turn()
        frame = next_frame(self._frame, self._run, self._talk.now_s(), self._keys.stop_pressed_s)
        self._frame = frame
        self._rests_since_s = rests_since_s(self._rests_since_s, frame)
        rested = self._rests_since_s is not None and frame.now_s - self._rests_since_s >= RESTED_S
        self._talk.door.rested = rested
        checking = self._readiness.holds_up(frame)
        self._keys.look(frame, checking)
        self._tell(frame, checking)
        return frame

    def _tell(self, frame: Frame, checking: bool) -> None:
        lines, self._told = tell(self._told, frame, self._hand(frame, checking))
        for line in (*self._of_the_checklist(frame, checking), *lines):
            self._talk.say(line)

    def _of_the_checklist(self, frame: Frame, checking: bool) -> tuple[str, ...]:
        """What is new in it, until it is complete; a start that is under way is not disturbed by a tick grown old."""
        completed = self._listed.begun and not self._readiness.began and self._readiness.ready(frame.now_s)
        if not checking and not completed:
            return ()
        lines, self._listed = listing(self._listed, self._readiness, frame.now_s)
        return lines

    def _hand(self, frame: Frame, checking: bool) -> Hand:
        door, sequence = self._talk.door, self._keys.sequence
        waits = not sequence.counting and not sequence.by_remote
        return Hand(
            sequence.digit if waits else None,
            door.next_key,
            door.fine_key,
            self._talk.keyboard.on_terminal,
            frame.stop_keys_live,
            checking,
        )

    def _ring(self, frame: Frame) -> None:
        """One ring a turn at most, however many keys came in it: rings can then be counted by ear."""
        self._rings_owed = owed_with(self._rings_owed, self._rung, frame)
        self._rung = frame
        if self._rings_owed:
            self._rings_owed -= 1
            self._talk.ring()

    # --- its end ------------------------------------------------------------------------------------------------

    def _is_over(self, frame: Frame) -> bool:
        view = frame.view
        if self._keys.left or _never_connected(view):
            return True
        at_end = frame.stage is Stage.SUMMARY or (view.phase in ENDS and frame.mode in (Mode.IDLE, Mode.DISCONNECTED))
        if at_end and not asks(view):
            return True
        return self._talk.keyboard.ended and self._is_over_without_keys(frame)

    def _is_over_without_keys(self, frame: Frame) -> bool:
        """The stop that the end of the input has sent is seen through, and help is called; neither for ever."""
        if self._input_gone_s is None:
            self._input_gone_s = frame.now_s
            self._talk.say("the input has ended")
            self._stop_sent = self._keys.input_ended()
        waited_s = frame.now_s - self._input_gone_s
        if asks(frame.view) and frame.view.guardian_alive:
            return waited_s >= CALLS_FOR_S
        under_way = frame.mode in IN_MOTION or frame.mode in ENDING or self._talk.door.live()
        answer_due = self._stop_sent and waited_s < ANSWER_S
        return (not under_way and not answer_due) or not frame.view.guardian_alive or waited_s >= LAST_WAIT_S


def _never_connected(view: RunView) -> bool:
    """Whether no treadmill was reached, and none will be."""
    return view.profile is None and (view.message is not None or not view.guardian_alive)
