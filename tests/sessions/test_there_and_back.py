"""Mode B on the simulated Woodway: forward, backward, forward over a belt that turns round between, through the real
driver, guardian core and engine on virtual time; and every shortcut through the turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from retrotread.devices.serialport.wired import Deed, Wired, WiredTreadmill
from retrotread.devices.simulated.answers import Pending
from retrotread.devices.woodway.driver import WoodwayConnection
from retrotread.devices.woodway.simulated import Setup, WoodwayMachine
from retrotread.guardian.core import Core, Outcome
from retrotread.guardian.gate import Ticket
from retrotread.guardian.messages import Arm, ConfirmTurn, Heartbeat, HoldDone, Pause, Snapshot, Tried, Turn
from retrotread.machine import (
    BeltDirection,
    Capabilities,
    CommandOutcome,
    DeviceProfile,
    Facing,
    PhysicalStop,
    Qualification,
    Rejected,
    SpeedUnit,
    StartBelt,
)
from retrotread.safety.hazards import Hazard
from retrotread.safety.inputs import TurnConfirm
from retrotread.safety.limits import PlanCeiling
from retrotread.safety.modes import Mode
from retrotread.sessions.conductor import Conductor, RunPlan
from retrotread.sessions.launcher import prepare
from retrotread.sessions.prepare import ANYBODY, laid_out, written_in
from retrotread.sessions.replay import replay
from retrotread.sessions.simulate import Simulated, Simulation, simulate
from retrotread.sessions.simulate_command import recorded
from retrotread.sessions.tape import Recording
from retrotread.workouts.engine import Phase

FORWARD, REVERSED = BeltDirection.FORWARD, BeltDirection.REVERSED
CONSOLE, REAR = Facing.CONSOLE, Facing.REAR
START, STOP = b"\xa0", b"\xa2"
PROFILE = DeviceProfile(
    "Woodway",
    Capabilities(81, 1600, 17, 150, 5),
    lag_ms=800,
    report_period_ms=300,
    stop_reaction_ms=1000,
    slowest_fall_ckph_per_s=80,
    command_gap_ms=200,
    stop_repeat_ok=True,
    set_never_starts=True,
    physical_stop=PhysicalStop.KEY,
    rails=True,
    reverses=True,
    speed_unit=SpeedUnit.MPH,
    qualification=Qualification.FULL,
    simulated=True,
)
WORKOUT = """retrotread: 1
name: there, back and there
level: 3
facing: console
source: {text: "a test", grade: practice}
steps:
  - walk: 40 s
    speed: 2.0 km/h
  - turn: to the console
    belt: reversed
  - walk: 40 s
    speed: 1.5 km/h
  - turn: to the console
  - walk: 40 s
    speed: 2.0 km/h
  - cool down: 20 s
    speed: 2.0 km/h -> 1.0 km/h
