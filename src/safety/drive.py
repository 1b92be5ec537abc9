"""How fast a wish may become a set-point: the shaping rules R1 to R4.

Rises are held by the tier's rate, by the size and spacing of steps and by a short leash to the *measured*
speed, so that a link lost at any moment leaves the belt near the speed it has. Falls are held by the rate
alone. The ramp keeps thousandths of its unit; what is sent is that ramp, rounded down to the machine's own
steps. A ramp that went on from the value sent would stick at zero. Where a rise turns into a fall or is frozen,
the ramp gives up what it had earned and not yet sent: it is no longer wanted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..machine import Command, SetIncline, SetSpeed
from ..values import value
from .belt import Belt
from .config import LONGEST_RAMP_STEP_MS, Config
from .inputs import Wanted

# Rises come no closer together than this, so that each can be felt and answered before the next.
RISE_SPACING_MS = 500
# Speed and incline never rise within the same two seconds.
ONE_AXIS_MS = 2_000
# The deck rises by half a percent a second, which is one step of most machines.
TILT_TURN_MS = 1_000
# A motor of ordinary treadmills moves the deck by up to half a percent a second; ours asks for no more.
INCLINE_RATE_DPCT_PER_S = 5
LONG_AGO_MS = 60_000


@value
class Drive:
    """Where the ramps are and what was sent. Speeds in hundredths, inclines in tenths of their unit."""

    sent_ckph: int = 0
    sent_dpct: int = 0
    ramp_mckph: int = 0
    ramp_mdpct: int = 0
    since_set_ms: int = LONG_AGO_MS
    since_rise_ms: int = LONG_AGO_MS
    since_tilt_ms: int = LONG_AGO_MS
    refused: bool = False


def started(config: Config, drive: Drive, belt: Belt) -> Drive:
    """The belt has been asked to start: it will run at its lowest speed.

    The deck stays where it is *reported*: a console may have lowered it at the stop, or left it raised. The ages
    stand still until the belt runs, so that its first motion counts as the rise that it is.
    """
    capabilities = config.profile.capabilities
    lowest_ckph, dpct = capabilities.speed_min_ckph, drive.sent_dpct
    if belt.incline_dpct is not None and capabilities.incline_max_dpct > 0:
        dpct = belt.incline_dpct - belt.incline_dpct % capabilities.incline_increment_dpct
    return Drive(
        sent_ckph=lowest_ckph,
        sent_dpct=dpct,
        ramp_mckph=lowest_ckph * 1000,
        ramp_mdpct=dpct * 1000,
        since_set_ms=0,
        since_rise_ms=0,
    )


def lowered(drive: Drive, speed_ckph: int | None, incline_dpct: int | None, on_its_way: bool) -> Drive:
    """Somebody lowered the belt at its console: what is in force now is that, and the ramps go on from there.

    ``on_its_way``: a set-point of ours may come into force behind it. Then the ramps stand there and what was sent does
    not, so that the next set-point says the lower one once more, and the last word is that of the person.
    """
    low_ckph = drive.sent_ckph if speed_ckph is None else min(drive.sent_ckph, speed_ckph)
    low_dpct = drive.sent_dpct if incline_dpct is None else min(drive.sent_dpct, incline_dpct)
    ramp_mckph, ramp_mdpct = min(drive.ramp_mckph, low_ckph * 1000), min(drive.ramp_mdpct, low_dpct * 1000)
    drive = replace(drive, ramp_mckph=ramp_mckph, ramp_mdpct=ramp_mdpct)
    return drive if on_its_way else replace(drive, sent_ckph=low_ckph, sent_dpct=low_dpct)


@dataclass(slots=True)
class _Shaping:
    """One step's working copy; lives no longer than ``shape``."""

    ramp_mckph: int
    ramp_mdpct: int
    sent_ckph: int
    sent_dpct: int
    since_set_ms: int
    since_rise_ms: int
    since_tilt_ms: int


@value
class _Goal:
    speed_ckph: int
    incline_dpct: int
    frozen: bool


@value
class Ask:
    """What is wanted in this step, and what must not happen in it.

    ``hold_rises``: nothing rises, falls go on. ``hold_sends``: a command is still in flight.
    """

    wanted: Wanted
    hold_rises: bool
    hold_sends: bool


def shape(config: Config, drive: Drive, belt: Belt, elapsed_ms: int, ask: Ask) -> tuple[Drive, Command | None]:
    """Move the ramps by ``elapsed_ms`` and say which set-point, if any, is to be sent now.

    At most one command leaves: the speed goes first.
    """
    work = _Shaping(
        drive.ramp_mckph,
        drive.ramp_mdpct,
        drive.sent_ckph,
        drive.sent_dpct,
        min(drive.since_set_ms + elapsed_ms, LONG_AGO_MS),
        min(drive.since_rise_ms + elapsed_ms, LONG_AGO_MS),
        min(drive.since_tilt_ms + elapsed_ms, LONG_AGO_MS),
    )
    goal = _Goal(
        speed_goal_ckph(config, ask.wanted.speed_ckph),
        min(ask.wanted.incline_dpct, config.limits.incline_dpct.value),
        ask.hold_rises,
    )
    ramp_ms = min(elapsed_ms, LONGEST_RAMP_STEP_MS)
    _move_speed_ramp(config, work, belt, goal, ramp_ms)
    _move_incline_ramp(config, work, goal, ramp_ms)
    command = None if ask.hold_sends else _send(config, work)
    shaped = Drive(
        work.sent_ckph,
        work.sent_dpct,
        work.ramp_mckph,
        work.ramp_mdpct,
        work.since_set_ms,
        work.since_rise_ms,
        work.since_tilt_ms,
        drive.refused,
    )
    return shaped, command


