"""Limits of a person at home, as the diary keeps them: each has an author and a reason, and the lowest holds. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ..machine import incline_to_dpct, speed_to_ckph
from ..workouts.quantity import (
    incline_text,
    parse_heart_bpm,
    parse_incline_percent,
    parse_speed_kph,
    shown,
    speed_text,
)
from .bounds import RANGES, Bound, Bounds
from .prescription import day_written, signed


class Quantity(StrEnum):
    """What can be limited, named as the store names it: quantity and unit."""

    SPEED = "speed_max_ckph"
    INCLINE = "incline_max_dpct"
    MINUTES = "minutes_max"
    HEART = "heart_max_bpm"
    PAIN = "pain_max"


WORDS = {
    "speed": Quantity.SPEED,
    "incline": Quantity.INCLINE,
    "minutes": Quantity.MINUTES,
    "heart": Quantity.HEART,
    "pain": Quantity.PAIN,
}
"""As a person names them."""


FIELDS = {
    Quantity.SPEED: ("speed_kph", 100),
    Quantity.INCLINE: ("incline_percent", 10),
    Quantity.MINUTES: ("minutes", 1),
    Quantity.HEART: ("heart_bpm", 1),
    Quantity.PAIN: ("pain", 1),
}
"""Of each its field in Bounds, and how many of its units are one there."""


@dataclass(frozen=True, slots=True)
class Limited:
    """From now on somebody does no more than ``value`` of a quantity, in its unit; ``until`` is the last day, as
    YYYY-MM-DD, None: it stays until it is taken away."""

    what: Quantity
    value: int
    author: str
    reason: str
    until: str | None = None

    def __post_init__(self) -> None:
        """Refuse what nobody can have meant. Raises ValueError, with a sentence."""
        field, per = FIELDS[self.what]
        lowest, highest = (round(one * per) for one in RANGES[field][1:])
        if not lowest <= self.value <= highest:
            unlike, most = _much(self.what, self.value), _much(self.what, highest)
            raise ValueError(f"a limit of {unlike} limits nobody: from {_much(self.what, lowest)} to {most}")
        if self.until is not None:
            day_written(self.until)
        signed(self.author, self.reason)

    @property
    def because(self) -> str:
        """Author and reason, as they stand behind the limit wherever it holds somebody."""
        return f"limit of {self.author}: {self.reason}"


@dataclass(frozen=True, slots=True)
class TakenAway:
    """No limit of that quantity that was set up to now holds any longer; ``day`` is where the person is."""

    what: Quantity
    day: str
    author: str
    reason: str

    def __post_init__(self) -> None:
        """Refuse what nobody can have meant. Raises ValueError, with a sentence."""
        day_written(self.day)
        signed(self.author, self.reason)


def quantity(word: str) -> Quantity:
    """The quantity of that word. Raises ValueError, with those that there are."""
    if word not in WORDS:
        raise ValueError(f"{word!r} is nothing that can be limited; those that can: {', '.join(WORDS)}")
    return WORDS[word]


def amount(words: str) -> tuple[Quantity, int]:
    """A quantity and the most of it in its unit, rounded down, as of "speed 3.0 km/h". Raises ValueError."""
    word, _, much = words.strip().partition(" ")
    what, much = quantity(word), much.strip()
    match what:
        case Quantity.SPEED:
            return what, speed_to_ckph(parse_speed_kph(much))
        case Quantity.INCLINE:
            return what, incline_to_dpct(parse_incline_percent(much))
        case Quantity.HEART:
            return what, parse_heart_bpm(much)
        case Quantity.MINUTES | Quantity.PAIN:
            number = much.removesuffix("min" if what is Quantity.MINUTES else "of 10").rstrip()
            if not (number.isascii() and number.isdecimal() and len(number) < 4):
                raise ValueError(f"{shown(words)}: a whole number belongs behind {word}")
            return what, int(number)


def in_force(said: Iterable[object], day: date) -> tuple[Limited, ...]:
    """Those that hold on a day, of everything that was said in its order: of each quantity the lowest, and of two
    alike the first that was set."""
    standing: list[Limited] = []
    for one in said:
        match one:
            case Limited():
                standing.append(one)
            case TakenAway(what):
                standing = [other for other in standing if other.what is not what]
    held = [one for one in standing if one.until is None or one.until >= day.isoformat()]
    lowest = (min((one for one in held if one.what is what), key=_value, default=None) for what in Quantity)
    return tuple(one for one in lowest if one is not None)


def bounds_of(limited: Iterable[Limited]) -> Bounds:
    """What they allow; of a quantity without one, None."""
    fields = ((one, *FIELDS[one.what]) for one in limited)
    return Bounds(**{field: Bound(one.value / per, one.because) for one, field, per in fields})


def limit_text(one: Limited) -> str:
    """One limit in a line: how much, until when, and by whom."""
    until = "" if one.until is None else f", until {one.until}"
    return f"at most {_much(one.what, one.value)}{until} ({one.author}: {one.reason})"


def _much(what: Quantity, value: int) -> str:
    match what:
        case Quantity.SPEED:
            return speed_text(value / 100)
        case Quantity.INCLINE:
            return incline_text(value / 10)
        case Quantity.MINUTES:
            return f"{value} min"
        case Quantity.HEART:
            return f"{value} bpm"
        case Quantity.PAIN:
            return f"{value} of 10"


def _value(one: Limited) -> int:
    return one.value
