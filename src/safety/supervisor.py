"""The supervisor: what is wanted goes in, what is seen goes in, what is allowed comes out. Pure.

``step`` is the whole of it. Time is an argument: ``elapsed_ms`` since the last step. All state is frozen,
hashable and small; ages saturate. The order inside a step never changes:

    1. everything gets older                      5. the rules of the policy table are held against the facts
    2. reports and answers are taken in           6. the strongest action changes the mode
    3. the link, the beat and the wishes          7. a stop under way takes its next step, or a running belt
    4. operators' requests move the mode             gets its next set-point
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from ..machine import Command, MachineNotice, StartBelt, StopBelt
from . import drive as driving
from . import stopping
from .belt import Belt, Envelope
from .conditions import LEASE_MS
from .config import Config
from .drive import Ask, Drive
from .facts import LATE_TICKS, LATE_TICKS_LIMIT_MS, Facts
from .hazards import Action, Cause, Clears, Hazard
from .inputs import (
    Acknowledged,
    Answer,
    Answered,
    ArmAsked,
    Beat,
    CommandKind,
    HoldCompleted,
    HostSleeps,
    Input,
    LeaseRevoked,
    LinkCameUp,
    LinkWentDown,
    PauseAsked,
    RestAsked,
    Said,
    Seen,
    SelfFault,
    StartCancelled,
    StopAsked,
    StopBy,
    Suspended,
    TargetSeen,
    TurnAsked,
    TurnConfirmed,
    Wanted,
    WriteOverdue,
)
from .modes import AT_REST, ENDING, IN_MOTION, Mode, Trigger, follow
from .policy import RULES, cause, tripped
from .stopping import Stop, StopClass

TICK_MS = 100
ARMED_MS = 30_000
# From here on a second press of a stop key is meant, and not the same press bouncing or repeating.
PRESS_AGAIN_MS = 1_000
LATE_TICKS_WINDOW_MS = 10_000
AGE_CEILING_MS = 61_000


@dataclass(frozen=True, slots=True)
class State:
    """All that the supervisor remembers. Ages in milliseconds.

    ``hazards`` are those of the stop in force, each once, in the order they came. ``in_flight``: a command other
    than a stop is with the link and not yet answered; until it is, no other one leaves.
    """

    mode: Mode = Mode.DISCONNECTED
    mode_ms: int = 0
    link_up: bool = False
    belt: Belt = field(default_factory=Belt)
    envelope: Envelope = field(default_factory=Envelope)
    drive: Drive = field(default_factory=Drive)
    wanted: Wanted = field(default_factory=lambda: Wanted(0, 0))
    stop: Stop | None = None
    hazards: tuple[Hazard, ...] = ()
    beat_ms: int = AGE_CEILING_MS
    ui_ms: int = AGE_CEILING_MS
    input_alive: bool = False
    revoked: bool = False
    late_ms: int | None = None
    late_ticks: int = 0
    pressed_ms: int | None = None
    in_flight: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step's result: the new state, the commands for the belt in order, and the causes in force."""

    state: State
    commands: tuple[Command, ...] = ()
    causes: tuple[Cause, ...] = ()

    @property
    def action(self) -> Action:
        """The strongest action among the causes."""
        return max((cause.action for cause in self.causes), default=Action.ALLOW)


@dataclass(slots=True)
class _Work:
    """The state while a step works on it; lives no longer than ``step``."""

    config: Config
    mode: Mode
    mode_ms: int
    link_up: bool
    belt: Belt
    envelope: Envelope
    drive: Drive
    wanted: Wanted
    stop: Stop | None
    hazards: tuple[Hazard, ...]
    beat_ms: int
    ui_ms: int
    input_alive: bool
    revoked: bool
    late_ms: int | None
    late_ticks: int
    pressed_ms: int | None
    in_flight: bool
    start_rejected: bool = False
    causes: tuple[Cause, ...] = ()
    commands: tuple[Command, ...] = ()

    def go(self, trigger: Trigger) -> bool:
        """Follow the table; True where the mode changed."""
        mode = follow(self.mode, trigger)
        if mode is self.mode:
            return False
        self.mode, self.mode_ms = mode, 0
        return True

    def standstill(self) -> bool:
        return self.link_up and self.belt.standstill(self.config.times.late_ms)

    def send(self, command: Command) -> None:
        self.commands = (*self.commands, command)
        self.in_flight = self.in_flight or not isinstance(command, StopBelt)

    def note(self, hazard: Hazard, message: str | None = None) -> None:
        self.causes = (*self.causes, cause(hazard, message))


