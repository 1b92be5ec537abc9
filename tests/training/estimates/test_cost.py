"""What a motion costs. The numbers in the texts were worked out by hand, and the code has to find them."""

from dataclasses import replace

import pytest

from retrotread.machine import BeltDirection, Facing, Gait
from retrotread.training.estimates.backward_cost import backward_oxygen_ml, running_factor, walking_factor
from retrotread.training.estimates.cost import Cost, cost_of, energy_kcal_per_min, mets, oxygen_ml
from retrotread.training.estimates.forward_cost import forward_oxygen_ml
from retrotread.training.estimates.gradient_cost import gradient_oxygen_ml, running_cost_j_per_kg_m
from retrotread.training.estimates.motion import Motion
from retrotread.training.estimates.ranges import Estimate, NotEstimated, Range

FORWARD_WALK = Motion(4.5, 0.0, Facing.CONSOLE, BeltDirection.FORWARD, running=False, steady_s=300)
BACKWARD_WALK = Motion(3.0, 0.0, Facing.REAR, BeltDirection.FORWARD, running=False, steady_s=300)
BACKWARD_RUN = Motion(9.0, 0.0, Facing.REAR, BeltDirection.FORWARD, running=True, steady_s=300)


def ends(estimate: Estimate) -> tuple[float, float]:
    assert isinstance(estimate, Range), estimate
    return round(estimate.low, 2), round(estimate.high, 2)


def reason(estimate: Estimate | Cost) -> str:
    assert isinstance(estimate, NotEstimated), estimate
    return estimate.reason


# --- worked by hand -----------------------------------------------------------------------------------------------


def test_walking_forward_uphill() -> None:
    """4.5 km/h x 1000 / 60 = 75 m/min. At 4 %: 0.1 x 75 = 7.5, and 1.8 x 75 x 0.04 = 5.4, together 12.9 above rest.

    A tenth less is 11.61 and a tenth more 14.19; with the 3.5 of rest 15.11 and 17.69.
    """
    assert ends(forward_oxygen_ml(replace(FORWARD_WALK, incline_percent=4.0))) == (15.11, 17.69)


def test_running_forward_flat_and_uphill() -> None:
    """9 km/h is 150 m/min: 0.2 x 150 = 30 above rest, 25.5 to 31.5, with rest 29 to 35.

    At 5 % there is 0.9 x 150 x 0.05 = 6.75 more: 36.75, so 31.24 to 38.59, with rest 34.74 to 42.09.
    """
    running = replace(FORWARD_WALK, speed_kph=9.0, running=True)
    assert ends(forward_oxygen_ml(running)) == (29.0, 35.0)
    assert ends(forward_oxygen_ml(replace(running, incline_percent=5.0))) == (34.74, 42.09)


def test_walking_backward_flat() -> None:
    """3 km/h is 50 m/min, so 5 above rest, 4.5 to 5.5. It is 0.8333 m/s: k = 1.2 + 0.6 x (0.8333 - 0.7) / 1.1 = 1.2727.

    Give or take 0.25: 1.0227 to 1.5227. 4.5 x 1.0227 = 4.602 and 5.5 x 1.5227 = 8.375; with rest 8.10 and 11.88.
    """
    assert ends(backward_oxygen_ml(BACKWARD_WALK)) == (8.10, 11.88)


def test_walking_backward_uphill() -> None:
    """4 km/h is 66.67 m/min: 6.667 + 1.8 x 66.67 x 0.05 = 6, together 12.667 above rest, 11.4 to 13.933.

    Uphill k is 1.2 to 1.5: 13.68 to 20.9; with rest 17.18 to 24.4.
    """
    assert ends(backward_oxygen_ml(replace(BACKWARD_WALK, speed_kph=4.0, incline_percent=5.0))) == (17.18, 24.4)


def test_on_a_slight_slope_both_factors_are_possible() -> None:
    """At 0.8333 m/s flat 1.0227 to 1.5227, uphill 1.2 to 1.5: together 1.0227 to 1.5227. At 1.667 m/s flat 1.4774 to
    1.9774: together 1.2 to 1.9774."""
    slow, fast = walking_factor(3.0, 2.0), walking_factor(6.0, 2.0)
    assert (round(slow.low, 4), round(slow.high, 4)) == (1.0227, 1.5227)
    assert (round(fast.low, 4), round(fast.high, 4)) == (1.2, 1.9773)
    assert walking_factor(6.0, 5.0) == Range(1.2, 1.5)


