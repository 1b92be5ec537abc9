"""Which session is meant, in words that a person types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .store import Listed, Store
    from .whole import Whole

LAST = "last"
"""The newest one."""

NONE_YET = "there is no session yet; the first run begins the history"

RUN_LETTERS_MIN = 4
"""Of a run's number: fewer are more likely a slip of the keyboard."""

SHOWN_OF_MANY = 5
"""Enough to see how they differ."""


class NoSuchSession(LookupError):
    """No session is meant by these words, or several are; the message says what to type."""


def named(sessions: Sequence[Listed], words: str) -> Listed:
    """The session of sessions, newest first, that ``words`` mean: ``last``, the moment at which it began as the list
    shows it (``2026-03-02``, ``2026-03-02 09:00``), or the beginning of its number. Raises NoSuchSession.
    """
    asked = " ".join(words.replace("T", " ").split())
    if not sessions:
        raise NoSuchSession(NONE_YET)
    if asked.lower() == LAST:
        return sessions[0]
    found = [one for one in sessions if _means(asked, one)] if asked else []
    if not found:
        raise NoSuchSession(f"no session is meant by {words!r}; {_MEND}")
    if len(found) > 1:
        raise NoSuchSession(f"{len(found)} sessions are meant by {words!r}: {_some(found)}; {_MEND}")
    return found[0]


_MEND = f"type {LAST}, the day and time as the list shows them, or the beginning of the number of the run"


def whole_of(store: Store, one: Listed) -> Whole:
    """A listed session with all of its rows. Raises NoSuchSession for one that was erased since, and StoreError."""
    found = store.whole(one.run_id, one.began_utc)
    if found is None:
        raise NoSuchSession(f"the session of {began_here(one):%Y-%m-%d %H:%M} has just been erased")
    return found


def began_here(one: Listed) -> datetime:
    """When it began, in the zone of this computer."""
    return datetime.fromisoformat(one.began_utc).astimezone()


def _means(asked: str, one: Listed) -> bool:
    by_number = len(asked) >= RUN_LETTERS_MIN and one.run_id.startswith(asked.lower())
    return by_number or (f"{began_here(one):%Y-%m-%d %H:%M:%S}".startswith(asked) and len(asked) >= len("2026-03-02"))


def _some(found: Iterable[Listed]) -> str:
    told = [f"{began_here(one):%Y-%m-%d %H:%M} (run {one.run_id})" for one in found]
    return ", ".join(told[:SHOWN_OF_MANY]) + (" and more" if len(told) > SHOWN_OF_MANY else "")
