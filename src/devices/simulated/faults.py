"""Faults that a simulated treadmill can be given, by name and moment. A new fault is a row of ``FAULTS``."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .naming import known

if TYPE_CHECKING:
    from .parts import Parts

FAULT_LATEST_S = 86_400
"""A day: longer than any session, so a later moment is a slip of the keys."""

_TIMED_FAULT = re.compile(r"(?P<name>[^@]*)@(?P<at_s>[0-9]{1,6}(\.[0-9]{1,3})?)", re.ASCII)


RETURN_S = 3.0
"""A short fade of the radio: longer than any rule waits, and within the eight seconds for which one tries again."""

LATE_ANSWER_S = 0.7
"""Inside the second that a write may take, and long after the next look at the belt."""

DOUBLED_ANSWER_S = 0.2
"""A slow link is where answers come twice; with it the second copy meets a command that is still unanswered."""

FOREIGN_RAISE_KPH = 1.5
FOREIGN_LOWER_KPH = 1.0
"""A few presses of a speed key; the raise is beyond the half km/h that counts as rounding."""

FLOOD_PER_S = 200.0
"""Twenty times the quickest console on record, four times what a guardian should take."""

Effect = Callable[["Parts", float], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong: ``effect`` is handed the parts of the treadmill and the moment."""

    name: str
    summary: str
    effect: Effect


def _fall_silent(parts: Parts, _moment_s: float) -> None:
    parts.reporter.fall_silent()


def _ignore_stops(parts: Parts, _moment_s: float) -> None:
    parts.works.obeys_stop = False


def _start_itself(parts: Parts, moment_s: float) -> None:
    """3 km/h: an easy walk forward and quick enough backward to carry a standing person off the belt."""
    parts.works.start_by_itself(moment_s, 3.0)


def _drop(parts: Parts, moment_s: float) -> None:
    parts.lose_link(moment_s, "the simulated link was cut")


def _drop_for_a_while(parts: Parts, moment_s: float) -> None:
    parts.lose_link(moment_s, "the simulated link was cut for a while", RETURN_S)


def _freeze(parts: Parts, _moment_s: float) -> None:
    parts.reporter.freeze()


def _spike(parts: Parts, _moment_s: float) -> None:
    parts.reporter.spike()


def _run_away(parts: Parts, moment_s: float) -> None:
    parts.works.run_away(moment_s)


def _stick(parts: Parts, _moment_s: float) -> None:
    parts.answers.stuck = True


def _answer_late(parts: Parts, _moment_s: float) -> None:
    parts.answers.after_s = LATE_ANSWER_S


def _answer_twice(parts: Parts, _moment_s: float) -> None:
    parts.answers.after_s = max(parts.answers.after_s, DOUBLED_ANSWER_S)
    parts.answers.doubled = True


def _raise_target(parts: Parts, moment_s: float) -> None:
    parts.works.move_target(moment_s, FOREIGN_RAISE_KPH)


def _lower_target(parts: Parts, moment_s: float) -> None:
    parts.works.move_target(moment_s, -FOREIGN_LOWER_KPH)


def _take_over(parts: Parts, _moment_s: float) -> None:
    parts.works.lose_control()


def _reboot(parts: Parts, moment_s: float) -> None:
    """A belt that has just been restarted is reported as standing, by a console that knows nothing yet."""
    if parts.works.reboot(moment_s):
        parts.reporter.zero()


def _flood(parts: Parts, moment_s: float) -> None:
    parts.reporter.flood(moment_s, FLOOD_PER_S)


FAULTS: dict[str, Fault] = {
    fault.name: fault
    for fault in (
        Fault("silent", "reports cease while the link stays up and the belt goes on", _fall_silent),
        Fault("ignore-stop", "a stop over the link is accepted and nothing happens", _ignore_stops),
        Fault("self-start", "a still belt starts by itself, up to 3 km/h", _start_itself),
        Fault("drop", "the link is lost for good and the belt goes on", _drop),
        Fault("drop-return", "the link is lost and can be made anew three seconds later", _drop_for_a_while),
        Fault("frozen", "every report repeats the last one, its counters too", _freeze),
        Fault("spike", "one report of a moving belt is 15 km/h too high", _spike),
        Fault("runaway", "a moving belt speeds up to 12 km/h by itself and takes no set-point until a stop", _run_away),
        Fault("stuck-write", "commands hang in the link: none arrives or is answered until a new connection", _stick),
        Fault("late-answers", "commands are obeyed, and answered 0.7 s later", _answer_late),
        Fault("doubled-answers", "answers come 0.2 s late, and a second time 0.3 s after that", _answer_twice),
        Fault("foreign-raise", "another program raises the target of a running belt by 1.5 km/h", _raise_target),
        Fault("foreign-lower", "another program lowers the target of a running belt by 1 km/h", _lower_target),
        Fault(
            "foreign-takeover", "another program takes the control: it is said, and commands are refused", _take_over
        ),
        Fault(
            "console-reboot",
            "the console of a moving belt restarts: a zero, counters from 0, and after the rest the belt starts itself",
            _reboot,
        ),
        Fault("flood", "reports come two hundred times a second", _flood),
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
        raise ValueError(f"there is no fault {name[:40]!r}; the known ones are {known(FAULTS, name)}")
    return FAULTS[name]


def parse_fault(text: str) -> TimedFault:
    """Read ``NAME@SECONDS``. Raises ValueError with a sentence for anything else."""
    match = _TIMED_FAULT.fullmatch(text)
    if match is None:
        raise ValueError(
            f"fault {text[:40]!r} is not NAME@SECONDS; write for example silent@300 "
            f"(plain seconds from 0 to {FAULT_LATEST_S}; the names are {known(FAULTS, text.partition('@')[0])})"
        )
    return TimedFault(fault_named(match["name"]).name, float(match["at_s"]))
