"""The guardian's process among drivers, disks and messages that fail: whatever it is, the belt is stopped.

The process runs here on virtual time, with a machine by hand in the place of a driver.
"""

from __future__ import annotations

import asyncio
import heapq
import math
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from retrotread.devices.connection import Connection
from retrotread.devices.sheet import Sheet
from retrotread.guardian import blackbox, wire
from retrotread.guardian import process as process_module
from retrotread.guardian.blackbox import BlackBox
from retrotread.guardian.core import Core
from retrotread.guardian.messages import (
    PROTOCOL,
    Arm,
    Armed,
    Connect,
    Connected,
    ConnectRefused,
    FromGuardian,
    Heartbeat,
    HoldDone,
    Intent,
    Snapshot,
    Stepped,
    StopNow,
    Try,
)
from retrotread.guardian.process import GuardianProcess
from retrotread.guardian.trials import Trial
from retrotread.machine import (
    NOT_SAID,
    Accepted,
    BeltDirection,
    CommandOutcome,
    DeviceProfile,
    Facing,
    Identity,
    LinkLost,
    Qualification,
    Report,
    SetSpeed,
    StartBelt,
    StopBelt,
    Telemetry,
)
from retrotread.safety.hazards import Hazard
from retrotread.safety.inputs import LinkWentDown, Seen, StopBy, Suspended
from retrotread.safety.limits import PlanCeiling
from retrotread.safety.modes import Mode

STEP_S = 0.05


class HandClock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.moment_s = 100.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._number = count()

    def now_s(self) -> float:
        return self.moment_s

    async def sleep_until(self, moment_s: float) -> None:
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (moment_s, next(self._number), sleeper))
        await sleeper

    async def pass_to(self, moment_s: float) -> None:
        while self._sleepers and self._sleepers[0][0] <= moment_s:
            due_s, _, sleeper = heapq.heappop(self._sleepers)
            self.moment_s = max(self.moment_s, due_s)
            if not sleeper.done():
                sleeper.set_result(None)
            await settle()
        self.moment_s = moment_s
        await settle()


async def settle() -> None:
    """Let everything run that waits for no time."""
    for _ in range(8):
        await asyncio.sleep(0)


class Machine:
    """A belt that does at once what it is told, and both halves of its connection."""

    def __init__(self, profile: DeviceProfile) -> None:
        self.profile = profile
        self.speed_kph = 0.0
        self.came: asyncio.Queue[Report | Exception] = asyncio.Queue()
        self.took: list[object] = []
        self.hangs: Any = None
        self.hung: asyncio.Future[None] | None = None
        self.closed = 0
        self.fails_at: Any = ()
        self.fails_to_close = False

    async def reports(self) -> AsyncIterator[Report]:
        while True:
            report = await self.came.get()
            if isinstance(report, Exception):
                raise report
            yield report

    async def close(self) -> None:
        self.closed += 1
        if self.fails_to_close:
            raise OSError("planted at the close")

    async def perform(self, command: object) -> CommandOutcome:
        if isinstance(command, self.fails_at):
            raise RuntimeError("planted in the driver")
        if self.hangs is not None and isinstance(command, self.hangs):
            self.hung = asyncio.get_running_loop().create_future()
            await self.hung
        self.took.append(command)
        match command:
            case StartBelt():
                self.speed_kph = 0.5
            case SetSpeed(speed_ckph):
                self.speed_kph = speed_ckph / 100
            case StopBelt():
                self.speed_kph = 0.0
        return Accepted()