def test_the_factor_of_walking_does_not_go_on_beyond_its_two_anchors() -> None:
    """1.2 at 0.7 m/s (2.52 km/h) and slower, 1.8 at 1.8 m/s (6.48 km/h) and faster."""
    assert ends(walking_factor(1.0, 0)) == ends(walking_factor(2.52, 0)) == (0.95, 1.45)
    assert ends(walking_factor(12.0, 0)) == ends(walking_factor(6.48, 0)) == (1.55, 2.05)


def test_running_backward() -> None:
    """9 km/h: forward 25.5 to 31.5 above rest. 25.5 x 1.28 = 32.64 and 31.5 x 1.40 = 44.1; with rest 36.14 and 47.6."""
    assert running_factor() == Range(1.28, 1.40)
    assert ends(backward_oxygen_ml(BACKWARD_RUN)) == (36.14, 47.6)


def test_running_backward_by_the_energy_of_a_metre() -> None:
    """Flat 3.6 J/kg/m, 9 km/h is 150 m/min, 540 J/kg/min. 540 x 1.28 / 21.1 = 32.76 and 540 x 1.40 / 19.6 = 38.57."""
    assert running_cost_j_per_kg_m(0.0) == 3.6
    assert ends(gradient_oxygen_ml(BACKWARD_RUN)) == (36.26, 42.07)


def test_the_polynomial_uphill() -> None:
    """i = 0.1: 155.4e-5 = 0.001554, -30.4e-4 = -0.00304, -43.3e-3 = -0.0433, 46.3e-2 = 0.463, 1.95, 3.6: 5.968214."""
    assert round(running_cost_j_per_kg_m(0.1), 6) == 5.968214


def test_where_two_ways_lead_to_it_the_range_holds_both() -> None:
    """At 9 km/h flat 36.14 to 47.6 and 36.26 to 42.07: the first holds the second.

    At 10 %: 30 + 0.9 x 150 x 0.1 = 43.5, 36.975 to 45.675, times k 47.33 to 63.95, with rest 50.83 to 67.44; and
    5.968214 x 150 = 895.23 J, 54.31 to 63.95, with rest 57.81 to 67.45.
    """
    assert ends(oxygen_ml(BACKWARD_RUN)) == (36.14, 47.6)
    uphill = replace(BACKWARD_RUN, incline_percent=10.0)
    assert ends(gradient_oxygen_ml(uphill)) == (57.81, 67.45)
    assert ends(oxygen_ml(uphill)) == (50.83, 67.45)


def test_mets_and_energy() -> None:
    """8.75 / 3.5 = 2.5 and 14 / 3.5 = 4. 70 kg, 10 to 20 ml: 0.7 and 1.4 l/min, x 4.85 = 3.395, x 5.15 = 7.21 kcal."""
    assert mets(Range(8.75, 14)) == Range(2.5, 4.0)
    energy = energy_kcal_per_min(Range(10, 20), 70)
    assert isinstance(energy, Range)
    assert (round(energy.low, 6), round(energy.high, 6)) == (3.395, 7.21)
    assert "the body mass is 20 kg" in reason(energy_kcal_per_min(Range(10, 20), 20))


# --- the way ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("belt", "facing", "incline_percent", "gait", "grade_percent"),
    [
        (BeltDirection.FORWARD, Facing.CONSOLE, 5.0, Gait.FORWARD, 5.0),
        (BeltDirection.FORWARD, Facing.REAR, 5.0, Gait.BACKWARD, 5.0),
        (BeltDirection.REVERSED, Facing.CONSOLE, 5.0, Gait.BACKWARD, -5.0),
        (BeltDirection.REVERSED, Facing.REAR, 5.0, Gait.FORWARD, -5.0),
        (BeltDirection.FORWARD, Facing.CONSOLE, -3.0, Gait.FORWARD, -3.0),
        (BeltDirection.FORWARD, Facing.REAR, -3.0, Gait.BACKWARD, -3.0),
        (BeltDirection.REVERSED, Facing.CONSOLE, -3.0, Gait.BACKWARD, 3.0),
        (BeltDirection.REVERSED, Facing.REAR, -3.0, Gait.FORWARD, 3.0),
        (BeltDirection.FORWARD, Facing.REAR, 0.0, Gait.BACKWARD, 0.0),
        (BeltDirection.REVERSED, Facing.CONSOLE, 0.0, Gait.BACKWARD, 0.0),
    ],
)
def test_the_belt_and_the_deck_make_the_grade_and_the_facing_does_not(
    belt: BeltDirection, facing: Facing, incline_percent: float, gait: Gait, grade_percent: float
) -> None:
    motion = Motion(4.0, incline_percent, facing, belt, running=False, steady_s=300)
    assert (motion.gait, motion.grade_percent) == (gait, grade_percent)
    assert isinstance(oxygen_ml(motion), NotEstimated) is (grade_percent < 0)


