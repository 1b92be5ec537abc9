"""Which sessions of a list are shown."""

from __future__ import annotations

from datetime import date

import pytest
from tests.records.listed import a_session

from retrotread.records.choosing import EVERY, Wish, chosen

SESSIONS = (
    a_session("2026-03-09", run_id="d", level=4, complete=False, ended="stopped"),
    a_session("2026-03-05", run_id="c", simulated=True, treadmill="Spiky"),
    a_session("2026-03-02", run_id="b", workout="STRASSE backward"),
    a_session("2026-03-01", run_id="a", level=None),
)


@pytest.mark.parametrize(
    ("wish", "runs"),
    [
        (EVERY, "dcba"),
        (Wish(first=date(2026, 3, 2)), "dcb"),
        (Wish(last=date(2026, 3, 2)), "ba"),
        (Wish(date(2026, 3, 2), date(2026, 3, 2)), "b"),
        (Wish(words="straße"), "b"),
        (Wish(words="SPIKY"), "c"),
        (Wish(level=4), "d"),
        (Wish(simulated=False), "dba"),
        (Wish(to_its_end=True), "cba"),
        (Wish(words="nothing like it"), ""),
    ],
)
def test_the_list_is_narrowed_to_what_is_wished_and_keeps_its_order(wish: Wish, runs: str) -> None:
    assert "".join(one.run_id for one in chosen(SESSIONS, wish)) == runs
