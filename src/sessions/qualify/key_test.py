"""The safety key of the day: pulled and put back, and seen to stop the belt, for this machine and this way of going.

A person who faces the rear hangs on another length of cord than one who faces the console, so each way is tested for
itself. Kept in the data folder, one line a machine and way; a file that cannot be read counts for nothing.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path

from ...clock import wall_now
from ...config import replace_file
from ...machine import BeltDirection, Facing

FILE_NAME = "key_tests.json"
# A hundred machines, four ways each, of two hundred bytes.
BYTES_MAX = 100_000
LINES_MAX = 400


class KeySeen(Enum):
    """How the pulled key was seen."""

    STATUS = "the machine said so"
    ZEROS = "its reports went to zero"


@dataclass(frozen=True, slots=True)
class KeyTest:
    """One test: its day on the calendar, how the pulled key was seen, and the hour and minute ("14:02"), if known."""

    day: date
    seen: KeySeen
    at: str = ""


def key_tested_today(
    folder: Path, address: str, facing: Facing, belt: BeltDirection, now: datetime | None = None
) -> bool:
    """Whether the key of this machine was tested today, this way. ``now``: with its zone; the calendar's by default."""
    return key_tested_at(folder, address, facing, belt, now) is not None


def key_tested_at(
    folder: Path, address: str, facing: Facing, belt: BeltDirection, now: datetime | None = None
) -> str | None:
    """The hour and minute of today's test of this machine, this way; empty where they are not known, None without."""
    test = _tests(folder).get(_line(_machine(folder, address), facing, belt))
    return None if test is None or test.day != _day(now) else test.at


def record_key_test(  # noqa: PLR0913  what was tested, where, how, and when
    folder: Path, address: str, facing: Facing, belt: BeltDirection, seen: KeySeen, now: datetime | None = None
) -> None:
    """Keep that the key was pulled and put back today, and was seen to work. Raises OSError where it cannot be kept."""
    at = f"{wall_now().astimezone() if now is None else now:%H:%M}"
    line = _line(_machine(folder, address), facing, belt)
    tests = {**_tests(folder), line: KeyTest(_day(now), seen, at)}
    _keep(folder, dict(sorted(tests.items(), key=lambda one: one[1].day)[-LINES_MAX:]))


def forget_key_tests(folder: Path, address: str) -> None:
    """A test that begins takes away what was tested of this machine before, each way. Raises OSError."""
    tests = _tests(folder)
    machine = _machine(folder, address)
    kept = {line: test for line, test in tests.items() if not line.startswith(f"{machine} ")}
    if kept != tests:
        _keep(folder, kept)


def _keep(folder: Path, tests: dict[str, KeyTest]) -> None:
    kept = {line: {"day": one.day.isoformat(), "seen": one.seen.value, "at": one.at} for line, one in tests.items()}
    replace_file(folder / FILE_NAME, json.dumps(kept, indent=1, sort_keys=True) + "\n")


def _line(machine: str, facing: Facing, belt: BeltDirection) -> str:
    return f"{machine} {facing.value} {belt.value}"


def _machine(folder: Path, address: str) -> str:
    """The one address that its seal knows, by whichever it is reached: a test that fails counts for all of them."""
    from ..machines.lookup import look_up

    sealed = look_up(address, folder).sealed
    known = None if sealed is None else sealed.sheet.sealed_for
    return address if known is None else known.address.casefold()


def _day(now: datetime | None) -> date:
    """The day on the calendar of this place."""
    return (wall_now().astimezone() if now is None else now).date()


def _tests(folder: Path) -> dict[str, KeyTest]:
    """The last test of each machine and way; what cannot be read is not there."""
    try:
        with (folder / FILE_NAME).open("rb") as file:
            raw = json.loads(file.read(BYTES_MAX))
    except (OSError, ValueError, RecursionError):
        return {}
    entries = raw.items() if isinstance(raw, dict) else ()
    tests = ((line, _test_in(entry)) for line, entry in entries if isinstance(entry, dict))
    return {line: test for line, test in tests if test is not None}


def _test_in(entry: dict[str, object]) -> KeyTest | None:
    try:
        at = str(entry.get("at"))
        known = at if re.fullmatch(r"\d\d:\d\d", at) else ""
        return KeyTest(date.fromisoformat(str(entry.get("day"))), KeySeen(entry.get("seen")), known)
    except ValueError:
        return None
