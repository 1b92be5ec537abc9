"""The workout text of intervals.icu: lengths, targets, repeats, and what is a trap in it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from retrotread.workouts.formats.foreign import (
    ForeignRepeat,
    ForeignStep,
    Length,
    LengthIn,
    Speed,
    SpeedIn,
    questions,
)
from retrotread.workouts.formats.icu import read_icu
from retrotread.workouts.problems import WorkoutFileError


def only_step(line: str) -> ForeignStep:
    (step,) = read_icu(line.encode(), "w.txt").steps
    assert isinstance(step, ForeignStep)
    return step


def asked(text: str) -> list[str]:
    return [one.question.key for one in questions(read_icu(text.encode(), "w.txt"))]


def problem(text: str) -> str:
    with pytest.raises(WorkoutFileError) as caught:
        read_icu(text.encode(), "w.txt")
    return str(caught.value)


@pytest.mark.parametrize(
    ("word", "length"),
    [
        ("10m", Length(Decimal(600), LengthIn.S)),
        ("30s", Length(Decimal(30), LengthIn.S)),
        ("1h2m30s", Length(Decimal(3750), LengthIn.S)),
        ("5m30s", Length(Decimal(330), LengthIn.S)),
        ("1m30", Length(Decimal(90), LengthIn.S)),
        ("5'", Length(Decimal(300), LengthIn.S)),
        ('30"', Length(Decimal(30), LengthIn.S)),
        ("1'30\"", Length(Decimal(90), LengthIn.S)),
        ("400mtr", Length(Decimal(400), LengthIn.M)),
        ("0.4km", Length(Decimal("0.4"), LengthIn.KM)),
        ("4.5mi", Length(Decimal("4.5"), LengthIn.MI)),
    ],
)
def test_lengths(word: str, length: Length) -> None:
    assert only_step(f"- {word} 6:00/km Pace").length == length


def test_m_is_minutes_and_from_a_hundred_on_it_is_asked_about() -> None:
    assert only_step("- 99m 6:00/km Pace").length == Length(Decimal(5940), LengthIn.S)
    assert asked("- 100m 6:00/km Pace") == ["m-unit"]
    assert asked("- 1h40m 6:00/km Pace") == []


@pytest.mark.parametrize(
    ("target", "keys"),
    [
        ("6:00/km Pace", []),
        ("6:00/km", []),
        ("7:15-7:00/km Pace", ["band"]),
        ("ramp 7:15-7:00/km pace", []),
        ("6:00 Pace", ["pace-unit"]),
        ("80% Pace", ["speed-of-threshold"]),
        ("80-90% Pace", ["speed-of-threshold", "band"]),
        ("ramp 60%-90% Pace", ["speed-of-threshold"]),
        ("75%", ["speed-of-full-power"]),
        ("220w", ["speed-of-220-w"]),
        ("Z2 Pace", ["speed-of-pace-zone-z2"]),
        ("Z2", ["speed-of-zone-z2"]),
        ("70% HR", ["speed-of-open-steps"]),
        ("Z2 HR", ["speed-of-open-steps"]),
        ("95% LTHR", ["speed-of-open-steps"]),
        ("freeride", ["speed-of-open-steps"]),
        ("", ["speed-of-open-steps"]),
        ("10.5km/h", []),
        ("60% MMP 5m", ["speed-of-full-power"]),
        ("6:00/km Pace 90rpm", []),
    ],
)
def test_what_each_target_asks(target: str, keys: list[str]) -> None:
    assert asked(f"- 10m {target}") == keys


@pytest.mark.parametrize(
    ("pace", "speed"),
    [
        ("5:00/km", Speed(Decimal(300), SpeedIn.S_PER_KM)),
        ("8:00/mi", Speed(Decimal(480), SpeedIn.S_PER_MI)),
        ("2:00/400m", Speed(Decimal(300), SpeedIn.S_PER_KM)),
    ],
)
def test_a_pace_is_of_its_distance(pace: str, speed: Speed) -> None:
    assert only_step(f"- 5m {pace} Pace").target.start == speed


def test_what_stands_before_the_length_is_the_cue() -> None:
    assert only_step("- tall, eyes level 10m 6:00/km Pace").say == "tall, eyes level"


def test_repeats_end_at_an_empty_line_or_a_heading() -> None:
    text = "Warmup\n- 5m 7:00/km\n\nMain Set 4x\n- 1m 5:00/km\n- 1m 7:00/km\n\n- 2m 7:00/km\n\nCooldown\n- 5m 8:00/km\n"
    first, repeat, between, last = read_icu(text.encode(), "w.txt").steps
    assert isinstance(repeat, ForeignRepeat)
    assert (repeat.times, len(repeat.steps)) == (4, 2)
    assert isinstance(first, ForeignStep)
    assert isinstance(between, ForeignStep)
    assert isinstance(last, ForeignStep)
    assert (first.cool_down, between.cool_down, last.cool_down) == (False, False, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- easy 6:00/km", "there is no length in"),
        ("- 0m 6:00/km", "0m is no time and no distance"),
        ("10m 6:00/km", "looks like a step without its dash"),
        ("- 10m 0:00/km", "a pace of nothing is no speed"),
        ("- 10m 6:00/km 5:00/km", "the step has two targets"),
        ("- 10m 6:00/km-5:00/mi", "has two different distances"),
        ("- 10m 5:00/300m", "paces /300m are not known here"),
        ("- 10m level7", "'level7' is no target that is known here"),
        ("1000000000x\n- 1m 6:00/km", "'1000000000' is above 500, the limit"),
        ("0x\n- 1m 6:00/km", "'0' is nothing"),
        ("3x\n\nend", "nothing is repeated here"),
        ("", "there is no step in it"),
        ("- " + "a" * 600 + " 5m", "the line has 605 characters, the limit is 500"),
    ],
)
def test_a_line_that_is_wrong_is_named(text: str, said: str) -> None:
    line = problem(text)
    assert said in line
    assert line.startswith("w.txt:1:1: ")


def test_more_lines_than_a_workout_has_are_not_read() -> None:
    assert "has 2001 lines, the limit is 2000" in problem("- 1m 6:00/km\n" * 2001)
