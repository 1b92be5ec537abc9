"""Reading ZWO, the workout file of Zwift, with what other programs add to it.

The format has no specification. Its elements and attributes are those of the list that h4l/zwift-workout-file-reference
made from Zwift's own workouts; ``Incline``, ``Slope`` and ``Speed`` are additions of other programs, each with a unit
of its own (qdomyos-zwift and Flux read percent, others fractions), so each is asked about. Powers are shares: of the
rider's threshold power, or for runs of a pace of the runner's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..problems import Place
from ..quantity import as_written, shown
from .foreign import (
    BAND,
    INCLINE_UNIT,
    OPEN_STEPS,
    RAMP_ORDER,
    SHARE_UNIT,
    SPEED_UNIT,
    Aim,
    ForeignItem,
    ForeignRepeat,
    ForeignStep,
    ForeignWorkout,
    Format,
    Incline,
    Length,
    LengthIn,
    Question,
    Share,
    ShareIn,
    Speed,
    SpeedIn,
    Target,
    speed_of,
)
from .numbers import NotANumber, above_zero, at_least_zero, number
from .reading import Attributes, Findings, Wrong
from .xml_tree import Element, read_xml

FRACTION_MAX = Decimal("2.5")
"""The hardest step in Zwift's own workouts is below 250 %; what is above may be percent, and is asked about."""

PERCENT_MIN = Decimal(10)
"""Ten times the threshold is no fraction any more: beside true fractions it is a contradiction."""

THRESHOLD_S_PER_KM = (Decimal(100), Decimal(3600))
"""A threshold pace is between 36 km/h and 1 km/h; anything else is a slip, or minutes."""

PACES = ("one mile", "5 km", "10 km", "half marathon", "marathon")
"""What the attribute ``pace`` counts: the runner's pace over one of these, from 0."""

PACE_UNIT = Question(
    "pace-unit",
    "a pace above 4, so it does not count the list of race distances; is it seconds per kilometre or per mile?",
    (SpeedIn.S_PER_KM.value, SpeedIn.S_PER_MI.value),
)
LENGTH_UNIT = Question(
    "length-unit",
    "a run without a durationType: some programs take such lengths as seconds (s), some as metres (m)",
    (LengthIn.S.value, LengthIn.M.value),
)

_SILENT = frozenset({"textevent", "textnotification", "gameplayevent"})
_OPEN = frozenset({"freeride", "maxeffort"})
_RAMPS = frozenset({"warmup", "cooldown", "ramp"})
_OF_ANY = frozenset({"duration", "speed", "incline", "slope"})
_OF_A_STEP = _OF_ANY | {"power", "powerlow", "powerhigh", "pace"}
_OF_INTERVALS = frozenset(
    {
        *("repeat", "pace", "incline", "slope", "onduration", "offduration", "onpower", "offpower"),
        *("onspeed", "offspeed", "onincline", "offincline", "onslope", "offslope"),
        *("poweronlow", "poweronhigh", "powerofflow", "poweroffhigh"),
    }
)
"""Attributes that are read of each kind of element; all others are told as left out."""


def read_zwo(content: bytes, file: str) -> ForeignWorkout:
    """The workout in ``content``. Raises WorkoutFileError with every problem found."""
    xml = read_xml(content, file, "workout_file")
    findings = Findings(file, xml.mended)
    return findings.workout(Format.ZWO, xml.root.text_of("name"), findings.attempt(_steps, xml.root, findings) or ())


def _steps(root: Element, findings: Findings) -> tuple[ForeignItem, ...]:
    """Raises Wrong for a head or a file that lets nobody read any of them."""
    return tuple(_Zwo(_Head.of(root, findings.file), findings).items(root))


@dataclass(frozen=True, slots=True)
class _Head:
    """What the head of the file says about the meaning of its numbers."""

    length: LengthIn | Question
    threshold: Speed | Question
    share: ShareIn | Question

    @classmethod
    def of(cls, root: Element, file: str) -> _Head:
        """Raises Wrong."""
        runs = "run" in (root.text_of("sportType") or "").lower()
        return cls(_length_in(root, runs, file), _threshold(root, runs, file), _share_in(root, file))


def _place(element: Element, file: str) -> Place:
    return Place(file, element.line, element.column, element.name)


def _length_in(root: Element, runs: bool, file: str) -> LengthIn | Question:
    element = root.child("durationType")
    said = (root.text_of("durationType") or "").lower()
    if element is None or not said:
        return LENGTH_UNIT if runs else LengthIn.S
    if said not in ("time", "distance"):
        raise Wrong(_place(element, file), f"{shown(said)} is no durationType", "write time or distance")
    return LengthIn.S if said == "time" else LengthIn.M


