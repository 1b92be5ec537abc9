"""The diary in the store: mornings for the ladder, what holds somebody back and who cleared it, each once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.records.conftest import Made, changed

from retrotread.records.hearing import hear
from retrotread.records.opening import kept_in
from retrotread.records.store import PersonFacts, Store
from retrotread.records.tables import HEALTH, PERSON, PERSON_LIMIT
from retrotread.sessions import diary
from retrotread.sessions.diary import Aching, Ailing, Ailment, ClearedBy, Held, Morning, ScreenedAgain, Slept
from retrotread.sessions.home_limits import Limited, Quantity, TakenAway
from retrotread.sessions.journal import ALONE, CHECKLIST, COMPANY, EMPTY_BELT, FELT, HAPPENED, NEEDS, NOT_ALONE
from retrotread.training.history import CheckIn, Cleared, Event, Session, with_mornings
from retrotread.training.progression import Trainee, recommend
from retrotread.training.reasons import Advice

SAID = (
    Morning("ab12", "2026-03-03", 2),
    Slept("2026-03-03", True),
    Held("ab12", "2026-03-02", "fall"),
    ScreenedAgain("2026-03-04", False),
    ClearedBy("2026-03-04", "a doctor"),
)


def health(store: Store) -> list[tuple[str, str, str]]:
    with store.transaction() as connection:
        rows = connection.execute(select(HEALTH).order_by(HEALTH.c.id)).all()
        return [(row.day, row.kind, row.text) for row in rows]


def test_what_the_diary_tells_is_in_the_store_once_however_often_it_is_read(
    tmp_path: Path, store: Store, person: int
) -> None:
    diary.add(tmp_path, *SAID)
    for _ in range(2):
        hear(store, person, tmp_path)
    assert store.history() == (CheckIn(date(2026, 3, 3), 2, True), Cleared(date(2026, 3, 4), "a doctor"))
    assert health(store) == [
        ("2026-03-02", "held", "fall"),
        ("2026-03-04", "screened", "none holds"),
        ("2026-03-04", "cleared", "a doctor"),
    ]


def test_of_a_day_what_was_said_last_holds_and_who_says_nothing_takes_nothing_back(
    tmp_path: Path, store: Store, person: int
) -> None:
    diary.add(tmp_path, Morning("ab12", "2026-03-03", 2), Morning("cd34", "2026-03-03", 4))
    diary.add(tmp_path, Morning("ef56", "2026-03-03"), Slept("2026-03-03"), Slept("2026-03-05"))
    hear(store, person, tmp_path)
    assert store.history() == (CheckIn(date(2026, 3, 3), 4),)


def test_limits_of_the_diary_are_in_the_store_once_and_end_with_the_day_before_they_were_taken_away(
    tmp_path: Path, store: Store, person: int
) -> None:
    def holding(day: date) -> list[tuple[str, int]]:
        hear(store, person, tmp_path)
        return [(one.what, one.value) for one in store.limits(person, day)]

    day = date(2026, 3, 4)
    diary.add(tmp_path, Limited(Quantity.SPEED, 120, "A. Weber", "knee"), Limited(Quantity.PAIN, 2, "A. Weber", "knee"))
    assert holding(day) == holding(day) == [("speed_max_ckph", 120), ("pain_max", 2)]
    diary.add(tmp_path, TakenAway(Quantity.SPEED, "2026-03-04", "A. Weber", "well again"))
    assert holding(day) == [("pain_max", 2)]
    assert holding(date(2026, 3, 3)) == [("speed_max_ckph", 120), ("pain_max", 2)]
    diary.add(tmp_path, Limited(Quantity.SPEED, 300, "A. Weber", "careful"))
    assert holding(day) == [("pain_max", 2), ("speed_max_ckph", 300)]
    with store.transaction() as connection:
        assert len(connection.execute(select(PERSON_LIMIT)).all()) == 3


def test_what_comes_next_knows_of_the_pain_of_today(tmp_path: Path, run: Made) -> None:
    run()
    diary.add(tmp_path, Aching("2026-03-08", 6), Slept("2026-03-08", True), Aching("2026-03-08"))
    history = kept_in(tmp_path, None).history()
    assert CheckIn(date(2026, 3, 8), 6, True) in history
    advised = recommend(history, Trainee(), date(2026, 3, 8))
    assert (advised.advice, advised.reasons[0].rule) == (Advice.REST_DAY, "pain today")


def test_the_ladder_sees_the_morning_of_a_run(tmp_path: Path, run: Made) -> None:
    run()
    diary.add(tmp_path, SAID[0])
    kept = kept_in(tmp_path, None)
    assert kept.store is not None
    assert kept.problems == ()
    (session,) = [one for one in with_mornings(kept.store.history()) if isinstance(one, Session)]
    assert session.pain.next_morning == 2
    assert session.answered


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ((Ailing("2026-03-04", Ailment.ILL),), "ill since 2026-03-04; first get well"),
        (
            (Ailing("2026-03-04", Ailment.ILL), Ailing("2026-03-06", Ailment.NEITHER)),
            "ill from 2026-03-04 until 2026-03-05",
        ),
        ((Ailing("2026-03-04", Ailment.INJURED, "knee"),), "an injury on 2026-03-04: knee; a doctor or a therapist"),
        (
            (Ailing("2026-03-04", Ailment.INJURED, "knee"), ClearedBy("2026-03-04", "a therapist")),
            "an injury on 2026-03-04: knee",
        ),
    ],
    ids=["ill", "was ill", "injured", "cleared on the same day"],
)
def test_what_comes_next_knows_of_illness_and_injury(
    tmp_path: Path, run: Made, said: tuple[Ailing | ClearedBy, ...], words: str
) -> None:
    run()
    diary.add(tmp_path, *said)
    advised = recommend(kept_in(tmp_path, None).history(), Trainee(), date(2026, 3, 8))
    assert advised.reasons[0].text.startswith(words)
    assert (advised.advice is Advice.LOCKED) is ("first" in words or "doctor" in words)


def test_a_diary_that_cannot_be_read_is_told_and_left_and_the_rest_goes_on(tmp_path: Path, run: Made) -> None:
    run()
    (tmp_path / diary.NAME).write_bytes(b"broken")
    kept = kept_in(tmp_path, None)
    assert kept.store is not None
    assert len(kept.store.sessions()) == 1
    assert [one for one in kept.problems if "diary.sqlite is damaged" in one]
    assert (tmp_path / diary.NAME).read_bytes() == b"broken"


def test_the_level_that_good_sessions_led_to_stands_with_the_person(tmp_path: Path, run: Made) -> None:
    def level() -> object:
        kept = kept_in(tmp_path, None)
        assert kept.store is not None
        with kept.store.transaction() as connection:
            return connection.execute(select(PERSON.c.level)).scalar()

    run()
    assert (level(), level()) == (0, 0)
    kept = kept_in(tmp_path, None)
    assert kept.store is not None
    kept.store.earn(kept.store.person_here(PersonFacts(True)), 3)
    assert level() == 3, "nothing new was taken over"
    run("cd34", "2026-03-05T09:00:00+00:00")
    assert level() == 0


# --- what a journal tells of who was there ----------------------------------------------------------------------


def session_with(tmp_path: Path, run: Made, *events: tuple[str, str]) -> Session | None:
    """What the ladder sees of a run with these events."""
    path = run()
    rows = ", ".join(f"(1000, '2026-03-02T09:00:00+00:00', '{kind}', '{text}')" for kind, text in events)
    changed(path, f"INSERT INTO event (at_ms, at_utc, kind, text) VALUES {rows}")
    kept = kept_in(tmp_path, None)
    assert kept.store is not None
    return next((one for one in kept.store.history() if isinstance(one, Session)), None)


def test_a_spotter_that_the_checklist_found_ready_stood_beside_the_belt(tmp_path: Path, run: Made) -> None:
    ready = ((COMPANY, NOT_ALONE), (NEEDS, "spotter, rails"), (CHECKLIST, "every item was ticked"))
    session = session_with(tmp_path, run, *ready)
    assert session is not None
    assert (session.supervised, session.harness) == (True, None)


def test_without_the_checklist_nothing_was_ready_and_alone_is_alone(tmp_path: Path, run: Made) -> None:
    session = session_with(tmp_path, run, (COMPANY, NOT_ALONE), (NEEDS, "spotter, harness"))
    assert session is not None
    assert (session.supervised, session.harness) == (None, None)


def test_who_was_alone_was_not_supervised(tmp_path: Path, run: Made) -> None:
    session = session_with(tmp_path, run, (COMPANY, ALONE), (CHECKLIST, "every item was ticked"))
    assert session is not None
    assert session.supervised is False


def test_a_harness_that_was_ready_is_known_afterwards(tmp_path: Path, run: Made) -> None:
    needs = ((NEEDS, "harness, spotter"), (CHECKLIST, "every item was ticked"))
    session = session_with(tmp_path, run, *needs)
    assert session is not None
    assert session.harness is True


def test_a_run_of_an_empty_belt_is_nobody_s_training(tmp_path: Path, run: Made) -> None:
    session = session_with(tmp_path, run, (EMPTY_BELT, "nobody was on the belt"))
    assert session is None


def test_what_was_felt_and_what_befell_the_person_is_what_happened(tmp_path: Path, run: Made) -> None:
    told = ((FELT, "dizzy, faint, or confused"), (HAPPENED, "near-fall"), (HAPPENED, "a fly"))
    session = session_with(tmp_path, run, *told)
    assert session is not None
    assert session.events == {Event.SYMPTOM_STOP, Event.NEAR_FALL}
