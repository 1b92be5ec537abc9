"""Whoever does the recommended step to its end, on a belt that follows, is credited with that step."""

from __future__ import annotations

import pytest

from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.records.done import Sample, work_of
from retrotread.sessions.prepare import ANYBODY, laid_out
from retrotread.sessions.step_workout import recommended
from retrotread.training.ladder import HILLY, Step
from retrotread.workouts.timeline import Timeline

EVERY_STEP = pytest.mark.parametrize("step", HILLY, ids=lambda step: step.text)


def timeline_of(step: Step) -> Timeline:
    timeline = laid_out(recommended(step), ARCHETYPES["well-behaved"].profile, ANYBODY).offer.timeline
    assert timeline is not None
    return timeline


def followed(timeline: Timeline, share: float = 1.0) -> tuple[Sample, ...]:
    """A belt that runs at this share of what the plan asks for, one report a second."""
    wanted = [(second, timeline.setpoint_at(second)) for second in range(int(timeline.total_s))]
    return tuple(
        Sample(
            second * 1000,
            round(one.speed_kph * share * 100),
            round(one.incline_percent * 10),
            step=timeline.step_at(second).index,
        )
        for second, one in wanted
    )


@EVERY_STEP
def test_the_step_that_was_done_is_the_step_that_is_credited(step: Step) -> None:
    timeline = timeline_of(step)
    done = work_of(timeline, followed(timeline), round(timeline.total_s * 1000))
    assert done is not None
    assert done.covers(step.dose)
    assert done.speed_kph <= step.dose.speed_kph


FASTER_THAN_EASY = [step for step in HILLY if step.dose.speed_kph > step.level.easy_kph]
"""Where the bouts are as slow as the way in, that counts for them; how much was done of the plan tells the rest."""


@pytest.mark.parametrize("step", FASTER_THAN_EASY, ids=lambda step: step.text)
def test_a_belt_that_ran_slower_or_a_run_that_was_left_is_not(step: Step) -> None:
    timeline = timeline_of(step)
    slower = work_of(timeline, followed(timeline, 0.85), round(timeline.total_s * 1000))
    left = work_of(timeline, followed(timeline), round(timeline.total_s * 1000 * 0.4))
    assert slower is None or not slower.covers(step.dose)
    assert left is None or not left.covers(step.dose)
