"""What one session says about the next: a table with a row for each rule.

A session that meets no row was a good one. Pain is held against the figures of the pain-monitoring model: up to 2 goes
on, 3 to 5 holds, above 5 or three more than before goes back; and it has to be what it was by the next morning. That 3
to 5 holds, and what goes back, is ours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from .history import LEVEL_MAX, Event, Session, highest
from .ladder import LADDER, NEEDS_SOMEBODY, OR_HARNESS, SPEED_STEP_KPH, Hands, Level
from .reasons import HOME, PAIN_HOME, PAIN_RISE, Advice, Reason

DONE_LEAST = 0.9
"""A tenth may be missing: who stops a minute early has still done the session."""

PAIN_EASY, PAIN_HIGHEST, PAIN_SOARED = 2, 5, 3
"""Green up to 2, amber up to 5, red above; and red from three more than before."""

MORNING_RISE_RED = 2
"""A morning two points worse than before the session tells that it was too much; one point may be chance."""

EFFORT_HARD, HARD_IN_A_ROW, AMBER_IN_A_ROW = 7, 2, 2
"""One hard day may be a bad night, two in a row are too high a step; so are two sessions in a row that hurt."""

EVENTS_IN_A_ROW = 3
"""A stumble may be chance, and a stop a lost radio link; three sessions in a row are the step."""

WALKED_ALONE_BELOW = 2
"""So many levels below what is open a walk is known well enough to be nobody else's matter."""

LASTING_DAYS = 2
"""Pain above 2 before training on one day may be a bad night; on a second one it is there to stay."""

_FAST_KPH = tuple(
    max(kph for level in LADDER[: number + 1] for kph in level.speeds_kph) + SPEED_STEP_KPH
    for number in range(LEVEL_MAX + 1)
)
"""A step above the fastest of each level and of those below it: some published doses of a level are a little faster."""

_SMALL_EVENTS = (Event.STUMBLE, Event.KEY_PULL, Event.UNPLANNED_STOP)
_HANDS_FREE = frozenset({Hands.FREE, Hands.FREE_NEAR})


