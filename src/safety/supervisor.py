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
from dataclasses import replace
from typing import Any

from ..machine import StartBelt, StopBelt
from . import attention, following, reports, requests, stopping
from . import drive as driving
from .belt import Envelope
from .conditions import LEASE_MS
from .config import Config
from .drive import Ask
from .hazards import Action, Clears, Hazard
from .inputs import (
    Acknowledged,
    Answered,
    ArmAsked,
    AttentionAnswered,
    Beat,
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
    Suspended,
    SymptomFelt,
    TargetSeen,
    TurnAsked,
    TurnConfirmed,
    Wanted,
    WriteOverdue,
)
from .modes import AT_REST, ENDING, Mode, Trigger
from .policy import RULES, tripped
from .requests import new_stop, not_fit, not_ready
from .run import longest_effort_ms
from .stopping import Stop, StopClass
from .work import ARMED_MS, State, Step, Work, aged, facts, frozen

__all__ = ["State", "Step", "step"]


def step(config: Config, state: State, elapsed_ms: int, inputs: tuple[Input, ...] = ()) -> Step:
    """The supervisor ``elapsed_ms`` later, with everything that came in since, in the order it came."""
    config = config.held_to(state.wanted.heart_bpm)
    work = aged(config, state, elapsed_ms)
    for item in inputs:
        _HANDLERS[type(item)](work, item)
    _lapse(work)
    _watch(work, elapsed_ms)
    if work.stop is not None and state.stop is not None:  # one that began in this step has no age yet
        work.stop = stopping.watch(work.stop, work.belt, work.envelope, elapsed_ms, work.standstill())
    work.causes = (*work.causes, *tripped(config, facts(work)))
    _act(work)
    if work.mode in _STOPS:
        _command_stop(work, elapsed_ms)
    else:
        _command_run(work, elapsed_ms)
    _settle(work)
    return Step(frozen(work), work.commands, work.causes)


_HANDLERS: dict[type[Input], Callable[[Work, Any], None]] = {
    Seen: reports.seen,
    Said: reports.said,
    TargetSeen: reports.target_seen,
    LinkCameUp: reports.link_came_up,
    LinkWentDown: reports.link_went_down,
    Answered: reports.answered,
    WriteOverdue: reports.write_overdue,
    HeartSeen: reports.heart_seen,
    SelfFault: reports.self_fault,
    Beat: requests.beat,
    LeaseRevoked: requests.lease_revoked,
    ArmAsked: requests.arm_asked,
    HoldCompleted: requests.hold_completed,
    StartCancelled: requests.start_cancelled,
    Wanted: requests.wanted,
    PauseAsked: requests.pause_asked,
    RestAsked: requests.rest_asked,
    TurnAsked: requests.turn_asked,
    TurnConfirmed: requests.turn_confirmed,
    StopAsked: requests.stop_asked,
    Acknowledged: requests.acknowledged,
    HostSleeps: requests.host_sleeps,
    Suspended: requests.suspended,
    AttentionAnswered: requests.attention_answered,
    SymptomFelt: requests.symptom_felt,
    PainSaid: requests.pain_said,
    EffortSaid: requests.effort_said,
}


def _lapse(work: Work) -> None:
    if work.mode is Mode.ARMED and work.mode_ms >= ARMED_MS:
        work.lapse(f"armed for {ARMED_MS // 1000} s without a start")
    if work.mode not in (Mode.ARMED, Mode.COUNTDOWN):
        return
    reason = not_ready(work) or not_fit(work, work.heart)
    if reason is not None:
        work.lapse(reason)


def _watch(work: Work, elapsed_ms: int) -> None:
    """What is followed over several steps: a turn in its mode, and whether a running belt follows."""
    if work.mode is Mode.TURN and work.turn is not None:
        steady = work.belt.age_ms <= work.config.times.late_ms and work.beat_ms <= LEASE_MS and not work.revoked
        work.turn = work.turn.watched(work.belt, elapsed_ms, steady)
    elif work.turn is not None:
        work.turn = None
    if work.mode is Mode.RUN:
        speed_ckph, sent_ckph = work.belt.speed_ckph, work.drive.sent_ckph
        work.following = work.following.watched(work.config, speed_ckph, sent_ckph, elapsed_ms)
        work.tilts = work.tilts.watched(work.config, work.drive.sent_dpct, elapsed_ms)
        if work.config.heart is not None:
            work.heart = work.heart.watched(work.config.heart, sent_ckph, elapsed_ms)
    else:
        work.heart = work.heart.rested()
    if work.mode is Mode.RUN and work.config.backward:
        work.run = work.run.held(work.wanted.speed_ckph, elapsed_ms, longest_effort_ms(work.config.tier))
    else:
        work.run = work.run.rested()
    asks = work.config.asks and work.mode in _ASKED
    work.attention = work.attention.watched(work.config, work.drive.sent_ckph, elapsed_ms) if asks else attention.ALERT


_ASKED = frozenset({Mode.RUN, Mode.PAUSING})


def _act(work: Work) -> None:
    """Let the strongest cause change the mode, and remember the causes of a stop in the order they came."""
    strongest = max(work.causes, key=lambda one: one.action, default=None)
    if strongest is None or strongest.action < Action.FREEZE_RISES:
        return
    if strongest.action <= Action.EASE:
        if work.mode is Mode.COUNTDOWN:
            work.lapse(f"the start was cancelled: {strongest.message}")
        return
    was = work.mode
    work.go(Trigger.ESCALATE if strongest.action is Action.ESCALATE else Trigger.STOP)
    if work.mode in ENDING:
        work.stop = _stop_for(work, was, strongest.action)
        _remember(work)
    elif work.mode is Mode.DISCONNECTED and any(one.clears is Clears.BY_RESTART for one in work.causes):
        _remember(work)
        work.go(Trigger.FAULT)


