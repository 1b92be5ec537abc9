"""The two clocks of the computer, and what lies between them."""

from __future__ import annotations

import time

import pytest

from retrotread.clock import suspended_s


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="this system has no boot-time clock")
def test_what_the_boot_time_clock_is_ahead_is_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    read = {time.CLOCK_BOOTTIME: 1040.5}
    monkeypatch.setattr(time, "clock_gettime", read.__getitem__)
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)
    assert suspended_s() == 40.5


def test_a_system_without_that_clock_tells_of_no_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(time, "CLOCK_BOOTTIME", raising=False)
    assert suspended_s() == 0.0
