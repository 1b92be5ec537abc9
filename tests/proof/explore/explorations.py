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

BRISK = replace(QUICK, rise_ckph_per_s=400)
"""So high that a ramp is at its next step with every step of the time: nothing of it is left over."""
SHORT = replace(PLAIN, capabilities=replace(PLAIN.capabilities, speed_max_ckph=200))
"""Two set-points: the fewest among which there is a rise and a fall."""
LIFTED = replace(
    SHORT,
    name="a treadmill with a deck",
    capabilities=replace(SHORT.capabilities, incline_max_dpct=18, incline_increment_dpct=9),
)
"""Steps of 0.9 %: a deck goes so far in two ticks, so that its ramp is at few places."""
SLOWLY = replace(
    PLAIN,
    name="a treadmill that reports once a second",
    capabilities=Capabilities(speed_min_ckph=200, speed_max_ckph=600, speed_increment_ckph=200),
    lag_ms=200,
    report_period_ms=1_000,
    slowest_fall_ckph_per_s=700,
)
"""Lag and period are one tick of four steps together, so that the window of its envelope ends with a tick."""
FAR = replace(BRISK, backward_max_ckph=600)
"""So that the ceiling of a slow reporter, 4 km/h backward, is the lowest one."""

ONE = Grid(speeds_ckph=(100,), wishes=((100, 0),), substeps=3)
TWO = Grid(speeds_ckph=(100, 300), wishes=((100, 0), (300, 0)), substeps=3)
NEXT = Grid(speeds_ckph=(100, 200), wishes=((100, 0), (200, 0)), substeps=3, targets_ckph=(50, 400))
"""For ``SHORT``; targets that are more than a step away from every set-point."""
DECK = Grid(speeds_ckph=(100, 200), wishes=((100, 0), (200, 9), (200, 0)), substeps=3, decks_dpct=(0, 9, None))
FAR_UP = Grid(speeds_ckph=(200, 600), wishes=((200, 0), (600, 0)), substeps=4)

STILL, SLOW, QUICKLY = (f"900 ms with reports of {kph} km/h and beats" for kph in (0, 1, 3))
AT_REST = ("the link comes up", *3 * (STILL,))
ARMED = ("armed for a new run, way 0, with a key test", "the hold is completed")
RUNS = (*AT_REST, *ARMED, *6 * (STILL,), "the start command is accepted", SLOW)
RUNS_WITH_A_HEART = (*AT_REST, "five readings of 100 bpm", *ARMED, *6 * (STILL,), "the start command is accepted", SLOW)
_REAR_STILL = "1200 ms with reports of 0 km/h and beats"
RUNS_TO_THE_REAR = (
    "the link comes up", *3 * (_REAR_STILL,), *ARMED, *9 * (_REAR_STILL,), "the start command is accepted",
    "1200 ms with reports of 2 km/h and beats",
)  # fmt: skip
TOLD = "the speed command is accepted"
RUNS_FAST = (*RUNS, "wanted: 3 km/h and 0 %", SLOW, TOLD, SLOW, TOLD, SLOW, TOLD, QUICKLY, QUICKLY)

_BOTH, _TOP = (CONSOLE, CONSOLE), 300
_ENDINGS = frozenset({Mode.STOPPING, Mode.ESCALATED})
_RAN = frozenset({Mode.RUN}) | _ENDINGS
_OVER = frozenset({Mode.PAUSED, Mode.LATCHED, Mode.FAULT, Mode.DISCONNECTED}) | _ENDINGS

# Words of events that may happen at any time and any number of times.
_SEEN = ("and beats",)
_ARMED = ("armed for a new run, way 0, with a", "hold")
_ANSWERED = ("start command is accepted", "speed command is accepted", "incline command is accepted")
_DRIVEN = (*_SEEN, *_ARMED, *_ANSWERED, "wanted")
_STARTED = (*_SEEN, *_ARMED, "start command is accepted", "called off", "acknowledged with a", "the mode has")
_STOPPED = (*_SEEN, *_ARMED, *_ANSWERED, "acknowledged with a", "stop, by the operator")
_LIVED = (STILL, SLOW, *_ARMED, "start command is accepted", "acknowledged with a key")
_RUNS_ON = (*_SEEN, "speed command is accepted", "wanted")
_TURNED = (
    "armed for the same run", "hold", "start command is accepted", "pause is", "turn to the console", "confirmed",
)  # fmt: skip
_LONG = ("the mode has", "the stop has", "the press has")
_BEATS = (
    "no beat", "one more beat", "a beat from", "a beat that", "a beat with a", "a beat with the", "a beat without",
    "a beat on", "the reach",
)  # fmt: skip
_SAID = ("a person says", "pain", "effort")
_MACHINE = (
    "the machine says", "a report ", "a zero w", "a zero that", "motion w", "one more report", "command is",
    "acknowledged without",
)  # fmt: skip
_PROGRAM = ("the program", "the computer", "assertion", "the sleep", "the link")
_LATE = ("a late tick", "at once", "the late")
_HEART = (
    "five readings", "the strap says no bpm, no contact to the skin, without beats",
    "the strap says no bpm, no word of the skin, without beats", "the strap has", "the heart",
)  # fmt: skip
_NEEDED = HeartCeiling(130, required=True)
_WATCHED = Drops(following=False, targets=False)

