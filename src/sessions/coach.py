"""A run without control of a belt: what to set is said and shown, a hand sets it, and nobody has to confirm.

``CoachedBelt`` stands where the guardian stands in other runs. It keeps the modes of start, pause, turn and stop,
and answers the same messages; it moves nothing and measures nothing. So the plan, the journal, the cues and the
summary are those of any run. On a track there is no belt at all: a stop is over when it is asked for.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from ..clock import monotonic_s
from ..devices.address import parse_address
from ..devices.coached import COACHED_TRACK, COACHED_TREADMILL
from ..guardian.messages import (
    Acknowledge,
    Arm,
    CancelStart,
    ConfirmTurn,
    Connect,
    Connected,
    FromGuardian,
    HoldDone,
    LimitInForce,
    Pause,
    Rest,
    Snapshot,
    StopNow,
    ToGuardian,
    Turn,
    TurnShown,
)
from ..machine import DeviceProfile, Facing, Setpoint
from ..safety.config import COUNTDOWN_FACING_REAR_MS, COUNTDOWN_MS
from ..safety.hazards import Action, Cause, Hazard
from ..safety.inputs import StopBy, TurnConfirm
from ..safety.limits import limits_for
from ..safety.modes import ENDING, Mode
from ..safety.policy import cause
from ..safety.tiers import TIERS
from ..workouts.cues import CueKind
from ..workouts.engine import EngineState, Phase
from ..workouts.quantity import incline_text, speed_text
from ..workouts.timeline import Timeline
from .narration import UNMEASURED, Utterance
from .view import CoachAsk, Control

if TYPE_CHECKING:
    from .conductor import Conductor

SCHEME = "coach"

STANDS_AFTER_S = 15.0
"""A belt that a hand was asked to stop is taken to stand then, where nobody confirms: the slowest machine on record
needs ten seconds from a walk."""

TURN_DWELL_S = 5.0
ARMED_S = 30.0
SNAPSHOT_S = 0.2
TICK_S = 0.1

_OF_A_BELT = frozenset({CueKind.ON_BELT, CueKind.RISE_SOON, CueKind.COUNT})

CHANGE_KPH = 0.3
"""A hand is asked for steps of this size along a slope, not for every tenth."""

AHEAD_S = 10.0
"""So long before it the next change is shown."""

_STOPS = {
    StopBy.OPERATOR: (Hazard.OPERATOR_STOP, "the session was ended by hand"),
    StopBy.PLAN: (Hazard.PLAN_STOP, "the plan is done"),
    StopBy.PROGRAM: (Hazard.PROGRAM_STOP, "the program ended the session"),
}
_AT_REST = frozenset({Mode.IDLE, Mode.ARMED, Mode.COUNTDOWN, Mode.PAUSED, Mode.TURN, Mode.LATCHED})


class CoachedBelt:
    """The modes of one coached run. Moments are arguments; nothing is known of the belt but what people say."""

    def __init__(self, profile: DeviceProfile, track: bool, now_s: float) -> None:
        self.mode = Mode.IDLE
        self._profile, self._track = profile, track
        self._since_s = now_s
        self._snapshot_s = now_s - SNAPSHOT_S
        self._countdown_s = COUNTDOWN_MS / 1000
        self._causes: tuple[Cause, ...] = ()
        self._turn: TurnShown | None = None
        self._limits: tuple[LimitInForce, ...] = ()

    def message(self, message: ToGuardian, now_s: float) -> tuple[FromGuardian, ...]:
        """What a message leads to; one that has no place now changes nothing."""
        if isinstance(message, Connect):
            return (Connected(1, self._profile), self._snapshot(now_s))
        before = self.mode, self._turn
        if isinstance(message, Turn | ConfirmTurn):
            self._turning(message, now_s)
        elif isinstance(message, StopNow):
            self._stop(message.by, now_s)
        elif isinstance(message, Arm):
            self._arm(message, now_s)
        else:
            self._follow(message, now_s)
        return () if (self.mode, self._turn) == before else (self._snapshot(now_s),)

    def _follow(self, message: ToGuardian, now_s: float) -> None:
        match message:
            case HoldDone() if self.mode is Mode.ARMED:
                self._go(Mode.COUNTDOWN, now_s)
            case CancelStart() if self.mode in (Mode.ARMED, Mode.COUNTDOWN):
                self._go(Mode.IDLE, now_s)
            case Pause() if self.mode is Mode.RUN:
                self._go(Mode.PAUSED if self._track else Mode.PAUSING, now_s)
            case Acknowledge() if self.mode is Mode.LATCHED:
                self._causes = ()
                self._go(Mode.IDLE, now_s)
            case Rest() if self.mode is Mode.PAUSED:
                self._go(Mode.IDLE, now_s)

    def confirmed(self, now_s: float) -> tuple[FromGuardian, ...]:
        """Somebody says that what was asked has been done; for a stop that is the standstill."""
        if self.mode not in (Mode.PAUSING, Mode.STOPPING):
            return ()
        self._go(Mode.PAUSED if self.mode is Mode.PAUSING else Mode.LATCHED, now_s)
        return (self._snapshot(now_s),)

    def tick(self, now_s: float) -> tuple[FromGuardian, ...]:
        """Time has passed."""
        before, in_mode_s = self.mode, now_s - self._since_s
        if self.mode is Mode.ARMED and in_mode_s >= ARMED_S:
            self._go(Mode.IDLE, now_s)
        elif self.mode is Mode.COUNTDOWN and in_mode_s >= self._countdown_s:
            self._go(Mode.RUN, now_s)
        elif in_mode_s >= STANDS_AFTER_S:
            self.confirmed(now_s)
        if self._turn is not None:
            self._turn = replace(self._turn, still_s=min(in_mode_s, TURN_DWELL_S))
        if self.mode is before and now_s - self._snapshot_s < SNAPSHOT_S:
            return ()
        return (self._snapshot(now_s),)

    def _may_arm(self, message: Arm) -> bool:
        turned = self._turn is None or (self._turn.facing_confirmed and self._turn.facing is message.facing)
        return self.mode in (Mode.IDLE, Mode.PAUSED, Mode.TURN) and message.checklist_done and turned

    def _arm(self, message: Arm, now_s: float) -> None:
        if not self._may_arm(message):
            return
        rear = message.facing is Facing.REAR
        self._countdown_s = (COUNTDOWN_FACING_REAR_MS if rear else COUNTDOWN_MS) / 1000
        speed = limits_for(self._profile, TIERS[message.tier], message.plan, message.facing, message.belt).speed_ckph
        self._limits = (LimitInForce("speed", speed.value / 100, "km/h", speed.reason),)
        self._turn = None
        self._go(Mode.ARMED, now_s)

    def _stop(self, by: StopBy, now_s: float) -> None:
        if self.mode in (Mode.LATCHED, Mode.STOPPING, Mode.IDLE):
            return
        moving = self.mode in (Mode.RUN, Mode.PAUSING) and not self._track
        self._causes = (cause(*_STOPS[by]),)
        self._turn = None
        self._go(Mode.STOPPING if moving else Mode.LATCHED, now_s)

    def _turning(self, message: Turn | ConfirmTurn, now_s: float) -> None:
        turn = self._turn
        if isinstance(message, Turn):
            if self.mode in (Mode.PAUSED, Mode.IDLE):
                self._turn = TurnShown(message.facing, message.belt, False, False, 0.0, TURN_DWELL_S, None)
                self._go(Mode.TURN, now_s)
        elif turn is not None and now_s - self._since_s >= TURN_DWELL_S:
            facing_confirmed = turn.on_rails and message.what is TurnConfirm.FACING
            self._turn = replace(turn, on_rails=True, facing_confirmed=facing_confirmed)

    def _go(self, mode: Mode, now_s: float) -> None:
        self.mode, self._since_s = mode, now_s

    def _snapshot(self, now_s: float) -> Snapshot:
        self._snapshot_s = now_s
        counting = self.mode is Mode.COUNTDOWN
        return Snapshot(
            at_s=now_s,
            epoch=1,
            mode=self.mode,
            action=max((one.action for one in self._causes), default=Action.ALLOW),
            causes=self._causes,
            link_up=True,
            speed_kph=None,
            incline_percent=None,
            distance_m=None,
            age_s=None,
            sent_speed_kph=0.0,
            sent_incline_percent=0.0,
            standstill=self.mode in _AT_REST,
            alarm=False,
            start_in_s=max(0.0, self._countdown_s - (now_s - self._since_s)) if counting else None,
            limits=self._limits,
            turn=self._turn,
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """The last thing that a hand was asked for, and whether somebody said that it is done."""

    setpoint: Setpoint
    text: str
    confirmed: bool = False


def asked(before: Asked | None, timeline: Timeline, state: EngineState, mode: Mode) -> Asked | None:
    """What is to be set by hand now; the same value again when nothing new is."""
    if mode in ENDING or mode is Mode.PAUSING:
        return _new(before, Setpoint(0.0), "stop the belt at its own console")
    if mode is not Mode.RUN:
        return None
    waiting = state.phase is Phase.WAITING_FOR_PERSON
    setpoint = timeline.lowest if waiting else _of_the_plan(timeline, state)
    if before is not None and before.setpoint.speed_kph > 0 and not _worth(before.setpoint, setpoint, timeline, state):
        return before
    incline = f" and {incline_text(setpoint.incline_percent)}" if setpoint.incline_percent else ""
    verb = "start the belt at" if waiting else "set"
    return _new(before, setpoint, f"{verb} {speed_text(setpoint.speed_kph)}{incline}")


def _new(before: Asked | None, setpoint: Setpoint, text: str) -> Asked:
    return before if before is not None and before.text == text else Asked(setpoint, text)


def _of_the_plan(timeline: Timeline, state: EngineState) -> Setpoint:
    """Where the step leads to by its way in, then along its slope; in tenths, as a hand can set them."""
    step = timeline.steps[state.step_index]
    point = step.entry if state.plan_time_s < step.settled_s else timeline.setpoint_at(state.plan_time_s)
    speed_kph = point.speed_kph * state.scale_percent / 100 + state.nudge_kph
    return Setpoint(max(timeline.lowest_kph, round(speed_kph, 1)), round(point.incline_percent, 1))


def _worth(before: Setpoint, now: Setpoint, timeline: Timeline, state: EngineState) -> bool:
    """A change that is worth a hand's way: a whole step of a slope, its end, or another incline."""
    step = timeline.steps[state.step_index]
    change_kph = round(abs(now.speed_kph - before.speed_kph), 1)
    settled = change_kph > 0 and (step.entry == step.target or state.plan_time_s < step.settled_s)
    return settled or change_kph >= CHANGE_KPH or now.incline_percent != before.incline_percent


