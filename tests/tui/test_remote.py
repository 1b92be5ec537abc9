"""A presenter remote in the hand: what its keys mean in each state of a run, and which keys it may have."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tui.conftest import (
    A_SUMMARY,
    KIM,
    FakeControls,
    a_run,
    a_snapshot,
    a_stand,
    a_view,
    press,
    settled,
    still,
    waiting_view,
)
from textual import events

from retrotread.safety.hazards import Hazard
from retrotread.safety.modes import Mode
from retrotread.safety.policy import cause
from retrotread.sessions.person import Remote
from retrotread.sessions.view import RunView
from retrotread.tui.door import NextMeans, StopDoor
from retrotread.tui.keys import is_stop_key, may_be_of_a_remote
from retrotread.tui.remote_keys import Learning, pressed
from retrotread.tui.screens.help import HelpDialog
from retrotread.tui.screens.setup import SetupPage
from retrotread.tui.screens.start import StartPage
from retrotread.tui.standing import CANCEL_MARGIN_S, next_means
from retrotread.workouts.engine import Phase

HAND = replace(KIM, remote=Remote("pagedown", "b"))
PAUSED = a_view(Phase.PAUSED, still(Mode.PAUSED))
LIVE = a_view(snapshot=a_snapshot())
MOUNTING = a_view(Phase.WAITING_FOR_PERSON, a_snapshot(speed_kph=0.5))
FIXED_STOPS = ("escape", "enter", "space", "q", "ctrl+c", "shift+enter", "Q", "ctrl+q", "ctrl+z", "ctrl+d", "ctrl+@")


def counting(left_s: float, **changes: object) -> RunView:
    return replace(
        waiting_view(), phase=Phase.WAITING_FOR_START, snapshot=still(Mode.COUNTDOWN, start_in_s=left_s, **changes)
    )


def door_with(next_key: str = "pagedown", fine_key: str | None = "b") -> StopDoor:
    door = StopDoor()
    door.use_remote_of(replace(KIM, remote=Remote(next_key, fine_key)))
    return door


# --- which keys -------------------------------------------------------------------------------------------------


@given(st.text(max_size=12))
def test_whatever_a_remote_sends_may_be_asked_about_and_the_fixed_stop_keys_are_never_its_own(key: str) -> None:
    may_be_of_a_remote(key)
    assert not any(may_be_of_a_remote(fixed) for fixed in FIXED_STOPS)


@pytest.mark.parametrize("key", ["pagedown", "pageup", "b", "full_stop", "f5", "right", "left", "shift+f5", "tab"])
def test_what_presenters_send_may_be_named(key: str) -> None:
    assert may_be_of_a_remote(key)


@pytest.mark.parametrize("key", FIXED_STOPS)
def test_a_fine_key_that_is_written_by_hand_cannot_take_a_fixed_stop_key_away(key: str) -> None:
    door = door_with(fine_key=key)
    assert door.fine_key is None
    assert door.is_stop(key)


def test_the_fine_key_cannot_be_the_next_key() -> None:
    assert door_with("pagedown", "pagedown").fine_key is None
    assert pressed(Learning("pageup"), "pageup").remote is None


def test_without_a_named_fine_key_nothing_changes() -> None:
    door = door_with(fine_key=None)
    for key in ("b", "pageup", "pagedown", "f5", "space", "x", "o"):
        assert door.is_stop(key) is is_stop_key(key)


@given(st.sampled_from(["pagedown", "pageup", "b", "full_stop", "f5", "space", "enter", "escape", "q", "ctrl+c", "x"]))
def test_only_the_fine_key_is_taken_from_the_stop_keys(key: str) -> None:
    door = door_with("right", "b")
    assert door.is_stop(key) is (is_stop_key(key) and key != "b")
    assert door.is_stop("right"), "every key of the remote stops"


# --- when next goes on ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", list(Mode))
def test_next_goes_on_at_a_confirmed_standstill_only_while_a_person_is_waited_for(mode: Mode) -> None:
    waits = mode in (Mode.IDLE, Mode.ARMED, Mode.PAUSED, Mode.TURN)
    assert (next_means(a_view(snapshot=still(mode))) is NextMeans.GO_ON) is waits
    assert next_means(a_view(snapshot=a_snapshot(mode, 0.0))) is NextMeans.STOP, "not confirmed"
    assert next_means(a_view(snapshot=still(mode, age_s=1.5))) is NextMeans.STOP, "old"
    assert next_means(a_view(snapshot=still(mode), guardian_alive=False)) is NextMeans.STOP


def test_in_a_countdown_next_cancels_until_its_last_second_and_the_age_of_the_news_counts() -> None:
    assert next_means(counting(5.0)) is NextMeans.CANCEL
    assert next_means(replace(counting(CANCEL_MARGIN_S), snapshot_age_s=0.05)) is NextMeans.STOP
    assert next_means(replace(counting(CANCEL_MARGIN_S + 0.3), snapshot_age_s=0.5)) is NextMeans.STOP
    assert next_means(counting(5.0, standstill=False)) is NextMeans.STOP


def test_a_belt_that_has_come_to_rest_a_moment_ago_is_still_stopped_by_next() -> None:
    door = door_with()
    door.open(FakeControls(PAUSED), replace(KIM, remote=Remote()), next_means)
    assert door.stops("pagedown")
    door.rested = True
    assert not door.stops("pagedown")
    assert door.stops("pageup")


def test_a_run_that_cannot_be_looked_at_is_stopped_by_next() -> None:
    class Broken(FakeControls):
        def view(self) -> RunView:
            raise RuntimeError("no answer")

    door = door_with()
    door.open(Broken(PAUSED), HAND, next_means)
    door.rested = True
    assert door.stops("pagedown")


# --- on the screens ---------------------------------------------------------------------------------------------


async def test_next_once_starts_by_itself_and_again_calls_the_start_off() -> None:
    async with a_run(waiting_view(), reacts=True, person=HAND) as stand:
        assert "Remote: Page Down once." in stand.screen
        stand.clock.at_s += 5.0
        await stand.press("pagedown")
        assert stand.controls.asked() == ["arm", "hold_done"]
        await settled(stand.app)
        assert "Page Down only cancels it" in " ".join(stand.screen.split())
        stand.clock.at_s += 0.2
        await stand.press("pagedown")
        assert stand.controls.asked() == ["arm", "hold_done", "cancel_start"]


async def test_next_starts_nothing_before_standstill_is_confirmed() -> None:
    unseen = replace(waiting_view(), snapshot=a_snapshot(Mode.IDLE, 0.0))
    async with a_run(unseen, reacts=True, person=HAND) as stand:
        await stand.press("pagedown")
        assert stand.controls.asked() == []


async def test_page_down_starts_nothing_without_a_remote() -> None:
    async with a_run(waiting_view(), reacts=True) as stand:
        await stand.press("pagedown")
        assert stand.controls.asked() == []


async def test_next_goes_on_from_a_pause_that_has_lasted_a_second_and_stops_before() -> None:
    async with a_run(LIVE, person=HAND) as stand:
        await stand.see(PAUSED)
        await stand.press("pagedown")
        assert stand.controls.asked() == ["stop MainThread"]
        stand.controls.calls.clear()
        stand.clock.at_s += 2.5
        await stand.see(PAUSED)
        await stand.press("pagedown")
        assert stand.controls.asked() == ["arm"]


async def test_while_the_belt_moves_next_stops_and_fine_does_not() -> None:
    async with a_run(LIVE, person=HAND) as stand:
        await stand.press("b")
        assert stand.controls.asked() == ["all_right"]
        await stand.press("pagedown")
        assert stand.controls.asked() == ["all_right", "stop MainThread"]


async def test_fine_says_i_am_on_to_a_belt_that_waits_for_the_person() -> None:
    async with a_run(MOUNTING, person=HAND) as stand:
        await stand.press("b")
        assert stand.controls.asked() == ["person_on"]


async def test_fine_calls_a_countdown_off_like_any_key_and_starts_nothing() -> None:
    async with a_run(waiting_view(), person=HAND) as stand:
        await stand.press("b")
        assert stand.controls.asked() == []
        await stand.see(counting(8.0))
        await stand.press("b")
        assert stand.controls.asked() == ["cancel_start"]


async def test_the_stop_bar_names_no_key_that_does_not_stop() -> None:
    async with a_run(LIVE, person=HAND) as stand:
        assert "q  full stop  Page Up  Page Down  F5" in stand.screen
    async with a_run(LIVE) as stand:
        assert "q  b  full stop  Page Up  Page Down  F5" in stand.screen


async def test_another_persons_fine_key_is_no_fine_key() -> None:
    async with a_run(LIVE) as stand:
        await stand.press("b")
        assert stand.controls.asked() == ["stop MainThread"]


async def test_next_closes_the_list_of_keys_and_nothing_else() -> None:
    async with a_run(waiting_view(), reacts=True, person=HAND) as stand:
        await stand.press("question_mark")
        assert isinstance(stand.app.screen, HelpDialog)
        await stand.press("pagedown")
        assert isinstance(stand.app.screen, StartPage)
        assert stand.controls.asked() == []


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_list_of_keys_is_whole_and_leaves_the_stop_bar_free(size: tuple[int, int]) -> None:
    async with a_run(LIVE, size=size, person=HAND) as stand:
        await stand.press("question_mark")
        assert "Any other key closes this list." in stand.screen
        assert "S T O P" in stand.screen
        assert "full stop  Page Up  Page Down  F5  -  or click here" in stand.screen


async def test_next_leaves_the_summary() -> None:
    done = a_view(Phase.FINISHED, still(Mode.LATCHED, causes=(cause(Hazard.PLAN_STOP),)), summary=A_SUMMARY)
    async with a_run(done, person=HAND) as stand:
        await stand.press("pagedown")
        assert isinstance(stand.app.screen, SetupPage)


# --- the focus of the terminal ----------------------------------------------------------------------------------


async def test_the_focus_is_told_once_a_change_and_to_a_run_that_opens_later() -> None:
    async with a_stand() as stand:
        stand.app.post_message(events.AppBlur())
        await settled(stand.app)
        await stand.press("enter")
        assert stand.controls.asked() == ["focus False"]
        for event in (events.AppBlur(), events.AppFocus(), events.AppFocus()):
            stand.app.post_message(event)
            await settled(stand.app)
        assert stand.controls.asked() == ["focus False", "focus True"]


async def test_a_terminal_that_never_reports_its_focus_has_it() -> None:
    async with a_run(LIVE) as stand:
        await press(stand.app, "7")
        assert not [call for call in stand.controls.calls if call.startswith("focus")]
