"""The nouns that every part of Retrotread shares: what a treadmill is, says and can be asked.

Units are the last word of every name. Absent is ``None``, never a magic number. Everything here is
a frozen value; nothing here does input or output, reads a clock or imports more than the standard library.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from .values import value


class Facing(Enum):
    """Where the person on the belt looks."""

    CONSOLE = "console"
    REAR = "rear"


class BeltDirection(Enum):
    """Which way the top surface of the belt runs; forward is console to rear, as on any treadmill."""

    FORWARD = "forward"
    REVERSED = "reversed"


class Gait(Enum):
    """Which way the person moves over the belt; always derived, never typed by anybody."""

    FORWARD = "forward"
    BACKWARD = "backward"


def gait(facing: Facing, belt: BeltDirection) -> Gait:
    """Forward gait means progressing the way one looks: against the motion of the top surface."""
    looks_with_progress = (facing is Facing.CONSOLE) == (belt is BeltDirection.FORWARD)
    return Gait.FORWARD if looks_with_progress else Gait.BACKWARD


def effective_grade_percent(belt: BeltDirection, incline_percent: float) -> float:
    """Grade as the legs feel it, in percent; uphill is positive. Facing plays no part in it.

    The deck is raised at the console end. A person progresses opposite to the top surface, so a belt
    that runs forward makes a raised deck uphill and a reversed belt makes it downhill.
    """
    return incline_percent if belt is BeltDirection.FORWARD else -incline_percent


@value
class Setpoint:
    """What a belt is asked to do: speed in km/h along its current direction (>= 0), deck incline in percent."""

    speed_kph: float
    incline_percent: float = 0.0


STANDSTILL = Setpoint(0.0, 0.0)


class Evidence(Enum):
    """How well a capability is known. Only the order matters: a claim is weaker than a measurement."""

    REPORTED = 1
    OBSERVED = 2
    VERIFIED_ON_HARDWARE = 3


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a machine can do, in its own steps.

    Speeds are in hundredths of a km/h (``ckph``) and inclines in tenths of a percent (``dpct``): the raw
    units of FTMS, and whole numbers, so that rounding happens once and at the edge.
    ``incline_max_dpct == 0`` means that there is no incline motor.
    """

    speed_min_ckph: int
    speed_max_ckph: int
    speed_increment_ckph: int
    incline_max_dpct: int = 0
    incline_increment_dpct: int = 10
    evidence: Evidence = Evidence.REPORTED

    def __post_init__(self) -> None:
        """Refuse numbers that no belt can have; a machine's own claims pass through here."""
        if not 0 < self.speed_min_ckph <= self.speed_max_ckph:
            raise ValueError(
                f"speeds from {self.speed_min_ckph} to {self.speed_max_ckph} hundredths of a km/h: no belt"
            )
        if self.speed_increment_ckph < 1 or self.incline_increment_dpct < 1 or self.incline_max_dpct < 0:
            raise ValueError("increments are at least one unit, and the highest incline is not below zero")


class SpeedUnit(Enum):
    """The unit in which a console shows its speed; inside the program every speed is in km/h."""

    KPH = "km/h"
    MPH = "mph"

    @property
    def one_kph(self) -> float:
        """One of this unit in km/h; exact by definition: the international mile is 1,609.344 m."""
        return 1.0 if self is SpeedUnit.KPH else 1.609344


class PhysicalStop(Enum):
    """What a person on the belt can reach that stops it without any software."""

    KEY = "key"
    BUTTON = "button"
    NONE = "none"


class Qualification(Enum):
    """How far this one machine has been tried out with nobody on it. Only the order matters."""

    NONE = 0
    QUICK = 1
    FULL = 2


@dataclass(frozen=True, slots=True)
class Identity:
    """Which machine it is, in its own words; empty where it does not say. What a sealed profile is bound to."""

    address: str = ""
    name: str = ""
    manufacturer: str = ""
    model: str = ""
    firmware: str = ""


NOT_SAID = Identity()


