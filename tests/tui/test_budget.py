"""How many keys and seconds lie between the start of the program and the first step of somebody who is known.

The seconds are those that the program itself asks for: each wait is the shortest after which it goes on, and a press
takes half a second of its own.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.tui.conftest import (
    KIM,
    FakeControls,
    Stand,
    a_snapshot,
    a_stand,
    a_view,
    press,
    settled,
    still,
    waiting_view,
)

from retrotread.machine import Facing
from retrotread.safety.modes import Mode
from retrotread.sessions.person import Remote
from retrotread.sessions.view import Sound
from retrotread.tui.screens.live import LivePage
from retrotread.tui.screens.start import StartPage
from retrotread.tui.sound_test import COUNTED_AFTER_S
from retrotread.tui.start_sequence import HOLD_S
from retrotread.workouts.engine import Phase

KEYS_MAX, SECONDS_MAX, TICKS_MAX = 12, 45.0, 5
STANDSTILL_S = 2.0  # what a confirmed standstill takes
COUNTDOWN_S = 10.0  # facing the rear
PRESS_S = 0.5


class Counted:
    """A person at the keys: every press counts, every wait is taken from the clock."""

    def __init__(self, stand: Stand) -> None:
        self.stand = stand
        self.keys = 0
        self.began_s = stand.clock.at_s

    @property
    def seconds(self) -> float:
        return self.stand.clock.at_s - self.began_s

    async def press(self, *keys: str) -> None:
        for key in keys:
            self.keys += 1
            self.stand.clock.at_s += PRESS_S
            await self.stand.press(key)

    async def wait(self, seconds: float) -> None:
        self.stand.clock.at_s += seconds
        await settled(self.stand.app)

    async def hold(self, key: str) -> None:
        """One key, however often the terminal repeats it."""
        self.keys += 1
        await self.stand.hold(key, HOLD_S + 0.1)

    async def belt_begins_to_move(self) -> None:
        """The countdown, in the steps in which the guardian tells of it, and the first motion."""
        assert self.stand.controls.asked()[-2:] == ["arm", "hold_done"]
        await self.wait(COUNTDOWN_S)
        self.stand.controls.now = a_view(Phase.WAITING_FOR_PERSON, a_snapshot(speed_kph=0.5), plan_time_s=0.0)
        await settled(self.stand.app)

    def assert_within(self) -> None:
        assert isinstance(self.stand.app.screen, LivePage), self.stand.screen
        assert self.keys <= KEYS_MAX
        assert self.seconds <= SECONDS_MAX


def connecting() -> FakeControls:
    """A run whose treadmill has not been seen still yet."""
    return FakeControls(replace(waiting_view(), snapshot=a_snapshot(Mode.IDLE, 0.0)), reacts=True)


async def seen_still(person: Counted) -> None:
    await person.wait(STANDSTILL_S)
    person.stand.controls.see(still(Mode.IDLE))
    await settled(person.stand.app)


async def test_with_the_keyboard_a_known_person_takes_nine_keys_and_not_45_seconds() -> None:
    async with a_stand(connecting()) as stand:
        kim = Counted(stand)
        await kim.press("enter")
        await seen_still(kim)
        await kim.press("space", "1", "2", "3", "4", "3")
        assert isinstance(stand.app.screen, StartPage)
        await kim.hold("s")
        await kim.belt_begins_to_move()
        await kim.press("o")
        kim.assert_within()
        assert kim.keys == 9


@pytest.mark.parametrize("digit", [2, 3, 4, 5])
async def test_with_the_remote_alone_it_takes_at_most_twelve_keys_and_45_seconds(digit: int) -> None:
    async with a_stand(connecting(), person=replace(KIM, remote=Remote("pagedown", "b"))) as stand:
        stand.controls.test_sound = lambda: digit  # type: ignore[method-assign]
        kim = Counted(stand)
        await kim.press("pagedown")
        await seen_still(kim)
        await kim.press(*["pagedown"] * 4)  # the ticks; the first one is the stop that the program sees, too
        await kim.press(*["pagedown"] * digit)
        await kim.wait(COUNTED_AFTER_S + 0.1)
        assert isinstance(stand.app.screen, StartPage), stand.screen
        await kim.press("pagedown")
        await kim.belt_begins_to_move()
        await kim.press("b")
        kim.assert_within()
        assert kim.keys == 7 + digit


@pytest.mark.parametrize("alone", [False, True])
async def test_a_routine_checklist_has_at_most_five_ticks_by_hand(alone: bool) -> None:
    async with a_stand(FakeControls(replace(waiting_view(), sound=Sound.HEARD), reacts=True)) as stand:
        await press(stand.app, *(["l"] if alone else []))
        await settled(stand.app)
        await stand.press("enter", "space")
        by_hand = 0
        while not isinstance(stand.app.screen, StartPage):
            by_hand += 1
            assert by_hand <= TICKS_MAX, stand.screen
            await stand.press(str(by_hand))


async def test_the_budget_is_that_of_somebody_who_faces_the_rear() -> None:
    async with a_stand() as stand:
        offer = stand.launcher.on_offer[0]
        assert offer.timeline is not None
        assert offer.timeline.facing is Facing.REAR
