"""Tones come from a process that may die: what it sounds, what it obeys, and that nobody else is harmed by it."""

from __future__ import annotations

import subprocess
import sys
import threading
from array import array
from itertools import pairwise

import pytest

from retrotread.sessions.cue_tones import ONE_TONE_S, tone_beside, tone_of
from retrotread.sessions.narration import Utterance, utterance
from retrotread.sessions.voice import playing, tones
from retrotread.sessions.voice.mixer import RATE_HZ, Mixer
from retrotread.sessions.voice.playing import NO_LOUDSPEAKER, NO_MINIAUDIO, obey
from retrotread.sessions.voice.tone import Tone, lasts_s, samples_of
from retrotread.sessions.voice.tones import INSTALL, STARTS_MAX, ChildTones, NoTones, system_tones
from retrotread.workouts.cues import CueKind
from retrotread.workouts.phrases import phrase


def loud(samples: array[int]) -> bool:
    return any(samples)


# --- what sounds --------------------------------------------------------------------------------------------------


def test_a_tone_sounds_from_the_next_samples_on_to_its_end_and_then_there_is_silence() -> None:
    mixer = Mixer()
    assert not loud(mixer.take(1000))
    mixer.play(Tone.COUNT)
    whole = array("h")
    for _ in range(20):
        whole.extend(mixer.take(300))
    count = samples_of(Tone.COUNT, RATE_HZ)
    assert whole[: len(count)] == count
    assert not loud(whole[len(count) :])


def test_two_tones_are_heard_together_and_never_past_what_sixteen_bits_hold() -> None:
    mixer = Mixer()
    for _ in range(4):
        mixer.play(Tone.STOP)
    peak = max(mixer.take(2000))
    assert peak == 32767


def test_the_metronome_clicks_at_its_pace_however_the_samples_are_taken() -> None:
    mixer = Mixer()
    mixer.beat(180.0)
    samples = array("h")
    while len(samples) < 3 * RATE_HZ:
        samples.extend(mixer.take(441))
    begins = [at for at in range(1, len(samples)) if samples[at] and not any(samples[max(0, at - 500) : at])]
    assert len(begins) == 9
    gaps = {round((b - a) / RATE_HZ, 3) for a, b in pairwise(begins)}
    assert gaps == {round(60 / 180, 3)}
    mixer.beat(None)
    mixer.take(RATE_HZ)
    assert not loud(mixer.take(RATE_HZ))


@pytest.mark.parametrize("pace", [0.0, -5.0, 1000.0, None])
def test_a_pace_of_nobody_is_silence(pace: float | None) -> None:
    mixer = Mixer()
    mixer.beat(pace)
    assert not loud(mixer.take(RATE_HZ))


# --- what the process obeys ---------------------------------------------------------------------------------------


class Heard(Mixer):
    def __init__(self) -> None:
        super().__init__()
        self.asked: list[object] = []

    def play(self, tone: Tone) -> None:
        self.asked.append(tone)

    def beat(self, per_min: float | None) -> None:
        self.asked.append(per_min)


def test_each_line_is_a_tone_or_a_pace_and_anything_else_changes_nothing() -> None:
    heard = Heard()
    obey(
        [
            "warn\n",
            "beat 176.0\n",
            "beat nan\n",
            "beat inf\n",
            "beat 0.0\n",
            "\n",
            "rubbish \x00\n",
            "WARN\n",
            "x" * 10_000,
            "alarm",
        ],
        heard,
    )
    assert heard.asked == [Tone.WARN, 176.0, None, None, None, Tone.ALARM]


def test_without_miniaudio_the_process_says_so_by_its_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "miniaudio", None)
    assert playing.main() == NO_MINIAUDIO


# --- the process, seen from the run -------------------------------------------------------------------------------


