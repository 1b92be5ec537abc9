"""Reading a FIT workout: from its raw records to steps.

Units are part of the format (times in ms, distances in cm, speeds in mm/s), so none is asked about; but a target is
nearly always a band, for a watch beeps at its edges, and a belt runs at one speed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..plan import STEPS_MAX
from ..problems import Place
from .fit_records import FitStep, FitWorkout, read_records
from .foreign import (
    BAND,
    OPEN_STEPS,
    ForeignItem,
    ForeignRepeat,
    ForeignStep,
    ForeignWorkout,
    Format,
    Length,
    LengthIn,
    Speed,
    SpeedIn,
    Target,
    speed_of,
)
from .reading import REPEATS_DEEP_MAX, Findings, Wrong, repeats_deep

TIME, DISTANCE, OPEN, REPEAT = 0, 1, 5, 6
SPEED, NO_TARGET = 0, 2
COOLDOWN = 3
ACTIVE = 0

INDEX_BITS = 0x0FFF
"""The part of a message index that counts; the rest are flags."""

_TARGETS = {1: "a heart-rate target", 3: "a cadence target", 4: "a power target", 5: "a grade target"}
_SPORTS = frozenset({None, 0, 1, 10, 11})
"""Generic, running, training, walking, or none named."""


def read_fit(content: bytes, file: str) -> ForeignWorkout:
    """The workout in ``content``. Raises WorkoutFileError with every problem found, FitMissing."""
    return from_records(read_records(content, file), file)


def from_records(workout: FitWorkout, file: str) -> ForeignWorkout:
    """The workout of these records. Raises WorkoutFileError with every problem found."""
    other = f"the file is for another sport than walking or running (number {workout.sport})"
    findings = Findings(file, () if workout.sport in _SPORTS else (other,))
    taken = _Taken(findings, [])
    for number, step in enumerate(workout.steps):
        findings.attempt(taken.take, number, step)
    return findings.workout(Format.FIT, workout.name, (item for _, item in taken.items))


@dataclass(slots=True)
class _Taken:
    """Steps in the order of the file, each with the index that a repeat calls it by."""

    findings: Findings
    items: list[tuple[int, ForeignItem]]

    def take(self, number: int, step: FitStep) -> None:
        """Raises Wrong."""
        place = Place(self.findings.file, 1, step.offset + 1, f"step {number + 1}")
        index = number if step.index is None else step.index & INDEX_BITS
        if self.items and index <= self.items[-1][0] and step.index is not None:
            raise Wrong(place, f"the step index {index} comes after {self.items[-1][0]}", "export the file once more")
        if step.duration_type == REPEAT:
            self.repeat(step, place)
        else:
            self.items.append((index, _step(step, place, self.findings)))

    def repeat(self, step: FitStep, place: Place) -> None:
        """Put what goes from the named index to here into a repeat. Raises Wrong."""
        first, times = step.duration_value, step.target_value
        if times is None or not 1 <= times <= STEPS_MAX:
            raise Wrong(place, f"repeats {times} times; the limit is {STEPS_MAX}", "repeat less")
        at = next((at for at, (index, _) in enumerate(self.items) if index == first), None)
        if at is None or first is None:
            raise Wrong(place, f"repeats from step index {first}, where no step begins", "export the file once more")
        inside = tuple(item for _, item in self.items[at:])
        if repeats_deep(inside) >= REPEATS_DEEP_MAX:
            raise Wrong(place, f"repeats nest deeper than {REPEATS_DEEP_MAX} levels, the limit", "nest less")
        self.items[at:] = [(first, ForeignRepeat(times, inside, place))]


def _step(step: FitStep, place: Place, findings: Findings) -> ForeignStep:
    """Raises Wrong."""
    say = step.notes or step.name
    if step.notes and step.name:
        findings.leave_out("the name of a step beside its notes")
    return ForeignStep(
        _length(step, place), _target(step, findings), place, say=say, cool_down=step.intensity == COOLDOWN
    )


def _length(step: FitStep, place: Place) -> Length:
    """Raises Wrong."""
    value = step.duration_value
    if step.duration_type == OPEN or step.duration_type is None:
        raise Wrong(
            place, "lasts until a key is pressed, and a belt needs an end", "give the step a time or a distance"
        )
    if step.duration_type not in (TIME, DISTANCE):
        message = f"ends by something that is no time and no distance (duration type {step.duration_type})"
        raise Wrong(place, message, "give the step a time or a distance")
    if not value:
        raise Wrong(place, "has no length", "give the step a time or a distance, or take it out")
    if step.duration_type == TIME:
        return Length(Decimal(value) / 1000, LengthIn.S)
    return Length(Decimal(value) / 100, LengthIn.M)


def _target(step: FitStep, findings: Findings) -> Target:
    if step.target_type != SPEED:
        if step.target_type not in (NO_TARGET, None):
            findings.leave_out(_TARGETS.get(step.target_type, f"a target of type {step.target_type}"))
        return Target(OPEN_STEPS, OPEN_STEPS)
    if step.target_value:
        zone = speed_of(f"speed zone {step.target_value}", f"speed zone {step.target_value}; which speed is that?")
        return Target(zone, zone)
    ends = list(_ends(step))
    if not ends:
        return Target(OPEN_STEPS, OPEN_STEPS)
    start, end = ends[0], ends[-1]
    return Target(start, end, None if start == end else BAND)


def _ends(step: FitStep) -> Iterator[Speed]:
    """The ends of the band that are there; both nought is none at all."""
    for end in (step.low, step.high):
        if end is not None and (step.low or step.high):
            yield Speed(Decimal(end) / 1000, SpeedIn.MPS)
