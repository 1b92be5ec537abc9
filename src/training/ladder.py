"""The ladder from a first step to running intervals, as data.

Every level is a proposal of this project, anchored on a published figure where there is one: what stands beside it
says which. Within a level minutes grow first, then speed by at most 0.5 km/h, then incline by at most 2 %; so one
step up raises one variable and no other. Speeds in km/h, inclines in percent, lengths of bouts in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .history import Dose

SPEED_STEP_KPH, INCLINE_STEP_PERCENT = 0.5, 2.0
"""How much more one step may ask for: increments of a size that home machines set and that a person can judge."""

RUNNING_FROM = 7
"""The first level with running."""


OR_HARNESS = "spotter or harness"
NEEDS_SOMEBODY = frozenset({"spotter", "supervisor", OR_HARNESS})
"""What a person is; at the first runs a harness does instead."""

HARNESS_FROM_KPH, HARNESS_LEVEL = 8.0, 9
"""From here on a run backward is for a harness and a supervisor: as fast as the trained men of Ordway et al. 2016 ran,
who wore one; and the level that has both."""


class Hands(StrEnum):
    """What the hands do at a level."""

    BOTH_RAILS = "both hands on the rails"
    ONE_RAIL = "one hand on a rail"
    FINGERTIPS = "fingertips on the rails, then none"
    FREE = "hands free"
    FREE_NEAR = "hands free, a rail within reach"


@dataclass(frozen=True, slots=True)
class Level:
    """One level: the bouts, speeds and inclines that it goes through, each from its first to its last.

    ``rest_s`` is the slow walk backward between bouts, at ``easy_kph``, which is the speed of warm-up and cool-down as
    well; ``around_min`` are the minutes of both. Level 0 rests off the belt, and warms up beside it.
    ``good_days``: how many good sessions on different days a step up asks for. ``apart_days`` lie between two
    sessions, seven days hold ``a_week`` at most, and an effort up to ``effort_max`` is easy enough. ``return_at``: at
    which of its steps somebody goes on who is sent back to it; never above the first step of the next level.
    """

    number: int
    title: str
    bouts: tuple[tuple[int, float], ...]
    speeds_kph: tuple[float, ...]
    inclines_percent: tuple[float, ...]
    rest_s: float
    around_min: float
    hands: Hands
    needs: tuple[str, ...]
    anchor: str
    easy_kph: float
    good_days: int = 2
    apart_days: int = 1
    a_week: int = 3
    effort_max: int = 4
    return_at: int = 0

    @property
    def runs(self) -> bool:
        return self.number >= RUNNING_FROM

    @property
    def workout(self) -> str:
        """The shipped workout of this level."""
        return f"ladder-{self.number}"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ladder: a level, and what is done at it."""

    level: Level
    dose: Dose

    @property
    def session_min(self) -> float:
        """Backward minutes of a session at this step, the walks around and between the bouts included."""
        return self.level.around_min + (self.dose.work_s + self.dose.bouts * self.level.rest_s) / 60

    @property
    def text(self) -> str:
        dose = self.dose
        verb = "run" if self.level.runs else "walk"
        bouts = _length(dose.bout_s) if dose.bouts == 1 else f"{dose.bouts} x {_length(dose.bout_s)}"
        hill = f", {dose.incline_percent:g} %" if dose.incline_percent else ""
        return f"level {self.level.number}, {verb} {bouts} backward at {dose.speed_kph:g} km/h{hill}"


HOME = "Retrotread's own proposal"
AWOSIKA = "Awosika et al., backward treadmill training, uchealth.com: entry at 0.3 mph (0.5 km/h)"
FRITZ = "Fritz et al. 2013, PubMed 23122938: everybody who had fallen walked backward below 0.6 m/s (2.2 km/h)"
ALGHADIR = "Alghadir et al. 2019, PMC6456984: 10 min of backward walking"
SETTLES = "PubMed 30914746: treadmill gait settles within 6 to 7 min"
CHA = "Cha et al. 2016, J Phys Ther Sci 28(6):1901: 3 km/h, 10 %, 20 min"
CHALOUPKA = "Chaloupka et al. 1997, J Orthop Sports Phys Ther 25(5):302: bouts at 5.6 km/h"
HRELJAC = "Hreljac et al. 2005, J Sports Sci Med 4:446: people change from walk to run backward at 5.9 km/h"
QUINN = "Quinn, sportsmedicine.about.com: 60 s of backward running, 5 to 10 times, twice a week (a coach's text)"
ORDWAY = "Ordway et al. 2016, J Strength Cond Res 30(3):763: 8.0, then 9.7 km/h, in a harness"

