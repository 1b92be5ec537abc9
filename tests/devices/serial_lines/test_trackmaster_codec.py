"""The Trackmaster's bytes, held against the maker's tables and what other programs send."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.devices.serialport.framing import Noise
from retrotread.devices.trackmaster import codec
from retrotread.devices.trackmaster.codec import (
    Acknowledged,
    Answer,
    Belt,
    BeltState,
    Command,
    Figure,
    Question,
    Refusal,
    Refused,
    Unasked,
)

OURS = (
    {codec.command(one).hex() for one in (Command.START, Command.STOP, Command.AUTO_STOP)}
    | {codec.question(one).hex() for one in Question}
    | {codec.set_speed(40).hex(), codec.set_elevation(50).hex(), codec.set_elevation(40).hex()}
)
"""What this program can send, for the figures of the frames below."""

NEVER_OURS = {
    "a1": "starts the belt without its watchdog",
    "ac": "toggles an echo that cannot be read back",
    "a8": "resets counters that this machine does not have",
    "a430303433": "4.3 % is no half percent, and the machine refuses it",
    "a330303830a1": "a set speed and a start without a watchdog in one write",
}

MEANINGS: dict[str, Answer] = {
    "be": Refused(Refusal.OUT_OF_RANGE),
    "bf": Refused(Refusal.UNKNOWN_COMMAND),
    "d031": Belt(BeltState.STOPPED),
    "d032": Belt(BeltState.RUNNING_WATCHED),
    "d130303430": Figure(Question.SPEED, 40),
    "d130303835": Figure(Question.SPEED, 85),
    "d230303530": Figure(Question.ELEVATION, 50),
    "d330303430": Figure(Question.COMMANDED_SPEED, 40),
    "d430303530": Figure(Question.COMMANDED_ELEVATION, 50),
    "54": Noise("bytes that belong to no message", b"T"),
}


def meant(payload: bytes) -> Answer:
    (message,) = codec.parser().feed(payload)
    return codec.meaning(message)


def test_every_frame_to_the_machine_is_one_of_ours_or_is_never_sent(host_frame_of_trackmaster: dict[str, Any]) -> None:
    told = host_frame_of_trackmaster["hex"].replace(" ", "")
    assert (told in OURS) is not (told in NEVER_OURS)


def test_every_frame_of_the_machine_has_its_meaning(machine_frame_of_trackmaster: dict[str, Any]) -> None:
    said = bytes.fromhex(machine_frame_of_trackmaster["hex"])
    expected = MEANINGS.get(said.hex())
    assert meant(said) == (Acknowledged(said[0] - 0x10) if expected is None else expected)


def test_no_command_can_start_a_belt_without_its_watchdog() -> None:
    assert 0xA1 not in [int(one) for one in Command]
    assert {codec.command(one)[0] for one in Command if one not in (Command.SET_SPEED, Command.SET_ELEVATION)} == {
        0xA0,
        0xA2,
        0xAA,
    }


@pytest.mark.parametrize("what", [Command.SET_SPEED, Command.SET_ELEVATION])
def test_a_set_point_without_its_figure_is_refused(what: Command) -> None:
    with pytest.raises(ValueError, match="needs a figure"):
        codec.command(what)


@given(st.integers(0, 9999))
def test_every_speed_of_four_digits_comes_back_as_it_was_sent(tenths: int) -> None:
    sent = codec.set_speed(tenths)
    assert meant(bytes((0xD3,)) + sent[1:]) == Figure(Question.COMMANDED_SPEED, tenths)


@pytest.mark.parametrize("tenths", [-1, 10_000, 4.0, True])
def test_what_is_no_figure_never_becomes_bytes(tenths: Any) -> None:
    with pytest.raises(ValueError, match="whole number from 0 to 9999"):
        codec.set_speed(tenths)


def test_an_elevation_between_two_half_percents_is_refused_before_the_machine_does_it() -> None:
    assert codec.set_elevation(45) == b"\xa40045"
    with pytest.raises(ValueError, match="half percents only"):
        codec.set_elevation(43)


@pytest.mark.parametrize(
    ("payload", "why"),
    [(b"\xd04", "a belt state that no manual names"), (b"\xd1 1.2", "a figure that is not four digits")],
)
def test_an_answer_that_makes_no_sense_is_noise_with_its_reason(payload: bytes, why: str) -> None:
    assert meant(payload) == Noise(why, payload)


def test_an_answer_that_nobody_asked_for_is_kept_apart() -> None:
    assert meant(b"\xdb0012") == Unasked(0xDB, b"0012")


@given(st.binary(max_size=300))
def test_any_bytes_have_a_meaning(data: bytes) -> None:
    answers = [codec.meaning(one) for one in codec.parser().feed(data)]
    assert all(isinstance(one, Answer) for one in answers)
