"""The formats that runs are exported in, and what each file is called. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from enum import Enum

from .fit import fit
from .samples_csv import samples_csv
from .session_json import session_json
from .sessions_csv import sessions_csv
from .tcx import tcx
from .told import Told


class Format(Enum):
    """By the word that a person types."""

    FIT = "fit"
    TCX = "tcx"
    CSV = "csv"
    JSON = "json"
    TABLE = "table"

    @property
    def one_file(self) -> bool:
        """Whether all runs go into one file; in the other formats each run has its own."""
        return self is Format.TABLE


TABLE_NAME = "retrotread-sessions.csv"

_WRITERS: dict[Format, Callable[[Told], bytes]] = {
    Format.FIT: fit,
    Format.TCX: tcx,
    Format.CSV: samples_csv,
    Format.JSON: session_json,
}


def files_of(runs: Iterable[Told], form: Format) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file, one at a time; names hold nothing that is about a person."""
    if form.one_file:
        yield TABLE_NAME, sessions_csv(runs)
        return
    given = set[str]()
    for told in runs:
        name = _other_than(given, file_name(told.session["run_id"], told.session["began_utc"], form))
        given.add(name.casefold())
        yield name, _WRITERS[form](told)


RUN_LETTERS_MAX = 32
"""A number of a run has eight; a file name has room for 255 bytes on every common system."""


def file_name(run_id: str, began_utc: str, form: Format) -> str:
    """``retrotread-20260302T090000-ab12.fit``: letters, digits and hyphens, whatever stands in the store."""
    began = re.sub(r"[^0-9T]", "", began_utc[:19])
    return f"retrotread-{began or 'undated'}-{run_in_a_name(run_id)}.{form.value}"


def run_in_a_name(run_id: str) -> str:
    """The number of a run as a file name can hold it, whatever stands in the store: it leads to no other folder."""
    return re.sub(r"[^A-Za-z0-9]", "", run_id)[:RUN_LETTERS_MAX] or "run"


def _other_than(given: set[str], name: str) -> str:
    """The name, counted on where a file system without capitals would take it for one that is given."""
    stem, _, end = name.rpartition(".")
    count, found = 1, name
    while found.casefold() in given:
        count += 1
        found = f"{stem}-{count}.{end}"
    return found
