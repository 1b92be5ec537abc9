"""ZWO files as they are found: what is read, what is asked, what is refused with its place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from retrotread.workouts.formats.foreign import (
    ForeignRepeat,
    ForeignStep,
    Incline,
    InclineIn,
    Length,
    LengthIn,
    Question,
    Share,
    ShareIn,
    Speed,
    SpeedIn,
    Target,
    questions,
)
from retrotread.workouts.formats.zwo import read_zwo
from retrotread.workouts.problems import WorkoutFileError

TIMED = "<sportType>run</sportType><durationType>time</durationType>"


def zwo(steps: str, head: str = TIMED) -> bytes:
    return f"<workout_file><name>one</name>{head}\n<workout>\n{steps}\n</workout></workout_file>".encode()


def only_step(steps: str, head: str = TIMED) -> ForeignStep:
    (step,) = read_zwo(zwo(steps, head), "w.zwo").steps
    assert isinstance(step, ForeignStep)
    return step


def asked(steps: str, head: str = TIMED) -> list[str]:
    return [one.question.key for one in questions(read_zwo(zwo(steps, head), "w.zwo"))]


def problem(content: bytes) -> str:
    with pytest.raises(WorkoutFileError) as caught:
        read_zwo(content, "w.zwo")
    return str(caught.value)


def test_a_share_of_a_pace_that_the_file_names_asks_nothing() -> None:
    head = f"{TIMED}<thresholdSecPerKm>300</thresholdSecPerKm>"
    step = only_step('<SteadyState Duration="300" Power="0.75"/>', head)
    share = Share(Decimal("0.75"), ShareIn.FRACTION, Speed(Decimal(300), SpeedIn.S_PER_KM))
    assert (step.length, step.target) == (Length(Decimal(300), LengthIn.S), Target(share, share))
    assert asked('<SteadyState Duration="300" Power="0.75"/>', head) == []


def test_shares_without_a_speed_ask_for_one_by_the_name_that_the_file_gives_it() -> None:
    steady = '<SteadyState Duration="300" Power="0.75"{}/>'
    assert asked(steady.format("")) == ["speed-of-threshold"]
    assert asked(steady.format(' pace="3"')) == ["speed-of-half-marathon-pace"]
    assert asked(steady.format(""), "<sportType>bike</sportType>") == ["speed-of-full-power"]


def test_a_run_that_does_not_say_what_its_lengths_are_asks() -> None:
    assert asked('<FreeRide Duration="300"/>', "<sportType>run</sportType>") == ["length-unit", "speed-of-open-steps"]
    distance = "<sportType>run</sportType><durationType>distance</durationType>"
    assert only_step('<FreeRide Duration="300"/>', distance).length == Length(Decimal(300), LengthIn.M)


def test_what_other_programs_add_has_a_unit_to_ask_for() -> None:
    step = only_step('<SteadyState Duration="60" Speed="6.5" Incline="2"/>')
    assert asked('<SteadyState Duration="60" Speed="6.5" Slope="2"/>') == ["speed-unit", "incline-unit"]
    assert isinstance(step.target.start, Speed)
    assert isinstance(step.target.start.unit, Question)
    assert step.incline is not None
    assert isinstance(step.incline.unit, Question)
    assert set(step.incline.unit.choices) == {unit.value for unit in InclineIn}


def test_a_flat_deck_is_flat_in_every_unit() -> None:
    assert asked('<SteadyState Duration="60" Speed="6.5" Incline="0"/>') == ["speed-unit"]


def test_a_share_above_any_fraction_asks_whether_it_is_percent() -> None:
    steps = '<SteadyState Duration="60" Power="75"/><SteadyState Duration="60" Power="90"/>'
    assert asked(steps) == ["share-unit", "speed-of-threshold"]


def test_fractions_and_percent_in_one_file_contradict_each_other() -> None:
    steps = '<SteadyState Duration="60" Power="0.75"/><SteadyState Duration="60" Power="90"/>'
    assert "shares of 0.75 and of 90 stand in one file" in problem(zwo(steps))


def test_a_pace_that_counts_no_race_is_asked_about_and_beside_a_share_refused() -> None:
    assert asked('<SteadyState Duration="60" pace="240"/>') == ["pace-unit"]
    assert asked('<SteadyState Duration="60" pace="1"/>') == ["speed-of-5-km-pace"]
    assert "keep the share or the pace" in problem(zwo('<SteadyState Duration="60" Power="1" pace="240"/>'))


def test_a_band_asks_and_a_ramp_does_not_unless_its_name_says_the_other_way() -> None:
    ends = 'Duration="60" PowerLow="{}" PowerHigh="{}"'
    assert "band" in asked(f"<SteadyState {ends.format(0.5, 0.7)}/>")
    assert "band" not in asked(f"<SteadyState {ends.format(0.5, 0.5)}/>")
    for kind, first, last, odd in (
        ("Warmup", 0.5, 0.7, False),
        ("Warmup", 0.7, 0.5, True),
        ("Cooldown", 0.7, 0.5, False),
        ("Cooldown", 0.5, 0.7, True),
        ("Ramp", 0.7, 0.5, False),
    ):
        assert ("ramp-order" in asked(f"<{kind} {ends.format(first, last)}/>")) is odd, kind


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (
            '<Ramp Duration="60" Speed="6" PowerLow="0.5" PowerHigh="0.7"/>',
            "the attribute Speed of <Ramp>",
        ),
        (
            '<SteadyState Duration="60" Power="1" PowerLow="0.5" PowerHigh="0.7"/>',
            "a band beside a single target: the single one counts",
        ),
        ('<SteadyState Duration="60" Power="1" Speed="6"/>', "a share or a pace beside Speed: the speed counts"),
        ('<SteadyState Duration="60" Speed="6" pace="1"/>', "a share or a pace beside Speed: the speed counts"),
        ('<FreeRide Duration="60" Power="1"/>', "the attribute Power of <FreeRide>"),
        (
            '<IntervalsT Repeat="2" OnDuration="9" OffDuration="9" OnPower="1" OffPower="1" Power="1"/>',
            "the attribute Power of <IntervalsT>",
        ),
    ],
)
def test_what_stands_beside_the_target_that_counts_is_told(step: str, told: str) -> None:
    assert read_zwo(zwo(step), "w.zwo").left_out == (told,)


def test_a_free_step_with_a_speed_is_not_free() -> None:
    assert asked('<FreeRide Duration="60" Speed="6"/>') == ["speed-unit"]


def test_intervals_are_a_repeat_of_two_steps_with_an_incline_each() -> None:
    text = (
        '<IntervalsT Repeat="5" OnDuration="60" OffDuration="90" OnPower="1" OffPower="0.5" OnSlope="8" OffSlope="0"/>'
    )
    (item,) = read_zwo(zwo(text), "w.zwo").steps
    assert isinstance(item, ForeignRepeat)
    assert item.times == 5
    on, off = item.steps
    assert isinstance(on, ForeignStep)
    assert isinstance(off, ForeignStep)
    assert (on.length.value, off.length.value) == (Decimal(60), Decimal(90))
    assert isinstance(on.incline, Incline)
    assert isinstance(off.incline, Incline)
    assert (on.incline.value, off.incline.value) == (Decimal(8), Decimal(0))


def test_a_text_at_the_beginning_is_the_cue_and_everything_else_is_told() -> None:
    text = (
        '<SteadyState Duration="60" Power="1" Cadence="90"><textevent timeoffset="0" message="go"/>'
        '<textevent timeoffset="30" message="half"/></SteadyState><textevent message="outside"/>'
    )
    workout = read_zwo(zwo(text), "w.zwo")
    (step,) = workout.steps
    assert isinstance(step, ForeignStep)
    assert step.say == "go"
    assert workout.left_out == (
        "the attribute Cadence of <SteadyState>",
        "a text in the middle of a step",
        "<textevent> outside a step",
    )


def test_a_text_later_in_a_step_is_no_cue() -> None:
    step = '<SteadyState Duration="60" Power="1"><textevent timeoffset="30" message="half"/></SteadyState>'
    assert only_step(step).say is None


def test_lines_count_from_the_beginning_of_the_file_even_where_it_begins_with_empty_ones() -> None:
    assert problem(b"\n\n" + zwo('<SteadyState Power="1"/>')).startswith("w.zwo:5:1: ")


def test_dirty_files_are_read_and_say_so() -> None:
    content = (
        b'\n\n<workout_file><name>Don\x92t stop & go</name><workout><FreeRide Duration="60"/></workout></workout_file>'
    )
    workout = read_zwo(content, "w.zwo")
    assert workout.name == "Don\u2019t stop & go"
    assert workout.left_out == (
        "the text is not UTF-8 and was read as Windows-1252",
        "1 bare & taken as the letter &",
    )


def test_capitals_do_not_matter_and_two_values_of_one_attribute_do() -> None:
    assert only_step('<steadystate duration="60" POWER="1"/>').length.value == 60
    text = problem(zwo('<SteadyState Duration="60" Power="1" pace="1" Pace="2"/>'))
    assert "Pace is there as '1' and '2'".lower() in text.lower()


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ('<SteadyState Power="1"/>', "there is no Duration; add Duration"),
        ('<SteadyState Duration="0" Power="1"/>', "'0' is nothing"),
        ('<SteadyState Duration="-60" Power="1"/>', "'-60' is below zero"),
        ('<SteadyState Duration="nan" Power="1"/>', "'nan' is not a number"),
        ('<SteadyState Duration="1e9" Power="1"/>', "'1e9' is not a number"),
        ('<SteadyState Duration="60" Power="0,75"/>', "'0,75' has a comma"),
        ('<SteadyState Duration="60" Power="inf"/>', "'inf' is not a number"),
        ('<SteadyState Duration="60" Speed="5" Incline="2" Slope="3"/>', "Incline says 2 and Slope says 3"),
        ('<Ramp Duration="60" PowerLow="1"/>', "there is no PowerHigh beside its other end"),
        ('<IntervalsT Repeat="1000000000" OnDuration="1" OffDuration="1"/>', "'1000000000' is above 500, the limit"),
        ('<IntervalsT Repeat="1.5" OnDuration="1" OffDuration="1"/>', "'1.5' is not a whole number"),
        (
            '<IntervalsT Repeat="2" OnDuration="9" OffDuration="9" OnSpeed="6" OffSpeed="5" Incline="2" OnSlope="8"/>',
            "OnSlope says 8 and Incline says 2",
        ),
        ("<RestDay/>", "<RestDay> is no step that is known here"),
    ],
)
def test_a_step_that_is_wrong_is_named_with_its_line(step: str, said: str) -> None:
    text = problem(zwo(step))
    assert text.startswith("w.zwo:3:1: workout[0].")
    assert said in text


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("<durationType>miles</durationType>", "'miles' is no durationType"),
        ("<thresholdSecPerKm>5</thresholdSecPerKm>", "a threshold of 5 s per km is outside 100 to 3600 s"),
        ("<thresholdSecPerKm>x</thresholdSecPerKm>", "'x' is not a number"),
    ],
)
def test_a_head_that_is_wrong_is_named(head: str, said: str) -> None:
    assert said in problem(zwo('<FreeRide Duration="60"/>', head))


def test_every_wrong_step_is_told_and_none_is_taken() -> None:
    text = problem(zwo('<SteadyState Duration="60" Power="1"/><Ramp/><SteadyState Duration="x"/>'))
    assert len(text.splitlines()) == 2


def test_repeats_are_counted_before_they_are_unrolled() -> None:
    text = '<IntervalsT Repeat="400" OnDuration="1" OffDuration="1" OnPower="1" OffPower="1"/>'
    assert "unrolls to 800 steps, the limit is 500" in problem(zwo(text))


def test_a_file_of_another_kind_or_without_steps_is_refused() -> None:
    assert "the outer element is <html>" in problem(b"<html/>")
    assert "there is no <workout>" in problem(b"<workout_file/>")
    assert "there is no step in it" in problem(zwo(""))
