"""What the store keeps of persons, limits and mornings, and how it finds a row that another hand has changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.records.conftest import Made, changed

from retrotread.records.store import KeptLimit, PersonFacts, Refused, Store
from retrotread.records.taking import take_over
from retrotread.training.history import CheckIn, Session, with_mornings

DAY = date(2026, 3, 2)


# --- persons ----------------------------------------------------------------------------------------------------


def test_a_person_is_a_pseudonym_that_stays_and_facts_that_follow_the_settings(store: Store) -> None:
    first = store.person_here(PersonFacts(True, "walker", backward_max_ckph=650))
    name = store.pseudonym(first)
    assert store.person_here(PersonFacts(True, "runner", backward_max_ckph=800, heart_ceiling_bpm=150)) == first
    assert store.pseudonym(first) == name
    assert name.startswith("P-")
    assert len(name) == 8
    with store.transaction() as connection:
        row = connection.exec_driver_sql("SELECT adult, tier, backward_max_ckph, heart_ceiling_bpm FROM person").one()
    assert tuple(row) == (1, "runner", 800, 150)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (PersonFacts(True, level=11), "level_on_ladder"),
        (PersonFacts(True, backward_max_ckph=0), "backward_max_in_range"),
        (PersonFacts(True, heart_ceiling_bpm=59), "heart_ceiling_in_range"),
    ],
)
def test_facts_that_nobody_can_have_are_refused_and_nothing_is_kept(
    store: Store, facts: PersonFacts, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        store.person_here(facts)
    with store.transaction() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM person").scalar() == 0


# --- limits -----------------------------------------------------------------------------------------------------


def test_of_limits_on_one_quantity_the_lowest_holds_with_its_author_and_reason(store: Store, person: int) -> None:
    knee = KeptLimit("speed_max_ckph", 300, "physiotherapist", "six weeks after the operation on the knee")
    for one in (KeptLimit("speed_max_ckph", 500, "coach", "spring"), knee, KeptLimit("speed_max_ckph", 400, "me", "-")):
        store.add_limit(person, one)
    store.add_limit(person, KeptLimit("pain_max", 3, "physiotherapist", "the same"))
    assert store.limits(person, DAY) == (knee, KeptLimit("pain_max", 3, "physiotherapist", "the same"))


def test_a_limit_holds_on_its_last_day_and_not_on_the_next(store: Store, person: int) -> None:
    limit = KeptLimit("incline_max_dpct", 0, "physiotherapist", "heel", until=DAY)
    store.add_limit(person, limit)
    assert store.limits(person, DAY) == (limit,)
    assert store.limits(person, date(2026, 3, 3)) == ()


@pytest.mark.parametrize(("author", "reason"), [("", "heel"), ("coach", " "), (" ", "heel")])
def test_a_limit_without_an_author_or_a_reason_is_refused(store: Store, person: int, author: str, reason: str) -> None:
    with pytest.raises(Refused, match="signed"):
        store.add_limit(person, KeptLimit("incline_max_dpct", 0, author, reason))
    assert store.limits(person, DAY) == ()


# --- mornings ---------------------------------------------------------------------------------------------------


def test_what_is_said_the_next_morning_belongs_to_the_session_of_the_day_before(
    store: Store, person: int, run: Made
) -> None:
    take_over(store, person, run())
    store.morning(person, CheckIn(date(2026, 3, 3), pain=5))
    store.morning(person, CheckIn(date(2026, 3, 3), pain=2, slept_badly=True))  # said again: the last word holds
    session, morning = with_mornings(store.history())
    assert isinstance(session, Session)
    assert session.pain.next_morning == 2
    assert morning == CheckIn(date(2026, 3, 3), 2, slept_badly=True)


# --- many -------------------------------------------------------------------------------------------------------


def test_sessions_are_listed_newest_first_and_told_to_the_ladder_oldest_first(
    store: Store, person: int, run: Made
) -> None:
    for day in (4, 2, 9):
        take_over(store, person, run(f"r{day}", f"2026-03-{day:02}T09:00:00+00:00"))
    assert [one.day.day for one in store.sessions()] == [9, 4, 2]
    assert [one.day.day for one in store.history()] == [2, 4, 9]


# --- the chain --------------------------------------------------------------------------------------------------


@pytest.fixture
def kept(store: Store, person: int, run: Made) -> Path:
    take_over(store, person, run())
    take_over(store, person, run("other", "2026-03-04T09:00:00+00:00"))
    return store.path


def test_what_nobody_changed_is_as_it_was_kept(kept: Path, store: Store) -> None:
    assert store.damage() == ()


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE event SET text = 'nothing' WHERE session_id = 1 AND n = 2", "its event 2"),
        ("UPDATE event SET at_ms = at_ms + 1 WHERE session_id = 1 AND n = 1", "its head or its event 1"),
        ("DELETE FROM event WHERE session_id = 1 AND n = 2", "its samples, its answers or its last events"),
        ("DELETE FROM event WHERE session_id = 1 AND n = 1", "its head or its event 1"),
        ("UPDATE session SET plan = x'00' WHERE id = 1", "its head or its event 1"),
        ("UPDATE session SET distance_mm = distance_mm + 1 WHERE id = 1", "its head or its event 1"),
        ("UPDATE sample SET speed_ckph = 149 WHERE session_id = 1 AND speed_ckph = 150", "its samples, its answers"),
        ("DELETE FROM sample WHERE session_id = 1 AND at_ms > 300000", "its samples, its answers"),
        ("UPDATE said SET pain = 1 WHERE session_id = 1 AND moment = 'after'", "its samples, its answers"),
        ("UPDATE session SET chain_head = '' WHERE id = 1", "its samples, its answers"),
    ],
)
def test_a_row_that_another_hand_changed_is_found_and_its_place_named(
    kept: Path, store: Store, statement: str, place: str
) -> None:
    changed(kept, statement)
    (sentence,) = store.damage()
    assert sentence.startswith("the session 'Two bouts' of 2026-03-02 09:00 UTC is not as it was kept: ")
    assert place in sentence


def test_a_person_who_is_erased_takes_every_row_with_them(kept: Path, store: Store, person: int) -> None:
    store.morning(person, CheckIn(DAY, 1))
    store.add_limit(person, KeptLimit("pain_max", 3, "me", "a try"))
    with store.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM person")
        left = {
            table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
            for table in ("session", "sample", "event", "said", "morning", "person_limit")
        }
    assert set(left.values()) == {0}
