"""The list of treadmills: its groups, a search, the card, watching, coach mode, and the way back to the set-up."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from tests.tui.conftest import REAL, SIMULATED, FakeLauncher, Stand, a_stand, set_up, settled

from retrotread.machine import Identity
from retrotread.sessions.view import Offer, OnAir, TreadmillChoice, WatchView
from retrotread.tui.picker import (
    FOUND_NONE,
    ROWS,
    SEARCHING,
    Picker,
    card_text,
    heard,
    in_groups,
    keys_text,
    list_text,
    moved,
    picker_for,
)
from retrotread.tui.screens.setup import SEARCHING as WAITS
from retrotread.tui.screens.setup import SetupPage
from retrotread.tui.screens.treadmills import TreadmillsPage
from retrotread.tui.screens.watch import WatchPage
from retrotread.tui.watched import READ_ONLY, line, speed_text, state_text

COACH = TreadmillChoice("coach://", "Coached treadmill", False)
HELD = TreadmillChoice(
    "ble://AA:01",
    "Gym belt",
    False,
    card=("allows now: watch and coach only", "next: qualify it"),
    held_back="only read, because it was never tried out. To drive it: retrotread treadmills qualify ble://AA:01",
)
ALL = (SIMULATED, COACH, REAL)


# --- pure -------------------------------------------------------------------------------------------------------


def test_real_ones_come_first_then_simulated_ones_then_those_that_a_hand_sets() -> None:
    assert in_groups(ALL) == (REAL, SIMULATED, COACH)
    text = list_text(picker_for(ALL, SIMULATED)).plain.splitlines()
    assert [line.strip() for line in text if not line.startswith((" ", ">"))] == [
        "Real", "Simulated", "Set by hand: the program coaches",
    ]  # fmt: skip
    assert text[3].startswith("> Simulated treadmill")


def test_without_a_real_one_the_list_says_how_to_find_it() -> None:
    assert "f looks for them" in list_text(picker_for((SIMULATED,), None)).plain


def test_what_is_heard_joins_its_group_once_and_the_mark_stays() -> None:
    picker = heard(picker_for(ALL, SIMULATED), OnAir((HELD, replace(REAL, title="again"))))
    assert [one.address for one in picker.choices] == [REAL.address, HELD.address, SIMULATED.address, COACH.address]
    assert picker.chosen == SIMULATED
    assert heard(picker, OnAir((HELD,))).choices == picker.choices


def test_the_marked_one_is_shown_in_a_list_that_is_longer_than_its_room() -> None:
    many = tuple(TreadmillChoice(f"sim://{number}", f"belt {number}", True) for number in range(40))
    for by in (0, 20, 39):
        text = list_text(moved(picker_for(many, None), by)).plain
        assert f"> belt {by}" in text
        assert len(text.splitlines()) == ROWS


def test_a_card_that_is_longer_than_its_room_says_where_all_of_it_is() -> None:
    long = replace(HELD, card=tuple(f"remark {number}" for number in range(30)))
    lines = card_text(Picker((long,))).plain.splitlines()
    assert len(lines) == ROWS
    assert lines[0].startswith("! only read, because it was never tried out")
    assert lines[-1] == "more: retrotread treadmills show ble://AA:01"


def test_a_card_is_cut_behind_a_sentence_and_what_to_type_for_the_rest_can_be_copied() -> None:
    told = "After a full qualification: backward walking to 6.0 km/h, as far as the belt goes; running to 8.0 km/h"
    spent = tuple(f"remark {number}" for number in range(6))
    long = replace(HELD, address="ble://AA:01?via=usb:0", held_back=None, card=(*spent, f"Begun. {told}.", "more"))
    lines = card_text(Picker((long,)), 8).plain.splitlines()
    assert lines == [*spent, "Begun.", "more: retrotread treadmills show 'ble://AA:01?via=usb:0'"]


def test_a_long_command_for_the_rest_is_counted_among_the_rows() -> None:
    address = f"ble://{'N' * 60}?via=tcp-client:127.0.0.1:9723"
    long = replace(HELD, address=address, card=tuple(f"remark {number}" for number in range(30)))
    lines = card_text(Picker((long,))).plain.splitlines()
    assert len(lines) == ROWS
    assert max(map(len, lines)) <= 76
    assert lines[-2].startswith("more:")
    assert lines[-1].endswith("9723'")


def test_only_a_real_one_is_watched_or_remembered_and_a_remembered_one_not_again() -> None:
    assert "w watch   m remember" in keys_text(Picker((HELD,)))
    assert "m remember" not in keys_text(Picker((replace(HELD, remembered=True),)))
    assert "w watch" not in keys_text(Picker((SIMULATED,)))
    assert all("c coach" in keys_text(Picker((one,))) for one in (HELD, SIMULATED))


# --- the page ---------------------------------------------------------------------------------------------------


async def opened(stand: Stand, *choices: TreadmillChoice) -> TreadmillsPage:
    page = stand.app.screen
    assert isinstance(page, SetupPage)
    page.choice = replace(page.choice, treadmills=choices or ALL, treadmill_index=0)
    await stand.press("t")
    assert isinstance(stand.app.screen, TreadmillsPage)
    return stand.app.screen


async def found(stand: Stand) -> None:
    """After a search that was begun."""
    for thread in threading.enumerate():
        if thread.name == "search":
            thread.join(10.0)
    await settled(stand.app)


def flat(stand: Stand) -> str:
    """What is on the screen as one line."""
    return " ".join(stand.screen.split())


async def test_choosing_one_leads_back_with_its_workouts_read_anew() -> None:
    async with a_stand() as stand:
        read: list[str] = []
        offers = stand.launcher.offers

        def noted(address: str, alone: bool = False) -> tuple[Offer, ...]:
            read.append(address)
            return offers(address, alone)

        stand.launcher.offers = noted  # type: ignore[method-assign]
        await opened(stand)
        await stand.press("down", "enter")
        await set_up(stand.app)
        page = stand.app.screen
        assert isinstance(page, SetupPage)
        assert page.choice.treadmill == COACH
        assert read == [COACH.address]


async def test_going_back_leaves_what_was_chosen() -> None:
    async with a_stand() as stand:
        await opened(stand)
        await stand.press("down", "escape")
        assert isinstance(stand.app.screen, SetupPage)
        assert stand.app.screen.choice.treadmill == SIMULATED


async def test_a_search_adds_what_it_hears_and_says_when_it_is_over() -> None:
    async with a_stand() as stand:
        stand.launcher.air = (OnAir((HELD,)), OnAir((HELD, replace(HELD, address="ble://AA:02", title="Other"))))
        page = await opened(stand)
        await stand.press("f")
        await found(stand)
        assert [one.title for one in page.picker.choices[:3]] == [REAL.title, "Gym belt", "Other"]
        assert "The search is over." in stand.screen
        assert "only read" in stand.screen


@pytest.mark.parametrize(
    ("problem", "said"), [(None, FOUND_NONE), ("the radio is off; switch it on", "the radio is off; switch it on")]
)
async def test_a_search_that_hears_nothing_or_fails_says_what_to_do(problem: str | None, said: str) -> None:
    async with a_stand() as stand:
        stand.launcher.search_problem = problem
        await opened(stand, SIMULATED)
        await stand.press("f")
        await found(stand)
        assert said in flat(stand)


async def test_a_long_problem_is_shown_to_its_mend_and_the_card_ends_with_where_more_of_it_is() -> None:
    problem = (
        "there is no Bluetooth: nothing answers on the system bus of this computer, which the Bluetooth service of "
        "Linux needs; start it with: sudo systemctl start bluetooth, then press f again here"
    )
    async with a_stand() as stand:
        stand.launcher.search_problem = problem
        await opened(stand, replace(HELD, card=tuple(f"remark {number}" for number in range(30))), SIMULATED)
        await stand.press("f")
        await found(stand)
        assert problem in flat(stand)
        assert "more: retrotread treadmills show" in stand.screen


async def test_while_the_radio_searches_no_run_is_opened_nothing_is_watched_and_no_other_search_begins() -> None:
    go_on, begun = threading.Event(), []

    def search(_told: object) -> None:
        begun.append(1)
        go_on.wait(10.0)

    async with a_stand() as stand:
        stand.launcher.search = search  # type: ignore[assignment]
        await opened(stand, HELD, SIMULATED)
        await stand.press("f", "f", "w")
        assert begun == [1]
        assert stand.launcher.watched == []
        assert "the search has the radio" in stand.screen or SEARCHING[:40] in stand.screen
        await stand.press("escape", "enter")
        assert stand.launcher.launched == []
        assert WAITS in stand.screen
        go_on.set()
        await found(stand)
        assert not stand.app.searching


async def test_coach_mode_is_one_key_away_from_a_machine_that_is_only_read() -> None:
    async with a_stand() as stand:
        await opened(stand, HELD, SIMULATED, COACH)
        assert "retrotread treadmills qualify" in stand.screen
        await stand.press("c")
        assert isinstance(stand.app.screen, SetupPage)
        assert stand.app.screen.choice.treadmill == COACH


async def test_one_that_was_found_can_be_remembered_and_where_it_cannot_it_is_said() -> None:
    async with a_stand() as stand:
        page = await opened(stand, HELD)
        stand.launcher.cannot_keep = "the disk is full"
        await stand.press("m")
        assert "the disk is full" in stand.screen
        stand.launcher.cannot_keep = None
        await stand.press("m", "m")
        assert stand.launcher.kept == [HELD.address]
        assert page.picker.chosen is not None
        assert page.picker.chosen.remembered
        assert "Gym belt is remembered." in stand.screen


# --- watching ---------------------------------------------------------------------------------------------------

SEEN = WatchView("Belt", Identity("AA:01", "Gym", "Maker", "T1\x1b[2J", "2.1"), 4.2, 1.0, 830.0, 0.3)


async def watching(stand: Stand, view: WatchView) -> WatchPage:
    stand.launcher.watching.now = view
    await opened(stand, HELD)
    await stand.press("w")
    assert isinstance(stand.app.screen, WatchPage)
    return stand.app.screen


async def test_a_machine_that_is_only_read_is_watched_and_let_go_of() -> None:
    async with a_stand() as stand:
        await watching(stand, SEEN)
        assert stand.launcher.watched == [HELD.address]
        for part in (
            READ_ONLY,
            "Maker T1 [2J firmware 2.1 AA:01",
            "incline 1.0 %   its own counter 830 m",
            "To drive it",
        ):
            assert part in stand.screen
        assert not stand.launcher.watching.closed.is_set()
        await stand.press("escape")
        assert isinstance(stand.app.screen, TreadmillsPage)
        assert stand.launcher.watching.closed.wait(10.0)


async def test_nothing_that_is_pressed_while_watching_asks_for_anything() -> None:
    async with a_stand() as stand:
        page = await watching(stand, SEEN)
        await stand.press("s", "o", "space", "p", "f", "plus", "t", "1")
        assert stand.app.screen is page
        assert stand.controls.calls == []
        assert stand.launcher.launched == []


@pytest.mark.parametrize(
    ("view", "speed", "state"),
    [
        (WatchView(), "-.-", "Connecting ..."),
        (replace(SEEN, age_s=None), "-.-", "Connected to Belt; it has reported nothing yet."),
        (SEEN, "4.2", "Connected to Belt; last report 0.3 s ago."),
        (replace(SEEN, age_s=3.1), "-.-", "Connected to Belt; last report 3.1 s ago."),
        (replace(SEEN, over=True), "-.-", "Nothing is heard any more."),
    ],
)
def test_a_number_of_a_watched_machine_is_shown_only_while_it_is_fresh(view: WatchView, speed: str, state: str) -> None:
    assert (speed_text(view), state_text(view)) == (speed, state)
    assert ("830 m" in line(view)) is (speed != "-.-")


async def test_why_it_cannot_be_watched_is_said() -> None:
    def refuse(_address: str) -> None:
        raise OSError("no process can be started")

    async with a_stand() as stand:
        stand.launcher.watch = refuse  # type: ignore[assignment]
        await opened(stand, HELD)
        await stand.press("w")
        assert "it cannot be watched: no process can be started" in stand.screen
        assert isinstance(stand.launcher, FakeLauncher)
