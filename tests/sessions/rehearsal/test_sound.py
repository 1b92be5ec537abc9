"""The rehearsal as sound: every warning stands in the file at its moment, and nothing rises without one.

The file is read back as a listener has it: where silence ends, and which pitch is there. Nothing of the synthesis is
used for that but the pitches.
"""

from __future__ import annotations

import math
import sys
import wave
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.machine import Setpoint
from retrotread.sessions.conductor import RunPlan
from retrotread.sessions.prepare import ANYBODY, laid_out, written_in
from retrotread.sessions.rehearsal.script import Script, Sounded, script_of
from retrotread.sessions.rehearsal.sound import GAP_S, TONES_RATE_HZ, placed, write_sound
from retrotread.sessions.rehearsal.speech import RATE_HZ, SpeechFailed, Writer, speech_writer
from retrotread.sessions.voice.tone import LOUD, NOTES, Tone, lasts_s, samples_of
from retrotread.workouts import library
from retrotread.workouts.engine import Phase
from retrotread.workouts.phrases import language

CLOSE_S = 0.02
ISLAND_GAP_S = 0.1
"""Silence within a tone is shorter, between two tones longer."""

NAMES = ("ladder-8", "sprinkle-walk", "ladder-5")


@cache
def script(name: str) -> Script:
    prepared = laid_out(written_in(library.find(name)), ARCHETYPES["well-behaved"].profile, ANYBODY)
    assert prepared.offer.timeline is not None
    return script_of(RunPlan.of("sound", prepared.offer.timeline, prepared.tier.key), language("en"))


@dataclass(frozen=True)
class Onset:
    at_s: float
    tone: Tone


def samples_in(path: Path) -> tuple[array[int], int]:
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        samples = array("h", file.readframes(file.getnframes()))
        rate_hz = file.getframerate()
    if sys.byteorder == "big":
        samples.byteswap()
    return samples, rate_hz


def power(samples: array[int], pitch_hz: float, rate_hz: int) -> float:
    """Goertzel: how much of one pitch is in the samples."""
    turn = 2 * math.cos(2 * math.pi * pitch_hz / rate_hz)
    last = before = 0.0
    for sample in samples:
        last, before = sample + turn * last - before, last
    return last * last + before * before - turn * last * before


def onsets(samples: array[int], rate_hz: int) -> list[Onset]:
    """Where silence ends, and the pitch that begins there."""
    window = rate_hz // 200
    nothing = bytes(2 * window)
    found, ends = [], -rate_hz
    for at in range(0, len(samples) - window, window):
        if samples[at : at + window].tobytes() == nothing:
            continue
        if at - ends > ISLAND_GAP_S * rate_hz:
            first = next(index for index in range(at, at + window) if samples[index])
            heard = samples[first : first + int(0.02 * rate_hz)]
            tone = max(Tone, key=lambda one: power(heard, NOTES[one][0].pitch_hz, rate_hz))
            found.append(Onset(first / rate_hz, tone))
        ends = at + window
    return found


