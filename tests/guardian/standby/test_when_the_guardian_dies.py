"""The real processes: main starts a standby and a guardian, and the guardian dies, or ends as it should.

By cable this is measured in ``tests/process``; here are the air and the simulated treadmill.
"""

from __future__ import annotations

import asyncio
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from retrotread.clock import SystemClock, monotonic_s
from retrotread.devices.address import parse_address
from retrotread.devices.connect import connect
from retrotread.devices.sheet import Sheet
from retrotread.guardian.messages import (
    PROTOCOL,
    Arm,
    Connect,
    Connected,
    ConnectRefused,
    FromGuardian,
    Heartbeat,
    HoldDone,
    Snapshot,
)
from retrotread.guardian.standby.messages import Stage, Told
from retrotread.machine import BeltDirection, Capabilities, DeviceProfile, Facing, Identity, PhysicalStop, Qualification
from retrotread.safety.limits import PlanCeiling
from retrotread.safety.modes import Mode
from retrotread.sessions.guardian_client import SILENT_TURNS, TURN_S, GuardianClient

DEADLINE_S = 60.0
SIMULATED = "sim://well-behaved?start_s=0"
PROFILE = DeviceProfile(
    "a treadmill on the air",
    Capabilities(50, 1600, 10),
    lag_ms=600,
    report_period_ms=250,
    stop_reaction_ms=1500,
    slowest_fall_ckph_per_s=80,
    start_timeout_ms=8000,
    stop_repeat_ok=True,
    set_never_starts=True,
    runs_on_when_link_lost=True,
    physical_stop=PhysicalStop.KEY,
    rails=True,
    answer_within_ms=2600,
    qualification=Qualification.FULL,
)


class Main:
    """A main process by hand: a client, a beat, and what guardian and standby said."""

    def __init__(self, folder: Path) -> None:
        self.heard: queue.Queue[FromGuardian] = queue.Queue()
        self.told: queue.Queue[Told] = queue.Queue()
        self.ended = threading.Event()
        self.epoch = 0
        self.why: str | None = None
        self.client = GuardianClient(folder, self.heard.put, self._ended, self.told.put)
        threading.Thread(target=self._beat, daemon=True).start()

    def _ended(self, why: str) -> None:
        self.why = why
        self.ended.set()

    def _beat(self) -> None:
        count = 0
        while not self.ended.wait(0.2):
            count += 1
            self.client.send(Heartbeat(count, 0.0, input_alive=True))

    def until(self, true: Callable[[Snapshot], bool]) -> None:
        while True:
            message = self.heard.get(timeout=DEADLINE_S)
            assert not isinstance(message, ConnectRefused), message.message
            if isinstance(message, Connected):
                self.epoch = message.epoch
            elif isinstance(message, Snapshot) and true(message):
                return

    def moving(self, address: str, sheet: Sheet | None = None) -> None:
        """From nothing to a belt that runs; nobody is on it."""
        self.client.send(Connect(PROTOCOL, address, sheet))
        self.until(lambda one: one.standstill)
        way, soon_s = (Facing.CONSOLE, BeltDirection.FORWARD), monotonic_s() + 2.0
        plan = PlanCeiling(100, 0, "a test")
        self.client.send(
            Arm(self.epoch, soon_s, "run", "novice", *way, plan, True, True, belt_empty=True, machine_shown=True)
        )
        self.client.send(HoldDone(self.epoch, soon_s))
        self.until(lambda one: one.mode is Mode.RUN)

    def until_told(self, stage: Stage) -> list[Told]:
        """Everything up to the first news of that stage."""
        found = [self.told.get(timeout=DEADLINE_S)]
        while found[-1].stage is not stage:
            found.append(self.told.get(timeout=DEADLINE_S))
        return found

    def standby_ends(self) -> int:
        assert self.client.standby is not None
        return self.client.standby._process.wait(DEADLINE_S)


