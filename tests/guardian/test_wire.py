"""The pipe's language: what goes in comes out, and anything else is refused with a sentence."""

from __future__ import annotations

import contextlib
import json
import math
import struct
import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.devices.ftms.dialect import GattWrite
from retrotread.guardian import wire
from retrotread.guardian.messages import (
    Connect,
    FromGuardian,
    Heartbeat,
    Intent,
    Snapshot,
    StopNow,
    ToGuardian,
)
from retrotread.machine import Capabilities
from retrotread.safety.heart import HeartCeiling
from retrotread.safety.inputs import StopBy

finite = st.floats(allow_nan=False, allow_infinity=False, width=32)


capabilities = st.builds(
    Capabilities, st.integers(1, 99), st.integers(99, 3000), st.integers(1, 50), st.integers(0, 200), st.integers(1, 20)
)


def messages_of(union: object) -> st.SearchStrategy[object]:
    """Any message of a union, every field drawn from its own type."""
    st.register_type_strategy(float, finite)
    st.register_type_strategy(Capabilities, capabilities)
    st.register_type_strategy(HeartCeiling, st.builds(HeartCeiling, st.integers(60, 230), st.booleans()))
    st.register_type_strategy(GattWrite, st.builds(GattWrite, st.text(), st.binary().map(bytes.hex)))
    return st.one_of([st.from_type(kind) for kind in typing.get_args(union)])


@given(messages_of(ToGuardian))
def test_every_message_to_the_guardian_comes_back_as_it_was(message: object) -> None:
    assert wire.decode_to_guardian(wire.encode(message)[4:]) == message


@given(messages_of(FromGuardian))
def test_every_message_from_the_guardian_comes_back_as_it_was(message: object) -> None:
    assert wire.decode_from_guardian(wire.encode(message)[4:]) == message


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_a_wire_error(payload: bytes) -> None:
    message: object = None
    with contextlib.suppress(wire.WireError):
        message = wire.decode_to_guardian(payload)
    assert message is None or isinstance(message, typing.get_args(ToGuardian))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["Intent", "Arm", "StopNow", "Heartbeat"]), st.dictionaries(st.text(max_size=8), json_values))
def test_a_message_with_any_fields_but_its_own_is_refused(name: str, fields: dict[str, object]) -> None:
    with pytest.raises(wire.WireError):
        wire.decode_to_guardian(json.dumps({"_": name} | fields).encode())


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_never_leaves(number: float) -> None:
    with pytest.raises(wire.WireError, match="not finite"):
        wire.encode(Intent(1, 1, 0.0, number, 0.0))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "true", '"3"', "null"])
def test_a_number_that_is_none_never_arrives(number: str) -> None:
    text = json.dumps(wire.plain(Intent(1, 1, 0.0, 3.5, 0.0))).replace("3.5", number)
    with pytest.raises(wire.WireError):
        wire.decode_to_guardian(text.encode())


def test_a_message_for_main_is_refused_by_the_guardian() -> None:
    with pytest.raises(wire.WireError, match="expected one of"):
        wire.decode_to_guardian(b'{"_":"ConnectRefused","message":"no"}')


def test_frames_are_read_one_after_another_however_the_pipe_cuts_them() -> None:
    stream = bytearray(wire.encode(StopNow(StopBy.OPERATOR)) + wire.encode(Heartbeat(1, 0.5, True)))

    def read_one_byte(_count: int) -> bytes:
        return bytes([stream.pop(0)]) if stream else b""

    assert wire.decode_to_guardian(wire.read_frame(read_one_byte) or b"") == StopNow(StopBy.OPERATOR)
    assert wire.decode_to_guardian(wire.read_frame(read_one_byte) or b"") == Heartbeat(1, 0.5, True)
    assert wire.read_frame(read_one_byte) is None


def test_a_stream_that_ends_inside_a_frame_has_ended() -> None:
    half = bytearray(wire.encode(StopNow(StopBy.OPERATOR))[:-3])

    def read(count: int) -> bytes:
        taken = bytes(half[:count])
        del half[:count]
        return taken

    assert wire.read_frame(read) is None


def test_an_absurd_length_is_refused_before_anything_is_read() -> None:
    with pytest.raises(wire.WireError, match="4294967295 bytes"):
        wire.read_frame(lambda count: struct.pack(">I", 2**32 - 1)[:count])


def test_a_stop_is_short_enough_to_be_written_in_one_piece() -> None:
    for message in (StopNow(StopBy.OPERATOR), Connect(1, "sim://" + "x" * 500), Heartbeat(2**31, 1e6, True)):
        assert len(wire.encode(message)) <= wire.ATOMIC_BYTES


def test_a_snapshot_holds_no_field_that_the_wire_does_not_carry() -> None:
    assert "_" not in typing.get_type_hints(Snapshot)


def test_a_field_that_came_later_is_needed_on_the_pipe_and_may_be_absent_in_a_record() -> None:
    raw = wire.plain(Connect(1, "sim://well-behaved"))
    del raw["sheet"]
    with pytest.raises(wire.WireError, match="expected Connect"):
        wire.from_plain(Connect, raw)
    assert wire.from_record(Connect, raw) == Connect(1, "sim://well-behaved")
    del raw["address"]
    with pytest.raises(wire.WireError, match="expected Connect"):
        wire.from_record(Connect, raw)
    with pytest.raises(wire.WireError, match="expected Connect"):
        wire.from_record(Connect, wire.plain(Connect(1, "sim://well-behaved")) | {"more": 1})


def test_a_value_of_a_kind_that_messages_do_not_hold_never_leaves() -> None:
    with pytest.raises(wire.WireError, match="dict has no place in a message"):
        wire.plain({"speed": 1.0})


@pytest.mark.parametrize(
    ("kind", "raw", "why"),
    [
        (float, 10**400, "a whole number that is too large to reckon with"),
        (tuple[int, ...], {"0": 1}, "expected a list, found"),
    ],
)
def test_a_value_of_another_kind_never_arrives(kind: object, raw: object, why: str) -> None:
    with pytest.raises(wire.WireError, match=why):
        wire.from_plain(kind, raw)
