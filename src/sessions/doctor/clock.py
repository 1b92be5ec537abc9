"""The clocks: the guardian's deadlines, and its own look for a sleep of the computer, stand on them."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from ...clock import monotonic_s, sees_sleep, wall_now
from .finding import Finding, Mend, everywhere, ok, problem, warning
from .probe import Probe

LOOK_S = 0.3
"""Long enough to see a clock that stands, short enough not to be noticed."""

LATE_MAX_S = 0.1
"""The guardian ticks every 100 ms: a computer that wakes a thread later than that delays it by a tick."""

APART_MAX_S = 0.05
"""In 0.3 s two sound clocks part by microseconds; 50 ms is a step of the wall clock, or a virtual machine that lags."""

EARLIEST_YEAR = 2025
"""Before this program was written: the wall clock was never set."""

CLOCK_OK = ok("clock-ok", "the clocks run as they should; a thread woke {late_ms:.0f} ms late")
CLOCK_STANDS = problem(
    "clock-stands",
    "the monotonic clock moved by {moved_s:.3f} s in a wait of {waited_s:g} s",
    everywhere("No deadline holds on such a computer: drive no belt with it. In a virtual machine, use the real one."),
)
CLOCK_LATE = warning(
    "clock-late",
    "a thread that wanted to sleep {waited_s:g} s woke {late_ms:.0f} ms late, the limit is {limit_ms:.0f} ms",
    everywhere("End the programs that keep the computer busy, and look again before a session."),
)
WALL_STEPS = warning(
    "wall-clock-steps",
    "the wall clock and the monotonic clock parted by {apart_ms:.0f} ms within {waited_s:g} s",
    Mend(
        "Deadlines do not depend on it, dates of sessions do. Let the time be kept: timedatectl set-ntp true.",
        "Deadlines do not depend on it, dates of sessions do. Switch on System Settings > General > Date & Time > "
        "Set time and date automatically.",
        "Deadlines do not depend on it, dates of sessions do. Switch on Settings > Time & language > Date & time > "
        "Set time automatically.",
    ),
)
WALL_WRONG = warning(
    "wall-clock-wrong",
    "the wall clock says that it is the year {year}",
    Mend(
        "Sessions would get wrong dates. Set the clock: timedatectl set-ntp true.",
        "Sessions would get wrong dates. Set the clock in System Settings > General > Date & Time.",
        "Sessions would get wrong dates. Set the clock in Settings > Time & language > Date & time.",
    ),
)
NO_BOOT_TIME = warning(
    "no-boot-time",
    "this system has no clock that goes on in a sleep; the guardian cannot see that the computer has slept",
    Mend(
        "Keep the computer from sleeping during a session.",
        "Keep the Mac from sleeping during a session: run caffeinate -dis in another window, and leave the lid open.",
        "Keep the computer from sleeping during a session: Settings > System > Power > Screen and sleep > Never.",
    ),
)
ENTRIES = (CLOCK_OK, CLOCK_STANDS, CLOCK_LATE, WALL_STEPS, WALL_WRONG, NO_BOOT_TIME)


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """How far the clocks moved while a thread waited ``waited_s``, in seconds; ``year`` of the wall clock."""

    waited_s: float
    monotonic_moved_s: float
    wall_moved_s: float
    year: int
    boot_time: bool


def judge(facts: ClockFacts) -> tuple[Finding, ...]:
    """What is wrong with the clocks, or that nothing is."""
    late_ms = (facts.monotonic_moved_s - facts.waited_s) * 1000
    found: list[Finding] = []
    if facts.monotonic_moved_s < facts.waited_s / 2:
        found.append(CLOCK_STANDS.found(moved_s=facts.monotonic_moved_s, waited_s=facts.waited_s))
    elif late_ms > LATE_MAX_S * 1000:
        found.append(CLOCK_LATE.found(waited_s=facts.waited_s, late_ms=late_ms, limit_ms=LATE_MAX_S * 1000))
    found += _of_the_wall(facts)
    if not facts.boot_time:
        found.append(NO_BOOT_TIME.found())
    return tuple(found) or (CLOCK_OK.found(late_ms=max(0.0, late_ms)),)


def _of_the_wall(facts: ClockFacts) -> list[Finding]:
    apart_s = abs(facts.wall_moved_s - facts.monotonic_moved_s)
    found: list[Finding] = []
    if apart_s > APART_MAX_S:
        found.append(WALL_STEPS.found(apart_ms=apart_s * 1000, waited_s=facts.waited_s))
    if facts.year < EARLIEST_YEAR:
        found.append(WALL_WRONG.found(year=facts.year))
    return found


def collect() -> ClockFacts:
    """Waits a moment between two looks at the clocks."""
    monotonic, wall = monotonic_s(), wall_now()
    threading.Event().wait(LOOK_S)
    moved_s, now = monotonic_s() - monotonic, wall_now()
    return ClockFacts(LOOK_S, moved_s, (now - wall).total_seconds(), now.year, sees_sleep())


PROBE = Probe("clock", collect, judge, ENTRIES)
