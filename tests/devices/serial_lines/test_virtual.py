"""Virtual time for drivers: a loop that jumps, a clock on it, a line without a port, and a machine with its driver."""

from __future__ import annotations

import pytest

from retrotread.devices.serialport.line import LineError
from retrotread.devices.serialport.telling import REPORTS_MAX, Telling
from retrotread.devices.serialport.virtual import LoopClock, VirtualLine, VirtualLoop
from retrotread.devices.serialport.wired import Wired, WiredTreadmill
from retrotread.devices.simulated.answers import LateAnswer, Pending
from retrotread.devices.woodway.driver import WoodwayConnection
from retrotread.devices.woodway.reach import CAREFUL
from retrotread.devices.woodway.simulated import Setup, WoodwayMachine
from retrotread.machine import Accepted, LinkLost, StartBelt, Telemetry, Unknown


def test_sleepers_wake_at_their_own_moments_and_no_later_than_asked() -> None:
    loop = VirtualLoop(10.0)
    clock, woken = LoopClock(loop), []

    async def sleeper(moment_s: float) -> None:
        await clock.sleep_until(moment_s)
        woken.append((moment_s, clock.now_s()))

    for moment_s in (12.0, 11.5, 9.0, 3600.0):
        loop.create_task(sleeper(moment_s))
    loop.run_to(12.0)
    assert woken == [(9.0, 10.0), (11.5, 11.5), (12.0, 12.0)]
    assert clock.now_s() == 12.0
    loop.run_to(4000.0)
    assert woken[-1] == (3600.0, 3600.0)
    loop.close()


def test_a_line_brings_an_answer_when_it_is_due_and_nothing_once_it_is_lost() -> None:
    loop = VirtualLoop(0.0)
    line = VirtualLine(WoodwayMachine(Setup(answer_after_s=0.05), 0.0), loop)
    heard: list[tuple[float, bytes]] = []
    lost: list[str] = []
    line.on_bytes(lambda data: heard.append((loop.time(), data)))
    line.on_lost(lost.append)
    loop.create_task(line.write(b"\xc1"))
    loop.run_to(1.0)
    ((at_s, data),) = heard
    assert data == b"\xd10000"
    assert at_s == pytest.approx(0.05 + 5 / 480)
    loop.create_task(line.write(b"\xc1"))
    loop.run_to(1.01)
    line.unplug()
    refused = loop.create_task(line.write(b"\xc1"))
    loop.run_to(2.0)
    assert isinstance(refused.exception(), LineError)
    assert (len(heard), lost) == (1, ["the adapter was unplugged"])
    assert line.told == [(0.0, b"\xc1"), (1.0, b"\xc1")]
    loop.close()


def treadmill() -> WiredTreadmill:
    return WiredTreadmill(Wired(CAREFUL, lambda now_s: WoodwayMachine(Setup(), now_s), WoodwayConnection))


def test_a_driver_and_its_machine_are_a_treadmill_whose_answers_come_later() -> None:
    made = treadmill()
    reports = made.advance(3.0)
    assert {type(one) for one in reports} == {Telemetry}
    assert 0 < reports[0].measured_at_s < reports[-1].measured_at_s <= 3.0  # type: ignore[union-attr]
    asked = made.perform(StartBelt(), 3.0)
    assert isinstance(asked, Pending)
    assert made.answers(3.0) == ()
    made.advance(4.0)
    assert made.answers(4.0) == (LateAnswer(asked.number, Accepted()),)
    made.advance(30.0)
    assert made.belt_speed_kph == pytest.approx(0.8047, abs=0.001)
    before_m = made.belt_travel_m
    made.advance(30.5)
    made.advance(31.0)
    assert made.belt_travel_m - before_m == pytest.approx(0.8047 / 3.6, abs=0.001)
    made.pull_safety_key(31.0)
    made.advance(40.0)
    assert made.belt_speed_kph == 0
    made.close()


def test_a_line_that_goes_is_the_last_report_and_does_not_come_back() -> None:
    made = treadmill()
    made.line.unplug()
    assert made.advance(1.0)[-1] == LinkLost("the adapter was unplugged")
    asked = made.perform(StartBelt(), 1.0)
    assert isinstance(asked, Pending)
    made.advance(2.0)
    (late,) = made.answers(2.0)
    assert not isinstance(late.outcome, Accepted)
    assert not isinstance(late.outcome, Unknown), "nothing was sent: the belt was not seen still"
    assert made.reconnect(2.0) is False
    made.close()


async def test_reports_that_nobody_reads_are_the_newest() -> None:
    telling = Telling()
    for number in range(REPORTS_MAX + 5):
        telling.tell(Telemetry(float(number)))
    telling.tell(LinkLost("gone"))
    read = [one async for one in telling.reports()]
    assert (len(read), read[0]) == (REPORTS_MAX, Telemetry(6.0))
    assert read[-1] == LinkLost("gone"), "and nothing behind it"


async def test_a_closed_connection_tells_nothing_more() -> None:
    telling = Telling()
    telling.tell(Telemetry(1.0))
    telling.close()
    assert [one async for one in telling.reports()] == []
