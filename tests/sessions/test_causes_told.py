"""Which causes go into the journal: each when it begins and when it ends, and not with every number."""

from __future__ import annotations

from retrotread.safety.hazards import Cause, Hazard
from retrotread.safety.policy import cause
from retrotread.sessions.causes_told import AGAIN_S, CausesTold

STOP = cause(Hazard.OPERATOR_STOP, "stop was pressed")


def silent(seconds: float) -> Cause:
    return cause(Hazard.TELEMETRY_LATE, f"no telemetry for {seconds:.1f} s, limit 2.0 s")


def told(*seen: tuple[float, tuple[Cause, ...]]) -> list[tuple[float, str]]:
    """What is told of causes that are seen at these moments."""
    found, so_far = [], CausesTold()
    for now_s, causes in seen:
        so_far, new = so_far.with_causes(causes, now_s)
        found += [(now_s, one.message) for one in new]
    return found


def test_a_cause_is_told_once_while_it_stands_and_once_more_with_its_last_numbers() -> None:
    seen = [(n / 10, (silent(2 + n / 10), STOP)) for n in range(50)]
    assert told(*seen, (5.0, (STOP,))) == [
        (0.0, "no telemetry for 2.0 s, limit 2.0 s"),
        (0.0, "stop was pressed"),
        (5.0, "no telemetry for 6.9 s, limit 2.0 s"),
    ]


def test_a_cause_in_other_words_is_another_one() -> None:
    other = cause(Hazard.TELEMETRY_LATE, "the link is gone")
    assert [text for _, text in told((0.0, (silent(2.0),)), (0.1, (other,)))] == [silent(2.0).message, other.message]


def test_a_cause_that_comes_back_is_told_again() -> None:
    assert [at_s for at_s, _ in told((0.0, (STOP,)), (1.0, ()), (2.0, (STOP,)))] == [0.0, 2.0]


def test_the_numbers_of_a_cause_that_stands_are_told_now_and_then_and_the_same_ones_never() -> None:
    seen = [(float(n), (silent(2.0 + n), STOP)) for n in range(60)]
    found = told(*seen)
    assert [at_s for at_s, text in found if text != STOP.message] == [0.0, AGAIN_S, 2 * AGAIN_S]
    assert [at_s for at_s, text in found if text == STOP.message] == [0.0]
