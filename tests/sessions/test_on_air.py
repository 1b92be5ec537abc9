"""What a search hears becomes choices: cleaned, each address once, treadmills apart from straps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from retrotread.devices.advert import Advert, Kind
from retrotread.devices.sheet import Sheet
from retrotread.machine import Capabilities, DeviceProfile, Identity, PhysicalStop, Qualification
from retrotread.sessions import on_air as searches
from retrotread.sessions.machines import search as machine_search
from retrotread.sessions.machines.known import Treadmill, known, remember
from retrotread.sessions.machines.sealed import Findings, seal
from retrotread.sessions.on_air import on_air, search_for, via_of
from retrotread.sessions.treadmills import choice_at
from retrotread.sessions.view import Group, OnAir, StrapFound

BELT = Advert("AA:01", "Gym\x1b[2J belt", Kind.TREADMILL, -50)
STRAP = Advert("AA:02", "H10\x07", Kind.HEART_STRAP, -60)
TRIED = DeviceProfile(
    "Gym belt",
    Capabilities(50, 1200, 10),
    qualification=Qualification.QUICK,
    physical_stop=PhysicalStop.KEY,
    rails=True,
)
BIKE = Advert("AA:03", "Bike", Kind.OTHER_MACHINE, -40)


def test_a_treadmill_is_a_choice_with_its_card_and_its_name_without_escapes(tmp_path: Path) -> None:
    found = on_air([BELT, BIKE, STRAP], "", tmp_path)
    (belt,) = found.treadmills
    assert (belt.address, belt.title, belt.group, belt.remembered) == ("ble://AA:01", "Gym [2J belt", Group.REAL, False)
    assert belt.card[0].startswith("allows now: watch and coach only")
    assert belt.card[-1] == "family: none that is known; the careful values hold"
    assert found.straps == (StrapFound("ble://AA:02", "H10"),)


def test_what_was_never_tried_out_is_held_back_with_the_command_that_mends_it(tmp_path: Path) -> None:
    (belt,) = on_air([BELT], "", tmp_path).treadmills
    assert belt.held_back == (
        "only read, because it was never tried out with nobody on it. To drive it: "
        "retrotread treadmills qualify ble://AA:01"
    )


def sealed(profile: DeviceProfile, folder: Path) -> Path:
    """The record of a trial of the belt."""
    sheet = Sheet(profile, sealed_for=Identity("AA:01", "Gym\x1b[2J belt"))
    return seal(sheet, Findings("2026-11-21T10:00:00+00:00", ()), folder)


def test_of_a_belt_with_a_broken_seal_it_is_not_said_that_it_was_never_tried_out(tmp_path: Path) -> None:
    remember(Treadmill("My belt", "ble://AA:01"), tmp_path)
    path = sealed(TRIED, tmp_path)
    assert choice_at("ble://AA:01", frozenset(), tmp_path).held_back is None
    path.write_bytes(path.read_bytes() + b" ")
    choice = choice_at("ble://AA:01", frozenset(), tmp_path)
    assert choice.held_back == (
        "only read, because no record that counts says that it was tried out with nobody on it. To drive it: "
        "retrotread treadmills qualify ble://AA:01"
    )
    assert any("the treadmill counts as not qualified" in line for line in choice.card)


def test_what_a_choice_says_to_do_next_names_the_machine(tmp_path: Path) -> None:
    sealed(TRIED, tmp_path)
    card = choice_at("ble://AA:01", frozenset(), tmp_path).card
    assert any("(retrotread treadmills qualify ble://AA:01 --full)" in line for line in card if line.startswith("next"))


def test_an_address_that_calls_many_times_stands_once(tmp_path: Path) -> None:
    found = on_air([BELT, Advert("aa:01", "", Kind.UNKNOWN), BELT, STRAP, STRAP], "", tmp_path)
    assert (len(found.treadmills), len(found.straps)) == (1, 1)


def test_a_treadmill_that_is_remembered_has_the_name_that_it_was_given(tmp_path: Path) -> None:
    remember(Treadmill("My belt", "ble://AA:01"), tmp_path)
    (belt,) = on_air([BELT], "", tmp_path).treadmills
    assert (belt.title, belt.remembered) == ("My belt", True)


def test_the_transport_of_the_search_is_in_every_address(tmp_path: Path) -> None:
    (belt,) = on_air([BELT], "tcp-client:127.0.0.1:9723", tmp_path).treadmills
    assert belt.address == "ble://AA:01?via=tcp-client:127.0.0.1:9723"
    assert via_of(belt.address) == "tcp-client:127.0.0.1:9723"
    assert via_of("ble://AA:01") == via_of("sim://well-behaved") == ""


def test_each_news_of_a_search_is_told_at_once_and_its_problem_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def search(_seconds: float, via: str, folder: Path, heard: Callable[[Advert], Any]) -> str:
        assert (via, folder) == ("usb:0", tmp_path)
        for one in (BELT, STRAP):
            heard(one)
        return "the radio is off; switch it on"

    monkeypatch.setattr(machine_search, "search", search)
    told: list[OnAir] = []
    assert search_for("usb:0", tmp_path, told.append) == "the radio is off; switch it on"
    assert [(len(one.treadmills), len(one.straps)) for one in told] == [(1, 0), (1, 1)]


def test_a_treadmill_from_the_air_is_kept_with_who_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from retrotread.sessions.launcher import SessionLauncher
    from retrotread.sessions.machines.heard import keep_heard

    monkeypatch.setenv("RETROTREAD_DATA", str(tmp_path))
    monkeypatch.setenv("RETROTREAD_CONFIG", str(tmp_path))
    launcher = SessionLauncher()
    try:
        keep_heard([BELT], tmp_path)
        launcher.remember(on_air([BELT], "", tmp_path).treadmills[0])
        (kept,) = known(tmp_path)
        assert (kept.name, kept.address, kept.met.name) == ("Gym [2J belt", "ble://AA:01", BELT.name)
        assert [one.address for one in launcher.treadmills()][:2] == ["sim://well-behaved", "ble://AA:01"]
    finally:
        launcher.close()


def test_a_list_that_cannot_be_read_is_told_and_hides_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from retrotread.sessions.launcher import SessionLauncher

    monkeypatch.setenv("RETROTREAD_DATA", str(tmp_path))
    monkeypatch.setenv("RETROTREAD_CONFIG", str(tmp_path))
    (tmp_path / "treadmills.toml").write_text("[[treadmill]\n")
    launcher = SessionLauncher()
    try:
        assert any("treadmills.toml: is not TOML" in one for one in launcher.recovered())
        assert launcher.treadmills()[0].address == "sim://well-behaved"
    finally:
        launcher.close()


def test_the_list_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "SHOWN_MAX", 3)
    many = [Advert(f"AA:{number:02X}", "belt", Kind.TREADMILL, -40 - number) for number in range(10)]
    assert [one.address for one in on_air(many, "", tmp_path).treadmills] == [
        "ble://AA:00",
        "ble://AA:01",
        "ble://AA:02",
    ]
