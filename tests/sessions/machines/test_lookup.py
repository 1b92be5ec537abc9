"""What is known of the machine behind an address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from retrotread.devices.errors import AddressError
from retrotread.devices.sheet import Sheet
from retrotread.machine import Identity, Qualification
from retrotread.sessions.machines.families import families
from retrotread.sessions.machines.known import Treadmill, remember
from retrotread.sessions.machines.lookup import LookedUp, look_up, sheet_for
from retrotread.sessions.machines.sealed import Findings, seal

ADDRESS = "C4:64:E3:00:11:22"


def family_sheet(key: str) -> Sheet:
    return next(family.sheet for family in families() if family.key == key)


def test_a_machine_of_which_nobody_has_heard_has_no_sheet(tmp_path: Path) -> None:
    assert look_up("ble://Nobodys", tmp_path) == LookedUp()
    assert sheet_for("ble://Nobodys", tmp_path) is None


def test_a_machine_by_its_name_has_its_family_s_sheet(tmp_path: Path) -> None:
    assert sheet_for("ble://URTM041", tmp_path) == family_sheet("urevo-urtm")
    assert sheet_for("ble://URTM041?via=tcp-client:127.0.0.1:9723", tmp_path) == family_sheet("urevo-urtm")


def test_a_machine_by_its_address_is_known_by_what_it_was_met_as(tmp_path: Path) -> None:
    assert sheet_for(f"ble://{ADDRESS}", tmp_path) is None
    remember(Treadmill("garage", f"ble://{ADDRESS}", Identity(ADDRESS, model="OMEGA Z")), tmp_path)
    assert sheet_for(f"ble://{ADDRESS}", tmp_path) == family_sheet("horizon-omega-z")


@pytest.mark.parametrize("address", [f"ble://{ADDRESS}", f"ble://{ADDRESS.lower()}", "ble://URTM041"])
def test_a_qualified_machine_has_its_sealed_sheet_by_address_and_by_name(
    sheet: Sheet, findings: Findings, tmp_path: Path, address: str
) -> None:
    seal(sheet, findings, tmp_path)
    assert sheet_for(address, tmp_path) == sheet


def test_a_broken_seal_leaves_the_machine_unqualified_with_a_sentence(
    sheet: Sheet, findings: Findings, tmp_path: Path
) -> None:
    path = seal(sheet, findings, tmp_path)
    path.write_bytes(path.read_bytes().replace(b"rails = true", b"rails = yes "))
    found = look_up(f"ble://{ADDRESS}", tmp_path)
    assert (found.sheet, found.sealed) == (None, None)
    assert [problem.startswith(f"{path}: its content is not what was sealed") for problem in found.problems] == [True]
    assert path.exists()


def test_no_older_profile_takes_the_place_of_a_broken_one(sheet: Sheet, findings: Findings, tmp_path: Path) -> None:
    seal(sheet, findings, tmp_path)
    newer = seal(sheet, findings, tmp_path)
    newer.write_bytes(newer.read_bytes()[:-1])
    assert look_up(f"ble://{ADDRESS}", tmp_path).sealed is None
    by_name = look_up("ble://URTM041", tmp_path)
    assert by_name.sealed is None
    assert by_name.sheet == family_sheet("urevo-urtm")
    assert len(by_name.problems) == 1


def test_the_latest_qualification_counts(
    sheet: Sheet, sheet_of: Callable[..., Sheet], findings: Findings, tmp_path: Path
) -> None:
    seal(sheet, findings, tmp_path)
    newer = sheet_of(qualification=Qualification.QUICK, lag_ms=700)
    seal(newer, findings, tmp_path)
    assert sheet_for("ble://URTM041", tmp_path) == newer


def test_two_machines_of_one_name_are_not_told_apart_by_it(
    sheet: Sheet, sheet_of: Callable[..., Sheet], findings: Findings, tmp_path: Path
) -> None:
    seal(sheet, findings, tmp_path)
    seal(sheet_of(replace(sheet.sealed_for or Identity(), address="C4:64:E3:00:11:99")), findings, tmp_path)
    found = look_up("ble://URTM041", tmp_path)
    assert found.sealed is None
    assert found.problems[0].startswith("2 qualified treadmills call themselves 'URTM041'")
    assert sheet_for(f"ble://{ADDRESS}", tmp_path) == sheet


def test_a_sealed_profile_does_not_make_a_family_obey_that_is_never_driven(
    sheet_of: Callable[..., Sheet], findings: Findings, tmp_path: Path
) -> None:
    sheet = sheet_of(Identity(ADDRESS, "DOMYOS-TC-1234"))
    full = replace(sheet.profile, qualification=Qualification.FULL, reverses=True)
    seal(replace(sheet, profile=full), findings, tmp_path)
    found = look_up(f"ble://{ADDRESS}", tmp_path)
    assert found.sheet is not None
    assert (found.sheet.profile.qualification, found.sheet.profile.reverses) == (Qualification.NONE, False)
    assert found.family is not None
    assert found.family.key == "domyos"


def test_a_list_with_nonsense_is_a_problem_and_the_rest_is_known_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "treadmills.toml").write_text("= 1")
    found = look_up("ble://URTM041", tmp_path)
    assert found.sheet == family_sheet("urevo-urtm")
    assert "treadmills.toml: is not TOML" in found.problems[0]


def test_a_simulated_treadmill_carries_its_own_profile(tmp_path: Path) -> None:
    remember(Treadmill("test", "sim://well-behaved"), tmp_path)
    found = look_up("sim://well-behaved", tmp_path)
    assert (found.sheet, found.family) == (None, None)
    assert found.treadmill is not None


def test_what_is_no_address_is_told(tmp_path: Path) -> None:
    with pytest.raises(AddressError, match="there is no '://' in it"):
        sheet_for("URTM041", tmp_path)
