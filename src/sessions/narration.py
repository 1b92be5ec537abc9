"""What is said aloud about a run beside the cues of its plan: start, stop, turn, alarm, freeze, and the question.

Who faces the rear sees no screen. Everything that they must know in a run is said, once and shortly; what asks for
a hand at once is urgent and said again. Pure but for the memory of what was said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..guardian.messages import Snapshot, TurnShown
from ..machine import Facing
from ..safety.hazards import Action, Cause, Hazard
from ..safety.modes import ENDING, Mode
from ..workouts.cues import Cue, CueKind
from .link_lost import when_disconnected

ALARM_AGAIN_S = 4.0
"""The sentence takes about two seconds; the pause after it is for hearing what the belt does."""

UNLINKED_AGAIN_S = 7.0
"""With what the machine does without its link the sentence takes about four seconds and a half; the same pause."""

QUESTION_AGAIN_S = 10.0
"""Six times within the minute that the question waits."""

NEAR_AGAIN_S = 60.0
"""A heart rate that goes up and down around its line is told once a minute."""

STANDS_STILL = "The belt stands still."
REPORTED_STILL = "The belt is reported still. Look before you step."
"""Two sentences that a line of text says in more words, with the age of the report."""

UNMEASURED = "Nothing measures this belt. Look before you step."
"""In place of both where a hand sets the belt: what nobody measured is not called still."""

CHECK = "All well? Press y, or the remote."
CHECK_AGAIN_S = 5.0
"""Of the attention check: twice before the rises freeze, and again until it is answered or the belt stops."""

QUESTION = "Are you all right? Press y, or the remote."
EMPTY_BELT_MOVES = "The belt moves. Look: nobody is on it? Confirm, and the plan goes on"
"""In place of the plan's own word, which asks somebody to step on."""

