"""Finding a workout by a short name or a path, and the shipped ones, held to their figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrotread.machine import Facing
from retrotread.workouts import library
from retrotread.workouts.library import FIRST_TIMER, NoSuchWorkout, find, shipped
from retrotread.workouts.plan import WorkoutPlan
from retrotread.workouts.ramps import RampRates
from retrotread.workouts.source import read_workout
from retrotread.workouts.timeline import StepKind, Timeline, unroll

NOVICE = RampRates(rise_kph_per_s=0.2, fall_kph_per_s=0.54, incline_percent_per_s=0.5)
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


def test_the_shipped_workouts_are_these() -> None:
    assert [path.name for path in shipped()] == ["ladder-1.yaml", "ladder-3.yaml", "ladder-8.yaml"]
    assert find(FIRST_TIMER) == shipped()[0]


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
def test_a_shipped_workout_is_backward_flat_sourced_cued_and_ends_by_itself(path: Path) -> None:
    shipped_plan = read_workout(path)
    assert shipped_plan.facing is Facing.REAR
    assert shipped_plan.source is not None
    assert shipped_plan.after == ("stretch lower limbs",)
    timeline = unroll(shipped_plan, RUNNER, LOWEST_KPH)
    assert timeline.notices == ()
    assert timeline.steps[-1].kind is StepKind.COOL_DOWN
    assert {s.target.incline_percent for s in timeline.steps} == {0.0}
    assert all(s.say for s in timeline.steps)


LIMITS = {"ladder-1": (3.0, 25, NOVICE), "ladder-3": (3.0, 25, NOVICE), "ladder-8": (8.0, 45, RUNNER)}


@pytest.mark.parametrize(("name", "limit"), LIMITS.items(), ids=LIMITS)
def test_a_shipped_workout_stays_inside_its_tier(name: str, limit: tuple[float, float, RampRates]) -> None:
    fastest_kph, day_min, rates = limit
    timeline = line(name, rates)
    assert max(s.end.speed_kph for s in timeline.segments) <= fastest_kph
    assert timeline.total_s <= day_min * 60
    assert max(s.length_s for s in timeline.steps) <= 10 * 60
    assert sum(s.length_s for s in timeline.steps if s.kind is StepKind.RUN) <= 20 * 60


def test_a_path_is_taken_as_it_is(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.touch()
    assert find(str(mine)) == mine


def test_a_file_in_the_working_folder_never_hides_a_shipped_workout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ladder-1").touch()
    monkeypatch.chdir(tmp_path)
    assert find("ladder-1") == shipped()[0]
    assert find("./ladder-1") == Path("ladder-1")


@pytest.mark.parametrize(
    ("name", "mend"),
    [("lader-1", "did you mean ladder-1?"), ("zzz", "shipped are ladder-1, ladder-3, ladder-8"), ("", "shipped are ")],
)
def test_a_name_that_is_nothing_says_what_there_is(name: str, mend: str) -> None:
    with pytest.raises(NoSuchWorkout, match=f"{name!r} is neither a shipped workout nor a file; ") as caught:
        find(name)
    assert mend in str(caught.value)


def test_a_name_that_no_system_takes_is_nothing() -> None:
    with pytest.raises(NoSuchWorkout, match="neither a shipped workout nor a file"):
        find("a\0b")


def test_an_installed_copy_wins_over_the_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ladder-10.yaml").touch()
    (tmp_path / "ladder-2.yaml").touch()
    monkeypatch.setattr(library, "_INSTALLED", tmp_path)
    assert [path.name for path in shipped()] == ["ladder-2.yaml", "ladder-10.yaml"]
