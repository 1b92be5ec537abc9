"""Opcode messages out of any bytes: nothing raises, nothing complete is lost, nothing is held for long."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrotread.devices.serialport.framing import Message, Noise, Parser, Shape
from retrotread.devices.trackmaster.codec import FROM_MACHINE

SHAPES = {0xB2: Shape(0), 0xD1: Shape(4), 0xD3: Shape(4, binary=True)}
SPEED = Message(0xD1, b"0040")


def parsed(*pieces: bytes) -> list[Message | Noise]:
    parser = Parser(SHAPES)
    return [one for piece in pieces for one in parser.feed(piece)]


def test_messages_come_out_in_their_order() -> None:
    assert parsed(b"\xb2\xd10040\xb2") == [Message(0xB2), SPEED, Message(0xB2)]


def test_it_does_not_matter_how_the_bytes_arrive() -> None:
    assert parsed(*(bytes((one,)) for one in b"\xd10040\xb2")) == [SPEED, Message(0xB2)]


def test_a_new_first_byte_ends_what_was_begun() -> None:
    assert parsed(b"\xd100\xd10040") == [Noise("a message that was cut off", b"\xd100"), SPEED]


def test_the_self_test_byte_is_noise_and_the_next_message_is_whole() -> None:
    assert parsed(b"T\xd10040") == [Noise("bytes that belong to no message", b"T"), SPEED]


def test_binary_data_may_look_like_a_first_byte() -> None:
    assert parsed(b"\xd3\xb2\xd1\x00\xff\xb2") == [Message(0xD3, b"\xb2\xd1\x00\xff"), Message(0xB2)]


def test_a_line_that_fell_silent_inside_a_message_begins_anew() -> None:
    parser = Parser(SHAPES)
    assert parser.feed(b"\xd100") == []
    parser.forget()
    assert parser.feed(b"40\xb2") == [Noise("bytes that belong to no message", b"40"), Message(0xB2)]


def test_a_burst_of_noise_is_told_once_and_kept_short() -> None:
    told = parsed(b"\x00" * 1_000_000 + b"\xb2")
    assert told == [Noise("bytes that belong to no message", b"\x00" * 64), Message(0xB2)]


@given(st.binary(max_size=200), st.integers(1, 7))
def test_any_bytes_in_any_pieces_are_messages_and_noise(data: bytes, size: int) -> None:
    whole, parser = Parser(FROM_MACHINE).feed(data), Parser(FROM_MACHINE)
    pieces = [one for at in range(0, len(data), size) for one in parser.feed(data[at : at + size])]
    assert [one for one in pieces if isinstance(one, Message)] == [one for one in whole if isinstance(one, Message)]


@given(st.binary(max_size=60).filter(lambda data: not any(byte in SHAPES for byte in data)))
def test_garbage_before_a_message_costs_nothing_of_it(garbage: bytes) -> None:
    assert parsed(garbage, b"\xd10040")[-1] == SPEED
