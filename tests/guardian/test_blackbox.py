"""The ring file: bounded, ordered, readable after anything."""

from __future__ import annotations

import stat
from pathlib import Path

from retrotread.guardian import blackbox
from retrotread.guardian.blackbox import BlackBox


def test_lines_come_back_in_order_and_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    box = BlackBox(tmp_path / "ring")
    for number in range(5):
        box.write(f"line {number}")
    box.sync()
    box.close()
    assert blackbox.read(tmp_path / "ring") == tuple(f"line {number}" for number in range(5))
    assert stat.S_IMODE((tmp_path / "ring").stat().st_mode) == 0o600


def test_the_newest_lines_overwrite_the_oldest_and_the_file_stays_its_size(tmp_path: Path) -> None:
    box = BlackBox(tmp_path / "ring")
    for number in range(blackbox.SLOTS + 7):
        box.write(str(number))
    assert (tmp_path / "ring").stat().st_size == blackbox.SLOTS * blackbox.SLOT_BYTES
    lines = blackbox.read(tmp_path / "ring")
    assert (lines[0], lines[-1], len(lines)) == ("7", str(blackbox.SLOTS + 6), blackbox.SLOTS)


def test_a_second_guardian_goes_on_where_the_first_ended(tmp_path: Path) -> None:
    BlackBox(tmp_path / "ring").write("first")
    BlackBox(tmp_path / "ring").write("second")
    assert blackbox.read(tmp_path / "ring") == ("first", "second")


def test_a_line_that_is_too_long_is_cut_and_marked(tmp_path: Path) -> None:
    box = BlackBox(tmp_path / "ring")
    box.write("long " * 500 + "\nsecond row")
    (line,) = blackbox.read(tmp_path / "ring")
    assert line.endswith("...")
    assert len(line) < blackbox.SLOT_BYTES


def test_damage_costs_the_damaged_lines_only(tmp_path: Path) -> None:
    box = BlackBox(tmp_path / "ring")
    for number in range(4):
        box.write(f"line {number}")
    raw = bytearray((tmp_path / "ring").read_bytes())
    raw[blackbox.SLOT_BYTES : blackbox.SLOT_BYTES + 12] = b"\xff" * 12
    (tmp_path / "ring").write_bytes(bytes(raw) + b"half a slot")
    assert blackbox.read(tmp_path / "ring") == ("line 0", "line 2", "line 3")