class Started:
    """Children of ours: each runs a line of Python; how many there were."""

    def __init__(self, program: str) -> None:
        self.program = program
        self.children: list[subprocess.Popen[bytes]] = []

    def __call__(self) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(
            [sys.executable, "-c", self.program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self.children.append(child)
        return child

    def gone(self) -> None:
        self.children[-1].wait(10)

    def close(self) -> None:
        for child in self.children:
            for end in (child.stdin, child.stdout):
                if end is not None:
                    end.close()
            child.wait(10)


ECHO = "import sys\nfor line in sys.stdin: print(line, end='', flush=True)"


def test_what_is_asked_for_goes_to_the_process_as_lines() -> None:
    start = Started(ECHO)
    player = ChildTones(start)
    player.play(Tone.WARN)
    player.beat(176.0)
    player.beat(None)
    out = start.children[0].stdout
    assert out is not None
    assert [out.readline() for _ in range(3)] == [b"warn\n", b"beat 176.0\n", b"beat 0.0\n"]
    player.close()
    start.close()
    assert start.children[0].returncode is not None


def test_a_process_that_dies_is_started_again_and_the_third_time_tones_are_given_up_with_a_sentence() -> None:
    start = Started("import sys; sys.exit(7)")
    player = ChildTones(start)
    for _ in range(STARTS_MAX):
        assert player.why is None
        start.gone()
        player.play(Tone.WARN)
    assert (
        player.why
        == "there are no tones: their process ended with exit code 7 for the third time; go by the voice and the bell"
    )
    player.play(Tone.WARN)
    assert len(start.children) == STARTS_MAX
    player.close()
    start.close()


@pytest.mark.parametrize(("code", "why"), [(NO_MINIAUDIO, "need miniaudio"), (NO_LOUDSPEAKER, "no loudspeaker")])
def test_a_reason_that_stays_is_told_and_nothing_is_started_again(code: int, why: str) -> None:
    start = Started(f"import sys; sys.exit({code})")
    player = ChildTones(start)
    start.gone()
    player.play(Tone.WARN)
    assert player.why is not None
    assert why in player.why
    assert len(start.children) == 1
    start.close()


def test_a_process_that_does_not_read_holds_up_nobody() -> None:
    start = Started("import time; time.sleep(60)")
    player = ChildTones(start)
    done = threading.Event()

    def many() -> None:
        for _ in range(30_000):
            player.play(Tone.COUNT)
        done.set()

    threading.Thread(target=many, daemon=True).start()
    assert done.wait(10)
    player.close()
    start.close()


def test_a_process_that_cannot_be_started_is_told() -> None:
    def start() -> subprocess.Popen[bytes]:
        raise OSError(11, "Resource temporarily unavailable")

    player = ChildTones(start)
    player.play(Tone.WARN)
    player.close()
    assert player.why == "there are no tones: their process cannot be started (Resource temporarily unavailable)"


def test_without_miniaudio_there_are_none_with_the_mend_and_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tones, "find_spec", lambda name: None)
    assert system_tones(True).why == INSTALL
    assert system_tones(False).why is None
    assert isinstance(system_tones(False), NoTones)


# --- which tone ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "tone"),
    [
        (Utterance("faster", True, True, CueKind.RISE_SOON), Tone.WARN),
        (utterance("rising-again", True, seconds="5"), None),
        (Utterance("again", True, rise=True), Tone.WARN),
        (Utterance("3", True, kind=CueKind.COUNT), Tone.COUNT),
        (utterance("count", True, number="5"), Tone.COUNT),
        (utterance("starting", True), Tone.RISE),
        (utterance("stopping", True, why="x"), Tone.STOP),
        (utterance("alarm", True, resort=phrase("pull-the-key"), known="x"), Tone.ALARM),
        (utterance("question", True), Tone.ALARM),
        (Utterance("walk", kind=CueKind.STEP), Tone.STEP),
        (Utterance("next", kind=CueKind.NEXT_STEP), None),
        (Utterance("stay tall", remark=True), None),
    ],
)
def test_every_kind_of_word_has_its_tone_or_none(one: Utterance, tone: Tone | None) -> None:
    assert tone_of(one) is tone


def test_a_step_that_is_named_as_its_rise_begins_has_the_tone_of_the_rise_alone() -> None:
    step = Utterance("walk", kind=CueKind.STEP)
    assert tone_beside(step, ONE_TONE_S - 0.1) is None
    assert tone_beside(step, ONE_TONE_S + 0.1) is Tone.STEP
    assert tone_beside(Utterance("3", True, kind=CueKind.COUNT), 0.0) is Tone.COUNT


def test_a_tone_is_over_before_the_next_number_comes() -> None:
    assert max(lasts_s(tone) for tone in Tone) < 0.9
