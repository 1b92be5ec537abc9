"""A bench for the guardian's core: a well-behaved machine, a person, and virtual time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from retrotread.guardian.core import Core, Outcome
from retrotread.guardian.gate import Ticket
from retrotread.guardian.messages import Acknowledge, Arm, FromGuardian, Heartbeat, HoldDone, Snapshot, ToGuardian
from retrotread.machine import (
    Accepted,
    BeltDirection,
    Capabilities,
    CommandOutcome,
    DeviceProfile,
    Facing,
    PhysicalStop,
    Qualification,
    SetSpeed,
    StartBelt,
    StopBelt,
    Telemetry,
)
from retrotread.safety.limits import PlanCeiling
from retrotread.safety.modes import Mode

PROFILE = DeviceProfile(
    "bench",
    Capabilities(50, 1600, 10, 120, 5),
    lag_ms=400,
    report_period_ms=250,
    stop_repeat_ok=True,
    set_never_starts=True,
    runs_on_when_link_lost=True,
    physical_stop=PhysicalStop.KEY,
    rails=True,
    qualification=Qualification.FULL,
    simulated=True,
)


class Bench:
    """The core, a belt that does at once what it is told, and everything that left the core."""

    def __init__(self, profile: DeviceProfile) -> None:
        self.now_s = 100.0
        self.core = Core(profile, self.now_s)
        self.speed_kph = 0.0
        self.obeys = True
        self.reports = True
        self.answers = True
        self.outcome: CommandOutcome = Accepted()
        self.tickets: list[Ticket] = []
        self.sent: list[tuple[float, object]] = []
        self.messages: list[FromGuardian] = []
        self.beats = True
        self.seq = 0
        self.take(self.core.linked(self.now_s))

    def is_in(self, mode: Mode) -> bool:
        return self.core.state.mode is mode

    @property
    def snapshot(self) -> Snapshot:
        return self.core.snapshot(self.now_s)

    def take(self, outcome: Outcome) -> Outcome:
        """Note what leaves, and let the belt and the link do their part."""
        self.messages += outcome.messages
        for ticket in outcome.tickets:
            self.tickets.append(ticket)
            self.sent.append((self.now_s, ticket.command))
            self._obey(ticket)
            if self.answers:
                self.take(self.core.answered(ticket, self.outcome, self.now_s))
        return outcome

    def _obey(self, ticket: Ticket) -> None:
        if not self.obeys:
            return
        match ticket.command:
            case StartBelt():
                self.speed_kph = 0.5
            case SetSpeed(speed_ckph):
                self.speed_kph = speed_ckph / 100
            case StopBelt():
                self.speed_kph = 0.0

    def say(self, message: ToGuardian) -> Outcome:
        return self.take(self.core.message(message, self.now_s))

    def pass_s(self, seconds: float) -> None:
        """Ticks of 100 ms, a report every 250 ms and a beat every 200 ms."""
        for _ in range(round(seconds * 20)):
            self.now_s = round(self.now_s + 0.05, 3)
            step = round(self.now_s * 20)
            if self.beats and step % 4 == 0:
                self.seq += 1
                self.say(Heartbeat(self.seq, 0.0, True))
            if self.reports and step % 5 == 0:
                self.take(self.core.report(Telemetry(self.now_s, self.speed_kph, 0.0), self.now_s))
            if step % 2 == 0:
                self.take(self.core.tick(self.now_s))

    def arm(self, **changes: object) -> Outcome:
        fields: dict[str, object] = {
            "epoch": self.core.epoch,
            "deadline_s": self.now_s + 0.3,
            "run_id": "run",
            "tier": "novice",
            "facing": Facing.REAR,
            "belt": BeltDirection.FORWARD,
            "plan": PlanCeiling(300, 0, "bench"),
            "checklist_done": True,
        }
        return self.say(Arm(**(fields | changes)))  # type: ignore[arg-type]

    def run(self) -> None:
        """From the link to a moving belt."""
        self.pass_s(3.0)
        self.arm()
        self.say(HoldDone(self.core.epoch, self.now_s + 0.3))
        self.pass_s(11.0)
        assert self.is_in(Mode.RUN)

    def commands_since(self, moment_s: float) -> list[object]:
        return [command for at_s, command in self.sent if at_s >= moment_s]

    def acknowledge(self, key_tested: bool = False) -> None:
        self.say(Acknowledge(self.core.epoch, key_tested))


@pytest.fixture
def bench() -> Bench:
    return Bench(PROFILE)


@pytest.fixture
def bench_of() -> Callable[[DeviceProfile], Bench]:
    return Bench


@pytest.fixture
def profile() -> DeviceProfile:
    return PROFILE
