"""The screens, drawn without a terminal: what stands on them and what their keys ask for."""

from __future__ import annotations

import random
import threading
from dataclasses import replace

import pytest
from tests.tui.conftest import (
    A_SUMMARY,
    PROFILE,
    FakeControls,
    FakeLauncher,
    SetClock,
    a_run,
    a_snapshot,
    a_stand,
    a_view,
    an_offer,
    painted,
    press,
    settled,
    still,
    waiting_view,
)

from retrotread.guardian.messages import StopShown
from retrotread.machine import PhysicalStop
from retrotread.safety.hazards import Hazard
from retrotread.safety.modes import Mode
from retrotread.safety.policy import cause
from retrotread.safety.stopping import StopClass
from retrotread.sessions.step_workout import NEXT
from retrotread.sessions.view import RunView
from retrotread.tui.app import STOP_TAIL_S, RetroApp
from retrotread.tui.choice import READING
from retrotread.tui.messages import InputTrouble
from retrotread.tui.screens.alarm import AlarmPage
from retrotread.tui.screens.checklist import ChecklistPage
from retrotread.tui.screens.help import HelpDialog
from retrotread.tui.screens.live import LivePage
from retrotread.tui.screens.setup import PROMISE, SetupPage
from retrotread.tui.screens.start import StartPage
from retrotread.tui.screens.stopped import StoppedPage
from retrotread.tui.screens.summary import SummaryPage
from retrotread.tui.start_sequence import DIGITS
from retrotread.workouts.engine import Phase

STOP_KEYS = (
    "space", "escape", "enter", "q", "b", "full_stop", "pageup", "pagedown", "f5",
    "ctrl+c", "ctrl+q", "ctrl+z", "ctrl+d",
)  # fmt: skip


def assert_true(fact: bool) -> None:
    """For lambdas."""
    assert fact


LIVE = a_view(snapshot=a_snapshot())
ALARM = a_view(Phase.STOPPED, a_snapshot(Mode.ESCALATED, 1.8, alarm=True, causes=(cause(Hazard.STOP_UNCONFIRMED),)))
LATCHED = a_view(Phase.STOPPED, still(Mode.LATCHED, causes=(cause(Hazard.OPERATOR_STOP, "stop was pressed"),)))
PAUSED = a_view(Phase.PAUSED, still(Mode.PAUSED))
MOUNTING = a_view(Phase.WAITING_FOR_PERSON, a_snapshot(speed_kph=0.5), plan_time_s=0.0, step_index=0)
COUNTDOWN = replace(waiting_view(), phase=Phase.WAITING_FOR_START, snapshot=still(Mode.COUNTDOWN, start_in_s=9.7))
DONE = a_view(Phase.FINISHED, still(Mode.LATCHED, causes=(cause(Hazard.PLAN_STOP),)), summary=A_SUMMARY)


# --- set-up -----------------------------------------------------------------------------------------------------


async def test_the_set_up_is_painted_before_the_workouts_are_read() -> None:
    launcher, may_read = FakeLauncher(), threading.Event()
    launcher.before_offers = lambda: assert_true(may_read.wait(20))
    app = RetroApp(launcher, SetClock())
    async with app.run_test(size=(80, 24)):
        before = painted(app)
        may_read.set()
        await settled(app)
        assert READING in before
        assert "First backward steps" not in before
        assert "First backward steps" in painted(app)


async def test_the_set_up_shows_the_choice_its_tier_its_needs_and_what_was_found() -> None:
    async with a_stand() as stand:
        for text in (
            "Simulated treadmill (well-behaved)", "First backward steps", "level 1", "11 min 30 s",
            "Tier     novice at home   Needs rails, spotter", "highest speed 2.5 km/h",
            "up to 2.5 km/h, facing the rear, backward",
        ):  # fmt: skip
            assert text in stand.screen
        assert "█" in stand.screen


LONG = tuple(f"{'somebody whom this does not suit, ' * 3}{number}; ask first" for number in "abc")


