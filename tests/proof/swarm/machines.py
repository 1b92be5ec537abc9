"""The machines of the swarm: every simulated archetype, and real drivers and codecs over a line or a link without air.

All of them have one shape, ``Belt``: moments are arguments in seconds from 0, nothing waits, and the same calls give
the same answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from retrotread.clock import Clock
from retrotread.devices.biodex import driver as biodex_driver
from retrotread.devices.biodex import reach as biodex_reach
from retrotread.devices.biodex import simulated as biodex
from retrotread.devices.biodex.setup import SCALES
from retrotread.devices.connection import Connection
from retrotread.devices.csafe import driver as csafe_driver
from retrotread.devices.csafe import reach as csafe_reach
from retrotread.devices.csafe import simulated as csafe
from retrotread.devices.ftms import characteristics as known
from retrotread.devices.ftms.codec import (
    MachineEvent,
    OpCode,
    Range,
    RangeOf,
    StopOrPause,
    encode_machine_status,
    encode_range,
)
from retrotread.devices.ftms.dialect import ControlRequest, FtmsDialect, GattWrite
from retrotread.devices.ftms.reach import connection_over
from retrotread.devices.gatt.link import GattError, GattRefused
from retrotread.devices.peripheral.control import Answer, ControlPoint, EndsLink, Hangs, Refused
from retrotread.devices.peripheral.records import frames
from retrotread.devices.peripheral.shape import PREAMBLE_HEX, PREAMBLE_UUID, Shape, shape_of
from retrotread.devices.serialport.line import SerialLine
from retrotread.devices.serialport.virtual import LoopClock, VirtualLoop
from retrotread.devices.serialport.wired import Driver, Machine, Wired, WiredTreadmill
from retrotread.devices.sheet import Sheet
from retrotread.devices.simulated.answers import LateAnswer, Pending
from retrotread.devices.simulated.archetype import Archetype
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.devices.simulated.faults import FAULTS
from retrotread.devices.simulated.treadmill import SimulatedTreadmill
from retrotread.devices.trackmaster import driver as trackmaster_driver
from retrotread.devices.trackmaster import reach as trackmaster_reach
from retrotread.devices.trackmaster import simulated as trackmaster
from retrotread.devices.woodway import driver as woodway_driver
from retrotread.devices.woodway import reach as woodway_reach
from retrotread.devices.woodway import simulated as woodway
from retrotread.machine import (
    Command,
    CommandOutcome,
    DeviceProfile,
    LinkLost,
    MachineNotice,
    PhysicalStop,
    Qualification,
    Report,
    SpeedUnit,
    TargetChanged,
    Telemetry,
)

LOOK_AGAIN_S = 0.25
"""A machine on the air that has nothing to say looks so often at what was done to it."""

ACKNOWLEDGED_S = 0.03
"""From a write to its acknowledgement, and from there to the answer: a connection interval each."""

CLOSES_S = 2.0


class Belt(Protocol):
    """One machine, as the guardian's process and a person in the room meet it."""

    profile: DeviceProfile

    @property
    def belt_speed_kph(self) -> float: ...
    @property
    def deck_incline_percent(self) -> float: ...
    def advance(self, now_s: float) -> tuple[Report, ...]: ...
    def perform(self, command: Command, now_s: float) -> CommandOutcome | Pending: ...
    def answers(self, now_s: float) -> tuple[LateAnswer, ...]: ...
    def reconnect(self, now_s: float) -> bool:
        """Whether a new connection has come about by now; asked again and again."""
        ...

    def let_go(self, now_s: float) -> None:
        """The guardian ends the link on purpose; its end is reported like any other."""
        ...

    def do(self, deed: str, now_s: float) -> bool:
        """A hand or bad luck: one of ``HANDS`` or of the names of faults; False where this machine cannot have it."""
        ...

    def close(self) -> None: ...


HANDS = ("console-stop", "console-start", "pull-key", "insert-key")


