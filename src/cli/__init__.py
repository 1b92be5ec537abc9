"""The command line: the composition root. Only this part knows every other one.

    0   done: checked without a finding, simulated to a good end, replayed without a difference, run to its end or
        stopped correctly
    1   a finding, a violation, a difference, a run that did not end well
    2   the command line, a file or an address cannot be understood
    3   the data folder cannot be used, or another Retrotread is using it

Data goes to stdout, messages to stderr. No flag starts or raises a belt or skips the checklist.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from ..records.opening import Kept
    from ..sessions.launcher import SessionLauncher, Wish
    from ..sessions.person import Person
    from .later import LaterLauncher

FOUND, MISUSED, NO_FOLDER = 1, 2, 3


def main(arguments: list[str]) -> int:
    """Exit code of the program for ``arguments``. Without any, the screens open, before anything else is loaded."""
    if not arguments:
        return open_screens()
    from .commands import command_line

    return command_line(arguments)


def open_screens(wish: Wish | None = None) -> int:
    """The full-screen program, with what was wished for preselected."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("retrotread: the screens need a terminal; use: retrotread run WORKOUT --plain", file=sys.stderr)
        return MISUSED
    from ..sessions.added_only import AddedOnlyError
    from ..sessions.folder import FolderError
    from ..tui.app import run_app

    try:
        launcher = _launcher(wish)
    except (FolderError, AddedOnlyError) as error:
        print(f"retrotread: {error}", file=sys.stderr)
        return NO_FOLDER
    return run_app(launcher, lambda: _history(launcher), keep_run)


def _history(launcher: LaterLauncher | SessionLauncher) -> Kept:
    """What is kept of whoever trains now, every run that is over among it. Raises StoreError."""
    from ..records.opening import kept_in

    return kept_in(launcher.home, launcher.person())


def keep_run(journal: Path, person: Person | None) -> str:
    """The run is over: into the store, which nothing loads before."""
    from ..records.taking_after import kept_after

    return kept_after(journal, person)


def _launcher(wish: Wish | None) -> LaterLauncher | SessionLauncher:
    """What was asked for is read before anything is painted; with nothing asked for, the screens come first."""
    from ..sessions.folder import hold_data_folder

    if wish is None:
        from .later import LaterLauncher

        return LaterLauncher(hold_data_folder())
    from ..sessions.launcher import SessionLauncher
    from .history import recorded_for

    return SessionLauncher(wish, recorded=recorded_for)
