"""The test of the cues once more with the belt moving: without an answer to it nothing rises."""

from __future__ import annotations

from retrotread.sessions.cue_check import AGAIN_S, ANSWER_S, ASKED_AFTER_S, CueCheck, looked


def through(check: CueCheck, from_s: float, until_s: float, quiet: bool = True) -> tuple[CueCheck, list[float]]:
    """A belt that moves between two moments, looked at twice a second: the check, and when it asked."""
    asked, now_s = [], from_s
    while now_s <= until_s:
        check, asks = looked(check, True, quiet, now_s)
        asked += [now_s] if asks else []
        now_s += 0.5
    return check, asked


def test_it_is_asked_at_the_speed_of_the_warm_up_and_again_until_it_was_not_heard() -> None:
    check, asked = through(CueCheck(), 100.0, 200.0)
    first_s = 100.0 + ASKED_AFTER_S
    assert asked == [first_s, first_s + AGAIN_S, first_s + 2 * AGAIN_S]
    assert not check.unheard(first_s + ANSWER_S - 0.1)
    assert check.unheard(first_s + ANSWER_S)


def test_an_answer_in_time_ends_it_for_this_run() -> None:
    check, _ = through(CueCheck(), 0.0, 18.0)
    check, asked = through(check.answered(), 18.5, 300.0)
    assert asked == []
    assert not check.unheard(300.0)


def test_an_answer_may_come_late() -> None:
    check, _ = through(CueCheck(), 0.0, 60.0)
    assert check.unheard(60.0)
    assert not check.answered().unheard(61.0)


def test_a_fine_that_nobody_asked_for_says_nothing_of_the_cues() -> None:
    check, _ = through(CueCheck(), 0.0, 10.0)
    assert not check.answered().heard


def test_it_waits_while_a_rise_is_announced() -> None:
    assert through(CueCheck(), 0.0, 60.0, quiet=False)[1] == []


def test_a_stand_begins_it_anew() -> None:
    check, _ = through(CueCheck(), 0.0, 60.0)
    check, asks = looked(check, False, True, 61.0)
    assert (check, asks) == (CueCheck(), False)
    assert through(check, 100.0, 100.0 + ASKED_AFTER_S)[1] == [100.0 + ASKED_AFTER_S]