async def test_the_set_up_says_for_whom_it_is_not_and_what_its_source_is_worth() -> None:
    async with a_stand() as stand:
        assert "Not for  a sore calf; walk instead | a fall in the last twelve months" in stand.screen
        assert "Grade    trial: a controlled trial used this dose" in stand.screen
        assert "Source" not in stand.screen, "it makes way for what was found"
        stand.launcher.on_offer = (an_offer(findings=()),)
        await stand.press("right")
        assert "Source   Somebody et al. 2019, a trial" in stand.screen
        stand.launcher.on_offer = (an_offer(not_for=(), source="", grade=""),)
        await stand.press("left")
        assert not any(word in stand.screen for word in ("Not for", "Grade", "Source"))


async def test_a_large_terminal_says_all_of_it_and_what_is_no_part_of_the_source() -> None:
    launcher = FakeLauncher()
    launcher.on_offer = (an_offer(findings=(), not_for=LONG), an_offer(problems=("much too fast",), not_for=LONG))
    app = RetroApp(launcher, SetClock())
    async with app.run_test(size=(120, 40)):
        await settled(app)
        told = painted(app)
        assert all(one in " ".join(told.split()) for one in LONG)
        assert "Of ours  the speed | a warm-up" in told
        await press(app, "f", "down")
        await settled(app)
        told = painted(app)
        assert "! much too fast" in told
        assert all(one in " ".join(told.split()) for one in LONG)
        assert "Source   Somebody et al. 2019, a trial" in told


@pytest.mark.parametrize("size", [(80, 24), (110, 34)])
@pytest.mark.parametrize("found", [{}, {"findings": ("one", "two", "three")}, {"problems": ("much too fast",) * 5}])
async def test_for_whom_it_is_not_has_room_on_the_smallest_terminals(
    found: dict[str, tuple[str, ...]], size: tuple[int, int]
) -> None:
    launcher = FakeLauncher()
    launcher.on_offer = (an_offer(**{"findings": (), "not_for": LONG, **found}),)
    app = RetroApp(launcher, SetClock())
    async with app.run_test(size=size):
        await settled(app)
        rows = painted(app).splitlines()
        told = "\n".join(rows)
        assert "Not for  somebody whom this does not suit" in told
        assert "c; ask first" in told or "problems" in found
        assert "retrotread library show tells all" in told
        assert PROMISE in told
        assert rows[-1].strip().startswith("Enter go")


async def test_the_set_up_tells_of_runs_that_were_found_interrupted() -> None:
    launcher = FakeLauncher()
    launcher.found = ("a run of yesterday was found open and has been closed",)
    app = RetroApp(launcher, SetClock())
    async with app.run_test(size=(80, 24)):
        await settled(app)
        assert "a run of yesterday was found open" in painted(app)


async def test_a_workout_with_problems_stays_on_the_set_up_and_says_why() -> None:
    async with a_stand() as stand:
        await stand.press("f", "down", "enter")
        assert isinstance(stand.app.screen, SetupPage)
        assert "asks for 9.0 km/h" in stand.screen
        assert "Cannot go on" in stand.screen
        await stand.press("up", "enter")
        assert isinstance(stand.app.screen, ChecklistPage)


async def test_the_list_says_which_workouts_it_has_and_the_step_that_comes_next_is_marked() -> None:
    async with a_stand() as stand:
        assert "Workouts    what you can run here, 1 of 2   f others" in stand.screen
        assert "60:60 backward intervals" not in stand.screen
        await stand.press("f")
        assert "Workouts    all, 2 of 2" in stand.screen
        assert "60:60 backward intervals" in stand.screen
        await stand.press("F")
        assert "Workouts    levels 0 to 3, 1 of 2" in stand.screen
        stand.launcher.on_offer = (an_offer(key=NEXT, title="Level 2, walk 5 x 2 min"), an_offer())
        await stand.press("right")
        (row,) = [line for line in stand.screen.splitlines() if "Level 2, walk" in line]
        assert row.split() == [">", "Level", "2,", "walk", "5", "x", "2", "min", "next", "11", "min", "30", "s"]


