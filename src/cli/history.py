"""``retrotread history``: what was done.

Exit code 0: told. 1: told, and something is damaged. 3: the store cannot be used.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from . import FOUND, NO_FOLDER
from .history_export import export_sessions
from .history_report import report
from .who import person_of_settings

if TYPE_CHECKING:
    from pathlib import Path

    from ..records.opening import Kept
    from ..sessions.person import Person
    from ..training.history import History

app = typer.Typer(help="What was done.", rich_markup_mode=None, invoke_without_command=True)
app.command("export")(export_sessions)
app.command("report")(report)

AsJson = Annotated[bool, typer.Option("--json", help="One object instead of lines.")]


@app.callback()
def history(context: typer.Context, as_json: AsJson = False) -> None:
    """What was done, newest first."""
    if context.invoked_subcommand is None:
        _list(as_json)


@app.command("list")
def list_them(as_json: AsJson = False) -> None:
    """Every session, newest first."""
    _list(as_json)


def recorded_here(folder: Path, person: Person | None) -> History:
    """What the store of a data folder tells the ladder; leaves with a sentence where the store cannot be used.

    Nothing is loaded where there is nothing yet.
    """
    if not (folder / "runs").exists():
        return ()
    kept = kept_here(folder, person)
    return () if kept.store is None else kept.store.history()


def kept_here(folder: Path, person: Person | None) -> Kept:
    """What the data folder keeps, every run that is over among it."""
    from ..records.file import StoreError
    from ..records.opening import kept_in

    try:
        kept = kept_in(folder, person)
    except StoreError as error:
        print(f"retrotread: {error}", file=sys.stderr)
        raise typer.Exit(NO_FOLDER) from None
    for problem in kept.problems:
        print(f"retrotread: {problem}", file=sys.stderr)
    return kept


def _list(as_json: bool) -> None:
    from ..records.history_command import history_text
    from ..sessions.folder import folder_path

    kept = kept_here(folder_path(), person_of_settings())
    print(history_text(kept, as_json))
    raise typer.Exit(FOUND if kept.problems else 0)
