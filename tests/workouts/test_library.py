"""Finding a workout by a short name or a path, and the shipped ones, held to their figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrotread.machine import Facing, Gait, gait
from retrotread.workouts import library
from retrotread.workouts.library import FIRST_TIMER, NoSuchWorkout, everything, find, shipped
from retrotread.workouts.plan import WorkoutPlan
from retrotread.workouts.ramps import RampRates
from retrotread.workouts.source import read_workout
from retrotread.workouts.timeline import PlannedStep, StepKind, Timeline, unroll

NOVICE = RampRates(rise_kph_per_s=0.2, fall_kph_per_s=0.54, incline_percent_per_s=0.5)
WALKER = RampRates(rise_kph_per_s=0.36, fall_kph_per_s=0.72, incline_percent_per_s=0.5)
RUNNER = RampRates(rise_kph_per_s=0.54, fall_kph_per_s=1.08, incline_percent_per_s=0.5)
LOWEST_KPH = 0.8
"""The lowest speed of the ladder's first level, and of the machines that start highest."""


def plan(name: str) -> WorkoutPlan:
    return read_workout(find(name))


def line(name: str, rates: RampRates) -> Timeline:
    return unroll(plan(name), rates, LOWEST_KPH)


def spans(timeline: Timeline) -> list[tuple[str, float, float, float]]:
    """Each step once: kind, length in s, speed at its entry and its end in km/h."""
    return [(s.kind.value, s.length_s, s.entry.speed_kph, s.target.speed_kph) for s in timeline.steps]


def steps(name: str) -> list[tuple[str, float, float, float, float]]:
    """Each planned step: kind, length in s, speed at its start and its end in km/h, incline at its end in percent."""
    return [
        (s.kind.value, s.length_s, s.start.speed_kph, s.end.speed_kph, s.end.incline_percent)
        for s in plan(name).planned_steps()
    ]


SHIPPED = [
    *(f"ladder-{level}" for level in range(11)),
    "placement-walk",
    *("warm-up-brisk", "warm-up-forward-and-back", "warm-up-gentle", "warm-up-strides"),
    *("cool-down-after-forward", "cool-down-brisk", "cool-down-gentle", "cool-down-jog-out", "cool-down-run-to-walk"),
    *("sprinkle-jog", "sprinkle-runs", "sprinkle-ten", "sprinkle-two-threes", "sprinkle-walk"),
    *("daily-eight-minutes", "daily-five-minutes", "daily-four-minutes", "daily-three-minutes"),
    "daily-uphill-six-minutes",
    *("variety-eight-pyramid", "variety-five-rolling", "variety-four-stairs", "variety-seven-short-runs"),
    *("variety-six-pyramid", "variety-three-waves", "variety-two-counting"),
    *("sport-coordination", "sport-defence", "sport-defence-runs", "sport-multi-direction"),
]
BOTH_WAYS = {"warm-up-forward-and-back", "cool-down-after-forward", "sport-multi-direction"}
"""Beside the sprinkles, what goes forward and backward."""


def test_the_shipped_workouts_are_these_family_by_family() -> None:
    assert [path.stem for path in shipped()] == SHIPPED
    assert find(FIRST_TIMER) == shipped()[0]


@pytest.mark.parametrize("level", range(11))
def test_a_workout_of_the_ladder_has_its_level(level: int) -> None:
    assert plan(f"ladder-{level}").level == level


def test_ladder_0_is_six_minutes_beside_the_belt_and_four_times_half_a_minute_on_it() -> None:
    assert plan("ladder-0").needs == ("spotter", "rails")
    assert steps("ladder-0") == [
        *[("off belt", length_s, 0, 0, 0) for length_s in (180, 120, 60)],
        *[("walk", 30, 0.8, 0.8, 0), ("off belt", 60, 0, 0, 0)] * 3,
        ("walk", 30, 0.8, 0.8, 0),
        ("cool down", 30, 0.8, 0.8, 0),
    ]


def test_ladder_2_is_five_times_two_minutes_in_twenty_three() -> None:
    assert plan("ladder-2").needs == ("rails",)
    assert steps("ladder-2") == [
        ("walk", 300, 0.8, 1.5, 0),
        *[("walk", 120, 1.5, 1.5, 0), ("walk", 60, 1.0, 1.0, 0)] * 2,
        *[("walk", 120, 2.0, 2.0, 0), ("walk", 60, 1.0, 1.0, 0)] * 3,
        ("cool down", 180, 1.0, 0.8, 0),
    ]
    assert line("ladder-2", NOVICE).total_s == 23 * 60


