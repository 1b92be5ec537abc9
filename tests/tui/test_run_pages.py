"""The pages of a run beyond the plain walk: changes by hand, turns, times off the belt, coach mode, after a stop."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.tui.conftest import (
    OFF_BELT_STEP,
    PROFILE,
    TURNING,
    a_run,
    a_snapshot,
    a_turn,
    a_view,
    coached_view,
    off_belt_view,
    settled,
    still,
    turn_view,
    unmeasured,
)

from retrotread.machine import BeltDirection, Capabilities, Setpoint, SpeedUnit
from retrotread.safety.hazards import Hazard
from retrotread.safety.modes import Mode
from retrotread.safety.policy import cause
from retrotread.sessions.person import Person, Remote
from retrotread.sessions.view import CoachAsk, Control, RunView, Spoken
from retrotread.tui.care import DELIBERATE_S
from retrotread.tui.screens.alarm import AlarmPage
from retrotread.tui.screens.coach import CoachPage
from retrotread.tui.screens.help import HelpDialog
from retrotread.tui.screens.live import LivePage
from retrotread.tui.screens.off_belt import OffBeltPage
from retrotread.tui.screens.run_page import RunPage
from retrotread.tui.screens.start import StartPage
from retrotread.tui.screens.stopped import StoppedPage
from retrotread.tui.screens.turn import TurnPage
from retrotread.tui.widgets.big_number import BigNumber
from retrotread.workouts.cues import rise_cue
from retrotread.workouts.engine import Phase
from retrotread.workouts.timeline import Timeline

LIVE = a_view(snapshot=a_snapshot())
MILES = replace(PROFILE, speed_unit=SpeedUnit.MPH)
BY_HAND = (cause(Hazard.OPERATOR_STOP, "stop was pressed"),)
LATCHED = a_view(Phase.STOPPED, still(Mode.LATCHED, causes=BY_HAND))
ASKED = a_view(Phase.STOPPED, still(Mode.LATCHED, causes=(cause(Hazard.TELEMETRY_SILENT),)), all_right_s=41.3)
WITH_REMOTE = Person("Kim", adult=True, remote=Remote("pagedown", "home"))
STOP_KEYS = (
    "space", "escape", "enter", "q", "b", "full_stop", "pageup", "pagedown", "f5",
    "ctrl+c", "ctrl+q", "ctrl+z", "ctrl+d",
)  # fmt: skip


def words(screen: str) -> str:
    """The words of a page in one line, without its large letters."""
    return " ".join(screen.replace("█", " ").split())


# --- the plan changed by hand -----------------------------------------------------------------------------------

KEYS = {
    "p": "pause", "h": "hold", "e": "extend", "comma": "previous_step", "n": "next_step", "f": "finish",
    "plus": "nudge +0.1", "minus": "nudge -0.1", "left_square_bracket": "scale -5", "right_square_bracket": "scale +5",
}  # fmt: skip


@pytest.mark.parametrize(("key", "asked"), KEYS.items())
async def test_each_key_of_the_live_page_asks_for_one_thing(key: str, asked: str) -> None:
    async with a_run(LIVE) as stand:
        await stand.press(key)
        assert stand.controls.asked() == [asked]


async def test_one_press_changes_the_speed_by_a_tenth_of_what_the_console_counts_in() -> None:
    async with a_run(replace(LIVE, profile=MILES)) as stand:
        asked: list[float] = []
        stand.controls.nudge = asked.append  # type: ignore[assignment,method-assign]
        await stand.press("plus", "minus")
        assert asked == pytest.approx([0.1609344, -0.1609344])


async def test_what_a_person_changed_stands_on_the_live_page_and_nothing_where_nothing_was() -> None:
    async with a_run(LIVE) as stand:
        assert not [
            word for word in ("HELD", "added", "the rest at", "this step") if word in lines_above_keys(stand.screen)
        ]
        changed = replace(LIVE, held=True, extended_s=60.0, nudge_kph=-0.2, scale_percent=90)
        text = await stand.see(changed)
        assert "HELD: h goes on   1:00 added   this step -0.2 km/h   the rest at 90 %" in text


def lines_above_keys(screen: str) -> str:
    """Without the line that names the keys."""
    return "\n".join(line for line in screen.splitlines() if not line.strip().startswith(("p pause", "+ -")))


RISE = rise_cue(Setpoint(1.5), Setpoint(3.5), 2).text


async def test_a_rise_that_was_announced_counts_down_with_the_speed_that_it_leads_to() -> None:
    async with a_run(replace(LIVE, raise_in_s=3.6, spoken=(Spoken(999.0, RISE),))) as stand:
        assert "FASTER IN 4 s: 3.5 km/h" in stand.screen
        both = rise_cue(Setpoint(1.5), Setpoint(3.5, 2.0), 2).text
        text = await stand.see(replace(LIVE, raise_in_s=0.4, spoken=(Spoken(999.0, both),)))
        assert "FASTER IN 1 s: 3.5 km/h   STEEPER IN 1 s: 2 %" in text
        assert "FASTER" not in await stand.see(LIVE)


async def test_while_nothing_rises_no_rise_is_promised_and_the_reason_stands_there() -> None:
    freeze = a_snapshot(causes=(cause(Hazard.UI_SLOW, "the terminal is not in front"),))
    async with a_run(replace(LIVE, snapshot=freeze, raise_in_s=3.0)) as stand:
        assert "! nothing rises: the terminal is not in front" in stand.screen
        assert "FASTER" not in stand.screen


async def test_a_freeze_is_said_once_and_over_the_large_digits_too() -> None:
    freeze = a_snapshot(causes=(cause(Hazard.UI_SLOW, "the terminal is not in front"),))
    async with a_run(replace(LIVE, snapshot=freeze, message="the terminal is not in front")) as stand:
        assert stand.screen.count("the terminal is not in front") == 1
        await stand.press("d")
        assert stand.screen.count("nothing rises: the terminal is not in front") == 1
        await stand.see(replace(LIVE, message="the key was read late"))
        assert "the key was read late" in stand.screen


async def test_what_was_said_last_stands_on_the_screen_for_some_seconds_then_the_words_of_the_step() -> None:
    async with a_run(replace(LIVE, spoken=(Spoken(990.0, "three"), Spoken(999.0, "next: walk 90 s")))) as stand:
        assert "\n next: walk 90 s\n" in "\n".join(line.rstrip() for line in stand.screen.splitlines())
        assert "land on the toes" not in stand.screen
        stand.clock.at_s += 15.0
        await settled(stand.app)
        assert "land on the toes" in stand.screen


async def test_a_long_name_does_not_push_off_the_screen_that_the_treadmill_is_simulated() -> None:
    long = replace(LIVE, timeline=replace(LIVE.timeline, name="Four minutes backward in a walk, once more and longer"))
    async with a_run(long) as stand:
        assert "SIMULATED TREADMILL" in stand.screen.splitlines()[0]
        assert "step 2 of 8" in stand.screen.splitlines()[0]


async def test_one_key_fills_the_screen_with_digits_and_leaves_status_and_stop_bar() -> None:
    async with a_run(LIVE) as stand:
        await stand.press("d")
        rows = stand.screen.splitlines()
        assert sum("██████" in row for row in rows[2:12]) == 10, "the speed, ten rows high"
        assert max(len(row.rstrip()) for row in rows[2:12]) > 70, "and as wide as the screen"
        for text in ("LEFT IN THE STEP", "NEXT: walk 90 s", "Simulated treadmill.", "S T O P", "MEASURED km/h"):
            assert text in stand.screen
        assert "INCLINE" not in stand.screen
        late = await stand.see(replace(LIVE, snapshot=a_snapshot(age_s=4.0)))
        assert "SPEED UNKNOWN - BELT MAY BE MOVING - PULL THE KEY" in late
        await stand.press("d")
        assert "INCLINE" in stand.screen


async def test_a_held_plan_is_seen_over_the_large_digits_too() -> None:
    async with a_run(replace(LIVE, held=True)) as stand:
        await stand.press("d")
        assert "HELD: h goes on" in stand.screen


async def test_speeds_stand_in_the_unit_of_the_console_with_kilometres_beside_them() -> None:
    miles = replace(LIVE, profile=MILES, snapshot=a_snapshot(speed_kph=3.0), wanted=Setpoint(3.0))
    async with a_run(miles) as stand:
        for text in (
            "MEASURED mph (3.0 km/h)", "TARGET mph (3.0 km/h)", "walk 60 s, 1.6 mph (2.5 km/h)",
            "at most 1.9 mph (3.0 km/h), tier novice at home",
        ):  # fmt: skip
            assert text in stand.screen, text
        still_text = await stand.see(replace(LATCHED, profile=MILES))
        assert "Treadmill reports 0.0 (3 reports" in still_text


async def test_the_target_is_the_one_that_the_machine_can_be_told() -> None:
    """0.9 km/h lie between 0.5 and 0.6 mph: the belt runs 0.5, and that is what stands there."""
    tenths = replace(MILES, capabilities=Capabilities(81, 805, 17))
    async with a_run(replace(LIVE, profile=tenths, wanted=Setpoint(0.9))) as stand:
        assert "TARGET mph (0.8 km/h)" in stand.screen


async def test_stepping_on_names_the_key_of_the_remote_that_does_not_stop() -> None:
    mounting = a_view(Phase.WAITING_FOR_PERSON, a_snapshot(speed_kph=0.5), plan_time_s=0.0, step_index=0)
    async with a_run(mounting, person=WITH_REMOTE) as stand:
        assert "Press o, or home of the remote, when you are on the belt and walking." in stand.screen
        await stand.press("home")
        assert stand.controls.asked() == ["person_on"]
    async with a_run(mounting) as stand:
        assert "Press o when you are on the belt and walking." in stand.screen


# --- turn -------------------------------------------------------------------------------------------------------

SLOWING = turn_view(a_snapshot(Mode.PAUSING, 1.2))
DWELLING = turn_view(turn=a_turn(3.2, needs="the belt still for 5 s"))
ON_RAILS = turn_view(turn=a_turn())
FACING = turn_view(turn=a_turn(on_rails=True, needs="that you face the console"))
TURNED = turn_view(turn=a_turn(on_rails=True, faces=True))


async def test_while_the_belt_slows_down_to_a_turn_nobody_is_told_to_step_off_and_nothing_can_be_confirmed() -> None:
    async with a_run(SLOWING) as stand:
        assert isinstance(stand.app.screen, TurnPage)
        assert "Turn to the console" in stand.screen.splitlines()[0]
        assert "then, facing the console, forward: walk 60 s, 2.5 km/h" in stand.screen
        assert "nobody turns on a moving belt" in words(stand.screen)
        assert "Step off" not in stand.screen
        await stand.press("t")
        assert stand.controls.asked() == []


async def test_the_dwell_is_a_bar_and_what_is_missing_a_sentence() -> None:
    async with a_run(DWELLING) as stand:
        assert "[###################...........] 3.2 of 5.0 s" in stand.screen
        assert "Still needed: the belt still for 5 s" in stand.screen
        await stand.press("t")
        assert stand.controls.asked() == [], "the belt has not stood long enough"


async def test_the_two_sentences_of_a_turn_are_confirmed_one_by_one() -> None:
    async with a_run(ON_RAILS) as stand:
        assert "[ ] 1  I stand on the rails, both feet off the belt, and I see it still." in stand.screen
        assert "Press t, if 1 is so." in stand.screen
        await stand.press("t")
        assert stand.controls.asked() == ["confirm_turn"]
        stand.clock.at_s += 1.0
        await stand.press("t")
        assert stand.controls.asked() == ["confirm_turn"], "the same sentence is not said twice"
        text = await stand.see(FACING)
        assert "[x] 1  I stand on the rails" in text
        assert "[ ] 2  I now face the console." in text
        assert "Press t, if 2 is so." in text
        stand.clock.at_s += 1.0
        await stand.press("t")
        assert stand.controls.asked() == ["confirm_turn"] * 2


@pytest.mark.parametrize("belt", BeltDirection)
@pytest.mark.parametrize(
    ("empty", "sentence"), [(False, "I now face the console. The belt then runs"), (True, "turn either. It then runs")]
)
async def test_where_a_plan_has_both_the_second_sentence_names_the_way_of_the_belt(
    belt: BeltDirection, empty: bool, sentence: str
) -> None:
    last = replace(TURNING.steps[-1], belt=BeltDirection.REVERSED)
    turn = replace(a_turn(on_rails=True, needs="that you face the console"), belt=belt)
    both_ways = turn_view(turn=turn, timeline=replace(TURNING, steps=(*TURNING.steps[:-1], last)), empty_belt=empty)
    async with a_run(both_ways) as stand:
        assert f"{sentence} {belt.value}." in stand.screen
        assert ("Still needed" in stand.screen) is not empty, "the guardian's words are for somebody on the belt"


async def test_a_key_that_is_held_does_not_confirm_the_second_sentence() -> None:
    async with a_run(ON_RAILS) as stand:
        await stand.press("t")
        await stand.see(FACING)
        for _ in range(20):
            stand.clock.at_s += 0.1
            await stand.press("t")
        assert stand.controls.asked() == ["confirm_turn"]


async def test_a_confirmation_that_was_not_taken_may_be_said_again() -> None:
    async with a_run(ON_RAILS) as stand:
        await stand.press("t")
        stand.clock.at_s += 3.0
        await settled(stand.app)
        await stand.press("t")
        assert stand.controls.asked() == ["confirm_turn"] * 2


async def test_the_remote_confirms_a_turn_and_its_other_keys_stop() -> None:
    async with a_run(ON_RAILS, person=WITH_REMOTE) as stand:
        assert "Press t, or Page Down of the remote, if 1 is so." in stand.screen
        stand.clock.at_s += 1.5
        await settled(stand.app)
        await stand.press("pagedown")
        assert stand.controls.asked() == ["confirm_turn"]
        await stand.press("pageup")
        assert stand.controls.asked() == ["confirm_turn", "stop MainThread"]


async def test_a_complete_turn_leads_to_the_start_sequence_facing_the_new_way() -> None:
    async with a_run(TURNED) as stand:
        assert isinstance(stand.app.screen, StartPage)
        assert "Stand on the side rails, facing the console" in stand.screen
        assert "The turn is complete. Next: walk 60 s, 2.5 km/h." in stand.screen
        await stand.hold("s", 1.7)
        assert stand.controls.asked()[0] == "arm"


async def test_a_turn_whose_standstill_is_not_reported_any_more_cannot_be_confirmed() -> None:
    async with a_run(replace(ON_RAILS, snapshot=a_snapshot(Mode.TURN, 0.0))) as stand:
        await stand.press("t")
        assert stand.controls.asked() == []


# --- off the belt -----------------------------------------------------------------------------------------------


def saying(say: str) -> Timeline:
    """The plan with these words of its author for the drills."""
    steps = list(TURNING.steps)
    steps[OFF_BELT_STEP] = replace(steps[OFF_BELT_STEP], say=say)
    return replace(TURNING, steps=tuple(steps))


async def test_off_the_belt_it_says_what_to_do_how_long_and_that_the_belt_stays_still() -> None:
    long_say = "the belt stands, hold both rails and step up onto the side rails, facing the rear, then onto the belt"
    async with a_run(off_belt_view(timeline=saying(long_say))) as stand:
        assert isinstance(stand.app.screen, OffBeltPage)
        assert all(word in stand.screen for word in long_say.split())
        assert "next: walk 60 s" in words(stand.screen)
        await stand.see(off_belt_view())
        for text in ("step-on practice 90 s", "three times on and off", "The belt stays still.", "next: walk 60 s"):
            assert text in stand.screen, text
        assert sum("██" in row[:40] for row in stand.screen.splitlines()) == 5, "the time that is left, large"
        await stand.press("n", "e", "comma")
        assert stand.controls.asked() == ["next_step", "extend", "previous_step"]


async def test_the_belt_is_not_called_still_while_that_is_not_reported() -> None:
    async with a_run(off_belt_view(a_snapshot(Mode.IDLE, 0.0))) as stand:
        assert "The belt stays still." not in stand.screen
        assert "not confirmed that the belt stands" in words(stand.screen)
        moving = await stand.see(off_belt_view(a_snapshot(Mode.PAUSING, 1.1)))
        assert moving.splitlines()[2].split()[:2] == ["██", "██"], "the speed of the belt, not the time"
        assert "The belt stays still." not in moving


async def test_a_start_off_the_belt_is_held_through_the_change_of_page() -> None:
    async with a_run(off_belt_view(), reacts=True) as stand:
        await stand.hold("s", 1.7)
        assert stand.controls.asked() == ["arm", "hold_done"]
        stand.controls.see(phase=Phase.WAITING_FOR_START)
        await settled(stand.app)
        assert type(stand.app.screen) is StartPage
        assert "Paused" not in stand.screen
        await stand.press("s")
        assert stand.controls.asked() == ["arm", "hold_done"], "the tail of the same hold cancels nothing"
        await stand.press("x")
        assert stand.controls.asked() == ["arm", "hold_done", "cancel_start"]


async def test_there_is_no_start_while_the_belt_does_not_come_next() -> None:
    steps = list(TURNING.steps)
    steps[OFF_BELT_STEP + 1] = replace(steps[OFF_BELT_STEP + 1], kind=steps[OFF_BELT_STEP].kind, label="stretch")
    async with a_run(off_belt_view(timeline=replace(TURNING, steps=tuple(steps)))) as stand:
        await stand.hold("s", 1.7)
        assert stand.controls.asked() == []
        assert "n: done, go on" in stand.screen


async def test_a_plan_that_begins_off_the_belt_asks_for_ticks_that_are_fresh_before_its_start() -> None:
    async with a_run(off_belt_view(plan_time_s=0.0), reacts=True) as stand:
        await stand.press("d")
        stand.clock.at_s += 170.0
        await settled(stand.app)
        assert isinstance(stand.app.screen, OffBeltPage), "the drills are not interrupted"
        stand.clock.at_s += 60.0
        await stand.press("s")
        assert not isinstance(stand.app.screen, StartPage)
        assert stand.controls.asked() == []
        assert "none can be left out" in stand.screen


# --- a belt that is not ours ------------------------------------------------------------------------------------


async def test_the_coach_says_what_to_set_and_promises_no_stop() -> None:
    async with a_run(coached_view(), simulated=False) as stand:
        assert isinstance(stand.app.screen, CoachPage)
        for text in (
            "set 2.5 km/h NOW", "SET km/h", "This program does not control the belt: its own stop and its key do.",
            "E N D   T H E   S E S S I O N", "Space or Enter: it is set (no need to)",
        ):  # fmt: skip
            assert text in stand.screen, text
        assert "S T O P" not in stand.screen
        assert "UNKNOWN" not in stand.screen
        assert sum("██████" in row[:31] for row in stand.screen.splitlines()) >= 3, "the target, large"


async def test_the_next_change_counts_down_and_a_confirmation_is_shown() -> None:
    soon = CoachAsk("set 1.5 km/h", 1.5, 0.0, 7.2, confirmed=False)
    async with a_run(coached_view(coach=soon)) as stand:
        assert "set 1.5 km/h IN 8 s" in stand.screen
        done = replace(soon, due_in_s=0.0, confirmed=True)
        text = await stand.see(coached_view(coach=done))
        assert "set 1.5 km/h   confirmed" in text


@pytest.mark.parametrize("key", ["space", "enter"])
async def test_where_no_belt_is_ours_the_large_keys_only_say_that_it_is_set(key: str) -> None:
    async with a_run(coached_view()) as stand:
        stand.controls.live = False
        await stand.press(key)
        assert stand.controls.asked() == ["confirm_set"]


async def test_the_remote_says_that_it_is_set_or_that_the_person_is_on() -> None:
    async with a_run(coached_view(), person=WITH_REMOTE) as stand:
        stand.controls.live = False
        await stand.press("pagedown")
        assert stand.controls.asked() == ["confirm_set"]
        await stand.see(coached_view(phase=Phase.WAITING_FOR_PERSON))
        await stand.press("pagedown")
        assert stand.controls.asked() == ["confirm_set", "person_on"]


@pytest.mark.parametrize("key", ["q", "escape", "ctrl+c"])
async def test_the_session_of_a_belt_that_is_not_ours_is_ended_by_the_leaving_keys_and_the_bar(key: str) -> None:
    async with a_run(coached_view()) as stand:
        stand.controls.live = False
        await stand.press(key)
        assert stand.controls.asked() == ["stop MainThread"]
        await stand.pilot.mouse_down(offset=(40, 22))
        await settled(stand.app)
        assert stand.controls.asked() == ["stop MainThread"] * 2


async def test_a_belt_that_a_hand_has_to_stop_is_never_called_stopped() -> None:
    async with a_run(coached_view(unmeasured(Mode.STOPPING), phase=Phase.STOPPED)) as stand:
        assert isinstance(stand.app.screen, CoachPage)
        assert "STOP THE BELT AT ITS OWN CONSOLE" in stand.screen
        stop = CoachAsk("stop the belt at its own console", 0.0, 0.0, 0.0, confirmed=False)
        asked = await stand.see(replace(stand.controls.now, coach=stop))
        assert "stop the belt at its own console NOW   Space or Enter: it stands (no need to)" in asked
        text = await stand.see(coached_view(unmeasured(Mode.LATCHED, causes=BY_HAND), phase=Phase.STOPPED))
        assert isinstance(stand.app.screen, StoppedPage)
        assert "look at it before you step" in text
        assert "nothing is measured in this run" in text
        assert "█" not in text, "no large dashes where nothing is measured"
        assert "What ended the session" in text
        assert "Treadmill reports" not in text


async def test_on_a_track_there_is_time_and_distance_and_no_word_of_a_belt() -> None:
    track = coached_view(control=Control.TRACK)
    async with a_run(track) as stand:
        assert "LEFT IN THE STEP" in stand.screen
        assert "No belt here" in stand.screen
        assert "set 2.5 km/h" not in stand.screen
        assert "console" not in stand.screen
        steps = tuple(replace(step, length_m=400.0) for step in track.timeline.steps)
        assert "RUN m" in await stand.see(replace(track, timeline=replace(track.timeline, steps=steps)))


async def test_a_run_without_a_belt_of_ours_starts_by_the_same_sequence_in_words_of_its_own() -> None:
    ready = coached_view(unmeasured(Mode.IDLE), phase=Phase.READY, plan_time_s=0.0, step_index=0, coach=None)
    async with a_run(ready, reacts=True) as stand:
        assert isinstance(stand.app.screen, StartPage)
        await stand.hold("s", 1.7)
        assert stand.controls.asked() == ["arm", "hold_done"]
        counting = unmeasured(Mode.COUNTDOWN, start_in_s=9.0)
        text = await stand.see(replace(ready, snapshot=counting))
        assert "The plan begins at the end of this countdown" in words(text)


# --- after a stop -----------------------------------------------------------------------------------------------


async def test_continue_from_this_step_is_offered_with_its_seconds_and_only_then() -> None:
    async with a_run(LATCHED) as stand:
        assert "continue" not in stand.screen
        await stand.press("c")
        assert stand.controls.asked() == []
        text = await stand.see(replace(LATCHED, continue_for_s=272.0))
        assert "press c: continue from this step by a new start (4:32 left to)" in text
        assert "It was walk 60 s, 2.5 km/h, 0:40 left in it." in text
        await stand.press("c")
        assert stand.controls.asked() == ["continue_run"]


async def test_the_remote_continues_only_when_the_hand_that_stopped_has_let_go() -> None:
    async with a_run(replace(LATCHED, continue_for_s=272.0), person=WITH_REMOTE) as stand:
        await stand.press("pagedown")
        assert stand.controls.asked() == []
        stand.clock.at_s += DELIBERATE_S + 0.1
        await settled(stand.app)
        await stand.press("pagedown")
        assert stand.controls.asked() == ["continue_run"]


async def test_are_you_all_right_stands_over_the_whole_width_and_y_answers() -> None:
    async with a_run(ASKED) as stand:
        assert "ARE YOU ALL RIGHT?   Press y: yes." in stand.screen
        assert "Help is called in 42 s." in stand.screen
        assert stand.app.screen.query_one("#all-right").region.width == 80
        await stand.press("y")
        assert stand.controls.asked() == ["all_right"]


async def test_y_means_nothing_where_nobody_asks() -> None:
    async with a_run(LATCHED) as stand:
        await stand.press("y")
        assert stand.controls.asked() == []
        assert not stand.app.screen.query_one("#all-right").display


@pytest.mark.parametrize("key", ["home", "pagedown"])
async def test_the_remote_answers_that_all_is_well(key: str) -> None:
    async with a_run(ASKED, person=WITH_REMOTE) as stand:
        assert "Press y or home or Page Down: yes." in stand.screen
        await stand.press(key)
        assert stand.controls.asked() == ["all_right"]


async def test_while_the_belt_may_move_the_next_key_is_not_named_as_an_answer_because_it_stops() -> None:
    moving = replace(ASKED, snapshot=a_snapshot(Mode.STOPPING, 1.2))
    async with a_run(moving, person=WITH_REMOTE) as stand:
        assert isinstance(stand.app.screen, LivePage)
        assert "Press y or home: yes." in stand.screen
        await stand.press("pagedown")
        assert stand.controls.asked() == ["stop MainThread"]


async def test_while_it_is_asked_nothing_else_is_gone_on_with() -> None:
    async with a_run(replace(ASKED, continue_for_s=200.0)) as stand:
        assert "continue" not in stand.screen
        await stand.press("c")
        assert stand.controls.asked() == []


async def test_nobody_answered_says_what_is_done_about_it() -> None:
    calling = replace(ASKED, all_right_s=0.0, calling=True, message="the command call-neighbour was started")
    async with a_run(calling) as stand:
        assert "NOBODY ANSWERED: CALLING FOR HELP. the command call-neighbour was started." in stand.screen
        await stand.press("y")
        assert stand.controls.asked() == ["all_right"]


# --- every page -------------------------------------------------------------------------------------------------

ALARM_ASKED = a_view(
    Phase.STOPPED,
    a_snapshot(Mode.ESCALATED, 1.8, alarm=True, causes=(*BY_HAND, cause(Hazard.STOP_UNCONFIRMED))),
    all_right_s=20.0,
)
ALARM_UNLINKED = a_view(
    Phase.STOPPED,
    a_snapshot(Mode.ESCALATED, None, alarm=True, link_up=False, causes=(*BY_HAND, cause(Hazard.LINK_DOWN))),
    snapshot_age_s=4.0,
    all_right_s=20.0,
)
BUSY = replace(
    LIVE,
    held=True,
    extended_s=60.0,
    nudge_kph=0.2,
    scale_percent=90,
    spoken=(Spoken(999.0, "next: walk 90 s, 1.5 km/h. short steps, and look over the shoulder before every change"),),
    snapshot=a_snapshot(causes=(cause(Hazard.UI_SLOW, "the terminal is not in front"),)),
)
STOPPED_BUSY = replace(
    BUSY,
    phase=Phase.STOPPED,
    all_right_s=41.0,
    snapshot=a_snapshot(Mode.STOPPING, 1.2, causes=(*BY_HAND, cause(Hazard.TELEMETRY_SILENT), cause(Hazard.UI_SLOW))),
)
MOVING = {
    "asked while much is told": STOPPED_BUSY,
    "turn, slowing": SLOWING, "turn": ON_RAILS, "turned": TURNED, "busy": BUSY, "asked while moving": replace(
        ASKED, snapshot=a_snapshot(Mode.STOPPING, 1.2, causes=BY_HAND)
    ), "off the belt, slowing": off_belt_view(a_snapshot(Mode.PAUSING, 1.2)), "alarm, asked": ALARM_ASKED,
    "alarm, without a link": ALARM_UNLINKED,
}  # fmt: skip
OTHERS = {
    "off the belt": off_belt_view(), "dwelling": DWELLING, "facing": FACING, "asked": ASKED,
    "coach": coached_view(), "coach, waiting": coached_view(phase=Phase.WAITING_FOR_PERSON),
    "track": coached_view(control=Control.TRACK), "continue": replace(LATCHED, continue_for_s=200.0),
    "calling": replace(ASKED, all_right_s=0.0, calling=True, message="the command call-neighbour was started"),
}  # fmt: skip
EVERY = {**MOVING, **OTHERS}


@pytest.mark.parametrize("view", MOVING.values(), ids=MOVING.keys())
async def test_every_stop_key_stops_on_every_page_on_which_a_belt_may_move(view: RunView) -> None:
    async with a_run(view) as stand:
        page = stand.app.screen
        await stand.press(*STOP_KEYS)
        assert stand.controls.asked() == ["stop MainThread"] * len(STOP_KEYS)
        assert stand.app.screen is page


@pytest.mark.parametrize("digits", [False, True])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_no_page_is_cut_off_and_none_loses_its_bar(size: tuple[int, int], digits: bool) -> None:
    async with a_run(LIVE, size=size) as stand:
        for name, view in EVERY.items():
            await stand.see(view)
            if digits and isinstance(stand.app.screen, LivePage | CoachPage):
                stand.app.screen.add_class("-digits")
                await settled(stand.app)
            page = stand.app.screen.query_one("#page")
            below = [one for one in page.query("*") if one.display and one.region.bottom > size[1]]
            assert below == [], name
            assert page.max_scroll_y == 0, name
            cells = stand.app.screen.stop_cells() if isinstance(stand.app.screen, RunPage) else None
            assert isinstance(stand.app.screen, StoppedPage | AlarmPage) or (cells and cells.height == 3), name


async def test_the_alarm_of_a_lost_link_says_what_this_machine_does_without_it() -> None:
    async with a_run(ALARM_UNLINKED) as stand:
        assert "Nobody knows what this model does when disconnected." in stand.screen
        assert "disconnected" not in await stand.see(ALARM_ASKED)


@pytest.mark.parametrize("view", [LATCHED, DWELLING], ids=["stopped", "in a turn"])
async def test_what_is_said_at_a_standstill_fits_into_its_line(view: RunView) -> None:
    async with a_run(view) as stand:
        assert "s old). Look at the belt before stepping" in stand.screen


async def test_the_list_of_keys_never_hides_the_stop_bar() -> None:
    async with a_run(LIVE) as stand:
        await stand.press("question_mark")
        assert isinstance(stand.app.screen, HelpDialog)
        assert "S T O P" in stand.screen
        assert stand.app.screen.query_one("#dialog").region.bottom <= 21
        assert "Any other key closes this list." in stand.screen


async def test_without_colour_every_page_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_run(LIVE) as stand:
        in_colour = {name: await stand.see(view) for name, view in EVERY.items()}
    monkeypatch.setenv("NO_COLOR", "1")
    async with a_run(LIVE) as stand:
        for name, view in EVERY.items():
            assert await stand.see(view) == in_colour[name], name


@pytest.mark.parametrize("view", EVERY.values(), ids=EVERY.keys())
async def test_a_terminal_that_is_too_small_still_says_what_matters(view: RunView) -> None:
    async with a_run(view, size=(60, 18)) as stand:
        words = " ".join(stand.screen.split())
        assert "needs 80x24" in words
        assert ("All stop keys work." in words) is (view.control is Control.GUARDIAN)
        assert view.all_right_s is None or "ALL RIGHT" in words or view.calling


async def test_digits_that_fill_the_screen_count_the_metres_that_are_left() -> None:
    steps = tuple(replace(step, length_m=100.0) for step in LIVE.timeline.steps)
    timeline = replace(LIVE.timeline, steps=steps)
    async with a_run(replace(LIVE, timeline=timeline, metres_left=61.7)) as stand:
        await stand.press("d")
        assert "LEFT IN THE STEP (metres)" in stand.screen
        assert stand.app.screen.query_one("#wall-time", BigNumber).text == "62"