def step(config: Config, state: State, elapsed_ms: int, inputs: tuple[Input, ...] = ()) -> Step:
    """The supervisor ``elapsed_ms`` later, with everything that came in since, in the order it came."""
    work = _aged(config, state, elapsed_ms)
    for item in inputs:
        _HANDLERS[type(item)](work, item)
    _lapse(work)
    if work.stop is not None:
        work.stop = stopping.watch(work.stop, work.belt, work.envelope, elapsed_ms)
    work.causes = (*work.causes, *tripped(config, _facts(work)))
    _act(work)
    if work.mode in _STOPS:
        _command_stop(work, elapsed_ms)
    else:
        _command_run(work, elapsed_ms)
    _settle(work)
    return Step(_frozen(work), work.commands, work.causes)


def _aged(config: Config, state: State, elapsed_ms: int) -> _Work:
    late_ms, late_ticks = _late_ticks(state, elapsed_ms)
    window_ms, fall = config.window_ms, config.profile.slowest_fall_ckph_per_s
    return _Work(
        config,
        state.mode,
        min(state.mode_ms + elapsed_ms, AGE_CEILING_MS),
        state.link_up,
        state.belt.aged(elapsed_ms, config.times.late_ms),
        state.envelope.aged(elapsed_ms, _setpoint_ckph(state), window_ms, fall),
        state.drive,
        state.wanted,
        state.stop,
        state.hazards,
        min(state.beat_ms + elapsed_ms, AGE_CEILING_MS),
        min(state.ui_ms + elapsed_ms, AGE_CEILING_MS),
        state.input_alive,
        state.revoked,
        late_ms,
        late_ticks,
        None if state.pressed_ms is None else min(state.pressed_ms + elapsed_ms, AGE_CEILING_MS),
        state.in_flight,
    )


def _late_ticks(state: State, elapsed_ms: int) -> tuple[int | None, int]:
    late_ms = None if state.late_ms is None else state.late_ms + elapsed_ms
    if elapsed_ms > TICK_MS + LATE_TICKS_LIMIT_MS:
        within = late_ms is not None and late_ms <= LATE_TICKS_WINDOW_MS
        return 0, min(state.late_ticks + 1, LATE_TICKS) if within else 1
    if late_ms is not None and late_ms > LATE_TICKS_WINDOW_MS:
        return None, 0
    return late_ms, state.late_ticks


def _setpoint_ckph(state: State) -> int:
    """The set-point that the belt was last given."""
    if state.stop is not None:
        return 0 if state.stop.frame_ms is not None else state.stop.sent_ckph
    return state.drive.sent_ckph if state.mode in IN_MOTION else 0


def _frozen(work: _Work) -> State:
    return State(
        work.mode,
        work.mode_ms,
        work.link_up,
        work.belt,
        work.envelope,
        work.drive,
        work.wanted,
        work.stop,
        work.hazards,
        work.beat_ms,
        work.ui_ms,
        work.input_alive,
        work.revoked,
        work.late_ms,
        work.late_ticks,
        work.pressed_ms,
        work.in_flight,
    )


def _facts(work: _Work) -> Facts:
    return Facts(
        work.mode,
        work.mode_ms,
        work.belt,
        work.envelope.ceiling_ckph,
        work.standstill(),
        work.beat_ms,
        work.ui_ms,
        work.input_alive,
        work.revoked,
        work.late_ticks,
        work.drive.refused,
        work.stop,
    )


# --- inputs -------------------------------------------------------------------------------------------------


def _seen(work: _Work, item: Seen) -> None:
    work.belt = work.belt.seen(item, work.envelope.ceiling_ckph, work.config.times.late_ms)
    if work.mode is Mode.STARTING and work.belt.speed_ckph and not work.belt.over:
        work.go(Trigger.MOTION_SEEN)


_NOTICES = {
    MachineNotice.STOPPED_AT_CONSOLE: Hazard.STOPPED_AT_CONSOLE,
    MachineNotice.SAFETY_KEY_PULLED: Hazard.KEY_PULLED,
    MachineNotice.STARTED_AT_CONSOLE: Hazard.STARTED_AT_CONSOLE,
    MachineNotice.CONTROL_LOST: Hazard.CONTROL_LOST,
}
_STOP_NOTICES = frozenset({MachineNotice.STOPPED_AT_CONSOLE, MachineNotice.SAFETY_KEY_PULLED})
# While we start or run the belt, a machine's "started" is an echo of what we did.
_START_IS_OURS = IN_MOTION


