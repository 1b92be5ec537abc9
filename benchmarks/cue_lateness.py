"""How late the cues of a plan are spoken while the computer is busy: from the plan's own moment, not from a tick's.

A real run with its guardian and the system's voice; a speech command of our own stands in for ``espeak-ng`` and is
silent for as long as that would speak. Main's own thread never rests, and two more processes keep both processors busy.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .figures import Figure
from .main_death import ADDRESS

WORKOUT = b"""retrotread: 1
name: many cues
level: 7
facing: console
steps:
  - repeat: 4
    steps:
      - walk: 12 s
        speed: 1.5 km/h
      - walk: 12 s
        speed: 2.0 km/h
      - walk: 25 s
        speed: 1.0 km/h
  - cool down: 30 s
    speed: 1.0 km/h
"""
# espeak-ng speaks some 175 words a minute: about 15 letters a second.
SPEAKS = """#!/bin/sh
for text; do :; done
hundredths=$(( ${#text} * 100 / 15 ))
exec sleep $(( hundredths / 100 )).$(printf %02d $(( hundredths % 100 )))
"""
BUSY = 2
# A text that waits behind another is spoken after it: that is order, not lateness, and it can be seconds.
SAME_CUE_S = 5.0
WARNINGS = ("faster in", "steeper in")
# They have no moment, but a place in a silence.
REMARKS = ("half-way", "last one", "Now stretch: calves, shins, thighs and hips")


@dataclass(frozen=True)
class Heard:
    """What ``loaded_voice`` tells: text, planned and begun; text and the plan's own moment; tones; rises."""

    started: list[tuple[str, float, float]]
    due: list[tuple[str, float]]
    sounded: list[tuple[str, float]]
    rises: list[float]


def measure() -> list[Figure]:
    """Urgent cues (a rise, a count) break in; the names of steps wait until the voice is free."""
    heard = _heard()
    urgent: list[float] = []
    waiting: list[float] = []
    others: list[float] = []
    for text, planned_s, started_s in heard.started:
        at_s = _due_s(text, planned_s, heard.due)
        if text in REMARKS:
            continue
        if at_s is None:
            others.append((started_s - planned_s) * 1000)
        else:
            (urgent if _is_urgent(text) else waiting).append((started_s - _may_s(text, at_s, heard)) * 1000)
    return [
        Figure("rise and count: plan's moment -> speaking", tuple(urgent), "ms", "p99 <= 100"),
        Figure("step and next step: plan's moment -> speaking", tuple(waiting), "ms", "<= 100 where the voice is free"),
        Figure("tone of a warning: plan's moment -> its process", _tones_ms("warn", heard), "ms", "p99 <= 100"),
        Figure("tone of a rise: plan's moment -> its process", _tones_ms("rise", heard), "ms", "p99 <= 100"),
        Figure("said of the belt: the tick that found it -> speaking", tuple(others), "ms", "p99 <= 100"),
    ]


def _may_s(text: str, at_s: float, heard: Heard) -> float:
    """When it may be spoken: a word that is not urgent waits for a rise that was announced before it."""
    warned = any(0.0 <= at_s - one <= SAME_CUE_S for words, one in heard.due if words.startswith(WARNINGS))
    return next((one for one in heard.rises if one > at_s), at_s) if warned and not _is_urgent(text) else at_s


def _tones_ms(tone: str, heard: Heard) -> tuple[float, ...]:
    """How late each tone of that kind came; the rise that a start has is no rise of the plan."""
    at_s = [moment for words, moment in heard.due if words.startswith(WARNINGS)]
    moments = at_s if tone == "warn" else heard.rises
    came = [one for name, one in heard.sounded if name == tone]
    nearest = [max((one for one in moments if one <= moment), default=None) for moment in came]
    late = [(moment - one) * 1000 for moment, one in zip(came, nearest, strict=True) if one is not None]
    return tuple(one for one in late if one <= SAME_CUE_S * 1000)


def _due_s(text: str, planned_s: float, due: list[tuple[str, float]]) -> float | None:
    """The plan's last moment for these words before the tick that said them; None: they are not of the plan."""
    found = [at_s for words, at_s in due if words == text and 0.0 <= planned_s - at_s <= SAME_CUE_S]
    return found[-1] if found else None


def _is_urgent(text: str) -> bool:
    return text in ("3", "2", "1") or text.startswith((*WARNINGS, "the belt moves"))


def _heard() -> Heard:
    """The whole run in a process of its own, with both processors busy."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(BUSY)]
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "cues.yaml").write_bytes(WORKOUT)
            voice = folder / "espeak-ng"
            voice.write_text(SPEAKS)
            voice.chmod(0o755)
            environment = os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
            command = [sys.executable, "-m", "benchmarks.loaded_voice", str(folder / "cues.yaml"), ADDRESS]
            told = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, timeout=900)
            return Heard(**json.loads(told.stdout))
    finally:
        for one in busy:
            one.kill()
            one.wait()