def _remember(work: Work) -> None:
    for one in work.causes:
        if one.action >= Action.CONTROLLED_STOP and one.hazard not in work.hazards:
            work.hazards = (*work.hazards, one.hazard)


def _stop_for(work: Work, was: Mode, action: Action) -> Stop:
    """A new stop for a belt that was at rest or running; one that is under way is only made stronger.

    There is no ramp for a belt that ought to be at rest: its old set-point may lie above the speed it has.
    """
    controlled = action is Action.CONTROLLED_STOP and was not in AT_REST
    kind = StopClass.CONTROLLED if controlled else StopClass.PROTECTIVE
    by_program = all(one.hazard is not Hazard.OPERATOR_STOP for one in work.causes)
    if was is Mode.STARTING:
        return _stop_of_a_start(work, new_stop(work, kind, by_program))
    if work.stop is None or was in AT_REST:
        return replace(new_stop(work, kind, by_program), relinked=work.slept and was in AT_REST)
    return replace(work.stop, kind=kind) if kind is StopClass.PROTECTIVE else work.stop


def _stop_of_a_start(work: Work, stop: Stop) -> Stop:
    """Zeros from before the start say nothing of what the belt will do: only new ones confirm a standstill.

    A start that was rejected, on a still belt that a stop might start, is spared the frame until it is seen moving.
    """
    spared = work.start_rejected and work.standstill() and not work.config.profile.stop_repeat_ok
    work.belt = work.belt.watched_anew()
    return replace(stop, frame_ms=0, repeat_ms=0, refused=True) if spared else stop


_STOPS = ENDING | {Mode.PAUSING}


def _command_stop(work: Work, elapsed_ms: int) -> None:
    assert work.stop is not None, "a mode that ends has a stop under way"
    work.stop, command = stopping.command(work.config, work.stop, work.belt, elapsed_ms, work.in_flight)
    if command is None:
        return
    work.send(command)
    if isinstance(command, StopBelt) and work.stop.frame_ms == 0:
        work.envelope = work.envelope.stop_sent(work.config.profile.stop_reaction_ms)
        if not work.config.profile.stop_repeat_ok:  # one on its way to rest, it may set going again
            work.belt = work.belt.watched_anew()


def _command_run(work: Work, elapsed_ms: int) -> None:
    if work.mode is Mode.COUNTDOWN and work.mode_ms >= work.config.countdown_ms:
        work.drive = driving.started(work.config, work.drive, work.belt)
        work.wanted = Wanted(work.drive.sent_ckph, work.drive.sent_dpct)
        work.envelope = Envelope().sent(work.drive.sent_ckph)
        work.following = following.started(work.drive.sent_ckph)
        work.tilts = following.tilted(work.drive.sent_dpct)
        work.run = work.run.started((work.config.facing, work.config.belt))
        work.send(StartBelt(belt=work.config.belt))
        work.go(Trigger.COUNTDOWN_OVER)
    elif work.mode is Mode.RUN and work.mode_ms > 0:  # the step that saw the first motion sends nothing: it is a rise
        _shape(work, elapsed_ms)


def _shape(work: Work, elapsed_ms: int) -> None:
    """The next set-point. A belt last reported still gets none: on some machines that would start it."""
    held = any(one.action in (Action.FREEZE_RISES, Action.EASE) for one in work.causes)
    still = work.belt.speed_ckph == 0
    before_ckph = work.drive.sent_ckph
    ask = Ask(_wish(work), hold_rises=held or still, hold_sends=work.in_flight or still)
    work.drive, command = driving.shape(work.config, work.drive, work.belt, elapsed_ms, ask)
    _note_caps(work)
    if command is None:
        return
    work.send(command)
    if work.drive.sent_ckph != before_ckph:
        work.envelope = work.envelope.sent(work.drive.sent_ckph)


def _wish(work: Work) -> Wanted:
    """What is wanted, under what a console lowered; eased, it is the lowest speed, or one step down."""
    run, wanted = work.run, work.wanted
    speed_ckph = wanted.speed_ckph if run.lowered_ckph is None else min(wanted.speed_ckph, run.lowered_ckph)
    incline_dpct = wanted.incline_dpct if run.lowered_dpct is None else min(wanted.incline_dpct, run.lowered_dpct)
    for one in work.causes:
        if one.action is Action.EASE:
            speed_ckph = min(speed_ckph, _eased_ckph(work, one.hazard))
    return Wanted(speed_ckph, incline_dpct)


def _eased_ckph(work: Work, hazard: Hazard) -> int:
    """How far down this hazard eases: a heart that is too fast is given one step and time, all else the floor."""
    step_ckph = work.heart.eased_ckph if hazard is Hazard.HEART_HIGH else None
    return work.config.profile.capabilities.speed_min_ckph if step_ckph is None else step_ckph


def _note_caps(work: Work) -> None:
    limits = work.run.limits(work.config.limits)
    speed, incline = limits.speed_ckph, limits.incline_dpct
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


def _settle(work: Work) -> None:
    """Confirmed standstill ends a stop or a pause; a cause that only a restart clears ends in FAULT."""
    framed = work.stop is None or work.stop.frame_ms is not None
    if work.mode in (Mode.STOPPING, Mode.PAUSING) and framed and work.standstill():
        work.go(Trigger.STANDSTILL)
    if work.mode is Mode.LATCHED and any(RULES[hazard].clears is Clears.BY_RESTART for hazard in work.hazards):
        work.go(Trigger.FAULT)
