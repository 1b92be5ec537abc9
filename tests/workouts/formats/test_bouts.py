"""Bouts of a plan: not longer, not more, not closer together than those that are allowed."""

from __future__ import annotations

import pytest

from retrotread.workouts.formats.bouts import Bouts, beyond_bouts
from retrotread.workouts.source import parse_workout

SPRINTS = Bouts(((6, 20), (10, 30)), from_kph=4.1, rest_min_s=45.0)
ONE_WALK = Bouts(((1, 900),), from_kph=3.0)


def said(most: Bouts, *steps: str) -> str | None:
    """Of steps as "run: 30 s at 6.5", after five minutes of easy walking."""
    return of_text(most, "".join(written(one, "  ") for one in ("walk: 5 min at 2.5", *steps)))


def repeated(most: Bouts, times: int, *steps: str) -> str | None:
    text = "".join(written(one, "      ") for one in steps)
    return of_text(most, f"{written('walk: 5 min at 2.5', '  ')}  - repeat: {times}\n    steps:\n{text}")


def written(step: str, indent: str) -> str:
    what, _, speed = step.partition(" at ")
    return f"{indent}- {what}\n" + (f"{indent}  speed: {speed} km/h\n" if speed else "")


def of_text(most: Bouts, steps: str) -> str | None:
    text = f"retrotread: 1\nname: One\nfacing: rear\nsteps:\n{steps}"
    return beyond_bouts(parse_workout(text.encode(), "one"), most, "your step")


@pytest.mark.parametrize(
    ("steps", "where"),
    [
        (("run: 31 s at 6.0",), "step 2, run 31 s: a bout of 31 s"),
        (("walk: 31 s at 4.1",), "step 2, walk 31 s: a bout of 31 s"),
        (("cool down: 31 s at 6.0",), "step 2, cool down 31 s: a bout of 31 s"),
        (("run: 20 s at 6.0", "walk: 60 s at 2.5", "run: 20 s at 6.0", "run: 11 s at 6.5"), "step 4, run 20 s: a bout"),
        (("run: 60 m at 4.8 km/h -> 6.0",), "step 2, run 60 m: a bout of 45 s"),
        (("walk: 9 min at 3.2 km/h -> 4.2",), "step 2, walk 9 min: a bout of 54 s"),
    ],
)
def test_what_is_fast_on_end_is_one_bout_whatever_it_is_called(steps: tuple[str, ...], where: str) -> None:
    assert (said(SPRINTS, *steps) or "").startswith(where)


def test_a_long_bout_is_told_with_its_step_its_length_the_limit_and_the_mend() -> None:
    assert said(SPRINTS, "run: 31 s at 6.0") == (
        "step 2, run 31 s: a bout of 31 s would begin here, and none is longer than 30 s at your step; "
        "make it shorter, or put easy walking between"
    )


@pytest.mark.parametrize(
    "steps",
    [
        ("run: 30 s at 6.5",),
        ("walk: 60 min at 4.0",),
        ("walk: 9 min at 3.2 km/h -> 4.1",),
        ("cool down: 60 s at 6.0 km/h -> 2.0",),
        ("run: 30 s at 6.5", "walk: 10 s at 2.5"),
        ("run: 20 s at 6.0", "off belt: 45 s", "run: 20 s at 6.0"),
    ],
)
def test_what_is_within_is_not_spoken_of(steps: tuple[str, ...]) -> None:
    assert said(SPRINTS, *steps) is None


@pytest.mark.parametrize(
    ("times", "bout_s", "told"),
    [
        (10, 30, None),
        (11, 30, "step 22, run 30 s (11 of 11): bout 11 of 11 of up to 30 s would begin here, and there are 10 at your "
         "step; take some out"),
        (10, 15, None),
    ],
)  # fmt: skip
def test_more_bouts_than_there_are_of_that_length_are_refused(times: int, bout_s: int, told: str | None) -> None:
    assert repeated(SPRINTS, times, f"run: {bout_s} s at 6.0", "walk: 90 s at 2.5") == told


def test_of_shorter_bouts_there_may_be_more() -> None:
    blocks = Bouts(((8, 60), (2, 180)), from_kph=4.1, rest_min_s=60.0)
    assert repeated(blocks, 8, "run: 60 s at 8.0", "walk: 90 s at 2.5") is None
    told = repeated(blocks, 3, "run: 61 s at 8.0", "walk: 90 s at 2.5") or ""
    assert told.startswith("step 6, run 61 s (3 of 3): bout 3 of 3 of up to 61 s would begin here, and there are 2")


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ("walk: 45 s at 2.5", None),
        ("walk: 44 s at 2.5", "step 3, walk 44 s (1 of 10): a rest of 44 s would lie here between two bouts, and it is "
         "45 s at least at your step; make it longer"),
        ("walk: 40 m at 1.8 km/h -> 3.6", "step 3, walk 40 m (1 of 10): a rest of 40 s would lie here between two "
         "bouts, and it is 45 s at least at your step; make it longer"),
    ],
)  # fmt: skip
def test_a_rest_that_is_too_short_is_refused(rest: str, told: str | None) -> None:
    assert repeated(SPRINTS, 10, "run: 30 s at 6.0", rest) == told


@pytest.mark.parametrize(
    ("times", "told"),
    [
        (3, None),
        (4, "step 2, walk 5 min (1 of 4): what is fast from here on would last 20 min in all, and it is 15 min at your "
         "step; take some out"),
    ],
)  # fmt: skip
def test_where_the_ladder_knows_no_rest_it_is_the_time_that_counts(times: int, told: str | None) -> None:
    assert repeated(ONE_WALK, times, "walk: 5 min at 3.0", "walk: 10 s at 2.0") == told