# --- where nothing is said ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("motion", [FORWARD_WALK, BACKWARD_WALK, BACKWARD_RUN])
def test_nothing_is_said_with_hands_on_the_rails_or_before_the_body_has_settled(motion: Motion) -> None:
    assert isinstance(oxygen_ml(replace(motion, steady_s=120.0)), Range)
    assert reason(oxygen_ml(replace(motion, handrail=True))).startswith("hands on the rails")
    assert reason(oxygen_ml(replace(motion, steady_s=119.0))) == (
        "119 s at one speed are too short: the body needs 120 s to settle"
    )
    assert "too short" in reason(oxygen_ml(replace(motion, steady_s=float("nan"))))


def test_nothing_is_said_of_a_way_downhill() -> None:
    reversed_belt = replace(BACKWARD_WALK, facing=Facing.CONSOLE, belt=BeltDirection.REVERSED, incline_percent=2.0)
    assert reason(oxygen_ml(reversed_belt)) == "the way is downhill (-2.0 %), and for backward there is no equation"
    assert "downhill" in reason(gradient_oxygen_ml(replace(reversed_belt, speed_kph=9.0, running=True)))


@pytest.mark.parametrize(
    ("motion", "said"),
    [
        (replace(BACKWARD_WALK, speed_kph=2.9), "the speed is 2.9 km/h, and the formula holds for 3 to 6 km/h"),
        (replace(BACKWARD_WALK, speed_kph=6.1), "the speed is 6.1 km/h, and the formula holds for 3 to 6 km/h"),
        (replace(BACKWARD_WALK, incline_percent=11), "the grade is 11 %, and the formula holds for 0 to 10 %"),
        (replace(BACKWARD_RUN, speed_kph=6.2), "the speed is 6.2 km/h, and the formula holds for 6.3 to 12.6 km/h"),
        (replace(FORWARD_WALK, speed_kph=6.5), "the speed is 6.5 km/h, and the formula holds for 3 to 6 km/h"),
        (replace(FORWARD_WALK, running=True), "the speed is 4.5 km/h, and the formula holds for 4.8 to 16 km/h"),
        (replace(FORWARD_WALK, speed_kph=float("inf")), "the speed is inf km/h, and the formula holds for 3 to 6 km/h"),
    ],
)
def test_nothing_is_said_outside_of_what_the_sources_looked_at(motion: Motion, said: str) -> None:
    assert reason(oxygen_ml(motion)) == said


def test_walking_backward_has_no_cost_by_the_metre() -> None:
    assert reason(gradient_oxygen_ml(BACKWARD_WALK)) == "for walking backward this way has no numbers"


# --- a whole run --------------------------------------------------------------------------------------------------


def test_the_cost_of_a_run_is_the_mean_over_the_time_of_which_something_is_known() -> None:
    """300 s at 8.10 to 11.88 (walking back 3 km/h) and 600 s at 29 to 35 (running forward 9 km/h), 60 s of nothing.

    (8.102 + 2 x 29) / 3 = 22.03 and (11.875 + 2 x 35) / 3 = 27.29, over 900 s.
    """
    run = replace(FORWARD_WALK, speed_kph=9.0, running=True, steady_s=600)
    cost = cost_of((BACKWARD_WALK, run, replace(run, steady_s=60)))
    assert isinstance(cost, Cost)
    assert ends(cost.oxygen) == (22.03, 27.29)
    assert cost.estimated_s == 900
    assert cost.formulas == ("acsm-run v1", "acsm-walk v1", "backward-walk v1")
    both = cost_of((BACKWARD_RUN,))
    assert isinstance(both, Cost)
    assert both.formulas == ("acsm-run v1", "backward-run v1", "backward-run-gradient v1")


def test_a_run_of_which_nothing_is_known_says_why_of_its_longest_part() -> None:
    short, railed = replace(BACKWARD_WALK, steady_s=30), replace(BACKWARD_WALK, handrail=True)
    assert reason(cost_of((short, railed))).startswith("hands on the rails")
    assert reason(cost_of(())) == "nothing was walked or run at one speed"
