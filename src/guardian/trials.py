"""One trial of a machine with nobody on its belt, as a pure state machine.

A trial asks for things that a session never asks for: a set-point for a belt that rests, a second stop, a link that is
let go while the belt runs. So it has a ceiling of its own, begins only at confirmed standstill, and does one thing
after another from its script. It never fights: whatever is unexpected ends it, and the belt is handed to the supervisor
with a stop, which then stops, repeats and escalates as ever.

    ends a trial at once                                        limit
    a stop, a cancelled start, a computer that goes to sleep    -
    the program not heard, gone, or without keyboard or screen  0.6 s, 5 s for the screen
    the link lost, a command stuck in it, no report             3.0 s without a report
    a speed over 1.7 times the ceiling and 0.3 km/h more        two reports, or one for 1.0 s
    a belt that starts or stops when it should not              two reports; confirmed standstill
    longer than its script                                      the sum of its steps
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from ..machine import (
    BeltDirection,
    Capabilities,
    Command,
    DeviceProfile,
    Facing,
    MachineNotice,
    SetIncline,
    SetSpeed,
    StartBelt,
    StopBelt,
)
from ..safety import inputs, reports, requests
from ..safety.belt import RUNAWAY_MARGIN_CKPH, RUNAWAY_REPORTS, SPIKE_BELIEVED_MS, Belt, Envelope
from ..safety.conditions import LEASE_MS, UI_DEAD_MS
from ..safety.config import Config
from ..safety.inputs import Input, StopBy
from ..safety.limits import Limit, Limits
from ..safety.tiers import NOVICE
from ..safety.turning import DWELL_MS, LEVEL_DPCT, deck_dpct
from ..safety.work import State, Work, aged, frozen

# The highest speed of a trial: one km/h above the lowest, so that a ramp has a length, and no faster than a slow walk.
ABOVE_LOWEST_CKPH = 100
CEILING_CKPH = 250
# Nobody could step onto a belt that begins faster; who says so of itself is not asked for it.
LOWEST_MAX_CKPH = 500
# Miles taken for kilometres are 1.61 times too fast; what is faster than that is no unit but a runaway.
OVER_FACTOR_PERCENT = 170
OVER_MARGIN_CKPH = 30
# A console that is slower than one report in three seconds cannot be watched at all.
SILENT_MS = 3_000
# One per cent: enough to see the deck move, no hill.
INCLINE_DPCT = 10
# Countdowns of consoles last up to ten seconds; the rest is for a slow one.
MOTION_WITHIN_MS = 20_000
# The lowest speed is reached and reported within this on the slowest machine on record.
SETTLE_MS = 5_000
# A person looks at a console, reads a number twice and remembers it.
READ_MS = 15_000
# Ten reports of a machine that reports once a second.
WATCH_REST_MS = 10_000
WATCH_RUN_MS = 40_000
# A countdown again, without a belt that should move at its end.
NOTHING_MOVES_MS = 12_000
# Long enough to see that a belt runs on and is not just slowing down; a person can look at it.
AWAY_MS = 10_000
# Three searches of two and a half seconds and a moment.
LINK_WITHIN_MS = 9_000
# To walk to the machine and take the key.
HAND_WITHIN_MS = 30_000
# From the highest speed of a trial to rest on a belt that coasts, and two seconds to confirm it.
STILL_WITHIN_MS = 15_000
# Consoles that were rebooted by a stop set their belt going again some seconds later.
KEEPS_STILL_MS = 8_000
# A second stop comes while the belt still slows down.
SECOND_STOP_MS = 500


class Trial(StrEnum):
    """What is tried out."""

    WATCH = "watch"
    START = "start"
    LOWEST_SPEED = "lowest speed"
    STEP_UP = "step up"
    INCLINE = "incline"
    STOP = "stop"
    STOP_TWICE = "stop twice"
    SET_WHILE_STOPPED = "set while stopped"
    START_WHILE_RUNNING = "start while running"
    DISCONNECT_WHILE_RUNNING = "disconnect while running"
    KEY_PULL = "key pull"
    CONSOLE_STOP = "console stop"
    REVERSE = "reverse"


class TrialPhase(StrEnum):
    """How far a trial is."""

    BEGAN = "began"
    MOVING = "moving"
    READ_NOW = "read the console now"
    HAND_NOW = "stop it by hand now"
    PUT_BACK = "put the key back now"
    LINK_LET_GO = "link let go"
    LINK_BACK = "link back"
    DONE = "done"
    STOPPED = "stopped"
    CUT_SHORT = "cut short"
    REFUSED = "refused"


ENDS = frozenset({TrialPhase.DONE, TrialPhase.STOPPED, TrialPhase.CUT_SHORT, TrialPhase.REFUSED})


class Expected(StrEnum):
    """What the belt does while a step of a script lasts, if all is as it should be."""

    MOVES = "moves"
    RESTS = "rests"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Do:
    """Send a command, once the one before it is answered. ``may_refuse``: being refused is a finding, not a failure."""

    command: Command
    may_refuse: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """``ms`` pass while the belt does what is ``expected``."""

    ms: int
    expected: Expected = Expected.MOVES
    phase: TrialPhase | None = None


@dataclass(frozen=True, slots=True)
class UntilMoving:
    """The belt is seen moving, at the latest after so long."""

    ms: int = MOTION_WITHIN_MS


@dataclass(frozen=True, slots=True)
class UntilStill:
    """The belt is confirmed still, at the latest after so long. ``by_hand``: a person is to stop it."""

    ms: int
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class LetGo:
    """The link is let go, and asked for again after so long."""

    ms: int = AWAY_MS


@dataclass(frozen=True, slots=True)
class UntilLinked:
    """The link is back, at the latest after so long."""

    ms: int = LINK_WITHIN_MS


ScriptStep = Do | Wait | UntilMoving | UntilStill | LetGo | UntilLinked


def ceiling_ckph(capabilities: Capabilities) -> int:
    """The highest speed that a trial may ask for, in hundredths of a km/h; a whole number of the machine's steps."""
    lowest = capabilities.speed_min_ckph
    room = max(0, min(lowest + ABOVE_LOWEST_CKPH, CEILING_CKPH, capabilities.speed_max_ckph) - lowest)
    return lowest + room - room % capabilities.speed_increment_ckph


