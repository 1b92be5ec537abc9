"""The one policy table: what trips, in which modes, what is done about it, and when it is over.

The strongest action wins. The first cause of a stop is kept; later ones are added behind it. Every row
carries its reason. A rule is changed here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import conditions
from .config import Config
from .facts import Facts
from .hazards import Action, Cause, Clears, Hazard
from .modes import IN_MOTION, Mode

Trip = Callable[[Config, Facts], str | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the policy. ``trips`` is None where an input trips it and not a condition."""

    number: str
    hazard: Hazard
    action: Action
    clears: Clears
    why: str
    modes: frozenset[Mode] = frozenset()
    trips: Trip | None = None


_RUN = frozenset({Mode.RUN})
_RUN_OR_PAUSING = frozenset({Mode.RUN, Mode.PAUSING})
_MOVING = IN_MOTION
_BEFORE_START = frozenset({Mode.ARMED, Mode.COUNTDOWN})
_STILL = frozenset({Mode.IDLE, Mode.ARMED, Mode.COUNTDOWN, Mode.PAUSED, Mode.TURN, Mode.LATCHED, Mode.FAULT})
_BELT_ALIVE = _MOVING | {Mode.STOPPING}

POLICY: tuple[Rule, ...] = (
    Rule(
        "R10", Hazard.TELEMETRY_LATE, Action.FREEZE_RISES, Clears.BY_ITSELF,
        "nothing may rise on the strength of an old report",
        _MOVING | _BEFORE_START, conditions.telemetry_late,
    ),
    Rule(
        "R5", Hazard.SUSPECT_SPEED, Action.FREEZE_RISES, Clears.BY_ITSELF,
        "one wild report is more often a fault of the console than of the belt",
        _MOVING, conditions.suspect_speed,
    ),
    Rule(
        "R3", Hazard.SET_REFUSED, Action.FREEZE_RISES, Clears.BY_ITSELF,
        "a machine that refuses a set-point is not where we think it is",
        _MOVING, conditions.set_refused,
    ),
    Rule(
        "R13b", Hazard.UI_SLOW, Action.FREEZE_RISES, Clears.BY_ITSELF,
        "who cannot see the screen move cannot be warned of a rise",
        _MOVING | _BEFORE_START, conditions.ui_slow,
    ),
    Rule(
        "R13b", Hazard.FOCUS_AWAY, Action.FREEZE_RISES, Clears.BY_ITSELF,
        "keys that go to another window do not stop the belt",
        _MOVING | _BEFORE_START, conditions.focus_away,
    ),
    Rule(
        "R13b", Hazard.SCREEN_LOCKED, Action.FREEZE_RISES, Clears.BY_ITSELF,
        "a locked screen takes no key",
        _MOVING | _BEFORE_START, conditions.screen_locked,
    ),
    Rule(
        "R13b", Hazard.REMOTE_AWAY, Action.FREEZE_RISES, Clears.BY_ITSELF,
        "the remote was the stop in the person's hand",
        _MOVING | _BEFORE_START, conditions.remote_away,
    ),
    Rule(
        "R6", Hazard.NOT_FOLLOWING, Action.FREEZE_RISES, Clears.BY_ITSELF,
        "what a belt does not follow now it may follow all at once later",
        _RUN, conditions.not_following,
    ),
    Rule(
        "R18", Hazard.RECORDER_BEHIND, Action.FREEZE_RISES, Clears.BY_ITSELF,
        "what is not recorded is not made harder; a lost record never brakes the belt",
        _RUN, conditions.recorder_behind,
    ),
    Rule(
        "R20", Hazard.CUES_FAILED, Action.FREEZE_RISES, Clears.BY_ITSELF,
        "who cannot be warned of a rise is not given one",
        _RUN, conditions.cues_failed,
    ),
    Rule(
        "R21", Hazard.SESSION_LONG, Action.EASE, Clears.BY_ITSELF,
        "tired legs trip; the last minute is for coming down",
        _RUN, conditions.session_long,
    ),
    Rule(
        "R11", Hazard.HEART_NEAR, Action.WARN, Clears.BY_ITSELF,
        "a heart answers late: what is near its ceiling now will be over it soon",
        _RUN, conditions.heart_near,
    ),
    Rule(
        "R11", Hazard.HEART_HIGH, Action.EASE, Clears.BY_ITSELF,
        "one step down, and time for the heart to answer",
        _RUN, conditions.heart_high,
    ),
    Rule(
        "R12", Hazard.HEART_LATE, Action.FREEZE_RISES, Clears.BY_ITSELF,
        "whose heart is not seen is not given more",
        _RUN, conditions.heart_late,
    ),
    Rule(
        "R12", Hazard.HEART_LOST, Action.WARN, Clears.BY_ITSELF,
        "a strap that slipped is put right by a person, who has to hear of it",
        _RUN, conditions.heart_lost,
    ),
    Rule(
        "R12", Hazard.HEART_GONE, Action.EASE, Clears.BY_ITSELF,
        "nobody sees the heart any more: the lowest speed asks little of it",
        _RUN, conditions.heart_gone,
    ),
    Rule(
        "R14", Hazard.ATTENTION_ASKED, Action.WARN, Clears.BY_ITSELF,
        "nobody sees whether a person on a belt is still well; one can ask",
        _RUN, conditions.attention_asked,
    ),
    Rule(
        "R14", Hazard.ATTENTION_LATE, Action.FREEZE_RISES, Clears.BY_ITSELF,
        "who does not answer is not given more, and hears a tone",
        _RUN, conditions.attention_late,
    ),
    Rule(
        "R14", Hazard.ATTENTION_LOST, Action.EASE, Clears.BY_ITSELF,
        "who still does not answer can step off a slow belt",
        _RUN, conditions.attention_lost,
    ),
    Rule(
        "R15", Hazard.PAIN_SOME, Action.FREEZE_RISES, Clears.BY_ITSELF,
        "pain of 3 to 5 is borne, not trained against",
        _RUN, conditions.pain_some,
    ),
    Rule(
        "R15", Hazard.EFFORT_HIGH, Action.EASE, Clears.BY_ITSELF,
        "who is nearly spent trips",
        _RUN, conditions.effort_high,
    ),
    Rule(
        "R21", Hazard.BLOCK_LONG, Action.EASE, Clears.BY_ITSELF,
        "what is held for longer than its tier allows was not planned so",
        _RUN, conditions.block_long,
    ),
    Rule(
        "R14", Hazard.NOBODY_ANSWERS, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "silence is not a yes",
        _RUN_OR_PAUSING, conditions.nobody_answers,
    ),
    Rule(
        "R14", Hazard.CLICKER_RELEASED, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "a hand that opens has let go of the belt",
        _MOVING, conditions.clicker_released,
    ),
    Rule(
        "R15", Hazard.PAIN_OVER, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "pain above 5, or three more than before, does harm",
        _MOVING, conditions.pain_over,
    ),
    Rule(
        "R15", Hazard.EFFORT_FULL, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "who has nothing left falls",
        _MOVING, conditions.effort_full,
    ),
    Rule(
        "R21", Hazard.BLOCK_OVER, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "the minute for ending the block is over",
        _RUN, conditions.block_over,
    ),
    Rule(
        "R19", Hazard.BATTERY_LOW, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "a computer that goes out guards no belt",
        _MOVING, conditions.battery_low,
    ),
    Rule(
        "R13", Hazard.LEASE_LAPSED, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "motion is leased; three missed beats end the lease",
        _MOVING, conditions.lease_lapsed,
    ),
    Rule(
        "R13", Hazard.LEASE_REVOKED, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "a program that has ended can neither steer nor be stopped by a key",
        _MOVING | {Mode.PAUSED, Mode.TURN}, conditions.lease_revoked,
    ),
    Rule(
        "R13b", Hazard.UI_DEAD, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "a screen that stands still for five seconds will not come back in time",
        _MOVING, conditions.ui_dead,
    ),
    Rule(
        "R13b", Hazard.INPUT_DEAD, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "a belt whose stop key is not read must not run",
        _MOVING, conditions.input_dead,
    ),
    Rule(
        "R13b", Hazard.FOCUS_GONE, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "nobody at the belt can stop it by a key",
        _MOVING, conditions.focus_gone,
    ),
    Rule(
        "R13b", Hazard.SCREEN_STAYS_LOCKED, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "nobody at the belt can stop it by a key",
        _MOVING, conditions.screen_stays_locked,
    ),
    Rule(
        "R13b", Hazard.REMOTE_GONE, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "the person at the belt has lost their stop",
        _MOVING, conditions.remote_gone,
    ),
    Rule(
        "R6", Hazard.NEVER_FOLLOWED, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "a belt that does not obey upward may not obey downward",
        _RUN, conditions.never_followed,
    ),
    Rule(
        "R21", Hazard.SESSION_OVER, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "the time for coming down is over",
        _RUN, conditions.session_over,
    ),
    Rule(
        "R11", Hazard.HEART_OVER, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "a step down did not help, or the heart is far too fast",
        _RUN, conditions.heart_over,
    ),
    Rule(
        "R12", Hazard.HEART_NEEDED, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "a plan that leans on the heart rate has nothing to stand on without it",
        _RUN, conditions.heart_needed,
    ),
    Rule(
        "R22", Hazard.TICKS_LATE, Action.CONTROLLED_STOP, Clears.BY_RESTART,
        "a guardian that is late cannot keep its other promises",
        _MOVING, conditions.ticks_late,
    ),
    Rule(
        "pause", Hazard.PAUSE_TOO_LONG, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "consoles end a pause after a minute, and a person walks away",
        frozenset({Mode.PAUSED}), conditions.pause_too_long,
    ),
    Rule(
        "R9", Hazard.TURN_TOO_LONG, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "nobody is at it any more",
        frozenset({Mode.TURN}), conditions.turn_too_long,
    ),
    Rule(
        "stop sequence", Hazard.RAMP_LAGS, Action.PROTECTIVE_STOP, Clears.WHEN_ACKNOWLEDGED,
        "a ramp that the belt does not follow is no stop",
        frozenset({Mode.STOPPING, Mode.PAUSING}), conditions.ramp_lags,
    ),
    Rule(
        "start", Hazard.NO_MOTION, Action.PROTECTIVE_STOP, Clears.WHEN_ACKNOWLEDGED,
        "a start that comes late comes as a surprise",
        frozenset({Mode.STARTING}), conditions.no_motion,
    ),
    Rule(
        "R19", Hazard.CLOCK_GAP, Action.PROTECTIVE_STOP, Clears.WHEN_ACKNOWLEDGED,
        "nobody knows what happened while the guardian stood still",
        _MOVING, conditions.clock_gap,
    ),
    Rule(
        "R16", Hazard.STOPPED_BY_ITSELF, Action.PROTECTIVE_STOP, Clears.WHEN_ACKNOWLEDGED,
        "somebody stopped the belt; it is theirs to start again",
        _RUN, conditions.stopped_by_itself,
    ),
    Rule(
        "R7", Hazard.UNEXPECTED_MOTION, Action.PROTECTIVE_STOP, Clears.AFTER_KEY_TEST,
        "a belt that moves unasked is the worst thing that it can do",
        _STILL, conditions.unexpected_motion,
    ),
    Rule(
        "R5", Hazard.RUNAWAY, Action.ESCALATE, Clears.AFTER_KEY_TEST,
        "a belt faster than any command needs the key, not another command",
        _BELT_ALIVE, conditions.runaway,
    ),
    Rule(
        "R10", Hazard.TELEMETRY_SILENT, Action.ESCALATE, Clears.WHEN_ACKNOWLEDGED,
        "without reports nobody knows what the belt does",
        _MOVING, conditions.telemetry_silent,
    ),
    Rule(
        "R10", Hazard.COUNTERS_STUCK, Action.ESCALATE, Clears.WHEN_ACKNOWLEDGED,
        "a console that repeats itself is as blind as a silent one",
        _MOVING, conditions.counters_stuck,
    ),
    Rule(
        "stop sequence", Hazard.STOP_UNCONFIRMED, Action.ESCALATE, Clears.WHEN_ACKNOWLEDGED,
        "a stop that is not seen to work is not a stop",
        frozenset({Mode.STOPPING, Mode.PAUSING}), conditions.stop_unconfirmed,
    ),
    Rule("R1", Hazard.SPEED_CAPPED, Action.WARN, Clears.BY_ITSELF, "the lowest ceiling wins"),
    Rule("R4", Hazard.INCLINE_CAPPED, Action.WARN, Clears.BY_ITSELF, "the lowest ceiling wins"),
    Rule(
        "R8", Hazard.FOREIGN_LOWER, Action.WARN, Clears.BY_ITSELF,
        "who lowers the belt at its console wants it lower; that is a ceiling and never a reason to stop",
    ),
    Rule(
        "R8", Hazard.FOREIGN_HIGHER, Action.PROTECTIVE_STOP, Clears.AFTER_KEY_TEST,
        "two controllers of one belt are a danger to whoever is on it",
    ),
    Rule(
        "R9", Hazard.WRONG_WAY, Action.PROTECTIVE_STOP, Clears.AFTER_KEY_TEST,
        "who stands ready for one way falls on a belt that runs the other: nobody waits for a second report",
    ),
    Rule(
        "R19", Hazard.HOST_SLEEPS, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "a computer that sleeps guards no belt",
    ),
    Rule(
        "R19", Hazard.SUSPENDED, Action.PROTECTIVE_STOP, Clears.WHEN_ACKNOWLEDGED,
        "nobody knows what happened while the computer slept",
    ),
    Rule(
        "R15", Hazard.SYMPTOM, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "what a person feels is a reason to stop, and never to go on",
    ),
    Rule(
        "R15", Hazard.SYMPTOM_AT_ONCE, Action.PROTECTIVE_STOP, Clears.WHEN_ACKNOWLEDGED,
        "who may faint has no time for a ramp",
    ),
    Rule("start", Hazard.ARM_REFUSED, Action.WARN, Clears.BY_ITSELF, "arming needs a belt that is seen still"),
    Rule("start", Hazard.START_NOT_POSSIBLE, Action.WARN, Clears.BY_ITSELF, "a start needs all of it right at its end"),
    Rule(
        "stop", Hazard.OPERATOR_STOP, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED,
        "stop never asks and never queues",
    ),
    Rule(
        "stop", Hazard.OPERATOR_STOP_AGAIN, Action.PROTECTIVE_STOP, Clears.WHEN_ACKNOWLEDGED,
        "who presses again wants it faster",
    ),
    Rule("stop", Hazard.PLAN_STOP, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED, "a plan ends in standstill"),
    Rule("stop", Hazard.PROGRAM_STOP, Action.CONTROLLED_STOP, Clears.WHEN_ACKNOWLEDGED, "the session asked for it"),
    Rule(
        "start", Hazard.START_REFUSED, Action.PROTECTIVE_STOP, Clears.WHEN_ACKNOWLEDGED,
        "a start that failed half-way must not come true later",
    ),
    Rule(
        "R16", Hazard.STOPPED_AT_CONSOLE, Action.PROTECTIVE_STOP, Clears.WHEN_ACKNOWLEDGED,
        "a stop at the console is a stop by a person",
    ),
    Rule(
        "R16", Hazard.KEY_PULLED, Action.PROTECTIVE_STOP, Clears.WHEN_ACKNOWLEDGED,
        "the safety key was pulled: somebody was in need",
    ),
    Rule(
        "R7", Hazard.STARTED_AT_CONSOLE, Action.PROTECTIVE_STOP, Clears.AFTER_KEY_TEST,
        "the belt was started by somebody else",
    ),
    Rule(
        "R7", Hazard.CONSOLE_RESTARTED, Action.PROTECTIVE_STOP, Clears.AFTER_KEY_TEST,
        "a console that began anew has forgotten our stop as well, and some start their belt by themselves",
    ),
    Rule(
        "R22", Hazard.SELF_FAULT, Action.PROTECTIVE_STOP, Clears.BY_RESTART,
        "an assertion failed: what follows cannot be trusted",
    ),
    Rule(
        "R17", Hazard.LINK_DOWN, Action.ESCALATE, Clears.WHEN_ACKNOWLEDGED,
        "most belts run on when their link is lost",
    ),
    Rule(
        "R8", Hazard.CONTROL_LOST, Action.ESCALATE, Clears.WHEN_ACKNOWLEDGED,
        "another program has control of the belt, and our stop may no longer be obeyed",
    ),
    Rule(
        "link", Hazard.WRITE_OVERDUE, Action.ESCALATE, Clears.WHEN_ACKNOWLEDGED,
        "a command that hangs in the link may hold the stop up behind it",
    ),
)  # fmt: skip

RULES: dict[Hazard, Rule] = {rule.hazard: rule for rule in POLICY}
_BY_MODE: dict[Mode, tuple[tuple[Rule, Trip], ...]] = {
    mode: tuple((rule, rule.trips) for rule in POLICY if rule.trips is not None and mode in rule.modes) for mode in Mode
}


def cause(hazard: Hazard, message: str | None = None) -> Cause:
    """The cause that this hazard's row makes of ``message`` (by default the row's own reason)."""
    rule = RULES[hazard]
    return Cause(hazard, rule.action, message or rule.why, rule.clears)


def tripped(config: Config, facts: Facts) -> tuple[Cause, ...]:
    """The causes of every row that its condition trips now, in the order of the table."""
    causes: tuple[Cause, ...] = ()
    for rule, trips in _BY_MODE[facts.mode]:
        message = trips(config, facts)
        if message is not None:
            causes = (*causes, Cause(rule.hazard, rule.action, message, rule.clears))
    return causes
