"""What somebody has done and how they took it: the entries that progression is worked out from. Pure values.

A history is a tuple of entries in the order of their days. What was not said is None: silence is never an answer.
Minutes are those gone backward, warm-up and cool-down included; forward ones stand apart. Pain and effort are whole
numbers from 0 to 10.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from ..machine import BeltDirection

LEVEL_MAX, SCALE_MAX, PLACED_MAX = 10, 10, 4
"""The ladder ends at 10, both scales end at 10, and a placement puts nobody above level 4: running is earned."""

MINUTES_MAX, SPEED_MAX_KPH, INCLINE_MAX_PERCENT, BOUTS_MAX = 1440.0, 12.0, 15.0, 1000
"""A day has 1,440 minutes; no workout of this project goes faster than 12 km/h backward or steeper than 15 %."""

SPEED_HAIR_KPH, INCLINE_HAIR_PERCENT = 0.06, 0.25
"""Half an increment of a coarse machine (0.1 km/h, 0.5 %): it sets what it can, and that is what was asked for."""


class Event(StrEnum):
    """Something that happened on the belt."""

    STUMBLE = "stumble"
    KEY_PULL = "key pull"
    RAIL_GRAB = "rail grab"
    UNPLANNED_STOP = "unplanned stop"
    NEAR_FALL = "near-fall"
    FALL = "fall"
    SYMPTOM_STOP = "symptom stop"

    @property
    def words(self) -> str:
        """As a sentence names it."""
        return _EVENT_WORDS[self]


_EVENT_WORDS = {
    Event.STUMBLE: "a stumble",
    Event.KEY_PULL: "a pull of the safety key",
    Event.RAIL_GRAB: "a grab at the rails",
    Event.UNPLANNED_STOP: "an unplanned stop",
    Event.NEAR_FALL: "a near-fall",
    Event.FALL: "a fall",
    Event.SYMPTOM_STOP: "a stop because of a symptom",
}


@dataclass(frozen=True, slots=True)
class Dose:
    """The work of a session: so many bouts of so many seconds, at the highest speed and incline of them."""

    bouts: int
    bout_s: float
    speed_kph: float
    incline_percent: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no session can hold. Raises ValueError."""
        _within("bouts", self.bouts, 1, BOUTS_MAX)
        _within("bout_s", self.bout_s, 1, MINUTES_MAX * 60)
        _within("speed_kph", self.speed_kph, 0, SPEED_MAX_KPH)
        _within("incline_percent", self.incline_percent, 0, INCLINE_MAX_PERCENT)

    @property
    def work_s(self) -> float:
        return self.bouts * self.bout_s

    def covers(self, other: Dose) -> bool:
        """Whether this is at least as much as another, in each variable."""
        return (
            self.work_s >= other.work_s
            and self.bout_s >= other.bout_s
            and self.speed_kph >= other.speed_kph - SPEED_HAIR_KPH
            and self.incline_percent >= other.incline_percent - INCLINE_HAIR_PERCENT
        )


@dataclass(frozen=True, slots=True)
class Pain:
    """Pain from 0 (none) to 10 (the worst that can be), each time that it is asked; None: not said."""

    before: int | None = None
    during: int | None = None
    after: int | None = None
    next_morning: int | None = None

    def __post_init__(self) -> None:
        """Refuse numbers off the scale. Raises ValueError."""
        for name in ("before", "during", "after", "next_morning"):
            _on_scale(f"pain {name.replace('_', ' ')}", getattr(self, name))

    @property
    def worst(self) -> int | None:
        """The highest that was said of the session itself."""
        return highest(self.before, self.during, self.after)

    @property
    def answered(self) -> bool:
        """Whether enough was said to go further: before, either during or after, and next morning."""
        said = self.during is not None or self.after is not None
        return said and self.before is not None and self.next_morning is not None


