"""A kept run in full: everything that its journal told, for exports and reports."""

from __future__ import annotations

from tests.records.conftest import ADDRESS, Made

from retrotread.records.store import Store
from retrotread.records.taking import take_over
from retrotread.records.whole import KeptAnswer
from retrotread.training.history import CheckIn


def test_a_run_comes_back_with_its_plan_its_samples_its_events_and_its_answers(
    run: Made, store: Store, person: int
) -> None:
    take_over(store, person, run())
    found = store.whole("ab12")
    assert found is not None
    assert (found.address, found.simulated, found.pseudonym) == (ADDRESS, False, store.pseudonym(person))
    assert found.session["plan"].startswith(b"retrotread: 1\nname: Two bouts\n")
    assert (found.session["plan_hash"], found.session["chain_head"]) == (
        store.sessions()[0].plan_hash,
        store.sessions()[0].chain_head,
    )
    assert [(one.n, one.kind, one.text) for one in found.events] == [(1, "mode", "armed"), (2, "mode", "standstill")]
    assert [one.at_ms for one in found.samples] == sorted(one.at_ms for one in found.samples)
    assert {one.step for one in found.samples} >= {0, 1, 2, 3, 4}
    assert KeptAnswer("after", 0, 3) in found.said
    assert found.notes == ("the plan is done",)
    assert found.morning is None


def test_the_pain_of_its_morning_after_stands_with_it(run: Made, store: Store, person: int) -> None:
    take_over(store, person, run())
    found = store.whole("ab12")
    assert found is not None
    after = found.day.fromordinal(found.day.toordinal() + 1)
    store.morning(person, CheckIn(after, 2))
    found = store.whole("ab12")
    assert found is not None
    assert found.morning == 2


def test_of_two_runs_of_one_number_the_newest_comes_unless_its_beginning_is_named(
    run: Made, store: Store, person: int
) -> None:
    first, second = "2026-03-02T09:00:00+00:00", "2026-03-05T09:00:00+00:00"
    for began in (second, first):
        take_over(store, person, run(began=began))
    newest, oldest = store.whole("ab12"), store.whole("ab12", first)
    assert newest is not None
    assert oldest is not None
    assert (newest.session["began_utc"], oldest.session["began_utc"]) == (second, first)
    assert store.whole("none") is None
