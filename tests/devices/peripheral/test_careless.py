"""What the care of the driver is for: the same plan on machines with the manners of the field, driven with care and
without. An oracle that looks at the belt itself, at what was told and at what went over the air, judges both.

Not here, because no driver alone can tell: a reported speed that is the set-point, spikes, lone zeros, a belt that
ignores set speeds or stops, silence, a belt that starts by itself. Those are the supervisor's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Protocol

import pytest

from retrotread.devices.connect import connect
from retrotread.devices.ftms import characteristics as known
from retrotread.devices.ftms.codec import decode_treadmill_data
from retrotread.devices.gatt.bleak_link import open_link
from retrotread.devices.gatt.link import GattError, GattLink
from retrotread.machine import (
    Accepted,
    Command,
    CommandOutcome,
    LinkLost,
    MachineNotice,
    Rejected,
    Report,
    SetIncline,
    SetSpeed,
    StartBelt,
    StopBelt,
    TargetChanged,
    Telemetry,
    Unknown,
)

# What drives


class Driver(Protocol):
    async def perform(self, command: Command) -> CommandOutcome: ...


class Careless:
    """A driver as quick programs have it: control and start before every set-point, whatever the belt does; nothing
    waits for an answer; all subscriptions at once; speed and incline at fixed places of a record.

    ``strict``: a record that is not exactly as specified is thrown away.
    """

    def __init__(self, link: GattLink, told: Callable[[Report], None], strict: bool) -> None:
        self._link, self._told, self._strict = link, told, strict

    async def open(self) -> None:
        ears = {
            known.CONTROL_POINT: lambda _octets: None,
            known.MACHINE_STATUS: self._status,
            known.TREADMILL_DATA: self._record,
        }
        self._link.on_lost(lambda reason: self._told(LinkLost(reason)))
        await asyncio.gather(*(self._link.subscribe(uuid, ear) for uuid, ear in ears.items()))

    def _record(self, octets: bytes) -> None:
        if self._strict and decode_treadmill_data(octets).anomalies:
            return
        incline = int.from_bytes(octets[7:9], "little", signed=True) / 10 if len(octets) >= 9 else None
        self._told(Telemetry(0.0, int.from_bytes(octets[2:4], "little") / 100, incline))

    def _status(self, octets: bytes) -> None:
        events = {2: MachineNotice.STOPPED_AT_CONSOLE, 4: MachineNotice.STARTED_AT_CONSOLE}
        if octets[0] in events:
            self._told(events[octets[0]])
        elif octets[0] == 5:
            self._told(TargetChanged(int.from_bytes(octets[1:3], "little") / 100))

    async def perform(self, command: Command) -> CommandOutcome:
        try:
            for octets in self._octets(command):
                await self._link.write(known.CONTROL_POINT, bytes.fromhex(octets), True)
        except GattError as error:
            return Unknown(str(error))
        return Accepted()

    def _octets(self, command: Command) -> tuple[str, ...]:
        match command:
            case StartBelt():
                return ("00", "07", "023200")
            case SetSpeed(speed_ckph):
                return ("00", "07", "02" + speed_ckph.to_bytes(2, "little").hex())
            case SetIncline(incline_dpct):
                return ("00", "03" + incline_dpct.to_bytes(2, "little").hex())
            case StopBelt():
                return ("0801",)


# What happened


@dataclass(frozen=True)
class Done:
    asked_s: float
    command: Command
    outcome: CommandOutcome | None


@dataclass(frozen=True)
class Truth:
    at_s: float
    speed_kph: float
    incline_percent: float


@dataclass
class Flight:
    """One run of a plan, as the oracle sees it."""

    truth: list[Truth] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    told: list[tuple[float, Report]] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    foreign: bool = False
    lowest_kph: float = 0.0

    @property
    def stopped_s(self) -> float | None:
        return next((one.asked_s for one in self.done if isinstance(one.command, StopBelt)), None)


@dataclass(frozen=True)
class Step:
    command: Command
    then_s: float


PLAN = (
    Step(StartBelt(), 15),
    Step(SetSpeed(160), 12),
    Step(SetSpeed(345), 12),
    Step(SetSpeed(345), 3),
    Step(SetSpeed(240), 12),
    Step(StopBelt(), 25),
)
UPHILL = (Step(StartBelt(), 15), Step(SetIncline(20), 20), Step(StopBelt(), 20))
BELOW_THE_LOWEST = (Step(StartBelt(), 15), Step(SetSpeed(160), 12), Step(SetSpeed(40), 12), Step(StopBelt(), 20))
A_SET_AFTER_THE_STOP = (*PLAN[:3], Step(StopBelt(), 20), Step(SetSpeed(240), 20))
A_QUICK_STOP = (*PLAN[:2], Step(SetSpeed(345), 0.2), Step(StopBelt(), 25))


# The oracle: every rule is a sentence, and looks at nothing but the flight

NOISE_KPH = 0.02
REST_WITHIN_S = 12.0
FOLLOWS_WITHIN_S = 9.0
SILENT_S = 3.0
TRUE_FOR_S = 2.5


def no_faster_than_asked(flight: Flight) -> list[str]:
    """At the lowest speed of the belt, or below the highest speed that was asked for so far."""
    asked = [(one.asked_s, one.command.speed_ckph / 100) for one in flight.done if isinstance(one.command, SetSpeed)]
    faster = []
    for truth in flight.truth:
        allowed = max([flight.lowest_kph, *(kph for asked_s, kph in asked if asked_s <= truth.at_s)])
        if truth.speed_kph > allowed + NOISE_KPH:
            faster.append(f"{truth.speed_kph:.2f} km/h where {allowed:.2f} km/h was asked for")
    return faster[:1]


def still_after_a_stop(flight: Flight) -> list[str]:
    if flight.stopped_s is None or flight.foreign:
        return []  # who has lost the control can only say so
    late = [one for one in flight.truth if one.at_s > flight.stopped_s + REST_WITHIN_S and one.speed_kph > 0]
    return [f"{late[0].speed_kph:.2f} km/h {late[0].at_s - flight.stopped_s:.1f} s after the stop"] if late else []


def what_was_accepted_came_true(flight: Flight) -> list[str]:
    """A driver may say that it does not know, or that it was refused; what it calls taken has to happen."""
    ends = [*(one.asked_s for one in flight.done[1:]), flight.truth[-1].at_s]
    return [
        f"{one.command} was called accepted and did not come true"
        for one, end_s in zip(flight.done, ends, strict=True)
        if isinstance(one.outcome, Accepted) and end_s - one.asked_s >= FOLLOWS_WITHIN_S
        if not _true_at(one.command, [truth for truth in flight.truth if truth.at_s <= end_s][-1])
    ]


def _true_at(command: Command, truth: Truth) -> bool:
    match command:
        case StartBelt():
            return truth.speed_kph > 0
        case SetSpeed(speed_ckph):
            return abs(truth.speed_kph - speed_ckph / 100) < 0.51  # the coarsest step
        case SetIncline(incline_dpct):
            return abs(truth.incline_percent - incline_dpct / 10) < 1.0
        case StopBelt():
            return truth.speed_kph == 0


def every_outcome_comes(flight: Flight) -> list[str]:
    return [f"{one.command} never had an outcome" for one in flight.done if one.outcome is None]


def reports_are_true(flight: Flight) -> list[str]:
    """A reported number lies between what was true within the last seconds."""
    wrong = []
    for at_s, report in flight.told:
        if isinstance(report, Telemetry):
            seen = [one for one in flight.truth if at_s - TRUE_FOR_S <= one.at_s <= at_s + 0.1]
            wrong += _untrue(report.speed_kph, [one.speed_kph for one in seen], "km/h")
            wrong += _untrue(report.incline_percent, [one.incline_percent for one in seen], "%")
    return wrong[:1]


def _untrue(told: float | None, true: list[float], unit: str) -> list[str]:
    if told is None or not true or min(true) - 0.1 <= told <= max(true) + 0.1:
        return []
    return [f"{told:g} {unit} was reported where {min(true):.2f} to {max(true):.2f} {unit} was true"]


def reports_keep_coming(flight: Flight) -> list[str]:
    moments = [at_s for at_s, report in flight.told if isinstance(report, Telemetry)]
    times_s = [flight.truth[0].at_s, *moments, flight.truth[-1].at_s]
    gaps = [later - earlier for earlier, later in pairwise(times_s)]
    return [f"no report for {max(gaps):.1f} s"] if max(gaps) > SILENT_S else []


def the_link_holds(flight: Flight) -> list[str]:
    return ["the link was lost" for _, report in flight.told if isinstance(report, LinkLost)]


def no_news_of_what_nobody_did(flight: Flight) -> list[str]:
    """There is no hand at this console, and no other program unless the flight has one."""
    if flight.foreign:
        return []
    asked = {one.command.speed_ckph / 100 for one in flight.done if isinstance(one.command, SetSpeed)} | {0.0}
    news = [
        str(report)
        for _, report in flight.told
        if isinstance(report, MachineNotice) or (isinstance(report, TargetChanged) and report.speed_kph not in asked)
    ]
    return news[:1]


def nothing_is_said_twice(flight: Flight) -> list[str]:
    sets = [one for one in flight.written if one.startswith("02")]
    return [f"{later} was sent again" for earlier, later in pairwise(sets) if earlier == later]


ORACLE: tuple[Callable[[Flight], list[str]], ...] = (
    no_faster_than_asked,
    still_after_a_stop,
    what_was_accepted_came_true,
    every_outcome_comes,
    reports_are_true,
    reports_keep_coming,
    the_link_holds,
    no_news_of_what_nobody_did,
    nothing_is_said_twice,
)


def verdict(flight: Flight) -> dict[str, list[str]]:
    """The rules that were broken, each with its first sentences."""
    found = {rule.__name__: rule(flight) for rule in ORACLE}
    return {name: sentences for name, sentences in found.items() if sentences}


# The run


@dataclass(frozen=True)
class Case:
    """A family of machines: who plays it, the rule that care keeps, and whether care gets its belt to run at all."""

    family: str
    address: str
    keeps: Callable[[Flight], list[str]]
    plan: tuple[Step, ...] = PLAN
    strict: bool = False
    foreign: bool = False
    runs: bool = True


AIR = "air://well-behaved"
CASES = (
    Case("needs control before every set", f"{AIR}#control-each-time", what_was_accepted_came_true),
    Case("start is a pause toggle", "air://start-toggles", what_was_accepted_came_true),
    Case("takes speeds for miles", "air://mph-speaker#taken-for-miles", no_faster_than_asked),
    Case("publishes its range in miles", f"{AIR}#mph-range", what_was_accepted_came_true, BELOW_THE_LOWEST),
    Case("obeys only after its own start key", f"{AIR}#console-first", what_was_accepted_came_true, runs=False),
    Case("crashes on a set before motion", f"{AIR}#early-set-drops", the_link_holds),
    Case("forgets commands that come too soon", f"{AIR}#slow-console", what_was_accepted_came_true),
    Case("forgets subscriptions that come at once", f"{AIR}#slow-cccd", reports_keep_coming),
    Case("wants a preamble, and fails every request for control", f"{AIR}#control-fails,preamble",
         what_was_accepted_came_true),
    Case("wants a vendor's unlock first", f"{AIR}#unlock", what_was_accepted_came_true),
    Case("no incline although asked", f"{AIR}#incline-dead", what_was_accepted_came_true, UPHILL),
    Case("incline not reported", f"{AIR}#no-incline-reports", reports_are_true),
    Case("the same command again: beeps", AIR, nothing_is_said_twice),
    Case("steps that round upward", "air://coarse-steps", no_faster_than_asked),
    Case("split records", f"{AIR}#split", reports_are_true),
    Case("cut records", f"{AIR}#cut", reports_keep_coming, strict=True),
    Case("padded records", f"{AIR}#padded", reports_keep_coming, strict=True),
    Case("narrow paces, steps in the reserved bit", f"{AIR}#pace8,steps,no-incline-reports", reports_are_true),
    Case("replays an old status", f"{AIR}#stale-status", no_news_of_what_nobody_did),
    Case("says stopped when it starts", f"{AIR}#start-says-stopped", no_news_of_what_nobody_did),
    Case("tells its own slowing as targets", f"{AIR}#ramp-told", no_news_of_what_nobody_did),
    Case("refuses a second command before the answer", f"{AIR}?answer_s=0.8#one-at-a-time", still_after_a_stop,
         A_QUICK_STOP),
    Case("a set-point starts it", "air://set-starts", still_after_a_stop, A_SET_AFTER_THE_STOP),
    Case("another program takes control", f"{AIR}?fault=foreign-takeover@35", what_was_accepted_came_true,
         foreign=True),
)  # fmt: skip


MPH = 1.609344


class Runner:
    """Flies a plan on a machine that is on the air."""

    def __init__(self, clock: Any, machine: Any, case: Case) -> None:
        self.clock, self.machine, self.case = clock, machine, case
        kind = machine.treadmill.profile.capabilities
        unit = MPH if "taken-for-miles" in case.address else 1.0
        self.flight = Flight(foreign=case.foreign, lowest_kph=kind.speed_min_ckph / 100 * unit)
        received = machine._control.receive

        def receive(payload: bytes, now_s: float) -> Any:
            self.flight.written.append(payload.hex())
            return received(payload, now_s)

        machine._control.receive = receive

    def told(self, report: Report) -> None:
        self.flight.told.append((self.clock.now_s(), report))

    async def fly(self, driver: Driver) -> Flight:
        await self._run_for(2)
        asked: list[tuple[float, Command, asyncio.Future[CommandOutcome]]] = []
        for step in self.case.plan:
            performing = asyncio.ensure_future(driver.perform(step.command))
            asked.append((self.clock.now_s(), step.command, performing))
            await self._run_for(step.then_s)
            if performing.done() and isinstance(performing.result(), Rejected) and isinstance(step.command, StartBelt):
                break  # nobody is told to walk on a belt that did not start
        for asked_s, command, performed in asked:
            outcome = performed.result() if performed.done() else None
            self.flight.done.append(Done(asked_s, command, outcome))
        return self.flight

    async def _run_for(self, seconds: float) -> None:
        ends_s = self.clock.now_s() + seconds
        while self.clock.now_s() < ends_s - 1e-6:
            await self.clock.run_until(min(ends_s, self.clock.now_s() + 0.1))
            belt = self.machine.treadmill
            self.flight.truth.append(Truth(self.clock.now_s(), belt.belt_speed_kph, belt.deck_incline_percent))


MachineMaker = Callable[[str], Awaitable[Any]]


async def fly_with_care(case: Case, clock: Any, machine_on_air: MachineMaker) -> Flight:
    there = await machine_on_air(case.address)
    runner = Runner(clock, there.machine, case)
    connection = await clock.finish(connect(there.address, clock, there.sheet))

    async def read() -> None:
        async for report in connection.reader.reports():
            runner.told(report)

    reading = asyncio.ensure_future(read())
    flight = await runner.fly(connection.writer)
    await clock.finish(connection.reader.close())
    await clock.run_until(clock.now_s() + 1)
    reading.cancel()
    return flight


async def fly_without(case: Case, clock: Any, machine_on_air: MachineMaker) -> Flight:
    there = await machine_on_air(case.address)
    runner = Runner(clock, there.machine, case)
    (_, via), *_ = there.address.options
    link = await clock.finish(open_link(there.address.name, clock, via))
    driver = Careless(link, runner.told, case.strict)
    await clock.finish(driver.open())
    flight = await runner.fly(driver)
    await clock.finish(link.close())
    return flight


every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.family)


@every_case
async def test_with_care_the_oracle_has_nothing_to_say(case: Case, clock: Any, machine_on_air: Any) -> None:
    flight = await fly_with_care(case, clock, machine_on_air)
    assert verdict(flight) == {}
    assert (max(one.speed_kph for one in flight.truth) > 0) is case.runs


@every_case
async def test_without_care_the_same_plan_breaks_a_rule(case: Case, clock: Any, machine_on_air: Any) -> None:
    assert case.keeps.__name__ in verdict(await fly_without(case, clock, machine_on_air))


async def test_on_a_machine_as_specified_a_careless_driver_gets_through_but_for_its_chatter(
    clock: Any, machine_on_air: Any
) -> None:
    """So it is the machine's manners that the oracle sees above, and not a driver that never works."""
    flight = await fly_without(Case("as specified", AIR, nothing_is_said_twice), clock, machine_on_air)
    assert set(verdict(flight)) == {"nothing_is_said_twice"}
    assert max(one.speed_kph for one in flight.truth) == pytest.approx(3.4)


TWO_AT_ONCE = (Step(StartBelt(), 15), Step(SetSpeed(160), 0.1), Step(SetIncline(20), 20), Step(StopBelt(), 20))


async def test_with_care_a_slow_console_hears_both_of_two_commands(clock: Any, machine_on_air: Any) -> None:
    case = Case("two at once", f"{AIR}#slow-console", what_was_accepted_came_true, TWO_AT_ONCE)
    flight = await fly_with_care(case, clock, machine_on_air)
    assert [one.outcome for one in flight.done] == [Accepted()] * 4
    assert max(one.incline_percent for one in flight.truth) == pytest.approx(2.0)


async def test_without_care_a_slow_console_hears_one_of_them(clock: Any, machine_on_air: Any) -> None:
    case = Case("two at once", f"{AIR}#slow-console", what_was_accepted_came_true, TWO_AT_ONCE)
    flight = await fly_without(case, clock, machine_on_air)
    assert any("SetIncline" in one for one in verdict(flight)["what_was_accepted_came_true"])
