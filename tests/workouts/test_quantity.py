"""Quantities: a number and a unit, always both, and nothing that two people read differently."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.workouts.quantity import (
    DISTANCE_MAX_M,
    DISTANCE_MIN_M,
    INCLINE_MAX_PERCENT,
    LENGTH_MAX_S,
    LENGTH_MIN_S,
    SPEED_MAX_KPH,
    Distance,
    Duration,
    QuantityError,
    Range,
    Share,
    distance_text,
    duration_text,
    incline_text,
    length_text,
    parse_duration_s,
    parse_incline_percent,
    parse_length,
    parse_range,
    parse_speed,
    parse_speed_kph,
    speed_text,
)

DURATIONS = {
    "60 s": 60.0,
    "5 min": 300.0,
    "1 h": 3600.0,
    "1 min 30 s": 90.0,
    "1 h 5 min 30 s": 3930.0,
    "90s": 90.0,
    "7.5 s": 7.5,
    "1.5 min": 90.0,
}

SPEEDS = {
    "3.0 km/h": 3.0,
    "3 km/h": 3.0,
    "0.85km/h": 0.85,
    "2 mph": 3.218688,
    "1.2 m/s": 4.32,
    "0.1 m/s": 0.36,
}

DISTANCES = {
    "400 m": 400.0,
    "0.4 km": 400.0,
    "0.25 mi": 402.336,
    "400m": 400.0,
    "10 m": 10.0,
    "50 km": 50_000.0,
}

NO_QUANTITIES = (
    "",
    " ",
    "5",
    "5.",
    ".5 km/h",
    "010 km/h",
    "1:30",
    "1e3 km/h",
    "1_000 s",
    "-1 km/h",
    "-0.0 km/h",
    "+1 km/h",
    "nan km/h",
    "inf km/h",
    ".nan",
    "1e-320 km/h",
    "1e308 km/h",
    "1,5 km/h",
    "３ km/h",
    "1３ km/h",
    "1.３ km/h",
    "٣ km/h",
    "3 kmh",
    "3 KM/H",
    "3  km/h",
    " 3 km/h",
    "3 km/h ",
    "3 km/h\n",
    "5 sec",
    "30 s 1 min",
    "1 min 1 min",
    " 5 min",
    "5 °",
    "5 percent",
    "9" * 5000 + " s",
)


@pytest.mark.parametrize(("text", "seconds"), DURATIONS.items())
def test_a_duration_is_its_seconds(text: str, seconds: float) -> None:
    assert parse_duration_s(text) == seconds


@pytest.mark.parametrize(("text", "kph"), SPEEDS.items())
def test_a_speed_is_its_km_h_exactly(text: str, kph: float) -> None:
    assert parse_speed_kph(text) == kph


def test_an_incline_is_its_percent() -> None:
    assert [parse_incline_percent(text) for text in ("0 %", "5 %", "2.5%")] == [0.0, 5.0, 2.5]


@pytest.mark.parametrize(("text", "metres"), DISTANCES.items())
def test_a_distance_is_its_metres_exactly(text: str, metres: float) -> None:
    assert parse_length(text) == Distance(metres)


def test_a_length_is_a_distance_or_a_duration() -> None:
    assert parse_length("15 min") == Duration(900.0)
    assert parse_length("15 m") == Distance(15.0)
    assert parse_length("1 min 30 s") == Duration(90.0)
    assert parse_length("1 mi") == Distance(1609.344)


def test_a_speed_with_a_percent_sign_is_a_share() -> None:
    assert parse_speed("60 %") == Share(60.0)
    assert parse_speed("100%") == Share(100.0)
    assert parse_speed("0.001 %") == Share(0.001)
    assert parse_speed("3 km/h") == 3.0


@pytest.mark.parametrize("text", [*NO_QUANTITIES, "400", "400 yd", "1 km 200 m", "400  m", "4e2 m", "-400 m", "400 M"])
def test_what_two_people_may_read_differently_is_no_quantity(text: str) -> None:
    for parse in (parse_duration_s, parse_length, parse_speed, parse_speed_kph, parse_incline_percent):
        with pytest.raises(QuantityError):
            parse(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("5", "'5' has no unit"),
        ("five minutes", "'five minutes' is not a duration"),
        ("400 m", "'400 m' is a distance, and only a time can stand here"),
        ("0 s", "'0 s' is outside 1 s to 4 h"),
        ("0.999 s", "'0.999 s' is outside 1 s to 4 h"),
        ("5 h", "'5 h' is outside 1 s to 4 h"),
    ],
)
def test_a_refused_duration_says_what_it_is(text: str, message: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_duration_s(text)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("3.0", "'3.0' has no unit"),
        ("80 %", "'80 %' is not a speed"),
        ("0 km/h", "'0 km/h' is a belt that stands"),
        ("31 km/h", "'31 km/h' is 31.0 km/h, above 30.0 km/h"),
        ("20 mph", "'20 mph' is 32.19 km/h, above 30.0 km/h"),
    ],
)
def test_a_refused_speed_says_what_it_is(text: str, message: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_speed_kph(text)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("400", "'400' has no unit"),
        ("a lap", "'a lap' is not a length"),
        ("0 m", "'0 m' is outside 10 m to 50 km"),
        ("9.999 m", "'9.999 m' is outside 10 m to 50 km"),
        ("50.001 km", "'50.001 km' is outside 10 m to 50 km"),
        ("5 h", "'5 h' is outside 1 s to 4 h"),
    ],
)
def test_a_refused_length_says_what_it_is(text: str, message: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_length(text)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0 %", "'0 %' of a speed is a belt that stands"),
        ("100.001 %", "'100.001 %' is above 100 %"),
        ("60", "'60' has no unit"),
    ],
)
def test_a_refused_share_says_what_it_is(text: str, message: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_speed(text)
    assert caught.value.message == message


def test_an_incline_beyond_every_deck_is_refused() -> None:
    with pytest.raises(QuantityError, match="'41 %' is above 40 %"):
        parse_incline_percent("41 %")


def test_an_arrow_makes_a_range_and_a_single_quantity_one_that_does_not_move() -> None:
    assert parse_range("1.5 km/h -> 3.0 km/h", parse_speed_kph) == Range(1.5, 3.0)
    assert parse_range("1.5 km/h->3.0 km/h", parse_speed_kph) == Range(1.5, 3.0)
    assert parse_range("5 %", parse_incline_percent) == Range(5.0, 5.0)
    assert parse_range("60 % -> 5 km/h", parse_speed) == Range(Share(60.0), 5.0)


@pytest.mark.parametrize("text", ["1.5 -> 3.0 km/h", "1.5 km/h -> 3.0", "1 km/h ->", "-> 1 km/h", "->"])
def test_both_ends_of_a_range_have_their_unit(text: str) -> None:
    with pytest.raises(QuantityError):
        parse_range(text, parse_speed_kph)


def test_a_range_has_one_arrow() -> None:
    with pytest.raises(QuantityError, match="more than one arrow"):
        parse_range("1 km/h -> 2 km/h -> 1 km/h", parse_speed_kph)


def test_a_message_never_repeats_a_long_or_obeyed_text() -> None:
    with pytest.raises(QuantityError) as caught:
        parse_speed_kph("\x1b[2J" + "9" * 5000)
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (7.5, "7.5 s"),
        (60, "60 s"),
        (90, "90 s"),
        (119.99, "119.99 s"),
        (120, "2 min"),
        (150, "2 min 30 s"),
        (3600, "1 h"),
        (3930, "1 h 5 min 30 s"),
    ],
)
def test_a_duration_is_written_as_people_say_it(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    ("metres", "text"),
    [(10, "10 m"), (402.336, "402.34 m"), (400, "400 m"), (1000, "1 km"), (1234, "1.234 km"), (1609.344, "1.609 km")],
)
def test_a_distance_is_written_as_people_say_it(metres: float, text: str) -> None:
    assert distance_text(metres) == text


def test_a_length_is_written_as_what_it_is() -> None:
    assert [length_text(one) for one in (Duration(300.0), Distance(300.0))] == ["5 min", "300 m"]


def test_speeds_and_inclines_are_written_as_consoles_show_them() -> None:
    assert [speed_text(kph) for kph in (3, 0.85, 6.5)] == ["3.0 km/h", "0.85 km/h", "6.5 km/h"]
    assert [incline_text(percent) for percent in (0, 2.5)] == ["0 %", "2.5 %"]


@given(st.text(max_size=40))
def test_any_text_is_a_quantity_in_its_bounds_or_is_refused_in_a_sentence(text: str) -> None:
    for parse, lowest, highest in (
        (parse_duration_s, LENGTH_MIN_S, LENGTH_MAX_S),
        (parse_speed_kph, 0, SPEED_MAX_KPH),
        (parse_incline_percent, 0, INCLINE_MAX_PERCENT),
    ):
        try:
            value, said = parse(text), "write"
        except QuantityError as error:
            value, said = highest, error.mend
        assert lowest <= value <= highest
        assert said.startswith(("write", "give", "look", "leave"))


@given(st.integers(min_value=1, max_value=3000))
def test_a_speed_that_was_written_is_read_again(ckph: int) -> None:
    assert parse_speed_kph(speed_text(ckph / 100)) == ckph / 100


@given(st.integers(min_value=DISTANCE_MIN_M, max_value=DISTANCE_MAX_M))
def test_a_distance_that_was_written_is_read_again(metres: int) -> None:
    assert parse_length(distance_text(metres)) == Distance(metres)


@given(st.integers(min_value=1, max_value=LENGTH_MAX_S))
def test_a_duration_that_was_written_is_read_again(seconds: int) -> None:
    assert parse_duration_s(duration_text(seconds)) == seconds
