"""Reading the training program of qdomyos-zwift: ``<rows>`` of ``<row>``, with ``<repeat times="...">`` around some.

The program itself counts km/h and km and percent, but programs that write its files also write mph and miles, and no
file says which; so they are asked about. Its own rule (docs of the project, "Training Program XML Format"): a speed
counts where ``forcespeed`` is 1, and a distance counts before a duration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ..quantity import as_written, shown
from .foreign import (
    INCLINE_UNIT,
    OPEN_STEPS,
    SPEED_UNIT,
    ForeignItem,
    ForeignRepeat,
    ForeignStep,
    ForeignWorkout,
    Format,
    Incline,
    Length,
    LengthIn,
    Question,
    Speed,
    Target,
)
from .numbers import NotANumber, above_zero, at_least_zero, number
from .reading import Attributes, Findings, Wrong
from .xml_tree import Element, read_xml

DISTANCE_UNIT = Question(
    "distance-unit", "a distance without a unit; is it kilometres or miles?", (LengthIn.KM.value, LengthIn.MI.value)
)
UNFORCED = Question(
    "unforced-speed",
    "a speed that its program only shows (forcespeed is not 1); should the belt have it?",
    ("as-written",),
)

_KNOWN = frozenset({"duration", "distance", "speed", "speedfrom", "speedto", "inclination", "forcespeed"})
_DURATION = re.compile(r"([0-9]{1,3}):([0-5]?[0-9]):([0-5]?[0-9])")


def read_qz(content: bytes, file: str) -> ForeignWorkout:
    """The workout in ``content``. Raises WorkoutFileError with every problem found."""
    xml = read_xml(content, file, "rows")
    findings = Findings(file, xml.mended)
    return findings.workout(Format.QZ, None, _items(xml.root.children, "rows", findings))


def _items(elements: tuple[Element, ...], path: str, findings: Findings) -> Iterator[ForeignItem]:
    for index, element in enumerate(elements):
        at = Attributes(element, findings.file, f"{path}[{index}]")
        item = findings.attempt(_item, at, findings)
        if item is not None:
            yield item


def _item(at: Attributes, findings: Findings) -> ForeignItem:
    kind = at.element.name.lower()
    if kind == "repeat":
        times = at.times("times")
        steps = tuple(_items(at.element.children, at.path, findings))
        if not at.element.children:
            raise Wrong(at.place(), "nothing is repeated", "take the repeat out")
        return ForeignRepeat(times, steps, at.place())
    if kind != "row":
        raise Wrong(at.place(), f"<{as_written(at.element.name)}> is neither a row nor a repeat", "take it out")
    for name in at.others(_KNOWN):
        if at.element.attributes[name].strip() not in ("", "0", "-1"):  # what the program writes for "not set"
            findings.leave_out(f"the attribute {as_written(name)}")
    target, sure = _target(at)
    incline = at.read("inclination", number)
    return ForeignStep(
        _length(at, findings),
        target,
        at.place(),
        None if incline is None else Incline(incline, INCLINE_UNIT),
        _cue(at.element, findings),
        sure=sure,
    )


def _length(at: Attributes, findings: Findings) -> Length:
    """Raises Wrong where there is none."""
    distance = at.read("distance", at_least_zero)
    duration_s = at.read("duration", _seconds)
    if distance:
        if duration_s:
            findings.leave_out("a duration beside a distance: the distance counts")
        return Length(distance, DISTANCE_UNIT)
    if duration_s is None:
        raise Wrong(at.place(), "there is neither a duration nor a distance", "add one of them")
    if not duration_s:
        raise Wrong(at.place("duration"), "the row lasts no time at all", "give it a length, or take it out")
    return Length(duration_s, LengthIn.S)


def _seconds(text: str) -> Decimal:
    """Raises NotANumber."""
    parts = _DURATION.fullmatch(text.strip())
    if parts is None:
        raise NotANumber(f"{shown(text)} is no duration", "write hours, minutes and seconds, 00:05:00")
    hours, minutes, seconds = (int(part) for part in parts.groups())
    return Decimal(3600 * hours + 60 * minutes + seconds)


def _target(at: Attributes) -> tuple[Target, Question | None]:
    """Raises Wrong."""
    first, last = at.read("speedfrom", above_zero), at.read("speedto", above_zero)
    speed = at.read("speed", number)
    flat = speed if speed is not None and speed >= 0 else None  # -1 stands for "not set"
    if (first is None) != (last is None):
        raise Wrong(at.place(), "a ramp has only one of speedfrom and speedto", "write both")
    if first is not None and last is not None:
        if flat is not None:
            raise Wrong(at.place(), "there is a speed and a ramp of speeds", "keep one of them")
        return Target(Speed(first, SPEED_UNIT), Speed(last, SPEED_UNIT)), None
    if flat is None:
        return Target(OPEN_STEPS, OPEN_STEPS), None
    aim = Speed(flat, SPEED_UNIT)
    forced = (at.text("forcespeed") or "0").strip() == "1"
    return Target(aim, aim), None if forced else UNFORCED


def _cue(element: Element, findings: Findings) -> str | None:
    first: str | None = None
    for child in element.children:
        said = {name.lower(): value.strip() for name, value in child.attributes.items()}
        message = said.get("message", "")
        if message and first is None and said.get("timeoffset", "0") in ("", "0"):
            first = message
        else:
            findings.leave_out("a text in the middle of a row" if message else f"<{as_written(child.name)}> in a row")
    return first
