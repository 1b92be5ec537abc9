"""The deliberate start: what is a hold, what is not, and what ends the countdown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.safety.modes import Mode
from retrotread.tui.start_sequence import (
    ANSWER_S,
    GAP_S,
    HOLD_S,
    Ask,
    StartSequence,
    armed,
    completed,
    confirmed,
    done,
    follow,
    over,
    pressed,
)


def play(*presses: tuple[float, str], begin: StartSequence | None = None) -> tuple[StartSequence, list[Ask]]:
    """The sequence after these presses (second, key), and all that they asked for."""
    sequence = begin or StartSequence("7")
    asks: list[Ask] = []
    for at_s, key in presses:
        sequence, ask = pressed(sequence, key, at_s)
        if ask is not Ask.NOTHING:
            asks.append(ask)
    return sequence, asks


def held(key: str, from_s: float, to_s: float, every_s: float = 0.03, delay_s: float = 0.5) -> list[tuple[float, str]]:
    """What a keyboard sends for a held key: one press, a delay, then repeats."""
    repeats = int((to_s - from_s - delay_s) / every_s) + 1
    return [(from_s, key), *((from_s + delay_s + i * every_s, key) for i in range(max(0, repeats)))]


def test_the_first_press_arms_once_and_the_hold_is_complete_after_one_and_a_half_seconds() -> None:
    sequence, asks = play(*held("s", 0.0, 1.45))
    assert asks == [Ask.ARM]
    sequence, asks = play((1.5, "s"), begin=sequence)
    assert asks == [Ask.HOLD_DONE]
    assert sequence.counting


@pytest.mark.parametrize("delay_s", [0.25, 0.5, 0.66])
def test_the_delay_before_the_first_repeat_does_not_break_a_hold(delay_s: float) -> None:
    _, asks = play(*held("s", 0.0, 1.6, delay_s=delay_s))
    assert asks == [Ask.ARM, Ask.HOLD_DONE]


def test_a_silence_of_more_than_0_7_s_breaks_the_hold() -> None:
    _, asks = play((0.0, "s"), (0.6, "s"), (1.31, "s"), (1.6, "s"))
    assert asks == [Ask.ARM]


def test_tapping_once_a_second_never_starts() -> None:
    _, asks = play(*((float(i), "s") for i in range(25)))
    assert asks == [Ask.ARM]


def test_the_digit_that_is_shown_completes_an_armed_start_and_another_one_cancels_it() -> None:
    assert play((0.0, "s"), (2.0, "7"))[1] == [Ask.ARM, Ask.HOLD_DONE]
    assert play((0.0, "s"), (2.0, "3"), (2.1, "7"))[1] == [Ask.ARM, Ask.CANCEL]


def test_a_digit_before_the_first_press_means_nothing() -> None:
    assert play((0.0, "7"))[1] == []


@pytest.mark.parametrize("key", ["space", "enter", " ", "x", "left_shift", "p", "f13"])
def test_no_other_key_starts_anything(key: str) -> None:
    assert play((0.0, key), (1.0, key), (2.0, key))[1] == []
    assert play((0.0, "s"), *held(key, 0.5, 3.0))[1] == [Ask.ARM]


@pytest.mark.parametrize("key", ["x", "7", "o", "left_shift", "space", "enter"])
def test_every_key_cancels_the_countdown(key: str) -> None:
    _, asks = play(*held("s", 0.0, 1.6), (2.0, key))
    assert asks == [Ask.ARM, Ask.HOLD_DONE, Ask.CANCEL]


def test_the_tail_of_the_same_held_key_does_not_cancel_but_a_new_press_of_it_does() -> None:
    sequence, asks = play(*held("s", 0.0, 6.0))
    assert asks == [Ask.ARM, Ask.HOLD_DONE]
    last_s = sequence.last_s
    assert last_s is not None
    assert play((last_s + GAP_S - 0.01, "s"), begin=sequence)[1] == []
    assert play((last_s + GAP_S + 0.1, "s"), begin=sequence)[1] == [Ask.CANCEL]


def test_a_key_that_is_still_held_after_a_cancel_does_not_start_anew() -> None:
    sequence, _ = play(*held("s", 0.0, 1.6), (1.7, "x"))
    assert play(*((1.75 + i * 0.03, "s") for i in range(200)), begin=sequence)[1] == []
    assert play((3.0, "s"), begin=sequence)[1] == [Ask.ARM]


def test_an_arming_that_the_guardian_ends_is_over_here_too() -> None:
    sequence, _ = play((0.0, "s"))
    sequence = follow(sequence, Mode.IDLE, 0.1)
    assert sequence.armed_s is not None, "the guardian has not had time to answer"
    sequence = follow(follow(sequence, Mode.ARMED, 0.3), Mode.IDLE, 1.0)
    assert sequence == over(sequence)
    assert play((1.1, "7"), begin=sequence)[1] == []


def test_an_arming_without_an_answer_was_refused() -> None:
    sequence, _ = play((0.0, "s"))
    assert follow(sequence, Mode.IDLE, 2.1).armed_s is None


def test_a_countdown_that_the_guardian_runs_is_cancelled_by_any_key_however_it_came_about() -> None:
    sequence = follow(StartSequence("7"), Mode.COUNTDOWN, 5.0)
    assert play((5.1, "x"), begin=sequence)[1] == [Ask.CANCEL]


def test_the_bar_shows_how_long_the_key_has_been_held() -> None:
    sequence, _ = play(*held("s", 0.0, 1.0, delay_s=0.4, every_s=0.1))
    assert sequence.held_s(1.0) == pytest.approx(0.9)
    assert sequence.held_s(1.0 + GAP_S + 0.01) == 0.0
    assert done(sequence).held_s(1.0) == 0.0


def test_the_mouse_arms_once() -> None:
    sequence, ask = armed(StartSequence("7"), 0.0)
    assert ask is Ask.ARM
    assert armed(sequence, 0.1)[1] is Ask.NOTHING


# --- the next key of a remote -----------------------------------------------------------------------------------


def by_remote() -> StartSequence:
    """Asked for by one press of the remote, and not answered yet."""
    sequence, ask = confirmed(StartSequence("7"), 0.0)
    assert ask is Ask.ARM
    return sequence


def test_one_press_of_the_remote_arms_and_is_complete_once_the_run_is_seen_armed() -> None:
    assert completed(by_remote(), Mode.IDLE) == (by_remote(), Ask.NOTHING)
    sequence, ask = completed(follow(by_remote(), Mode.ARMED, 0.2), Mode.ARMED)
    assert ask is Ask.HOLD_DONE
    assert sequence.counting
    assert completed(sequence, Mode.ARMED)[1] is Ask.NOTHING, "once"


@pytest.mark.parametrize("key", ["s", "7", "x", "space", "o"])
def test_any_key_between_the_press_and_the_arming_breaks_the_sequence(key: str) -> None:
    sequence, ask = pressed(by_remote(), key, 0.1)
    assert ask is Ask.CANCEL
    assert completed(sequence, Mode.ARMED)[1] is Ask.NOTHING


def test_a_second_press_of_the_remote_calls_the_start_off_before_and_in_the_countdown() -> None:
    sequence, ask = confirmed(by_remote(), 0.1)
    assert ask is Ask.CANCEL
    assert completed(sequence, Mode.ARMED)[1] is Ask.NOTHING
    counting, _ = completed(by_remote(), Mode.ARMED)
    assert confirmed(counting, 2.0)[1] is Ask.CANCEL


def test_the_remote_confirms_what_was_armed_by_the_key() -> None:
    sequence, _ = play((0.0, "s"))
    assert confirmed(sequence, 2.0)[1] is Ask.HOLD_DONE


def test_a_start_by_remote_that_is_not_answered_is_over() -> None:
    sequence = follow(by_remote(), Mode.IDLE, ANSWER_S + 0.1)
    assert completed(sequence, Mode.ARMED)[1] is Ask.NOTHING


def test_an_arming_of_somebody_else_completes_nothing() -> None:
    assert completed(StartSequence("7"), Mode.ARMED)[1] is Ask.NOTHING
    assert completed(play((0.0, "s"))[0], Mode.ARMED)[1] is Ask.NOTHING


KEYS = st.sampled_from(["s", "7", "3", "x", "space", "enter"])


@given(st.lists(st.tuples(st.floats(0.0, 2.0), KEYS), max_size=60))
def test_nothing_but_a_hold_or_the_digit_ever_completes_a_start(steps: list[tuple[float, str]]) -> None:
    sequence, now_s = StartSequence("7"), 0.0
    run_began_s, last_s = None, -10.0
    for wait_s, key in steps:
        now_s += wait_s
        if key == "s":
            run_began_s = now_s if run_began_s is None or now_s - last_s > GAP_S else run_began_s
            last_s = now_s
        sequence, ask = pressed(sequence, key, now_s)
        if ask is Ask.HOLD_DONE:
            held_s = now_s - run_began_s if run_began_s is not None else 0.0
            assert key == "7" or (key == "s" and held_s >= HOLD_S)
