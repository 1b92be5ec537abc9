"""Every probe, in the order in which they are read: from what the program stands on to what is nice to have."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from . import adapter, bus, clock, disk, logind, permission, python, radio, serial, sound, terminal, wsl
from .finding import Entry, Finding
from .probe import ENTRIES as OF_EVERY_PROBE
from .probe import Probe, looked

PROBES: tuple[Probe[Any], ...] = (
    python.PROBE,
    wsl.PROBE,
    radio.PROBE,
    permission.PROBE,
    adapter.PROBE,
    bus.PROBE,
    serial.PROBE,
    terminal.PROBE,
    sound.PROBE,
    disk.PROBE,
    clock.PROBE,
    logind.PROBE,
)

Findings = tuple[tuple[str, tuple[Finding, ...]], ...]
"""By the name of the probe."""


def look(probes: tuple[Probe[Any], ...] = PROBES) -> Findings:
    """What every probe finds. They look at the same time: a hanging one holds up no other."""
    with ThreadPoolExecutor(max_workers=len(probes)) as pool:
        return tuple(zip((probe.name for probe in probes), pool.map(looked, probes), strict=True))


def flat(findings: Findings) -> tuple[Finding, ...]:
    """The findings alone."""
    return tuple(one for _, of_one in findings for one in of_one)


def catalogue(probes: tuple[Probe[Any], ...] = PROBES) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    """Every kind of finding that there is, by the name of the probe; those that any probe may give come last."""
    return (*((probe.name, probe.entries) for probe in probes), ("every probe", OF_EVERY_PROBE))
