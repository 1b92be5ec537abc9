"""What was recorded of one run, ready to be run again: the plan, the machine, and every input in order.

A tape is read from a live journal, or from a scenario file: the same rows as lines of JSON, packed with gzip, small
enough to keep beside the tests.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..guardian import wire
from ..guardian.messages import Armed, Connected, Stepped
from ..machine import Setpoint
from ..workouts.engine import Event, Phase
from ..workouts.ramps import RampRates
from .conductor import Taken

FORMAT = 1
"""Of the scenario file; counted up with every change of its lines."""

BYTES_MAX = 64 * 1024 * 1024
"""Of an unpacked scenario: two hours at twenty steps a second are about half of it."""


class TapeError(ValueError):
    """The file is no record that can be run again; the message says why."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the plan was laid out in time: what ``unroll`` needs beside its text. ``quick``: the text is one line."""

    lowest_kph: float
    rates: RampRates
    lead_s: float = 0.0
    accept_lowest: bool = False
    backward_max_kph: float | None = None
    quick: bool = False


@dataclass(frozen=True, slots=True)
class ArmedAt:
    """A configuration, and the number of the first step that ran under it; steps count from 1."""

    before_step: int
    armed: Armed


@dataclass(frozen=True, slots=True)
class Tape:
    """One run as it was recorded. ``dropped``: steps of the supervisor that the recorder could not keep."""

    name: str
    plan: bytes
    layout: Layout
    connected: Connected | None
    armed: tuple[ArmedAt, ...]
    steps: tuple[Stepped, ...]
    taken: tuple[Taken, ...]
    dropped: int = 0


_EVENTS: dict[str, type[Event]] = {one.__name__: one for one in Event.__subclasses__()}


def event_from(name: str, fields: dict[str, Any]) -> Event:
    """The engine's input of that name. Raises TapeError."""
    if name not in _EVENTS:
        raise TapeError(f"the engine of today knows no event {name!r}")
    try:
        return _EVENTS[name](**fields)
    except TypeError as error:
        raise TapeError(f"the event {name} is not of today's shape: {error}") from error


def taken_from(at_s: float, event: Event, phase: str, step: int, setpoint: Setpoint) -> Taken:
    """One engine step as it was kept. Raises TapeError for a phase that is none."""
    try:
        return Taken(at_s, event, Phase(phase), step, setpoint)
    except ValueError as error:
        raise TapeError(f"the engine of today has no phase {phase!r}") from error


def write_scenario(tape: Tape, path: Path) -> None:
    """The tape as a scenario file; the same tape always gives the same bytes. Raises OSError."""
    text = "".join(f"{json.dumps(line, separators=(',', ':'))}\n" for line in _lines(tape))
    with path.open("wb") as file, gzip.GzipFile("", "wb", mtime=0, fileobj=file) as packed:
        packed.write(text.encode())


def read_scenario(path: Path) -> Tape:
    """The tape in a scenario file. Raises TapeError, with the line, and OSError."""
    try:
        with gzip.open(path) as packed:
            content = packed.read(BYTES_MAX + 1)
    except (gzip.BadGzipFile, EOFError) as error:
        raise TapeError(f"{path} is no scenario file: {error}") from error
    if len(content) > BYTES_MAX:
        raise TapeError(f"{path} unpacks to more than {BYTES_MAX // 2**20} MiB")
    rows = _Rows()
    for number, line in enumerate(content.decode(errors="replace").splitlines(), start=1):
        try:
            rows.add(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            raise TapeError(f"{path}, line {number}: {error}") from error
    return rows.tape(path)


def _lines(tape: Tape) -> Iterator[dict[str, Any]]:
    yield {"retrotread": FORMAT, "name": tape.name, "plan": tape.plan.decode(), "layout": wire.plain(tape.layout)}
    if tape.connected is not None:
        yield {"connected": wire.plain(tape.connected)}
    yield from ({"armed": wire.plain(one.armed), "before": one.before_step} for one in tape.armed)
    yield from ({"step": wire.plain(one)} for one in tape.steps)
    yield from ({"taken": _plain_taken(one)} for one in tape.taken)


def _plain_taken(taken: Taken) -> list[Any]:
    wanted = taken.wanted
    fields = asdict(taken.event)
    event = type(taken.event).__name__
    return [taken.at_s, event, fields, taken.phase.value, taken.step, wanted.speed_kph, wanted.incline_percent]


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
                raise TapeError(f"it is of format {line['retrotread']}, this program reads {FORMAT}")
            self._head = line
        elif "step" in line:
            self._steps.append(wire.from_plain(Stepped, line["step"]))
        elif "taken" in line:
            at_s, name, fields, phase, step, speed_kph, incline_percent = line["taken"]
            event = event_from(name, fields)
            self._taken.append(taken_from(at_s, event, phase, step, Setpoint(speed_kph, incline_percent)))
        elif "armed" in line:
            self._armed.append(ArmedAt(line["before"], wire.from_plain(Armed, line["armed"])))
        else:
            self._connected = wire.from_plain(Connected, line["connected"])

    def tape(self, path: Path) -> Tape:
        head = self._head
        if head is None:
            raise TapeError(f"{path} is empty")
        layout = wire.from_plain(Layout, head["layout"])
        rows = tuple(self._armed), tuple(self._steps), tuple(self._taken)
        return Tape(head["name"], head["plan"].encode(), layout, self._connected, *rows)
