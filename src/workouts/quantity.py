"""Quantities as people write them: a number and a unit, always both.

Accepted, and nothing else: ASCII digits with at most one point and three decimals, and one unit from the tables
below; a duration in up to three parts from large to small ("1 h 5 min 30 s"). No sign, exponent, underscore,
comma or leading zero: each of them is read differently by somebody.

The ``_PATTERN`` texts are the one grammar: the parsers here and the JSON Schema are both made from them. They use
what Python and ECMA 262 read alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

LENGTH_MIN_S = 1
"""A step shorter than a second is over before a belt has answered."""

LENGTH_MAX_S = 4 * 3600
"""Four hours for one step or a whole plan: several times the longest session anybody is prescribed, and still
a number of seconds that every display and table holds."""

DISTANCE_MIN_M = 10
"""At the highest speed that a file may name, ten metres are over in a little more than a second: see LENGTH_MIN_S."""

DISTANCE_MAX_M = 50_000
"""Four hours at the highest backward speed that anybody is given here, 12 km/h, rounded up: see LENGTH_MAX_S."""

SPEED_MAX_KPH = 30
"""Faster than the treadmills that are sold for people; what a person may be given is far lower, and is held
against every plan elsewhere. Here it only tells a slip of the keys from a speed."""

INCLINE_MAX_PERCENT = 40
"""The steepest deck on sale rises about 40 %; as above, only a guard against slips."""

HEART_MIN_BPM, HEART_MAX_BPM = 60, 230
"""A ceiling below is one at rest, one above is none: no adult heart beats so fast for long."""

KPH_PER = {"km/h": Decimal(1), "mph": Decimal("1.609344"), "m/s": Decimal("3.6")}
"""Exact by definition: the international mile is 1,609.344 m."""

SECONDS_PER = {"h": 3600, "min": 60, "s": 1}

METRES_PER = {"m": Decimal(1), "km": Decimal(1000), "mi": Decimal("1609.344")}

DURATION_MEND = "write a time with its unit, such as 5 min, 60 s or 1 min 30 s"
LENGTH_MEND = "write a time or a distance with its unit, such as 5 min, 1 min 30 s, 400 m or 0.25 mi"
SPEED_MEND = (
    "write a speed with its unit, such as 3.0 km/h (also mph and m/s), a share of the person's backward maximum, "
    "such as 60 %, or two with an arrow, a -> b"
)
HEART_MEND = "write beats per minute with their unit, such as 140 bpm, from 60 to 230"
INCLINE_MEND = "write an incline with its sign, such as 5 %, or two with an arrow, a -> b"

_NUMBER = r"(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,3})?"
DURATION_PATTERN = rf"(?! )(?:({_NUMBER}) ?h)?(?: ?({_NUMBER}) ?min)?(?: ?({_NUMBER}) ?s)?"
DISTANCE_PATTERN = rf"({_NUMBER}) ?(m|km|mi)"
SPEED_PATTERN = rf"({_NUMBER}) ?(km/h|mph|m/s)"
PERCENT_PATTERN = rf"({_NUMBER}) ?%"
HEART_PATTERN = r"([1-9][0-9]{1,2}) ?bpm"

_SPEED, _PERCENT, _DURATION, _DISTANCE, _HEART, _BARE_NUMBER = map(
    re.compile, (SPEED_PATTERN, PERCENT_PATTERN, DURATION_PATTERN, DISTANCE_PATTERN, HEART_PATTERN, _NUMBER)
)
_SHOWN = 40
"""Characters of an author's text that a message repeats: enough to find it, too few to drown the sentence."""


class QuantityError(ValueError):
    """A text that is not the quantity it has to be: what is wrong, and the mend."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(f"{message}; {mend}")
        self.message = message
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Duration:
    """A length in time."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Distance:
    """A length in metres over the belt."""

    metres: float


Length = Duration | Distance


