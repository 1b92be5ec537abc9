"""The simulated CSAFE treadmill, frame by frame and moment by moment."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.devices.csafe import codec
from retrotread.devices.csafe.codec import Command, Previous, State
from retrotread.devices.csafe.frame import Frame, Unframer, frame
from retrotread.devices.csafe.simulated import CsafeMachine, Setup, Speeds


class Talk:
    """A machine, a moment, and somebody who asks."""

    def __init__(self, **settings: Any) -> None:
        self.machine, self.now_s = CsafeMachine(Setup(**settings), 1000.0), 1000.0

    def ask(self, hexed: str, wait_s: float = 0.2) -> str:
        """Say it, wait, and what was answered meanwhile."""
        self.machine.take(bytes.fromhex(hexed), self.now_s)
        return self.hear(wait_s)

    def hear(self, wait_s: float) -> str:
        self.now_s += wait_s
        return self.machine.said(self.now_s).hex()

    def status(self, hexed: str = "f18080f2") -> codec.Status:
        (one,) = Unframer().feed(bytes.fromhex(self.ask(hexed)))
        assert isinstance(one, Frame)
        told = codec.answer(one.contents)
        assert told is not None
        return told.status

    def into_use(self) -> None:
        for hexed in ("f101015050f2", "f18282f2", "f18383f2", "f18585f2"):
            self.ask(hexed)
        self.hear(10)

    @property
    def speed_kph(self) -> float:
        return self.machine.belt_speed_kph(self.now_s)


def test_the_published_sequence_byte_for_byte() -> None:
    talk = Talk()
    assert talk.ask("f18080f2") == "f10101f2", "ready"
    assert talk.ask("f18282f2") == "f18282f2", "idle, toggled"
    assert talk.ask("f18383f2") == "f10303f2", "has an ID"
    assert talk.ask("f18585f2") == "f18585f2", "in use"
    assert talk.ask("f100f2") == "f10505f2"


def test_the_bits_of_an_answer_are_about_the_frame_before() -> None:
    talk = Talk()
    assert talk.status("f18383f2").previous is Previous.OK, "no HaveID from Ready, and this does not say so yet"
    assert talk.status().previous is Previous.REJECTED
    assert talk.status().previous is Previous.OK
    assert talk.ask("f18081f2") == "", "a wrong checksum is not answered"
    assert talk.status().previous is Previous.BAD


def test_a_belt_moves_after_a_countdown_and_follows_a_speed() -> None:
    talk = Talk()
    talk.into_use()
    assert talk.speed_kph == pytest.approx(0.8)
    talk.ask("f1250350003147f2", 20)
    assert talk.speed_kph == pytest.approx(8.0)
    assert talk.ask("f1a5a5f2")[4:-4] == "a503500031"
    assert talk.ask("f18686f2", 20)
    assert (talk.speed_kph, talk.machine.state) == (0, State.FINISHED)


@pytest.mark.parametrize(("speeds", "verdict"), [(Speeds.IGNORED, Previous.OK), (Speeds.REJECTED, Previous.REJECTED)])
def test_a_speed_that_it_does_not_obey_is_taken_or_rejected_and_moves_nothing(
    speeds: Speeds, verdict: Previous
) -> None:
    talk = Talk(speeds=speeds)
    talk.into_use()
    talk.ask("f1250350003147f2", 20)
    assert talk.status().previous is verdict
    assert talk.speed_kph == pytest.approx(0.8)


def test_without_external_control_no_speed_is_taken() -> None:
    talk = Talk()
    for hexed in ("f18282f2", "f18383f2", "f18585f2", "f1250350003147f2"):
        talk.ask(hexed)
    assert talk.status().previous is Previous.REJECTED


def test_an_id_without_a_workout_runs_out() -> None:
    talk = Talk()
    talk.ask("f18282f2")
    talk.ask("f18383f2", 9.9)
    assert talk.status().state is State.HAVE_ID
    assert talk.status().state is State.IDLE


def test_a_belt_that_stands_in_use_is_paused_and_then_finished() -> None:
    talk = Talk()
    talk.into_use()
    talk.ask("f1250300003117f2", 0.8 + 5.5)
    assert talk.status().state is State.IN_USE
    talk.hear(0.6)
    assert talk.status().state is State.PAUSED
    talk.hear(220)
    assert talk.status().state is State.FINISHED


def test_a_frame_that_comes_too_soon_is_lost() -> None:
    talk = Talk()
    talk.ask("f18080f2", 0.02)
    assert talk.ask("f18282f2") == ""
    assert talk.machine.state is State.READY


def test_an_answer_takes_the_time_of_its_bytes_at_9600_baud() -> None:
    talk = Talk()
    assert talk.ask("f18080f2", 0.0141) == "", "10 ms, and four bytes of 1.04 ms"
    assert talk.hear(0.0002) == "f10101f2"


def test_what_it_leaves_out_is_a_bare_status_that_says_all_was_fine() -> None:
    talk = Talk(leaves_out=frozenset({Command.GET_GRADE}))
    assert talk.ask("f1a8a8f2") == "f10101f2"
    assert talk.status().previous is Previous.OK


@pytest.mark.parametrize(("first", "bytes_told"), [(True, "00316c4b"), (False, "4b6c3100")])
def test_the_order_of_the_odometer_is_a_setting(first: bool, bytes_told: str) -> None:
    assert f"9b05{bytes_told}23" in Talk(odometer_msb_first=first).ask("f19b9bf2")


def test_acknowledgements_can_be_switched_off_and_get_status_is_answered_all_the_same() -> None:
    talk = Talk()
    assert talk.ask(frame(b"\x01\x01\x00").hex()) == ""
    assert talk.ask("f18282f2") == ""
    assert talk.ask("f18080f2") != ""


def test_a_belt_begun_by_hand_is_off_line_and_takes_nothing() -> None:
    talk = Talk()
    talk.machine.start_by_itself(talk.now_s)
    talk.hear(10)
    talk.ask("f18686f2")
    assert talk.status() == codec.Status(State.OFF_LINE, Previous.REJECTED, toggle=True)
    assert talk.speed_kph == pytest.approx(3.0)


def test_a_pulled_key_stops_the_belt_and_the_line_goes_on() -> None:
    talk = Talk()
    talk.into_use()
    talk.machine.emergency_stop(talk.now_s)
    talk.hear(10)
    assert talk.speed_kph == 0
    assert talk.status().state is State.ERROR
    talk.machine.release(talk.now_s)
    assert talk.status().state is State.READY


def test_a_stop_that_is_ignored_is_taken_all_the_same() -> None:
    talk = Talk()
    talk.into_use()
    talk.machine.obeys_stop = False
    talk.ask("f18686f2", 10)
    assert talk.status().previous is Previous.OK
    assert talk.speed_kph > 0


def test_silence_stops_nothing() -> None:
    talk = Talk()
    talk.into_use()
    assert talk.hear(3600) == ""
    assert talk.speed_kph == pytest.approx(0.8)


@given(st.lists(st.binary(max_size=12), max_size=20), st.lists(st.binary(max_size=6), max_size=10))
def test_any_bytes_leave_a_belt_that_is_within_its_range(raw: list[bytes], contents: list[bytes]) -> None:
    talk = Talk()
    talk.into_use()
    for piece in raw + [frame(one) for one in contents]:
        talk.machine.take(piece, talk.now_s)
        talk.hear(0.3)
        assert 0 <= talk.speed_kph <= 16.0
        assert 0 <= talk.machine.deck_percent(talk.now_s) <= 15.0
