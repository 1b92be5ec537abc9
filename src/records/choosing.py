"""Which sessions of a list are shown. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .store import Listed


@dataclass(frozen=True, slots=True)
class Wish:
    """What a session has to be. ``words`` are in the name of its workout or of its treadmill, in any case of letters;
    None: any will do. ``simulated``: whether those on which nobody moved are among them."""

    first: date | None = None
    last: date | None = None
    words: str | None = None
    level: int | None = None
    simulated: bool = True
    to_its_end: bool = False


EVERY = Wish()


def chosen(sessions: Iterable[Listed], wish: Wish) -> tuple[Listed, ...]:
    """Those that are as wished, in their order."""
    return tuple(one for one in sessions if _as_wished(one, wish))


def _as_wished(one: Listed, wish: Wish) -> bool:
    words = None if wish.words is None else wish.words.casefold()
    return (
        (wish.first is None or one.day >= wish.first)
        and (wish.last is None or one.day <= wish.last)
        and (words is None or words in one.workout.casefold() or words in one.treadmill.casefold())
        and (wish.level is None or one.level == wish.level)
        and (wish.simulated or not one.simulated)
        and (one.complete or not wish.to_its_end)
    )