CALL = "Help! Nobody answers at the treadmill."
_COUNTED_S = (5, 4, 3, 2, 1)
_URGENT = frozenset({CueKind.RISE_SOON, CueKind.COUNT, CueKind.TURN, CueKind.ON_BELT})


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing to say. An urgent one breaks off what is being said. ``rise``: it announces that the belt rises.

    ``kind`` is that of the plan's cue that it says, if it says one.
    """

    text: str
    urgent: bool = False
    rise: bool = False
    kind: CueKind | None = None


def spoken(cue: Cue) -> Utterance:
    """A cue of the plan, with the words of its author behind it."""
    text = cue.text if cue.say is None else f"{cue.text}. {cue.say}"
    return Utterance(text, cue.kind in _URGENT, cue.kind is CueKind.RISE_SOON, cue.kind)


class Narrator:
    """Compares one look at the run with the one before it and says what is new.

    ``measured``: the belt is driven and reported. Where a hand sets it, nothing is claimed of what it does.
    ``empty_belt``: nobody is on it, so nobody is asked to step or to turn there. ``both_belts``: the plan runs its
    belt both ways, so that a turn says which way comes now. ``disconnected``: what the machine does without its link.
    """

    def __init__(
        self, has_key: bool = True, measured: bool = True, empty_belt: bool = False, both_belts: bool = False
    ) -> None:
        self.has_key = has_key
        self.empty_belt = empty_belt
        self.both_belts = both_belts
        self.measured = measured
        self.turn_follows = False
        self.disconnected = when_disconnected(None)
        self._link_up = True
        self._counted: int | None = None
        self._alarm_s: float | None = None
        self._asked_s: float | None = None
        self._called = False
        self._near_s: float | None = None
        self._checked_s: float | None = None

    def snapshot(self, before: Snapshot | None, after: Snapshot, now_s: float) -> tuple[Utterance, ...]:
        """What a new snapshot has to say; before a turn that the belt stands still is for the turn to say."""
        self._link_up = after.link_up
        mode = (_mode if self.measured else _mode_by_hand)(None if before is None else before.mode, after)
        return (
            *(one for one in mode if not (self.turn_follows and one.text == STANDS_STILL)),
            *self._countdown(after),
            *_freezes(before, after),
            *self._heart(before, after, now_s),
            *self._check(after, now_s),
            *self._turn(None if before is None else before.turn, after.turn),
            *self._alarm(after.alarm, now_s),  # last: of two urgent texts the newer one is spoken
        )

    def tick(self, alarm: bool, all_right_s: float | None, now_s: float) -> tuple[Utterance, ...]:
        """What has to be said again, or because nothing came."""
        return (*self._alarm(alarm, now_s), *self._question(all_right_s, now_s))

    def of_the_plan(self, cue: Cue) -> Utterance:
        """A cue of the plan, in words that fit who is on the belt."""
        if not self.empty_belt:
            return spoken(cue)
        one = spoken(replace(cue, say=None))  # its author speaks to somebody on the belt
        return replace(one, text=EMPTY_BELT_MOVES) if cue.kind is CueKind.ON_BELT else one

    def _turn(self, before: TurnShown | None, after: TurnShown | None) -> Iterator[Utterance]:
        """What the turn waits for, each time that it waits for something else."""
        asks = _empty_turn_asks if self.empty_belt else _turn_asks
        asked = asks(after, self.both_belts)
        if asked is not None and asked != asks(before, self.both_belts):
            yield Utterance(asked, urgent=True)

    def _heart(self, before: Snapshot | None, after: Snapshot, now_s: float) -> Iterator[Utterance]:
        """A strap that is lost, so that somebody puts it right; a heart near its ceiling, once in a while."""
        known = () if before is None else tuple(cause.hazard for cause in before.causes)
        if after.mode is not Mode.RUN:
            return
        for cause in after.causes:
            if cause.hazard is Hazard.HEART_LOST and cause.hazard not in known:
                yield Utterance(_sentence(cause), urgent=True)
            near_again = self._near_s is None or now_s - self._near_s >= NEAR_AGAIN_S
            if cause.hazard is Hazard.HEART_NEAR and cause.hazard not in known and near_again:
                self._near_s = now_s
                yield Utterance(_sentence(cause))

    def _check(self, after: Snapshot, now_s: float) -> Iterator[Utterance]:
        """The attention check, again and again while it waits."""
        if all(cause.hazard is not Hazard.ATTENTION_ASKED for cause in after.causes):
            self._checked_s = None
        elif self._checked_s is None or now_s - self._checked_s >= CHECK_AGAIN_S:
            self._checked_s = now_s
            yield Utterance(CHECK, urgent=True)

    def lost(self) -> Utterance:
        """The guardian is gone."""
        return Utterance(f"The belt is not watched any more. {self._last_resort()}", urgent=True)

    def _last_resort(self) -> str:
        return "Pull the safety key." if self.has_key else "Keep off the belt. Switch it off at the mains."

    def _alarm(self, alarm: bool, now_s: float) -> Iterator[Utterance]:
        if not alarm:
            self._alarm_s = None
        elif self._alarm_s is None or now_s - self._alarm_s >= (ALARM_AGAIN_S if self._link_up else UNLINKED_AGAIN_S):
            self._alarm_s = now_s
            known = "The belt may still be moving." if self._link_up else self.disconnected
            yield Utterance(f"{self._last_resort()} {known}", urgent=True)

    def _countdown(self, after: Snapshot) -> Iterator[Utterance]:
        left_s = None if after.start_in_s is None else int(after.start_in_s + 0.999)
        if left_s is None:
            self._counted = None
        elif left_s != self._counted:
            begun, self._counted = self._counted is None, left_s
            if left_s in _COUNTED_S and not begun:
                yield Utterance(f"{left_s}", urgent=True)

    def _question(self, all_right_s: float | None, now_s: float) -> Iterator[Utterance]:
        if all_right_s is None:
            self._asked_s, self._called = None, False
        elif all_right_s == 0.0 and not self._called:
            self._called, self._asked_s = True, now_s
            yield Utterance(f"{CALL} Somebody come, please.", urgent=True)
        elif self._asked_s is None or now_s - self._asked_s >= QUESTION_AGAIN_S:
            self._asked_s = now_s
            yield Utterance(CALL if self._called else QUESTION, urgent=True)


def _mode(before: Mode | None, after: Snapshot) -> Iterator[Utterance]:
    """A change of mode, in words for somebody who cannot look."""
    mode = after.mode
    if mode is before:
        return
    if mode is Mode.COUNTDOWN:
        yield Utterance(f"The belt starts in {after.start_in_s or 0:.0f} seconds. Any key cancels.", urgent=True)
    elif mode is Mode.STARTING:
        yield Utterance("Starting", urgent=True)
    elif before is Mode.COUNTDOWN and mode is not Mode.RUN:  # where no belt is ours, nothing is started in between
        yield Utterance("The start is cancelled.", urgent=True)
    elif mode is Mode.PAUSING:
        yield Utterance("The belt slows down to a stand")  # it must not break off the plan's own word of a turn
    elif mode is Mode.PAUSED:
        yield Utterance(STANDS_STILL)
    elif mode is Mode.STOPPING and before not in ENDING and not _as_planned(after.causes):
        yield Utterance(f"Stopping: {_why(after.causes)}", urgent=True)
    elif mode in (Mode.LATCHED, Mode.FAULT) and after.standstill:
        yield Utterance(REPORTED_STILL, urgent=True)


def _mode_by_hand(before: Mode | None, after: Snapshot) -> Iterator[Utterance]:
    """The same where a hand sets the belt: what it is asked to do is said by the coach, in words of its own."""
    mode = after.mode
    if mode is before:
        return
    if mode is Mode.COUNTDOWN:
        yield Utterance(f"We begin in {after.start_in_s or 0:.0f} seconds. Any key cancels.", urgent=True)
    elif before is Mode.COUNTDOWN and mode is not Mode.RUN:
        yield Utterance("The start is cancelled.", urgent=True)
    elif mode is Mode.STOPPING and not _as_planned(after.causes):
        yield Utterance(f"The session ends: {_why(after.causes)}", urgent=True)
    elif mode in (Mode.PAUSED, Mode.LATCHED):
        yield Utterance(UNMEASURED, urgent=mode is Mode.LATCHED)


def _as_planned(causes: tuple[Cause, ...]) -> bool:
    """The end of the plan, which has announced itself."""
    return any(one.hazard is Hazard.PLAN_STOP for one in causes)


def _sentence(cause: Cause) -> str:
    return cause.message[:1].upper() + cause.message[1:]


def _why(causes: tuple[Cause, ...]) -> str:
    return causes[0].message if causes else "a stop was asked for"


def _freezes(before: Snapshot | None, after: Snapshot) -> Iterator[Utterance]:
    """A freeze is said when it begins; it is over when the belt rises again, which is announced."""
    known = () if before is None else tuple(cause.hazard for cause in before.causes)
    if after.mode is not Mode.RUN:
        return
    for cause in after.causes:
        if cause.action in (Action.FREEZE_RISES, Action.EASE) and cause.hazard not in known:
            what = "Nothing rises" if cause.action is Action.FREEZE_RISES else "The belt slows down"
            yield Utterance(f"{what}: {cause.message}")


def _turn_asks(turn: TurnShown | None, both_belts: bool) -> str | None:
    if turn is None:
        return None
    where = "the rear" if turn.facing is Facing.REAR else "the console"
    if turn.still_s < turn.dwell_s and not turn.on_rails:
        return "Step onto the rails. Do not turn yet."
    if not turn.on_rails:
        return "Stand on the rails, both feet off the belt. Confirm that you see it still."
    if not turn.facing_confirmed:
        belt = f"The belt then runs {turn.belt.value}. " if both_belts else ""
        return f"Turn to face {where}, on the rails. {belt}Confirm that you face {where}."
    return "When you are ready, start again."


def _empty_turn_asks(turn: TurnShown | None, both_belts: bool) -> str | None:
    """The same beside a belt with nobody on it."""
    if turn is None:
        return None
    if turn.still_s < turn.dwell_s and not turn.on_rails:
        return "Keep off the belt. It comes to a stand."
    if not turn.on_rails:
        return "Confirm that nobody is on the belt, and that you see it still."
    if not turn.facing_confirmed:
        belt = f"It then runs {turn.belt.value}. " if both_belts else ""
        return f"{belt}Confirm that nobody will step on it after the turn."
    return "When you are ready, start again."
