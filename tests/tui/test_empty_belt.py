"""An experiment, which runs with nobody on its belt: what stands on every page and what is asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.tui import conftest
from tests.tui.conftest import (
    A_SUMMARY,
    REAL,
    FakeControls,
    FakeLauncher,
    a_run,
    a_snapshot,
    a_stand,
    a_turn,
    a_view,
    an_offer,
    off_belt_view,
    settled,
    still,
    turn_view,
    waiting_view,
)
from tests.tui.test_plain_lines import Reader

from retrotread.machine import Identity
from retrotread.safety.hazards import Hazard
from retrotread.safety.modes import Mode
from retrotread.safety.policy import cause
from retrotread.sessions.view import RunView
from retrotread.tui.checklist import EMPTY_BELT, Asked, checklist_for
from retrotread.tui.empty_belt import BANNER
from retrotread.tui.frame import Run, next_frame
from retrotread.tui.readiness import Readiness
from retrotread.tui.wording import identity_text
from retrotread.workouts.engine import Phase

STOP = (cause(Hazard.OPERATOR_STOP, "stop was pressed"),)
PAGES = {
    "start": waiting_view(),
    "countdown": a_view(Phase.WAITING_FOR_START, still(Mode.COUNTDOWN, start_in_s=8.0)),
    "mounting": a_view(Phase.WAITING_FOR_PERSON, a_snapshot(speed_kph=0.5)),
    "live": a_view(snapshot=a_snapshot()),
    "turn": turn_view(turn=a_turn()),
    "off belt": off_belt_view(),
    "stopped": a_view(Phase.STOPPED, still(Mode.LATCHED, causes=STOP)),
    "alarm": a_view(Phase.STOPPED, a_snapshot(Mode.ESCALATED, alarm=True)),
    "summary": a_view(Phase.FINISHED, still(Mode.IDLE), summary=A_SUMMARY),
}


@pytest.mark.parametrize("name", PAGES)
async def test_the_banner_is_on_every_page_of_such_a_run_and_on_none_of_another(name: str) -> None:
    async with a_run(replace(PAGES[name], empty_belt=True), simulated=False) as stand:
        assert stand.screen.splitlines()[0].strip() == BANNER
    async with a_run(PAGES[name]) as stand:
        assert BANNER not in stand.screen


async def test_the_banner_stands_on_a_terminal_that_is_too_small_as_well() -> None:
    async with a_run(replace(PAGES["live"], empty_belt=True), simulated=False, size=(60, 20)) as stand:
        assert "NOBODY ON THE BELT" in stand.screen


async def test_the_checklist_of_such_a_run_has_the_banner_and_the_empty_belt_in_it() -> None:
    controls = FakeControls(replace(waiting_view(), empty_belt=True))
    async with a_stand(controls) as stand:
        stand.app.launch(an_offer(), REAL)
        await settled(stand.app)
        assert BANNER in stand.screen
        assert "Nobody is on the belt, and nobody steps on it in this run" in stand.screen
        assert "Me and my kit" not in stand.screen


@pytest.mark.parametrize("name", ["start", "mounting", "turn"])
async def test_nobody_is_asked_to_step_onto_it_or_to_turn_on_it(name: str) -> None:
    async with a_run(replace(PAGES[name], empty_belt=True), simulated=False) as stand:
        told = stand.screen.lower()
        assert not [
            word
            for word in ("step on,", "hold the rails", "stand on the side rails", "onto the", "feet off")
            if word in told
        ]


async def test_the_belt_at_its_lowest_speed_asks_whether_nobody_is_on_it() -> None:
    async with a_run(replace(PAGES["mounting"], empty_belt=True), simulated=False) as stand:
        assert "Press o when you see that nobody is on the belt: the plan goes on." in stand.screen
        await stand.press("o")
        assert "person_on" in stand.controls.asked()


# --- who tells the guardian ---------------------------------------------------------------------------------------


class Looking:
    """A readiness and the frames that it is shown."""

    def __init__(self, empty_belt: bool) -> None:
        self.controls = FakeControls(replace(waiting_view(), empty_belt=empty_belt))
        self.readiness = Readiness(self.controls, Asked(an_offer(), REAL, known=True, empty_belt=empty_belt))

    def at(self, now_s: float, **changes: Any) -> list[str]:
        """What the run was told of its belt so far."""
        self.controls.see(**changes)
        self.readiness.holds_up(next_frame(None, Run(self.controls, an_offer(), REAL), now_s, None))
        return [call for call in self.controls.calls if call.startswith("belt_empty")]


def test_the_run_is_told_that_the_belt_is_empty_by_the_tick_of_that_item_and_by_no_other() -> None:
    looking = Looking(empty_belt=True)
    number = looking.readiness.checklist.items.index(EMPTY_BELT) + 1
    for other in range(1, looking.readiness.checklist.by_hand + 1):
        if other != number:
            looking.readiness.tick(other, 0.0)
    assert looking.at(1.0) == []
    looking.readiness.tick(number, 1.0)
    assert looking.at(2.0) == ["belt_empty True"]
    assert looking.at(3.0) == ["belt_empty True"]


def test_a_tick_that_grows_old_takes_the_word_back() -> None:
    looking = Looking(empty_belt=True)
    looking.readiness.tick(looking.readiness.checklist.items.index(EMPTY_BELT) + 1, 0.0)
    assert looking.at(1.0) == ["belt_empty True"]
    assert looking.at(181.0) == ["belt_empty True", "belt_empty False"]


def test_in_a_run_with_somebody_on_the_belt_nothing_is_told_of_an_empty_one() -> None:
    looking = Looking(empty_belt=False)
    for number in range(1, 6):
        looking.readiness.tick(number, 0.0)
    assert looking.at(1.0) == []
    assert EMPTY_BELT not in checklist_for(Asked(an_offer(), REAL)).items


# --- lines --------------------------------------------------------------------------------------------------------


@pytest.fixture
def reader(controls: FakeControls, launcher: FakeLauncher) -> Reader:
    return Reader(Run(controls, launcher.on_offer[0], REAL), conftest)


def empty(view: RunView) -> RunView:
    return replace(view, empty_belt=True)


def test_the_banner_is_a_line_wherever_something_begins(reader: Reader) -> None:
    assert BANNER in reader.see(empty(reader.waiting()))
    assert BANNER not in reader.see(empty(reader.waiting()))
    assert BANNER in reader.see(empty(a_view(Phase.WAITING_FOR_PERSON, a_snapshot(speed_kph=0.5))))
    assert BANNER in reader.see(empty(reader.running()))
    assert BANNER not in reader.see(empty(reader.running()))


def test_a_line_asks_whether_nobody_is_on_it(reader: Reader) -> None:
    (asked,) = [one for one in reader.see(empty(PAGES["mounting"])) if "Press o" in one]
    assert asked == (
        "Press o when you see that nobody is on the belt: the plan goes on. Without it the belt stops after 60 s"
    )
    assert any("nobody on the belt, stand beside it, then type s" in one for one in reader.see(empty(reader.waiting())))


def test_a_machine_says_who_it_is_without_what_a_terminal_might_obey(reader: Reader) -> None:
    met = Identity("AA:BB", "Gym", "Maker\x1b[2J", "T1", "2.1")
    view = replace(reader.waiting(standstill=False), identity=met)
    assert any("(Maker [2J T1 firmware 2.1 AA:BB)" in one for one in reader.see(view))
    assert len(identity_text(replace(view, identity=Identity(model="x" * 500)))) <= 63
    assert identity_text(replace(view, identity=Identity(name="Gym"))) == ""


# --- the safety key of the day ------------------------------------------------------------------------------------


def keyed(tested: bool) -> RunView:
    return replace(waiting_view(), empty_belt=True, key_test=True, key_tested=tested)


async def test_a_machine_with_a_key_is_not_started_before_its_key_was_tested_today() -> None:
    async with a_stand(FakeControls(keyed(tested=False))) as stand:
        stand.app.launch(an_offer(), REAL)
        await settled(stand.app)
        await stand.press("space", "1", "2", "3", "4", "5", "3")
        assert "Still to be seen: key test" in " ".join(stand.screen.split())
        await stand.press("s")
        assert "arm" not in stand.controls.asked()
        shown = await stand.see(keyed(tested=True))
        assert "hold s until the bar is full" in shown


async def test_of_a_machine_that_says_nothing_of_its_key_a_person_does() -> None:
    async with a_stand(FakeControls(keyed(tested=False), reacts=True)) as stand:
        stand.app.launch(an_offer(), REAL)
        await settled(stand.app)
        await stand.press("k", "k")
        assert stand.controls.asked().count("key_pulled") == 1
        assert "[x] Key test" in stand.screen


async def test_a_machine_whose_adapter_has_no_number_is_not_started_before_a_hand_at_it_was_seen() -> None:
    unseen = replace(keyed(tested=True), show_machine=True, machine_shown=False)
    async with a_stand(FakeControls(unseen)) as stand:
        stand.app.launch(an_offer(), REAL)
        await settled(stand.app)
        await stand.press("space", "1", "2", "3", "4", "5", "3")
        assert "Still to be seen: which one" in " ".join(stand.screen.split())
        await stand.press("s")
        assert "arm" not in stand.controls.asked()
        assert "hold s until the bar is full" in await stand.see(replace(unseen, machine_shown=True))


async def test_without_a_test_of_the_key_the_letter_only_moves_the_mark() -> None:
    async with a_stand() as stand:
        stand.app.launch(an_offer(), REAL)
        await settled(stand.app)
        await stand.press("down", "k")
        assert stand.app.readiness.checklist.at == 0
        assert "key_pulled" not in stand.controls.asked()