def _threshold(root: Element, runs: bool, file: str) -> Speed | Question:
    element, said = root.child("thresholdSecPerKm"), root.text_of("thresholdSecPerKm")
    if element is None or said is None:
        if runs:
            return speed_of("threshold", "shares of a pace that the file does not name; which speed is 100 %?")
        return speed_of("full power", "shares of power, and no speed at all; which belt speed stands for 100 %?")
    try:
        value = at_least_zero(said)
    except NotANumber as error:
        raise Wrong(_place(element, file), error.message, error.mend) from None
    low, high = THRESHOLD_S_PER_KM
    if not low <= value <= high:
        message = f"a threshold of {value} s per km is outside {low} to {high} s"
        raise Wrong(_place(element, file), message, "look at the number and its unit")
    return Speed(value, SpeedIn.S_PER_KM)


def _share_in(root: Element, file: str) -> ShareIn | Question:
    """Fractions, as the format has them, unless one is above what any fraction is. Raises Wrong for a mixture."""
    shares = [share for share in _shares(root) if share > 0]
    highest, lowest = max(shares, default=Decimal(0)), min(shares, default=Decimal(0))
    if highest <= FRACTION_MAX:
        return ShareIn.FRACTION
    if lowest <= FRACTION_MAX and highest >= PERCENT_MIN:
        message = f"shares of {lowest} and of {highest} stand in one file: fractions and percent"
        raise Wrong(_place(root, file), message, "write all of them as fractions, 0.75 for 75 %")
    return SHARE_UNIT


def _shares(element: Element) -> Iterator[Decimal]:
    """Every power in the file that is a number; the others are told step by step."""
    for name, text in element.attributes.items():
        if "power" in name.lower() and name.lower() in _OF_A_STEP | _OF_INTERVALS:
            try:
                yield number(text)
            except NotANumber:
                continue
    for child in element.children:
        yield from _shares(child)


