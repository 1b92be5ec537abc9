"""The checklist as values: what a hand ticks, what the program ticks, and how long a tick is believed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.tui.conftest import REAL, SIMULATED, TIMELINE, TURNING, an_offer

from retrotread.machine import Facing
from retrotread.sessions.view import Control
from retrotread.tui.checklist import (
    TICK_KEPT_S,
    Asked,
    Seen,
    checklist_for,
    moved,
    next_ticked,
    seen,
    ticked,
    toggled,
)
from retrotread.workouts.timeline import Timeline

KNOWN = Asked(an_offer(), SIMULATED, known=True)
NEW = Asked(an_offer(), SIMULATED)


def test_a_routine_checklist_has_at_most_five_items_for_the_hand() -> None:
    assert checklist_for(KNOWN).by_hand == 4
    assert checklist_for(replace(KNOWN, alone=True)).by_hand == 4
    assert checklist_for(NEW).by_hand == 5


@pytest.mark.parametrize("empty", [False, True])
def test_on_a_cable_somebody_looks_which_treadmill_it_is_in(empty: bool) -> None:
    """The seal is the adapter's; one without a number asks for a hand at the machine instead."""
    cable = replace(REAL, address="serial+woodway:///dev/serial/by-id/usb-one")
    plugged = Asked(an_offer(), cable, known=True, empty_belt=empty)
    assert [item.title for item in checklist_for(plugged).items if item.seen is None][-1] == "Cable"
    assert checklist_for(plugged).by_hand == 5
    for other in (replace(plugged, show_machine=True), replace(plugged, treadmill=REAL)):
        assert "Cable" not in [item.title for item in checklist_for(other).items]


def test_the_room_is_one_item_for_a_known_machine_and_two_for_a_new_one() -> None:
    assert [item.title for item in checklist_for(KNOWN).items[:4]] == [
        "Safety key", "Nothing changed", "Help", "Me and my kit",
    ]  # fmt: skip
    assert [item.title for item in checklist_for(NEW).items[1:3]] == ["Room", "Machine"]


@pytest.mark.parametrize(("timeline", "both"), [(TIMELINE, False), (TURNING, True)], ids=["one way", "both ways"])
def test_a_plan_that_faces_both_ways_has_its_key_pulled_once_facing_each_way(timeline: Timeline, both: bool) -> None:
    """A cord that is long enough one way may be too long the other."""
    asked = replace(KNOWN, offer=an_offer(timeline=timeline), key_test=True)
    (key,) = [item for item in checklist_for(asked).items if item.seen is Seen.KEY]
    assert ("once facing each way" in key.text) is both


def test_every_item_is_needed_and_none_can_be_left_out() -> None:
    checklist = checklist_for(replace(KNOWN, key_test=True, show_machine=True))
    for index in range(checklist.by_hand):
        assert not checklist.done(0.0)
        checklist = ticked(checklist, index, 0.0)
    for what in Seen:
        assert not checklist.done(0.0)
        checklist = seen(checklist, what, 0.0)
    assert checklist.done(0.0)


@pytest.mark.parametrize("index", [-1, 4, 5, 6, 7])
def test_no_hand_ticks_what_the_program_ticks(index: int) -> None:
    checklist = checklist_for(KNOWN)
    assert ticked(checklist, index, 0.0) == checklist


def test_a_tick_is_believed_for_three_minutes_and_open_again_after_them() -> None:
    checklist = ticked(checklist_for(KNOWN), 0, 100.0)
    assert checklist.holds(0, 100.0 + TICK_KEPT_S - 0.1)
    assert not checklist.holds(0, 100.0 + TICK_KEPT_S)
    assert checklist.left_s(0, 250.0) == 30.0
    assert 0 in checklist.open_items(281.0)
    assert TICK_KEPT_S == 180.0


def test_the_oldest_tick_says_how_long_all_are_believed() -> None:
    checklist = checklist_for(KNOWN)
    for index in range(4):
        checklist = ticked(checklist, index, 10.0 * index)
    for what in Seen:
        checklist = seen(checklist, what, 50.0)
    assert checklist.first_to_expire_s(60.0) == 120.0
    assert checklist.first_to_expire_s(181.0) == 0.0


def test_space_ticks_and_unticks_the_item_at_hand_and_a_digit_only_ticks() -> None:
    checklist = toggled(checklist_for(KNOWN), 0.0)
    assert (checklist.holds(0, 0.0), checklist.at) == (True, 1)
    assert not toggled(moved(checklist, -1), 0.0).holds(0, 0.0)
    assert ticked(checklist, 0, 0.0).holds(0, 0.0)


def test_enter_ticks_the_first_open_item_and_an_expired_one_before_a_later_one() -> None:
    checklist = next_ticked(next_ticked(checklist_for(KNOWN), 0.0), 170.0)
    assert checklist.open_items(170.0)[0] == 2
    assert next_ticked(checklist, 185.0).holds(0, 185.0)


def test_the_mark_goes_round_the_items_of_the_hand_only() -> None:
    assert moved(checklist_for(KNOWN), 99).at == 3
    assert moved(checklist_for(KNOWN), -1).at == 0


def test_the_first_item_speaks_of_a_real_key_only_where_there_is_one() -> None:
    assert "Simulated: this tick stands for a key" in checklist_for(KNOWN).items[0].text
    assert "Clipped at the back or side" in checklist_for(replace(KNOWN, treadmill=REAL)).items[0].text
    to_console = an_offer(timeline=replace(TIMELINE, facing=Facing.CONSOLE))
    assert "facing the console" in checklist_for(Asked(to_console, REAL)).items[0].text


def test_who_is_alone_is_asked_for_somebody_within_call_and_not_for_a_spotter() -> None:
    with_spotter, alone = checklist_for(KNOWN).items[2], checklist_for(replace(KNOWN, alone=True)).items[2]
    assert "rails, spotter." in with_spotter.text
    assert (alone.title, "spotter" in alone.text) == ("Alone", False)
    assert "within call" in alone.text
    assert "telephone is in reach" in alone.text
    assert "nobody" in checklist_for(replace(KNOWN, offer=an_offer(needs=()))).items[2].text


def test_the_own_stop_is_named_by_the_key_that_the_person_has() -> None:
    texts = [
        next(item.text for item in checklist_for(replace(KNOWN, next_key=key)).items if item.seen is Seen.STOP)
        for key in (None, "pagedown")
    ]
    assert "any stop key" in texts[0]
    assert "Page Down on the remote" in texts[1]


def test_where_no_belt_obeys_the_program_it_ticks_the_sound_alone() -> None:
    coached, track = (checklist_for(replace(KNOWN, control=control)) for control in (Control.COACHED, Control.TRACK))
    assert [item.seen for item in coached.items if item.seen] == [Seen.SOUND]
    assert "the machine's own stop" in coached.items[2].text
    assert coached.by_hand == 5
    assert [item.seen for item in track.items if item.seen] == [Seen.SOUND]
    assert [item.title for item in track.items] == ["Way", "Help", "Me and my kit", "Sound"]
