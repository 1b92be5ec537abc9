"""``retrotread history backup``, ``restore`` and ``erase``.

Exit code 0: done, or told what would be erased. 1: restored, and sessions in it are damaged. 2: nothing was done; the
sentence says why. 3: the store cannot be used.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import FOUND, MISUSED, NO_FOLDER
from .whose import Whose, whose

if TYPE_CHECKING:
    from ..records.erasing import Erasable


def backup(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="The file, or a folder for it.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file of that name.")] = False,
) -> None:
    """Store and diary in one file, whole or not at all; the program may go on meanwhile."""
    from ..clock import wall_now
    from ..records.backup import backup_of
    from ..records.exports.files import NotWritten, Place, write_all
    from ..records.file import StoreError
    from .history import kept_here

    about = whose()
    kept_here(about.folder, about.person)
    place = Place(out, None, force, about.data) if out.is_dir() else Place(out.parent, out.name, force, about.data)
    try:
        name = f"retrotread-{wall_now():%Y%m%dT%H%M%SZ}.sqlite"
        print(write_all([(name, backup_of(about.folder))], place)[0])
    except StoreError as error:
        print(f"retrotread: {error}", file=sys.stderr)
        raise typer.Exit(NO_FOLDER) from None
    except NotWritten as error:
        print(f"retrotread: {error}", file=sys.stderr)
        raise typer.Exit(MISUSED) from None
    print("the journals, in runs/ of the data folder, are not in it: copy that folder beside it", file=sys.stderr)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What history backup wrote.")],
    although_damaged: Annotated[
        bool, typer.Option("--although-damaged", help="Take it even where sessions in it are not as they were kept.")
    ] = False,
    although_of_another: Annotated[
        bool, typer.Option("--although-of-another", help="At home: take it under another pseudonym than the one here.")
    ] = False,
) -> None:
    """Put a backup in the place of the store, which is kept under another name."""
    from ..records.backup import Although, NotRestored
    from ..records.backup import restore as put_back
    from ..records.file import StoreError
    from ..sessions.folder import FolderError, data_folder

    try:
        data_folder()
        done = put_back(whose().folder, file, Although(although_damaged, although_of_another))
    except NotRestored as error:
        print(f"retrotread: {error}", file=sys.stderr)
        raise typer.Exit(MISUSED) from None
    except (StoreError, FolderError) as error:
        print(f"retrotread: {error}", file=sys.stderr)
        raise typer.Exit(NO_FOLDER) from None
    print(
        f"restored: {done.sessions} sessions; runs that are newer are taken over from their journals at the next look"
    )
    if done.aside is not None:
        print(f"the store before it is kept as {done.aside}; {done.limits} limits that only it had were carried over")
    print("the diary of the backup is used" if done.diary else "the diary that is here stays as it is")
    for sentence in done.damaged:
        print(f"retrotread: {sentence}", file=sys.stderr)
    raise typer.Exit(FOUND if done.damaged else 0)


def erase(
    who: Annotated[
        str | None, typer.Argument(metavar="PSEUDONYM", help="Who is kept here; without it, what would go is listed.")
    ] = None,
) -> None:
    """Erase the person of this computer: journals, store, diary, and who trains here in the settings."""
    from ..config import SettingsError
    from ..records.erasing import REMAINS, NotErased, Them, erasable
    from ..records.erasing import erase as erase_here
    from ..sessions.folder import FolderError, data_folder

    try:
        data_folder()
        about = whose()
        them = Them(about.folder, about.at_home)
        found = erasable(them) if who is None else erase_here(them, who)
    except (NotErased, SettingsError) as error:
        print(f"retrotread: {error}", file=sys.stderr)
        raise typer.Exit(MISUSED) from None
    except FolderError as error:
        print(f"retrotread: {error}", file=sys.stderr)
        raise typer.Exit(NO_FOLDER) from None
    _tell(found, about, done=who is not None)
    print("What cannot be erased from here:" if who is None else "What was not erased:")
    for sentence in REMAINS:
        print(f"- {sentence}")
    if who is None:
        print(f"To erase it for good: retrotread history erase {found.word}")


def _tell(found: Erasable, about: Whose, done: bool) -> None:
    print(f"{'Erased' if done else 'Would be erased, for good'}: {len(found.files)} files in {about.data}")
    for path in found.files:
        print(f"- {path.relative_to(about.data)}")
    if found.settings:
        print("- who trains here and their strap, in the settings")
