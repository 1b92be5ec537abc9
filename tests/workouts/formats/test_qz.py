"""Programs of qdomyos-zwift: rows and repeats, units that its writers differ in, speeds that do not count."""

from __future__ import annotations

from decimal import Decimal

import pytest

from retrotread.workouts.formats.foreign import ForeignRepeat, ForeignStep, Length, LengthIn, questions
from retrotread.workouts.formats.qz import DISTANCE_UNIT, read_qz
from retrotread.workouts.problems import WorkoutFileError


def rows(inside: str) -> bytes:
    return f"<rows>\n{inside}\n</rows>".encode()


def only_step(row: str) -> ForeignStep:
    (step,) = read_qz(rows(row), "w.xml").steps
    assert isinstance(step, ForeignStep)
    return step


def asked(row: str) -> list[str]:
    return [one.question.key for one in questions(read_qz(rows(row), "w.xml"))]


def problem(content: bytes) -> str:
    with pytest.raises(WorkoutFileError) as caught:
        read_qz(content, "w.xml")
    return str(caught.value)


def test_a_row_asks_for_the_unit_of_its_speed_and_its_incline() -> None:
    row = '<row duration="00:05:00" speed="6.0" inclination="1" forcespeed="1"/>'
    assert only_step(row).length == Length(Decimal(300), LengthIn.S)
    assert asked(row) == ["speed-unit", "incline-unit"]


def test_a_distance_counts_before_a_duration_and_asks_for_its_unit() -> None:
    row = '<row duration="00:05:00" distance="0.4" speed="6.0" forcespeed="1"/>'
    assert only_step(row).length == Length(Decimal("0.4"), DISTANCE_UNIT)
    assert asked(row) == ["distance-unit", "speed-unit"]
    assert read_qz(rows(row), "w.xml").left_out == ("a duration beside a distance: the distance counts",)


def test_a_speed_that_is_not_forced_asks_whether_it_counts() -> None:
    assert asked('<row duration="00:05:00" speed="6.0"/>') == ["speed-unit", "unforced-speed"]
    assert asked('<row duration="00:05:00" speed="6.0" forcespeed="0"/>') == ["speed-unit", "unforced-speed"]


def test_a_row_for_the_heart_asks_for_a_speed_and_tells_what_is_left_out() -> None:
    row = '<row duration="00:05:00" zonehr="2" minspeed="7" maxspeed="10" speed="-1" forcespeed="0"/>'
    assert asked(row) == ["speed-of-open-steps"]
    left_out = read_qz(rows(row), "w.xml").left_out
    assert left_out == ("the attribute zonehr", "the attribute minspeed", "the attribute maxspeed")


def test_a_ramp_has_two_ends_and_a_repeat_its_rows() -> None:
    text = (
        '<row duration="00:02:00" speedfrom="5" speedto="8"><textevent timeoffset="0" message="up"/></row>'
        '<repeat times="3"><row duration="00:01:00" speed="9" forcespeed="1"/>'
        '<repeat times="2"><row duration="00:00:30" speed="6" forcespeed="1"/></repeat></repeat>'
    )
    ramp, repeat = read_qz(rows(text), "w.xml").steps
    assert isinstance(ramp, ForeignStep)
    assert ramp.say == "up"
    assert ramp.target.start != ramp.target.end
    assert isinstance(repeat, ForeignRepeat)
    assert isinstance(repeat.steps[1], ForeignRepeat)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("<row/>", "neither a duration nor a distance"),
        ('<row duration="00:00:00"/>', "the row lasts no time at all"),
        ('<row duration="5 min"/>', "'5 min' is no duration"),
        ('<row duration="00:99:00"/>', "'00:99:00' is no duration"),
        ('<row duration="00:05:00" speedfrom="5"/>', "only one of speedfrom and speedto"),
        ('<row duration="00:05:00" speed="5" speedfrom="5" speedto="6"/>', "a speed and a ramp of speeds"),
        ('<row duration="00:05:00" speed="6,5"/>', "'6,5' has a comma"),
        ('<row duration="00:05:00" distance="-1"/>', "'-1' is below zero"),
        ('<repeat times="1000000000"><row duration="00:00:01"/></repeat>', "is above 500, the limit"),
        ('<repeat times="2"/>', "nothing is repeated"),
        ("<repeat/>", "there is no times"),
        ("<note/>", "neither a row nor a repeat"),
    ],
)
def test_a_row_that_is_wrong_is_named_with_its_line(row: str, said: str) -> None:
    text = problem(rows(row))
    assert text.startswith("w.xml:2:1: rows[0]")
    assert said in text


def test_a_file_of_another_kind_is_refused() -> None:
    assert "the outer element is <gpx>" in problem(b"<gpx/>")
