"""A script as a WAV file: one channel of 16 bit, tones at their moments, speech where something writes it.

Written from the beginning to the end in pieces: no piece is longer than what sounds without a silence.
"""

from __future__ import annotations

import wave
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..voice.tone import samples_of
from .script import Script, Sounded
from .speech import RATE_HZ, Writer

TONES_RATE_HZ = 8000
"""Without speech: the highest tone has 2,093 Hz, and a rate of twice as much carries it with room."""

GAP_S = 2.0
"""The longest silence that a shortened rehearsal keeps: enough to hear that something else begins."""

SILENCE_PIECE_S = 10.0
"""Silence is written in such pieces, so that no pause of a workout has to be held in memory."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Samples that begin at ``at``, counted in samples; ``tone`` is added to what is there, speech is laid under it."""

    at: int
    samples: array[int]
    tone: bool

    @property
    def ends(self) -> int:
        return self.at + len(self.samples)


def placed(sounded: Iterable[Sounded], writer: Writer | None, from_s: float, rate_hz: int) -> list[Placed]:
    """Everything that sounds from ``from_s`` on. Speech waits for the sentence before it; an urgent one cuts it off."""
    found: list[Placed] = []
    speech: Placed | None = None
    for one in sounded:
        if one.at_s < from_s:
            continue
        at = round((one.at_s - from_s) * rate_hz)
        if one.tone is not None:
            found.append(Placed(at, samples_of(one.tone, rate_hz), tone=True))
        if writer is None or not one.aloud:
            continue
        if speech is not None and speech.ends > at:
            if one.urgent:
                found[found.index(speech)] = Placed(speech.at, speech.samples[: max(0, at - speech.at)], tone=False)
            else:
                at = speech.ends
        speech = Placed(at, writer.clip(one.aloud), tone=False)
        found.append(speech)
    return sorted(found, key=lambda one: one.at)


def shortened(pieces: Sequence[Placed], rate_hz: int) -> list[Placed]:
    """The same with no silence longer than ``GAP_S``."""
    gap = round(GAP_S * rate_hz)
    found: list[Placed] = []
    cut, ends = 0, 0
    for one in pieces:
        cut += max(0, one.at - ends - gap)
        ends = max(ends, one.ends)
        found.append(Placed(one.at - cut, one.samples, one.tone))
    return found


def write_sound(script: Script, path: Path, writer: Writer | None, from_s: float = 0.0, fast: bool = False) -> float:
    """Write the file, whole or not at all; how many seconds it lasts. Raises OSError."""
    rate_hz = TONES_RATE_HZ if writer is None else RATE_HZ
    pieces = placed(script.sounded, writer, from_s, rate_hz)
    lasts = max(0, round((script.lasts_s - from_s) * rate_hz))
    if fast:
        pieces = shortened(pieces, rate_hz)
        lasts = max((one.ends for one in pieces), default=0)
    beside = path.with_name(f"{path.name}.part")
    try:
        with beside.open("wb") as raw, wave.open(raw, "wb") as file:
            file.setparams((1, 2, rate_hz, 0, "NONE", ""))
            for chunk in _chunks(pieces, lasts, rate_hz):
                file.writeframesraw(chunk)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return lasts / rate_hz


def _chunks(pieces: Sequence[Placed], lasts: int, rate_hz: int) -> Iterator[bytes]:
    """Silence and what sounds together, in turn; at least ``lasts`` samples."""
    at = 0
    for group in _groups(pieces):
        yield from _silence(group[0].at - at, rate_hz)
        begins, at = group[0].at, max(one.ends for one in group)
        yield _mixed(group, begins, at - begins).tobytes()
    yield from _silence(lasts - at, rate_hz)


def _groups(pieces: Sequence[Placed]) -> Iterator[list[Placed]]:
    """Pieces that touch each other."""
    group: list[Placed] = []
    ends = 0
    for one in pieces:
        if group and one.at > ends:
            yield group
            group = []
        group.append(one)
        ends = max(ends, one.ends) if len(group) > 1 else one.ends
    if group:
        yield group


def _silence(count: int, rate_hz: int) -> Iterator[bytes]:
    piece = round(SILENCE_PIECE_S * rate_hz)
    while count > 0:
        yield bytes(2 * min(count, piece))
        count -= piece


def _mixed(group: Sequence[Placed], begins: int, count: int) -> array[int]:
    """Speech first, then the tones added to it, within what 16 bit hold."""
    mixed = array("h", bytes(2 * count))
    for one in sorted(group, key=lambda one: one.tone):
        at = one.at - begins
        if not one.tone:
            mixed[at : at + len(one.samples)] = one.samples
            continue
        for index, sample in enumerate(one.samples, at):
            mixed[index] = max(-32768, min(32767, mixed[index] + sample))
    return mixed
