"""What main is told of the belt: the snapshots, and each cause in the words that it first had."""

from __future__ import annotations

from dataclasses import dataclass

from ..safety.belt import AGE_CEILING_MS
from ..safety.config import Config
from ..safety.hazards import Action, Cause, Hazard
from ..safety.heart import AGE_CEILING_MS as HEART_AGE_CEILING_MS
from ..safety.modes import AT_REST, ENDING, Mode
from ..safety.policy import cause
from ..safety.turning import DWELL_MS, deck_dpct
from ..safety.work import State
from ..values import value
from .hearing import whole_ms
from .messages import FromGuardian, HeartShown, LimitInForce, Snapshot, Stepped, StopShown, TurnShown

# Five times a second, and at every change.
SNAPSHOT_MS = 200


@dataclass(frozen=True, slots=True)
class Strapped:
    """A strap in use: what it last said of its contact to the skin, and why it is not heard, if so.

    ``simulated``: there is no body under it.
    """

    contact: bool | None = None
    trouble: str | None = None
    simulated: bool = False


@value
class Scene:
    """All that a snapshot tells of. ``bare``: the supervisor has failed; ``trying``: nobody is on the belt, and a trial
    has it."""

    at_s: float
    epoch: int
    config: Config
    state: State
    distance_m: float | None
    strap: Strapped | None
    bare: bool
    trying: bool

    @property
    def still(self) -> bool:
        """Confirmed standstill; not behind a start that was sent: zeros say nothing of what the belt is about to do."""
        seen = self.state.link_up and self.state.belt.standstill(self.config.times.late_ms)
        return seen and self.state.mode is not Mode.STARTING and not self.trying


class Showing:
    """What main was told last; a cause in force keeps its first words, with the numbers of its moment."""

    def __init__(self) -> None:
        self._told: dict[Hazard, Cause] = {}
        self._shown: tuple[object, ...] = ()
        self._shown_ms = -SNAPSHOT_MS

    def remember(self, one: Cause) -> None:
        """A cause that no step brings forth."""
        self._told.setdefault(one.hazard, one)

    def messages(self, scene: Scene, stepped: Stepped) -> tuple[FromGuardian, ...]:
        """The step, and a snapshot where something has changed or one is due."""
        shown = (scene.state.mode, tuple([one.hazard for one in stepped.causes]), scene.epoch, scene.still)
        now_ms = whole_ms(scene.at_s)
        if shown == self._shown and now_ms - self._shown_ms < SNAPSHOT_MS:
            return (stepped,)
        self._shown, self._shown_ms = shown, now_ms
        return (stepped, self.snapshot(scene, stepped.causes))

    def snapshot(self, scene: Scene, causes: tuple[Cause, ...] = ()) -> Snapshot:
        """The belt as it is known now. Causes of the stop in force come first, in the order they came."""
        state, belt = scene.state, scene.state.belt
        known = belt.speed_ckph is not None
        return Snapshot(
            at_s=scene.at_s,
            epoch=scene.epoch,
            mode=state.mode,
            action=max((one.action for one in causes), default=Action.ALLOW),
            causes=self._all(state, causes),
            link_up=state.link_up,
            speed_kph=None if belt.speed_ckph is None else belt.speed_ckph / 100,
            incline_percent=None if belt.incline_dpct is None else belt.incline_dpct / 10,
            distance_m=scene.distance_m,
            age_s=belt.age_ms / 1000 if known and belt.age_ms < AGE_CEILING_MS else None,
            sent_speed_kph=_sent_ckph(state) / 100,
            sent_incline_percent=state.drive.sent_dpct / 10,
            standstill=scene.still,
            alarm=scene.bare or state.mode is Mode.ESCALATED,
            start_in_s=_start_in_s(scene),
            stop=_stop_shown(state),
            limits=_limits(scene),
            turn=_turn_shown(state),
            heart=_heart_shown(scene),
        )

    def _all(self, state: State, causes: tuple[Cause, ...]) -> tuple[Cause, ...]:
        for one in causes:
            self.remember(one)
        kept = tuple(self._told.get(hazard) or cause(hazard) for hazard in state.hazards)
        self._told = {one.hazard: one for one in kept}
        return kept + tuple(one for one in causes if one.hazard not in self._told)


def _sent_ckph(state: State) -> int:
    if state.mode in AT_REST:
        return 0
    if state.stop is not None:
        return 0 if state.stop.frame_ms is not None else state.stop.sent_ckph
    return state.drive.sent_ckph


def _start_in_s(scene: Scene) -> float | None:
    if scene.state.mode is not Mode.COUNTDOWN:
        return None
    return max(0, scene.config.countdown_ms - scene.state.mode_ms) / 1000


def _stop_shown(state: State) -> StopShown | None:
    stop = state.stop
    if stop is None or state.mode not in ENDING:
        return None
    return StopShown(stop.kind, stop.frames, stop.since_ms / 1000)


def _limits(scene: Scene) -> tuple[LimitInForce, ...]:
    limits = scene.state.run.limits(scene.config.limits)
    return (
        LimitInForce("speed", limits.speed_ckph.value / 100, "km/h", limits.speed_ckph.reason),
        LimitInForce("incline", limits.incline_dpct.value / 10, "%", limits.incline_dpct.reason),
    )


def _turn_shown(state: State) -> TurnShown | None:
    turn = state.turn
    if turn is None or state.mode is not Mode.TURN:
        return None
    needs = turn.needs(deck_dpct(state.belt, state.drive.sent_dpct), state.run.key_tested)
    still_s = turn.still_ms / 1000
    confirmed = turn.on_rails, turn.facing_confirmed
    return TurnShown(turn.facing, turn.belt, *confirmed, still_s, DWELL_MS / 1000, needs)


def _heart_shown(scene: Scene) -> HeartShown | None:
    ceiling, strap, heart = scene.config.held_to(scene.state.wanted.heart_bpm).heart, scene.strap, scene.state.heart
    if strap is None and ceiling is None:
        return None
    contact, trouble = (None, None) if strap is None else (strap.contact, strap.trouble)
    known = heart.last_bpm is not None and heart.age_ms < HEART_AGE_CEILING_MS
    bpm, age_s = (heart.last_bpm, heart.age_ms / 1000) if known else (None, None)
    return HeartShown(bpm, age_s, contact, None if ceiling is None else ceiling.bpm, trouble)
