"""What is worked out of a run: what was measured counts, and never what was only planned."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.records.done import Sample, as_planned, work_of
from retrotread.sessions.person import BackwardExperience, Person
from retrotread.sessions.prepare import Asked, laid_out, written_in
from retrotread.training.history import Dose
from retrotread.training.ladder import LADDER
from retrotread.workouts.library import find
from retrotread.workouts.timeline import StepKind, Timeline

RUNNER = Person("", True, BackwardExperience.RUNS, 14.0)


def ladder(level: int) -> Timeline:
    profile = ARCHETYPES["well-behaved"].profile
    timeline = laid_out(written_in(find(LADDER[level].workout)), profile, Asked(person=RUNNER)).offer.timeline
    assert timeline is not None
    return timeline


def followed(timeline: Timeline) -> tuple[Sample, ...]:
    """A belt that does what the plan asks for, one report a second."""
    return tuple(_followed(timeline, second) for second in range(int(timeline.total_s)))


def _followed(timeline: Timeline, second: int) -> Sample:
    step, wanted = timeline.step_at(second), timeline.setpoint_at(second)
    return Sample(second * 1000, round(wanted.speed_kph * 100), round(wanted.incline_percent * 10), step=step.index)


def whole_ms(timeline: Timeline) -> int:
    return round(timeline.total_s * 1000)


@pytest.mark.parametrize("level", range(11))
def test_each_workout_of_the_ladder_that_was_followed_to_its_end_is_done_as_planned(level: int) -> None:
    timeline = ladder(level)
    assert as_planned(timeline, followed(timeline), whole_ms(timeline))


@pytest.mark.parametrize("level", range(11))
def test_a_belt_that_was_a_tenth_slower_in_the_fastest_step_has_not_done_it(level: int) -> None:
    timeline = ladder(level)
    samples = followed(timeline)
    top = max(samples, key=lambda one: one.speed_ckph or 0).step
    slower = tuple(
        replace(one, speed_ckph=round((one.speed_ckph or 0) * 0.9)) if one.step == top else one for one in samples
    )
    assert not as_planned(timeline, slower, whole_ms(timeline))


def test_a_deck_that_stayed_flat_has_not_gone_uphill() -> None:
    timeline = ladder(5)
    flat = tuple(replace(one, incline_dpct=0) for one in followed(timeline))
    assert not as_planned(timeline, flat, whole_ms(timeline))


def test_a_run_that_was_left_before_its_last_backward_step_ended_was_not_done() -> None:
    timeline = ladder(3)
    assert not as_planned(timeline, followed(timeline), whole_ms(timeline) // 2)


def test_a_cool_down_that_was_cut_short_takes_nothing_away() -> None:
    timeline = ladder(3)
    last = timeline.steps[-1]
    assert last.kind is StepKind.COOL_DOWN
    left_ms = round(last.starts_s * 1000) + 2000
    seen = tuple(one for one in followed(timeline) if one.at_ms < left_ms)
    assert as_planned(timeline, seen, left_ms)


def test_a_machine_that_told_nothing_has_done_nothing() -> None:
    timeline = ladder(3)
    assert not as_planned(timeline, (), whole_ms(timeline))
    assert work_of(timeline, (), whole_ms(timeline)) is None


def test_of_several_speeds_the_fastest_blocks_are_the_work() -> None:
    timeline = ladder(8)
    assert work_of(timeline, followed(timeline), whole_ms(timeline)) == Dose(6, 60.0, 6.5)
