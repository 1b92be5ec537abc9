"""What was recorded of one run, ready to be run again: the plan, the machine, and every input in order.

A tape is read from a live journal, or from a scenario file: the same rows as lines of JSON, packed with gzip, small
enough to keep beside the tests. Reading is total: a file gives a tape, a TapeError or an OSError.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from ..guardian import wire
from ..guardian.messages import Armed, Connected, Stepped
from ..machine import PhysicalStop, Setpoint
from ..workouts import phases
from ..workouts.engine import Event, Phase
from .conductor import Taken
from .journal import JournalError, RunRows, read_rows
from .layout import Layout

__all__ = ["ArmedAt", "Layout", "Recording", "Tape", "TapeError", "read_scenario", "read_tape", "tape_in"]

FORMAT = 1
"""Of the scenario file; counted up with every change of its lines."""

BYTES_MAX = 64 * 1024 * 1024
"""Of an unpacked scenario: two hours at twenty steps a second are about half of it."""

SUFFIX = ".jsonl.gz"
"""How the name of a scenario file ends; a slip of the keys then overwrites no journal."""


_T = TypeVar("_T")


class TapeError(ValueError):
    """The file is no record that can be run again; the message says why."""


@dataclass(frozen=True, slots=True)
class ArmedAt:
    """A configuration, and the number of the first step that ran under it; steps count from 1."""

    before_step: int
    armed: Armed


@dataclass(frozen=True, slots=True)
class Tape:
    """One run as it was recorded.

    ``plan_hash`` names what the belt was asked for, None where that was not kept. ``dropped``: steps that the recorder
    could not keep; ``left_out``: those that it kept behind the first of them, which nothing can be held against.
    """

    name: str
    plan: bytes
    layout: Layout
    connected: Connected | None
    armed: tuple[ArmedAt, ...]
    steps: tuple[Stepped, ...]
    taken: tuple[Taken, ...]
    plan_hash: str | None = None
    dropped: int = 0
    left_out: int = 0


class Recording:
    """A tape while it is being recorded; it is told everything in the order in which it happens."""

    def __init__(self) -> None:
        self._connected: Connected | None = None
        self._armed: list[ArmedAt] = []
        self._steps: list[Stepped] = []
        self._taken: list[Taken] = []

    def heard(self, message: object) -> None:
        """A message of the guardian; only the first connection counts, the others are of the same machine."""
        if isinstance(message, Stepped):
            self._steps.append(message)
        elif isinstance(message, Armed):
            self._armed.append(ArmedAt(len(self._steps) + 1, message))
        elif isinstance(message, Connected) and self._connected is None:
            self._connected = message

    def took(self, taken: Taken) -> None:
        """One step of the engine."""
        self._taken.append(taken)

    def tape(self, name: str, plan: bytes, layout: Layout, plan_hash: str | None = None) -> Tape:
        """Everything up to now."""
        rows = tuple(self._armed), tuple(self._steps), tuple(self._taken)
        return Tape(name, plan, layout, self._connected, *rows, plan_hash)


# --- reading ------------------------------------------------------------------------------------------------


def tape_in(path: Path) -> Tape:
    """The tape in a journal or a scenario file, whichever it is by its first bytes. Raises TapeError and OSError."""
    if not path.is_file():
        raise TapeError(f"{path} is {'no file' if path.exists() else 'not there'}; give a journal or a scenario file")
    with path.open("rb") as file:
        head = file.read(16)
    if head.startswith(b"\x1f\x8b"):
        return read_scenario(path)
    if head == b"SQLite format 3\0":
        return read_tape(path)
    raise TapeError(f"{path} is neither a journal (.sqlite) nor a scenario file ({SUFFIX})")


def read_tape(path: Path) -> Tape:
    """The tape in a journal, also in one that was interrupted or is being written. Raises TapeError and OSError."""
    try:
        return _tape_of(read_rows(path))
    except JournalError as error:
        raise TapeError(f"{path} cannot be run again: {error}") from error
    except (sqlite3.Error, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise TapeError(f"{path} is damaged and cannot be run again: {_said(error)}") from error


def _tape_of(rows: RunRows) -> Tape:
    """Up to the first step that was dropped: what came after it, nobody can work out."""
    steps, taken = _until_a_gap(rows.steps), _until_a_gap(rows.taken)
    left_out = len(rows.steps) - len(steps) + len(rows.taken) - len(taken)
    dropped = max(rows.dropped, _missing(rows.steps) + _missing(rows.taken))
    first = min(rows.connections, default=None)
    return Tape(
        rows.name,
        rows.plan,
        wire.from_plain(Layout, json.loads(rows.layout)),
        None if first is None else _record(Connected, json.loads(first[1])),
        tuple(ArmedAt(before, _record(Armed, json.loads(armed))) for before, armed in rows.armed),
        tuple(_step_of(row) for row in steps),
        tuple(_taken_of(row) for row in taken),
        rows.plan_hash,
        dropped,
        left_out,
    )


def _until_a_gap(rows: tuple[tuple[Any, ...], ...]) -> tuple[tuple[Any, ...], ...]:
    """The rows that are numbered 1, 2, 3 and so on without a gap."""
    return next((rows[:at] for at, row in enumerate(rows) if row[0] != at + 1), rows)


def _missing(rows: tuple[tuple[Any, ...], ...]) -> int:
    return rows[-1][0] - len(rows) if rows else 0


def _step_of(row: tuple[Any, ...]) -> Stepped:
    _n, at_ms, elapsed_ms, mode, inputs, commands, causes = row
    raw = {
        "_": "Stepped",
        "at_s": at_ms / 1000,
        "elapsed_ms": elapsed_ms,
        "inputs": json.loads(inputs),
        "commands": json.loads(commands),
        "mode": mode,
        "causes": json.loads(causes),
    }
    stepped: Stepped = wire.from_record(Stepped, raw)
    return stepped


def _record(kind: type[_T], raw: Any) -> _T:
    """A message of the guardian as it was kept; before schema 3 a profile only said whether there is a key."""
    profile = raw.get("profile") if isinstance(raw, dict) else None
    if isinstance(profile, dict) and "has_safety_key" in profile:
        stop = PhysicalStop.KEY if profile["has_safety_key"] is True else PhysicalStop.NONE
        kept = {name: value for name, value in profile.items() if name != "has_safety_key"}
        raw = raw | {"profile": kept | {"physical_stop": stop.value}}
    message: _T = wire.from_record(kind, raw)
    return message


def _taken_of(row: tuple[Any, ...]) -> Taken:
    _n, at_s, event, fields, phase, step, speed_kph, incline_percent, cues = row
    return _taken([at_s, event, json.loads(fields), phase, step, speed_kph, incline_percent, json.loads(cues)])


def _taken(row: list[Any]) -> Taken:
    """One engine step from plain values. Raises WireError for what is none."""
    at_s, name, fields, phase, step, speed_kph, incline_percent, cues = row
    return Taken(
        wire.from_plain(float, at_s),
        event_from(name, fields),
        wire.from_plain(Phase, phase),
        wire.from_plain(int, step),
        Setpoint(wire.from_plain(float, speed_kph), wire.from_plain(float, incline_percent)),
        wire.from_plain(tuple[str, ...], cues),
    )


_EVENTS: dict[str, type[Event]] = {
    one.__name__: one for one in vars(phases).values() if isinstance(one, type) and issubclass(one, Event)
}


def event_from(name: str, fields: dict[str, Any]) -> Event:
    """The engine's input of that name; a field that came later has its default. Raises TapeError."""
    if name not in _EVENTS:
        raise TapeError(f"the engine of today knows no event {name!r:.40}")
    try:
        event: Event = wire.from_plain(_EVENTS[name], wire.plain(_EVENTS[name](**fields)))
    except (TypeError, wire.WireError) as error:
        raise TapeError(f"the event {name} is not of today's shape: {error}") from error
    return event


