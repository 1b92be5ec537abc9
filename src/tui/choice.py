"""What is chosen on the set-up screen, as one value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..sessions.view import Offer, TreadmillChoice

READING = "reading the workouts ..."


class Shown(Enum):
    """Which of the workouts are listed, in the order in which a key goes through them; levels as of the tiers."""

    OPEN = "what you can run here"
    ALL = "all"
    FIRST = "levels 0 to 3"
    BRISK = "levels 4 to 6"
    RUNS = "levels 7 and 8"
    FAST = "levels 9 and 10"

    def takes(self, offer: Offer) -> bool:
        """Whether a workout is among them; one without a level is in none of the levels."""
        if self is Shown.OPEN:
            return not offer.problems
        return self is Shown.ALL or (offer.level is not None and offer.level in _LEVELS[self])


_LEVELS = {Shown.FIRST: range(4), Shown.BRISK: range(4, 7), Shown.RUNS: range(7, 9), Shown.FAST: range(9, 11)}


@dataclass(frozen=True, slots=True)
class Choice:
    """``offers`` is None while they are being read for the chosen treadmill; ``failed`` says why they cannot be.
    Of them those are listed that ``shown`` takes, and ``offer_index`` counts in that list.

    ``notes`` are sentences about earlier runs, and about one that could not be opened. ``alone``: the person has said
    that nobody else is there; the workouts are others then.
    """

    treadmills: tuple[TreadmillChoice, ...] = ()
    treadmill_index: int = 0
    offers: tuple[Offer, ...] | None = None
    offer_index: int = 0
    notes: tuple[str, ...] = ()
    failed: str | None = None
    alone: bool = False
    shown: Shown = Shown.ALL

    @property
    def listed(self) -> tuple[Offer, ...]:
        """The workouts to choose from now."""
        return tuple(filter(self.shown.takes, self.offers or ()))

    @property
    def treadmill(self) -> TreadmillChoice | None:
        return self.treadmills[self.treadmill_index] if self.treadmills else None

    @property
    def offer(self) -> Offer | None:
        listed = self.listed
        return listed[self.offer_index] if listed else None

    def hindrance(self) -> str | None:
        """Why it cannot go on from here; None when it can."""
        if self.failed is not None:
            return self.failed
        if self.offers is None:
            return READING
        if self.treadmill is None or self.offer is None:
            return "there is nothing to choose from"
        if self.offer.problems:
            return f"{self.offer.title} cannot be run on this treadmill as it is; the reasons are above"
        return None if self.offer.timeline is not None else f"{self.offer.title} could not be laid out in time"


def other_offer(choice: Choice, by: int) -> Choice:
    """The workout ``by`` places further down; the ends of the list hold."""
    last = len(choice.listed) - 1
    return replace(choice, offer_index=max(0, min(choice.offer_index + by, last)))


def other_shown(choice: Choice) -> Choice:
    """The next kind of list that is not empty; the workout that was marked stays so where it is in that one too."""
    kinds = [kind for kind in Shown if any(map(kind.takes, choice.offers or ()))]
    if not kinds:
        return choice
    later = kinds[kinds.index(choice.shown) + 1 :] if choice.shown in kinds else []
    other, marked = replace(choice, shown=(later or kinds)[0]), choice.offer
    return replace(other, offer_index=other.listed.index(marked) if marked in other.listed else 0)


def other_treadmill(choice: Choice, by: int) -> Choice:
    """The treadmill ``by`` places further on, round the ends; its workouts are yet to be read."""
    if len(choice.treadmills) < 2:
        return choice
    index = (choice.treadmill_index + by) % len(choice.treadmills)
    return replace(choice, treadmill_index=index, offers=None, offer_index=0, failed=None)


def with_treadmills(choice: Choice, treadmills: tuple[TreadmillChoice, ...], chosen: TreadmillChoice | None) -> Choice:
    """These to choose from, and this one chosen; its workouts are yet to be read where it is another one."""
    index = next((at for at, one in enumerate(treadmills) if chosen and one.address == chosen.address), 0)
    if choice.treadmill is not None and treadmills and treadmills[index].address == choice.treadmill.address:
        return replace(choice, treadmills=treadmills, treadmill_index=index)
    return replace(choice, treadmills=treadmills, treadmill_index=index, offers=None, offer_index=0, failed=None)


def other_company(choice: Choice) -> Choice:
    """Alone, or not alone any more; the workouts for that are yet to be read."""
    return replace(choice, alone=not choice.alone, offers=None, offer_index=0, failed=None)


def with_offers(choice: Choice, address: str, alone: bool, offers: tuple[Offer, ...]) -> Choice:
    """The workouts as they were read for ``address``; news about what is no longer chosen changes nothing.

    The first is what was asked for: where that one cannot be run, it is listed all the same, with all the others.
    """
    if choice.treadmill is None or (choice.treadmill.address, choice.alone) != (address, alone):
        return choice
    first_can = bool(offers) and not offers[0].problems
    return replace(choice, offers=offers, offer_index=0, failed=None, shown=Shown.OPEN if first_can else Shown.ALL)


def window(count: int, chosen: int, room: int) -> range:
    """Which of ``count`` rows to show in ``room`` of them, so that the chosen one is among them."""
    first = max(0, min(chosen - room // 2, count - room))
    return range(first, min(count, first + room))