class Rig:
    """A guardian process without its threads, the machine that it finds, and what it says."""

    def __init__(self, profile: DeviceProfile, monkeypatch: pytest.MonkeyPatch, box: BlackBox | None = None) -> None:
        self.clock = HandClock()
        self.machines = [Machine(profile)]
        self.profile = profile
        self.opened = 0
        self.sheets: list[Sheet | None] = []
        self.identity = NOT_SAID
        self.remark: str | None = None
        self.refuses: list[Exception] = []
        self.open_s = 0.0
        self.beats = True
        self.steps = 0
        self.said: list[FromGuardian] = []
        self.slept_s = 40.0
        self.process = GuardianProcess(self.clock, -1, -1, box, slept_s=lambda: self.slept_s)
        monkeypatch.setattr(process_module, "connect", self._connect)
        self.process._spawn(self.process._tick())

    @property
    def machine(self) -> Machine:
        return self.machines[-1]

    async def _connect(self, _address: object, _clock: object, sheet: Sheet | None, listen: bool) -> Connection:
        assert not listen, "a belt that is to be driven is not only listened to"
        if self.refuses:
            raise self.refuses.pop(0)
        if self.open_s:
            await self.clock.sleep_until(self.clock.moment_s + self.open_s)
        self.opened += 1
        self.sheets.append(sheet)
        if self.opened > 1:
            machine = Machine(self.profile)
            machine.speed_kph = self.machine.speed_kph
            self.machines.append(machine)
        return Connection(self.machine, self.machine, self.identity, self.remark)

    def say(self, message: Any) -> None:
        asyncio.get_running_loop().call_soon(self.process._message, message)

    async def pass_s(self, seconds: float) -> None:
        """Ticks by the process itself, a beat every 200 ms, a report every 250 ms."""
        for _ in range(round(seconds / STEP_S)):
            self.steps += 1
            if self.beats and self.steps % 4 == 0:
                self.say(Heartbeat(self.steps, 0.0, input_alive=True))
            if self.steps % 5 == 0:
                self.machine.came.put_nowait(Telemetry(self.clock.moment_s, self.machine.speed_kph, 0.0))
            await self.clock.pass_to(round(self.clock.moment_s + STEP_S, 3))
        self._hear()

    def _hear(self) -> None:
        while not self.process._outbox.empty():
            frame = self.process._outbox.get_nowait()
            assert frame is not None
            self.said.append(wire.decode_from_guardian(frame[4:]))

    def heard(self, kind: type[Any]) -> list[Any]:
        return [one for one in self.said if isinstance(one, kind)]

    @property
    def snapshot(self) -> Snapshot:
        last: Snapshot = self.heard(Snapshot)[-1]
        return last

    @property
    def mode(self) -> Mode:
        assert self.process._core is not None
        return self.process._core.state.mode

    async def run(self, speed_kph: float = 2.0, sheet: Sheet | None = None) -> Rig:
        """From nothing to a belt that runs."""
        self.say(Connect(PROTOCOL, "sim://well-behaved", sheet))
        await self.pass_s(3.0)
        soon_s = self.clock.moment_s + 0.3
        plan = PlanCeiling(300, 0, "test")
        self.say(Arm(1, soon_s, "run", "novice", Facing.CONSOLE, BeltDirection.FORWARD, plan, checklist_done=True))
        self.say(HoldDone(1, soon_s))
        await self.pass_s(6.0)
        self.say(Intent(1, 1, self.clock.moment_s + 0.3, speed_kph, 0.0))
        await self.pass_s(12.0)
        assert self.mode is Mode.RUN
        assert self.machine.speed_kph == speed_kph
        return self


@pytest.fixture
async def rig_of(profile: DeviceProfile, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[..., Rig]]:
    rigs: list[Rig] = []
    slipped: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: slipped.append(context))

    def make(box: Any = None) -> Rig:
        rigs.append(Rig(profile, monkeypatch, box))
        return rigs[-1]

    yield make
    for rig in rigs:
        for task in tuple(rig.process._tasks):
            task.cancel()
    await settle()
    assert slipped == [], "an error reached the loop, where nobody hears of it"


@pytest.fixture
async def belt(rig_of: Callable[..., Rig]) -> Rig:
    return await rig_of().run()


@pytest.mark.parametrize(("seconds", "mode"), [(0.5, Mode.RUN), (0.6, Mode.STOPPING)])
async def test_a_sleep_of_the_computer_is_noticed_with_the_next_tick(belt: Rig, seconds: float, mode: Mode) -> None:
    belt.slept_s += seconds
    await belt.pass_s(0.1)
    assert belt.mode is mode
    assert (StopBelt() in belt.machine.took) is (mode is Mode.STOPPING)


