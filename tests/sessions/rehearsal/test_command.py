"""``retrotread rehearse`` as it is typed."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from retrotread.cli import main
from retrotread.sessions.rehearsal import command


@pytest.fixture(autouse=True)
def _no_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "speech_writer", lambda voice: None)


def test_without_a_file_the_transcript_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rehearse", "warm-up-gentle"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("# Warm-up")
    assert out[1].endswith("Start in 10. Any key cancels.")
    assert out[-1].endswith("Now stretch: calves, front of the thighs, hip flexors, back of the thighs, seat")


def test_with_a_file_the_sound_and_its_transcript_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    audio = tmp_path / "out.wav"
    assert main(["rehearse", "warm-up-gentle", "--audio", str(audio), "--lang", "de", "--from", "01:00"]) == 0
    told = capsys.readouterr().out
    assert "tones alone: nothing here writes speech into a file; install espeak-ng" in told
    with wave.open(str(audio), "rb") as file:
        lasts_s = file.getnframes() / file.getframerate()
    lines = (tmp_path / "out.txt").read_text(encoding="utf-8").splitlines()
    assert "in Deutsch" in lines[0]
    assert lines[1] >= "01:00"
    assert lines[-1].endswith(
        "Jetzt dehnen: Waden, Vorderseite der Oberschenkel, Hüftbeuger, Rückseite der Oberschenkel, Gesäß"
    )
    assert 240 < lasts_s < 300
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.txt", "out.wav"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (["--lang", "xx"], "there are no cues in 'xx'; the languages are de, en"),
        (["--from", "1:77"], "--from '1:77' is no moment; write minutes and seconds, such as 12:30"),
        (["--from", "90:00"], "--from 90:00 is behind the end at 05:"),
        (["--audio", "out.mp3"], "--audio out.mp3: the sound is a WAV file; write a name that ends with .wav"),
        (["--audio", "/nowhere/at/all/out.wav"], "No such file or directory; choose another"),
        (["--treadmill", "ble://x"], "a rehearsal moves no belt; write sim://NAME"),
    ],
)
def test_what_cannot_be_heard_ends_with_2_and_says_why(
    asked: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rehearse", "warm-up-gentle", *asked]) == 2
    said = capsys.readouterr()
    assert sentence in said.err
    assert said.out == ""


def test_a_workout_that_this_treadmill_cannot_run_ends_with_1_and_says_the_limit(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["rehearse", "--quick", "10 min at 0.1 km/h backward"]) == 1
    assert "limit: " in capsys.readouterr().out


def test_one_workout_is_asked_for() -> None:
    assert main(["rehearse"]) == 2
    assert main(["rehearse", "ladder-1", "--quick", "10 min at 2 km/h backward"]) == 2
