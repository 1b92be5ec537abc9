"""Sessions of the real program over a cable, from its terminal to the far end: stop keys, polls, a pulled adapter.

``python -m benchmarks.serial_sessions 300 20`` measures the polls for five minutes and 20 keys of each protocol. The
screen is hogged for 1.5 s at a time and both processors are busy while a key is pressed and the polls are measured.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from retrotread.clock import SystemClock
from retrotread.devices.address import parse_address
from retrotread.devices.connect import connect
from retrotread.machine import Evidence, Identity, PhysicalStop, Qualification
from retrotread.sessions.machines.lookup import sheet_for
from retrotread.sessions.machines.sealed import Finding, Findings, seal
from retrotread.sessions.selftest.record import keep

from .figures import Figure
from .machine_on_cable import ADDRESSES
from .main_death import WORKOUT
from .serial_lines import STOPS, Machine, busy
from .stop_key import KEYS
from .terminal import PATIENCE_S, Program

KEYS_EACH = 6
UNPLUGGED = 6
POLLS_S = 20.0
# Programs on their way to a moving belt side by side; only one at a time is measured.
SIDE_BY_SIDE = 3
# Pieces of bytes that a machine has heard when the program has met it and asks in rounds.
MET = 20
# Reports before a hand at the machine breaks them off, and after it; its silence has to be longer than a busy line's.
REPORTS_S, HAND_S = 2.5, 3.0
HANDS = 5
# From Enter to the first bytes at the machine.
CONNECTS_S = 5.0
ALARM = b"BELT MAY"
ESCAPES = re.compile(rb"\x1b\[[0-9;?=<>]*[ -/]*[@-~]")
_measuring = threading.Lock()


def measure(polls_s: float = POLLS_S, keys: int = KEYS_EACH) -> Iterator[Figure]:
    """A stop key of each protocol, the alarm behind a pulled adapter, and the polls of a Trackmaster; as they come."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        stops = {name: pool.map(_stop_key_ms, [name] * keys, range(keys)) for name in ADDRESSES}
        alarms_ms = pool.map(lambda _: _alarm_ms(), range(UNPLUGGED))
        for name, took_ms in stops.items():
            yield Figure(f"serial: stop key -> {name}'s stop at the far end", tuple(took_ms), "ms", "p99 <= 20")
        yield Figure("serial: adapter pulled -> key alarm on the screen", tuple(alarms_ms), "ms", "max <= 500")
    polls = f"serial: polls of a session, hogged screen, two busy loops, {polls_s:g} s"
    yield Figure(polls, _gaps_ms(polls_s), "ms", "max <= 350")


def _stop_key_ms(protocol: str, number: int) -> float:
    """From the key, handed to the terminal, to the first byte of its stop at the far end."""
    with _moving(protocol) as (program, machine), _alone(program), busy():
        (program.folder / "hog").touch()
        program.pump(1.0 + 0.37 * (number % 5))
        pressed_s = time.monotonic()
        program.press(KEYS[number % len(KEYS)])
        _until(lambda: machine.first_s(STOPS[protocol], pressed_s) is not None, program)
        first_s = machine.first_s(STOPS[protocol], pressed_s)
        assert first_s is not None
        return (first_s - pressed_s) * 1000


def _alarm_ms() -> float:
    """From the pulled adapter to the words of the key alarm on the terminal."""
    with _moving("trackmaster") as (program, machine), _alone(program):
        machine.told("unplug")
        seen = b""
        while ALARM not in seen:
            seen += program.pump_once()
        shown_s = time.monotonic()
        _until(lambda: machine.unplugged_s is not None, program)
        assert machine.unplugged_s is not None
        return (shown_s - machine.unplugged_s) * 1000


def _gaps_ms(seconds: float) -> tuple[float, ...]:
    """Between what the machine hears, while it runs; its watchdog acts at 500 ms."""
    with _moving("trackmaster") as (program, machine), busy():
        (program.folder / "hog").touch()
        program.pump(1.0)
        begun = len(machine.heard)
        program.pump(seconds)
        moments_s = [at_s for _, at_s in machine.heard[begun:]]
    return tuple((after - before) * 1000 for before, after in itertools.pairwise(moments_s))


