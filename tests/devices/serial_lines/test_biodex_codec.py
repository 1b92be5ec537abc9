"""The Biodex's bytes, held against two pages of its manual."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.devices.biodex import codec
from retrotread.devices.biodex.codec import (
    Acknowledged,
    Answer,
    Command,
    Direction,
    Question,
    Refused,
    Speed,
    Status,
    Unasked,
    Who,
)
from retrotread.devices.serialport.framing import Noise
from retrotread.machine import BeltDirection

OURS = {
    codec.command(Command.START).hex(),
    codec.command(Command.STOP).hex(),
    codec.set_elevation(5).hex(),
    *(codec.question(one).hex() for one in Question),
}
NEVER_OURS = {"8531 3530".replace(" ", ""): "a weight, which this program does not know"}

MEANINGS: dict[str, Answer] = {
    "80": Acknowledged(Command.START),
    "81": Acknowledged(Command.STOP),
    "83": Acknowledged(Command.SET_ELEVATION),
    "85": Unasked(0x85, b""),
    "a0303235": Speed(25),
    "a252": Direction(BeltDirection.REVERSED),
    "a7004000": Status(0, 0x40),
    "af": Refused(),
}


def meant(payload: bytes) -> Answer:
    (message,) = codec.parser().feed(payload)
    return codec.meaning(message)


def test_every_frame_to_the_machine_is_one_of_ours_or_is_never_sent(host_frame_of_biodex: dict[str, Any]) -> None:
    told = host_frame_of_biodex["hex"].replace(" ", "")
    assert (told in OURS) is not (told in NEVER_OURS)


def test_every_frame_of_the_machine_has_its_meaning(machine_frame_of_biodex: dict[str, Any]) -> None:
    said = bytes.fromhex(machine_frame_of_biodex["hex"])
    assert meant(said) == MEANINGS[said.hex()]


def test_a_pulled_lanyard_is_one_bit() -> None:
    assert meant(b"\xa7\x00\x40\x00") == Status(0, 0x40)
    assert Status(0, 0x40).lanyard_pulled
    assert not Status(0xFF, 0xBF).lanyard_pulled


@pytest.mark.parametrize(("direction", "letter"), [(BeltDirection.FORWARD, b"F"), (BeltDirection.REVERSED, b"R")])
def test_each_direction_has_its_letter_both_ways(direction: BeltDirection, letter: bytes) -> None:
    assert codec.set_direction(direction) == b"\x84" + letter
    assert meant(b"\xa2" + letter) == Direction(direction)


def test_who_it_is() -> None:
    assert meant(b"\x964") == Who("4")


@pytest.mark.parametrize("figure", [-1, 1000, 2.5])
def test_what_is_no_figure_never_becomes_bytes(figure: Any) -> None:
    with pytest.raises(ValueError, match="whole number from 0 to 999"):
        codec.set_speed(figure)


def test_a_direction_needs_its_own_command() -> None:
    with pytest.raises(ValueError, match="needs a figure or a direction"):
        codec.command(Command.SET_DIRECTION)


@pytest.mark.parametrize("payload", [b"\xa2X", b"\xa02.5"])
def test_an_answer_that_makes_no_sense_is_noise(payload: bytes) -> None:
    assert isinstance(meant(payload), Noise)


@given(st.binary(max_size=300))
def test_any_bytes_have_a_meaning(data: bytes) -> None:
    assert all(isinstance(codec.meaning(one), Answer) for one in codec.parser().feed(data))
