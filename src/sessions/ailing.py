"""What the diary tells of illness and injury, for the ladder and for the next start. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from ..training.history import Illness, Injury
from .diary import Ailing, Ailment, Entry

NOT_SAID_WHERE = "not said where"


def ailments_in(said: Iterable[Entry]) -> tuple[Illness | Injury, ...]:
    """Each illness with its last day, and each new injury.

    Somebody is ill until they say that they are well; who takes it back on the same day was not ill.
    """
    found: list[Illness | Injury] = []
    ill: date | None = None
    for one in (entry.said for entry in said if isinstance(entry.said, Ailing)):
        day = date.fromisoformat(one.day)
        if one.what is Ailment.INJURED:
            found.append(Injury(day, one.where or NOT_SAID_WHERE))
        elif one.what is Ailment.ILL:
            ill = ill or day
        elif one.what is Ailment.NEITHER and ill is not None:
            found += [Illness(ill, day - timedelta(days=1))] if day > ill else []
            ill = None
    return tuple(found) if ill is None else (*found, Illness(ill))


def ill_since(said: Iterable[Entry]) -> date | None:
    """The first day of an illness that goes on; None: nobody is ill."""
    open_ones = (one.day for one in ailments_in(said) if isinstance(one, Illness) and one.until is None)
    return next(open_ones, None)
