"""Illness and injury out of the diary: ill until they say that they are well, injured from the day of saying so."""

from __future__ import annotations

from datetime import date

import pytest

from retrotread.sessions.ailing import ailments_in, ill_since
from retrotread.sessions.diary import Ailing, Ailment, Entry
from retrotread.training.history import Illness, Injury

ILL, INJURED, FIT = Ailment.ILL, Ailment.INJURED, Ailment.NEITHER


def said(*days: tuple[int, Ailment | None]) -> tuple[Entry, ...]:
    """A diary of March."""
    return tuple(Entry(n, "", Ailing(f"2026-03-{day:02}", what)) for n, (day, what) in enumerate(days, start=1))


@pytest.mark.parametrize(
    ("days", "first", "last"),
    [
        (((2, ILL),), 2, None),
        (((2, ILL), (3, None), (4, ILL)), 2, None),
        (((2, ILL), (4, FIT)), 2, 3),
        (((2, ILL), (3, FIT), (4, FIT)), 2, 2),
    ],
    ids=["goes on", "silence ends none", "to the day before they are fit", "once"],
)
def test_an_illness_goes_on_until_they_say_that_they_are_fit(
    days: tuple[tuple[int, Ailment | None], ...], first: int, last: int | None
) -> None:
    until = None if last is None else date(2026, 3, last)
    assert ailments_in(said(*days)) == (Illness(date(2026, 3, first), until),)
    assert ill_since(said(*days)) == (date(2026, 3, first) if until is None else None)


def test_who_takes_it_back_on_the_same_day_was_not_ill() -> None:
    assert ailments_in(said((2, ILL), (2, FIT))) == ()


def test_who_is_ill_can_be_injured_as_well_and_stays_ill() -> None:
    diary = (*said((2, ILL)), Entry(2, "", Ailing("2026-03-03", INJURED, "knee")))
    assert ailments_in(diary) == (Injury(date(2026, 3, 3), "knee"), Illness(date(2026, 3, 2)))
    assert ill_since(diary) == date(2026, 3, 2)


def test_an_injury_without_a_place_is_one() -> None:
    assert ailments_in(said((2, INJURED))) == (Injury(date(2026, 3, 2), "not said where"),)


def test_who_is_fit_or_says_nothing_has_nothing() -> None:
    assert ailments_in(said((2, FIT), (3, None))) == ()
