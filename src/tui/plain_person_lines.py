"""What ``--plain`` asks of the person, with the key: to start, step on, turn, set, answer, read. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..safety.conditions import PAUSE_MS
from ..safety.modes import IN_MOTION, Mode
from ..sessions.view import Control, RunView
from ..workouts.engine import PERSON_ANSWERS_WITHIN_S, Phase
from . import speeds
from .between import confirmations, may_start, off_belt_left_s, to_confirm
from .care import asks, continue_text, question_text
from .coaching import set_text
from .empty_belt import confirm_text
from .feeling import ask_text, check_text, referral_text
from .frame import Frame
from .freshness import rest_known
from .keys import said
from .plain_standing import FOR_GOOD, Standing
from .stages import Stage
from .standing_place import stand_text, step_on_text
from .starting import STARTS_FROM, resumes, takes_start, turned
from .wording import clock_text, facing_text, left_in_step_text, remedy_text

ASKED_EVERY_S = 10.0
"""How often "are you all right?" is said while it is open."""

LEFT_S = (math.inf, 120.0, 60.0, 30.0, 10.0)
"""When it is said how long the way back into the plan is still open: at once, and as it runs out."""

OFF_BELT_EVERY_S = 60.0
"""How often what is left of a time off the belt is said."""


@dataclass(frozen=True, slots=True)
class Hand:
    """What the person types with: the ``digit`` of the start, None once it is not waited for; the keys of a remote.

    ``stop_live``: the next key would stop now. ``checking``: the checklist comes before a start.
    """

    digit: str | None
    next_key: str | None = None
    fine_key: str | None = None
    on_terminal: bool = True
    stop_live: bool = False
    checking: bool = False

    def by_remote(self, key: str | None) -> str:
        """The key of the remote as another way to say something; empty without one."""
        return "" if key is None else f", or {said(key)} of the remote"


def asked_now(frame: Frame, hand: Hand) -> Iterator[Standing]:
    """Everything that a person is asked now; nothing while the checklist comes first."""
    if hand.checking:
        return
    yield from _start(frame, hand)
    yield from _mounting(frame, hand)
    yield from _coach(frame.view)
    if frame.stage is Stage.TURN:
        yield from _turn(frame.view, hand)
    if frame.stage is Stage.OFF_BELT:
        yield from _off_belt(frame, hand)
    yield from _question(frame, hand)
    if frame.stage is Stage.STOPPED:
        yield from _after_stop(frame, hand)


# --- the start --------------------------------------------------------------------------------------------------


def _start(frame: Frame, hand: Hand) -> Iterator[Standing]:
    view = frame.view
    if frame.mode is Mode.ARMED and hand.digit is not None:
        hold = "hold s, or " if hand.on_terminal else ""
        yield Standing(f"armed {hand.digit}", f"armed: {hold}type {hand.digit} to start, any other key not to")
    if frame.mode is Mode.PAUSED and view.phase is Phase.PAUSED:
        yield Standing("paused", paused_line(view))
    if frame.stage is Stage.START and frame.mode in STARTS_FROM and takes_start(frame):
        yield Standing(f"ready {view.phase.value}", ready_line(view, hand))
        yield Standing(f"feelings {view.phase.value} {view.told}", ask_text(frame))


def paused_line(view: RunView) -> str:
    """That the place is kept, and for how long."""
    kept = f" for {PAUSE_MS / 1000:.0f} s" if view.control is Control.GUARDIAN else ""
    return f"paused, the place in the plan is kept{kept}: {left_in_step_text(view)} left in the step"


def ready_line(view: RunView, hand: Hand) -> str:
    """Where to stand and how to start."""
    done = "the turn is complete; " if turned(view) else ""
    stand = stand_text(view) if view.control is Control.GUARDIAN else "get ready"
    if view.empty_belt:
        stand = "nobody on the belt, stand beside it"
    what = "go on" if resumes(view) else "start"
    return f"{done}{facing_text(view)}: {stand}, then type s{hand.by_remote(hand.next_key)} to {what}"


# --- while the plan runs ----------------------------------------------------------------------------------------


def _mounting(frame: Frame, hand: Hand) -> Iterator[Standing]:
    view = frame.view
    if view.phase is not Phase.WAITING_FOR_PERSON or frame.stage not in (Stage.MOUNTING, Stage.COACH):
        return
    within = f"{PERSON_ANSWERS_WITHIN_S:.0f} s"
    if view.control is Control.TRACK:
        yield Standing("mounting", f"type o when you set off, within {within}")
    elif view.control is Control.COACHED:
        yield Standing("mounting", f"type o when you are on the belt, within {within}")
    elif view.empty_belt:
        confirm = confirm_text(hand.by_remote(hand.fine_key))
        yield Standing("mounting", f"{confirm} Without it the belt stops after {within}")
    else:
        lowest = speeds.speed(view, view.timeline.lowest_kph)
        on = f"type o{hand.by_remote(hand.fine_key)} when you are on it"
        yield Standing("mounting", f"{step_on_text(view)}, {on}; {lowest} for {within}, then the belt stops")


def _coach(view: RunView) -> Iterator[Standing]:
    """What a hand shall set: when it is known, when it is due, and that somebody said it is set."""
    ask = view.coach
    if view.control is not Control.COACHED or ask is None:
        return
    when = "NOW" if ask.due_in_s <= 0 else f"IN {math.ceil(ask.due_in_s)} s"
    yield Standing(f"set {ask.text} {ask.due_in_s <= 0}", "" if ask.confirmed else f"{ask.text} {when}")
    if ask.confirmed:
        yield Standing(f"confirmed {ask.text}", set_text(view))
    elif ask.due_in_s <= 0:
        yield Standing(f"{FOR_GOOD}how to confirm {ask.speed_kph > 0}", set_text(view))


# --- between ----------------------------------------------------------------------------------------------------


def _turn(view: RunView, hand: Hand) -> Iterator[Standing]:
    """What is still missing; then the sentence that can be confirmed, with its key."""
    index = to_confirm(view)
    if index is not None:
        sentence, _ = confirmations(view)[index]
        yield Standing(f"turn {index}", f"{index + 1} of 2, type t{hand.by_remote(hand.next_key)} if so: {sentence}")
    elif view.turn is not None and view.turn.needs is not None:
        yield Standing(f"turn {_without_numbers(view.turn.needs)}", f"still needed: {view.turn.needs}")


def _without_numbers(text: str) -> str:
    return re.sub(r"\d+(\.\d+)?", "#", text)


def _off_belt(frame: Frame, hand: Hand) -> Iterator[Standing]:
    """How to go on, and how long there is; whether the belt stands is said when that is not known."""
    view = frame.view
    if frame.mode in IN_MOTION:
        return
    left_s = off_belt_left_s(view)
    if may_start(view) and rest_known(view):
        how = f"type s{hand.by_remote(hand.next_key)} to start, n: done"
    else:
        how = f"type n{hand.by_remote(hand.next_key)} when you are done"
    yield Standing(f"off belt {view.step_index} {how}", f"off the belt: {how}, e: a minute more")
    if left_s > 0:
        minutes = math.ceil(left_s / OFF_BELT_EVERY_S)
        yield Standing(f"off belt {view.step_index} {minutes}", f"{clock_text(left_s)} left off the belt")
    if view.control is Control.GUARDIAN and not rest_known(view):
        yield Standing("off belt unseen", "it is not confirmed that the belt stands: look")


# --- after a stop -----------------------------------------------------------------------------------------------


def _question(frame: Frame, hand: Hand) -> Iterator[Standing]:
    """ "Are you all right?", again and again until it is answered, and that help is called; and the attention check."""
    view = frame.view
    if view.checked is not None:
        yield Standing(f"check {view.checked.value}", check_text(frame, answer_keys(hand)))
    if not asks(view):
        return
    left_s = 0.0 if view.all_right_s is None else view.all_right_s
    turn = int(frame.now_s // ASKED_EVERY_S) if view.calling else math.ceil(left_s / ASKED_EVERY_S)
    yield Standing(f"question {view.calling} {turn}", " ".join(question_text(view, answer_keys(hand)).split()))


def answer_keys(hand: Hand) -> str:
    """The keys that say "I am all right"; the remote's next key where it does not stop."""
    keys = dict.fromkeys(key for key in (hand.fine_key, None if hand.stop_live else hand.next_key) if key is not None)
    return " or ".join(["Type y", *map(said, keys)])


def _after_stop(frame: Frame, hand: Hand) -> Iterator[Standing]:
    """What leads out of the stop, and the way back into the plan while there is one."""
    view = frame.view
    if view.symptom is not None:
        yield Standing("referral", " ".join(referral_text(view).split()))
    yield Standing(f"feelings {view.phase.value} {view.told}", ask_text(frame))
    if frame.mode in (Mode.LATCHED, Mode.FAULT):
        text = remedy_text(view)
        yield Standing(f"remedy {text}", text)
    how, _, place = continue_text(view, hand.next_key).partition("\n")
    if not how or view.continue_for_s is None:
        return
    left_s = view.continue_for_s
    reached = min((second for second in LEFT_S if left_s <= second), default=math.inf)
    yield Standing(f"continue {reached}", how)
    yield Standing("continue, place", place)