def speed_goal_ckph(config: Config, wanted_ckph: int) -> int:
    """The wish under the ceiling, in the machine's steps; a running belt cannot go below its lowest speed."""
    increment = config.profile.capabilities.speed_increment_ckph
    goal = min(wanted_ckph, config.limits.speed_ckph.value)
    return max(goal - goal % increment, config.profile.capabilities.speed_min_ckph)


def _move_speed_ramp(config: Config, work: _Shaping, belt: Belt, goal: _Goal, elapsed_ms: int) -> None:
    goal_mckph = goal.speed_ckph * 1000
    if goal_mckph < work.ramp_mckph:
        increment = config.profile.capabilities.speed_increment_ckph
        begin_mckph = min(work.ramp_mckph, (work.sent_ckph + increment) * 1000 - 1)
        # While the link is slow to take a set-point the ramp waits: a fall at once of more than a second's is felt.
        furthest_mckph = (work.sent_ckph - config.tier.fall_ckph_per_s) * 1000
        fallen_mckph = begin_mckph - config.tier.fall_ckph_per_s * elapsed_ms
        work.ramp_mckph = max(goal_mckph, min(work.ramp_mckph, max(fallen_mckph, furthest_mckph)))
        return
    measured_ckph = belt.speed_ckph
    tilting = work.since_tilt_ms < ONE_AXIS_MS or _deck_still_rising(config, work, belt)
    if goal.frozen or tilting or measured_ckph is None:
        work.ramp_mckph = min(work.ramp_mckph, work.sent_ckph * 1000)
        return
    ahead_ckph = min(work.sent_ckph + config.step_ckph, measured_ckph + config.leash_ckph)
    risen = work.ramp_mckph + config.tier.rise_ckph_per_s * elapsed_ms
    work.ramp_mckph = max(min(risen, goal_mckph, ahead_ckph * 1000), min(work.ramp_mckph, work.sent_ckph * 1000))


def _deck_still_rising(config: Config, work: _Shaping, belt: Belt) -> bool:
    """The deck is on its way up: reported lower than sent by at least one of its steps."""
    if belt.incline_dpct is None:
        return False
    return belt.incline_dpct + config.profile.capabilities.incline_increment_dpct <= work.sent_dpct


def _move_incline_ramp(config: Config, work: _Shaping, goal: _Goal, elapsed_ms: int) -> None:
    goal_mdpct = goal.incline_dpct * 1000
    change = INCLINE_RATE_DPCT_PER_S * elapsed_ms
    if goal_mdpct < work.ramp_mdpct:
        increment = config.profile.capabilities.incline_increment_dpct
        begin_mdpct = min(work.ramp_mdpct, (work.sent_dpct + increment) * 1000 - 1)
        work.ramp_mdpct = max(goal_mdpct, begin_mdpct - change)
        return
    speed_first = goal.speed_ckph > work.sent_ckph or work.since_rise_ms < ONE_AXIS_MS
    if goal.frozen or speed_first:
        work.ramp_mdpct = min(work.ramp_mdpct, work.sent_dpct * 1000)
    else:
        work.ramp_mdpct = min(goal_mdpct, work.ramp_mdpct + change)


def _send(config: Config, work: _Shaping) -> Command | None:
    """The speed first; but a deck that is due to rise has its turn once a second, also while the speed comes down, or
    it would rise after all that, when nobody expects it any more. It has no two turns on end while the speed waits: a
    machine that takes one command a second would come down only when the deck is up."""
    deck_turn = work.since_tilt_ms >= TILT_TURN_MS and work.since_tilt_ms > work.since_set_ms
    deck_first = deck_turn and work.ramp_mdpct >= (work.sent_dpct + 1) * 1000
    first, then = (_send_incline, _send_speed) if deck_first else (_send_speed, _send_incline)
    return first(config, work) or then(config, work)


def _send_speed(config: Config, work: _Shaping) -> Command | None:
    increment = config.profile.capabilities.speed_increment_ckph
    target = work.ramp_mckph // 1000
    target = max(target - target % increment, config.profile.capabilities.speed_min_ckph)
    if target == work.sent_ckph or work.since_set_ms < config.profile.command_gap_ms:
        return None
    if target > work.sent_ckph:
        if work.since_rise_ms < RISE_SPACING_MS:
            return None
        work.since_rise_ms = 0
    work.sent_ckph = target
    work.since_set_ms = 0
    return SetSpeed(target)


def _send_incline(config: Config, work: _Shaping) -> Command | None:
    increment = config.profile.capabilities.incline_increment_dpct
    target = work.ramp_mdpct // 1000
    # A deck that stands above the ceiling of another way goes there at once: no step above it is sent on the way down.
    target = min(target, config.limits.incline_dpct.value)
    target -= target % increment
    if target == work.sent_dpct or work.since_set_ms < config.profile.command_gap_ms:
        return None
    if target > work.sent_dpct:
        work.since_tilt_ms = 0
    work.sent_dpct = target
    work.ramp_mdpct = min(work.ramp_mdpct, (target + increment) * 1000 - 1)
    work.since_set_ms = 0
    return SetIncline(target)
