"""Small explorations around one place each, for the hunt: they begin with a whole history, and go on a short way.

What they find is in the reach of the explorer's own, which need minutes to come to it.
"""

from __future__ import annotations

from dataclasses import replace

from tests.proof.explore.abstraction import Drops
from tests.proof.explore.alphabet import Grid
from tests.proof.explore.explorations import CONSOLE, PLAIN, QUICK, REAR, TOGGLE
from tests.proof.explore.explorer import Exploration

from retrotread.machine import Capabilities
from retrotread.safety.heart import HeartCeiling
from retrotread.safety.modes import Mode

FAST = Grid(speeds_ckph=(100, 300), wishes=((100, 0), (300, 0)), substeps=3)
SLOWER = Grid(speeds_ckph=(100, 150, 300), wishes=((100, 0), (300, 0)), substeps=3)
GENTLE = replace(QUICK, rise_ckph_per_s=100)
TILTED = Grid(speeds_ckph=(100, 300), wishes=((100, 0), (300, 20), (100, 20)), substeps=3, decks_dpct=(0, 20, None))
DECKED = replace(PLAIN, capabilities=Capabilities(100, 300, 100, incline_max_dpct=100, incline_increment_dpct=10))

STILL, SLOW, MIDDLE, QUICKLY = (f"900 ms with reports of {kph} km/h and beats" for kph in ("0", "1", "1.5", "3"))
AT_REST = ("the link comes up", *3 * (STILL,))
ARMED = ("armed for a new run, way 0, with a key test", "the hold is completed")
RUNS = (*AT_REST, *ARMED, *6 * (STILL,), "the start command is accepted", SLOW)
TOLD = "the speed command is accepted"
RUNS_FAST = (*RUNS, "wanted: 3 km/h and 0 %", SLOW, TOLD, SLOW, TOLD, SLOW, TOLD, QUICKLY, QUICKLY)
PAUSED = (*RUNS, "a pause is asked for", *4 * (STILL,))
LEFT = ("turn", "strap", "deck")
ENDED = frozenset({Mode.LATCHED, Mode.FAULT, Mode.DISCONNECTED})
NOT_RUNNING = ENDED | {Mode.PAUSED, Mode.IDLE, Mode.STOPPING, Mode.ESCALATED}
BOTH_WAYS = (CONSOLE, REAR)
TURNED = (
    *(one.replace("a new run", "the same run") for one in PAUSED),
    "a turn to the rear, belt forward",
    *6 * (STILL,),
)

