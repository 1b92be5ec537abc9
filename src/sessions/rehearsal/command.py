"""``retrotread rehearse``: a workout by ear, as a transcript or as a sound file with its transcript beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ...devices.address import parse_address
from ...devices.errors import AddressError
from ...devices.simulated.options import simulated_setup
from ...machine import DeviceProfile
from ...workouts.phrases import language
from ..check import Printed
from ..conductor import RunPlan
from ..prepare import Asked, Written, laid_out
from .script import Script, script_of
from .sound import write_sound
from .speech import Writer, speech_writer
from .transcript import clock_text, transcript_of

_CLOCK = re.compile(r"([0-9]{1,3}):([0-5][0-9])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Listening:
    """How it is to be heard. ``audio`` None: as text alone. ``from_text`` is "MM:SS". ``fast``: no long silences."""

    audio: Path | None = None
    language: str = "en"
    from_text: str = "0:00"
    fast: bool = False
    speech: bool = True


class NotToBeHeard(ValueError):
    """What was asked for cannot be: a moment that is none, a file of another kind; a sentence with the mend."""


def moment_s(text: str) -> float:
    """Seconds of "MM:SS". Raises NotToBeHeard."""
    parts = _CLOCK.fullmatch(text)
    if parts is None:
        raise NotToBeHeard(f"--from {text!r} is no moment; write minutes and seconds, such as 12:30")
    return 60.0 * int(parts[1]) + int(parts[2])


def rehearse_text(written: Written, address: str, asked: Asked, listening: Listening) -> Printed:
    """Rehearse it and tell. Raises AddressError, NoSuchLanguage (LookupError), NotToBeHeard (ValueError), OSError."""
    if listening.audio is not None and listening.audio.suffix.lower() != ".wav":
        raise NotToBeHeard(f"--audio {listening.audio}: the sound is a WAV file; write a name that ends with .wav")
    from_s, words = moment_s(listening.from_text), language(listening.language)
    prepared = laid_out(written, _profile(address), asked)
    timeline = prepared.offer.timeline
    if timeline is None:
        return Printed("\n".join(f"limit: {one}" for one in prepared.offer.problems), True)
    script = script_of(RunPlan.of("rehearsal", timeline, prepared.tier.key), words)
    if from_s >= script.lasts_s:
        ends = clock_text(script.lasts_s)
        raise NotToBeHeard(f"--from {listening.from_text} is behind the end at {ends}; begin earlier")
    transcript = transcript_of(script, from_s)
    if listening.audio is None:
        return Printed(transcript, False)
    writer = speech_writer(words.voice) if listening.speech else None
    return Printed(_kept(script, transcript, writer, listening), False)


def _profile(address: str) -> DeviceProfile:
    parsed = parse_address(address)
    if parsed.scheme != "sim":
        raise AddressError(f"address {address!r}: a rehearsal moves no belt; write sim://NAME for what it is like")
    return simulated_setup(parsed.name, parsed.options).archetype.profile


def _kept(script: Script, transcript: str, writer: Writer | None, listening: Listening) -> str:
    """Write both files; where they are, and what is in them."""
    audio = listening.audio
    assert audio is not None, "asked for by the caller"
    lasts_s = write_sound(script, audio, writer, moment_s(listening.from_text), listening.fast)
    beside = audio.with_suffix(".txt")
    beside.write_text(f"{transcript}\n", encoding="utf-8")
    spoken = (
        f"tones, and speech by {writer.name}" if writer is not None else f"tones alone: {_why_no_speech(listening)}"
    )
    cut = "; long silences are cut, the transcript has the true moments" if listening.fast else ""
    return (
        f"{audio}: {clock_text(lasts_s)}, {spoken}{cut}\n{beside}: the transcript, minutes and seconds of the session"
    )


def _why_no_speech(listening: Listening) -> str:
    if not listening.speech:
        return "speech was not asked for"
    return "nothing here writes speech into a file; install espeak-ng"