def test_ladder_4_is_eighteen_minutes_faster_and_then_uphill_in_twenty_eight() -> None:
    assert plan("ladder-4").needs == ()
    assert steps("ladder-4") == [
        ("walk", 300, 2.0, 3.0, 0),
        ("walk", 360, 3.0, 3.0, 0),
        ("walk", 360, 3.0, 4.0, 0),
        ("walk", 360, 3.0, 3.0, 3),
        ("cool down", 300, 3.0, 1.5, 0),
    ]
    assert line("ladder-4", WALKER).total_s == 28 * 60


def test_ladder_5_is_fifteen_minutes_uphill_in_twenty_five() -> None:
    assert plan("ladder-5").needs == ("rails",)
    assert steps("ladder-5") == [
        ("walk", 300, 2.0, 3.0, 0),
        *[("walk", 300, 3.0, 3.0, incline) for incline in (5, 7.5, 10)],
        ("cool down", 300, 2.5, 1.5, 0),
    ]
    assert line("ladder-5", WALKER).total_s == 25 * 60


def test_ladder_6_is_six_brisk_bouts_in_twenty_nine_and_a_half() -> None:
    assert plan("ladder-6").needs == ()
    assert steps("ladder-6") == [
        ("walk", 300, 2.0, 3.5, 0),
        *[("walk", 60, 4.5, 4.5, 0), ("walk", 120, 3.0, 3.0, 0)] * 3,
        *[("walk", 90, 5.0, 5.0, 0), ("walk", 120, 3.0, 3.0, 0)] * 3,
        ("cool down", 300, 3.0, 1.5, 0),
    ]
    assert line("ladder-6", WALKER).total_s == 29.5 * 60


def test_ladder_7_is_three_minutes_of_running_in_twenty_two() -> None:
    assert plan("ladder-7").needs == ("spotter",)
    assert steps("ladder-7") == [
        ("walk", 300, 1.5, 3.5, 0),
        *[("run", 30, 6.0, 6.0, 0), ("walk", 90, 3.0, 3.0, 0)] * 6,
        ("cool down", 300, 3.0, 1.0, 0),
    ]
    assert line("ladder-7", RUNNER).total_s == 22 * 60


def test_ladder_9_is_ten_minutes_of_running_in_twenty_four() -> None:
    assert plan("ladder-9").needs == ("spotter", "harness")
    assert steps("ladder-9") == [
        ("walk", 300, 1.5, 4.0, 0),
        ("run", 180, 8.0, 8.0, 0),
        ("walk", 120, 3.5, 3.5, 0),
        ("run", 240, 8.0, 8.0, 0),
        ("walk", 120, 3.5, 3.5, 0),
        ("run", 180, 8.0, 8.0, 0),
        ("cool down", 300, 3.5, 1.0, 0),
    ]
    assert line("ladder-9", RUNNER).total_s == 24 * 60


def test_ladder_10_gets_to_9_7_by_way_of_8_5_in_twenty_three() -> None:
    assert plan("ladder-10").needs == ("spotter", "harness")
    assert steps("ladder-10") == [
        ("walk", 300, 1.5, 4.0, 0),
        *[("run", 90, 8.5, 8.5, 0), ("walk", 90, 3.5, 3.5, 0)] * 2,
        *[("run", 60, 9.2, 9.2, 0), ("walk", 90, 3.5, 3.5, 0)] * 2,
        ("run", 60, 9.7, 9.7, 0),
        ("run", 60, 6.5, 6.5, 0),
        ("cool down", 300, 3.5, 1.0, 0),
    ]
    assert line("ladder-10", RUNNER).total_s == 23 * 60


WARM_UPS = {
    "warm-up-gentle": (2, ("rails",), 300, 2.0),
    "warm-up-brisk": (4, (), 480, 4.0),
    "warm-up-strides": (8, ("spotter",), 710, 6.0),
}


@pytest.mark.parametrize(("name", "expected"), WARM_UPS.items(), ids=WARM_UPS)
def test_a_warm_up_begins_slowly_and_gets_to_its_speed(
    name: str, expected: tuple[int, tuple[str, ...], float, float]
) -> None:
    timeline = line(name, RUNNER)
    top_kph = max(s.target.speed_kph for s in timeline.steps)
    assert (plan(name).level, plan(name).needs, timeline.total_s, top_kph) == expected
    assert timeline.steps[0].entry.speed_kph <= 1.5


