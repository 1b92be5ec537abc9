"""A probe: a collector that looks at this computer, and a judge of what it saw. A collector cannot hang the doctor."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from .finding import Entry, Finding, everywhere, warning

Facts = TypeVar("Facts")

DEADLINE_S = 15.0
"""Longer than the radio's own deadline and the slowest disk that a session could live with."""

LOOKED_LATE = warning(
    "probe-silent",
    "the look at {probe} did not end within {deadline_s:g} s",
    everywhere("Look again; if it stays so, restart the computer, and report it with the output of doctor --json."),
)
LOOK_FAILED = warning(
    "probe-failed",
    "the look at {probe} failed: {reason}",
    everywhere("This is a fault of Retrotread; please report it with the output of doctor --json."),
)
ENTRIES = (LOOKED_LATE, LOOK_FAILED)


@dataclass(frozen=True, slots=True)
class Probe(Generic[Facts]):
    """``collect`` looks, ``judge`` is pure; ``entries``: every kind of finding that ``judge`` may give."""

    name: str
    collect: Callable[[], Facts]
    judge: Callable[[Facts], tuple[Finding, ...]]
    entries: tuple[Entry, ...]
    deadline_s: float = DEADLINE_S


def looked(probe: Probe[Facts]) -> tuple[Finding, ...]:
    """What ``probe`` finds; a look that hangs or fails is a finding too.

    The collector runs on a thread that does not keep the program alive: a thread that hangs cannot be ended.
    """
    outcome: list[tuple[Finding, ...]] = []
    thread = threading.Thread(target=lambda: outcome.append(_judged(probe)), name=f"doctor-{probe.name}", daemon=True)
    thread.start()
    thread.join(probe.deadline_s)
    if outcome:
        return outcome[0]
    return (LOOKED_LATE.found(probe=probe.name, deadline_s=probe.deadline_s),)


def _judged(probe: Probe[Facts]) -> tuple[Finding, ...]:
    try:
        return probe.judge(probe.collect())
    except Exception as error:  # noqa: BLE001 - one failed look must not hide what the others saw
        return (LOOK_FAILED.found(probe=probe.name, reason=f"{type(error).__name__}: {error}"),)
