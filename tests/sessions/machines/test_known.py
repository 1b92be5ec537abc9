"""The treadmills that a person gave a name."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.machine import NOT_SAID, Identity
from retrotread.sessions.machines.known import (
    TREADMILLS_MAX,
    Treadmill,
    TreadmillsError,
    find,
    forget,
    known,
    met,
    remember,
)

GARAGE = Treadmill("garage", "ble://URTM041", Identity("C4:64:E3:00:11:22", "URTM041", "UREVO", "E1L", "1.4.7"))
CLINIC = Treadmill("Clinic, 2nd floor", "ble://AA:BB:CC:DD:EE:FF?via=tcp-client:127.0.0.1:9723")


def written(folder: Path, text: str) -> Path:
    (folder / "treadmills.toml").write_text(text, encoding="utf-8")
    return folder / "treadmills.toml"


def test_what_was_remembered_is_known_and_for_its_owner_alone(tmp_path: Path) -> None:
    assert known(tmp_path) == ()
    remember(GARAGE, tmp_path)
    remember(CLINIC, tmp_path)
    assert known(tmp_path) == (GARAGE, CLINIC)
    assert stat.S_IMODE((tmp_path / "treadmills.toml").stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["treadmills.toml"]


def test_the_same_address_once_more_gives_it_another_name(tmp_path: Path) -> None:
    remember(GARAGE, tmp_path)
    remember(Treadmill("cellar", GARAGE.address), tmp_path)
    assert known(tmp_path) == (Treadmill("cellar", GARAGE.address, NOT_SAID),)


def test_a_name_belongs_to_one_treadmill(tmp_path: Path) -> None:
    remember(GARAGE, tmp_path)
    with pytest.raises(TreadmillsError, match="'Garage' is the name of ble://URTM041 already; choose another name"):
        remember(Treadmill("Garage", "ble://other"), tmp_path)
    assert known(tmp_path) == (GARAGE,)


def test_one_is_found_by_name_without_regard_to_case_or_by_address() -> None:
    assert find("GARAGE ", (CLINIC, GARAGE)) == GARAGE
    assert find(CLINIC.address, (CLINIC, GARAGE)) == CLINIC
    assert find("attic", (CLINIC, GARAGE)) is None


def test_what_is_forgotten_is_gone_and_the_rest_stays_with_its_comments(tmp_path: Path) -> None:
    remember(GARAGE, tmp_path)
    remember(CLINIC, tmp_path)
    path = tmp_path / "treadmills.toml"
    path.write_text(path.read_text() + "# the one with the squeak\n")
    assert forget("garage", tmp_path) == GARAGE
    assert known(tmp_path) == (CLINIC,)
    assert "# the one with the squeak" in path.read_text()
    assert forget("garage", tmp_path) is None
    assert forget(CLINIC.address, tmp_path) == CLINIC
    assert known(tmp_path) == ()


def test_who_was_met_is_kept_beside_the_name(tmp_path: Path) -> None:
    remember(Treadmill("garage", GARAGE.address), tmp_path)
    met(GARAGE.address, GARAGE.met, tmp_path)
    assert known(tmp_path) == (GARAGE,)
    met("ble://nobody-remembered-it", GARAGE.met, tmp_path)
    assert known(tmp_path) == (GARAGE,)


@pytest.mark.parametrize(
    ("treadmill", "said"),
    [
        (Treadmill("", "ble://A"), "its name is empty"),
        (Treadmill("a\x1b[31mred", "ble://A"), "its name is empty or has a character that nobody can see"),
        (Treadmill("a" * 41, "ble://A"), "its name string should have at most 40 characters"),
        (Treadmill("a", "A"), "there is no '://' in it"),
        (Treadmill("a", "ble://a b"), "is not spelt as an address is; write 'ble://a%20b'"),
        (Treadmill("a", "ble://A", Identity(model="m" * 201)), "at most 200 characters"),
    ],
)
def test_what_cannot_be_kept_is_a_sentence_and_changes_nothing(tmp_path: Path, treadmill: Treadmill, said: str) -> None:
    remember(GARAGE, tmp_path)
    with pytest.raises(TreadmillsError) as problem:
        remember(treadmill, tmp_path)
    assert said in str(problem.value)
    assert known(tmp_path) == (GARAGE,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("treadmill = 3\n", "treadmill: should be a valid tuple"),
        ("[[treadmill]]\nname = 'a'\n", "treadmill.0.address: "),
        ("[[treadmill]]\nname = 'a'\naddress = 'nonsense'\n", "treadmill.0.address: "),
        ("[[treadmill]]\nname = 1\naddress = 'ble://A'\n", "treadmill.0.name: "),
        ("[[treadmill]]\nname = 'a'\naddress = 'ble://A'\ncolour = 'red'\n", "colour: there is no such key"),
        ("[[treadmill]]\nname = 'a'\naddress = 'ble://A'\n[treadmill.met]\nmodel = 1\n", "treadmill.0.met.model: "),
        ("[[treadmill]]\nname='a'\naddress='ble://A'\n" * 2, "two treadmills have the name 'a'"),
        (
            "[[treadmill]]\nname='a'\naddress='ble://A'\n[[treadmill]]\nname='b'\naddress='ble://A'\n",
            "two treadmills have the address 'ble://A'",
        ),
        ("name = 'a\\u001b[2J'\n", "name: there is no such key"),
        ("= 1", "is not TOML"),
        ("[[treadmill]]\n" * 101, "treadmill"),
    ],
)
def test_a_file_with_nonsense_is_a_sentence_and_is_not_overwritten(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(TreadmillsError) as problem:
        known(tmp_path)
    assert str(problem.value).startswith(f"{path}: ")
    assert said in str(problem.value)
    with pytest.raises(TreadmillsError):
        remember(GARAGE, tmp_path)
    with pytest.raises(TreadmillsError):
        forget("a", tmp_path)
    assert path.read_text(encoding="utf-8") == text


@given(st.binary(max_size=200))
def test_whatever_bytes_the_file_holds_it_is_a_list_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "treadmills.toml").write_bytes(content)
    said = None
    try:
        found = known(folder)
    except TreadmillsError as error:
        found, said = (), str(error)
    assert found == ()
    assert said is None or "treadmills.toml: " in said


def test_there_is_an_end_to_how_many_are_remembered(tmp_path: Path) -> None:
    entries = (f"[[treadmill]]\nname = 'n{number}'\naddress = 'ble://A{number}'\n" for number in range(TREADMILLS_MAX))
    written(tmp_path, "".join(entries))
    with pytest.raises(TreadmillsError, match="holds 100 treadmills, the limit; forget one first"):
        remember(GARAGE, tmp_path)
    remember(Treadmill("first", "ble://A0"), tmp_path)
    assert find("first", known(tmp_path)) is not None


def test_a_link_in_the_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("")
    (tmp_path / "treadmills.toml").symlink_to(tmp_path / "other")
    with pytest.raises(TreadmillsError, match="is a symbolic link, not a file"):
        known(tmp_path)


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TreadmillsError, match="cannot be written"):
        remember(GARAGE, tmp_path / "file" / "below")
