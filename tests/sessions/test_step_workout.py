"""A step of the ladder as a workout: it asks for that step, and for no more."""

from __future__ import annotations

import pytest

from retrotread.safety.tiers import tier_for_level
from retrotread.sessions.check import check
from retrotread.sessions.prepare import Asked
from retrotread.sessions.step_workout import NEXT, needs_of, recommended, workout_of
from retrotread.training.ladder import HILLY, LADDER, Step
from retrotread.workouts.source import parse_workout
from retrotread.workouts.steps import WARM_UP_S, PlannedStep, StepKind

EVERY_STEP = pytest.mark.parametrize("step", HILLY, ids=lambda step: step.text)


def planned(step: Step) -> list[PlannedStep]:
    plan = parse_workout(workout_of(step).encode(), "step.yaml")
    return [one for one in plan.planned_steps() if one.kind is not StepKind.OFF_BELT]


def work(step: Step) -> list[PlannedStep]:
    """What lies between warm-up and cool-down, without the rests."""
    between = planned(step)[0 if step.level is LADDER[0] else 1 : -1]
    rests = {"slower, let the shoulders drop"}
    return [one for one in between if one.say not in rests]


@EVERY_STEP
def test_it_holds_the_bouts_of_the_step_and_nothing_harder(step: Step) -> None:
    bouts, dose = work(step), step.dose
    assert [one.length_s for one in bouts] == [dose.bout_s] * dose.bouts
    assert {one.end.speed_kph for one in bouts} == {dose.speed_kph}
    assert {one.end.incline_percent for one in bouts} == {dose.incline_percent}
    points = [point for one in planned(step) for point in (one.start, one.end)]
    assert max(point.speed_kph for point in points) == dose.speed_kph
    assert any(one.kind is StepKind.RUN for one in bouts) is step.level.runs


@EVERY_STEP
def test_it_lasts_as_long_as_the_rules_count_for_it(step: Step) -> None:
    stands_s = step.dose.bouts * step.level.rest_s if step.level.easy_kph == step.dose.speed_kph else 0
    assert sum(one.length_s for one in planned(step)) + stands_s == pytest.approx(step.session_min * 60)


@EVERY_STEP
def test_five_minutes_of_easy_walking_come_first_and_easy_walking_comes_last(step: Step) -> None:
    first, last = planned(step)[0], planned(step)[-1]
    if step.level is not LADDER[0]:
        assert (first.kind, first.length_s, first.end.speed_kph) == (StepKind.WALK, WARM_UP_S, step.level.easy_kph)
        assert last.start.speed_kph == step.level.easy_kph <= step.dose.speed_kph
        assert last.end.speed_kph == (2.0 if step.level.runs else step.level.easy_kph)
    assert last.kind is StepKind.COOL_DOWN


@EVERY_STEP
def test_the_check_has_nothing_against_it(step: Step) -> None:
    written = recommended(step)
    assert written.key == NEXT
    assert check(written, "sim://well-behaved", Asked()).prepared.offer.problems == ()


@EVERY_STEP
def test_it_says_who_it_is_not_for_and_what_holds_the_person(step: Step) -> None:
    plan = parse_workout(workout_of(step).encode(), "step.yaml")
    assert plan.level == step.level.number
    assert plan.needs == needs_of(step.level)
    assert plan.source is not None
    assert plan.source.grade == "proposal"
    assert len(plan.not_for) == (3 if step.level.runs or step.dose.incline_percent else 2)
    assert plan.support is not None
    assert (plan.support.handrail == "both hands") is (step.level.number <= 1)
    assert ("somebody" in (plan.support.assistance or "")) is ("spotter" in plan.needs)


@pytest.mark.parametrize(
    ("level", "needs"),
    [
        (0, ("spotter", "rails")),
        (1, ("spotter", "rails")),
        (3, ("rails",)),
        (4, ()),
        (7, ("spotter",)),
        (9, ("harness", "spotter")),
    ],
)
def test_the_needs_of_a_level_in_the_words_of_a_file(level: int, needs: tuple[str, ...]) -> None:
    assert needs_of(LADDER[level]) == needs
    assert tier_for_level(level).running_min_day is None or "spotter" in needs


def test_the_first_steps_rest_off_the_belt_and_begin_beside_it() -> None:
    plan = parse_workout(workout_of(HILLY[0]).encode(), "step.yaml")
    kinds = [one.kind for one in plan.planned_steps()]
    walk, off = StepKind.WALK, StepKind.OFF_BELT
    assert kinds == [off, off, off, *([walk, off] * 3), walk, StepKind.COOL_DOWN]


def test_it_can_have_a_name_of_its_own() -> None:
    assert parse_workout(workout_of(HILLY[3], "mine").encode(), "w.yaml").name == "mine"
    assert parse_workout(workout_of(HILLY[3]).encode(), "w.yaml").name.startswith("Level 1, walk 5 x 1 min backward")
