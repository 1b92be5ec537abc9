"""The real process: its pipes, its end, and a belt that comes to rest whatever happens to main's side."""

from __future__ import annotations

import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from retrotread.clock import monotonic_s
from retrotread.guardian import blackbox
from retrotread.guardian.messages import (
    PROTOCOL,
    Arm,
    Connect,
    Connected,
    ConnectRefused,
    FromGuardian,
    Heartbeat,
    HoldDone,
    Intent,
    Scan,
    ScanEnded,
    Snapshot,
    StopNow,
    Strap,
    ToGuardian,
)
from retrotread.guardian.process import black_box_path
from retrotread.machine import BeltDirection, Facing
from retrotread.safety.inputs import StopBy
from retrotread.safety.limits import PlanCeiling
from retrotread.safety.modes import Mode
from retrotread.sessions.guardian_client import GuardianClient

DEADLINE_S = 40.0


class Main:
    """The main process's side, by hand: a client, a beat, and everything that was said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.heard: queue.Queue[FromGuardian] = queue.Queue()
        self.ended = threading.Event()
        self.client = GuardianClient(folder, self.heard.put, lambda _reason: self.ended.set())
        self.quiet = threading.Event()
        self.epoch = 0
        self.snapshot: Snapshot | None = None
        threading.Thread(target=self._beat, daemon=True).start()

    def _beat(self) -> None:
        count = 0
        while not self.quiet.wait(0.2):
            count += 1
            self.client.send(Heartbeat(count, 0.0, input_alive=True))

    def say(self, message: ToGuardian) -> None:
        self.client.send(message)

    def until(self, true: Callable[[FromGuardian], bool]) -> FromGuardian:
        """The next message for which ``true`` holds; fails after the deadline."""
        due_s = monotonic_s() + DEADLINE_S
        while True:
            message = self.heard.get(timeout=max(0.0, due_s - monotonic_s()))
            if isinstance(message, Connected):
                self.epoch = message.epoch
            elif isinstance(message, Snapshot):
                self.snapshot = message
            if true(message):
                return message

    def until_mode(self, mode: Mode) -> Snapshot:
        found = self.until(lambda message: isinstance(message, Snapshot) and message.mode is mode)
        assert isinstance(found, Snapshot)
        return found

    def moving(self, address: str = "sim://well-behaved?start_s=0") -> Main:
        """From nothing to a belt that runs at 1.5 km/h."""
        self.say(Connect(PROTOCOL, address))
        self.until(lambda message: isinstance(message, Snapshot) and message.standstill)
        soon_s = monotonic_s() + 1.0
        plan = PlanCeiling(150, 0, "test")
        self.say(
            Arm(self.epoch, soon_s, "run", "novice", Facing.CONSOLE, BeltDirection.FORWARD, plan, checklist_done=True)
        )
        self.say(HoldDone(self.epoch, soon_s))
        self.until_mode(Mode.RUN)
        self.say(Intent(self.epoch, 1, monotonic_s() + 1.0, 1.5, 0.0))
        self.until(lambda message: isinstance(message, Snapshot) and message.speed_kph == 1.5)
        return self

    def still_runs(self) -> bool:
        """Whether the last that was heard is a running belt. A computer that was too busy to beat has lost it."""
        while not self.heard.empty():
            message = self.heard.get()
            if isinstance(message, Snapshot):
                self.snapshot = message
        return self.snapshot is not None and self.snapshot.mode is Mode.RUN

    def leave(self) -> None:
        """Close our end and see the guardian's."""
        self.quiet.set()
        self.client.leave()
        assert self.client.wait(DEADLINE_S), "the guardian did not end"
        assert self.ended.wait(DEADLINE_S)

    def lines(self) -> tuple[str, ...]:
        return blackbox.read(black_box_path(self.folder))

    def ends_at_rest(self) -> tuple[str, ...]:
        """Wait for the guardian's own end; what its black box says from the running belt on."""
        assert self.client.wait(DEADLINE_S), "the guardian did not end"
        lines = self.lines()
        last_running = max(number for number, line in enumerate(lines) if " running" in line)
        return lines[last_running + 1 :]


@pytest.fixture(scope="module")
def moving_belts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Main]]:
    """Six guardians with a moving belt each, three at a time: a start takes eight seconds, and a busy one longer."""
    folders = [tmp_path_factory.mktemp("belt") for _ in range(6)]
    with ThreadPoolExecutor(3) as pool:
        belts = list(pool.map(lambda folder: Main(folder).moving(), folders))
    everyone = list(belts)
    yield belts
    for one in everyone:
        one.leave()


@pytest.fixture
def belt(moving_belts: list[Main], tmp_path: Path) -> Iterator[Main]:
    """One of the six; a belt that was lost while it waited for its turn is begun anew."""
    waiting = moving_belts.pop()
    if waiting.still_runs():
        yield waiting
        return
    anew = Main(tmp_path)
    yield anew.moving()
    anew.leave()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Main]:
    main = Main(tmp_path)
    yield main
    main.leave()


def test_an_address_that_is_none_is_refused_with_its_sentence(fresh: Main) -> None:
    fresh.say(Connect(PROTOCOL, "sim://no-such-machine"))
    refused = fresh.until(lambda message: isinstance(message, ConnectRefused))
    assert isinstance(refused, ConnectRefused)
    assert "no-such-machine" in refused.message


