"""The judges of lost links (I14) and of whoever else controls the belt (R8), each with runs that break it or not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrotread.machine import (
    Accepted,
    Capabilities,
    Command,
    DeviceProfile,
    Facing,
    LinkLost,
    MachineNotice,
    Rejected,
    Report,
    SetSpeed,
    StartBelt,
    StopBelt,
    TargetChanged,
    Telemetry,
)
from retrotread.sessions.oracles import Judge, rules_for

PROFILE = DeviceProfile("bench", Capabilities(50, 1600, 10), lag_ms=400, report_period_ms=500, stop_repeat_ok=True)


class Scene:
    """A judge, a clock, and a belt by hand that reports twice a second while it has a link."""

    def __init__(self, profile: DeviceProfile = PROFILE) -> None:
        self.now_s = 0.0
        self.speed_kph = 0.0
        self.link_up = True
        self.judge = Judge(rules_for("walker", True, Facing.REAR, profile))

    def passes(self, seconds: float) -> Scene:
        for _ in range(round(seconds * 10)):
            self.now_s = round(self.now_s + 0.1, 3)
            self.judge.beat(self.now_s)
            if self.link_up and round(self.now_s * 10) % 5 == 0:
                self.judge.report(self.now_s, Telemetry(self.now_s, self.speed_kph))
        return self

    def armed(self) -> Scene:
        self.passes(5.0)
        for what in ("acknowledge", "arm", "hold"):
            self.judge.operator(self.now_s, what)
        return self.passes(10.0)

    def runs(self) -> Scene:
        """Armed, started, the person on; at 1.4 km/h in small steps."""
        self.armed().send(StartBelt())
        self.speed_kph = 0.5
        self.passes(2.0).judge.operator(self.now_s, "person on")
        for speed_ckph in (70, 90, 110, 130, 140):
            self.passes(1.0).send(SetSpeed(speed_ckph))
            self.speed_kph = speed_ckph / 100
        return self.passes(1.0)

    def send(self, command: Command) -> Scene:
        self.judge.command(self.now_s, command)
        self.judge.answered(self.now_s, command, Accepted())
        return self

    def hears(self, report: Report) -> Scene:
        self.link_up = not isinstance(report, LinkLost)
        self.judge.report(self.now_s, report)
        return self

    def broken(self, invariant: str) -> list[str]:
        """The sentences about this invariant."""
        self.judge.finish(self.now_s)
        return [one.message for one in self.judge.violations if one.invariant == invariant]


LOST = LinkLost("out of range")


def test_a_run_without_a_lost_link_and_without_anybody_else_breaks_neither() -> None:
    scene = Scene().runs().send(StopBelt())
    scene.speed_kph = 0.0
    scene.passes(5.0)
    assert scene.judge.violations == ()


# I14


def test_a_set_point_without_a_link_is_meant_for_nobody() -> None:
    (sentence,) = Scene().runs().hears(LOST).passes(1.0).send(SetSpeed(140)).broken("I14")
    assert "handed over without a link, 1.0 s after the link was lost" in sentence


def test_a_set_point_that_is_said_again_on_the_new_connection_is_found() -> None:
    scene = Scene().runs().hears(LOST).passes(3.0)
    scene.link_up = True
    (sentence,) = scene.passes(1.0).send(SetSpeed(140)).broken("I14")
    assert "on the new connection, 4.0 s after the link was lost, before anybody armed" in sentence


def test_a_start_that_was_armed_before_the_link_was_lost_is_found() -> None:
    scene = Scene().armed().hears(LOST).passes(1.0)
    scene.link_up = True
    assert len(scene.passes(5.0).send(StartBelt()).broken("I14")) == 1


def test_an_arming_while_there_is_no_link_does_not_count() -> None:
    scene = Scene().armed().hears(LOST)
    scene.judge.operator(scene.now_s, "arm")
    scene.link_up = True
    assert len(scene.passes(5.0).send(StartBelt()).broken("I14")) == 1


def test_stops_may_go_to_the_new_connection_and_a_start_after_a_new_arming() -> None:
    scene = Scene().runs().hears(LOST).send(StopBelt()).passes(2.0)
    scene.link_up, scene.speed_kph = True, 0.0
    scene.passes(1.0).send(StopBelt()).armed().send(StartBelt())
    assert scene.broken("I14") == []


# R8


def test_a_target_that_comes_back_is_ours() -> None:
    scene = Scene().runs().hears(TargetChanged(speed_kph=1.2)).hears(TargetChanged(speed_kph=1.3)).passes(1.0)
    assert scene.send(SetSpeed(160)).passes(1.0).broken("R8") == []


def test_a_set_point_above_the_target_that_somebody_else_lowered_is_found() -> None:
    scene = Scene().runs().passes(5.0).hears(TargetChanged(speed_kph=0.8)).passes(2.0)
    (sentence,) = scene.send(SetSpeed(120)).broken("R8")
    assert sentence == "1.20 km/h was handed over; somebody else had lowered it to 0.80 km/h 2.0 s before"


def test_even_a_fall_of_ours_that_stays_above_the_lowered_target_is_found() -> None:
    scene = Scene().runs().passes(5.0).hears(TargetChanged(speed_kph=0.8)).passes(2.0)
    assert len(scene.send(SetSpeed(130)).broken("R8")) == 1
    assert len(scene.send(SetSpeed(80)).broken("R8")) == 1, "down to it is right"


def test_a_console_that_rounds_down_to_its_own_steps_says_our_target() -> None:
    """Tenths of a mile per hour: 2.89 km/h comes back as 2.74."""
    in_miles = replace(PROFILE, capabilities=Capabilities(81, 805, 17))
    for profile, found in ((in_miles, 0), (PROFILE, 1)):
        scene = Scene(profile).runs().passes(5.0).hears(TargetChanged(speed_kph=1.24)).passes(1.0)
        assert len(scene.send(SetSpeed(140)).broken("R8")) == found


def test_the_lowered_target_holds_until_a_new_start() -> None:
    scene = Scene().runs().passes(5.0).hears(TargetChanged(speed_kph=0.8)).send(StopBelt())
    scene.speed_kph = 0.0
    scene.runs()
    assert scene.broken("R8") == []


def test_a_target_that_somebody_else_raised_asks_for_a_stop_frame_or_the_alarm_at_once() -> None:
    (sentence,) = Scene().runs().passes(5.0).hears(TargetChanged(speed_kph=2.9)).passes(1.0).broken("R8")
    assert sentence == (
        "somebody else raised the target to 2.90 km/h, and neither a stop frame nor the alarm within 0.2 s"
    )
    assert Scene().runs().passes(5.0).hears(TargetChanged(speed_kph=2.9)).passes(0.1).broken("R8") == [], "not yet due"


@pytest.mark.parametrize("answer", ["stop", "alarm"])
@pytest.mark.parametrize("report", [TargetChanged(speed_kph=2.9), MachineNotice.CONTROL_LOST])
def test_a_stop_frame_or_the_alarm_in_time_is_right(report: Report, answer: str) -> None:
    scene = Scene().runs().passes(5.0).hears(report)
    if answer == "stop":
        scene.send(StopBelt())
    else:
        scene.judge.screen(scene.now_s, "alarm")
    assert scene.passes(1.0).broken("R8") == []


def test_the_loss_of_the_control_over_a_moving_belt_asks_for_the_same() -> None:
    (sentence,) = Scene().runs().hears(MachineNotice.CONTROL_LOST).passes(1.0).broken("R8")
    assert sentence.startswith("another program took the control, and neither a stop frame")
    assert Scene().passes(5.0).hears(MachineNotice.CONTROL_LOST).passes(1.0).broken("R8") == [], "nothing moves"
    stopped_at_rest = Scene().passes(5.0).send(StopBelt()).passes(0.5).hears(MachineNotice.CONTROL_LOST).passes(1.0)
    assert stopped_at_rest.broken("R8") == []
    just_started = Scene().armed().send(StartBelt()).passes(0.2).send(StopBelt()).passes(0.2)
    assert len(just_started.hears(MachineNotice.CONTROL_LOST).passes(1.0).broken("R8")) == 1


def test_a_target_of_a_belt_at_rest_or_of_the_deck_is_no_concern() -> None:
    assert Scene().passes(5.0).hears(TargetChanged(speed_kph=5.0)).passes(1.0).broken("R8") == []
    assert Scene().runs().passes(5.0).hears(TargetChanged(incline_percent=9.0)).passes(1.0).broken("R8") == []


@pytest.mark.parametrize(("told", "found"), [(True, 0), (False, 1)])
def test_who_says_a_lowered_target_once_more_makes_no_fall_of_it(told: bool, found: int) -> None:
    """Also where the target is near a set-point of ours that was just replaced, so that nobody knows whose it is."""
    scene = Scene().runs()
    for speed_ckph in range(160, 280, 20):
        scene.passes(0.5).send(SetSpeed(speed_ckph))
        scene.speed_kph = speed_ckph / 100
    scene.passes(0.5)
    if told:
        scene.hears(TargetChanged(speed_kph=1.2))
    assert len(scene.send(SetSpeed(120)).broken("I12")) == found


# I3: a stop that no link carries


@pytest.mark.parametrize(("heard_again", "found"), [(False, 0), (True, 1)])
def test_over_a_link_that_is_lost_no_stop_frame_is_owed_and_over_the_next_one_it_is(
    heard_again: bool, found: int
) -> None:
    scene = Scene().runs().hears(LOST)
    scene.judge.screen(scene.now_s, "alarm")
    scene.judge.state(scene.now_s, "escalated")
    scene.judge.operator(scene.passes(0.5).now_s, "stop")
    scene.link_up = heard_again
    scene.judge.operator(scene.passes(1.5).now_s, "stop")
    scene.judge.operator(scene.passes(1.5).now_s, "stop")
    assert len(scene.passes(0.5).broken("I3")) == found


# R5: what a machine refused was sent


@pytest.mark.parametrize(("after_s", "found"), [(0.0, 0), (1.0, 1)])
def test_a_set_point_that_the_machine_refused_explains_a_speed_for_one_window(after_s: float, found: int) -> None:
    """At 1.4 km/h, 1.6 km/h was refused: with it 2.0 km/h are no runaway for the lag and a report period, 0.9 s."""
    scene = Scene().runs()
    scene.judge.command(scene.now_s, SetSpeed(160))
    scene.judge.answered(scene.now_s, SetSpeed(160), Rejected("busy"))
    scene.passes(after_s)
    for _ in range(2):
        scene.now_s += 0.2
        scene.judge.report(scene.now_s, Telemetry(scene.now_s, 2.0))
    scene.now_s += 0.2
    assert len(scene.broken("R5")) == found


# One look: as late as the supervisor looked, and no later


@pytest.mark.parametrize(("looks_s", "found"), [((0.16,), 0), ((0.1, 0.2), 1), ((0.7,), 1), ((), 1)])
def test_what_is_owed_within_one_look_is_judged_when_the_look_is_over(looks_s: tuple[float, ...], found: int) -> None:
    """A stop is pressed just behind a look, and its frame leaves with the last one: with the first behind the press,
    one too many, one that is half a second late, or none that anybody told of."""
    scene = Scene().runs()
    pressed_s = scene.now_s
    if looks_s:
        scene.judge.looks(pressed_s - 0.01)
    scene.judge.operator(pressed_s, "stop")
    for look_s in looks_s:
        scene.now_s = pressed_s + look_s
        scene.judge.looks(scene.now_s)
        scene.judge.truth(scene.now_s, 1.4, 0.0)
    scene.now_s = pressed_s + (looks_s or (0.2,))[-1]
    assert len(scene.send(StopBelt()).broken("I3")) == found


# I3: a stop behind a command that is still with the link


@pytest.mark.parametrize(
    ("answer", "after_s", "found"), [(SetSpeed(130), 0.3, 0), (StopBelt(), 0.3, 0), (None, 0.4, 1)]
)
def test_behind_a_command_that_is_with_the_link_a_stop_has_a_fifth_of_a_second_more(
    answer: Command | None, after_s: float, found: int
) -> None:
    scene = Scene().runs()
    scene.judge.command(scene.now_s, SetSpeed(160))
    scene.judge.operator(scene.now_s, "stop")
    scene.passes(after_s)
    if answer is not None:
        scene.send(answer)
    sentences = scene.broken("I3")
    assert len(sentences) == found
    assert all("within 0.3 s" in one for one in sentences)


def test_it_has_no_more_to_leave_the_mode_that_it_met() -> None:
    scene = Scene().runs()
    scene.judge.state(scene.now_s, "running")
    scene.judge.command(scene.now_s, SetSpeed(160))
    scene.judge.operator(scene.now_s, "stop")
    (sentence,) = scene.passes(0.2).broken("I3")
    assert "the mode was still 'running' 0.1 s after" in sentence
