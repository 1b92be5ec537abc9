"""``python -m retrotread.sessions.selftest.subject FOLDER ADDRESS``: the program that something is done to.

A whole session but for its screen: it takes the belt to 1 km/h, says "running", and obeys one word a line on its input:
``stop`` is the stop key, ``block`` a screen that stands still, ``away`` a keyboard that another window has.
"""

from __future__ import annotations

import asyncio
import fcntl
import re
import sys
import termios
import threading
from pathlib import Path

from ...clock import SystemClock
from ...devices.address import parse_address
from ...safety.modes import Mode
from ...workouts.engine import Phase
from ..conductor import RunPlan
from ..live import LiveRun, RunSetup
from ..prepare import Asked, laid_out, written_as
from .belt import PROFILE, sheet_at

WORDS = "8 min at 1.1 km/h forward"
RUNNING_KPH = 0.9
"""What a ramp reaches soon; how fast it is makes no difference to how long a stop takes to arrive."""

PSEUDO = re.compile(r"/dev/pts/[0-9]+|/dev/ttys[0-9]+")
"""How Linux and macOS name the near end of a pseudo-terminal; a port that leads to a machine has another name."""

TURN_S = 0.05


def open_run(folder: Path, address: str) -> LiveRun:
    """The session, with its guardian. Raises ValueError for anything but a pseudo-terminal.

    Its sheet says that the machine was tried out and its tick that nobody is on it; of a real one neither is known.
    """
    if not PSEUDO.fullmatch(str(Path(parse_address(address).name).resolve())):
        raise ValueError(f"{address} is no pseudo-terminal, and the self-test moves no other belt: retrotread selftest")
    prepared = laid_out(written_as(WORDS), PROFILE, Asked())
    assert prepared.offer.timeline is not None, prepared.offer.problems
    plan = RunPlan("self-test", prepared.offer.timeline, prepared.tier.key, empty_belt=True, show_machine=True)
    run = LiveRun(RunSetup(plan, address, folder, None, speech=False, sheet=sheet_at(address)))
    run.belt_empty(True)
    run.sound_heard(True)
    return run


class Subject:
    """Who sits at the screen of the session, and the orders that are done to it."""

    def __init__(self, run: LiveRun) -> None:
        self._run = run
        self._blocked = False
        self._told = False
        self._orders = {"stop": run.stop, "away": lambda: run.focus(False), "block": self._block}

    def _block(self) -> None:
        self._blocked = True

    def obey(self) -> None:
        """Orders from the input, until it ends."""
        for line in sys.stdin:
            self._orders[line.strip()]()

    def turn(self) -> None:
        """What a screen and a person do ten times a second and more."""
        if self._blocked:
            return
        self._run.ui_turn()
        view = self._run.view()
        if not view.guardian_alive:
            raise SystemExit("the guardian has ended")
        snapshot = view.snapshot
        if snapshot is None or not view.machine_shown:
            return
        if snapshot.mode is Mode.IDLE and snapshot.standstill and not self._told:
            self._run.arm()
        elif snapshot.mode is Mode.ARMED:
            self._run.hold_done()
        elif view.phase is Phase.WAITING_FOR_PERSON:
            self._run.person_on()
        elif not self._told and (snapshot.speed_kph or 0.0) >= RUNNING_KPH:
            self._told = True
            sys.stdout.write("running\n")
            sys.stdout.flush()


async def _live(subject: Subject) -> None:
    clock = SystemClock()
    while True:
        subject.turn()
        await clock.sleep_until(clock.now_s() + TURN_S)


def main(folder: str, address: str) -> None:
    """Until somebody ends it. Its input is its terminal: when that is closed, it ends."""
    fcntl.ioctl(sys.stdin, termios.TIOCSCTTY, 0)
    subject = Subject(open_run(Path(folder), address))
    threading.Thread(target=subject.obey, name="orders", daemon=True).start()
    asyncio.run(_live(subject))


if __name__ == "__main__":
    main(*sys.argv[1:])