def _said(work: _Work, item: Said) -> None:
    if item.notice is MachineNotice.CONTROL_LOST:
        if work.mode in IN_MOTION:
            work.note(Hazard.CONTROL_LOST)
    elif item.notice in _STOP_NOTICES:
        if work.mode not in (Mode.IDLE, Mode.DISCONNECTED, Mode.LATCHED, Mode.FAULT):
            work.note(_NOTICES[item.notice])
    elif work.mode not in _START_IS_OURS:
        work.note(_NOTICES[item.notice])


def _link_came_up(work: _Work, _item: LinkCameUp) -> None:
    work.link_up = True
    work.belt = Belt()
    work.in_flight = False
    work.go(Trigger.LINK_UP)
    if work.stop is not None and work.mode in ENDING:
        work.stop = stopping.relinked(work.config, work.stop)


def _link_went_down(work: _Work, _item: LinkWentDown) -> None:
    still = _surely_still(work)
    work.link_up = False
    if not still:
        work.note(Hazard.LINK_DOWN, "the link to the treadmill is lost and the belt may run on")
        return
    if work.mode in (Mode.ARMED, Mode.COUNTDOWN):
        work.note(Hazard.START_NOT_POSSIBLE, "the link to the treadmill was lost before the start")
    if work.mode in (Mode.PAUSED, Mode.TURN):
        why = cause(Hazard.LINK_DOWN, "the link to the treadmill was lost in the pause; the belt was last seen still")
        work.causes, work.hazards = (*work.causes, replace(why, action=Action.WARN)), (Hazard.LINK_DOWN,)
    work.go(Trigger.LINK_LOST_AT_REST)


def _surely_still(work: _Work) -> bool:
    """Nothing seen or said makes anybody think that the belt moves; after a pause it was seen to stand just now."""
    if work.mode is Mode.PAUSED and not work.belt.standstill(work.config.times.late_ms):
        return False
    started = any(one.hazard is Hazard.STARTED_AT_CONSOLE for one in work.causes)
    return work.mode is Mode.DISCONNECTED or (work.mode in AT_REST and not work.belt.moving and not started)


def _beat(work: _Work, item: Beat) -> None:
    work.beat_ms = 0
    work.ui_ms = item.ui_age_ms
    work.input_alive = item.input_alive


def _lease_revoked(work: _Work, _item: LeaseRevoked) -> None:
    work.revoked = True
    work.beat_ms = AGE_CEILING_MS


def _arm_asked(work: _Work, _item: ArmAsked) -> None:
    reason = _not_ready(work)
    if reason is None and work.mode not in (Mode.IDLE, Mode.PAUSED, Mode.TURN):
        reason = f"arming is possible only at rest, and the belt is {work.mode.value}"
    if reason is not None:
        work.note(Hazard.ARM_REFUSED, reason)
        return
    work.stop = None
    work.pressed_ms = None
    work.go(Trigger.ARM)


def _not_ready(work: _Work) -> str | None:
    """Why nothing may be started now; None where all is right."""
    if not work.link_up:
        return "there is no link to the treadmill"
    if not work.standstill():
        return "the belt is not confirmed still: three zero reports over two seconds are needed"
    if work.revoked or work.beat_ms > LEASE_MS:
        return f"the program has not been heard for {work.beat_ms / 1000:.1f} s (limit {LEASE_MS / 1000:.1f} s)"
    if not work.input_alive:
        return "the program does not read the keyboard"
    if work.late_ticks >= LATE_TICKS:
        return f"the guardian was late twice within {LATE_TICKS_WINDOW_MS // 1000} s"
    return _cannot_run(work)


def _cannot_run(work: _Work) -> str | None:
    """Why the machine or the limits do not let the belt run at all; None where they do."""
    if work.in_flight:
        return "an earlier command is still with the link; connect to the treadmill anew"
    lowest_ckph, limit = work.config.profile.capabilities.speed_min_ckph, work.config.limits.speed_ckph
    if limit.value < lowest_ckph:
        lowest = f"the belt's lowest speed, {lowest_ckph / 100:g} km/h,"
        return f"{lowest} is above the limit of {limit.value / 100:g} km/h ({limit.reason})"
    return None


