from __future__ import annotations

import os
import queue
import select
import threading
from pathlib import Path

import pytest

from retrotread.sessions.voice import call_for_help

SOON_S = 10.0
REASON = "nobody answers at the treadmill"


def script(folder: Path, body: str) -> str:
    path = folder / "ring-ada"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


def call(*command: str, within_s: float = SOON_S) -> str:
    """The sentence that the caller gets."""
    told: queue.Queue[str] = queue.Queue()
    call_for_help(command, REASON, told.put, within_s)
    sentence = told.get(timeout=2 * SOON_S)
    assert told.empty()
    return sentence


def test_the_command_runs_with_its_own_words_and_the_reason_and_no_shell(tmp_path: Path) -> None:
    command = script(tmp_path, f'printf "%s|" "$@" "$RETROTREAD_REASON" >"{tmp_path}/called"')
    assert call(command, "+49 1", "$(id); *") == "called for help: ring-ada"
    assert (tmp_path / "called").read_text() == f"+49 1|$(id); *|{REASON}|"


def test_the_command_finds_its_own_surroundings_and_one_word_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":7")
    call(script(tmp_path, f'env >"{tmp_path}/called"'))
    found = dict(line.split("=", 1) for line in (tmp_path / "called").read_text().splitlines() if "=" in line)
    assert found["DISPLAY"] == ":7"
    assert {name for name in found if name not in os.environ} - {"PWD", "OLDPWD", "SHLVL", "_"} == {"RETROTREAD_REASON"}


def test_an_exit_code_is_told(tmp_path: Path) -> None:
    assert call(script(tmp_path, "exit 3"), "+49 1") == "the command ring-ada ended with exit code 3"


def test_a_command_that_is_not_there_is_told_without_its_folder_and_its_words(tmp_path: Path) -> None:
    sentence = call(str(tmp_path / "ada" / "ring"), "+49 1")
    assert sentence == "the command ring could not be run (No such file or directory)"


def test_an_argument_that_no_system_takes_is_told() -> None:
    assert call("ring", "a\0b") == "the command ring could not be run (ValueError)"


def test_no_command_is_told() -> None:
    assert call() == "nobody was called: the settings hold no command"


def test_a_command_that_does_not_end_is_killed_with_all_that_it_started(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "life")
    life = os.open(tmp_path / "life", os.O_RDONLY | os.O_NONBLOCK)
    held = os.open(tmp_path / "life", os.O_WRONLY)  # until the command holds it, the pipe is not at its end
    os.mkfifo(tmp_path / "never")
    body = f'trap "" TERM\n(read -r x <"{tmp_path}/never")'
    command = script(tmp_path, f'exec 3>"{tmp_path}/life"\n{body}')
    assert call(command, within_s=0.3) == "the command ring-ada did not end within 0.3 s"
    os.close(held)
    assert select.select([life], [], [], SOON_S)[0], "something of the command lives on"
    assert os.read(life, 1) == b""
    os.close(life)


def test_the_caller_does_not_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "gate")
    told: queue.Queue[str] = queue.Queue()
    call_for_help((script(tmp_path, f'read -r x <"{tmp_path}/gate"'),), REASON, told.put)
    assert told.empty()
    (tmp_path / "gate").write_text("go on\n")
    assert told.get(timeout=SOON_S) == "called for help: ring-ada"


def test_without_a_thread_the_caller_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_thread(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no_thread)
    told: list[str] = []
    call_for_help(("ring", "+49 1"), REASON, told.append)
    assert told == ["the command ring could not be run (no thread is left)"]