@dataclass(frozen=True, slots=True)
class Seen:
    """A session, and what came before it: how many in a row were hard, or came to hurt, or had small events.

    ``ached`` are the days in a row, up to that of the session, on which it hurt before training. ``open_level`` is the
    highest level that was open to it.
    """

    session: Session
    hard_before: int = 0
    amber_before: int = 0
    events_before: int = 0
    ached: tuple[date, ...] = ()
    open_level: int = LEVEL_MAX

    @property
    def level(self) -> Level:
        return LADDER[self.session.level]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: when ``finds`` gives a sentence, this is advised; ``when`` tells the condition in words.

    ``levels_down``: how far back.
    """

    name: str
    advice: Advice
    finds: Callable[[Seen], str | None]
    when: str
    source: str
    levels_down: int = 0


def reasons_after(seen: Seen) -> tuple[Reason, ...]:
    """Every rule that this session meets, the gravest first; none for a good session."""
    found = [
        Reason(rule.name, rule.advice, text, rule.source, rule.levels_down)
        for rule in SESSION_RULES
        if (text := rule.finds(seen)) is not None
    ]
    return tuple(sorted(found, key=lambda one: one.advice)) if found else ()


def is_hard(session: Session) -> bool:
    return session.effort is not None and session.effort >= EFFORT_HARD


def has_events(session: Session) -> bool:
    """Whether something small happened that a step too high may be behind."""
    seen = Seen(session)
    return _small_event(seen) is not None or _lost_footing(seen) is not None


def hurts(session: Session) -> bool:
    """Whether pain was amber or red."""
    worst, rise = session.pain.worst, _morning_rise(session)
    return (worst is not None and worst > PAIN_EASY) or (rise is not None and rise > 0)


def aggravates(session: Session) -> bool:
    """Whether it hurt, and more than it did before the session; an old pain that only stays is not led back by this."""
    if not hurts(session):
        return False
    pain, rise = session.pain, _morning_rise(session)
    return (highest(pain.during, pain.after) or 0) > (pain.before or 0) or (rise is not None and rise > 0)


def aching(ached: tuple[date, ...], day: date, pain: int | None) -> tuple[date, ...]:
    """The days in a row on which it hurt before training, after what was said on this one; three at most are kept."""
    if pain is None or day in ached[-1:]:
        return ached
    return (*ached, day)[-LASTING_DAYS - 1 :] if pain > PAIN_EASY else ()


def lasting_pain(ached: tuple[date, ...]) -> Reason | None:
    """On the second of such days it leads back, and not again on those that follow."""
    text = _lasting(ached)
    return None if text is None else Reason("lasting pain", Advice.BACK_ONE, text, PAIN_HOME, 1)


def _lasting(ached: tuple[date, ...]) -> str | None:
    if len(ached) != LASTING_DAYS:
        return None
    return f"it hurt before training on {' and '.join(map(str, ached))} (up to {PAIN_EASY} is no matter)"


def is_red(session: Session) -> bool:
    """Whether pain was more than the model lets pass."""
    return _red_pain(Seen(session)) is not None


def _morning_rise(session: Session) -> int | None:
    pain = session.pain
    if pain.next_morning is None:
        return None
    return pain.next_morning - (pain.before or 0)


def _event(event: Event) -> Callable[[Seen], str | None]:
    return lambda seen: f"{event.words} on {seen.session.day}" if event in seen.session.events else None


def _red_pain(seen: Seen) -> str | None:
    pain, rise = seen.session.pain, _morning_rise(seen.session)
    worst = highest(pain.worst, pain.next_morning) or 0
    if worst > PAIN_HIGHEST:
        return f"pain reached {worst} of 10 on {seen.session.day} (limit {PAIN_HIGHEST})"
    if pain.worst is not None and pain.before is not None and pain.worst - pain.before >= PAIN_SOARED:
        return f"pain rose from {pain.before} to {pain.worst} on {seen.session.day} (limit: {PAIN_SOARED - 1} more)"
    if rise is not None and rise >= MORNING_RISE_RED:
        return f"pain was {pain.next_morning} on the morning after {seen.session.day}, {rise} more than before it"
    return None


def _amber_pain(seen: Seen) -> str | None:
    session = seen.session
    if not hurts(session) or is_red(session):
        return None
    if session.pain.worst is not None and session.pain.worst > PAIN_EASY:
        return f"pain of {session.pain.worst} of 10 on {session.day} (up to {PAIN_EASY} is no matter)"
    return f"pain was {session.pain.next_morning} on the morning after {session.day}, 1 more than before it"


def _amber_again(seen: Seen) -> str | None:
    if seen.amber_before + 1 < AMBER_IN_A_ROW or not aggravates(seen.session) or is_red(seen.session):
        return None
    return f"it came to hurt in {seen.amber_before + 1} sessions in a row"


def _hard_again(seen: Seen) -> str | None:
    if seen.hard_before + 1 < HARD_IN_A_ROW or not is_hard(seen.session):
        return None
    return f"effort {seen.session.effort} of 10 on {seen.session.day}, and {EFFORT_HARD} or more the time before"


def _effort(seen: Seen) -> str | None:
    effort, most = seen.session.effort, seen.level.effort_max
    if effort is None or effort <= most:
        return None
    return f"effort {effort} of 10 on {seen.session.day} (easy enough is up to {most} at level {seen.level.number})"


def _small_event(seen: Seen) -> str | None:
    if _lost_footing(seen) is not None:
        return None
    found = [event.words for event in _SMALL_EVENTS if event in seen.session.events]
    if Event.RAIL_GRAB in seen.session.events and seen.level.hands in _HANDS_FREE:
        found.append(f"{Event.RAIL_GRAB.words}, at a level with hands free")
    return f"{' and '.join(found)} on {seen.session.day}" if found else None


def _events_again(seen: Seen) -> str | None:
    if seen.events_before + 1 < EVENTS_IN_A_ROW or not has_events(seen.session):
        return None
    return f"{seen.events_before + 1} sessions in a row with something like it, the last on {seen.session.day}"


def _lost_footing(seen: Seen) -> str | None:
    """Whose stumble pulls the key was not far from a fall."""
    if not {Event.STUMBLE, Event.KEY_PULL} <= seen.session.events:
        return None
    return f"a stumble that pulled the safety key on {seen.session.day}: as a near-fall"


def _alone(seen: Seen) -> str | None:
    session, needs = seen.session, seen.level.needs
    if session.supervised is True or (session.harness is True and OR_HARNESS in needs):
        return None
    if NEEDS_SOMEBODY.isdisjoint(needs) or _is_known_walk(seen):
        return None
    nobody = "nobody stood" if session.supervised is False else "nobody was said to stand"
    return f"{nobody} beside the belt on {session.day}; level {seen.level.number} needs somebody"


def _is_known_walk(seen: Seen) -> bool:
    return not seen.session.ran_min and seen.session.level + WALKED_ALONE_BELOW <= seen.open_level


def _far_above(seen: Seen) -> str | None:
    """By its level, and by its speed where a workout names a low level or none."""
    session, dose = seen.session, seen.session.dose
    if session.level > seen.open_level:
        what = f"a session at level {session.level}"
    elif dose is not None and dose.speed_kph > _FAST_KPH[seen.open_level]:
        what = f"a session at {dose.speed_kph:g} km/h"
    else:
        return None
    return f"{what} on {session.day}, where level {seen.open_level} was open; it earns nothing"


def _heart(seen: Seen) -> str | None:
    return f"the heart rate was over its ceiling on {seen.session.day}" if seen.session.heart_over_ceiling else None


def _share(seen: Seen) -> str | None:
    share = seen.session.done_share
    if share >= DONE_LEAST:
        return None
    return f"{share:.0%} of the session was done on {seen.session.day} (from {DONE_LEAST:.0%} on it counts)"


def _silence(seen: Seen) -> str | None:
    session, pain = seen.session, seen.session.pain
    if session.answered:
        return None
    missing = [
        *(("the pain before it",) if pain.before is None else ()),
        *(("the pain in it or after it",) if pain.during is None and pain.after is None else ()),
        *(("the pain on the next morning",) if pain.next_morning is None else ()),
        *(("the effort",) if session.effort is None else ()),
    ]
    return f"nothing was said of {', '.join(missing)} ({session.day}); silence is not a yes"


_RED = (
    f"pain above {PAIN_HIGHEST}; or {PAIN_SOARED} more than before it; or on the next morning {MORNING_RISE_RED} more "
    "than before it"
)
_AMBER = f"pain of {PAIN_EASY + 1} to {PAIN_HIGHEST}, or on the next morning 1 more than before it"
_ALONE = (
    "nobody was said to stand beside the belt, at a level that needs somebody; a walk "
    f"{WALKED_ALONE_BELOW} levels below what is open needs nobody"
)
_LASTING = f"pain above {PAIN_EASY} before training, on two days in a row; check-ins count"
_SMALL_AGAIN = (
    "a stumble, a pull of the safety key, an unplanned stop or a grab at the rails in "
    f"{EVENTS_IN_A_ROW} sessions in a row"
)
_SMALL = "a stumble, a pull of the safety key, an unplanned stop; a grab at the rails where hands are free"

SESSION_RULES = (
    Rule("symptom", Advice.LOCKED, _event(Event.SYMPTOM_STOP), "a stop because of a symptom", HOME, 2),
    Rule("fall", Advice.LOCKED, _event(Event.FALL), "a fall", HOME, 2),
    Rule("near-fall", Advice.BACK_ONE, _event(Event.NEAR_FALL), "a near-fall", HOME, 1),
    Rule(
        "stumble and key",
        Advice.BACK_ONE,
        _lost_footing,
        "a stumble and a pull of the safety key in one session",
        HOME,
        1,
    ),
    Rule("events again", Advice.BACK_ONE, _events_again, _SMALL_AGAIN, HOME, 1),
    Rule("red pain", Advice.BACK_ONE, _red_pain, _RED, f"{PAIN_HOME}; {PAIN_RISE}", 1),
    Rule("amber twice", Advice.BACK_ONE, _amber_again, "amber pain twice in a row, more than before it", PAIN_HOME, 1),
    Rule("lasting pain", Advice.BACK_ONE, lambda seen: _lasting(seen.ached), _LASTING, PAIN_HOME, 1),
    Rule("hard twice", Advice.BACK_ONE, _hard_again, f"an effort of {EFFORT_HARD} or more twice in a row", HOME, 1),
    Rule("amber pain", Advice.HOLD, _amber_pain, _AMBER, PAIN_HOME),
    Rule("effort", Advice.HOLD, _effort, "an effort above 4; from level 8 on above 6", HOME),
    Rule("event", Advice.HOLD, _small_event, _SMALL, HOME),
    Rule("alone", Advice.HOLD, _alone, _ALONE, HOME),
    Rule(
        "far above",
        Advice.HOLD,
        _far_above,
        "a session above the level that was open, or faster; it earns nothing",
        HOME,
    ),
    Rule("heart rate", Advice.HOLD, _heart, "the heart rate was over its ceiling", HOME),
    Rule("not done", Advice.HOLD, _share, f"less than {DONE_LEAST:.0%} of the session was done", HOME),
    Rule("silence", Advice.HOLD, _silence, "pain before, in or after it, or next morning, or effort not said", HOME),
)
