"""Programs that know nothing of this one, as clients of its simulated machines: they were written for the real ones.

``pip install trackmaster pywoodway`` to run them; both are in the public package index.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

DEADLINE_S = 30.0
MISSING = "{0} is not installed: pip install {0}"


@pytest.fixture
def simulated() -> Iterator[Callable[..., str]]:
    """``retrotread sim ...`` in a process of its own; the port that it prints."""
    running: list[subprocess.Popen[str]] = []

    def start(*words: str) -> str:
        program = subprocess.Popen(
            [sys.executable, "-m", "retrotread", "sim", *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        running.append(program)
        assert program.stdout is not None
        address, port = program.stdout.readline(), program.stdout.readline()
        assert address.startswith("serial+")
        return port.strip()

    yield start
    for program in running:
        program.terminate()
        program.communicate(timeout=DEADLINE_S)


def until(true: Callable[[], bool]) -> None:
    """Wait for a real machine's time; every look asks it over the port."""
    gives_up_s = time.monotonic() + DEADLINE_S
    while not true():
        assert time.monotonic() < gives_up_s, "it did not come about"


def test_trackmaster_python_drives_the_simulated_trackmaster(simulated: Callable[..., str]) -> None:
    library = pytest.importorskip("trackmaster", reason=MISSING.format("trackmaster"))
    treadmill: Any = library.Treadmill(simulated("trackmaster"))
    treadmill.speed = 1.0  # sets the speed, and starts the belt without the watchdog, as this library does
    assert treadmill.belt_running
    until(lambda: treadmill.get_actual_speed() == pytest.approx(1.0))
    treadmill.incline = 1.5
    until(lambda: treadmill.get_actual_elevation() == pytest.approx(1.5))
    assert (treadmill.get_set_speed(), treadmill.get_set_incline()) == (1.0, 1.5)
    treadmill.stop_belt()
    until(lambda: treadmill.get_actual_speed() == 0)
    assert not treadmill.belt_running
    treadmill.device.close()


def test_the_simulated_trackmaster_refuses_what_the_real_one_does(simulated: Callable[..., str]) -> None:
    raw = pytest.importorskip("trackmaster.raw", reason=MISSING.format("trackmaster"))
    treadmill: Any = pytest.importorskip("trackmaster").Treadmill(simulated("trackmaster"))
    with pytest.raises(raw.TreadmillError, match="Out of Range"):
        raw.command(treadmill.device, "4", "0043")  # 4.3 %
    with pytest.raises(raw.TreadmillError, match="not recognized"):
        raw.command(treadmill.device, "D")
    treadmill.device.close()


def test_pywoodway_drives_the_simulated_woodway_both_ways(simulated: Callable[..., str]) -> None:
    library = pytest.importorskip("pywoodway.treadmill", reason=MISSING.format("pywoodway"))
    belt: Any = library.Treadmill(simulated("woodway"))
    assert belt.test_treadmill()
    assert belt.set_speed(1.0)
    assert belt.start_belt(False)
    until(lambda: belt.get_speed() == pytest.approx(1.0))
    assert belt.set_elevation(1.5)
    until(lambda: belt.get_elevation() == pytest.approx(1.5))
    assert belt.set_elevation(0.0)
    assert belt.set_speed(-1.0)  # this library turns a running belt round; this program never does
    until(lambda: belt.get_speed() == pytest.approx(-1.0))
    belt.stop_belt()
    until(lambda: abs(belt.get_speed()) == 0)
    belt.close()
