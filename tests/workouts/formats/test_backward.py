"""A forward workout as a proposal for going backward: never faster or steeper than the level, each step compared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrotread.machine import Facing
from retrotread.workouts.formats.backward import Allowance, NotConvertible, proposed
from retrotread.workouts.formats.bouts import Bouts
from retrotread.workouts.plan import WorkoutPlan
from retrotread.workouts.source import parse_workout

FREELY = Bouts(((100, 14_400),), from_kph=0.0)
WALKER = Allowance(4, "your step", 4.0, 0.5, incline_max_percent=3.0, runs=False, reason="level 4", bouts=FREELY)
RUNNER = Allowance(8, "your step", 8.0, 0.5, 0.0, runs=True, reason="level 8", bouts=FREELY, needs=("spotter",))

HEAD = "retrotread: 1\nname: forward\nfacing: console\nsteps:\n"


def plan(steps: str, head: str = HEAD) -> WorkoutPlan:
    return parse_workout((head + steps).encode(), "w.yaml")


INTERVALS = plan(
    "  - walk: 6 min\n    speed: 5.0 km/h -> 6.0 km/h\n    say: look ahead\n"
    "  - repeat: 4\n    steps:\n      - run: 60 s\n        speed: 10.0 km/h\n        incline: 5 %\n"
    "      - walk: 400 m\n        speed: 5.0 km/h\n"
    "  - off belt: 2 min\n"
    "  - cool down: 2 min\n    speed: 5.0 km/h -> 3.0 km/h\n"
)


def test_the_fastest_step_is_the_fastest_of_the_level_and_the_others_keep_their_ratio() -> None:
    made = proposed(INTERVALS, WALKER).plan
    steps = [step for step in made.planned_steps() if step.start.speed_kph]
    assert [(one.start.speed_kph, one.end.speed_kph) for one in (*steps[:3], steps[-1])] == [
        (2.0, 2.4),
        (4.0, 4.0),
        (2.0, 2.0),
        (2.0, 1.2),
    ]


def test_a_slow_workout_goes_at_six_tenths_of_forward_and_no_faster() -> None:
    made = proposed(plan("  - walk: 5 min\n    speed: 5.0 km/h\n"), WALKER).plan
    assert made.planned_steps()[0].start.speed_kph == 3.0


def test_a_proposal_faces_the_rear_with_its_level_and_its_needs() -> None:
    made = proposed(INTERVALS, RUNNER).plan
    assert (made.facing, made.level, made.needs) == (Facing.REAR, 8, ("spotter",))
    assert made.name == "forward, backward"
    assert made.after == ("stretch lower limbs",)


def test_below_running_everything_is_walked_and_above_it_what_is_fast_is_run() -> None:
    assert {step.kind.value for step in proposed(INTERVALS, WALKER).plan.planned_steps()} == {
        "walk",
        "off belt",
        "cool down",
    }
    assert [step.kind.value for step in proposed(INTERVALS, RUNNER).plan.planned_steps()][:3] == ["walk", "run", "walk"]


def test_the_deck_is_not_steeper_than_the_level() -> None:
    inclines = [step.start.incline_percent for step in proposed(INTERVALS, WALKER).plan.planned_steps()]
    assert max(inclines) == 3.0
    assert not any(step.start.incline_percent for step in proposed(INTERVALS, RUNNER).plan.planned_steps())


def test_every_written_step_is_compared_with_the_limit_that_made_it() -> None:
    rows = proposed(INTERVALS, WALKER).compared
    assert [(row.times, row.forward, row.backward, row.limit) for row in rows] == [
        ("", "walk 5.0 km/h -> 6.0 km/h", "walk 2.0 km/h -> 2.4 km/h", ""),
        ("4 x ", "run 10.0 km/h, 5 %", "walk 4.0 km/h, 3 %", "at most 3 % (your step)"),
        ("4 x ", "walk 5.0 km/h", "walk 2.0 km/h", ""),
        ("", "off belt", "off belt", ""),
        ("", "cool down 5.0 km/h -> 3.0 km/h", "cool down 2.0 km/h -> 1.2 km/h", ""),
    ]


def test_what_all_speeds_are_of_those_forward_is_told_with_the_limit_that_made_it() -> None:
    slow = plan("  - walk: 5 min\n    speed: 5.0 km/h\n")
    assert proposed(INTERVALS, WALKER).share == "speeds: 40 % of forward, so that the fastest is 4.0 km/h (level 4)"
    assert proposed(slow, WALKER).share == "speeds: 60 % of forward"


def test_a_step_below_the_lowest_speed_says_so() -> None:
    slow = plan("  - walk: 5 min\n    speed: 10.0 km/h -> 1.0 km/h\n")
    (row,) = proposed(slow, WALKER).compared
    assert row.backward == "walk 4.0 km/h -> 0.5 km/h"
    assert row.limit == "not below 0.5 km/h, the lowest of the ladder and of this belt"


def test_cues_for_going_forward_are_left_out_and_it_is_told() -> None:
    made = proposed(INTERVALS, WALKER)
    assert all(step.say is None for step in made.plan.planned_steps())
    assert made.notes == ("cues of the steps on the belt are left out: they were written for going forward",)


@pytest.mark.parametrize(
    ("head", "steps", "said"),
    [
        (HEAD.replace("console", "rear"), "  - walk: 5 min\n    speed: 2.0 km/h\n", "goes backward already"),
        (
            HEAD,
            "  - walk: 5 min\n    speed: 2.0 km/h\n  - turn: to the rear\n  - walk: 5 min\n    speed: 2.0 km/h\n",
            "has a turn",
        ),
        (
            HEAD.replace("console", "rear\nbelt: reversed"),
            "  - walk: 5 min\n    speed: 2.0 km/h\n",
            "runs the belt in reverse",
        ),
    ],
)
def test_only_what_goes_forward_all_the_way_is_converted(head: str, steps: str, said: str) -> None:
    with pytest.raises(NotConvertible, match=said):
        proposed(plan(steps, head), WALKER)


def test_a_backward_run_needs_five_minutes_of_walking_before_it() -> None:
    early = plan("  - walk: 4 min\n    speed: 5.0 km/h\n  - run: 60 s\n    speed: 11.0 km/h\n")
    with pytest.raises(NotConvertible, match="after 4 min of walking, and it needs 5 min before it"):
        proposed(early, RUNNER)
    assert {step.kind.value for step in proposed(early, WALKER).plan.planned_steps()} == {"walk"}


def test_bouts_are_held_to_those_of_the_step_at_the_speeds_that_are_proposed() -> None:
    sprinter = replace(RUNNER, step="your step of level 7", bouts=Bouts(((6, 20),), from_kph=4.1, rest_min_s=45.0))
    long = plan("  - walk: 5 min\n    speed: 6.8 km/h\n  - walk: 21 s\n    speed: 6.9 km/h\n")
    with pytest.raises(NotConvertible, match="step 2, walk 21 s: a bout of 21 s would begin here"):
        proposed(long, sprinter)
    assert proposed(long, replace(sprinter, highest_kph=4.0)).plan.level == 8


def test_a_distance_that_takes_too_long_backward_is_refused_in_a_sentence() -> None:
    far = plan("  - run: 20 km\n    speed: 10.0 km/h\n")
    with pytest.raises(NotConvertible, match="the plan lasts 5 h, the limit is 4 h; shorten it"):
        proposed(far, WALKER)


@settings(max_examples=25)
@given(
    st.lists(st.floats(0.1, 30.0).map(lambda kph: round(kph, 2)), min_size=1, max_size=6),
    st.floats(0.8, 12.0).map(lambda kph: round(kph, 1)),
)
def test_no_step_is_faster_than_the_level_or_than_six_tenths_unless_it_is_the_lowest(
    speeds: list[float], highest_kph: float
) -> None:
    text = "".join(f"  - walk: 5 min\n    speed: {kph:.2f} km/h\n" for kph in speeds)
    allowance = replace(WALKER, highest_kph=highest_kph)
    steps = proposed(plan(text), allowance).plan.planned_steps()
    for forward, step in zip(speeds, steps, strict=True):
        assert step.start.speed_kph <= highest_kph
        assert step.start.speed_kph <= max(0.5, 0.6 * forward + 1e-9)
