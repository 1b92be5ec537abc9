"""Small explorations around one place each, for the hunt: they begin with a whole history, and go on a short way.

What they find is in the reach of the explorer's own, which need minutes to come to it.
"""

from __future__ import annotations

from dataclasses import replace

from tests.proof.explore.abstraction import Drops
from tests.proof.explore.alphabet import Grid
from tests.proof.explore.explorations import (
    ARMED,
    AT_REST,
    CONSOLE,
    PLAIN,
    QUICK,
    QUICKLY,
    REAR,
    RUNS,
    RUNS_FAST,
    SLOW,
    STILL,
    TOGGLE,
    TOLD,
    TWO,
)
from tests.proof.explore.explorer import Exploration

from retrotread.machine import Capabilities
from retrotread.safety.heart import HeartCeiling
from retrotread.safety.modes import Mode

SLOWER = Grid(speeds_ckph=(100, 150, 300), wishes=((100, 0), (300, 0)), substeps=3)
GENTLE = replace(QUICK, rise_ckph_per_s=100)
TILTED = Grid(speeds_ckph=(100, 300), wishes=((100, 0), (300, 20), (100, 20)), substeps=3, decks_dpct=(0, 20, None))
DECKED = replace(PLAIN, capabilities=Capabilities(100, 300, 100, incline_max_dpct=100, incline_increment_dpct=10))