"""


class Tapped(WiredTreadmill):
    """A treadmill that notes which way its belt truly ran, ten times a second."""

    made: Tapped

    def __init__(self, kind: Wired) -> None:
        Tapped.made = self
        self.true: list[tuple[float, BeltDirection | None]] = []
        super().__init__(kind)

    def advance(self, now_s: float) -> Any:
        reports = super().advance(now_s)
        assert isinstance(self.machine, WoodwayMachine)
        self.true.append((now_s, self.machine.belt_direction(now_s)))
        return reports

    @property
    def commands(self) -> list[bytes]:
        """What was written, without the questions."""
        return [data for _, data in self.line.told if data[0] < 0xC0]

    @property
    def ways(self) -> list[tuple[BeltDirection | None, float]]:
        """The ways of the belt one after the other, and for how long each."""
        changes = [
            one for one, before in zip(self.true, [(0.0, None), *self.true], strict=False) if one[1] != before[1]
        ]
        ends = [*(at_s for at_s, _ in changes[1:]), self.true[-1][0]]
        return [(way, end_s - at_s) for (at_s, way), end_s in zip(changes, ends, strict=True)]


def kind(setup: Setup, *deeds: tuple[float, Deed], profile: DeviceProfile = PROFILE) -> Wired:
    return Wired(profile, lambda now_s: WoodwayMachine(setup, now_s), WoodwayConnection, deeds)


@pytest.fixture
def there_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Simulated]:
    """Run the workout on a machine of this setup, with what befalls it."""
    monkeypatch.setattr("retrotread.sessions.simulate.WiredTreadmill", Tapped)
    path = tmp_path / "there-and-back.yaml"
    path.write_text(WORKOUT)

    def run(setup: Setup, *deeds: tuple[float, Deed]) -> Simulated:
        prepared = prepare(path, PROFILE)
        assert prepared.offer.problems == ()
        assert prepared.offer.timeline is not None
        plan = RunPlan.of("there and back", prepared.offer.timeline, prepared.tier.key)
        return simulate(Simulation(plan, kind(setup, *deeds), trace=True))

    return run


# --- the whole session --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("strict", [True, False], ids=["strict", "loose"])
def test_there_back_and_there_is_three_starts_with_a_long_standstill_before_each(
    there_and_back: Callable[..., Simulated], strict: bool
) -> None:
    done = there_and_back(Setup(strict=strict))
    treadmill = Tapped.made
    assert (done.phase, done.ended_well, done.violations) == (Phase.FINISHED, True, ())
    moves = [way for way, _ in treadmill.ways if way is not None]
    assert moves == [FORWARD, REVERSED, FORWARD]
    stills_s = [seconds for way, seconds in treadmill.ways if way is None]
    assert min(stills_s[:2]) > 5.0 + 5.0, "the dwell of the turn, and the countdown behind it"
    starts = [before for before, data in zip(treadmill.commands, treadmill.commands[1:], strict=False) if data == START]
    assert starts == [b"\xa30005", b"\xa33005", b"\xa30005"]
    assert done.distance_m == pytest.approx(done.true_distance_m, rel=0.02)


def test_the_same_run_twice_is_the_same_to_the_last_byte(there_and_back: Callable[..., Simulated]) -> None:
    first, told = there_and_back(Setup()), Tapped.made.line.told
    assert there_and_back(Setup()) == first
    assert Tapped.made.line.told == told


def test_what_was_recorded_of_it_goes_again_as_it_went(tmp_path: Path) -> None:
    """The way of every report and of every start is in the record."""
    path = tmp_path / "there-and-back.yaml"
    path.write_text(WORKOUT)
    prepared = laid_out(written_in(path), PROFILE, ANYBODY)
    assert prepared.offer.timeline is not None
    recording = Recording()
    plan = RunPlan.of("there and back", prepared.offer.timeline, prepared.tier.key)
    simulate(Simulation(plan, kind(Setup(), (130.0, run_round))), recording)
    done = replay(recorded(recording, prepared))
    assert (done.agrees, done.differences) == (True, ())


def test_the_voice_names_the_way_of_the_belt_where_the_plan_has_both(tmp_path: Path) -> None:
    path = tmp_path / "there-and-back.yaml"
    path.write_text(WORKOUT)
    prepared = laid_out(written_in(path), PROFILE, ANYBODY)
    assert prepared.offer.timeline is not None
    plan = RunPlan.of("there and back", prepared.offer.timeline, prepared.tier.key)
    assert Conductor(plan, 0.0).narrator.both_belts


def run_round(treadmill: WiredTreadmill, now_s: float) -> None:
    assert isinstance(treadmill.machine, WoodwayMachine)
    assert treadmill.machine.belt_speed_kph(now_s) > 0, "it is to run when it turns round"
    treadmill.machine.turn_round(now_s)


@pytest.mark.parametrize("at_s", [30.0, 130.0], ids=["on the way there", "on the way back"])
def test_a_belt_that_turns_round_behind_our_back_is_stopped_and_the_session_is_over(
    there_and_back: Callable[..., Simulated], at_s: float
) -> None:
    done = there_and_back(Setup(), (at_s, run_round))
    treadmill = Tapped.made
    wrong = REVERSED if at_s < 100 else FORWARD
    shown_s = next(now_s for now_s, way in treadmill.true if now_s > at_s and way is wrong)
    stop_s = next(now_s for now_s, data in treadmill.line.told if data == STOP and now_s > at_s)
    assert stop_s < shown_s + 0.4, "a round of questions, and the tenth of a mile that a report shows"
    assert done.stops[-1].cause == "wrong_way"
    assert done.stops[-1].message.startswith(f"the belt runs {wrong.value} at 0.")
    assert (done.violations, done.phase) == ((), Phase.STOPPED)
    assert treadmill.commands.count(START) == (1 if at_s < 100 else 2)


def test_a_machine_that_takes_the_digit_and_runs_forward_is_stopped_within_the_start(
    there_and_back: Callable[..., Simulated],
) -> None:
    def deaf(treadmill: WiredTreadmill, _now_s: float) -> None:
        assert isinstance(treadmill.machine, WoodwayMachine)
        treadmill.machine.deaf_to_direction = True

    done = there_and_back(Setup(), (1.0, deaf))
    treadmill = Tapped.made
    started_s = [now_s for now_s, data in treadmill.line.told if data == START][-1]
    stop_s = next(now_s for now_s, data in treadmill.line.told if data == STOP and now_s > started_s)
    assert stop_s - started_s < 0.5
    assert treadmill.commands[treadmill.commands.index(b"\xa33005") :][:3] == [b"\xa33005", START, STOP]
    assert done.stops[-1].cause in ("wrong_way", "start_refused")
    assert done.violations == ()


# --- shortcuts, one by one ----------------------------------------------------------------------------------------


class Bench:
    """The guardian's core over the driver over the machine, and a person who says what a test has them say."""

    def __init__(self, profile: DeviceProfile = PROFILE) -> None:
        self.treadmill = Tapped(kind(Setup(), profile=profile))
        self.core = Core(profile, 0.0)
        self.ticks = 0
        self.causes: list[Any] = []
        self.outcomes: list[CommandOutcome] = []
        self._asked: dict[int, Ticket] = {}
        self._take(self.core.linked(0.0))

    @property
    def now_s(self) -> float:
        return self.ticks / 10

    @property
    def mode(self) -> str:
        return self.core.state.mode.value

    def pass_s(self, seconds: float, beats: bool = True) -> Bench:
        for _ in range(round(seconds * 10)):
            self.ticks += 1
            for report in self.treadmill.advance(self.now_s):
                self._take(self.core.report(report, self.now_s))
            for late in self.treadmill.answers(self.now_s):
                self.outcomes.append(late.outcome)
                self._take(self.core.answered(self._asked.pop(late.number), late.outcome, self.now_s))
            if beats and self.ticks % 2 == 0:
                self._take(self.core.message(Heartbeat(self.ticks, 0.0, True), self.now_s))
            self._take(self.core.tick(self.now_s))
        return self

    def say(self, message: Any) -> Bench:
        self._take(self.core.message(message, self.now_s))
        return self

    def _take(self, outcome: Outcome) -> None:
        self.causes += [
            one for told in outcome.messages if not isinstance(told, Tried) for one in getattr(told, "causes", ())
        ]
        for ticket in outcome.tickets:
            pending = self.treadmill.perform(ticket.command, self.now_s)
            assert isinstance(pending, Pending)
            self._asked[pending.number] = ticket

    # What a person does

    def arm(self, belt: BeltDirection, facing: Facing = CONSOLE) -> Bench:
        deadline_s, ceiling = self.now_s + 0.3, PlanCeiling(200, 0, "there and back")
        return self.say(Arm(1, deadline_s, "run", "novice", facing, belt, ceiling, True, key_tested=True))

    def started(self, belt: BeltDirection) -> Bench:
        """Armed, held and counted down, and moving."""
        self.arm(belt)
        assert self.mode == "armed"
        return self.say(HoldDone(1, self.now_s + 0.3)).pass_s(8.0)

    def paused(self) -> Bench:
        """After a walk forward, at rest."""
        self.pass_s(3.0).started(FORWARD)
        assert self.mode == "running"
        self.say(Pause(1)).pass_s(1.8)
        assert self.mode == "pausing", "a pause that has just come to rest"
        return self

    def turn(self, belt: BeltDirection = REVERSED, facing: Facing = CONSOLE) -> Bench:
        return self.say(Turn(1, facing, belt))

    def confirm(self, what: TurnConfirm, belt: BeltDirection = REVERSED, facing: Facing = CONSOLE) -> Bench:
        return self.say(ConfirmTurn(1, what, facing, belt))

    def confirmed(self) -> Bench:
        for what in TurnConfirm:
            self.confirm(what)
        return self

    # What came of it

    @property
    def refusal(self) -> str:
        """Why the last arming was refused."""
        return str([one.message for one in self.causes if one.hazard is Hazard.ARM_REFUSED][-1])

    @property
    def reversed_bytes(self) -> list[bytes]:
        """Everything that ever left with the digit of a reversed belt."""
        return [data for data in self.treadmill.commands if data[1:2] == b"3"]


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.treadmill.close()


