"""When the bell rings beside steps and countdowns: before a rise, for a question, and when the run asks for it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from tests.tui.conftest import (
    SIMULATED,
    FakeControls,
    a_run,
    a_snapshot,
    a_view,
    an_offer,
    off_belt_view,
    settled,
    still,
    turn_view,
)

from retrotread.safety.hazards import Hazard
from retrotread.safety.modes import Mode
from retrotread.safety.policy import cause
from retrotread.sessions.view import RunView
from retrotread.tui.bells import ALARM_PERIOD_S, ALARM_PULSES_S, asked_for, rings
from retrotread.tui.frame import Frame, Run, next_frame
from retrotread.workouts.engine import Phase


def frames(*views: RunView, every_s: float = 0.1) -> list[Frame]:
    """The frames of these views, one after another."""
    done: list[Frame] = []
    for at, view in enumerate(views):
        run = Run(FakeControls(view), an_offer(), SIMULATED)
        done.append(next_frame(done[-1] if done else None, run, at * every_s, None))
    return done


def rung(shown: list[Frame]) -> list[bool]:
    return [rings(before, frame) for before, frame in pairwise(shown)]


def live(**changes: Any) -> RunView:
    return a_view(snapshot=a_snapshot(), **changes)


def test_a_rise_rings_once_when_it_is_announced_and_again_when_another_one_is() -> None:
    left = (None, 5.0, 4.9, 0.2, 4.8, 4.7, None)
    assert rung(frames(*(live(raise_in_s=one) for one in left))) == [True, False, False, True, False, False]


def test_a_turn_and_a_time_off_the_belt_ring_when_they_begin() -> None:
    turn, drills = turn_view(still(Mode.PAUSED)), off_belt_view(still(Mode.PAUSED))
    assert rung(frames(live(), turn, turn, drills, drills)) == [True, False, True, False]


def test_the_question_rings_when_it_is_new_and_every_two_seconds() -> None:
    latched = still(Mode.LATCHED)
    left = [None, *(60.0 - at * 0.5 for at in range(9))]
    shown = frames(*(a_view(Phase.STOPPED, latched, all_right_s=one) for one in left), every_s=0.5)
    assert rung(shown) == [True, False, False, False, True, False, False, False, True]


def test_the_attention_check_rings_once_and_each_second_once_nobody_has_answered() -> None:
    asked, late = cause(Hazard.ATTENTION_ASKED), cause(Hazard.ATTENTION_LATE)
    well, waits = live(), a_view(snapshot=a_snapshot(causes=(asked,)))
    unanswered = a_view(snapshot=a_snapshot(causes=(asked, late)))
    assert rung(frames(well, waits, waits, well, every_s=0.5)) == [True, False, False]
    assert sum(rung(frames(*[unanswered] * 41, every_s=0.125))) == 5


def test_a_call_for_help_rings_like_an_alarm() -> None:
    calling = a_view(Phase.STOPPED, still(Mode.LATCHED), all_right_s=0.0, calling=True)
    count = sum(rung(frames(*[calling] * (round(ALARM_PERIOD_S * 10) + 1))))
    assert count == pytest.approx(len(ALARM_PULSES_S), abs=1)


def test_what_the_run_asks_for_is_counted_between_two_looks() -> None:
    first, then, same = frames(live(rings=4), live(rings=7), live(rings=7))
    assert (asked_for(None, first), asked_for(first, then), asked_for(then, same)) == (0, 3, 0)


async def test_rings_that_are_counted_by_ear_come_one_a_turn_of_the_screen() -> None:
    async with a_run(live()) as stand:
        heard: list[float] = []
        stand.app.bell = lambda: heard.append(stand.clock.at_s)  # type: ignore[method-assign]
        stand.controls.see(rings=3)
        for _ in range(6):
            stand.clock.at_s += 0.1
            stand.app.turn()
        assert len(heard) == 3
        assert len(set(heard)) == 3
        await settled(stand.app)
