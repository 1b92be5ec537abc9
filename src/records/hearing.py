"""The diary in the store: mornings, nights, what holds somebody back, and limits; each entry counts once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from ..sessions import diary
from ..sessions.diary import Aching, ClearedBy, Entry, Held, Morning, ScreenedAgain, Slept
from ..sessions.home_limits import Limited, TakenAway
from ..training.history import CheckIn
from .store import Heard, HeardFree, HeardLimit, Store


def hear(store: Store, person: int, folder: Path) -> None:
    """Take over what the diary of a data folder tells. Its file stays as it is. Raises AddedOnlyError or StoreError."""
    said = diary.entries(folder)
    for one in mornings_in(said):
        store.morning(person, one)
    store.hear(person, health_in(said))
    store.hear_limits(person, limits_in(said))


def mornings_in(said: Iterable[Entry]) -> tuple[CheckIn, ...]:
    """What was said of each day; what was said last holds, and who said nothing takes nothing back. Pure."""
    days: dict[str, CheckIn] = {}
    for entry in said:
        match entry.said:
            case Morning(day=day, pain=pain) | Aching(day=day, pain=pain) if pain is not None:
                days[day] = replace(_on(days, day), pain=pain)
            case Slept(day=day, badly=badly) if badly is not None:
                days[day] = replace(_on(days, day), slept_badly=badly)
    return tuple(days.values())


def health_in(said: Iterable[Entry]) -> Iterator[Heard]:
    """What it tells of health, each with the link that makes it one of its kind. Pure."""
    for one in said:
        match one.said:
            case Held(day=day, why=why):
                yield Heard(one.link, day, "held", why, one.at_utc)
            case ScreenedAgain(day=day, yes=yes):
                yield Heard(one.link, day, "screened", "one or more hold" if yes else "none holds", one.at_utc)
            case ClearedBy(day=day, by=by):
                yield Heard(one.link, day, "cleared", by, one.at_utc)


def limits_in(said: Iterable[Entry]) -> Iterator[HeardLimit | HeardFree]:
    """What it tells of limits, in its order. Pure."""
    for one in said:
        match one.said:
            case Limited(what=what, value=value, author=author, reason=reason, until=until):
                yield HeardLimit(what.value, value, author, reason, until, one.at_utc)
            case TakenAway(what=what, day=day):
                yield HeardFree(what.value, (date.fromisoformat(day) - timedelta(days=1)).isoformat(), one.at_utc)


def _on(days: dict[str, CheckIn], day: str) -> CheckIn:
    return days.get(day, CheckIn(date.fromisoformat(day)))
