"""Every field of the supervisor's state, and what the explorer keeps of it: the table of ``docs/safety/explorer.md``.

    kept      two values are two states, in some mode at least
    bucketed  some values are one state, or it is kept in some modes only
    dropped   never looked at

``how`` asks the abstraction itself, so that the table cannot say anything else.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from retrotread.machine import BeltDirection, Facing
from retrotread.safety import work
from retrotread.safety.belt import Envelope
from retrotread.safety.hazards import Hazard
from retrotread.safety.heart import HeartCeiling
from retrotread.safety.modes import Mode
from retrotread.safety.stopping import Stop, StopClass
from retrotread.safety.turning import Turn
from retrotread.safety.work import State

from .abstraction import Abstraction, Drops
from .explorations import EXPLORATIONS

KEPT, BUCKETED, DROPPED = "kept", "bucketed", "dropped"


@dataclass(frozen=True, slots=True)
class Detail:
    """One row: fields of ``State``, with a dot before those of its parts; ``blind``: the defect that hides there."""

    fields: tuple[str, ...]
    how: str
    what: str
    why: str
    blind: str = ""


def detail(fields: str, how: str, what: str, why: str, blind: str = "") -> Detail:
    return Detail(tuple(fields.split()), how, what, why, blind)


DETAILS = (
    detail("mode link_up input_alive revoked in_flight control_lost late_ticks", KEPT, "all of it", "rules ask for it"),
    detail("mode_ms", BUCKETED, "a timer where a mode has a limit; exact in the countdown; else nothing",
           "no other mode reads it", "how long a latch has lasted"),
    detail("hazards", BUCKETED, "one for each way in which they clear", "a latch asks only for that",
           "which of several causes that clear alike"),
    detail("beat_ms ui_ms", BUCKETED, "up to the limit of the mode", "beyond it no rule asks"),
    detail("late_ms sleeps_ms", BUCKETED, "a timer", "only its end is asked for"),
    detail("pressed_ms", BUCKETED, "a timer, in a ramp only", "only a ramp can be made stronger"),
    detail("belt.speed_ckph belt.incline_dpct belt.zeros belt.moving", KEPT, "all of it", "rules ask for it"),
    detail("belt.age_ms belt.zeros_age_ms belt.zeros_span_ms", BUCKETED,
           "up to what the mode, a standstill or a turn needs, and a gap", "beyond it the row only has to be unbroken"),
    detail("belt.over belt.spike_ms", BUCKETED, "none behind an alarm or in a latch", "nothing is left to be stopped"),
    detail("belt.stuck_ms", BUCKETED, "a timer, in motion only", "nothing else asks"),
    detail("belt.news", DROPPED, "nothing", "every step begins by forgetting it",
           "whether the last report came in the step before"),
    detail("belt.direction", DROPPED, "nothing", "every report is looked at by itself",
           "which way the last report said that the belt runs"),
    detail("envelope.level_mckph envelope.held envelope.hold_ms", BUCKETED, "all of it; nothing in a latch",
           "behind the last alarm nobody asks which speed still counts"),
    detail("drive.sent_ckph drive.ramp_mckph drive.refused", BUCKETED, "in motion only", "a start sets them",
           "the set-point of the last run"),
    detail("drive.sent_dpct", KEPT, "where the deck stands", "rules ask for it"),
    detail("drive.ramp_mdpct", BUCKETED, "in a run", "a start sets it"),
    detail("drive.since_set_ms drive.since_rise_ms drive.since_tilt_ms", BUCKETED,
           "up to the gap of the machine, half a second and two seconds, in a run",
           "beyond it rules ask only whether the deck had the last turn, which is kept"),
    detail("wanted.speed_ckph wanted.incline_dpct wanted.heart_bpm", BUCKETED, "while the belt starts and runs",
           "a start overwrites them", "wishes from before the start"),
    detail("stop.kind stop.fall_ckph_per_s stop.ramp_mckph stop.sent_ckph stop.since_set_ms stop.behind_ms", BUCKETED,
           "before its frame", "behind it there is no ramp"),
    detail("stop.since_ms", BUCKETED, "a timer",
           "only a whole minute is asked for, and before its first set-point a fifth of a second",
           "the middle of a long wait"),
    detail("stop.frame_ms stop.repeat_ms stop.no_fall_ms", BUCKETED, "up to their limits", "beyond them no rule asks"),
    detail("stop.lowest_ckph stop.refused stop.relinked", BUCKETED, "while it is under way",
           "a stop from rest is always a new one", "what is left of a stop at rest"),
    detail("stop.overdue stop.out stop.accepted stop.rested stop.faster", BUCKETED,
           "where the machine and the mode ask for it",
           "an alarm is no more than one; only a machine that toggles asks for the others"),
    detail("stop.frames", DROPPED, "nothing", "the supervisor does not read it; the guardian does",
           "how many stop frames have left"),
    detail("health.recorder_ms health.recorder_failed health.cues_ok health.battery_percent health.clicker_held", KEPT,
           "all of it", "rules ask for it"),
    detail("health.focus_ms health.locked_ms health.remote_ms", BUCKETED, "a timer", "only 15 s are asked for"),
    detail("following.recent_ckph following.earlier_ckph following.highest_ckph following.before_ckph"
           " following.window_ms following.seen_ckph following.rose_ms following.behind_ms", BUCKETED,
           "in `console` and `near a belt that does not follow` only",
           "the other explorations would be that many times larger", "how well a belt follows"),
    detail("tilts.low_dpct tilts.high_dpct tilts.earlier_low_dpct tilts.earlier_high_dpct tilts.window_ms", BUCKETED,
           "in `deck` only", "the other explorations would be that many times larger",
           "what the deck was told a moment ago"),
    detail("turn.facing turn.belt turn.reports turn.on_rails turn.facing_confirmed", KEPT, "all of it",
           "rules ask for it"),
    detail("turn.since_ms turn.still_ms", BUCKETED, "up to five seconds and a gap",
           "beyond it the row only has to be unbroken"),
    detail("run.way run.turned run.ran run.lowered_ckph run.lowered_dpct run.key_tested run.max_ms run.effort_ckph",
           KEPT, "all of it", "rules ask for it"),
    detail("run.motion_ms run.effort_ms", BUCKETED, "timers", "only their ends are asked for"),
    detail("heart.recent", BUCKETED, "in motion only", "five new readings make a median"),
    detail("heart.last_bpm heart.beats heart.contact_off heart.eased_ckph", KEPT, "all of it, in `heart`",
           "rules ask for it"),
    detail("heart.age_ms heart.same_ms heart.over_ms heart.far_ms heart.since_ease_ms", BUCKETED, "timers, in `heart`",
           "only their ends are asked for"),
    detail("attention.quiet_ms attention.asked_ms attention.pressed_ms", BUCKETED, "timers",
           "only their ends are asked for"),
    detail("feeling.pain feeling.before feeling.effort", KEPT, "all of it", "rules ask for it"),
    detail("feeling.symptom", BUCKETED, "that there was one", "which one decides only the step that hears of it",
           "which symptom was said"),
)  # fmt: skip


def as_markdown() -> str:
    """The table for the page."""
    lines = ["| fields | | what is kept | why that is enough | what hides there |", "| --- | --- | --- | --- | --- |"]
    for one in DETAILS:
        names = ", ".join(f"`{name}`" for name in one.fields)
        lines.append(f"| {names} | {one.how} | {one.what} | {one.why} | {one.blind or '-'} |")
    return "\n".join(lines)


# --- what the abstraction itself says ------------------------------------------------------------------------------

_WHOLE = replace(
    EXPLORATIONS["deck"], heart=HeartCeiling(130), asks=True, drops=Drops(following=False, tilts=False, targets=False)
)
_TOGGLING = replace(_WHOLE, profile=replace(_WHOLE.profile, stop_repeat_ok=False))
_NUMBERS = (0, 1, 2, 40, 100, 301, 700, 1_000, 4_100, 59_000, 60_500, 500_000)
_CHOSEN: dict[str, tuple[Any, ...]] = {
    "hazards": ((), (Hazard.OPERATOR_STOP,), (Hazard.PLAN_STOP,), (Hazard.RUNAWAY,)),
    "run.way": tuple((facing, belt) for facing in Facing for belt in BeltDirection),
    "heart.recent": ((), (100,), (100, 101)),
    "envelope.held": ((), ((300, 0),), ((300, 600), (100, 0))),
    "late_ticks": (0, 1, 2),
}


def leaves() -> Iterator[str]:
    """The name of every field, with a dot before the fields of a part."""
    for field in dataclasses.fields(State):
        part = _part(typing.get_type_hints(State, vars(work))[field.name])
        yield from [field.name] if part is None else [f"{field.name}.{one.name}" for one in dataclasses.fields(part)]


def _part(hint: Any) -> type[Any] | None:
    return next((one for one in _either(hint) if isinstance(one, type) and dataclasses.is_dataclass(one)), None)


def _either(hint: Any) -> tuple[Any, ...]:
    union = typing.get_origin(hint) in (typing.Union, types.UnionType)
    return typing.get_args(hint) if union else (hint,)


def how(path: str) -> str:
    """What the abstraction does with a field: many values of it in every mode, on machines that keep most."""
    values = _values(path)
    counts = {
        len({small.small(_with(_busy(mode), path, value)) for value in values})
        for small in (Abstraction(one.config(0), one.drops) for one in (_WHOLE, _TOGGLING))
        for mode in Mode
    }
    if max(counts) == 1:
        return DROPPED
    return KEPT if min(counts) == len(values) else BUCKETED


def _busy(mode: Mode) -> State:
    """A state in which every part is there."""
    turn = Turn(Facing.REAR, BeltDirection.FORWARD)
    falling = Envelope(300_000, ((300, 200), (200, 0)))
    return State(mode=mode, link_up=True, envelope=falling, stop=Stop(StopClass.CONTROLLED, 54), turn=turn)


def _with(state: State, path: str, value: Any) -> State:
    part, _, field = path.partition(".")
    changed = replace(getattr(state, part), **{field: value}) if field else value
    return replace(state, **{part: changed})


def _values(path: str) -> tuple[Any, ...]:
    """Two or more values that such a field may have."""
    if path in _CHOSEN:
        return _CHOSEN[path]
    part, _, field = path.partition(".")
    hint = typing.get_type_hints(State, vars(work))[part]
    if field:
        kind = _part(hint)
        assert kind is not None, f"{part} is a part of the state"
        hint = typing.get_type_hints(kind)[field]
    return tuple([value for one in _either(hint) for value in _of_type(one)])


def _of_type(kind: Any) -> tuple[Any, ...]:
    if kind is type(None):
        return (None,)
    if kind is bool:
        return False, True
    return tuple(kind) if issubclass(kind, Enum) else _NUMBERS