def shown(one: Asked, timeline: Timeline, state: EngineState) -> CoachAsk:
    """The ask as the screen shows it; within ``AHEAD_S`` of the next step, that step's."""
    step = timeline.steps[state.step_index]
    left_s = step.ends_s - state.plan_time_s
    if state.phase is Phase.RUNNING and step.index + 1 < len(timeline.steps) and left_s <= AHEAD_S:
        entry = timeline.steps[step.index + 1].entry
        if entry.speed_kph > 0 and entry != one.setpoint:
            text = f"set {speed_text(entry.speed_kph)}"
            return CoachAsk(text, entry.speed_kph, entry.incline_percent, left_s, confirmed=False)
    setpoint = one.setpoint
    return CoachAsk(one.text, setpoint.speed_kph, setpoint.incline_percent, 0.0, one.confirmed)


def is_coached(address: str) -> bool:
    """Whether the address is one of a run without control of a belt."""
    return address.startswith(f"{SCHEME}://")


class Coach:
    """What is asked of the hand at the console in one run; lives in the session's thread."""

    def __init__(self, address: str) -> None:
        self._track = parse_address(address).name == "track"
        self.control = Control.TRACK if self._track else Control.COACHED
        self._asked: Asked | None = None

    def belt(self, now_s: float) -> CoachedBelt:
        """The stand-in for the guardian."""
        return CoachedBelt(COACHED_TRACK if self._track else COACHED_TREADMILL, self._track, now_s)

    def confirm(self) -> None:
        """It has been set."""
        one = self._asked
        if one is not None:
            self._asked = replace(one, confirmed=True)

    def says(self, utterance: Utterance) -> bool:
        """Whether this belongs to a run that moves no belt: nobody may be told that one moves, or will by itself."""
        return utterance.kind not in _OF_A_BELT and not (self._track and utterance.text == UNMEASURED)

    def look(self, conductor: Conductor, now_s: float) -> CoachAsk | None:
        """What is asked now; a new ask is spoken too."""
        snapshot, timeline, state = conductor.snapshot, conductor.plan.timeline, conductor.state
        mode = Mode.IDLE if snapshot is None else snapshot.mode
        one = asked(self._asked, timeline, state, mode)
        if one is not None and (self._asked is None or one.text != self._asked.text):
            conductor.say(Utterance(self._spoken(one), urgent=True), now_s)
        self._asked = one
        return None if one is None else shown(one, timeline, state)

    def _spoken(self, one: Asked) -> str:
        """On a track there is nothing to set: the speed is the runner's own."""
        if self._track:
            return f"go at {speed_text(one.setpoint.speed_kph)}" if one.setpoint.speed_kph else "stand still"
        return one.text