@dataclass(frozen=True, slots=True)
class Share:
    """A speed as a share of the highest speed that the person goes backward at, in percent: above 0, at most 100."""

    percent: float


Speed = float | Share
"""km/h, or a share that becomes km/h when the person is known."""

_End = TypeVar("_End")


@dataclass(frozen=True, slots=True)
class Range(Generic[_End]):
    """``a -> b``, or twice the same for a single ``a``; what the ends are is told by the parser that made it."""

    start: _End
    end: _End


def shown(text: str) -> str:
    """``text`` in quotes for a message, cut to length, with all that a terminal might obey written out."""
    return repr(text) if len(text) <= _SHOWN else f"{text[:_SHOWN]!r}..."


def as_written(text: str) -> str:
    """``text`` without quotes where a message can carry it so, else as ``shown``."""
    return text if len(text) <= _SHOWN and text.isprintable() else shown(text)


def parse_length(text: str) -> Length:
    """The duration or the distance that ``text`` is, each in its bounds, or QuantityError."""
    parts = _DISTANCE.fullmatch(text)
    if parts is not None:
        return Distance(_metres(text, Decimal(parts[1]) * METRES_PER[parts[2]]))
    if not _is_duration(text):
        raise _not_a(text, "a length", LENGTH_MEND)
    return Duration(parse_duration_s(text))


def _metres(text: str, metres: Decimal) -> float:
    if not DISTANCE_MIN_M <= metres <= DISTANCE_MAX_M:
        span = f"{distance_text(DISTANCE_MIN_M)} to {distance_text(DISTANCE_MAX_M)}"
        raise QuantityError(f"{shown(text)} is outside {span}", "give a length inside that")
    return float(metres)


def _is_duration(text: str) -> bool:
    return bool(text) and _DURATION.fullmatch(text) is not None


def parse_duration_s(text: str) -> float:
    """Seconds of "5 min", "60 s", "1 min 30 s" or "1 h"; from LENGTH_MIN_S to LENGTH_MAX_S, or QuantityError."""
    parts = _DURATION.fullmatch(text)
    if not text or parts is None:
        if _DISTANCE.fullmatch(text):
            raise QuantityError(f"{shown(text)} is a distance, and only a time can stand here", DURATION_MEND)
        raise _not_a(text, "a duration", DURATION_MEND)
    seconds = sum(
        Decimal(part) * per for part, per in zip(parts.groups(), SECONDS_PER.values(), strict=True) if part is not None
    )
    if not LENGTH_MIN_S <= seconds <= LENGTH_MAX_S:
        span = f"{duration_text(LENGTH_MIN_S)} to {duration_text(LENGTH_MAX_S)}"
        raise QuantityError(f"{shown(text)} is outside {span}", "give a length inside that")
    return float(seconds)


def parse_speed(text: str) -> Speed:
    """The km/h of "3.0 km/h", "2 mph" or "1.2 m/s", or the share of "60 %"; QuantityError for anything else."""
    parts = _PERCENT.fullmatch(text)
    return parse_speed_kph(text) if parts is None else _share(text, Decimal(parts[1]))


def _share(text: str, percent: Decimal) -> Share:
    if percent == 0:
        raise QuantityError(f"{shown(text)} of a speed is a belt that stands", _STANDS_MEND)
    if percent > 100:
        mend = "a share is of the person's backward maximum, at most 100 %"
        raise QuantityError(f"{shown(text)} is above 100 %", mend)
    return Share(float(percent))


def parse_speed_kph(text: str) -> float:
    """km/h of "3.0 km/h", "2 mph" or "1.2 m/s"; above 0 and at most SPEED_MAX_KPH, or QuantityError."""
    parts = _SPEED.fullmatch(text)
    if parts is None:
        raise _not_a(text, "a speed", SPEED_MEND)
    kph = Decimal(parts[1]) * KPH_PER[parts[2]]
    if kph == 0:
        raise QuantityError(f"{shown(text)} is a belt that stands", _STANDS_MEND)
    if kph > SPEED_MAX_KPH:
        limit = speed_text(SPEED_MAX_KPH)
        raise QuantityError(
            f"{shown(text)} is {speed_text(float(kph))}, above {limit}", "look at the number and the unit"
        )
    return float(kph)


