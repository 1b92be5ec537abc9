"""From the first question to the start, drawn without a terminal: who, alone or not, the checklist, the sound."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.tui.conftest import (
    KIM,
    FakeControls,
    FakeLauncher,
    SetClock,
    Stand,
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

from retrotread.safety.modes import Mode
from retrotread.sessions.person import BackwardExperience, Health, Person, Remote
from retrotread.sessions.view import Sound
from retrotread.training.screening import SCREEN
from retrotread.tui.app import RetroApp
from retrotread.tui.screens.checklist import ChecklistPage
from retrotread.tui.screens.first_run import FirstRunPage
from retrotread.tui.screens.live import LivePage
from retrotread.tui.screens.remote import RemotePage
from retrotread.tui.screens.setup import SetupPage
from retrotread.tui.screens.start import StartPage
from retrotread.workouts.engine import Phase

BY_HAND = ("1", "2", "3", "4")

# --- the first run ----------------------------------------------------------------------------------------------


async def test_somebody_who_was_never_asked_is_asked_three_things_before_the_set_up() -> None:
    async with a_stand(person=None) as stand:
        assert isinstance(stand.app.screen, FirstRunPage)
        assert "What shall Retrotread call you?" in stand.screen
        await stand.press(*"Jo q", "enter", "y", "2", "n")
        assert stand.launcher.who == Person("Jo q", True, BackwardExperience.WALKS, health=Health.NOTHING)
        assert isinstance(stand.app.screen, SetupPage)
        assert "First backward steps" in stand.screen
        assert "Jo q" in stand.screen


async def test_the_workouts_are_read_after_the_answers_since_they_depend_on_them() -> None:
    launcher, asked = FakeLauncher(), []
    launcher.who, launcher.before_offers = None, lambda: asked.append("offers")
    app = RetroApp(launcher, SetClock())
    async with app.run_test(size=(80, 24)):
        await settled(app)
        assert asked == []
        await press(app, "x", "enter", "n", "1", "n")
        await settled(app)
        assert asked == ["offers"]
        assert launcher.who == Person("x", False, BackwardExperience.NONE, health=Health.NOTHING)


async def test_enter_and_page_down_go_on_with_the_marked_answer_and_escape_goes_back() -> None:
    async with a_stand(person=None) as stand:
        await stand.press("K", "pagedown", "escape", "i", "m", "pagedown", "down", "pagedown", "down", "down", "enter")
        await stand.press("down", "enter")
        assert stand.launcher.who == Person("Kim", True, BackwardExperience.RUNS, health=Health.NOTHING)


async def test_without_a_name_it_does_not_go_on_and_says_why() -> None:
    async with a_stand(person=None) as stand:
        await stand.press("space", "enter")
        assert "Type a name first" in stand.screen
        await stand.press("A", "n", "x", "backspace", "enter", "y", "enter", "n")
        assert stand.launcher.who == Person("An", True, BackwardExperience.NONE, health=Health.NOTHING)


async def test_whoever_only_presses_enter_is_taken_for_no_adult() -> None:
    async with a_stand(person=None) as stand:
        await stand.press("K", "enter", "enter", "1", "n")
        assert stand.launcher.who == Person("K", False, health=Health.NOTHING)


async def test_the_question_about_health_names_everything_and_enter_alone_is_no_no() -> None:
    async with a_stand(person=None) as stand:
        await stand.press("K", "enter", "y", "1")
        shown = " ".join(stand.screen.split())
        assert "Does one of these hold for you?" in shown
        assert all(one.short in shown for one in SCREEN)
        rows = [row for row in stand.screen.splitlines() if any(one.short in row for one in SCREEN)]
        assert all(row.strip().startswith("- ") for row in rows)
        assert {row.index(" - ", 9) for row in rows if " - " in row[9:]} == {43}, "in columns"
        await stand.press("enter")
        assert stand.launcher.who == Person("K", True, health=Health.ASK_FIRST)


async def test_answers_that_cannot_be_kept_hold_for_today_and_the_person_is_told() -> None:
    async with a_stand(person=None) as stand:

        def full(person: Person) -> None:
            raise OSError("the disk is full")

        stand.launcher.introduce = full  # type: ignore[method-assign]
        await stand.press("K", "enter", "y", "1", "n")
        assert stand.app.person == Person("K", True, health=Health.NOTHING)
        assert "the disk is full" in stand.screen


async def test_somebody_who_is_known_is_asked_nothing() -> None:
    async with a_stand() as stand:
        assert isinstance(stand.app.screen, SetupPage)


# --- alone, and with a remote -----------------------------------------------------------------------------------


async def test_the_honest_answer_brings_other_workouts_and_another_item() -> None:
    async with a_stand() as stand:
        asked: list[bool] = []

        def offers(address: str, alone: bool = False) -> tuple[object, ...]:
            asked.append(alone)
            return (an_offer(title="Slow and short" if alone else "Brisk"),)

        stand.launcher.offers = offers  # type: ignore[method-assign,assignment]
        await stand.press("l")
        assert asked == [True]
        assert "Slow and short" in stand.screen
        assert "yes, nobody else is here" in stand.screen
        await stand.press("enter")
        assert "Somebody within call knows" in stand.screen
        assert "spotter" not in stand.screen
        await stand.press("space", "escape", "l")
        assert "Brisk" in stand.screen


async def test_the_keys_of_a_remote_are_learnt_by_pressing_them_and_kept() -> None:
    async with a_stand() as stand:
        await stand.press("r")
        assert isinstance(stand.app.screen, RemotePage)
        await stand.press("pagedown", "b")
        assert stand.launcher.who == replace(KIM, remote=Remote("pagedown", "b"))
        assert stand.app.door.next_key == "pagedown"
        assert isinstance(stand.app.screen, SetupPage)
        assert "Remote Page Down" in stand.screen


async def test_a_remote_may_do_without_a_fine_key_and_a_person_without_a_remote() -> None:
    async with a_stand() as stand:
        await stand.press("r", "right", "s")
        assert stand.launcher.who == replace(KIM, remote=Remote("right", None))
        await stand.press("r", "backspace")
        assert stand.launcher.who == KIM


@pytest.mark.parametrize("key", ["enter", "space", "q", "Q", "ctrl+q", "ctrl+c", "x", "7", "shift+space", "alt+enter"])
async def test_a_key_with_a_meaning_of_its_own_is_no_key_of_a_remote(key: str) -> None:
    async with a_stand() as stand:
        if key in ("ctrl+q", "ctrl+c"):  # these leave, everywhere before a run
            await press(stand.app, "r", key)
            assert stand.app.leaving
            return
        await stand.press("r", key)
        assert isinstance(stand.app.screen, RemotePage)
        assert "cannot be a key of a remote" in stand.screen
        await stand.press("pagedown", key)
        assert isinstance(stand.app.screen, RemotePage)


async def test_escape_leaves_the_remote_as_it_was_and_the_next_key_is_not_the_fine_key() -> None:
    async with a_stand() as stand:
        await stand.press("r", "pageup", "pageup")
        assert "is the next key already" in stand.screen
        await stand.press("escape")
        assert isinstance(stand.app.screen, SetupPage)
        assert stand.launcher.who == KIM


async def test_the_next_key_of_a_remote_goes_on_from_the_set_up() -> None:
    async with a_stand(person=replace(KIM, remote=Remote("right"))) as stand:
        await stand.press("right")
        assert isinstance(stand.app.screen, ChecklistPage)


# --- the checklist ----------------------------------------------------------------------------------------------


async def test_the_run_is_opened_before_the_checklist_so_that_the_program_can_see() -> None:
    async with a_stand(FakeControls(replace(waiting_view(), snapshot=None, profile=None))) as stand:
        await stand.press("enter")
        assert stand.launcher.launched == [("first", "sim://well-behaved")]
        assert "[ ] Treadmill" in stand.screen
        await stand.see(waiting_view())
        assert "[x] Treadmill" in stand.screen


async def test_the_own_stop_ticks_itself_at_any_stop_key_and_the_key_does_nothing_else() -> None:
    for key in ("space", "escape", "enter", "q", "pagedown", "f5", "full_stop", "b", "ctrl+c"):
        async with a_stand(FakeControls(reacts=True)) as stand:
            await stand.press("enter")
            assert "[ ] My stop" in stand.screen
            await stand.press(key)
            assert "[x] My stop" in stand.screen, key
            assert stand.controls.asked() == ["own_stop_seen"], key
            assert "[x] 1" not in stand.screen, key
            assert isinstance(stand.app.screen, ChecklistPage), key


async def test_once_the_stop_was_seen_escape_goes_back_and_the_run_is_closed() -> None:
    async with a_stand() as stand:
        await stand.press("enter", "escape", "1", "escape")
        assert isinstance(stand.app.screen, SetupPage)
        assert stand.controls.asked() == ["own_stop_seen", "close"]
        await stand.press("enter")
        assert stand.screen.count("[x]") == 1, "the treadmill; the ticks of before are gone"


async def test_only_with_everything_ticked_it_goes_on_to_the_start() -> None:
    async with a_stand(FakeControls(reacts=True)) as stand:
        await stand.press("enter", "1", "2", "3", "4")
        assert isinstance(stand.app.screen, ChecklistPage)
        await stand.press("3")  # the digit that was spoken
        assert isinstance(stand.app.screen, ChecklistPage)
        assert "Still to be seen: my stop" in " ".join(stand.screen.split())
        await stand.press("space")
        assert isinstance(stand.app.screen, StartPage)


@pytest.mark.parametrize("left_out", BY_HAND)
async def test_no_item_of_the_hand_can_be_left_out(left_out: str) -> None:
    async with a_stand(FakeControls(replace(waiting_view(), sound=Sound.HEARD), reacts=True)) as stand:
        await stand.press("enter", "space", *(number for number in BY_HAND if number != left_out))
        assert isinstance(stand.app.screen, ChecklistPage)
        assert "1 to tick; none can be left out" in stand.screen
        await stand.press(left_out)
        assert isinstance(stand.app.screen, StartPage)


async def test_space_and_enter_tick_too_once_the_stop_was_seen() -> None:
    async with a_stand() as stand:
        await stand.press("enter", "space", "space", "enter")
        assert "[x] 1" in stand.screen
        assert "[x] 2" in stand.screen
        await stand.press("up", "up", "space")
        assert "[ ] 1" in stand.screen


async def test_a_tick_expires_after_three_minutes_and_must_be_made_again_before_the_start() -> None:
    async with a_ready_start() as stand:
        assert isinstance(stand.app.screen, StartPage)
        assert "The checklist is believed for 3:00" in stand.screen
        stand.clock.at_s += 179.0
        await settled(stand.app)
        assert isinstance(stand.app.screen, StartPage)
        stand.clock.at_s += 1.0
        await settled(stand.app)
        assert isinstance(stand.app.screen, ChecklistPage)
        assert "older than three minutes: once more" in stand.screen
        await stand.press("space", *BY_HAND)
        assert isinstance(stand.app.screen, StartPage)


async def test_the_start_that_is_armed_has_used_the_ticks_and_one_that_is_called_off_has_not() -> None:
    async with a_ready_start() as stand:
        stand.clock.at_s += 179.0
        await stand.press("s")
        stand.clock.at_s += 10.0
        await settled(stand.app)
        assert isinstance(stand.app.screen, StartPage), "armed"
        await stand.see(replace(waiting_view(), snapshot=still(Mode.COUNTDOWN, start_in_s=3.0)))
        assert isinstance(stand.app.screen, StartPage), "counting down"
        await stand.see(waiting_view())
        assert isinstance(stand.app.screen, ChecklistPage)


async def test_a_pause_asks_for_no_checklist_however_long_ago_it_was() -> None:
    async with a_ready_start() as stand:
        await stand.see(a_view(snapshot=a_snapshot()))
        assert isinstance(stand.app.screen, LivePage)
        stand.clock.at_s += 600.0
        await stand.see(a_view(Phase.PAUSED, still(Mode.PAUSED)))
        assert isinstance(stand.app.screen, StartPage)


async def test_a_late_report_does_not_take_the_start_away() -> None:
    async with a_ready_start() as stand:
        await stand.see(replace(waiting_view(), snapshot=a_snapshot(Mode.IDLE, 0.0)))
        assert isinstance(stand.app.screen, StartPage)
        assert "Missing: a standstill reported for two seconds." in stand.screen


async def test_a_machine_that_is_new_here_has_its_room_and_itself_looked_at() -> None:
    async with a_stand() as stand:
        await stand.press("right")
        await stand.press("enter")
        assert "Room" in stand.screen
        assert "Machine" in stand.screen
        await stand.press("space", "escape", "left")
        await stand.press("enter")
        assert "Nothing changed" in stand.screen


async def test_a_machine_is_known_once_it_has_moved_for_this_person() -> None:
    async with a_stand() as stand:
        await stand.press("right")
        await stand.press("enter")
        await stand.see(a_view(snapshot=a_snapshot()))
        await stand.see(a_view(Phase.STOPPED, still(Mode.IDLE)))
        await stand.press("q")
        assert isinstance(stand.app.screen, SetupPage)
        stand.controls.now = waiting_view()
        await stand.press("enter")
        assert "Nothing changed" in stand.screen


async def test_what_keeps_the_link_from_coming_up_stands_on_the_checklist() -> None:
    refused = replace(waiting_view(), snapshot=None, profile=None, message="no treadmill of that name answers")
    async with a_stand(FakeControls(refused)) as stand:
        await stand.press("enter")
        assert "no treadmill of that name answers" in stand.screen


# --- did you hear it? -------------------------------------------------------------------------------------------


async def test_the_digit_is_spoken_by_itself_once_all_is_ticked_and_stands_nowhere() -> None:
    async with a_stand(FakeControls(reacts=True)) as stand:
        stand.controls.test_sound = lambda: 5  # type: ignore[method-assign]
        await stand.press("enter", *BY_HAND)
        assert "Listen: a digit is spoken" in stand.screen
        assert "5" not in stand.screen.replace("1-5", "")
        await stand.press("5")
        assert "[x] Sound" in stand.screen
        assert stand.controls.asked()[-1] == "sound_heard True"


async def test_h_asks_at_any_time_and_a_digit_then_ticks_nothing() -> None:
    async with a_stand(FakeControls(reacts=True)) as stand:
        await stand.press("enter", "h", "3")
        assert stand.controls.asked() == ["test_sound", "sound_heard True"]
        assert "[x] 3" not in stand.screen
        await stand.press("3")
        assert "[x] 3" in stand.screen


async def test_two_wrong_answers_are_told_to_the_run_which_goes_on_without_a_rise() -> None:
    async with a_stand(FakeControls(reacts=True)) as stand:
        await stand.press("enter", "space", *BY_HAND, "0")
        assert "another digit comes now" in stand.screen
        assert "sound_heard False" not in stand.controls.asked()
        await stand.press("4")
        assert stand.controls.asked()[-1] == "sound_heard False"
        assert isinstance(stand.app.screen, StartPage)
        assert "Nothing will rise: you did not hear the program (R20)." in " ".join(stand.screen.split())


async def test_a_sound_that_failed_can_be_tested_again() -> None:
    async with a_stand(FakeControls(reacts=True)) as stand:
        await stand.press("enter", "h", "0", "0")
        assert "nothing will rise in this run" in stand.screen
        await stand.press("h", "3")
        assert stand.controls.asked()[-1] == "sound_heard True"
        assert "[x] Sound" in stand.screen


async def test_with_a_remote_the_presses_are_counted_and_taken_after_a_second_and_a_half() -> None:
    async with a_stand(FakeControls(reacts=True), person=replace(KIM, remote=Remote())) as stand:
        await stand.press("pagedown", *["pagedown"] * 4)
        assert "[x] 4" in stand.screen
        assert stand.controls.asked() == ["own_stop_seen", "test_sound"]
        await stand.press("pagedown", "pagedown", "pagedown")
        stand.clock.at_s += 1.4
        await settled(stand.app)
        assert stand.controls.asked()[-1] == "test_sound"
        stand.clock.at_s += 0.2
        await settled(stand.app)
        assert stand.controls.asked()[-1] == "sound_heard True"
        assert isinstance(stand.app.screen, StartPage)


# --- every size -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "rows"), [((80, 24), 5), ((120, 40), 15)])
async def test_a_large_terminal_shows_more_of_the_workouts_around_the_chosen_one(
    size: tuple[int, int], rows: int
) -> None:
    async with a_stand(size=size) as stand:
        stand.launcher.on_offer = tuple(an_offer(title=f"Plan {number:02}") for number in range(30))
        await stand.press("l", "down", "down")
        shown = [line for line in stand.screen.splitlines() if "Plan " in line]
        assert len(shown) == rows
        assert sum("> " in line for line in shown) == 1


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("person", [None, KIM, replace(KIM, remote=Remote())])
async def test_nothing_before_the_start_is_cut_off(size: tuple[int, int], person: Person | None) -> None:
    async with a_stand(FakeControls(reacts=True), size, person) as stand:
        stand.launcher.on_offer = (an_offer(needs=("rails", "spotter", "a mat behind the treadmill")),)
        roads = [[]] if person is None else [["r", "b"], ["escape"], ["right"], ["enter"], ["space"], ["1", "h", "0"]]
        for keys in ([], *roads):
            await stand.press(*keys)
            assert_nothing_cut_off(stand.app)


async def test_what_is_read_aloud_leaves_room_for_what_the_program_ticks() -> None:
    """Where every open item told all that its tick says, the last row would be below the smallest terminal."""
    aloud = ("Participant P-AAAA", "Ladder 1, version 1836e5ad472d", "At most: 2.0 km/h, 30 min, both ways", "A. Weber")
    async with a_stand(FakeControls(reacts=True)) as stand:
        stand.launcher.on_offer = (replace(an_offer(needs=("rails", "spotter")), read_back=aloud),)
        await stand.press("right", "enter")
        assert "The participant says that it is so." in " ".join(stand.screen.split())
        for keys in ([], ["enter"], ["enter"]):
            await stand.press(*keys)
            assert_nothing_cut_off(stand.app)
            assert "] Sound" in stand.screen


def assert_nothing_cut_off(app: RetroApp) -> None:
    page = app.screen.query_one("#page")
    low = [one for one in page.query("*") if one.display and one.region.bottom > app.size.height]
    assert low == [], painted(app)
    keys = app.screen.query_one("#setup-keys")
    over = [one for one in page.query("Line") if one is not keys and one.region.overlaps(keys.region)]
    assert over == [], painted(app)
    assert len(app.screen.query_one("#setup-keys").render_line(0).text.rstrip()) < app.size.width


async def test_without_colour_the_checklist_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_stand() as stand:
        await stand.press("enter", "space", "1")
        in_colour = stand.screen
    monkeypatch.setenv("NO_COLOR", "1")
    async with a_stand() as stand:
        await stand.press("enter", "space", "1")
        assert stand.app.no_color
        assert stand.screen == in_colour


def a_ready_start() -> ReadyStart:
    """The start page, reached as a person reaches it."""
    return ReadyStart()


class ReadyStart:
    """A stand whose checklist has just been gone through."""

    async def __aenter__(self) -> Stand:
        self._stand = a_stand(FakeControls(reacts=True))
        stand = await self._stand.__aenter__()
        await stand.press("enter", "space", *BY_HAND, "3")
        stand.controls.calls.clear()
        return stand

    async def __aexit__(self, *failed: object) -> None:
        await self._stand.__aexit__(*failed)  # type: ignore[arg-type]