def test_the_long_way_through_the_turn_starts_the_belt_reversed(bench: Bench) -> None:
    """What every shortcut below leaves something out of."""
    bench.paused().pass_s(3).turn().pass_s(6).confirmed().started(REVERSED)
    assert (bench.mode, bench.treadmill.true[-1][1]) == ("running", REVERSED)
    assert bench.reversed_bytes == [b"\xa33005"]
    assert isinstance(bench.core.snapshot(bench.now_s), Snapshot)


def test_no_confirmation_no_start(bench: Bench) -> None:
    bench.paused().pass_s(3).turn().pass_s(6).arm(REVERSED)
    assert (bench.mode, bench.reversed_bytes) == ("turning", [])
    assert "rails" in bench.refusal


def test_half_of_the_confirmations_is_none(bench: Bench) -> None:
    bench.paused().pass_s(3).turn().pass_s(6).confirm(TurnConfirm.ON_RAILS).arm(REVERSED)
    assert (bench.mode, bench.reversed_bytes) == ("turning", [])
    assert "face the console" in bench.refusal


def test_the_second_confirmation_before_the_first_is_none(bench: Bench) -> None:
    bench.paused().pass_s(3).turn().pass_s(6).confirm(TurnConfirm.FACING).confirm(TurnConfirm.ON_RAILS).arm(REVERSED)
    assert (bench.mode, bench.reversed_bytes) == ("turning", [])


