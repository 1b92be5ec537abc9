"""The page of one session."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.records.conftest import Made as MakeRun
from tests.records.conftest import changed
from tests.records.exports.conftest import a_run
from tests.records.report.test_html import HOSTILE, Seen

from retrotread.records.exports.told import Privacy, Told, Who, told
from retrotread.records.intact import intact
from retrotread.records.report.page import HITS_MAX, Made, page
from retrotread.records.store import Store
from retrotread.records.taking import take_over
from retrotread.records.whole import KeptEvent, Whole
from retrotread.safety.policy import RULES

MADE = Made(datetime(2026, 3, 3, 8, 0, tzinfo=UTC), "retrotread 0", intact=True)


@pytest.fixture
def whole(store: Store, person: int, run: MakeRun) -> Callable[..., Whole]:
    """A session as the store gives it, after its journal was changed."""

    def make(*statements: str, stop_at_s: float | None = None) -> Whole:
        take_over(store, person, changed(run(stop_at_s=stop_at_s), *statements))
        found = store.whole("ab12")
        assert found is not None
        return found

    return make


def of(whole: Whole, name: str | None = None) -> Told:
    privacy = Privacy.PSEUDONYMOUS if name is None else Privacy.IDENTIFIED
    return told(whole, Who(privacy, "Ada Lovelace", ("Ada Lovelace",)))


def text(page: str) -> str:
    """What stands on the page, with single blanks."""
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return " ".join(" ".join(Seen(body).texts).split())


def test_the_page_tells_a_session_from_its_start_to_its_proof(whole: Callable[..., Whole]) -> None:
    found = whole(
        "UPDATE event SET at_utc = '2026-03-02T09:00:00'",
        "INSERT INTO event VALUES (9, 65000, '2026-03-02T09:01:05', 'ui_slow', 'the screen took 2.1 s')",
    )
    said = text(page(of(found), MADE))
    did = found.session
    for expected in (
        "session report · level 1 · tier", "Two bouts", found.pseudonym, "belt started 09:00:", "(UTC+00:00)",
        "the plan is done", "backward, belt forward", "plan time 5:30 5:30",
        "work 2 × 1:00 at 1.5 km/h 2 × 1:00 at 1.5 km/h",
        "pain before 0", "pain during 1", "pain next morning not said", "effort 3", "heart rate not told",
        "1 09:01:05 the screen took 2.1 s", RULES_UI_SLOW, "nothing rose", "belt: standstill",
        f"Plan hash {did['plan_hash']}", f"Chain head (sha256-2) {did['chain_head']} ; the rows of the session hold",
        "Run ab12, recorded by retrotread 0", "no medical device",
    ):  # fmt: skip
        assert expected in said


RULES_UI_SLOW = "who cannot see the screen move cannot be warned of a rise"


def test_the_page_loads_nothing_and_runs_nothing(whole: Callable[..., Whole]) -> None:
    made = page(of(whole()), MADE)
    seen = Seen(made)
    assert not seen.tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
    assert not [
        name for _, found in seen.elements for name in found if name.startswith("on") or name in ("src", "href")
    ]
    assert re.findall(r"https?://[^\"]*|url\(|@import", made) == ["http://www.w3.org/2000/svg"]


def test_hostile_texts_of_a_workout_a_treadmill_and_an_event_stay_texts() -> None:
    told_of = a_run((), name=HOSTILE, workout=HOSTILE, ended=HOSTILE, tier=HOSTILE, program=HOSTILE, run_id=HOSTILE)
    events = (KeptEvent(1, 0, "2026-03-02T09:00:00", HOSTILE, HOSTILE, ""), KeptEvent(2, 0, "", "ui_slow", HOSTILE, ""))
    hostile = replace(told_of, treadmill=HOSTILE, whole=replace(told_of.whole, events=events, pseudonym=HOSTILE))
    seen = Seen(page(hostile, replace(MADE, program=HOSTILE)))
    assert not seen.tags & {"script", "img", "b"} - {"b"}
    assert "alert" not in {name for _, found in seen.elements for name in found}
    assert sum("<script>" in one for one in seen.texts) >= 8


def test_a_pseudonymous_page_names_neither_the_person_nor_the_treadmill(whole: Callable[..., Whole]) -> None:
    found = whole("UPDATE run SET workout = 'for ada lovelace'")
    made = page(of(found), MADE)
    assert found.pseudonym in made
    assert f"for {found.pseudonym}" in made
    assert not re.search(r"lovelace|ble://|well-behaved", made, re.IGNORECASE)


def test_an_identified_page_names_both(whole: Callable[..., Whole]) -> None:
    found = whole()
    said = text(page(of(found, "Ada Lovelace"), MADE))
    assert "Ada Lovelace name" in said
    assert f"machine {found.treadmill}" in said
    assert found.pseudonym not in said


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ("partial", "Interrupted: the program ended in it."),
        ("steps_dropped", "1 of its steps were not recorded."),
    ],
)
def test_what_makes_its_numbers_doubtful_stands_at_its_head(column: str, sentence: str) -> None:
    assert sentence in text(page(a_run((), (), None, **{column: 1}), MADE))


def test_rows_that_were_changed_are_told_at_its_head_and_beside_the_chain(whole: Callable[..., Whole]) -> None:
    found = whole()
    assert intact(found)
    other = replace(found, session=found.session | {"distance_mm": 42_195_000})
    assert not intact(other)
    said = text(page(of(other), replace(MADE, intact=False)))
    assert "are not those that were kept" in said
    assert "do NOT hold against it" in said


def test_a_simulated_treadmill_carried_nobody(whole: Callable[..., Whole]) -> None:
    found = whole("UPDATE run SET address = 'sim://spiky'")
    assert "Simulated treadmill: nobody moved." in text(page(of(found), MADE))


def test_of_very_many_limits_and_events_the_strongest_and_the_outermost_are_told() -> None:
    events = [KeptEvent(n, n, "2026-03-02T09:00:00", one.value, "met " * 200, "") for n, one in enumerate(RULES)]
    events += [KeptEvent(n, n, "", "accepted", f"sentence {n} " * 40, "") for n in range(200, 300)]
    told_of = a_run(())
    made = page(replace(told_of, whole=replace(told_of.whole, events=tuple(events))), MADE)
    said = text(made)
    assert said.count("stopped, with an alarm") == HITS_MAX
    assert f"and {len(RULES) - 4 - HITS_MAX} milder ones" in said
    assert "and 94 in between" in said
    assert "sentence 200" in said
    assert "sentence 299" in said
    assert len(made) < 20_000


def test_what_a_clinic_prescribed_stands_apart_with_its_author(whole: Callable[..., Whole]) -> None:
    said = "Participant P-7QK2M9; At most: 1.5 km/h; Prescription 1 of A. Weber, until 2026-12-12: knee, second week"
    found = whole(f"INSERT INTO event VALUES (0, 0, '2026-03-02T09:00:00', 'prescribed', '{said}')")
    told_of = text(page(of(found), MADE))
    assert f"Prescribed {said} Limits met" in told_of
    assert told_of.count("Participant P-7QK2M9") == 1
    assert "Prescribed" not in text(page(a_run(()), MADE))


def test_a_session_that_was_stopped_shows_what_was_left(whole: Callable[..., Whole]) -> None:
    made = page(of(whole(stop_at_s=150.0)), MADE)
    assert 'class="left-over"' in made
    assert "dashed: planned and not done" in text(made)


def test_a_run_without_a_single_report_has_a_page_too() -> None:
    said = text(page(a_run(()), MADE))
    assert "not seen to move" in said
    assert "there is no profile" in said
