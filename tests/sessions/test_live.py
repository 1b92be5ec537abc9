"""A live run in order: its stop, its beats, its stop keys, and what its journal holds; the guardian is one by hand."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from retrotread.clock import monotonic_s
from retrotread.devices.sheet import Sheet
from retrotread.guardian.messages import (
    PROTOCOL,
    Arm,
    Armed,
    Connect,
    Connected,
    ConnectRefused,
    FromGuardian,
    Heartbeat,
    Snapshot,
    Stepped,
    StopNow,
    ToGuardian,
)
from retrotread.guardian.messages import Strap as StrapAsked
from retrotread.guardian.standby.messages import Stage, Told
from retrotread.machine import BeltDirection, Capabilities, DeviceProfile, Facing, Identity, MachineNotice
from retrotread.safety.hazards import Action, Cause, Clears, Hazard
from retrotread.safety.inputs import Said, Seen, StopBy
from retrotread.safety.limits import Limit, Limits, PlanCeiling
from retrotread.safety.modes import Mode
from retrotread.sessions import live
from retrotread.sessions.conductor import RunPlan
from retrotread.sessions.host import SilentHost
from retrotread.sessions.journal import Journal, RunHead, read_steps
from retrotread.sessions.launcher import prepare
from retrotread.sessions.live import LiveRun, RunSetup
from retrotread.sessions.person import Person, Strap
from retrotread.sessions.voice import RecordingSpeaker
from retrotread.training.answers import Answers
from retrotread.workouts import library
from retrotread.workouts.engine import Phase

PROFILE = DeviceProfile("bench", Capabilities(50, 1600, 10, 120, 5), lag_ms=400, report_period_ms=250)
ADDRESS = "sim://well-behaved"
SHEET = Sheet(PROFILE)
STOP = Cause(Hazard.OPERATOR_STOP, Action.CONTROLLED_STOP, "stop was pressed", Clears.WHEN_ACKNOWLEDGED)
SOON_S = 10.0


class GuardianByHand:
    """Keeps what it is told, with the thread that told it."""

    def __init__(
        self, _folder: Path, say: Callable[[FromGuardian], None], end: Callable[[str], None], on_standby: object
    ) -> None:
        self.say, self.end, self.on_standby = say, end, on_standby
        self.sent: list[tuple[ToGuardian, str]] = []
        self.news = threading.Condition()
        self.alive = True

    def send(self, message: ToGuardian) -> None:
        with self.news:
            self.sent.append((message, threading.current_thread().name))
            self.news.notify_all()

    def leave(self) -> None:
        self.alive = False

    def wait(self, _seconds: float) -> bool:
        return True


class Bench:
    """A run, a journal on the disk, and the guardian."""

    def __init__(
        self,
        folder: Path,
        journal: Journal | None,
        trouble: str | None = None,
        person: Person | None = None,
        **plan_changes: Any,
    ) -> None:
        prepared = prepare(library.find("ladder-1"), PROFILE)
        assert prepared.offer.timeline is not None
        plan = replace(RunPlan.of("run-1", prepared.offer.timeline, prepared.tier.key), **plan_changes)
        setup = RunSetup(plan, ADDRESS, folder, journal, trouble, person, sheet=SHEET)
        self.speaker, self.host = RecordingSpeaker(monotonic_s), SilentHost("a test")
        self.run = LiveRun(setup, self.speaker, self.host)
        self.run.sound_heard(True)
        guardian = self.run._guardian
        assert isinstance(guardian, GuardianByHand)
        self.guardian = guardian

    def heard(self, true: Callable[[list[ToGuardian]], bool]) -> None:
        """Wait until it holds of everything that the guardian was told."""
        with self.guardian.news:
            assert self.guardian.news.wait_for(lambda: true([one for one, _ in self.guardian.sent]), SOON_S)

    def settled(self) -> None:
        """Everything that was said and asked so far has been done and can be seen."""
        for _ in range(2):
            done = threading.Event()
            self.run._acts.put(lambda _conductor, _now_s, done=done: done.set() or ())  # type: ignore[misc]
            assert done.wait(SOON_S)

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
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.sqlite"


@pytest.fixture
def bench(tmp_path: Path, path: Path) -> Iterator[Bench]:
    head = RunHead("run-1", "Ladder 1", "h", 1.0, b"", "novice", ADDRESS, "retrotread")
    bench = Bench(tmp_path, Journal(path, head))
    yield bench
    bench.run.close()


def rows(path: Path, sql: str) -> list[Any]:
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return database.execute(sql).fetchall()


# --- what leaves ------------------------------------------------------------------------------------------------


def test_the_first_word_is_where_to_connect(bench: Bench) -> None:
    assert bench.guardian.sent[0][0] == Connect(PROTOCOL, ADDRESS, SHEET)


def test_the_guardian_of_a_simulated_treadmill_gets_no_standby(bench: Bench) -> None:
    assert bench.guardian.on_standby is None


def test_what_the_standby_sees_stands_under_the_alarm_and_in_the_journal(bench: Bench, path: Path) -> None:
    bench.running()
    bench.guardian.alive = False
    bench.guardian.end("the guardian has ended")
    bench.run._standby_told(Told(1.0, Stage.READY, None, "a standby waits"))
    bench.run._standby_told(Told(2.0, Stage.STILL, 0.0, "the treadmill reports standstill"))
    bench.settled()
    assert bench.run.view().message == "the treadmill reports standstill"
    assert not bench.run.view().guardian_alive, "the alarm stays: only somebody who looks knows that it is over"
    bench.run.close()
    assert rows(path, "select text from event where kind = 'standby'") == [
        ("a standby waits",),
        ("the treadmill reports standstill",),
    ]


STRAPPED = Person("Ada", True, strap=Strap("ble://strap", 150))


def test_the_strap_is_listened_to_as_soon_as_there_is_a_treadmill_and_once(tmp_path: Path) -> None:
    bench = Bench(tmp_path, None, person=STRAPPED)
    assert StrapAsked("ble://strap") not in [one for one, _ in bench.guardian.sent]
    for epoch in (1, 2):
        bench.guardian.say(Connected(epoch, PROFILE))
    bench.settled()
    assert [one for one, _ in bench.guardian.sent].count(StrapAsked("ble://strap")) == 1
    bench.run.close()


def test_without_a_strap_none_is_listened_to(bench: Bench) -> None:
    bench.running()
    assert not [one for one, _ in bench.guardian.sent if isinstance(one, StrapAsked)]


def test_which_machine_it_is_and_why_it_is_only_read_can_be_seen(bench: Bench, path: Path) -> None:
    met, remark = Identity("AA:BB", "Gym", firmware="2.1"), "the firmware is 2.1 and was 2.0 when it was qualified"
    bench.guardian.say(Connected(1, PROFILE, met, remark))
    bench.settled()
    view = bench.run.view()
    assert (view.identity, view.remark, view.message) == (met, remark, remark)
    bench.run.close()
    assert rows(path, "SELECT text FROM event WHERE kind = 'only read'") == [(remark,)]


def test_what_stood_in_the_way_of_one_connection_is_gone_with_the_next(bench: Bench) -> None:
    for epoch, remark in ((1, "it did not tell its model"), (2, None)):
        bench.guardian.say(Connected(epoch, PROFILE, Identity("AA:BB", "Gym"), remark))
        bench.settled()
    view = bench.run.view()
    assert (view.remark, view.message) == (None, None)


def test_a_key_that_is_pulled_at_rest_is_seen_and_the_arming_says_so(tmp_path: Path, path: Path) -> None:
    head = RunHead("run-1", "Ladder 1", "h", 1.0, b"", "novice", ADDRESS, "retrotread")
    bench = Bench(tmp_path, Journal(path, head), key_test=True)
    bench.guardian.say(Connected(1, PROFILE))
    bench.see(Mode.IDLE)
    bench.run.arm()
    pulled = (Said(MachineNotice.SAFETY_KEY_PULLED),)
    bench.guardian.say(Stepped(monotonic_s(), 100, pulled, (), Mode.RUN, ()))  # a stop, and no test
    bench.settled()
    assert (bench.run.view().key_test, bench.run.view().key_tested) == (True, False)
    bench.guardian.say(Stepped(monotonic_s(), 100, pulled, (), Mode.IDLE, ()))
    bench.settled()
    assert bench.run.view().key_tested
    bench.run.arm()
    bench.settled()
    armed = [one.key_tested for one, _ in bench.guardian.sent if isinstance(one, Arm)]
    assert armed == [False, True]
    bench.run.close()
    assert rows(path, "SELECT text FROM event WHERE kind = 'key test'") == [
        ("the treadmill says that its key was pulled",)
    ]


def test_the_word_of_a_person_opens_the_start_and_is_in_the_journal(tmp_path: Path, path: Path) -> None:
    head = RunHead("run-1", "Ladder 1", "h", 1.0, b"", "novice", ADDRESS, "retrotread")
    bench = Bench(tmp_path, Journal(path, head), key_test=True)
    bench.run.key_pulled()
    bench.settled()
    assert bench.run.view().key_tested
    bench.run.close()
    assert len(rows(path, "SELECT text FROM event WHERE kind = 'key test'")) == 1


@pytest.mark.parametrize(("ok", "can_speak", "rings"), [(True, True, 0), (False, True, 1), (False, False, 0)])
def test_after_the_voice_has_failed_what_is_urgent_rings(bench: Bench, ok: bool, can_speak: bool, rings: int) -> None:
    bench.running()
    before = bench.run.view().rings
    bench.speaker.ok, bench.speaker.can_speak = ok, can_speak
    bench.see(Mode.STOPPING, causes=(STOP,))
    bench.settled()
    assert bench.run.view().rings - before == rings, "a voice that never spoke has its own bells"


def test_what_the_computer_cannot_tell_can_be_seen(bench: Bench) -> None:
    assert bench.run.view().computer == "a test"


def test_a_stop_leaves_from_the_thread_that_asks_for_it_while_the_session_is_held_up(bench: Bench) -> None:
    bench.running()
    held, go_on = threading.Event(), threading.Event()

    def hold(_conductor: object, _now_s: float) -> tuple[()]:
        held.set()
        go_on.wait(SOON_S)
        return ()

    bench.run._acts.put(hold)
    assert held.wait(SOON_S)
    bench.run.stop()
    assert bench.guardian.sent[-1] == (StopNow(StopBy.OPERATOR), threading.current_thread().name)
    assert bench.run.view().phase is Phase.RUNNING
    go_on.set()
    bench.settled()
    assert bench.run.view().phase is Phase.STOPPED


def test_beats_go_on_and_tell_of_the_screen_and_the_keyboard(bench: Bench) -> None:
    bench.run.ui_turn()
    bench.run.input_alive(False)
    before = len(bench.guardian.sent)

    def two_more(said: list[ToGuardian]) -> bool:
        return sum(isinstance(one, Heartbeat) for one in said[before:]) >= 2

    bench.heard(two_more)
    last = [one for one, _ in bench.guardian.sent if isinstance(one, Heartbeat)][-1]
    assert not last.input_alive
    assert 0.0 < last.ui_age_s < SOON_S
    assert bench.guardian.sent[-1][1] == "session"


# --- what can be seen -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "live_there"), [(mode, mode.value not in ("idle", "latched", "disconnected", "fault")) for mode in Mode]
)
def test_stop_keys_stop_in_every_mode_but_those_at_rest(bench: Bench, mode: Mode, live_there: bool) -> None:
    bench.guardian.say(Connected(1, PROFILE))
    bench.see(mode)
    assert bench.run.stop_keys_live() is live_there


def test_stop_keys_are_ordinary_keys_before_there_is_a_treadmill(bench: Bench) -> None:
    assert not bench.run.stop_keys_live()


def test_stop_keys_stop_when_nobody_knows_the_mode(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.guardian.say(Connected(1, PROFILE))
    bench.see(Mode.IDLE)
    assert not bench.run.stop_keys_live()
    bench.guardian.alive = False
    assert bench.run.stop_keys_live()
    bench.guardian.alive = True
    later_s = monotonic_s() + live.MODE_KNOWN_S + 0.1
    monkeypatch.setattr(live, "monotonic_s", lambda: later_s)
    assert bench.run.stop_keys_live()


def test_a_snapshot_gets_older_while_nothing_comes(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.guardian.say(Connected(1, PROFILE))
    bench.see(Mode.IDLE)
    bench.settled()
    first_s = bench.run.view().snapshot_age_s
    now_s = monotonic_s()
    monkeypatch.setattr(live, "monotonic_s", lambda: now_s + 5.0)
    assert bench.run.view().snapshot_age_s == pytest.approx(5.0, abs=1.0)
    assert first_s < 5.0


def test_a_refused_connection_is_the_message(bench: Bench) -> None:
    bench.guardian.say(ConnectRefused("no answer within 30 s"))
    bench.settled()
    view = bench.run.view()
    assert (view.message, view.profile, view.snapshot) == ("no answer within 30 s", None, None)


def test_the_summary_is_there_once_the_belt_stands(bench: Bench, path: Path) -> None:
    bench.running()
    bench.run.stop()
    bench.settled()
    bench.see(Mode.STOPPING, causes=(STOP,))
    bench.settled()
    assert bench.run.view().summary is None
    bench.see(Mode.LATCHED, causes=(STOP,), standstill=True, speed_kph=0.0)
    bench.settled()
    summary = bench.run.view().summary
    assert summary is not None
    assert (summary.ended, summary.journal) == ("a stop was asked for", str(path))
    assert [note for note in summary.notes if note != "a test"] == ["stop was pressed"]


def test_what_is_said_after_the_end_stands_in_the_summary_that_is_kept(bench: Bench, path: Path) -> None:
    bench.running()
    bench.run.stop()
    bench.see(Mode.LATCHED, causes=(STOP,), standstill=True, speed_kph=0.0)
    bench.settled()
    bench.run.rate(1, 4)
    bench.settled()
    summary = bench.run.view().summary
    assert summary is not None
    assert (summary.answers, bench.run.view().told) == (Answers(pain_after=1, effort=4), summary.answers)
    bench.run.close()
    ((kept,),) = rows(path, "SELECT summary FROM run")
    assert json.loads(kept)["answers"] == asdict(summary.answers)


# --- the journal ------------------------------------------------------------------------------------------------


def test_every_input_of_supervisor_and_engine_is_in_the_journal(bench: Bench, path: Path) -> None:
    limits = Limits(Limit(150, "the plan"), Limit(0, "the plan"))
    armed = Armed(1.0, PROFILE, "novice", Facing.REAR, BeltDirection.FORWARD, PlanCeiling(150, 0, "x"), limits)
    steps = tuple(Stepped(1.0 + tick / 10, 100, (Seen(tick, None, None),), (), Mode.RUN, ()) for tick in range(5))
    bench.running()
    bench.heard(lambda said: any(isinstance(one, Heartbeat) for one in said))  # a tick has passed
    bench.guardian.say(armed)
    for step in steps:
        bench.guardian.say(step)
    bench.run.stop()
    bench.see(Mode.LATCHED, causes=(STOP,), standstill=True)
    bench.run.close()
    assert tuple(read_steps(path)) == steps
    assert rows(path, "SELECT before_step FROM supervisor_config") == [(1,)]
    engine_inputs = [event for (event,) in rows(path, "SELECT event FROM engine_step ORDER BY n") if event != "Tick"]
    assert engine_inputs == ["StartRequested", "BeltSeenMoving", "PersonConfirmedOn", "StopRequested"]
    assert ("Tick",) in rows(path, "SELECT event FROM engine_step")


def test_starts_stops_and_causes_are_events(bench: Bench, path: Path) -> None:
    bench.running()
    bench.run.stop()
    bench.see(Mode.STOPPING, causes=(STOP,))
    bench.see(Mode.LATCHED, causes=(STOP,), standstill=True)
    bench.run.close()
    assert rows(path, "SELECT kind, text FROM event WHERE kind <> 'said' ORDER BY n") == [
        ("connected", "bench"),
        ("mode", "idle"),
        ("mode", "countdown"),
        ("mode", "starting"),
        ("mode", "running"),
        ("mode", "stopping"),
        ("operator_stop", "stop was pressed"),
        ("mode", "latched"),
    ]
    ((state, summary),) = rows(path, "SELECT state, summary FROM run")
    assert state == "closed"
    assert json.loads(summary)["ended"] == "a stop was asked for"


def test_a_question_that_waits_for_its_answer_is_one_event_however_often_its_seconds_change(
    bench: Bench, path: Path
) -> None:
    bench.running()
    waits = Cause(Hazard.ATTENTION_ASKED, Action.WARN, "", Clears.BY_ITSELF)
    for tenths in range(30, 0, -1):
        bench.see(Mode.RUN, causes=(replace(waits, message=f"answer within {tenths / 10:.1f} s"),))
    bench.see(Mode.RUN)
    bench.run.close()
    told = rows(path, "SELECT text FROM event WHERE kind = 'attention_asked' ORDER BY n")
    assert told == [("answer within 3.0 s",), ("answer within 0.1 s",)]


def test_a_run_that_is_left_half_way_is_closed_as_not_ended(bench: Bench, path: Path) -> None:
    bench.running()
    bench.run.close()
    assert rows(path, "SELECT state, ended FROM run") == [("closed", "not ended")]


def test_a_journal_that_fails_is_said_once_and_the_run_goes_on(bench: Bench) -> None:
    bench.running()
    assert bench.run._journal is not None
    failed = "the journal run.sqlite can no longer be written (disk full); the run goes on without it"
    bench.run._journal.failed = failed
    before = len(bench.guardian.sent)
    bench.heard(lambda said: sum(isinstance(one, Heartbeat) for one in said[before:]) >= 2)
    assert bench.run.view().message == failed
    bench.run.next_step()
    bench.run.person_on()
    bench.settled()
    message = bench.run.view().message
    assert message is not None
    assert message.startswith("not possible now: the workout is running")
    bench.run.stop()
    bench.see(Mode.LATCHED, causes=(STOP,), standstill=True)
    bench.settled()
    summary = bench.run.view().summary
    assert summary is not None
    assert [note for note in summary.notes if note != "a test"] == [failed, "stop was pressed"]


def test_before_the_connection_the_one_message_is_that_none_came_about(tmp_path: Path) -> None:
    bench = Bench(tmp_path, None, "the journal cannot be made; the run goes on without it")
    bench.heard(lambda said: sum(isinstance(one, Heartbeat) for one in said) >= 2)
    assert bench.run.view().message is None
    bench.guardian.say(ConnectRefused("no answer within 30 s"))
    bench.settled()
    assert bench.run.view().message == "no answer within 30 s"
    bench.run.close()


def test_a_run_without_a_journal_says_why(tmp_path: Path) -> None:
    bench = Bench(tmp_path, None, "the journal cannot be made; the run goes on without it").running()
    bench.heard(lambda said: sum(isinstance(one, Heartbeat) for one in said) >= 2)
    assert bench.run.view().message == "the journal cannot be made; the run goes on without it"
    bench.run.stop()
    bench.see(Mode.LATCHED, standstill=True)
    bench.settled()
    summary = bench.run.view().summary
    assert summary is not None
    assert summary.journal is None
    bench.run.close()
