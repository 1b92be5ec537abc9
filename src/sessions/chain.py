"""One link of a chain of hashes: what binds a row to all that were kept before it. Pure.

SHA-256 over the link before and the row in one canonical form (JSON, keys in order, no blanks, whole numbers only).
Nothing in it is secret: it finds damage and a careless hand. Against somebody who works the whole chain out anew only a
head that was printed or sent before is proof.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

KIND = "sha256-1"
"""How the links are worked out; another way gets another name."""

BEGINNING = "0" * 64


def link(before: str, row: object) -> str:
    """The link of a row behind another one. Raises ValueError for a number that is not whole."""
    written = json.dumps(_whole(row), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{before}\n{written}".encode("ascii")).hexdigest()


def _whole(value: object) -> object:
    """As it goes into a hash: bytes by their own hash, and no number that could be written in two ways."""
    if isinstance(value, float):
        raise ValueError(f"{value!r} is not a whole number; keep it in a smaller unit")
    if isinstance(value, bytes):
        return {"sha256": hashlib.sha256(value).hexdigest()}
    if isinstance(value, Mapping):
        return {str(key): _whole(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(one) for one in value]
    return value
