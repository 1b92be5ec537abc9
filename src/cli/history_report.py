"""``retrotread history report``: one page about one session, as HTML.

Exit code 0: written. 1: written, and the session is not as it was kept. 2: the command line is not understood, no such
session, or the file cannot be written; then there is none. 3: the store cannot be used.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from . import FOUND, MISUSED
from .history_export import Asked, Hide
from .history_telling import tell_changed
from .whose import whose


def report(  # noqa: PLR0913  (a command line is a list of options)
    session: Annotated[
        str, typer.Argument(metavar="SESSION", help="last, its day and time, or the beginning of its number.")
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The file, or a folder for it.", show_default=False)],
    identified: Annotated[bool, typer.Option("--identified", help="With name and treadmill.")] = False,
    pseudonymous: Annotated[bool, typer.Option("--pseudonymous", help="With a pseudonym alone.")] = False,
    hide: Hide = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file of that name.")] = False,
) -> None:
    """One page about one session, for a browser and for paper: nothing in it is loaded from elsewhere."""
    from ..records.exports.files import NotWritten, Place
    from ..records.naming import NONE_YET, NoSuchSession
    from ..records.report.written import write_report
    from .history import kept_here, store_told

    privacy, about = Asked.of(identified, pseudonymous, hide), whose()
    place = Place(out, None, force, about.data) if out.is_dir() else Place(out.parent, out.name, force, about.data)
    kept = kept_here(about.folder, about.person)
    try:
        if kept.store is None:
            raise NoSuchSession(NONE_YET)
        with store_told():
            print(write_report(kept.store, session, privacy.who(about), place))
            changed = tell_changed(kept, session)
    except (NoSuchSession, NotWritten) as error:
        print(f"retrotread: {error}", file=sys.stderr)
        raise typer.Exit(MISUSED) from None
    raise typer.Exit(FOUND if changed else 0)
