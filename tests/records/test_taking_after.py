"""A run has just ended: it is in the store at once, and the head that is told finds a later change of its journal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from retrotread.records.file import NAME, StoreError
from retrotread.records.opening import kept_in
from retrotread.records.store import Store
from retrotread.records.taking_after import kept_after

from .conftest import Made, changed

BEGAN = "2026-03-02T07:00:00+00:00"


def head_in(told: str) -> str:
    found = re.match(r"kept in the store, chain head (\w{16,}): what is changed in the journal", told)
    assert found is not None, told
    return found[1]


def kept_store(folder: Path) -> Store:
    store = kept_in(folder, None).store
    assert store is not None
    return store


def test_a_run_is_in_the_store_at_its_end_and_its_head_is_that_of_the_store(run: Made, tmp_path: Path) -> None:
    journal = run("ab12", BEGAN)
    head = head_in(kept_after(journal, None))
    assert (tmp_path / NAME).exists()
    (listed,) = kept_store(tmp_path).sessions()
    assert (listed.run_id, listed.chain_head) == ("ab12", head)


def test_what_is_changed_in_the_journal_afterwards_is_found_by_the_head(run: Made, tmp_path: Path) -> None:
    journal = run("ab12", BEGAN)
    head = head_in(kept_after(journal, None))
    changed(journal, "UPDATE run SET summary = json_set(summary, '$.max_speed_kph', 9.9)")
    changed(journal, "DELETE FROM event WHERE n = (SELECT max(n) FROM event)")
    (listed,) = kept_store(tmp_path).sessions()
    assert (listed.speed_max_ckph < 990, listed.chain_head) == (True, head)
    (tmp_path / NAME).unlink()  # a store that is made anew believes the journal: the head that was told does not
    (anew,) = kept_store(tmp_path).sessions()
    assert anew.chain_head != head


def test_a_store_that_cannot_be_used_is_a_sentence_and_the_journal_stays(
    run: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_folder: Path, _person: object) -> None:
        raise StoreError("the disk is full")

    journal = run("ab12", BEGAN)
    before = journal.read_bytes()
    monkeypatch.setattr("retrotread.records.taking_after.kept_in", refused)
    told = kept_after(journal, None)
    assert told == (
        "not in the store yet: the disk is full; the journal stays, and the next look at the history takes it over"
    )
    assert journal.read_bytes() == before


def test_a_journal_that_cannot_be_taken_over_is_named_with_the_reason(run: Made) -> None:
    journal = changed(run("ab12", BEGAN), "UPDATE run SET began_utc = 'soon'")
    told = kept_after(journal, None)
    assert told.startswith(f"{journal.name} is not in the store yet; the journal stays; {journal.name} cannot be taken")