def incline_dpct(capabilities: Capabilities) -> int:
    """The incline that a trial asks for, in tenths of a percent; 0 where the deck does not move."""
    if not 0 < capabilities.incline_increment_dpct <= capabilities.incline_max_dpct:
        return 0
    steps = max(1, INCLINE_DPCT // capabilities.incline_increment_dpct)
    return min(steps * capabilities.incline_increment_dpct, capabilities.incline_max_dpct)


def script(trial: Trial, capabilities: Capabilities) -> tuple[ScriptStep, ...]:
    """What is done in this trial on such a machine, in order; a belt that still moves is handed over then."""
    lowest, high = SetSpeed(capabilities.speed_min_ckph), SetSpeed(ceiling_ckph(capabilities))
    runs: tuple[ScriptStep, ...] = (Do(StartBelt()), UntilMoving(), Wait(SETTLE_MS, phase=TrialPhase.MOVING))
    stopped: tuple[ScriptStep, ...] = (UntilStill(STILL_WITHIN_MS), Wait(KEEPS_STILL_MS, Expected.RESTS))
    by_hand: tuple[ScriptStep, ...] = (
        UntilStill(HAND_WITHIN_MS, by_hand=True), Wait(KEEPS_STILL_MS, Expected.RESTS),
    )  # fmt: skip
    backwards = StartBelt(regardless=True, belt=BeltDirection.REVERSED)
    tilt = SetIncline(incline_dpct(capabilities))
    scripts: dict[Trial, tuple[ScriptStep, ...]] = {
        Trial.WATCH: (Wait(WATCH_REST_MS, Expected.RESTS), *runs, Wait(WATCH_RUN_MS)),
        Trial.START: (*runs, Wait(READ_MS, phase=TrialPhase.READ_NOW)),
        Trial.LOWEST_SPEED: (*runs, Do(lowest), Wait(READ_MS, phase=TrialPhase.READ_NOW)),
        Trial.STEP_UP: (
            *runs, Do(lowest), Wait(SETTLE_MS), Do(high), Wait(2 * SETTLE_MS), Do(lowest), Wait(2 * SETTLE_MS),
            Do(high), Wait(2 * SETTLE_MS),
        ),
        Trial.INCLINE: (*runs, Do(tilt), Wait(2 * SETTLE_MS), Do(SetIncline(0)), Wait(2 * SETTLE_MS)),
        Trial.STOP: (*runs, Do(StopBelt()), *stopped),
        Trial.STOP_TWICE: (
            *runs, Do(StopBelt()), Wait(SECOND_STOP_MS, Expected.EITHER), Do(StopBelt(), may_refuse=True), *stopped,
            Do(StopBelt(), may_refuse=True), Wait(NOTHING_MOVES_MS, Expected.RESTS),
        ),
        Trial.SET_WHILE_STOPPED: (
            Do(replace(lowest, regardless=True), may_refuse=True), Wait(NOTHING_MOVES_MS, Expected.RESTS),
        ),
        Trial.START_WHILE_RUNNING: (
            *runs, Do(StartBelt(regardless=True), may_refuse=True), Wait(2 * SETTLE_MS, Expected.EITHER),
        ),
        Trial.DISCONNECT_WHILE_RUNNING: (*runs, LetGo(), UntilLinked(), Wait(SETTLE_MS, Expected.EITHER)),
        Trial.KEY_PULL: (*runs, *by_hand, Wait(NOTHING_MOVES_MS, Expected.RESTS, TrialPhase.PUT_BACK)),
        Trial.CONSOLE_STOP: (*runs, *by_hand),
        Trial.REVERSE: (
            Wait(DWELL_MS, Expected.RESTS), Do(backwards), UntilMoving(), Wait(SETTLE_MS, phase=TrialPhase.MOVING),
            Wait(READ_MS, phase=TrialPhase.READ_NOW), Do(StopBelt()), *stopped, *runs,
        ),
    }  # fmt: skip
    return scripts[trial]


@dataclass(frozen=True, slots=True)
class Trying:
    """A trial under way.

    ``at``: the step of the script; ``step_ms`` since it began. ``starting``: a start was sent, not refused, and no
    motion has been seen since. ``away``: the link was let go on purpose; ``wants_link``: and is to come back now.
    """

    trial: Trial
    config: Config
    steps: tuple[ScriptStep, ...]
    at: int = 0
    step_ms: int = 0
    in_flight: bool = False
    starting: bool = False
    away: bool = False
    wants_link: bool = False

    @property
    def limit_ckph(self) -> int:
        """The speed above which a belt runs away, in hundredths of a km/h."""
        return self.config.limits.speed_ckph.value * OVER_FACTOR_PERCENT // 100 + OVER_MARGIN_CKPH

    @property
    def step(self) -> ScriptStep:
        """What is being done."""
        return self.steps[self.at]


@dataclass(frozen=True, slots=True)
class Turned:
    """What came of one moment of a trial.

    ``state`` is the supervisor's, with what was seen. ``command`` is for the gate. ``phase`` is told to main. A trial
    that is over has ``trying`` None; ``stop`` then says by whom the belt is to be stopped, or None: it rests. ``drop``
    and ``reconnect`` ask for the link to be let go and made anew.
    """

    trying: Trying | None
    state: State
    command: Command | None = None
    phase: TrialPhase | None = None
    message: str = ""
    stop: StopBy | None = None
    drop: bool = False
    reconnect: bool = False


def begin(trial: Trial, profile: DeviceProfile, state: State) -> Trying | str:
    """The trial, or a sentence on why there is none now: it needs a rested belt, a live program and a free machine."""
    capabilities = profile.capabilities
    if trial is Trial.INCLINE and not incline_dpct(capabilities):
        return f"{profile.name} has no incline motor to try out"
    if capabilities.speed_min_ckph > LOWEST_MAX_CKPH:
        lowest, limit = capabilities.speed_min_ckph / 100, LOWEST_MAX_CKPH / 100
        return f"the lowest speed of {profile.name} is said to be {lowest:g} km/h (limit of a trial {limit:g} km/h)"
    why = "the ceiling of a trial with nobody on the belt"
    limits = Limits(Limit(ceiling_ckph(capabilities), why), Limit(incline_dpct(capabilities), why))
    steps = script(trial, capabilities)
    config = Config.of(profile, NOVICE, limits, Facing.CONSOLE)
    reason = requests.not_ready(aged(config, state, 0)) or (_not_turned(profile, state) if _turns(steps) else None)
    return reason or Trying(trial, config, steps)


def _next_way(steps: tuple[ScriptStep, ...]) -> BeltDirection | None:
    """The way of the first start among these steps."""
    return next((one.command.belt for one in steps if isinstance(one, Do) and isinstance(one.command, StartBelt)), None)


def _turns(steps: tuple[ScriptStep, ...]) -> bool:
    return _next_way(steps) is BeltDirection.REVERSED


def _not_turned(profile: DeviceProfile, state: State) -> str | None:
    """Why the belt is not tried out the other way; None where it may be."""
    if not (profile.may_reverse or profile.reverses):
        return f"{profile.name} is of no kind that runs its belt backwards"
    deck = deck_dpct(state.belt, state.drive.sent_dpct)
    return f"the deck must be level: {deck / 10:.1f} % (limit {LEVEL_DPCT / 10:.0f} %)" if deck > LEVEL_DPCT else None


def turn(trying: Trying, state: State, elapsed_ms: int, items: tuple[Input, ...]) -> Turned:
    """One moment of the trial: what came in since the last one, and what follows from it."""
    seen = _observed(trying, state, elapsed_ms, items)
    trying = _taken_in(replace(trying, step_ms=trying.step_ms + elapsed_ms), seen.belt, items)
    end = _interrupted(trying, items) or _unfit(trying, seen)
    if end is not None:
        return _over(seen, *end)
    return _next(trying, seen)


def handed_over(trying: Trying, state: State, items: tuple[Input, ...]) -> State:
    """The supervisor's state as it takes the belt over, and before it hears of ``items``.

    Its envelope is the trial's, so that a belt in its trial is no runaway. Behind a start, zeros say nothing of what
    the belt is about to do; and a belt that nobody can see may move. Motion that the trial asked for is not unexpected.
    """
    belt = state.belt.watched_anew() if trying.starting else state.belt
    unseen = not state.link_up or trying.away or inputs.LinkWentDown() in items
    belt = replace(belt, moving=1 if unseen else 0)
    return replace(state, belt=belt, envelope=_envelope(trying), in_flight=trying.in_flight)


# --- what is seen -------------------------------------------------------------------------------------------


def _observed(trying: Trying, state: State, elapsed_ms: int, items: tuple[Input, ...]) -> State:
    """The supervisor's knowledge of belt and program goes on; its rules wait until it takes the belt over."""
    work = aged(trying.config, state, elapsed_ms)
    work.envelope = _envelope(trying)
    for item in items:
        watches = _WATCHES.get(type(item))
        if watches is not None:
            watches(work, item)
    return frozen(work)


def _envelope(trying: Trying) -> Envelope:
    """The rule of a runaway adds its own margin to it."""
    ceiling_ckph = trying.limit_ckph - RUNAWAY_MARGIN_CKPH
    return Envelope().sent(ceiling_ckph)


def _link_went_down(work: Work, _item: inputs.LinkWentDown) -> None:
    work.link_up = False


def _control_lost(work: Work, item: inputs.Said) -> None:
    work.control_lost = work.control_lost or item.notice is MachineNotice.CONTROL_LOST


_WATCHES: dict[type[Input], Callable[[Work, Any], None]] = {
    inputs.Seen: reports.seen,
    inputs.Said: _control_lost,
    inputs.LinkCameUp: reports.link_came_up,
    inputs.LinkWentDown: _link_went_down,
    inputs.Beat: requests.beat,
    inputs.LeaseRevoked: requests.lease_revoked,
}


def _taken_in(trying: Trying, belt: Belt, items: tuple[Input, ...]) -> Trying:
    """Answers, the link, and the first motion."""
    for item in items:
        if isinstance(item, inputs.Answered) and item.kind is not inputs.CommandKind.STOP:
            refused = item.kind is inputs.CommandKind.START and item.answer is inputs.Answer.REJECTED
            trying = replace(trying, in_flight=False, starting=trying.starting and not refused)
        elif isinstance(item, inputs.LinkWentDown | inputs.LinkCameUp):
            trying = replace(trying, in_flight=False)
    return replace(trying, starting=False) if belt.moving else trying


# --- what ends a trial --------------------------------------------------------------------------------------

_End = tuple[TrialPhase, str, StopBy]


def _interrupted(trying: Trying, items: tuple[Input, ...]) -> _End | None:
    """What came in that ends the trial: a stop first of all."""
    for item in items:
        if isinstance(item, inputs.StopAsked):
            return TrialPhase.STOPPED, "stop was asked for", item.by
        if isinstance(item, inputs.StartCancelled):
            return TrialPhase.STOPPED, "the trial was called off", StopBy.OPERATOR
    for item in items:
        message = _trouble(trying, item)
        if message is not None:
            return TrialPhase.CUT_SHORT, message, StopBy.PROGRAM
    return None


def _trouble(trying: Trying, item: Input) -> str | None:
    """Why this input is none that a trial goes on after; None where it is."""
    if isinstance(item, inputs.LinkWentDown) and not (trying.away and isinstance(trying.step, LetGo | UntilLinked)):
        return "the link to the treadmill is lost"
    if isinstance(item, inputs.Said) and item.notice is MachineNotice.CONTROL_LOST:
        return "another program took control of the treadmill"
    if isinstance(item, inputs.Answered):
        return _refused(trying, item)
    return _PLAIN_TROUBLE.get(type(item))


_PLAIN_TROUBLE: dict[type[Input], str] = {
    inputs.LeaseRevoked: "the program has ended",
    inputs.HostSleeps: "the computer is about to sleep",
    inputs.Suspended: "the computer slept",
    inputs.WriteOverdue: "a command is stuck in the link",
    inputs.SelfFault: "the guardian failed",
    inputs.PauseAsked: "a pause was asked for",
    inputs.TurnAsked: "a turn was asked for",
}


def _refused(trying: Trying, item: inputs.Answered) -> str | None:
    """A command whose refusal is no finding was refused, or nobody knows."""
    asked = trying.steps[: trying.at]
    last = next((one for one in reversed(asked) if isinstance(one, Do)), None)
    may = last is not None and last.may_refuse and item.answer is inputs.Answer.REJECTED
    if item.answer is inputs.Answer.ACCEPTED or may:
        return None
    return f"the treadmill's answer to the command {item.kind.value} was: {item.answer.value}"


def _unfit(trying: Trying, state: State) -> _End | None:
    """What is seen that ends the trial, and a script that takes too long."""
    message = _lease(state) or (None if trying.away else _belt_trouble(trying, state.belt)) or _late(trying)
    return None if message is None else (TrialPhase.CUT_SHORT, message, StopBy.PROGRAM)


def _lease(state: State) -> str | None:
    if state.revoked or state.beat_ms > LEASE_MS:
        return f"the program has not been heard for {state.beat_ms / 1000:.1f} s (limit {LEASE_MS / 1000:.1f} s)"
    if state.ui_ms > UI_DEAD_MS:
        return f"nobody could have pressed a key for {state.ui_ms / 1000:.1f} s (limit {UI_DEAD_MS / 1000:.1f} s)"
    return None if state.input_alive else "the program does not read the keyboard"


def _belt_trouble(trying: Trying, belt: Belt) -> str | None:
    if belt.age_ms > SILENT_MS:
        return f"no report for {belt.age_ms / 1000:.1f} s (limit {SILENT_MS / 1000:.1f} s)"
    believed = belt.spike_ms is not None and belt.spike_ms >= SPIKE_BELIEVED_MS
    if belt.over >= RUNAWAY_REPORTS or believed:
        limit = trying.limit_ckph / 100
        return f"the belt runs at {(belt.speed_ckph or 0) / 100:.1f} km/h (limit of a trial {limit:.1f} km/h)"
    if belt.direction not in (None, trying.config.belt) and belt.speed_ckph:
        return f"the belt runs {belt.direction.value}, and a trial starts it {trying.config.belt.value}"
    step = trying.step
    expected = step.expected if isinstance(step, Wait) else None
    if expected is Expected.RESTS and belt.moving > 1:
        return f"the belt moves at {(belt.speed_ckph or 0) / 100:.1f} km/h although it should rest"
    if expected is Expected.MOVES and belt.standstill(trying.config.times.late_ms):
        return "the belt came to rest although nothing stopped it"
    return None


def _late(trying: Trying) -> str | None:
    """A step that waits for something has waited long enough."""
    step = trying.step
    if isinstance(step, Do):
        over, limit_ms = trying.step_ms > trying.config.profile.answer_within_ms + SILENT_MS, SILENT_MS
        return f"the treadmill has not answered for more than {limit_ms / 1000:.0f} s" if over else None
    if isinstance(step, Wait | LetGo) or trying.step_ms < step.ms:
        return None
    seconds = f"within {step.ms / 1000:.0f} s"
    if isinstance(step, UntilMoving):
        return f"the belt did not move {seconds} of the start"
    if isinstance(step, UntilLinked):
        return f"the link did not come back {seconds}"
    return f"the belt was not stopped by hand {seconds}" if step.by_hand else f"the belt did not come to rest {seconds}"


def _over(state: State, phase: TrialPhase, message: str, by: StopBy) -> Turned:
    return Turned(None, state, phase=phase, message=message, stop=by)


# --- the script ---------------------------------------------------------------------------------------------


def _next(trying: Trying, state: State) -> Turned:
    """Carry on with the step that is on; a step that is over makes place for the next, one a moment."""
    step = trying.step
    if isinstance(step, Do):
        return _do(trying, step, state)
    if not _step_over(trying, step, state):
        drops = isinstance(step, LetGo) and not trying.away
        if not drops:
            return Turned(trying, state)
        return Turned(replace(trying, away=True, step_ms=0), state, phase=TrialPhase.LINK_LET_GO, drop=True)
    return _advance(trying, state)


def _do(trying: Trying, step: Do, state: State) -> Turned:
    if trying.in_flight and not isinstance(step.command, StopBelt):
        return Turned(trying, state)
    stops = isinstance(step.command, StopBelt)
    starts = isinstance(step.command, StartBelt) and not state.belt.moving
    sent = replace(trying, in_flight=trying.in_flight or not stops, starting=trying.starting or starts)
    turned = _advance(sent, state)
    return replace(turned, command=step.command)


def _step_over(trying: Trying, step: ScriptStep, state: State) -> bool:
    if isinstance(step, UntilMoving):
        return state.belt.moving > 0
    if isinstance(step, UntilStill):
        return state.belt.standstill(trying.config.times.late_ms)
    if isinstance(step, UntilLinked):
        return state.link_up and state.belt.speed_ckph is not None
    if isinstance(step, LetGo):
        return trying.away and trying.step_ms >= step.ms
    return isinstance(step, Wait) and trying.step_ms >= step.ms


def _advance(trying: Trying, state: State) -> Turned:
    """The next step of the script, or its end: a belt that rests is left alone, any other one is stopped."""
    after = trying.at + 1
    linked = isinstance(trying.step, UntilLinked)
    if after == len(trying.steps):
        rests = state.link_up and not trying.starting and state.belt.standstill(trying.config.times.late_ms)
        return Turned(None, state, phase=TrialPhase.DONE, stop=None if rests else StopBy.PLAN)
    step = trying.steps[after]
    wants_link = isinstance(step, UntilLinked)
    way = _next_way(trying.steps[after : after + 1]) or trying.config.belt
    config = trying.config if way is trying.config.belt else replace(trying.config, belt=way)
    now = replace(trying, config=config, at=after, step_ms=0, away=trying.away and not linked, wants_link=wants_link)
    return Turned(now, state, phase=TrialPhase.LINK_BACK if linked else _phase(step), reconnect=wants_link)


def _phase(step: ScriptStep) -> TrialPhase | None:
    if isinstance(step, UntilStill) and step.by_hand:
        return TrialPhase.HAND_NOW
    return step.phase if isinstance(step, Wait) else None
