"""Reading a capture back. Total: whatever stands in the file becomes a capture, or a sentence with line and mend."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...workouts.regular_file import Unreadable, read_regular_file
from .attributes import whole
from .recording import FORMAT

BYTES_MAX = 64 * 1024 * 1024
"""More than the lines of the most frames that a recording keeps."""

OCTETS_MAX = 512
"""The longest value of an attribute (Core Specification, vol 3 part F, 3.2.9)."""


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


def read_capture(path: Path) -> CaptureFile:
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
    return _capture(path, objects)


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
    at_s, uuid, way, digits = (line.get(name) for name in ("at_s", "uuid", "way", "hex"))
    if isinstance(at_s, bool) or not isinstance(at_s, (int, float)) or not math.isfinite(at_s):
        raise CaptureFileError(f"{place}: at_s is no number of seconds; remove the line, or record anew")
    if not isinstance(uuid, str) or way not in ("read", "told"):
        raise CaptureFileError(f"{place}: uuid or way is missing; remove the line, or record anew")
    return Frame(float(at_s), whole(uuid), way, _octets(place, digits), line.get("hidden") is True)


def _octets(place: str, digits: object) -> bytes:
    try:
        octets = bytes.fromhex(digits) if isinstance(digits, str) else None
    except ValueError:
        octets = None
    if octets is None or len(octets) > OCTETS_MAX:
        raise CaptureFileError(f"{place}: hex is not up to {OCTETS_MAX} octets in hexadecimal; record anew")
    return octets