class OfSimulated:
    """What a simulated treadmill truly does, whatever stands before it."""

    _treadmill: SimulatedTreadmill

    @property
    def belt_speed_kph(self) -> float:
        return self._treadmill.belt_speed_kph

    @property
    def deck_incline_percent(self) -> float:
        return self._treadmill.deck_incline_percent


class Plain(OfSimulated):
    """A simulated treadmill that speaks in nouns."""

    def __init__(self, kind: Archetype, seed: int) -> None:
        self._treadmill = SimulatedTreadmill(kind, (), seed)
        self.profile = kind.profile
        self.advance = self._treadmill.advance
        self.perform = self._treadmill.perform
        self.answers = self._treadmill.answers
        self.reconnect = self._treadmill.reconnect

    def let_go(self, now_s: float) -> None:
        self._treadmill.drop_link(now_s, "the guardian ended the link", returns_after_s=0.0)

    def do(self, deed: str, now_s: float) -> bool:
        return do_to(self._treadmill, deed, now_s)

    def close(self) -> None:
        """Nothing is open."""


def do_to(treadmill: SimulatedTreadmill, deed: str, now_s: float) -> bool:
    """A hand or a fault, at this moment."""
    hands: dict[str, Callable[[float], None]] = {
        "console-stop": treadmill.press_console_stop,
        "console-start": treadmill.press_console_start,
        "pull-key": treadmill.pull_safety_key,
        "insert-key": treadmill.insert_safety_key,
        "quiet-stop": lambda at_s: treadmill._do(at_s, lambda then_s: treadmill._works.slow_down(then_s, 1.0)),
    }
    if deed in hands:
        hands[deed](now_s)
    else:
        if deed not in FAULTS:
            return False
        treadmill.suffer(deed, now_s)
    return True


# --- over the air -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OnAir:
    """An FTMS machine: how its belt is, how it speaks, and what its driver knows of that."""

    name: str
    kind: Archetype
    shape: Shape
    dialect: FtmsDialect

    @property
    def profile(self) -> DeviceProfile:
        """What the driver will say that it is."""
        return replace(
            self.kind.profile,
            name=f"Simulated FTMS treadmill ({self.name})",
            lag_ms=self.kind.profile.lag_ms + 100,
            command_gap_ms=max(self.kind.profile.command_gap_ms, 500),
        )


MOVES = frozenset({OpCode.SET_TARGET_SPEED, OpCode.SET_TARGET_INCLINE})


