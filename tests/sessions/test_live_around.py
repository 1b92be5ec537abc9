"""What a live run does with the computer around it: voice, bells, focus, lock, sleep, the call for help, a coach."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from retrotread.clock import monotonic_s
from retrotread.guardian.messages import (
    Arm,
    Connected,
    Feel,
    FromGuardian,
    Heartbeat,
    HostSleeping,
    Rate,
    Snapshot,
    ToGuardian,
)
from retrotread.machine import Capabilities, DeviceProfile
from retrotread.safety.feeling import Symptom
from retrotread.safety.hazards import Action, Cause, Clears, Hazard
from retrotread.safety.inputs import Unreachable
from retrotread.safety.modes import Mode
from retrotread.sessions import live
from retrotread.sessions.conductor import RunPlan
from retrotread.sessions.host import LOCKED, SilentHost
from retrotread.sessions.live import LiveRun, RunSetup
from retrotread.sessions.person import Person, Remote
from retrotread.sessions.prepare import prepare
from retrotread.sessions.view import Control, RunView, Sound
from retrotread.sessions.voice import RecordingSpeaker
from retrotread.workouts import library
from retrotread.workouts.engine import Phase

PROFILE = DeviceProfile("bench", Capabilities(50, 1600, 10, 120, 5), lag_ms=400, report_period_ms=250)
PULLED = Cause(Hazard.KEY_PULLED, Action.PROTECTIVE_STOP, "the safety key was pulled", Clears.WHEN_ACKNOWLEDGED)
STOP = Cause(Hazard.OPERATOR_STOP, Action.CONTROLLED_STOP, "stop was pressed", Clears.WHEN_ACKNOWLEDGED)
SOON_S = 20.0


class GuardianByHand:
    """Keeps what it is told."""

    def __init__(
        self, _folder: Path, say: Callable[[FromGuardian], None], _end: Callable[[str], None], _standby: object
    ) -> None:
        self.say = say
        self.sent: list[ToGuardian] = []
        self.news = threading.Condition()
        self.alive = True

    def send(self, message: ToGuardian) -> None:
        with self.news:
            self.sent.append(message)
            self.news.notify_all()

    def leave(self) -> None:
        self.alive = False

    def wait(self, _seconds: float) -> bool:
        return True


class ComputerByHand(SilentHost):
    """A computer whose lock and sleep the test sets."""

    def __init__(self) -> None:
        super().__init__("a test")
        self.locked = self.sleeps = False
        self.percent: int | None = None
        self.awake: list[str] = []

    def unreachable(self) -> frozenset[str]:
        return frozenset({LOCKED}) if self.locked else frozenset()

    def sleeping(self) -> bool:
        return self.sleeps

    def battery_percent(self) -> int | None:
        return self.percent

    def arm(self) -> None:
        self.awake.append("arm")

    def disarm(self) -> None:
        self.awake.append("disarm")

    def close(self) -> None:
        self.awake.append("close")


class Bench:
    """A run with everything around it by hand."""

    def __init__(self, folder: Path, address: str = "sim://well-behaved", person: Person | None = None) -> None:
        prepared = prepare(library.find("ladder-1"), PROFILE)
        assert prepared.offer.timeline is not None
        plan = RunPlan.of("run-1", prepared.offer.timeline, prepared.tier.key)
        self.speaker, self.host = RecordingSpeaker(monotonic_s), ComputerByHand()
        self.run = LiveRun(RunSetup(plan, address, folder, None, "no journal", person), self.speaker, self.host)

    @property
    def guardian(self) -> GuardianByHand:
        guardian = self.run._guardian
        assert isinstance(guardian, GuardianByHand)
        return guardian

    def heard(self, true: Callable[[list[ToGuardian]], bool]) -> None:
        """Wait until it holds of what the guardian was told."""
        with self.guardian.news:
            assert self.guardian.news.wait_for(lambda: true(self.guardian.sent), SOON_S)

    def beats_with(self, true: Callable[[Heartbeat], bool]) -> None:
        """Wait for a beat like that, from now on."""
        begun = len(self.guardian.sent)
        self.heard(lambda sent: any(isinstance(one, Heartbeat) and true(one) for one in sent[begun:]))

    def settled(self) -> None:
        for _ in range(2):
            done = threading.Event()
            self.run._acts.put(lambda _conductor, _now_s, done=done: done.set() or ())  # type: ignore[misc]
            assert done.wait(SOON_S)

    def until(self, true: Callable[[RunView], bool]) -> RunView:
        """Turn after turn, until the view is so."""
        due_s = monotonic_s() + SOON_S
        while not true(view := self.run.view()):
            assert monotonic_s() < due_s, f"not within {SOON_S} s: {view}"
            self.settled()
        return view

    def see(self, mode: Mode, **changes: Any) -> None:
        fields: dict[str, Any] = {
            "at_s": monotonic_s(),
            "epoch": 1,
            "mode": mode,
            "action": Action.ALLOW,
            "causes": (),
            "link_up": True,
            "speed_kph": 0.5,
            "incline_percent": 0.0,
            "distance_m": None,
            "age_s": 0.1,
            "sent_speed_kph": 0.5,
            "sent_incline_percent": 0.0,
            "standstill": False,
            "alarm": False,
        }
        self.guardian.say(Snapshot(**(fields | changes)))
        self.settled()

    def running(self) -> Bench:
        self.guardian.say(Connected(1, PROFILE))
        for mode in (Mode.IDLE, Mode.COUNTDOWN, Mode.STARTING, Mode.RUN):
            self.see(mode)
        self.run.person_on()
        self.settled()
        assert self.run.view().phase is Phase.RUNNING
        return self


@pytest.fixture(autouse=True)
def guardian_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "GuardianClient", GuardianByHand)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def bench(**arguments: Any) -> Bench:
        made.append(Bench(tmp_path, **arguments))
        return made[-1]

    yield bench
    for one in made:
        one.run.close()


Make = Callable[..., Bench]


def test_cues_count_as_heard_only_after_the_digit_was_right_and_while_the_voice_works(make: Make) -> None:
    bench = make()
    bench.beats_with(lambda beat: not beat.cues_ok)
    assert bench.run.test_sound() in (2, 3, 4, 5)
    bench.until(lambda view: view.sound is Sound.ASKED)
    bench.run.sound_heard(True)
    bench.beats_with(lambda beat: beat.cues_ok)
    bench.speaker.ok = False
    bench.beats_with(lambda beat: not beat.cues_ok)
    bench.speaker.ok = True
    bench.run.sound_heard(False)
    bench.beats_with(lambda beat: not beat.cues_ok)
    bench.until(lambda view: view.sound is Sound.FAILED)


def test_the_digit_is_spoken_and_never_shown(make: Make) -> None:
    bench = make()
    digit = bench.run.test_sound()
    words = {2: "two", 3: "three", 4: "four", 5: "five"}
    assert [text for _, text in bench.speaker.said] == [f"Type the digit: {words[digit]}"] * 2
    assert bench.run.view().spoken == ()


def test_a_lost_focus_and_a_locked_screen_go_out_with_the_beat(make: Make) -> None:
    bench = make()
    bench.run.focus(False)
    bench.beats_with(lambda beat: beat.unreachable == (Unreachable.FOCUS,))
    bench.host.locked = True
    bench.beats_with(lambda beat: beat.unreachable == (Unreachable.FOCUS, Unreachable.LOCKED))
    bench.run.focus(True)
    bench.beats_with(lambda beat: beat.unreachable == (Unreachable.LOCKED,))


def test_a_remote_whose_receiver_is_unplugged_goes_out_with_the_beat(make: Make, tmp_path: Path) -> None:
    receiver = tmp_path / "receiver"
    receiver.touch()
    bench = make(person=Person("Kim", True, remote=Remote(device=str(receiver))))
    bench.beats_with(lambda beat: beat.unreachable == ())
    receiver.unlink()
    bench.beats_with(lambda beat: beat.unreachable == (Unreachable.REMOTE,))
    receiver.touch()
    bench.beats_with(lambda beat: beat.unreachable == ())


def test_a_computer_that_goes_to_sleep_is_told_to_the_guardian(make: Make) -> None:
    bench = make()
    bench.host.sleeps = True
    bench.heard(lambda sent: HostSleeping() in sent)


def test_the_computer_is_kept_awake_from_the_arming_to_the_rest(make: Make) -> None:
    bench = make().running()
    bench.beats_with(lambda beat: True)
    bench.see(Mode.LATCHED, standstill=True, causes=(STOP,))
    bench.beats_with(lambda beat: True)
    bench.run.close()
    assert bench.host.awake == ["arm", "disarm", "close"]


def test_what_the_computer_cannot_tell_is_said_once_each(make: Make) -> None:
    bench = make().running()
    bench.beats_with(lambda beat: True)
    bench.host.why = "the computer may go to sleep while the belt moves: Inhibit: AccessDenied"
    bench.beats_with(lambda beat: True)
    bench.host.why = "a test"
    bench.beats_with(lambda beat: True)
    bench.see(Mode.LATCHED, standstill=True, causes=(STOP,))
    summary = bench.until(lambda view: view.summary is not None).summary
    assert summary is not None
    told = [note for note in summary.notes if note == "a test" or note.startswith("the computer may")]
    assert told == ["a test", "the computer may go to sleep while the belt moves: Inhibit: AccessDenied"]


def test_what_is_spoken_is_shown_and_kept_short(make: Make) -> None:
    bench = make().running()
    view = bench.until(lambda view: len(view.spoken) >= 3)
    assert [one.text for one in view.spoken][:2] == ["The belt starts in 0 seconds. Any key cancels.", "Starting"]
    assert [text for _, text in bench.speaker.said][:2] == ["Start in 0. Any key cancels.", "Starting"]
    for number in range(20):
        bench.see(Mode.PAUSED if number % 2 else Mode.PAUSING)
    assert len(bench.run.view().spoken) == live.SPOKEN_KEPT


def test_the_guardian_hears_of_the_battery(make: Make) -> None:
    bench = make()
    bench.host.percent = 23
    bench.beats_with(lambda beat: beat.battery_percent == 23)


def test_what_is_felt_reaches_the_guardian_from_the_thread_that_says_it_and_stands_in_the_view(make: Make) -> None:
    bench = make().running()
    bench.run.feel(Symptom.DIZZY)
    assert bench.guardian.sent[-1] == Feel(Symptom.DIZZY)
    assert bench.until(lambda view: view.symptom is Symptom.DIZZY).phase is Phase.STOPPED


def test_pain_and_effort_reach_the_guardian(make: Make) -> None:
    bench = make().running()
    bench.run.rate(4, None)
    bench.heard(lambda sent: Rate(4, None) in sent)


def test_nobody_who_answers_is_called_for_and_who_does_not_answer_is(make: Make, tmp_path: Path) -> None:
    called = tmp_path / "called"
    command = tmp_path / "call"
    command.write_text(f'#!/bin/sh\necho "$RETROTREAD_REASON" > {called}.part && mv {called}.part {called}\n')
    command.chmod(0o755)
    bench = make(person=Person("Kim", True, call=(str(command),))).running()
    bench.see(Mode.LATCHED, standstill=True, causes=(PULLED,))
    view = bench.until(lambda view: view.all_right_s is not None)
    assert view.all_right_s == pytest.approx(60.0, abs=5.0)
    conductor = bench.run._conductor
    conductor.aftercare = replace(conductor.aftercare, asked_s=monotonic_s() - 61.0)
    bench.until(lambda view: view.calling)
    bench.until(lambda view: view.message is not None and view.message.startswith("called for help"))
    assert called.read_text() == "nobody answers at the treadmill\n"
    bench.run.all_right()
    bench.until(lambda view: not view.calling and view.all_right_s is None)


def test_after_the_persons_own_stop_the_run_goes_on_from_its_step(make: Make) -> None:
    bench = make().running()
    bench.run.stop()
    bench.see(Mode.LATCHED, standstill=True, speed_kph=0.0, causes=(STOP,))
    view = bench.until(lambda view: view.summary is not None)
    assert view.continue_for_s == pytest.approx(300.0, abs=5.0)
    bench.run.continue_run()
    view = bench.until(lambda view: view.phase is Phase.PAUSED)
    assert (view.summary, view.continue_for_s) == (None, None)
    bench.see(Mode.IDLE, standstill=True, speed_kph=0.0)
    bench.run.arm()
    bench.heard(lambda sent: any(isinstance(one, Arm) for one in sent))


def test_a_coached_run_asks_a_hand_and_claims_nothing_of_the_belt(make: Make) -> None:
    bench = make(address="coach://")
    bench.until(lambda view: view.snapshot is not None)
    view = bench.run.view()
    assert view.control is Control.COACHED
    assert view.snapshot is not None
    assert view.snapshot.speed_kph is None
    bench.run.arm()
    bench.run.hold_done()
    view = bench.until(lambda view: view.snapshot is not None and view.snapshot.mode is Mode.COUNTDOWN)
    assert view.coach is None
    assert [one.text for one in view.spoken] == ["We begin in 10 seconds. Any key cancels."]
    assert not bench.run.stop_keys_live() or view.snapshot is not None
    bench.run.stop()
    view = bench.until(lambda view: view.summary is not None or view.phase is Phase.STOPPED)
    assert view.phase is Phase.STOPPED