def read_scenario(path: Path) -> Tape:
    """The tape in a scenario file. Raises TapeError, with the line, and OSError."""
    rows, read = _Rows(), 0
    try:
        with gzip.open(path) as packed:
            for number, line in enumerate(iter(lambda: packed.readline(BYTES_MAX), b""), start=1):
                read += len(line)
                if read >= BYTES_MAX:
                    raise TapeError(f"{path} unpacks to more than {BYTES_MAX // 2**20} MiB")
                _in_line(path, number, lambda line=line: rows.add(_json(line)))  # type: ignore[misc]
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise TapeError(f"{path} is no whole scenario file: {error}") from error
    return _in_line(path, 1, rows.tape)


def _in_line(path: Path, number: int, read: Callable[[], _T]) -> _T:
    try:
        return read()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise TapeError(f"{path}, line {number}: {_said(error)}") from error


def _json(line: bytes) -> dict[str, Any]:
    found = json.loads(line.decode())
    if not isinstance(found, dict):
        raise TapeError("a line of a scenario file is an object")
    return found


def _said(error: Exception) -> str:
    return f"there is no {error}" if isinstance(error, KeyError) else str(error) or type(error).__name__


class _Rows:
    """The lines of a scenario file as they come; lives while it is read."""

    def __init__(self) -> None:
        self._head: dict[str, Any] | None = None
        self._connected: Connected | None = None
        self._armed: list[ArmedAt] = []
        self._steps: list[Stepped] = []
        self._taken: list[Taken] = []

    def add(self, line: dict[str, Any]) -> None:
        if self._head is None:
            if line["retrotread"] != FORMAT:
                raise TapeError(f"it is of format {line['retrotread']!r:.20}, and this program reads {FORMAT}")
            self._head = line
        elif "step" in line:
            self._steps.append(wire.from_record(Stepped, line["step"]))
        elif "taken" in line:
            self._taken.append(_taken(line["taken"]))
        elif "armed" in line:
            before = wire.from_plain(int, line["before"])
            self._armed.append(ArmedAt(before, _record(Armed, line["armed"])))
        else:
            self._connected = _record(Connected, line["connected"])

    def tape(self) -> Tape:
        head = self._head
        if head is None:
            raise TapeError("the file is empty")
        name, plan, plan_hash = (wire.from_plain(str, head[key]) for key in ("name", "plan", "plan_hash"))
        layout = wire.from_plain(Layout, head["layout"])
        rows = tuple(self._armed), tuple(self._steps), tuple(self._taken)
        return Tape(name, plan.encode(), layout, self._connected, *rows, plan_hash or None)