class AirLink:
    """One ``GattLink`` between the driver and a machine, without a radio between them."""

    name, address = "SWARM-1", "C4:22:05:1A:00:0B"

    def __init__(self, machine: OnAir, treadmill: SimulatedTreadmill, loop: VirtualLoop) -> None:
        self._treadmill, self._loop, self._shape = treadmill, loop, machine.shape
        self._control = ControlPoint(treadmill, machine.shape)
        self._ears: dict[str, Callable[[bytes], None]] = {}
        self._lost: Callable[[str], None] = lambda _reason: None
        self._timer: asyncio.TimerHandle | None = None
        self._lost_why: str | None = None
        self._stopped = False
        self.objections: list[str] = []
        can = treadmill.profile.capabilities
        speeds = Range(can.speed_min_ckph / 100, can.speed_max_ckph / 100, can.speed_increment_ckph / 100)
        inclines = Range(0.0, can.incline_max_dpct / 10, can.incline_increment_dpct / 10)
        self._values = {
            known.SPEED_RANGE: encode_range(speeds, RangeOf.SPEED_KPH),
            known.INCLINE_RANGE: encode_range(inclines, RangeOf.INCLINE_PERCENT),
            known.MODEL: b"Swarm",
            known.FIRMWARE: b"1",
            known.MANUFACTURER: b"Simulated",
        }
        self.look()

    def has(self, uuid: str) -> bool:
        return uuid in self._values or uuid in (known.CONTROL_POINT, known.MACHINE_STATUS, known.TREADMILL_DATA)

    async def read(self, uuid: str) -> bytes:
        return self._values[uuid]

    def _last_word(self, octets: bytes) -> None:
        """Behind a stop nothing is handed over but a stop, until the belt is started again."""
        op = octets[0]
        if op in MOVES and self._stopped:
            self.objections.append(f"{octets.hex()} was handed to the link behind a stop")
        self._stopped = op == OpCode.STOP_OR_PAUSE or (self._stopped and op != OpCode.START_OR_RESUME)

    async def write(self, uuid: str, value: bytes, response: bool) -> None:
        if uuid == known.CONTROL_POINT:
            self._last_word(value)
        await self._passes(ACKNOWLEDGED_S)
        if self._lost_why is not None:
            raise GattError(self._lost_why)
        if uuid != known.CONTROL_POINT:
            self._control.vendor_write(uuid, value)
            return
        reply = self._control.receive(value, self._loop.time())
        self.look()
        match reply:
            case Refused(code):
                raise GattRefused("the attribute server said no", code)
            case Hangs():
                await self._loop.create_future()
            case EndsLink():
                self._treadmill.drop_link(self._loop.time(), "the machine crashed", returns_after_s=3.0)
                self.look()
            case Answer(frame, statuses):
                self._loop.call_later(ACKNOWLEDGED_S, self._say, known.CONTROL_POINT, frame)
                for status in statuses:
                    self._loop.call_later(ACKNOWLEDGED_S, self._say, known.MACHINE_STATUS, status)

    async def subscribe(self, uuid: str, heard: Callable[[bytes], None]) -> None:
        self._ears[uuid] = heard

    def on_lost(self, lost: Callable[[str], None]) -> None:
        self._lost = lost

    async def close(self) -> None:
        self._end("the program ended the link")

    def look(self) -> None:
        """Something was done to the machine: let it be told now, and wake up when there is something more."""
        if self._timer is not None:
            self._timer.cancel()
        if self._lost_why is None:
            self._timer = self._loop.call_at(self._loop.time(), self._live)

    def end(self, why: str) -> None:
        """The link goes."""
        self._end(why)
        self._lost(why)

    def _end(self, why: str) -> None:
        if self._lost_why is None and self._treadmill.link_up:
            self._treadmill.drop_link(self._loop.time(), why, returns_after_s=0.0)
            self._treadmill.advance(self._loop.time())
        self._lost_why = why
        if self._timer is not None:
            self._timer.cancel()

    def _live(self) -> None:
        now_s = self._loop.time()
        for report in self._treadmill.advance(now_s):
            self._tell(report)
        for answer in self._treadmill.answers(now_s):
            frame = self._control.late(answer)
            if frame is not None:
                self._say(known.CONTROL_POINT, frame)
        if self._lost_why is None:
            due = (self._treadmill.next_report_due_s, self._treadmill.next_answer_due_s)
            wake_s = min([now_s + LOOK_AGAIN_S, *(one for one in due if one is not None)])
            self._timer = self._loop.call_at(wake_s, self._live)

    def _tell(self, report: Report) -> None:
        match report:
            case Telemetry():
                for frame in frames(report, self._shape):
                    self._say(known.TREADMILL_DATA, frame)
            case TargetChanged(speed_kph, _incline):
                if speed_kph is not None:
                    self._say(known.MACHINE_STATUS, encode_machine_status(MachineEvent.TARGET_SPEED_CHANGED, speed_kph))
            case MachineNotice():
                if report is MachineNotice.STARTED_AT_CONSOLE:
                    self._control.console_started()
                self._say(known.MACHINE_STATUS, NOTICES[report])
            case LinkLost(reason):
                self.end(reason)

    def _say(self, uuid: str, frame: bytes) -> None:
        if self._lost_why is None and uuid in self._ears:
            self._ears[uuid](frame)

    async def _passes(self, seconds: float) -> None:
        await LoopClock(self._loop).sleep_until(self._loop.time() + seconds)