@dataclass(frozen=True, slots=True)
class Session:
    """One session on the belt. ``dose`` of None: nobody measured it; it counts for the first step of the level.

    ``done_share`` is how much of the plan was walked, from 0 to 1. ``device`` tells one machine from another.
    ``heart_over_ceiling`` is None where no heart rate was told; ``supervised``, whether somebody stood beside the belt,
    and ``harness``, whether one was worn, where that was not said.
    """

    day: date
    level: int
    walked_min: float
    ran_min: float = 0.0
    forward_min: float | None = None
    dose: Dose | None = None
    done_share: float = 1.0
    device: str = ""
    belt: BeltDirection = BeltDirection.FORWARD
    pain: Pain = field(default_factory=Pain)
    effort: int | None = None
    events: frozenset[Event] = frozenset()
    heart_over_ceiling: bool | None = None
    supervised: bool | None = None
    harness: bool | None = None

    def __post_init__(self) -> None:
        """Refuse what no session can be. Raises ValueError."""
        _within("level", self.level, 0, LEVEL_MAX)
        _within("walked_min", self.walked_min, 0, MINUTES_MAX)
        _within("ran_min", self.ran_min, 0, MINUTES_MAX)
        _within("forward_min", self.forward_min or 0.0, 0, MINUTES_MAX)
        _within("done_share", self.done_share, 0, 1)
        _on_scale("effort", self.effort)

    @property
    def backward_min(self) -> float:
        return self.walked_min + self.ran_min

    @property
    def answered(self) -> bool:
        """Whether pain and effort were told; else the session was silent, and silence holds."""
        return self.pain.answered and self.effort is not None


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What was said on a day before anything moved."""

    day: date
    pain: int | None = None
    slept_badly: bool = False

    def __post_init__(self) -> None:
        """Refuse a number off the scale. Raises ValueError."""
        _on_scale("pain", self.pain)


@dataclass(frozen=True, slots=True)
class Break:
    """A time without training that has a reason; ``until`` of None: it goes on."""

    day: date
    until: date | None = None
    why: str = "time off"

    def __post_init__(self) -> None:
        """Refuse an end before the beginning. Raises ValueError."""
        _in_order(self.day, self.until)


@dataclass(frozen=True, slots=True)
class Illness:
    """From ``day`` to ``until``, its last day; None: it goes on."""

    day: date
    until: date | None = None

    def __post_init__(self) -> None:
        """Refuse an end before the beginning. Raises ValueError."""
        _in_order(self.day, self.until)


@dataclass(frozen=True, slots=True)
class Injury:
    """A new injury; ``where`` in a word or two."""

    day: date
    where: str


@dataclass(frozen=True, slots=True)
class Screened:
    """The answers to the questions of who may start: the keys of those that were answered with yes."""

    day: date
    yes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Cleared:
    """Somebody whose trade it is has said that training may go on; ``by`` says who, as a role."""

    day: date
    by: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A placement session: somebody who knows backward walking was seen to manage this level, at most 4."""

    day: date
    level: int
    by: str

    def __post_init__(self) -> None:
        """Refuse a placement above walking. Raises ValueError."""
        _within("a placement's level", self.level, 0, PLACED_MAX)


Entry = Session | CheckIn | Break | Illness | Injury | Screened | Cleared | Placed
History = tuple[Entry, ...]


class HistoryError(ValueError):
    """A history that cannot be read; the message says where, what and the mend."""


def highest(*said: int | None) -> int | None:
    """The highest of what was said; None where nothing was."""
    top = None
    for one in said:
        if one is not None and (top is None or one > top):
            top = one
    return top


def last_said(pain: Pain, before: int | None) -> int | None:
    """What was said of pain last, around a session; ``before`` where nothing was."""
    for one in (pain.next_morning, pain.after, pain.during, pain.before):
        if one is not None:
            return one
    return before


def in_order(entries: Iterable[Entry]) -> History:
    """These entries by their days; those of one day keep their order."""
    return tuple(sorted(entries, key=lambda one: one.day))


def joined(written: History, recorded: History) -> History:
    """What somebody wrote down and what the program recorded, as one history.

    On a day of which a session was written down, only that counts: else the same session would stand there twice, and
    two good ones lead further than one.
    """
    days = {entry.day for entry in written if isinstance(entry, Session)}
    told = {entry.day for entry in written if isinstance(entry, CheckIn)}
    new = (one for one in recorded if one.day not in _instead(one, days, told))
    return in_order((*written, *new))


def _instead(one: Entry, days: set[date], told: set[date]) -> set[date]:
    """The days on which what was written down stands for an entry like this one."""
    if isinstance(one, Session):
        return days
    return told if isinstance(one, CheckIn) else set()


def with_mornings(history: History) -> History:
    """The same history, in which a check-in on the day after a session answers for the pain of its next morning.

    What the session says itself goes before.
    """
    return tuple(
        _with_morning(entry, history, at) if isinstance(entry, Session) and entry.pain.next_morning is None else entry
        for at, entry in enumerate(history)
    )


def _with_morning(session: Session, history: History, at: int) -> Session:
    tomorrow = session.day + timedelta(days=1)
    for later in range(at + 1, len(history)):
        entry = history[later]
        if entry.day > tomorrow:
            break
        if isinstance(entry, CheckIn) and entry.day == tomorrow and entry.pain is not None:
            return replace(session, pain=replace(session.pain, next_morning=entry.pain))
    return session


def check_order(history: History) -> None:
    """Raises HistoryError where a day stands before an earlier one."""
    for before, entry in pairwise(history):
        if entry.day < before.day:
            raise HistoryError(f"the entry of {entry.day} stands after that of {before.day}; put them in order of time")


def _within(name: str, value: float, least: float, most: float) -> None:
    if not math.isfinite(value) or not least <= value <= most:
        raise ValueError(f"{name} is {value:g}; it goes from {least:g} to {most:g}")


def _on_scale(name: str, value: int | None) -> None:
    if value is not None:
        _within(name, value, 0, SCALE_MAX)


def _in_order(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise ValueError(f"it ends on {last}, before it began on {first}; exchange the two days")
