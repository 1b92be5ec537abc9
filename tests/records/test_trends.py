"""What sessions come to together."""

from __future__ import annotations

from datetime import date

from tests.records.listed import a_session

from retrotread.records.trends import Sum, summed, weeks

SUNDAY, MONDAY = "2026-03-01", "2026-03-02"


def test_sessions_are_added_up_and_of_levels_speeds_and_pain_the_highest_counts() -> None:
    second = a_session(level=3, running_ms=60_000, speed_max_ckph=650, pain_before=None, pain_during=4, effort=6)
    assert summed([a_session(), second]) == Sum(2, 720_000, 660_000, 60_000, 200_000, 650, 3, 4, 45)


def test_what_nobody_said_is_not_taken_for_none() -> None:
    silent = a_session(level=None, pain_before=None, pain_during=None, pain_after=None, effort=None)
    found = summed([silent])
    assert (found.level, found.pain, found.effort_tenths) == (None, None, None)
    assert summed([]) == Sum()


def test_the_mean_effort_is_of_those_who_said_it() -> None:
    assert summed([a_session(effort=4), a_session(effort=None), a_session(effort=5)]).effort_tenths == 45


def test_a_week_goes_from_monday_to_sunday() -> None:
    found = weeks([a_session(SUNDAY), a_session(MONDAY), a_session("2026-03-08")], date(2026, 3, 4), 2)
    assert [(one.monday, one.sum.sessions) for one in found] == [(date(2026, 2, 23), 1), (date(2026, 3, 2), 2)]


def test_a_week_without_a_session_is_one_too_and_older_ones_are_left_out() -> None:
    found = weeks([a_session("2026-01-05"), a_session(MONDAY)], date(2026, 3, 15), 3)
    assert [(one.monday.isoformat(), one.sum.sessions) for one in found] == [
        ("2026-02-23", 0), ("2026-03-02", 1), ("2026-03-09", 0),
    ]  # fmt: skip
