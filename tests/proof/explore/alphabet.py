"""Everything that can happen, as events: each a few steps of the supervisor with their inputs.

A *tick* is time that passes, in steps of ``UNIT_MS``, with or without reports and beats in each of them. Every other
event comes between two ticks and takes no time. A *wait* lets a long timer run out at once (see ``abstraction``).
``missing`` holds the alphabet against the inputs themselves: what is not in it cannot be found by exploring.
"""

from __future__ import annotations

import dataclasses
import itertools
import types
import typing
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from retrotread.machine import BeltDirection, Facing, MachineNotice
from retrotread.safety import inputs
from retrotread.safety.feeling import Symptom
from retrotread.safety.inputs import (
    Acknowledged,
    Answer,
    Answered,
    ArmAsked,
    AttentionAnswered,
    Beat,
    CommandKind,
    EffortSaid,
    HeartSeen,
    HoldCompleted,
    HostSleeps,
    Input,
    LeaseRevoked,
    LinkCameUp,
    LinkWentDown,
    PainSaid,
    PauseAsked,
    RestAsked,
    Said,
    Seen,
    SelfFault,
    StartCancelled,
    StopAsked,
    StopBy,
    Suspended,
    SymptomFelt,
    TargetSeen,
    TurnAsked,
    TurnConfirm,
    TurnConfirmed,
    Unreachable,
    Wanted,
    WriteOverdue,
)

from .abstraction import WAITS
from .judge import Heard

UNIT_MS = 300
"""Half of the lease, so that one missed beat ends none, and not so long that a step is a late tick (over 350 ms)."""
LATE_TICK_MS = 2 * UNIT_MS
GAP_TICK_MS = 3 * UNIT_MS
"""A guardian that stood still: over half a second late."""

