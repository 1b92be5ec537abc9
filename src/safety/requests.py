"""What people and the program ask for: a start, a pause, a turn, a wish, a stop; and how the program is."""

from __future__ import annotations

from dataclasses import replace

from ..machine import BeltDirection
from . import stopping
from .conditions import LEASE_MS, battery_too_low_to_start
from .facts import LATE_TICKS
from .feeling import AT_ONCE, HIGHEST
from .hazards import Clears, Hazard
from .heart import Heart, strap_needed
from .inputs import (
    Acknowledged,
    ArmAsked,
    AttentionAnswered,
    Beat,
    EffortSaid,
    HoldCompleted,
    HostSleeps,
    LeaseRevoked,
    PainSaid,
    PauseAsked,
    RestAsked,
    StartCancelled,
    StopAsked,
    StopBy,
    Suspended,
    SymptomFelt,
    TurnAsked,
    TurnConfirmed,
    Wanted,
)
from .modes import ENDING, IN_MOTION, Mode, Trigger
from .policy import RULES
from .run import Run
from .stopping import Stop, StopClass
from .turning import LEVEL_DPCT, Turn, deck_dpct
from .work import AGE_CEILING_MS, LATE_TICKS_WINDOW_MS, PRESS_AGAIN_MS, Work


def beat(work: Work, item: Beat) -> None:
    """The program is heard; where that was too long ago, a turn begins anew, and a start has lapsed."""
    if work.beat_ms > LEASE_MS:
        work.turn = None if work.turn is None else Turn(work.turn.facing, work.turn.belt)
        if work.mode in (Mode.ARMED, Mode.COUNTDOWN):
            work.lapse(str(not_ready(work)))  # a sentence: this silence at least
    work.beat_ms = 0
    work.ui_ms = item.ui_age_ms
    work.input_alive = item.input_alive
    work.health = work.health.told(item)


def lease_revoked(work: Work, _item: LeaseRevoked) -> None:
    work.revoked = True
    work.beat_ms = AGE_CEILING_MS


def arm_asked(work: Work, item: ArmAsked) -> None:
    """A run that is another one begins with nothing behind it; the same one goes on with all of it."""
    run = work.run if item.same_run else work.run.another()
    reason = not_ready(work) or _not_at_rest(work)
    armed = run.armed(item.key_tested, item.session_max_ms)
    heart = work.heart if item.same_run else work.heart.anew()
    reason = reason or _no_way(work, armed) or _no_minutes(armed) or not_fit(work, heart)
    if reason is not None:
        work.note(Hazard.ARM_REFUSED, reason)
        return
    work.run = replace(armed, turned=armed.turned or work.mode is Mode.TURN)
    work.heart = heart
    work.stop = work.pressed_ms = work.turn = None
    work.go(Trigger.ARM)


def _not_at_rest(work: Work) -> str | None:
    if work.mode in (Mode.IDLE, Mode.PAUSED, Mode.TURN):
        return None
    return f"arming is possible only at rest, and the belt is {work.mode.value}"


def _no_way(work: Work, run: Run) -> str | None:
    """Why the belt may not be started this way; None where it may: no change, or a turn that is complete (R9)."""
    facing, belt = way = (work.config.facing, work.config.belt)
    if work.mode is not Mode.TURN:
        if run.turned:
            return "the belt has not moved since the last turn, so nobody knows which way is faced: it needs a turn"
        if run.way is None and run.ran is not None and run.ran is not belt:
            return f"the belt last ran {run.ran.value}, and is to run {belt.value}: it needs a turn, in a new run too"
        if run.way in (None, way):
            return None
        return f"facing the {facing.value}, with the belt {belt.value}, is another way than before: it needs a turn"
    assert work.turn is not None, "a turn is under way in its mode"
    if work.turn.way != way:
        return f"the turn leads to the {work.turn.facing.value}, not to the {facing.value}"
    return work.turn.needs(deck_dpct(work.belt, work.drive.sent_dpct), run.key_tested)


