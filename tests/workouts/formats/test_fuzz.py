"""Files that nobody would write: each gives a workout that is ours through and through, or a sentence; never a half.

A few each time; ``FORMATS_FUZZ=20000`` is how many of each kind, and ``--hypothesis-profile=default`` searches anew.
"""

from __future__ import annotations

import math
import os
from importlib.util import find_spec

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrotread.workouts.formats.fit import from_records
from retrotread.workouts.formats.fit_records import FitStep, FitWorkout, read_records, write_records
from retrotread.workouts.formats.foreign import ForeignWorkout, Format, questions
from retrotread.workouts.formats.importing import READERS
from retrotread.workouts.formats.settling import settled
from retrotread.workouts.problems import WorkoutFileError
from retrotread.workouts.source import parse_workout

EXAMPLES = int(os.environ.get("FORMATS_FUZZ", "40"))
"""Of each kind; together some seconds."""

FUZZED = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
SEEDS = {
    Format.ZWO: (
        b"<?xml version='1.0' encoding='UTF-8'?>\n<workout_file><name>one</name><sportType>run</sportType>"
        b"<durationType>time</durationType><thresholdSecPerKm>300</thresholdSecPerKm><workout>"
        b'<Warmup Duration="300" PowerLow="0.5" PowerHigh="0.7" pace="1"/><IntervalsT Repeat="4" OnDuration="60" '
        b'OffDuration="60" OnPower="1" OffPower="0.5" Incline="2"/><SteadyState Duration="60" Speed="6" Slope="1">'
        b'<textevent timeoffset="0" message="go"/></SteadyState></workout></workout_file>'
    ),
    Format.ICU: (
        b"Warmup\n- easy 10m ramp 7:00-6:00/km Pace\n\nMain 4x\n- 1m30 5:00/km 90rpm\n- 400mtr 80-90% Pace\n\n"
        b"Cooldown\n- 2km Z1 HR\n"
    ),
    Format.QZ: (
        b'<rows><row duration="00:05:00" speed="6.0" inclination="1" forcespeed="1"/><repeat times="3">'
        b'<row distance="0.4" speedfrom="5" speedto="8"><textevent timeoffset="0" message="up"/></row></repeat></rows>'
    ),
}
VALUES = st.one_of(
    st.sampled_from(["0", "-1", "60", "1e9", "nan", "inf", "0.75", "75", "1000000000", "0,5", "", " 5 ", "5.", ".5"]),
    st.decimals(allow_nan=True, allow_infinity=True).map(str),
    st.text(max_size=10),
)


def judged(read: ForeignWorkout) -> None:
    """With any answers: a plan that our own reader takes, of steps that a belt can have, or sentences with a place."""
    answers = {
        one.question.key: one.question.choices[0] if one.question.choices else "5 km/h" for one in questions(read)
    }
    try:
        done = settled(read, answers, "title")
    except WorkoutFileError as error:
        told(error)
        return
    assert parse_workout(done.text.encode(), read.file) == done.plan
    for step in done.plan.planned_steps():
        assert all(math.isfinite(end.speed_kph) and 0 < end.speed_kph <= 30 for end in (step.start, step.end))
        assert all(0 <= end.incline_percent <= 40 for end in (step.start, step.end))
    assert all(note.isprintable() for note in done.notes)


def told(error: WorkoutFileError) -> None:
    assert error.problems
    for problem in error.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.message
        assert problem.mend
        assert str(problem).isprintable(), repr(str(problem))


def tried(form: Format, content: bytes) -> None:
    try:
        read = READERS[form](content, "w")
    except WorkoutFileError as error:
        told(error)
    else:
        judged(read)


@st.composite
def damaged(draw: st.DrawFn, seed: bytes) -> bytes:
    """A good file with a few bytes changed, taken out, put in or doubled."""
    content = bytearray(seed)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(content) - 1)))
        match draw(st.sampled_from(["set", "cut", "put", "end", "twice"])):
            case "set" if content:
                content[at] = draw(st.integers(0, 255))
            case "cut":
                del content[at : at + draw(st.integers(1, 20))]
            case "put":
                content[at:at] = draw(st.one_of(st.binary(max_size=8), VALUES.map(lambda text: text.encode("utf-8"))))
            case "end":
                del content[at:]
            case _:
                content[at:at] = content[at : at + draw(st.integers(1, 40))]
    return bytes(content)