async def test_a_sleep_is_told_once_and_the_sleep_from_before_the_program_not_at_all(belt: Rig) -> None:
    assert belt.mode is Mode.RUN
    belt.slept_s += 30.0
    await belt.pass_s(5.0)
    told = [one for stepped in belt.heard(Stepped) for one in stepped.inputs if isinstance(one, Suspended)]
    assert told == [Suspended(30_000)]


async def test_short_differences_of_the_two_clocks_do_not_add_up_to_a_sleep(belt: Rig) -> None:
    for _ in range(10):
        belt.slept_s += 0.2
        await belt.pass_s(0.1)
    assert belt.mode is Mode.RUN


class FillingDisk:
    """A black box whose disk becomes full."""

    full = False

    def write(self, line: str) -> None:
        if self.full:
            raise OSError(28, "No space left on device")

    def sync(self) -> None:
        self.write("")

    def close(self) -> None: ...


async def test_a_black_box_on_a_full_disk_takes_nothing_from_the_lease(rig_of: Callable[..., Rig]) -> None:
    disk = FillingDisk()
    belt = await rig_of(disk).run()
    disk.full = True
    belt.beats = False
    await belt.pass_s(8.0)
    assert belt.machine.speed_kph == 0.0
    assert belt.mode is Mode.LATCHED


async def test_a_distance_that_is_no_number_takes_nothing_from_the_lease(belt: Rig) -> None:
    belt.machine.came.put_nowait(Telemetry(belt.clock.moment_s, 2.0, 0.0, distance_m=float("nan")))
    await belt.pass_s(0.5)
    assert belt.snapshot.mode is Mode.RUN
    assert belt.snapshot.distance_m is None
    belt.beats = False
    await belt.pass_s(8.0)
    assert belt.mode is Mode.LATCHED


async def test_reports_that_raise_are_a_lost_link_and_the_next_connection_stops_the_belt(belt: Rig) -> None:
    belt.machine.came.put_nowait(ValueError("planted in the codec"))
    await belt.pass_s(0.1)
    assert belt.snapshot.alarm
    assert belt.snapshot.causes[0].hazard.value == "link_down"
    assert belt.opened == 2
    await belt.pass_s(5.0)
    assert belt.machines[1].took == [StopBelt()]
    assert belt.machine.speed_kph == 0.0


async def test_the_old_connection_is_let_go_before_the_next_and_nothing_of_it_comes_true_later(belt: Rig) -> None:
    old = belt.machine
    old.hangs = SetSpeed
    belt.say(Intent(1, 2, belt.clock.moment_s + 0.3, 3.0, 0.0))
    await belt.pass_s(0.6)
    assert old.hung is not None
    before = [one for one in old.took if isinstance(one, SetSpeed)]
    old.came.put_nowait(LinkLost("out of range"))
    await belt.pass_s(0.5)
    assert belt.opened == 2
    assert old.closed == 1
    if not old.hung.done():
        old.hung.set_result(None)
    await settle()
    assert [one for one in old.took if isinstance(one, SetSpeed)] == before


async def test_a_reconnect_that_raises_what_nobody_expects_is_tried_again(belt: Rig) -> None:
    belt.refuses = [RuntimeError("planted"), OSError("planted")]
    belt.machine.came.put_nowait(LinkLost("out of range"))
    await belt.pass_s(2.0)
    assert belt.opened == 2
    assert StopBelt() in belt.machine.took


async def test_a_driver_that_loses_its_link_twice_is_connected_to_once(belt: Rig) -> None:
    belt.open_s = 0.2
    belt.machine.came.put_nowait(LinkLost("out of range"))
    belt.machine.came.put_nowait(LinkLost("still out of range"))
    await belt.pass_s(2.0)
    assert belt.opened == 2


