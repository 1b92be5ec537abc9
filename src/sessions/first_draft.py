"""The first text of a workout, from four answers: a step of the ladder that can be run, to go on writing from. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import PurePath

from ..training.history import LEVEL_MAX, Dose
from ..training.ladder import LADDER, Level, Step, steps_of
from ..workouts.quantity import duration_text, shown
from ..workouts.wording import people_text
from .step_workout import OFF_BELT_REST_S, workout_of

MINUTES_MIN, MINUTES_MAX = 2, 60
"""Of the main part: below, a warm-up is longer than what it is for; above, no session here is allowed to be so long."""

NAME_MAX = 80

BOUT_S, REST_S = 120.0, 60.0
"""Intervals at a level that walks without a break: as at level 2, two minutes and a minute of rest."""


class Kind(Enum):
    """What the main part is: one effort, or bouts with rests."""

    EVEN = "even"
    INTERVALS = "intervals"


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody wants to write. ``minutes``: of the main part.

    Raises ValueError with the mend, also where that is more than the level does.
    """

    name: str
    level: int
    minutes: int
    kind: Kind

    def __post_init__(self) -> None:
        if not 0 <= self.level <= LEVEL_MAX:
            raise ValueError(f"level {self.level} is off the ladder; give one from 0 to {LEVEL_MAX}")
        if not MINUTES_MIN <= self.minutes <= MINUTES_MAX:
            raise ValueError(f"{self.minutes} minutes: give {MINUTES_MIN} to {MINUTES_MAX} for the main part")
        text = people_text(self.name) if self.name.strip() else ""
        if not 0 < len(text) <= NAME_MAX or '"' in text or "\\" in text:
            raise ValueError(f"{shown(self.name)} is no name; write up to {NAME_MAX} plain letters, without quotes")
        refused = _too_much(LADDER[self.level], self.minutes, self.kind)
        if refused is not None:
            raise ValueError(refused)


_ENDINGS = (".yaml", ".yml")


def title_of(name: str) -> str:
    """What a workout is called of which somebody gave the name, or the path of its file."""
    return PurePath(name).stem if name.endswith(_ENDINGS) else name


def file_name(name: str) -> str:
    """The file of a workout of this name: small letters, digits and hyphens; a path stays as it is."""
    if name.endswith(_ENDINGS):
        return name
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{re.sub('[^a-z0-9]+', '-', plain).strip('-') or 'workout'}.yaml"


def first_text(answers: Answers) -> str:
    """A workout file for these answers, at the first speed of its level, backward on an ordinary belt."""
    level, first = LADDER[answers.level], steps_of(LADDER[answers.level])[0].dose
    if answers.kind is Kind.EVEN:
        step = Step(level, replace(first, bouts=1, bout_s=answers.minutes * 60.0))
    else:
        bout_s, rest_s = _bout_and_rest(level)
        dose = Dose(_times(level, answers.minutes), bout_s, first.speed_kph, first.incline_percent)
        step = Step(replace(level, rest_s=rest_s), dose)
    return workout_of(step, people_text(answers.name))


def _too_much(level: Level, minutes: int, kind: Kind) -> str | None:
    """Why a level has no such main part, with the mend; None where it has."""
    longest_s = max(bout_s for _, bout_s in level.bouts)
    if kind is Kind.EVEN and level.runs:
        return f"{minutes} minutes at a time: level {level.number} runs, and runs in bouts; take intervals"
    if kind is Kind.EVEN and minutes * 60 > longest_s:
        what = f"{minutes} minutes at a time: the longest bout of level {level.number} is {duration_text(longest_s)}"
        if longest_s < MINUTES_MIN * 60:
            return f"{what}; take intervals"
        return f"{what}; give at most {longest_s / 60:g} minutes, or take intervals"
    if kind is Kind.INTERVALS and _times(level, minutes) > _most_times(level):
        bout_s, rest_s = _bout_and_rest(level)
        most = int(_most_times(level) * (bout_s + rest_s) / 60)
        return (
            f"{minutes} minutes of intervals: level {level.number} has at most {_most_times(level)} bouts of "
            f"{duration_text(bout_s)}; give at most {most} minutes"
        )
    return None


def _bout_and_rest(level: Level) -> tuple[float, float]:
    bouts, bout_s = level.bouts[0]
    if bouts == 1:
        return BOUT_S, REST_S
    return bout_s, level.rest_s or OFF_BELT_REST_S


def _times(level: Level, minutes: int) -> int:
    """How many whole bouts with their rests come as near to these minutes as can be."""
    return max(1, round(minutes * 60 / sum(_bout_and_rest(level))))


def _most_times(level: Level) -> int:
    """As many bouts as the level has at most; of a level without a break, as many as make up its longest walk."""
    most = max(bouts for bouts, _ in level.bouts)
    return most if most > 1 else int(level.bouts[-1][1] / BOUT_S)
