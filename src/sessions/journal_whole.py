"""All of a journal that is worth keeping beside it: its head, its events, and its steps as they are written there."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..workouts.decoding import BYTES_MAX
from .journal import JournalError, open_ours


@dataclass(frozen=True, slots=True)
class RunWhole:
    """One run as its journal tells it. ``summary`` is None for a run that was not closed in order.

    ``machine`` is the name of the machine, None where nothing was connected. ``events``: moment in ms, moment in UTC,
    kind, sentence. ``steps``: moment in ms, inputs and causes as JSON. ``taken``: moment in s, step of the plan and
    phase. Moments are those of the monotonic clock.
    """

    run_id: str
    began_utc: str
    ended_utc: str | None
    program: str
    workout: str
    plan_hash: str
    plan_total_s: float
    plan: bytes
    layout: str
    tier: str
    address: str
    state: str
    ended: str | None
    summary: dict[str, Any] | None
    steps_dropped: int
    machine: str | None
    events: tuple[tuple[int, str, str, str], ...]
    steps: tuple[tuple[int, str, str], ...]
    taken: tuple[tuple[float, int, str], ...]


_HEAD = (
    "run_id, began_utc, ended_utc, program, workout, plan_hash, plan_total_s, plan, layout, tier, address, state, "
    "ended, summary, steps_dropped"
)


FILE_MAX_BYTES = 256 * 1024 * 1024
"""More than a day: the journal of an hour is 9.3 MB. What is read of it is in the memory at once."""

_TEXTS = {
    "run": _HEAD.split(", "),
    "connection": ["connected"],
    "event": ["at_utc", "kind", "text"],
    "supervisor_step": ["inputs", "causes"],
    "engine_step": ["phase"],
}
"""What of each table can be of any length."""


def read_whole(path: Path) -> RunWhole:
    """Everything of one moment of a journal. Raises JournalError, sqlite3.Error, OSError or ValueError for damage.

    One that is larger than a run can make it is not read, nor one with a text that is longer than its plan can be.
    """
    if path.is_file() and (size := path.stat().st_size) > FILE_MAX_BYTES:
        raise JournalError(f"it has {size:,} bytes; at most {FILE_MAX_BYTES:,} are read")
    with contextlib.closing(open_ours(path, "ro")) as database:
        database.execute("BEGIN")
        _bounded(database)
        head = database.execute(f"SELECT {_HEAD} FROM run").fetchone()
        if head is None:
            raise JournalError("it holds no run")
        *facts, summary, dropped = head
        connected = database.execute("SELECT connected FROM connection ORDER BY n DESC LIMIT 1").fetchone()
        rows = (
            tuple(database.execute(sql).fetchall())
            for sql in (
                "SELECT at_ms, at_utc, kind, text FROM event ORDER BY n",
                "SELECT at_ms, inputs, causes FROM supervisor_step ORDER BY n",
                "SELECT at_s, step, phase FROM engine_step ORDER BY n",
            )
        )
        values = (*facts, _object(summary), dropped, _name(connected), *rows)
        return RunWhole(*values)


def _bounded(database: sqlite3.Connection) -> None:
    """Raises JournalError for a text that is longer than anything of a run."""
    for table, names in _TEXTS.items():
        longest = database.execute(f"SELECT {', '.join(f'max(length({name}))' for name in names)} FROM {table}")
        for name, length in zip(names, longest.fetchone(), strict=True):
            if length is not None and length > BYTES_MAX:
                raise JournalError(f"its {table}.{name} has {length:,} characters; at most {BYTES_MAX:,} are read")


def _object(text: str | None) -> dict[str, Any] | None:
    found = None if text is None else json.loads(text)
    if found is not None and not isinstance(found, dict):
        raise JournalError("its summary is not one")
    return found


def _name(row: tuple[str] | None) -> str | None:
    found = None if row is None else json.loads(row[0])
    profile = found.get("profile") if isinstance(found, dict) else None
    name = profile.get("name") if isinstance(profile, dict) else None
    return name if isinstance(name, str) else None
