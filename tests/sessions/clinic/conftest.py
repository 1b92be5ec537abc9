"""Passphrases of a test are hashed at the least cost that there is, but where the cost is what is looked at."""

from __future__ import annotations

import argon2
import pytest

from retrotread.sessions.clinic import passphrase


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrase, "_hasher", lambda: argon2.PasswordHasher(1, 8, 1))
