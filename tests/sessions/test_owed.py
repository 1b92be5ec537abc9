"""What the next start asks: the morning after, the night, and what a symptom or a fall holds somebody back from."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from retrotread.safety.feeling import Symptom
from retrotread.sessions import diary
from retrotread.sessions import journal as journals
from retrotread.sessions.diary import Aching, Ailing, Ailment, ClearedBy, Entry, Held, Morning, ScreenedAgain, Slept
from retrotread.sessions.journal import EMPTY_BELT, FELT, HAPPENED, Journal, RunHead
from retrotread.sessions.owed import (
    CLEARED_BY,
    NO_ANSWER,
    Answered,
    LastRun,
    Owed,
    health_after,
    held_back_by,
    looked_up,
    said_to,
    words,
)
from retrotread.sessions.owed import settle as settled
from retrotread.sessions.person import Health, Person
from retrotread.sessions.summary import Summary

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
KIM = Person("Kim", adult=True)
SUMMARY = Summary("Ladder 3", "done", True, 1300.0, 1200.0, 1200.0, 600.0, 3.0, 0.0, ())

Ran = Callable[..., None]


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ran:
    """One more run, with events of it."""
    (tmp_path / "runs").mkdir()

    def make(
        run_id: str, at: datetime = MONDAY, *events: tuple[str, str], address: str = "coach://", moved: bool = True
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(journals, "wall_now", lambda: at)
            head = RunHead(run_id, "Ladder 3", "h", 1200.0, b"", "novice", address, "retrotread")
            journal = Journal(tmp_path / "runs" / f"{at:%Y%m%dT%H%M%SZ}-{run_id}.sqlite", head)
            for kind, text in events:
                journal.event(kind, text, 1.0)
            journal.close(SUMMARY if moved else replace(SUMMARY, elapsed_s=0.0))

    return make


def test_where_nobody_ran_nothing_is_asked(tmp_path: Path) -> None:
    assert settled(tmp_path, MONDAY) == Owed()
    assert not (tmp_path / diary.NAME).exists()


def test_on_the_day_after_a_run_its_morning_and_the_night_are_asked_once(tmp_path: Path, ran: Ran) -> None:
    ran("ab12")
    owed = settled(tmp_path, TUESDAY)
    assert owed == Owed(LastRun("ab12", date(2026, 3, 2), "Ladder 3"), night=True, well=True)
    diary.add(tmp_path, *said_to(owed, Answered(pain=2, slept_badly=True), TUESDAY.date()))
    assert [one.said for one in diary.entries(tmp_path)] == [
        Morning("ab12", "2026-03-03", 2),
        Slept("2026-03-03", True),
        Ailing("2026-03-03"),
    ]
    assert not settled(tmp_path, TUESDAY).anything
    assert settled(tmp_path, TUESDAY + timedelta(days=1)) == Owed(pain=True, night=True, well=True)


def test_pain_of_today_is_asked_once_a_day_beside_a_morning_of_another_day(tmp_path: Path, ran: Ran) -> None:
    ran("ab12")
    friday = MONDAY + timedelta(days=4)
    owed = settled(tmp_path, friday)
    assert (owed.morning_after is not None, owed.pain) == (True, True)
    diary.add(tmp_path, *said_to(owed, Answered(pain=1, pain_today=6), friday.date()))
    assert [one.said for one in diary.entries(tmp_path)][:2] == [
        Morning("ab12", "2026-03-03", 1),
        Aching("2026-03-06", 6),
    ]
    assert not settled(tmp_path, friday).anything


def test_the_morning_after_is_the_pain_of_today_where_it_is_todays(tmp_path: Path, ran: Ran) -> None:
    ran("ab12")
    owed = settled(tmp_path, TUESDAY)
    assert not owed.pain
    diary.add(tmp_path, *said_to(owed, Answered(pain=1), TUESDAY.date()))
    assert not settled(tmp_path, TUESDAY).pain


def test_who_says_nothing_is_asked_once_as_well(tmp_path: Path, ran: Ran) -> None:
    ran("ab12")
    diary.add(tmp_path, *said_to(settled(tmp_path, TUESDAY), NO_ANSWER, TUESDAY.date()))
    assert diary.entries(tmp_path)[0].said == Morning("ab12", "2026-03-03", None)
    assert not settled(tmp_path, TUESDAY).anything


@pytest.mark.parametrize(("days", "asked"), [(0, False), (1, True), (7, True), (8, False)])
def test_a_morning_is_asked_from_the_day_after_and_for_a_week(tmp_path: Path, ran: Ran, days: int, asked: bool) -> None:
    ran("ab12")
    owed = settled(tmp_path, MONDAY + timedelta(days=days))
    assert (owed.morning_after is not None) is asked


def test_the_morning_of_a_run_of_days_ago_is_that_of_the_day_after_it(tmp_path: Path, ran: Ran) -> None:
    ran("ab12")
    friday = MONDAY + timedelta(days=4)
    (morning, *_) = said_to(settled(tmp_path, friday), Answered(pain=1), friday.date())
    assert morning == Morning("ab12", "2026-03-03", 1)


@pytest.mark.parametrize("run", [{"address": "sim://well-behaved"}, {"moved": False}], ids=["simulated", "never moved"])
def test_a_run_that_nobody_was_on_asks_nothing(tmp_path: Path, ran: Ran, run: dict[str, object]) -> None:
    ran("ab12", MONDAY, **run)
    assert not settled(tmp_path, TUESDAY).anything


def test_an_empty_belt_asks_nothing_and_a_simulated_one_holds_nobody_back(tmp_path: Path, ran: Ran) -> None:
    ran("ab12", MONDAY, (EMPTY_BELT, "nobody was on the belt"), address="serial+x://y")
    ran("cd34", MONDAY + timedelta(hours=1), (FELT, Symptom.CHEST.value), address="sim://well-behaved")
    assert not settled(tmp_path, TUESDAY).anything


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        ((FELT, "pain or pressure in the chest"), "you said what you felt: pain or pressure in the chest"),
        ((HAPPENED, "fall"), "you fell"),
    ],
)
def test_a_symptom_or_a_fall_holds_back_until_it_is_cleared(
    tmp_path: Path, ran: Ran, event: tuple[str, str], sentence: str
) -> None:
    ran("ab12", MONDAY, event)
    held = settled(tmp_path, TUESDAY).held
    assert held is not None
    assert words(held) == f"in the run of 2026-03-02 {sentence}"
    for journal in (tmp_path / "runs").iterdir():
        journal.unlink()
    owed = settled(tmp_path, TUESDAY)
    assert owed.held == held, "it outlives its journal"
    for unclear in (NO_ANSWER, Answered(conditions=False), Answered(conditions=True)):
        diary.add(tmp_path, *said_to(owed, unclear, TUESDAY.date()))
        assert settled(tmp_path, TUESDAY).held == held
    diary.add(tmp_path, *said_to(owed, Answered(conditions=False, agreed=True), TUESDAY.date()))
    assert settled(tmp_path, TUESDAY).held is None


def test_who_is_ill_is_asked_at_every_start_until_they_are_well(tmp_path: Path, ran: Ran) -> None:
    ran("ab12")
    diary.add(tmp_path, *said_to(settled(tmp_path, TUESDAY), Answered(ailment=Ailment.ILL), TUESDAY.date()))
    owed = settled(tmp_path, TUESDAY)
    assert owed == Owed(well=True, ill=date(2026, 3, 3))
    thursday = TUESDAY + timedelta(days=2)
    diary.add(tmp_path, *said_to(owed, NO_ANSWER, thursday.date()))
    assert settled(tmp_path, thursday).ill == date(2026, 3, 3), "silence heals nobody"
    assert held_back_by(settled(tmp_path, thursday), KIM) == replace(KIM, ill=date(2026, 3, 3))
    diary.add(tmp_path, *said_to(owed, Answered(ailment=Ailment.NEITHER), thursday.date()))
    assert (settled(tmp_path, thursday).ill, settled(tmp_path, thursday).well) == (None, False)


def test_an_injury_holds_back_until_it_is_cleared_as_a_fall_does(tmp_path: Path, ran: Ran) -> None:
    ran("ab12")
    hurt = Answered(ailment=Ailment.INJURED, where="knee")
    diary.add(tmp_path, *said_to(settled(tmp_path, TUESDAY), hurt, TUESDAY.date()))
    owed = settled(tmp_path, TUESDAY)
    assert owed.holds
    assert held_back_by(owed, KIM).held == "on 2026-03-03 you said that something was newly injured: knee"
    diary.add(tmp_path, *said_to(owed, Answered(conditions=False), TUESDAY.date()))
    assert settled(tmp_path, TUESDAY).holds
    diary.add(tmp_path, *said_to(owed, Answered(conditions=False, agreed=True), TUESDAY.date()))
    assert not settled(tmp_path, TUESDAY).holds


@pytest.mark.parametrize("event", [(HAPPENED, "near-fall"), (HAPPENED, "stumble"), ("said", "felt")])
def test_anything_less_holds_nobody_back(tmp_path: Path, ran: Ran, event: tuple[str, str]) -> None:
    ran("ab12", MONDAY, event)
    assert settled(tmp_path, TUESDAY).held is None


def test_what_was_cleared_stays_cleared_and_what_comes_after_holds_again(tmp_path: Path, ran: Ran) -> None:
    ran("ab12", MONDAY, (FELT, Symptom.DIZZY.value))
    diary.add(tmp_path, *said_to(settled(tmp_path, TUESDAY), Answered(agreed=True), TUESDAY.date()))
    assert settled(tmp_path, TUESDAY).held is None
    ran("cd34", TUESDAY, (HAPPENED, "fall"))
    held = settled(tmp_path, TUESDAY).held
    assert held == Held("cd34", "2026-03-03", "fall")


def test_a_program_that_only_reads_sees_the_same_and_writes_nothing(tmp_path: Path, ran: Ran) -> None:
    ran("ab12", MONDAY, (FELT, Symptom.DIZZY.value))
    assert looked_up(tmp_path, TUESDAY) == replace(settled(tmp_path, TUESDAY))
    (tmp_path / diary.NAME).unlink()
    assert looked_up(tmp_path, TUESDAY).held == Held("ab12", "2026-03-02", Symptom.DIZZY.value)
    assert not (tmp_path / diary.NAME).exists()


def test_behind_a_damaged_diary_a_symptom_holds_back_again_and_the_file_is_kept(tmp_path: Path, ran: Ran) -> None:
    ran("ab12", MONDAY, (FELT, Symptom.DIZZY.value))
    diary.add(tmp_path, *said_to(settled(tmp_path, TUESDAY), Answered(agreed=True), TUESDAY.date()))
    (tmp_path / diary.NAME).write_bytes(b"broken")
    owed = settled(tmp_path, TUESDAY)
    assert owed.held == Held("ab12", "2026-03-02", Symptom.DIZZY.value)
    assert owed.problem is not None
    assert re.search(
        r"under the name diary-damaged-\S+\.sqlite: who trains here, and what it had cleared", owed.problem
    )
    assert next(tmp_path.glob("diary-damaged-*.sqlite")).read_bytes() == b"broken"


HELD = Owed(held=Held("ab12", "2026-03-02", "fall"))


@pytest.mark.parametrize(
    ("owed", "answered", "health"),
    [
        (HELD, Answered(conditions=False, agreed=True), Health.NOTHING),
        (HELD, Answered(conditions=True, agreed=True), Health.CLEARED),
        (HELD, Answered(conditions=True), Health.ASK_FIRST),
        (HELD, Answered(conditions=False), None),
        (Owed(ask_first=True), Answered(agreed=True), Health.CLEARED),
        (Owed(ask_first=True), NO_ANSWER, None),
        (Owed(night=True), Answered(agreed=True), None),
    ],
)
def test_what_the_questions_of_health_come_to(owed: Owed, answered: Answered, health: Health | None) -> None:
    assert health_after(owed, answered) is health


def test_what_is_said_to_it_is_written_with_its_day(tmp_path: Path) -> None:
    said = said_to(HELD, Answered(conditions=True, agreed=True), TUESDAY.date())
    assert said == (ScreenedAgain("2026-03-03", True), ClearedBy("2026-03-03", CLEARED_BY))
    assert Entry(1, "", said[0]).said == said[0]
