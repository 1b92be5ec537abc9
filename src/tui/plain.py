"""``retrotread run WORKOUT --plain``: the whole run in lines, for screen readers, dumb terminals and pipes.

The main thread prints and looks at the run ten times a second; the thread that reads the keys stops the belt
without it. What ends this program in any other way is seen by the guardian, which stops the belt.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from ..sessions.view import Controls, Keep, Launcher
from .checklist import Asked
from .door import StopDoor
from .frame import Frame, Run
from .plain_after import sum_up
from .plain_help import STOP_ON_PIPE, STOP_ON_TERMINAL
from .plain_input import PlainKeyboard, focus_reports, single_keys
from .plain_preparing import Chosen, chosen
from .plain_running import PlainRun
from .plain_talk import OutputGone, Talk, say
from .standing import next_means

ALONE_BY = "x, then y at the next start"
"""How somebody says in the checklist that there is nobody to help: the workouts are others then."""


class Ended(Exception):
    """Somebody wants the program to end, by a signal."""


def run_plain(launcher: Launcher, address: str, keep: Keep | None = None) -> int:
    """Run the preselected workout on the treadmill at ``address``, on this process's own input and output.

    ``keep`` is asked when everything else is said; None: there is no store.

    The exit code is 0 for a run that was finished or stopped and ended in a confirmed standstill, else 1.
    """
    door = StopDoor()
    try:
        if sys.stdin is None or sys.stdin.closed:
            say("there is no input to read keys from; give it a terminal or a pipe")
            return 1
        descriptor = sys.stdin.fileno()
        with single_keys(descriptor), focus_reports(descriptor, os.environ.get("TERM", "")), _signals(door):
            say(STOP_ON_TERMINAL if os.isatty(descriptor) else STOP_ON_PIPE)
            return whole_run(launcher, Talk(PlainKeyboard(descriptor, door), door), address, keep)
    except (Ended, KeyboardInterrupt):
        return 1
    except OutputGone:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still in the buffer goes nowhere
        return 1


def whole_run(launcher: Launcher, talk: Talk, address: str, keep: Keep | None = None) -> int:
    """One workout from the questions to the summary; the exit code, as ``run_plain`` gives it."""
    ready = chosen(launcher, talk, address)
    if ready is None:
        return 1
    try:
        controls = launcher.launch(ready.offer, ready.treadmill.address)
    except OSError as error:
        talk.say(f"the run could not be opened: {error}")
        return 1
    try:
        frame = _open(controls, ready, talk)
    finally:
        controls.close()
        talk.door.close()
    code, summary = sum_up(frame, talk.say), frame.view.summary
    if keep is not None and summary is not None and summary.journal is not None:
        talk.say(keep(Path(summary.journal), ready.person))
    return code


def _open(controls: Controls, ready: Chosen, talk: Talk) -> Frame:
    """The run while it is open; its last frame."""
    door = talk.door
    controls.input_alive(True)
    door.open(controls, ready.person, next_means)
    if not talk.keyboard.alive:  # it ended before the door was open
        controls.input_alive(False)
    asked = Asked(
        ready.offer,
        ready.treadmill,
        ready.treadmill.known,
        ready.alone,
        door.next_key,
        controls.view().control,
        ALONE_BY,
        controls.view().empty_belt,
        controls.view().key_test,
        controls.view().show_machine,
    )
    return PlainRun(talk, Run(controls, ready.offer, ready.treadmill), asked).follow()


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