@pytest.mark.parametrize(("key", "command"), [(NEXT, "retrotread next"), ("mine.yaml", "retrotread check")])
async def test_where_all_reasons_do_not_fit_the_command_that_tells_them_is_named(key: str, command: str) -> None:
    launcher = FakeLauncher()
    launcher.on_offer = (an_offer(key=key, not_for=(), findings=("one", "two", "three", "four")),)
    app = RetroApp(launcher, SetClock())
    async with app.run_test(size=(80, 24)):
        await settled(app)
        assert f"and 2 more; {command} tells all" in painted(app)


async def test_workouts_that_cannot_be_read_become_a_sentence() -> None:
    def broken() -> None:
        raise ValueError("mine.yaml, line 3: speed: write 3.0 km/h, not 3")

    launcher = FakeLauncher()
    launcher.before_offers = broken
    app = RetroApp(launcher, SetClock())
    async with app.run_test(size=(80, 24)):
        await settled(app)
        assert "mine.yaml, line 3" in painted(app)
        await press(app, "enter")
        assert isinstance(app.screen, SetupPage)


async def test_another_treadmill_has_its_workouts_read_anew() -> None:
    async with a_stand() as stand:
        stand.launcher.on_offer = (an_offer(title="Only for the gym"),)
        await stand.press("right")
        assert "Treadmill in the gym" in stand.screen
        assert "Only for the gym" in stand.screen


@pytest.mark.parametrize("key", ["q", "escape", "ctrl+c", "ctrl+q"])
async def test_the_set_up_is_left_by_the_ordinary_keys(key: str) -> None:
    async with a_stand() as stand:
        await press(stand.app, key)
        assert stand.app.leaving
        assert stand.app.return_value == 0


# --- checklist --------------------------------------------------------------------------------------------------


async def test_a_run_that_cannot_be_opened_leads_back_with_a_sentence() -> None:
    async with a_stand() as stand:

        def refused(offer: object, address: str) -> FakeControls:
            raise OSError("no process could be started")

        stand.launcher.launch = refused  # type: ignore[method-assign]
        await stand.press("enter")
        assert isinstance(stand.app.screen, SetupPage)
        assert "no process could be started" in stand.screen


# --- start ------------------------------------------------------------------------------------------------------


async def test_nine_keys_lead_from_the_set_up_to_the_first_step() -> None:
    async with a_stand(FakeControls(reacts=True)) as stand:
        keys = ["enter", "space", "1", "2", "3", "4", "3"]
        await stand.press(*keys)
        await stand.hold("s", 1.7)
        keys.append("s, held")
        assert stand.controls.asked()[-2:] == ["arm", "hold_done"]
        await stand.see(MOUNTING)
        await stand.press("o")
        keys.append("o")
        assert stand.controls.asked()[-1] == "person_on"
        assert isinstance(stand.app.screen, LivePage)
        assert len(keys) == 9


async def test_while_there_is_no_link_the_start_says_so_and_s_asks_for_nothing() -> None:
    async with a_run(replace(waiting_view(), snapshot=None, profile=None)) as stand:
        assert "Waiting for the guardian and its link" in stand.screen
        await stand.hold("s", 2.0)
        assert stand.controls.asked() == []


async def test_before_standstill_is_confirmed_s_asks_for_nothing_and_the_screen_says_why() -> None:
    async with a_run(replace(waiting_view(), snapshot=a_snapshot(Mode.IDLE, 0.0)), reacts=True) as stand:
        await stand.hold("s", 2.0)
        assert stand.controls.asked() == []
        assert "Waiting until the treadmill has reported standstill for two seconds" in stand.screen
        await stand.see(waiting_view())
        await stand.hold("s", 1.7)
        assert stand.controls.asked() == ["arm", "hold_done"]


async def test_s_and_then_the_digit_shown_start_the_countdown() -> None:
    async with a_run(waiting_view(), reacts=True) as stand:
        await stand.press("s")
        page = stand.app.screen
        assert isinstance(page, StartPage)
        digit = page.sequence.digit
        assert f"Or type {digit} now." in stand.screen
        await stand.press(digit)
        assert stand.controls.asked() == ["arm", "hold_done"]


