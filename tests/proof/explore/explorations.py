"""The machines, people and bounds that are explored, in the order in which a hunt goes through them."""

from __future__ import annotations

from dataclasses import replace

from retrotread.machine import BeltDirection, Capabilities, DeviceProfile, Facing
from retrotread.safety.modes import Mode
from retrotread.safety.tiers import Tier

from .alphabet import Grid
from .explorer import Exploration

REAR, CONSOLE = (Facing.REAR, BeltDirection.FORWARD), (Facing.CONSOLE, BeltDirection.FORWARD)
REVERSED = (Facing.CONSOLE, BeltDirection.REVERSED)

QUICK = Tier("quick", "of the exploration", 0, 0, 300, 300, 20, 600, 600, 5, 15)
"""Rates so high that a ramp is where it is going in one tick: what is left are the steps."""

PLAIN = DeviceProfile(
    "a plain treadmill",
    Capabilities(speed_min_ckph=100, speed_max_ckph=300, speed_increment_ckph=100),
    lag_ms=300,
    report_period_ms=300,
    stop_reaction_ms=900,
    slowest_fall_ckph_per_s=350,
    start_timeout_ms=15_000,
    command_gap_ms=300,
    stop_repeat_ok=True,
    set_never_starts=True,
)
TOGGLE = replace(PLAIN, name="a treadmill whose stop toggles", stop_repeat_ok=False, set_never_starts=False)


ONE = Grid(speeds_ckph=(100,), wishes=((100, 0),), substeps=3)
TWO = Grid(speeds_ckph=(100, 300), wishes=((100, 0), (300, 0)), substeps=3)
THREE = Grid(speeds_ckph=(100, 200, 600), wishes=((100, 0), (200, 0), (400, 0)), substeps=3)
DECK = Grid(speeds_ckph=(100, 200), wishes=((100, 0), (200, 20), (200, 0)), substeps=3, decks_dpct=(0, 20, None))

_ANSWERED = ("start command is accepted", "speed command is accepted", "incline command is accepted")
_SEEN = ("and beats",)
_ARMED = ("armed for a new run, way 0, with a", "hold")
_ENDED = ("acknowledged with a", "stop, by the operator")
_LONG = ("the mode has", "the stop has", "the press has")

_ENDINGS = frozenset({Mode.STOPPING, Mode.ESCALATED})
_RAN = frozenset({Mode.RUN}) | _ENDINGS
_OVER = frozenset({Mode.PAUSED, Mode.LATCHED, Mode.FAULT, Mode.DISCONNECTED})

EXPLORATIONS = {
    one.name: one
    for one in (
        Exploration(
            "start", PLAIN, QUICK, ONE, (CONSOLE, CONSOLE), 300,
            free=(*_SEEN, *_ARMED, "start command is accepted", "called off", "acknowledged with a", "the mode has"),
            faults=1, ends_in=_RAN,
        ),
        Exploration(
            "run", PLAIN, QUICK, TWO, (CONSOLE, CONSOLE), 300,
            free=(*_SEEN, *_ARMED, *_ANSWERED, "wanted"), faults=1, ends_in=_OVER | _ENDINGS,
        ),
        Exploration(
            "stop", PLAIN, QUICK, ONE, (CONSOLE, CONSOLE), 300,
            free=(*_SEEN, *_ARMED, *_ANSWERED, *_ENDED, *_LONG, "pause is asked"), faults=1,
        ),
        Exploration(
            "stop that toggles", TOGGLE, QUICK, ONE, (CONSOLE, CONSOLE), 300,
            free=(*_SEEN, *_ARMED, *_ANSWERED, *_ENDED, "stop command", "link"), faults=1,
        ),
    )
}  # fmt: skip
FINER = EXPLORATIONS
