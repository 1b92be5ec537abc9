"""The judges of turns (I5) and of announcements (I11), each with a run that breaks it and one that does not."""

from __future__ import annotations

import pytest

from retrotread.machine import (
    Accepted,
    BeltDirection,
    Capabilities,
    DeviceProfile,
    Facing,
    SetIncline,
    Setpoint,
    SetSpeed,
    StartBelt,
    StopBelt,
    Telemetry,
)
from retrotread.sessions.oracles import Judge, rules_for

PROFILE = DeviceProfile("bench", Capabilities(50, 1600, 10, 120, 5), lag_ms=400, report_period_ms=500)
WAYS = {facing: rules_for("walker", facing is Facing.REAR, facing, PROFILE) for facing in Facing}
FORWARD, REVERSED = BeltDirection.FORWARD, BeltDirection.REVERSED


class Scene:
    """A judge, a clock, and a belt by hand that reports twice a second."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.speed_kph = 0.0
        self.incline_percent = 0.0
        self.wish: Setpoint | None = None
        self.judge = Judge(WAYS[Facing.REAR])

    def passes(self, seconds: float) -> Scene:
        """Time goes by: beats, reports, and the wish."""
        for _ in range(round(seconds * 10)):
            self.now_s = round(self.now_s + 0.1, 3)
            self.judge.beat(self.now_s)
            if round(self.now_s * 10) % 5 == 0:
                self.judge.report(self.now_s, Telemetry(self.now_s, self.speed_kph, self.incline_percent))
            if self.wish is not None:
                self.judge.wished(self.now_s, self.wish)
        return self

    def started(self, facing: Facing, belt: BeltDirection = FORWARD) -> Scene:
        """Armed for this way, held, counted down and started; the person is on."""
        self.judge.operator(self.now_s, "acknowledge")
        self.judge.way(WAYS[facing], facing, belt)
        self.judge.operator(self.now_s, "arm")
        self.judge.operator(self.now_s, "hold")
        self.passes(10.0)
        self.command(StartBelt())
        self.speed_kph = 0.5
        self.passes(1.0).judge.operator(self.now_s, "person on")
        return self

    def stopped(self) -> Scene:
        self.judge.operator(self.now_s, "pause")
        self.command(StopBelt())
        self.speed_kph = 0.0
        return self

    def command(self, command: StartBelt | StopBelt | SetSpeed | SetIncline) -> None:
        self.judge.command(self.now_s, command)
        self.judge.answered(self.now_s, command, Accepted())

    def of(self, invariant: str) -> list[str]:
        return [one.message for one in self.judge.violations if one.invariant == invariant]


def after_one_way() -> Scene:
    """A motion facing the rear that has come to rest."""
    return Scene().passes(5.0).started(Facing.REAR).passes(3.0).stopped()


# --- turns ------------------------------------------------------------------------------------------------------


def test_a_turn_with_dwell_and_both_confirmations_is_fine() -> None:
    scene = after_one_way().passes(5.6)
    scene.judge.operator(scene.now_s, "on rails")
    scene.judge.faces(Facing.CONSOLE, FORWARD)
    assert scene.started(Facing.CONSOLE).judge.violations == ()


def test_the_same_way_again_needs_no_turn() -> None:
    assert after_one_way().passes(3.0).started(Facing.REAR).judge.violations == ()


def test_another_facing_without_a_turn_is_seen() -> None:
    assert after_one_way().passes(8.0).started(Facing.CONSOLE).of("I5") == [
        "the belt was started another way, but nobody said that they stand beside the belt"
    ]


def test_another_direction_of_the_belt_without_a_turn_is_seen() -> None:
    assert len(after_one_way().passes(8.0).started(Facing.REAR, REVERSED).of("I5")) == 1


def test_a_confirmation_before_the_belt_was_still_for_long_enough_is_seen() -> None:
    scene = after_one_way().passes(4.8)
    scene.judge.operator(scene.now_s, "on rails")
    scene.judge.faces(Facing.CONSOLE, FORWARD)
    assert scene.started(Facing.CONSOLE).of("I5") == [
        "the belt was started another way, but it had been reported still for 4.3 s in 9 reports when that was "
        "confirmed"
    ]


def test_a_confirmation_of_another_facing_counts_for_nothing() -> None:
    scene = after_one_way().passes(6.0)
    scene.judge.operator(scene.now_s, "on rails")
    scene.judge.faces(Facing.REAR, FORWARD)
    assert scene.started(Facing.CONSOLE).of("I5") == [
        "the belt was started another way, and nobody said that they face it"
    ]


def test_a_belt_that_moved_after_the_confirmation_makes_it_void() -> None:
    scene = after_one_way().passes(6.0)
    scene.judge.operator(scene.now_s, "on rails")
    scene.judge.faces(Facing.CONSOLE, FORWARD)
    scene.speed_kph = 0.4
    scene.passes(1.0)
    scene.speed_kph = 0.0
    assert "it moved after they said that they stood beside it" in scene.passes(6.0).started(Facing.CONSOLE).of("I5")[0]


def test_a_raised_deck_is_no_place_to_turn() -> None:
    scene = Scene()
    scene.incline_percent = 1.5
    scene.passes(5.0).started(Facing.REAR).passes(3.0).stopped().passes(6.0)
    scene.judge.operator(scene.now_s, "on rails")
    scene.judge.faces(Facing.CONSOLE, FORWARD)
    assert "the deck stood at 1.5 % (limit 1 %)" in scene.started(Facing.CONSOLE).of("I5")[0]


# --- announcements ----------------------------------------------------------------------------------------------


def walking() -> Scene:
    """On the belt, at the lowest speed for a while; the plan tells its wish."""
    scene = Scene().passes(5.0).started(Facing.REAR)
    scene.wish = Setpoint(0.5)
    return scene.passes(20.0)


def rises(scene: Scene, to_kph: float) -> Scene:
    """The wish climbs by 0.02 a tenth, and the set-point follows it."""
    while scene.wish is not None and scene.wish.speed_kph < to_kph - 1e-9:
        scene.wish = Setpoint(round(scene.wish.speed_kph + 0.02, 3))
        scene.passes(0.1)
    return scene


def test_a_rise_five_seconds_after_its_announcement_is_fine() -> None:
    scene = walking()
    scene.judge.cue(scene.now_s)
    assert rises(scene.passes(5.0), 0.9).of("I11") == []


def test_a_rise_that_nobody_announced_is_seen() -> None:
    (message,) = rises(walking(), 0.9).of("I11")
    assert message == (
        "the plan began to rise to 0.52 km/h, 0.0 %, and nothing had been announced; 5 s to 30 s are owed"
    )


def test_a_rise_four_seconds_after_its_announcement_is_seen() -> None:
    scene = walking()
    scene.judge.cue(scene.now_s)
    assert "the last announcement was 4.1 s old" in rises(scene.passes(4.0), 0.9).of("I11")[0]


def test_one_announcement_is_not_for_two_rises() -> None:
    scene = walking()
    scene.judge.cue(scene.now_s)
    rises(scene.passes(5.0), 0.7).passes(6.0)
    assert len(rises(scene, 0.9).of("I11")) == 1


def test_two_rises_within_five_seconds_have_each_their_own_announcement() -> None:
    scene = walking()
    scene.judge.cue(scene.now_s)
    scene.passes(3.0)
    scene.judge.cue(scene.now_s)
    rises(scene.passes(2.0), 0.6)
    assert rises(scene.passes(2.6), 0.9).of("I11") == []


@pytest.mark.parametrize(("before_s", "found"), [(5.1, 0), (5.4, 1)])
def test_a_rise_that_follows_at_once_behind_another_has_the_announcement_of_five_seconds_before(
    before_s: float, found: int
) -> None:
    """The plan climbs, comes down a little for two looks, and climbs again: the cue for that was heard a look before
    the five seconds that lie before the end of the first climb."""
    scene = walking()
    scene.judge.cue(scene.now_s)
    rises(scene.passes(5.0), 2.3 - before_s / 5)
    scene.judge.cue(scene.now_s)
    rises(scene, 2.3)
    scene.wish = Setpoint(2.2)
    scene.passes(0.2)
    assert len(rises(scene, 2.4).of("I11")) == found


def test_a_deck_that_rises_unannounced_is_seen() -> None:
    scene = walking()
    scene.wish = Setpoint(0.5, 1.0)
    assert len(scene.passes(0.2).of("I11")) == 1


def test_a_set_point_that_rises_long_after_the_plan_needs_an_announcement_of_its_own() -> None:
    scene = walking()
    scene.judge.cue(scene.now_s)
    rises(scene.passes(5.0), 0.7).passes(12.0)
    scene.command(SetSpeed(60))
    assert "a rise to 0.60 km/h came 12.0 s after the plan's own" in scene.of("I11")[0]


def test_a_belt_that_climbs_slowly_after_its_plan_is_still_on_the_rise_that_was_announced() -> None:
    scene = walking()
    scene.judge.cue(scene.now_s)
    rises(scene.passes(5.0), 1.5).passes(9.0)
    for speed_ckph in (60, 70, 80):
        scene.command(SetSpeed(speed_ckph))
        scene.passes(2.0)
    assert scene.of("I11") == []


def test_a_late_set_point_that_was_announced_is_fine() -> None:
    scene = walking()
    scene.judge.cue(scene.now_s)
    rises(scene.passes(5.0), 0.7).passes(12.0).judge.cue(scene.now_s)
    scene.passes(5.0).command(SetSpeed(60))
    assert scene.of("I11") == []


def test_what_is_wished_first_after_a_rest_is_no_rise() -> None:
    scene = walking()
    scene.wish = Setpoint(0.0)
    scene.passes(1.0)
    scene.wish = Setpoint(0.5)
    assert scene.passes(1.0).of("I11") == []
