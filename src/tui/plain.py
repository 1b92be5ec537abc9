"""``retrotread run WORKOUT --plain``: the whole run in lines, for screen readers, dumb terminals and pipes.

The main thread prints and looks at the run ten times a second; the thread that reads the keys stops the belt
without it. What ends this program in any other way is seen by the guardian, which stops the belt.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType

from ..clock import monotonic_s
from ..safety.modes import ENDING, IN_MOTION, Mode
from ..sessions.view import Controls, Launcher, Offer, RunView, TreadmillChoice
from ..workouts.engine import ENDS, Phase
from .alarm import WayOut, way_out
from .checklist import checklist_by_hand, ticked
from .door import StopDoor
from .frame import Frame, Run, next_frame
from .freshness import standstill_confirmed
from .plain_input import PlainKeyboard, Press, single_keys
from .plain_keys import LEAVE_KEYS, stops
from .plain_lines import BELL, Told, after, checklist_lines, news, open_items_line, ready, summary_lines
from .stages import Stage
from .start_sequence import ANSWER_S, DIGITS
from .wording import Remedy, remedy, safety_line

POLL_S = 0.1
"""How often the run is looked at, and the guardian told that it is."""

STOP_TAIL_S = 1.0
"""A stop key that follows another so soon is still the same hand on the same key: it does not end the program."""

LAST_WAIT_S = 60.0
"""Without a keyboard a stop is waited for this long: by then it has ended in a standstill or in an alarm."""

KEYS_TEXT = (
    "keys: s start, o I am on the belt, p pause, n next step, f finish: cool-down, then stop, "
    "a I have read why the belt was stopped, k I have pulled the safety key and put it back, x end the program, h keys"
)
STOP_ON_TERMINAL_TEXT = (
    "stop: while the belt is ours, each of these stops it: Space, Esc, Enter, q, b, x, full stop, Page Up, Page Down, "
    "F5, Ctrl+C, Ctrl+D, Ctrl+Q, Ctrl+Z; so does the end of the input"
)
STOP_ON_PIPE_TEXT = (
    "stop: while the belt is ours, each of these lines stops it: q, b, x, a full stop, an empty line, the word stop; "
    "so does the end of the input"
)

Say = Callable[[str], None]


class Ended(Exception):
    """Somebody wants the program to end, by a signal."""


class OutputGone(OSError):
    """Nobody reads what is printed any more."""


def run_plain(launcher: Launcher, address: str) -> int:
    """Run the preselected workout on the treadmill at ``address``, on this process's own input and output.

    The exit code is 0 for a run that was finished or stopped and ended in a confirmed standstill, else 1.
    """
    door = StopDoor()
    try:
        if sys.stdin is None or sys.stdin.closed:
            say("there is no input to read keys from; give it a terminal or a pipe")
            return 1
        descriptor = sys.stdin.fileno()
        with single_keys(descriptor), _signals(door):
            keyboard = PlainKeyboard(descriptor, door)
            say(STOP_ON_TERMINAL_TEXT if os.isatty(descriptor) else STOP_ON_PIPE_TEXT)
            return PlainRun(launcher, keyboard, door, say).run(address)
    except (Ended, KeyboardInterrupt):
        return 1
    except OutputGone:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still in the buffer goes nowhere
        return 1


def say(line: str) -> None:
    """Print one line: what a terminal might obey is left out, what it cannot show is replaced. Raises OutputGone."""
    text = "".join(one if one.isprintable() or one == BELL else " " for one in line)
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, errors="replace").decode(encoding) + "\n")
        sys.stdout.flush()
    except OSError as error:
        raise OutputGone(str(error)) from error


@contextlib.contextmanager
def _signals(door: StopDoor) -> Iterator[None]:
    """Ctrl+C and Ctrl+Z of a terminal that is not our input are stop keys too; a hang-up or a kill ends."""

    def stop_or_end(_number: int, _frame: FrameType | None) -> None:
        if not door.live():
            raise KeyboardInterrupt
        door.stop()

    def end(_number: int, _frame: FrameType | None) -> None:
        raise Ended

    wanted = {signal.SIGINT: stop_or_end, signal.SIGTSTP: stop_or_end, signal.SIGHUP: end, signal.SIGTERM: end}
    before = {number: signal.signal(number, handler) for number, handler in wanted.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class PlainRun:
    """One workout from the checklist to the summary."""

    def __init__(
        self,
        launcher: Launcher,
        keyboard: PlainKeyboard,
        door: StopDoor,
        say: Say,
        clock: Callable[[], float] = monotonic_s,
    ) -> None:
        self._launcher = launcher
        self._keyboard = keyboard
        self._door = door
        self._say = say
        self._now_s = clock
        self._frame: Frame | None = None
        self._told = Told()
        self._digit = _new_digit()
        self._asked_s: float | None = None
        self._stop_pressed_s: float | None = None
        self._stop_key_s: float | None = None
        self._input_gone_s: float | None = None
        self._leaves = False

    def run(self, address: str) -> int:
        """The exit code, as ``run_plain`` gives it."""
        for sentence in self._launcher.recovered():
            self._say(f"found: {sentence}")
        offer = self._launcher.offers(address)[0]
        treadmill = self._treadmill(address)
        self._say(f"workout: {offer.title}, tier {offer.tier}, on {treadmill.title}")
        for finding in offer.findings:
            self._say(f"note: {finding}")
        if offer.problems or offer.timeline is None:
            for problem in offer.problems:
                self._say(f"it cannot be run: {problem}")
            return 1
        return self._launched(offer, treadmill) if self._checklist_done(offer, treadmill) else 1

    def _treadmill(self, address: str) -> TreadmillChoice:
        known = (one for one in self._launcher.treadmills() if one.address == address)
        return next(known, TreadmillChoice(address, address, address.startswith("sim:")))

    # --- before the start ---------------------------------------------------------------------------------------

    def _checklist_done(self, offer: Offer, treadmill: TreadmillChoice) -> bool:
        """Every item ticked; False where the person leaves before."""
        checklist = checklist_by_hand(offer, treadmill)
        for line in checklist_lines(checklist, self._now_s()):
            self._say(line)
        while not checklist.done(self._now_s()):
            press = self._keyboard.next(POLL_S)
            if self._keyboard.ended:
                self._say("the input has ended before the checklist was complete; nothing was started")
                return False
            if press is None:
                continue
            if press.key in LEAVE_KEYS:
                self._say("left before the start")
                return False
            if press.key in DIGITS:
                checklist = ticked(checklist, int(press.key) - 1, self._now_s())
                self._say(open_items_line(checklist, self._now_s()))
        return True

    # --- the run ------------------------------------------------------------------------------------------------

    def _launched(self, offer: Offer, treadmill: TreadmillChoice) -> int:
        try:
            controls = self._launcher.launch(offer, treadmill.address)
        except OSError as error:
            self._say(f"the run could not be opened: {error}")
            return 1
        try:
            controls.input_alive(True)
            self._door.controls = controls
            if not self._keyboard.alive:  # it ended before the door was open
                controls.input_alive(False)
            frame = self._follow(Run(controls, offer, treadmill))
        finally:
            controls.close()
            self._door.controls = None
        return self._sum_up(frame)

    def _follow(self, run: Run) -> Frame:
        """Print what happens and pass on what is typed, until nothing more can happen."""
        while True:
            frame = self._turn(run)
            if self._is_over(frame):
                return frame
            press = self._keyboard.next(POLL_S)
            while press is not None:
                self._pressed(run.controls, press)
                press = self._keyboard.next(0.0)

    def _turn(self, run: Run) -> Frame:
        run.controls.ui_turn()
        frame = self._frame = next_frame(self._frame, run, self._now_s(), self._stop_pressed_s)
        self._stop_pressed_s = frame.stop_pressed_s
        for line in news(self._told, frame, self._digit):
            self._say(line)
        self._told = after(self._told, frame)
        self._answered(frame)
        return frame

    def _answered(self, frame: Frame) -> None:
        """A start that was asked for shows its effect soon, or it was refused."""
        if self._asked_s is None or frame.mode not in (Mode.IDLE, Mode.PAUSED):
            self._asked_s = None
        elif frame.now_s - self._asked_s > ANSWER_S:
            self._asked_s = None
            self._say(f"no start: {frame.view.message or 'the guardian did not answer'}")

    def _is_over(self, frame: Frame) -> bool:
        view = frame.view
        if self._leaves or frame.stage is Stage.SUMMARY or _never_connected(view):
            return True
        if view.phase in ENDS and frame.mode in (Mode.IDLE, Mode.DISCONNECTED):
            return True
        return self._keyboard.ended and self._is_over_without_keys(frame)

    def _is_over_without_keys(self, frame: Frame) -> bool:
        """The stop that the end of the input has sent is seen through, but not for ever."""
        if self._input_gone_s is None:
            self._input_gone_s = frame.now_s
            self._say("the input has ended")
        under_way = frame.mode in IN_MOTION or frame.mode in ENDING or self._door.live()
        waited_s = frame.now_s - self._input_gone_s
        return not under_way or not frame.view.guardian_alive or waited_s >= LAST_WAIT_S

    # --- keys ---------------------------------------------------------------------------------------------------

    def _pressed(self, controls: Controls, press: Press) -> None:
        """A key that meant STOP has done so already; every other one means what the state of the run makes of it."""
        now_s = self._now_s()
        if press.stopped:
            self._stop_pressed_s = self._stop_key_s = now_s
            self._leaves = press.key == "x" and way_out(controls.view()) is WayOut.LEAVE
        elif stops(press.key) and self._stop_key_s is not None and now_s - self._stop_key_s <= STOP_TAIL_S:
            self._stop_key_s = now_s
        else:
            self._key(controls, controls.view(), press.key)

    def _key(self, controls: Controls, view: RunView, key: str) -> None:
        mode = None if view.snapshot is None else view.snapshot.mode
        if mode is Mode.COUNTDOWN:
            controls.cancel_start()
        elif mode is Mode.ARMED:
            self._start_or_not(controls, key)
        elif key in ("h", "?"):
            self._say(KEYS_TEXT)
        elif key in LEAVE_KEYS:
            self._leaves = not self._door.live()
        elif key == "s" and ready(view):
            self._digit, self._asked_s = _new_digit(), self._now_s()
            controls.arm()
        elif key in ("a", "k"):
            self._acknowledge(controls, view, key)
        elif (ask := _ASKS.get((view.phase, key))) is not None:
            ask(controls)

    def _start_or_not(self, controls: Controls, key: str) -> None:
        """The digit that was shown begins the countdown; a repeated ``s`` may be the same press still."""
        if key == self._digit:
            controls.hold_done()
        elif key != "s":
            controls.cancel_start()

    def _acknowledge(self, controls: Controls, view: RunView, key: str) -> None:
        if view.snapshot is None:
            return
        if view.snapshot.mode is Mode.ESCALATED:
            if key == "a" and way_out(view) is WayOut.ACKNOWLEDGE:
                controls.acknowledge()
            return
        asked = remedy(view.snapshot.causes, view.snapshot.mode)
        if view.snapshot.mode is Mode.LATCHED and key == _REMEDY_KEYS.get(asked):
            controls.acknowledge(key_tested=asked is Remedy.TEST_KEY)

    # --- the end ------------------------------------------------------------------------------------------------

    def _sum_up(self, frame: Frame) -> int:
        view = frame.view
        if not standstill_confirmed(view) and frame.mode is not None:
            self._say("the belt's standstill is not confirmed")
            self._say(safety_line(view, frame.simulated))
        if view.summary is None:
            self._say("no summary: the run was left before its start, or the belt was not seen to stand")
            return 1
        for line in summary_lines(view.summary, frame.run.offer.after):
            self._say(line)
        return 0 if standstill_confirmed(view) and frame.mode is not Mode.FAULT else 1


_ASKS: dict[tuple[Phase, str], Callable[[Controls], None]] = {
    (Phase.WAITING_FOR_PERSON, "o"): lambda controls: controls.person_on(),
    (Phase.WAITING_FOR_PERSON, "p"): lambda controls: controls.pause(),
    (Phase.RUNNING, "p"): lambda controls: controls.pause(),
    (Phase.RUNNING, "n"): lambda controls: controls.next_step(),
    (Phase.RUNNING, "f"): lambda controls: controls.finish(),
}

_REMEDY_KEYS = {Remedy.ACKNOWLEDGE: "a", Remedy.TEST_KEY: "k"}


def _never_connected(view: RunView) -> bool:
    """Whether no treadmill was reached, and none will be."""
    return view.profile is None and (view.message is not None or not view.guardian_alive)


def _new_digit() -> str:
    """Not to be known before it is shown: a start needs somebody who reads."""
    return random.choice(DIGITS)
