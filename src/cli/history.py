"""``retrotread history``: what was done.

Exit code 0: done. 1: told, and something is damaged. 2: not understood, or no such session. 3: the store cannot be
used.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from . import NO_FOLDER
from .history_export import export_sessions
from .history_keeping import backup, erase, restore
from .history_report import report
from .history_telling import AsJson, check, compare, list_them, show, trends
from .whose import of_participant

if TYPE_CHECKING:
    from pathlib import Path

    from ..records.opening import Kept
    from ..sessions.person import Person
    from ..training.history import History

app = typer.Typer(help="What was done.", rich_markup_mode=None, invoke_without_command=True)
app.command("export")(export_sessions)
app.command("report")(report)

app.command("list")(list_them)
app.command("show")(show)
app.command("trends")(trends)
app.command("compare")(compare)
app.command("check")(check)
app.command("backup")(backup)
app.command("restore")(restore)
app.command("erase")(erase)


@app.callback()
def history(
    context: typer.Context,
    as_json: AsJson = False,
    participant: Annotated[
        str | None, typer.Option(metavar="PSEUDONYM", help="Of a participant of the clinic.")
    ] = None,
) -> None:
    """What was done, newest first."""
    of_participant(participant)
    if context.invoked_subcommand is None:
        list_them(as_json=as_json)


def recorded_here(folder: Path, person: Person | None) -> History:
    """What the store of a data folder tells the ladder; leaves with a sentence where the store cannot be used.

    Nothing is loaded where there is nothing yet.
    """
    if not (folder / "runs").exists():
        return ()
    kept = kept_here(folder, person)
    with store_told():
        return kept.history()


def recorded_for(folder: Path, person: Person | None) -> History:
    """The same for who is at the screens. Raises HistoryError where the store cannot be used."""
    if not (folder / "runs").exists():
        return ()
    from ..records.file import StoreError
    from ..records.opening import kept_in
    from ..training.history import HistoryError

    try:
        return kept_in(folder, person).history()
    except StoreError as error:
        raise HistoryError(str(error)) from None


@contextlib.contextmanager
def store_told() -> Iterator[None]:
    """Leaves with a sentence where the store cannot be used."""
    from ..records.file import StoreError

    try:
        yield
    except StoreError as error:
        print(f"retrotread: {error}", file=sys.stderr)
        raise typer.Exit(NO_FOLDER) from None


def kept_here(folder: Path, person: Person | None) -> Kept:
    """What the data folder keeps, every run that is over among it."""
    from ..records.opening import kept_in

    with store_told():
        kept = kept_in(folder, person)
    for problem in kept.problems:
        print(f"retrotread: {problem}", file=sys.stderr)
    return kept
