"""Reports of a treadmill as machines really send them: cut, padded, split, with fields of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from retrotread.devices.ftms.codec import (
    Anomaly,
    Decoded,
    Oddity,
    TreadmillData,
    decode_treadmill_data,
    encode_treadmill_data,
)

FULL = TreadmillData(
    speed_kph=8.13,
    average_speed_kph=7.5,
    distance_m=66051,
    incline_percent=-1.5,
    ramp_angle_degrees=2.5,
    climb_m=12.3,
    descent_m=4.5,
    pace_raw=100,
    average_pace_raw=120,
    energy_kcal=500,
    energy_per_hour_kcal=600,
    energy_per_minute_kcal=10,
    heart_rate_bpm=150,
    metabolic_equivalent=8.5,
    elapsed_s=3600,
    remaining_s=600,
    belt_force_n=-20,
    power_w=250,
    steps=70000,
)
BEFORE_THE_PACE = ("speed_kph", "average_speed_kph", "distance_m", "incline_percent", "climb_m", "descent_m")
BEHIND_THE_PACE = ("energy_kcal", "heart_rate_bpm", "elapsed_s", "remaining_s", "power_w", "steps")


def what(read: Decoded[TreadmillData]) -> list[Oddity]:
    return [anomaly.what for anomaly in read.anomalies]


def test_the_smallest_report_is_a_speed() -> None:
    assert decode_treadmill_data(bytes.fromhex("00002d03")) == Decoded(TreadmillData(speed_kph=8.13))


@pytest.mark.parametrize(("pace_bytes", "octets"), [(1, 37), (2, 39)])
def test_the_width_of_a_pace_is_found_from_the_length_of_a_whole_report(pace_bytes: int, octets: int) -> None:
    frame = encode_treadmill_data(FULL, pace_bytes)
    assert len(frame) == octets
    assert decode_treadmill_data(frame) == Decoded(FULL)


@pytest.mark.parametrize("pace_bytes", [1, 2])
@pytest.mark.parametrize("flags", [1 << 5, 1 << 6, 1 << 5 | 1 << 6])
def test_a_reserved_bit_13_without_steps_still_gives_the_width_away(pace_bytes: int, flags: int) -> None:
    pace, average = (100 if flags & 1 << 5 else None), (120 if flags & 1 << 6 else None)
    whole = replace(FULL, steps=None, pace_raw=pace, average_pace_raw=average)
    frame = bytearray(encode_treadmill_data(whole, pace_bytes))
    frame[1] |= 0x20
    read = decode_treadmill_data(bytes(frame))
    assert read.value == whole
    assert read.anomalies == (Anomaly(Oddity.TRUNCATED, "steps"),)


def test_a_report_whose_length_fits_no_width_keeps_what_stands_before_the_pace_and_drops_the_rest() -> None:
    frame = encode_treadmill_data(FULL, 2) + b"\0"
    read = decode_treadmill_data(frame)
    assert all(getattr(read.value, name) == getattr(FULL, name) for name in BEFORE_THE_PACE)
    assert all(getattr(read.value, name) is None for name in ("pace_raw", "average_pace_raw", *BEHIND_THE_PACE))
    assert what(read) == [Oddity.AMBIGUOUS_PACE]
    assert read.anomalies[0].octets == frame[17:]


@pytest.mark.parametrize("pace_bytes", [1, 2])
def test_a_machine_whose_width_is_known_is_read_whole_whatever_follows(pace_bytes: int) -> None:
    read = decode_treadmill_data(encode_treadmill_data(FULL, pace_bytes) + b"\xaa\xbb", pace_bytes)
    assert read == Decoded(FULL, (Anomaly(Oddity.TRAILING, "the last field", b"\xaa\xbb"),))


def test_a_width_that_no_pace_has_is_found_from_the_length_instead() -> None:
    assert decode_treadmill_data(encode_treadmill_data(FULL, 1), pace_bytes=7) == Decoded(FULL)


def test_a_report_cut_before_its_pace_is_cut_and_not_ambiguous() -> None:
    frame = encode_treadmill_data(FULL)[:16]
    read = decode_treadmill_data(frame)
    assert read.anomalies == (Anomaly(Oddity.TRUNCATED, "descent_m", frame[15:]),)
    assert decode_treadmill_data(encode_treadmill_data(FULL)[:17]).anomalies == (Anomaly(Oddity.TRUNCATED, "pace_raw"),)


def test_a_report_that_stops_inside_a_field_loses_that_field_and_no_other() -> None:
    whole = replace(FULL, pace_raw=None, average_pace_raw=None)
    frame = encode_treadmill_data(whole)
    read = decode_treadmill_data(frame[:-1])
    assert read.value == replace(whole, steps=None)
    assert read.anomalies == (Anomaly(Oddity.TRUNCATED, "steps", frame[-3:-1]),)


@pytest.mark.parametrize("frame", [b"", b"\x9e"])
def test_without_flags_there_is_nothing_to_read(frame: bytes) -> None:
    assert decode_treadmill_data(frame) == Decoded(TreadmillData(), (Anomaly(Oddity.TRUNCATED, "flags", frame),))


def test_reserved_flags_are_named_and_what_they_may_stand_for_is_left_over() -> None:
    read = decode_treadmill_data(bytes.fromhex("00c02d0301020304"))
    assert read.value == TreadmillData(speed_kph=8.13)
    assert what(read) == [Oddity.RESERVED, Oddity.TRAILING]
    assert read.anomalies[1].octets == bytes([1, 2, 3, 4])


def test_more_data_means_no_speed_and_its_absence_means_one() -> None:
    assert decode_treadmill_data(bytes.fromhex("05000a0000")) == Decoded(TreadmillData(more_data=True, distance_m=10))
    assert decode_treadmill_data(bytes.fromhex("04000a00000000")).value == TreadmillData(speed_kph=0.1, distance_m=0)


@pytest.mark.parametrize(
    ("frame", "fields"),
    [
        ("08000000ff7fff7f", ("incline_percent", "ramp_angle_degrees")),
        ("10000000ffffffff", ("climb_m", "descent_m")),
        ("10000000ffffff7f", ("climb_m", "descent_m")),
        ("80000000ffffffffff", ("energy_kcal", "energy_per_hour_kcal", "energy_per_minute_kcal")),
        ("0001000000", ("heart_rate_bpm",)),
        ("00100000ff7fff7f", ("belt_force_n", "power_w")),
    ],
)
def test_not_available_is_none_and_no_oddity(frame: str, fields: tuple[str, ...]) -> None:
    read = decode_treadmill_data(bytes.fromhex(frame))
    assert all(getattr(read.value, name) is None for name in fields)
    assert read == Decoded(TreadmillData(speed_kph=0.0))


def test_a_climb_may_be_as_high_as_a_descent_that_is_not_available() -> None:
    assert decode_treadmill_data(bytes.fromhex("10000000ff7fff7f")).value.climb_m == 3276.7


def test_a_report_of_nothing_but_zeros_is_a_belt_that_stands_still() -> None:
    assert decode_treadmill_data(bytes(20)).value == TreadmillData(speed_kph=0.0)


def test_the_octets_of_a_radio_may_be_a_bytearray() -> None:
    read = decode_treadmill_data(cast("bytes", bytearray.fromhex("00002d0301")))
    assert read.value.speed_kph == 8.13
    assert read.anomalies[0].octets == b"\x01"
    assert isinstance(read.anomalies[0].octets, bytes)


def test_an_anomaly_is_a_sentence_with_the_octets() -> None:
    read = decode_treadmill_data(bytes.fromhex("00002d0301"))
    assert [str(anomaly) for anomaly in read.anomalies] == ["the frame goes on after the last field (octets 01)"]


def test_a_group_with_one_number_sends_the_other_as_not_available() -> None:
    data = TreadmillData(speed_kph=1.0, incline_percent=2.0, energy_kcal=3)
    frame = encode_treadmill_data(data)
    assert frame.hex() == "880064001400ff7f0300ffffff"
    assert decode_treadmill_data(frame) == Decoded(data)


def test_a_group_can_be_sent_though_it_has_nothing_to_say() -> None:
    frame = encode_treadmill_data(TreadmillData(speed_kph=1.0), flags=1 << 3 | 1 << 8)
    assert frame.hex() == "08016400ff7fff7f00"
    assert decode_treadmill_data(frame) == Decoded(TreadmillData(speed_kph=1.0))


@pytest.mark.parametrize("data", [TreadmillData(), TreadmillData(more_data=True, speed_kph=1.0)])
def test_a_frame_with_a_speed_and_the_promise_of_more_or_with_neither_is_not_written(data: TreadmillData) -> None:
    with pytest.raises(ValueError, match="never both and never neither"):
        encode_treadmill_data(data)


def test_a_field_without_a_number_for_not_available_is_not_invented() -> None:
    with pytest.raises(ValueError, match="distance_m has no number for 'not available'"):
        encode_treadmill_data(TreadmillData(speed_kph=1.0), flags=1 << 2)
