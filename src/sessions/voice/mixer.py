"""The sound that a loudspeaker asks for: tones as they are asked for, and a click at an even pace. Pure.

What is asked for sounds at once, over what sounds already. Everything is one channel of signed 16 bit.
"""

from __future__ import annotations

import threading
from array import array

from .tone import Tone, samples_of

RATE_HZ = 22_050
"""Every loudspeaker plays it, and the highest tone needs a fifth of it."""

SOUNDING_MAX = 4
"""Tones at once; more is noise. The newest ones are heard."""

BEATS_MAX_PER_MIN = 300.0
"""Nobody's feet are faster."""


class Mixer:
    """One thread asks for tones, another takes the sound."""

    def __init__(self, rate_hz: int = RATE_HZ) -> None:
        self._rate_hz = rate_hz
        self._lock = threading.Lock()
        self._sounding: list[tuple[array[int], int]] = []
        self._beat_samples: float | None = None
        self._to_beat = 0.0

    def play(self, tone: Tone) -> None:
        """From the next samples on."""
        with self._lock:
            self._sounding = [*self._sounding, (samples_of(tone, self._rate_hz), 0)][-SOUNDING_MAX:]

    def beat(self, per_min: float | None) -> None:
        """A click so often, the first one now; None: no more. Too fast a pace and none at all are the same."""
        with self._lock:
            if per_min is None or not 0.0 < per_min <= BEATS_MAX_PER_MIN:
                self._beat_samples = None
            else:
                self._beat_samples, self._to_beat = 60.0 * self._rate_hz / per_min, 0.0

    def take(self, count: int) -> array[int]:
        """The next ``count`` samples."""
        with self._lock:
            mixed = array("h", bytes(2 * count))
            self._sounding = [left for one in self._sounding if (left := _add(mixed, *one)) is not None]
            self._click(mixed)
            return mixed

    def _click(self, mixed: array[int]) -> None:
        """The clicks that begin within these samples; one at their end goes on in the next."""
        if self._beat_samples is None:
            return
        click, count = samples_of(Tone.BEAT, self._rate_hz), len(mixed)
        while self._to_beat < count:
            at = int(self._to_beat)
            left = _add(mixed, click, 0, at)
            if left is not None:
                self._sounding.append(left)
            self._to_beat += self._beat_samples
        self._to_beat -= count


def _add(mixed: array[int], samples: array[int], done: int, at: int = 0) -> tuple[array[int], int] | None:
    """Lay ``samples`` from ``done`` on over ``mixed`` from ``at`` on; what is left of them, None: nothing."""
    count = min(len(samples) - done, len(mixed) - at)
    for index in range(count):
        mixed[at + index] = max(-32768, min(32767, mixed[at + index] + samples[done + index]))
    return None if done + count >= len(samples) else (samples, done + count)
