"""A recording listens: it subscribes, reads what names nobody, and writes nothing, whatever the machine does."""

from __future__ import annotations

import inspect
import json
from typing import Any

import pytest

from retrotread.devices.ftms import characteristics as known
from retrotread.sessions.capture import attributes, recording
from retrotread.sessions.capture.recording import Line, Listening, Recording, hidden

NAME, ADDRESS, SERIAL = "FS-1A2B3C of Grace", "C4:22:05:1A:00:0B", "SN-0815-4711"
MOVING = bytes.fromhex("0000fa00")


async def recorded(link: Any, clock: Any, seconds: float = 10.0) -> list[Line]:
    lines: list[Line] = []
    await Recording(link, clock, lines.append, "0.1.0").run(seconds)
    return lines


def told(lines: list[Line], uuid: str) -> list[Line]:
    return [line for line in lines if line.get("uuid") == uuid and line.get("way") == "told"]


async def test_nothing_is_written_to_a_machine_that_says_everything(link: Any, hand_clock: Any) -> None:
    status = (bytes([event, 1]) for event in (0x01, 0x02, 0x03, 0x04, 0xFF))
    hand_clock.at = [
        (102.0, lambda: link.ears[known.TREADMILL_DATA](MOVING)),
        *[(103.0, lambda octets=octets: link.ears[known.MACHINE_STATUS](octets)) for octets in status],
        (104.0, lambda: link.ears[known.CONTROL_POINT](b"\x80\x00\x05")),
    ]
    lines = await recorded(link, hand_clock)
    assert link.writes == []
    assert len(told(lines, "2ada")) == 5
    assert told(lines, "2ad9")[0]["says"] == {"request": "request_control", "result": "control_not_permitted"}


def test_what_a_recording_is_given_of_a_link_cannot_write() -> None:
    assert not hasattr(Listening, "write")
    assert ".write(" not in inspect.getsource(recording).replace("self._write(", "")


async def test_a_frame_is_a_line_with_its_moment_its_octets_and_what_they_say(link: Any, hand_clock: Any) -> None:
    hand_clock.at = [(105.5, lambda: link.ears[known.TREADMILL_DATA](MOVING))]
    lines = await recorded(link, hand_clock)
    assert told(lines, "2acd") == [
        {"at_s": 5.5, "uuid": "2acd", "way": "told", "hex": "0000fa00", "says": {"speed_kph": 2.5}}
    ]
    assert lines[0] == {
        "capture": 1,
        "retrotread": "0.1.0",
        "attributes": ["2ad9", "2ada", "2ad3", "2acd", "2a29", "2a24", "2a26", "2acc", "2ad4", "2ad5", "2a25"],
    }
    assert lines[-1] == {"end": "the time was over", "frames": 8, "at_s": 10.0}


async def test_a_belt_at_rest_says_so_and_an_odd_frame_is_called_odd(link: Any, hand_clock: Any) -> None:
    hand_clock.at = [
        (105.0, lambda: link.ears[known.TREADMILL_DATA](bytes(4))),
        (106.0, lambda: link.ears[known.TREADMILL_DATA](b"\x04")),
    ]
    still, odd = told(await recorded(link, hand_clock), "2acd")
    assert still["says"] == {"speed_kph": 0.0}
    assert odd["says"] == {"odd": ["the frame ends before flags (octets 04)"]}


