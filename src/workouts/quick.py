"""A plan from one line: "10 min at 2 km/h backward".

The line asks for one stretch at one speed. Around it the plan puts a gentle way in, where the speed is more than a
slow walk, and a cool-down; both come on top of the length that was asked for.

``ValueError``
└── ``QuickError``   the line is not of this form; says what is wrong, and the mend
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from ..machine import Facing
from .about import FORMAT_VERSION
from .gaits import BACKWARD_RUN_KPH, FORWARD_RUN_KPH
from .plan import WorkoutPlan
from .quantity import (
    QuantityError,
    incline_text,
    length_text,
    parse_incline_percent,
    parse_length,
    parse_speed_kph,
    shown,
    speed_text,
)

QUICK_MEND = "write it like 10 min at 2 km/h backward, or 400 m at 3 km/h forward at 2 %"

SLOW_KPH = 1.0
"""Where the way in begins and the cool-down ends: the slow end of backward walking for beginners, and near the
lowest speed of most belts."""

WAY_IN_KPH_PER_S = 0.1
"""How fast the way in gets faster: the slowest rise of any tier, so that it is gentle for everybody."""

WAY_IN_STEP_S = 30
"""The way in lasts whole half minutes: time for some twenty steps, and a length that people can follow."""

COOL_DOWN_S = 120
"""As long as the one that is added to any plan without; at 30 km/h it still falls by a quarter km/h per s only."""

_LINE = re.compile(r"(?P<length>.+?) at (?P<speed>.+?)(?: (?P<way>backward|forward))?(?: at (?P<incline>.+))?")
_FACING = {"backward": Facing.REAR, "forward": Facing.CONSOLE}
_RUN_KPH = {"backward": BACKWARD_RUN_KPH, "forward": FORWARD_RUN_KPH}
_SAY = {
    "backward": ("slow way in, tall, eyes level, short steps", "this is the speed, keep the steps short"),
    "forward": ("slow way in, walk tall", "this is the speed, look ahead"),
}


class QuickError(ValueError):
    """A line that is no quick workout: what is wrong, and the mend."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(f"{message}; {mend}")
        self.message = message
        self.mend = mend


def quick_plan(line: str) -> WorkoutPlan:
    """The plan of "LENGTH at SPEED [backward|forward] [at INCLINE]"; backward when nothing is said.

    The length is a time or a distance, the speed is absolute. Raises QuickError.
    """
    parts = _LINE.fullmatch(line)
    if parts is None:
        raise QuickError(f"{shown(line)} does not say how long at which speed", QUICK_MEND)
    asked = _Asked(parts["length"], parts["speed"], parts["way"] or "backward", parts["incline"])
    try:
        return WorkoutPlan.model_validate(asked.plan())
    except QuantityError as error:
        raise QuickError(error.message, QUICK_MEND) from None
    except ValidationError as error:  # each quantity is good by itself, so it is the sum of them
        raise QuickError(error.errors()[0]["msg"], "ask for less") from None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the line asks for, in its own words, so that no rounding comes between them and the plan."""

    length: str
    speed: str
    way: str
    incline: str | None

    @property
    def kph(self) -> float:
        return parse_speed_kph(self.speed)

    def plan(self) -> dict[str, object]:
        """Raises QuantityError for the first word that is no quantity."""
        return {
            "retrotread": FORMAT_VERSION,
            "name": self.name(),
            "facing": _FACING[self.way],
            "steps": (*self.way_in(), self.step(), self.cool_down()),
        }

    def name(self) -> str:
        length = length_text(parse_length(self.length))
        at = "" if self.incline is None else f" at {incline_text(parse_incline_percent(self.incline))}"
        return f"quick: {length} at {speed_text(self.kph)} {self.way}{at}"

    def way_in(self) -> Iterator[dict[str, str]]:
        """Flat, from a slow walk to the speed; nothing for what is a slow walk itself."""
        if self.kph > SLOW_KPH:
            halves = math.ceil(self.kph / WAY_IN_KPH_PER_S / WAY_IN_STEP_S)  # from a standstill
            speed = f"{speed_text(SLOW_KPH)} -> {self.speed}"
            yield {"walk": f"{halves * WAY_IN_STEP_S} s", "speed": speed, "say": _SAY[self.way][0]}

    def step(self) -> dict[str, str]:
        kind = "run" if self.kph >= _RUN_KPH[self.way] else "walk"
        incline = {} if self.incline is None else {"incline": self.incline}
        return {kind: self.length, "speed": self.speed, "say": _SAY[self.way][1], **incline}

    def cool_down(self) -> dict[str, str]:
        speed = f"{self.speed} -> {speed_text(SLOW_KPH)}" if self.kph > SLOW_KPH else self.speed
        return {"cool down": f"{COOL_DOWN_S} s", "speed": speed, "say": "slower to the end"}
