"""The simulated Trackmaster, byte by byte and moment by moment, as its manuals describe it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.devices.trackmaster.simulated import RefusedStart, Setup, TrackmasterMachine
from retrotread.machine import SpeedUnit

METRIC = Setup(unit=SpeedUnit.KPH)


class Talk:
    """A machine, a moment, and somebody who asks."""

    def __init__(self, setup: Setup = METRIC) -> None:
        self.machine, self.now_s = TrackmasterMachine(setup, 1000.0), 1000.0

    def ask(self, hexed: str, wait_s: float = 0.1) -> str:
        """Say it, wait, and what was answered meanwhile."""
        self.machine.take(bytes.fromhex(hexed), self.now_s)
        return self.hear(wait_s)

    def hear(self, wait_s: float) -> str:
        self.now_s += wait_s
        return self.machine.said(self.now_s).hex()

    def keep_asking(self, seconds: float, every_s: float = 0.4) -> str:
        answers = [self.ask("c1", every_s) for _ in range(round(seconds / every_s))]
        return answers[-1]

    @property
    def speed_kph(self) -> float:
        return self.machine.belt_speed_kph(self.now_s)


def test_the_session_of_the_manual_byte_for_byte() -> None:
    talk = Talk()
    assert talk.ask("a2") == "b2"
    assert talk.ask("c0") == "d031"
    assert talk.ask("a430303530") == "b4"
    assert talk.ask("a330303430") == "b3"
    assert talk.ask("a0") == "b0"
    assert talk.ask("c0") == "d032"
    assert talk.ask("a430303433") == "be"
    assert talk.ask("aa") == "ba"
    assert talk.ask("c4") == "d430303030"


def test_it_speaks_only_when_spoken_to() -> None:
    talk = Talk()
    talk.ask("a0")
    assert talk.hear(3600) == ""


def test_a_watched_belt_stops_after_half_a_second_of_silence_and_lowers_its_deck() -> None:
    talk = Talk()
    talk.ask("a430303530")
    talk.ask("a330303430")
    talk.ask("a0")
    talk.keep_asking(20)
    assert talk.speed_kph == pytest.approx(4.0)
    talk.hear(0.499 - 0.4)
    assert talk.speed_kph == pytest.approx(4.0)
    talk.hear(0.101)
    assert talk.speed_kph < 4.0
    talk.hear(30)
    assert (talk.speed_kph, talk.machine.deck_percent(talk.now_s)) == (0, 0)
    assert talk.ask("c0") == "d031"


def test_an_unwatched_belt_runs_on_whoever_dies() -> None:
    talk = Talk()
    talk.ask("a1")
    talk.hear(3600)
    assert talk.speed_kph == pytest.approx(0.5)
    assert talk.ask("c0") == "d033"


def test_the_reported_speed_is_a_mean_of_two_seconds() -> None:
    talk = Talk()
    talk.ask("a330303430")
    talk.ask("a1", 1.0)
    assert talk.speed_kph == pytest.approx(0.8)
    assert talk.ask("c1", 0.1) == "d130303032", "0.2: the mean since it began"


def test_a_new_speed_is_corrected_four_seconds_after_it_was_nearly_reached() -> None:
    talk = Talk()
    talk.ask("a330313030")
    talk.ask("a1", 14.0)
    assert talk.speed_kph == pytest.approx(9.8)
    talk.hear(4.0)
    assert talk.speed_kph == pytest.approx(10.0)


@pytest.mark.parametrize(("hexed", "why"), [("a330303034", "below"), ("a330313531", "above"), ("a430323535", "above")])
def test_what_is_out_of_range_is_refused_and_the_old_set_point_stays(hexed: str, why: str) -> None:
    talk = Talk()
    talk.ask("a330303430")
    assert talk.ask(hexed) == "be"
    assert talk.ask("c3") == "d330303430"
    assert talk.ask("c4") == "d430303030"


def test_the_speed_is_in_its_own_unit() -> None:
    talk = Talk(Setup(unit=SpeedUnit.MPH))
    talk.ask("a330303430")
    talk.ask("a1", 60.0)
    assert talk.speed_kph == pytest.approx(4.0 * 1.609344)
    assert talk.ask("c1") == "d130303430"


@pytest.mark.parametrize("code", ["ad", "ae", "af", "ce", "cf"])
def test_an_unknown_command_is_illegal(code: str) -> None:
    assert Talk().ask(code) == "bf"


@pytest.mark.parametrize("hexed", ["a530303132", "a63031", "a73031", "a8", "a930303830"])
def test_what_this_family_leaves_empty_is_accepted_and_does_nothing(hexed: str) -> None:
    talk = Talk()
    assert talk.ask(hexed) == f"b{hexed[1]}"
    assert talk.ask("c5") == "d530303030"
    assert talk.ask("c8") == "d83030"


def test_the_echo_flag_repeats_the_data_and_is_toggled() -> None:
    talk = Talk()
    assert talk.ask("ac") == "bc"
    assert talk.ask("a330303430") == "b330303430"
    assert talk.ask("ac") == "bc"
    assert talk.ask("a330303430") == "b3"


def test_an_emergency_stop_is_silence_and_a_belt_without_power() -> None:
    talk = Talk()
    talk.ask("a1", 5.0)
    talk.machine.emergency_stop(talk.now_s)
    assert talk.ask("c1", 5.0) == ""
    assert talk.speed_kph == 0


def test_power_up_says_t_and_locks_starts_out_until_a_stop() -> None:
    talk = Talk()
    talk.machine.emergency_stop(talk.now_s)
    talk.machine.release(talk.now_s)
    assert talk.hear(0.1) == "54"
    assert talk.ask("a0") == "bf"
    talk.hear(5.0)
    assert talk.ask("a0") == "bf", "one start too early locks the later ones out as well"
    assert talk.ask("a2") == "b2"
    assert talk.ask("a0") == "b0"


def test_a_lock_out_ends_after_twenty_seconds_of_silence() -> None:
    talk = Talk()
    talk.machine.emergency_stop(talk.now_s)
    talk.machine.release(talk.now_s)
    talk.ask("a0")
    talk.hear(19.0)
    assert talk.ask("a0").endswith("bf")
    talk.hear(20.0)
    assert talk.ask("a0") == "b0"


@pytest.mark.parametrize(("kind", "said"), [(RefusedStart.SILENT, ""), (RefusedStart.ACKNOWLEDGED, "b0")])
def test_what_a_refused_start_says_is_a_setting_and_the_belt_never_moves(kind: RefusedStart, said: str) -> None:
    talk = Talk(Setup(unit=SpeedUnit.KPH, refused_start=kind))
    talk.machine.emergency_stop(talk.now_s)
    talk.machine.release(talk.now_s)
    talk.hear(0.5)
    assert talk.ask("a0", 5.0) == said
    assert talk.speed_kph == 0


def test_an_echoed_t_begins_the_self_test() -> None:
    """What the driver must never do: the belt runs up to 10 mph."""
    talk = Talk()
    talk.machine.emergency_stop(talk.now_s)
    talk.machine.release(talk.now_s)
    echo = talk.hear(0.1)
    talk.ask(echo, 30.0)
    assert talk.speed_kph == pytest.approx(16.0)


def test_a_stop_that_is_ignored_is_acknowledged_all_the_same() -> None:
    talk = Talk()
    talk.ask("a1", 5.0)
    talk.machine.obeys_stop = False
    assert talk.ask("a2", 30.0) == "b2"
    assert talk.speed_kph > 0


@given(st.lists(st.binary(max_size=12), max_size=30))
def test_any_bytes_leave_a_belt_that_is_within_its_range(pieces: list[bytes]) -> None:
    machine, now_s = TrackmasterMachine(METRIC, 0.0), 0.0
    for piece in pieces:
        machine.take(piece, now_s)
        now_s += 0.3
        machine.said(now_s)
        assert 0 <= machine.belt_speed_kph(now_s) <= 16.0
        assert 0 <= machine.deck_percent(now_s) <= 25.0
