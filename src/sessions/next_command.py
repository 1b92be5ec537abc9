"""``retrotread next``: what to do next after a history, told in sentences or as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ..machine import BeltDirection
from ..safety.tiers import tier_for_level
from ..training.history import PLACED_MAX, History, HistoryError, Placed, Session, in_order, joined, with_mornings
from ..training.ladder import LADDER, Step
from ..training.progression import Recommendation, Trainee, recommend
from ..training.reasons import Advice, Reason
from ..training.standing import COUNTS_FOR_DAYS, resumed, standing_after
from ..workouts.library import PLACEMENT_WALK
from ..workouts.regular_file import Unreadable, read_regular_file
from .check import Printed
from .person import BackwardExperience, Health, Person
from .prepare import HIGHEST, Written, why_held
from .reach import Reach, unread
from .step_workout import recommended, workout_of
from .treadmills import is_simulated, profile_at

HISTORY_NAME = "history.json"
"""The history in the data folder."""

BYTES_MAX = 16_000_000
"""More than ten years of daily entries."""

PLACEMENT = (
    f"you have walked backward before: with somebody beside you, do retrotread run {PLACEMENT_WALK}, and keep what "
    f"they saw you manage, at most level {PLACED_MAX}, with retrotread next --placed LEVEL --by WHO"
)
"""Offered, not asked for: whoever begins at the bottom loses nothing but time."""

WRITTEN_BY = "as a workout: retrotread next --out FILE"


Recorded = Callable[[Path, Person | None], History]
"""What the store of a data folder tells of a person. Raises HistoryError."""


@dataclass(frozen=True, slots=True)
class Helped:
    """What is there today: a supervisor (``clinic``), a harness, and the way that the belt is going to run; None: as
    last time."""

    clinic: bool = False
    harness: bool = False
    belt: BeltDirection | None = None


NOBODY_SAID = Helped()


@dataclass(frozen=True, slots=True)
class NextAsked:
    """What the command line asks for. ``file`` of None: the history in ``folder``, where there is one, together with
    ``recorded``, what the store tells. ``there``: who and what is there.

    ``treadmill`` is the address that it is for; None: the one of last time, with a deck that can be raised.
    """

    file: Path | None
    folder: Path
    today: date
    person: Person | None
    as_json: bool
    treadmill: str | None = None
    recorded: History = ()
    there: Helped = NOBODY_SAID


@dataclass(frozen=True, slots=True)
class Ahead:
    """What the set-up page asks: the step that is offered before every other workout, with why, and how far the
    history leads.

    Somebody of whom nothing is known begins at the first step; on a rest day it is the easiest walk. ``offered`` is
    None while it is locked. ``steps`` are those that the history opens, the next one last; none while it is locked, or
    nothing is known.
    """

    offered: Written | None
    reach: Reach
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Next(Printed):
    """What to do next in sentences or as JSON; found is whether training is locked.

    ``workout`` is the file of the step, None while it is locked.
    """

    workout: str | None = None


def next_text(asked: NextAsked) -> Next:
    """What to do next, told. Raises HistoryError or AddressError (ValueError)."""
    history = history_of(asked)
    advised = recommend(history, _trainee(asked), asked.today)
    beyond = _of_person(advised, history, asked.person)
    first = _nothing_done(history)
    text = json.dumps(_object(advised, beyond), indent=2) if asked.as_json else _told(advised, beyond, first)
    locked = advised.advice is Advice.LOCKED
    return Next(text, locked, None if locked else workout_of(advised.step))


def ahead(asked: NextAsked) -> Ahead:
    """What is next, and how far the history leads. Raises HistoryError or AddressError (ValueError)."""
    history, trainee = history_of(asked), _trainee(asked)
    advised = recommend(history, trainee, asked.today)
    offered = None if advised.advice is Advice.LOCKED else _offered(advised, history, asked.person)
    return Ahead(offered, _reach(advised, history, trainee), advised.easier if _known(asked.today, history) else ())


def reach_at(address: str, folder: Path, today: date, person: Person | None, recorded: Recorded) -> Reach | None:
    """How far their history leads on that belt; None for one that is none. Raises AddressError (ValueError)."""
    if is_simulated(address):
        return None
    try:
        return ahead(NextAsked(None, folder, today, person, False, address, recorded(folder, person))).reach
    except HistoryError as error:
        return unread(str(error))


def _offered(advised: Recommendation, history: History, person: Person | None) -> Written:
    placement, first = _may_be_placed(advised.day, history, person), _nothing_done(history)
    why = (*(one.text for one in advised.reasons), *(() if placement is None else (placement,)))
    if advised.advice is Advice.REST_DAY:
        why = (f"an easy walk is open all the same, this one or less; after the rest: {advised.step.text}", *why)
        return recommended(_easiest_walk(advised), _head(advised, first), *why)
    return recommended(advised.step, _head(advised, first), *why)


def _easiest_walk(advised: Recommendation) -> Step:
    """The first step of level 1, or what is done before it where that is as far as it goes."""
    return next((one for one in advised.easier if one.level.number > LADDER[0].number), advised.easier[0])


def _reach(advised: Recommendation, history: History, trainee: Trainee) -> Reach:
    """Runs are open where the next step is one, as far as that one, and not on a rest day; walks always are."""
    past = with_mornings(tuple(one for one in history if one.day <= advised.day))
    standing = resumed(standing_after(past, trainee.uphill), advised.day, trainee.device, trainee.belt)
    if advised.advice is Advice.LOCKED:
        return Reach(standing.open_level, (), advised.reasons[0].text)
    runs = tuple(one for one in (*advised.easier, advised.step) if one.level.runs and advised.step.level.runs)
    if advised.advice is Advice.REST_DAY and runs:
        return Reach(standing.open_level, (), f"a rest day, and running again from {advised.not_before} on")
    return Reach(standing.open_level, runs, f"your next step is {advised.step.text}")


def history_of(asked: NextAsked) -> History:
    """What this person has done. Raises HistoryError."""
    from ..training.history_file import history_from_json

    path = asked.file or asked.folder / HISTORY_NAME
    if asked.file is None and not path.exists():
        return asked.recorded
    try:
        written = history_from_json(read_regular_file(path, BYTES_MAX))
    except Unreadable as error:
        raise HistoryError(f"{path}: {error.message}; {error.mend}") from None
    except HistoryError as error:
        raise HistoryError(f"{path}: {error}; mend the file, or give another with --history") from None
    return written if asked.file is not None else joined(written, asked.recorded)


def place(folder: Path, placed: Placed) -> Path:
    """Keep what somebody saw in the history of a data folder, and tell where. Raises HistoryError and OSError."""
    from ..config import replace_file
    from ..training.history_file import history_as_json

    path = folder / HISTORY_NAME
    written = history_of(NextAsked(None, folder, placed.day, None, False))
    replace_file(path, history_as_json(in_order((*written, placed))))
    return path


def _trainee(asked: NextAsked) -> Trainee:
    """Raises AddressError (ValueError) for a treadmill that is none."""
    person, address, there = asked.person, asked.treadmill, asked.there
    hills = address is None or profile_at(address, asked.folder).capabilities.incline_max_dpct > 0
    return Trainee(
        adult=person is None or person.adult,
        clinic=there.clinic,
        device=address,
        belt=there.belt,
        hills=hills,
        harness=there.harness,
        ask_first=person is not None and person.health is Health.ASK_FIRST,
        held=None if person is None else person.held,
    )


def _of_person(advised: Recommendation, history: History, person: Person | None) -> str | None:
    """What else there is to say to them: what holds them back, else what is not open to them, else a placement."""
    held = None if person is None else why_held(person)
    return held or _beyond(advised.step, person) or _may_be_placed(advised.day, history, person)


def _beyond(step: Step, person: Person | None) -> str | None:
    """What the settings still say against this level: it takes the person's own word to open it."""
    if person is None:
        return None
    highest = HIGHEST[person.experience]
    if step.level.number <= highest.level_max:
        return None
    return (
        f"level {step.level.number} is for tier {tier_for_level(step.level.number).title}; your settings open up to "
        f"level {highest.level_max}: say so when you agree, with retrotread person --experience"
    )


