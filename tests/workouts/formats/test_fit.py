"""FIT workouts: what their records say. The two libraries at the edge are used where they are installed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from retrotread.workouts.formats import fit_records
from retrotread.workouts.formats.fit import from_records
from retrotread.workouts.formats.fit_records import (
    FitMissing,
    FitStep,
    FitWorkout,
    read_records,
    write_records,
)
from retrotread.workouts.formats.foreign import (
    ForeignRepeat,
    ForeignStep,
    ForeignWorkout,
    Length,
    LengthIn,
    Speed,
    SpeedIn,
    questions,
)
from retrotread.workouts.problems import WorkoutFileError

MINUTE = FitStep(0, 60_000, 0, 0, 1805, 1805)


def workout(*steps: FitStep, sport: int = 1) -> ForeignWorkout:
    return from_records(FitWorkout("one", sport, steps), "w.fit")


def problem(*steps: FitStep) -> str:
    with pytest.raises(WorkoutFileError) as caught:
        workout(*steps)
    return str(caught.value)


def test_units_are_part_of_the_format() -> None:
    first, second = workout(MINUTE, FitStep(1, 40_000, 0, 0, 1805, 1805, intensity=3, notes="easy")).steps
    assert isinstance(first, ForeignStep)
    assert isinstance(second, ForeignStep)
    assert first.length == Length(Decimal(60), LengthIn.S)
    assert first.target.start == Speed(Decimal("1.805"), SpeedIn.MPS)
    assert second.length == Length(Decimal(400), LengthIn.M)
    assert (second.cool_down, second.say) == (True, "easy")


@pytest.mark.parametrize(
    ("step", "keys"),
    [
        (MINUTE, []),
        (FitStep(0, 60_000, 0, 0, 1700, 1900), ["band"]),
        (FitStep(0, 60_000, 0, 0, 0, 0), ["speed-of-open-steps"]),
        (FitStep(0, 60_000, 0, 3), ["speed-of-speed-zone-3"]),
        (FitStep(0, 60_000, 1, 2), ["speed-of-open-steps"]),
        (FitStep(0, 60_000, 2), ["speed-of-open-steps"]),
    ],
)
def test_what_each_target_asks(step: FitStep, keys: list[str]) -> None:
    assert [one.question.key for one in questions(workout(step))] == keys


def test_a_target_that_is_no_speed_and_another_sport_are_told() -> None:
    assert workout(FitStep(0, 60_000, 1, 2), sport=2).left_out == (
        "the file is for another sport than walking or running (number 2)",
        "a heart-rate target",
    )


def test_a_repeat_goes_from_the_step_that_it_names() -> None:
    first, repeat, last = workout(MINUTE, MINUTE, MINUTE, FitStep(6, 1, 2, 4), MINUTE).steps
    assert isinstance(first, ForeignStep)
    assert isinstance(last, ForeignStep)
    assert isinstance(repeat, ForeignRepeat)
    assert (repeat.times, len(repeat.steps)) == (4, 2)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((FitStep(5, None),), "lasts until a key is pressed"),
        ((FitStep(None, None),), "lasts until a key is pressed"),
        ((FitStep(4, 300),), "no time and no distance (duration type 4)"),
        ((FitStep(0, 0),), "has no length"),
        ((FitStep(0, None),), "has no length"),
        ((MINUTE, FitStep(6, 0, 2, 1_000_000_000)), "repeats 1000000000 times; the limit is 500"),
        ((MINUTE, FitStep(6, 0, 2, 0)), "repeats 0 times"),
        ((MINUTE, FitStep(6, 7, 2, 2)), "repeats from step index 7, where no step begins"),
        ((FitStep(0, 1000, 2, index=3), FitStep(0, 1000, 2, index=1)), "the step index 1 comes after 3"),
        ((), "there is no step in it"),
    ],
)
def test_a_step_that_is_wrong_is_named(steps: tuple[FitStep, ...], said: str) -> None:
    text = problem(*steps)
    assert text.startswith("w.fit:1:1: ")
    assert said in text


def test_without_the_libraries_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit_records, "find_spec", lambda name: None)
    with pytest.raises(FitMissing, match=r"install them with: pip install 'retrotread\[fit\]'"):
        read_records(b"", "w.fit")
    with pytest.raises(FitMissing):
        write_records(FitWorkout("one", 1, (MINUTE,)))


def written() -> bytes:
    pytest.importorskip("fit_tool")
    pytest.importorskip("fitdecode")
    repeat = FitStep(6, 0, 2, 3)
    return write_records(FitWorkout("one", 1, (MINUTE, FitStep(1, 40_000, 0, 0, 833, 1805, 3, notes="easy"), repeat)))


def test_what_is_written_is_read_again() -> None:
    read = read_records(written(), "w.fit")
    assert (read.name, read.sport) == ("one", 1)
    minute, distance, repeat = read.steps
    assert (minute.duration_type, minute.duration_value, minute.low, minute.high) == (0, 60_000, 1805, 1805)
    assert (distance.duration_value, distance.low, distance.high, distance.notes) == (40_000, 833, 1805, "easy")
    assert (repeat.duration_type, repeat.duration_value, repeat.target_value) == (6, 0, 3)


def test_the_same_workout_gives_the_same_bytes() -> None:
    assert written() == written()


@pytest.mark.parametrize("cut", [0, 1, 11, 13, 14, 40, -1, -2])
def test_a_cut_file_is_refused_whole(cut: int) -> None:
    with pytest.raises(WorkoutFileError) as caught:
        read_records(written()[:cut], "w.fit")
    assert str(caught.value).startswith("w.fit:1:")


def test_a_changed_byte_is_seen_by_its_check_sum() -> None:
    content = bytearray(written())
    content[60] ^= 1
    with pytest.raises(WorkoutFileError, match="not a whole FIT file"):
        read_records(bytes(content), "w.fit")


def test_a_file_beyond_its_bounds_is_not_read() -> None:
    pytest.importorskip("fitdecode")
    with pytest.raises(WorkoutFileError, match="is larger than 256 KiB"):
        read_records(bytes(256 * 1024 + 1), "w.fit")
