"""A data sheet that no treadmill can have is refused as a whole, with the figure, its value and its bounds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrotread.devices.ftms.dialect import FtmsDialect, GattWrite
from retrotread.devices.sheet import Sheet
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.guardian.sheets import sheet_problem
from retrotread.machine import Capabilities, DeviceProfile, Identity, Qualification

PROFILE = DeviceProfile("Belt 3000", Capabilities(80, 1600, 10, 120, 5), answer_within_ms=2600)
SHEET = Sheet(PROFILE, FtmsDialect(subscribe_gap_ms=200))
UUID = "00002ad9-0000-1000-8000-00805f9b34fb"


def with_profile(**figures: object) -> Sheet:
    return replace(SHEET, profile=replace(PROFILE, **figures))  # type: ignore[arg-type]


def with_dialect(**figures: object) -> Sheet:
    return replace(SHEET, dialect=replace(SHEET.dialect, **figures))  # type: ignore[arg-type]


def test_a_sensible_sheet_is_taken() -> None:
    sealed = replace(with_profile(qualification=Qualification.FULL), sealed_for=Identity("AA:BB", "Belt 3000"))
    assert sheet_problem(SHEET, "ble") is None
    assert sheet_problem(sealed, "ble") is None


@pytest.mark.parametrize("name", ARCHETYPES)
def test_the_sheet_of_every_simulated_machine_is_taken(name: str) -> None:
    assert sheet_problem(Sheet(ARCHETYPES[name].profile, sealed_for=Identity(name=name)), "sim") is None


@pytest.mark.parametrize(
    ("scheme", "taken"),
    [
        ("serial+woodway", True),
        ("serial+biodex", True),
        ("ble", False),
        ("serial+trackmaster", False),
        ("serial+csafe", False),
    ],
)
def test_a_belt_runs_backwards_only_where_there_is_a_command_for_it(scheme: str, taken: bool) -> None:
    reversing = with_profile(reverses=True, qualification=Qualification.FULL)
    problem = sheet_problem(replace(reversing, sealed_for=Identity("AA:BB")), scheme)
    assert (problem is None) is taken
    assert taken or f"nothing tells a machine at {scheme}:// to" in str(problem)


NONSENSE = {
    "lag_ms is 60000 (from 0 to 5000 ms)": with_profile(lag_ms=60_000),
    "lag_ms is -1 (": with_profile(lag_ms=-1),
    "report_period_ms is 0 (": with_profile(report_period_ms=0),
    "report_period_ms is 5001 (": with_profile(report_period_ms=5_001),
    "stop_reaction_ms is 4001 (": with_profile(stop_reaction_ms=4_001),
    "slowest_fall_ckph_per_s is 0 (": with_profile(slowest_fall_ckph_per_s=0),
    "start_timeout_ms is 31000 (": with_profile(start_timeout_ms=31_000),
    "command_gap_ms is -5 (": with_profile(command_gap_ms=-5),
    "answer_within_ms is 30000 (": with_profile(answer_within_ms=30_000),
    "speed_max_ckph is 65535 (": with_profile(capabilities=Capabilities(80, 65_535, 10)),
    "speed_min_ckph is 900 (": with_profile(capabilities=Capabilities(900, 1600, 10)),
    "speed_increment_ckph is 1000 (": with_profile(capabilities=Capabilities(80, 1600, 1000)),
    "incline_max_dpct is 900 (": with_profile(capabilities=Capabilities(80, 1600, 10, 900)),
    "its name is not one to 80 characters": with_profile(name="\x1b[2J"),
    "it says that the machine is qualified and not which": with_profile(qualification=Qualification.QUICK),
    "no full qualification of this very machine has seen that": with_profile(reverses=True),
    "it says that the belt runs backwards, and no full": replace(
        with_profile(reverses=True, qualification=Qualification.QUICK), sealed_for=Identity("AA:BB")
    ),
    "it calls the machine simulated, and ble:// leads to a real one": with_profile(simulated=True),
    "subscribe_gap_ms is 3000 (": with_dialect(subscribe_gap_ms=3_000),
    "less than the 2700 ms that writing and answering may take": with_dialect(write_within_ms=1_200),
    "pace_bytes is 3 (1 or 2)": with_dialect(pace_bytes=3),
    "it asks for 9 writes in a row (limit 8)": with_dialect(preamble=(GattWrite(UUID, "00"),) * 9),
    "a write goes to no whole UUID": with_dialect(unlock=(GattWrite("2ad9", "00"),)),
    "or is empty or longer than 512 bytes": with_dialect(unlock=(GattWrite(UUID, "00" * 513),)),
}


@pytest.mark.parametrize("told", NONSENSE)
def test_nonsense_is_refused_with_the_figure_and_the_mend(told: str) -> None:
    problem = sheet_problem(NONSENSE[told], "ble")
    assert problem is not None
    assert told in problem
    assert problem.startswith("the data sheet of ")
    assert problem.endswith("mend the machine's file, or forget the machine and qualify it again")
