"""A symptom or a fall in a run: written down at once, and nothing is run after it until it is cleared."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from retrotread import config
from retrotread.safety.feeling import Symptom
from retrotread.sessions import diary
from retrotread.sessions.diary import Ailing, Ailment
from retrotread.sessions.folder import VARIABLE
from retrotread.sessions.journal import ALONE, CHECKLIST, COMPANY, FELT, HAPPENED, NEEDS, NOT_ALONE
from retrotread.sessions.launcher import HeldBack, SessionLauncher, Wish
from retrotread.sessions.owed import Answered, Owed
from retrotread.sessions.person import Health, Person
from retrotread.sessions.view import Controls
from retrotread.training.history import Event

COACH = "coach://"
KIM = Person("Kim", adult=True, health=Health.NOTHING)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "data"))
    monkeypatch.setenv(config.VARIABLE, str(tmp_path / "settings"))
    return tmp_path / "data"


@contextlib.contextmanager
def started(wish: Wish = Wish("ladder-1", COACH)) -> Iterator[SessionLauncher]:  # noqa: B008  a frozen value
    """One start of the program."""
    launcher = SessionLauncher(wish)
    try:
        if launcher.person() is None:
            launcher.introduce(KIM)
        yield launcher
    finally:
        launcher.close()


def a_run(launcher: SessionLauncher, does: Callable[[Controls], None]) -> None:
    """Open the first workout on a belt that is set by hand, do this in it, and close it."""
    offer = next(one for one in launcher.offers(COACH) if not one.problems)
    controls = launcher.launch(offer, COACH)
    try:
        does(controls)
    finally:
        controls.close()


def events(data: Path) -> list[tuple[str, str]]:
    """Of the newest run, those that are about the person."""
    path = max((data / "runs").glob("*.sqlite"))
    with contextlib.closing(sqlite3.connect(path)) as database:
        kinds = (FELT, HAPPENED, CHECKLIST, COMPANY, NEEDS)
        return [row for row in database.execute("SELECT kind, text FROM event ORDER BY n") if row[0] in kinds]


def test_a_journal_tells_who_was_there_what_was_ready_what_was_ticked_and_what_befell_them(data: Path) -> None:
    def goes_through(controls: Controls) -> None:
        controls.prepared()
        controls.prepared()
        controls.feel(Symptom.DIZZY)
        controls.happened(Event.NEAR_FALL)

    with started() as launcher:
        a_run(launcher, goes_through)
    assert events(data) == [
        (COMPANY, NOT_ALONE),
        (NEEDS, "spotter, rails"),
        (CHECKLIST, "every item was ticked"),
        (FELT, "dizzy, faint, or confused"),
        (HAPPENED, "near-fall"),
    ]


def test_who_is_alone_is_in_the_journal_as_that(data: Path) -> None:
    with started(Wish(quick="2 min at 1 km/h", treadmill=COACH, alone=True)) as launcher:
        a_run(launcher, lambda _controls: None)
    assert (COMPANY, ALONE) in events(data)


@pytest.mark.parametrize(
    ("does", "words"),
    [
        (lambda controls: controls.feel(Symptom.CHEST), "you said what you felt: pain or pressure in the chest"),
        (lambda controls: controls.happened(Event.FALL), "you fell"),
    ],
    ids=["symptom", "fall"],
)
def test_the_next_start_in_any_process_offers_nothing_until_it_is_cleared(
    data: Path, does: Callable[[Controls], None], words: str
) -> None:
    with started() as launcher:
        a_run(launcher, does)
    with started() as launcher:
        person = launcher.person()
        assert person is not None
        assert person.held is not None
        for offer in launcher.offers(COACH):
            assert offer.problems
            assert any(words in one and "doctor or a therapist" in one for one in offer.problems) or "clinic" in str(
                offer.problems
            )
        owed = launcher.owed()
        launcher.answer(owed, Answered(conditions=False))
    with started() as launcher:
        assert words in str(launcher.offers(COACH)[0].problems)
        launcher.answer(launcher.owed(), Answered(conditions=False, agreed=True))
        assert launcher.offers(COACH)[0].problems == ()
    with started() as launcher:
        assert launcher.person() == KIM
        a_run(launcher, lambda _controls: None)


@pytest.mark.parametrize(
    ("answered", "words"),
    [
        (Answered(ailment=Ailment.ILL), "first get well"),
        (Answered(ailment=Ailment.INJURED, where="knee"), "newly injured: knee: speak to a doctor"),
    ],
    ids=["ill", "injured"],
)
def test_who_is_ill_or_injured_is_offered_nothing_and_what_was_offered_before_is_not_launched(
    data: Path, answered: Answered, words: str
) -> None:
    with started() as launcher:
        a_run(launcher, lambda _controls: None)
        offer = next(one for one in launcher.offers(COACH) if not one.problems)
        launcher.answer(Owed(well=True), answered)
        with pytest.raises(HeldBack, match=words):
            launcher.launch(offer, COACH)
    with started() as launcher:
        assert [one for one in launcher.offers(COACH) if not one.problems] == []
        assert words in str(launcher.offers(COACH)[0].problems)
        launcher.answer(launcher.owed(), Answered(ailment=Ailment.NEITHER, agreed=True))
        assert launcher.offers(COACH)[0].problems == ()
        assert launcher.person() == KIM
    assert any(isinstance(one.said, Ailing) for one in diary.entries(data))


def test_in_the_same_process_an_offer_from_before_it_is_not_launched(data: Path) -> None:
    with started() as launcher:
        offer = next(one for one in launcher.offers(COACH) if not one.problems)
        controls = launcher.launch(offer, COACH)
        controls.feel(Symptom.CHEST)
        controls.close()
        with pytest.raises(HeldBack, match="pain or pressure in the chest"):
            launcher.launch(offer, COACH)


def test_a_run_that_crashed_behind_a_symptom_holds_back_as_well(data: Path) -> None:
    with started() as launcher:
        a_run(launcher, lambda controls: controls.feel(Symptom.CHEST))
    path = max((data / "runs").glob("*.sqlite"))
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE run SET state = 'open', summary = NULL, ended = NULL, ended_utc = NULL")
        database.commit()
    with started() as launcher:
        assert launcher.owed().held is not None


def test_who_asks_first_by_the_questions_is_cleared_by_the_word_of_somebody_whose_trade_it_is(data: Path) -> None:
    with started() as launcher:
        launcher.introduce(Person("Kim", True, health=Health.ASK_FIRST))
        assert launcher.owed().ask_first
        launcher.answer(launcher.owed(), Answered(agreed=True))
    with started() as launcher:
        person = launcher.person()
        assert person is not None
        assert person.health is Health.CLEARED
        assert not launcher.owed().anything
        said = [type(one.said).__name__ for one in diary.entries(data)]
        assert said == ["Introduced", "Introduced", "ClearedBy", "Introduced"]


def test_conditions_that_hold_since_are_kept_in_the_settings(data: Path) -> None:
    with started() as launcher:
        a_run(launcher, lambda controls: controls.happened(Event.FALL))
        launcher.answer(launcher.owed(), Answered(conditions=True))
    with started() as launcher:
        person = launcher.person()
        assert person is not None
        assert person.health is Health.ASK_FIRST