async def test_a_wrong_digit_calls_the_start_off_and_another_digit_is_asked_for() -> None:
    async with a_run(waiting_view(), reacts=True) as stand:
        await stand.press("s")
        page = stand.app.screen
        assert isinstance(page, StartPage)
        shown = page.sequence.digit
        await stand.press(next(digit for digit in DIGITS if digit != shown))
        assert stand.controls.asked() == ["arm", "cancel_start"]
        assert page.sequence.digit != shown


@pytest.mark.parametrize("key", ["space", "enter"])
async def test_space_and_enter_never_start(key: str) -> None:
    async with a_run(waiting_view()) as stand:
        await stand.hold(key, 2.0)
        assert stand.controls.asked() == []
        assert isinstance(stand.app.screen, StartPage)


async def test_the_countdown_stands_in_large_digits_and_any_key_cancels_it() -> None:
    async with a_run(COUNTDOWN) as stand:
        rows = [row for row in stand.screen.splitlines() if "████" in row]
        assert len(rows) >= 10
        assert "The belt starts at the end of" in stand.screen
        await stand.press("x")
        assert stand.controls.asked() == ["cancel_start"]


async def test_the_held_key_does_not_cancel_its_own_countdown() -> None:
    async with a_run(waiting_view(), reacts=True) as stand:
        await stand.hold("s", 5.0)
        assert stand.controls.asked() == ["arm", "hold_done"]
        stand.clock.at_s += 0.8
        await stand.press("s")
        assert stand.controls.asked() == ["arm", "hold_done", "cancel_start"]


async def test_once_the_belt_was_told_to_start_only_a_stop_key_means_something() -> None:
    starting = replace(COUNTDOWN, snapshot=a_snapshot(Mode.STARTING, 0.0))
    async with a_run(COUNTDOWN) as stand:
        await stand.see(starting)
        await stand.press("o", "x", "s", "1")
        assert stand.controls.asked() == []
        await stand.press("q")
        assert stand.controls.asked() == ["stop MainThread"]


async def test_an_open_list_of_keys_does_not_keep_a_key_from_cancelling_the_countdown() -> None:
    async with a_run(waiting_view()) as stand:
        await stand.press("question_mark")
        assert isinstance(stand.app.screen, HelpDialog)
        await stand.see(COUNTDOWN)
        await stand.press("x")
        assert stand.controls.asked() == ["cancel_start"]


async def test_the_mouse_held_on_the_button_starts_and_let_go_too_early_does_not() -> None:
    async with a_run(waiting_view(), reacts=True) as stand:
        await stand.pilot.mouse_down("StartButton")
        stand.clock.at_s += 1.0
        await settled(stand.app)
        await stand.pilot.mouse_up("StartButton")
        stand.clock.at_s += 1.0
        await settled(stand.app)
        assert stand.controls.asked() == ["arm"]
        await stand.pilot.mouse_down("StartButton")
        stand.clock.at_s += 1.6
        await settled(stand.app)
        assert stand.controls.asked() == ["arm", "hold_done"]


async def test_refusals_are_shown_in_the_words_of_the_guardian() -> None:
    refused = still(Mode.IDLE, causes=(cause(Hazard.ARM_REFUSED, "arming needs 3 reports of standstill; 1 has come"),))
    async with a_run(replace(waiting_view(), snapshot=refused, message="the link is slow")) as stand:
        assert "arming needs 3 reports of standstill; 1 has come" in stand.screen
        assert "the link is slow" in stand.screen


async def test_escape_before_the_first_start_closes_the_run_and_goes_back() -> None:
    async with a_run(waiting_view()) as stand:
        await stand.press("escape")
        assert stand.controls.asked() == ["close"]
        assert isinstance(stand.app.screen, SetupPage)


async def test_a_second_run_waits_until_the_first_has_let_go_of_its_treadmill() -> None:
    async with a_run(waiting_view()) as stand:
        may_close = threading.Event()
        stand.controls.told = lambda line: assert_true(line != "close" or may_close.wait(20))
        await press(stand.app, "escape", "enter")
        stand.app.screen._on_timer_update()  # its worker waits, so nothing else may be waited for
        assert len(stand.launcher.launched) == 1
        assert "one moment" in stand.screen
        may_close.set()
        await settled(stand.app)
        await settled(stand.app)
        assert len(stand.launcher.launched) == 2