# --- writing ------------------------------------------------------------------------------------------------


def write_scenario(tape: Tape, path: Path) -> None:
    """The tape as a scenario file; the same tape gives the same bytes. Raises TapeError for the name, and OSError."""
    if not path.name.endswith(SUFFIX):
        raise TapeError(f"{path} is not written: the name of a scenario file ends in {SUFFIX}")
    try:
        lines = [json.dumps(line, separators=(",", ":"), allow_nan=False) for line in _lines(tape)]
        content = "".join(f"{line}\n" for line in lines).encode()
    except ValueError as error:
        raise TapeError(f"{path} is not written: the record is damaged ({error})") from error
    with path.open("wb") as file, gzip.GzipFile("", "wb", mtime=0, fileobj=file) as packed:
        packed.write(content)


def _lines(tape: Tape) -> Iterator[dict[str, Any]]:
    yield {
        "retrotread": FORMAT,
        "name": tape.name,
        "plan": tape.plan.decode(),
        "plan_hash": tape.plan_hash or "",
        "layout": wire.plain(tape.layout),
    }
    if tape.connected is not None:
        yield {"connected": wire.plain(tape.connected)}
    yield from ({"armed": wire.plain(one.armed), "before": one.before_step} for one in tape.armed)
    yield from ({"step": wire.plain(one)} for one in tape.steps)
    yield from ({"taken": _plain_taken(one)} for one in tape.taken)


def _plain_taken(taken: Taken) -> list[Any]:
    wanted = taken.wanted
    fields = asdict(taken.event)
    event = type(taken.event).__name__
    outcome = [taken.phase.value, taken.step, wanted.speed_kph, wanted.incline_percent, list(taken.cues)]
    return [taken.at_s, event, fields, *outcome]
