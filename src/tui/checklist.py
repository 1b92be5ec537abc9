"""What is gone through before every start, in words that fit the treadmill and the workout. Pure.

A person ticks what only a person can know; what the program can see ticks itself. Moments are monotonic seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from ..machine import Facing
from ..sessions.view import Control, Offer, TreadmillChoice
from .keys import said

TICK_KEPT_S = 180.0
"""How long a tick is believed: within three minutes somebody has walked into the room, or a lace has come loose."""


class Seen(Enum):
    """What the program sees for itself: no hand can tick it."""

    TREADMILL = "connected and reported still"
    STOP = "the person's own stop key"
    SOUND = "the spoken digit was understood"
    KEY = "the safety key was tested today"
    MACHINE = "a hand at the machine was seen in its reports"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to see to. ``text`` says what its tick means; ``seen`` is None where a person ticks it."""

    title: str
    text: str
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the checklist is for. ``known``: this machine has been run from here before.

    ``alone``: nobody else is there; ``alone_by`` is how to say so. ``next_key``: that of a remote in the hand.
    ``control``: whose hand is on the belt. ``empty_belt``: nobody is on it, and nobody may be.
    ``key_test``: the machine's safety key is tested each day. ``show_machine``: nothing tells its adapter from another.
    """

    offer: Offer
    treadmill: TreadmillChoice
    known: bool = False
    alone: bool = False
    next_key: str | None = None
    control: Control = Control.GUARDIAN
    alone_by: str = "Esc, then l"
    empty_belt: bool = False
    key_test: bool = False
    show_machine: bool = False

    @property
    def on_own_cable(self) -> bool:
        """Whether the adapter of its cable is known, and with it nothing of the treadmill that the cable is in."""
        return self.treadmill.address.startswith("serial+") and not self.show_machine

    @property
    def to_rear(self) -> bool:
        return self.offer.timeline is None or self.offer.timeline.facing is Facing.REAR

    @property
    def both_ways(self) -> bool:
        """Whether the person faces one way and then the other."""
        return self.offer.timeline is not None and len({step.facing for step in self.offer.timeline.steps}) > 1

    @property
    def looking(self) -> str:
        return "facing the rear" if self.to_rear else "facing the console"


@dataclass(frozen=True, slots=True)
class Checklist:
    """The items, those to be ticked by hand first; when each was ticked; and the one that Space would tick."""

    items: tuple[Item, ...]
    ticked_at_s: tuple[float | None, ...]
    at: int = 0

    @property
    def by_hand(self) -> int:
        """How many are ticked by hand; their numbers are those before it."""
        return sum(item.seen is None for item in self.items)

    def left_s(self, index: int, now_s: float) -> float | None:
        """How long this tick is still believed, 0 or below for one that has expired; None for an open item."""
        at_s = self.ticked_at_s[index]
        return None if at_s is None else at_s + TICK_KEPT_S - now_s

    def holds(self, index: int, now_s: float) -> bool:
        """Whether this item is ticked and its tick still believed."""
        left_s = self.left_s(index, now_s)
        return left_s is not None and left_s > 0

    def open_items(self, now_s: float) -> tuple[int, ...]:
        """Those that are not ticked, or not any more."""
        return tuple(index for index in range(len(self.items)) if not self.holds(index, now_s))

    def done(self, now_s: float) -> bool:
        """Whether every item is ticked; none can be left out."""
        return not self.open_items(now_s)

    def first_to_expire_s(self, now_s: float) -> float:
        """How long all the ticks are still believed; 0 when one is open."""
        return max(0.0, min(self.left_s(index, now_s) or 0.0 for index in range(len(self.items))))


def a_checklist(items: tuple[Item, ...]) -> Checklist:
    """These items, all open."""
    return Checklist(items, (None,) * len(items))


def ticked(checklist: Checklist, index: int, now_s: float) -> Checklist:
    """With this item ticked by hand, and the next open one at hand.

    A number that is on no item changes nothing; nor does that of an item which the program ticks.
    """
    if not 0 <= index < checklist.by_hand:
        return checklist
    checklist = _stamped(checklist, index, now_s)
    after = [i % checklist.by_hand for i in range(index + 1, index + 1 + checklist.by_hand)]
    return replace(checklist, at=next((i for i in after if not checklist.holds(i, now_s)), index))


def toggled(checklist: Checklist, now_s: float) -> Checklist:
    """With the item at hand ticked, or open again."""
    if checklist.holds(checklist.at, now_s):
        return _stamped(checklist, checklist.at, None)
    return ticked(checklist, checklist.at, now_s)


def next_ticked(checklist: Checklist, now_s: float) -> Checklist:
    """With the first item ticked that is to be ticked by hand and is open, if there is one."""
    mine = [index for index in checklist.open_items(now_s) if index < checklist.by_hand]
    return ticked(checklist, mine[0], now_s) if mine else checklist


def seen(checklist: Checklist, what: Seen, now_s: float) -> Checklist:
    """With the items ticked that the program has just seen to be so."""
    for index, item in enumerate(checklist.items):
        if item.seen is what:
            checklist = _stamped(checklist, index, now_s)
    return checklist


def moved(checklist: Checklist, by: int) -> Checklist:
    """With another item at hand; the ends of the list hold."""
    return replace(checklist, at=max(0, min(checklist.at + by, checklist.by_hand - 1)))


def _stamped(checklist: Checklist, index: int, at_s: float | None) -> Checklist:
    stamps = checklist.ticked_at_s
    return replace(checklist, ticked_at_s=(*stamps[:index], at_s, *stamps[index + 1 :]))


# --- the items --------------------------------------------------------------------------------------------------


def checklist_for(asked: Asked) -> Checklist:
    """The items for this workout on this treadmill: those by hand, then those that the program sees.

    By hand there are four for a treadmill that is known, one more for one that is not, and one for a cable. Where no
    belt obeys this program it sees no belt and no stop; without any belt there is no key either. Where the belt runs
    empty, that it is empty is one of them. With a participant of a clinic, what was prescribed is read aloud first.
    """
    return a_checklist((*_read_back(asked.offer), *_items(asked)))


def _items(asked: Asked) -> tuple[Item, ...]:
    if asked.control is Control.TRACK:
        return (_way(), _help(asked), _person(asked), _sound(asked))
    if asked.control is Control.COACHED:
        return (_key(asked), *_place(asked), _stop(asked), _help(asked), _person(asked), _sound(asked))
    if asked.empty_belt:
        by_hand = (_key_beside(), *_place(asked), EMPTY_BELT, _help_beside(asked))
    else:
        by_hand = (_key(asked), *_place(asked), _help(asked), _person(asked))
    if asked.on_own_cable:
        by_hand = (*by_hand, THIS_CABLE)
    key = (_key_test(asked),) if asked.key_test else ()
    machine = (THIS_MACHINE,) if asked.show_machine else ()
    return (*by_hand, _treadmill(), *machine, *key, _own_stop(asked), _sound(asked))


def _read_back(offer: Offer) -> tuple[Item, ...]:
    """Who it is and what is done with them: a pseudonym or a plan that was mixed up is heard by the one who knows."""
    if not offer.read_back:
        return ()
    return (Item("Read aloud", f"{'. '.join(offer.read_back)}. The participant says that it is so."),)


def _key(asked: Asked) -> Item:
    looking = asked.looking
    if asked.treadmill.simulated:
        return Item(
            "Safety key",
            "Simulated: this tick stands for a key that is clipped on, was pulled as a test today, and whose cord runs "
            f"free {looking}.",
        )
    clip = "at the back or side of my clothes" if asked.to_rear else "to my clothes"
    return Item(
        "Safety key",
        f"Clipped {clip}, pulled as a test today; {looking}, its cord pulls it in time. "
        "No key: somebody is at the switch.",
    )


EMPTY_BELT = Item("Empty belt", "Nobody is on the belt, and nobody steps on it in this run; no child, no animal near.")
"""Without this tick an experiment is not armed."""


KEY_TEST = Item("Key test", "Pull the key, put it back. k: pulled, the console saw it.", Seen.KEY)
"""A machine that tells of its key ticks it; for one that does not there is the word of whoever saw its console."""


THIS_CABLE = Item("Cable", "This cable is in the treadmill that was qualified with it; I looked.")
"""A seal on a cable is its adapter's: whoever plugs the adapter into another treadmill takes the seal along."""