@pytest.fixture
def main(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Main]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    one = Main(tmp_path)
    yield one
    one.client.leave()
    for pid in (one.client.pid, one.client.standby.pid if one.client.standby else 0):
        if pid:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
    one.client.wait(DEADLINE_S)


def test_a_standby_ends_with_a_guardian_that_ends_as_it_should(main: Main) -> None:
    main.moving(SIMULATED)
    main.client.leave()
    assert main.client.wait(DEADLINE_S)
    assert main.standby_ends() == 0
    assert [one.stage for one in main.told.queue] == [Stage.READY]


def test_the_death_of_a_guardian_is_seen_by_main_and_by_the_standby(main: Main) -> None:
    main.moving(SIMULATED)
    os.kill(main.client.pid, signal.SIGKILL)
    assert main.ended.wait(DEADLINE_S), "the standby must not hold the guardian's pipe to main open"
    assert "ended with it" in main.until_told(Stage.STILL)[-1].message
    assert main.standby_ends() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGPIPE])
def test_signals_do_not_end_a_standby_before_its_guardian(main: Main, number: signal.Signals) -> None:
    main.client.send(Connect(PROTOCOL, SIMULATED))
    main.until_told(Stage.READY)
    assert main.client.standby is not None
    os.kill(main.client.standby.pid, number)
    os.kill(main.client.pid, signal.SIGKILL)
    assert main.standby_ends() == 0, "it ended by itself"


def test_a_guardian_that_is_frozen_with_a_moving_belt_is_ended_so_that_its_standby_acts(main: Main) -> None:
    main.moving(SIMULATED)
    os.kill(main.client.pid, signal.SIGSTOP)
    assert main.ended.wait(DEADLINE_S)
    assert main.why == "nothing was heard of the guardian for 3 s; it was ended"
    main.until_told(Stage.STILL)


def test_a_guardian_that_is_frozen_at_rest_is_let_be(main: Main) -> None:
    main.client.send(Connect(PROTOCOL, SIMULATED))
    main.until(lambda one: one.standstill)
    os.kill(main.client.pid, signal.SIGSTOP)
    assert not main.ended.wait(SILENT_TURNS * TURN_S + 1.0)
    os.kill(main.client.pid, signal.SIGCONT)
    while not main.heard.empty():
        main.heard.get()
    main.until(lambda one: one.standstill)


# --- over the air -------------------------------------------------------------------------------------------


class OnAir:
    """A treadmill in a process of its own, in a simulated room."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = (sys.executable, "-m", "retrotread", "sim", "ftms")
        self.process = subprocess.Popen(
            [*command, "--listen", f"127.0.0.1:{port}", "--archetype", "well-behaved?start_s=0"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()

    async def identity(self) -> Identity:
        connection = await asyncio.wait_for(connect(parse_address(self.address), SystemClock()), DEADLINE_S)
        await connection.reader.close()
        return connection.identity


@pytest.fixture
def on_air() -> Iterator[OnAir]:
    pytest.importorskip("bumble", reason="a simulated room needs bumble (the extra `sim`)")
    one = OnAir()
    yield one
    one.process.kill()
    one.process.communicate(timeout=DEADLINE_S)


def test_by_radio_the_standby_connects_anew_and_stops_the_belt(main: Main, on_air: OnAir) -> None:
    main.moving(on_air.address, Sheet(PROFILE, sealed_for=asyncio.run(on_air.identity())))
    killed_s = monotonic_s()
    os.kill(main.client.pid, signal.SIGKILL)
    told = main.until_told(Stage.STILL)
    assert told[-1].speed_kph == 0.0
    stages = [one.stage for one in told]
    assert stages.index(Stage.TAKES_OVER) < stages.index(Stage.STOP_SENT)
    assert next(one.at_s for one in told if one.stage is Stage.STOP_SENT) - killed_s < 10.0
    assert main.standby_ends() == 0
