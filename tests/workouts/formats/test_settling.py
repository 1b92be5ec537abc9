"""From a foreign workout and its answers to a file of ours: every unit, nothing silent, nothing in part."""

from __future__ import annotations

import pytest

from retrotread.machine import Facing
from retrotread.workouts.formats.importing import parse_foreign
from retrotread.workouts.formats.settling import AnswerError, Settled, Unanswered, settled
from retrotread.workouts.problems import WorkoutFileError
from retrotread.workouts.steps import PlannedStep

ROW = '<rows><row duration="00:05:00" speed="{}" inclination="{}" forcespeed="1"/></rows>'


def made(text: str, **answers: str) -> Settled:
    foreign = parse_foreign(text.encode(), "w.txt")
    return settled(foreign, {key.replace("_", "-"): value for key, value in answers.items()}, "title")


def only_step(text: str, **answers: str) -> PlannedStep:
    (step,) = made(text, **answers).plan.planned_steps()
    return step


@pytest.mark.parametrize(
    ("unit", "kph"),
    [("km/h", 6.0), ("mph", 9.656064), ("m/s", 21.6), ("min/km", 10.0), ("min/mi", 16.093)],
)
def test_the_same_number_is_another_speed_in_every_unit(unit: str, kph: float) -> None:
    assert only_step(ROW.format("6.0", "0"), speed_unit=unit).start.speed_kph == pytest.approx(kph, abs=1e-9)


@pytest.mark.parametrize(
    ("unit", "value", "percent"),
    [("percent", "5", 5.0), ("fraction", "0.05", 5.0), ("degrees", "5", 8.748)],
)
def test_the_same_number_is_another_incline_in_every_unit(unit: str, value: str, percent: float) -> None:
    step = only_step(ROW.format("6.0", value), speed_unit="km/h", incline_unit=unit)
    assert step.start.incline_percent == percent


def test_an_imported_workout_is_a_forward_one() -> None:
    plan = made("- 10m 6:00/km Pace").plan
    assert plan.facing is Facing.CONSOLE
    assert plan.level is None


@pytest.mark.parametrize(("band", "kph"), [("slow", 8.0), ("middle", 9.0), ("fast", 10.0)])
def test_a_band_runs_where_somebody_says(band: str, kph: float) -> None:
    step = only_step("- 10m 7:30-6:00/km Pace", band=band)
    assert (step.start.speed_kph, step.end.speed_kph) == (kph, kph)


def test_a_hundred_m_are_what_somebody_says() -> None:
    assert only_step("- 100m 6:00/km", m_unit="min").length_s == 6000
    assert only_step("- 100m 6:00/km", m_unit="m").length_m == 100


def test_a_ramp_keeps_its_order_or_is_turned_round() -> None:
    zwo = (
        "<workout_file><thresholdSecPerKm>360</thresholdSecPerKm><workout>"
        '<Cooldown Duration="300" PowerLow="0.4" PowerHigh="0.6"/></workout></workout_file>'
    )
    assert only_step(zwo, ramp_order="as-written").start.speed_kph == 4.0
    assert only_step(zwo, ramp_order="turned-round").start.speed_kph == 6.0


def test_a_share_is_of_the_speed_that_was_given() -> None:
    assert only_step("- 10m 80% Pace", speed_of_threshold="12.5 km/h").start.speed_kph == 10.0


def test_speeds_are_rounded_down_only() -> None:
    assert only_step("- 10m 9:14/km Pace").start.speed_kph == 6.498  # 3600 / 554 is 6.49819...


def test_walking_running_and_cooling_down_are_told_from_speed_and_place() -> None:
    text = "- 5m 10:00/km\n- 5m 6:00/km\n- 5m 8:20/km\n\nCooldown\n- 2m 12:00/km\n"
    assert [step.kind.value for step in made(text).plan.planned_steps()] == ["walk", "run", "run", "cool down"]


def test_the_file_says_where_it_comes_from_and_what_was_answered() -> None:
    head = made(ROW.format("6.0", "0"), speed_unit="mph").text.splitlines()[:2]
    assert head == ["# Imported from a qdomyos-zwift program, w.txt.", "# Answers: speed-unit=mph."]


def test_without_an_answer_there_is_nothing_but_the_questions() -> None:
    with pytest.raises(Unanswered) as caught:
        made(ROW.format("6.0", "2"), speed_unit="km/h")
    assert [one.question.key for one in caught.value.asked] == ["incline-unit"]
    assert str(caught.value).startswith("w.txt:1: rows[0]: an incline without a unit")


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"speed-unit": "knots"}, "speed-unit: 'knots' is no answer; write km/h or mph or m/s or min/km or min/mi"),
        ({"colour": "red"}, "'colour' is no question of this file; it asks for speed-unit"),
    ],
)
def test_an_answer_that_answers_nothing_is_refused(answers: dict[str, str], said: str) -> None:
    foreign = parse_foreign(ROW.format("6.0", "0").encode(), "w.xml")
    with pytest.raises(AnswerError) as caught:
        settled(foreign, answers, "title")
    assert str(caught.value) == said


def test_a_speed_as_an_answer_needs_its_unit() -> None:
    with pytest.raises(AnswerError, match="speed-of-threshold: '12' has no unit"):
        made("- 10m 80% Pace", speed_of_threshold="12")


@pytest.mark.parametrize(
    ("text", "answers", "said"),
    [
        (ROW.format("0", "0"), {"speed_unit": "km/h"}, "rows[0]: '0.0 km/h' is a belt that stands"),
        (ROW.format("20", "0"), {"speed_unit": "mph"}, "is 32.19 km/h, above 30.0 km/h"),
        (ROW.format("6", "-2"), {"speed_unit": "km/h", "incline_unit": "percent"}, "an incline of -2 % is downhill"),
        (ROW.format("6", "5"), {"speed_unit": "km/h", "incline_unit": "fraction"}, "'500 %' is above 40 %"),
        (ROW.format("6", "60"), {"speed_unit": "km/h", "incline_unit": "degrees"}, "60 degrees is no treadmill"),
        ("- 13h20m 6:00/km", {}, "'13 h 20 min' is outside 1 s to 4 h"),
        ("- 800m 6:00/km", {"m_unit": "min"}, "'800 min' is outside 1 s to 4 h"),
        ("- 5mtr 6:00/km", {}, "'5 m' is outside 10 m to 50 km"),
        ("20x\n- 1h 6:00/km", {}, "the plan lasts 20 h, the limit is 4 h"),
    ],
)
def test_what_our_format_cannot_hold_is_refused_and_never_bent(text: str, answers: dict[str, str], said: str) -> None:
    with pytest.raises(WorkoutFileError) as caught:
        made(text, **answers)
    assert said in str(caught.value)
    assert str(caught.value).startswith("w.txt:1:")


def test_texts_that_are_too_long_or_hidden_are_changed_and_it_is_told() -> None:
    name = "n" * 100 + "\u202e"
    zwo = (
        f"<workout_file><name>{name}</name><workout>"
        f'<FreeRide Duration="60"><textevent timeoffset="0" message="{"c" * 300}"/></FreeRide>'
        "</workout></workout_file>"
    )
    done = made(zwo, speed_of_open_steps="5 km/h")
    assert done.plan.name == "n" * 80
    assert done.notes == (
        "the name had characters that nobody can see; they were left out",
        "the name had 100 characters; it was cut to 80",
        "a cue had 300 characters; it was cut to 200",
    )


def test_a_file_without_a_name_is_called_after_itself() -> None:
    assert made("- 10m 6:00/km Pace").plan.name == "title"
