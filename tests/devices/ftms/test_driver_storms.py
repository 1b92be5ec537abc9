"""Hours of anything: commands, frames, refusals, hangs and losses in random order, and what must hold all the same."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any

import pytest

from retrotread.devices.ftms.characteristics import CONTROL_POINT, MACHINE_STATUS, TREADMILL_DATA
from retrotread.devices.ftms.codec import MachineEvent
from retrotread.machine import Accepted, Rejected, SetIncline, SetSpeed, StartBelt, StopBelt, Stuck, Telemetry, Unknown

STEPS = 250
SPEEDS_KPH = (0.0, 0.0, 0.0, 0.8, 1.0, 3.0, 7.5)
NOISE_SHARE = 0.1
CHANGES_SHARE = 0.15
OUTCOMES = (Accepted, Rejected, Stuck, Unknown)
LONGEST_S = 1.0 + 1.5 + 0.5 + 2.5 + 0.5
"""A write, an answer, the gap before it, what was in flight before, and control again for a stop."""


class Storm:
    """One seed: what is done to the driver, and a record of it that knows nothing of the driver."""

    def __init__(self, rig: Any, seed: int) -> None:
        self.rig, self.dice = rig, random.Random(seed)
        self.asked: list[tuple[float, Any, Any]] = []
        self.reports: list[tuple[float, float]] = []
        self.stops: list[float] = []
        self.speed_kph = 0.0

    async def blow(self) -> None:
        acts: list[Callable[[], None]] = [self.report] * 9 + [self.noise, self.event, self.answer, self.temper]
        acts += [self.start, self.start, *[self.speed] * 4, self.incline, self.stop]
        for _ in range(STEPS):
            self.dice.choice(acts)()
            await self.rig.run(self.dice.choice([0.0, 0.001, 0.02, 0.2, 0.5, 1.0, 2.0]))

    def report(self) -> None:
        if self.dice.random() < CHANGES_SHARE:
            self.speed_kph = self.dice.choice(SPEEDS_KPH)
        speed_kph = self.speed_kph
        self.reports.append((self.rig.clock.now_s(), speed_kph))
        self.rig.link.report(speed_kph)

    def noise(self) -> None:
        if self.dice.random() < NOISE_SHARE:
            uuid = self.dice.choice([TREADMILL_DATA, MACHINE_STATUS, CONTROL_POINT])
            self.rig.link.say(uuid, self.dice.randbytes(self.dice.randrange(0, 40)))

    def event(self) -> None:
        event = self.dice.choice([MachineEvent.STARTED_OR_RESUMED_BY_USER, MachineEvent.RESET])
        self.rig.link.tell(event)

    def answer(self) -> None:
        self.rig.link.say(CONTROL_POINT, bytes([0x80, self.dice.randrange(10), self.dice.randrange(8)]))

    def temper(self) -> None:
        link, dice = self.rig.link, self.dice
        link.takes_s = dice.choice([0.0, 0.0, 0.3, 1.2])
        link.answers_after_s = dice.choice([0.0, 0.045, 0.7, 2.0])
        link.results = {op: dice.choice([1, 1, 1, 3, 4]) for op in (2, 3, 7, 8)}
        link.refusals = [0xFE] * dice.choice([0, 0, 0, 1, 20])

    def start(self) -> None:
        self.ask(StartBelt())

    def speed(self) -> None:
        self.ask(SetSpeed(self.dice.randrange(0, 2100)))

    def incline(self) -> None:
        self.ask(SetIncline(self.dice.randrange(0, 130)))

    def stop(self) -> None:
        self.stops.append(self.rig.clock.now_s())
        self.ask(StopBelt())

    def ask(self, command: Any) -> None:
        self.asked.append((self.rig.clock.now_s(), command, self.rig.ask(command)))

    def stood(self, moment_s: float) -> bool:
        """The last report before this moment, or one in it, was a zero."""
        before = next((kph for at_s, kph in reversed(self.reports) if at_s < moment_s), None)
        return before == 0 or (moment_s, 0.0) in self.reports

    def writes(self, op: int) -> list[float]:
        return [at_s for at_s, uuid, octets in self.rig.link.written if uuid == CONTROL_POINT and octets[0] == op]


@pytest.fixture(params=range(12))
async def storm(request: Any, rig: Any) -> Storm:
    made = Storm(rig, request.param)
    await made.blow()
    await rig.run(10.0)
    return made


async def test_what_holds_in_every_storm(storm: Storm) -> None:
    rig = storm.rig
    starts, speeds, stops = storm.writes(7), storm.writes(2), storm.writes(8)
    assert all(storm.stood(at_s) for at_s in starts), "a start went to a belt that was not seen to stand"
    assert not {*starts} & {*speeds}, "a start and a speed went out together"
    for at_s in speeds:
        since_s = max((one for one in starts if one <= at_s), default=0.0)
        assert any(since_s <= seen_s <= at_s and kph > 0 for seen_s, kph in storm.reports), (
            "a speed went to a still belt"
        )
    sent = [octets[0] for _, uuid, octets in rig.link.written if uuid == CONTROL_POINT and octets[0] in (2, 7, 8)]
    before = [next((op for op in reversed(sent[:at]) if op != 2), 7) for at, op in enumerate(sent) if op == 2]
    assert {*before} <= {7}, "a speed went out after a stop and before a start"
    asked_to_stop = [(at_s, asked) for at_s, command, asked in storm.asked if isinstance(command, StopBelt)]
    assert {at_s for at_s, _ in asked_to_stop} <= {*stops}, "a stop was not written in the moment it was asked for"
    for _, command, asked in storm.asked:
        assert asked.done(), f"{command} never had an outcome"
        assert isinstance(asked.result(), OUTCOMES)
    assert not rig.reading.done()
    told = [report.speed_kph for report in rig.heard(Telemetry)]
    assert len(told) > STEPS / 5
    assert {*told} <= {*SPEEDS_KPH}


async def test_between_two_set_points_lies_the_gap_and_no_two_are_in_flight(storm: Storm) -> None:
    moves = sorted(storm.writes(2) + storm.writes(3) + storm.writes(7))
    gaps_s = [later - earlier for earlier, later in itertools.pairwise(moves)]
    assert len(moves) >= 5
    assert min(gaps_s) >= storm.rig.profile.command_gap_ms / 1000 - 1e-6


async def test_every_outcome_comes_in_time(clock: Any, rig: Any) -> None:
    storm = Storm(rig, 99)
    for _ in range(60):
        storm.temper()
        storm.dice.choice([storm.start, storm.speed, storm.incline, storm.stop, storm.report])()
        await rig.run(LONGEST_S)
        assert all(asked.done() for _, _, asked in storm.asked)