@dataclass(frozen=True, slots=True)
class DeviceProfile:
    """How one family of machines behaves; what the safety rules need to know about the belt.

    Times are in milliseconds, speeds in hundredths of a km/h. The defaults are the careful ones: a
    machine that nobody has measured is treated as slow to answer and not to be trusted.

    name                     what the screen calls the machine
    lag_ms                   command accepted -> change visible in reports
    report_period_ms         nominal time between two reports
    stop_reaction_ms         stop accepted -> a falling speed visible in reports
    slowest_fall_ckph_per_s  the slowest that the belt slows down after a stop or a lower set-point
    start_timeout_ms         start accepted -> first motion, the machine's own countdown included
    command_gap_ms           the shortest time between two set-points that the machine digests
    stop_repeat_ok           a second stop does no harm (on some machines it toggles into a start)
    set_never_starts         a set-point sent to a still belt does not start it
    runs_on_when_link_lost   the belt keeps its last speed when the link goes; None: nobody knows
    physical_stop            what stops the belt without software, in reach of the person on it
    rails                    there are rails to hold and to stand on
    start_toggles            a start sent to a running belt pauses or stops it
    reverses                 the machine is positively known to run its belt in both directions
    may_reverse              machines of its kind can be built to: a trial with nobody on the belt may find it out
    speed_unit               the unit that the console shows
    answer_within_ms         the longest from handing a command to the link until its outcome; later it is overdue
    qualification            how far this machine has been tried out; without any it is only read
    simulated                there is no belt: nobody can be hurt
    silence_stops            it is started so that it stops by itself when nothing is said to it any more: where a stop
                             has no effect, to say nothing is the last one
    unnumbered               nothing tells its adapter from another one: before it is armed, a hand shows which it is
    experimental             its driver rests on too little: nobody is on its belt, whatever a qualification has seen
    """

    name: str
    capabilities: Capabilities
    lag_ms: int = 1500
    report_period_ms: int = 1000
    stop_reaction_ms: int = 2000
    slowest_fall_ckph_per_s: int = 50
    start_timeout_ms: int = 15000
    command_gap_ms: int = 500
    stop_repeat_ok: bool = False
    set_never_starts: bool = False
    runs_on_when_link_lost: bool | None = None
    physical_stop: PhysicalStop = PhysicalStop.NONE
    rails: bool = False
    start_toggles: bool = False
    reverses: bool = False
    may_reverse: bool = False
    speed_unit: SpeedUnit = SpeedUnit.KPH
    answer_within_ms: int = 1000
    qualification: Qualification = Qualification.NONE
    simulated: bool = False
    silence_stops: bool = False
    unnumbered: bool = False
    experimental: bool = False

    @property
    def has_safety_key(self) -> bool:
        """Whether there is a key or cord that the person wears."""
        return self.physical_stop is PhysicalStop.KEY


@value
class Telemetry:
    """One report of a machine: every report, changed or not.

    ``measured_at_s`` is on the monotonic clock of this computer, when the report arrived.
    ``machine_time_s`` is the machine's own elapsed-time counter, where it has one: a report whose
    counters stand still while the speed does not is no longer news.
    """

    measured_at_s: float
    speed_kph: float | None = None
    incline_percent: float | None = None
    distance_m: float | None = None
    machine_time_s: float | None = None
    heart_rate_bpm: int | None = None
    belt: BeltDirection | None = None


class MachineNotice(Enum):
    """What a machine says about itself outside its regular reports."""

    STOPPED_AT_CONSOLE = "stopped at the console"
    SAFETY_KEY_PULLED = "safety key pulled"
    STARTED_AT_CONSOLE = "started at the console"
    CONTROL_LOST = "another program took control"


@dataclass(frozen=True, slots=True)
class TargetChanged:
    """The machine says that it has a new target: ours coming back, or one from its keys or another program.

    An axis that it did not speak of is None.
    """

    speed_kph: float | None = None
    incline_percent: float | None = None


@dataclass(frozen=True, slots=True)
class LinkLost:
    """The link to the machine is gone; the last report that a connection ever gives."""

    reason: str


Report = Telemetry | MachineNotice | TargetChanged | LinkLost


@dataclass(frozen=True, slots=True)
class StartBelt:
    """Start the belt at the machine's own lowest speed, this way; it keeps the way until it has stopped.

    ``regardless``: sent even to a belt that moves, and the other way to a machine that only may reverse; only to find
    out, with nobody on it, what the machine makes of that.
    """

    regardless: bool = False
    belt: BeltDirection = BeltDirection.FORWARD


@dataclass(frozen=True, slots=True)
class SetSpeed:
    """Run at this speed, in hundredths of a km/h; never sent to a still belt.

    ``regardless``: sent even to a still belt; only to find out, with nobody on it, what the machine makes of that.
    """

    speed_ckph: int
    regardless: bool = False


@dataclass(frozen=True, slots=True)
class SetIncline:
    """Move the deck to this incline, in tenths of a percent."""

    incline_dpct: int


@dataclass(frozen=True, slots=True)
class StopBelt:
    """Stop the belt, the way the machine's own stop command does."""


Command = StartBelt | SetSpeed | SetIncline | StopBelt


@dataclass(frozen=True, slots=True)
class Accepted:
    """The machine took the command. That is not yet done: only reports confirm."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The machine refused the command; ``reason`` is a sentence."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows whether the command arrived. Never sent again, except a stop."""

    reason: str


@dataclass(frozen=True, slots=True)
class Stuck:
    """The link has not even taken the command in time, and may hold up whatever is sent behind it."""

    reason: str


CommandOutcome = Accepted | Rejected | Unknown | Stuck


def speed_to_ckph(speed_kph: float) -> int:
    """Whole hundredths of a km/h, rounded down; the only place where a speed becomes a wire number.

    Raises ValueError for a speed that is not finite or is negative. A hair of binary noise below a
    whole hundredth (2.9999999999) counts as that hundredth.
    """
    if not math.isfinite(speed_kph) or speed_kph < 0:
        raise ValueError(f"a speed is a finite number of km/h from 0 up, not {speed_kph!r}")
    return math.floor(speed_kph * 100 + 1e-6)


def incline_to_dpct(incline_percent: float) -> int:
    """Whole tenths of a percent, rounded down. Raises ValueError where ``speed_to_ckph`` would."""
    if not math.isfinite(incline_percent) or incline_percent < 0:
        raise ValueError(f"an incline is a finite number of percent from 0 up, not {incline_percent!r}")
    return math.floor(incline_percent * 10 + 1e-6)
