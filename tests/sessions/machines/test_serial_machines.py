"""Treadmills on a serial port, as main knows them before it reaches one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from retrotread.devices.serialport import ports
from retrotread.devices.sheet import Sheet
from retrotread.machine import Identity, PhysicalStop, Qualification
from retrotread.safety.real_machines import UNSHOWN
from retrotread.sessions.machines import lookup
from retrotread.sessions.machines.allowance import allowance
from retrotread.sessions.machines.card import card, card_lines
from retrotread.sessions.machines.families import families, family_on
from retrotread.sessions.machines.known import Treadmill, known, remember
from retrotread.sessions.machines.lookup import look_up
from retrotread.sessions.machines.sealed import Findings, seal
from retrotread.sessions.treadmills import choice_at, is_real, profile_at, runs_empty, sheet_at
from retrotread.sessions.view import Group

LASTING = "/dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0"
TRACKMASTER = f"serial+trackmaster://{LASTING}?units=mph"
HERE = Identity(LASTING, "USB serial number A50285BI", "Trackmaster", "figures in mph")
OPTIONS = {"trackmaster": "?units=mph", "biodex": "?baud=9600&scale=0.1mph"}
DIALECTS = ("trackmaster", "woodway", "csafe", "biodex")


@pytest.fixture
def sealed(sheet_of: Callable[..., Sheet], findings: Findings, tmp_path: Path) -> Sheet:
    """The machine behind that adapter, qualified."""
    sheet = sheet_of(HERE)
    seal(sheet, findings, tmp_path)
    return sheet


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_dialect_is_a_family_and_no_other_scheme_leads_to_it(dialect: str) -> None:
    family = family_on(f"serial+{dialect}")
    assert family is not None
    assert family.marks.schemes == (f"serial+{dialect}",)
    assert not family.profile.reverses
    assert (family_on("ble"), family_on("sim")) == (None, None)


@pytest.mark.parametrize(("dialect", "runs_on"), list(zip(DIALECTS, (False, None, True, True), strict=True)))
def test_what_happens_when_the_computer_dies_is_told_and_is_a_figure(dialect: str, runs_on: bool | None) -> None:
    family = family_on(f"serial+{dialect}")
    assert family is not None
    assert family.profile.runs_on_when_link_lost is runs_on
    assert family.remarks[0].startswith("When the computer dies the belt ")


def test_one_source_does_not_make_a_stop_of_a_lost_link() -> None:
    woodway = family_on("serial+woodway")
    assert woodway is not None
    assert "runs_on_when_link_lost" in [fact.figure for fact in woodway.withheld]


def test_a_serial_machine_that_nobody_tried_is_a_real_one_that_is_only_read(tmp_path: Path) -> None:
    assert is_real(TRACKMASTER)
    assert not runs_empty(TRACKMASTER)
    assert profile_at(TRACKMASTER, tmp_path).qualification is Qualification.NONE
    choice = choice_at(TRACKMASTER, frozenset(), tmp_path)
    assert (choice.group, choice.title) == (Group.REAL, "Trackmaster and Full Vision TMX")
    assert choice.held_back is not None
    assert f"retrotread treadmills qualify '{TRACKMASTER}'" in choice.held_back


def test_the_sealed_sheet_is_that_of_the_adapter(sealed: Sheet, tmp_path: Path) -> None:
    assert sheet_at(TRACKMASTER, tmp_path) == sealed
    other = look_up(TRACKMASTER.replace("A50285BI", "B7"), tmp_path)
    assert (other.sealed, other.sheet) == (None, families_sheet("trackmaster-tmx"))


def test_a_name_of_today_leads_to_the_sealed_sheet_of_its_adapter(
    sealed: Sheet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "lasting_name", lambda port: LASTING if port == "/dev/ttyUSB0" else port)
    assert sheet_at("serial+trackmaster:///dev/ttyUSB0?units=mph", tmp_path) == sealed
    assert look_up("serial+trackmaster:///dev/ttyUSB1?units=mph", tmp_path).sealed is None


def test_the_card_says_what_the_machine_is_and_what_becomes_of_its_belt(sealed: Sheet, tmp_path: Path) -> None:
    remember(Treadmill("lab", TRACKMASTER, HERE), tmp_path)
    lines = card_lines(card(TRACKMASTER, tmp_path))
    assert lines[0] == "lab"
    assert "maker Trackmaster, model figures in mph" in lines[2]
    assert any("which acts after half a second of silence" in line for line in lines)
    assert [one.name for one in known(tmp_path)] == ["lab"]


def test_the_sheet_of_another_treadmill_met_under_that_name_is_not_taken(
    sealed: Sheet, findings: Findings, tmp_path: Path
) -> None:
    """What was remembered as met at another adapter does not lead there: the port in the address is what counts."""
    elsewhere = replace(sealed, sealed_for=Identity("/dev/serial/by-id/usb-FTDI_B7", manufacturer="Trackmaster"))
    seal(elsewhere, findings, tmp_path)
    remember(Treadmill("lab", TRACKMASTER, Identity("/dev/serial/by-id/usb-FTDI_B7")), tmp_path)
    assert sheet_at(TRACKMASTER, tmp_path) == sealed


@pytest.mark.parametrize("dialect", DIALECTS)
def test_main_knows_that_an_experiment_runs_empty_and_no_other_machine_does(dialect: str, tmp_path: Path) -> None:
    address = f"serial+{dialect}://{LASTING}{OPTIONS.get(dialect, '')}"
    assert runs_empty(address) is (dialect == "biodex")
    assert profile_at(address, tmp_path).experimental is (dialect == "biodex"), "its card says so"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_experiment_stays_empty_after_a_full_qualification_too_and_every_card_says_so(
    dialect: str, tmp_path: Path
) -> None:
    address = f"serial+{dialect}://{LASTING}{OPTIONS.get(dialect, '')}"
    later = card(address, tmp_path).later
    assert later is not None
    assert (later.empty_belt_only is not None) is (dialect == "biodex")
    for lines in (card_lines(card(address, tmp_path)), choice_at(address, frozenset(), tmp_path).card):
        after = next(at for at, line in enumerate(lines) if line.startswith("after a full qualification"))
        assert ("but: " in lines[after + 1] and "nobody on the belt" in lines[after + 1]) is (dialect == "biodex")


def test_a_sheet_that_calls_its_machine_an_experiment_is_believed(
    sheet_of: Callable[..., Sheet], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sheet = sheet_of(HERE)
    experiment = replace(sheet, profile=replace(sheet.profile, experimental=True))
    monkeypatch.setattr("retrotread.sessions.treadmills.sheet_at", lambda *_: experiment)
    assert profile_at(TRACKMASTER, tmp_path).experimental


@pytest.mark.parametrize("qualification", Qualification)
@pytest.mark.parametrize("number", [None, "A50285BI"])
def test_a_machine_whose_adapter_has_no_number_says_so_on_its_card(
    qualification: Qualification, number: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ports, "number_of", lambda _port: number)
    family = family_on("serial+woodway")
    assert family is not None
    known = profile_at(f"serial+woodway://{LASTING}", tmp_path)
    assert known.unnumbered is (number is None)
    reasons = allowance(replace(known, qualification=qualification, rails=True, physical_stop=PhysicalStop.KEY)).reasons
    assert (reasons[-1] == UNSHOWN) is (number is None)


def families_sheet(key: str) -> Sheet:
    return next(family.sheet for family in families() if family.key == key)