LADDER = (
    Level(0, "drills, stepping on and off, first steps", ((4, 30),), (0.5, 0.8), (0,), 0, 0.5,
          Hands.BOTH_RAILS, ("spotter", "rails"), AWOSIKA, 0.5),
    Level(1, "first steps backward", ((5, 60),), (0.8, 1.2, 1.5), (0,), 60, 8,
          Hands.BOTH_RAILS, ("spotter", "rails"), f"{HOME}: always begin slowly; {AWOSIKA}", 0.8, return_at=1),
    Level(2, "two minutes at a time", ((5, 120),), (1.5, 2.0), (0,), 60, 8,
          Hands.ONE_RAIL, ("rails",), FRITZ, 1.0),
    Level(3, "ten minutes without a break", ((1, 600),), (2.0, 2.5, 3.0), (0,), 0, 10,
          Hands.FINGERTIPS, ("rails",), f"{ALGHADIR}; {SETTLES}", 1.5, return_at=1),
    Level(4, "a longer, brisker walk", ((1, 900), (1, 1200)), (3.0, 3.5, 4.0), (0, 2, 3), 0, 10,
          Hands.FREE, (), f"{CHA}, taken flat at first", 2.5, good_days=3, a_week=4, return_at=1),
    Level(5, "uphill", ((1, 600), (1, 900), (1, 1200)), (3.0,), (5, 7, 9, 10), 0, 10,
          Hands.FREE_NEAR, ("rails",), CHA, 2.5, good_days=3, a_week=4),
    Level(6, "brisk walking intervals", ((6, 60), (6, 120)), (4.5, 5.0, 5.5), (0,), 120, 10,
          Hands.FREE, (), CHALOUPKA, 3.0, good_days=3, a_week=4),
    Level(7, "first backward runs", ((6, 20), (6, 30), (10, 30)), (5.5, 6.0, 6.5), (0,), 90, 10,
          Hands.FREE, (OR_HARNESS,), HRELJAC, 3.0, good_days=3, apart_days=2, a_week=2),
    Level(8, "running intervals", ((5, 60), (8, 60), (10, 60)), (6.0, 6.5, 7.0, 7.5), (0,), 75, 10,
          Hands.FREE, (OR_HARNESS,), QUINN, 3.0, good_days=3, apart_days=2, a_week=2, effort_max=6),
    Level(9, "running in blocks", ((8, 60), (2, 180), (2, 300), (1, 600)), (8.0,), (0,), 120, 10,
          Hands.FREE, ("harness", "supervisor"), ORDWAY, 3.5, good_days=3, apart_days=2, a_week=2, effort_max=6),
    Level(10, "faster running", ((2, 300), (1, 600)), (8.5, 9.0, 9.5, 9.7), (0,), 120, 10,
          Hands.FREE, ("harness", "supervisor"), ORDWAY, 3.5, good_days=3, apart_days=2, a_week=2, effort_max=6),
)  # fmt: skip
"""Sessions a week: three for a beginner, four for a walker, two where there is running."""


def _steps(level: Level) -> tuple[Step, ...]:
    """Its bouts at the first speed, then its speeds, then its inclines; one thing at a time."""
    bouts, speeds, inclines = level.bouts, level.speeds_kph, level.inclines_percent
    doses = (
        *(Dose(*one, speeds[0], inclines[0]) for one in bouts),
        *(Dose(*bouts[-1], speed, inclines[0]) for speed in speeds[1:]),
        *(Dose(*bouts[-1], speeds[-1], incline) for incline in inclines[1:]),
    )
    return tuple(Step(level, dose) for dose in doses)


_STEPS = tuple(map(_steps, LADDER))


def steps_of(level: Level) -> tuple[Step, ...]:
    """The steps of a level of the ladder, from the first on; worked out once, for a history of ten years asks often."""
    return _STEPS[level.number]


def steps(hills: bool) -> tuple[Step, ...]:
    """The whole ladder. Without ``hills``, on a level deck, it goes round every incline."""
    every = (step for level in LADDER for step in steps_of(level))
    return tuple(step for step in every if hills or not step.dose.incline_percent)


HILLY, LEVEL_GROUND = steps(True), steps(False)


def _length(seconds: float) -> str:
    return f"{seconds / 60:g} min" if seconds >= 120 or seconds == 60 else f"{seconds:g} s"