async def test_maker_model_and_firmware_stay_and_what_names_the_machine_is_not_even_read(
    link: Any, hand_clock: Any
) -> None:
    hand_clock.at = [
        (105.0, lambda: link.ears[known.TRAINING_STATUS](b"\x01\x0d" + NAME.encode())),
        (106.0, lambda: link.ears[known.MACHINE_STATUS](b"\x04" + bytes.fromhex("0b001a0522c4"))),
        (107.0, lambda: link.lose(f"{NAME} at {ADDRESS} went away")),
    ]
    link.refuses.add(known.FEATURE)
    lines = await recorded(link, hand_clock)
    text = json.dumps(lines).casefold()
    octets = b"".join(bytes.fromhex(line["hex"]) for line in lines if "hex" in line)
    assert [line["says"]["value"] for line in lines if line.get("uuid") in {"2a29", "2a24", "2a26"}] == [
        "FITSHOW",
        "FS-BT-T4",
        "6.1.2",
    ]
    assert not set(link.reads) & set(attributes.NEVER_READ)
    for secret in (NAME, ADDRESS, SERIAL, "Grace"):
        assert secret.casefold() not in text
        assert secret.encode() not in octets
    assert bytes.fromhex("0b001a0522c4") not in octets
    assert sum(line.get("hidden", False) for line in lines) == 2


async def test_a_refusal_is_a_line_and_the_recording_goes_on(link: Any, hand_clock: Any) -> None:
    link.refuses.add(known.SPEED_RANGE)
    lines = await recorded(link, hand_clock)
    (line,) = [line for line in lines if "reading" in line]
    assert line["uuid"] == "2ad4"
    assert "was refused" in line["reading"]
    assert any(line.get("uuid") == "2ad5" and line["way"] == "read" for line in lines)


async def test_a_lost_link_ends_it_and_the_reason_is_the_last_line(link: Any, hand_clock: Any) -> None:
    hand_clock.at = [(104.0, lambda: link.lose("the machine or the radio ended the link"))]
    lines = await recorded(link, hand_clock)
    assert lines[-1]["end"] == "the link was lost: the machine or the radio ended the link"
    assert lines[-1]["at_s"] < 10.0


async def test_a_machine_that_floods_ends_the_recording_and_not_the_disk(
    link: Any, hand_clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "FRAMES_MAX", 50)
    hand_clock.at = [(105.0, lambda: [link.ears[known.TREADMILL_DATA](MOVING) for _ in range(1000)])]
    lines = await recorded(link, hand_clock)
    assert lines[-1]["end"] == "there were more than 50 frames, the limit"
    assert lines[-1]["frames"] == 50
    assert len(lines) == 52


@pytest.mark.parametrize("octets", [b"", b"\x00" * 512, bytes(range(256)), b"\xff" * 39])
async def test_any_octets_are_a_line(octets: bytes, link: Any, hand_clock: Any) -> None:
    def all_at_once() -> None:
        for ear in link.ears.values():
            ear(octets)

    hand_clock.at = [(105.0, all_at_once)]
    lines = await recorded(link, hand_clock)
    assert json.loads(json.dumps(lines)) == lines
    assert {line["hex"] for line in lines if line.get("way") == "told"} == {octets.hex()}


@pytest.mark.parametrize(
    ("octets", "name", "address", "kept"),
    [
        (b"\x01Ada's mill\x02", "Ada's mill", "", b"\x01" + bytes(10) + b"\x02"),
        (bytes.fromhex("ffc422051a000bff"), "", "C4:22:05:1A:00:0B", bytes.fromhex("ff000000000000ff")),
        (bytes.fromhex("ff0b001a0522c4ff"), "", "C4:22:05:1A:00:0B", bytes.fromhex("ff000000000000ff")),
        (b"C422051A000B", "", "C4:22:05:1A:00:0B", bytes(12)),
        (b"abc", "abc", "x", b"abc"),
        (b"1234", "", "", b"1234"),
    ],
)
def test_names_and_addresses_inside_a_frame_become_zeros(octets: bytes, name: str, address: str, kept: bytes) -> None:
    assert hidden(octets, name, address) == kept


def test_short_and_whole_uuids() -> None:
    assert attributes.short(known.TREADMILL_DATA) == "2acd"
    assert attributes.whole("2acd") == known.TREADMILL_DATA
    vendor = "d18d2c10-c44c-11e8-a355-529269fb1459"
    assert attributes.whole(attributes.short(vendor)) == vendor
