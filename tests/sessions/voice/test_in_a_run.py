"""A live run uses the voice that the settings ask for, and runs the person's own command when nobody answers."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from retrotread.clock import monotonic_s
from retrotread.guardian.messages import FromGuardian, ToGuardian
from retrotread.machine import Capabilities, DeviceProfile
from retrotread.safety.attention import AnsweredBy
from retrotread.sessions import live
from retrotread.sessions.aftercare import Aftercare
from retrotread.sessions.conductor import Conductor, RunPlan
from retrotread.sessions.cue_check import CueCheck
from retrotread.sessions.host import SilentHost
from retrotread.sessions.launcher import prepare
from retrotread.sessions.live import LiveRun, RunSetup
from retrotread.sessions.person import Person
from retrotread.sessions.voice import RecordingSpeaker
from retrotread.workouts import library

PROFILE = DeviceProfile("bench", Capabilities(50, 1600, 10, 120, 5), lag_ms=400, report_period_ms=250)
SOON_S = 10.0


class SilentGuardian:
    """Takes everything and answers nothing."""

    alive = True

    def __init__(
        self, _folder: Path, _say: Callable[[FromGuardian], None], _end: Callable[[str], None], _standby: object
    ) -> None:
        pass

    def send(self, message: ToGuardian) -> None:
        pass

    def leave(self) -> None:
        pass

    def wait(self, _seconds: float) -> bool:
        return True


@contextmanager
def a_run(
    folder: Path, person: Person | None = None, speech: bool = True, answers: AnsweredBy = AnsweredBy.SUPERVISOR
) -> Iterator[LiveRun]:
    """On the voice of this computer where ``person`` is None."""
    prepared = prepare(library.find("ladder-1"), PROFILE)
    assert prepared.offer.timeline is not None
    plan = replace(RunPlan.of("run-1", prepared.offer.timeline, prepared.tier.key), answers=answers)
    setup = RunSetup(plan, "sim://well-behaved", folder, None, person=person, speech=speech)
    run = LiveRun(setup, None if person is None else RecordingSpeaker(monotonic_s), SilentHost("a test"))
    try:
        yield run
    finally:
        run.close()


@pytest.fixture(autouse=True)
def _silent_guardian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "GuardianClient", SilentGuardian)


@pytest.mark.parametrize("speech", [True, False])
def test_a_run_speaks_where_the_settings_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, speech: bool) -> None:
    asked: list[bool] = []

    def speaker(bell: Callable[[], None], language: str = "en", speech: bool = True) -> RecordingSpeaker:
        asked.append(speech)
        return RecordingSpeaker(monotonic_s)

    monkeypatch.setattr(live, "system_speaker", speaker)
    with a_run(tmp_path, speech=speech):
        assert asked == [speech]


def test_nothing_is_heard_of_a_rise_before_somebody_says_that_the_cues_are_heard_with_the_belt_moving(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unheard = CueCheck(moving_s=-100.0, asked_s=(-90.0, -90.0))
    asks = iter([True])
    monkeypatch.setattr(live, "looked", lambda check, *_: (check if check.heard else unheard, next(asks, False)))
    with a_run(tmp_path, Person("Ada", adult=True), answers=AnsweredBy.HAND) as run:
        speaker = run._speaker
        assert isinstance(speaker, RecordingSpeaker)
        run.sound_heard(True)
        until(lambda: "Can you hear this with the belt moving? If so, press y, or the remote." in texts(speaker))
        assert not run._cues_ok()
        run.all_right()
        until(lambda: "Good, the cues are heard." in texts(speaker))
        assert run._cues_ok()


def test_a_supervisor_is_not_asked_what_somebody_else_hears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "looked", lambda check, *_: (check, True))
    with a_run(tmp_path, Person("Ada", adult=True), answers=AnsweredBy.SUPERVISOR) as run:
        speaker = run._speaker
        assert isinstance(speaker, RecordingSpeaker)
        heard: queue.Queue[None] = queue.Queue()

        def a_turn(conductor: Conductor, now_s: float) -> tuple[ToGuardian, ...]:
            run._check_cues(conductor, now_s)
            heard.put(None)
            return ()

        for _ in range(3):
            run._acts.put(a_turn)
            heard.get(timeout=SOON_S)
        assert [text for text in texts(speaker) if "Can you hear" in text] == []


def texts(speaker: RecordingSpeaker) -> list[str]:
    return [text for _, text in speaker.said]


def until(true: Callable[[], bool]) -> None:
    """Wait for the session's thread to come to it."""
    ends_s, turn = monotonic_s() + SOON_S, threading.Event()
    while not true():
        assert monotonic_s() < ends_s, "it did not come true"
        turn.wait(0.01)


def test_when_nobody_answers_the_persons_own_command_runs_once_and_its_result_is_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tmp_path / "ring-ada"
    command.write_text(f'#!/bin/sh\necho "$1: $RETROTREAD_REASON" >>"{tmp_path}/called"\n')
    command.chmod(0o755)
    helped: queue.Queue[str] = queue.Queue()

    def note(_run: LiveRun, kind: str, text: str, _now_s: float) -> None:
        if kind == "help":
            helped.put(text)

    monkeypatch.setattr(LiveRun, "_note", note)
    monkeypatch.setattr(Aftercare, "calling", lambda _aftercare, _now_s: True)
    with a_run(tmp_path, Person("Ada", adult=True, call=(str(command), "neighbour"))):
        assert helped.get(timeout=SOON_S) == "nobody answered; calling for help"
        assert helped.get(timeout=SOON_S) == "called for help: ring-ada"
    assert helped.empty()
    assert (tmp_path / "called").read_text() == "neighbour: nobody answers at the treadmill\n"