COOL_DOWNS = {
    "cool-down-gentle": (2, ("rails",), 6, 2.0, 0.8),
    "cool-down-brisk": (4, (), 8, 3.5, 1.0),
    "cool-down-run-to-walk": (8, ("spotter",), 12, 6.5, 1.0),
}


@pytest.mark.parametrize(("name", "expected"), COOL_DOWNS.items(), ids=COOL_DOWNS)
def test_a_cool_down_only_gets_slower_once_it_is_at_its_speed(
    name: str, expected: tuple[int, tuple[str, ...], float, float, float]
) -> None:
    timeline = line(name, RUNNER)
    ends = [point.speed_kph for s in timeline.steps for point in (s.entry, s.target)]
    falling = ends[ends.index(max(ends)) :]
    assert falling == sorted(falling, reverse=True)
    assert (plan(name).level, plan(name).needs, timeline.total_s / 60, falling[0], falling[-1]) == expected


def test_the_cool_down_of_runners_goes_from_a_run_by_a_jog_to_a_walk() -> None:
    assert steps("cool-down-run-to-walk")[1:] == [
        ("run", 60, 6.5, 6.5, 0),
        ("run", 60, 5.5, 5.5, 0),
        ("walk", 120, 3.5, 2.5, 0),
        ("cool down", 180, 2.5, 1.0, 0),
    ]


def test_the_sprinkle_turns_to_the_rear_for_five_of_its_twenty_minutes_and_back() -> None:
    sprinkle = plan("sprinkle-walk")
    assert (sprinkle.level, sprinkle.facing, sprinkle.needs) == (3, Facing.CONSOLE, ("rails",))
    assert [(s.kind.value, s.facing.value, s.length_s, s.end.speed_kph) for s in sprinkle.planned_steps()] == [
        ("walk", "console", 300, 4.5),
        ("walk", "console", 120, 1.5),
        ("turn", "rear", 0, 0),
        ("walk", "rear", 240, 2.5),
        ("walk", "rear", 60, 1.5),
        ("turn", "console", 0, 0),
        ("walk", "console", 300, 4.5),
        ("cool down", "console", 180, 1.5),
    ]


def test_ladder_1_is_five_slow_minutes_in_eighteen() -> None:
    timeline = line("ladder-1", NOVICE)
    assert (plan("ladder-1").level, plan("ladder-1").needs) == (1, ("spotter", "rails"))
    assert spans(timeline) == [
        ("walk", 300, 0.8, 0.8),
        *[("walk", 60, 1.2, 1.2), ("walk", 60, 0.8, 0.8)] * 2,
        *[("walk", 60, 1.5, 1.5), ("walk", 60, 0.8, 0.8)] * 3,
        ("cool down", 180, 0.8, 0.8),
    ]
    assert timeline.total_s == 18 * 60


def test_ladder_3_is_ten_minutes_without_a_break_in_twenty() -> None:
    timeline = line("ladder-3", NOVICE)
    assert (plan("ladder-3").level, plan("ladder-3").needs) == (3, ("rails",))
    assert spans(timeline) == [
        ("walk", 300, 1.0, 2.0),
        ("walk", 600, 2.0, 3.0),
        ("cool down", 300, 2.0, 1.0),
    ]
    assert timeline.total_s == 20 * 60


def test_ladder_8_is_six_minutes_of_running_in_twenty_three_and_a_half() -> None:
    timeline = line("ladder-8", RUNNER)
    assert (plan("ladder-8").level, plan("ladder-8").needs) == (8, ("spotter",))
    assert spans(timeline) == [
        ("walk", 300, 1.5, 3.0),
        *[("run", 60, 6.5, 6.5), ("walk", 75, 3.0, 3.0)] * 6,
        ("cool down", 300, 3.0, 1.0),
    ]
    assert timeline.total_s == 23.5 * 60
    assert [s.label for s in timeline.steps[1:3]] == ["run 60 s (1 of 6)", "walk 75 s (1 of 6)"]


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_a_shipped_workout_has_absolute_speeds_an_end_and_something_for_afterwards(path: Path) -> None:
    shipped_plan = read_workout(path)
    assert shipped_plan.after
    assert not shipped_plan.needs_backward_max
    assert unroll(shipped_plan, RUNNER, LOWEST_KPH).notices == ()


