"""Learning the two keys of a remote: the one for "next", and the one for "I'm fine". Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..sessions.person import Remote
from .keys import may_be_of_a_remote, said

SKIP_KEY = "s"
FORGET_KEY = "backspace"


@dataclass(frozen=True, slots=True)
class Learning:
    """What has been learnt. ``done``: nothing more is asked; ``remote`` is None then where there is to be none."""

    next_key: str | None = None
    remote: Remote | None = None
    done: bool = False
    hint: str = ""


def pressed(learning: Learning, key: str) -> Learning:
    """With this key pressed: the next key first, then the one for "I'm fine", which may be skipped."""
    if key == FORGET_KEY and learning.next_key is None:
        return replace(learning, done=True, hint="")
    if key == SKIP_KEY and learning.next_key is not None:
        return replace(learning, remote=Remote(learning.next_key), done=True, hint="")
    if not may_be_of_a_remote(key):
        return replace(learning, hint=f"{said(key)} cannot be a key of a remote: it has its own meaning. Another one?")
    if learning.next_key is None:
        return replace(learning, next_key=key, hint="")
    if key == learning.next_key:
        return replace(learning, hint=f"{said(key)} is the next key already, and that one stops a moving belt.")
    return replace(learning, remote=Remote(learning.next_key, key), done=True, hint="")
