"""One line becomes a plan with a way in and a cool-down, or a sentence that says how to write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.machine import Facing, Setpoint
from retrotread.workouts.plan import WorkoutPlan
from retrotread.workouts.quick import QUICK_MEND, QuickError, quick_plan
from retrotread.workouts.ramps import RampRates
from retrotread.workouts.timeline import StepKind, unroll

SLOWEST_RATES = RampRates(rise_kph_per_s=0.1, fall_kph_per_s=0.36, incline_percent_per_s=0.5)
"""The rates of the frailest tier: what keeps to them keeps to all."""


def ways(plan: WorkoutPlan) -> list[tuple[str, float, float, float]]:
    """Each step: label, speeds at its start and end in km/h, incline in percent."""
    return [(s.label, s.start.speed_kph, s.end.speed_kph, s.end.incline_percent) for s in plan.planned_steps()]


def test_ten_minutes_backward_get_a_way_in_and_a_cool_down() -> None:
    plan = quick_plan("10 min at 2 km/h backward")
    assert (plan.name, plan.facing) == ("quick: 10 min at 2.0 km/h backward", Facing.REAR)
    assert (plan.level, plan.source, plan.needs) == (None, None, ())
    assert ways(plan) == [
        ("walk 30 s", 1.0, 2.0, 0),
        ("walk 10 min", 2.0, 2.0, 0),
        ("cool down 2 min", 2.0, 1.0, 0),
    ]
    assert all(step.say for step in plan.planned_steps())


def test_who_does_not_say_which_way_goes_backward() -> None:
    assert quick_plan("10 min at 2 km/h") == quick_plan("10 min at 2 km/h backward")


def test_forward_faces_the_console() -> None:
    plan = quick_plan("10 min at 5 km/h forward")
    assert (plan.name, plan.facing) == ("quick: 10 min at 5.0 km/h forward", Facing.CONSOLE)
    assert not any("backward" in (s.say or "") or "short steps" in (s.say or "") for s in plan.planned_steps())


def test_a_slow_walk_needs_no_way_in_and_stays_at_its_speed() -> None:
    assert ways(quick_plan("5 min at 0.8 km/h")) == [("walk 5 min", 0.8, 0.8, 0), ("cool down 2 min", 0.8, 0.8, 0)]
    assert len(ways(quick_plan("5 min at 1 km/h"))) == 2


def test_the_way_in_and_the_cool_down_are_flat() -> None:
    plan = quick_plan("5 min at 3 km/h backward at 2 %")
    assert plan.name == "quick: 5 min at 3.0 km/h backward at 2 %"
    assert [incline for _, _, _, incline in ways(plan)] == [0, 2, 0]
    assert quick_plan("5 min at 3 km/h at 2 %").name == plan.name


def test_a_distance_and_every_unit_arrive_exactly() -> None:
    plan = quick_plan("0.25 mi at 2 mph")
    way_in, step, cool_down = plan.planned_steps()
    assert way_in.end == step.start == cool_down.start
    assert plan.name == "quick: 402.34 m at 3.22 km/h backward"
    assert (step.length_m, step.start, step.end) == (402.336, Setpoint(3.218688), Setpoint(3.218688))
    assert quick_plan("400 m at 1 m/s").planned_steps()[1].start == Setpoint(3.6)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("1 min at 5.8 km/h backward", StepKind.WALK),
        ("1 min at 5.9 km/h backward", StepKind.RUN),
        ("1 min at 7.1 km/h forward", StepKind.WALK),
        ("1 min at 7.2 km/h forward", StepKind.RUN),
    ],
)
def test_what_people_would_run_is_a_run_and_counts_as_one(line: str, kind: StepKind) -> None:
    first, step, _ = quick_plan(line).planned_steps()
    assert (first.kind, step.kind) == (StepKind.WALK, kind)


@given(st.integers(min_value=50, max_value=1600), st.sampled_from(["backward", "forward"]))
def test_every_speed_keeps_to_the_slowest_rates(ckph: int, way: str) -> None:
    timeline = unroll(quick_plan(f"2 min at {ckph / 100} km/h {way}"), SLOWEST_RATES, 0.5)
    assert timeline.notices == ()
    assert timeline.setpoint_at(timeline.total_s - 120 - 60) == Setpoint(ckph / 100)


REFUSED = {
    "": "'' does not say how long at which speed",
    "10 min": "'10 min' does not say how long at which speed",
    "2 km/h": "'2 km/h' does not say how long at which speed",
    "10 at 2 km/h": "'10' has no unit",
    "10 min at 2": "'2' has no unit",
    "10 min at 2 km/h backwards": "'2 km/h backwards' is not a speed",
    "10 min at 2 km/h Backward": "'2 km/h Backward' is not a speed",
    "10 min backward at 2 km/h": "'10 min backward' is not a length",
    "2 km/h at 10 min": "'2 km/h' is not a length",
    "10 min at 60 %": "'60 %' is not a speed",
    "10 min at 2 km/h -> 3 km/h": "'2 km/h -> 3 km/h' is not a speed",
    "10 min at 2 km/h at 2": "'2' has no unit",
    "10 min at 2 km/h at 2 % backward": "'2 % backward' is not an incline",
    "10 min at 2 km/h at 41 %": "'41 %' is above 40 %",
    "10 min at 0 km/h": "'0 km/h' is a belt that stands",
    "10 min at -2 km/h": "'-2 km/h' is not a speed",
    "10 min at 40 km/h": "'40 km/h' is 40.0 km/h, above 30.0 km/h",
    "0 s at 2 km/h": "'0 s' is outside 1 s to 4 h",
    "0 m at 2 km/h": "'0 m' is outside 10 m to 50 km",
    "10 min  at 2 km/h": "'10 min ' is not a length",
    " 10 min at 2 km/h": "' 10 min' is not a length",
    "10 min at 2 km/h ": "'2 km/h ' is not a speed",
    "10 min at 2 km/h\n": "'10 min at 2 km/h\\n' does not say how long at which speed",
    "10 min at nan km/h": "'nan km/h' is not a speed",
}


@pytest.mark.parametrize(("line", "message"), REFUSED.items(), ids=REFUSED)
def test_another_form_is_refused_in_a_sentence_with_the_form(line: str, message: str) -> None:
    with pytest.raises(QuickError) as caught:
        quick_plan(line)
    assert (caught.value.message, caught.value.mend) == (message, QUICK_MEND)
    assert str(caught.value) == f"{message}; {QUICK_MEND}"


@pytest.mark.parametrize("line", ["4 h at 2 km/h", "50 km at 1 km/h"])
def test_what_gets_too_long_says_the_limit(line: str) -> None:
    with pytest.raises(QuickError, match=r"the plan lasts .*, the limit is 4 h; ask for less"):
        quick_plan(line)


@given(
    st.text(max_size=60) | st.from_regex(r"[0-9]{1,3} (min|m|s) at [0-9.]{1,4} (km/h|mph)( backward)?", fullmatch=True)
)
def test_any_line_is_a_plan_or_a_refusal(line: str) -> None:
    try:
        said = quick_plan(line).name
    except QuickError as error:
        said = str(error)
    assert said.isprintable()
