"""The folder where sessions are kept: can it be written, is there room, and how long until what is written is kept."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ...clock import monotonic_s
from ..folder import VARIABLE, folder_path
from .finding import Finding, Private, everywhere, ok, problem, warning
from .probe import Probe

FREE_LOW_BYTES = 200 * 1024 * 1024
FREE_LEAST_BYTES = 20 * 1024 * 1024
"""A journal of an hour takes some megabytes: ten sessions or more, and one with its copies."""

SYNC_SLOW_S = 0.5
"""The journal is committed each second; a disk that takes half of it leaves no room for anything else."""

MIB = 1024 * 1024

DISK_OK = ok(
    "disk-ok", "sessions are kept in {folder}: {free_mib:.0f} MiB free, a write is kept after {sync_ms:.0f} ms"
)
DISK_UNUSABLE = problem(
    "disk-unusable",
    "sessions cannot be kept in {folder}: {reason}",
    everywhere(f"Make the folder writable for you, or choose another with {VARIABLE}=FOLDER."),
)
DISK_FULL = problem(
    "disk-full",
    "{free_mib:.0f} MiB are free in {folder}; a session needs up to {least_mib:.0f} MiB",
    everywhere(f"Make room, or choose another folder with {VARIABLE}=FOLDER."),
)
DISK_LOW = warning(
    "disk-low",
    "{free_mib:.0f} MiB are free in {folder}",
    everywhere(f"Make room soon, or choose another folder with {VARIABLE}=FOLDER."),
)
DISK_SLOW = warning(
    "disk-slow",
    "what is written into {folder} is kept after {sync_ms:.0f} ms, the limit is {limit_ms:.0f} ms",
    everywhere(
        "After a power cut the last seconds of a session may be missing; the belt is not held up. Choose a folder "
        f"on a disk of this computer, not on a network, with {VARIABLE}=FOLDER."
    ),
)
ENTRIES = (DISK_OK, DISK_UNUSABLE, DISK_FULL, DISK_LOW, DISK_SLOW)


@dataclass(frozen=True, slots=True)
class DiskFacts:
    """``refusal``: why nothing can be written there, None where it can."""

    folder: str
    refusal: str | None = None
    free_bytes: int = 0
    sync_s: float = 0.0


def judge(facts: DiskFacts) -> tuple[Finding, ...]:
    """What keeps a session from being kept."""
    folder = Private(facts.folder)
    if facts.refusal is not None:
        return (DISK_UNUSABLE.found(folder=folder, reason=facts.refusal),)
    free_mib = facts.free_bytes / MIB
    found: list[Finding] = []
    if facts.free_bytes < FREE_LEAST_BYTES:
        found.append(DISK_FULL.found(folder=folder, free_mib=free_mib, least_mib=FREE_LEAST_BYTES / MIB))
    elif facts.free_bytes < FREE_LOW_BYTES:
        found.append(DISK_LOW.found(folder=folder, free_mib=free_mib))
    if facts.sync_s > SYNC_SLOW_S:
        found.append(DISK_SLOW.found(folder=folder, sync_ms=facts.sync_s * 1000, limit_ms=SYNC_SLOW_S * 1000))
    return tuple(found) or (DISK_OK.found(folder=folder, free_mib=free_mib, sync_ms=facts.sync_s * 1000),)


def looked_at(folder: Path) -> DiskFacts:
    """Try a small file in ``folder``, or in the nearest folder above it that is there; nothing stays behind."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        free_bytes, sync_s = shutil.disk_usage(place).free, _kept_after_s(place)
    except OSError as error:
        return DiskFacts(str(folder), error.strerror or type(error).__name__)
    return DiskFacts(str(folder), None, free_bytes, sync_s)


def _kept_after_s(place: Path) -> float:
    """Seconds from a write of one page until the disk says that it is kept. Raises OSError."""
    with tempfile.TemporaryFile(dir=place) as file:
        began_s = monotonic_s()
        file.write(bytes(4096))
        file.flush()
        os.fsync(file.fileno())
        return monotonic_s() - began_s


def collect() -> DiskFacts:
    """The data folder of this user."""
    return looked_at(folder_path())


PROBE = Probe("disk", collect, judge, ENTRIES)
