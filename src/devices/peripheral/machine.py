"""A simulated treadmill on the air: its belt model behind real attributes, in the shape of a machine in the field."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from bumble import att
from bumble.gatt import Characteristic

from ...clock import Clock
from ...machine import LinkLost, MachineNotice, Report, TargetChanged, Telemetry
from ..ftms import characteristics as known
from ..ftms.codec import (
    MachineEvent,
    StopOrPause,
    Training,
    TrainingStatus,
    encode_machine_status,
    encode_training_status,
)
from ..simulated.treadmill import SimulatedTreadmill
from .adverts import treadmill_adverts
from .attributes import SIMULATED, Label, subscription_of, table_of
from .control import NOT_SUBSCRIBED, Answer, ControlPoint, EndsLink, Hangs, Refused
from .records import frames
from .shape import AS_SPECIFIED, Answering, Shape
from .station import Station

LOOK_AGAIN_S = 0.25
"""A hand may have pressed a key meanwhile: a machine that has nothing to say looks so often what has changed."""

TURN_EVERY = 64
"""After so many frames in a row everybody else on the loop has a turn."""

STARTS_AFTER_S = 2.0
STARTS_AT_KPH = 1.0
"""A preset workout that begins when a program connects: after its greeting, at a slow walk."""

PADDING = bytes(2)

NOTICES: dict[MachineNotice, bytes] = {
    MachineNotice.STOPPED_AT_CONSOLE: encode_machine_status(MachineEvent.STOPPED_OR_PAUSED_BY_USER, StopOrPause.STOP),
    MachineNotice.SAFETY_KEY_PULLED: encode_machine_status(MachineEvent.STOPPED_BY_SAFETY_KEY),
    MachineNotice.STARTED_AT_CONSOLE: encode_machine_status(MachineEvent.STARTED_OR_RESUMED_BY_USER),
    MachineNotice.CONTROL_LOST: encode_machine_status(MachineEvent.CONTROL_LOST),
}
PAUSED_AT_CONSOLE = encode_machine_status(MachineEvent.STOPPED_OR_PAUSED_BY_USER, StopOrPause.PAUSE)
STALE_STATUS = NOTICES[MachineNotice.STARTED_AT_CONSOLE]


@dataclass(frozen=True, slots=True)
class Part:
    """What a machine plays: how it speaks and what it calls itself."""

    shape: Shape = AS_SPECIFIED
    label: Label = SIMULATED


PLAIN = Part()


class FtmsMachine:
    """One machine on one station. Its belt lives on the clock that it is given, connected or not."""

    def __init__(self, treadmill: SimulatedTreadmill, clock: Clock, station: Station, part: Part = PLAIN) -> None:
        self.treadmill = treadmill
        self.station = station
        self._clock = clock
        self._shape = part.shape
        self._control = ControlPoint(treadmill, part.shape)
        self._table = table_of(treadmill.profile.capabilities, part.shape, part.label, self._written)
        self._adverts = treadmill_adverts(part.label.name, part.shape)
        self._sleep: asyncio.Future[None] | None = None
        self._work: set[asyncio.Task[None]] = set()
        self._hanging: list[asyncio.Future[None]] = []
        self._training = Training.IDLE
        self._last_kph = 0.0
        self._last_subscription_s = -1e9
        self._returning = False
        self._pausing = False
        station.came, station.went = self._came, self._went

    async def start(self) -> None:
        """On the air from now on; ``stop`` it."""
        if self._shape.cccd_gap_ms or self._shape.stale_status:
            self._keep_subscriptions()
        await self.station.switch_on(self._table.services, self._adverts)
        await self.station.advertise(self._clock)
        self._begin(self._live())

    async def stop(self) -> None:
        """Off the air without a word; the link of whoever was connected is lost."""
        for task in list(self._work):
            task.cancel()
        await self.station.switch_off()

    def look(self) -> None:
        """Something was done to the treadmill: let it be told now."""
        if self._sleep is not None:
            self._sleep.cancel()

    def press_console_pause(self, now_s: float) -> None:
        """Somebody presses pause: the belt stops as ever, and it is told as a pause."""
        self._pausing = True
        self.treadmill.press_console_stop(now_s)

    # What the treadmill says

    async def _live(self) -> None:
        while True:
            now_s = self._clock.now_s()
            for number, report in enumerate(self.treadmill.advance(now_s), start=1):
                self._tell(report)
                if number % TURN_EVERY == 0:
                    await self._clock.sleep_until(self._clock.now_s())
            for answer in self.treadmill.answers(now_s):
                frame = self._control.late(answer)
                if frame is not None:
                    self._answer(frame)
            await self._return_if_reachable()
            await self._wait()

    async def _wait(self) -> None:
        look_again_s = self._clock.now_s() + LOOK_AGAIN_S
        due = (self.treadmill.next_report_due_s, self.treadmill.next_answer_due_s)
        wake_s = min([look_again_s, *(one for one in due if one is not None)])
        self._sleep = asyncio.ensure_future(self._clock.sleep_until(wake_s))
        try:
            await asyncio.wait({self._sleep})
        finally:
            self._sleep.cancel()

    def _tell(self, report: Report) -> None:
        match report:
            case Telemetry():
                self._tell_record(report)
            case TargetChanged(speed_kph, incline_percent):
                if speed_kph is not None:
                    self._status(encode_machine_status(MachineEvent.TARGET_SPEED_CHANGED, speed_kph))
                if incline_percent is not None:
                    self._status(encode_machine_status(MachineEvent.TARGET_INCLINE_CHANGED, incline_percent))
            case MachineNotice():
                self._tell_notice(report)
            case LinkLost():
                self._begin(self.station.end_link())

    def _tell_record(self, report: Telemetry) -> None:
        told = self.treadmill.belt_target_kph if self._shape.set_point_told else report.speed_kph or 0.0
        if self._shape.set_point_told:
            report = Telemetry(
                report.measured_at_s, round(told, 2), report.incline_percent, report.distance_m, report.machine_time_s
            )
        for frame in frames(report, self._shape):
            self.station.notify(self._table.data, frame)
        if self._shape.ramp_told and 0 < told < self._last_kph:
            self._status(encode_machine_status(MachineEvent.TARGET_SPEED_CHANGED, round(told, 2)))
        self._last_kph = told
        self._tell_training(Training.MANUAL if told > 0 else Training.IDLE)

    def _tell_training(self, training: Training) -> None:
        if training is not self._training:
            self._training = training
            value = encode_training_status(TrainingStatus(training))
            self._table.training.value = value
            self.station.notify(self._table.training, value)

    def _tell_notice(self, notice: MachineNotice) -> None:
        if notice is MachineNotice.STARTED_AT_CONSOLE:
            self._control.console_started()
        paused = self._pausing and notice is MachineNotice.STOPPED_AT_CONSOLE
        self._pausing = self._pausing and not paused
        self._status(PAUSED_AT_CONSOLE if paused else NOTICES[notice])

    def _status(self, frame: bytes) -> None:
        self.station.notify(self._table.status, frame + PADDING if self._shape.padded else frame)

    def _answer(self, frame: bytes) -> None:
        if self._shape.answering is Answering.NOTIFIED:
            self.station.notify(self._table.control, frame, force=True)
        else:
            self.station.indicate(self._table.control, frame)

    # What is written

    def _written(self, uuid: str, value: bytes) -> object:
        """An awaitable that never ends is a write that is never acknowledged."""
        if uuid != known.CONTROL_POINT:
            self._control.vendor_write(uuid, value)
            return None
        if not self.station.subscribed(self._table.control):
            raise att.ATT_Error(error_code=NOT_SUBSCRIBED)
        reply = self._control.receive(value, self._clock.now_s())
        match reply:
            case Refused(att_error):
                raise att.ATT_Error(error_code=att_error)
            case Hangs():
                self._hanging.append(asyncio.get_running_loop().create_future())
                return self._hanging[-1]
            case EndsLink():
                self._begin(self._crash())
            case Answer(frame, statuses):
                self._begin(self._after_acknowledging(frame, statuses))
            case _:
                pass
        self.look()
        return None

    async def _after_acknowledging(self, frame: bytes, statuses: tuple[bytes, ...]) -> None:
        """A task of its own begins once the write is acknowledged."""
        self._answer(frame)
        for status in statuses:
            self._status(status)

    async def _crash(self) -> None:
        self.treadmill.drop_link(self._clock.now_s(), "the machine crashed", returns_after_s=3.0)
        self.look()

    # Who comes and goes

    def _came(self) -> None:
        now_s = self._clock.now_s()
        self._control.begin()
        if not self.treadmill.link_up:
            self.treadmill.reconnect(now_s)
        if self._shape.starts_on_connect:
            self._begin(self._start_by_itself())
        self.look()

    async def _start_by_itself(self) -> None:
        await self._clock.sleep_until(self._clock.now_s() + STARTS_AFTER_S)
        self.treadmill.start_by_itself(self._clock.now_s(), STARTS_AT_KPH)

    def _went(self) -> None:
        """Whoever ended it: the belt does what its kind does without a link."""
        for hanging in self._hanging:
            hanging.cancel()
        self._hanging.clear()
        self.treadmill.drop_link(self._clock.now_s(), "the program went away", returns_after_s=0.0)
        self._returning = True
        self.look()

    async def _return_if_reachable(self) -> None:
        """Advertise again once there would be a connection."""
        if self._returning and self.treadmill.reachable and not self.station.connected:
            self._returning = False
            await self.station.advertise(self._clock)

    # Subscriptions with a mind of their own

    def _keep_subscriptions(self) -> None:
        server = self.station.device.gatt_server
        for characteristic in (self._table.data, self._table.training, self._table.control, self._table.status):
            subscription_of(characteristic, server.read_cccd, self._subscribe)

    def _subscribe(self, bearer: att.Bearer, characteristic: Characteristic[bytes], value: bytes) -> None:
        now_s = self._clock.now_s()
        early = now_s - self._last_subscription_s < self._shape.cccd_gap_ms / 1000
        self._last_subscription_s = now_s
        if early:
            return
        self.station.device.gatt_server.write_cccd(bearer, characteristic, value)
        if self._shape.stale_status and characteristic is self._table.status:
            self._begin(self._tell_stale())

    async def _tell_stale(self) -> None:
        self._status(STALE_STATUS)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)
