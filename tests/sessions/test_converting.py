"""What a forward workout may become at a level: as much as the steps that are open to somebody."""

from __future__ import annotations

import pytest

from retrotread.safety.tiers import tier_for_level
from retrotread.sessions.converting import allowance_of
from retrotread.sessions.next_command import Ahead
from retrotread.sessions.person import Person
from retrotread.sessions.reach import Reach
from retrotread.sessions.treadmills import profile_at
from retrotread.training.ladder import HILLY, LADDER, steps_of

BELT = profile_at("sim://well-behaved")
UNKNOWN = Ahead(None, Reach(0, (), "your next step is level 0"))


def at(level: int, step: int) -> Ahead:
    """The history leads to this step of this level, the first one being 0."""
    here = steps_of(LADDER[level])[step]
    steps = HILLY[: HILLY.index(here) + 1]
    return Ahead(None, Reach(level, tuple(one for one in steps if one.level.runs), "your next step"), steps)


@pytest.mark.parametrize(
    ("ahead", "level", "highest_kph", "reason"),
    [
        (UNKNOWN, 3, 2.0, "the first step of level 3"),
        (at(8, -2), 8, 7.0, "your step of level 8"),
        (at(8, -2), 6, 5.5, "your step of level 6"),
        (at(4, 0), 4, 3.0, "your step of level 4"),
        (at(2, 0), 4, 1.5, "your next step, level 2"),
    ],
)
def test_the_speed_is_that_of_the_step_that_the_history_leads_to(
    ahead: Ahead, level: int, highest_kph: float, reason: str
) -> None:
    allowance = allowance_of(level, BELT, ahead)
    assert (allowance.highest_kph, allowance.reason) == (highest_kph, reason)


def test_a_backward_maximum_of_their_own_is_not_passed() -> None:
    slow, fast = (Person("A", adult=True, backward_max_kph=kph) for kph in (6.5, 9.0))
    assert allowance_of(8, BELT, at(8, -2), slow).reason == "your own backward maximum"
    assert allowance_of(8, BELT, at(8, -2), fast).highest_kph == 7.0


def test_bouts_rests_and_hills_are_those_of_the_steps_that_are_open() -> None:
    first, later = allowance_of(7, BELT, at(7, 0)), allowance_of(7, BELT, at(7, 2))
    assert (first.bouts.most, first.bouts.rest_min_s) == (((6, 20),), 45.0)
    assert (later.bouts.longest_s, later.bouts.number_max(30), later.bouts.number_max(31)) == (30, 10, 0)
    assert [allowance_of(4, BELT, at(4, step)).incline_max_percent for step in (0, -2, -1)] == [0, 2, 3]


@pytest.mark.parametrize(("level", "from_kph"), [(2, 1.5), (4, 3.0), (6, 4.1), (7, 4.1)])
def test_faster_than_the_ladder_walks_without_a_rest_is_a_bout_at_every_level(level: int, from_kph: float) -> None:
    assert allowance_of(level, BELT, at(8, 0)).bouts.from_kph == pytest.approx(from_kph)


def test_the_fastest_that_is_proposed_is_a_bout_however_slow_it_is() -> None:
    assert allowance_of(4, BELT, at(2, 0)).bouts.from_kph == 1.5


@pytest.mark.parametrize("level", range(11))
def test_no_level_allows_more_than_its_tier(level: int) -> None:
    allowance, tier = allowance_of(level, BELT, at(10, -1)), tier_for_level(level)
    assert allowance.highest_kph <= tier.backward_max_ckph / 100
    assert allowance.incline_max_percent <= tier.incline_max_dpct / 10
    assert allowance.runs == (tier.running_min_day is not None)
