"""Which session is meant, in words that a person types."""

from __future__ import annotations

import pytest
from tests.records.conftest import Made

from retrotread.records.naming import NoSuchSession, named
from retrotread.records.store import Listed, Store
from retrotread.records.taking import take_over

Sessions = tuple[Listed, ...]


@pytest.fixture
def sessions(store: Store, person: int, run: Made) -> Sessions:
    """Two sessions of one day, and one of the day before."""
    take_over(store, person, run("ab12cd34"))
    take_over(store, person, run("ab99ffee", "2026-03-02T18:30:00+00:00"))
    take_over(store, person, run("00c0ffee", "2026-03-01T07:00:00+00:00"))
    return store.sessions()


@pytest.mark.parametrize(
    ("words", "run_id"),
    [
        ("last", "ab99ffee"),
        ("2026-03-01", "00c0ffee"),
        ("2026-03-02 09", "ab12cd34"),
        ("2026-03-02T18:30", "ab99ffee"),
        ("ab12", "ab12cd34"),
        ("AB99FFEE", "ab99ffee"),
    ],
)
def test_a_session_is_meant_by_its_moment_or_its_number(sessions: Sessions, words: str, run_id: str) -> None:
    assert named(sessions, words).run_id == run_id


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("2026-03-02", "2 sessions are meant by '2026-03-02': 2026-03-02 18:30 (run ab99ffee), 2026-03-02 09:00"),
        ("ab1", "no session is meant by 'ab1'; type last, the day and time"),
        ("2026", "no session is meant by '2026'"),
        ("", "no session is meant by ''"),
        ("yesterday", "no session is meant by 'yesterday'"),
    ],
)
def test_words_that_mean_none_or_several_are_told_with_the_mend(sessions: Sessions, words: str, why: str) -> None:
    with pytest.raises(NoSuchSession, match="type last") as error:
        named(sessions, words)
    assert why in str(error.value)


def test_before_the_first_run_no_session_is_meant() -> None:
    with pytest.raises(NoSuchSession, match="there is no session yet"):
        named((), "last")