FLAT_LEVELS = 3
"""Up to here the deck stays level."""


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_a_shipped_workout_is_backward_or_goes_both_ways_and_flat_on_the_first_levels(path: Path) -> None:
    shipped_plan = read_workout(path)
    planned = shipped_plan.planned_steps()
    ways = {gait(s.facing, s.belt) for s in planned if s.length_s}
    both = path.stem.startswith("sprinkle-") or path.stem in BOTH_WAYS
    assert ways == ({Gait.FORWARD, Gait.BACKWARD} if both else {Gait.BACKWARD})
    assert shipped_plan.level is not None
    if shipped_plan.level <= FLAT_LEVELS:
        assert {s.end.incline_percent for s in planned} == {0.0}


LIMITS = {
    "novice": (3.0, 6.0, 0, 10, 25, 0, NOVICE),
    "walker": (5.6, 8.0, 10, 20, 45, 0, WALKER),
    "runner": (8.0, 12.0, 5, 10, 45, 20, RUNNER),
    "harness": (10.0, 14.0, 5, 10, 60, 30, RUNNER),
}
"""Backward and forward km/h, incline in percent, minutes of a block, of a day and of running, rates: the tiers."""


def tier(level: int) -> str:
    return "novice" if level <= 3 else "walker" if level <= 6 else "runner" if level <= 8 else "harness"


def minutes(planned: list[PlannedStep]) -> float:
    return sum(s.length_s for s in planned) / 60


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_a_shipped_workout_stays_inside_the_tier_of_its_level(path: Path) -> None:
    shipped_plan = read_workout(path)
    assert shipped_plan.level is not None
    backward_kph, forward_kph, incline, block_min, day_min, running_min, rates = LIMITS[tier(shipped_plan.level)]
    planned = [s for s in shipped_plan.planned_steps() if s.kind not in (StepKind.TURN, StepKind.OFF_BELT)]
    backward = [s for s in planned if gait(s.facing, s.belt) is Gait.BACKWARD]
    forward = [s for s in planned if s not in backward]
    assert max(max(s.start.speed_kph, s.end.speed_kph) for s in backward) <= backward_kph
    assert max((max(s.start.speed_kph, s.end.speed_kph) for s in forward), default=0) <= forward_kph
    assert max(s.end.incline_percent for s in planned) <= incline
    assert max(s.length_s for s in planned) <= block_min * 60
    assert minutes(backward) <= day_min
    assert minutes([s for s in backward if s.kind is StepKind.RUN]) <= running_min
    assert unroll(shipped_plan, rates, LOWEST_KPH).steps


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_who_begins_has_somebody_or_something_to_hold(path: Path) -> None:
    shipped_plan = read_workout(path)
    assert shipped_plan.level is not None
    if shipped_plan.level == 0:
        assert "spotter" in shipped_plan.needs
    if shipped_plan.level <= 3:
        assert "rails" in shipped_plan.needs


@pytest.mark.parametrize("name", ["bw-slope-20", "bw-blt-30", "bw-10deg", "region-calf"])
def test_what_is_not_offered_is_found_by_its_name(name: str) -> None:
    assert name not in SHIPPED
    assert find(name) in everything()


def test_everything_is_what_is_offered_and_then_the_rest() -> None:
    assert everything()[: len(SHIPPED)] == shipped()
    assert len({path.stem for path in everything()}) == len(everything())


def test_a_path_is_taken_as_it_is(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.touch()
    assert find(str(mine)) == mine


def test_a_file_in_the_working_folder_never_hides_a_shipped_workout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ladder-1").touch()
    monkeypatch.chdir(tmp_path)
    assert find("ladder-1").parent == shipped()[0].parent
    assert find("./ladder-1") == Path("ladder-1")


@pytest.mark.parametrize(
    ("name", "mend"),
    [("lader-1", "did you mean ladder-1?"), ("zzz", "shipped are ladder-0, ladder-1, "), ("", "shipped are ")],
)
def test_a_name_that_is_nothing_says_what_there_is(name: str, mend: str) -> None:
    with pytest.raises(NoSuchWorkout, match=f"{name!r} is neither a shipped workout nor a file; ") as caught:
        find(name)
    assert mend in str(caught.value)


def test_a_name_that_no_system_takes_is_nothing() -> None:
    with pytest.raises(NoSuchWorkout, match="neither a shipped workout nor a file"):
        find("a\0b")


def test_an_installed_copy_wins_over_the_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ladder-10", "other", "cool-down-a", "ladder-2", "warm-up-b", "sprinkle-a"):
        (tmp_path / f"{name}.yaml").touch()
    monkeypatch.setattr(library, "_INSTALLED", tmp_path)
    names = ["ladder-2", "ladder-10", "warm-up-b", "cool-down-a", "sprinkle-a", "other"]
    assert [path.stem for path in shipped()] == names
