"""The voice: a speech command, and something that it can be heard through."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from ...config import read_settings
from ..voice.commands import speech_command
from .finding import Finding, Mend, ok, warning
from .probe import Probe
from .reading import names_in

SPEECH_OK = ok("speech-ok", "cues are spoken by {name}; whether you hear them, the spoken digit before a session shows")
SPEECH_OFF = ok("speech-off", "speech is switched off in the settings; urgent cues ring the terminal's bell")
SPEECH_NONE = warning(
    "speech-none",
    "there is no speech command; only the bell rings for urgent cues, and who faces the rear sees no screen",
    Mend(
        "Install espeak-ng: sudo apt install espeak-ng (or dnf, pacman).",
        "The command say belongs to macOS; look at your PATH.",
        "PowerShell belongs to Windows; look at your PATH.",
    ),
)
SPEECH_SERVER = warning(
    "speech-server",
    "cues are spoken by spd-say, whose server may finish a word after it was told to stop",
    Mend("Install espeak-ng, which is silent when it is ended: sudo apt install espeak-ng."),
)
SOUND_NONE = warning(
    "sound-none",
    "no sound device and no sound server can be seen; a voice would not be heard",
    Mend(
        "Plug in a loudspeaker or switch one on (wpctl status); over ssh the voice sounds at the other one. You may "
        "have to be in the group audio."
    ),
)
ENTRIES = (SPEECH_OK, SPEECH_OFF, SPEECH_NONE, SPEECH_SERVER, SOUND_NONE)


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """``wanted`` by the settings; ``command``: name of the speech command; ``device``: what it is heard through."""

    wanted: bool
    command: str | None
    device: bool


def judge(facts: SoundFacts) -> tuple[Finding, ...]:
    """What of the voice is missing."""
    if not facts.wanted:
        return (SPEECH_OFF.found(),)
    found: list[Finding] = []
    if facts.command is None:
        found.append(SPEECH_NONE.found())
    elif facts.command == "spd-say":
        found.append(SPEECH_SERVER.found())
    if not facts.device:
        found.append(SOUND_NONE.found())
    return tuple(found) or (SPEECH_OK.found(name=facts.command or ""),)


def collect() -> SoundFacts:
    """The voice of this computer."""
    command = speech_command("en")
    return SoundFacts(read_settings().cues.speech, None if command is None else command.name, _device())


def _device() -> bool:
    """macOS and Windows always have a default device; on Linux a card of ALSA or the socket of a sound server."""
    if not sys.platform.startswith("linux"):
        return True
    if any(name.startswith("pcm") and name.endswith("p") for name in names_in(Path("/dev/snd"))):
        return True
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return runtime is not None and any((Path(runtime) / name).exists() for name in ("pulse/native", "pipewire-0"))


PROBE = Probe("sound", collect, judge, ENTRIES)
