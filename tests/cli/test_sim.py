"""``retrotread sim ftms`` as a process: another process reaches its machine, and its keys are the console's."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from retrotread.__main__ import main
from retrotread.clock import SystemClock
from retrotread.devices.address import parse_address
from retrotread.devices.connect import connect
from retrotread.devices.peripheral.shape import QUIRKS
from retrotread.machine import MachineNotice, Report

PATIENCE_S = 30.0
REPLAY_S = 1.1
"""What a console says right after a connection may be old news, and is not told."""


@dataclass
class Program:
    """One running program: what it says, line by line, and its keys."""

    process: asyncio.subprocess.Process

    async def line(self) -> str:
        """The next line of its output."""
        assert self.process.stdout is not None
        return (await self.process.stdout.readline()).decode().strip()

    async def says(self, words: str) -> None:
        """Until it says this among its messages."""
        assert self.process.stderr is not None
        while words not in (line := (await self.process.stderr.readline()).decode()):
            assert line, f"it ended and never said {words!r}"

    def press(self, keys: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(keys.encode())


@pytest_asyncio.fixture
async def sim() -> AsyncIterator[Program]:
    """A quick machine behind a free port, with a strap beside it."""
    options = ("--archetype", "well-behaved?report_hz=10&start_s=0&lag_s=0", "--listen", "127.0.0.1:0", "--strap")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "retrotread", "sim", "ftms", *options,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )  # fmt: skip
    yield Program(process)
    if process.returncode is None:
        process.kill()
    await process.communicate()


async def test_its_first_lines_are_the_addresses_and_another_process_hears_the_keys_of_its_console(
    sim: Program,
) -> None:
    heard: list[Report] = []
    async with asyncio.timeout(PATIENCE_S):
        address = parse_address(await sim.line())
        assert (await sim.line()).startswith("ble://Retrotread%20strap?via=tcp-client:127.0.0.1:")
        connection = await connect(address, SystemClock())
        await sim.says("a program is connected")
        reports, begun_s = connection.reader.reports(), SystemClock().now_s()
        while SystemClock().now_s() < begun_s + REPLAY_S:
            await anext(reports)
        for key, notice in (
            ("s", MachineNotice.STARTED_AT_CONSOLE),
            ("p", MachineNotice.STOPPED_AT_CONSOLE),
            ("k", MachineNotice.SAFETY_KEY_PULLED),
        ):
            sim.press(key)
            while notice not in heard:
                report = await anext(reports, None)
                assert report is not None, f"the reports ended with {heard[-3:]}"
                heard.append(report)
        await sim.says("key out")
        sim.press("i")
        await sim.says("key in")
        await connection.reader.close()
        await sim.says("nobody is connected")
        sim.press("q")
        assert await sim.process.wait() == 0


async def test_the_end_of_its_input_is_no_key_and_a_signal_ends_it_well(sim: Program) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await sim.line()
        await sim.says("nobody is connected")
        assert sim.process.stdin is not None
        sim.process.stdin.close()
        address_of_strap = await sim.line()
        assert "strap" in address_of_strap
        assert sim.process.returncode is None
        sim.process.terminate()
        assert await sim.process.wait() == 0


def test_the_departures_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sim", "ftms", "--quirks"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == list(QUIRKS)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--quirk", "spilt"], "perhaps 'split' is meant"),
        (["--archetype", "well"], "no simulated treadmill 'well'"),
        (["--listen", "0.0.0.0:9723"], "not this computer's own address"),
        (["--name", "n" * 40], "40 octets"),
    ],
)
def test_what_it_cannot_understand_is_a_sentence_and_exit_code_2(
    options: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sim", "ftms", *options]) == 2
    told = capsys.readouterr()
    assert sentence in told.err
    assert told.out == ""


def test_a_place_that_is_taken_is_said_with_its_mend(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        assert main(["sim", "ftms", "--listen", place]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"retrotread sim: {place} is in use")
    assert "--listen 127.0.0.1:0" in said


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "bumble", None)
    assert main(["sim", "ftms"]) == 2
    assert "in the checkout, python -m pip install '.[sim]'" in capsys.readouterr().err