def _no_minutes(run: Run) -> str | None:
    """Why a start would only be stopped again (R21); None where minutes are left."""
    if run.motion_ms < run.max_ms:
        return None
    return (
        f"the belt has moved for {run.motion_ms / 60_000:.1f} min in this session (limit {run.max_ms / 60_000:.1f} min)"
    )


def not_fit(work: Work, heart: Heart) -> str | None:
    """Why nobody is moved now, as far as the person and the record go; None where all is right."""
    if work.config.tier.clinic and work.health.recorder_failed:
        return "the run is not recorded any more, and no new block is started without a record"
    return strap_needed(work.config.heart, heart) or work.feeling.no_start()


def not_ready(work: Work) -> str | None:
    """Why nothing may be started now; None where all is right."""
    if not work.link_up:
        return "there is no link to the treadmill"
    if work.gap_ms:
        return f"the guardian stood still for {work.gap_ms / 1000:.1f} s"
    if not work.standstill():
        return "the belt is not confirmed still: three zero reports over two seconds are needed"
    if work.revoked or work.beat_ms > LEASE_MS:
        return f"the program has not been heard for {work.beat_ms / 1000:.1f} s (limit {LEASE_MS / 1000:.1f} s)"
    if not work.input_alive:
        return "the program does not read the keyboard"
    if work.late_ticks >= LATE_TICKS:
        return f"the guardian was late twice within {LATE_TICKS_WINDOW_MS // 1000} s"
    if work.sleeps_ms is not None:
        return "the computer is about to sleep"
    if work.health.clicker_held is False:
        return "the clicker is not held"
    if work.control_lost:
        return "another program has control of the treadmill; end it, and connect anew"
    return battery_too_low_to_start(work.health.battery_percent) or _cannot_run(work)


def _cannot_run(work: Work) -> str | None:
    """Why the machine or the limits do not let the belt run at all; None where they do."""
    if work.in_flight:
        return "an earlier command is still with the link; connect to the treadmill anew"
    deck = deck_dpct(work.belt, work.drive.sent_dpct)
    if work.config.belt is BeltDirection.REVERSED and deck > LEVEL_DPCT:
        return f"a raised deck is downhill on a reversed belt: {deck / 10:.1f} % (limit {LEVEL_DPCT / 10:.0f} %)"
    lowest_ckph, limit = work.config.profile.capabilities.speed_min_ckph, work.config.limits.speed_ckph
    if limit.value < lowest_ckph:
        lowest = f"the belt's lowest speed, {lowest_ckph / 100:g} km/h,"
        return f"{lowest} is above the limit of {limit.value / 100:g} km/h ({limit.reason})"
    return None


def hold_completed(work: Work, _item: HoldCompleted) -> None:
    work.go(Trigger.HOLD)


def start_cancelled(work: Work, _item: StartCancelled) -> None:
    """Before the start it lapses; a cancel that comes too late for that is a stop."""
    if work.mode in (Mode.ARMED, Mode.COUNTDOWN):
        work.note(Hazard.START_NOT_POSSIBLE, "the start was cancelled")
        work.go(Trigger.LAPSE)
    elif work.mode in IN_MOTION:
        stop_asked(work, StopAsked(StopBy.OPERATOR))


def wanted(work: Work, item: Wanted) -> None:
    work.wanted = item


def pause_asked(work: Work, _item: PauseAsked) -> None:
    if work.mode is Mode.RUN:
        work.stop = new_stop(work, StopClass.CONTROLLED, by_program=False)
        work.go(Trigger.PAUSE)


def rest_asked(work: Work, _item: RestAsked) -> None:
    work.go(Trigger.REST)


def turn_asked(work: Work, item: TurnAsked) -> None:
    """At confirmed standstill; asked again for the same way it goes on, for another it begins anew."""
    if work.mode is Mode.TURN and work.turn is not None and work.turn.way == (item.facing, item.belt):
        return
    reason = not_ready(work) or _not_at_rest(work)
    if reason is not None:
        work.note(Hazard.ARM_REFUSED, f"no turn now: {reason}")
        return
    work.go(Trigger.TURN)
    work.turn = Turn(item.facing, item.belt)


