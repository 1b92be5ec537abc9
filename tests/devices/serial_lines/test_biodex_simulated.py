"""The simulated Biodex, byte by byte and moment by moment, as two pages of its manual describe it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.devices.biodex.simulated import BiodexMachine, Setup
from retrotread.machine import BeltDirection

ONE_MPH_KPH = 1.609344


class Talk:
    """A machine, a moment, and somebody who asks."""

    def __init__(self, **settings: Any) -> None:
        self.machine, self.now_s = BiodexMachine(Setup(**settings), 1000.0), 1000.0

    def ask(self, hexed: str, wait_s: float = 0.1) -> str:
        """Say it, wait, and what was answered meanwhile."""
        self.machine.take(bytes.fromhex(hexed), self.now_s)
        return self.hear(wait_s)

    def hear(self, wait_s: float) -> str:
        self.now_s += wait_s
        return self.machine.said(self.now_s).hex()

    @property
    def mph(self) -> float:
        return self.machine.belt_speed_kph(self.now_s) / ONE_MPH_KPH

    @property
    def way(self) -> BeltDirection | None:
        return self.machine.belt_direction(self.now_s)


def test_the_commands_of_the_manual_byte_for_byte() -> None:
    talk = Talk()
    assert talk.ask("9f") == "9634"
    assert talk.ask("82303235") == "82"
    assert talk.ask("833035") == "83"
    assert talk.ask("8446") == "84"
    assert talk.ask("85313530") == "85"
    assert talk.ask("80", 20) == "80"
    assert talk.ask("a0") == "a0303235"
    assert talk.ask("a1") == "a13035"
    assert talk.ask("a2") == "a246"
    assert talk.ask("a7") == "a7000000"
    assert talk.ask("81", 20) == "81"
    assert talk.ask("a0") == "a0303030"


def test_the_direction_is_a_state_of_its_own_and_survives_a_stop() -> None:
    talk = Talk()
    assert talk.ask("8452") == "84"
    talk.ask("82303230")
    talk.ask("80", 20)
    assert (round(talk.mph, 3), talk.way, talk.ask("a2")) == (2.0, BeltDirection.REVERSED, "a252")
    talk.ask("81", 20)
    assert talk.ask("a2") == "a252"


def test_a_running_belt_refuses_another_direction_or_ramps_through_zero() -> None:
    for strict, answer in ((True, "af"), (False, "84")):
        talk = Talk(strict=strict)
        talk.ask("82303230")
        talk.ask("80", 20)
        assert talk.ask("8452", 20) == answer
        assert talk.way is (BeltDirection.FORWARD if strict else BeltDirection.REVERSED)


def test_a_machine_without_reverse_refuses_the_letter() -> None:
    assert Talk(reverses=False).ask("8452") == "af"


def test_the_lanyard_stops_the_belt_shows_in_a_bit_and_refuses_a_start() -> None:
    talk = Talk()
    talk.ask("82303230")
    talk.ask("80", 20)
    talk.machine.emergency_stop(talk.now_s)
    assert talk.ask("a7", 10) == "a7004000"
    assert talk.mph == 0
    assert talk.ask("80", 5) == "af"
    talk.machine.release(talk.now_s)
    assert talk.ask("a7") == "a7020000", "a start when none was expected, told once"
    assert talk.ask("a7") == "a7000000"
    assert talk.ask("80", 20) == "80"


@pytest.mark.parametrize(
    ("hexed", "bit"),
    [("b1", "01"), ("35", "02"), ("8230a0", "04"), ("82", "08"), ("82393939", "40"), ("833939", "40"), ("8458", "40")],
)
def test_what_is_refused_says_why_in_the_next_status(hexed: str, bit: str) -> None:
    """Unknown, data without a command, a command inside another, data that never came, out of range."""
    talk = Talk()
    assert talk.ask(hexed, 0.6)[:2] == "af"
    assert talk.ask("a7")[2:4] == bit


def test_data_may_come_byte_by_byte_within_their_time() -> None:
    talk = Talk()
    assert [talk.ask(one, 0.1) for one in ("82", "30", "32", "30")] == ["", "", "", "82"]


def test_a_stop_that_is_ignored_is_answered_all_the_same() -> None:
    talk = Talk()
    talk.ask("82303230")
    talk.ask("80", 20)
    talk.machine.obeys_stop = False
    assert talk.ask("81", 20) == "81"
    assert talk.mph > 0


def test_silence_stops_nothing_and_says_nothing() -> None:
    talk = Talk()
    talk.ask("82303230")
    talk.ask("80", 20)
    assert talk.hear(3600) == ""
    assert talk.mph == pytest.approx(2.0)


@given(st.lists(st.binary(max_size=12), max_size=30))
def test_any_bytes_leave_a_belt_that_is_within_its_range(pieces: list[bytes]) -> None:
    talk = Talk()
    for piece in pieces:
        talk.machine.take(piece, talk.now_s)
        talk.hear(0.3)
        assert 0 <= talk.mph <= 10.0
        assert 0 <= talk.machine.deck_percent(talk.now_s) <= 15.0