# --- mounting, pause --------------------------------------------------------------------------------------------


async def test_mounting_tells_what_to_do_and_how_long_the_belt_waits() -> None:
    async with a_run(MOUNTING) as stand:
        stand.clock.at_s += 15.2
        await settled(stand.app)
        assert "Press o when you are on the belt" in stand.screen
        assert "lowest speed, 0.5 km/h" in stand.screen
        assert "0:45 left" in stand.screen


async def test_a_pause_keeps_the_place_counts_down_and_resumes_by_the_same_sequence() -> None:
    async with a_run(PAUSED) as stand:
        stand.clock.at_s += 20
        await settled(stand.app)
        assert "The place is kept: walk 60 s, 2.5 km/h, 0:40 left" in stand.screen
        assert "0:40 until the pause is over" in stand.screen
        await stand.hold("s", 1.7)
        assert stand.controls.asked() == ["arm", "hold_done"]


async def test_while_the_belt_slows_down_into_a_pause_its_speed_is_shown_and_nothing_can_be_started() -> None:
    async with a_run(a_view(Phase.PAUSED, a_snapshot(Mode.PAUSING, 1.2))) as stand:
        assert "pausing: the belt slows down" in stand.screen
        assert "hold s" not in stand.screen


async def test_the_countdown_of_a_resume_is_cancelled_by_any_key_too() -> None:
    async with a_run(PAUSED) as stand:
        await stand.hold("s", 1.7)
        counting = still(Mode.COUNTDOWN, start_in_s=5.0)
        await stand.see(replace(PAUSED, phase=Phase.WAITING_FOR_START, snapshot=counting))
        await stand.press("x")
        assert stand.controls.asked() == ["arm", "hold_done", "cancel_start"]


async def test_a_pause_whose_arming_lapsed_is_ended_by_a_stop_key_and_never_just_left() -> None:
    async with a_run(a_view(Phase.PAUSED, still(Mode.IDLE))) as stand:
        await stand.press("q")
        assert stand.controls.asked() == ["stop MainThread"]


# --- live -------------------------------------------------------------------------------------------------------


async def test_the_live_screen_shows_all_that_matters() -> None:
    async with a_run(LIVE, simulated=False) as stand:
        for text in (
            "MEASURED km/h", "TARGET km/h", "0.0 %", "facing the rear", "walk 60 s, 2.5 km/h", "0:40 left in the step",
            "9:10 in all", "land on the toes", "next: walk 90 s, 1.5 km/h", "▼", "at most 3 km/h, tier novice at home",
            "Only the safety key stops the belt for certain.", "p pause", "S T O P", "61 m", "running", "step 2 of 8",
        ):  # fmt: skip
            assert text in stand.screen, f"{text!r} is not on\n{stand.screen}"
        assert sum("██████" in row[:31] for row in stand.screen.splitlines()) >= 3, "the measured speed, five rows high"


async def test_a_simulated_treadmill_is_called_one_all_the_time() -> None:
    async with a_run(LIVE) as stand:
        assert "SIMULATED TREADMILL" in stand.screen
        assert "Simulated treadmill. On a real one only the safety key stops it for certain." in stand.screen


@pytest.mark.parametrize(("key", "asked"), [("p", "pause"), ("n", "next_step"), ("f", "finish"), ("P", "pause")])
async def test_the_keys_of_the_live_screen(key: str, asked: str) -> None:
    async with a_run(LIVE) as stand:
        await stand.press(key)
        assert stand.controls.asked() == [asked]


async def test_unknown_keys_ask_for_nothing() -> None:
    async with a_run(LIVE) as stand:
        await stand.press("x", "up", "left", "1", "9", "s", "o", "tab", "f1", "home", "ctrl+p", "ctrl+s", "delete", "a")
        assert stand.controls.asked() == []
        assert isinstance(stand.app.screen, LivePage)


async def test_causes_and_limits_stand_with_their_reasons() -> None:
    late = a_snapshot(causes=(cause(Hazard.TELEMETRY_LATE, "no report for 1.2 s (limit 1.0 s): nothing rises"),))
    async with a_run(a_view(snapshot=late)) as stand:
        assert "! no report for 1.2 s (limit 1.0 s): nothing rises" in stand.screen
        assert "speed: at most 3 km/h, tier novice at home" in stand.screen


