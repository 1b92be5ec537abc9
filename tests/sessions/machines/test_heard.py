"""The names that searches heard: a cache that never stands in anybody's way."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.devices.advert import Advert, Kind
from retrotread.sessions.machines.heard import NAMES_MAX, heard_name, keep_heard
from retrotread.sessions.machines.lookup import look_up

UREVO = Advert("C4:64:E3:00:11:22", "URTM041", Kind.TREADMILL)


def test_an_address_that_was_heard_is_known_by_its_name_and_so_by_its_family(tmp_path: Path) -> None:
    assert look_up("ble://c4:64:e3:00:11:22", tmp_path).family is None
    keep_heard([UREVO], tmp_path)
    assert heard_name("c4:64:e3:00:11:22", tmp_path) == "URTM041"
    family = look_up("ble://c4:64:e3:00:11:22", tmp_path).family
    assert family is not None
    assert family.key == "urevo-urtm"
    assert stat.S_IMODE((tmp_path / "heard.json").stat().st_mode) == 0o600


def test_only_what_can_be_a_treadmill_is_kept(tmp_path: Path) -> None:
    keep_heard(
        [
            Advert("1", "Polar H10", Kind.HEART_STRAP),
            Advert("2", "A phone", Kind.UNKNOWN),
            Advert("3", "FS-123456", Kind.UNKNOWN),
            Advert("4", " ", Kind.TREADMILL),
            Advert("5", "x" * 249, Kind.TREADMILL),
        ],
        tmp_path,
    )
    assert [heard_name(str(number), tmp_path) for number in range(1, 6)] == [None, None, "FS-123456", None, None]


def test_who_was_heard_longest_ago_makes_room(tmp_path: Path) -> None:
    keep_heard([UREVO], tmp_path)
    keep_heard([Advert(f"A{number}", "x", Kind.TREADMILL) for number in range(NAMES_MAX - 1)], tmp_path)
    assert heard_name(UREVO.address, tmp_path) == "URTM041"
    keep_heard([Advert("A0", "y", Kind.TREADMILL), Advert("new", "z", Kind.TREADMILL)], tmp_path)
    assert [heard_name(address, tmp_path) for address in (UREVO.address, "A0", "new")] == [None, "y", "z"]


@pytest.mark.parametrize("text", ["", "[]", "3", '{"names": 3}', '{"names": {"a": 1}}', "[" * 100_000, '{"names": []}'])
def test_a_cache_with_nonsense_counts_for_nothing_and_is_written_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / "heard.json").write_text(text)
    assert heard_name("a", tmp_path) is None
    keep_heard([UREVO], tmp_path)
    assert heard_name(UREVO.address, tmp_path) == "URTM041"


@given(st.binary(max_size=100))
def test_whatever_bytes_the_cache_holds_it_raises_nothing(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "heard.json").write_bytes(content)
    assert heard_name("a", folder) is None


def test_a_folder_that_cannot_be_written_costs_the_cache_only(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    keep_heard([UREVO], tmp_path / "file")
    assert heard_name(UREVO.address, tmp_path / "file") is None