class GuardianLink(Protocol):
    """What a run needs of whoever holds, or stands for, the belt."""

    alive: bool

    def send(self, message: ToGuardian) -> None:
        """Hand a message over; any thread, at once."""
        ...

    def leave(self) -> None:
        """The run is over."""
        ...

    def wait(self, seconds: float) -> bool:
        """Whether it has ended within that time."""
        ...


class CoachLink:
    """A ``CoachedBelt`` on a thread of its own; implements ``GuardianLink``."""

    def __init__(self, belt: CoachedBelt, on_message: Callable[[FromGuardian], None]) -> None:
        self.alive = True
        self._belt, self._on_message = belt, on_message
        self._queue: queue.SimpleQueue[ToGuardian | bool | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="coach", daemon=True)
        self._thread.start()

    def send(self, message: ToGuardian) -> None:
        """To the belt's thread."""
        self._queue.put(message)

    def confirm(self) -> None:
        """Somebody says that the belt has been stopped by hand."""
        self._queue.put(True)

    def leave(self) -> None:
        """End the thread."""
        self._queue.put(None)

    def wait(self, seconds: float) -> bool:
        """Whether the thread has ended within that time."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while True:
            try:
                one = self._queue.get(timeout=TICK_S)
            except queue.Empty:
                self._tell(self._belt.tick(monotonic_s()))
                continue
            if one is None:
                self.alive = False
                return
            now_s = monotonic_s()
            self._tell(self._belt.confirmed(now_s) if one is True else self._belt.message(one, now_s))  # type: ignore[arg-type]

    def _tell(self, messages: tuple[FromGuardian, ...]) -> None:
        for message in messages:
            self._on_message(message)
