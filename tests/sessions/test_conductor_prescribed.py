"""A prescribed run: the participant can make it less or end it, and every wish for more is answered with the reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from retrotread.guardian.messages import Arm, Rate, StopNow
from retrotread.safety.inputs import StopBy
from retrotread.safety.modes import Mode
from retrotread.sessions.bounds import limits
from retrotread.sessions.conductor import Conductor
from retrotread.sessions.prescription import Ceilings

from .test_conductor import Bench
from .test_prescription import BECAUSE, a_prescription

PRESCRIBED = a_prescription(ceilings=Ceilings(speed_kph=2.0, pain=2))
ONLY_LESS = f"({BECAUSE}); slower and stop always go"


@pytest.fixture
def running() -> Bench:
    return Bench(prescription=PRESCRIBED).running()


def test_each_arming_takes_the_limits_to_the_guardian() -> None:
    bench = Bench(prescription=PRESCRIBED)
    (arm,) = bench.conductor.arm(bench.now_s)
    assert isinstance(arm, Arm)
    assert arm.prescribed == limits(PRESCRIBED.bounds)


MORE: dict[str, tuple[Callable[[Conductor, float], object], str]] = {
    "faster": (lambda run, now_s: run.nudge(0.1, now_s), "not raised"),
    "all of it faster": (lambda run, now_s: run.scale(5, now_s), "not raised"),
    "longer": (Conductor.extend, "not made longer"),
    "another step sooner": (Conductor.next_step, "not skipped"),
    "a step again": (Conductor.previous_step, "not gone back"),
}


@pytest.mark.parametrize(("wish", "what"), MORE.values(), ids=MORE)
def test_a_wish_for_more_changes_nothing_and_is_answered_with_the_reason(
    running: Bench, wish: Callable[[Conductor, float], object], what: str
) -> None:
    before = running.conductor.state
    assert wish(running.conductor, running.now_s) == ()
    assert running.conductor.state == before
    assert running.conductor.message == f"{what} {ONLY_LESS}"


LESS: dict[str, Callable[[Conductor, float], object]] = {
    "slower": lambda run, now_s: run.nudge(-0.1, now_s),
    "all of it slower": lambda run, now_s: run.scale(-5, now_s),
    "a pause": Conductor.pause,
    "the end": Conductor.finish,
    "a stop": Conductor.stopped_by_person,
}


@pytest.mark.parametrize("wish", LESS.values(), ids=LESS)
def test_a_wish_for_less_is_taken(running: Bench, wish: Callable[[Conductor, float], object]) -> None:
    before = running.conductor.state
    wish(running.conductor, running.now_s)
    assert running.conductor.state != before


def test_more_pain_than_is_prescribed_stops_the_belt_and_lets_it_not_start_again(running: Bench) -> None:
    assert running.conductor.rate(2, None) == (Rate(2, None),)
    assert running.conductor.rate(3, None) == (Rate(3, None), StopNow(StopBy.PROGRAM))
    assert running.conductor.message == f"pain 3 of 10 was said, and 2 is the most that goes on ({BECAUSE})"


def test_with_more_pain_than_is_prescribed_nothing_starts_until_less_is_said() -> None:
    bench = Bench(prescription=PRESCRIBED)
    bench.see(Mode.IDLE)
    assert bench.conductor.rate(4, None) == (Rate(4, None),)
    assert bench.conductor.arm(bench.now_s) == ()
    assert bench.conductor.message == f"pain 4 of 10 was said, and 2 is the most that goes on ({BECAUSE})"
    bench.conductor.rate(1, None)
    assert len(bench.conductor.arm(bench.now_s)) == 1
