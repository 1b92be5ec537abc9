"""Words as sound: a speech program of this computer that can write a file, where there is one."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import wave
from array import array
from collections.abc import Callable
from pathlib import Path

RATE_HZ = 22_050
"""What espeak-ng writes, and what ``say`` is asked for; nothing has to be resampled."""

WITHIN_S = 20.0
"""A sentence is written in a few hundredths of a second; what takes this long does not come."""

CLIP_MAX_S = 30.0
"""The longest sentence of a workout file lasts half of it."""

Which = Callable[[str], str | None]


class SpeechFailed(OSError):
    """The speech program did not write what was asked for; a sentence with the mend."""


def speech_writer(voice: str, system: str = sys.platform, which: Which = shutil.which) -> Writer | None:
    """The first program that is found; None: nothing here writes speech into a file."""
    if system == "darwin":
        program = which("say")
        return None if program is None else Writer("say", (program, f"--data-format=LEI16@{RATE_HZ}", "-o"))
    for name in ("espeak-ng", "espeak"):
        program = which(name)
        if program is not None:
            return Writer(name, (program, "-v", voice, "-w"))
    return None


class Writer:
    """A program that writes one sentence into the WAV file whose name follows ``words``."""

    def __init__(self, name: str, words: tuple[str, ...]) -> None:
        self.name = name
        self._words = words
        self._known: dict[str, array[int]] = {}

    def clip(self, text: str) -> array[int]:
        """The sentence as signed 16-bit samples at ``RATE_HZ``, one channel. Raises SpeechFailed."""
        if text not in self._known:
            self._known[text] = self._written(text)
        return self._known[text]

    def _written(self, text: str) -> array[int]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "clip.wav"
            try:
                subprocess.run(
                    (*self._words, str(path), "--", text),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    timeout=WITHIN_S,
                    check=True,
                )
                return _read(path)
            except (OSError, subprocess.SubprocessError, wave.Error, EOFError, ValueError) as error:
                why = error if isinstance(error, ValueError) else type(error).__name__
                raise SpeechFailed(
                    f"{self.name} did not speak {text!r} into a file ({why}); try --no-speech, for tones alone"
                ) from error


def _read(path: Path) -> array[int]:
    with wave.open(str(path), "rb") as file:
        shape = file.getnchannels(), file.getsampwidth(), file.getframerate()
        if shape != (1, 2, RATE_HZ):
            raise ValueError(
                f"it wrote {shape[0]} channels of {8 * shape[1]} bit at {shape[2]} Hz, not 1 of 16 at 22050"
            )
        samples = array("h", file.readframes(round(CLIP_MAX_S * RATE_HZ)))
    if sys.byteorder == "big":
        samples.byteswap()
    return samples
