"""The judge of a heart rate (R11, R12), each with runs that break it and runs that keep it by a hair."""

from __future__ import annotations

import pytest

from retrotread.machine import (
    Accepted,
    Capabilities,
    Command,
    DeviceProfile,
    Facing,
    SetSpeed,
    StartBelt,
    TargetChanged,
    Telemetry,
)
from retrotread.sessions.oracles import Judge, rules_for

PROFILE = DeviceProfile("bench", Capabilities(50, 1600, 10), lag_ms=400, report_period_ms=500, stop_repeat_ok=True)


class Run:
    """A judge and a belt by hand at 2 km/h, under a ceiling of 150 bpm; a reading a second."""

    def __init__(self, required: bool = False) -> None:
        self.now_s = 0.0
        self.speed_kph = 0.0
        self.mode = "idle"
        self.bpm: int | None = 120
        self.contact: bool | None = True
        self.beats = True
        self.judge = Judge(rules_for("walker", True, Facing.REAR, PROFILE))
        self.judge.heart_ceiling(150, required)
        self.passes(5.0)
        for what in ("arm", "hold"):
            self.judge.operator(self.now_s, what)
        self.passes(10.0).send(StartBelt())
        self.mode, self.speed_kph = "running", 0.5
        self.passes(2.0).judge.operator(self.now_s, "person on")
        for speed_ckph in range(60, 201, 10):
            self.passes(1.0).send(SetSpeed(speed_ckph))
            self.speed_kph = speed_ckph / 100

    def passes(self, seconds: float) -> Run:
        for _ in range(round(seconds * 10)):
            self.now_s = round(self.now_s + 0.1, 3)
            tenth = round(self.now_s * 10)
            self.judge.truth(self.now_s, self.speed_kph, 0.0)
            self.judge.beat(self.now_s)
            if tenth % 5 == 0:
                self.judge.report(self.now_s, Telemetry(self.now_s, self.speed_kph))
            if tenth % 10 == 0 and self.bpm is not None:
                self.judge.heart(self.now_s, self.bpm, self.contact, self.beats)
            self.judge.state(self.now_s, self.mode)
        return self

    def send(self, command: Command) -> Run:
        self.judge.command(self.now_s, command)
        self.judge.answered(self.now_s, command, Accepted())
        return self

    def set_to(self, *speeds_ckph: int) -> Run:
        for speed_ckph in speeds_ckph:
            self.send(SetSpeed(speed_ckph))
            self.speed_kph = speed_ckph / 100
            self.passes(0.6)
        return self

    def found(self) -> list[str]:
        self.judge.finish(self.now_s)
        return [f"{one.invariant}: {one.message}" for one in self.judge.violations]


def over(run: Run, bpm: int = 155) -> Run:
    """So far up that the middle one of five is above the ceiling."""
    run.bpm = 140
    run.passes(6.0)
    run.bpm = bpm
    return run.passes(3.0)


def eased(run: Run) -> Run:
    """And the belt has answered that in time, all the way down."""
    return over(run).passes(10.2).set_to(190, 170, 150, 130, 110, 90, 70, 50)


def test_a_calm_heart_breaks_nothing() -> None:
    assert Run().passes(100.0).set_to(210, 220).found() == []


def test_above_the_ceiling_the_belt_owes_an_easing() -> None:
    assert eased(Run()).passes(20.0).found() == []
    (found,) = over(Run()).passes(20.0).found()
    assert found.startswith("R11: 15.")
    assert "and the belt was not eased (ceiling 150 bpm)" in found


def test_a_belt_that_somebody_has_lowered_to_its_lowest_speed_is_eased_already() -> None:
    run = over(Run())
    run.judge.report(run.now_s, TargetChanged(speed_kph=0.5))
    run.speed_kph = 0.5
    assert run.passes(20.0).found() == []
    run = over(Run())
    run.judge.report(run.now_s, TargetChanged(speed_kph=1.9))
    (found,) = run.passes(20.0).found()
    assert "and the belt was not eased (ceiling 150 bpm)" in found


def test_a_belt_that_somebody_has_lowered_to_what_was_ours_a_moment_ago_is_eased_already() -> None:
    run = Run().set_to(180, 160, 140, 120, 100, 80, 60, 50, 60, 70, 80)
    run.judge.report(run.now_s, TargetChanged(speed_kph=0.5))
    run.speed_kph = 0.5
    assert over(run).passes(20.0).found() == []


def test_a_belt_that_somebody_has_lowered_to_its_lowest_speed_comes_no_further_down_for_a_lost_strap() -> None:
    run = Run()
    run.judge.report(run.now_s, TargetChanged(speed_kph=0.5))
    run.speed_kph, run.bpm = 0.5, None
    assert run.passes(80.0).found() == []