THIS_MACHINE = Item("Which one", "Press its emergency stop, count to three, let it out.", Seen.MACHINE)
"""Of a machine behind an adapter without a number: only a hand shows that the address leads to this one."""


def _key_test(asked: Asked) -> Item:
    """A cord that is long enough one way may be too long the other."""
    if not asked.both_ways:
        return KEY_TEST
    return replace(KEY_TEST, text="Pull it once facing each way. k: pulled, the console saw it.")


def _key_beside() -> Item:
    return Item(
        "Safety key", "Plugged in, pulled as a test today, its cord in my hand. No key: I stand at its switch or plug."
    )


def _help_beside(asked: Asked) -> Item:
    if asked.alone:
        return Item("Beside it, alone", "I stand beside it, not behind it, and somebody within call knows what I do.")
    return Item("Beside it", "All of us stand beside it, not behind it, and I see or hear this program.")


def _stop(asked: Asked) -> Item:
    if asked.control is Control.COACHED:
        return Item(
            "A stop in reach", f"{asked.looking.capitalize()}, I reach the machine's own stop, or somebody does."
        )
    return Item("A stop in reach", f"{asked.looking.capitalize()}, I reach a stop: this keyboard, a remote, a button.")


def _way() -> Item:
    return Item("Way", "Level, dry and clear as far as I go; I have walked it. Nobody and nothing crosses it.")