async def test_a_stale_speed_is_struck_out_and_an_old_one_is_gone() -> None:
    async with a_run(LIVE) as stand:
        struck = await stand.see(a_view(snapshot=a_snapshot(age_s=1.6)))
        assert "━━━━" in struck
        assert "no report from the treadmill for 1.7 s" in struck
        gone = await stand.see(a_view(snapshot=a_snapshot(age_s=3.2)))
        assert "SPEED UNKNOWN - BELT MAY BE MOVING - PULL THE KEY" in gone
        assert "━━━━" not in gone


async def test_after_a_stop_press_it_says_sent_until_standstill_is_confirmed() -> None:
    async with a_run(LIVE) as stand:
        await stand.press("space")
        assert "STOP SENT - waiting for treadmill" in stand.screen
        stop = StopShown(StopClass.CONTROLLED, 0, 1.0)
        text = await stand.see(a_view(Phase.STOPPED, a_snapshot(Mode.STOPPING, 0.0, stop=stop)))
        assert "STOP SENT - waiting for treadmill (controlled, 1 s)" in text
        assert "Treadmill reports" not in text
        assert "Treadmill reports 0.0 (3 reports" in await stand.see(LATCHED)


PAGES = {
    "start": COUNTDOWN, "paused": PAUSED, "mounting": MOUNTING, "live": LIVE, "alarm": ALARM,
}  # fmt: skip


@pytest.mark.parametrize("view", PAGES.values(), ids=PAGES.keys())
async def test_every_stop_key_stops_and_does_nothing_else(view: RunView) -> None:
    async with a_run(view) as stand:
        page = stand.app.screen
        for key in STOP_KEYS:
            await press(stand.app, key)
        await settled(stand.app)
        assert len(stand.controls.stops) == len(STOP_KEYS)
        assert set(stand.controls.asked()) == {"stop MainThread"}
        assert stand.app.screen is page
        assert not stand.app.leaving


async def test_every_stop_key_stops_over_a_dialog() -> None:
    async with a_run(LIVE) as stand:
        for key in STOP_KEYS:
            await stand.press("question_mark")
            assert isinstance(stand.app.screen, HelpDialog)
            await stand.press(key)
        assert stand.controls.asked() == ["stop MainThread"] * len(STOP_KEYS)


async def test_a_click_on_the_stop_bar_stops_and_also_over_a_dialog() -> None:
    async with a_run(LIVE) as stand:
        await stand.pilot.mouse_down(offset=(40, 22))
        await settled(stand.app)
        assert stand.controls.asked() == ["stop MainThread"]


async def test_the_bar_tells_the_input_thread_where_it_is() -> None:
    async with a_run(LIVE) as stand:
        await settled(stand.app)
        bar = stand.app.door.bar
        assert bar is not None
        assert bar.hold(40, 22)
        assert not bar.hold(40, 10)


async def test_there_is_no_palette_and_nothing_takes_the_focus_while_the_belt_moves() -> None:
    async with a_run(LIVE) as stand:
        await stand.press("ctrl+p", "tab", "tab")
        assert isinstance(stand.app.screen, LivePage)
        assert stand.app.focused is None


async def test_a_key_that_could_not_be_handled_is_told() -> None:
    async with a_run(LIVE) as stand:
        stand.app.post_message(InputTrouble("a key could not be handled: it was torn off"))
        await settled(stand.app)
        await settled(stand.app)
        assert "! a key could not be handled: it was torn off" in stand.screen


async def test_the_screen_reports_its_turns() -> None:
    async with a_run(LIVE) as stand:
        turns = stand.controls.turns
        stand.app.turn()
        assert stand.controls.turns == turns + 1


# --- alarm ------------------------------------------------------------------------------------------------------


