"""States made few: what is kept of a state of the supervisor, and what is not, with the reason.

Three kinds of reduction. *Dead*: nothing reads the field in this mode before it is written anew. *Ceiling*: beyond it
no rule compares. *Timer*: a long wait, of which only its beginning, its last moment and its end are kept; the event
"a long time passes" goes to the last moment at once, so every state counts as one that may have lasted that long.
``docs/safety/explorer.md`` holds the table of all of them and what they cannot see.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Any, TypeVar

from retrotread.safety.attention import Attention
from retrotread.safety.belt import Belt, Envelope
from retrotread.safety.config import Config
from retrotread.safety.drive import Drive
from retrotread.safety.feeling import Feeling, Symptom
from retrotread.safety.following import Following, Tilts
from retrotread.safety.hazards import Clears, Hazard
from retrotread.safety.health import Health
from retrotread.safety.heart import NO_HEART, Heart
from retrotread.safety.inputs import Wanted
from retrotread.safety.modes import Mode
from retrotread.safety.policy import RULES
from retrotread.safety.run import OVER_MS, Run
from retrotread.safety.stopping import Stop, StopClass
from retrotread.safety.supervisor import State
from retrotread.safety.turning import Turn

T = TypeVar("T", bound=Hashable)

NAMES = tuple(field.name for field in fields(State))
values_of: Callable[[State], tuple[Any, ...]] = attrgetter(*NAMES)

REST = frozenset({Mode.DISCONNECTED, Mode.IDLE, Mode.PAUSED, Mode.TURN, Mode.LATCHED, Mode.FAULT})
MOVING = frozenset({Mode.STARTING, Mode.RUN, Mode.PAUSING})

# The limits of the long timers, as the rules have them in words.
PAUSE_MS, TURN_MS, ARMED_MS, STOP_MS, BEGINS_MS = 60_000, 300_000, 30_000, 60_000, 200
REACH_MS, SLEEPS_MS, PRESS_MS, LATE_WINDOW_MS, STUCK_MS = 15_000, 30_000, 1_001, 10_001, 5_000
BEHIND_MS, NEVER_MS = 3_000, 10_000
UNANSWERED_MS = (10_000, 20_000, 30_000)
HEART_AGES_MS, HEART_OVER_MS, HEART_FAR_MS, HEART_SAME_MS = (
    (2_001, 5_001, 10_000, 60_000),
    (10_000, 60_000),
    (10_000,),
    (20_000,),
)
HEART_EASE_MS = (10_000,)


def timer(value_ms: int, limits_ms: Iterable[int]) -> int:
    """The beginning of a long wait, the last millisecond of it, or its end; of several limits the last one reached."""
    kept = 0
    for limit_ms in limits_ms:
        if value_ms >= limit_ms:
            kept = limit_ms
        elif value_ms == limit_ms - 1:
            kept = value_ms
    return kept


def _limits_of(stop: Stop) -> tuple[int, ...]:
    """A stop has a minute; one that has sent nothing yet has a fifth of a second to begin its ramp."""
    unsent = stop.frame_ms is None and stop.since_set_ms is None
    return (BEGINS_MS, STOP_MS) if unsent else (STOP_MS,)


def _at_most(age_ms: int | None, ceiling_ms: int) -> int | None:
    return None if age_ms is None else min(age_ms, ceiling_ms)


def waited(value_ms: int, limits_ms: Iterable[int]) -> int:
    """The last millisecond before the next limit."""
    return next((limit_ms - 1 for limit_ms in limits_ms if value_ms < limit_ms), value_ms)


@dataclass(frozen=True, slots=True)
class Drops:
    """What one exploration leaves out on purpose, because another one has it."""

    following: bool = True
    tilts: bool = True
    targets: bool = True


class Abstraction:
    """The canonical form of states for one machine; equal parts of them are one object."""

    def __init__(self, config: Config, drops: Drops) -> None:
        self.config, self.drops = config, drops
        profile = config.profile
        self.late_ms, self.silent_ms = config.times.late_ms, config.times.silent_ms
        self.reaction_ms, self.gap_ms = profile.stop_reaction_ms, profile.command_gap_ms
        self.deck = profile.capabilities.incline_max_dpct > 0
        self.repeat_ok = profile.stop_repeat_ok
        block_ms = config.tier.block_max_min * 60_000 + 120_000
        self._block_limits = (block_ms, block_ms + OVER_MS)
        self._asked_limits = (min(config.tier.asked_every_ms, 61_000),)
        self._one: dict[Any, Any] = {}
        self._known: dict[Mode, dict[Any, Any]] = {mode: {} for mode in Mode}
        self._kept: dict[Mode, set[int]] = {mode: set() for mode in Mode}
        parts: dict[str, Callable[[Mode, Any], Any]] = {
            "belt": self._belt,
            "envelope": self._envelope,
            "drive": self._drive,
            "wanted": self._wanted,
            "stop": self._stop,
            "hazards": self._hazards,
            "health": self._health,
            "tilts": self._tilts,
            "turn": self._turn,
            "run": self._run,
            "heart": self._heart,
            "attention": self._attention,
            "feeling": self._feeling,
        }
        self._parts = tuple([(NAMES.index(name), made) for name, made in parts.items()])
        numbers: dict[str, Callable[[Mode, Any], Any]] = {
            "mode_ms": self._mode_ms,
            "beat_ms": _beat_ms,
            "ui_ms": _ui_ms,
            "late_ms": _late_ms,
            "sleeps_ms": _sleeps_ms,
        }
        self._numbers = tuple([(NAMES.index(name), made) for name, made in numbers.items()])
        self._mode_limits = {
            Mode.ARMED: (ARMED_MS,),
            Mode.STARTING: (profile.start_timeout_ms,),
            Mode.PAUSED: (PAUSE_MS,),
            Mode.TURN: (TURN_MS,),
        }

    def small(self, state: State) -> tuple[Any, ...]:
        """The fields of ``state`` in their order, each in its canonical form."""
        mode, values = state.mode, list(values_of(state))
        known, kept = self._known[mode], self._kept[mode]
        for index, made in self._parts:
            part = values[index]
            if part is None or id(part) in kept:
                continue
            small = known.get(part)
            if small is None and part not in known:
                small = known[part] = self._only(made(mode, part))
                kept.add(id(small))
            values[index] = small
        for index, number in self._numbers:
            values[index] = number(mode, values[index])
        values[_FOLLOWING] = self._following(mode, state)
        values[_PRESSED] = self._pressed_ms(state)
        return tuple(values)

    def _only(self, part: T) -> T:
        """The one object of this value; kept for good, so that its identity stays its own."""
        only: T = self._one.setdefault(part, part)
        return only

    # --- each part ----------------------------------------------------------------------------------------------

    def _mode_ms(self, mode: Mode, mode_ms: int) -> int:
        if mode is Mode.COUNTDOWN:
            return min(mode_ms, 10_000)
        if mode is Mode.RUN:
            return min(mode_ms, 1)
        limits = self._mode_limits.get(mode)
        return 0 if limits is None else timer(mode_ms, limits)

    def _pressed_ms(self, state: State) -> int | None:
        """Only a ramp can be made stronger by pressing again."""
        ramps = state.mode is Mode.STOPPING and state.stop is not None and state.stop.frame_ms is None
        return timer(state.pressed_ms, (PRESS_MS,)) if ramps and state.pressed_ms is not None else None

    def _belt(self, mode: Mode, belt: Belt) -> Belt:
        row_ms = (5_000 if mode is Mode.TURN else 2_000) + self.late_ms
        toggles = mode is Mode.ESCALATED and not self.repeat_ok
        alarmed = mode in {Mode.ESCALATED, Mode.DISCONNECTED, Mode.LATCHED, Mode.FAULT} and not toggles
        return replace(
            belt,
            age_ms=min(belt.age_ms, self.silent_ms if mode in MOVING else self.late_ms + 1),
            zeros_age_ms=min(belt.zeros_age_ms, row_ms),
            zeros_span_ms=min(belt.zeros_span_ms, 2_000),
            over=0 if alarmed else belt.over,
            spike_ms=None if alarmed or belt.spike_ms is None else min(belt.spike_ms, 1_000),
            stuck_ms=timer(belt.stuck_ms, (STUCK_MS,)) if mode in MOVING else 0,
            news=False,
            direction=None,
        )

    def _envelope(self, mode: Mode, envelope: Envelope) -> Envelope:
        if mode in {Mode.LATCHED, Mode.FAULT} or (mode is Mode.ESCALATED and self.repeat_ok):
            return Envelope()
        return envelope

    def _drive(self, mode: Mode, drive: Drive) -> Drive:
        if mode is not Mode.RUN:
            sent_ckph = drive.sent_ckph if mode in MOVING else 0
            refused = drive.refused and mode in MOVING
            dpct = drive.sent_dpct if self.deck else 0
            ramp_mckph = sent_ckph * 1000 if mode is Mode.STARTING else 0
            ages = drive.since_set_ms if mode is Mode.STARTING else 0
            return Drive(sent_ckph, dpct, ramp_mckph, dpct * 1000, ages, ages, 2_000, refused)
        tilt_ms = min(drive.since_tilt_ms, 2_000)
        deck_was_last = self.deck and drive.since_set_ms == drive.since_tilt_ms
        return replace(
            drive,
            since_set_ms=tilt_ms if deck_was_last else min(drive.since_set_ms, self.gap_ms),
            since_rise_ms=min(drive.since_rise_ms, 2_000 if self.deck else 500),
            since_tilt_ms=tilt_ms,
        )

    def _wanted(self, mode: Mode, wanted: Wanted) -> Wanted:
        return wanted if mode in {Mode.STARTING, Mode.RUN} else Wanted(0, 0)

    def _stop(self, mode: Mode, stop: Stop | None) -> Stop | None:
        if stop is None:
            return None
        if mode not in _STOPS:
            return _OVER
        alarmed, framed = mode is Mode.ESCALATED, stop.frame_ms is not None
        return replace(
            stop,
            kind=StopClass.PROTECTIVE if framed else stop.kind,
            fall_ckph_per_s=0 if framed else stop.fall_ckph_per_s,
            ramp_mckph=0 if framed else stop.ramp_mckph,
            sent_ckph=0 if framed else stop.sent_ckph,
            since_set_ms=0 if framed else _at_most(stop.since_set_ms, self.gap_ms),
            since_ms=min(stop.since_ms, 1) if alarmed else timer(stop.since_ms, (1, *_limits_of(stop))),
            frame_ms=None if stop.frame_ms is None else min(stop.frame_ms, self.reaction_ms if alarmed else 4_000),
            repeat_ms=None if stop.repeat_ms is None else min(stop.repeat_ms, 1_000),
            no_fall_ms=min(stop.no_fall_ms, self.reaction_ms if alarmed else 5_800),
            behind_ms=0 if framed else min(stop.behind_ms, 1_500),
            frames=0,
            overdue=stop.overdue and not alarmed,
            out=stop.out and not (self.repeat_ok or stop.rested),
            accepted=stop.accepted and not self.repeat_ok,
            rested=stop.rested and not self.repeat_ok,
            faster=0 if self.repeat_ok or stop.rested else stop.faster,
        )

    def _hazards(self, _mode: Mode, hazards: tuple[Hazard, ...]) -> tuple[Hazard, ...]:
        """One hazard for each way to clear: the first of the table that clears so."""
        clears = {RULES[one].clears for one in hazards}
        return tuple([_EXAMPLES[one] for one in Clears if one in clears])

    def _health(self, _mode: Mode, health: Health) -> Health:
        ages = [
            None if one is None else timer(one, (REACH_MS,))
            for one in (health.focus_ms, health.locked_ms, health.remote_ms)
        ]
        return replace(
            health,
            focus_ms=ages[0],
            locked_ms=ages[1],
            remote_ms=ages[2],
            recorder_ms=health.recorder_ms,
        )

    def _following(self, mode: Mode, state: State) -> Following:
        if mode not in MOVING:
            return _NOT_WATCHED
        if self.drops.following:
            sent_ckph = state.drive.sent_ckph
            return self._only(Following(sent_ckph, sent_ckph, sent_ckph, sent_ckph))
        return self._only(self._watched(mode, state.following))

    def _watched(self, mode: Mode, following: Following) -> Following:
        if mode is not Mode.RUN:
            return replace(following, window_ms=0, seen_ckph=0, rose_ms=0, behind_ms=0)
        return replace(
            following,
            rose_ms=min(following.rose_ms, 1_500),
            behind_ms=timer(following.behind_ms, (BEHIND_MS, NEVER_MS)),
        )

    def _tilts(self, mode: Mode, tilts: Tilts) -> Tilts:
        return _LEVEL if mode not in MOVING or self.drops.tilts else tilts

    def _turn(self, _mode: Mode, turn: Turn | None) -> Turn | None:
        if turn is None:
            return None
        return replace(turn, since_ms=min(turn.since_ms, 5_000 + self.late_ms), still_ms=min(turn.still_ms, 5_000))

    def _run(self, _mode: Mode, run: Run) -> Run:
        motion_ms = timer(run.motion_ms, (1, run.max_ms, run.max_ms + OVER_MS))
        return replace(run, motion_ms=motion_ms, effort_ms=timer(run.effort_ms, self._block_limits))

    def _heart(self, mode: Mode, heart: Heart) -> Heart:
        if self.config.heart is None:
            return NO_HEART
        return replace(
            heart,
            recent=heart.recent if mode in MOVING else (),
            age_ms=timer(heart.age_ms, HEART_AGES_MS),
            same_ms=timer(heart.same_ms, HEART_SAME_MS),
            over_ms=timer(heart.over_ms, HEART_OVER_MS),
            far_ms=timer(heart.far_ms, HEART_FAR_MS),
            since_ease_ms=timer(heart.since_ease_ms, HEART_EASE_MS),
        )

    def _attention(self, _mode: Mode, attention: Attention) -> Attention:
        asked_ms = attention.asked_ms
        return Attention(
            timer(attention.quiet_ms, self._asked_limits) if asked_ms is None else 0,
            None if asked_ms is None else timer(asked_ms, UNANSWERED_MS),
            min(attention.pressed_ms, 1_000),
        )

    def _feeling(self, _mode: Mode, feeling: Feeling) -> Feeling:
        """Which symptom it was decides only the step that hears of it."""
        return feeling if feeling.symptom is None else replace(feeling, symptom=Symptom.UNWELL)

    # --- a long wait --------------------------------------------------------------------------------------------

    def wait(self, name: str, state: State) -> State | None:
        """``state`` with one long timer all but run out; None where it does not run, or has run out."""
        later = _WAITS[name](self, state)
        return None if later is None or later == state else later

    def _wait_mode(self, state: State) -> State | None:
        limits = self._mode_limits.get(state.mode)
        return None if limits is None else replace(state, mode_ms=waited(state.mode_ms, limits))

    def _wait_stop(self, state: State) -> State | None:
        if state.stop is None or state.stop.since_ms == 0 or state.mode not in _STOPS:
            return None
        return replace(state, stop=replace(state.stop, since_ms=waited(state.stop.since_ms, _limits_of(state.stop))))

    def _wait_press(self, state: State) -> State | None:
        return None if state.pressed_ms is None else replace(state, pressed_ms=waited(state.pressed_ms, (PRESS_MS,)))

    def _wait_late(self, state: State) -> State | None:
        return None if state.late_ms is None else replace(state, late_ms=waited(state.late_ms, (LATE_WINDOW_MS,)))

    def _wait_motion(self, state: State) -> State | None:
        if state.mode not in MOVING:
            return None
        run = state.run
        return replace(state, run=replace(run, motion_ms=waited(run.motion_ms, (1, run.max_ms, run.max_ms + OVER_MS))))

    def _wait_block(self, state: State) -> State | None:
        run = state.run
        if state.mode is not Mode.RUN or run.effort_ckph is None:
            return None
        return replace(state, run=replace(run, effort_ms=waited(run.effort_ms, self._block_limits)))

    def _wait_attention(self, state: State) -> State | None:
        one = state.attention
        if not self.config.asks or state.mode not in {Mode.RUN, Mode.PAUSING}:
            return None
        if one.asked_ms is None:
            return replace(state, attention=replace(one, quiet_ms=waited(one.quiet_ms, self._asked_limits)))
        return replace(state, attention=replace(one, asked_ms=waited(one.asked_ms, UNANSWERED_MS)))

    def _wait_sleep(self, state: State) -> State | None:
        return None if state.sleeps_ms is None else replace(state, sleeps_ms=waited(state.sleeps_ms, (SLEEPS_MS,)))

    def _wait_reach(self, state: State) -> State | None:
        health = state.health
        ages = [
            None if one is None else waited(one, (REACH_MS,))
            for one in (health.focus_ms, health.locked_ms, health.remote_ms)
        ]
        return replace(state, health=replace(health, focus_ms=ages[0], locked_ms=ages[1], remote_ms=ages[2]))

    def _wait_stuck(self, state: State) -> State | None:
        if state.mode not in MOVING or not state.belt.speed_ckph:
            return None
        return replace(state, belt=replace(state.belt, stuck_ms=waited(state.belt.stuck_ms, (STUCK_MS,))))

    def _wait_behind(self, state: State) -> State | None:
        following = state.following
        if self.drops.following or state.mode is not Mode.RUN or following.rose_ms < 1_500:
            return None
        return replace(
            state, following=replace(following, behind_ms=waited(following.behind_ms, (BEHIND_MS, NEVER_MS)))
        )

    def _wait_heart(self, state: State) -> State | None:
        if self.config.heart is None or state.heart.last_bpm is None:
            return None
        return replace(state, heart=replace(state.heart, age_ms=waited(state.heart.age_ms, HEART_AGES_MS)))

    def _wait_over(self, state: State) -> State | None:
        heart = state.heart
        if self.config.heart is None or state.mode is not Mode.RUN or heart.median_bpm is None:
            return None
        over_ms, far_ms = waited(heart.over_ms, HEART_OVER_MS), waited(heart.far_ms, HEART_FAR_MS)
        since_ease_ms = waited(heart.since_ease_ms, HEART_EASE_MS)
        return replace(state, heart=replace(heart, over_ms=over_ms, far_ms=far_ms, since_ease_ms=since_ease_ms))

    def _wait_same(self, state: State) -> State | None:
        if self.config.heart is None or state.heart.last_bpm is None:
            return None
        return replace(state, heart=replace(state.heart, same_ms=waited(state.heart.same_ms, HEART_SAME_MS)))


def _beat_ms(_mode: Mode, beat_ms: int) -> int:
    return min(beat_ms, 601)


def _ui_ms(mode: Mode, ui_ms: int) -> int:
    return min(ui_ms, 5_001 if mode in MOVING else 2_001)


def _late_ms(_mode: Mode, late_ms: int | None) -> int | None:
    return None if late_ms is None else timer(late_ms, (LATE_WINDOW_MS,))


def _sleeps_ms(_mode: Mode, sleeps_ms: int | None) -> int | None:
    return None if sleeps_ms is None else timer(sleeps_ms, (SLEEPS_MS,))


_STOPS = frozenset({Mode.PAUSING, Mode.STOPPING, Mode.ESCALATED})
_OVER = Stop(StopClass.PROTECTIVE, 0, since_ms=4_000, frame_ms=4_000, repeat_ms=1_000, lowest_ckph=0, rested=True)
"""What is left of a stop once the belt is seen still: nothing may read it; whoever does finds one that was obeyed."""
_FOLLOWING, _PRESSED = NAMES.index("following"), NAMES.index("pressed_ms")
_NOT_WATCHED, _LEVEL = Following(), Tilts()
_EXAMPLES = {clears: next(one for one in Hazard if RULES[one].clears is clears) for clears in Clears}

_WAITS: dict[str, Callable[[Abstraction, State], State | None]] = {
    "the mode": Abstraction._wait_mode,
    "the stop": Abstraction._wait_stop,
    "the press": Abstraction._wait_press,
    "the late tick": Abstraction._wait_late,
    "the motion": Abstraction._wait_motion,
    "the block": Abstraction._wait_block,
    "the check": Abstraction._wait_attention,
    "the sleep": Abstraction._wait_sleep,
    "the reach": Abstraction._wait_reach,
    "the counters": Abstraction._wait_stuck,
    "the following": Abstraction._wait_behind,
    "the strap": Abstraction._wait_heart,
    "the heart": Abstraction._wait_over,
    "the same rate": Abstraction._wait_same,
}
WAITS = tuple(_WAITS)


def passed_ms(wait: str, before: State, after: State) -> int:
    """How much of a long wait was skipped, where the judge measures it too."""
    return _PASSED[wait](after) - _PASSED[wait](before) if wait in _PASSED else 0


_PASSED: dict[str, Callable[[State], int]] = {
    "the strap": lambda state: state.heart.age_ms,
    "the check": lambda state: state.attention.quiet_ms + (state.attention.asked_ms or 0),
    "the motion": lambda state: state.run.motion_ms,
    "the block": lambda state: state.run.effort_ms,
    "the counters": lambda state: state.belt.stuck_ms,
    "the late tick": lambda state: state.late_ms or 0,
    "the following": lambda state: state.following.behind_ms,
}
