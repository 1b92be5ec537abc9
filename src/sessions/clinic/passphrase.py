"""The clinician's passphrase: kept as an Argon2id hash with the library's own costs (RFC 9106, low-memory profile)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LENGTH_MIN = 10
"""Characters: shorter ones are tried out on the stolen file of one computer within days."""

LETTERS_MIN = 5
"""Different characters: ten of four kinds are a million words, and a computer tries those out within a day."""

NEEDS_LIBRARY = "a clinic's passphrase needs a library that is not there; run: pip install 'retrotread[clinic]'"


class PassphraseError(Exception):
    """It is too short, wrong, or cannot be checked here; the message says which, and the mend."""


class WrongPassphrase(PassphraseError):
    """It is another one."""


def hashed(passphrase: str) -> str:
    """What is kept of a passphrase. Raises PassphraseError."""
    if len(passphrase) < LENGTH_MIN:
        raise PassphraseError(f"the passphrase has {len(passphrase)} characters; take {LENGTH_MIN} or more")
    if (different := len(set(passphrase))) < LETTERS_MIN:
        raise PassphraseError(f"the passphrase has {different} different characters; take {LETTERS_MIN} or more")
    return _hasher().hash(passphrase)


def check(passphrase: str, kept: str) -> None:
    """Nothing, where it is the right one. Raises PassphraseError, for another one WrongPassphrase."""
    hasher = _hasher()
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        hasher.verify(kept, passphrase)
    except VerificationError:
        raise WrongPassphrase("the passphrase is not that of this clinic; nothing was changed") from None
    except InvalidHashError:
        raise PassphraseError("what is kept of the passphrase is damaged, so nothing can be changed here") from None


def _hasher() -> PasswordHasher:
    try:
        from argon2 import PasswordHasher
    except ImportError:
        raise PassphraseError(NEEDS_LIBRARY) from None
    return PasswordHasher()
