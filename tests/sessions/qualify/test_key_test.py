"""The safety key of the day: for this machine, this way, today and no longer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from retrotread.machine import BeltDirection, Facing
from retrotread.sessions.qualify.key_test import FILE_NAME, LINES_MAX, KeySeen, key_tested_today, record_key_test

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
REAR, AHEAD = Facing.REAR, BeltDirection.FORWARD


def is_tested(folder: Path, now: datetime = NOON, address: str = "ble://one", facing: Facing = REAR) -> bool:
    return key_tested_today(folder, address, facing, AHEAD, now)


def test_a_test_counts_until_midnight_of_this_place(tmp_path: Path) -> None:
    assert not is_tested(tmp_path)
    record_key_test(tmp_path, "ble://one", REAR, AHEAD, KeySeen.ZEROS, NOON)
    assert is_tested(tmp_path)
    assert is_tested(tmp_path, NOON + timedelta(hours=11))
    assert not is_tested(tmp_path, NOON + timedelta(hours=12))
    assert not is_tested(tmp_path, (NOON + timedelta(hours=11)).astimezone(timezone(timedelta(hours=5))))


def test_a_test_counts_for_its_machine_and_its_way_alone(tmp_path: Path) -> None:
    record_key_test(tmp_path, "ble://one", REAR, AHEAD, KeySeen.STATUS, NOON)
    assert not is_tested(tmp_path, address="ble://two")
    assert not is_tested(tmp_path, facing=Facing.CONSOLE)
    assert not key_tested_today(tmp_path, "ble://one", REAR, BeltDirection.REVERSED, NOON)
    record_key_test(tmp_path, "ble://two", REAR, AHEAD, KeySeen.STATUS, NOON)
    assert is_tested(tmp_path)
    assert is_tested(tmp_path, address="ble://two")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"ble://one rear forward": {"day": "soon", "seen": "x"}}', "\x00"])
def test_a_file_that_cannot_be_read_counts_for_nothing_and_is_written_anew(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    assert not is_tested(tmp_path)
    record_key_test(tmp_path, "ble://one", REAR, AHEAD, KeySeen.STATUS, NOON)
    assert is_tested(tmp_path)


def test_the_file_does_not_grow_for_ever(tmp_path: Path) -> None:
    for number in range(LINES_MAX // 100):
        record_key_test(tmp_path, f"ble://{number}", REAR, AHEAD, KeySeen.STATUS, NOON - timedelta(days=number))
    assert is_tested(tmp_path, address="ble://0")


def test_without_a_moment_it_is_the_calendars_today(tmp_path: Path) -> None:
    record_key_test(tmp_path, "ble://one", REAR, AHEAD, KeySeen.STATUS)
    assert key_tested_today(tmp_path, "ble://one", REAR, AHEAD)
