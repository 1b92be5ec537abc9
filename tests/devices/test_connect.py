"""From an address to a connection."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from retrotread.devices.address import parse_address
from retrotread.devices.connect import connect
from retrotread.devices.errors import AddressError


async def test_a_simulated_treadmill_is_reached_by_its_address(clock: Any) -> None:
    connection = await connect(parse_address("sim://slow-reporter"), clock)
    assert connection.reader.profile.name == "Simulated treadmill (slow-reporter)"


async def test_a_scheme_without_a_driver_is_answered_with_the_known_ones(clock: Any) -> None:
    address = parse_address("smoke://HORIZON")
    with pytest.raises(
        AddressError, match="address 'smoke://HORIZON': nothing here speaks smoke://; the known ones are sim://, ble://"
    ):
        await connect(address, clock)


async def test_two_connections_are_two_machines(bench_at: Any) -> None:
    first, second = await bench_at("sim://well-behaved"), await bench_at("sim://well-behaved")
    await first.run_at(300)
    assert first.speed_kph == pytest.approx(3.0)
    assert second.speed_kph == 0


def test_a_driver_is_imported_only_when_it_is_asked_for() -> None:
    program = "import sys, retrotread.devices.connect; print('retrotread.devices.simulated.driver' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert answer.stdout.strip() == "False"
