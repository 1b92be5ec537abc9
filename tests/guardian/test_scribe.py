"""The thread behind the black box: what a disk that is full or stuck costs, and what it does not."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from retrotread.guardian import scribe
from retrotread.guardian.scribe import Scribe


class Disk:
    """A box whose disk fails, or stands still, when the test says so."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.syncs = 0
        self.full = False
        self.refused = threading.Semaphore(0)
        self.free = threading.Event()
        self.free.set()

    def write(self, line: str) -> None:
        self.free.wait(10)
        if self.full:
            self.refused.release()
            raise OSError("no space left on device")
        self.lines.append(line)

    def sync(self) -> None:
        self.syncs += 1


@pytest.fixture
def disk() -> Disk:
    return Disk()


def written(disk: Any, *lines: str) -> Scribe:
    one = Scribe(disk)
    for line in lines:
        one.write(line)
    return one


def test_lines_are_written_in_order_and_the_end_waits_for_them(disk: Disk) -> None:
    written(disk, "first", "second").end()
    assert (disk.lines, disk.syncs) == (["first", "second"], 1)


def test_lines_that_a_full_disk_refused_are_counted_where_it_takes_lines_again(disk: Disk) -> None:
    disk.full = True
    one = written(disk, "first", "second")
    assert disk.refused.acquire(timeout=10)
    assert disk.refused.acquire(timeout=10)
    disk.full = False
    one.write("third")
    one.end()
    assert disk.lines == ["2 lines could not be written here: the disk was full, slow or gone", "third"]


def test_a_disk_that_stands_still_holds_nobody_up_and_costs_lines(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scribe, "JOBS", 2)
    monkeypatch.setattr(scribe, "LAST_WAIT_S", 0.05)
    disk.free.clear()
    one = written(disk, *(f"line {number}" for number in range(10)))
    one.sync()
    one.end()
    disk.free.set()
    one.end()
    assert "lines could not be written here: the disk was full, slow or gone" in "".join(disk.lines)
    assert len(disk.lines) < 10


def test_one_request_for_the_disk_is_enough_until_it_is_met(disk: Disk) -> None:
    disk.free.clear()
    one = written(disk, "line")
    for _ in range(5):
        one.sync()
    disk.free.set()
    one.end()
    assert disk.syncs == 1
