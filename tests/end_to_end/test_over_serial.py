"""Whole sessions with a treadmill on a serial line: the screens on a terminal, the guardian, and ``retrotread sim`` in
a third process, with a pseudo-terminal for the cable. Nothing but the cable and the motor is missing."""

from __future__ import annotations

import asyncio
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from retrotread.clock import SystemClock, monotonic_s
from retrotread.devices.address import parse_address
from retrotread.devices.connect import connect
from retrotread.machine import (
    BeltDirection,
    Evidence,
    Identity,
    PhysicalStop,
    Qualification,
    StartBelt,
    StopBelt,
)
from retrotread.safety.inputs import Seen
from retrotread.sessions.journal import read_run, read_steps
from retrotread.sessions.machines.lookup import sheet_for
from retrotread.sessions.machines.sealed import Finding, Findings, seal

SHORT = """retrotread: 1
name: over the cable
level: 1
facing: rear
steps:
  - walk: 12 s
    speed: 1.4 km/h
  - cool down: 8 s
    speed: 1.1 km/h
"""
THERE_AND_BACK = """retrotread: 1
name: there and back over the cable
level: 1
facing: console
steps:
  - walk: 8 s
    speed: 0.9 km/h
  - turn: to the console
    belt: reversed
  - walk: 8 s
    speed: 0.9 km/h
  - turn: to the console
  - cool down: 8 s
    speed: 0.9 km/h
"""
WAIT_S = 30.0
# Some reports, before a hand at the machine breaks them off.
REPORTS_S = 1.0
# Closer together than the repeats of a held key may be (0.7 s), and rare: looking takes time from what is looked at.
LOOK_S = 0.25
COUNTS_TO_THREE_S = 3.0
# The program takes the same word of a turn again where it had no effect for two seconds.
CONFIRMS_AFTER_S = 2.5
# A turn takes half a minute. A late report begins it anew, and a busy computer has many; the guardian gives it five.
TURN_WITHIN_S = 300.0
CONFIRMS = ("if 1 is so", "if 2 is so")
ASKS = (*CONFIRMS, "hold here to START")
FORWARD, REVERSED = BeltDirection.FORWARD, BeltDirection.REVERSED
ASKS_STATE, STANDS = b"\xc0", b"\xd01"
WATCHDOG_S = 0.5


# --- the machine --------------------------------------------------------------------------------------------------


class OnCable:
    """A simulated machine in a process of its own, its address, and the port that it is reached by."""

    def __init__(self, kind: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "retrotread", "sim", kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        self.experimental = kind == "biodex"
        self.address, self.port = (self.process.stdout.readline().strip() for _ in range(2))

    def press(self, key: str) -> None:
        """A hand at its console: ``e`` presses its emergency stop, ``r`` lets it out."""
        assert self.process.stdin is not None
        self.process.stdin.write(key)
        self.process.stdin.flush()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=WAIT_S)


async def met(address: str) -> Identity:
    """What is known of the machine once it was reached; nothing is asked of its belt."""
    connection = await asyncio.wait_for(connect(parse_address(address), SystemClock()), WAIT_S)
    await connection.reader.close()
    return connection.identity


def qualified(address: str, folder: Path) -> None:
    """The sheet of its family as a full qualification would leave it, of a machine that has rails and a key."""
    sheet = sheet_for(address, folder)
    assert sheet is not None
    profile = replace(
        sheet.profile,
        capabilities=replace(sheet.profile.capabilities, evidence=Evidence.VERIFIED_ON_HARDWARE),
        physical_stop=PhysicalStop.KEY,
        rails=True,
        reverses="woodway" in address,
        qualification=Qualification.FULL,
    )
    found = Findings("2026-11-21T08:00:00+00:00", (Finding("all", "as it was made"),))
    seal(replace(sheet, profile=profile, sealed_for=asyncio.run(met(address))), found, folder)


