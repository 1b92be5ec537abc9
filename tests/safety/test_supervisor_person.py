"""The person on the belt: the attention check, the clicker, symptoms, pain, effort, and how long one effort is held.

R14, R15 and R21.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrotread.machine import Command, Facing, StopBelt
from retrotread.safety.attention import PRESS_MS, Attention
from retrotread.safety.feeling import Feeling, Symptom
from retrotread.safety.hazards import Hazard
from retrotread.safety.inputs import (
    Acknowledged,
    ArmAsked,
    AttentionAnswered,
    Beat,
    EffortSaid,
    HoldCompleted,
    LinkWentDown,
    PainSaid,
    PauseAsked,
    StopAsked,
    StopBy,
    SymptomFelt,
    TurnAsked,
    Wanted,
)
from retrotread.safety.limits import PlanCeiling, limits_for
from retrotread.safety.modes import Mode
from retrotread.safety.stopping import StopClass
from retrotread.safety.tiers import TIERS

from .test_supervisor_reach import beats_like

if TYPE_CHECKING:
    from tests.safety.conftest import Bench, BenchMaker


def asking(bench: Bench, speed_ckph: int = 100) -> Bench:
    """At this speed, with the attention check just answered, and a wish for more."""
    bench.config = bench.config.asking(True)
    bench.run_at(speed_ckph)
    while bench.state.attention.asked_ms is None:
        bench.tick()
    bench.tick(AttentionAnswered())
    assert bench.state.attention.asked_ms is None
    return bench


def asked_after_s(bench: Bench) -> float:
    began_ms = bench.at_ms
    while Hazard.ATTENTION_ASKED not in {one.hazard for one in bench.last.causes}:
        assert bench.at_ms - began_ms < 70_000, "never asked"
        bench.tick()
    return (bench.at_ms - began_ms) / 1000


# --- the attention check ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tier", "speed_ckph", "every_s"),
    [("walker", 300, 60), ("frail", 100, 30), ("runner", 600, 60), ("runner", 610, 20)],
)
def test_the_check_asks_more_often_who_is_frail_or_fast(
    bench_for: BenchMaker, tier: str, speed_ckph: int, every_s: int
) -> None:
    bench = asking(bench_for(tier=tier), speed_ckph)
    assert asked_after_s(bench) == pytest.approx(every_s, abs=0.15)


def test_an_unanswered_check_freezes_rises_after_ten_seconds_eases_after_twenty_and_stops_after_thirty(
    bench: Bench,
) -> None:
    asking(bench, 300)
    asked_after_s(bench)
    bench.run(9.8)
    began_ms = bench.at_ms
    bench.tick(Wanted(400, 0))
    bench.run(10.0)
    assert Hazard.ATTENTION_LATE in bench.hazards_since(began_ms)
    assert not [ckph for ckph in bench.speeds_since(began_ms) if ckph > 330], "it rose on"
    assert Hazard.ATTENTION_LOST not in bench.hazards_since(began_ms)
    bench.run(9.9)
    assert Hazard.ATTENTION_LOST in bench.hazards_since(began_ms)
    assert bench.speeds_since(began_ms)[-1] < 200
    assert bench.mode is Mode.RUN
    bench.run(0.3)
    assert bench.last.mode is Mode.STOPPING
    assert bench.state.stop is not None
    assert bench.state.stop.kind is StopClass.CONTROLLED
    assert bench.message(Hazard.NOBODY_ANSWERS) == "nobody has answered the attention check for 30.0 s (limit 30.0 s)"


def test_an_answer_lets_the_belt_rise_again_and_the_count_begins_anew(bench: Bench) -> None:
    asking(bench, 300)
    asked_after_s(bench)
    bench.run(22)
    bench.tick(AttentionAnswered())
    bench.run(20)
    assert bench.mode is Mode.RUN
    assert bench.state.drive.sent_ckph == 300
    assert asked_after_s(bench) == pytest.approx(40, abs=0.2)


def test_a_key_that_is_lain_upon_answers_nothing(bench: Bench) -> None:
    """A held key repeats itself; pressed before the check asks, it goes on through it."""
    asking(bench)
    with_key = [AttentionAnswered()]
    while bench.mode is Mode.RUN:
        assert bench.at_ms < 200_000, "the belt ran on under a key that nobody lets go"
        bench.tick(*with_key)
    assert Hazard.NOBODY_ANSWERS in bench.state.hazards


def test_a_press_before_the_check_asks_does_not_put_it_off() -> None:
    quiet = Attention(quiet_ms=30_000).answered()
    assert quiet.quiet_ms == 30_000
    assert Attention(60_000, 0, PRESS_MS).answered() == Attention(pressed_ms=0)
    assert Attention(60_000, 0, PRESS_MS - 1).answered().asked_ms == 0


def test_a_rise_above_six_does_not_ease_at_once_who_was_asked_long_ago(bench_for: BenchMaker) -> None:
    """What counts is how long the check has waited, not how long ago the answer was."""
    bench = asking(bench_for(tier="runner"), 600)
    bench.run(45)
    bench.tick(Wanted(650, 0))
    bench.run(5)
    hazards = bench.hazards_since(bench.at_ms - 5_000)
    assert Hazard.ATTENTION_ASKED in hazards
    assert Hazard.ATTENTION_LATE not in hazards


def test_a_pause_does_not_hide_that_nobody_answers_and_a_start_begins_a_new_count(bench: Bench) -> None:
    asking(bench, 300)
    asked_after_s(bench)
    bench.run(29.5)
    bench.tick(PauseAsked())
    bench.run(0.8)
    assert Hazard.NOBODY_ANSWERS in bench.state.hazards
    bench.until(Mode.LATCHED, within_s=60)
    assert bench.state.attention == Attention()


def test_without_the_check_nobody_is_asked(bench: Bench) -> None:
    bench.run_at(300)
    bench.run(100)
    assert bench.mode is Mode.RUN
    assert bench.state.attention == Attention()


def test_where_nobody_answers_the_belt_is_no_faster_than_for_somebody_alone(bench: Bench) -> None:
    plan = PlanCeiling(1200, 50, "of the test")
    limit = limits_for(bench.config.profile, TIERS["runner"], plan, Facing.REAR).unattended().speed_ckph
    assert (limit.value, limit.reason) == (150, "nobody answers the attention check")


# --- the clicker --------------------------------------------------------------------------------------------------


def test_a_clicker_that_is_released_stops_the_belt_within_300_ms(bench: Bench) -> None:
    bench.run_at(300)
    with beats_like(bench, Beat(0, True, clicker_held=True)):
        bench.run(2)
        assert bench.mode is Mode.RUN
    with beats_like(bench, Beat(0, True, clicker_held=False)):
        assert bench.until(Mode.STOPPING, within_s=0.3) <= 0.3
    assert bench.state.hazards == (Hazard.CLICKER_RELEASED,)
    assert bench.state.stop is not None
    assert bench.state.stop.kind is StopClass.CONTROLLED


def test_a_clicker_that_is_not_held_arms_nothing_and_ends_a_countdown(bench: Bench) -> None:
    bench.link()
    bench.count_down()
    with beats_like(bench, Beat(0, True, clicker_held=False)):
        bench.until(Mode.IDLE, within_s=0.3)
        bench.tick(ArmAsked())
    assert bench.mode is Mode.IDLE
    assert bench.message(Hazard.ARM_REFUSED) == "the clicker is not held"


# --- symptoms -----------------------------------------------------------------------------------------------------

AT_ONCE = {Symptom.STOP_NOW, Symptom.CHEST, Symptom.DIZZY}


@pytest.mark.parametrize("what", Symptom)
def test_a_symptom_stops_a_running_belt_in_the_same_step(bench: Bench, what: Symptom) -> None:
    bench.run_at(300)
    made = bench.tick(SymptomFelt(what))
    assert made.state.mode is Mode.STOPPING
    assert made.state.stop is not None
    assert (made.state.stop.kind is StopClass.PROTECTIVE) is (what in AT_ONCE)
    sent: tuple[Command, ...] = (StopBelt(),)
    assert (made.commands == sent) is (what in AT_ONCE)
    hazard = Hazard.SYMPTOM_AT_ONCE if what in AT_ONCE else Hazard.SYMPTOM
    assert bench.message(hazard) == f"the person says: {what.value}"


@pytest.mark.parametrize("mode", [Mode.IDLE, Mode.ARMED, Mode.COUNTDOWN, Mode.PAUSED, Mode.TURN, Mode.STOPPING])
def test_a_symptom_latches_from_every_mode_and_the_run_is_not_started_again(bench: Bench, mode: Mode) -> None:
    bench.link()
    if mode is Mode.TURN:
        bench.tick(TurnAsked(Facing.CONSOLE, bench.config.belt))
    elif mode is Mode.ARMED:
        bench.arm()
    elif mode is Mode.COUNTDOWN:
        bench.count_down()
    elif mode is not Mode.IDLE:
        bench.run_at(150)
        bench.tick(PauseAsked() if mode is Mode.PAUSED else StopAsked(StopBy.OPERATOR))
        bench.until(mode, within_s=30)
    assert bench.mode is mode
    bench.tick(SymptomFelt(Symptom.DIZZY))
    bench.until(Mode.LATCHED, within_s=30)
    assert Hazard.SYMPTOM_AT_ONCE in bench.state.hazards
    assert bench.clear() is Mode.IDLE
    bench.tick(ArmAsked(same_run=mode is Mode.PAUSED))
    assert bench.mode is Mode.IDLE
    assert (
        bench.message(Hazard.ARM_REFUSED)
        == "this run has ended with: dizzy, faint, or confused; it is not started again"
    )


def test_a_symptom_makes_a_controlled_stop_protective(bench: Bench) -> None:
    bench.run_at(300)
    bench.tick(StopAsked(StopBy.OPERATOR))
    bench.tick(SymptomFelt(Symptom.CHEST))
    assert bench.state.stop is not None
    assert bench.state.stop.kind is StopClass.PROTECTIVE
    assert bench.state.hazards == (Hazard.OPERATOR_STOP, Hazard.SYMPTOM_AT_ONCE)


def test_a_symptom_after_the_stop_is_remembered_and_sends_nothing(bench: Bench) -> None:
    bench.run_at(100)
    bench.tick(StopAsked(StopBy.OPERATOR))
    bench.until(Mode.LATCHED, within_s=30)
    before_ms = bench.at_ms
    bench.tick(SymptomFelt(Symptom.UNWELL))
    assert bench.mode is Mode.LATCHED
    assert bench.state.hazards == (Hazard.OPERATOR_STOP, Hazard.SYMPTOM)
    assert not bench.stops_since(before_ms)


def test_a_symptom_without_a_link_is_known_when_there_is_one(bench: Bench) -> None:
    bench.tick(SymptomFelt(Symptom.WEAK))
    assert bench.mode is Mode.DISCONNECTED
    bench.link()
    bench.tick(ArmAsked())
    assert bench.last.mode is Mode.IDLE


# --- pain and effort ----------------------------------------------------------------------------------------------


def test_pain_of_three_to_five_lets_nothing_rise_until_less_is_said(bench: Bench) -> None:
    bench.run_at(100)
    bench.tick(PainSaid(3), Wanted(300, 0))
    began_ms = bench.at_ms
    bench.run(5)
    assert not bench.speeds_since(began_ms)
    assert bench.message(Hazard.PAIN_SOME) == "pain 3 of 10 was said: nothing rises from 3 on, until less is said"
    bench.tick(AttentionAnswered())
    bench.run(5)
    assert not bench.speeds_since(began_ms), "that all is well is no number"
    bench.tick(PainSaid(2))
    bench.run(5)
    assert bench.speeds_since(began_ms)


@pytest.mark.parametrize(("before", "now", "stops"), [(None, 5, False), (None, 6, True), (1, 3, False), (1, 4, True)])
def test_pain_above_five_or_three_more_than_before_stops(
    bench: Bench, before: int | None, now: int, stops: bool
) -> None:
    bench.link()
    if before is not None:
        bench.tick(PainSaid(before))
    bench.run_at(100)
    bench.tick(PainSaid(now))
    assert (bench.mode is Mode.STOPPING) is stops
    if stops:
        assert bench.state.stop is not None
        assert bench.state.stop.kind is StopClass.CONTROLLED


def test_who_said_so_much_pain_is_not_started_again_before_less_is_said(bench: Bench) -> None:
    bench.run_at(100)
    bench.tick(PainSaid(7))
    bench.until(Mode.LATCHED, within_s=30)
    assert bench.clear() is Mode.IDLE
    bench.tick(ArmAsked(same_run=True))
    assert bench.mode is Mode.IDLE
    assert bench.message(Hazard.ARM_REFUSED) == "pain 7 of 10 was said (limit 5); say it again when it is less"
    bench.tick(PainSaid(1))
    bench.arm()


def test_effort_of_nine_eases_and_of_ten_stops(bench: Bench) -> None:
    bench.run_at(300)
    bench.tick(EffortSaid(8))
    bench.run(3)
    assert bench.state.drive.sent_ckph == 300
    bench.tick(EffortSaid(9))
    bench.run(20)
    assert bench.state.drive.sent_ckph == 50
    bench.tick(EffortSaid(10))
    assert bench.mode is Mode.STOPPING
    assert bench.state.hazards == (Hazard.EFFORT_FULL,)


def test_a_number_off_the_scale_was_not_said(bench: Bench) -> None:
    bench.tick(PainSaid(11), EffortSaid(-1))
    assert bench.state.feeling == Feeling()


def test_pain_that_is_said_in_the_countdown_ends_it(bench: Bench) -> None:
    bench.link()
    bench.tick(ArmAsked(), HoldCompleted())
    bench.tick(PainSaid(8))
    assert bench.mode is Mode.IDLE


# --- one effort ---------------------------------------------------------------------------------------------------


def test_one_speed_held_backward_beyond_its_block_is_eased_and_a_minute_later_stopped(bench_for: BenchMaker) -> None:
    bench = bench_for(tier="frail")
    bench.run_at(120)
    bench.run(7 * 60 - 30)
    assert bench.state.drive.sent_ckph == 120
    bench.run(30)
    assert bench.state.drive.sent_ckph < 120
    assert bench.message(Hazard.BLOCK_LONG) == (
        "one effort backward has lasted for 7.0 min, and a block of tier clinic frail is 5 min long at most"
    )
    assert bench.mode is Mode.RUN
    bench.run(60)
    assert bench.state.hazards == (Hazard.BLOCK_OVER,)


def test_being_eased_is_no_new_effort_and_only_rest_ends_one_that_lasted_too_long(bench_for: BenchMaker) -> None:
    bench = bench_for(tier="frail")
    bench.run_at(120)
    bench.run(7 * 60)
    eased_ms = bench.at_ms
    bench.tick(Wanted(bench.state.drive.sent_ckph, 0))  # as the session does: what is held back is another wish
    bench.run(20)
    bench.tick(Wanted(120, 0))
    bench.run(20)
    assert bench.state.drive.sent_ckph == 50
    assert [one for one in bench.speeds_since(eased_ms) if one > 50] == []
    bench.tick(PauseAsked())
    bench.until(Mode.PAUSED, within_s=10)
    bench.tick(ArmAsked(same_run=True))
    bench.tick(HoldCompleted())
    bench.until(Mode.RUN, within_s=30)
    bench.tick(Wanted(120, 0))
    bench.run(60)
    assert bench.mode is Mode.RUN
    assert bench.state.drive.sent_ckph == 120


def test_another_speed_is_another_effort_and_forward_there_is_none(bench_for: BenchMaker) -> None:
    bench = bench_for(tier="frail")
    bench.run_at(120)
    bench.run(6 * 60)
    bench.tick(Wanted(100, 0))
    bench.run(3 * 60)
    assert bench.mode is Mode.RUN
    assert bench.state.run.effort_ms <= 180_000
    forward = bench_for(tier="frail", facing=Facing.CONSOLE)
    forward.run_at(120)
    forward.run(9 * 60)
    assert forward.mode is Mode.RUN
    assert forward.state.run.effort_ms == 0


def test_a_lost_link_still_says_what_was_felt_with_it(bench: Bench) -> None:
    bench.run_at(100)
    bench.tick(LinkWentDown(), SymptomFelt(Symptom.DIZZY))
    assert bench.state.hazards == (Hazard.LINK_DOWN, Hazard.SYMPTOM_AT_ONCE)
    assert bench.mode is Mode.ESCALATED
    bench.tick(Acknowledged())
    assert bench.mode is Mode.ESCALATED


def test_with_an_effort_that_stops_nothing_is_armed_until_it_is_less(bench: Bench) -> None:
    bench.link()
    bench.tick(EffortSaid(10), ArmAsked())
    assert bench.message(Hazard.ARM_REFUSED) == "effort 10 of 10 was said; rest, and say it again when it is less"
    bench.tick(EffortSaid(6), ArmAsked())
    assert bench.mode is Mode.ARMED
