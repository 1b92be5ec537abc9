"""What is not in the alphabet cannot be found: every input, every member of every enum in them, is in it."""

from __future__ import annotations

import typing
from dataclasses import dataclass

import pytest
from tests.proof.explore.abstraction import WAITS
from tests.proof.explore.alphabet import Event, alphabet, missing
from tests.proof.explore.explorations import EXPLORATIONS
from tests.proof.explore.explorer import Exploration

from retrotread.safety.inputs import Input

KINDS = typing.get_args(Input)
EVERY = pytest.mark.parametrize("exploration", EXPLORATIONS.values(), ids=EXPLORATIONS)


@EVERY
def test_every_input_and_every_member_of_every_enum_is_in_each_alphabet(exploration: Exploration) -> None:
    assert missing(exploration.events) == []


def test_every_input_and_every_member_is_free_in_some_exploration_to_its_fixpoint() -> None:
    """As often as it likes, and not only once in a history."""
    free = [event for one in EXPLORATIONS.values() for event in one.events if not one.rare(event)]
    assert missing(free) == []


@EVERY
def test_no_two_events_have_one_name_so_that_a_history_can_be_played_again(exploration: Exploration) -> None:
    names = [event.name for event in exploration.events]
    assert len(set(names)) == len(names)


@EVERY
def test_every_word_of_an_exploration_is_the_word_of_an_event(exploration: Exploration) -> None:
    names = [event.name for event in exploration.events]
    unknown = [word for word in exploration.free if not any(word in name for name in names)]
    assert unknown == []


def without(kind: type) -> tuple[Event, ...]:
    """An alphabet from which one kind of input was dropped."""
    events = alphabet(EXPLORATIONS["run"].grid)
    return tuple([one for one in events if not any(type(item) is kind for _, items in one.steps for item in items)])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_input_that_is_dropped_is_missed(kind: type) -> None:
    assert missing(without(kind))[0].startswith(kind.__name__)


def test_an_input_that_is_new_is_missed_until_it_is_taken_in() -> None:
    @dataclass(frozen=True)
    class EarthquakeFelt:
        """Nothing that a supervisor hears of today."""

    events = alphabet(EXPLORATIONS["run"].grid)
    assert missing(events, (*KINDS, EarthquakeFelt)) == ["EarthquakeFelt is not in the alphabet"]


def test_a_member_of_an_enum_that_is_dropped_is_missed() -> None:
    events = [one for one in alphabet(EXPLORATIONS["run"].grid) if "another program took control" not in one.name]
    assert missing(events) == ["Said.notice is never <MachineNotice.CONTROL_LOST: 'another program took control'>"]


def test_every_long_timer_is_waited_for() -> None:
    waits = [event.wait for event in alphabet(EXPLORATIONS["run"].grid) if event.wait is not None]
    assert waits == list(WAITS)
