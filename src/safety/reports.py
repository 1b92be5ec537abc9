"""What the machine and its link say: reports, notices, targets, answers, and the link itself."""

from __future__ import annotations

from dataclasses import replace

from ..machine import Capabilities, MachineNotice
from . import drive as driving
from . import stopping
from .belt import Belt
from .hazards import Action, Hazard
from .inputs import (
    Answer,
    Answered,
    CommandKind,
    HeartSeen,
    LinkCameUp,
    LinkWentDown,
    Said,
    Seen,
    SelfFault,
    TargetSeen,
    WriteOverdue,
)
from .modes import AT_REST, ENDING, IN_MOTION, Mode, Trigger
from .policy import cause
from .stopping import Stop
from .work import Work


def seen(work: Work, item: Seen) -> None:
    before = work.belt
    work.belt = before.seen(item, work.envelope.ceiling_ckph, work.config.times.late_ms)
    if work.belt is not before:
        _look_at_the_way(work, item)
        _look_at_the_counters(work, item)
    if work.mode is Mode.STARTING and work.belt.speed_ckph and not work.belt.over:
        work.go(Trigger.MOTION_SEEN)


def _look_at_the_way(work: Work, item: Seen) -> None:
    """Every report is looked at by itself: a later one of the same step does not take a wrong way back."""
    way, armed = item.belt, work.config.belt
    if work.mode not in _TO_BE_STOPPED or way is None or way is armed or not item.speed_ckph:
        return
    speed = f"{item.speed_ckph / 100:.1f} km/h"
    work.note(Hazard.WRONG_WAY, f"the belt runs {way.value} at {speed} and was started {armed.value}")


def _look_at_the_counters(work: Work, item: Seen) -> None:
    """At a start and at a stop a console may well begin to count anew; under a run only one that restarted."""
    if work.mode is Mode.RUN and item.counters_anew and not item.speed_ckph:
        work.note(
            Hazard.CONSOLE_RESTARTED,
            f"the treadmill reports 0.0 km/h instead of {work.drive.sent_ckph / 100:.1f} km/h, and its counters begin "
            "anew: its console restarted",
        )


_NOTICES = {
    MachineNotice.STOPPED_AT_CONSOLE: Hazard.STOPPED_AT_CONSOLE,
    MachineNotice.SAFETY_KEY_PULLED: Hazard.KEY_PULLED,
    MachineNotice.STARTED_AT_CONSOLE: Hazard.STARTED_AT_CONSOLE,
    MachineNotice.CONTROL_LOST: Hazard.CONTROL_LOST,
}
_STOP_NOTICES = frozenset({MachineNotice.STOPPED_AT_CONSOLE, MachineNotice.SAFETY_KEY_PULLED})
# While we start or run the belt, a machine's "started" is an echo of what we did.
_START_IS_OURS = IN_MOTION
# A stop that is under way may not be obeyed any more either.
_TO_BE_STOPPED = IN_MOTION | ENDING


def said(work: Work, item: Said) -> None:
    if item.notice is MachineNotice.CONTROL_LOST:
        work.control_lost = True
        if work.mode in _TO_BE_STOPPED:
            work.note(Hazard.CONTROL_LOST)
    elif item.notice in _STOP_NOTICES:
        if work.mode not in (Mode.IDLE, Mode.DISCONNECTED, Mode.LATCHED, Mode.FAULT):
            work.note(_NOTICES[item.notice])
    elif work.mode not in _START_IS_OURS:
        work.note(_NOTICES[item.notice])


def target_seen(work: Work, item: TargetSeen) -> None:
    """A target of the machine that is not ours: a lower one is a wish and a ceiling, a higher one a conflict."""
    if work.mode not in IN_MOTION and not _ramps_down(work):
        return
    capabilities, drive = work.config.profile.capabilities, work.drive
    speed, incline = 0, 0
    if item.speed_ckph is not None:
        speed = work.following.echo(item.speed_ckph, drive.sent_ckph, capabilities.speed_increment_ckph)
        if speed < 0 and work.stop is not None and item.speed_ckph >= _least_of_a_ramp(work.stop, capabilities):
            speed = 0
    if item.incline_dpct is not None:
        incline = work.tilts.echo(item.incline_dpct, drive.sent_dpct, capabilities.incline_increment_dpct)
    if speed > 0 or incline > 0:
        work.note(
            Hazard.FOREIGN_HIGHER, f"somebody else set the treadmill to {_target(item)}, above what was asked for"
        )
    elif speed < 0 or incline < 0:
        _lowered(work, item, speed < 0, incline < 0)