def _place(asked: Asked) -> tuple[Item, ...]:
    if asked.known:
        same = "clear behind and beside, nobody near, rails, belt and deck as they were"
        return (Item("Nothing changed", f"Since I last ran this treadmill: {same}."),)
    return (_room(), _machine())


def _room() -> Item:
    return Item("Room", "2 m behind it and both sides are clear; no child, no animal near.")


def _machine() -> Item:
    return Item("Machine", "Rails, if any, are set for me; belt clean and centred, deck level.")


def _help(asked: Asked) -> Item:
    if asked.alone:
        return Item("Alone", "Somebody within call knows that I am on it. My telephone is in reach. I hold the rails.")
    if not asked.offer.needs:
        return Item("Help", "This workout needs nobody at the belt. Somebody within call knows that I am on it.")
    needs = ", ".join(asked.offer.needs)
    return Item("Help", f"What this workout needs is here and ready: {needs}. Nobody there? {asked.alone_by}: alone.")


def _person(asked: Asked) -> Item:
    return Item(
        "Me and my kit",
        "No fever, no alcohol, nothing drowsy; rested, no new pain; closed flat shoes, laced. "
        f"{asked.looking.capitalize()}, I see or hear this program.",
    )


def _treadmill() -> Item:
    return Item("Treadmill", "Connected, and it reports that its belt stands still.", Seen.TREADMILL)


def _own_stop(asked: Asked) -> Item:
    key = "any stop key" if asked.next_key is None else f"{said(asked.next_key)} on the remote"
    where = "stand" if asked.empty_belt else "run"
    return Item("My stop", f"Press {key} from where you will {where}.", Seen.STOP)


def _sound(asked: Asked) -> Item:
    by_remote = "" if asked.next_key is None else ", or press the remote so often"
    return Item("Sound", f"h: a digit is spoken. Type it{by_remote}.", Seen.SOUND)
