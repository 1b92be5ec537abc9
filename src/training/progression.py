"""What to do next, and why: from a history to a recommendation. Pure.

Nothing here moves a belt or locks anything easier: a person, in a clinic the supervisor, confirms what they do. The
rules are tables, ``SESSION_RULES``, ``TODAY_RULES`` and ``REST_RULES``; where they disagree the gentlest wins.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from ..machine import BeltDirection
from .history import CheckIn, History, Session, check_order, with_mornings
from .ladder import HARNESS_FROM_KPH, RUNNING_FROM, Step
from .machines import SETTLING_SESSIONS
from .reasons import COACHES_HOME, HOME, PAIN_HOME, SETTLING, Advice, Reason
from .resting import LOOK_BACK, Recent, Rest, Week, rest_after, week_at
from .session_rules import PAIN_EASY, PAIN_HIGHEST
from .standing import (
    WALKED_WELL,
    WALKED_WELL_LEVEL,
    WALKED_WELL_WITHIN_DAYS,
    Standing,
    gate,
    may_step_up,
    resumed,
    standing_after,
)

MOSTLY_BACKWARD = 0.5
"""Backward training is beside other training, not in its place: above half of a week it is said."""


@dataclass(frozen=True, slots=True)
class Trainee:
    """Who it is for, as far as the rules ask. ``clinic``: a supervisor is there and confirms as well.

    ``device`` and ``belt`` are what is to be trained on; None: as last time. ``hills``: the deck can be raised, and
    the belt runs forward: uphill backward. On a reversed belt a raised deck is downhill, and stays level.
    ``ask_first``: a question of who may begin was answered with yes, and nobody has been asked about it. ``held``: what
    happened that somebody has to be asked about, in words.
    """

    adult: bool = True
    clinic: bool = False
    device: str | None = None
    belt: BeltDirection | None = None
    hills: bool = True
    harness: bool = False
    ask_first: bool = False
    held: str | None = None

    def may(self, step: Step) -> bool:
        """Whether everything is there that the speed of a step needs."""
        return step.dose.speed_kph < HARNESS_FROM_KPH or (self.harness and self.clinic)

    @property
    def uphill(self) -> bool:
        return self.hills and self.belt is not BeltDirection.REVERSED


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What is advised for one day. ``advice`` is for the day itself, ``then`` for the step, when rest is over.

    ``step`` is what to do next, ``not_before`` the first day for it. ``easier`` are all the steps that are open:
    that one and each below it. ``earned`` is the step that good sessions have led to. Reasons are in the order of
    their weight. ``notes`` ask for nothing. ``confirm`` says who has to agree.
    """

    day: date
    advice: Advice
    then: Advice
    step: Step
    earned: Step
    not_before: date
    easier: tuple[Step, ...]
    reasons: tuple[Reason, ...]
    notes: tuple[str, ...]
    week: Week
    confirm: str


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that the rules of the day look at."""

    standing: Standing
    trainee: Trainee
    today: date
    check_in: CheckIn | None


@dataclass(frozen=True, slots=True)
class TodayRule:
    """One row: when ``finds`` gives a sentence, this is advised for today; ``when`` tells the condition in words."""

    name: str
    advice: Advice
    finds: Callable[[Situation], str | None]
    when: str
    source: str


def recommend(history: History, trainee: Trainee, today: date) -> Recommendation:
    """What comes next after this history. Entries after ``today`` are not looked at.

    Raises HistoryError where the days of the history are not in order.
    """
    check_order(history)
    past = with_mornings(history[: bisect_right(history, today, key=lambda one: one.day)])
    standing = resumed(standing_after(past, trainee.uphill), today, trainee.device, trainee.belt)
    situation = Situation(standing, trainee, today, _checked_in(past, today))
    reasons = tuple(sorted((*standing.owed, *_of_today(situation)), key=lambda one: one.advice))
    step, then = _step_and_advice(situation, reasons)
    sessions = _recent(past, today)
    recent = Recent(sessions, today, standing, step)
    locked, rest = (*standing.locks, *_locks(situation)), rest_after(recent)
    advice = _advice(then, locked, rest, reasons)
    week = week_at(recent, today)
    return Recommendation(
        today,
        advice,
        then,
        step,
        standing.earned,
        _not_before(advice, rest, today),
        () if locked else standing.path[: standing.path.index(step) + 1],
        _told(locked, rest, reasons, standing, then),
        _notes(week, None if locked else step, standing),
        week,
        "you and the supervisor confirm" if trainee.clinic else "you confirm",
    )


# --- the step ---------------------------------------------------------------------------------------------------


def _step_and_advice(situation: Situation, reasons: tuple[Reason, ...]) -> tuple[Step, Advice]:
    """The next step and what it is beside the last; anything that speaks against a rise keeps from it."""
    standing = situation.standing
    upper = standing.upper
    if upper is not None and not reasons and may_step_up(standing, situation.today):
        return upper, Advice.PROMOTE
    worst = min((one.advice for one in reasons if one.advice > Advice.REST_DAY), default=Advice.HOLD)
    if standing.afresh:
        worst = min(worst, Advice.REFAMILIARISE)
    return _open_today(situation), worst


def _open_today(situation: Situation) -> Step:
    """The step itself, or one below it that today allows: the first of all where it hurts much, a walk where it hurts,
    a run that needs no harness."""
    standing, step = situation.standing, situation.standing.step
    if _hurts_much(situation):
        return standing.path[0]
    if step.level.runs and _hurts_still(situation):
        return next(one for one in standing.path if one.level.number == RUNNING_FROM - 1)
    if not situation.trainee.may(step):
        return max((one for one in standing.path if situation.trainee.may(one)), key=standing.path.index)
    return step


def _hurts_still(situation: Situation) -> bool:
    """Whether what was said last of pain, today or around the last session, is too much for running."""
    pain = situation.standing.last_pain
    return pain is not None and pain > PAIN_EASY


def _hurts_much(situation: Situation) -> bool:
    """The same, and too much for all but the easiest; silence behind it does not say that it is over."""
    pain = situation.standing.last_pain
    return pain is not None and pain > PAIN_HIGHEST


def _advice(then: Advice, locked: tuple[Reason, ...], rest: Rest | None, reasons: tuple[Reason, ...]) -> Advice:
    if locked:
        return Advice.LOCKED
    resting = rest is not None or any(one.advice is Advice.REST_DAY for one in reasons)
    return Advice.REST_DAY if resting else then


def _not_before(advice: Advice, rest: Rest | None, today: date) -> date:
    if rest is not None:
        return rest.until
    return today + timedelta(days=1) if advice is Advice.REST_DAY else today


# --- the rules of the day ---------------------------------------------------------------------------------------


def _of_today(situation: Situation) -> tuple[Reason, ...]:
    found = []
    for rule in TODAY_RULES:
        text = rule.finds(situation)
        if text is not None:
            found.append(Reason(rule.name, rule.advice, text, rule.source))
    return tuple(found)


def _pain_today(situation: Situation) -> str | None:
    pain = None if situation.check_in is None else situation.check_in.pain
    if pain is None or pain <= PAIN_HIGHEST:
        return None
    return f"pain is {pain} of 10 today (limit {PAIN_HIGHEST})"


def _some_pain_today(situation: Situation) -> str | None:
    pain = None if situation.check_in is None else situation.check_in.pain
    if pain is None or not PAIN_EASY < pain <= PAIN_HIGHEST:
        return None
    return f"pain is {pain} of 10 today (up to {PAIN_EASY} is no matter)"


def _slept_badly(situation: Situation) -> str | None:
    badly = situation.check_in is not None and situation.check_in.slept_badly
    return "the night was bad" if badly else None


def _gate(situation: Situation) -> str | None:
    standing = situation.standing
    return gate(standing, standing.upper, situation.today) if standing.enough and standing.upper is not None else None


def _harness(situation: Situation) -> str | None:
    upper = situation.standing.upper
    if not situation.standing.enough or upper is None or situation.trainee.may(upper):
        return None
    return _FOR_A_HARNESS.format(what=f"{upper.dose.speed_kph:g} km/h")


def _no_harness(situation: Situation) -> str | None:
    step = situation.standing.step
    return None if situation.trainee.may(step) else _FOR_A_HARNESS.format(what=f"{step.dose.speed_kph:g} km/h")


def _easiest(situation: Situation) -> str | None:
    if not _hurts_much(situation):
        return None
    return (
        f"pain was {situation.standing.last_pain} of 10 when it was last told; the easiest step of all, or none, until "
        f"it is {PAIN_HIGHEST} or less"
    )


def _no_run(situation: Situation) -> str | None:
    if not situation.standing.step.level.runs or not _hurts_still(situation) or _hurts_much(situation):
        return None
    return (
        f"pain was {situation.standing.last_pain} of 10 when it was last told; it walks until it is {PAIN_EASY} or less"
    )


def _no_first_run(situation: Situation) -> str | None:
    upper, step = situation.standing.upper, situation.standing.step
    if upper is None or not upper.level.runs or step.level.runs or not _hurts_still(situation):
        return None
    return (
        f"pain was {situation.standing.last_pain} of 10 when it was last told; no first run with more than {PAIN_EASY}"
    )


def _strange(situation: Situation) -> str | None:
    machines = situation.standing.machines
    if not machines.settling or situation.standing.afresh:
        return None
    return f"{machines.done_here} of {SETTLING_SESSIONS} sessions on {machines.here} before a step up there"


def _top(situation: Situation) -> str | None:
    return "the last step of the ladder" if situation.standing.upper is None else None


_FOR_A_HARNESS = "{what} backward is for a harness and a supervisor"

_WALKS = (
    f"no {WALKED_WELL} good walks of level {WALKED_WELL_LEVEL} or above in {WALKED_WELL_WITHIN_DAYS} days, before a run"
)

_STRANGE = f"fewer than {SETTLING_SESSIONS} sessions on a machine that was met later than the first one"
_NONE = "no harness or no supervisor"

TODAY_RULES = (
    TodayRule("pain today", Advice.REST_DAY, _pain_today, f"pain above {PAIN_HIGHEST} before it", PAIN_HOME),
    TodayRule(
        "some pain today",
        Advice.HOLD,
        _some_pain_today,
        f"pain of {PAIN_EASY + 1} to {PAIN_HIGHEST} before it",
        PAIN_HOME,
    ),
    TodayRule("easiest", Advice.EASIER, _easiest, f"the pain told last was above {PAIN_HIGHEST}", PAIN_HOME),
    TodayRule("no run", Advice.EASIER, _no_run, f"a run, and the pain told last was above {PAIN_EASY}", PAIN_HOME),
    TodayRule(
        "no first run",
        Advice.HOLD,
        _no_first_run,
        f"before a first run: the pain told last was above {PAIN_EASY}",
        PAIN_HOME,
    ),
    TodayRule("a bad night", Advice.HOLD, _slept_badly, "a bad night", HOME),
    TodayRule("walking first", Advice.HOLD, _gate, _WALKS, COACHES_HOME),
    TodayRule("strange machine", Advice.HOLD, _strange, _STRANGE, SETTLING),
    TodayRule(
        "no harness", Advice.EASIER, _no_harness, f"{_NONE}, at a step of {HARNESS_FROM_KPH:g} km/h or more", HOME
    ),
    TodayRule("harness", Advice.HOLD, _harness, f"{_NONE}, before such a step", HOME),
    TodayRule("top", Advice.HOLD, _top, "the last step of the ladder", HOME),
)


def _locks(situation: Situation) -> tuple[Reason, ...]:
    """What keeps from training besides the locks of the history."""
    ill, trainee, found = situation.standing.ill, situation.trainee, []
    if not trainee.adult and not trainee.clinic:
        text = "adults only here; a clinic can plan and supervise this for somebody under 18"
        found.append(Reason("adults", Advice.LOCKED, text, HOME))
    if trainee.ask_first:
        text = "a question of who may begin was answered with yes; a doctor or a therapist says whether it can begin"
        found.append(Reason("screen", Advice.LOCKED, text, HOME))
    if trainee.held is not None and not situation.standing.locks:
        found.append(
            Reason("held", Advice.LOCKED, f"{trainee.held}; a doctor or a therapist says when it goes on", HOME)
        )
    if ill is not None and (ill.until is None or ill.until >= situation.today):
        found.append(Reason("ill", Advice.LOCKED, f"ill since {ill.day}; first get well", HOME))
    return tuple(found)


# --- the words --------------------------------------------------------------------------------------------------


def _told(
    locked: tuple[Reason, ...],
    rest: Rest | None,
    reasons: tuple[Reason, ...],
    standing: Standing,
    then: Advice,
) -> tuple[Reason, ...]:
    """The gravest first, then how many good sessions there were; behind a lock nothing else matters."""
    if locked:
        return locked
    resting = () if rest is None else rest.reasons
    told = {one.rule: one for one in (*resting, *reasons)}
    return (*told.values(), _days_done(standing, then, bool(reasons)))


def _days_done(standing: Standing, then: Advice, spoken_against: bool) -> Reason:
    done, needed = len(standing.good_days), standing.good_days_needed
    if then is Advice.PROMOTE:
        days = ", ".join(str(one) for one in standing.good_days[-needed:])
        text = f"{needed} good session{'' if needed == 1 else 's'} at {standing.earned.text}: {days}"
        return Reason("good sessions", Advice.PROMOTE, text, COACHES_HOME)
    if standing.afresh:
        text = f"one good session at it, then on from {standing.earned.text}"
        return Reason("good sessions", Advice.HOLD, text, COACHES_HOME)
    done_text = f"{min(done, needed)} of {needed} good sessions at this step"
    if standing.learned and standing.last is not None:
        done_text = f"level {standing.last.level} went well on {standing.last.day}, so on from here: {done_text}"
    if standing.last is None and not spoken_against:
        done_text = f"nothing done yet; {needed} good sessions on different days lead to the next step"
    return Reason("good sessions", Advice.HOLD, done_text, COACHES_HOME)


def _notes(week: Week, step: Step | None, standing: Standing) -> tuple[str, ...]:
    notes = []
    if week.share is not None and week.share > MOSTLY_BACKWARD:
        notes.append(
            f"{week.share:.0%} of the minutes of this week were backward; it is meant to be beside other training"
        )
    if step is None:
        return tuple(notes)
    first = standing.last is None or standing.last.level != step.level.number
    if first and step.level.needs:
        notes.append(f"level {step.level.number} needs: {', '.join(step.level.needs)}")
    return tuple(notes)


# --- shared -----------------------------------------------------------------------------------------------------


def _recent(past: History, today: date) -> tuple[Session, ...]:
    start = bisect_right(past, today - LOOK_BACK, key=lambda one: one.day)
    return tuple(one for one in past[start:] if isinstance(one, Session))


def _checked_in(past: History, today: date) -> CheckIn | None:
    start = bisect_right(past, today - timedelta(days=1), key=lambda one: one.day)
    return next((one for one in reversed(past[start:]) if isinstance(one, CheckIn)), None)