# --- the sessions -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Session:
    """A machine, a program with a plan for it, and a folder that holds all of theirs."""

    machine: OnCable
    program: Any

    def to_moving_belt(self) -> None:
        """Set-up, checklist, the digit that was heard, the held start key, the countdown."""
        program = self.program
        program.shows("over the cable")
        program.type("\r")
        item = "Empty belt" if self.machine.experimental else "Safety key"
        program.wait(lambda: item in program.text(), "checklist")
        assert ("NOBODY ON THE BELT" in program.text()) is self.machine.experimental
        self.shows_which_one()
        program.type(" \r\r\r\r\rk")
        program.type(program.hears_digit())
        program.shows("Nothing is missing")
        program.hold_start()
        program.wait(lambda: self.mode() == "running", "running belt")
        self.goes_on()

    def shows_which_one(self) -> None:
        """A pseudo-terminal has no serial number: a hand at the machine shows that the address leads to it."""
        program = self.program
        program.wait(lambda: "[x] Treadmill" in program.text(), "reports of a belt at rest")
        program.pump(REPORTS_S)
        self.machine.press("e")
        program.pump(COUNTS_TO_THREE_S)
        self.machine.press("r")
        program.wait(lambda: "[x] Which one" in program.text(), "tick for a hand at the machine")

    def turned_and_started(self) -> None:
        """Each word of the turn is confirmed once it was read, then the start key is held until the belt runs: all of
        it again, as a person would, where a late report takes it back.
        """
        program, due_s = self.program, monotonic_s() + TURN_WITHIN_S
        program.wait(self.asked, "first word of the turn")
        asked = self.asked()
        while self.mode() != "running":
            assert monotonic_s() < due_s, f"no start in {TURN_WITHIN_S:g} s; last: {program.text()[-800:]!r}"
            if asked in CONFIRMS:
                program.seen = ""
                program.pump(CONFIRMS_AFTER_S)
                program.type("t")
            elif asked is not None and self.mode() not in ("countdown", "starting"):
                program.seen = ""
                program.type("s")
            program.pump(LOOK_S)
            asked = self.asked() or asked
        self.goes_on()

    def asked(self) -> str | None:
        """The word of the turn that was written last, of what was not cleared away."""
        text = self.program.text()
        return max((one for one in ASKS if one in text), key=text.rfind, default=None)

    def mode(self) -> str:
        """The guardian's, by the last line of its black box that has one: "12.345 +100 running | ..."."""
        found = [re.match(r"\S+ \+\d+ (.*?)(?: \||$)", line) for line in self.program.lines()[-8:]]
        return next((one[1] for one in reversed(found) if one is not None), "")

    def goes_on(self) -> None:
        """The word that the person is on the belt, or that nobody is."""
        self.program.shows("Press o")
        self.program.type("o")

    @property
    def journal(self) -> Path:
        folder: Path = self.program.folder / "runs"
        (journal,) = folder.glob("*.sqlite")
        return journal

    @property
    def steps(self) -> list[Any]:
        return list(read_steps(self.journal))


def seen_in(steps: list[Any]) -> list[Seen]:
    return [one for step in steps for one in step.inputs if isinstance(one, Seen)]


def whole_workout(session: Session) -> None:
    session.to_moving_belt()
    session.program.hears("faster in 5 seconds")
    session.program.hears("The belt is reported still")
    session.program.shows("the plan is done")


def there_and_back(session: Session) -> None:
    session.to_moving_belt()
    for _ in range(2):
        session.turned_and_started()
    session.program.hears("The belt is reported still")
    session.program.shows("the plan is done")


