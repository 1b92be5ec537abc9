"""Main dies, freezes, loses its terminal or its mind: the belt comes to rest, and nobody's help is needed for it."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from typing import Any

import pytest

from retrotread.clock import monotonic_s
from retrotread.sessions.journal import close_interrupted, read_steps

# Once a file appears, looking at the run raises, on the screen's own loop: a bug in any handler looks like this.
RAISES = """
import os, sys
from pathlib import Path
from retrotread.sessions.live import LiveRun
from retrotread.__main__ import main
view = LiveRun.view
def planted(self):
    if (Path(os.environ["RETROTREAD_DATA"]) / "raise").exists():
        raise RuntimeError("planted")
    return view(self)
LiveRun.view = planted
sys.exit(main(sys.argv[1:]))
"""

NAMES = ("kill -9", "SIGSTOP", "SIGHUP", "closed terminal", "Ctrl+Z", "SIGTSTP", "exception in the screen")


@pytest.fixture(scope="module")
def programs(start_many: Callable[[list[str | None]], list[Any]]) -> Callable[[str], Any]:
    """The program of that name, its belt in motion; one that was starved while it waited for its turn is begun anew."""

    def code(name: str) -> str | None:
        return RAISES if name == "exception in the screen" else None

    waiting = dict(zip(NAMES, start_many([code(name) for name in NAMES]), strict=True))

    def moving(name: str) -> Any:
        one = waiting[name]
        return one if one.starved_by() is None else start_many([code(name)])[0]

    return moving


def falls_and_stops(commands: list[str]) -> None:
    """A controlled stop: set-points that fall, then the machine's own stop, and nothing else."""
    speeds = [int(found[1]) for one in commands if (found := re.match(r"SetSpeed\(speed_ckph=(\d+)", one))]
    assert speeds == sorted(speeds, reverse=True)
    assert speeds[0] < 250
    assert commands[-1].startswith("StopBelt")


def test_kill_9_of_main_stops_the_belt_at_once_and_the_guardian_ends(programs: Callable[[str], Any]) -> None:
    one, killed_s = programs("kill -9"), monotonic_s()
    os.kill(one.pid, signal.SIGKILL)
    falls_and_stops(one.comes_to_rest(killed_s))
    assert any("the program has ended while it held the belt" in line for line in one.lines())
    one.guardian_ends()
    (journal,) = (one.folder / "runs").glob("*.sqlite")
    steps = tuple(read_steps(journal))
    assert killed_s - 1.5 <= steps[-1].at_s <= killed_s + 0.1, "at most a second and a half of steps is lost"
    (sentence,) = close_interrupted(one.folder / "runs")
    assert sentence.startswith("the run 'brisk at once' of ")
    assert close_interrupted(one.folder / "runs") == ()


def test_a_frozen_main_loses_the_lease(programs: Callable[[str], Any]) -> None:
    one, frozen_s = programs("SIGSTOP"), monotonic_s()
    os.kill(one.pid, signal.SIGSTOP)
    falls_and_stops(one.comes_to_rest(frozen_s))
    assert any("the program has not been heard for 0." in line for line in one.lines())


def test_a_hang_up_ends_main_and_stops_the_belt(programs: Callable[[str], Any]) -> None:
    one, hung_s = programs("SIGHUP"), monotonic_s()
    os.kill(one.pid, signal.SIGHUP)
    falls_and_stops(one.comes_to_rest(hung_s))
    one.guardian_ends()


def test_a_closed_terminal_stops_the_belt(programs: Callable[[str], Any]) -> None:
    one, closed_s = programs("closed terminal"), monotonic_s()
    os.close(one.terminal)
    one.terminal = os.open(os.devnull, os.O_RDWR)
    falls_and_stops(one.comes_to_rest(closed_s))
    one.guardian_ends()


def test_ctrl_z_is_a_stop_key_and_suspends_nothing(programs: Callable[[str], Any]) -> None:
    one, pressed_s = programs("Ctrl+Z"), monotonic_s()
    one.type("\x1a")
    falls_and_stops(one.comes_to_rest(pressed_s))
    assert any("stop was pressed" in line for line in one.lines())
    one.shows("press a")


def test_a_suspended_main_loses_the_lease(programs: Callable[[str], Any]) -> None:
    one, suspended_s = programs("SIGTSTP"), monotonic_s()
    os.kill(one.pid, signal.SIGTSTP)
    falls_and_stops(one.comes_to_rest(suspended_s))


def test_an_exception_in_the_screen_stops_the_belt_and_is_told(programs: Callable[[str], Any]) -> None:
    one, raised_s = programs("exception in the screen"), monotonic_s()
    (one.folder / "raise").touch()
    falls_and_stops(one.comes_to_rest(raised_s))
    one.guardian_ends()
    assert one.exit_code() == 1
    assert "Look at the belt" in one.text()