MIDDLE = "900 ms with reports of 1.5 km/h and beats"
PAUSED = (*RUNS, "a pause is asked for", *4 * (STILL,))
FINE = replace(TWO, substeps=1)
"""The same in single steps: what comes between two of them."""
AT_ZERO, AT_ONE, NO_REPORT, NO_BEAT = (
    f"300 ms with {what}"
    for what in (
        "reports of 0 km/h and beats",
        "reports of 1 km/h and beats",
        "no report and beats",
        "reports of 1 km/h and no beat",
    )
)
RUNS_FINE = ("the link comes up", *9 * (AT_ZERO,), *ARMED, *17 * (AT_ZERO,), "the start command is accepted", AT_ONE)
PAUSED_FINE = (*RUNS_FINE, "a pause is asked for", *12 * (AT_ZERO,))
STRAP = "the strap says 100 bpm, contact to the skin, with beats"
RUNS_WITH_A_STRAP = (*RUNS[:4], STRAP, *ARMED, *3 * (STILL,), STRAP, *3 * (STILL,), *RUNS[-2:])
HURTS = ("the link comes up", "pain 0 of 10 is said", *RUNS[1:])
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
            "near a run", PLAIN, QUICK, TWO, (CONSOLE, CONSOLE), 300, first=RUNS, faults=2,
            free=(SLOW, TOLD), never=LEFT, ends_in=ENDED | {Mode.PAUSED, Mode.IDLE, Mode.ESCALATED},
        ),
        Exploration(
            "near a fast run", PLAIN, QUICK, TWO, (CONSOLE, CONSOLE), 300, first=RUNS_FAST, faults=2,
            free=(QUICKLY, SLOW, TOLD), never=LEFT, ends_in=ENDED | {Mode.PAUSED, Mode.IDLE},
        ),
        Exploration(
            "near a countdown", PLAIN, QUICK, TWO, BOTH_WAYS, 300, first=(*AT_REST, *ARMED), faults=2,
            free=(STILL,), never=LEFT, ends_in=ENDED | {Mode.RUN},
        ),
        Exploration(
            "near rest", PLAIN, QUICK, TWO, BOTH_WAYS, 300, first=("the link comes up", STILL), faults=2,
            free=(STILL, "armed for a new run", "hold", "has lasted long"), never=LEFT,
            ends_in=frozenset({Mode.STARTING}),
        ),
        Exploration(
            "near a stop", PLAIN, QUICK, TWO, (CONSOLE, CONSOLE), 300, first=(*RUNS_FAST, "stop, by the operator"),
            faults=2,
            free=(STILL, SLOW, QUICKLY, "no report and beats", "the stop has lasted long"), never=LEFT,
            ends_in=frozenset({Mode.IDLE}),
        ),
        Exploration(
            "near a severe stop", PLAIN, QUICK, TWO, (CONSOLE, CONSOLE), 300,
            first=(*RUNS_FAST, "a zero whose counters began anew"), faults=2, free=(STILL, SLOW), never=LEFT,
            ends_in=frozenset({Mode.IDLE}),
        ),
        Exploration(
            "near an alarm that toggles", TOGGLE, QUICK, TWO, (CONSOLE, CONSOLE), 300, faults=1,
            first=(*RUNS_FAST, "the speed command is overdue"), free=(STILL, SLOW, QUICKLY), never=LEFT,
            ends_in=frozenset({Mode.IDLE}),
        ),
        Exploration(
            "near a stop that toggles", TOGGLE, QUICK, TWO, (CONSOLE, CONSOLE), 300,
            first=(*RUNS_FAST, "stop, by the operator"), faults=2, free=(STILL, SLOW), never=LEFT,
            ends_in=frozenset({Mode.IDLE}),
        ),
        Exploration(
            "near a pause", PLAIN, QUICK, TWO, BOTH_WAYS, 300, first=PAUSED, faults=2,
            free=(STILL, "armed for the same run", "hold"), never=("strap", "deck"), ends_in=ENDED | {Mode.RUN},
        ),
        Exploration(
            "near a turn", PLAIN, QUICK, TWO, BOTH_WAYS, 300, first=TURNED, faults=2,
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
            "near the end of the program", PLAIN, QUICK, TWO, (CONSOLE, CONSOLE), 300,
            first=(*AT_REST, "the program ends"), free=(STILL, *ARMED), ends_in=ENDED | {Mode.STOPPING, Mode.ESCALATED},
        ),
        Exploration(
            "near a heart", PLAIN, QUICK, TWO, (CONSOLE, CONSOLE), 300, heart=HeartCeiling(120), first=RUNS, faults=2,
            free=(SLOW, TOLD, "the strap says 100 bpm, contact to the skin, with beats"), never=("turn", "deck"),
            ends_in=ENDED | {Mode.PAUSED, Mode.IDLE, Mode.STOPPING, Mode.ESCALATED},
        ),
        Exploration(
            "near a belt that does not follow", PLAIN, QUICK, TWO, (CONSOLE, CONSOLE), 300, first=RUNS, faults=1,
            free=(SLOW, TOLD, "wanted: 3", "the following has"), never=("turn", "strap", "deck"),
            drops=Drops(following=False), ends_in=ENDED | {Mode.PAUSED, Mode.IDLE, Mode.STOPPING, Mode.ESCALATED},
        ),
        Exploration(
            "near a rise", PLAIN, QUICK, TWO, (CONSOLE, CONSOLE), 300, first=(*HURTS, "wanted: 3 km/h and 0 %"),
            faults=2, free=(SLOW, TOLD), never=LEFT, ends_in=NOT_RUNNING,
        ),
        Exploration(
            "near a lease", PLAIN, QUICK, FINE, (CONSOLE, CONSOLE), 300, first=RUNS_FINE, faults=1,
            free=(AT_ONE, NO_BEAT, TOLD, "wanted"), never=LEFT, ends_in=NOT_RUNNING,
        ),
        Exploration(
            "near a turn in single steps", PLAIN, QUICK, FINE, BOTH_WAYS, 300,
            first=(*PAUSED_FINE, "a turn to the rear, belt forward"),
            free=(AT_ZERO, NO_REPORT, "confirmed", "armed for the same run, way 1, with a key test"),
            never=("strap", "has lasted long"), ends_in=ENDED | {Mode.ARMED},
        ),
        Exploration(
            "near a check", PLAIN, QUICK, TWO, (CONSOLE, CONSOLE), 300, asks=True, first=RUNS,
            free=(SLOW, TOLD, "the check", "the attention check is answered"), never=LEFT, ends_in=NOT_RUNNING,
        ),
        Exploration(
            "near counters that stand still", PLAIN, QUICK, TWO, (CONSOLE, CONSOLE), 300, first=RUNS,
            free=(SLOW, TOLD, "no report and beats", "counters"), never=LEFT, ends_in=NOT_RUNNING,
        ),
        Exploration(
            "near somebody out of reach", PLAIN, QUICK, TWO, (CONSOLE, CONSOLE), 300, first=RUNS,
            free=(SLOW, TOLD, "1 km/h and no beat", "is away", "the reach"), never=LEFT, ends_in=NOT_RUNNING,
        ),
        Exploration(
            "near a heart that is needed", PLAIN, QUICK, TWO, (CONSOLE, CONSOLE), 300, first=RUNS_WITH_A_STRAP,
            heart=HeartCeiling(120, required=True), free=(SLOW, TOLD, "the strap has"), never=("turn", "deck"),
            ends_in=NOT_RUNNING,
        ),
        Exploration(
            "near a second arming", PLAIN, QUICK, TWO, (CONSOLE, CONSOLE), 300, free=(SLOW, TOLD, "the motion"),
            first=(*AT_REST, "armed for the same run, way 0, with a second left", "the start is called off",
                   "armed for the same run, way 0, with a key test", *RUNS[5:]),
            never=LEFT, ends_in=NOT_RUNNING,
        ),
    )
}  # fmt: skip
