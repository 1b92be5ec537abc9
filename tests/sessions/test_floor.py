"""One voice and several who want it: a warning is never late or lost, a remark is never in the way."""

from __future__ import annotations

from retrotread.sessions.floor import KEPT_S, REMARK_KEPT_S, STEP_KEPT_S, Floor
from retrotread.sessions.narration import Utterance
from retrotread.workouts.cues import CueKind
from retrotread.workouts.remarks import speaks_s

WARNING = Utterance("faster in 5 seconds, 3.0 km/h", True, True, CueKind.RISE_SOON)
THREE = Utterance("3", True, kind=CueKind.COUNT)
NAME = Utterance("walk 60 s, 3.0 km/h", kind=CueKind.STEP)
NEXT = Utterance("next: run 60 s, 6.5 km/h", kind=CueKind.NEXT_STEP)
TALL = Utterance("stay tall", remark=True)
STOP = Utterance("Stopping: a stop was asked for", True)


def said(floor: Floor, now_s: float, rise_pending: bool = False) -> list[str]:
    return [word.one.text for word in floor.take(now_s, rise_pending)]


def asked(*ones: Utterance, at_s: float = 0.0, floor: Floor | None = None) -> Floor:
    floor = floor or Floor()
    for one in ones:
        floor.offer(at_s, one, one.text)
    return floor


def test_a_warning_is_said_in_the_turn_in_which_it_is_planned_whatever_is_being_spoken() -> None:
    floor = asked(NAME)
    assert said(floor, 0.0) == [NAME.text]
    asked(TALL, WARNING, at_s=0.5, floor=floor)
    assert said(floor, 0.5, rise_pending=True)[0] == WARNING.text


def test_a_remark_waits_for_silence_and_is_left_out_where_there_is_none_in_time() -> None:
    floor = asked(NAME)
    assert said(floor, 0.0) == [NAME.text]
    asked(TALL, at_s=0.1, floor=floor)
    assert said(floor, 0.2) == []
    assert said(floor, 0.1 + REMARK_KEPT_S + 0.1) == []
    asked(TALL, at_s=10.0, floor=floor)
    assert said(floor, 10.0) == [TALL.text]


def test_between_a_warning_and_its_rise_only_the_count_is_heard_and_the_step_is_named_after_it() -> None:
    floor = asked(WARNING, NAME)
    assert said(floor, 0.0, rise_pending=True) == [WARNING.text]
    asked(THREE, at_s=4.0, floor=floor)
    assert said(floor, 4.0, rise_pending=True) == [THREE.text]
    assert said(floor, 5.1) == [NAME.text]


def test_a_number_that_would_cut_the_warning_is_left_out_and_the_next_one_is_said() -> None:
    long = Utterance("faster in 5 seconds, and a long word about it", True, True, CueKind.RISE_SOON)
    floor = asked(long)
    said(floor, 0.0, rise_pending=True)
    asked(THREE, at_s=2.0, floor=floor)
    assert said(floor, 2.0, rise_pending=True) == []
    asked(THREE, at_s=speaks_s(long.text), floor=floor)
    assert said(floor, speaks_s(long.text), rise_pending=True) == [THREE.text]


def test_a_number_breaks_off_everything_else() -> None:
    floor = asked(NAME)
    said(floor, 0.0)
    asked(THREE, at_s=0.5, floor=floor)
    assert said(floor, 0.5) == [THREE.text]


def test_a_stop_takes_with_it_what_was_waiting_to_be_said() -> None:
    floor = asked(WARNING, NAME)
    said(floor, 0.0, rise_pending=True)
    asked(STOP, at_s=2.0, floor=floor)
    assert said(floor, 2.0) == [STOP.text]
    assert said(floor, 2.1) == []


def test_what_is_said_with_a_stop_is_still_said() -> None:
    assert said(asked(NAME, STOP, NEXT), 0.0) == [STOP.text, NEXT.text]


def test_what_waited_too_long_speaks_of_what_was_and_is_left_out() -> None:
    assert said(asked(NEXT), KEPT_S + 0.1) == []
    assert said(asked(NAME), STEP_KEPT_S - 0.1) == [NAME.text]
    assert said(asked(NAME), STEP_KEPT_S + 0.1) == []


def test_an_urgent_word_is_never_left_out_however_late_it_is() -> None:
    assert said(asked(WARNING), 60.0) == [WARNING.text]


def test_the_floor_is_free_when_what_was_said_must_be_over() -> None:
    floor = asked(NAME)
    said(floor, 3.0)
    assert floor.free_s == 3.0 + speaks_s(NAME.text)
    asked(THREE, at_s=3.1, floor=floor)
    said(floor, 3.1)
    assert floor.free_s == 3.1 + speaks_s("3")