EXPLORATIONS = {
    one.name: one
    for one in (
        Exploration("start", PLAIN, QUICK, ONE, (CONSOLE, REAR), _TOP, free=_STARTED, faults=1, ends_in=_RAN),
        Exploration(
            "end", PLAIN, QUICK, TWO, _BOTH, _TOP, first=(*RUNS_FAST, "stop, by the operator"), faults=1,
            free=(STILL, SLOW, QUICKLY, "no report and beats", "the stop has"), ends_in=frozenset({Mode.IDLE}),
        ),
        Exploration("run", SHORT, BRISK, NEXT, _BOTH, _TOP, free=_DRIVEN, faults=1, ends_in=_OVER),
        Exploration(
            "rear", SLOWLY, FAR, FAR_UP, (REAR, REAR), 600, first=RUNS_TO_THE_REAR,
            free=(*_RUNS_ON, "the motion", "the block"), ends_in=_OVER,
        ),
        Exploration("stop", PLAIN, QUICK, ONE, _BOTH, _TOP, free=(*_STOPPED, *_LONG, "pause is asked")),
        Exploration("stop that toggles", TOGGLE, BRISK, ONE, _BOTH, _TOP, free=(*_STOPPED, "stop command")),
        Exploration(
            "link that toggles", TOGGLE, BRISK, ONE, _BOTH, _TOP, first=(*RUNS, "stop, by the operator"),
            free=(*_SEEN, "stop command", "link", "stop, by the operator"), ends_in=frozenset({Mode.IDLE}),
        ),
        Exploration("turn", REVERSING, QUICK, ONE, (CONSOLE, REVERSED), _TOP, free=(*_SEEN, *_TURNED),
                    ends_in=_ENDINGS),
        Exploration(
            "turn to the rear", PLAIN, BRISK, ONE, (CONSOLE, REAR), _TOP, first=(*RUNS, "a pause is asked for"),
            free=(STILL, "no report and beats", "turn to", "confirmed", "rest is", "armed for the same run, way 1"),
            ends_in=frozenset({Mode.ARMED}),
        ),
        Exploration(
            "heart", SHORT, BRISK, NEXT, _BOTH, _TOP, heart=_NEEDED, first=RUNS_WITH_A_HEART,
            free=(SLOW, "900 ms with reports of 2 km/h and beats", *_RUNS_ON[1:], *_HEART), ends_in=_OVER,
        ),
        Exploration(
            "heart at a start", PLAIN, BRISK, ONE, _BOTH, _TOP, heart=_NEEDED,
            free=(*_LIVED, "called off", *_HEART), ends_in=_RAN,
        ),
        Exploration(
            "check", SHORT, BRISK, NEXT, _BOTH, _TOP, asks=True, first=RUNS,
            free=(*_RUNS_ON, "the check", "check is answered"), ends_in=_OVER,
        ),
        Exploration(
            "deck", LIFTED, BRISK, DECK, _BOTH, _TOP, top_dpct=18, first=RUNS,
            free=(*_RUNS_ON, "incline command is accepted"), ends_in=_OVER, drops=Drops(tilts=False),
        ),
        Exploration(
            "console", SHORT, BRISK, NEXT, _BOTH, _TOP, first=RUNS,
            free=(*_RUNS_ON, "target is", "the following"), ends_in=_OVER, drops=_WATCHED,
        ),
        Exploration(
            "counters", SHORT, BRISK, NEXT, _BOTH, _TOP, first=RUNS,
            free=(*_RUNS_ON, "a report whose", "a zero whose", "the counters"), ends_in=_OVER,
        ),
        Exploration(
            "words", PLAIN, BRISK, ONE, _BOTH, _TOP,
            free=(*_LIVED, "called off", *_SAID, "stop, by", "pause is", "rest is"), ends_in=_ENDINGS,
        ),
        Exploration("beats", PLAIN, BRISK, ONE, _BOTH, _TOP, free=(*_SEEN, *_LIVED, *_BEATS), ends_in=_OVER),
        Exploration("machine", PLAIN, BRISK, ONE, _BOTH, _TOP, free=(*_LIVED, *_MACHINE), ends_in=_ENDINGS),
        Exploration("program", PLAIN, BRISK, ONE, _BOTH, _TOP, free=(*_LIVED, *_PROGRAM), ends_in=_ENDINGS),
        Exploration("late looks", PLAIN, BRISK, ONE, _BOTH, _TOP, free=(*_LIVED, *_LATE), ends_in=_ENDINGS),
    )
}  # fmt: skip
"""What every run of the tests explores, each to its fixpoint, in the order in which a hunt goes through it."""

FINER: dict[str, Exploration] = {
    one.name: one
    for one in (
        replace(EXPLORATIONS["run"], profile=PLAIN, grid=TWO),
        replace(EXPLORATIONS["stop that toggles"], tier=QUICK, free=(*_STOPPED, "stop command", "link")),
        replace(EXPLORATIONS["check"], free=(*_RUNS_ON, "the check", "check is answered", "pause is")),
        replace(EXPLORATIONS["console"], free=(*_RUNS_ON, "no beat", "target is", "the following", "counters")),
        replace(EXPLORATIONS["words"], profile=SHORT, grid=NEXT, free=(*_DRIVEN, "pain", "effort"), ends_in=_OVER),
    )
}
"""More speeds and more free events; each ends at its fixpoint, too."""

WIDE = {name: replace(one, faults=one.faults + 1) for name, one in EXPLORATIONS.items()}
"""One rare event more a history: too many states for a fixpoint, so far as the time goes."""
