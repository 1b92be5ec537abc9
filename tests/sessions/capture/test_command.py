"""``retrotread capture``: one process holds the radio, no session runs beside it, the file is whole or not there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from retrotread import config
from retrotread.__main__ import main
from retrotread.devices.address import parse_address
from retrotread.devices.errors import AddressError
from retrotread.sessions.capture.command import CaptureError, capture, checked
from retrotread.sessions.folder import VARIABLE, FolderLock, data_folder

BLE = parse_address("ble://MILL")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "data"))
    monkeypatch.setenv(config.VARIABLE, str(tmp_path / "settings"))
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    return tmp_path / "data"


def child(program: str) -> tuple[str, ...]:
    return sys.executable, "-c", program


def test_what_the_child_prints_is_the_file(tmp_path: Path) -> None:
    captured = capture(BLE, 1, tmp_path / "c.jsonl", child("print('{}'); print('{\"a\": 1}')"))
    assert (captured.lines, captured.problem) == (2, None)
    assert (tmp_path / "c.jsonl").read_text() == '{}\n{"a": 1}\n'


def test_without_a_line_there_is_no_file_and_the_child_s_sentence_is_told(tmp_path: Path) -> None:
    captured = capture(BLE, 1, tmp_path / "c.jsonl", child("import sys; print('no machine', file=sys.stderr); exit(1)"))
    assert (captured.lines, captured.problem) == (0, "no machine")
    assert not (tmp_path / "c.jsonl").exists()


def test_a_child_that_dies_leaves_what_it_said(tmp_path: Path) -> None:
    program = "import os; print('{}', flush=True); os.kill(os.getpid(), 9)"
    captured = capture(BLE, 1, tmp_path / "c.jsonl", child(program))
    assert captured.lines == 1
    assert captured.problem is not None
    assert captured.problem.startswith("the process that held the radio ended with code -9")


def test_no_capture_while_a_session_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held = FolderLock(data_folder())
    try:
        assert main(["capture", "ble://MILL", "--out", str(tmp_path / "c.jsonl")]) == 3
    finally:
        held.release()
    assert "another Retrotread is using" in capsys.readouterr().err
    assert not (tmp_path / "c.jsonl").exists()


def test_no_session_while_a_capture_runs(tmp_path: Path) -> None:
    looks = (
        "import os, sys; from retrotread.sessions.folder import *\n"
        "try:\n    FolderLock(data_folder())\nexcept FolderError as error:\n    print(error)"
    )
    capture(BLE, 1, tmp_path / "c.jsonl", child(looks))
    assert "another Retrotread is using" in (tmp_path / "c.jsonl").read_text()
    FolderLock(data_folder()).release()


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "c.jsonl").write_text("mine")
    assert main(["capture", "ble://MILL", "--out", str(tmp_path / "c.jsonl")]) == 2
    assert (tmp_path / "c.jsonl").read_text() == "mine"
    assert "File exists" in capsys.readouterr().err


def test_ctrl_c_ends_the_child_by_its_input_and_loses_no_line(tmp_path: Path) -> None:
    waits = (
        "import os, signal, sys; print('{}', flush=True); os.kill(os.getppid(), signal.SIGINT); sys.stdin.read(); "
        "print('{\"end\": 1}')"
    )
    before = signal.getsignal(signal.SIGINT)
    captured = capture(BLE, 60, tmp_path / "c.jsonl", child(waits))
    assert (captured.lines, captured.problem) == (2, None)
    assert signal.getsignal(signal.SIGINT) == before


def test_ctrl_c_while_the_child_is_being_started_ends_it_the_same_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = subprocess.Popen

    def interrupted(*arguments: Any, **options: Any) -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        return begin(*arguments, **options)

    monkeypatch.setattr(subprocess, "Popen", interrupted)
    captured = capture(BLE, 60, tmp_path / "c.jsonl", child("import sys; sys.stdin.read(); print('{}')"))
    assert (captured.lines, captured.problem) == (1, None)


@pytest.mark.parametrize(
    ("address", "seconds", "said"),
    [
        ("sim://well-behaved", 10, "write ble://NAME-or-address"),
        ("ble://MILL", 0, "from 1 to 3600"),
        ("ble://MILL", 3601, "from 1 to 3600"),
        ("ble://MILL", float("nan"), "from 1 to 3600"),
        ("MILL", 10, "there is no '://'"),
    ],
)
def test_what_cannot_be_recorded_is_said_first(address: str, seconds: float, said: str) -> None:
    with pytest.raises((CaptureError, AddressError), match=said):
        checked(address, seconds)


def test_a_computer_without_a_radio_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["capture", "ble://MILL", "--seconds", "1", "--out", str(tmp_path / "c.jsonl")]) == 1
    assert "radio" in capsys.readouterr().err


# --- over real attributes ------------------------------------------------------------------------------------------


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[str]:
    """``retrotread sim ftms`` as a process of its own; its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "retrotread", "sim", "ftms", "--listen", "127.0.0.1:0", "--name", "Ada's mill"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdout.readline().decode().strip()
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def test_a_machine_on_the_air_is_recorded_by_its_attributes(machine: str, tmp_path: Path) -> None:
    assert machine.startswith("ble://Ada")
    assert main(["capture", machine, "--seconds", "3", "--out", str(tmp_path / "c.jsonl")]) == 0
    text = (tmp_path / "c.jsonl").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert lines[0]["capture"] == 1
    assert lines[-1]["end"] == "the time was over"
    reports = [line for line in lines if line.get("uuid") == "2acd"]
    assert reports
    assert {line["says"]["speed_kph"] for line in reports} == {0.0}
    assert [line["says"]["highest"] for line in lines if line.get("uuid") == "2ad4"] == [16.0]
    assert "Ada" not in text
