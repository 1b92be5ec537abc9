"""The stop sequence: state that outlives whoever asked for the stop.

Two classes. A *controlled* stop ramps down first, as long as reports are fresh and the machine is known to
take set-points safely, and ends in the machine's own stop. A *protective* stop is the machine's stop at once.

    since the first stop frame   what happens
    0 s                          the frame is handed to the link
    reaction time, no fall seen  the frame again, and then every second, where the machine may be told twice
    moving anew                  the frame again, on every machine
    4.0 s without a visible fall escalation: the key alarm
    60 s without a standstill    escalation, whatever is seen

A controlled ramp whose belt stays above the envelope for 1.5 s becomes protective.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from ..machine import Command, SetSpeed, StopBelt
from ..values import value
from .belt import RUNAWAY_REPORTS, Belt, Envelope
from .config import LONGEST_RAMP_STEP_MS, Config
from .inputs import Answer

# Below this a belt is stopped by its own command: the last km/h of a ramp helps nobody.
STOP_BELOW_CKPH = 100
REPEAT_MS = 1_000
UNCONFIRMED_MS = 4_000
# Both phases together: a belt that was not seen falling for this long is an alarm, ramping or not.
NO_FALL_MS = 5_800
# A ramp that cannot begin, because a command is with the link, is none: with a look this makes the 300 ms in which
# every stop is on its way. An answer by radio takes some 60 ms.
BEGINS_WITHIN_MS = 200
LONGEST_MS = 60_000
RAMP_LAG_MS = 1_500
# A new low counts as a fall from this step on; smaller ones are the noise of a sensor.
VISIBLE_FALL_CKPH = 5
# 0.30 m/s2: ten times milder than the gentlest training perturbation; for stops nobody at the belt asked for.
PROGRAM_FALL_CKPH_PER_S = 108
# One report of motion from a belt at rest may be the noise of a sensor; two are motion.
MOVES_ANEW_REPORTS = 2
# A belt that rolls out does not become faster by so much: this one is driven again.
MOVES_ANEW_CKPH = 50
NEVER_MS = 61_000


class StopClass(Enum):
    """How a stop is carried out."""

    CONTROLLED = "controlled"
    PROTECTIVE = "protective"


@value
class Stop:
    """One stop under way. ``frame_ms`` and ``repeat_ms`` are None until the first stop frame has left, and
    ``since_set_ms`` until its first set-point has.

    ``out``: the last stop frame has no answer. ``accepted``: the machine took a stop frame. ``relinked``: the link was
    lost and came back under way, or the computer slept beforehand. ``rested``: standstill was confirmed since the last
    stop frame. ``faster``: so many reports on end, up to two, were faster than those of a belt that rolls out.
    """

    kind: StopClass
    fall_ckph_per_s: int
    ramp_mckph: int = 0
    sent_ckph: int = 0
    since_set_ms: int | None = None
    since_ms: int = 0
    frame_ms: int | None = None
    repeat_ms: int | None = None
    no_fall_ms: int = 0
    lowest_ckph: int | None = None
    behind_ms: int = 0
    frames: int = 0
    out: bool = False
    refused: bool = False
    overdue: bool = False
    accepted: bool = False
    relinked: bool = False
    rested: bool = False
    faster: int = 0


def answered(stop: Stop, answer: Answer) -> Stop:
    """The stop after an answer to one of its frames: a refused one may go again, a lost one is as good as stuck."""
    return replace(
        stop,
        out=False,
        refused=answer is Answer.REJECTED,
        overdue=stop.overdue or answer is Answer.UNKNOWN,
        accepted=stop.accepted or answer is Answer.ACCEPTED,
    )


def lowered(stop: Stop, speed_ckph: int) -> Stop:
    """The stop behind somebody who lowered the belt meanwhile: the ramp goes on from there, and never above it. What
    was sent stays, so that a set-point follows: one of ours may have come into force behind the lower one."""
    return replace(stop, ramp_mckph=min(stop.ramp_mckph, speed_ckph * 1000))


def relinked(config: Config, stop: Stop) -> Stop:
    """The stop after the link came back: from its beginning, unless a machine took it that must not be told twice."""
    stop = replace(stop, kind=StopClass.PROTECTIVE, overdue=False, lowest_ckph=None)
    if stop.accepted and not config.profile.stop_repeat_ok:
        return stop
    return replace(stop, frame_ms=None, repeat_ms=None, relinked=True)


def watch(stop: Stop, belt: Belt, envelope: Envelope, elapsed_ms: int, still: bool) -> Stop:
    """The stop ``elapsed_ms`` later, with what the belt was seen doing since; sends nothing.

    ``still``: the belt is confirmed still.
    """
    lowest_ckph, fell = _fall(stop, belt)
    lags = (stop.kind, stop.frame_ms) == (StopClass.CONTROLLED, None) and (belt.speed_ckph or 0) > envelope.ceiling_ckph
    faster = min(stop.faster + 1, RUNAWAY_REPORTS) if _faster(stop, belt) else 0
    return Stop(
        stop.kind,
        stop.fall_ckph_per_s,
        stop.ramp_mckph,
        stop.sent_ckph,
        _later(stop.since_set_ms, elapsed_ms),
        min(stop.since_ms + elapsed_ms, NEVER_MS),
        _later(stop.frame_ms, elapsed_ms),
        _later(stop.repeat_ms, elapsed_ms),
        belt.age_ms if fell else min(stop.no_fall_ms + elapsed_ms, NEVER_MS),
        lowest_ckph,
        min(stop.behind_ms + elapsed_ms, NEVER_MS) if lags else 0,
        stop.frames,
        stop.out,
        stop.refused,
        stop.overdue,
        stop.accepted,
        stop.relinked,
        stop.rested or (still and stop.frame_ms is not None),
        faster if belt.news else stop.faster,
    )


def _later(age_ms: int | None, elapsed_ms: int) -> int | None:
    return None if age_ms is None else min(age_ms + elapsed_ms, NEVER_MS)


def _fall(stop: Stop, belt: Belt) -> tuple[int | None, bool]:
    """The lowest speed reported since the stop began, and whether this step's report shows a visible fall. Of a first
    zero, and of a first report above the envelope, the next one says whether it is true: consoles slip them in."""
    speed_ckph = _measured_ckph(belt)
    if not belt.news or speed_ckph is None:
        return stop.lowest_ckph, False
    lowest_ckph = speed_ckph if stop.lowest_ckph is None else stop.lowest_ckph
    fell = speed_ckph == 0 or speed_ckph <= lowest_ckph - VISIBLE_FALL_CKPH
    return (speed_ckph if fell else lowest_ckph), fell


def ramp_lags(stop: Stop) -> bool:
    """The belt has been faster than the ramp allows for too long."""
    return stop.kind is StopClass.CONTROLLED and stop.behind_ms >= RAMP_LAG_MS


def unconfirmed(stop: Stop, belt: Belt) -> bool:
    """The belt was not seen to obey in time: nobody may believe that it stops. A first zero has until the next report,
    or until it is old: a second one makes it a fall, and between two speeds it was none (``_fall``)."""
    no_fall_ms = 0 if belt.zeros == 1 else stop.no_fall_ms
    after_frame = stop.frame_ms is not None and min(stop.frame_ms, no_fall_ms) >= UNCONFIRMED_MS
    return after_frame or stop.overdue or no_fall_ms >= NO_FALL_MS or stop.since_ms >= LONGEST_MS


def command(config: Config, stop: Stop, belt: Belt, elapsed_ms: int, in_flight: bool) -> tuple[Stop, Command | None]:
    """What the stop sends now, at most one command, and the stop that has sent it.

    A set-point waits for the one ``in_flight``; a stop frame waits for nothing.
    """
    if stop.frame_ms is not None:
        return _repeat(config, stop, belt)
    if stop.kind is StopClass.PROTECTIVE or not _may_ramp(config, belt):
        return _first_frame(config, stop, belt)
    return _ramp_down(config, stop, belt, elapsed_ms, in_flight)


def _may_ramp(config: Config, belt: Belt) -> bool:
    if belt.speed_ckph is None or belt.age_ms > config.times.late_ms or not config.profile.set_never_starts:
        return False
    return belt.speed_ckph > max(STOP_BELOW_CKPH, config.profile.capabilities.speed_min_ckph)


def _first_frame(config: Config, stop: Stop, belt: Belt) -> tuple[Stop, Command | None]:
    """The machine's stop; none for a belt that a stop too many might start: seen to stand, or just linked again."""
    if not config.profile.stop_repeat_ok:
        if belt.standstill(config.times.late_ms):
            return replace(stop, frame_ms=0, repeat_ms=0), None
        if stop.relinked and not belt.speed_ckph:
            return stop, None
    return _with_frame(_begun_anew(replace(stop, frame_ms=0), belt)), StopBelt()


