"""A serial machine on virtual time whose line goes and comes back: a new driver meets it over a new line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from retrotread.devices.csafe.driver import CsafeConnection
from retrotread.devices.csafe.reach import CAREFUL
from retrotread.devices.csafe.simulated import CsafeMachine, Setup
from retrotread.devices.serialport.wired import Wired, WiredTreadmill
from retrotread.machine import LinkLost, StartBelt, StopBelt, Telemetry


@pytest.fixture
def running() -> Iterator[WiredTreadmill]:
    """A belt that runs on whatever becomes of the line."""
    made = WiredTreadmill(Wired(CAREFUL, lambda now_s: CsafeMachine(Setup(), now_s), CsafeConnection))
    made.perform(StartBelt(), 1.0)
    made.advance(10.0)
    assert made.belt_speed_kph > 0
    yield made
    made.close()


def kinds(reports: tuple[Any, ...]) -> set[type]:
    return {type(one) for one in reports}


def test_a_line_that_comes_back_is_met_anew_and_carries_a_stop(running: WiredTreadmill) -> None:
    running.drop_link(10.0, "pulled", returns_after_s=3.0)
    assert LinkLost("pulled") in running.advance(11.0)
    assert not running.reconnect(12.0), "it is still away"
    assert not running.reconnect(13.0), "to meet it takes a moment"
    assert running.reconnect(14.0)
    assert kinds(running.advance(15.0)) == {Telemetry}
    running.perform(StopBelt(), 15.0)
    running.advance(25.0)
    assert running.belt_speed_kph == 0


def test_a_line_that_was_pulled_for_good_does_not_come_back(running: WiredTreadmill) -> None:
    running.line.unplug()
    assert not any(running.reconnect(11.0 + second) for second in range(60))
    assert running.belt_speed_kph > 0


def test_a_machine_that_does_not_answer_is_not_met_and_tried_again(running: WiredTreadmill) -> None:
    running.machine.voice.answers = False  # type: ignore[attr-defined]
    running.drop_link(10.0, "pulled", returns_after_s=0.0)
    assert not any(running.reconnect(11.0 + second) for second in range(5))
    running.machine.voice.answers = True  # type: ignore[attr-defined]
    assert any(running.reconnect(17.0 + second) for second in range(3))