@dataclass(frozen=True, slots=True)
class _Zwo:
    """The steps of one file."""

    head: _Head
    findings: Findings

    def items(self, root: Element) -> Iterator[ForeignItem]:
        workout = root.child("workout")
        if workout is None:
            place = Place(self.findings.file, root.line, root.column, "workout")
            raise Wrong(place, "there is no <workout>", "look whether the file is whole")
        for index, element in enumerate(workout.children):
            if element.name.lower() in _SILENT:
                self.findings.leave_out(f"<{as_written(element.name)}> outside a step")
                continue
            at = Attributes(element, self.findings.file, f"workout[{index}].{as_written(element.name)}")
            item = self.findings.attempt(self.item, at)
            if item is not None:
                yield item

    def item(self, at: Attributes) -> ForeignItem:
        """One element. Raises Wrong."""
        kind = at.element.name.lower()
        if kind == "intervalst":
            return self.intervals(at)
        if kind not in _RAMPS | _OPEN | {"steadystate"}:
            raise Wrong(at.place(), f"<{as_written(at.element.name)}> is no step that is known here", "take it out")
        self.leave_out(at, self.read_of(at, kind))
        length = Length(at.needed("Duration", above_zero), self.head.length)
        incline = self.incline(at, "Incline", "Slope")
        cue = self.cue(at.element)
        return ForeignStep(length, self.target(at, kind), at.place(), incline, cue, cool_down=kind == "cooldown")

    def read_of(self, at: Attributes, kind: str) -> frozenset[str]:
        """The attributes that count for this element; the ends of a ramp count before a single target. Raises Wrong."""
        if kind in _OPEN:
            return _OF_ANY
        has_ends = kind in _RAMPS and at.text("PowerLow") is not None
        return _OF_A_STEP - {"power", "speed"} if has_ends else _OF_A_STEP

    def leave_out(self, at: Attributes, known: frozenset[str]) -> None:
        for name in at.others(known):
            self.findings.leave_out(f"the attribute {as_written(name)} of <{as_written(at.element.name)}>")

    def intervals(self, at: Attributes) -> ForeignRepeat:
        """On and off, several times. Raises Wrong."""
        self.leave_out(at, _OF_INTERVALS)
        for _ in at.element.children:
            self.findings.leave_out("a text inside <IntervalsT>")
        steps = tuple(self.half(at, which) for which in ("On", "Off"))
        return ForeignRepeat(at.times("Repeat"), steps, at.place())

    def half(self, at: Attributes, which: str) -> ForeignStep:
        length = Length(at.needed(f"{which}Duration", above_zero), self.head.length)
        band = self.between(at, f"Power{which}Low", f"Power{which}High", BAND)
        target = self.single(self.aim(at, f"{which}Power", f"{which}Speed"), band) or self.without_share(at)
        incline = self.incline(at, f"{which}Incline", f"{which}Slope", "Incline", "Slope")
        return ForeignStep(length, target, at.place(which), incline)

    def target(self, at: Attributes, kind: str) -> Target:
        """Raises Wrong."""
        if kind in _OPEN:
            speed = at.read("Speed", at_least_zero)
            aim: Aim = OPEN_STEPS if speed is None else Speed(speed, SPEED_UNIT)
            return Target(aim, aim)
        if kind in _RAMPS:
            ramp = self.between(at, "PowerLow", "PowerHigh", None)
            if ramp is not None:
                return self.ordered(ramp, kind)
        band = self.between(at, "PowerLow", "PowerHigh", BAND)
        return self.single(self.aim(at, "Power", "Speed"), band) or self.without_share(at)

    def single(self, aim: Aim | None, band: Target | None) -> Target | None:
        """One target before a band, which is told where both are there; None where neither is."""
        if aim is None:
            return band
        if band is not None:
            self.findings.leave_out("a band beside a single target: the single one counts")
        return Target(aim, aim)

    def without_share(self, at: Attributes) -> Target:
        """A step that names no share and no speed, at the most a pace."""
        aim = self.bare_pace(at) or OPEN_STEPS
        return Target(aim, aim)

    def ordered(self, target: Target, kind: str) -> Target:
        """A ramp from low to high as written, with a question where the name of the step says the other way."""
        assert isinstance(target.start, Share)
        assert isinstance(target.end, Share)
        rise = target.end.value - target.start.value
        odd = (kind == "warmup" and rise < 0) or (kind == "cooldown" and rise > 0)
        return Target(target.start, target.end, RAMP_ORDER if odd else None)

    def between(self, at: Attributes, low: str, high: str, doubt: Question | None) -> Target | None:
        """Raises Wrong where only one of both ends is there."""
        ends = at.read(low, at_least_zero), at.read(high, at_least_zero)
        if ends[0] is None and ends[1] is None:
            return None
        if ends[0] is None or ends[1] is None:
            missing = low if ends[0] is None else high
            raise Wrong(at.place(), f"there is no {missing} beside its other end", f"add {missing}")
        start, end = (self.share(at, value) for value in ends if value is not None)
        return Target(start, end, doubt if ends[0] != ends[1] else None)

    def aim(self, at: Attributes, power: str, speed: str) -> Aim | None:
        """A speed before a share: it says more. Raises Wrong."""
        of_speed, of_power = at.read(speed, at_least_zero), at.read(power, at_least_zero)
        if of_speed is not None:
            if of_power is not None or at.text("pace") is not None:
                self.findings.leave_out(f"a share or a pace beside {speed}: the speed counts")
            return Speed(of_speed, SPEED_UNIT)
        return None if of_power is None else self.share(at, of_power)

    def share(self, at: Attributes, value: Decimal) -> Share:
        index = at.read("pace", at_least_zero)
        if index is None:
            return Share(value, self.head.share, self.head.threshold)
        if index not in range(len(PACES)):
            message = f"the pace {index} beside a share counts no race distance (0 to {len(PACES) - 1})"
            raise Wrong(at.place("pace"), message, "keep the share or the pace")
        race = PACES[int(index)]
        text = f"shares of the runner's pace over {race}; which speed is that?"
        return Share(value, self.head.share, speed_of(f"{race} pace", text))

    def bare_pace(self, at: Attributes) -> Aim | None:
        """A pace without a share: one of the list, or one in seconds."""
        value = at.read("pace", at_least_zero)
        if value is None:
            return None
        if value not in range(len(PACES)):
            return Speed(value, PACE_UNIT)
        race = PACES[int(value)]
        return speed_of(f"{race} pace", f"the runner's pace over {race}; which speed is that?")

    def incline(self, at: Attributes, *names: str) -> Incline | None:
        """The one that is there. Raises Wrong where two differ."""
        found = {name: value for name in names if (value := at.read(name, number)) is not None}
        if len(set(found.values())) > 1:
            said = " and ".join(f"{name} says {value}" for name, value in found.items())
            raise Wrong(at.place(), said, "keep one of them")
        return Incline(next(iter(found.values())), INCLINE_UNIT) if found else None

    def cue(self, element: Element) -> str | None:
        """The text at the beginning of the step; later ones have no place in a step of ours."""
        first: str | None = None
        for child in element.children:
            message, offset = _message(child)
            if message and first is None and offset in ("", "0", "0.0"):
                first = message
            elif message:
                self.findings.leave_out("a text in the middle of a step")
            else:
                self.findings.leave_out(f"<{as_written(child.name)}> in a step")
        return first


def _message(element: Element) -> tuple[str, str]:
    """What a text event says, and its offset as it is written."""
    said = {name.lower(): value for name, value in element.attributes.items()}
    if element.name.lower() not in _SILENT:
        return "", ""
    return said.get("message", said.get("text", "")).strip(), said.get("timeoffset", said.get("distoffset", "")).strip()
