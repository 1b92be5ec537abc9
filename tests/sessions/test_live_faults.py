"""A live run among failures: its own thread, its guardian, its journal, and a program that was frozen for a while.

The guardian is one by hand; the thread and its queue are real. Nothing sleeps: a look at the run waits its turn.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from retrotread.clock import monotonic_s
from retrotread.guardian.messages import (
    Arm,
    Connect,
    Connected,
    FromGuardian,
    HoldDone,
    Intent,
    Snapshot,
    StopNow,
    ToGuardian,
)
from retrotread.machine import Capabilities, DeviceProfile
from retrotread.safety.hazards import Action
from retrotread.safety.inputs import StopBy
from retrotread.safety.modes import Mode
from retrotread.sessions import live
from retrotread.sessions.conductor import RunPlan
from retrotread.sessions.host import SilentHost
from retrotread.sessions.launcher import prepare
from retrotread.sessions.live import LiveRun, RunSetup
from retrotread.sessions.voice import RecordingSpeaker
from retrotread.workouts import library
from retrotread.workouts.engine import Phase

PROFILE = DeviceProfile("bench", Capabilities(50, 1600, 10, 120, 5), lag_ms=400, report_period_ms=250)
WAIT_S = 10.0


class HandGuardian:
    """What a run says to its guardian, in order, and a way to say something back."""

    def __init__(
        self,
        _folder: Path,
        on_message: Callable[[FromGuardian], None],
        on_end: Callable[[str], None],
        _on_standby: object,
    ) -> None:
        self.say, self.end = on_message, on_end
        self.sent: list[ToGuardian] = []
        self.done: list[str] = []
        self.alive = True

    def send(self, message: ToGuardian) -> None:
        self.sent.append(message)

    def leave(self) -> None:
        self.done.append("left")

    def wait(self, _seconds: float) -> bool:
        return True

    def kinds(self) -> list[type[object]]:
        return [type(one) for one in self.sent]


class HandJournal:
    """A journal that fails on request and notes its end."""

    path = Path("run.sqlite")
    failed: str | None = None

    def __init__(self, done: list[str]) -> None:
        self.done = done
        self.breaks = False

    def event(self, *_arguments: object) -> None:
        if self.breaks:
            raise ValueError("planted in the journal")

    def engine(self, *_arguments: object) -> None: ...
    def step(self, *_arguments: object) -> None: ...
    def connected(self, *_arguments: object) -> None: ...
    def waiting_s(self, _now_s: float) -> float:
        return 0.0

    def armed(self, *_arguments: object) -> None: ...
    def close(self, _summary: object) -> None:
        self.done.append("journal closed")


def plan() -> RunPlan:
    prepared = prepare(library.find("ladder-1"), PROFILE)
    assert prepared.offer.timeline is not None
    return RunPlan.of("run", prepared.offer.timeline, prepared.tier.key)


def snapshot(mode: Mode, at_s: float | None = None, **changes: Any) -> Snapshot:
    fields: dict[str, Any] = {
        "at_s": monotonic_s() if at_s is None else at_s,
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
    return Snapshot(**(fields | changes))


class Bench:
    """A run and its guardian by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        made: list[HandGuardian] = []

        def make(*arguments: Any) -> HandGuardian:
            made.append(HandGuardian(*arguments))
            return made[-1]

        monkeypatch.setattr(live, "GuardianClient", make)
        self.journal = HandJournal([])
        setup = RunSetup(plan(), "sim://well-behaved", tmp_path, self.journal)  # type: ignore[arg-type]
        self.run = LiveRun(setup, RecordingSpeaker(monotonic_s), SilentHost("a test"))
        self.run.sound_heard(True)
        self.guardian = made[0]
        self.journal.done = self.guardian.done

    def settled(self) -> None:
        """Everything that was asked so far has been done, and its result can be seen."""
        done = threading.Event()

        def mark(_conductor: object, _now_s: float) -> tuple[()]:
            done.set()
            return ()

        self.run._acts.put(mark)
        assert done.wait(WAIT_S), "the session thread does not answer"
        done.clear()
        self.run._acts.put(mark)
        assert done.wait(WAIT_S), "the session thread does not answer"

    def held(self) -> threading.Event:
        """The session thread stands still until the event is set."""
        held, go_on = threading.Event(), threading.Event()

        def hold(_conductor: object, _now_s: float) -> tuple[()]:
            held.set()
            assert go_on.wait(WAIT_S)
            return ()

        self.run._acts.put(hold)
        assert held.wait(WAIT_S)
        return go_on

    def moving(self) -> Bench:
        """From the connection to a person who walks."""
        self.guardian.say(Connected(1, PROFILE))
        for mode in (Mode.IDLE, Mode.COUNTDOWN, Mode.STARTING, Mode.RUN):
            self.guardian.say(snapshot(mode))
        self.settled()
        self.run.person_on()
        self.settled()
        assert self.run.view().phase is Phase.RUNNING
        return self


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(monkeypatch, tmp_path)
    yield bench
    bench.run.close()


