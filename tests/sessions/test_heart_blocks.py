"""A workout with ceilings of the heart rate in its steps: who is offered it, and how it goes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from retrotread.devices.heart.simulated import SimulatedStrap
from retrotread.devices.simulated.archetypes import WELL_BEHAVED
from retrotread.safety.config import Config
from retrotread.safety.heart import HeartCeiling
from retrotread.sessions.check import check, check_text
from retrotread.sessions.conductor import RunPlan
from retrotread.sessions.launcher import ceiling_of
from retrotread.sessions.person import Person, Strap
from retrotread.sessions.prepare import Asked, Prepared, Written, laid_out
from retrotread.sessions.simulate import Simulated, Simulation, simulate
from retrotread.workouts.source import parse_workout

TEXT = b"""retrotread: 1
name: held to a heart rate
level: 3
facing: rear
steps:
  - walk: 1 min
    speed: 2.0 km/h
  - walk: 3 min
    speed: 2.8 km/h
    heart rate ceiling: 130 bpm
  - walk: 1 min
    speed: 2.0 km/h
  - cool down: 1 min
    speed: 1.0 km/h
"""
WRITTEN = Written("held", TEXT, parse_workout(TEXT, "held.yaml"))
STRAP = Strap("sim-strap://chest", 150)


def person(strap: Strap | None) -> Person:
    return Person("Ada", adult=True, strap=strap)


def prepared(strap: Strap | None = STRAP, by_hand: bool = False) -> Prepared:
    return laid_out(WRITTEN, WELL_BEHAVED.profile, Asked(person=person(strap), by_hand=by_hand))


def test_somebody_with_a_strap_and_a_ceiling_is_offered_it() -> None:
    assert prepared().offer.problems == ()
    assert laid_out(WRITTEN, WELL_BEHAVED.profile, Asked()).offer.problems == ()


@pytest.mark.parametrize(
    ("strap", "missing"), [(None, "there is no strap"), (Strap("sim-strap://chest"), "the strap has no ceiling")]
)
def test_without_them_it_is_refused_with_the_step_and_the_mend(strap: Strap | None, missing: str) -> None:
    assert prepared(strap).offer.problems == (
        f"step 2, walk 3 min: the heart rate is not to pass 130 bpm, and {missing} in your settings; put one on with "
        "b, with a ceiling for the whole of the plan",
    )


def test_where_a_hand_sets_the_belt_nothing_eases_it() -> None:
    assert prepared(by_hand=True).offer.problems == (
        "step 2, walk 3 min: the heart rate is not to pass 130 bpm, and nobody but a person eases this belt; choose a "
        "workout without a heart rate ceiling",
    )


def test_such_a_plan_leans_on_the_strap_whatever_the_settings_say() -> None:
    timeline = prepared().offer.timeline
    assert timeline is not None
    plain = replace(timeline, steps=tuple(replace(step, heart_bpm=None) for step in timeline.steps))
    assert ceiling_of(STRAP, timeline) == HeartCeiling(150, required=True)
    assert ceiling_of(STRAP, plain) == HeartCeiling(150, required=False)
    assert ceiling_of(None, timeline) is ceiling_of(Strap("sim-strap://chest"), timeline) is None


def test_the_check_tells_the_ceiling_with_its_step() -> None:
    page = check_text(WRITTEN, "sim://well-behaved", Asked()).text
    assert "heart        at most 130 bpm in step 2, walk 3 min" in page
    timeline = check(WRITTEN, "sim://well-behaved", Asked()).prepared.offer.timeline
    assert timeline is not None
    assert [step.heart_bpm for step in timeline.steps] == [None, 130, None, None]


def run(strap: SimulatedStrap) -> Simulated:
    timeline = prepared().offer.timeline
    assert timeline is not None
    plan = replace(RunPlan.of("held", timeline, "novice"), heart=HeartCeiling(150, required=True))
    return simulate(Simulation(plan, WELL_BEHAVED, strap=strap, trace=True))


def test_a_heart_above_the_ceiling_of_its_block_eases_the_belt_in_that_block_and_nothing_goes_wrong() -> None:
    """134 bpm all the way: above 130 in the second step only. Half a km/h less, and a stop after a minute of it."""
    done = run(SimulatedStrap("chest", bpm=134))
    assert done.violations == ()
    first = [sample.sent_kph for sample in done.samples if sample.step == 0]
    held = [sample.sent_kph for sample in done.samples if sample.step == 1 and sample.mode.value == "running"]
    assert max(first) == 2.0
    peak = held.index(max(held))
    assert all(later <= before for before, later in pairwise(held[peak:])), "nothing rises again under the ceiling"
    assert min(held[peak:]) < max(held) - 1.0, "more than one step down"
    assert any("above its ceiling of 130 bpm for 60.0 s" in stop.message for stop in done.stops)


def test_the_judges_see_a_ceiling_that_is_not_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Config, "held_to", lambda config, _bpm: config)
    (first, *_) = run(SimulatedStrap("chest", bpm=134)).violations
    assert first.invariant == "R11"
    assert "the belt was not eased (ceiling 130 bpm)" in first.message


def test_a_heart_that_comes_down_under_the_ceiling_is_given_the_plan_back() -> None:
    done = run(SimulatedStrap("chest", bpm=134, to_bpm=120, in_s=150))
    assert done.violations == ()
    held = [sample.sent_kph for sample in done.samples if sample.step == 1]
    assert max(held) == pytest.approx(2.8)
    assert {sample.step for sample in done.samples} >= {0, 1, 2, 3}, "the plan is walked to its end"


def test_a_low_heart_rate_raises_nothing() -> None:
    done = run(SimulatedStrap("chest", bpm=90))
    assert done.violations == ()
    assert max(sample.sent_kph for sample in done.samples) == pytest.approx(2.8)


def test_a_strap_that_is_lost_in_the_block_ends_the_plan() -> None:
    done = run(SimulatedStrap("contact", bpm=110, drop_s=100, back_s=600))
    assert done.violations == ()
    assert any("no heart rate for" in stop.message for stop in done.stops)
