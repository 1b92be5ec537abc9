"""Faults that a simulated treadmill can be given, by name and moment. A new fault is a row of ``FAULTS``."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

FAULT_LATEST_S = 86_400
"""A day: longer than any session, so a later moment is a slip of the keys."""

_TIMED_FAULT = re.compile(r"(?P<name>[^@]*)@(?P<at_s>[0-9]{1,6}(\.[0-9]{1,3})?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fault:
    """What a fault changes from its moment on.

    ends_reports     no report and no notice leaves the machine any more; link and belt go on
    ends_stops       a stop over the link is accepted and changes nothing
    starts_belt_kph  a still belt starts by itself towards this speed; a moving one is left alone
    """

    name: str
    summary: str
    ends_reports: bool = False
    ends_stops: bool = False
    starts_belt_kph: float | None = None


FAULTS: dict[str, Fault] = {
    fault.name: fault
    for fault in (
        Fault("silent", "reports cease while the link stays up and the belt goes on", ends_reports=True),
        Fault("ignore-stop", "a stop over the link is accepted and nothing happens", ends_stops=True),
        # 3 km/h: an easy walk forward and quick enough backward to carry a standing person off the belt.
        Fault("self-start", "a still belt starts by itself, up to 3 km/h", starts_belt_kph=3.0),
    )
}


@dataclass(frozen=True, slots=True)
class TimedFault:
    """A fault by its name, ``at_s`` seconds after the treadmill began. Raises ValueError for a moment out of range."""

    name: str
    at_s: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.at_s) and 0 <= self.at_s <= FAULT_LATEST_S):
            raise ValueError(f"fault {self.name!r} is at {self.at_s!r} s; its moment lies from 0 to {FAULT_LATEST_S} s")

    def __str__(self) -> str:
        return f"{self.name}@{self.at_s:.3f}".rstrip("0").rstrip(".")


def fault_named(name: str) -> Fault:
    """The fault of that name. Raises ValueError with the known names."""
    if name not in FAULTS:
        raise ValueError(f"there is no fault {name!r}; the known ones are {', '.join(FAULTS)}")
    return FAULTS[name]


def parse_fault(text: str) -> TimedFault:
    """Read ``NAME@SECONDS``. Raises ValueError with a sentence for anything else."""
    match = _TIMED_FAULT.fullmatch(text)
    if match is None:
        raise ValueError(
            f"fault {text[:40]!r} is not NAME@SECONDS; write for example silent@300 "
            f"(plain seconds from 0 to {FAULT_LATEST_S}; the names are {', '.join(FAULTS)})"
        )
    return TimedFault(fault_named(match["name"]).name, float(match["at_s"]))