class OnCable(Program):
    """The program with a machine on a cable whose adapter has no number: a hand shows that it is this one."""

    def __init__(self, folder: Path, machine: Machine) -> None:
        keep(folder, ())  # the self-test counts as passed here
        super().__init__(folder, WORKOUT, "benchmarks.hogged_screens", machine.address)
        self._machine = machine

    def to_belt_at(self, speed: str) -> None:
        """As ``to_moving_belt``, with a hand at the machine and the key of the day; until this command was sent."""
        self.until(self.title)
        before = len(self._machine.heard)
        while len(self._machine.heard) == before:  # a screen that is drawn does not take keys yet
            self.press(b"\r")
            self.pump(CONNECTS_S)
        _until(lambda: len(self._machine.heard) > before + MET, self)
        self._shows_machine()
        self.press(b" \r\r\r\r\rk")
        self.press(b"%d" % self.bells(self.until(b"Listen")))
        self.until(b"stands still")
        self.hold_start()
        gives_up_s = time.monotonic() + PATIENCE_S
        while not self.sent(speed):  # some belts take seconds to move: before that the key means nothing
            assert time.monotonic() < gives_up_s, f"no {speed!r} within {PATIENCE_S:g} s"
            self.press(b"o")
            self.pump(1.0)

    def _shows_machine(self) -> None:
        """A hand at the machine, and another one while the screen has not ticked it."""
        seen, hands = self.pump(REPORTS_S), 0
        while b"[x] Which one" not in ESCAPES.sub(b"", seen):
            assert hands < HANDS, f"{HANDS} hands at the machine were not seen"
            hands += 1
            self._machine.told("press")
            seen += self.pump(HAND_S)
            self._machine.told("release")
            seen += self.pump(REPORTS_S)


@contextlib.contextmanager
def _moving(protocol: str) -> Iterator[tuple[OnCable, Machine]]:
    machine = Machine(protocol)
    with tempfile.TemporaryDirectory() as name:
        _qualified(machine.address, Path(name))
        program = OnCable(Path(name), machine)
        try:
            program.to_belt_at("SetSpeed(")
            yield program, machine
        finally:
            _kill_with_guardian(program.pid)
            program.close()
            machine.end()


def _kill_with_guardian(main: int) -> None:
    """All that this program has started, first: a guardian would go on to look for its belt, and the name of the port
    is soon that of another machine.
    """
    rows = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(pid): int(parent) for pid, parent in (row.split() for row in rows.splitlines())}
    family = [main]
    for one in family:
        family += [pid for pid, parent in parents.items() if parent == one]
    for one in reversed(family):
        with contextlib.suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


@contextlib.contextmanager
def _alone(program: Program) -> Iterator[None]:
    while not _measuring.acquire(blocking=False):
        program.pump(0.2)
    try:
        yield
    finally:
        _measuring.release()


def _until(true: Callable[[], bool], program: Program) -> None:
    gives_up_s = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < gives_up_s, f"it did not come about within {PATIENCE_S:g} s"
        program.pump(0.1)


def _qualified(address: str, folder: Path) -> None:
    """The sheet of its family as a full qualification would leave it, of a machine that has rails and a key."""
    sheet = sheet_for(address, folder)
    assert sheet is not None
    profile = replace(
        sheet.profile,
        capabilities=replace(sheet.profile.capabilities, evidence=Evidence.VERIFIED_ON_HARDWARE),
        physical_stop=PhysicalStop.KEY,
        rails=True,
        qualification=Qualification.FULL,
    )
    found = Findings("2026-11-21T08:00:00+00:00", (Finding("all", "as it was made"),))
    seal(replace(sheet, profile=profile, sealed_for=asyncio.run(_met(address))), found, folder)


async def _met(address: str) -> Identity:
    connection = await connect(parse_address(address), SystemClock())
    await connection.reader.close()
    return connection.identity


if __name__ == "__main__":
    polls = float(sys.argv[1]) if len(sys.argv) > 1 else POLLS_S
    for figure in measure(polls, int(sys.argv[2]) if len(sys.argv) > 2 else KEYS_EACH):
        print(figure, flush=True)
