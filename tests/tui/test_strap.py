"""The page of the heart-rate strap: found, taken, its ceiling typed, and given up again."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from tests.tui.conftest import KIM, Stand, a_stand, settled

from retrotread.sessions.view import OnAir, Strap, StrapFound
from retrotread.tui.screens.setup import SetupPage
from retrotread.tui.screens.strap import StrapPage
from retrotread.tui.setup_text import strap_text
from retrotread.tui.strap_choice import (
    HEARD_NONE,
    NEEDS_A_CEILING,
    NOT_A_CEILING,
    StrapChoice,
    choice_for,
    heard,
    pressed,
    refusal,
)

FIRST, SECOND = StrapFound("ble://A", "H10"), StrapFound("ble://B", "")
WORN = Strap("ble://A", 150, required=True)


def typed(choice: StrapChoice, keys: str) -> StrapChoice:
    for key in keys:
        choice = pressed(choice, key, key)
    return choice


def test_a_ceiling_is_typed_and_taken_back() -> None:
    choice = typed(StrapChoice((FIRST,)), "1504")
    assert choice.strap == Strap("ble://A", 150)
    assert pressed(choice, "backspace", None).digits == "15"


@pytest.mark.parametrize("digits", ["5", "59", "231", "999"])
def test_what_is_no_ceiling_is_not_taken(digits: str) -> None:
    choice = typed(StrapChoice((FIRST,)), digits)
    assert (choice.strap, refusal(choice)) == (None, NOT_A_CEILING)


def test_a_strap_is_needed_only_for_a_ceiling() -> None:
    assert typed(StrapChoice((FIRST,)), "x").note == NEEDS_A_CEILING
    needed = typed(StrapChoice((FIRST,)), "150x")
    assert needed.strap == Strap("ble://A", 150, required=True)
    assert typed(replace(needed, digits=""), "").strap == Strap("ble://A"), "without a ceiling it is not needed"


def test_what_was_worn_before_stands_first_and_what_is_heard_behind_it_once() -> None:
    choice = heard(choice_for(WORN), OnAir((), (FIRST, SECOND)))
    assert [one.address for one in choice.straps] == ["ble://A", "ble://B"]
    assert choice.strap == WORN
    assert pressed(choice, "down", None).strap == Strap("ble://B", 150, required=True)
    assert pressed(pressed(choice, "up", None), "up", None).at == 0


async def opened(stand: Stand) -> StrapPage:
    await stand.press("b")
    assert isinstance(stand.app.screen, StrapPage)
    return stand.app.screen


async def searched(stand: Stand) -> None:
    await stand.press("f")
    for thread in threading.enumerate():
        if thread.name == "search":
            thread.join(10.0)
    await settled(stand.app)


async def test_a_strap_that_was_found_is_kept_with_its_ceiling() -> None:
    async with a_stand() as stand:
        stand.launcher.air = (OnAir((), (FIRST,)), OnAir((), (FIRST, SECOND)))
        await opened(stand)
        await searched(stand)
        await stand.press("down", "1", "4", "5", "x", "enter")
        assert isinstance(stand.app.screen, SetupPage)
        assert stand.launcher.who == replace(KIM, strap=Strap("ble://B", 145, required=True))
        assert "Strap to 145 (needed)" in " ".join(stand.screen.split())


async def test_without_a_strap_there_is_none_to_take_and_a_search_that_hears_none_says_what_to_do() -> None:
    async with a_stand() as stand:
        await opened(stand)
        await stand.press("enter")
        assert "There is no strap to take yet" in stand.screen
        await searched(stand)
        assert HEARD_NONE in " ".join(stand.screen.split())


async def test_n_gives_the_strap_up_and_escape_changes_nothing() -> None:
    worn = replace(KIM, strap=WORN)
    async with a_stand(person=worn) as stand:
        await opened(stand)
        await stand.press("1", "escape")
        assert stand.launcher.who == worn
        await opened(stand)
        await stand.press("n")
        assert stand.launcher.who == KIM


def test_the_set_up_says_what_the_strap_is_for() -> None:
    assert strap_text(Strap("ble://A")) == "shown"
    assert strap_text(replace(WORN, required=False)) == "to 150"