@pytest.mark.parametrize("form", SEEDS)
def test_the_seeds_are_good(form: Format) -> None:
    judged(READERS[form](SEEDS[form], "w"))


@pytest.mark.parametrize("form", SEEDS)
@FUZZED
@given(data=st.data())
def test_a_damaged_file(form: Format, data: st.DataObject) -> None:
    tried(form, data.draw(damaged(SEEDS[form])))


@pytest.mark.parametrize("form", SEEDS)
@FUZZED
@given(content=st.binary(max_size=200))
def test_any_bytes(form: Format, content: bytes) -> None:
    tried(form, content)


ZWO_NAMES = st.sampled_from(
    ["Duration", "Power", "PowerLow", "PowerHigh", "Speed", "Incline", "Slope", "pace", "Repeat"]
)
QZ_NAMES = st.sampled_from(["duration", "distance", "speed", "speedfrom", "speedto", "inclination", "forcespeed"])
ELEMENTS = st.sampled_from(["SteadyState", "Warmup", "Cooldown", "Ramp", "IntervalsT", "FreeRide", "textevent", "x"])


def element(name: str, attributes: dict[str, str]) -> str:
    """An element with these attributes; what XML has no place for is left out of the values."""
    texts = ("".join(c for c in value if c.isprintable() and c not in "<&\"'") for value in attributes.values())
    pairs = (f'{key}="{text}"' for key, text in zip(attributes, texts, strict=True))
    return f"<{name} {' '.join(pairs)}/>"


@FUZZED
@given(st.lists(st.tuples(ELEMENTS, st.dictionaries(ZWO_NAMES, VALUES, max_size=5)), max_size=4), st.booleans())
def test_any_values_in_zwo(steps: list[tuple[str, dict[str, str]]], runs: bool) -> None:
    sport = "<sportType>run</sportType>" if runs else ""
    inside = "".join(element(name, attributes) for name, attributes in steps)
    tried(Format.ZWO, f"<workout_file>{sport}<workout>{inside}</workout></workout_file>".encode("utf-8", "replace"))


@FUZZED
@given(st.lists(st.dictionaries(QZ_NAMES, VALUES, max_size=5), max_size=4))
def test_any_values_in_qz(rows: list[dict[str, str]]) -> None:
    inside = "".join(element("row", attributes) for attributes in rows)
    tried(Format.QZ, f"<rows>{inside}</rows>".encode("utf-8", "replace"))


KNOWN_WORDS = (
    "10m 400mtr 1h 0s 6:00/km 0:00/km 7:00-6:00/mi 80% 80-90% Z2 Z2-Z3 220w Pace HR LTHR MMP ramp freeride 90rpm 5x "
    "easy 5.5km/h - press lap"
)
WORDS = st.one_of(st.sampled_from(KNOWN_WORDS.split()), st.text(max_size=6))


@FUZZED
@given(st.lists(st.lists(WORDS, max_size=7).map(" ".join), max_size=6))
def test_any_words_in_icu(lines: list[str]) -> None:
    tried(Format.ICU, "\n".join(f"- {line}" if line else "" for line in lines).encode("utf-8", "replace"))


NUMBERS = st.one_of(st.none(), st.integers(0, 8), st.sampled_from([60_000, 1805, 2**31, 2**32 - 2]))
STEPS = st.builds(
    FitStep, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.none(), st.text(max_size=5)
)


@FUZZED
@given(st.lists(STEPS, max_size=6))
def test_any_records_of_fit(steps: list[FitStep]) -> None:
    try:
        read = from_records(FitWorkout("one", 1, tuple(steps)), "w.fit")
    except WorkoutFileError as error:
        told(error)
    else:
        judged(read)


@pytest.mark.skipif(find_spec("fit_tool") is None or find_spec("fitdecode") is None, reason="the extra fit is missing")
@FUZZED
@given(data=st.data())
def test_a_damaged_fit_file(data: st.DataObject) -> None:
    minute = FitStep(0, 60_000, 0, 0, 1805, 1805, notes="easy")
    seed = write_records(FitWorkout("one", 1, (minute, minute, FitStep(6, 0, 2, 3))))
    content = data.draw(damaged(seed))
    try:
        read_records(content, "w.fit")
    except WorkoutFileError as error:
        told(error)
    tried(Format.FIT, content)