def _hold_completed(work: _Work, _item: HoldCompleted) -> None:
    work.go(Trigger.HOLD)


def _start_cancelled(work: _Work, _item: StartCancelled) -> None:
    """Before the start it lapses; a cancel that comes too late for that is a stop."""
    if work.mode in (Mode.ARMED, Mode.COUNTDOWN):
        work.note(Hazard.START_NOT_POSSIBLE, "the start was cancelled")
        work.go(Trigger.LAPSE)
    elif work.mode in IN_MOTION:
        _stop_asked(work, StopAsked(StopBy.OPERATOR))


def _wanted(work: _Work, item: Wanted) -> None:
    work.wanted = item


def _pause_asked(work: _Work, _item: PauseAsked) -> None:
    if work.mode is Mode.RUN:
        work.stop = _new_stop(work, StopClass.CONTROLLED, by_program=False)
        work.go(Trigger.PAUSE)


def _rest_asked(work: _Work, _item: RestAsked) -> None:
    work.go(Trigger.REST)


def _turn_asked(work: _Work, _item: TurnAsked) -> None:
    if _not_ready(work) is None:
        work.go(Trigger.TURN)


def _without_effect(_work: _Work, _item: Input) -> None:
    """Nothing follows from it yet."""


def _host_stops(work: _Work, _item: HostSleeps | Suspended) -> None:
    _stop_asked(work, StopAsked(StopBy.PROGRAM))


_STOP_HAZARDS = {
    StopBy.OPERATOR: Hazard.OPERATOR_STOP,
    StopBy.PLAN: Hazard.PLAN_STOP,
    StopBy.PROGRAM: Hazard.PROGRAM_STOP,
}
_STOP_SENTENCES = {
    StopBy.OPERATOR: "stop was pressed",
    StopBy.PLAN: "the plan is done",
    StopBy.PROGRAM: "the program asked for a stop",
}


def _stop_asked(work: _Work, item: StopAsked) -> None:
    again = work.pressed_ms is not None and work.pressed_ms > PRESS_AGAIN_MS
    if item.by is StopBy.OPERATOR and again and work.mode in ENDING and not work.standstill():
        work.note(Hazard.OPERATOR_STOP_AGAIN, "stop was pressed again while the belt still moves")
    elif work.mode not in ENDING and not _nothing_to_stop(work):
        work.note(_STOP_HAZARDS[item.by], _STOP_SENTENCES[item.by])
    if item.by is StopBy.OPERATOR and work.pressed_ms is None:
        work.pressed_ms = 0


def _nothing_to_stop(work: _Work) -> bool:
    """No link to stop a belt by, or a stop that is over and a belt that is still seen to stand."""
    over = work.mode in (Mode.LATCHED, Mode.FAULT) and (work.standstill() or not work.link_up)
    return work.mode is Mode.DISCONNECTED or over


def _acknowledged(work: _Work, item: Acknowledged) -> None:
    if work.link_up and not work.standstill():
        return
    if work.mode is Mode.ESCALATED and work.standstill():
        work.go(Trigger.ACKNOWLEDGE)
    elif work.mode is Mode.LATCHED and _may_clear(work.hazards, item.key_tested):
        work.go(Trigger.ACKNOWLEDGE if work.link_up else Trigger.ACKNOWLEDGE_UNLINKED)
        work.stop, work.hazards, work.pressed_ms = None, (), None


def _may_clear(hazards: tuple[Hazard, ...], key_tested: bool) -> bool:
    rules = {RULES[hazard].clears for hazard in hazards}
    if Clears.BY_RESTART in rules:
        return False
    return key_tested or Clears.AFTER_KEY_TEST not in rules


def _answered(work: _Work, item: Answered) -> None:
    if item.kind is not CommandKind.STOP:
        work.in_flight = False
    if item.kind is CommandKind.SPEED or item.kind is CommandKind.INCLINE:
        refused = item.answer is not Answer.ACCEPTED
        if refused is not work.drive.refused:
            work.drive = replace(work.drive, refused=refused)
    elif item.kind is CommandKind.START and _start_failed(work, item.answer):
        work.note(Hazard.START_REFUSED, f"the treadmill's answer to the start was: {item.answer.value}")
        work.start_rejected = item.answer is Answer.REJECTED
    elif item.kind is CommandKind.STOP and work.stop is not None:
        work.stop = stopping.answered(work.stop, item.answer)