def test_a_main_of_another_protocol_is_refused(fresh: Main) -> None:
    fresh.say(Connect(PROTOCOL + 1, "sim://well-behaved"))
    refused = fresh.until(lambda message: isinstance(message, ConnectRefused))
    assert isinstance(refused, ConnectRefused)
    assert f"protocol {PROTOCOL + 1}" in refused.message


def test_a_guardian_whose_main_leaves_before_connecting_ends(tmp_path: Path) -> None:
    Main(tmp_path).leave()


def test_stop_leads_to_confirmed_standstill(belt: Main) -> None:
    belt.say(StopNow(StopBy.OPERATOR))
    latched = belt.until_mode(Mode.LATCHED)
    assert latched.standstill
    assert latched.causes[0].message == "stop was pressed"


def test_the_end_of_the_pipe_stops_the_belt_and_then_the_guardian_ends(belt: Main) -> None:
    belt.quiet.set()
    belt.client.leave()
    after = belt.ends_at_rest()
    assert "the program has ended while it held the belt" in " ".join(after)
    assert any("StopBelt" in line for line in after)
    assert " latched" in after[-1] or any(" latched" in line for line in after)


def test_bytes_that_are_no_message_end_the_lease(belt: Main) -> None:
    os.write(belt.client._to_guardian, b"\x00\x00\x00\x04ruin")
    belt.quiet.set()
    after = belt.ends_at_rest()
    assert any("main's pipe: not a message" in line for line in belt.lines())
    assert any("StopBelt" in line for line in after)


def test_a_main_that_falls_silent_loses_the_lease(belt: Main) -> None:
    belt.quiet.set()
    latched = belt.until_mode(Mode.LATCHED)
    assert latched.causes[0].message.startswith("the program has not been heard for 0.")


def test_a_machine_that_floods_us_with_reports_is_stopped_as_fast_as_any(fresh: Main) -> None:
    """Two hundred a second from the second second on, beside beats and wishes: a stop is under way in a moment."""
    fresh.moving("sim://well-behaved?start_s=0&fault=flood@2")
    asked_s = monotonic_s()
    fresh.say(StopNow(StopBy.OPERATOR))
    fresh.until_mode(Mode.STOPPING)
    assert monotonic_s() - asked_s < 0.5, "an idle computer needs some milliseconds; a busy one a few hundred"
    assert fresh.until_mode(Mode.LATCHED).standstill


def test_a_strap_beside_the_treadmill_is_heard_lost_and_let_go(fresh: Main) -> None:
    fresh.say(Strap("sim-strap://contact?bpm=120&drop_s=4&back_s=600"))
    fresh.say(Connect(PROTOCOL, "sim://well-behaved"))
    heard = fresh.until(lambda message: isinstance(message, Snapshot) and _bpm(message) == 120)
    assert isinstance(heard, Snapshot)
    assert heard.heart is not None
    assert (heard.heart.contact, heard.heart.ceiling_bpm, heard.heart.trouble) == (True, None, None)
    lost = fresh.until(lambda message: isinstance(message, Snapshot) and _trouble(message) is not None)
    assert isinstance(lost, Snapshot)
    assert "the link to Simulated strap (contact) is lost" in str(_trouble(lost))
    fresh.say(Strap(""))
    fresh.until(lambda message: isinstance(message, Snapshot) and message.heart is None)


def _bpm(snapshot: Snapshot) -> int | None:
    return None if snapshot.heart is None else snapshot.heart.bpm


def _trouble(snapshot: Snapshot) -> str | None:
    """Why the strap is not heard, once it has been."""
    return None if snapshot.heart is None or snapshot.heart.bpm is None else snapshot.heart.trouble


def test_a_search_on_a_computer_without_a_radio_ends_with_a_sentence(fresh: Main) -> None:
    """With a radio it ends as well, and with none."""
    fresh.say(Scan(PROTOCOL, 0.5))
    ended = fresh.until(lambda message: isinstance(message, ScanEnded))
    assert isinstance(ended, ScanEnded)
    assert ended.problem is None or ended.problem.strip()
    assert fresh.client.alive


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGPIPE])
def test_interrupts_meant_for_the_terminal_do_not_reach_the_belt(fresh: Main, number: signal.Signals) -> None:
    fresh.say(Connect(PROTOCOL, "sim://well-behaved"))
    fresh.until(lambda message: isinstance(message, Connected))
    os.kill(fresh.client.pid, number)
    fresh.until(lambda message: isinstance(message, Snapshot) and message.standstill)
    assert fresh.client.alive


def test_terminate_is_a_controlled_stop_and_then_the_end(belt: Main) -> None:
    os.kill(belt.client.pid, signal.SIGTERM)
    after = belt.ends_at_rest()
    assert any("the program asked for a stop" in line for line in after)
    assert any("SetSpeed" in line for line in after)
    assert any("StopBelt" in line for line in after)


def test_a_main_that_no_longer_reads_cannot_hold_the_belt_up(belt: Main) -> None:
    """Main's reading end is closed and its beats go on: the guardian's writer fails, and nothing else does."""
    assert belt.client._process.stdout is not None
    reader = belt.client._from_guardian
    spare = os.open(os.devnull, os.O_RDONLY)
    os.dup2(spare, reader)
    os.close(spare)
    belt.say(StopNow(StopBy.OPERATOR))
    belt.quiet.set()
    belt.client.leave()
    after = belt.ends_at_rest()
    assert any("stop was pressed" in line for line in after), "\n".join(belt.lines())
    assert any(" latched" in line for line in after)
