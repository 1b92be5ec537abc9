"""From an address to a connection."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from retrotread.devices.address import parse_address
from retrotread.devices.connect import connect, made_at, plugged_in
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


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="terminals have their numbers from Linux")
def test_a_pseudo_terminal_is_there_as_long_as_it_is_the_same_one() -> None:
    ours, theirs = pty.openpty()
    address = parse_address(f"serial+woodway://{os.ttyname(theirs)}")
    made_ns = made_at(address)
    assert made_ns is not None
    os.write(ours, b"bytes go both ways\n")
    os.write(theirs, b"and age nothing")
    assert plugged_in(address, made_ns)
    assert not plugged_in(address, made_ns - 1), "another one that got its number"
    os.close(ours)
    os.close(theirs)
    assert not plugged_in(address, made_ns)


def test_any_other_port_is_there_whenever_its_name_is(tmp_path: Path) -> None:
    port = tmp_path / "adapter"
    address = parse_address(f"serial+woodway://{port}")
    assert not plugged_in(address)
    port.touch()
    assert made_at(address) is None
    assert plugged_in(address)
