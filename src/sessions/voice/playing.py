"""The process that sounds: lines on its input, tones on the loudspeaker. It may die, and nobody else is harmed.

    warn | count | rise | step | stop | alarm     that tone, now
    beat 176.0                                    a click so many times a minute; 0: no more

Native audio code can abort an interpreter or hang in a sound server, so it is alone here, and imported here only. The
end of the input ends it. Exit codes: 0 as asked, 3 there is no miniaudio, 4 no loudspeaker could be opened.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Generator, Iterable
from importlib import import_module
from typing import Any

from .mixer import RATE_HZ, Mixer
from .tone import Tone

NO_MINIAUDIO, NO_LOUDSPEAKER = 3, 4
BUFFER_MS = 20
"""A tone begins that much late at most for it; smaller buffers crackle on a busy computer."""

LINE_MAX = 40
"""Characters of a line; what is longer is none of ours."""


def main() -> int:
    """Play until the input ends; the exit code."""
    try:
        miniaudio = import_module("miniaudio")
    except ImportError:
        return NO_MINIAUDIO
    mixer = Mixer()
    try:
        device = opened(miniaudio, mixer)
    except miniaudio.MiniaudioError:
        return NO_LOUDSPEAKER
    with device:
        obey(sys.stdin, mixer)
    return 0


def opened(miniaudio: Any, mixer: Mixer) -> Any:
    """The default loudspeaker, playing what the mixer gives. Raises MiniaudioError."""
    device = miniaudio.PlaybackDevice(
        output_format=miniaudio.SampleFormat.SIGNED16,
        nchannels=1,
        sample_rate=RATE_HZ,
        buffersize_msec=BUFFER_MS,
        app_name="Retrotread",
    )
    sound = _sound(mixer)
    next(sound)
    device.start(sound)
    return device


def _sound(mixer: Mixer) -> Generator[array[int], int, None]:
    """What miniaudio asks: so many samples, again and again."""
    count = yield array("h")
    while True:
        count = yield mixer.take(count)


def obey(lines: Iterable[str], mixer: Mixer) -> None:
    """Every line until the last; one that is none of ours changes nothing."""
    for line in lines:
        word, _, rest = line[:LINE_MAX].strip().partition(" ")
        if word == Tone.BEAT.value:
            mixer.beat(_number(rest))
        elif word in _TONES:
            mixer.play(_TONES[word])


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value > 0 else None


_TONES = {tone.value: tone for tone in Tone if tone is not Tone.BEAT}


if __name__ == "__main__":
    sys.exit(main())
