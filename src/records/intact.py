"""Whether the rows of one session are still those that were kept. Pure."""

from __future__ import annotations

from dataclasses import astuple

from .store import CHAINS, chain_of
from .whole import Whole


def intact(whole: Whole) -> bool:
    """Whether the chain of hashes over the session, worked out anew, is the one that was kept with it."""
    rest = {
        "said": [list(astuple(one)) for one in whole.said],
        "samples": [list(astuple(one)) for one in whole.samples],
    }
    found = chain_of(whole.session, [{name: getattr(one, name) for name in _EVENT} for one in whole.events], rest)
    told = (tuple(one.hash for one in whole.events), whole.session["chain_head"])
    return whole.session["chain"] in CHAINS and told == (found.events, found.head)


_EVENT = ("n", "at_ms", "at_utc", "kind", "text")