def test_no_dwell_no_start(bench: Bench) -> None:
    bench.paused().pass_s(3).turn().pass_s(1.0).confirmed().arm(REVERSED)
    assert (bench.mode, bench.reversed_bytes) == ("turning", [])
    assert "must be reported still for 5 s" in bench.refusal


def test_a_turn_that_is_asked_for_while_the_belt_moves_is_none(bench: Bench) -> None:
    bench.pass_s(3).started(FORWARD).turn().pass_s(6).confirmed().arm(REVERSED)
    assert (bench.mode, bench.treadmill.true[-1][1], bench.reversed_bytes) == ("running", FORWARD, [])
    assert "arming is possible only at rest" in bench.refusal


def test_a_turn_that_is_asked_for_on_the_way_down_is_none(bench: Bench) -> None:
    bench.paused().turn().confirmed().arm(REVERSED)
    assert (bench.mode, bench.reversed_bytes) == ("pausing", [])
    assert bench.refusal == "arming is possible only at rest, and the belt is pausing"


def test_without_a_turn_the_other_way_is_not_armed(bench: Bench) -> None:
    bench.paused().pass_s(3).arm(REVERSED)
    assert (bench.mode, bench.reversed_bytes) == ("paused", [])
    assert bench.refusal == "facing the console, with the belt reversed, is another way than before: it needs a turn"


def test_the_way_back_needs_a_turn_as_much_as_the_way_there(bench: Bench) -> None:
    bench.paused().pass_s(3).turn().pass_s(6).confirmed().started(REVERSED)
    told = len(bench.treadmill.commands)
    bench.say(Pause(1)).pass_s(6).arm(FORWARD)
    assert bench.mode == "paused"
    assert bench.refusal == "facing the console, with the belt forward, is another way than before: it needs a turn"
    assert START not in bench.treadmill.commands[told:]


