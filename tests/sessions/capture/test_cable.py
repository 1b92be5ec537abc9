"""A recording on a cable: the driver's own line tells, no command leaves, and what came becomes vectors."""

from __future__ import annotations

import asyncio
import json
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from retrotread.devices.address import parse_address
from retrotread.devices.connection import Connection
from retrotread.devices.serialport.line import SerialLine
from retrotread.devices.serialport.virtual import LoopClock, VirtualLine, VirtualLoop
from retrotread.devices.woodway.reach import connection_over
from retrotread.devices.woodway.simulated import Setup, WoodwayMachine
from retrotread.sessions.capture import on_cable
from retrotread.sessions.capture.command import CaptureError, checked
from retrotread.sessions.capture.file import CableCapture, CaptureFileError, read_capture
from retrotread.sessions.capture.make import Wanted, contribution
from retrotread.sessions.capture.on_cable import CableRecording
from retrotread.sessions.capture.recording import Line

PORT = "/dev/serial/by-id/usb-FTDI_A50285BI-if00-port0"
ADDRESS = f"serial+woodway://{PORT}"
BELT_MOVES = frozenset(range(0xA0, 0xB0))
"""First bytes of all commands of this dialect."""


class Recorder:
    """A recording on a loop of its own time."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.loop = VirtualLoop(0.0)
        self.clock = LoopClock(self.loop)
        self.machine = WoodwayMachine(Setup(), 0.0)
        self.line = VirtualLine(self.machine, self.loop)
        self.lines: list[Line] = []
        patch.setattr(on_cable, "met", self._met)
        self.recording = CableRecording(
            parse_address(ADDRESS), self.clock, self.lines.append, "0.1.0", ("A50285BI", PORT)
        )

    async def _met(self, _address: Any, clock: Any, tap: Callable[[SerialLine], SerialLine]) -> Connection:
        return await connection_over(tap(self.line), clock, None)

    def run(self, seconds: float, then: Callable[[], object] = lambda: None) -> list[Line]:
        running = self.loop.create_task(self.recording.run(seconds))
        self.loop.run_to(seconds / 2)
        then()
        self.line.look()
        self.loop.run_to(seconds + 1.0)
        running.result()
        return self.lines

    def close(self) -> None:
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_to(self.loop.time())
        self.loop.close()


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    one = Recorder(monkeypatch)
    yield one
    one.close()


def went(lines: list[Line], way: str) -> list[Line]:
    return [line for line in lines if line.get("way") == way]


def test_both_ways_are_kept_with_their_moments_and_what_the_machine_says_is_read(recorder: Recorder) -> None:
    lines = recorder.run(4.0, lambda: recorder.machine.start_by_itself(recorder.loop.time()))
    assert lines[0] == {"capture": 1, "retrotread": "0.1.0", "line": "serial+woodway"}
    assert lines[-1]["end"] == "the time was over"
    assert lines[-1]["frames"] == len(went(lines, "sent")) + len(went(lines, "came")) > 40
    assert went(lines, "came")[1]["says"] == [{"is": "speed", "direction": "forward", "tenths_mph": 0}]
    assert max(one["tenths_mph"] for line in went(lines, "came") for one in line["says"] if one["is"] == "speed") > 0
    moments_s = [line["at_s"] for line in lines[1:]]
    assert moments_s == sorted(moments_s)


def test_no_command_leaves_whatever_the_machine_does(recorder: Recorder) -> None:
    lines = recorder.run(6.0, lambda: recorder.machine.start_by_itself(recorder.loop.time()))
    assert {bytes.fromhex(line["hex"])[0] for line in went(lines, "sent")} == {0xC0, 0xC1, 0xC2}
    assert not BELT_MOVES & {data[0] for _, data in recorder.line.told}


def test_a_cable_that_is_pulled_ends_it_and_names_no_port(recorder: Recorder) -> None:
    lines = recorder.run(4.0, lambda: recorder.line.unplug(f"the port {PORT} failed; A50285BI is gone"))
    assert str(lines[-1]["end"]).startswith("the line was lost: the port ")
    assert not [word for word in (PORT, "A50285BI") if word in json.dumps(lines)]


def test_the_number_of_the_adapter_is_taken_out_of_what_went_over_the_line(recorder: Recorder) -> None:
    lines = recorder.run(2.0, lambda: recorder.machine.voice.say(b"\xd1A50285BI", recorder.loop.time()))
    kept = [line for line in went(lines, "came") if line.get("hidden")]
    assert [line["hex"] for line in kept] == ["d1" + "00" * 8]


def test_a_flood_ends_the_recording_and_not_the_disk(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_cable, "FRAMES_MAX", 10)
    lines = recorder.run(4.0)
    assert lines[-1] | {"at_s": 0} == {"end": "there were more than 10 frames, the limit", "frames": 10, "at_s": 0}


# --- reading it back ----------------------------------------------------------------------------------------------


def kept(lines: list[Line], path: Path) -> Path:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return path


def test_what_was_recorded_is_read_back_and_becomes_vectors_that_hold(recorder: Recorder, tmp_path: Path) -> None:
    lines = recorder.run(4.0, lambda: recorder.machine.start_by_itself(recorder.loop.time()))
    capture = read_capture(kept(lines, tmp_path / "c.jsonl"))
    assert isinstance(capture, CableCapture)
    assert (capture.scheme, capture.end) == ("serial+woodway", "the time was over")
    for path, text in contribution(capture, Wanted("woodway-split")).items():
        (tmp_path / Path(path).name).write_text(text)
    said = json.loads((tmp_path / "woodway-split.json").read_text())
    assert said["asked"] == ["c0", "c1", "c2"]
    assert {one["says"]["is"] for one in said["said"]} == {"present", "speed", "elevation"}
    trial = runpy.run_path(str(tmp_path / "test_woodway_split.py"))["test_a_message_says_what_it_said"]
    for one in said["said"]:
        trial(one)
    with pytest.raises(AssertionError):
        trial({**said["said"][0], "says": {"is": "something else"}})


def test_noise_is_no_vector(recorder: Recorder, tmp_path: Path) -> None:
    lines = recorder.run(2.0, lambda: recorder.machine.voice.say(b"\x07\x08", recorder.loop.time()))
    capture = read_capture(kept(lines, tmp_path / "c.jsonl"))
    vectors = next(iter(contribution(capture, Wanted("woodway-split")).values()))
    assert "noise" not in vectors


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ({"at_s": 1.0, "way": "told", "hex": "c1"}, "c.jsonl:2: way is neither sent nor came"),
        ({"at_s": "1", "way": "sent", "hex": "c1"}, "c.jsonl:2: at_s is no number of seconds"),
        ({"at_s": 1.0, "way": "sent", "hex": "c"}, "c.jsonl:2: hex is not up to 4097 octets"),
    ],
)
def test_a_line_that_is_none_is_named(line: Line, why: str, tmp_path: Path) -> None:
    head = {"capture": 1, "retrotread": "0.1.0", "line": "serial+woodway"}
    with pytest.raises(CaptureFileError, match=why):
        read_capture(kept([head, line], tmp_path / "c.jsonl"))


def test_a_line_of_no_known_dialect_is_none(tmp_path: Path) -> None:
    head = {"capture": 1, "retrotread": "0.1.0", "line": "serial+toaster"}
    with pytest.raises(CaptureFileError, match="its line is none of serial"):
        read_capture(kept([head], tmp_path / "c.jsonl"))


@pytest.mark.parametrize("scheme", ["woodway", "csafe"])
def test_an_address_on_a_cable_can_be_recorded_and_a_simulated_one_cannot(scheme: str) -> None:
    assert checked(f"serial+{scheme}:///dev/ttyUSB0", 10).scheme == f"serial+{scheme}"
    with pytest.raises(CaptureError, match="by Bluetooth or on a cable"):
        checked("sim://well-behaved", 10)
