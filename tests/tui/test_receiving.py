"""A clinic asks who comes before anything else, and again when a run is over."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.tui.conftest import KIM, FakeLauncher, SetClock, painted, press, set_up, settled

from retrotread.sessions.view import Participant
from retrotread.tui.app import RetroApp
from retrotread.tui.receiving import NOTHING_TODAY, Receiving, card, head, pressed, rows
from retrotread.tui.screens.receiving import ReceivingPage
from retrotread.tui.screens.setup import SetupPage

ANNA = Participant("P-ANNA", ("Ladder 1, at most 1.5 km/h, until 2026-12-12 (A. Weber)",))
BERT = Participant("P-BERT", ())
CARL = Participant("P-CARL", ("Ladder 2 (A. Weber)", "Ladder 3 (A. Weber)"))
ALL = (ANNA, BERT, CARL)


def after(*keys: str) -> Receiving:
    asked = Receiving(ALL)
    for key in keys:
        asked = pressed(asked, key, key if len(key) == 1 else None)
    return asked


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        (("enter",), ANNA),
        (("down", "enter"), BERT),
        (("down", "down", "down", "up", "pagedown"), BERT),
        (("up", "enter"), ANNA),
        (("c", "a", "enter"), CARL),
        (("b", "x", "enter"), BERT),
        (("b", "backspace", "enter"), ANNA),
        (("down", "c", "enter"), CARL),
        (("b",), None),
    ],
)
def test_who_is_received(keys: tuple[str, ...], chosen: Participant | None) -> None:
    assert after(*keys).chosen == chosen


def test_esc_goes_on_with_nobody() -> None:
    assert after("escape").left
    assert not after("b", "down").left


def test_of_a_clinic_without_participants_nobody_is_received() -> None:
    assert pressed(Receiving(()), "enter", None) == Receiving(())


def test_each_row_says_what_is_prescribed_today() -> None:
    assert rows(after("down"), 12, 78) == [
        (f"  P-ANNA   {ANNA.today[0]}", False),
        (f"> P-BERT   {NOTHING_TODAY}", True),
        ("  P-CARL   2 prescriptions: Ladder 2 (A. Weber)", False),
    ]


def test_a_row_that_is_cut_says_so_and_the_card_tells_all_of_the_one_at_hand() -> None:
    assert rows(after(), 12, 30)[0] == ("> P-ANNA   Ladder 1, at most …", True)
    assert card(after("c"), 78, 3) == "Ladder 2 (A. Weber)\nLadder 3 (A. Weber)"
    assert card(after(), 20, 2) == "Ladder 1, at most\nand more: retrotread clinic show"
    assert card(after("b"), 78, 3) == ""


def test_the_list_says_how_many_there_are_also_where_not_all_of_them_have_room() -> None:
    assert head(after()) == "Every participant of the clinic: 3"
    assert head(after("b")) == "Pseudonym with B: 1 of 3"


def in_a_clinic() -> FakeLauncher:
    launcher = FakeLauncher()
    launcher.clinic = ALL
    return launcher


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_participant_is_asked_for_before_anything_else(size: tuple[int, int]) -> None:
    launcher = in_a_clinic()
    app = RetroApp(launcher, SetClock())
    async with app.run_test(size=size):
        await set_up(app)
        assert isinstance(app.screen, ReceivingPage)
        shown = painted(app)
        assert "Who is on the treadmill next?" in shown
        assert "> P-ANNA   Ladder 1, at most 1.5 km/h" in shown
        await press(app, "b", "enter")
        await set_up(app)
        assert isinstance(app.screen, SetupPage)
        assert launcher.received == ["P-BERT"]


async def test_when_a_run_is_over_the_next_participant_is_asked_for_on_the_same_treadmill() -> None:
    launcher = in_a_clinic()
    app = RetroApp(launcher, SetClock())
    async with app.run_test(size=(80, 24)):
        await set_up(app)
        await press(app, "enter")
        await set_up(app)
        await press(app, "right")
        await set_up(app)
        app.launch(launcher.on_offer[0], launcher.choices[1])
        await settled(app)
        launcher.who = replace(KIM, name="P-CARL")
        app.leave_run()
        await set_up(app)
        assert isinstance(app.screen, ReceivingPage)
        await press(app, "c", "a", "enter")
        await set_up(app)
        assert launcher.received == ["P-ANNA", "P-CARL"]
        assert isinstance(app.screen, SetupPage)
        assert app.screen.choice.treadmill == launcher.choices[1]
        assert "P-CARL" in painted(app)


async def test_who_cannot_be_received_is_told_and_it_is_asked_again() -> None:
    launcher = in_a_clinic()
    launcher.cannot_receive = "the register is damaged"
    app = RetroApp(launcher, SetClock())
    async with app.run_test(size=(80, 24)):
        await set_up(app)
        await press(app, "enter")
        await set_up(app)
        assert isinstance(app.screen, ReceivingPage)
        assert "P-ANNA cannot be received: the register is damaged" in painted(app)


async def test_nobody_is_received_by_esc() -> None:
    launcher = in_a_clinic()
    app = RetroApp(launcher, SetClock())
    async with app.run_test(size=(80, 24)):
        await set_up(app)
        await press(app, "escape")
        await set_up(app)
        assert isinstance(app.screen, SetupPage)
        assert launcher.received == [None], "whoever was here before is here no longer"


async def test_between_two_participants_nothing_of_the_first_can_be_begun() -> None:
    launcher = in_a_clinic()
    app = RetroApp(launcher, SetClock())
    async with app.run_test(size=(80, 24)):
        await set_up(app)
        await press(app, "enter")
        await set_up(app)
        page = app.screen
        assert isinstance(page, SetupPage)
        assert page.choice.offer is not None
        page.read_again()
        assert page.choice.offer is None
        page.action_go_on()
        assert launcher.launched == []


async def test_at_home_nobody_is_asked_for() -> None:
    app = RetroApp(FakeLauncher(), SetClock())
    async with app.run_test(size=(80, 24)):
        await set_up(app)
        assert isinstance(app.screen, SetupPage)
