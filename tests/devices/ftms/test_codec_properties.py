"""What holds for any octets and for any report: nothing raises, nothing complete is lost, nothing is made up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.devices.decoded import Anomaly
from retrotread.devices.fields import Field
from retrotread.devices.ftms.codec import (
    Assembler,
    Decoded,
    Oddity,
    OpCode,
    RangeOf,
    Result,
    TreadmillData,
    decode_features,
    decode_heart_rate,
    decode_information,
    decode_machine_status,
    decode_range,
    decode_request,
    decode_response,
    decode_rsc,
    decode_service_data,
    decode_system_id,
    decode_training_status,
    decode_treadmill_data,
    encode_request,
    encode_treadmill_data,
)
from retrotread.devices.ftms.treadmill_data import GROUPS, PACES, SPEED

Decoder = Callable[[bytes], Decoded[object]]
DECODERS: dict[str, Decoder] = {
    "treadmill data": decode_treadmill_data,
    "treadmill data, narrow": lambda octets: decode_treadmill_data(octets, 1),
    "treadmill data, wide": lambda octets: decode_treadmill_data(octets, 2),
    "features": decode_features,
    "training status": decode_training_status,
    "machine status": decode_machine_status,
    "request": decode_request,
    "response": decode_response,
    "service data": decode_service_data,
    "information": decode_information,
    "system id": decode_system_id,
    "heart rate": decode_heart_rate,
    "running speed": decode_rsc,
    "range of speeds": lambda octets: decode_range(octets, RangeOf.SPEED_KPH),
    "range of inclines": lambda octets: decode_range(octets, RangeOf.INCLINE_PERCENT),
    "range of heart rates": lambda octets: decode_range(octets, RangeOf.HEART_RATE_BPM),
    "range of powers": lambda octets: decode_range(octets, RangeOf.POWER_W),
}
OCTETS = st.binary(max_size=512)  # an attribute of the Bluetooth low-energy protocol holds 512 octets at most
NEARLY_ANSWERS = st.tuples(
    st.sampled_from([0x00, 0x7F, 0x80, 0x81, 0xFF]), st.integers(0, 0x16), st.integers(0, 6)
).map(bytes)
NUMBERS = tuple(field.name for field in fields(TreadmillData) if field.name not in ("more_data", "speed_kph"))
BY_NAME: dict[str, Field] = {field.name: field for group in (SPEED, *GROUPS.values()) for field in group}


def quantities(field: Field) -> st.SearchStrategy[float | None]:
    """Every quantity that fits, in the width that both layouts of a pace share."""
    most = 255 if field.name in PACES.values() else field.raw_range[-1]
    return st.integers(field.raw_range[0], most).map(field.value)


@st.composite
def reports(draw: st.DrawFn, paces: bool = True) -> TreadmillData:
    """Any report that can be sent in one frame."""
    names = [name for name in NUMBERS if paces or name not in PACES.values()]
    chosen = draw(st.sets(st.sampled_from(names)))
    values = {name: draw(quantities(BY_NAME[name])) for name in sorted(chosen)}
    return replace(TreadmillData(speed_kph=draw(quantities(BY_NAME["speed_kph"])) or 0.0), **values)  # type: ignore[arg-type]


def row(frame: bytes, pace_bytes: int) -> list[tuple[str, int]]:
    """The fields that the flags of a frame announce and where each of them ends, worked out anew."""
    flags, end, found = int.from_bytes(frame[:2], "little"), 4, [("speed_kph", 4)]
    for bit in range(1, 14):
        if flags & 1 << bit:
            for field in GROUPS[1 << bit]:
                end += pace_bytes if field.name in PACES.values() else field.size_bytes
                found.append((field.name, end))
    return found


@pytest.mark.parametrize("name", list(DECODERS))
@given(octets=OCTETS)
def test_any_octets_are_a_value_and_anomalies(name: str, octets: bytes) -> None:
    read = DECODERS[name](octets)
    assert isinstance(read, Decoded)
    assert all(str(anomaly).startswith("the frame ") for anomaly in read.anomalies)
    assert all(anomaly.octets in octets for anomaly in read.anomalies)
    from_a_radio = DECODERS[name](cast("bytes", bytearray(octets)))
    assert from_a_radio == read
    assert hash(from_a_radio) == hash(read)


@given(data=reports(), pace_bytes=st.sampled_from([1, 2]))
def test_a_report_goes_out_as_it_comes_in(data: TreadmillData, pace_bytes: int) -> None:
    assert decode_treadmill_data(encode_treadmill_data(data, pace_bytes)) == Decoded(data)


@given(data=reports(), pace_bytes=st.sampled_from([1, 2]), cut=st.integers(2, 39))
def test_a_cut_report_keeps_every_complete_field_where_the_width_of_a_pace_is_known(
    data: TreadmillData, pace_bytes: int, cut: int
) -> None:
    frame = encode_treadmill_data(data, pace_bytes)
    read = decode_treadmill_data(frame[:cut], pace_bytes)
    for name, end in row(frame, pace_bytes):
        assert getattr(read.value, name) == (getattr(data, name) if end <= cut else None), name
    assert bool(read.anomalies) == (cut < len(frame))


@given(data=reports(paces=False), cut=st.integers(2, 39))
def test_a_cut_report_without_a_pace_keeps_every_complete_field(data: TreadmillData, cut: int) -> None:
    read = decode_treadmill_data(encode_treadmill_data(data)[:cut])
    for name, end in row(encode_treadmill_data(data), 2):
        assert getattr(read.value, name) == (getattr(data, name) if end <= cut else None), name


@given(data=reports(paces=False), padding=st.binary(min_size=1, max_size=20))
def test_a_padded_report_without_a_pace_is_read_whole(data: TreadmillData, padding: bytes) -> None:
    left_over = Anomaly(Oddity.TRAILING, "the last field", padding)
    assert decode_treadmill_data(encode_treadmill_data(data) + padding) == Decoded(data, (left_over,))


@given(data=reports(), pace_bytes=st.sampled_from([1, 2]), padding=st.binary(min_size=1, max_size=20))
def test_what_stands_before_a_pace_is_kept_whatever_its_width(
    data: TreadmillData, pace_bytes: int, padding: bytes
) -> None:
    frame = encode_treadmill_data(data, pace_bytes) + padding
    read = decode_treadmill_data(frame)
    for name, _ in row(frame, pace_bytes):
        if name in PACES.values():
            break
        assert getattr(read.value, name) == getattr(data, name), name


@given(data=reports(), where=st.sets(st.integers(1, 13)), pace_bytes=st.sampled_from([1, 2]))
def test_a_split_report_is_put_together_again(data: TreadmillData, where: set[int], pace_bytes: int) -> None:
    groups = [GROUPS[1 << bit] for bit in range(1, 14)]
    early = [field.name for bit, group in enumerate(groups, 1) if bit in where for field in group]
    late: dict[str, Any] = dict.fromkeys({"speed_kph", *NUMBERS} - {*early})
    gone: dict[str, Any] = dict.fromkeys(early)
    first, last = replace(data, more_data=True, **late), replace(data, **gone)
    assembler = Assembler(pace_bytes)
    assert assembler.take(encode_treadmill_data(first, pace_bytes)) is None
    assert assembler.take(encode_treadmill_data(last, pace_bytes)) == Decoded(data)


@given(frames=st.lists(OCTETS, max_size=30))
def test_any_row_of_frames_leaves_an_assembler_with_no_more_than_one_record(frames: list[bytes]) -> None:
    assembler = Assembler()
    for frame in frames:
        record = assembler.take(frame)
        assert record is None or not record.value.more_data
        assert record is None or len(record.anomalies) <= 13
    assembler.link_lost()
    alone = bytes.fromhex("04002d030a0000")
    assert assembler.take(alone) == decode_treadmill_data(alone)


@given(op=st.sampled_from(OpCode), values=st.lists(st.floats() | st.integers(), max_size=5))
def test_a_request_is_octets_or_a_sentence(op: OpCode, values: list[float]) -> None:
    try:
        octets = encode_request(op, *values)
    except ValueError:
        return
    read = decode_request(octets)
    assert read.anomalies == ()
    assert read.value.op is op
    assert len(read.value.values) == len(values)


@given(octets=OCTETS | NEARLY_ANSWERS)
def test_only_the_octets_of_an_answer_are_an_answer(octets: bytes) -> None:
    read = decode_response(octets).value
    whole = octets[:1] == b"\x80" and octets[2:3] == bytes([Result.SUCCESS])
    assert [op for op in OpCode if read.grants(op)] == [op for op in OpCode if whole and op == octets[1]]


@given(octets=OCTETS)
def test_the_text_of_a_machine_moves_no_cursor(octets: bytes) -> None:
    shown = decode_information(octets).value or ""
    assert shown.isprintable() or "\ufffd" in shown
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in shown)


@given(octets=st.binary(min_size=4, max_size=4))
def test_a_speed_range_that_is_called_sane_can_be_divided_by(octets: bytes) -> None:
    for increment in (b"\0\0", b"\x0a\0"):
        read = decode_range(octets + increment, RangeOf.SPEED_KPH)
        lowest, highest = int.from_bytes(octets[:2], "little"), int.from_bytes(octets[2:], "little")
        assert read.value.sane == (lowest <= highest and increment != b"\0\0")
        assert read.odd(Oddity.UPSIDE_DOWN) == (lowest > highest)
