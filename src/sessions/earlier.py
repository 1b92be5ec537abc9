"""What the journals in the data folder tell the next run: the minutes of today, and the treadmills that were used."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from .journal import RunRead, read_run
from .preflight import Today

RUNS_READ = 100
"""Newest journals that are looked at: more than anybody runs in a month, and read within a blink."""


def done_today(folder: Path, now: datetime) -> Today:
    """What was done in the runs of ``folder`` on the day of ``now``, which knows its zone.

    Simulated treadmills carry nobody and count for nothing. Where a journal does not say which part was backward,
    all of it counts as backward: rather too much than too little. A file that cannot be read counts for nothing; the
    launcher tells of it when it closes what was left open.
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    runs = [one for one in runs_in(folder) if began(one, now) >= midnight and not one.address.startswith("sim:")]
    return Today(sum(map(_backward_s, runs)), sum(_number(one, "running_s") or 0.0 for one in runs))


def known_addresses(folder: Path) -> frozenset[str]:
    """The treadmills of the newest runs in ``folder`` whose belt moved somebody; none that ran empty or not at all."""
    return frozenset(one.address for one in runs_in(folder) if _number(one, "elapsed_s") and not one.empty_belt)


def runs_in(folder: Path) -> Iterator[RunRead]:
    """The newest runs; the name of a file begins with the moment in which its run began."""
    for path in sorted(folder.glob("*.sqlite"), key=lambda path: path.name, reverse=True)[:RUNS_READ]:
        try:
            yield read_run(path)
        except Exception:  # noqa: BLE001, S112  damage shows as many kinds of error, and is told elsewhere
            continue


def began(run: RunRead, now: datetime) -> datetime:
    """When it began. A moment that is none, or has no zone, is one of today: rather counted than lost."""
    try:
        at = datetime.fromisoformat(run.began_utc)
    except ValueError:
        return now
    return now if at.tzinfo is None else at


def moved(run: RunRead) -> bool:
    """Whether its belt moved; of one that was not closed, whether a step was recorded."""
    return bool(_number(run, "elapsed_s")) or (run.summary is None and run.span_s > 0)


def _backward_s(run: RunRead) -> float:
    for key in ("backward_s", "plan_time_s"):
        if (seconds := _number(run, key)) is not None:
            return seconds
    return run.span_s


def _number(run: RunRead, key: str) -> float | None:
    value = None if run.summary is None else run.summary.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return max(0.0, float(value))