def _may_be_placed(day: date, history: History, person: Person | None) -> str | None:
    """For somebody who knows backward walking and of whom nothing is known here, or nothing that counts any more."""
    known = _known(day, history)
    return None if known or person is None or person.experience is BackwardExperience.NONE else PLACEMENT


def _nothing_done(history: History) -> bool:
    return not any(isinstance(one, Session) for one in history)


def _known(day: date, history: History) -> bool:
    oldest = day - timedelta(days=COUNTS_FOR_DAYS)
    return not _nothing_done(history) or any(isinstance(one, Placed) and one.day >= oldest for one in history)


# --- in sentences -----------------------------------------------------------------------------------------------


def _told(advised: Recommendation, beyond: str | None, first: bool) -> str:
    lines = [_head(advised, first)]
    if advised.advice is not Advice.LOCKED:
        lines += [f"  {advised.step.text}", f"  {advised.step.level.hands.value}; {WRITTEN_BY}"]
    lines += [f"  because: {one.text} ({one.source})" for one in advised.reasons]
    lines += [f"  note: {one}" for one in (*advised.notes, *((beyond,) if beyond else ()))]
    lines += _closing(advised)
    return "\n".join(lines)


def _head(advised: Recommendation, first: bool) -> str:
    day = advised.day.isoformat()
    if advised.advice is Advice.REST_DAY:
        return f"{day}: a rest day; from {advised.not_before.isoformat()} on {_words(advised.then, first)}"
    return f"{day}: {_words(advised.advice, first)}"