def _begun_anew(stop: Stop, belt: Belt) -> Stop:
    """What the belt did before this frame says nothing of what it makes of it."""
    return replace(stop, rested=False, lowest_ckph=_measured_ckph(belt), faster=0)


def _measured_ckph(belt: Belt) -> int | None:
    """What falls are measured by from here: by no first zero and no first report above the envelope, see ``_fall``."""
    return None if 1 in (belt.zeros, belt.over) else belt.speed_ckph


def _with_frame(stop: Stop) -> Stop:
    return replace(stop, repeat_ms=0, frames=min(stop.frames + 1, 99), out=True, refused=False)


def _repeat(config: Config, stop: Stop, belt: Belt) -> tuple[Stop, Command | None]:
    """The frame again, while the belt is not seen to obey: where the machine may be told twice, where it refused the
    first, and for a belt that moves anew, because that is no motion which a stop could start. A belt that was speeding
    up goes on to for as long as a machine takes to react; it moves anew where it is faster than that."""
    fresh, reaction_ms = belt.age_ms <= config.times.late_ms, config.profile.stop_reaction_ms
    obeys = fresh and (belt.speed_ckph == 0 or stop.no_fall_ms < reaction_ms)
    waits = _age(stop.repeat_ms) < REPEAT_MS or (_age(stop.frame_ms) < reaction_ms and not stop.refused)
    anew = fresh and _moves_anew(stop, belt)
    allowed = config.profile.stop_repeat_ok or stop.refused or anew
    if waits or obeys or not allowed:
        speeds_on = fresh and _age(stop.repeat_ms) < reaction_ms and _faster(stop, belt)  # as it did before the frame
        return replace(stop, lowest_ckph=_measured_ckph(belt), faster=0) if speeds_on else stop, None
    return _with_frame(_begun_anew(stop, belt) if stop.rested or _faster(stop, belt) else stop), StopBelt()