async def test_the_alarm_covers_everything_and_no_key_dismisses_it() -> None:
    async with a_run(LIVE) as stand:
        await stand.press("question_mark")
        text = await stand.see(ALARM)
        assert [type(one) for one in stand.app.screen_stack] == [SetupPage, AlarmPage]
        assert "BELT MAY STILL BE MOVING: 1.8 km/h reported - PULL THE KEY" in text
        assert sum("████" in row for row in text.splitlines()) >= 6
        await stand.press("a", "x", "k", "question_mark", "tab")
        assert stand.controls.asked() == []
        assert isinstance(stand.app.screen, AlarmPage)


async def test_at_confirmed_standstill_the_alarm_can_be_acknowledged() -> None:
    async with a_run(replace(ALARM, snapshot=still(Mode.ESCALATED, alarm=True))) as stand:
        assert "Standstill is confirmed" in stand.screen
        await stand.press("a")
        assert stand.controls.asked() == ["acknowledge False"]


async def test_a_dead_guardian_is_a_key_alarm_that_two_presses_leave() -> None:
    async with a_run(LIVE) as stand:
        text = await stand.see(replace(LIVE, guardian_alive=False))
        assert "THE GUARDIAN IS GONE - BELT MAY BE MOVING - PULL THE KEY" in text
        await stand.press("x")
        assert not stand.app.leaving
        assert "Press x again" in stand.screen
        await press(stand.app, "x")
        assert stand.app.return_value == 1


async def test_a_machine_without_a_key_gets_an_alarm_that_names_none() -> None:
    no_key = replace(PROFILE, physical_stop=PhysicalStop.NONE)
    async with a_run(replace(ALARM, profile=no_key), simulated=False) as stand:
        assert "KEEP OFF THE BELT - SWITCH IT OFF AT THE MAINS" in " ".join(stand.screen.split())
        assert "KEY" not in stand.screen


async def test_without_colour_the_alarm_is_white_and_the_words_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with a_run(ALARM) as stand:
        background = stand.app.screen.query_one("#page").styles.background
        assert background.rgb == (255, 255, 255)
        assert "BELT MAY STILL BE MOVING" in stand.screen


async def test_without_colour_the_live_screen_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_run(LIVE) as stand:
        in_colour = stand.screen
    monkeypatch.setenv("NO_COLOR", "1")
    async with a_run(LIVE) as stand:
        assert stand.app.no_color
        assert stand.screen == in_colour


# --- stopped, summary -------------------------------------------------------------------------------------------


async def test_a_stop_is_read_before_the_run_is_left() -> None:
    async with a_run(LATCHED) as stand:
        assert isinstance(stand.app.screen, StoppedPage)
        assert "1  stop was pressed" in stand.screen
        await stand.press("k", "x", "q", "escape", "enter")
        assert stand.controls.asked() == []
        await stand.press("a")
        assert stand.controls.asked() == ["acknowledge False"]


async def test_a_severe_cause_asks_for_the_key_test_first() -> None:
    severe = still(Mode.LATCHED, causes=(cause(Hazard.RUNAWAY),))
    async with a_run(a_view(Phase.STOPPED, severe)) as stand:
        assert "Pull the safety key and put it back" in stand.screen
        await stand.press("a")
        assert stand.controls.asked() == []
        await stand.press("k")
        assert stand.controls.asked() == ["acknowledge True"]


async def test_a_fault_is_left_only_by_ending_the_program() -> None:
    fault = still(Mode.FAULT, causes=(cause(Hazard.SELF_FAULT),))
    async with a_run(a_view(Phase.STOPPED, fault)) as stand:
        await stand.press("a", "k")
        assert stand.controls.asked() == []
        await press(stand.app, "x")
        assert stand.app.return_value == 1


async def test_a_run_that_ended_before_the_belt_moved_is_left_by_q() -> None:
    async with a_run(a_view(Phase.STOPPED, still(Mode.IDLE))) as stand:
        assert "Press q to go back to the set-up." in stand.screen
        await stand.press("q")
        assert stand.controls.asked() == ["close"]
        assert isinstance(stand.app.screen, SetupPage)


async def test_a_stop_key_that_is_still_held_when_the_belt_stands_does_not_leave() -> None:
    async with a_run(LIVE) as stand:
        await stand.press("q")
        await stand.see(DONE)
        assert isinstance(stand.app.screen, SummaryPage)
        for _ in range(20):
            await press(stand.app, "q")
            stand.clock.at_s += STOP_TAIL_S - 0.1
        assert isinstance(stand.app.screen, SummaryPage)
        stand.clock.at_s += STOP_TAIL_S
        await stand.press("q")
        assert isinstance(stand.app.screen, SetupPage)