def killed_in_mid_run(session: Session) -> None:
    """Every process of the program at once, the guardian first: none is left that could send a stop.

    The machine is then asked once, on a port that was open before: a byte too early would keep its watchdog quiet.
    """
    port = os.open(session.machine.port, os.O_RDWR | os.O_NOCTTY)
    try:
        session.to_moving_belt()
        session.program.says("SetSpeed(")
        killed_s = kill_all(session.program.pid)
        session.program.pump(killed_s + WATCHDOG_S + 0.05 - monotonic_s())
        asked(port, b"")
        assert asked(port, ASKS_STATE) == STANDS
        assert session.program.commands_after(killed_s) == []
    finally:
        os.close(port)


def kill_all(main: int) -> float:
    """When the last of them was dead: ``main`` and all that it has started, the youngest first."""
    rows = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(pid): int(parent) for pid, parent in (row.split() for row in rows.splitlines())}
    family = [main]
    for one in family:
        family += [pid for pid, parent in parents.items() if parent == one]
    assert len(family) > 1, "the guardian is a process of its own"
    for one in reversed(family):
        os.kill(one, signal.SIGKILL)
    return monotonic_s()


def asked(port: int, question: bytes) -> bytes:
    """Everything that the port has for us within a fifth of a second of the question."""
    if question:
        os.write(port, question)
    due_s, answer = monotonic_s() + 0.2, b""
    while select.select([port], [], [], max(0.0, due_s - monotonic_s()))[0]:
        answer += os.read(port, 4096)
    return answer


WHAT: dict[str, tuple[str, str, Callable[[Session], None]]] = {
    "trackmaster": ("trackmaster", SHORT, whole_workout),
    "csafe": ("csafe", SHORT, whole_workout),
    "biodex": ("biodex", SHORT, whole_workout),
    "woodway": ("woodway", THERE_AND_BACK, there_and_back),
    "killed": ("trackmaster", SHORT, killed_in_mid_run),
}


@dataclass(frozen=True)
class Done:
    session: Session
    end: Future[None]

    @property
    def steps(self) -> list[Any]:
        """All that its supervisor has seen and told. Raises what went wrong on the way."""
        self.end.result()
        return self.session.steps


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, program_in: Callable[..., Any]) -> Iterator[dict[str, Done]]:
    """All of them side by side: each is a minute of real time, nearly all of it waiting."""
    sessions = {}
    for name, (kind, workout, _) in WHAT.items():
        folder, machine = tmp_path_factory.mktemp(name), OnCable(kind)
        qualified(machine.address, folder)
        (folder / "short.yaml").write_text(workout)
        arguments = ("run", str(folder / "short.yaml"), "--treadmill", machine.address)
        sessions[name] = Session(machine, program_in(folder, arguments))
    with ThreadPoolExecutor(len(WHAT)) as pool:
        ends = {name: pool.submit(what, sessions[name]) for name, (_, _, what) in WHAT.items()}
    yield {name: Done(sessions[name], end) for name, end in ends.items()}
    for one in sessions.values():
        one.machine.end()


@pytest.mark.parametrize("kind", ["trackmaster", "csafe", "biodex"])
def test_a_whole_workout_runs_over_the_cable_from_the_set_up_to_the_summary(done: dict[str, Done], kind: str) -> None:
    steps = done[kind].steps
    seen = seen_in(steps)
    assert 125 <= max(one.speed_ckph for one in seen) <= 140
    assert seen[-1].speed_ckph == 0
    assert len([step for step in steps for one in step.commands if isinstance(one, StartBelt)]) == 1
    assert isinstance([one for step in steps for one in step.commands][-1], StopBelt)
    assert read_run(done[kind].session.journal).empty_belt is (kind == "biodex")


def test_there_backward_and_there_runs_on_one_cable_with_a_belt_that_turns_round(done: dict[str, Done]) -> None:
    steps = done["woodway"].steps
    starts = [one.belt for step in steps for one in step.commands if isinstance(one, StartBelt)]
    assert starts == [FORWARD, REVERSED, FORWARD]


def test_the_death_of_all_of_the_program_leaves_a_belt_that_its_watchdog_stops_within_half_a_second(
    done: dict[str, Done],
) -> None:
    done["killed"].end.result()