def _moves_anew(stop: Stop, belt: Belt) -> bool:
    """It had come to rest; or, still rolling out, it is above its envelope and faster than it was before, both by two
    reports on end: one of a belt that only rolls out too slowly may be a slip of the console. As long as the last frame
    has no answer it may not have left, and the motion is the one that it is for: of two frames that come out of a stuck
    link together, the second starts the belt."""
    if stop.rested:
        return belt.moving >= MOVES_ANEW_REPORTS
    return not stop.out and min(belt.over, stop.faster) >= RUNAWAY_REPORTS


def _faster(stop: Stop, belt: Belt) -> bool:
    speed_ckph, lowest_ckph = belt.speed_ckph, stop.lowest_ckph
    return speed_ckph is not None and lowest_ckph is not None and speed_ckph >= lowest_ckph + MOVES_ANEW_CKPH


def _age(age_ms: int | None) -> int:
    return NEVER_MS if age_ms is None else age_ms


def _ramp_down(config: Config, stop: Stop, belt: Belt, elapsed_ms: int, in_flight: bool) -> tuple[Stop, Command | None]:
    """The first step down leaves at once, the machine's smallest; the ramp takes over from there. Where there is none,
    for a belt that still comes down to its lowest set-point, the machine's stop is what leaves at once; and so it does
    where the first step still waits behind another command."""
    capabilities, first = config.profile.capabilities, stop.since_ms == 0
    held = in_flight and stop.since_set_ms is None and stop.since_ms >= BEGINS_WITHIN_MS
    if held or (first and stop.sent_ckph <= capabilities.speed_min_ckph):
        return _first_frame(config, stop, belt)
    passed_ms = 0 if first else min(elapsed_ms, LONGEST_RAMP_STEP_MS)
    ramp_mckph = max(0, stop.ramp_mckph - stop.fall_ckph_per_s * passed_ms)
    target = min(ramp_mckph // 1000, stop.sent_ckph - capabilities.speed_increment_ckph if first else stop.sent_ckph)
    target = max(target - target % capabilities.speed_increment_ckph, capabilities.speed_min_ckph)
    if in_flight or target >= stop.sent_ckph or _age(stop.since_set_ms) < config.profile.command_gap_ms:
        return replace(stop, ramp_mckph=ramp_mckph), None
    return replace(stop, ramp_mckph=ramp_mckph, sent_ckph=target, since_set_ms=0), SetSpeed(target)
