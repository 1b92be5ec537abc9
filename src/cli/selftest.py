"""``retrotread selftest``: the promises proved on this computer and in this terminal, before a real belt is driven.

Exit code 0: all of them were kept, and real treadmills are unlocked for this version. 1: one was not. 2: no terminal.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import select
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import typer

from ..clock import monotonic_s
from . import FOUND, MISUSED, NO_FOLDER
from .paragraphs import tell

if TYPE_CHECKING:
    from pathlib import Path

    from ..sessions.selftest.promises import Finding

FOCUS_WITHIN_S = 30.0
"""Time to find another window and to come back."""

DIGIT_WITHIN_S = 20.0
ANSWERS = 2
"""Answers that may be given: one may be a slip, two are not heard."""

READ_BYTES = 1024
ESCAPE = "escape"

NO_FOCUS = (
    "NOT KEPT  this terminal does not say when another window has the keyboard, so that a stop key could go astray "
    "unseen: use another terminal program (in tmux: set -g focus-events on)"
)
NOT_HEARD = "NOT KEPT  the digit was not heard: turn the sound up, or mend what retrotread doctor says of it"


def selftest() -> None:
    """Prove on this computer that a belt is stopped when something fails.

    About a minute, with a simulated belt: no treadmill is reached. Until it has passed, real treadmills stay locked.
    """
    from ..sessions.folder import FolderError, hold_data_folder

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print(
            "retrotread: the self-test also tries the terminal: run it in the one in which you train", file=sys.stderr
        )
        raise typer.Exit(MISUSED)
    try:
        folder, lock = hold_data_folder()
    except FolderError as error:
        print(f"retrotread: {error}", file=sys.stderr)
        raise typer.Exit(NO_FOLDER) from None
    try:
        raise typer.Exit(_proved(folder))
    finally:
        lock.release()


def _proved(folder: Path) -> int:
    """The whole conversation; its exit code."""
    from ..sessions.selftest.record import forget, keep
    from ..sessions.selftest.trial import all_tried

    try:
        forget(folder)
    except OSError as error:
        return _unwritten(folder, error)
    tell(
        ["Self-test. A simulated belt runs six times at once, and each time something fails. No treadmill is reached."]
    )
    with ThreadPoolExecutor(1) as beside:
        trials = beside.submit(lambda: asyncio.run(all_tried()))
        asked = (_focus_reported(), _sound_heard())
        findings = _waited(trials)
    tell(f"{'kept    ' if one.kept else 'NOT KEPT'}  {one.sentence}" for one in findings)
    if not (all(asked) and all(one.kept for one in findings)):
        tell(["Not passed: real treadmills stay locked. Mend what is said above, and run retrotread selftest again."])
        return FOUND
    try:
        keep(folder, findings)
    except OSError as error:
        return _unwritten(folder, error)
    tell(["Passed: for this version, real treadmills are unlocked on this computer."])
    return 0


def _unwritten(folder: Path, error: OSError) -> int:
    print(f"retrotread: {folder} cannot be written ({error.strerror}); make room for it", file=sys.stderr)
    return FOUND


def _waited(trials: Future[tuple[Finding, ...]]) -> tuple[Finding, ...]:
    if not trials.done():
        print("The belts still run; half a minute at most ...", flush=True)
    return trials.result()


def _focus_reported() -> bool:
    """Whether this terminal says when its keys go elsewhere: a person looks away and comes back."""
    from ..tui.plain_input import focus_reports, single_keys

    with single_keys(0), focus_reports(0, os.environ.get("TERM", "")):
        tell([f"Focus: go to another window, and come back here ({FOCUS_WITHIN_S:.0f} s; Esc: there is none)."])
        keys = _keys(FOCUS_WITHIN_S, lambda keys: ESCAPE in keys or _left_and_back(keys))
    if _left_and_back(keys):
        tell(["kept      this terminal says when another window has the keyboard"])
        return True
    tell([NO_FOCUS])
    return False


def _left_and_back(keys: list[str]) -> bool:
    from ..tui.plain_keys import FOCUS_IN, FOCUS_OUT

    return FOCUS_OUT in keys and FOCUS_IN in keys[keys.index(FOCUS_OUT) :]


def _sound_heard() -> bool:
    """Whether the person hears what is said: a digit, by voice or by the bell."""
    from ..config import read_settings
    from ..sessions.voice import digit_question, system_speaker
    from ..sessions.voice.digit import DIGITS
    from ..tui.plain_input import single_keys

    speaker = system_speaker(lambda: _write(b"\a"), speech=read_settings().cues.speech)
    try:
        for _ in range(ANSWERS):
            digit = secrets.choice(DIGITS)
            with single_keys(0):
                tell(["Sound: type the digit that you hear, or the number of bells."])
                digit_question(speaker, digit)
                keys = _keys(DIGIT_WITHIN_S, lambda keys: keys[-1].isdigit() or ESCAPE in keys)
            if keys and keys[-1] == str(digit):
                tell(["kept      warnings are heard"])
                return True
    finally:
        speaker.close()
    tell([NOT_HEARD])
    return False


def _write(data: bytes) -> None:
    os.write(sys.stdout.fileno(), data)


def _keys(seconds: float, over: Callable[[list[str]], bool]) -> list[str]:
    """The keys that are pressed, by their names, until that is true of them or the time is up."""
    from ..tui.plain_keys import ESCAPE_WAIT_S, keys_in

    keys: list[str] = []
    until_s, rest = monotonic_s() + seconds, b""
    while (left_s := until_s - monotonic_s()) > 0 and not (keys and over(keys)):
        if select.select([0], [], [], min(left_s, ESCAPE_WAIT_S))[0]:
            typed, rest = keys_in(rest + os.read(0, READ_BYTES))
            keys += [one.key for one in typed]
        elif rest:
            keys, rest = [*keys, ESCAPE], b""
    return keys
