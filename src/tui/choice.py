"""What is chosen on the set-up screen, as one value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..sessions.view import Offer, TreadmillChoice

READING = "reading the workouts ..."


@dataclass(frozen=True, slots=True)
class Choice:
    """``offers`` is None while they are being read for the chosen treadmill; ``failed`` says why they cannot be.

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

    @property
    def treadmill(self) -> TreadmillChoice | None:
        return self.treadmills[self.treadmill_index] if self.treadmills else None

    @property
    def offer(self) -> Offer | None:
        return self.offers[self.offer_index] if self.offers else None

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
    last = len(choice.offers or ()) - 1
    return replace(choice, offer_index=max(0, min(choice.offer_index + by, last)))


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
    """The workouts as they were read for ``address``; news about what is no longer chosen changes nothing."""
    if choice.treadmill is None or (choice.treadmill.address, choice.alone) != (address, alone):
        return choice
    return replace(choice, offers=offers, offer_index=0, failed=None)


def window(count: int, chosen: int, room: int) -> range:
    """Which of ``count`` rows to show in ``room`` of them, so that the chosen one is among them."""
    first = max(0, min(chosen - room // 2, count - room))
    return range(first, min(count, first + room))
