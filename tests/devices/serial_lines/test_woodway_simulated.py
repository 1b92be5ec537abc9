"""The simulated Woodway, byte by byte and moment by moment: what the library tells, and knobs for what it does not."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.devices.woodway.simulated import ONE_MPH_KPH, Setup, State, TimeoutTold, WoodwayMachine
from retrotread.machine import BeltDirection

FORWARD, REVERSED = BeltDirection.FORWARD, BeltDirection.REVERSED
AS_IT_COMES = Setup()


class Talk:
    """A machine, a moment, and somebody who asks."""

    def __init__(self, setup: Setup = AS_IT_COMES) -> None:
        self.machine, self.now_s = WoodwayMachine(setup, 1000.0), 1000.0

    def ask(self, hexed: str, wait_s: float = 0.1) -> str:
        """Say it, wait, and what was answered meanwhile."""
        self.machine.take(bytes.fromhex(hexed), self.now_s)
        return self.hear(wait_s)

    def hear(self, wait_s: float) -> str:
        self.now_s += wait_s
        return self.machine.said(self.now_s).hex()

    def keep_asking(self, seconds: float, every_s: float = 0.4) -> list[str]:
        return [self.ask("c1", every_s) for _ in range(round(seconds / every_s))]

    @property
    def mph(self) -> float:
        """With the sign of its way."""
        sign = -1 if self.machine.belt_direction(self.now_s) is REVERSED else 1
        return sign * self.machine.belt_speed_kph(self.now_s) / ONE_MPH_KPH


def running(hexed_speed: str, setup: Setup = AS_IT_COMES) -> Talk:
    talk = Talk(setup)
    talk.ask(hexed_speed)
    talk.ask("a0")
    talk.keep_asking(10)
    return talk


def test_a_session_byte_for_byte() -> None:
    talk = Talk()
    assert talk.ask("c0") == "d000"
    assert talk.ask("c1") == "d130303030"
    assert talk.ask("a330303230") == "b3"
    assert talk.mph == 0, "a speed is stored while it rests"
    assert talk.ask("a0") == "b0"
    assert talk.keep_asking(10)[-1] == "d130303230"
    assert talk.ask("a430323030") == "b4"
    assert talk.ask("aa") == "ba"
    talk.keep_asking(60)
    assert (talk.ask("c1"), talk.ask("c2")) == ("d130303030", "d230303030")


def test_answers_come_one_behind_the_other_as_the_line_carries_them() -> None:
    talk = Talk()
    talk.ask("c1c2", 0.0)
    assert talk.hear(0.0205) == "d130303030"
    assert talk.hear(0.0095) == ""
    assert talk.hear(0.001) == "d230303030"


def test_a_reversed_belt_is_told_with_the_digit_three() -> None:
    talk = running("a333303230")
    assert talk.ask("c1") == "d133303230"
    assert (round(talk.mph, 6), talk.machine.belt_direction(talk.now_s)) == (-2.0, REVERSED)


def test_a_change_of_sign_ramps_through_zero() -> None:
    talk = running("a330303230")
    assert talk.ask("a333303230") == "b3"
    told = talk.keep_asking(12, every_s=0.05)
    ways = list(dict.fromkeys(one[2:4] for one in told if one != "d130303030"))
    assert "d130303030" in told
    assert (ways, told[-1]) == (["30", "33"], "d133303230")


def test_the_strict_mode_refuses_a_change_of_sign_above_zero_and_takes_it_at_rest() -> None:
    talk = running("a330303230", Setup(strict=True))
    assert talk.ask("a333303230") == "be"
    assert talk.keep_asking(4)[-1] == "d130303230", "the old one stays"
    talk.ask("a2")
    talk.keep_asking(6)
    assert talk.ask("a333303230") == "b3"


def test_zero_is_no_change_of_sign_in_the_strict_mode() -> None:
    talk = running("a333303230", Setup(strict=True))
    assert talk.ask("a330303030") == "b3"


def test_a_machine_without_the_option_refuses_the_digit_three() -> None:
    assert Talk(Setup(reverses=False)).ask("a333303230") == "be"


@pytest.mark.parametrize("hexed", ["a331303230", "a332303230", "a330323939"], ids=["digit 1", "digit 2", "29.9 mph"])
def test_what_it_does_not_know_or_cannot_run_is_refused(hexed: str) -> None:
    assert Talk().ask(hexed) == "be"


@pytest.mark.parametrize("hexed", ["a1", "c4", "ff"])
def test_an_unknown_opcode_is_refused_as_such(hexed: str) -> None:
    assert Talk().ask(hexed) == "bf"


def test_a_belt_with_a_timer_stops_in_silence_and_says_so() -> None:
    talk = running("a333303230")
    assert talk.hear(0.09) == ""
    assert talk.hear(0.05) == "bd"
    talk.hear(10)
    assert (talk.mph, talk.machine.state) == (0, State.IDLE)


def test_where_the_timer_is_told_late_it_comes_before_the_next_answer() -> None:
    talk = running("a333303230", Setup(timeout_told=TimeoutTold.WITH_THE_NEXT_ANSWER))
    assert talk.hear(20) == ""
    assert talk.ask("c1") == "bdd130303030"


def test_a_belt_without_a_timer_runs_on_whoever_dies() -> None:
    talk = Talk()
    talk.ask("a330303230")
    talk.ask("a9")
    talk.hear(3600)
    assert round(talk.mph, 6) == 2.0


def test_the_emergency_stop_is_silence() -> None:
    talk = running("a330303230")
    talk.machine.emergency_stop(talk.now_s)
    assert talk.keep_asking(10) == [""] * 25
    assert talk.mph == 0
    talk.machine.release(talk.now_s)
    assert talk.ask("c1") == "d130303030"


def test_faults_move_the_belt_without_a_word() -> None:
    talk = Talk()
    talk.machine.start_by_itself(talk.now_s)
    assert talk.hear(10) == ""
    assert talk.mph > 0
    talk = running("a330303230")
    talk.machine.turn_round(talk.now_s)
    talk.keep_asking(12)
    assert round(talk.mph, 6) == -2.0


def test_time_does_not_go_back() -> None:
    talk = Talk()
    with pytest.raises(ValueError, match="lies before"):
        talk.machine.advance(999.0)


@given(st.lists(st.tuples(st.binary(max_size=12), st.floats(0.0, 2.0)), max_size=40))
def test_whatever_it_hears_it_never_jumps_and_answers_within_bounds(heard: list[tuple[bytes, float]]) -> None:
    talk = Talk()
    before = talk.mph
    for data, wait_s in heard:
        talk.ask(data.hex(), wait_s)
        assert abs(talk.mph - before) * ONE_MPH_KPH <= 2.0 * wait_s + 1e-9
        before = talk.mph
        assert not math.isnan(talk.machine.next_due_s)
