"""A whole session over Bluetooth's attribute protocol: the screens on a terminal, the guardian, a treadmill and a strap
in a third process, and a simulated room between them. Nothing but the radio waves is missing."""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from retrotread.clock import SystemClock
from retrotread.devices.address import parse_address
from retrotread.devices.connect import connect
from retrotread.devices.sheet import Sheet
from retrotread.machine import Capabilities, DeviceProfile, Evidence, Identity, PhysicalStop, Qualification
from retrotread.safety.inputs import HeartSeen, Seen
from retrotread.sessions.journal import read_run, read_steps
from retrotread.sessions.machines.sealed import Finding, Findings, seal

pytest.importorskip("bumble", reason="a simulated room needs bumble (the extra `sim`)")

SHORT = """retrotread: 1
name: over the air
level: 1
facing: rear
steps:
  - walk: 25 s
    speed: 0.8 km/h
    say: short steps
  - cool down: 10 s
    speed: 0.5 km/h
"""
HEART = '\n[heart]\nstrap = "{strap}"\nceiling_bpm = 170\n'
WAIT_S = 30.0


class OnAir:
    """A treadmill and a strap in a process of their own, and their addresses for other processes."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "retrotread", "sim", "ftms", "--strap", "--listen", f"127.0.0.1:{port}"]
        self.process = subprocess.Popen(
            [*command, "--archetype", "well-behaved?start_s=0"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        self.treadmill, self.strap = (self.process.stdout.readline().strip() for _ in range(2))

    def end(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=WAIT_S)


@pytest.fixture
def on_air() -> Iterator[OnAir]:
    one = OnAir()
    yield one
    one.end()


async def met(address: str) -> Identity:
    """What the machine says of itself; nothing is asked of its belt."""
    connection = await asyncio.wait_for(connect(parse_address(address), SystemClock()), WAIT_S)
    await connection.reader.close()
    return connection.identity


def qualified(identity: Identity, folder: Path) -> None:
    """As a full qualification would leave it."""
    profile = DeviceProfile(
        "Treadmill on the air",
        Capabilities(50, 1600, 10, 120, 5, Evidence.VERIFIED_ON_HARDWARE),
        lag_ms=600,
        report_period_ms=250,
        stop_reaction_ms=1500,
        slowest_fall_ckph_per_s=80,
        start_timeout_ms=8000,
        stop_repeat_ok=True,
        set_never_starts=True,
        runs_on_when_link_lost=True,
        physical_stop=PhysicalStop.KEY,
        rails=True,
        answer_within_ms=2600,
        qualification=Qualification.FULL,
    )
    found = Findings("2026-11-21T08:00:00+00:00", (Finding("all", "as it was made"),))
    seal(Sheet(profile, sealed_for=identity), found, folder)


def at_the_start(folder: Path, on_air: OnAir, program_in: Callable[..., Any]) -> Any:
    """A qualified machine, a strap in the settings, and a program whose checklist is done."""
    qualified(asyncio.run(met(on_air.treadmill)), folder)
    (folder / "short.yaml").write_text(SHORT)
    arguments = ("run", str(folder / "short.yaml"), "--treadmill", on_air.treadmill)
    program = program_in(folder, arguments, HEART.format(strap=on_air.strap))
    program.shows("over the air")
    program.type("\r")
    program.shows("Safety key")
    assert "NOBODY ON THE BELT" not in program.text(), "it was qualified: somebody may be on it"
    program.type(" \r\r\r\r\rk")
    program.type(program.hears_digit())
    program.shows("Nothing is missing")
    program.hold_start()
    program.says(" running")
    program.shows("Press o")
    program.type("o")
    program.hears("faster in 5 seconds, 0.8")
    program.says("SetSpeed(speed_ckph=80")
    return program


def test_a_whole_workout_runs_over_the_air_from_the_set_up_to_the_summary(
    tmp_path: Path, on_air: OnAir, program_in: Callable[..., Any]
) -> None:
    program = at_the_start(tmp_path, on_air, program_in)
    program.hears("The belt is reported still")
    program.shows("the plan is done")
    (journal,) = (tmp_path / "runs").glob("*.sqlite")
    steps = list(read_steps(journal))
    seen = [one for step in steps for one in step.inputs if isinstance(one, Seen)]
    beats = [one for step in steps for one in step.inputs if isinstance(one, HeartSeen)]
    assert max(one.speed_ckph for one in seen) == 80
    assert seen[-1].speed_ckph == 0
    assert len(beats) > 20
    assert not read_run(journal).empty_belt
    assert not [one for step in steps for one in step.causes if re.search("silent|down|heart", one.hazard.value)]


def test_a_machine_that_is_gone_in_mid_run_is_the_alarm_for_its_key(
    tmp_path: Path, on_air: OnAir, program_in: Callable[..., Any]
) -> None:
    """Its process is killed: out of range, or without power. Nobody knows what the belt does."""
    program = at_the_start(tmp_path, on_air, program_in)
    on_air.process.kill()
    program.says(" escalated")
    program.shows("PULL THE KEY")
