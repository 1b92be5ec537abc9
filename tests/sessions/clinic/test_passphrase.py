"""The passphrase of a clinic: what is kept of it, and what is said when it is not the one."""

from __future__ import annotations

import sys

import argon2
import pytest

from retrotread.sessions.clinic import passphrase
from retrotread.sessions.clinic.passphrase import PassphraseError, check, hashed

WORDS = "rear wheels turn slowly"


def test_the_right_one_is_taken_and_another_is_not() -> None:
    kept = hashed(WORDS)
    check(WORDS, kept)
    with pytest.raises(PassphraseError, match="is not that of this clinic; nothing was changed"):
        check("Rear wheels turn slowly", kept)


def test_two_clinics_with_the_same_words_keep_different_hashes() -> None:
    assert hashed(WORDS) != hashed(WORDS)


def test_a_hash_that_is_none_is_told_as_damage() -> None:
    with pytest.raises(PassphraseError, match="is damaged, so nothing can be changed here"):
        check(WORDS, "not a hash")


def test_it_costs_whoever_tries_words_out_64_mib_and_three_passes_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    hasher = passphrase._hasher()
    assert (hasher.memory_cost, hasher.time_cost, hasher.type) == (65536, 3, argon2.Type.ID)


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "argon2", None)
    with pytest.raises(PassphraseError, match=r"pip install 'retrotread\[clinic\]'"):
        hashed(WORDS)
