"""After a stop: the way back after one's own, the question after any other, and help when nobody answers."""

from __future__ import annotations

from typing import Any

import pytest

from retrotread.guardian.messages import Snapshot
from retrotread.safety.hazards import Action, Cause, Hazard
from retrotread.safety.modes import Mode
from retrotread.safety.policy import cause
from retrotread.sessions.aftercare import ANSWER_S, CONTINUE_S, Aftercare


def stopped(*hazards: Hazard, standstill: bool = True, **changes: Any) -> Snapshot:
    """A belt that was stopped by these."""
    causes: tuple[Cause, ...] = tuple(cause(one) for one in hazards)
    fields: dict[str, Any] = {
        "at_s": 0.0,
        "epoch": 1,
        "mode": Mode.LATCHED if standstill else Mode.STOPPING,
        "action": Action.CONTROLLED_STOP,
        "causes": causes,
        "link_up": True,
        "speed_kph": 0.0,
        "incline_percent": 0.0,
        "distance_m": None,
        "age_s": 0.1,
        "sent_speed_kph": 0.0,
        "sent_incline_percent": 0.0,
        "standstill": standstill,
        "alarm": False,
    }
    return Snapshot(**(fields | changes))


def test_after_the_persons_own_stop_the_way_back_is_offered_for_five_minutes_from_standstill() -> None:
    slowing = Aftercare().seen(stopped(Hazard.OPERATOR_STOP, standstill=False), began=True, now_s=100.0)
    assert slowing.continue_for_s(100.0) is None
    still = slowing.seen(stopped(Hazard.OPERATOR_STOP), began=True, now_s=105.0)
    assert still.continue_for_s(105.0) == CONTINUE_S
    assert still.continue_for_s(105.0 + CONTINUE_S - 0.1) == pytest.approx(0.1)
    assert still.continue_for_s(105.0 + CONTINUE_S) is None
    assert still.all_right_s(500.0) is None


@pytest.mark.parametrize("hazard", [Hazard.OPERATOR_STOP_AGAIN, Hazard.PAUSE_TOO_LONG])
def test_a_second_press_and_a_pause_that_grew_too_long_are_the_persons_own(hazard: Hazard) -> None:
    after = Aftercare().seen(stopped(Hazard.OPERATOR_STOP, hazard), began=True, now_s=0.0)
    assert after.continue_for_s(1.0) == CONTINUE_S - 1.0


@pytest.mark.parametrize("hazard", [Hazard.RUNAWAY, Hazard.KEY_PULLED, Hazard.LEASE_LAPSED, Hazard.LINK_DOWN])
def test_no_way_back_leads_past_a_cause_that_was_not_the_persons_own(hazard: Hazard) -> None:
    after = Aftercare().seen(stopped(Hazard.OPERATOR_STOP), began=True, now_s=0.0)
    assert after.seen(stopped(Hazard.OPERATOR_STOP, hazard), began=True, now_s=1.0).continue_for_s(2.0) is None


def test_the_end_of_the_plan_offers_nothing_and_asks_nothing() -> None:
    after = Aftercare().seen(stopped(Hazard.PLAN_STOP), began=True, now_s=0.0)
    assert (after.continue_for_s(1.0), after.all_right_s(1.0)) == (None, None)


def test_any_other_stop_asks_and_calls_after_a_minute_without_an_answer() -> None:
    after = Aftercare().seen(stopped(Hazard.KEY_PULLED, standstill=False), began=True, now_s=10.0)
    after = after.seen(stopped(Hazard.KEY_PULLED), began=True, now_s=20.0)
    assert after.all_right_s(20.0) == ANSWER_S - 10.0
    assert not after.calling(10.0 + ANSWER_S - 0.1)
    assert after.calling(10.0 + ANSWER_S)
    answered = after.answer()
    assert (answered.all_right_s(70.0), answered.calling(100.0)) == (None, False)


def test_an_answer_holds_when_more_is_seen_of_the_same_stop() -> None:
    after = Aftercare().seen(stopped(Hazard.KEY_PULLED), began=True, now_s=0.0).answer()
    assert after.seen(stopped(Hazard.KEY_PULLED), began=True, now_s=90.0).all_right_s(90.0) is None


def test_nobody_is_asked_about_a_belt_that_never_moved_with_them() -> None:
    after = Aftercare().seen(stopped(Hazard.NO_MOTION), began=False, now_s=0.0)
    assert after.all_right_s(100.0) is None
