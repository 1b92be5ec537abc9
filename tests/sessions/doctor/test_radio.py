"""The radio is tried in a child: one that hangs, dies or talks nonsense is a finding, never the end of the doctor."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from retrotread.clock import monotonic_s
from retrotread.devices.gatt import radio_try
from retrotread.sessions.doctor.finding import Severity, System
from retrotread.sessions.doctor.radio import ENTRIES_BY_STATE, RadioFacts, RadioState, answer, collected, judge, tried
from retrotread.sessions.folder import FolderError, FolderLock

OURS = {RadioState.HUNG, RadioState.CRASHED, RadioState.IN_USE}
"""What the child cannot say of itself."""


def child(program: str, deadline_s: float = 20.0) -> RadioFacts:
    return tried((sys.executable, "-c", program), deadline_s)


def test_a_radio_that_hangs_is_let_go_at_its_deadline() -> None:
    began_s = monotonic_s()
    facts = child("import threading; threading.Event().wait()", 0.5)
    assert facts == RadioFacts(RadioState.HUNG, "0.5 s")
    assert monotonic_s() - began_s < 15.0
    (found,) = judge(facts)
    assert found.entry.severity is Severity.PROBLEM
    assert "0.5 s" in found.what


def test_a_child_that_is_killed_is_told_by_its_signal() -> None:
    facts = child("import os, signal; print('works '); os.kill(os.getpid(), signal.SIGKILL)")
    assert facts == RadioFacts(RadioState.CRASHED, "signal 9")


@pytest.mark.parametrize("state", [one for one in RadioState if one not in OURS])
def test_each_word_of_the_child_is_understood(state: RadioState) -> None:
    assert answer(f"noise of a library\n{state.value} because so\n", 0) == RadioFacts(state, "because so")


@pytest.mark.parametrize(("said", "code"), [("", 0), ("nonsense", 0), ("works", 1), ("\x00\n\n", 0), ("works", -6)])
def test_a_child_that_says_something_else_has_crashed(said: str, code: int) -> None:
    assert answer(said, code).state is RadioState.CRASHED


def test_a_refusal_on_a_mac_names_the_place_in_its_settings() -> None:
    for state in (RadioState.DENIED_BY_USER, RadioState.DENIED_BY_SYSTEM, RadioState.DENIED, RadioState.CRASHED):
        (found,) = judge(RadioFacts(state, "BLE is not authorized"))
        assert "Privacy & Security > Bluetooth" in (found.mend(System.MACOS) or "")
    assert "Settings" in (judge(RadioFacts(RadioState.OFF))[0].mend(System.WINDOWS) or "")


def test_every_state_has_its_own_finding() -> None:
    assert set(ENTRIES_BY_STATE) == set(RadioState)
    assert len({entry.key for entry in ENTRIES_BY_STATE.values()}) == len(RadioState)


def test_the_child_knows_every_reason_of_the_library() -> None:
    from bleak.exc import BleakBluetoothNotAvailableReason

    assert {*radio_try.WORDS, "UNKNOWN"} == {reason.name for reason in BleakBluetoothNotAvailableReason}
    assert set(radio_try.WORDS.values()) <= {state.value for state in RadioState}


def test_the_child_says_in_one_line_why_it_has_no_radio(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "retrotread.devices.gatt.radio_try"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={tmp_path}/none"},
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 1
    if sys.platform.startswith("linux"):
        assert answer(done.stdout, 0).state is RadioState.FAILED


def test_while_a_session_runs_the_radio_is_left_alone(tmp_path: Path) -> None:
    leaves_a_trace = (sys.executable, "-c", f"open({str(tmp_path / 'tried')!r}, 'w'); print('works')")
    held = FolderLock(tmp_path)
    assert collected(leaves_a_trace, tmp_path) == RadioFacts(RadioState.IN_USE)
    assert not (tmp_path / "tried").exists()
    held.release()
    assert collected(leaves_a_trace, tmp_path).state is RadioState.WORKS
    assert (tmp_path / "tried").exists()


def test_no_session_begins_while_the_radio_is_tried_and_one_may_afterwards(tmp_path: Path) -> None:
    looks = (
        "from pathlib import Path; from retrotread.sessions.folder import *\n"
        f"try:\n    FolderLock(Path({str(tmp_path)!r})); print('works free')\n"
        "except FolderError:\n    print('works held')"
    )
    assert collected((sys.executable, "-c", looks), tmp_path).detail == "held"
    FolderLock(tmp_path).release()


def test_a_folder_that_is_not_there_or_cannot_be_locked_does_not_keep_the_radio_from_being_tried(
    tmp_path: Path,
) -> None:
    works = (sys.executable, "-c", "print('works')")
    assert collected(works, tmp_path / "none").state is RadioState.WORKS
    assert not (tmp_path / "none").exists()
    (tmp_path / "lock").mkdir()
    with pytest.raises(FolderError):
        FolderLock(tmp_path)
    assert collected(works, tmp_path).state is RadioState.WORKS
