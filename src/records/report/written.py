"""The report of one session into a file."""

from __future__ import annotations

from pathlib import Path

from ... import __version__
from ...clock import wall_now
from ..exports.files import Place, write_all
from ..exports.formats import run_in_a_name
from ..exports.told import Who, told
from ..intact import intact
from ..naming import named, whole_of
from ..store import Store
from .page import Made, page


def write_report(store: Store, words: str, who: Who, place: Place) -> Path:
    """Make the page of the session that ``words`` mean and put it at a place, whole or not at all.

    Raises NoSuchSession, StoreError, and NotWritten.
    """
    listed = named(store.sessions(), words)
    whole = whole_of(store, listed)
    made = Made(wall_now(), f"retrotread {__version__}", intact(whole))
    written = page(told(whole, who), made).encode("utf-8", errors="replace")
    return write_all([(f"{listed.day.isoformat()}-{run_in_a_name(listed.run_id)}.html", written)], place)[0]
