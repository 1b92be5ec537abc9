"""What is said aloud about a run beside the cues of its plan: start, stop, turn, alarm, freeze, and the question.

Who faces the rear sees no screen. Everything that they must know in a run is said, once and shortly; what asks for
a hand at once is urgent and said again. Pure but for the memory of what was said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import reduce

from ..guardian.messages import Snapshot, TurnShown
from ..machine import Facing
from ..safety.hazards import Action, Cause, Hazard
from ..safety.modes import ENDING, Mode
from ..training.stretches import STRETCHES
from ..workouts.cues import Cue, CueKind, said_by_author
from ..workouts.phrases import ENGLISH, Foreign, Language, Part, Phrase, phrase
from ..workouts.remarks import Remark
from .link_lost import when_disconnected

ALARM_AGAIN_S = 4.0
"""The sentence takes about two seconds; the pause after it is for hearing what the belt does."""

UNLINKED_AGAIN_S = 7.0
"""With what the machine does without its link the sentence takes about four seconds and a half; the same pause."""

QUESTION_AGAIN_S = 10.0
"""Six times within the minute that the question waits."""

NEAR_AGAIN_S = 60.0
"""A heart rate that goes up and down around its line is told once a minute."""

CHECK_AGAIN_S = 5.0
"""Of the attention check: twice before the rises freeze, and again until it is answered or the belt stops."""

STANDS_STILL = ENGLISH.text(phrase("stands-still"))
REPORTED_STILL = ENGLISH.text(phrase("reported-still"))
"""Two sentences that a line of text says in more words, with the age of the report."""

UNMEASURED = ENGLISH.text(phrase("unmeasured"))
"""In place of both where a hand sets the belt: what nobody measured is not called still."""

CHECK = ENGLISH.text(phrase("check"))
EMPTY_BELT_MOVES = ENGLISH.text(phrase("empty-belt-moves"))
"""In place of the plan's own word, which asks somebody to step on."""