def _start_failed(work: _Work, answer: Answer) -> bool:
    """A belt that already moves answers the question of one lost answer; one that refused to be started is not ours."""
    if work.mode is Mode.RUN:
        return answer is Answer.REJECTED
    return work.mode is Mode.STARTING and answer is not Answer.ACCEPTED


def _write_overdue(work: _Work, item: WriteOverdue) -> None:
    work.note(Hazard.WRITE_OVERDUE, f"the command {item.kind.value} has been stuck in the link for 1.0 s")
    if work.stop is not None:
        work.stop = replace(work.stop, overdue=True)


def _self_fault(work: _Work, _item: SelfFault) -> None:
    work.note(Hazard.SELF_FAULT)


_HANDLERS: dict[type[Input], Callable[[_Work, Any], None]] = {
    Seen: _seen,
    Said: _said,
    LinkCameUp: _link_came_up,
    LinkWentDown: _link_went_down,
    Beat: _beat,
    LeaseRevoked: _lease_revoked,
    ArmAsked: _arm_asked,
    HoldCompleted: _hold_completed,
    StartCancelled: _start_cancelled,
    Wanted: _wanted,
    PauseAsked: _pause_asked,
    RestAsked: _rest_asked,
    TurnAsked: _turn_asked,
    TurnConfirmed: _without_effect,
    TargetSeen: _without_effect,
    HostSleeps: _host_stops,
    Suspended: _host_stops,
    StopAsked: _stop_asked,
    Acknowledged: _acknowledged,
    Answered: _answered,
    WriteOverdue: _write_overdue,
    SelfFault: _self_fault,
}


# --- what follows from them ---------------------------------------------------------------------------------


def _lapse(work: _Work) -> None:
    """Before motion nothing needs stopping: an arming that is no longer right simply lapses."""
    if work.mode is Mode.ARMED and work.mode_ms >= ARMED_MS:
        work.note(Hazard.START_NOT_POSSIBLE, f"armed for {ARMED_MS // 1000} s without a start")
        work.go(Trigger.LAPSE)
    if work.mode not in (Mode.ARMED, Mode.COUNTDOWN):
        return
    reason = _not_ready(work)
    if reason is not None:
        work.note(Hazard.START_NOT_POSSIBLE, reason)
        work.go(Trigger.LAPSE)


def _act(work: _Work) -> None:
    """Let the strongest cause change the mode, and remember the causes of a stop in the order they came."""
    strongest = max(work.causes, key=_severity, default=None)
    if strongest is None or strongest.action < Action.FREEZE_RISES:
        return
    if strongest.action is Action.FREEZE_RISES:
        if work.mode is Mode.COUNTDOWN:
            work.note(Hazard.START_NOT_POSSIBLE, f"the start was cancelled: {strongest.message}")
            work.go(Trigger.LAPSE)
        return
    was = work.mode
    work.go(Trigger.ESCALATE if strongest.action is Action.ESCALATE else Trigger.STOP)
    if work.mode in ENDING:
        work.stop = _stop_for(work, was, strongest.action)
        _remember(work)
    elif work.mode is Mode.DISCONNECTED and any(one.clears is Clears.BY_RESTART for one in work.causes):
        _remember(work)
        work.go(Trigger.FAULT)


def _remember(work: _Work) -> None:
    for one in work.causes:
        if one.action >= Action.CONTROLLED_STOP and one.hazard not in work.hazards:
            work.hazards = (*work.hazards, one.hazard)


def _severity(one: Cause) -> Action:
    return one.action


def _stop_for(work: _Work, was: Mode, action: Action) -> Stop:
    """A new stop for a belt that was at rest or running; one that is under way is only made stronger.

    There is no ramp for a belt that ought to be at rest: its old set-point may lie above the speed it has.
    """
    controlled = action is Action.CONTROLLED_STOP and was not in AT_REST
    kind = StopClass.CONTROLLED if controlled else StopClass.PROTECTIVE
    by_program = all(one.hazard is not Hazard.OPERATOR_STOP for one in work.causes)
    if was is Mode.STARTING:
        return _stop_of_a_start(work, _new_stop(work, kind, by_program))
    if work.stop is None or was in AT_REST:
        return _new_stop(work, kind, by_program)
    return replace(work.stop, kind=kind) if kind is StopClass.PROTECTIVE else work.stop


