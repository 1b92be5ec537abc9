"""A short word about names: a person who slips is told a few that exist, and the one that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from itertools import islice

SHOWN = 4
"""As many as fit into a message of three lines beside everything else; docs/simulated-treadmill.md has them all."""

LONGEST = 40
"""Longer than any name here: what is longer was pasted by mistake and is not searched for neighbours."""


def known(names: Collection[str], asked: str = "") -> str:
    """``a, b, c, d and 8 more; perhaps 'c' is meant``."""
    more = len(names) - SHOWN
    text = ", ".join(islice(names, SHOWN)) + (f" and {more} more" if more > 0 else "")
    near = difflib.get_close_matches(asked, names, n=1) if len(asked) <= LONGEST else []
    return f"{text}; perhaps {near[0]!r} is meant" if near else text