async def test_the_summary_shows_the_figures_the_notes_and_what_to_do_now() -> None:
    async with a_run(DONE) as stand:
        for text in (
            "Plan completed: the plan is done", "12:15, of the plan 11:30 of 11:30", "302 m", "2.5 km/h", "incline 0 %",
            "speed held at 3.0 km/h", "stretch calves, 30 s each side", ".sqlite", "SIMULATED TREADMILL",
        ):  # fmt: skip
            assert text in stand.screen, f"{text!r} is not on\n{stand.screen}"


async def test_a_run_that_was_cut_short_says_how_far_it_came() -> None:
    short = replace(A_SUMMARY, complete=False, plan_time_s=230.0, ended="a stop was asked for")
    async with a_run(replace(DONE, summary=short)) as stand:
        assert "Ended at 33% of the plan: a stop was asked for" in stand.screen


@pytest.mark.parametrize("key", ["enter", "q", "escape", "ctrl+q"])
async def test_the_summary_is_left_to_the_set_up(key: str) -> None:
    async with a_run(DONE) as stand:
        await stand.press(key)
        assert isinstance(stand.app.screen, SetupPage)
        assert stand.controls.asked() == ["close"]


# --- every screen -----------------------------------------------------------------------------------------------


async def test_the_terminal_never_says_stopped_without_a_fresh_confirmed_standstill() -> None:
    chance = random.Random(20261121)
    async with a_run(LIVE) as stand:
        said = 0
        for _ in range(120):
            view = _any_view(chance)
            snapshot = view.snapshot
            text = await stand.see(view)
            fresh = view.snapshot_age_s + (snapshot.age_s or 0.0) <= 1.0 if snapshot is not None else False
            allowed = snapshot is not None and snapshot.standstill and fresh and view.guardian_alive
            assert allowed or "Treadmill reports" not in text, f"{view}\n{text}"
            said += "Treadmill reports" in text
        assert said > 5, "the test has seen the word where it belongs"


def _any_view(chance: random.Random) -> RunView:
    snapshot = a_snapshot(
        chance.choice(list(Mode)),
        chance.choice([0.0, 0.0, 1.5]),
        age_s=chance.choice([0.1, 0.3, 0.9, 1.5, 4.0]),
        standstill=chance.random() < 0.7,
        alarm=chance.random() < 0.1,
    )
    return a_view(
        chance.choice(list(Phase)),
        snapshot,
        guardian_alive=chance.random() < 0.8,
        snapshot_age_s=chance.choice([0.0, 0.05, 0.5]),
        summary=chance.choice([None, A_SUMMARY]),
    )


EVERY_VIEW = {
    **PAGES, "waiting": waiting_view(), "latched": LATCHED, "summary": DONE,
    "no link yet": replace(waiting_view(), snapshot=None, profile=None),
}  # fmt: skip


@pytest.mark.parametrize("size", [(79, 24), (80, 23), (20, 5)])
async def test_a_small_terminal_gets_a_sentence_and_its_stop_keys_work(size: tuple[int, int]) -> None:
    async with a_run(LIVE, size=size) as stand:
        stand.controls.live = True
        for name, view in EVERY_VIEW.items():
            words = " ".join((await stand.see(view)).split())
            assert "needs 80x24" in words or size == (20, 5), name
            assert "S T O P" not in words, name
            stand.controls.stops.clear()
            await stand.press("space")
            assert stand.controls.stops == ["MainThread"], name


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_no_screen_is_cut_off_at_its_lower_end(size: tuple[int, int]) -> None:
    async with a_run(LIVE, size=size) as stand:
        for name, view in EVERY_VIEW.items():
            await stand.see(view)
            page = stand.app.screen.query_one("#page")
            below = [one for one in page.query("*") if one.display and one.region.bottom > size[1]]
            assert below == [], name
            assert page.max_scroll_y == 0, name