async def test_a_stop_while_a_trial_waits_for_its_link_does_not_connect_twice(rig_of: Callable[..., Rig]) -> None:
    rig = rig_of()
    rig.say(Connect(PROTOCOL, "sim://well-behaved"))
    await rig.pass_s(3.0)
    rig.say(Try(1, rig.clock.moment_s + 0.3, Trial.DISCONNECT_WHILE_RUNNING))
    await rig.pass_s(8.0)
    assert rig.machine.closed == 1
    rig.machine.came.put_nowait(LinkLost("closed"))
    rig.open_s = 3.0
    await rig.pass_s(9.0)
    rig.say(StopNow(StopBy.OPERATOR))
    await rig.pass_s(6.0)
    assert rig.opened == 2
    assert StopBelt() in rig.machine.took
    assert rig.machine.speed_kph == 0.0


async def test_a_stop_that_hangs_in_the_link_is_sent_over_a_new_one(belt: Rig) -> None:
    belt.machine.hangs = StopBelt | SetSpeed
    belt.say(StopNow(StopBy.OPERATOR))
    await belt.pass_s(4.0)
    assert belt.opened == 1
    assert belt.snapshot.alarm
    await belt.pass_s(4.0)
    assert belt.machines[0].closed == 1
    belt.machines[0].came.put_nowait(LinkLost("closed"))
    await belt.pass_s(2.0)
    assert belt.opened == 2
    assert belt.machine.took == [StopBelt()]
    assert belt.machine.speed_kph == 0.0


async def test_a_connect_that_raises_what_nobody_expects_is_refused_with_a_sentence(rig_of: Callable[..., Rig]) -> None:
    rig = rig_of()
    rig.refuses = [RuntimeError("planted")]
    rig.say(Connect(PROTOCOL, "sim://well-behaved"))
    await rig.pass_s(0.5)
    assert "planted" in rig.heard(ConnectRefused)[0].message
    rig.say(Connect(PROTOCOL, "sim://well-behaved"))
    await rig.pass_s(0.5)
    assert len(rig.heard(Connected)) == 1


async def test_two_requests_to_connect_make_one_connection(rig_of: Callable[..., Rig]) -> None:
    rig = rig_of()
    rig.open_s = 0.2
    rig.say(Connect(PROTOCOL, "sim://well-behaved"))
    rig.say(Connect(PROTOCOL, "sim://well-behaved"))
    await rig.pass_s(1.0)
    assert rig.opened == 1
    assert len(rig.heard(Connected)) == 1
    assert "already" in rig.heard(ConnectRefused)[0].message


async def test_a_write_that_hangs_is_given_up_after_its_deadline_and_told(belt: Rig) -> None:
    """A set-point that waits in a driver for half a minute must not come true behind the stop."""
    belt.machine.hangs = SetSpeed
    belt.say(Intent(1, 2, belt.clock.moment_s + 0.3, 3.0, 0.0))
    await belt.pass_s(1.8)
    assert belt.snapshot.alarm
    assert "stuck in the link" in belt.snapshot.causes[0].message
    assert belt.machine.took[-1] == StopBelt()
    assert belt.machine.hung is not None
    assert belt.machine.hung.cancelled()


