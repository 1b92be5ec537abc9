"""A machine that no stop reaches: the guardian lets go of its line, and the machine's own watchdog acts; or its adapter
was pulled, and the guardian seeks it for as long as that may help."""

from __future__ import annotations

import asyncio
import os
import pty
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from retrotread.devices.address import Address
from retrotread.devices.connect import made_at, plugged_in
from retrotread.devices.connection import Connection
from retrotread.devices.errors import ConnectFailed
from retrotread.devices.serialport.virtual import LoopClock, VirtualLine, VirtualLoop
from retrotread.devices.trackmaster.driver import TrackmasterConnection
from retrotread.devices.trackmaster.simulated import Setup, TrackmasterMachine
from retrotread.guardian import process as process_module
from retrotread.guardian.messages import PROTOCOL, Arm, Connect, Heartbeat, HoldDone, Intent, Snapshot, StopNow
from retrotread.guardian.process import GuardianProcess
from retrotread.guardian.reaching import SILENCE_S
from retrotread.machine import (
    BeltDirection,
    Capabilities,
    DeviceProfile,
    Facing,
    PhysicalStop,
    Qualification,
    SpeedUnit,
)
from retrotread.safety.inputs import StopBy
from retrotread.safety.limits import PlanCeiling
from retrotread.safety.modes import Mode

STOP = b"\xa2"
PROFILE = DeviceProfile(
    "a Trackmaster",
    Capabilities(80, 1200, 10),
    lag_ms=4500,
    report_period_ms=300,
    stop_reaction_ms=3000,
    start_timeout_ms=10_000,
    command_gap_ms=200,
    stop_repeat_ok=True,
    set_never_starts=True,
    physical_stop=PhysicalStop.BUTTON,
    rails=True,
    qualification=Qualification.FULL,
    simulated=True,
    silence_stops=True,
)


class Rig:
    """A guardian without its threads, a Trackmaster behind its real driver, and time that is moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, profile: DeviceProfile) -> None:
        self.loop = VirtualLoop(0.0)
        self.clock = LoopClock(self.loop)
        self.profile = profile
        self.machine = TrackmasterMachine(Setup(unit=SpeedUnit.KPH, speed_min_tenths=8), 0.0)
        self.lines: list[VirtualLine] = []
        self.process = GuardianProcess(self.clock, -1, -1, None, slept_s=lambda: 0.0)
        monkeypatch.setattr(process_module, "connect", self._connect)
        self.loop.call_soon(lambda: self.process._spawn(self.process._tick()))
        self.loop.call_soon(self._beat, 1)

    async def _connect(self, address: Address, *_arguments: object, **_options: object) -> Connection:
        if not plugged_in(address, made_at(address)):
            raise ConnectFailed(f"the port {address.name!r} cannot be opened")
        self.lines.append(VirtualLine(self.machine, self.loop))
        driver = TrackmasterConnection(self.lines[-1], self.clock, SpeedUnit.KPH, self.profile)
        await driver.meet()
        return Connection(driver, driver)

    def _beat(self, number: int) -> None:
        self.process._message(Heartbeat(number, 0.0, input_alive=True))
        self.loop.call_later(0.2, self._beat, number + 1)

    def say(self, message: Any) -> None:
        self.loop.call_soon(self.process._message, message)

    def run_for(self, seconds: float) -> None:
        self.loop.run_to(self.clock.now_s() + seconds)

    def run_until(self, mode: Mode) -> None:
        for _ in range(600):
            if self.mode is mode:
                return
            self.run_for(0.1)
        pytest.fail(f"it never was {mode.value}, it is {self.mode.value}")

    @property
    def mode(self) -> Mode:
        assert self.process._core is not None
        return self.process._core.state.mode

    @property
    def true_kph(self) -> float:
        return self.machine.belt_speed_kph(self.clock.now_s())

    @property
    def fired_s(self) -> float | None:
        """When the machine's watchdog acted; what is due in it happens when it is looked at."""
        self.machine.advance(self.clock.now_s())
        return self.machine.watchdog_fired_s

    @property
    def stops(self) -> list[float]:
        return [at_s for line in self.lines for at_s, data in line.told if data == STOP]

    def said_between(self, from_s: float, to_s: float) -> list[bytes]:
        return [data for line in self.lines for at_s, data in line.told if from_s <= at_s < to_s]

    @property
    def shown(self) -> Snapshot:
        """What the person sees."""
        assert self.process._core is not None
        return self.process._core.snapshot(self.clock.now_s())

    def runs_at_three(self, port: str = "COM3") -> None:
        self.say(Connect(PROTOCOL, f"serial+trackmaster://{port}?units=kph", None))
        self.run_for(4.0)
        soon_s, plan = self.clock.now_s() + 0.3, PlanCeiling(300, 0, "test")
        self.say(Arm(1, soon_s, "run", "novice", Facing.CONSOLE, BeltDirection.FORWARD, plan, checklist_done=True))
        self.say(HoldDone(1, soon_s))
        self.run_until(Mode.RUN)
        self.say(Intent(1, 1, self.clock.now_s() + 0.3, 3.0, 0.0))
        self.run_for(12.0)
        assert self.true_kph == pytest.approx(3.0, abs=0.1)

    def close(self) -> None:
        if self.process._belt_lock is not None:  # the end of a process gives it back; this one was never a process
            self.process._belt_lock.release()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        for _ in range(3):
            self.run_for(0.1)
        self.loop.close()