@cache
def heard(name: str, folder: Path) -> tuple[Onset, ...]:
    path = folder / f"{name}.wav"
    write_sound(script(name), path, None)
    return tuple(onsets(*samples_in(path)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sound")


@pytest.mark.parametrize("name", NAMES)
def test_every_warning_is_in_the_file_at_its_moment_and_no_other_is(name: str, folder: Path) -> None:
    planned = [one.at_s for one in script(name).sounded if one.tone is Tone.WARN]
    found = [one.at_s for one in heard(name, folder) if one.tone is Tone.WARN]
    assert len(found) == len(planned) >= 3
    assert max(abs(a - b) for a, b in zip(found, planned, strict=True)) <= CLOSE_S


@pytest.mark.parametrize("name", NAMES)
def test_no_rise_of_the_belt_is_without_a_warning_in_the_file_five_seconds_before(name: str, folder: Path) -> None:
    warned = [one.at_s for one in heard(name, folder) if one.tone is Tone.WARN]
    rises = {axis: list(begun(name, axis)) for axis in (speed_of, incline_of)}
    for begins_s in (*rises[speed_of], *rises[incline_of]):
        assert [one for one in warned if 5.0 - CLOSE_S <= begins_s - one <= 6.5], begins_s
    assert (len(rises[speed_of]), len(rises[incline_of])) == RISES[name]


RISES = {"ladder-8": (6, 0), "sprinkle-walk": (3, 0), "ladder-5": (1, 3)}
"""Of speed and of incline from what is held; those from a slow rise into a quick one come to them."""


def speed_of(belt: Setpoint) -> float:
    return belt.speed_kph


def incline_of(belt: Setpoint) -> float:
    return belt.incline_percent


def begun(name: str, axis: Callable[[Setpoint], float]) -> Iterator[float]:
    """When something that held still goes up, with somebody on the belt."""
    moved = script(name).moved
    for before, at, after in zip(moved, moved[1:], moved[2:], strict=False):
        if any(one.phase is not Phase.RUNNING for one in (before, at, after)):
            continue
        first, held, then = (axis(one.belt) for one in (before, at, after))
        if first == held < then:
            yield after.at_s if then - held < 0.01 else at.at_s


@pytest.mark.parametrize("name", NAMES)
def test_every_rise_and_every_number_has_its_tone_where_it_stands_alone(name: str, folder: Path) -> None:
    alone = [one for one in script(name).sounded if one.tone is not None]
    alone = [b for a, b in pairwise(alone) if b.at_s - a.at_s > 0.5]
    found = heard(name, folder)
    for one in alone:
        nearest = min(found, key=lambda onset: abs(onset.at_s - one.at_s))
        if one.tone is not None and abs(nearest.at_s - one.at_s) <= CLOSE_S:
            follows = [other for other in script(name).sounded if other.tone and 0 < other.at_s - one.at_s < 0.5]
            assert nearest.tone is one.tone or follows, one
        else:
            pytest.fail(f"nothing is heard at {one.at_s:.3f} s: {one}")


def test_no_two_tones_begin_with_a_like_pitch() -> None:
    pitches = sorted(notes[0].pitch_hz for notes in NOTES.values())
    assert min(b - a for a, b in pairwise(pitches)) >= 100


def test_a_tone_swells_from_nothing_and_never_clips() -> None:
    for tone in Tone:
        samples = samples_of(tone, TONES_RATE_HZ)
        assert samples[0] == 0
        assert max(map(abs, samples)) <= round(32767 * LOUD)
        assert len(samples) == pytest.approx(lasts_s(tone) * TONES_RATE_HZ, abs=len(NOTES[tone]) * 2)


# --- speech -----------------------------------------------------------------------------------------------------


class Droning(Writer):
    """Speaks every text as so many seconds of one value."""

    def __init__(self, seconds: float) -> None:
        super().__init__("droning", ())
        self.samples = array("h", [1000] * round(seconds * RATE_HZ))

    def clip(self, text: str) -> array[int]:
        return self.samples


def said(at_s: float, urgent: bool = False, tone: Tone | None = None) -> Sounded:
    return Sounded(at_s, tone, "words", "words", urgent)


def test_speech_waits_for_the_sentence_before_it_and_an_urgent_one_cuts_it_off() -> None:
    pieces = placed([said(0.0), said(1.0), said(3.0, urgent=True)], Droning(2.0), 0.0, RATE_HZ)
    assert [(one.at / RATE_HZ, len(one.samples) / RATE_HZ) for one in pieces] == [(0.0, 2.0), (2.0, 1.0), (3.0, 2.0)]


def test_a_tone_is_heard_over_speech_and_begins_with_it(tmp_path: Path) -> None:
    one = Script("x", "English", (said(1.0, tone=Tone.WARN),), (), 4.0)
    write_sound(one, tmp_path / "out.wav", Droning(2.0))
    samples, rate_hz = samples_in(tmp_path / "out.wav")
    assert (rate_hz, len(samples)) == (RATE_HZ, 4 * RATE_HZ)
    assert not any(samples[:RATE_HZ])
    spoken = samples[RATE_HZ + RATE_HZ // 2 : 3 * RATE_HZ]
    assert set(spoken) == {1000}
    assert max(samples[RATE_HZ : RATE_HZ + RATE_HZ // 5]) > 1000 + 32767 * LOUD * 0.8


def test_a_rehearsal_may_begin_later_and_leave_out_silence(tmp_path: Path) -> None:
    words = (said(1.0, tone=Tone.STEP), said(60.0, tone=Tone.WARN), said(300.0, tone=Tone.RISE))
    one = Script("x", "English", words, (), 310.0)
    assert write_sound(one, tmp_path / "later.wav", None, from_s=59.0) == pytest.approx(251.0)
    assert onsets(*samples_in(tmp_path / "later.wav"))[0].at_s == pytest.approx(1.0, abs=CLOSE_S)
    lasts = write_sound(one, tmp_path / "short.wav", None, fast=True)
    found = onsets(*samples_in(tmp_path / "short.wav"))
    assert [onset.tone for onset in found] == [Tone.STEP, Tone.WARN, Tone.RISE]
    assert max(b.at_s - a.at_s for a, b in pairwise(found)) <= GAP_S + 0.3
    assert lasts < 8.0


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    class Mute(Writer):
        def clip(self, text: str) -> array[int]:
            raise SpeechFailed("mute")

    one, folder = Script("x", "English", (said(0.0),), (), 1.0), tmp_path / "out.wav"
    with pytest.raises(SpeechFailed):
        write_sound(one, folder, Mute("mute", ()))
    assert list(tmp_path.iterdir()) == []
    folder.mkdir()
    with pytest.raises(OSError, match=r"out\.wav"):
        write_sound(one, folder, None)
    assert list(tmp_path.iterdir()) == [folder]


SPEAKS = """#!{python}
import sys, wave
path, text = sys.argv[sys.argv.index("-w") + 1], sys.argv[-1]
with wave.open(path, "wb") as file:
    file.setparams((1, 2, {rate}, 0, "NONE", ""))
    file.writeframes(b"\\x01\\x00" * (100 * len(text)))
"""


def a_program(folder: Path, rate_hz: int = RATE_HZ) -> str:
    path = folder / "espeak-ng"
    path.write_text(SPEAKS.format(python=sys.executable, rate=rate_hz))
    path.chmod(0o755)
    return str(path)


def test_a_speech_program_writes_each_sentence_once(tmp_path: Path) -> None:
    program = a_program(tmp_path)
    writer = speech_writer("de", "linux", lambda name: program if name == "espeak-ng" else None)
    assert writer is not None
    assert writer.name == "espeak-ng"
    clip = writer.clip("-v no option")
    assert clip == array("h", [1] * 1200)
    Path(program).unlink()
    assert writer.clip("-v no option") is clip


def test_a_speech_program_that_writes_something_else_is_told_with_what_it_wrote(tmp_path: Path) -> None:
    program = a_program(tmp_path, 8000)
    writer = speech_writer("en", "linux", lambda name: program)
    assert writer is not None
    with pytest.raises(SpeechFailed, match=r"1 channels of 16 bit at 8000 Hz, not 1 of 16 at 22050.*--no-speech"):
        writer.clip("words")


def test_a_computer_without_one_has_none() -> None:
    assert speech_writer("en", "linux", lambda name: None) is None
    assert speech_writer("en", "win32", lambda name: None) is None


def test_a_belt_at_rest_in_a_script_is_at_rest() -> None:
    assert script("sprinkle-walk").moved[0].belt == Setpoint(0.0)
    assert script("sprinkle-walk").moved[-1].belt == Setpoint(0.0)
