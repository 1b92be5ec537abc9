"""What the next start asks before anything else, out of the journals and the diary: the morning after the last run,
pain today, the night, whether they are ill or newly injured, and, after a symptom, a fall or an injury, whether
somebody whose trade it is agrees that training goes on.

Whoever only presses Enter has said nothing: that holds their step, keeps from nothing easier, and clears nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from ..training.history import Event
from . import diary
from .ailing import NOT_SAID_WHERE, ill_since
from .diary import (
    Aching,
    AddedOnlyDamaged,
    AddedOnlyError,
    Ailing,
    Ailment,
    ClearedBy,
    Entry,
    Held,
    Morning,
    Said,
    ScreenedAgain,
    Slept,
)
from .earlier import began, moved, runs_in
from .journal import RunRead
from .person import Health, Person

RECALLED_DAYS = 7
"""A morning is asked about for a week; what is older nobody remembers as a number."""

CLEARED_BY = "a doctor or a therapist, as the person says"


@dataclass(frozen=True, slots=True)
class LastRun:
    """The last run that somebody was on: its number, its day where they were, its workout."""

    run_id: str
    day: date
    workout: str

    @property
    def morning(self) -> date:
        """The day after it."""
        return self.day + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Owed:
    """What is asked: about the morning after a run, None: about none; about ``pain`` today; about the night; whether
    they are ``well``; and what holds them back, a run or an injury.

    ``ill`` is the first day of an illness that goes on; until they say that they are well again nothing is run.
    ``ask_first``: they are held back by their answers to the questions of who may begin. ``problem``: a sentence about
    a diary that cannot be used.
    """

    morning_after: LastRun | None = None
    pain: bool = False
    night: bool = False
    well: bool = False
    ill: date | None = None
    held: Held | Ailing | None = None
    ask_first: bool = False
    problem: str | None = None

    @property
    def anything(self) -> bool:
        """Whether there is something to ask."""
        return self.morning_after is not None or self.pain or self.night or self.well or self.holds

    @property
    def holds(self) -> bool:
        """Whether somebody whose trade it is has to agree before anything is run."""
        return self.held is not None or self.ask_first


NOTHING_OWED = Owed()


def words(held: Held | Ailing) -> str:
    """What holds somebody back, as a sentence names it."""
    if isinstance(held, Ailing):
        return f"on {held.day} you said that something was newly injured: {held.where or NOT_SAID_WHERE}"
    what = "you fell" if held.why == Event.FALL else f"you said what you felt: {held.why}"
    return f"in the run of {held.day} {what}"


def held_back_by(asked: Owed, person: Person) -> Person:
    """The same person with what keeps them from training."""
    held = None if asked.held is None else words(asked.held)
    return replace(person, held=held, ill=asked.ill)


@dataclass(frozen=True, slots=True)
class Answered:
    """What was said to it. None: not said, or not asked. ``conditions``: one or more of those of who may begin hold.

    ``agreed``: somebody whose trade it is, who knows of all this, agrees. ``where`` something is newly injured.
    ``pain`` is that of the morning after, which is that of today too where that morning is today's.
    """

    pain: int | None = None
    pain_today: int | None = None
    slept_badly: bool | None = None
    ailment: Ailment | None = None
    where: str = ""
    conditions: bool | None = None
    agreed: bool = False


NO_ANSWER = Answered()


def settle(folder: Path, now: datetime) -> Owed:
    """What is owed now; a run that holds somebody back is written into the diary, where it outlives its journal.

    For the one program that has the folder. A damaged diary is given another name, and what holds somebody back is
    taken from the journals again, cleared or not: rather asked once more.
    """
    problem = None
    try:
        said = diary.entries(folder)
    except AddedOnlyDamaged as error:
        aside = diary.set_aside(folder, now)
        said, problem = (
            (),
            f"{error}, under the name {aside.name}: who trains here, and what it had cleared, are asked again; "
            "limits in it hold no longer, so set them again before anybody trains (retrotread person)",
        )
    runs = tuple(runs_in(folder / "runs"))
    new = unwritten(said, runs, now)
    if new:
        diary.add(folder, *new)
        said = diary.entries(folder)
    return owed(said, runs, now, problem)


def looked_up(folder: Path, now: datetime) -> Owed:
    """The same for a program that only reads. A diary that cannot be read holds nobody back by itself."""
    runs, problem = tuple(runs_in(folder / "runs")), None
    try:
        said = diary.entries(folder)
    except AddedOnlyError as error:
        said, problem = (), str(error)
    new = unwritten(said, runs, now)
    return owed((*said, *(Entry(0, "", one) for one in new)), runs, now, problem)


def owed(said: tuple[Entry, ...], runs: tuple[RunRead, ...], now: datetime, problem: str | None = None) -> Owed:
    """What is owed after all this; ``runs`` newest first. Pure."""
    last, today, ill = _last(runs, now), now.date(), ill_since(said)
    if last is None:
        return Owed(well=ill is not None, ill=ill, held=held_by(said), problem=problem)
    asked = {one.said.run_id for one in said if isinstance(one.said, Morning)}
    due = last.run_id not in asked and last.morning <= today <= last.day + timedelta(days=RECALLED_DAYS)
    daily = Morning | Aching | Slept | Ailing
    told = {type(one.said) for one in said if isinstance(one.said, daily) and one.said.day == str(today)}
    pain = told.isdisjoint({Morning, Aching}) and not (due and last.morning == today)
    well = ill is not None or Ailing not in told
    return Owed(last if due else None, pain, Slept not in told, well, ill, held_by(said), problem=problem)


def held_by(said: tuple[Entry, ...]) -> Held | Ailing | None:
    """What holds somebody back and was not cleared since; the last of several."""
    held: Held | Ailing | None = None
    for one in said:
        if isinstance(one.said, Held) or (isinstance(one.said, Ailing) and one.said.what is Ailment.INJURED):
            held = one.said
        elif isinstance(one.said, ClearedBy):
            held = None
    return held


def unwritten(said: tuple[Entry, ...], runs: tuple[RunRead, ...], now: datetime) -> tuple[Held, ...]:
    """The runs that hold somebody back and are not in the diary yet, oldest first. Pure."""
    known = {one.said.run_id for one in said if isinstance(one.said, Held)}
    return tuple(
        Held(one.run_id, _day(one, now).isoformat(), one.halts[0])
        for one in reversed(runs)
        if one.halts and _carried(one) and one.run_id not in known
    )


def said_to(asked: Owed, answered: Answered, today: date) -> tuple[Said, ...]:
    """What comes into the diary of it; what was asked and not answered as that, so that it is asked once."""
    told: list[Said] = []
    if asked.morning_after is not None:
        last = asked.morning_after
        told.append(Morning(last.run_id, last.morning.isoformat(), answered.pain))
    if asked.pain:
        told.append(Aching(today.isoformat(), answered.pain_today))
    if asked.night:
        told.append(Slept(today.isoformat(), answered.slept_badly))
    if asked.well:
        told.append(Ailing(today.isoformat(), answered.ailment, answered.where))
    if answered.conditions is not None:
        told.append(ScreenedAgain(today.isoformat(), answered.conditions))
    if asked.holds and answered.agreed:
        told.append(ClearedBy(today.isoformat(), CLEARED_BY))
    return tuple(told)


def health_after(asked: Owed, answered: Answered) -> Health | None:
    """What the questions of health come to with these answers; None: what they came to before."""
    if answered.agreed and asked.holds:
        return Health.CLEARED if answered.conditions or asked.ask_first else Health.NOTHING
    return Health.ASK_FIRST if answered.conditions else None


def _last(runs: tuple[RunRead, ...], now: datetime) -> LastRun | None:
    found = next((one for one in runs if _carried(one) and moved(one)), None)
    return None if found is None else LastRun(found.run_id, _day(found, now), found.workout)


def _carried(run: RunRead) -> bool:
    """Whether somebody was on the belt: nobody is on a simulated one, nor where it was run empty."""
    return not run.address.startswith("sim:") and not run.empty_belt


def _day(run: RunRead, now: datetime) -> date:
    return began(run, now).astimezone(now.tzinfo).date()
