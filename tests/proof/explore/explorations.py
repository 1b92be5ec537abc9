"""The machines, people and bounds that are explored, in the order in which a hunt goes through them."""

from __future__ import annotations

from dataclasses import replace

from retrotread.machine import BeltDirection, Capabilities, DeviceProfile, Facing
from retrotread.safety.heart import HeartCeiling
from retrotread.safety.modes import Mode
from retrotread.safety.tiers import Tier

from .abstraction import Drops
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


REVERSING = replace(PLAIN, name="a treadmill that reverses", reverses=True)
RAISED = replace(
    PLAIN,
    name="a treadmill with a deck",
    capabilities=replace(PLAIN.capabilities, incline_max_dpct=100, incline_increment_dpct=10),
)

SLOWLY = replace(
    PLAIN,
    name="a treadmill that reports once a second",
    capabilities=replace(PLAIN.capabilities, speed_max_ckph=600),
    report_period_ms=1_000,
)
FAR = replace(QUICK, backward_max_ckph=600)
"""So that the ceiling of a slow reporter, 4 km/h backward, is the lowest one."""

ONE = Grid(speeds_ckph=(100,), wishes=((100, 0),), substeps=3)
TWO = Grid(speeds_ckph=(100, 300), wishes=((100, 0), (300, 0)), substeps=3)
THREE = Grid(speeds_ckph=(100, 200, 600), wishes=((100, 0), (200, 0), (400, 0)), substeps=3)
DECK = Grid(speeds_ckph=(100, 200), wishes=((100, 0), (200, 20), (200, 0)), substeps=3, decks_dpct=(0, 20, None))

FAR_UP = Grid(speeds_ckph=(100, 300), wishes=((100, 0), (600, 0)), substeps=3)

STILL, SLOW, QUICKLY = (f"900 ms with reports of {kph} km/h and beats" for kph in (0, 1, 3))
AT_REST = ("the link comes up", *3 * (STILL,))
ARMED = ("armed for a new run, way 0, with a key test", "the hold is completed")
RUNS = (*AT_REST, *ARMED, *6 * (STILL,), "the start command is accepted", SLOW)
RUNS_TO_THE_REAR = (*AT_REST, *ARMED, *12 * (STILL,), "the start command is accepted", SLOW)
TOLD = "the speed command is accepted"
RUNS_FAST = (*RUNS, "wanted: 3 km/h and 0 %", SLOW, TOLD, SLOW, TOLD, SLOW, TOLD, QUICKLY, QUICKLY)

_ANSWERED = ("start command is accepted", "speed command is accepted", "incline command is accepted")
_SEEN = ("and beats",)
_ARMED = ("armed for a new run, way 0, with a", "hold")
_ENDED = ("acknowledged with a", "stop, by the operator")
_LONG = ("the mode has", "the stop has", "the press has")

_ENDINGS = frozenset({Mode.STOPPING, Mode.ESCALATED})
_RAN = frozenset({Mode.RUN}) | _ENDINGS
_OVER = frozenset({Mode.PAUSED, Mode.LATCHED, Mode.FAULT, Mode.DISCONNECTED})

_DRIVEN = (*_SEEN, *_ARMED, *_ANSWERED, "wanted")
_STARTED = (*_SEEN, *_ARMED, "start command is accepted", "called off", "acknowledged with a", "the mode has")
_STOPPED = (*_SEEN, *_ARMED, *_ANSWERED, *_ENDED)
_TURNED = (
    "armed for the same run",
    "hold",
    "start command is accepted",
    "pause is",
    "turn to the console",
    "confirmed",
)

EXPLORATIONS = {
    one.name: one
    for one in (
        Exploration("start", PLAIN, QUICK, ONE, (CONSOLE, REAR), 300, free=_STARTED, faults=1, ends_in=_RAN),
        Exploration(
            "end", PLAIN, QUICK, TWO, (CONSOLE, CONSOLE), 300, first=(*RUNS_FAST, "stop, by the operator"), faults=1,
            free=(STILL, SLOW, QUICKLY, "no report and beats", "the stop has"), ends_in=frozenset({Mode.IDLE}),
        ),
        Exploration(
            "rear", SLOWLY, FAR, FAR_UP, (REAR, REAR), 600, first=RUNS_TO_THE_REAR,
            free=(*_SEEN, *_ANSWERED, "wanted", "the motion", "the block"), most=4_000, ends_in=_OVER | _ENDINGS,
        ),
        Exploration(
            "run", PLAIN, QUICK, TWO, (CONSOLE, CONSOLE), 300,
            free=_DRIVEN, faults=1, most=4_000, ends_in=_OVER | _ENDINGS,
        ),
        Exploration(
            "stop", PLAIN, QUICK, ONE, (CONSOLE, CONSOLE), 300,
            free=(*_STOPPED, *_LONG, "pause is asked"), faults=1, most=4_000,
        ),
        Exploration(
            "stop that toggles", TOGGLE, QUICK, ONE, (CONSOLE, CONSOLE), 300,
            free=(*_STOPPED, "stop command", "link"), faults=1, most=1_500,
        ),
        Exploration(
            "turn", REVERSING, QUICK, ONE, (CONSOLE, REVERSED), 300,
            free=(*_SEEN, *_TURNED), faults=1, most=3_000, ends_in=_ENDINGS,
        ),
        Exploration(
            "heart", PLAIN, QUICK, TWO, (CONSOLE, CONSOLE), 300, heart=HeartCeiling(130, required=True),
            free=(*_DRIVEN, "no word of the skin, with beats", "the strap", "the heart"), most=3_000,
            ends_in=_OVER | _ENDINGS,
        ),
        Exploration(
            "check", PLAIN, QUICK, TWO, (CONSOLE, CONSOLE), 300, asks=True,
            free=(*_DRIVEN, "the check", "pain", "effort"), most=4_000, ends_in=_OVER | _ENDINGS,
        ),
        Exploration(
            "deck", RAISED, QUICK, DECK, (CONSOLE, CONSOLE), 300, top_dpct=100,
            free=_DRIVEN, most=4_000, ends_in=_OVER | _ENDINGS, drops=Drops(tilts=False),
        ),
        Exploration(
            "console", PLAIN, QUICK, TWO, (CONSOLE, CONSOLE), 300,
            free=(*_DRIVEN, "target is", "the following", "counters"), most=4_000,
            ends_in=_OVER | _ENDINGS, drops=Drops(following=False, targets=False),
        ),
    )
}  # fmt: skip
"""What every run of the tests explores, in the order in which a hunt goes through it: the quick ones first."""

FINER = {name: replace(one, faults=one.faults + 1, most=None) for name, one in EXPLORATIONS.items()}
"""The same without a bound on states, and with one rare event more a history."""