def test_a_complete_turn_is_good_for_one_start(bench: Bench) -> None:
    bench.paused().pass_s(3).turn().pass_s(6).confirmed().arm(REVERSED).pass_s(31)
    assert bench.mode == "idle", "the arming has lapsed"
    bench.arm(REVERSED)
    assert (bench.mode, bench.reversed_bytes) == ("idle", [])
    assert "nobody knows which way is faced: it needs a turn" in bench.refusal


def test_a_program_that_falls_silent_in_the_turn_has_confirmed_nothing(bench: Bench) -> None:
    bench.paused().pass_s(3).turn().pass_s(6).confirmed()
    bench.pass_s(1.3, beats=False).pass_s(0.5).arm(REVERSED)
    assert (bench.mode, bench.reversed_bytes) == ("turning", [])
    assert "must be reported still for 5 s" in bench.refusal


@pytest.mark.parametrize(
    ("facing", "belt"), [(REAR, REVERSED), (CONSOLE, FORWARD), (REAR, FORWARD)], ids=["facing", "belt", "both"]
)
def test_a_turn_is_armed_for_where_it_leads_and_nothing_else(bench: Bench, facing: Facing, belt: BeltDirection) -> None:
    bench.paused().pass_s(3).turn().pass_s(6).confirmed().arm(belt, facing)
    assert (bench.mode, bench.reversed_bytes) == ("turning", [])
    assert bench.refusal.startswith("the turn leads to the console")


def test_confirmations_of_another_way_do_not_count(bench: Bench) -> None:
    bench.paused().pass_s(3).turn().pass_s(6)
    for what in TurnConfirm:
        bench.confirm(what, REVERSED, REAR)
    bench.arm(REVERSED)
    assert (bench.mode, bench.reversed_bytes) == ("turning", [])


def test_motion_in_the_turn_takes_everything_back(bench: Bench) -> None:
    bench.paused().pass_s(3).turn().pass_s(6).confirmed()
    machine = bench.treadmill.machine
    assert isinstance(machine, WoodwayMachine)
    machine.start_by_itself(bench.now_s)
    bench.pass_s(2).arm(REVERSED)
    assert bench.reversed_bytes == []
    assert Hazard.UNEXPECTED_MOTION in bench.core.state.hazards


def test_a_machine_that_is_not_known_to_reverse_is_not_armed_and_hears_no_digit_of_it() -> None:
    bench = Bench(replace(PROFILE, reverses=False))
    bench.paused().pass_s(3).turn().pass_s(6).confirmed().arm(REVERSED)
    assert bench.refusal == "Woodway is not known to run its belt backwards"
    assert bench.reversed_bytes == []
    bench.treadmill.close()


def test_a_reversed_start_past_the_guardian_is_refused_by_the_driver_on_a_moving_belt(bench: Bench) -> None:
    bench.pass_s(3).started(FORWARD)
    pending = bench.treadmill.perform(StartBelt(belt=REVERSED), bench.now_s)
    assert isinstance(pending, Pending)
    bench.treadmill.advance(bench.now_s + 0.1)
    (late,) = bench.treadmill.answers(bench.now_s + 0.1)
    assert late.outcome == Rejected("the belt moves; it is started only from a standstill")
    assert bench.reversed_bytes == []


def test_a_supervisor_that_asks_for_the_other_way_is_held_at_the_gate(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other_way(belt: BeltDirection) -> StartBelt:
        return StartBelt(belt=REVERSED if belt is FORWARD else FORWARD)

    monkeypatch.setattr("retrotread.safety.supervisor.StartBelt", other_way)
    bench.pass_s(3).started(FORWARD)
    assert bench.reversed_bytes == []
    assert START not in bench.treadmill.commands
    assert bench.core.state.mode in (Mode.FAULT, Mode.LATCHED, Mode.STOPPING)
