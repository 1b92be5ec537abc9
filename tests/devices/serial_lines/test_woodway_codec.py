"""The Woodway's bytes, held against what its laboratory's library sends and reads."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.devices.serialport.framing import Noise
from retrotread.devices.woodway import codec
from retrotread.devices.woodway.codec import (
    Acknowledged,
    Answer,
    Command,
    Elevation,
    Firmware,
    Present,
    Question,
    Refusal,
    Refused,
    Speed,
    TimedOut,
)
from retrotread.machine import BeltDirection

FORWARD, REVERSED = BeltDirection.FORWARD, BeltDirection.REVERSED

OURS = (
    {codec.command(one).hex() for one in (Command.START, Command.STOP, Command.AUTO_STOP)}
    | {codec.question(one).hex() for one in Question}
    | {codec.set_speed(20, REVERSED).hex(), codec.set_speed(125, FORWARD).hex()}
    | {codec.set_elevation(tenths).hex() for tenths in (0, 50, 200)}
)
NEVER_OURS = {"a9": "starts the belt without its timer", "a333303030": "zero as reverse zero"}

MEANINGS: dict[str, Answer] = {
    "bd": TimedOut(),
    "be": Refused(Refusal.INVALID_DATA),
    "bf": Refused(Refusal.UNKNOWN_COMMAND),
    "d133303235": Speed(25, REVERSED),
    "d230303530": Elevation(50),
}


def meant(payload: bytes) -> Answer:
    (message,) = codec.parser().feed(payload)
    return codec.meaning(message)


def test_every_frame_to_the_machine_is_one_of_ours_or_is_never_sent(host_frame_of_woodway: dict[str, Any]) -> None:
    told = host_frame_of_woodway["hex"].replace(" ", "")
    assert (told in OURS) is not (told in NEVER_OURS)


def test_every_frame_of_the_machine_has_its_meaning(machine_frame_of_woodway: dict[str, Any]) -> None:
    said = bytes.fromhex(machine_frame_of_woodway["hex"])
    assert meant(said) == MEANINGS.get(said.hex(), Acknowledged(said[0] - 0x10))


@pytest.mark.parametrize("direction", list(BeltDirection))
def test_zero_is_forward_zero_whatever_the_direction(direction: BeltDirection) -> None:
    assert codec.set_speed(0, direction) == b"\xa30000"


@given(st.integers(1, 299), st.sampled_from(BeltDirection))
def test_every_speed_comes_back_with_its_direction(tenths_mph: int, direction: BeltDirection) -> None:
    sent = codec.set_speed(tenths_mph, direction)
    assert len(sent) == 5
    assert meant(bytes((0xD1,)) + sent[1:]) == Speed(tenths_mph, direction)


@pytest.mark.parametrize("tenths", [-20, 300, 2.0, False])
def test_what_is_no_figure_never_becomes_bytes(tenths: Any) -> None:
    with pytest.raises(ValueError, match="whole number from 0 to 299"):
        codec.set_speed(tenths, FORWARD)


@pytest.mark.parametrize("digit", ["1", "2", "9"])
def test_a_direction_digit_that_nobody_has_explained_is_no_speed(digit: str) -> None:
    assert meant(b"\xd1" + digit.encode() + b"020") == Noise(
        "a direction digit that nobody has explained", b"\xd1" + digit.encode() + b"020"
    )


def test_the_firmware_may_hold_any_bytes() -> None:
    assert meant(b"\xd3\x00\x01\xb2\xff") == Firmware(0x0001B2FF)
    assert meant(b"\xd0\xa0") == Present(0xA0)


def test_the_timer_of_the_machine_is_heard_between_question_and_answer() -> None:
    said = [codec.meaning(one) for one in codec.parser().feed(b"\xbd\xd10020")]
    assert said == [TimedOut(), Speed(20, FORWARD)]


@given(st.binary(max_size=300))
def test_any_bytes_have_a_meaning(data: bytes) -> None:
    assert all(isinstance(codec.meaning(one), Answer) for one in codec.parser().feed(data))
