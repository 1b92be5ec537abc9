"""The call for help: a command of the person's own, when nobody answers at the treadmill."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

from .child import end, how_it_ended, start, why_not_started

CALLED_WITHIN_S = 30.0
"""A message or a telephone call over a slow network leaves within half of it; what takes longer does not leave."""
_KILLED_WITHIN_S = 1.0
"""A killed process is gone at once, unless its disk or device hangs; the sentence does not wait for that."""


def call_for_help(
    command: tuple[str, ...], reason: str, done: Callable[[str], None], within_s: float = CALLED_WITHIN_S
) -> None:
    """Run ``command`` (program and arguments, no shell) once, on a thread of its own. Returns at once, raises nothing.

    The command finds ``reason`` in its environment as RETROTREAD_REASON and nothing else of ours; after ``within_s``
    it is killed. ``done`` gets one sentence, from that thread, and must not raise. The sentence names the program
    alone: the arguments may hold somebody's number.
    """
    try:
        threading.Thread(
            target=lambda: done(_call(command, reason, within_s)), name="call-for-help", daemon=True
        ).start()
    except RuntimeError:
        done(f"the command {_name(command)} could not be run (no thread is left)")


def _call(command: tuple[str, ...], reason: str, within_s: float) -> str:
    name = _name(command)
    if not command:
        return "nobody was called: the settings hold no command"
    try:
        process = start(command, environment={**os.environ, "RETROTREAD_REASON": reason})
    except (OSError, ValueError) as error:
        return f"the command {name} could not be run ({why_not_started(error)})"
    try:
        exit_code = process.wait(within_s)
    except subprocess.TimeoutExpired:
        end(process, force=True)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_KILLED_WITHIN_S)
        return f"the command {name} did not end within {within_s:g} s"
    return f"called for help: {name}" if exit_code == 0 else f"the command {name} {how_it_ended(exit_code)}"


def _name(command: tuple[str, ...]) -> str:
    return Path(command[0]).name if command else "of the settings"