def _stop_of_a_start(work: _Work, stop: Stop) -> Stop:
    """Zeros from before the start say nothing of what the belt will do: only new ones confirm a standstill.

    A start that was rejected, on a still belt that a stop might start, is spared the frame until it is seen moving.
    """
    spared = work.start_rejected and work.standstill() and not work.config.profile.stop_repeat_ok
    work.belt = work.belt.watched_anew()
    return replace(stop, frame_ms=0, repeat_ms=0, refused=True) if spared else stop


def _new_stop(work: _Work, kind: StopClass, by_program: bool) -> Stop:
    """The ramp begins at the lower of set-point and measured speed: a belt still on its way up rises no further."""
    fall = work.config.tier.fall_ckph_per_s
    if by_program:
        fall = max(fall, stopping.PROGRAM_FALL_CKPH_PER_S)
    sent_ckph, measured_ckph = work.drive.sent_ckph, work.belt.speed_ckph
    from_ckph = sent_ckph if measured_ckph is None else min(sent_ckph, measured_ckph)
    return Stop(kind, fall, from_ckph * 1000, sent_ckph)


_STOPS = ENDING | {Mode.PAUSING}


def _command_stop(work: _Work, elapsed_ms: int) -> None:
    assert work.stop is not None, "a mode that ends has a stop under way"
    work.stop, command = stopping.command(work.config, work.stop, work.belt, elapsed_ms, work.in_flight)
    if command is None:
        return
    work.send(command)
    if isinstance(command, StopBelt) and work.stop.frame_ms == 0:
        work.envelope = work.envelope.stop_sent(work.config.profile.stop_reaction_ms)


def _command_run(work: _Work, elapsed_ms: int) -> None:
    if work.mode is Mode.COUNTDOWN and work.mode_ms >= work.config.countdown_ms:
        work.drive = driving.started(work.config, work.drive, work.belt)
        work.wanted = Wanted(work.drive.sent_ckph, work.drive.sent_dpct)
        work.envelope = Envelope().sent(work.drive.sent_ckph)
        work.send(StartBelt())
        work.go(Trigger.COUNTDOWN_OVER)
    elif work.mode is Mode.RUN and work.mode_ms > 0:  # the step that saw the first motion sends nothing: it is a rise
        _shape(work, elapsed_ms)


def _shape(work: _Work, elapsed_ms: int) -> None:
    """The next set-point. A belt last reported still gets none: on some machines that would start it."""
    frozen = any(one.action is Action.FREEZE_RISES for one in work.causes)
    still = work.belt.speed_ckph == 0
    before_ckph = work.drive.sent_ckph
    ask = Ask(work.wanted, hold_rises=frozen or still, hold_sends=work.in_flight or still)
    work.drive, command = driving.shape(work.config, work.drive, work.belt, elapsed_ms, ask)
    _note_caps(work)
    if command is None:
        return
    work.send(command)
    if work.drive.sent_ckph != before_ckph:
        work.envelope = work.envelope.sent(work.drive.sent_ckph)


def _note_caps(work: _Work) -> None:
    speed, incline = work.config.limits.speed_ckph, work.config.limits.incline_dpct
    if work.wanted.speed_ckph > speed.value:
        work.note(
            Hazard.SPEED_CAPPED,
            f"wanted {work.wanted.speed_ckph / 100:.1f} km/h, limit {speed.value / 100:.1f} km/h ({speed.reason})",
        )
    if work.wanted.incline_dpct > incline.value:
        work.note(
            Hazard.INCLINE_CAPPED,
            f"wanted {work.wanted.incline_dpct / 10:.1f} %, limit {incline.value / 10:.1f} % ({incline.reason})",
        )


def _settle(work: _Work) -> None:
    """Confirmed standstill ends a stop or a pause; a cause that only a restart clears ends in FAULT."""
    if work.mode in (Mode.STOPPING, Mode.PAUSING) and work.standstill() and _frame_left(work):
        work.go(Trigger.STANDSTILL)
    if work.mode is Mode.LATCHED and any(RULES[hazard].clears is Clears.BY_RESTART for hazard in work.hazards):
        work.go(Trigger.FAULT)


def _frame_left(work: _Work) -> bool:
    return work.stop is None or work.stop.frame_ms is not None