def _words(advice: Advice, first: bool) -> str:
    return "begin here" if first and advice is Advice.HOLD else advice.words


def _closing(advised: Recommendation) -> list[str]:
    week = advised.week
    minutes = f"  backward in seven days: {week.backward_min:.3g} min, up to {week.limit_min:.3g} this week"
    if advised.advice is Advice.LOCKED:
        return [minutes]
    return [minutes, f"  easier is always open, at any level below; {advised.confirm} before anything is harder"]


# --- as JSON ----------------------------------------------------------------------------------------------------


def _object(advised: Recommendation, beyond: str | None) -> dict[str, Any]:
    week = advised.week
    return {
        "day": advised.day.isoformat(),
        "advice": _key(advised.advice),
        "then": _key(advised.then),
        "not_before": advised.not_before.isoformat(),
        "step": _step(advised.step),
        "earned": _step(advised.earned),
        "easier_levels": sorted({one.level.number for one in advised.easier}),
        "reasons": [_reason(one) for one in advised.reasons],
        "notes": [*advised.notes, *([] if beyond is None else [beyond])],
        "week": {"backward_min": week.backward_min, "before_min": week.before_min, "limit_min": week.limit_min,
                 "backward_share": week.share},
        "confirm": advised.confirm,
        "ladder_levels": len(LADDER),
    }  # fmt: skip


def _step(step: Step) -> dict[str, Any]:
    dose = step.dose
    return {
        "level": step.level.number,
        "file": workout_of(step),
        "bouts": dose.bouts,
        "bout_s": dose.bout_s,
        "speed_kph": dose.speed_kph,
        "incline_percent": dose.incline_percent,
        "session_min": round(step.session_min, 1),
        "text": step.text,
    }


def _reason(reason: Reason) -> dict[str, str]:
    return {"rule": reason.rule, "advice": _key(reason.advice), "text": reason.text, "source": reason.source}


def _key(advice: Advice) -> str:
    return advice.name.lower().replace("_", " ")
