"""The Woodway over a real pseudo-terminal: the other way, and what it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from retrotread.clock import SystemClock
from retrotread.devices.connect import connect
from retrotread.devices.sheet import Sheet
from retrotread.devices.woodway.reach import CAREFUL
from retrotread.devices.woodway.simulated import Setup, WoodwayMachine
from retrotread.machine import Accepted, BeltDirection, Identity, Rejected, StartBelt, StopBelt, Telemetry

REVERSED = BeltDirection.REVERSED
REVERSES = Sheet(replace(CAREFUL, reverses=True))


@pytest.fixture
def woodway(far_end_of: Callable[..., Any]) -> Any:
    return far_end_of(WoodwayMachine(Setup(), SystemClock().now_s()), "serial+woodway://{port}")


async def test_a_belt_starts_reversed_reports_its_way_and_stops_over_a_real_port(woodway: Any) -> None:
    sealed = replace(REVERSES, sealed_for=Identity(woodway.port.name, manufacturer="Woodway"))
    connection = await connect(woodway.address, woodway.clock, sealed)
    await woodway.wait(2.2)
    assert await connection.writer.perform(StartBelt(belt=REVERSED)) == Accepted()
    async for report in connection.reader.reports():
        if isinstance(report, Telemetry) and report.speed_kph == pytest.approx(0.8047, abs=0.001):
            assert report.belt is REVERSED
            break
    assert woodway.machine.belt_direction(woodway.clock.now_s()) is REVERSED
    assert await connection.writer.perform(StopBelt()) == Accepted()
    await woodway.until(lambda: woodway.speed_kph == 0)
    await connection.reader.close()


@pytest.mark.parametrize("sheet", [None, REVERSES], ids=["no sheet", "the sheet of a family"])
async def test_without_a_sealed_sheet_that_says_so_the_belt_is_not_known_to_reverse(
    woodway: Any, sheet: Sheet | None
) -> None:
    connection = await connect(woodway.address, woodway.clock, sheet)
    assert not connection.reader.profile.reverses
    assert isinstance(await connection.writer.perform(StartBelt(belt=REVERSED)), Rejected)
    await connection.reader.close()