@pytest.fixture(params=[PROFILE])
def rig(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    made = Rig(monkeypatch, request.param)
    yield made
    made.close()


def test_a_belt_that_obeys_no_stop_is_stopped_by_silence(rig: Rig) -> None:
    rig.runs_at_three()
    rig.machine.obeys_stop = False
    asked_s = rig.clock.now_s()
    rig.say(StopNow(StopBy.OPERATOR))
    rig.run_until(Mode.ESCALATED)
    rig.run_for(1.0)
    fired_s = rig.fired_s
    assert fired_s is not None, "the watchdog never fired: somebody went on talking"
    stops = [at_s for at_s in rig.stops if asked_s <= at_s < fired_s]
    assert len(stops) >= 2
    assert fired_s - stops[0] < 6.0
    assert rig.shown.alarm
    rig.run_for(10.0)
    assert rig.true_kph == 0


def test_nothing_is_said_for_three_seconds_and_then_the_machine_is_looked_at_again(rig: Rig) -> None:
    rig.runs_at_three()
    rig.machine.obeys_stop = False
    rig.say(StopNow(StopBy.OPERATOR))
    rig.run_until(Mode.ESCALATED)
    rig.run_for(1.0)
    fired_s = rig.fired_s
    assert fired_s is not None
    silent_s = fired_s - 0.5
    assert rig.said_between(silent_s + 0.001, silent_s + SILENCE_S - 0.2) == []
    rig.run_for(8.0)
    assert len(rig.lines) == 2
    assert rig.said_between(silent_s + SILENCE_S - 0.2, silent_s + SILENCE_S + 1.0) != []
    assert rig.shown.standstill


def test_a_belt_that_obeys_is_never_left_alone(rig: Rig) -> None:
    rig.runs_at_three()
    rig.say(StopNow(StopBy.OPERATOR))
    rig.run_for(20.0)
    assert (len(rig.lines), rig.fired_s, rig.true_kph) == (1, None, 0.0)


@pytest.mark.parametrize("rig", [replace(PROFILE, silence_stops=False)], indirect=True)
def test_where_silence_is_not_known_to_stop_the_stops_go_on(rig: Rig) -> None:
    rig.runs_at_three()
    rig.machine.obeys_stop = False
    rig.say(StopNow(StopBy.OPERATOR))
    rig.run_until(Mode.ESCALATED)
    before = len(rig.stops)
    rig.run_for(5.0)
    assert len(rig.stops) >= before + 4
    assert (len(rig.lines), rig.fired_s) == (1, None)


def test_silence_that_does_not_help_is_kept_once_and_then_the_stops_go_on(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.runs_at_three()
    rig.machine.obeys_stop = False
    monkeypatch.setattr(rig.machine, "_watchdog_s", lambda: float("inf"))
    rig.say(StopNow(StopBy.OPERATOR))
    rig.run_until(Mode.ESCALATED)
    rig.run_for(5.0)
    before = len(rig.stops)
    rig.run_for(8.0)
    assert len(rig.lines) == 2
    assert len(rig.stops) >= before + 4
    assert rig.true_kph == pytest.approx(0.8)


@pytest.mark.parametrize("away_s", [0.5, 3.0, 7.5])
def test_an_adapter_that_is_plugged_in_again_within_eight_seconds_carries_the_stop(
    rig: Rig, tmp_path: Path, away_s: float
) -> None:
    """Its port is not there for a while: no try is spent on that."""
    port = tmp_path / "adapter"
    port.touch()
    rig.runs_at_three(str(port))
    port.unlink()
    rig.loop.call_soon(rig.lines[0].unplug)
    rig.run_for(away_s)
    assert len(rig.lines) == 1
    port.touch()
    back_s = rig.clock.now_s()
    rig.run_for(2.0)
    assert len(rig.lines) == 2
    assert rig.lines[1].told, "it is asked again"
    rig.run_for(10.0)
    assert rig.true_kph == 0
    assert [at_s for at_s in rig.stops if at_s >= back_s], "and stopped, whatever its watchdog has done"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="terminals have their numbers from Linux")
def test_a_terminal_that_got_the_number_of_a_lost_one_is_never_taken_for_the_machine(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = pty.openpty()
    with monkeypatch.context() as patch:
        patch.setattr(process_module, "made_at", lambda _address: 1)  # the one that the machine was behind, long ago
        rig.runs_at_three(os.ttyname(theirs))
    rig.loop.call_soon(rig.lines[0].unplug)
    rig.run_for(9.0)
    os.close(ours)
    os.close(theirs)
    assert len(rig.lines) == 1


def test_an_adapter_that_stays_away_is_not_sought_for_ever(rig: Rig, tmp_path: Path) -> None:
    port = tmp_path / "adapter"
    port.touch()
    rig.runs_at_three(str(port))
    port.unlink()
    rig.loop.call_soon(rig.lines[0].unplug)
    rig.run_for(9.0)
    port.touch()
    rig.run_for(10.0)
    assert len(rig.lines) == 1