NOTICES: dict[MachineNotice, bytes] = {
    MachineNotice.STOPPED_AT_CONSOLE: encode_machine_status(MachineEvent.STOPPED_OR_PAUSED_BY_USER, StopOrPause.STOP),
    MachineNotice.SAFETY_KEY_PULLED: encode_machine_status(MachineEvent.STOPPED_BY_SAFETY_KEY),
    MachineNotice.STARTED_AT_CONSOLE: encode_machine_status(MachineEvent.STARTED_OR_RESUMED_BY_USER),
    MachineNotice.CONTROL_LOST: encode_machine_status(MachineEvent.CONTROL_LOST),
}


class AirTreadmill(OfSimulated):
    """A simulated treadmill behind the real FTMS driver and codec, moved on virtual time."""

    MEETS_S = 8.0

    def __init__(self, kind: OnAir, seed: int) -> None:
        self._kind, self._now_s = kind, 0.0
        self._loop = VirtualLoop(-self.MEETS_S)
        self._treadmill = SimulatedTreadmill(kind.kind, (), seed, -self.MEETS_S)
        self._reports: list[Report] = []
        self._asked: dict[int, asyncio.Task[CommandOutcome]] = {}
        self._numbers = 0
        self._visit: asyncio.Task[Connection] | None = None
        self._connection: Connection | None = None
        self._reading: asyncio.Task[None] | None = None
        self._link = AirLink(kind, self._treadmill, self._loop)
        self._visit = self._loop.create_task(self._meet())
        self._loop.run_to(0.0)
        self._take(self._visit.result())
        self._loop.run_to(0.0)
        self.profile = replace(self._visit.result().reader.profile, qualification=Qualification.FULL)
        self._visit = None
        self._reports.clear()

    def advance(self, now_s: float) -> tuple[Report, ...]:
        self._run_to(now_s)
        reports, self._reports = tuple(self._reports), []
        return reports

    def perform(self, command: Command, now_s: float) -> CommandOutcome | Pending:
        assert self._connection is not None
        self._run_to(now_s)
        self._numbers += 1
        self._asked[self._numbers] = self._loop.create_task(self._connection.writer.perform(command))
        return Pending(self._numbers)

    def answers(self, now_s: float) -> tuple[LateAnswer, ...]:
        self._run_to(now_s)
        done = [number for number, task in self._asked.items() if task.done()]
        return tuple(LateAnswer(number, self._asked.pop(number).result()) for number in done)

    def reconnect(self, now_s: float) -> bool:
        self._run_to(now_s)
        if self._visit is None:
            if self._treadmill.link_up or not self._treadmill.reconnect(now_s):
                return False
            self._link = AirLink(self._kind, self._treadmill, self._loop)
            self._visit = self._loop.create_task(self._meet())
        if not self._visit.done():
            return False
        visit, self._visit = self._visit, None
        if visit.exception() is not None:
            return False
        self._take(visit.result())
        return True

    def let_go(self, now_s: float) -> None:
        self._run_to(now_s)
        self._link.end("the guardian ended the link")

    def do(self, deed: str, now_s: float) -> bool:
        self._run_to(now_s)
        done = do_to(self._treadmill, deed, now_s)
        self._link.look()
        return done

    @property
    def objections(self) -> tuple[str, ...]:
        """What went over the air and should not have."""
        return tuple(self._link.objections)

    def close(self) -> None:
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_to(self._now_s)
        self._loop.close()

    async def _meet(self) -> Connection:
        clock: Clock = LoopClock(self._loop)
        return await connection_over(self._link, clock, Sheet(self._kind.profile, self._kind.dialect))

    def _take(self, connection: Connection) -> None:
        if self._reading is not None:
            self._reading.cancel()
        self._connection = connection
        self._reading = self._loop.create_task(self._read(connection))

    async def _read(self, connection: Connection) -> None:
        async for report in connection.reader.reports():
            self._reports.append(report)

    def _run_to(self, now_s: float) -> None:
        self._now_s = max(now_s, self._now_s)
        self._loop.run_to(self._now_s)


