"""Records in several frames: put together, and never put together from two."""

from __future__ import annotations

import pytest

from retrotread.devices.ftms.codec import (
    Assembler,
    Decoded,
    Oddity,
    TreadmillData,
    decode_treadmill_data,
    encode_treadmill_data,
)

FIRST = encode_treadmill_data(TreadmillData(more_data=True, distance_m=100, energy_kcal=5))
SECOND = encode_treadmill_data(TreadmillData(more_data=True, heart_rate_bpm=90))
LAST = encode_treadmill_data(TreadmillData(speed_kph=3.5, elapsed_s=60))
WHOLE = TreadmillData(speed_kph=3.5, distance_m=100, energy_kcal=5, heart_rate_bpm=90, elapsed_s=60)


def take(assembler: Assembler, *frames: bytes) -> list[Decoded[TreadmillData] | None]:
    return [assembler.take(frame) for frame in frames]


def test_a_record_comes_out_with_its_last_frame() -> None:
    assert take(Assembler(), FIRST, SECOND, LAST) == [None, None, Decoded(WHOLE)]


def test_a_record_in_one_frame_comes_out_at_once() -> None:
    assert take(Assembler(), LAST) == [Decoded(TreadmillData(speed_kph=3.5, elapsed_s=60))]


def test_the_next_record_has_nothing_of_the_one_before() -> None:
    records = take(Assembler(), FIRST, SECOND, LAST, LAST)
    assert records[3] == Decoded(TreadmillData(speed_kph=3.5, elapsed_s=60))


def test_half_a_record_is_discarded_when_the_link_drops() -> None:
    assembler = Assembler()
    take(assembler, FIRST, SECOND)
    assembler.link_lost()
    assert assembler.take(LAST) == Decoded(TreadmillData(speed_kph=3.5, elapsed_s=60))


def test_half_a_record_whose_end_was_lost_does_not_mix_with_the_next() -> None:
    newer = encode_treadmill_data(TreadmillData(more_data=True, distance_m=200))
    record = take(Assembler(), FIRST, SECOND, newer, LAST)[3]
    assert record is not None
    assert record.value == TreadmillData(speed_kph=3.5, distance_m=200, elapsed_s=60)
    assert [anomaly.what for anomaly in record.anomalies] == [Oddity.HALF_RECORD]


def test_the_oddities_of_every_frame_are_told_with_the_record() -> None:
    record = take(Assembler(), FIRST + b"\1", LAST + b"\2")[1]
    assert record is not None
    assert [anomaly.octets for anomaly in record.anomalies] == [b"\1", b"\2"]


def test_a_record_that_never_ends_is_not_kept_for_ever() -> None:
    assembler = Assembler()
    parts = [{"distance_m": 1}, {"energy_kcal": 1}, {"heart_rate_bpm": 1}, {"remaining_s": 1}, {"power_w": 1}]
    frames = [encode_treadmill_data(TreadmillData(more_data=True, **part)) for part in parts]
    assert take(assembler, *frames) == [None] * 5
    record = assembler.take(LAST)
    assert record is not None
    assert record.value == TreadmillData(speed_kph=3.5, elapsed_s=60, power_w=1)
    assert record.odd(Oddity.HALF_RECORD)


def test_a_flood_of_frames_that_all_promise_more_keeps_no_more_than_four() -> None:
    assembler = Assembler()
    empty = bytes.fromhex("0100ff")  # no field at all, and an octet too much: the half record has nothing to repeat
    assert {assembler.take(empty) for _ in range(1000)} == {None}
    record = assembler.take(LAST)
    assert record is not None
    assert len(record.anomalies) <= 2 * 4 + 1


@pytest.mark.parametrize("stump", [b"", b"\x00"])
def test_a_frame_without_flags_ends_no_record(stump: bytes) -> None:
    records = take(Assembler(), FIRST, stump, SECOND, LAST)
    assert records[1] == decode_treadmill_data(stump)
    assert records[3] == Decoded(WHOLE)


@pytest.mark.parametrize("pace_bytes", [1, 2])
def test_the_width_of_a_pace_is_the_machine_s(pace_bytes: int) -> None:
    data = TreadmillData(speed_kph=3.5, pace_raw=100, elapsed_s=60)
    padded = encode_treadmill_data(data, pace_bytes) + b"\0"
    record = Assembler(pace_bytes).take(padded)
    assert record is not None
    assert record.value == data
