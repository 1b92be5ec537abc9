"""Reports are looked at when they come, and a flood of them fifty times a second."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import pytest

from retrotread.guardian.looking import LOOK_S, WAITING_MAX, Looks
from retrotread.machine import LinkLost, MachineNotice, Report, TargetChanged, Telemetry


class Bench:
    """Looks by hand: the moment, what was looked at, and the looks that wait for their time."""

    def __init__(self) -> None:
        self.moment_s = 5.0
        self.seen: list[tuple[Report, ...]] = []
        self.later: list[Coroutine[Any, Any, None]] = []
        self.looks = Looks(self, self.seen.append, self.later.append)

    def now_s(self) -> float:
        return self.moment_s

    async def sleep_until(self, moment_s: float) -> None:
        self.moment_s = max(self.moment_s, moment_s)

    def say(self, *reports: Report) -> None:
        for report in reports:
            self.looks.came(report)

    async def wait(self) -> None:
        await self.later.pop(0)


def speed(kph: float) -> Telemetry:
    return Telemetry(5.0, kph)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_report_after_a_quiet_moment_is_looked_at_at_once(bench: Bench) -> None:
    bench.say(speed(1.0))
    bench.moment_s += 2 * LOOK_S
    bench.say(speed(2.0))
    assert bench.seen == [(speed(1.0),), (speed(2.0),)]
    assert bench.later == []


async def test_what_follows_closely_is_looked_at_together_in_its_order(bench: Bench) -> None:
    bench.say(speed(1.0), speed(2.0), MachineNotice.SAFETY_KEY_PULLED, speed(0.0))
    assert bench.seen == [(speed(1.0),)]
    assert len(bench.later) == 1
    await bench.wait()
    assert bench.seen[1] == (speed(2.0), MachineNotice.SAFETY_KEY_PULLED, speed(0.0))
    assert bench.moment_s == 5.0 + LOOK_S


def test_the_end_of_a_link_waits_for_nothing_and_is_looked_at_with_what_came_before_it(bench: Bench) -> None:
    bench.say(speed(1.0), speed(2.0))
    bench.looks.ends(LinkLost("gone"))
    bench.looks.now()
    assert bench.seen == [(speed(1.0),), (speed(2.0), LinkLost("gone"))]
    for one in bench.later:
        one.close()


async def test_beyond_its_room_the_oldest_speeds_go_and_no_notice_does(bench: Bench) -> None:
    bench.say(speed(0.0), MachineNotice.STOPPED_AT_CONSOLE, *(speed(number) for number in range(1000)))
    await bench.wait()
    notice, *speeds = bench.seen[1]
    assert notice is MachineNotice.STOPPED_AT_CONSOLE
    assert speeds == [speed(number) for number in range(1000 - WAITING_MAX + 1, 1000)]


async def test_a_flood_of_notices_keeps_one_of_each(bench: Bench) -> None:
    bench.say(speed(0.0), MachineNotice.CONTROL_LOST, *[TargetChanged(3.0)] * 1000, MachineNotice.SAFETY_KEY_PULLED)
    await bench.wait()
    assert len(bench.seen[1]) == WAITING_MAX
    assert set(bench.seen[1]) == {
        MachineNotice.CONTROL_LOST,
        TargetChanged(3.0),
        MachineNotice.SAFETY_KEY_PULLED,
    }