# --- on a cable ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OnCable:
    """A serial machine: what is known of it, and how one is made."""

    name: str
    profile: DeviceProfile
    machine: Callable[[float], Machine]
    driver: Callable[[SerialLine, Clock, DeviceProfile], Driver]


class CableTreadmill(WiredTreadmill):
    """A serial machine behind its real driver and codec; everything that befalls it is a deed."""

    def __init__(self, kind: OnCable) -> None:
        super().__init__(Wired(kind.profile, kind.machine, kind.driver))

    def let_go(self, now_s: float) -> None:
        """The guardian closes the port: silence on the line."""
        self.advance_to(now_s)
        self.line.unplug("the guardian closed the port")

    def do(self, deed: str, now_s: float) -> bool:
        act = CABLE_DEEDS.get(deed)
        if act is None or not act(self, now_s):
            return False
        self.line.look()
        return True

    def advance_to(self, now_s: float) -> None:
        self._run_to(now_s)


def _hand(name: str) -> Callable[[CableTreadmill, float], bool]:
    """What is done by a method of the machine, where it has it."""

    def act(treadmill: CableTreadmill, now_s: float) -> bool:
        method = getattr(treadmill.machine, name, None)
        if method is not None:
            treadmill.advance_to(now_s)
            method(now_s)
        return method is not None

    return act


def _switch(name: str, value: object, part: str = "") -> Callable[[CableTreadmill, float], bool]:
    """What is an attribute of the machine, or of its voice, where it has it."""

    def act(treadmill: CableTreadmill, now_s: float) -> bool:
        holder = getattr(treadmill.machine, part) if part else treadmill.machine
        if not hasattr(holder, name):
            return False
        treadmill.advance_to(now_s)
        setattr(holder, name, value)
        return True

    return act


def _self_start(treadmill: CableTreadmill, now_s: float) -> bool:
    treadmill.advance_to(now_s)
    start = getattr(treadmill.machine, "start_by_itself", None)
    if start is None or treadmill.machine.belt_speed_kph(now_s) > 0:
        return False
    start(now_s)
    return True


def _runaway(treadmill: CableTreadmill, now_s: float) -> bool:
    treadmill.advance_to(now_s)
    start = getattr(treadmill.machine, "start_by_itself", None)
    if start is None or treadmill.machine.belt_speed_kph(now_s) == 0:
        return False
    start(now_s, 9.0)
    return True


def _drop(treadmill: CableTreadmill, now_s: float) -> bool:
    treadmill.advance_to(now_s)
    treadmill.line.unplug()
    return True


def _stick(treadmill: CableTreadmill, now_s: float) -> bool:
    """The port takes no byte any more."""

    async def never(data: bytes, first: bool = False) -> None:
        await asyncio.get_running_loop().create_future()

    treadmill.advance_to(now_s)
    treadmill.line.write = never  # type: ignore[method-assign]
    return True


CABLE_DEEDS: dict[str, Callable[[CableTreadmill, float], bool]] = {
    "console-stop": _hand("stop_at_console"),
    "pull-key": _hand("emergency_stop"),
    "insert-key": _hand("release"),
    "turn-round": _hand("turn_round"),
    "self-start": _self_start,
    "runaway": _runaway,
    "drop": _drop,
    "stuck-write": _stick,
    "silent": _switch("answers", False, "voice"),
    "late-answers": _switch("late_s", 0.12, "voice"),
    "doubled-answers": _switch("doubled", True, "voice"),
    "ignore-stop": _switch("obeys_stop", False),
    "frozen": _switch("frozen", True),
    "deaf-to-direction": _switch("deaf_to_direction", True),
}