def _ramps_down(work: Work) -> bool:
    """A controlled stop before its stop frame: its next set-points could still be at odds with somebody else's."""
    stop = work.stop
    return work.mode is Mode.STOPPING and stop is not None and stop.frame_ms is None


def _least_of_a_ramp(stop: Stop, capabilities: Capabilities) -> int:
    """The lowest target that our own way down may come back as: its set-points, and 0 once the stop has been sent."""
    return 0 if stop.frame_ms is not None else stop.sent_ckph - capabilities.speed_increment_ckph


def _lowered(work: Work, item: TargetSeen, speed: bool, incline: bool) -> None:
    """From here on nothing asks for more than that; in a stop under way it goes down all the same."""
    lowest_ckph = work.config.profile.capabilities.speed_min_ckph
    speed_ckph = max(item.speed_ckph, lowest_ckph) if speed and item.speed_ckph is not None else None
    incline_dpct = item.incline_dpct if incline else None
    work.run = work.run.lowered(speed_ckph, incline_dpct)
    work.note(Hazard.FOREIGN_LOWER, f"somebody set the treadmill to {_target(item)}; nothing rises above that any more")
    if work.mode is Mode.RUN:
        # As long as the set-points of ours count in ``Following``: a machine may take one up so late.
        on_its_way = work.in_flight or work.drive.since_set_ms < 2 * work.config.window_ms
        work.drive = driving.lowered(work.drive, speed_ckph, incline_dpct, on_its_way)
    elif work.stop is not None and speed_ckph is not None:
        work.stop = stopping.lowered(work.stop, speed_ckph)


def _target(item: TargetSeen) -> str:
    speed = [] if item.speed_ckph is None else [f"{item.speed_ckph / 100:.1f} km/h"]
    return " and ".join([*speed, *([] if item.incline_dpct is None else [f"{item.incline_dpct / 10:.1f} %"])])


def link_came_up(work: Work, _item: LinkCameUp) -> None:
    work.link_up = True
    work.belt = Belt()
    work.control_lost = work.in_flight = False
    work.go(Trigger.LINK_UP)
    if work.stop is not None and work.mode in ENDING:
        work.stop = stopping.relinked(work.config, work.stop)


def link_went_down(work: Work, _item: LinkWentDown) -> None:
    still = _surely_still(work)
    work.link_up = False
    if not still:
        work.note(Hazard.LINK_DOWN, "the link to the treadmill is lost and the belt may run on")
        return
    if work.mode in (Mode.ARMED, Mode.COUNTDOWN):
        work.note(Hazard.START_NOT_POSSIBLE, "the link to the treadmill was lost before the start")
    if work.mode in (Mode.PAUSED, Mode.TURN):
        moment = "pause" if work.mode is Mode.PAUSED else "turn"
        told = f"the link to the treadmill was lost in the {moment}; the belt was last seen still"
        why = cause(Hazard.LINK_DOWN, told)
        work.causes, work.hazards = (*work.causes, replace(why, action=Action.WARN)), (Hazard.LINK_DOWN,)
    work.go(Trigger.LINK_LOST_AT_REST)


def _surely_still(work: Work) -> bool:
    """Nothing seen or said makes anybody think that the belt moves; after a pause it was seen to stand just now."""
    if work.mode is Mode.PAUSED and not work.belt.standstill(work.config.times.late_ms):
        return False
    started = any(one.hazard is Hazard.STARTED_AT_CONSOLE for one in work.causes)
    return work.mode is Mode.DISCONNECTED or (work.mode in AT_REST and not work.belt.moving and not started)


def answered(work: Work, item: Answered) -> None:
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


def _start_failed(work: Work, answer: Answer) -> bool:
    """A belt that already moves answers the question of one lost answer; one that refused to be started is not ours."""
    if work.mode is Mode.RUN:
        return answer is Answer.REJECTED
    return work.mode is Mode.STARTING and answer is not Answer.ACCEPTED


def write_overdue(work: Work, item: WriteOverdue) -> None:
    within_s = work.config.profile.answer_within_ms / 1000
    work.note(Hazard.WRITE_OVERDUE, f"the command {item.kind.value} is stuck in the link (limit {within_s:.1f} s)")
    if work.stop is not None:
        work.stop = replace(work.stop, overdue=True)


def heart_seen(work: Work, item: HeartSeen) -> None:
    work.heart = work.heart.seen(item)


def self_fault(work: Work, _item: SelfFault) -> None:
    """One more of them behind the stop that the first has brought is no reason for another, while the belt stands."""
    if work.mode is not Mode.FAULT or (work.link_up and not work.standstill()):
        work.note(Hazard.SELF_FAULT)
