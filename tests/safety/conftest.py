"""A bench for the supervisor: ticks of 100 ms, a plain belt behind it, and a record of all that came out.

The belt of the bench is no simulation of a machine: it takes each command at once and moves at a fixed rate.
What a test wants to be wrong with it is a field that the test sets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from retrotread.machine import (
    BeltDirection,
    Capabilities,
    Command,
    DeviceProfile,
    Facing,
    SetIncline,
    SetSpeed,
    StartBelt,
    StopBelt,
)
from retrotread.safety.config import Config
from retrotread.safety.hazards import Cause, Hazard
from retrotread.safety.heart import HeartCeiling
from retrotread.safety.inputs import (
    Acknowledged,
    Answer,
    Answered,
    ArmAsked,
    Beat,
    CommandKind,
    HeartSeen,
    HoldCompleted,
    Input,
    LinkCameUp,
    Seen,
    Unreachable,
    Wanted,
)
from retrotread.safety.limits import PlanCeiling, limits_for
from retrotread.safety.modes import Mode
from retrotread.safety.supervisor import State, Step, step
from retrotread.safety.tiers import TIERS

TICK_MS = 100
BEAT_MS = 200
STRAP_MS = 1000
KINDS = {
    StartBelt: CommandKind.START,
    SetSpeed: CommandKind.SPEED,
    SetIncline: CommandKind.INCLINE,
    StopBelt: CommandKind.STOP,
}

_CAPABILITIES = Capabilities(
    speed_min_ckph=50,
    speed_max_ckph=1600,
    speed_increment_ckph=10,
    incline_max_dpct=120,
    incline_increment_dpct=5,
)
WELL_BEHAVED = DeviceProfile(
    "well behaved",
    _CAPABILITIES,
    lag_ms=400,
    report_period_ms=250,
    stop_reaction_ms=1000,
    slowest_fall_ckph_per_s=100,
    stop_repeat_ok=True,
    set_never_starts=True,
)
SLOW = DeviceProfile(
    "once a second",
    _CAPABILITIES,
    lag_ms=1500,
    report_period_ms=1000,
    stop_reaction_ms=2500,
    slowest_fall_ckph_per_s=50,
    stop_repeat_ok=True,
    set_never_starts=True,
)
TOGGLE = DeviceProfile(
    "stop is a toggle",
    _CAPABILITIES,
    lag_ms=400,
    report_period_ms=250,
    stop_reaction_ms=1000,
    slowest_fall_ckph_per_s=100,
    stop_repeat_ok=False,
    set_never_starts=True,
)
PROFILES = {"well-behaved": WELL_BEHAVED, "slow": SLOW, "toggle": TOGGLE}


def config_for(
    profile: DeviceProfile = WELL_BEHAVED,
    tier: str = "walker",
    facing: Facing = Facing.REAR,
    top_ckph: int = 1600,
    top_dpct: int = 150,
    heart: HeartCeiling | None = None,
) -> Config:
    """The numbers of an arming whose plan asks for no more than ``top_ckph`` and ``top_dpct``."""
    limits = limits_for(profile, TIERS[tier], PlanCeiling(top_ckph, top_dpct, "of the test"), facing)
    return Config.of(profile, TIERS[tier], limits, facing).under(heart)


@dataclass(frozen=True)
class Tick:
    """One step as it went: the moment at its end, the way that it was armed for, what went in and what came out."""

    at_ms: int
    elapsed_ms: int
    inputs: tuple[Input, ...]
    mode: Mode
    commands: tuple[Command, ...]
    causes: tuple[Cause, ...]
    way: tuple[Facing, BeltDirection]


class Bench:
    """Drives ``step`` and remembers.

    reports    False: the belt falls silent           obeys      False: the belt takes no command at all
    beats      False: main is not heard               stops      False: a stop is taken and changes nothing
    ui_age_ms  what each beat says of the screen      answers    None: commands are never answered
    counters   what each report says of its counters  starts_in_ms  a start shows this much later
    away, recorder_age_ms, cues_ok: what else each beat says
    strap      what the strap says once a second; None: there is none, or it is silent
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.state = State()
        self.at_ms = 0
        self.ticks: list[Tick] = []
        self.speed_ckph = 0.0
        self.target_ckph = 0
        self.rise_ckph_per_s = 100
        self.fall_ckph_per_s = 150
        self.incline_dpct: int | None = None
        self.counters: bool | None = None
        self.reports = True
        self.obeys = True
        self.stops = True
        self.starts_in_ms = 0
        self.beats = True
        self.ui_age_ms = 0
        self.input_alive = True
        self.away: tuple[Unreachable, ...] = ()
        self.recorder_age_ms = 0
        self.cues_ok = True
        self.strap: HeartSeen | None = None
        self.answers: Answer | None = Answer.ACCEPTED
        self._due: tuple[Input, ...] = ()
        self._start_at_ms: int | None = None

    # --- time ---------------------------------------------------------------------------------------------------

    def tick(self, *inputs: Input, elapsed_ms: int = TICK_MS) -> Step:
        """One step, with the beat, the report and the answers that are due in it, and then ``inputs``."""
        before_ms, self.at_ms = self.at_ms, self.at_ms + elapsed_ms
        self._move(elapsed_ms)
        heard = (*self._beat(before_ms), *self._report(before_ms), *self._heart(before_ms))
        items = (*heard, *self._due, *inputs)
        self._due = ()
        made = step(self.config, self.state, elapsed_ms, items)
        return self._record(made, elapsed_ms, items)

    def bare(self, *inputs: Input, elapsed_ms: int = 0) -> Step:
        """One step with ``inputs`` and nothing else: the belt stands where it stood."""
        self.at_ms += elapsed_ms
        made = step(self.config, self.state, elapsed_ms, inputs)
        return self._record(made, elapsed_ms, inputs)

    def _record(self, made: Step, elapsed_ms: int, inputs: tuple[Input, ...]) -> Step:
        self.state = made.state
        way = self.config.facing, self.config.belt
        self.ticks.append(Tick(self.at_ms, elapsed_ms, inputs, made.state.mode, made.commands, made.causes, way))
        for command in made.commands:
            self._take(command)
        return made

    def run(self, seconds: float) -> None:
        """Ticks for so long."""
        for _ in range(round(seconds * 1000 / TICK_MS)):
            self.tick()

    def until(self, mode: Mode, within_s: float) -> float:
        """Ticks until ``mode``; the seconds that it took."""
        began_ms = self.at_ms
        while self.mode is not mode:
            assert self.at_ms - began_ms < within_s * 1000, f"still {self.mode} after {within_s} s"
            self.tick()
        return (self.at_ms - began_ms) / 1000

    def _beat(self, before_ms: int) -> tuple[Input, ...]:
        due = before_ms // BEAT_MS != self.at_ms // BEAT_MS
        if not self.beats or not due:
            return ()
        cues_ok, recorder_age_ms = self.cues_ok, self.recorder_age_ms
        return (Beat(self.ui_age_ms, self.input_alive, self.away, recorder_age_ms, cues_ok=cues_ok),)

    def _report(self, before_ms: int) -> tuple[Input, ...]:
        period_ms = self.config.profile.report_period_ms
        due = before_ms // period_ms != self.at_ms // period_ms
        return (Seen(round(self.speed_ckph), self.incline_dpct, self.counters),) if self.reports and due else ()

    def _heart(self, before_ms: int) -> tuple[Input, ...]:
        due = before_ms // STRAP_MS != self.at_ms // STRAP_MS
        return (self.strap,) if self.strap is not None and due else ()

    # --- the belt -----------------------------------------------------------------------------------------------

    def _move(self, elapsed_ms: int) -> None:
        if self._start_at_ms is not None and self.at_ms >= self._start_at_ms:
            self.target_ckph, self._start_at_ms = self.config.profile.capabilities.speed_min_ckph, None
        rise, fall = self.rise_ckph_per_s * elapsed_ms / 1000, self.fall_ckph_per_s * elapsed_ms / 1000
        self.speed_ckph = min(max(self.target_ckph, self.speed_ckph - fall), self.speed_ckph + rise)

    def _take(self, command: Command) -> None:
        if not self.state.link_up:
            return
        if self.answers is not None:
            self._due = (*self._due, Answered(KINDS[type(command)], self.answers))
        if not self.obeys:
            return
        if isinstance(command, StartBelt):
            self._start_at_ms = self.at_ms + self.starts_in_ms
        elif isinstance(command, StopBelt):
            if self.stops:
                self.target_ckph, self._start_at_ms = 0, None
        elif isinstance(command, SetSpeed):
            self.target_ckph = command.speed_ckph
        elif self.incline_dpct is not None:
            self.incline_dpct = command.incline_dpct

    # --- a session, as far as a test wants it ---------------------------------------------------------------------

    def link(self) -> None:
        """A link, and zeros for long enough."""
        self.tick(LinkCameUp())
        self.run(4)
        assert self.mode is Mode.IDLE

    def arm(self) -> None:
        """Armed; the bench has to be idle or paused at standstill."""
        self.tick(ArmAsked())
        assert self.mode is Mode.ARMED

    def count_down(self) -> None:
        """Armed, and the hold completed."""
        self.arm()
        self.tick(HoldCompleted())
        assert self.mode is Mode.COUNTDOWN

    def start(self) -> None:
        """Through the countdown to the step that sends the start."""
        self.count_down()
        self.until(Mode.STARTING, within_s=11)

    def run_at(self, speed_ckph: int, incline_dpct: int = 0, within_s: float = 120) -> None:
        """Linked, started, and at a speed and an incline."""
        if self.mode is Mode.DISCONNECTED:
            self.link()
        self.start()
        self.until(Mode.RUN, within_s=16)
        self.tick(Wanted(speed_ckph, incline_dpct))
        began_ms = self.at_ms
        while (self.state.drive.sent_ckph, self.state.drive.sent_dpct) != (speed_ckph, incline_dpct):
            assert self.at_ms - began_ms < within_s * 1000, f"at {self.state.drive} after {within_s} s"
            self.tick()
        self.run(2)
        assert self.mode is Mode.RUN

    def clear(self, key_tested: bool = True) -> Mode:
        """Acknowledged twice, as an escalation needs; the mode after that."""
        self.tick(Acknowledged(key_tested))
        return self.tick(Acknowledged(key_tested)).state.mode

    # --- what was recorded --------------------------------------------------------------------------------------

    @property
    def mode(self) -> Mode:
        return self.state.mode

    @property
    def last(self) -> Tick:
        return self.ticks[-1]

    def commands_since(self, at_ms: int) -> list[tuple[int, Command]]:
        """The commands after a moment, each with its own."""
        return [(tick.at_ms, command) for tick in self.ticks if tick.at_ms > at_ms for command in tick.commands]

    def stops_since(self, at_ms: int) -> list[int]:
        """The moments of the stop frames after a moment."""
        return [moment_ms for moment_ms, command in self.commands_since(at_ms) if isinstance(command, StopBelt)]

    def speeds_since(self, at_ms: int) -> list[int]:
        """The set-points of speed after a moment."""
        return [command.speed_ckph for _, command in self.commands_since(at_ms) if isinstance(command, SetSpeed)]

    def hazards_since(self, at_ms: int) -> list[Hazard]:
        """Every hazard noted after a moment, each once, in order."""
        noted = [cause.hazard for tick in self.ticks if tick.at_ms > at_ms for cause in tick.causes]
        return list(dict.fromkeys(noted))

    def message(self, hazard: Hazard) -> str:
        """The first sentence that was said about ``hazard``."""
        return next(cause.message for tick in self.ticks for cause in tick.causes if cause.hazard is hazard)


BenchMaker = Callable[..., Bench]


@pytest.fixture(scope="session")
def bench_for() -> BenchMaker:
    """A bench for a profile, or for one by its name; further arguments as of ``config_for``."""

    def make(profile: str | DeviceProfile = "well-behaved", **arguments: object) -> Bench:
        known = PROFILES[profile] if isinstance(profile, str) else profile
        return Bench(config_for(known, **arguments))  # type: ignore[arg-type]

    return make


@pytest.fixture
def bench(bench_for: BenchMaker) -> Bench:
    """A bench with the well-behaved machine, facing the rear, in the walker's tier."""
    return bench_for()


@pytest.fixture
def toggle(bench_for: BenchMaker) -> Bench:
    """A bench with a machine whose second stop may be a start."""
    return bench_for("toggle")
