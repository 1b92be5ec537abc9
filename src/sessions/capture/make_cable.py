"""From the capture of a serial line to a contribution: what the machine said as vectors, and a test of them. Pure.

The family of a machine on a cable is its dialect and has its profile already; what a capture adds is what it says.
"""

from __future__ import annotations

import json

from .dialects import Heard, splitter
from .file import CableCapture
from .spread import spread

TEST_FOLDER = "tests/devices/serial_lines/captured"
"""Below the root of the project."""

NOISE = frozenset({"noise", "broken"})


def cable_contribution(capture: CableCapture, family: str, machine: str) -> dict[str, str]:
    """Path below the project's root -> text."""
    return {
        f"{TEST_FOLDER}/{family}.json": vectors_text(capture, machine),
        f"{TEST_FOLDER}/test_{family.replace('-', '_')}.py": _TEST.replace("__KEY__", family),
    }


def vectors_text(capture: CableCapture, machine: str) -> str:
    """Each message of the machine once, with what today's codec makes of it; and every question that it was asked."""
    split = splitter(capture.scheme)
    heard = [one for frame in capture.frames if frame.way == "came" for one in split(frame.octets)]
    asked = dict.fromkeys(frame.octets.hex() for frame in capture.frames if frame.way == "sent")
    vectors = {
        "about": "Messages of a capture; 'says' is what the codec made of each when it was taken in.",
        "machine": machine,
        "line": capture.scheme,
        "asked": list(asked),
        "said": [{"hex": one.octets.hex(), "says": one.says} for one in chosen(heard)],
    }
    return json.dumps(vectors, indent=1, ensure_ascii=False) + "\n"


def chosen(heard: list[Heard]) -> list[Heard]:
    """Each message once, of each kind at most so many, in the order in which they came; noise is left out."""
    kinds: dict[str, dict[bytes, Heard]] = {}
    for one in heard:
        if one.says["is"] not in NOISE:
            kinds.setdefault(str(one.says["is"]), {}).setdefault(one.octets, one)
    return [one for of_one in kinds.values() for one in spread(list(of_one.values()))]


_TEST = '''"""Messages of the family __KEY__, as a machine of it said them over its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrotread.sessions.capture.dialects import splitter

CAPTURED = json.loads((Path(__file__).parent / "__KEY__.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("said", CAPTURED["said"], ids=lambda one: one["hex"][:24])
def test_a_message_says_what_it_said(said: dict[str, object]) -> None:
    heard = splitter(CAPTURED["line"])(bytes.fromhex(str(said["hex"])))
    assert [one.says for one in heard] == [said["says"]]
'''