GOOD_BEAT = Beat(0, True)
BAD_BEATS = {
    "a beat from a screen 2.1 s old": Beat(2_100, True),
    "a beat from a screen 5.3 s old": Beat(5_300, True),
    "a beat that says that the keyboard is not read": Beat(0, False),
    **{f"a beat that says {one.value} is away": Beat(0, True, (one,)) for one in Unreachable},
    "a beat that says that all reach is lost": Beat(0, True, tuple(Unreachable)),
    "a beat with a record 2.5 s behind": Beat(0, True, recorder_age_ms=2_500),
    "a beat with a record that failed": Beat(0, True, recorder_failed=True),
    "a beat without cues": Beat(0, True, cues_ok=False),
    "a beat on a battery of 20 %": Beat(0, True, battery_percent=20),
    "a beat on a battery of 5 %": Beat(0, True, battery_percent=5),
    "a beat with the clicker held": Beat(0, True, clicker_held=True),
    "a beat with the clicker let go": Beat(0, True, clicker_held=False),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens. ``steps``: elapsed milliseconds and inputs of each step; ``way``: armed for this one.

    ``wait``: the long timer that has all but run out when the steps begin.
    """

    name: str
    steps: tuple[tuple[int, tuple[Input, ...]], ...]
    way: int | None = None
    wait: str | None = None

    @property
    def takes_time(self) -> bool:
        """Whether it is a tick."""
        return any(elapsed_ms for elapsed_ms, _ in self.steps)


@dataclass(frozen=True, slots=True)
class Grid:
    """How fine the numbers of an alphabet are.

    ``speeds_ckph``: what a belt may report, standstill aside. ``wishes``: speed and incline that may be wanted.
    ``substeps``: steps in a tick. ``decks_dpct``: what a deck may report; None where it says nothing.
    ``targets_ckph``: the lowest and the highest target of a machine; None: as low and as high as what it reports.
    """

    speeds_ckph: tuple[int, ...]
    wishes: tuple[tuple[int, int], ...]
    substeps: int = 1
    decks_dpct: tuple[int | None, ...] = (None,)
    rates_bpm: tuple[int, ...] = (100, 170)
    targets_ckph: tuple[int, int] | None = None


def alphabet(grid: Grid) -> tuple[Event, ...]:
    """All events, ticks first."""
    return (*_ticks(grid), *_reports(grid), *_people(grid), *_program(), *_machine(grid), *_heart(grid), *_waits())


def _once(name: str, *items: Input, elapsed_ms: int = 0) -> Event:
    return Event(name, ((elapsed_ms, items),))


def _ticks(grid: Grid) -> Iterable[Event]:
    """Time with each report and each beat, in every step or in none."""
    for beat in (GOOD_BEAT, None):
        for speed_ckph in (0, *grid.speeds_ckph, None):
            report = () if speed_ckph is None else (Seen(speed_ckph, grid.decks_dpct[0]),)
            items: tuple[Input, ...] = (*report, *(() if beat is None else (beat,)))
            yield Event(_tick_name(grid, speed_ckph, beat), ((UNIT_MS, items),) * grid.substeps)
    yield _once("a late tick, with a beat and no report", GOOD_BEAT, elapsed_ms=LATE_TICK_MS)
    for speed_ckph in (0, grid.speeds_ckph[0]):
        items = (Seen(speed_ckph, grid.decks_dpct[0]), GOOD_BEAT)
        yield _once(f"900 ms at once, with a beat and {speed_ckph / 100:g} km/h", *items, elapsed_ms=GAP_TICK_MS)
    yield _once("a late tick, with a beat and a zero", Seen(0, grid.decks_dpct[0]), GOOD_BEAT, elapsed_ms=LATE_TICK_MS)


def _tick_name(grid: Grid, speed_ckph: int | None, beat: Beat | None) -> str:
    seen = "no report" if speed_ckph is None else f"reports of {speed_ckph / 100:g} km/h"
    return f"{grid.substeps * UNIT_MS} ms with {seen} and {'beats' if beat else 'no beat'}"


def _reports(grid: Grid) -> Iterable[Event]:
    """Reports between two ticks: odd ones, old ones, ones that tell a way or a deck."""
    deck = grid.decks_dpct[0]
    for speed_ckph in (0, *grid.speeds_ckph):
        yield _once(f"one more report of {speed_ckph / 100:g} km/h", Seen(speed_ckph, deck))
    for moved in (True, False):
        said = "move" if moved else "stand still"
        yield _once(f"a report whose counters {said}", Seen(grid.speeds_ckph[0], deck, counters_moved=moved))
    for belt in BeltDirection:
        yield _once(f"a report of a belt that runs {belt.value}", Seen(grid.speeds_ckph[0], deck, belt=belt))
    yield _once("a zero whose counters began anew", Seen(0, deck, counters_anew=True))
    yield _once("a zero that was measured 300 ms ago", Seen(0, deck, age_ms=UNIT_MS))
    yield _once("motion that was measured 300 ms ago", Seen(grid.speeds_ckph[0], deck, age_ms=UNIT_MS))
    for dpct in (*grid.decks_dpct[1:], *(() if 0 in grid.decks_dpct else (0,))):
        told = "says nothing" if dpct is None else f"stands at {dpct / 10:g} %"
        yield _once(f"a zero with a deck that {told}", Seen(0, dpct))
        yield _once(f"motion with a deck that {told}", Seen(grid.speeds_ckph[0], dpct))


def _people(grid: Grid) -> Iterable[Event]:
    yield from _armings()
    yield _once("the hold is completed", HoldCompleted())
    yield _once("the start is called off", StartCancelled())
    for speed_ckph, dpct in grid.wishes:
        yield _once(f"wanted: {speed_ckph / 100:g} km/h and {dpct / 10:g} %", Wanted(speed_ckph, dpct))
    yield _once("a pause is asked for", PauseAsked())
    yield _once("a rest is asked for", RestAsked())
    for facing, belt in itertools.product(Facing, BeltDirection):
        yield _once(f"a turn to the {facing.value}, belt {belt.value}", TurnAsked(facing, belt))
    for what in TurnConfirm:
        yield _once(f"confirmed: {what.value}", TurnConfirmed(what))
    for by in StopBy:
        yield _once(f"stop, by the {by.value}", StopAsked(by))
    for key_tested in (False, True):
        yield _once(f"acknowledged {'with' if key_tested else 'without'} a key test", Acknowledged(key_tested))
    yield from _feelings()


def _armings() -> Iterable[Event]:
    for way, same_run, key_tested in itertools.product((0, 1), (False, True), (False, True)):
        run, key = ("the same run" if same_run else "a new run"), ("with" if key_tested else "without")
        name = f"armed for {run}, way {way}, {key} a key test"
        yield Event(name, ((0, (ArmAsked(same_run, key_tested),)),), way)
    yield Event("armed for the same run, way 0, with a second left", ((0, (ArmAsked(True, True, 1_000),)),), 0)


def _feelings() -> Iterable[Event]:
    yield _once("the attention check is answered", AttentionAnswered())
    for symptom in Symptom:
        yield _once(f"a person says: {symptom.value}", SymptomFelt(symptom))
    for level in (0, 4, 6):
        yield _once(f"pain {level} of 10 is said", PainSaid(level))
    for level in (5, 9, 10):
        yield _once(f"effort {level} of 10 is said", EffortSaid(level))


def _program() -> Iterable[Event]:
    yield _once("one more beat", GOOD_BEAT)
    for name, beat in BAD_BEATS.items():
        yield _once(name, beat)
    yield _once("the program ends", LeaseRevoked())
    yield _once("the computer is about to sleep", HostSleeps())
    yield _once("the computer has slept for 4 s", Suspended(4_000))
    yield _once("an assertion fails in the guardian", SelfFault())


def _machine(grid: Grid) -> Iterable[Event]:
    for notice in MachineNotice:
        yield _once(f"the machine says: {notice.value}", Said(notice))
    yield _once("the link comes up", LinkCameUp())
    yield _once("the link goes down", LinkWentDown())
    for kind in CommandKind:
        for answer in Answer:
            yield _once(f"the {kind.value} command is {answer.value}", Answered(kind, answer))
        yield _once(f"the {kind.value} command is overdue", WriteOverdue(kind))
    targets_ckph = grid.targets_ckph or (grid.speeds_ckph[0], grid.speeds_ckph[-1])
    for speed_ckph in dict.fromkeys(targets_ckph):
        yield _once(f"the machine's target is {speed_ckph / 100:g} km/h", TargetSeen(speed_ckph))
    yield _once("the machine's target is a level deck", TargetSeen(None, 0))
    fast_ckph = targets_ckph[-1]
    yield _once(f"the machine's target is {fast_ckph / 100:g} km/h on a level deck", TargetSeen(fast_ckph, 0))
    yield _once("the machine's target is a deck at 15 %", TargetSeen(None, 150))


def _heart(grid: Grid) -> Iterable[Event]:
    for bpm in (*grid.rates_bpm, None):
        for contact in (None, True, False):
            for beats in (False, True):
                skin = {None: "no word of", True: "contact to", False: "no contact to"}[contact]
                felt = "with" if beats else "without"
                name = f"the strap says {bpm or 'no'} bpm, {skin} the skin, {felt} beats"
                yield _once(name, HeartSeen(bpm, contact, beats))
    for bpm in grid.rates_bpm:
        yield _once(f"five readings of {bpm} bpm", *5 * (HeartSeen(bpm, True, True),))


def _waits() -> Iterable[Event]:
    for wait in WAITS:
        yield Event(f"{wait} has lasted long", ((0, ()),), wait=wait)


# --- what the judge is told of an event --------------------------------------------------------------------------


def plain(item: Input) -> Heard:
    """An input as the judge hears it."""
    values = {field.name: _bare(getattr(item, field.name)) for field in dataclasses.fields(item)}
    return type(item).__name__, values


def _bare(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_bare(one) for one in value)
    return value.value if isinstance(value, Enum) else value


# --- whether all of it is there -----------------------------------------------------------------------------------


def missing(events: Iterable[Event], kinds: Iterable[type] = typing.get_args(Input)) -> list[str]:
    """What ``events`` lack of the inputs in ``kinds``: whole inputs, members of enums, both truths, absent values."""
    items = [item for event in events for _, step in event.steps for item in step]
    lacks: list[str] = []
    for kind in kinds:
        mine = [item for item in items if type(item) is kind]
        if not mine:
            lacks.append(f"{kind.__name__} is not in the alphabet")
            continue
        hints = typing.get_type_hints(kind, vars(inputs))
        for field in dataclasses.fields(kind):
            have = {one for item in mine for one in _members(getattr(item, field.name))}
            wanted = _wanted(hints[field.name])
            lacks += [f"{kind.__name__}.{field.name} is never {one!r}" for one in wanted if one not in have]
    return lacks


def _members(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _wanted(hint: Any) -> list[Any]:
    """Every value that a field of this type must take at least once; a number must be there, and is chosen by hand."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType, tuple):
        return [one for part in typing.get_args(hint) for one in _wanted(part)]
    if hint is type(None):
        return [None]
    if hint is bool:
        return [False, True]
    return list(hint) if isinstance(hint, type) and issubclass(hint, Enum) else []
