"""What is said aloud beside the plan: a person who faces the rear knows from it what the belt does and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from retrotread.guardian.messages import Snapshot, TurnShown
from retrotread.machine import BeltDirection, Facing
from retrotread.safety.hazards import Action, Cause, Clears, Hazard
from retrotread.safety.modes import Mode
from retrotread.sessions.narration import (
    ALARM_AGAIN_S,
    CHECK,
    CHECK_AGAIN_S,
    QUESTION_AGAIN_S,
    UNLINKED_AGAIN_S,
    UNMEASURED,
    Narrator,
    Utterance,
    spoken,
)
from retrotread.workouts.cues import Cue, CueKind


def at(mode: Mode, **changes: Any) -> Snapshot:
    """A look at a guardian in this mode."""
    fields: dict[str, Any] = {
        "at_s": 0.0,
        "epoch": 1,
        "mode": mode,
        "action": Action.ALLOW,
        "causes": (),
        "link_up": True,
        "speed_kph": 0.0,
        "incline_percent": 0.0,
        "distance_m": None,
        "age_s": 0.1,
        "sent_speed_kph": 0.0,
        "sent_incline_percent": 0.0,
        "standstill": False,
        "alarm": False,
    }
    return Snapshot(**(fields | changes))


def texts(said: tuple[Utterance, ...]) -> list[str]:
    return [one.text for one in said]


def test_the_countdown_is_announced_with_its_length_and_its_last_five_seconds_are_counted() -> None:
    narrator, before = Narrator(), at(Mode.ARMED)
    heard: list[str] = []
    for tenth in range(100, -1, -2):
        now = at(Mode.COUNTDOWN, start_in_s=tenth / 10)
        heard += texts(narrator.snapshot(before, now, 10.0 - tenth / 10))
        before = now
    assert heard == ["The belt starts in 10 seconds. Any key cancels.", "5", "4", "3", "2", "1"]
    assert texts(narrator.snapshot(before, at(Mode.STARTING), 11.0)) == ["Starting"]


def test_a_start_that_comes_to_nothing_is_said() -> None:
    assert texts(Narrator().snapshot(at(Mode.COUNTDOWN, start_in_s=3.0), at(Mode.IDLE), 0.0)) == [
        "The start is cancelled."
    ]


def test_a_stop_says_why_and_standstill_is_said_only_when_it_is_confirmed() -> None:
    why = Cause(Hazard.KEY_PULLED, Action.PROTECTIVE_STOP, "the safety key was pulled", Clears.WHEN_ACKNOWLEDGED)
    narrator, stopping = Narrator(), at(Mode.STOPPING, causes=(why,))
    assert texts(narrator.snapshot(at(Mode.RUN), stopping, 0.0)) == ["Stopping: the safety key was pulled"]
    assert texts(narrator.snapshot(stopping, at(Mode.LATCHED, standstill=False), 5.0)) == []
    assert texts(narrator.snapshot(stopping, at(Mode.LATCHED, standstill=True), 5.0)) == [
        "The belt is reported still. Look before you step."
    ]


def test_the_alarm_is_urgent_and_said_again_until_it_is_over() -> None:
    narrator, alarm = Narrator(), at(Mode.ESCALATED, alarm=True)
    (first,) = narrator.snapshot(at(Mode.STOPPING), alarm, 0.0)
    assert first == Utterance("Pull the safety key. The belt may still be moving.", urgent=True)
    assert narrator.tick(True, None, ALARM_AGAIN_S - 0.1) == ()
    assert narrator.tick(True, None, ALARM_AGAIN_S) == (first,)
    assert narrator.tick(False, None, 9.0) == ()
    assert narrator.tick(True, None, 9.1) == (first,)


def test_without_the_link_the_alarm_says_what_this_machine_does_then_and_leaves_time_to_say_it() -> None:
    narrator, alarm = Narrator(), at(Mode.ESCALATED, alarm=True, link_up=False)
    narrator.disconnected = "This model keeps running when disconnected."
    (first,) = narrator.snapshot(at(Mode.RUN), alarm, 0.0)
    assert first == Utterance("Pull the safety key. This model keeps running when disconnected.", urgent=True)
    assert narrator.tick(True, None, UNLINKED_AGAIN_S - 0.1) == ()
    assert narrator.tick(True, None, UNLINKED_AGAIN_S) == (first,)
    (back,) = narrator.snapshot(alarm, at(Mode.ESCALATED, alarm=True), UNLINKED_AGAIN_S + ALARM_AGAIN_S)
    assert back.text == "Pull the safety key. The belt may still be moving."


def test_a_machine_without_a_key_gets_another_last_resort() -> None:
    assert Narrator(has_key=False).lost().text == (
        "The belt is not watched any more. Keep off the belt. Switch it off at the mains."
    )


def test_a_freeze_is_said_once_with_its_cause() -> None:
    def frozen(seconds: float) -> Snapshot:
        why = Cause(Hazard.UI_SLOW, Action.FREEZE_RISES, f"no screen for {seconds} s", Clears.BY_ITSELF)
        return at(Mode.RUN, causes=(why,))

    narrator = Narrator()
    assert texts(narrator.snapshot(at(Mode.RUN), frozen(2.1), 0.0)) == ["Nothing rises: no screen for 2.1 s"]
    assert narrator.snapshot(frozen(2.1), frozen(2.3), 0.2) == ()


def test_a_turn_asks_for_one_thing_after_the_other() -> None:
    turn = TurnShown(Facing.CONSOLE, BeltDirection.FORWARD, False, False, 0.0, 5.0, "the belt must be seen still")
    steps = [
        turn,
        replace(turn, still_s=2.0),
        replace(turn, still_s=5.0),
        replace(turn, still_s=5.0, on_rails=True),
        replace(turn, still_s=5.0, on_rails=True, facing_confirmed=True, needs=None),
    ]
    narrator, before, heard = Narrator(), at(Mode.TURN), []
    for one in steps:
        now = at(Mode.TURN, turn=one)
        heard += texts(narrator.snapshot(before, now, 0.0))
        before = now
    assert heard == [
        "Step onto the rails. Do not turn yet.",
        "Stand on the rails, both feet off the belt. Confirm that you see it still.",
        "Turn to face the console, on the rails. Confirm that you face the console.",
        "When you are ready, start again.",
    ]


@pytest.mark.parametrize(
    ("empty", "said"),
    [
        (
            False,
            "Turn to face the console, on the rails. The belt then runs reversed. Confirm that you face the console.",
        ),
        (True, "It then runs reversed. Confirm that nobody will step on it after the turn."),
    ],
)
def test_a_turn_of_a_plan_with_both_belts_says_which_way_it_runs_then(empty: bool, said: str) -> None:
    shown = TurnShown(Facing.CONSOLE, BeltDirection.REVERSED, True, False, 5.0, 5.0, None)
    narrator = Narrator(empty_belt=empty, both_belts=True)
    assert texts(narrator.snapshot(at(Mode.TURN), at(Mode.TURN, turn=shown), 0.0)) == [said]


def test_the_question_is_asked_again_and_becomes_a_call_for_help() -> None:
    narrator = Narrator()
    assert texts(narrator.tick(False, 60.0, 0.0)) == ["Are you all right? Press y, or the remote."]
    assert narrator.tick(False, 55.0, 5.0) == ()
    assert texts(narrator.tick(False, 50.0, QUESTION_AGAIN_S)) == ["Are you all right? Press y, or the remote."]
    assert texts(narrator.tick(False, 0.0, 60.0)) == ["Help! Nobody answers at the treadmill. Somebody come, please."]
    assert texts(narrator.tick(False, 0.0, 60.0 + QUESTION_AGAIN_S)) == ["Help! Nobody answers at the treadmill."]
    assert narrator.tick(False, None, 80.0) == ()


@pytest.mark.parametrize(
    ("kind", "urgent", "rise"),
    [(CueKind.RISE_SOON, True, True), (CueKind.COUNT, True, False), (CueKind.STEP, False, False)],
)
def test_a_cue_is_said_with_the_words_of_its_author(kind: CueKind, urgent: bool, rise: bool) -> None:
    assert spoken(Cue(kind, "walk 60 s", 0, "short steps")) == Utterance("walk 60 s. short steps", urgent, rise, kind)
    assert spoken(Cue(kind, "walk 60 s", 0)).text == "walk 60 s"


def test_the_end_of_the_plan_has_announced_itself() -> None:
    done = Cause(Hazard.PLAN_STOP, Action.CONTROLLED_STOP, "the plan is done", Clears.WHEN_ACKNOWLEDGED)
    assert Narrator().snapshot(at(Mode.RUN), at(Mode.STOPPING, causes=(done,)), 0.0) == ()


def test_where_a_hand_sets_the_belt_nothing_is_claimed_of_what_it_does() -> None:
    why = Cause(Hazard.OPERATOR_STOP, Action.CONTROLLED_STOP, "stop was pressed", Clears.WHEN_ACKNOWLEDGED)
    looks = [
        at(Mode.IDLE),
        at(Mode.COUNTDOWN, start_in_s=10.0),
        at(Mode.RUN),
        at(Mode.PAUSING),
        at(Mode.PAUSED, standstill=True),
        at(Mode.COUNTDOWN, start_in_s=10.0),
        at(Mode.IDLE),
        at(Mode.RUN),
        at(Mode.STOPPING, causes=(why,)),
        at(Mode.LATCHED, standstill=True),
    ]
    narrator, before, heard = Narrator(measured=False), looks[0], []
    for now in looks[1:]:
        heard += texts(narrator.snapshot(before, now, 0.0))
        before = now
    assert heard == [
        "We begin in 10 seconds. Any key cancels.",
        UNMEASURED,
        "We begin in 10 seconds. Any key cancels.",
        "The start is cancelled.",
        "The session ends: stop was pressed",
        UNMEASURED,
    ]


def test_the_word_of_a_pause_does_not_break_off_what_the_plan_says_of_its_turn() -> None:
    (said,) = Narrator().snapshot(at(Mode.RUN), at(Mode.PAUSING), 0.0)
    assert (said.text, said.urgent) == ("The belt slows down to a stand", False)


def test_before_a_turn_nobody_is_told_that_the_belt_stands_until_it_was_watched() -> None:
    narrator = Narrator()
    assert texts(narrator.snapshot(at(Mode.PAUSING), at(Mode.PAUSED, standstill=True), 0.0)) == [
        "The belt stands still."
    ]
    narrator.turn_follows = True
    assert narrator.snapshot(at(Mode.PAUSING), at(Mode.PAUSED, standstill=True), 0.0) == ()


def heart(hazard: Hazard, message: str) -> Snapshot:
    return at(Mode.RUN, causes=(Cause(hazard, Action.WARN, message, Clears.BY_ITSELF),))


def test_a_strap_that_is_lost_is_said_at_once_and_once() -> None:
    narrator, lost = Narrator(), heart(Hazard.HEART_LOST, "no heart rate for 10.0 s: put the strap right")
    (said,) = narrator.snapshot(at(Mode.RUN), lost, 0.0)
    assert (said.text, said.urgent) == ("No heart rate for 10.0 s: put the strap right", True)
    assert narrator.snapshot(lost, lost, 0.2) == ()


def test_a_heart_near_its_ceiling_is_said_once_a_minute_however_it_goes_up_and_down() -> None:
    narrator, near = Narrator(), heart(Hazard.HEART_NEAR, "the heart rate is 146 bpm (ceiling 150 bpm)")
    told = [texts(narrator.snapshot(at(Mode.RUN), near, float(second))) for second in range(0, 130, 10)]
    assert [index for index, one in enumerate(told) if one] == [0, 6, 12]
    assert told[0] == ["The heart rate is 146 bpm (ceiling 150 bpm)"]


ASKED = Cause(Hazard.ATTENTION_ASKED, Action.WARN, "the attention check waits", Clears.BY_ITSELF)


def test_the_attention_check_is_asked_aloud_and_again_until_it_is_answered() -> None:
    narrator, heard = Narrator(), []
    before = at(Mode.RUN)
    for tenth in range(0, 120, 2):
        asked = 10 <= tenth < 100
        now = at(Mode.RUN, causes=(ASKED,) if asked else ())
        heard += [(tenth / 10, one) for one in narrator.snapshot(before, now, tenth / 10)]
        before = now
    assert [(second, one.text, one.urgent) for second, one in heard] == [
        (1.0, CHECK, True),
        (1.0 + CHECK_AGAIN_S, CHECK, True),
    ]
