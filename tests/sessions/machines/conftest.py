"""A machine that was qualified, and what was found of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from retrotread.devices.ftms.dialect import FtmsDialect, GattWrite
from retrotread.devices.sheet import Sheet
from retrotread.machine import Capabilities, DeviceProfile, Evidence, Identity, PhysicalStop, Qualification, SpeedUnit
from retrotread.sessions.machines.sealed import Finding, Findings

MACHINE = Identity("C4:64:E3:00:11:22", "URTM041", "UREVO", "E1L", "1.4.7")
PROFILE = DeviceProfile(
    "Urevo in the garage",
    Capabilities(96, 643, 32, evidence=Evidence.VERIFIED_ON_HARDWARE),
    lag_ms=400,
    report_period_ms=500,
    stop_repeat_ok=True,
    runs_on_when_link_lost=True,
    physical_stop=PhysicalStop.KEY,
    rails=True,
    speed_unit=SpeedUnit.MPH,
    answer_within_ms=2600,
    qualification=Qualification.FULL,
)
DIALECT = FtmsDialect(
    commanded_unit=SpeedUnit.MPH,
    preamble=(GattWrite("d18d2c10-c44c-11e8-a355-529269fb1459", "01000d00"),),
    targets_told=False,
)


@pytest.fixture
def sheet() -> Sheet:
    """What a full qualification measured."""
    return Sheet(PROFILE, DIALECT, MACHINE)


@pytest.fixture
def findings() -> Findings:
    """What it found, with letters that TOML has to escape."""
    steps = (Finding("unit", 'it shows "0.6", which is 0.96 km/h'), Finding("stop", "zero after 2.4 s"))
    return Findings("2026-11-21T07:40:00+00:00", steps)


@pytest.fixture
def sheet_of() -> Callable[..., Sheet]:
    """The sheet, with other words of the machine about itself, or other figures."""

    def make(machine: Identity = MACHINE, **figures: object) -> Sheet:
        return Sheet(replace(PROFILE, **figures), DIALECT, machine)  # type: ignore[arg-type]

    return make