_COUNTED_S = (5, 4, 3, 2, 1)
_URGENT = frozenset({CueKind.RISE_SOON, CueKind.COUNT, CueKind.TURN, CueKind.ON_BELT})


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing to say. An urgent one breaks off what is being said. ``rise``: it announces that the belt rises.

    ``text`` is English, for the screen and the journal. ``kind`` is that of the plan's cue that it says, if it says
    one. ``phrase`` is the same without a language; None: there are only the words of ``text``. A ``remark`` is said
    into silence only.
    """

    text: str
    urgent: bool = False
    rise: bool = False
    kind: CueKind | None = None
    phrase: Phrase | None = field(default=None, compare=False)
    remark: bool = False

    def aloud(self, language: Language) -> str:
        """The words for a voice of that language."""
        return self.text if self.phrase is None else language.aloud(self.phrase)


def spoken(cue: Cue) -> Utterance:
    """A cue of the plan, with the words of its author behind it."""
    text = cue.text if cue.say is None else f"{cue.text}. {cue.say}"
    said = cue.phrase
    if said is not None and cue.say is not None:
        said = phrase("with-author", cue=said, author=said_by_author(cue.say))
    return Utterance(text, cue.kind in _URGENT, cue.kind is CueKind.RISE_SOON, cue.kind, said)


def utterance(key: str, urgent: bool = False, **fields: Part) -> Utterance:
    """What the table of texts has under that key."""
    said = phrase(key, **fields)
    return Utterance(ENGLISH.text(said), urgent, phrase=said)


def stretch_card() -> Utterance:
    """What is stretched after a session: the muscles of the card, in its order."""
    muscles = (phrase(f"muscle-{one.key}") for one in STRETCHES)
    return utterance("stretch", muscles=reduce(lambda first, rest: phrase("list", first=first, rest=rest), muscles))


def remarked(one: Remark) -> Utterance:
    """A remark between the cues; one that tells of a change is said as they are."""
    kind = CueKind.NEXT_STEP if one.owed else None
    return Utterance(ENGLISH.text(one.said), kind=kind, phrase=one.said, remark=not one.owed)


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
        moves = phrase("empty-belt-moves")
        return replace(one, text=ENGLISH.text(moves), phrase=moves) if cue.kind is CueKind.ON_BELT else one

    def _turn(self, before: TurnShown | None, after: TurnShown | None) -> Iterator[Utterance]:
        """What the turn waits for, each time that it waits for something else."""
        asks = _empty_turn_asks if self.empty_belt else _turn_asks
        asked = asks(after, self.both_belts)
        if asked is not None and asked != asks(before, self.both_belts):
            yield utterance(asked.key, True, **dict(asked.fields))

    def _heart(self, before: Snapshot | None, after: Snapshot, now_s: float) -> Iterator[Utterance]:
        """A strap that is lost, so that somebody puts it right; a heart near its ceiling, once in a while."""
        known = () if before is None else tuple(cause.hazard for cause in before.causes)
        if after.mode is not Mode.RUN:
            return
        for cause in after.causes:
            if cause.hazard is Hazard.HEART_LOST and cause.hazard not in known:
                yield utterance("because", True, why=_sentence(cause))
            near_again = self._near_s is None or now_s - self._near_s >= NEAR_AGAIN_S
            if cause.hazard is Hazard.HEART_NEAR and cause.hazard not in known and near_again:
                self._near_s = now_s
                yield utterance("because", why=_sentence(cause))

    def _check(self, after: Snapshot, now_s: float) -> Iterator[Utterance]:
        """The attention check, again and again while it waits."""
        if all(cause.hazard is not Hazard.ATTENTION_ASKED for cause in after.causes):
            self._checked_s = None
        elif self._checked_s is None or now_s - self._checked_s >= CHECK_AGAIN_S:
            self._checked_s = now_s
            yield utterance("check", True)

    def lost(self) -> Utterance:
        """The guardian is gone."""
        return utterance("not-watched", True, resort=self._last_resort())

    def _last_resort(self) -> Phrase:
        return phrase("pull-the-key" if self.has_key else "keep-off")

    def _alarm(self, alarm: bool, now_s: float) -> Iterator[Utterance]:
        if not alarm:
            self._alarm_s = None
        elif self._alarm_s is None or now_s - self._alarm_s >= (ALARM_AGAIN_S if self._link_up else UNLINKED_AGAIN_S):
            self._alarm_s = now_s
            known = phrase("may-be-moving") if self._link_up else Foreign("said", self.disconnected, self.disconnected)
            yield utterance("alarm", True, resort=self._last_resort(), known=known)

    def _countdown(self, after: Snapshot) -> Iterator[Utterance]:
        left_s = None if after.start_in_s is None else int(after.start_in_s + 0.999)
        if left_s is None:
            self._counted = None
        elif left_s != self._counted:
            begun, self._counted = self._counted is None, left_s
            if left_s in _COUNTED_S and not begun:
                yield utterance("count", True, number=f"{left_s}")

    def _question(self, all_right_s: float | None, now_s: float) -> Iterator[Utterance]:
        if all_right_s is None:
            self._asked_s, self._called = None, False
        elif all_right_s == 0.0 and not self._called:
            self._called, self._asked_s = True, now_s
            yield utterance("call-first", True)
        elif self._asked_s is None or now_s - self._asked_s >= QUESTION_AGAIN_S:
            self._asked_s = now_s
            yield utterance("call" if self._called else "question", True)


def _mode(before: Mode | None, after: Snapshot) -> Iterator[Utterance]:
    """A change of mode, in words for somebody who cannot look."""
    mode = after.mode
    if mode is before:
        return
    if mode is Mode.COUNTDOWN:
        yield utterance("starts-in", True, seconds=f"{after.start_in_s or 0:.0f}")
    elif mode is Mode.STARTING:
        yield utterance("starting", True)
    elif before is Mode.COUNTDOWN and mode is not Mode.RUN:  # where no belt is ours, nothing is started in between
        yield utterance("start-cancelled", True)
    elif mode is Mode.PAUSING:
        yield utterance("slowing-down")  # it must not break off the plan's own word of a turn
    elif mode is Mode.PAUSED:
        yield utterance("stands-still")
    elif mode is Mode.STOPPING and before not in ENDING and not _as_planned(after.causes):
        yield utterance("stopping", True, why=_why(after.causes))
    elif mode in (Mode.LATCHED, Mode.FAULT) and after.standstill:
        yield utterance("reported-still", True)


def _mode_by_hand(before: Mode | None, after: Snapshot) -> Iterator[Utterance]:
    """The same where a hand sets the belt: what it is asked to do is said by the coach, in words of its own."""
    mode = after.mode
    if mode is before:
        return
    if mode is Mode.COUNTDOWN:
        yield utterance("begins-in", True, seconds=f"{after.start_in_s or 0:.0f}")
    elif before is Mode.COUNTDOWN and mode is not Mode.RUN:
        yield utterance("start-cancelled", True)
    elif mode is Mode.STOPPING and not _as_planned(after.causes):
        yield utterance("session-ends", True, why=_why(after.causes))
    elif mode in (Mode.PAUSED, Mode.LATCHED):
        yield utterance("unmeasured", mode is Mode.LATCHED)


def _as_planned(causes: tuple[Cause, ...]) -> bool:
    """The end of the plan, which has announced itself."""
    return any(one.hazard is Hazard.PLAN_STOP for one in causes)


def _sentence(cause: Cause) -> Foreign:
    return Foreign("why", cause.hazard.value, cause.message[:1].upper() + cause.message[1:])


def _why(causes: tuple[Cause, ...]) -> Part:
    return _reason(causes[0]) if causes else phrase("stop-asked-for")


def _reason(cause: Cause) -> Foreign:
    return Foreign("why", cause.hazard.value, cause.message)


def _freezes(before: Snapshot | None, after: Snapshot) -> Iterator[Utterance]:
    """A freeze is said when it begins; it is over when the belt rises again, which is announced."""
    known = () if before is None else tuple(cause.hazard for cause in before.causes)
    if after.mode is not Mode.RUN:
        return
    for cause in after.causes:
        if cause.action in (Action.FREEZE_RISES, Action.EASE) and cause.hazard not in known:
            key = "nothing-rises" if cause.action is Action.FREEZE_RISES else "slower-for"
            yield utterance(key, why=_reason(cause))


def _turn_asks(turn: TurnShown | None, both_belts: bool) -> Phrase | None:
    if turn is None:
        return None
    if turn.still_s < turn.dwell_s and not turn.on_rails:
        return phrase("turn-rails-first")
    if not turn.on_rails:
        return phrase("turn-confirm-still")
    if not turn.facing_confirmed:
        where = phrase("to-the-rear" if turn.facing is Facing.REAR else "to-the-console")
        return phrase("turn-now", where=where, belt=_belt("turn", turn, both_belts))
    return phrase("turn-start-again")


def _empty_turn_asks(turn: TurnShown | None, both_belts: bool) -> Phrase | None:
    """The same beside a belt with nobody on it."""
    if turn is None:
        return None
    if turn.still_s < turn.dwell_s and not turn.on_rails:
        return phrase("empty-turn-keep-off")
    if not turn.on_rails:
        return phrase("empty-turn-confirm-still")
    if not turn.facing_confirmed:
        return phrase("empty-turn-now", belt=_belt("empty-turn", turn, both_belts))
    return phrase("turn-start-again")


def _belt(prefix: str, turn: TurnShown, both_belts: bool) -> Phrase:
    return phrase(f"{prefix}-belt-{turn.belt.value}" if both_belts else "nothing")
