"""Reading the workout text of intervals.icu: a step a line, ``- [cue] length target``.

The grammar is that of its forum's "Workout Builder Syntax Quick Guide". Two of its habits are traps: ``m`` is minutes
and ``mtr`` metres, and a pace without a distance means whatever its owner has in the settings, so it is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from ..plan import STEPS_MAX
from ..problems import Place, Problem, WorkoutFileError
from ..quantity import shown
from .foreign import (
    BAND,
    OPEN_STEPS,
    Aim,
    ForeignItem,
    ForeignRepeat,
    ForeignStep,
    ForeignWorkout,
    Format,
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
from .numbers import NotANumber, whole_number
from .reading import Findings, Wrong
from .xml_tree import decoded

LINES_MAX = 2000
"""Four for each step that a plan may have."""

LINE_MAX = 500
"""Characters: a cue and everything that a step can ask for."""

PACE_UNIT = Question(
    "pace-unit",
    "a pace without a distance, so it depends on its owner's settings; is it minutes per kilometre or per mile?",
    (SpeedIn.MIN_PER_KM.value, SpeedIn.MIN_PER_MI.value),
)

METRES_LIKE_MIN = 100
"""From so many on, bare minutes look like metres: no step lasts that long, and 100 m is where tracks begin."""

M_UNIT = Question(
    "m-unit",
    f"m is minutes in this format, and some write it for metres; what are {METRES_LIKE_MIN}m and more?",
    (LengthIn.MIN.value, LengthIn.M.value),
)

_N = r"[0-9]{1,9}(?:\.[0-9]{1,6})?"
_REPEAT = re.compile(r"(?:.*\s)?([0-9]{1,12})\s?x", re.IGNORECASE)
_STEP = re.compile(r"[-*\u2013\u2022]\s*(.*)")
_TIME = re.compile(
    r"(?=[0-9])(?:([0-9]{1,9})h)?(?:([0-9]{1,9})(?:m|'))?(?:([0-9]{1,9})(?:s|\")|(?<=[m'])([0-9]{1,2}))?"
)
_BARE_M = re.compile(r"([0-9]{1,9})m")
_DISTANCE = re.compile(rf"({_N})(mtr|km|mi|yd?)")
_PERCENT = re.compile(rf"({_N})%?(?:-({_N}))?%")
_ZONE = re.compile(r"(C?Z[0-9]{1,2})(?:-(C?Z[0-9]{1,2}))?", re.IGNORECASE)
_WATTS = re.compile(rf"({_N})w?(?:-({_N}))?w", re.IGNORECASE)
_SPEED = re.compile(rf"({_N})(?:-({_N}))?(km/h|kph|mph|m/s)", re.IGNORECASE)
_PACE_UNIT = r"/(?:km|mi|[0-9]{3}m|100y)"
_PACE = re.compile(rf"([0-9]{{1,4}}):([0-5][0-9])({_PACE_UNIT})?(?:-([0-9]{{1,4}}):([0-5][0-9]))?({_PACE_UNIT})?")
_CADENCE = re.compile(rf"{_N}(?:-{_N})?rpm", re.IGNORECASE)
_METRES_OF = {
    "/km": Decimal(1000),
    "/mi": Decimal("1609.344"),
    "/100m": Decimal(100),
    "/250m": Decimal(250),
    "/400m": Decimal(400),
    "/500m": Decimal(500),
    "/100y": Decimal("91.44"),
}
_METRES_IN = {"mtr": Decimal(1), "y": Decimal("0.9144"), "yd": Decimal("0.9144")}
_SPEED_IN = {"km/h": SpeedIn.KPH, "kph": SpeedIn.KPH, "mph": SpeedIn.MPH, "m/s": SpeedIn.MPS}
_BASES = {
    "pace": ("threshold", "shares of the runner's threshold pace; which speed is that?"),
    "hr": None,
    "lthr": None,
    "ftp": ("full power", "shares of power, and no speed at all; which belt speed stands for 100 %?"),
    "mmp": ("full power", "shares of power, and no speed at all; which belt speed stands for 100 %?"),
}
_POWER = _BASES["ftp"]


def read_icu(content: bytes, file: str) -> ForeignWorkout:
    """The workout in ``content``. Raises WorkoutFileError with every problem found."""
    text, mended = decoded(content, file)
    lines = text.splitlines()
    if len(lines) > LINES_MAX:
        message = f"has {len(lines)} lines, the limit is {LINES_MAX}"
        raise WorkoutFileError((Problem(file, LINES_MAX + 1, 1, "file", message, "use repeats"),))
    findings = Findings(file, mended)
    reader = _Reader(file, findings)
    for index, line in enumerate(lines, start=1):
        findings.attempt(reader.take, index, line)
    return findings.workout(Format.ICU, None, reader.done())


@dataclass(slots=True)
class _Reader:
    """Takes the lines of one file in turn."""

    file: str
    findings: Findings
    items: list[ForeignItem] = field(default_factory=list)
    repeat: tuple[int, Place, list[ForeignStep]] | None = None
    cooling_down: bool = False

    def take(self, number: int, line: str) -> None:
        """Raises Wrong."""
        place = Place(self.file, number, 1, f"line {number}")
        text = line.strip()
        if len(text) > LINE_MAX:
            raise Wrong(place, f"the line has {len(text)} characters, the limit is {LINE_MAX}", "shorten it")
        step = _STEP.fullmatch(text)
        if step is not None:
            self.add(_step(step[1].split(), place, self.cooling_down, self.findings))
        elif text:
            self.head(text, place)
        elif self.repeat is not None and self.repeat[2]:
            self.close()

    def head(self, text: str, place: Place) -> None:
        """A line that is no step: a heading, perhaps with a number of repeats."""
        first = text.split(maxsplit=1)[0]
        if _length(first) is not None and len(text.split()) > 1:
            raise Wrong(place, f"{shown(text)} looks like a step without its dash", "begin the line with a dash")
        self.close()
        self.cooling_down = "cool" in text.lower()
        times = _REPEAT.fullmatch(text)
        if times is None:
            if not self.cooling_down:
                self.findings.leave_out("a line of text that is no step")
            return
        try:
            self.repeat = (whole_number(times[1], STEPS_MAX), place, [])
        except NotANumber as error:
            self.repeat = (1, place, [])  # so that the steps below are still read, for their own problems
            raise Wrong(place, error.message, error.mend) from None

    def add(self, step: ForeignStep) -> None:
        if self.repeat is None:
            self.items.append(step)
        else:
            self.repeat[2].append(step)

    def close(self) -> None:
        """The end of a repeat, if one is open."""
        if self.repeat is None:
            return
        times, place, steps = self.repeat
        self.repeat = None
        if not steps:
            raise Wrong(place, "nothing is repeated here", "put the steps right below, each with its dash")
        self.items.append(ForeignRepeat(times, tuple(steps), place))

    def done(self) -> list[ForeignItem]:
        self.findings.attempt(self.close)
        return self.items


def _step(words: list[str], place: Place, cooling_down: bool, findings: Findings) -> ForeignStep:
    """Raises Wrong."""
    at = next((index for index, word in enumerate(words) if _length(word) is not None), None)
    length = None if at is None else _length(words[at])
    if at is None or length is None:
        text = shown(" ".join(words))
        raise Wrong(place, f"there is no length in {text}", "write one such as 5m, 30s, 400mtr or 2km")
    if not length.value:
        raise Wrong(place, f"{words[at]} is no time and no distance", "give the step a length, or take it out")
    target = _Target(place, findings).of(words[at + 1 :])
    return ForeignStep(length, target, place, say=" ".join(words[:at]) or None, cool_down=cooling_down)


def _length(word: str) -> Length | None:
    """The time or the distance that ``word`` is."""
    distance = _DISTANCE.fullmatch(word)
    if distance is not None:
        value, unit = Decimal(distance[1]), distance[2]
        if unit in _METRES_IN:
            return Length(value * _METRES_IN[unit], LengthIn.M)
        return Length(value, LengthIn(unit))
    bare_m = _BARE_M.fullmatch(word)
    if bare_m is not None and int(bare_m[1]) >= METRES_LIKE_MIN:
        return Length(Decimal(bare_m[1]), M_UNIT)
    time = _TIME.fullmatch(word)
    if time is None or not any(time.groups()):
        return None
    hours, minutes, seconds, bare = (int(part or 0) for part in time.groups())
    return Length(Decimal(3600 * hours + 60 * minutes + seconds + bare), LengthIn.S)


@dataclass(slots=True)
class _Target:
    """What follows the length of one step."""

    place: Place
    findings: Findings
    ends: tuple[Aim, Aim] | None = None
    ramp: bool = False

    def of(self, words: list[str]) -> Target:
        """Raises Wrong."""
        left = list(words)
        while left:
            self.take(left)
        if self.ends is None:
            return Target(OPEN_STEPS, OPEN_STEPS)
        start, end = self.ends
        return Target(start, end, None if self.ramp or start == end else BAND)

    def take(self, left: list[str]) -> None:
        """The next word, or the next few that belong together. Raises Wrong."""
        word = left.pop(0)
        if word.lower() == "ramp":
            self.ramp = True
        elif word.lower() == "freeride":
            self.aim(OPEN_STEPS, OPEN_STEPS)
        elif _CADENCE.fullmatch(word):
            self.findings.leave_out("a cadence")
        elif not any(take(word, left) for take in self.takers()):
            if any(letter.isdigit() for letter in word):
                raise Wrong(self.place, f"{shown(word)} is no target that is known here", "write 6:30/km Pace")
            self.findings.leave_out("a text behind a target")

    def takers(self) -> Iterator[Callable[[str, list[str]], bool]]:
        yield from (self.pace, self.speed, self.percent, self.zone, self.watts)

    def aim(self, start: Aim, end: Aim) -> None:
        """Raises Wrong for a second target."""
        if self.ends is not None:
            raise Wrong(self.place, "the step has two targets", "keep one of them")
        self.ends = (start, end)

    def pace(self, word: str, left: list[str]) -> bool:
        parts = _PACE.fullmatch(word)
        if parts is None:
            return False
        _word_after(left, "pace")
        unit = parts[6] or parts[3]
        if parts[3] and parts[6] and parts[3] != parts[6]:
            raise Wrong(self.place, f"{shown(word)} has two different distances", "write both ends alike")
        start = self.one_pace(parts[1], parts[2], unit)
        self.aim(start, start if parts[4] is None else self.one_pace(parts[4], parts[5], unit))
        return True

    def one_pace(self, minutes: str, seconds: str, unit: str | None) -> Speed:
        """Raises Wrong."""
        value_s = Decimal(60 * int(minutes) + int(seconds))
        if not value_s:
            raise Wrong(self.place, "a pace of nothing is no speed", "look at the pace")
        if unit is None:
            return Speed(value_s / 60, PACE_UNIT)
        if unit not in _METRES_OF:
            raise Wrong(self.place, f"paces {unit} are not known here", f"write {', '.join(_METRES_OF)}")
        if unit == "/mi":
            return Speed(value_s, SpeedIn.S_PER_MI)
        return Speed(value_s * 1000 / _METRES_OF[unit], SpeedIn.S_PER_KM)

    def speed(self, word: str, _: list[str]) -> bool:
        parts = _SPEED.fullmatch(word)
        if parts is None:
            return False
        unit = _SPEED_IN[parts[3].lower()]
        start = Speed(Decimal(parts[1]), unit)
        self.aim(start, Speed(Decimal(parts[2]), unit) if parts[2] else start)
        return True

    def percent(self, word: str, left: list[str]) -> bool:
        parts = _PERCENT.fullmatch(word)
        if parts is None:
            return False
        base = _POWER
        if left and left[0].lower() in _BASES:
            kind = left.pop(0).lower()
            base = _BASES[kind]
            if kind == "mmp" and left and _length(left[0]) is not None:
                left.pop(0)
        if base is None:
            self.of_heart()
            return True
        reference = speed_of(*base)
        start, end = (Share(Decimal(part), ShareIn.PERCENT, reference) for part in (parts[1], parts[2] or parts[1]))
        self.aim(start, end)
        return True

    def zone(self, word: str, left: list[str]) -> bool:
        parts = _ZONE.fullmatch(word)
        if parts is None:
            return False
        if _word_after(left, "hr"):
            self.of_heart()
            return True
        kind = "pace zone" if _word_after(left, "pace") else "zone"
        start, end = (_zone_question(kind, name) for name in (parts[1], parts[2] or parts[1]))
        self.aim(start, end)
        return True

    def watts(self, word: str, _: list[str]) -> bool:
        parts = _WATTS.fullmatch(word)
        if parts is None:
            return False
        start, end = (
            speed_of(f"{watts} W", f"{watts} W and no speed; which belt speed stands for it?")
            for watts in (parts[1], parts[2] or parts[1])
        )
        self.aim(start, end)
        return True

    def of_heart(self) -> None:
        """A heart rate is no speed."""
        self.findings.leave_out("a heart-rate target")
        self.aim(OPEN_STEPS, OPEN_STEPS)


def _zone_question(kind: str, name: str) -> Question:
    return speed_of(f"{kind} {name}", f"{kind} {name.upper()}; which speed is that?")


def _word_after(left: list[str], word: str) -> bool:
    """Take ``word`` off the front if it is there."""
    if left and left[0].lower() == word:
        left.pop(0)
        return True
    return False