def turn_confirmed(work: Work, item: TurnConfirmed) -> None:
    """One half of the turn; before its time it counts for nothing."""
    if work.mode is Mode.TURN and work.turn is not None:
        deck = deck_dpct(work.belt, work.drive.sent_dpct)
        work.turn = work.turn.confirmed(item.what, deck, work.run.key_tested)


def host_sleeps(work: Work, _item: HostSleeps) -> None:
    """A belt that is under way is brought to rest while there is still somebody to do it; nothing is started now."""
    work.sleeps_ms = 0
    if work.mode in IN_MOTION:
        work.note(Hazard.HOST_SLEEPS)


def suspended(work: Work, item: Suspended) -> None:
    """The computer slept: whatever the belt did in that time, nobody saw it, and zeros from before it count no more."""
    work.slept, work.sleeps_ms, work.belt = True, None, work.belt.watched_anew()
    if work.mode in IN_MOTION or work.mode in (Mode.PAUSED, Mode.TURN):
        work.note(Hazard.SUSPENDED, f"the computer slept for {item.ms / 1000:.1f} s, and nobody watched the belt")
    elif work.mode in (Mode.ARMED, Mode.COUNTDOWN):
        work.lapse(f"the computer slept for {item.ms / 1000:.1f} s")


def attention_answered(work: Work, _item: AttentionAnswered) -> None:
    work.attention = work.attention.answered()


def symptom_felt(work: Work, item: SymptomFelt) -> None:
    """A stop in every mode in which there is something to stop; behind one that is over it is remembered with it."""
    work.feeling = replace(work.feeling, symptom=item.what)
    hazard = Hazard.SYMPTOM_AT_ONCE if item.what in AT_ONCE else Hazard.SYMPTOM
    if not _nothing_to_stop(work):
        work.note(hazard, f"the person says: {item.what.value}")
    elif work.mode is Mode.LATCHED and hazard not in work.hazards:
        work.hazards = (*work.hazards, hazard)


def pain_said(work: Work, item: PainSaid) -> None:
    """A number that is none of the scale was not said."""
    if 0 <= item.level <= HIGHEST:
        work.feeling = work.feeling.of_pain(item.level, work.run.motion_ms > 0)


def effort_said(work: Work, item: EffortSaid) -> None:
    """A number that is none of the scale was not said."""
    if 0 <= item.level <= HIGHEST:
        work.feeling = replace(work.feeling, effort=item.level)


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


def stop_asked(work: Work, item: StopAsked) -> None:
    again = work.pressed_ms is not None and work.pressed_ms > PRESS_AGAIN_MS
    if item.by is StopBy.OPERATOR and again and work.mode in ENDING and not work.standstill():
        work.note(Hazard.OPERATOR_STOP_AGAIN, "stop was pressed again while the belt still moves")
    elif work.mode not in ENDING and not _nothing_to_stop(work):
        work.note(_STOP_HAZARDS[item.by], _STOP_SENTENCES[item.by])
    if item.by is StopBy.OPERATOR and work.pressed_ms is None:
        work.pressed_ms = 0


def _nothing_to_stop(work: Work) -> bool:
    """No link to stop a belt by, or a stop that is over and a belt that is still seen to stand."""
    over = work.mode in (Mode.LATCHED, Mode.FAULT) and (work.standstill() or not work.link_up)
    return work.mode is Mode.DISCONNECTED or over


def acknowledged(work: Work, item: Acknowledged) -> None:
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


def new_stop(work: Work, kind: StopClass, by_program: bool) -> Stop:
    """The ramp begins at the lower of set-point and measured speed: a belt still on its way up rises no further."""
    fall = work.config.tier.fall_ckph_per_s
    if by_program:
        fall = max(fall, stopping.PROGRAM_FALL_CKPH_PER_S)
    sent_ckph, measured_ckph = work.drive.sent_ckph, work.belt.speed_ckph
    from_ckph = sent_ckph if measured_ckph is None else min(sent_ckph, measured_ckph)
    return Stop(kind, fall, from_ckph * 1000, sent_ckph)