def _tried(profile: DeviceProfile, **more: object) -> DeviceProfile:
    """As a full qualification would leave it, with rails and a key; simulated, so that a person may be on it."""
    known_now = {"physical_stop": PhysicalStop.KEY, "rails": True, "qualification": Qualification.FULL}
    return replace(profile, **known_now, simulated=True, **more)  # type: ignore[arg-type]


CABLES: dict[str, OnCable] = {
    one.name: one
    for one in (
        OnCable(
            "trackmaster",
            _tried(trackmaster_reach.CAREFUL, speed_unit=SpeedUnit.MPH),
            lambda now_s: trackmaster.TrackmasterMachine(trackmaster.Setup(), now_s),
            lambda line, clock, profile: trackmaster_driver.TrackmasterConnection(line, clock, SpeedUnit.MPH, profile),
        ),
        OnCable(
            "woodway",
            _tried(woodway_reach.CAREFUL, reverses=True),
            lambda now_s: woodway.WoodwayMachine(woodway.Setup(), now_s),
            woodway_driver.WoodwayConnection,
        ),
        OnCable(
            "csafe",
            _tried(csafe_reach.CAREFUL),
            lambda now_s: csafe.CsafeMachine(csafe.Setup(), now_s),
            csafe_driver.CsafeConnection,
        ),
        OnCable(
            "biodex",
            _tried(biodex_reach.CAREFUL, reverses=True),
            lambda now_s: biodex.BiodexMachine(biodex.Setup(), now_s),
            lambda line, clock, profile: biodex_driver.BiodexConnection(line, clock, SCALES["0.1mph"], profile),
        ),
    )
}

_WELL = ARCHETYPES["well-behaved"]
AIRS: dict[str, OnAir] = {
    one.name: one
    for one in (
        OnAir("as-specified", _WELL, shape_of(()), FtmsDialect()),
        OnAir("talkative", ARCHETYPES["target-teller"], shape_of(("full", "split", "padded")), FtmsDialect()),
        OnAir(
            "slow-console",
            ARCHETYPES["slow-reporter"],
            shape_of(("slow-console", "silent-control")),
            FtmsDialect(control=ControlRequest.SILENT),
        ),
        OnAir("one-at-a-time", _WELL, shape_of(("one-at-a-time", "notified-answers")), FtmsDialect()),
    )
}

KINDS: tuple[str, ...] = (
    *(f"plain/{name}" for name in ARCHETYPES),
    *(f"air/{name}" for name in AIRS),
    *(f"cable/{name}" for name in CABLES),
)
REBOOT = "console-reboot"
MACHINE_FAULTS: tuple[str, ...] = (*(name for name in FAULTS if name != REBOOT), "turn-round", "deaf-to-direction")
"""All that are drawn together; see ``case`` for the other one."""


INTRODUCED = OnAir(
    "introduced",
    _WELL,
    shape_of(("preamble",)),
    FtmsDialect(preamble=(GattWrite(PREAMBLE_UUID, PREAMBLE_HEX),)),
)
"""In files of the corpus alone: it wants octets of its vendor before every command, so that one takes two writes."""

WEAK = "weak"
"""In files of the corpus alone: its motor is too weak for whoever stands on it; it starts, and hardly gets faster."""


def _archetype(name: str) -> Archetype:
    return replace(_WELL, name=WEAK, rise_kph_per_s=0.004) if name == WEAK else ARCHETYPES[name]


def profile_of(kind: str) -> DeviceProfile:
    """What is known of this kind before it is met."""
    family, _, name = kind.partition("/")
    if family == "plain":
        return _archetype(name).profile
    return _on_air(name).profile if family == "air" else CABLES[name].profile


def _on_air(name: str) -> OnAir:
    return INTRODUCED if name == INTRODUCED.name else AIRS[name]


def made(kind: str, seed: int) -> Belt:
    """A machine of this kind, met and at rest."""
    family, _, name = kind.partition("/")
    if family == "plain":
        return Plain(_archetype(name), seed)
    return AirTreadmill(_on_air(name), seed) if family == "air" else CableTreadmill(CABLES[name])
