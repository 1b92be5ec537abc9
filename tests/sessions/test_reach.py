"""What of a workout is beyond somebody's history."""

from __future__ import annotations

import pytest

from retrotread.safety.tiers import TIERS
from retrotread.sessions.preflight import ramp_rates
from retrotread.sessions.reach import Reach, earns_nothing, runs_beyond
from retrotread.workouts.source import parse_workout
from retrotread.workouts.timeline import Timeline, unroll

AT_SEVEN = Reach(7, 7, "your next step is level 7")
AT_THREE = Reach(3, None, "your next step is level 3")

HEAD = "retrotread: 1\nname: One\nfacing: {facing}\nsteps:\n  - walk: 5 min\n    speed: 2 km/h\n"


def line(kind: str, speed_kph: float, facing: str = "rear") -> Timeline:
    text = HEAD.format(facing=facing) + f"  - {kind}: 30 s\n    speed: {speed_kph} km/h\n"
    return unroll(parse_workout(text.encode(), "one"), ramp_rates(TIERS["runner"]), 0.5)


@pytest.mark.parametrize(
    ("level", "kind", "speed_kph", "needed"),
    [
        (None, "run", 6.0, None),
        (None, "run", 6.6, 8),
        (3, "run", 7.0, 8),
        (8, "run", 6.0, 8),
        (None, "walk", 6.6, 8),
        (8, "walk", 6.5, None),
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


@pytest.mark.parametrize(
    ("level", "told"), [(None, None), (3, None), (4, "level 4 is above your next step, level 3; it earns nothing")]
)
def test_a_walk_above_the_next_step_is_told_to_earn_nothing(level: int | None, told: str | None) -> None:
    assert earns_nothing(AT_THREE, level) == told
    assert earns_nothing(Reach(None, None, "unread"), level) is None
