"""Whether somebody who goes backward at a speed walks or runs. Pure."""

from __future__ import annotations

import math
from enum import Enum

from .formula import Formula
from .ranges import NotEstimated

WALK_BELOW_KPH, RUN_ABOVE_KPH = 5.4, 6.5

LABEL = Formula(
    "backward-gait",
    1,
    "Walking or running backward",
    f"below {WALK_BELOW_KPH} km/h walking, above {RUN_ABOVE_KPH} km/h running, between them either",
    "Hreljac and others 2005 (Journal of Sports Science and Medicine 4:446): people change over at 1.63 m/s, 5.9 km/h; "
    "standard deviation 0.11 m/s",
    "the band is one and a half standard deviations, rounded outwards",
    worked="5.3 km/h is walking, 5.4 and 6.5 km/h are either, 6.6 km/h is running",
)


class BackwardGait(Enum):
    """What it is called."""

    WALK = "walking"
    EITHER = "walking or running"
    RUN = "running"


def backward_gait(speed_kph: float) -> BackwardGait | NotEstimated:
    """The word for a speed; a speed that is none has none."""
    if not math.isfinite(speed_kph) or speed_kph <= 0:
        return NotEstimated(f"{speed_kph!r} km/h is no speed of somebody who moves")
    if speed_kph < WALK_BELOW_KPH:
        return BackwardGait.WALK
    return BackwardGait.RUN if speed_kph > RUN_ABOVE_KPH else BackwardGait.EITHER
