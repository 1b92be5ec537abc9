"""The first text of a workout, from three answers: something that can be run, and that says how to go on. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePath

from .quantity import duration_text, shown
from .wording import people_text

LEVEL_MAX = 10
MINUTES_MIN, MINUTES_MAX = 2, 60
"""Of the main part: below, a warm-up is longer than what it is for; above, no session here is allowed to be so long."""

NAME_MAX = 80
WARM_UP_MIN, COOL_DOWN_MIN = 3, 3


class Kind(Enum):
    """What the main part is."""

    EVEN = "even"
    INTERVALS = "intervals"


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody wants to write. ``minutes``: of the main part. Raises ValueError with the mend."""

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


@dataclass(frozen=True, slots=True)
class _Rung:
    """A level of the ladder: what its main part does, between what, in seconds; and what has to be there."""

    work_kph: float
    rest_kph: float
    work_s: int
    rest_s: int
    verb: str = "walk"
    needs: tuple[str, ...] = ()


# The lower speeds of each level of the ladder: somebody who writes their own raises them where they want.
_RUNGS = (
    _Rung(0.8, 0.5, 30, 30, needs=("spotter", "rails")),
    _Rung(1.2, 0.8, 60, 60, needs=("rails",)),
    _Rung(1.8, 1.2, 120, 60, needs=("rails",)),
    _Rung(2.5, 1.8, 120, 60),
    _Rung(3.2, 2.5, 120, 60),
    _Rung(3.5, 2.5, 120, 60),
    _Rung(4.5, 3.0, 60, 120),
    _Rung(5.5, 3.0, 30, 90, "run", ("spotter",)),
    _Rung(6.0, 3.0, 60, 75, "run", ("spotter",)),
    _Rung(7.0, 3.5, 60, 60, "run", ("harness", "spotter")),
    _Rung(7.5, 3.5, 60, 60, "run", ("harness", "spotter")),
)


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
    """A workout file for these answers, backward on an ordinary belt."""
    rung = _RUNGS[answers.level]
    needs = f"needs: [{', '.join(rung.needs)}]\n" if rung.needs else ""
    return (
        "# What each key means: docs/workout-file.md\n"
        "retrotread: 1\n"
        f'name: "{people_text(answers.name)}"\n'
        f"level: {answers.level}\n"
        "facing: rear\n"
        f"{needs}"
        "steps:\n"
        f"  - walk: {WARM_UP_MIN} min\n"
        f"    speed: {_kph(rung.rest_kph)}\n"
        "    say: tall, eyes level, short steps\n"
        f"{_main(answers, rung)}"
        f"  - cool down: {COOL_DOWN_MIN} min\n"
        f"    speed: {_kph(rung.rest_kph)}\n"
        "    say: slower to the end\n"
        "after: [stretch lower limbs]\n"
    )


def _main(answers: Answers, rung: _Rung) -> str:
    if answers.kind is Kind.EVEN:
        return f"  - {rung.verb}: {answers.minutes} min\n    speed: {_kph(rung.work_kph)}\n"
    times = max(1, round(answers.minutes * 60 / (rung.work_s + rung.rest_s)))
    return (
        f"  - repeat: {times}\n"
        "    steps:\n"
        f"      - {rung.verb}: {duration_text(rung.work_s)}\n"
        f"        speed: {_kph(rung.work_kph)}\n"
        f"      - walk: {duration_text(rung.rest_s)}\n"
        f"        speed: {_kph(rung.rest_kph)}\n"
    )


def _kph(speed_kph: float) -> str:
    return f"{speed_kph:.1f} km/h"
