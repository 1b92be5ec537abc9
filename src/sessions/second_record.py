"""What the guardian's own record tells of a run beyond the last step of its journal.

The ring does not name its run. It is of this run where it holds one of the last steps of the journal: the same
moment of the monotonic clock, the same time since the step before, the same mode.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from ..guardian.blackbox import NAME, SLOT_BYTES, SLOTS, read
from ..safety.modes import AT_REST, Mode

LAST_STEPS = 400
"""Among so many last steps of a journal one is looked for: twenty seconds. A step in which nothing came is in no ring,
and of a slot that is damaged another step tells."""

GAP_S = 10.0
"""A living guardian writes several lines a second; what comes after a longer silence is of another one."""

BACK_S = 5.0
"""A line about a command tells the moment at which it was handed over, which may be before the lines above it."""

_STEP = re.compile(r"(\d{1,12}\.\d{3}) \+(\d{1,12}) ([a-z]+) \| ")
_MOMENT = re.compile(r"(\d{1,12}\.\d{3,6}) ")
_STOP = re.compile(r"link <- StopBelt\(.*\), (\w+)")


@dataclass(frozen=True, slots=True)
class Step:
    """What a step of the supervisor is known by: its moment, the time since the one before, the mode after it."""

    at_ms: int
    elapsed_ms: int
    mode: str


@dataclass(frozen=True, slots=True)
class _Line:
    at_s: float
    text: str
    step: Step | None


def beyond(ring: Path, last: Sequence[Step]) -> str:
    """A sentence: what the ring tells behind ``last``, the last steps of a journal, or why it tells nothing."""
    try:
        lines = _lines(ring)
    except FileNotFoundError:
        return f"the guardian's own record is missing: there is no {NAME}"
    except (OSError, ValueError) as error:
        return f"the guardian's own record cannot be read: {NAME}: {error}"
    if not last:
        return "the guardian's own record cannot be held against this journal, which has no step"
    known = frozenset(last)
    found = max((n for n, line in enumerate(lines) if line.step in known), default=None)
    if found is None:
        return f"the guardian's own record tells nothing of this run: {NAME} holds none of its last steps"
    return _told(last[-1], tuple(_of_one_guardian(lines[found:])))


def _lines(ring: Path) -> tuple[_Line, ...]:
    """The lines that have a moment. Raises OSError, or ValueError for what no guardian wrote."""
    kept = ring.lstat()
    if not stat.S_ISREG(kept.st_mode):
        raise ValueError("it is not a file")
    if kept.st_size > SLOTS * SLOT_BYTES:
        raise ValueError(f"it has {kept.st_size:,} bytes; a ring has at most {SLOTS * SLOT_BYTES:,}")
    found = ((_MOMENT.match(text), text) for text in read(ring))
    return tuple(_Line(float(moment[1]), text, _step(text)) for moment, text in found if moment)


def _step(text: str) -> Step | None:
    found = _STEP.match(text)
    return None if found is None else Step(round(float(found[1]) * 1000), int(found[2]), found[3])


def _of_one_guardian(lines: Sequence[_Line]) -> Iterator[_Line]:
    """From the first one on, up to where the time jumps."""
    yield lines[0]
    for before, line in pairwise(lines):
        if not -BACK_S <= line.at_s - before.at_s <= GAP_S:
            return
        yield line


def _told(last: Step, lines: Sequence[_Line]) -> str:
    last_s = last.at_ms / 1000
    later = [line for line in lines if line.at_s > last_s]
    goes_on_s = max((line.at_s - last_s for line in later), default=0.0)
    if not later:
        return "the guardian's own record ends with the last step that is kept here"
    stop = next((f"stop sent after {_after(line, last_s)} ({sent[1]})" for line, sent in _stops(later)), "no stop sent")
    return f"the guardian's own record goes on for {goes_on_s:.1f} s: {stop}, {_rest(last, last_s, later)}"


def _stops(lines: Sequence[_Line]) -> Iterator[tuple[_Line, re.Match[str]]]:
    return ((line, sent) for line in lines if (sent := _STOP.search(line.text)) is not None)


def _rest(last: Step, last_s: float, later: Sequence[_Line]) -> str:
    if last.mode in _RESTS:
        return "at a standstill before"
    at_rest = next((line for line in later if line.step is not None and line.step.mode in _RESTS), None)
    return "no standstill seen" if at_rest is None else f"standstill seen after {_after(at_rest, last_s)}"


def _after(line: _Line, last_s: float) -> str:
    return f"{line.at_s - last_s:.1f} s"


_RESTS = frozenset(mode.value for mode in AT_REST - {Mode.DISCONNECTED, Mode.FAULT})