async def test_a_tick_that_fails_is_a_stop_and_the_next_tick_comes(belt: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    real, planted = Core.tick, [True]

    def fails_once(core: Core, now_s: float) -> Any:
        if planted:
            planted.clear()
            raise KeyError("planted")
        return real(core, now_s)

    monkeypatch.setattr(Core, "tick", fails_once)
    await belt.pass_s(0.2)
    assert belt.machine.took[-1] == StopBelt()
    await belt.pass_s(5.0)
    assert belt.mode is Mode.FAULT
    assert "planted" in belt.snapshot.causes[0].message


async def test_terminate_twice_and_the_end_of_the_pipe_are_one_stop(belt: Rig) -> None:
    belt.process._leave()
    await belt.pass_s(0.3)
    belt.process._leave()
    belt.process._main_gone()
    await belt.pass_s(8.0)
    assert belt.machine.took.count(StopBelt()) == 1
    assert belt.machine.speed_kph == 0.0
    assert belt.process._done.is_set()


async def test_a_connection_that_comes_after_main_has_gone_is_let_go_again(rig_of: Callable[..., Rig]) -> None:
    rig = rig_of()
    rig.open_s = 0.2
    rig.say(Connect(PROTOCOL, "sim://well-behaved"))
    await rig.pass_s(0.1)
    rig.process._main_gone()
    await rig.pass_s(1.0)
    assert rig.process._done.is_set()
    assert rig.heard(Connected) == []
    assert (rig.opened, rig.machine.closed, rig.machine.took) == (1, 1, [])


async def test_a_stop_before_there_is_a_connection_harms_nothing(rig_of: Callable[..., Rig]) -> None:
    rig = rig_of()
    rig.say(StopNow(StopBy.OPERATOR))
    await rig.pass_s(0.2)
    await rig.run()


def _frames_over_a_pipe(*frames: bytes) -> tuple[GuardianProcess, list[object]]:
    """What a reader thread makes of these bytes and the end of the pipe after them."""
    reading, writing = os.pipe()
    os.write(writing, b"".join(frames))
    os.close(writing)
    guardian = GuardianProcess(HandClock(), reading, -1, None)
    called: list[object] = []

    class Loop:
        def call_soon_threadsafe(self, call: Any, *_arguments: object) -> None:
            called.append(call)

    guardian._read_main(Loop())  # type: ignore[arg-type]
    os.close(reading)
    return guardian, called


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b'{"_":"Heartbeat","seq":1,"ui_age_s":1' + b"0" * 400 + b',"input_alive":true}',
        b'{"_":["Heartbeat"]}',
        b"[" * 5000,
        b'{"_":"StopNow","by":{}}',
        b"\xff\xfe",
    ],
)
def test_whatever_the_bytes_of_main_are_its_end_is_noticed(payload: bytes) -> None:
    guardian, called = _frames_over_a_pipe(len(payload).to_bytes(4, "big") + payload)
    assert called[-1] == guardian._main_gone


async def test_the_sheet_goes_to_the_first_connection_and_to_every_reconnect(rig_of: Callable[..., Rig]) -> None:
    rig = rig_of()
    sheet = Sheet(rig.profile, sealed_for=Identity("AA:01"))
    await rig.run(sheet=sheet)
    rig.machine.came.put_nowait(LinkLost("gone"))
    await rig.pass_s(1.0)
    assert rig.sheets == [sheet, sheet]


async def test_main_hears_which_machine_it_is_and_why_it_is_only_read(rig_of: Callable[..., Rig]) -> None:
    rig = rig_of()
    rig.identity, rig.remark = Identity("AA:01", "Belt", "Acme", "3000", "1.2"), "its firmware is 1.2 now"
    rig.say(Connect(PROTOCOL, "sim://well-behaved"))
    await rig.pass_s(0.5)
    (connected,) = rig.heard(Connected)
    assert connected.identity == rig.identity
    assert connected.remark == "its firmware is 1.2 now"


def armed_anew(rig: Rig, epoch: int) -> None:
    """The belt rests, and whoever is on it goes on over this connection."""
    soon_s = rig.clock.moment_s + 0.3
    plan = PlanCeiling(300, 0, "test")
    rig.say(Arm(epoch, soon_s, "run", "novice", Facing.CONSOLE, BeltDirection.FORWARD, plan, checklist_done=True))


async def test_a_reconnect_that_reads_less_is_not_armed_and_says_so_until_one_reads_it_all(
    rig_of: Callable[..., Rig],
) -> None:
    rig = rig_of()
    full = replace(rig.profile, qualification=Qualification.FULL)
    rig.machine.profile = rig.profile = full
    sheet, less = Sheet(full, sealed_for=Identity("AA:01")), "it did not tell its model"
    rig.say(Connect(PROTOCOL, "sim://well-behaved", sheet))
    await rig.pass_s(3.0)
    wider = replace(full.capabilities, speed_max_ckph=full.capabilities.speed_max_ckph + 100)
    rig.profile, rig.remark = replace(full, qualification=Qualification.NONE, capabilities=wider), less
    rig.machine.came.put_nowait(LinkLost("gone"))
    await rig.pass_s(3.0)
    assert [(one.profile, one.remark) for one in rig.heard(Connected)] == [(full, None), (full, less)]
    armed_anew(rig, 2)
    await rig.pass_s(0.3)
    assert rig.heard(Armed) == []
    assert less in [one.message for told in rig.heard(Snapshot) for one in told.causes]
    rig.profile, rig.remark = full, None
    rig.machine.came.put_nowait(LinkLost("switched off and on"))
    await rig.pass_s(8.0)
    assert rig.heard(Connected)[-1].remark is None
    armed_anew(rig, 3)
    await rig.pass_s(0.3)
    assert len(rig.heard(Armed)) == 1


