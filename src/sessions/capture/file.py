"""Reading a capture back. Total: whatever stands in the file becomes a capture, or a sentence with line and mend."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...workouts.regular_file import Unreadable, read_regular_file
from .attributes import whole
from .dialects import SCHEMES
from .recording import FORMAT

BYTES_MAX = 64 * 1024 * 1024
"""More than the lines of the most frames that a recording keeps."""

OCTETS_MAX = 512
"""The longest value of an attribute (Core Specification, vol 3 part F, 3.2.9)."""


CABLE_OCTETS_MAX = 4_097
"""What a port hands over at once, at most."""


class CaptureFileError(ValueError):
    """The file is no capture; the message says which, where, why, and the mend."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One value: ``read`` or ``told``; ``hidden``: a part of it was a name or an address and is zeros."""

    at_s: float
    uuid: str
    way: str
    octets: bytes
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class CaptureFile:
    """A capture as it was kept. ``refusals``: (uuid, sentence); ``end``: why it ended, None where it was cut off."""

    version: str
    attributes: tuple[str, ...]
    frames: tuple[Frame, ...]
    refusals: tuple[tuple[str, str], ...] = ()
    end: str | None = None

    def told(self, uuid: str) -> tuple[Frame, ...]:
        """What came by itself under one attribute."""
        return tuple(frame for frame in self.frames if frame.uuid == uuid and frame.way == "told")

    def value(self, uuid: str) -> bytes | None:
        """The value of an attribute, as it was last read; None: it was not."""
        return next((one.octets for one in reversed(self.frames) if one.uuid == uuid and one.way == "read"), None)


@dataclass(frozen=True, slots=True)
class CableFrame:
    """Bytes that went over a line at once: ``sent`` to the machine, or ``came`` from it."""

    at_s: float
    way: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class CableCapture:
    """The capture of a serial line, as it was kept. ``scheme``: of the address that it was made at."""

    version: str
    scheme: str
    frames: tuple[CableFrame, ...]
    end: str | None = None


def read_capture(path: Path) -> CaptureFile | CableCapture:
    """The capture in a file. Raises CaptureFileError."""
    try:
        lines = read_regular_file(path, BYTES_MAX).decode("utf-8").splitlines()
    except Unreadable as error:
        raise CaptureFileError(f"{path}: {error.message}; {error.mend}") from None
    except UnicodeDecodeError:
        raise CaptureFileError(
            f"{path}: is not UTF-8 text, and so no capture; name the file that was recorded"
        ) from None
    objects = [_object(path, number, line) for number, line in enumerate(lines, start=1)]
    if not objects or objects[0].get("capture") != FORMAT:
        raise CaptureFileError(f"{path}:1: is no capture of the format {FORMAT}; name the file that was recorded")
    return _cable(path, objects) if "line" in objects[0] else _capture(path, objects)


def _cable(path: Path, objects: list[dict[str, Any]]) -> CableCapture:
    head, end = objects[0], next((str(one["end"]) for one in objects[1:] if "end" in one), None)
    if head["line"] not in SCHEMES:
        raise CaptureFileError(f"{path}:1: its line is none of {', '.join(sorted(SCHEMES))}; record anew")
    numbered = enumerate(objects[1:], start=2)
    frames = tuple(_cable_frame(f"{path}:{number}", one) for number, one in numbered if "hex" in one)
    return CableCapture(str(head.get("retrotread", "")), head["line"], frames, end)


def _cable_frame(place: str, line: dict[str, Any]) -> CableFrame:
    way = line.get("way")
    if way not in ("sent", "came"):
        raise CaptureFileError(f"{place}: way is neither sent nor came; remove the line, or record anew")
    return CableFrame(_moment_s(place, line), way, _octets(place, line.get("hex"), CABLE_OCTETS_MAX))


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise CaptureFileError(f"{path}:{number}: is no line of a capture; remove it, or record anew")
    return value


def _capture(path: Path, objects: list[dict[str, Any]]) -> CaptureFile:
    head, frames, refusals, end = objects[0], [], [], None
    for number, one in enumerate(objects[1:], start=2):
        if "hex" in one:
            frames.append(_frame(f"{path}:{number}", one))
        elif "end" in one:
            end = str(one["end"])
        else:
            refusals.append((whole(str(one.get("uuid", ""))), str(one.get("reading", one.get("subscribing", "")))))
    listed = head.get("attributes")
    attributes = tuple(whole(str(uuid)) for uuid in listed) if isinstance(listed, list) else ()
    return CaptureFile(str(head.get("retrotread", "")), attributes, tuple(frames), tuple(refusals), end)


def _frame(place: str, line: dict[str, Any]) -> Frame:
    uuid, way, digits = (line.get(name) for name in ("uuid", "way", "hex"))
    at_s = _moment_s(place, line)
    if not isinstance(uuid, str) or way not in ("read", "told"):
        raise CaptureFileError(f"{place}: uuid or way is missing; remove the line, or record anew")
    return Frame(at_s, whole(uuid), way, _octets(place, digits), line.get("hidden") is True)


def _moment_s(place: str, line: dict[str, Any]) -> float:
    at_s = line.get("at_s")
    if isinstance(at_s, bool) or not isinstance(at_s, (int, float)) or not math.isfinite(at_s):
        raise CaptureFileError(f"{place}: at_s is no number of seconds; remove the line, or record anew")
    return float(at_s)


def _octets(place: str, digits: object, most: int = OCTETS_MAX) -> bytes:
    try:
        octets = bytes.fromhex(digits) if isinstance(digits, str) else None
    except ValueError:
        octets = None
    if octets is None or len(octets) > most:
        raise CaptureFileError(f"{place}: hex is not up to {most} octets in hexadecimal; record anew")
    return octets
