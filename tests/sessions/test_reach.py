"""What of a workout is beyond somebody's history."""

from __future__ import annotations

import pytest

from retrotread.safety.tiers import TIERS
from retrotread.sessions.preflight import ramp_rates
from retrotread.sessions.reach import Reach, earns_nothing, level_beyond, runs_beyond
from retrotread.training.ladder import LADDER, RUNNING_FROM, Step, steps_of
from retrotread.workouts.library import shipped
from retrotread.workouts.source import parse_workout
from retrotread.workouts.timeline import Timeline, unroll


def up_to(level: int, step: int = -1) -> tuple[Step, ...]:
    """The steps with runs up to this one of that level; by default its last."""
    below = tuple(one for number in range(RUNNING_FROM, level) for one in steps_of(LADDER[number]))
    here = steps_of(LADDER[level])
    return (*below, *here[: step % len(here) + 1])


AT_SEVEN = Reach(7, up_to(7), "your next step is level 7")
AT_THREE = Reach(3, (), "your next step is level 3")

HEAD = "retrotread: 1\nname: One\nfacing: {facing}\nsteps:\n  - walk: 5 min\n    speed: 2 km/h\n"


def line(kind: str, speed_kph: float, facing: str = "rear", *lengths_s: float) -> Timeline:
    """Runs of these lengths behind each other; without one, of half a minute."""
    steps = "".join(f"  - {kind}: {one} s\n    speed: {speed_kph} km/h\n" for one in lengths_s or (30,))
    text = HEAD.format(facing=facing) + steps
    return unroll(parse_workout(text.encode(), "one"), ramp_rates(TIERS["runner"]), 0.5)


@pytest.mark.parametrize(
    ("level", "kind", "speed_kph", "needed"),
    [
        (None, "run", 6.0, None),
        (None, "run", 6.6, 8),
        (3, "run", 7.0, 8),
        (8, "run", 6.0, 8),
        (None, "walk", 6.6, 8),
        (None, "walk", 5.86, None),
        (None, "walk", 6.0, None),
        (None, "run", 12.0, 10),
    ],
)
def test_a_run_is_as_high_as_its_workout_says_or_its_speed_whichever_is_more(
    level: int | None, kind: str, speed_kph: float, needed: int | None
) -> None:
    said = runs_beyond(AT_SEVEN, level, line(kind, speed_kph))
    if needed is None:
        assert said is None
    else:
        assert said is not None
        assert f"a backward run of level {needed}, and up to level 7 they are open today" in said


def test_where_no_run_is_open_the_slowest_one_is_not_either_and_a_forward_one_is() -> None:
    said = runs_beyond(AT_THREE, None, line("run", 5.0))
    assert said is not None
    assert "a backward run of level 7, and none is open today: your next step is level 3; what is open" in said
    assert runs_beyond(AT_THREE, None, line("run", 9.0, "console")) is None


@pytest.mark.parametrize(("speed_kph", "level"), [(5.86, None), (5.87, 7), (7.9, 9)])
def test_a_walk_as_fast_as_a_run_is_not_open_where_no_run_is(speed_kph: float, level: int | None) -> None:
    said = runs_beyond(AT_THREE, None, line("walk", speed_kph))
    assert (said is None) is (level is None)
    assert said is None or f"step 2, walk 30 s: a backward run of level {level}, and none is open today" in said


@pytest.mark.parametrize(("lengths_s", "needed"), [((30,), None), ((31,), 8), ((20, 20), 8), ((540,), 8)])
def test_a_run_that_is_longer_than_the_first_ones_is_above_them(
    lengths_s: tuple[float, ...], needed: int | None
) -> None:
    """The first runs last half a minute at most; two steps behind each other are one run."""
    said = runs_beyond(AT_SEVEN, None, line("run", 6.0, "rear", *lengths_s))
    assert (said is None) is (needed is None)
    assert said is None or f": a backward run of level {needed}, and up to level 7 they are open" in said


FIRST_RUN = Reach(7, up_to(7, 0), "your next step is the first run")


@pytest.mark.parametrize(
    ("speed_kph", "lengths_s", "said"),
    [
        (5.5, (20,), None),
        (
            5.6,
            (20,),
            "step 2, run 20 s: 5.6 km/h, and your runs go up to 5.5 km/h: your next step is the first run; what",
        ),
        (5.5, (121,), "2 min 1 s of backward runs, and yours are up to 2 min in all: your next step"),
    ],
)
def test_of_an_open_level_as_much_is_open_as_the_next_step_has(
    speed_kph: float, lengths_s: tuple[float, ...], said: str | None
) -> None:
    """On the day of the first run, which is short and slow, nobody runs as the end of that level does."""
    told = runs_beyond(FIRST_RUN, 7, line("run", speed_kph, "rear", *lengths_s))
    assert told is None if said is None else said in (told or "")


def test_a_fast_run_is_no_longer_than_those_of_the_open_steps() -> None:
    told = runs_beyond(Reach(8, up_to(8, 0), "your next step is level 8"), 8, line("run", 6.0, "rear", 61))
    assert "step 2, run 61 s: a run of 61 s, and yours last up to 60 s: your next step is level 8" in (told or "")


@pytest.mark.parametrize(
    ("bouts", "said"), [(6, None), (38, "12 min 40 s of backward runs, and yours are up to 2 min")]
)
def test_many_short_runs_are_more_than_the_few_of_the_next_step(bouts: int, said: str | None) -> None:
    text = HEAD.format(facing="rear") + (
        f"  - repeat: {bouts}\n    steps:\n      - run: 20 s\n        speed: 5.5 km/h\n"
        "      - walk: 10 s\n        speed: 2 km/h\n"
    )
    told = runs_beyond(FIRST_RUN, 7, unroll(parse_workout(text.encode(), "many"), ramp_rates(TIERS["runner"]), 0.5))
    assert told is None if said is None else said in (told or "")


def test_every_shipped_run_is_open_at_its_own_level() -> None:
    for path in shipped():
        plan = parse_workout(path.read_bytes(), str(path))
        timeline = unroll(plan, ramp_rates(TIERS["runner"]), 0.5, backward_max_kph=9.0)
        open_here = up_to(plan.level) if plan.level is not None and plan.level >= RUNNING_FROM else ()
        assert runs_beyond(Reach(plan.level, open_here, "it is"), plan.level, timeline) is None, path.stem


@pytest.mark.parametrize(
    ("level", "told"), [(None, None), (3, None), (4, "level 4 is above your next step, level 3; it earns nothing")]
)
def test_a_walk_above_the_next_step_is_told_to_earn_nothing(level: int | None, told: str | None) -> None:
    assert earns_nothing(AT_THREE, level) == told
    assert earns_nothing(Reach(None, (), "unread"), level) is None


@pytest.mark.parametrize(
    ("reach", "level", "said"),
    [
        (AT_SEVEN, 7, None),
        (AT_SEVEN, 8, "level 8 has backward runs, and up to level 7 they are open today: your next step is level 7"),
        (AT_THREE, 6, None),
        (AT_THREE, 7, "level 7 has backward runs, and none is open today: your next step is level 3"),
    ],
)
def test_a_level_of_runs_is_open_as_far_as_the_history_leads_and_walks_are(
    reach: Reach, level: int, said: str | None
) -> None:
    assert level_beyond(reach, level) == (None if said is None else f"{said}; what is open says: retrotread next")