async def test_a_sheet_that_is_nonsense_reaches_no_machine(rig_of: Callable[..., Rig]) -> None:
    rig = rig_of()
    rig.say(
        Connect(
            PROTOCOL, "sim://well-behaved", Sheet(replace(rig.profile, lag_ms=60_000), sealed_for=Identity("AA:01"))
        )
    )
    await rig.pass_s(0.5)
    assert rig.opened == 0
    (refused,) = rig.heard(ConnectRefused)
    assert "lag_ms is 60000 (from 0 to 5000 ms)" in refused.message
    await rig.run()


FLOOD_PER_S = 1000


async def flooded(rig: Rig, seconds: float) -> int:
    """The steps that a flood of reports beside everything else takes; all that is said is heard meanwhile."""
    before = len(rig.heard(Stepped))
    for _ in range(round(seconds / STEP_S)):
        for number in range(round(FLOOD_PER_S * STEP_S)):
            at_s = rig.clock.moment_s + number / FLOOD_PER_S
            rig.machine.came.put_nowait(Telemetry(min(at_s, rig.clock.moment_s), rig.machine.speed_kph, 0.0))
        for _ in range(20):
            await settle()
        await rig.pass_s(STEP_S)
    return len(rig.heard(Stepped)) - before


async def test_a_thousand_reports_a_second_are_looked_at_fifty_times(rig_of: Callable[..., Rig]) -> None:
    rig = await rig_of().run()
    assert await flooded(rig, 4.0) <= 4 * (50 + 10 + 5 + 2)
    assert rig.mode is Mode.RUN
    assert rig.snapshot.speed_kph == 2.0
    assert rig.snapshot.age_s is not None
    assert rig.snapshot.age_s <= 0.1


async def test_a_stop_in_a_flood_leaves_in_the_same_moment(rig_of: Callable[..., Rig]) -> None:
    rig = await rig_of().run()
    await flooded(rig, 1.0)
    for _ in range(500):
        rig.machine.came.put_nowait(Telemetry(rig.clock.moment_s, 2.0, 0.0))
    asked_s = rig.clock.moment_s
    rig.say(StopNow(StopBy.OPERATOR))
    rig.say(StopNow(StopBy.OPERATOR))
    for _ in range(2):
        await settle()
    assert rig.mode is Mode.STOPPING
    assert rig.clock.moment_s == asked_s
    await flooded(rig, 5.0)
    assert StopBelt() in rig.machine.took
    assert rig.snapshot.mode is Mode.LATCHED


async def test_a_link_that_is_lost_in_a_flood_is_lost_after_what_it_said(rig_of: Callable[..., Rig]) -> None:
    rig = await rig_of().run()
    for speed_kph in (2.0, 1.9, 1.8):
        rig.machine.came.put_nowait(Telemetry(rig.clock.moment_s, speed_kph, 0.0))
    rig.machine.came.put_nowait(LinkLost("gone"))
    await settle()
    await rig.pass_s(STEP_S)
    inputs = [item for one in rig.heard(Stepped) for item in one.inputs]
    lost = inputs.index(LinkWentDown())
    assert [item.speed_ckph for item in inputs[:lost] if isinstance(item, Seen)][-3:] == [200, 190, 180]


