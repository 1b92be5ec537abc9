"""The main process's end of the guardian, with the real process behind it."""

from __future__ import annotations

import os
import queue
import signal
import stat
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from retrotread.guardian.messages import (
    PROTOCOL,
    Arm,
    Connect,
    Connected,
    ConnectRefused,
    FromGuardian,
    Heartbeat,
    Snapshot,
    StopNow,
)
from retrotread.machine import BeltDirection, Facing
from retrotread.safety.inputs import StopBy
from retrotread.safety.limits import PlanCeiling
from retrotread.safety.modes import Mode
from retrotread.sessions.guardian_client import GuardianClient

DEADLINE_S = 20.0


class Guardian:
    """A guardian process, and what it said."""

    def __init__(self, folder: Path) -> None:
        self.heard: queue.Queue[FromGuardian] = queue.Queue()
        self.end: queue.Queue[tuple[str, str]] = queue.Queue()
        self.client = GuardianClient(folder, self.heard.put, self._ended)

    def _ended(self, reason: str) -> None:
        self.end.put((reason, threading.current_thread().name))

    def until(self, true: Callable[[FromGuardian], bool]) -> FromGuardian:
        """The next message for which it holds."""
        deadline_s = time.monotonic() + DEADLINE_S
        while True:
            message = self.heard.get(timeout=max(0.01, deadline_s - time.monotonic()))
            if true(message):
                return message

    def ended(self) -> str:
        return self.end.get(timeout=DEADLINE_S)[0]


@pytest.fixture
def guardian(tmp_path: Path) -> Iterator[Guardian]:
    guardian = Guardian(tmp_path)
    yield guardian
    guardian.client.leave()
    if not guardian.client.wait(DEADLINE_S):
        os.kill(guardian.client.pid, signal.SIGKILL)
        guardian.client.wait(DEADLINE_S)


def test_a_guardian_connects_tells_of_its_belt_and_ends_when_it_is_left(guardian: Guardian) -> None:
    guardian.client.send(Connect(PROTOCOL, "sim://well-behaved"))
    connected = guardian.until(lambda one: isinstance(one, Connected))
    assert isinstance(connected, Connected)
    assert connected.profile.name == "Simulated treadmill (well-behaved)"
    snapshot = guardian.until(lambda one: isinstance(one, Snapshot) and one.speed_kph is not None)
    assert isinstance(snapshot, Snapshot)
    assert (snapshot.mode, snapshot.speed_kph, snapshot.link_up) == (Mode.IDLE, 0.0, True)
    guardian.client.leave()
    assert guardian.client.wait(DEADLINE_S)
    assert guardian.ended() == "the guardian has ended"
    assert not guardian.client.alive


def test_a_treadmill_that_nothing_speaks_to_is_refused_with_a_sentence(guardian: Guardian) -> None:
    guardian.client.send(Connect(PROTOCOL, "smoke://gym"))
    refused = guardian.until(lambda one: isinstance(one, ConnectRefused))
    assert isinstance(refused, ConnectRefused)
    assert "nothing here speaks smoke://" in refused.message


def test_a_guardian_that_is_killed_is_noticed_on_the_reading_thread(guardian: Guardian) -> None:
    os.kill(guardian.client.pid, signal.SIGKILL)
    assert guardian.end.get(timeout=DEADLINE_S) == ("the guardian has ended", "from-guardian")
    assert not guardian.client.alive
    guardian.client.send(StopNow(StopBy.OPERATOR))  # nobody hears it, and it raises nothing


def test_a_guardian_has_a_session_of_its_own(guardian: Guardian) -> None:
    assert os.getsid(guardian.client.pid) == guardian.client.pid


def test_a_stop_is_not_held_up_by_a_guardian_that_does_not_read(guardian: Guardian) -> None:
    guardian.client.send(Connect(PROTOCOL, "sim://well-behaved"))
    guardian.until(lambda one: isinstance(one, Connected))
    os.kill(guardian.client.pid, signal.SIGSTOP)
    done = threading.Event()

    def press() -> None:
        for _ in range(5_000):  # several times what a pipe holds
            guardian.client.send(StopNow(StopBy.OPERATOR))
        done.set()

    threading.Thread(target=press, daemon=True).start()
    assert done.wait(DEADLINE_S)
    os.kill(guardian.client.pid, signal.SIGCONT)


def test_what_is_sent_after_leaving_reaches_no_other_file(guardian: Guardian, tmp_path: Path) -> None:
    guardian.client.leave()
    opened = [(tmp_path / f"file-{number}").open("wb", buffering=0) for number in range(20)]
    guardian.client.send(StopNow(StopBy.OPERATOR))
    for file in opened:
        file.close()
    assert [path.name for path in tmp_path.glob("file-*") if path.stat().st_size] == []


def test_every_message_fits_into_one_write(guardian: Guardian) -> None:
    plan = PlanCeiling(1200, 150, "\N{RUNNER}" * 80)
    guardian.client.send(
        Arm(1, 1e9, "f" * 16, "harness", Facing.REAR, BeltDirection.FORWARD, plan, checklist_done=True)
    )
    guardian.client.send(Connect(PROTOCOL, "sim://" + "x" * 506))
    refused = guardian.until(lambda one: isinstance(one, ConnectRefused))
    assert isinstance(refused, ConnectRefused)
    assert "there is no simulated treadmill 'xxx" in refused.message


def test_threads_that_send_at_the_same_time_never_mix_their_messages(guardian: Guardian) -> None:
    guardian.client.send(Connect(PROTOCOL, "sim://well-behaved"))
    guardian.until(lambda one: isinstance(one, Connected))

    def beat(first: int) -> None:
        for number in range(60):  # the pipe holds them all, also where the guardian is slow to read
            guardian.client.send(Heartbeat(first + number, 0.0, input_alive=True))

    threads = [threading.Thread(target=beat, args=(1000 * number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
    guardian.client.send(StopNow(StopBy.OPERATOR))  # a guardian that could not read one of them has left by now
    guardian.until(lambda one: isinstance(one, Snapshot) and one.mode is Mode.LATCHED)


def test_a_file_in_the_folder_that_one_stands_in_is_not_taken_for_a_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('this is not json')")
    monkeypatch.chdir(tmp_path)
    guardian = Guardian(tmp_path)
    guardian.client.send(Connect(PROTOCOL, "sim://well-behaved"))
    guardian.until(lambda one: isinstance(one, Connected))
    guardian.client.leave()
    assert guardian.client.wait(DEADLINE_S)


def test_what_a_guardian_leaves_is_for_its_owner_alone(guardian: Guardian, tmp_path: Path) -> None:
    guardian.client.send(Connect(PROTOCOL, "sim://well-behaved"))
    guardian.until(lambda one: isinstance(one, Connected))
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()}
    assert modes == {"guardian.log": 0o600, "guardian.ring": 0o600}