_STANDS_MEND = "leave the step out, or write off belt for a time beside the belt; a plan stops the belt at its end"


def parse_incline_percent(text: str) -> float:
    """Percent of "5 %"; from 0 to INCLINE_MAX_PERCENT, or QuantityError."""
    parts = _PERCENT.fullmatch(text)
    if parts is None:
        raise _not_a(text, "an incline", INCLINE_MEND)
    percent = Decimal(parts[1])
    if percent > INCLINE_MAX_PERCENT:
        raise QuantityError(f"{shown(text)} is above {INCLINE_MAX_PERCENT} %", "look at the number")
    return float(percent)


def parse_heart_bpm(text: str) -> int:
    """A ceiling of the heart rate, "140 bpm", in whole beats per minute. Raises QuantityError."""
    match = _HEART.fullmatch(text)
    if match is None:
        raise _not_a(text, "a heart rate", HEART_MEND)
    bpm = int(match[1])
    if not HEART_MIN_BPM <= bpm <= HEART_MAX_BPM:
        limit = f"below {HEART_MIN_BPM} bpm" if bpm < HEART_MIN_BPM else f"above {HEART_MAX_BPM} bpm"
        raise QuantityError(f"{shown(text)} is {limit}, and no ceiling of a heart rate is", HEART_MEND)
    return bpm


def parse_range(text: str, parse: Callable[[str], _End]) -> Range[_End]:
    """``a`` or ``a -> b``, each read by ``parse``; QuantityError from it, or for more than one arrow."""
    ends = [end.strip(" ") for end in text.split("->")]
    if len(ends) > 2:
        raise QuantityError(f"{shown(text)} has more than one arrow", "use a step for each change")
    return Range(parse(ends[0]), parse(ends[-1]))


def range_pattern(end: str) -> str:
    """The grammar of ``parse_range`` for ends of this grammar."""
    return f" *(?:{end}) *(?:-> *(?:{end}) *)?"


def _not_a(text: str, quantity: str, mend: str) -> QuantityError:
    if _BARE_NUMBER.fullmatch(text):
        return QuantityError(f"{shown(text)} has no unit", mend)
    return QuantityError(f"{shown(text)} is not {quantity}", mend)


def number_text(value: float) -> str:
    """At most two decimals and no trailing zeros: "5", "0.2", "1.25"."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def speed_text(speed_kph: float) -> str:
    """A speed with at least one decimal, as consoles show it: "3.0 km/h", "0.85 km/h"."""
    text = number_text(speed_kph)
    return f"{text if '.' in text else text + '.0'} km/h"


def incline_text(incline_percent: float) -> str:
    """An incline, "5 %"."""
    return f"{number_text(incline_percent)} %"


def duration_text(seconds: float) -> str:
    """The length of a step, "60 s", "90 s", "5 min", "1 h 5 min": below two minutes it stays in seconds."""
    if seconds < 120:
        return f"{number_text(seconds)} s"
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    parts = ((hours, "h"), (minutes, "min"), (rest, "s"))
    return " ".join(f"{number_text(value)} {unit}" for value, unit in parts if value)


def distance_text(metres: float) -> str:
    """A distance, "400 m", "1.2 km": to the centimetre below a kilometre, to the metre from there on."""
    if metres < 1000:
        return f"{number_text(metres)} m"
    return f"{metres / 1000:.3f}".rstrip("0").rstrip(".") + " km"


def length_text(length: Length) -> str:
    """A length, "5 min" or "400 m"."""
    return duration_text(length.seconds) if isinstance(length, Duration) else distance_text(length.metres)
