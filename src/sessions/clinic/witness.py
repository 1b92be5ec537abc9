"""What the journals of a clinic's participants know of its register: its last entry as each run began.

A register that is an older copy, or whose chain somebody worked out anew, does not agree with them. Nothing in it is
secret; it holds for whatever was run.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..journal import JournalError, open_ours

KIND = "register"
"""Of the event in a journal."""

JOURNALS_READ_MAX = 20
"""Of one participant, newest first. The newest names an entry, but where nothing was run since an earlier version,
which wrote none; behind so many of those nobody looks on."""

_TOLD = re.compile(r"entry ([1-9][0-9]{0,8}), link ([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Seen:
    """A journal names the number and the link of an entry."""

    n: int
    link: str
    journal: Path


def told(n: int, link: str) -> str:
    """The text of the event."""
    return f"entry {n}, link {link}"


def seen_in(participants: Path) -> Iterator[Seen]:
    """What the newest journal says that names an entry, of each participant with a folder in this one."""
    for runs in sorted(participants.glob("*/runs")):
        found = _newest(runs)
        if found is not None:
            yield found


def _newest(runs: Path) -> Seen | None:
    """The name of a journal begins with its moment. One that cannot be read says nothing; it is told elsewhere."""
    journals = sorted(runs.glob("*.sqlite"), reverse=True)[:JOURNALS_READ_MAX]
    return next((seen for path in journals if (seen := _named_by(path)) is not None), None)


def _named_by(path: Path) -> Seen | None:
    row = None
    with (
        contextlib.suppress(JournalError, sqlite3.Error, OSError, ValueError),
        contextlib.closing(open_ours(path, "ro")) as database,
    ):
        row = database.execute("SELECT text FROM event WHERE kind = ? ORDER BY n LIMIT 1", (KIND,)).fetchone()
    found = None if row is None else _TOLD.fullmatch(str(row[0]))
    return None if found is None else Seen(int(found[1]), found[2], path)
