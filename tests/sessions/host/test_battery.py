"""What is left of the battery, from a folder like the kernel's."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrotread.sessions.host.battery import Gauge, battery_percent

MOUSE = {"type": "Battery", "scope": "Device", "status": "Discharging", "capacity": "3"}
MAINS = {"type": "Mains", "online": "1"}


def supplies(folder: Path, *each: dict[str, str]) -> Path:
    for at, files in enumerate(each):
        (folder / f"SUP{at}").mkdir()
        for name, text in files.items():
            (folder / f"SUP{at}" / name).write_text(f"{text}\n")
    return folder


def a_battery(status: str, capacity: str) -> dict[str, str]:
    return {"type": "Battery", "status": status, "capacity": capacity}


@pytest.mark.parametrize(
    ("each", "percent"),
    [
        ([], None),
        ([MAINS], None),
        ([MOUSE], None),
        ([MAINS, a_battery("Charging", "8")], None),
        ([a_battery("Full", "100")], None),
        ([a_battery("Discharging", "23")], 23),
        ([MOUSE, a_battery("Discharging", "5"), a_battery("Discharging", "61")], 61),
        ([a_battery("Discharging", "104")], 100),
        ([a_battery("Discharging", "-1")], None),
        ([a_battery("Discharging", "")], None),
        ([a_battery("Discharging", "\N{SUPERSCRIPT TWO}")], None),
        ([{"type": "Battery"}], None),
    ],
)
def test_only_a_battery_of_this_computer_that_is_being_emptied_counts(
    tmp_path: Path, each: list[dict[str, str]], percent: int | None
) -> None:
    assert battery_percent(supplies(tmp_path, *each)) == percent


def test_a_system_without_such_files_tells_nothing(tmp_path: Path) -> None:
    assert battery_percent(tmp_path / "none") is None


def test_the_gauge_reads_by_itself(tmp_path: Path) -> None:
    gauge = Gauge(supplies(tmp_path, a_battery("Discharging", "44")))
    try:
        assert gauge.first_look(5.0)
        assert gauge.percent == 44
    finally:
        gauge.close()
