"""What ``--plain`` says of the checklist: an item when it is ticked, seen or too old, and what is open. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from .checklist import Checklist
from .readiness import Readiness


@dataclass(frozen=True, slots=True)
class Listed:
    """What was said last: the items that were ticked, and the sentence about the sound. ``begun``: all were listed."""

    begun: bool = False
    held: frozenset[int] = frozenset()
    note: str = ""


def listing(listed: Listed, readiness: Readiness, now_s: float) -> tuple[tuple[str, ...], Listed]:
    """The lines for the checklist as it is now, and what has been said with them."""
    checklist = readiness.checklist
    held = frozenset(range(len(checklist.items))) - frozenset(checklist.open_items(now_s))
    heard_of = (readiness.note,) if readiness.note != listed.note else ()
    now = Listed(True, held, readiness.note)
    if not listed.begun:
        return (*item_lines(checklist), *_waits_line(checklist, now_s), open_line(checklist, now_s), *heard_of), now
    ticked = [_ticked(checklist, index) for index in sorted(held - listed.held)]
    too_old = [f"older than three minutes, once more: {_item(checklist, i)}" for i in sorted(listed.held - held)]
    changes = "; ".join((*ticked, *too_old))
    return ((f"{changes}; {open_line(checklist, now_s)}",) if changes else ()) + heard_of, now


def item_lines(checklist: Checklist) -> tuple[str, ...]:
    """Every item: those of the hand with the digit that ticks them."""
    seen = "the program ticks it when it sees it: "
    return tuple(
        f"{_item(checklist, index)}: {seen if item.seen is not None else ''}{item.text}"
        for index, item in enumerate(checklist.items)
    )


def open_line(checklist: Checklist, now_s: float) -> str:
    """What comes next: the digits to type, then what the program is still to see."""
    by_hand = [str(index + 1) for index in checklist.open_items(now_s) if index < checklist.by_hand]
    if by_hand:
        return f"type {', '.join(by_hand)} to tick"
    return next(iter(_waits_line(checklist, now_s)), "the checklist is complete")


def _waits_line(checklist: Checklist, now_s: float) -> tuple[str, ...]:
    """The open items that the program ticks, in a line if there are any."""
    seen_by_it = [index for index in checklist.open_items(now_s) if index >= checklist.by_hand]
    unseen = [checklist.items[index].title.lower() for index in seen_by_it]
    return (f"waiting for: {', '.join(unseen)}",) if unseen else ()


def _ticked(checklist: Checklist, index: int) -> str:
    return f"{'ticked' if index < checklist.by_hand else 'seen'}: {checklist.items[index].title.lower()}"


def _item(checklist: Checklist, index: int) -> str:
    number = f"{index + 1} " if index < checklist.by_hand else ""
    return f"{number}{checklist.items[index].title}"
