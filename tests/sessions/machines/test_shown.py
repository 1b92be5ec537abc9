"""A hand at a machine in the reports of its port, and what is no hand."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from retrotread.guardian.messages import Stepped
from retrotread.machine import MachineNotice
from retrotread.safety.inputs import Input, LinkCameUp, LinkWentDown, Said, Seen
from retrotread.safety.modes import Mode
from retrotread.sessions.machines.shown import HandWatch, MachineGate

STILL = Seen(0, 0)


def stepped(at_s: float, *inputs: Input, mode: Mode = Mode.IDLE) -> Stepped:
    return Stepped(at_s, 100, inputs, (), mode, ())


def reports(moments_s: Iterable[float], one: Seen = STILL) -> list[Stepped]:
    return [stepped(at_s, one) for at_s in moments_s]


def steady(from_s: float, count: int = 10) -> list[float]:
    return [from_s + 0.2 * number for number in range(count)]


def shown(steps: Iterable[Stepped]) -> bool:
    watch = HandWatch()
    return any(watch.saw(one) for one in steps)


def test_a_board_that_loses_its_power_and_speaks_again_was_pressed() -> None:
    assert shown(reports([*steady(1.0), *steady(6.0)]))


@pytest.mark.parametrize("back_s", [3.0, 4.2], ids=["steady", "a short gap"])
def test_reports_that_go_on_show_no_hand(back_s: float) -> None:
    assert not shown(reports([*steady(1.0), *steady(back_s)]))


def test_a_line_that_is_slow_to_begin_shows_none() -> None:
    assert not shown(reports([1.0, 3.0, 5.0, 7.0]))


def test_a_link_that_went_and_came_back_shows_none() -> None:
    assert not shown([*reports(steady(1.0)), stepped(5.0, LinkCameUp()), *reports(steady(6.0))])


@pytest.mark.parametrize("notice", [MachineNotice.SAFETY_KEY_PULLED, MachineNotice.STOPPED_AT_CONSOLE])
def test_a_machine_that_says_so_was_touched(notice: MachineNotice) -> None:
    assert shown([stepped(1.0, Said(notice))])
    assert not shown([stepped(1.0, Said(notice), mode=Mode.RUN)]), "what happens in a run shows nothing"


def test_a_belt_that_somebody_starts_may_be_the_one_beside_it() -> None:
    assert not shown([stepped(1.0, Said(MachineNotice.STARTED_AT_CONSOLE))])
    assert not shown(reports(steady(1.0)) + reports(steady(3.0), Seen(100, 0)))


@pytest.mark.parametrize(("deck_dpct", "speed_ckph", "shows"), [(5, 0, True), (4, 0, False), (20, 100, False)])
def test_a_deck_that_is_moved_at_rest_was_moved_by_a_key(deck_dpct: int, speed_ckph: int, shows: bool) -> None:
    assert shown(reports(steady(1.0)) + reports(steady(3.0), Seen(speed_ckph, deck_dpct))) is shows


def test_a_gate_opens_once_and_only_where_it_is_needed() -> None:
    gate = MachineGate(needed=True)
    assert not gate.shown
    pulled = stepped(1.0, Said(MachineNotice.SAFETY_KEY_PULLED))
    assert [gate.heard(pulled), gate.shown, gate.heard(pulled)] == [True, True, False]
    assert MachineGate(needed=False).shown


def test_a_link_that_is_lost_closes_the_gate_until_a_hand_is_seen_again() -> None:
    """Behind an adapter without a number the next one that is plugged in may hang on another treadmill."""
    gate, pulled = MachineGate(needed=True), Said(MachineNotice.SAFETY_KEY_PULLED)
    gate.heard(stepped(1.0, pulled))
    gate.heard(stepped(2.0, LinkWentDown()))
    assert not gate.shown
    assert not gate.heard(stepped(3.0, LinkCameUp()))
    assert (gate.heard(stepped(4.0, pulled)), gate.shown) == (True, True)
    assert not gate.heard(stepped(5.0, pulled, LinkWentDown())), "a hand from before the loss"
    assert not gate.shown
