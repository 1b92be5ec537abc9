"""CSAFE frames and what is in them, held against logs of equipment and the tests of other programs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.devices.csafe import codec
from retrotread.devices.csafe.codec import Command, Item, Previous, State
from retrotread.devices.csafe.frame import Broken, Frame, Unframer, frame
from retrotread.machine import SpeedUnit

UNSTUFFED = "f12103f40024f2f2"
"""A program that leaves the checksum bare: F2 in its place ends the frame one byte too early."""


def unframed(*pieces: bytes) -> list[Frame | Broken]:
    unframer = Unframer()
    return [one for piece in pieces for one in unframer.feed(piece)]


def contents_of(raw: bytes) -> bytes:
    (one,) = unframed(raw)
    assert isinstance(one, Frame), one
    return one.contents


def test_every_frame_to_equipment_is_rebuilt_byte_for_byte(host_frame_of_csafe: dict[str, Any]) -> None:
    raw = bytes.fromhex(host_frame_of_csafe["hex"])
    if raw.hex() == UNSTUFFED:
        broken, rest = unframed(raw)
        assert isinstance(broken, Broken)
        assert isinstance(rest, Broken)
        assert frame(bytes.fromhex("2103f40024")) == bytes.fromhex("f12103f40024f302f2")
    else:
        assert frame(contents_of(raw)) == raw


def test_every_frame_of_equipment_is_opened(machine_frame_of_csafe: dict[str, Any]) -> None:
    raw = bytes.fromhex(machine_frame_of_csafe["hex"])
    answer = codec.answer(contents_of(raw))
    assert answer is not None
    assert frame(contents_of(raw)) == raw


def test_our_own_commands_are_those_of_the_published_sequence() -> None:
    assert codec.ask(Command.GET_STATUS).hex() == "f18080f2"
    assert codec.take_control().hex() == "f101015050f2"
    assert codec.ask(Command.GO_IN_USE).hex() == "f18585f2"
    assert codec.set_speed(80, SpeedUnit.KPH).hex() == "f1250350003147f2"
    assert codec.set_speed(50, SpeedUnit.MPH).hex() == "f1250332001105f2"
    assert codec.set_grade(50).hex() == "f1280332004c55f2"
    asked = (Command.GET_SPEED, Command.GET_GRADE, Command.GET_DISTANCE, Command.GET_TIME, Command.GET_HEART_RATE)
    assert codec.ask(*asked).hex() == "f1a5a8a1a0b0bcf2"
    assert codec.empty_poll().hex() == "f100f2"


def test_a_checksum_that_looks_like_a_flag_is_escaped() -> None:
    assert codec.set_grade(150).hex() == "f1280396004cf301f2"
    assert contents_of(codec.set_grade(150)) == bytes.fromhex("280396004c")


@given(st.integers(0, 0xFFFF), st.sampled_from(SpeedUnit))
def test_every_set_speed_survives_the_frame(tenths: int, unit: SpeedUnit) -> None:
    contents = contents_of(codec.set_speed(tenths, unit))
    assert codec.speed_kph(contents[2:]) == pytest.approx(tenths / 10 * unit.one_kph)


@pytest.mark.parametrize("tenths", [-1, 65536, 1.5, True])
def test_what_is_no_figure_never_becomes_bytes(tenths: Any) -> None:
    with pytest.raises(ValueError, match="whole number from 0 to 65535"):
        codec.set_speed(tenths, SpeedUnit.KPH)


def test_the_unit_of_a_speed_is_always_read() -> None:
    answer = codec.answer(bytes.fromhex("05a503500031"))
    assert answer is not None
    assert codec.speed_kph(answer.item(Command.GET_SPEED) or b"") == pytest.approx(8.0)
    assert codec.speed_kph(bytes.fromhex("260052")) is None, "steps a minute are no speed"
    assert codec.grade_percent(bytes.fromhex("32004c")) == pytest.approx(5.0)
    assert codec.grade_percent(bytes.fromhex("ffff4c")) is None, "no treadmill is as steep as 6553 %"
    assert codec.distance_m(bytes.fromhex("340023")) == pytest.approx(520)


def test_the_status_says_where_the_equipment_is_and_what_became_of_the_last_frame() -> None:
    assert codec.status(0x25) == codec.Status(State.IN_USE, Previous.BAD, toggle=False)
    assert codec.status(0x35) == codec.Status(State.IN_USE, Previous.NOT_READY, toggle=False)
    assert codec.status(0x89) == codec.Status(State.OFF_LINE, Previous.OK, toggle=True)
    assert codec.status(0x04).state is None


def test_what_the_equipment_does_not_know_is_left_out_of_its_answer() -> None:
    answer = codec.answer(bytes((0x89,)))
    assert answer is not None
    assert answer.item(Command.GET_SPEED) is None


def test_an_item_that_is_cut_off_is_left_out_and_told() -> None:
    assert codec.answer(bytes.fromhex("05b001 51 a50350".replace(" ", ""))) == codec.Answer(
        codec.status(5), (Item(0xB0, b"\x51"),), cut=True
    )


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("f1f2", "a frame without a checksum"),
        ("f18081f2", "a checksum of 81, reckoned 80"),
        ("f1f3f28000f2", "an escape that means nothing"),
        ("f1f30480f2", "an escape that means nothing"),
    ],
)
def test_a_broken_frame_says_why(raw: str, why: str) -> None:
    assert next(one.why for one in unframed(bytes.fromhex(raw)) if isinstance(one, Broken)) == why


def test_an_extended_frame_is_read_without_its_addresses() -> None:
    assert unframed(bytes.fromhex("f000fd8585f2")) == [Frame(b"\x85")]


def test_a_frame_without_an_end_is_given_up_and_the_next_one_is_whole() -> None:
    told = unframed(b"\xf1" + b"\x01" * 1_000_000, codec.empty_poll())
    assert told[0] == Broken("a frame without an end", b"\x01" * 64)
    assert told[-1] == Frame(b"")
    assert len(told) < 20


@given(st.binary(max_size=60).filter(lambda raw: 0xF0 not in raw and 0xF1 not in raw), st.integers(1, 9))
def test_garbage_before_a_frame_costs_nothing_of_it(garbage: bytes, size: int) -> None:
    raw = garbage + codec.set_grade(150)
    pieces = [raw[at : at + size] for at in range(0, len(raw), size)]
    assert unframed(*pieces)[-1] == Frame(bytes.fromhex("280396004c"))


@given(st.binary(max_size=118))
def test_any_contents_come_back_from_their_frame(contents: bytes) -> None:
    assert unframed(frame(contents)) == [Frame(contents)]


@given(st.binary(max_size=400))
def test_any_bytes_are_frames_and_broken_pieces_with_an_answer_or_none(data: bytes) -> None:
    for one in unframed(data):
        assert isinstance(one, Broken) or codec.answer(one.contents) is None or one.contents