NEAR = {
    one.name: one
    for one in (
        Exploration(
            "near a run", PLAIN, QUICK, FAST, (CONSOLE, CONSOLE), 300, first=RUNS, faults=2,
            free=(SLOW, TOLD), never=LEFT, ends_in=ENDED | {Mode.PAUSED, Mode.IDLE, Mode.ESCALATED},
        ),
        Exploration(
            "near a fast run", PLAIN, QUICK, FAST, (CONSOLE, CONSOLE), 300, first=RUNS_FAST, faults=2,
            free=(QUICKLY, SLOW, TOLD), never=LEFT, ends_in=ENDED | {Mode.PAUSED, Mode.IDLE},
        ),
        Exploration(
            "near a countdown", PLAIN, QUICK, FAST, BOTH_WAYS, 300, first=(*AT_REST, *ARMED), faults=2,
            free=(STILL,), never=LEFT, ends_in=ENDED | {Mode.RUN},
        ),
        Exploration(
            "near rest", PLAIN, QUICK, FAST, BOTH_WAYS, 300, first=("the link comes up", STILL), faults=2,
            free=(STILL, "armed for a new run", "hold", "has lasted long"), never=LEFT,
            ends_in=frozenset({Mode.STARTING}),
        ),
        Exploration(
            "near a stop", PLAIN, QUICK, FAST, (CONSOLE, CONSOLE), 300, first=(*RUNS_FAST, "stop, by the operator"),
            faults=2,
            free=(STILL, SLOW, "no report and beats", "the stop has lasted long"), never=LEFT,
            ends_in=frozenset({Mode.IDLE}),
        ),
        Exploration(
            "near a stop that toggles", TOGGLE, QUICK, FAST, (CONSOLE, CONSOLE), 300,
            first=(*RUNS_FAST, "stop, by the operator"), faults=2, free=(STILL, SLOW), never=LEFT,
            ends_in=frozenset({Mode.IDLE}),
        ),
        Exploration(
            "near a pause", PLAIN, QUICK, FAST, BOTH_WAYS, 300, first=PAUSED, faults=2,
            free=(STILL, "armed for the same run", "hold"), never=("strap", "deck"), ends_in=ENDED | {Mode.RUN},
        ),
        Exploration(
            "near a turn", PLAIN, QUICK, FAST, BOTH_WAYS, 300, first=TURNED, faults=2,
            free=(STILL, "confirmed", "armed for the same run", "hold"), never=("strap", "armed for a new run"),
            ends_in=ENDED | {Mode.RUN},
        ),
        Exploration(
            "near a deck", DECKED, QUICK, TILTED, (CONSOLE, CONSOLE), 300, 20, first=RUNS, faults=2,
            free=(SLOW, "command is accepted"), never=("turn", "strap", "symptom"),
            drops=Drops(tilts=False, targets=False),
            ends_in=ENDED | {Mode.PAUSED, Mode.IDLE, Mode.STOPPING, Mode.ESCALATED},
        ),
        Exploration(
            "near a raised deck", DECKED, QUICK, TILTED, (CONSOLE, CONSOLE), 300, 20, faults=1,
            first=(*RUNS, "wanted: 1 km/h and 2 %", *4 * (SLOW, "the incline command is accepted"), *4 * (SLOW,)),
            free=(SLOW, "command is accepted"), never=("turn", "strap", "symptom"),
            drops=Drops(tilts=False, targets=False), ends_in=NOT_RUNNING,
        ),
        Exploration(
            "near a gentle rise", PLAIN, GENTLE, SLOWER, (CONSOLE, CONSOLE), 300, first=RUNS, faults=1,
            free=(MIDDLE, TOLD), never=LEFT, ends_in=NOT_RUNNING,
        ),
        Exploration(
            "near a belt on its way up", PLAIN, QUICK, SLOWER, (CONSOLE, CONSOLE), 300, faults=1,
            first=(*RUNS, "wanted: 3 km/h and 0 %", *3 * (MIDDLE, TOLD)), free=(MIDDLE, TOLD), never=LEFT,
            ends_in=NOT_RUNNING,
        ),
        Exploration(
            "near the end of the program", PLAIN, QUICK, FAST, (CONSOLE, CONSOLE), 300,
            first=(*AT_REST, "the program ends"), free=(STILL, *ARMED), ends_in=ENDED | {Mode.STOPPING, Mode.ESCALATED},
        ),
        Exploration(
            "near a heart", PLAIN, QUICK, FAST, (CONSOLE, CONSOLE), 300, heart=HeartCeiling(120), first=RUNS, faults=2,
            free=(SLOW, TOLD, "the strap says 100 bpm, contact to the skin, with beats"), never=("turn", "deck"),
            ends_in=ENDED | {Mode.PAUSED, Mode.IDLE, Mode.STOPPING, Mode.ESCALATED},
        ),
        Exploration(
            "near a belt that does not follow", PLAIN, QUICK, FAST, (CONSOLE, CONSOLE), 300, first=RUNS, faults=1,
            free=(SLOW, TOLD, "wanted: 3", "the following has"), never=("turn", "strap", "deck"),
            drops=Drops(following=False), ends_in=ENDED | {Mode.PAUSED, Mode.IDLE, Mode.STOPPING, Mode.ESCALATED},
        ),
    )
}  # fmt: skip
