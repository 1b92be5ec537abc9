"""The bench over the guardian's process, and the command on a terminal of its own."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from retrotread.clock import monotonic_s
from retrotread.guardian.messages import Stepped
from retrotread.guardian.trials import Trial, TrialPhase
from retrotread.machine import MachineNotice, StopBelt
from retrotread.safety.inputs import Said
from retrotread.safety.modes import Mode
from retrotread.sessions.qualify import listener
from retrotread.sessions.qualify.live import HAND_S, LiveBench, NotConnected
from retrotread.sessions.qualify.record import Sent

# Starts at once and answers at once, so that a trial in real time is short.
QUICK = "sim://well-behaved?start_s=0&lag_s=0&report_hz=10"


class Keyboard:
    """A key that is pressed once a phase has been reached."""

    def __init__(self) -> None:
        self.waiting = False
        self.taken = 0

    def show(self, phase: TrialPhase) -> None:
        self.waiting = phase is TrialPhase.MOVING

    @contextlib.contextmanager
    def keys(self) -> Iterator[Callable[[], bool]]:
        self.taken += 1
        yield lambda: self.waiting


def test_any_key_stops_the_belt_of_a_trial_in_the_guardians_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "WATCHED_S", 0.5)
    keyboard = Keyboard()
    with LiveBench(tmp_path, QUICK, None, keyboard.keys) as bench:
        record = bench.try_out(Trial.START, keyboard.show)
    assert record.phase is TrialPhase.STOPPED
    assert record.ready
    assert any(isinstance(one, Sent) and isinstance(one.command, StopBelt) for one in record.entries)
    assert record.reports[-1].speed_kph == 0.0
    assert keyboard.taken == 1


@pytest.mark.parametrize("pressed", [True, False], ids=["a key ends it", "a hand is seen"])
def test_a_hand_is_looked_for_until_it_shows_or_a_key_is_pressed(tmp_path: Path, pressed: bool) -> None:
    keyboard = Keyboard()
    with LiveBench(tmp_path, QUICK, None, keyboard.keys) as bench:
        keyboard.waiting = pressed
        if not pressed:
            hand = Stepped(1.0, 100, (Said(MachineNotice.SAFETY_KEY_PULLED),), (), Mode.IDLE, ())
            bench._heard.put(hand)
        began_s = monotonic_s()
        assert bench.hand_seen() is not pressed
        assert monotonic_s() - began_s < HAND_S / 2
    assert keyboard.taken == 1


def test_a_machine_that_cannot_be_reached_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotConnected, match="nothing here speaks usb://"):
        LiveBench(tmp_path, "usb://none", None, Keyboard().keys)


COMMAND = [sys.executable, "-m", "retrotread", "treadmills", "qualify", "sim://well-behaved"]


def test_without_a_terminal_nothing_is_tried_out(tmp_path: Path) -> None:
    environment = os.environ | {"RETROTREAD_DATA": str(tmp_path)}
    run = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert run.returncode == 2
    assert "only from a terminal, where any key can stop it" in run.stderr


def test_on_a_terminal_the_card_comes_first_and_a_person_on_the_belt_ends_it(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    environment = os.environ | {"RETROTREAD_DATA": str(tmp_path)}
    with subprocess.Popen(COMMAND, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as command:
        os.close(theirs)
        said = _read_until(ours, "step on it?")
        assert "allows now:" in said
        os.write(ours, b"yes\n")
        said = _read_until(ours, "when nobody is")
        assert command.wait(20) == 1
    os.close(ours)
    assert "Not qualified" in said
    assert not (tmp_path / "machines").exists()


def _read_until(descriptor: int, words: str) -> str:
    """What is said up to these words, wherever its lines end."""
    said = ""
    while words not in " ".join(said.split()):
        ready, _, _ = select.select([descriptor], [], [], 30.0)
        assert ready, f"{words!r} was not said: {said[-200:]}"
        try:
            said += os.read(descriptor, 4096).decode(errors="replace")
        except OSError:  # the program has ended
            pytest.fail(f"{words!r} was not said, but: {said}")
    return said
