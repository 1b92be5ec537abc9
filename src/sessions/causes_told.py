"""Which sentences of the causes in force go into the journal: each when it begins, and not with every number. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..safety.hazards import Cause, Hazard

AGAIN_S = 20.0
"""How long a cause stands before its numbers are told anew: sooner than the half minute after which a report takes what
it meets again for another time, and seldom enough that an hour of it is 180 lines."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class _Standing:
    cause: Cause
    text: str
    told_s: float


@dataclass(frozen=True, slots=True)
class CausesTold:
    """The causes that stand, each with what was told of it last."""

    standing: tuple[_Standing, ...] = ()

    def with_causes(self, causes: tuple[Cause, ...], now_s: float) -> tuple[CausesTold, tuple[Cause, ...]]:
        """With these in force now, and what is to be told: what has gone since its numbers moved on, as they were last;
        then what is new by its words; and what has stood for AGAIN_S."""
        before, now = {_key(one.cause): one for one in self.standing}, {_key(one): one for one in causes}
        gone = tuple(one.cause for key, one in before.items() if key not in now and one.cause.message != one.text)
        standing = {key: _standing(before.get(key), one, now_s) for key, one in now.items()}
        told = (one.cause for key, one in standing.items() if key not in before or one.told_s != before[key].told_s)
        return CausesTold(tuple(standing.values())), (*gone, *told)


def _standing(before: _Standing | None, cause: Cause, now_s: float) -> _Standing:
    if before is None or (now_s - before.told_s >= AGAIN_S and cause.message != before.text):
        return _Standing(cause, cause.message, now_s)
    return _Standing(cause, before.text, before.told_s)


def _key(cause: Cause) -> tuple[Hazard, str]:
    """One cause in the same words, whatever its numbers."""
    return cause.hazard, _NUMBER.sub("#", cause.message)
