"""``retrotread sim trackmaster`` and ``woodway`` as processes: reached over their ports, their keys the console's."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from retrotread.__main__ import main
from retrotread.clock import SystemClock
from retrotread.devices.address import parse_address
from retrotread.devices.connect import connect
from retrotread.machine import Accepted, BeltDirection, MachineNotice, StartBelt, Telemetry

PATIENCE_S = 30.0


@pytest_asyncio.fixture
async def sim() -> AsyncIterator[Callable[..., Any]]:
    """Run ``retrotread sim`` with these words; what it says first are an address and a port."""
    programs: list[asyncio.subprocess.Process] = []

    async def run(*words: str) -> tuple[asyncio.subprocess.Process, str, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "retrotread", "sim", *words,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )  # fmt: skip
        programs.append(process)
        assert process.stdout is not None
        address, port = [(await process.stdout.readline()).decode().strip() for _ in range(2)]
        return process, address, port

    yield run
    for one in programs:
        if one.returncode is None:
            one.kill()
        await one.communicate()


async def until(reports: AsyncIterator[Any], true: Callable[[Any], bool]) -> Any:
    async def look() -> Any:
        async for report in reports:
            if true(report):
                return report
        raise AssertionError("the reports ended")

    return await asyncio.wait_for(look(), PATIENCE_S)


@pytest.mark.parametrize(
    "words", [("trackmaster", "--units", "kph"), ("woodway",), ("woodway", "--strict"), ("csafe",), ("biodex",)]
)
async def test_its_first_lines_are_its_address_and_its_port_and_its_keys_are_a_hand(
    sim: Callable[..., Any], words: tuple[str, ...]
) -> None:
    process, address, port = await sim(*words)
    options = {"trackmaster": "?units=kph", "biodex": "?baud=9600&scale=0.1mph"}.get(words[0], "")
    assert address == f"serial+{words[0]}://{port}{options}"
    connection = await connect(parse_address(address), SystemClock())
    process.stdin.write(b"s")
    reports = connection.reader.reports()
    await until(reports, lambda one: isinstance(one, Telemetry) and (one.speed_kph or 0) > 0)
    process.stdin.write(b"x")
    await until(reports, lambda one: isinstance(one, Telemetry) and one.speed_kph == 0)
    process.stdin.write(b"q")
    assert await asyncio.wait_for(process.wait(), PATIENCE_S) == 0
    await connection.reader.close()


async def test_the_timer_of_a_woodway_is_an_option(sim: Callable[..., Any]) -> None:
    _, address, _ = await sim("woodway", "--timer-s", "0.1")
    clock = SystemClock()
    connection = await connect(parse_address(address), clock)
    await clock.sleep_until(clock.now_s() + 2.2)
    await connection.writer.perform(StartBelt())
    told = await until(connection.reader.reports(), lambda one: isinstance(one, MachineNotice))
    assert told is MachineNotice.STOPPED_AT_CONSOLE
    await connection.reader.close()


async def test_a_key_turns_the_belt_of_a_woodway_round(sim: Callable[..., Any]) -> None:
    process, address, _ = await sim("woodway")
    clock = SystemClock()
    connection = await connect(parse_address(address), clock)
    await clock.sleep_until(clock.now_s() + 2.2)
    assert await connection.writer.perform(StartBelt()) == Accepted()
    process.stdin.write(b"t")
    turned = await until(
        connection.reader.reports(), lambda one: isinstance(one, Telemetry) and one.belt is BeltDirection.REVERSED
    )
    assert turned.speed_kph > 0
    await connection.reader.close()


@pytest.mark.parametrize(
    "words",
    [
        ["woodway", "--timeout-told", "never"],
        ["trackmaster", "--units", "furlongs"],
        ["csafe", "--speeds", "yes"],
        ["biodex", "--scale", "1mph"],
        ["csafe", "--leaves-out", "all"],
    ],
)
def test_a_word_that_is_none_is_said_and_nothing_is_opened(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sim", *words]) == 2
    assert repr(words[2]) in capsys.readouterr().err