def test_a_fault_in_the_session_thread_stops_the_belt_and_the_thread_lives_on(bench: Bench) -> None:
    bench.moving()
    bench.journal.breaks = True
    bench.guardian.say(snapshot(Mode.PAUSING))
    bench.settled()
    assert StopNow(StopBy.PROGRAM) in bench.guardian.sent
    message = bench.run.view().message
    assert message is not None
    assert "planted in the journal" in message


def test_a_guardian_that_dies_ends_the_plan_and_leaves_the_stop_keys_live(bench: Bench) -> None:
    bench.moving()
    bench.guardian.alive = False
    bench.guardian.end("the guardian has ended")
    bench.settled()
    view = bench.run.view()
    assert not view.guardian_alive
    assert view.phase is Phase.STOPPED
    assert view.message == "the guardian has ended"
    assert bench.run.stop_keys_live()
    bench.run.stop()
    bench.settled()


def test_a_guardian_that_cannot_be_understood_is_left_so_that_it_stops_the_belt(bench: Bench) -> None:
    """It may be alive and hold a moving belt whose reports nobody sees any more."""
    bench.moving()
    bench.guardian.alive = False
    bench.guardian.end("the guardian cannot be understood: not a message")
    bench.settled()
    assert bench.guardian.done == ["left"]


@pytest.mark.parametrize(
    ("ask", "kind"),
    [(lambda run: run.arm(), Arm), (lambda run: run.hold_done(), HoldDone)],
    ids=["arm", "hold done"],
)
def test_what_was_asked_before_a_freeze_is_not_meant_for_the_time_after_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, ask: Callable[[LiveRun], None], kind: type[Arm] | type[HoldDone]
) -> None:
    bench.guardian.say(Connected(1, PROFILE))
    bench.settled()
    go_on = bench.held()
    ask(bench.run)
    monkeypatch.setattr(live, "monotonic_s", lambda: monotonic_s() + 20.0)
    go_on.set()
    bench.settled()
    assert kind not in bench.guardian.kinds()
    message = bench.run.view().message
    assert message is not None
    assert message.endswith("s late (limit 0.5 s); press it again")
    ask(bench.run)
    bench.settled()
    assert kind in bench.guardian.kinds()


def test_leaving_a_moving_belt_lets_the_guardian_stop_it_before_the_journal_is_closed(bench: Bench) -> None:
    bench.moving()
    bench.run.close()
    assert bench.guardian.done == ["left", "journal closed"]


def test_closing_twice_and_stopping_after_it_harm_nothing(bench: Bench) -> None:
    bench.run.close()
    bench.run.close()
    bench.run.stop()
    assert bench.guardian.sent[-1] == StopNow(StopBy.OPERATOR)


def test_a_snapshot_that_lay_in_the_pipe_does_not_make_the_stop_keys_ordinary_again(bench: Bench) -> None:
    """After a freeze the oldest news are read first."""
    bench.moving()
    bench.guardian.say(snapshot(Mode.IDLE, at_s=monotonic_s() - 20.0))
    assert bench.run.stop_keys_live()
    bench.guardian.say(snapshot(Mode.IDLE))
    assert not bench.run.stop_keys_live()


def test_a_guardian_that_cannot_be_started_leaves_no_open_journal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fails(*_arguments: object) -> None:
        raise OSError("planted: no more processes")

    monkeypatch.setattr(live, "GuardianClient", fails)
    journal = HandJournal([])
    with pytest.raises(OSError, match="planted"):
        LiveRun(RunSetup(plan(), "sim://well-behaved", tmp_path, journal))  # type: ignore[arg-type]
    assert journal.done == ["journal closed"]


def test_a_run_says_first_where_it_wants_to_connect_and_wishes_nothing_before_the_person_is_on(bench: Bench) -> None:
    bench.guardian.say(Connected(1, PROFILE))
    bench.settled()
    assert isinstance(bench.guardian.sent[0], Connect)
    assert Intent not in bench.guardian.kinds()