async def test_the_loop_does_not_wait_for_the_disk(
    rig_of: Callable[..., Rig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every write to the ring happens on another thread than the one that guards."""
    import threading

    threads: set[threading.Thread] = set()
    real = os.pwrite

    def noted(*arguments: Any) -> int:
        threads.add(threading.current_thread())
        return real(*arguments)

    monkeypatch.setattr(os, "pwrite", noted)
    belt = await rig_of(BlackBox(tmp_path / "ring")).run()
    belt.say(StopNow(StopBy.OPERATOR))
    await belt.pass_s(8.0)
    belt.process.end_record()
    assert threads
    assert threading.main_thread() not in threads


async def test_a_driver_that_raises_at_a_command_has_an_answer_that_nobody_knows(belt: Rig) -> None:
    belt.machine.fails_at = SetSpeed
    belt.say(Intent(1, 2, belt.clock.moment_s + 0.3, 3.0, 0.0))
    await belt.pass_s(2.0)
    assert belt.mode is Mode.RUN
    assert belt.snapshot.causes[0].hazard is Hazard.SET_REFUSED
    belt.machine.fails_at = StopBelt
    belt.say(StopNow(StopBy.OPERATOR))
    await belt.pass_s(6.0)
    assert belt.snapshot.alarm


async def test_a_link_that_cannot_be_closed_is_given_up_all_the_same(
    rig_of: Callable[..., Rig], tmp_path: Path
) -> None:
    belt = await rig_of(BlackBox(tmp_path / "ring")).run()
    belt.machine.fails_to_close = True
    belt.machine.came.put_nowait(LinkLost("out of range"))
    await belt.pass_s(3.0)
    assert belt.opened == 2
    assert belt.machine.took == [StopBelt()]
    belt.process.end_record()
    assert any(
        "close: the driver failed (OSError: planted at the close)" in one for one in blackbox.read(tmp_path / "ring")
    )


async def test_what_an_earlier_connection_still_says_is_no_news(rig_of: Callable[..., Rig]) -> None:
    """A driver that goes on telling behind the next connection, and what of it had not been looked at yet."""
    rig = rig_of()
    rig.say(Connect(PROTOCOL, "sim://well-behaved"))
    await rig.pass_s(3.0)
    rig.process._linked(await rig._connect(None, None, None, listen=False))
    fast = Telemetry(rig.clock.moment_s, 9.0, 0.0)
    rig.machines[0].came.put_nowait(fast)
    await settle()
    rig.process._look((fast,), epoch=1)
    await rig.pass_s(0.1)
    assert rig.process._core is not None
    assert rig.process._core.epoch == 2
    assert not [one for told in rig.heard(Stepped) for one in told.inputs if isinstance(one, Seen) and one.speed_ckph]


async def test_a_message_that_the_pipe_does_not_carry_is_noted_and_the_others_go_on(
    rig_of: Callable[..., Rig], tmp_path: Path
) -> None:
    rig = rig_of(BlackBox(tmp_path / "ring"))
    rig.identity = Identity(math.inf)  # type: ignore[arg-type]
    rig.say(Connect(PROTOCOL, "sim://well-behaved"))
    await rig.pass_s(1.0)
    assert rig.heard(Connected) == []
    assert rig.heard(Snapshot)
    rig.process.end_record()
    assert "not told to main: Connected holds a number that is not finite" in "\n".join(
        blackbox.read(tmp_path / "ring")
    )


async def test_a_task_that_fails_is_noted(rig_of: Callable[..., Rig], tmp_path: Path) -> None:
    async def fails() -> None:
        raise ValueError("planted")

    rig = rig_of(BlackBox(tmp_path / "ring"))
    rig.process._spawn(fails())
    await settle()
    rig.process.end_record()
    assert [one.partition(" ")[2] for one in blackbox.read(tmp_path / "ring")] == ["task failed: ValueError: planted"]


async def test_a_treadmill_that_does_not_answer_is_refused_in_words(rig_of: Callable[..., Rig]) -> None:
    rig = rig_of()
    rig.refuses = [TimeoutError()]
    rig.say(Connect(PROTOCOL, "sim://well-behaved"))
    await rig.pass_s(0.5)
    assert rig.heard(ConnectRefused)[0].message == "the treadmill did not answer in time"
