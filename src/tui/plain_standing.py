"""A sentence about what is so now, for ``--plain``."""

from __future__ import annotations

from dataclasses import dataclass

FOR_GOOD = "once "
"""How the key of a sentence begins that is said once in a whole run."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Said when its key appears, and again only after it has been gone. An empty ``text`` has been said elsewhere."""

    key: str
    text: str
