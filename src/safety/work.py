"""What the supervisor remembers between two steps, and the copy of it that one step works on."""

from __future__ import annotations

from dataclasses import dataclass

from ..machine import Command, StopBelt
from ..values import value
from .attention import ALERT, Attention
from .belt import Belt, Envelope
from .config import Config
from .drive import Drive
from .facts import GAP_MS, LATE_TICKS, LATE_TICKS_LIMIT_MS, Facts
from .feeling import NOTHING_SAID, Feeling
from .following import Following, Tilts
from .hazards import Action, Cause, Hazard
from .health import WELL, Health
from .heart import NO_HEART, Heart
from .inputs import Wanted
from .modes import IN_MOTION, Mode, Trigger, follow
from .policy import cause
from .run import Run
from .stopping import Stop
from .turning import LONGEST_MS, Turn

TICK_MS = 100
ARMED_MS = 30_000
# From here on a second press of a stop key is meant, and not the same press bouncing or repeating.
PRESS_AGAIN_MS = 1_000
LATE_TICKS_WINDOW_MS = 10_000
AGE_CEILING_MS = 61_000
# A computer waits 5 s for those who delay its sleep (systemd, InhibitDelayMaxSec), some are set to more. After that
# it stayed awake.
SLEEPS_WITHIN_MS = 30_000
MODE_CEILING_MS = LONGEST_MS + 1_000


@value
class State:
    """All that the supervisor remembers. Ages in milliseconds.

    ``hazards`` are those of the stop in force, each once, in the order they came. ``in_flight``: a command other
    than a stop is with the link and not yet answered; until it is, no other one leaves. ``turn`` is the one under
    way. ``control_lost``: another program took control of the machine; only a new link ends that. ``sleeps_ms``:
    since the computer said that it is about to sleep. ``feeling`` outlives a stop: a symptom ends the run for good.
    """

    mode: Mode = Mode.DISCONNECTED
    mode_ms: int = 0
    link_up: bool = False
    belt: Belt = Belt()
    envelope: Envelope = Envelope()
    drive: Drive = Drive()
    wanted: Wanted = Wanted(0, 0)
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
    health: Health = WELL
    following: Following = Following()
    tilts: Tilts = Tilts()
    turn: Turn | None = None
    run: Run = Run()
    control_lost: bool = False
    sleeps_ms: int | None = None
    heart: Heart = NO_HEART
    attention: Attention = ALERT
    feeling: Feeling = NOTHING_SAID


@value
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
class Work:
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
    health: Health
    following: Following
    tilts: Tilts
    turn: Turn | None
    run: Run
    control_lost: bool
    sleeps_ms: int | None
    heart: Heart
    attention: Attention
    feeling: Feeling
    gap_ms: int
    start_rejected: bool = False
    slept: bool = False
    causes: tuple[Cause, ...] = ()
    commands: tuple[Command, ...] = ()

    def go(self, trigger: Trigger) -> bool:
        """Follow the table; True where the mode changed."""
        mode = follow(self.mode, trigger)
        if mode is self.mode:
            return False
        self.mode, self.mode_ms = mode, 0
        return True

    def lapse(self, reason: str) -> None:
        """A start that is no longer right: nothing has moved yet, so nothing needs stopping."""
        self.note(Hazard.START_NOT_POSSIBLE, reason)
        self.go(Trigger.LAPSE)

    def standstill(self) -> bool:
        return self.link_up and self.belt.standstill(self.config.times.late_ms)

    def send(self, command: Command) -> None:
        self.commands = (*self.commands, command)
        self.in_flight = self.in_flight or not isinstance(command, StopBelt)

    def note(self, hazard: Hazard, message: str | None = None) -> None:
        self.causes = (*self.causes, cause(hazard, message))


def aged(config: Config, state: State, elapsed_ms: int) -> Work:
    late_ms, late_ticks = _late_ticks(state, elapsed_ms)
    window_ms, fall = config.window_ms, config.profile.slowest_fall_ckph_per_s
    return Work(
        config,
        state.mode,
        min(state.mode_ms + elapsed_ms, MODE_CEILING_MS),
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
        state.health.aged(elapsed_ms),
        state.following,
        state.tilts,
        state.turn,
        state.run.moved(elapsed_ms) if state.mode in IN_MOTION else state.run,
        state.control_lost,
        _sleeps_ms(state, elapsed_ms),
        state.heart.aged(elapsed_ms),
        state.attention,
        state.feeling,
        elapsed_ms - TICK_MS if elapsed_ms - TICK_MS > GAP_MS else 0,
    )


def _sleeps_ms(state: State, elapsed_ms: int) -> int | None:
    if state.sleeps_ms is None or state.sleeps_ms + elapsed_ms >= SLEEPS_WITHIN_MS:
        return None
    return state.sleeps_ms + elapsed_ms


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


def frozen(work: Work) -> State:
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
        work.health,
        work.following,
        work.tilts,
        work.turn,
        work.run,
        work.control_lost,
        work.sleeps_ms,
        work.heart,
        work.attention,
        work.feeling,
    )


def facts(work: Work) -> Facts:
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
        work.health,
        work.following.behind_ms,
        work.run,
        work.drive.sent_ckph,
        work.stop,
        work.heart,
        work.attention,
        work.feeling,
        work.gap_ms,
    )
