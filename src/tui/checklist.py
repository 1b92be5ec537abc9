"""What is gone through before every start, in words that fit the treadmill and the workout. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..machine import Facing
from ..sessions.view import Offer, TreadmillChoice


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to see to. ``text`` says what ticking it means."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """The items, which of them are ticked, and the one that Space would tick."""

    items: tuple[Item, ...]
    ticked: frozenset[int] = frozenset()
    at: int = 0

    @property
    def done(self) -> bool:
        """Whether every item is ticked; none can be left out."""
        return len(self.ticked) == len(self.items)


def ticked(checklist: Checklist, index: int) -> Checklist:
    """With this item ticked, and the next open one at hand. A number that is on no item changes nothing."""
    if not 0 <= index < len(checklist.items):
        return checklist
    done = checklist.ticked | {index}
    after = [i % len(checklist.items) for i in range(index + 1, index + 1 + len(checklist.items))]
    return replace(checklist, ticked=done, at=next((i for i in after if i not in done), index))


def toggled(checklist: Checklist) -> Checklist:
    """With the item at hand ticked, or open again."""
    if checklist.at in checklist.ticked:
        return replace(checklist, ticked=checklist.ticked - {checklist.at})
    return ticked(checklist, checklist.at)


def moved(checklist: Checklist, by: int) -> Checklist:
    """With another item at hand; the ends of the list hold."""
    return replace(checklist, at=max(0, min(checklist.at + by, len(checklist.items) - 1)))


def checklist_for(offer: Offer, treadmill: TreadmillChoice) -> Checklist:
    """The five items for this workout on this treadmill."""
    to_rear = offer.timeline is None or offer.timeline.facing is Facing.REAR
    looking = "facing the rear" if to_rear else "facing the console"
    return Checklist((_key(treadmill, to_rear, looking), _stop(looking), _room(), _help(offer), _person(looking)))


def _key(treadmill: TreadmillChoice, to_rear: bool, looking: str) -> Item:
    if treadmill.simulated:
        return Item(
            "Safety key",
            "Nothing to clip on here: this treadmill is simulated, and this tick stands for its key. On a real one the "
            f"key is clipped to the clothes, was pulled once as a test, and its cord runs free {looking}.",
        )
    clip = "at the back or the side of my clothes" if to_rear else "to my clothes"
    return Item(
        "Safety key",
        f"It is clipped {clip}; I pulled it once and the machine went dead; {looking}, its cord runs free and comes "
        "out before I reach the end of the belt. A machine without a key: somebody stands at its switch.",
    )


def _stop(looking: str) -> Item:
    return Item("A stop in reach", f"{looking.capitalize()}, I reach a stop: this keyboard, a remote, or its button.")


def _room() -> Item:
    return Item("Room", "2 m behind the treadmill and both its sides are clear. No child, no animal, nobody near.")


def _help(offer: Offer) -> Item:
    if not offer.needs:
        return Item("Help", "This workout needs nobody at the belt. Somebody within call knows that I am on it.")
    return Item("Help", f"What this workout needs is here and ready: {', '.join(offer.needs)}.")


def _person(looking: str) -> Item:
    return Item(
        "Me and my kit",
        "No fever, no alcohol, nothing that makes drowsy; rested and free of new pain. Closed flat shoes, laced; deck "
        f"level; telephone within reach. {looking.capitalize()}, I see and hear this screen.",
    )