def test_every_ten_seconds_above_the_ceiling_owe_another_easing() -> None:
    once = over(Run()).passes(10.2).set_to(190, 180, 170, 160, 150)
    assert once.passes(11.0).found() == []
    (found,) = once.passes(5.0).found()
    assert found.startswith("R11: 25.")
    assert "and the belt was not eased (ceiling 150 bpm)" in found
    again = over(Run()).passes(10.2).set_to(190, 180, 170, 160, 150).passes(8.0).set_to(140, 130, 120)
    assert again.passes(5.0).found() == []


def test_an_easing_that_comes_a_look_before_it_is_owed_is_one() -> None:
    assert over(Run()).passes(9.3).set_to(150).passes(7.0).found() == []
    assert over(Run()).passes(8.0).set_to(150).passes(10.0).found() != [], "and one long before is none"


def test_who_took_another_reading_for_good_among_those_that_jump_eases_by_that_clock() -> None:
    """Three seconds in which none was good here: an easing may come three seconds sooner, and each that follows too."""
    run = over(Run(), 146)
    run.contact = False
    run.passes(3.0)
    run.bpm, run.contact = 155, True
    run.passes(3.0)
    assert run.passes(6.5).set_to(150).passes(9.4).set_to(100).passes(6.0).found() == []
    (found,) = run.passes(14.0).found()
    assert "and the belt was not eased (ceiling 150 bpm)" in found


def test_a_block_has_a_ceiling_of_its_own_and_the_next_one_that_of_the_person() -> None:
    run = Run()
    run.judge.heart_block(110)
    (found,) = run.passes(16.0).found()
    assert "and the belt was not eased (ceiling 110 bpm)" in found
    other = Run()
    other.judge.heart_block(110)
    other.passes(9.0).judge.heart_block(None)
    assert other.passes(30.0).set_to(210).found() == []


def test_a_block_cannot_raise_the_ceiling() -> None:
    run = Run()
    run.judge.heart_block(200)
    (found,) = over(run).passes(20.0).found()
    assert "(ceiling 150 bpm)" in found


def test_above_the_ceiling_nothing_rises_after_ten_seconds() -> None:
    assert over(Run()).passes(9.0).set_to(210).found() == []
    found = eased(Run()).set_to(60).found()
    assert len(found) == 1
    assert found[0].startswith("R11: a rise to 0.60 km/h, 1")


def test_a_minute_above_the_ceiling_owes_a_stop() -> None:
    assert eased(Run()).passes(44.0).found() == []
    (found,) = eased(Run()).passes(60.0).found()
    assert "above its ceiling for 60." in found
    run = eased(Run()).passes(44.0)
    run.mode = "stopping"
    assert run.passes(30.0).found() == []


def test_far_above_owes_a_stop_after_ten_seconds() -> None:
    (found,) = over(over(Run()), 165).passes(12.0).found()
    assert found.startswith("R11: the heart rate is far above its ceiling for 10.")


@pytest.mark.parametrize(
    "strap",
    [{"bpm": None}, {"bpm": 0}, {"bpm": 255}, {"contact": False}, {"beats": False}, {"bpm": 200}],
    ids=["silent", "zero", "255", "no contact", "frozen", "jump"],
)
def test_a_rise_on_an_old_heart_rate_is_seen(strap: dict[str, object]) -> None:
    run = Run().passes(1.0)
    for name, value in strap.items():
        setattr(run, name, value)
    if strap == {"bpm": 200}:
        run.passes(1.5)
        assert run.set_to(210).found() == []
        return
    assert run.passes(4.0).set_to(210).found() == []
    (found,) = run.passes(2.0).set_to(220).found()
    assert found.startswith("R12: a rise to 2.20 km/h on a heart rate of ")


@pytest.mark.parametrize("silent_s", [3.0, 12.0])
@pytest.mark.parametrize("lost", ["frozen", "no contact"])
def test_a_strap_that_was_lost_as_a_run_was_armed_may_be_another_one_that_sends_no_intervals(
    silent_s: float, lost: str
) -> None:
    """One that was heard until then is the same, and may not go on without them."""
    run = Run()
    run.beats, run.contact = lost != "frozen", lost == "frozen"
    run.passes(silent_s).judge.operator(run.now_s, "arm")
    run.beats, run.contact, run.bpm = False, True, 121
    found = run.passes(12.0).set_to(210).found()
    assert bool(found) is (lost == "frozen" and silent_s < 5.0)


def test_a_minute_without_a_heart_rate_owes_the_lowest_speed() -> None:
    run = Run()
    run.bpm = None
    run.passes(60.0)
    assert run.set_to(*range(180, 50, -20), 50).passes(30.0).found() == []
    run = Run()
    run.bpm = None
    (found,) = run.passes(75.0).found()
    assert found.startswith("R12: no heart rate for ")
    assert "and the belt is not at its lowest speed" in found


def test_a_plan_that_needs_the_rate_owes_a_stop_after_a_minute_without() -> None:
    run = Run(required=True)
    run.bpm = None
    assert run.passes(59.0).found() == []
    found = run.passes(3.0).found()
    assert len(found) == 1
    assert found[0].startswith("R12: the plan needs a heart rate; none came for 60.")
