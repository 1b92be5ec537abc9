"""Where somebody stands on the ladder: their history, taken up entry by entry.

A step is earned by good sessions and taken by doing it: who is offered a step up and stays where they are goes on
standing there. A session at the level of the next step counts for the step that was earned, and for no more; one above
that counts for nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from ..machine import BeltDirection
from .history import Break, CheckIn, Cleared, Dose, History, Illness, Injury, Placed, Screened, Session, last_said
from .ladder import HILLY, LADDER, LEVEL_GROUND, RUNNING_FROM, Step, steps_of
from .machines import Left, Machines
from .reasons import HOME, Advice, Reason
from .session_rules import DONE_LEAST, Seen, aching, aggravates, has_events, is_hard, lasting_pain, reasons_after

AWAY_FROM_DAYS, LONG_AWAY_FROM_DAYS, ONE_MORE_EACH_DAYS = 8, 22, 28
"""After a week legs and balance are a little worse; after three they have to learn again, and for every four weeks
more it goes back one level more."""

WALKED_WELL, WALKED_WELL_WITHIN_DAYS, WALKED_WELL_LEVEL = 6, 28, 4
"""Before the first run: six good brisk walks in four weeks, so that calves and Achilles tendons have been asked."""

WALKED_WELL_LEAST_MIN = 15.0
"""The bout of the first step of level 4: what is shorter, and no step of the ladder, has not asked them."""

COUNTS_FOR_DAYS = 28
"""Good days, what waits on another machine, and a placement that nothing came of, are no evidence any more when they
are as old as a refresher's four weeks."""

NO_MACHINES = Machines()


@dataclass(frozen=True, slots=True)
class Lifted:
    """A placement of which nothing came yet: its day, and where somebody stood before it."""

    day: date
    at: int
    best: int
    done_on: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands after their last entry.

    ``at`` is the place of the earned step in ``path``, ``best`` the highest so far; ``good_days`` are those at it.
    ``afresh``: the machine or the movement has to be learned again first. ``owed``: what the last entries advise, not
    yet acted on. ``locks`` keep from training at all. ``hard``, ``amber`` and ``events`` count sessions in a row.
    ``done_on``: the last day on which the earned step, or one at most a level below it, was done; time off is counted
    from there, and ``levels_off`` were taken back for it already. ``lifted``: a placement that it stands on alone.
    ``learned``: the last session was what had to be learned again, and it goes on from the earned step.
    ``taken``: the place from which something that happened, and no time off, has led back, until that is earned again.
    ``walked_well``: the newest good walks of level 4 and above. ``sessions``: how many there were since the beginning,
    or since it had to be learned again. ``ached``: the days in a row on which it hurt before training. ``last_pain``:
    what was said of pain last.
    """

    path: tuple[Step, ...] = HILLY
    at: int = 0
    best: int = 0
    good_days: tuple[date, ...] = ()
    afresh: bool = False
    owed: tuple[Reason, ...] = ()
    locks: tuple[Reason, ...] = ()
    last: Session | None = None
    hard: int = 0
    amber: int = 0
    events: int = 0
    walked_well: tuple[date, ...] = ()
    sessions: int = 0
    ached: tuple[date, ...] = ()
    last_pain: int | None = None
    machines: Machines = NO_MACHINES
    ill: Illness | None = None
    away: Break | None = None
    done_on: date | None = None
    levels_off: int = 0
    learned: bool = False
    lifted: Lifted | None = None
    taken: int = 0

    @property
    def earned(self) -> Step:
        return self.path[self.at]

    @property
    def step(self) -> Step:
        """What is to be done next: the earned step, or level 1 where it has to be learned again."""
        return self.path[min(self.at, _first_of(self.path, 1))] if self.afresh else self.earned

    @property
    def good_days_needed(self) -> int:
        """How many good sessions lead on; on the way back to what was earned before, one fewer."""
        return self.earned.level.good_days - (1 if self.at < self.best else 0)

    @property
    def enough(self) -> bool:
        """Whether there were as many."""
        return len(self.good_days) >= self.good_days_needed

    @property
    def upper(self) -> Step | None:
        """The step above the earned one; None at the top of the ladder."""
        return self.path[self.at + 1] if self.at + 1 < len(self.path) else None

    @property
    def open_level(self) -> int:
        """The level of the next step; nothing leads to what is above."""
        if self.afresh:
            return self.step.level.number
        return self.earned.level.number if self.upper is None else self.upper.level.number


def standing_after(history: History, hills: bool = True) -> Standing:
    """Where this history leads to; its entries are in the order of their days."""
    standing = Standing(HILLY if hills else LEVEL_GROUND)
    for entry in history:
        take = _TAKES.get(type(entry))
        standing = standing if take is None else take(standing, entry)
    return standing


def resumed(standing: Standing, day: date, device: str | None, belt: BeltDirection | None) -> Standing:
    """As it stands when training goes on that day, on that machine, with the belt that way; None: as last time.

    What was owed is acted on once, however many rules ask for it; its reasons stay until the next session.
    """
    standing = _without_the_old(standing, day)
    if device and device != standing.machines.here:
        standing = _taken_up(standing, replace(standing.machines, here=device))
    machines = standing.machines
    reasons = standing.owed + _of_time_off(standing, day) + machines.strange(belt)
    levels_down = max([one.levels_down for one in reasons]) if reasons else 0
    if not levels_down:
        return standing
    again = any(one.advice is Advice.REFAMILIARISE for one in reasons)
    at = _down(standing.path, standing.at, levels_down)
    left = machines.leaving(Left(standing.at, standing.best, standing.done_on), reasons)
    return replace(
        standing,
        at=at,
        best=at if again and left is None else standing.best,
        machines=machines if left == machines.left else replace(machines, left=left),
        good_days=(),
        afresh=standing.afresh or again,
        owed=tuple(sorted(reasons, key=lambda one: one.advice)),
        sessions=0 if again else standing.sessions,
        levels_off=max(standing.levels_off, _levels_off(_days_off(standing, day))),
        taken=max(standing.taken, standing.at) if leads_back(standing.owed) else standing.taken,
    )


def leads_back(reasons: tuple[Reason, ...]) -> bool:
    """Whether one of these leads to a lower level."""
    return any(one.levels_down for one in reasons)


def may_step_up(standing: Standing, day: date) -> bool:
    """Whether the next step is earned, gates included."""
    if not standing.enough or standing.afresh or standing.machines.settling:
        return False
    upper = standing.upper
    return upper is not None and gate(standing, upper, day) is None


def gate(standing: Standing, upper: Step, day: date) -> str | None:
    """What is missing before the first run; None where the step is no such thing, or nothing is missing."""
    if upper.level.number < RUNNING_FROM or standing.earned.level.runs:
        return None
    recent = sum((day - one).days <= WALKED_WELL_WITHIN_DAYS for one in standing.walked_well)
    if recent >= WALKED_WELL:
        return None
    return (
        f"{recent} good walks of level {WALKED_WELL_LEVEL} or above in the last {WALKED_WELL_WITHIN_DAYS} days; "
        f"{WALKED_WELL} come before the first run"
    )


# --- the entries ------------------------------------------------------------------------------------------------


def _after_session(standing: Standing, session: Session) -> Standing:
    standing = resumed(standing, session.day, session.device, session.belt)
    at, good_days, afresh = standing.at, standing.good_days, standing.afresh
    if may_step_up(standing, session.day) and does(session, standing.path[at + 1]):
        at, good_days = at + 1, ()
    ached = aching(standing.ached, session.day, session.pain.before)
    new = ached if ached != standing.ached else ()
    reasons = reasons_after(Seen(session, standing.hard, standing.amber, standing.events, new, standing.open_level))
    good = not reasons
    if not good:
        good_days = ()
    elif does(session, standing.path[at]) and session.day not in good_days[-1:]:
        good_days = (*good_days[-WALKED_WELL:], session.day)
    learned = afresh and good and does(session, standing.step)
    kept = _keeps(session, standing.path, at, reasons)
    done = learned or kept or standing.done_on is None
    locked = () if good else tuple(one for one in reasons if one.advice is Advice.LOCKED)
    return Standing(  # every field, because replace() takes three times as long
        path=standing.path,
        at=at,
        best=max(at, standing.best),
        good_days=good_days,
        afresh=afresh and not learned,
        learned=learned,
        owed=reasons,
        locks=(*standing.locks, *locked),
        last=session,
        hard=standing.hard + 1 if reasons and is_hard(session) else 0,
        amber=standing.amber + 1 if reasons and aggravates(session) else 0,
        events=standing.events + 1 if reasons and has_events(session) else 0,
        walked_well=_walked_well(standing, session) if good else standing.walked_well,
        sessions=standing.sessions + 1,
        ached=ached,
        last_pain=last_said(session.pain, standing.last_pain),
        machines=standing.machines.after(session),
        done_on=session.day if done else standing.done_on,
        levels_off=0 if done else standing.levels_off,
        lifted=None if kept else standing.lifted,
        taken=standing.taken if at < standing.taken else 0,
    )


def _walked_well(standing: Standing, session: Session) -> tuple[date, ...]:
    """A run is no walk, however well it went; and a short walk, or a slow one, is one only where it did a step of its
    level."""
    level = LADDER[session.level]
    walked = session.level >= WALKED_WELL_LEVEL and not level.runs
    if not walked or session.day in standing.walked_well[-1:] or not (_brisk(session) or _did_a_step(session)):
        return standing.walked_well
    return (*standing.walked_well[1 - WALKED_WELL :], session.day)


def _brisk(session: Session) -> bool:
    fast = session.dose is None or session.dose.speed_kph >= LADDER[WALKED_WELL_LEVEL].speeds_kph[0]
    return fast and session.walked_min >= WALKED_WELL_LEAST_MIN


def _did_a_step(session: Session) -> bool:
    return session.dose is not None and does(session, steps_of(LADDER[session.level])[0])


def does(session: Session, step: Step) -> bool:
    """Whether this session was at least this step; one of a level above has to be the first step there."""
    if session.level < step.level.number:
        return False
    own = step if session.level == step.level.number else steps_of(LADDER[session.level])[0]
    return _dose(session).covers(own.dose)


def _dose(session: Session) -> Dose:
    """One without a dose was the first step of its level, and no more."""
    return session.dose or steps_of(LADDER[session.level])[0].dose


def _keeps(session: Session, path: tuple[Step, ...], at: int, reasons: tuple[Reason, ...]) -> bool:
    """Whether this session keeps up what was earned: it did a step of that level, of one above or of the one below,
    to its end, and nothing in it leads back. What only holds, as silence does, takes nothing away. No walk keeps up
    a run."""
    if session.done_share < DONE_LEAST or not session.backward_min or leads_back(reasons):
        return False
    lowest = path[_down(path, at, 1)].level.number
    if path[at].level.runs:
        lowest = max(lowest, RUNNING_FROM)
    return any(_dose(session).covers(steps_of(LADDER[number])[0].dose) for number in range(lowest, session.level + 1))


def _after_illness(standing: Standing, illness: Illness) -> Standing:
    end = "" if illness.until is None else f" until {illness.until}"
    text = f"ill from {illness.day}{end}"
    return _owing(replace(standing, ill=illness), Reason("illness", Advice.BACK_TWO, text, HOME, 2))


def _after_injury(standing: Standing, injury: Injury) -> Standing:
    text = f"an injury on {injury.day}: {injury.where}"
    lock = Reason("injury", Advice.LOCKED, f"{text}; a doctor or a therapist says when it goes on", HOME)
    owing = _owing(standing, Reason("injury", Advice.BACK_TWO, text, HOME, 2))
    return replace(owing, locks=(*standing.locks, lock))


def _after_screen(standing: Standing, screened: Screened) -> Standing:
    others = tuple(one for one in standing.locks if one.rule != "screen")
    if not screened.yes:
        return replace(standing, locks=others)
    text = f"a question of {screened.day} was answered with yes ({', '.join(sorted(screened.yes))})"
    lock = Reason("screen", Advice.LOCKED, f"{text}; a doctor or a therapist says whether it can begin", HOME)
    return replace(standing, locks=(*others, lock))


def _after_clearance(standing: Standing, cleared: Cleared) -> Standing:
    """The locks go; what had locked still leads two levels back."""
    owed = tuple(_unlocked(one, cleared) for one in standing.owed)
    return replace(standing, locks=(), owed=owed, ill=None)


def _unlocked(reason: Reason, cleared: Cleared) -> Reason:
    if reason.advice is not Advice.LOCKED:
        return reason
    text = f"{reason.text}, cleared on {cleared.day} by {cleared.by}"
    return replace(reason, advice=Advice.BACK_TWO, text=text)


def _after_check_in(standing: Standing, said: CheckIn) -> Standing:
    """Pain before training; whatever else was said is about that day alone."""
    if said.pain is None:
        return standing
    ached = aching(standing.ached, said.day, said.pain)
    reason = lasting_pain(ached) if ached != standing.ached else None
    standing = replace(standing, ached=ached, last_pain=said.pain)
    return standing if reason is None else _owing(standing, reason)


def _after_placement(standing: Standing, placed: Placed) -> Standing:
    """A placement only lifts; it takes nothing away, and nothing of what is owed.

    Nobody is placed past what a fall, a symptom, pain or an illness has taken: that is earned again.
    """
    at = _first_of(standing.path, placed.level)
    taken = standing.taken > standing.at or (standing.last is not None and leads_back(standing.owed))
    if at <= standing.at or taken:
        return standing
    lifted = standing.lifted or Lifted(placed.day, standing.at, standing.best, standing.done_on)
    best, lifted = max(at, standing.best), replace(lifted, day=placed.day)
    return replace(standing, at=at, best=best, good_days=(), done_on=placed.day, levels_off=0, lifted=lifted)


def _after_break(standing: Standing, away: Break) -> Standing:
    return replace(standing, away=away)


_TAKES: dict[type, Callable[[Standing, Any], Standing]] = {
    Session: _after_session,
    Illness: _after_illness,
    Injury: _after_injury,
    Screened: _after_screen,
    Cleared: _after_clearance,
    Placed: _after_placement,
    Break: _after_break,
    CheckIn: _after_check_in,
}


# --- time off, and another machine ------------------------------------------------------------------------------


def _of_time_off(standing: Standing, day: date) -> tuple[Reason, ...]:
    """Since the last session, or further back since the earned step was done, less what that led back already."""
    last, done_days = standing.last, _days_off(standing, day)
    last_days = 0 if last is None else (day - last.day).days
    since_last, since_done = _levels_off(last_days), _levels_off(done_days) - standing.levels_off
    levels_down = max(since_last, since_done)
    if levels_down <= 0:
        return ()
    if last is not None and (last.day == standing.done_on or since_last > since_done):
        days, text = last_days, f"{last_days} days since the last session, on {last.day}{_why(standing)}"
    else:
        what = f"level {standing.earned.level.number}, or the one below it, was last done without a setback"
        days, text = done_days, f"{done_days} days since {what}, on {standing.done_on}"
    if days < LONG_AWAY_FROM_DAYS:
        return (Reason("time off", Advice.BACK_ONE, text, HOME, levels_down),)
    return (Reason("long time off", Advice.REFAMILIARISE, text, HOME, levels_down),)


def _days_off(standing: Standing, day: date) -> int:
    return 0 if standing.done_on is None else (day - standing.done_on).days


def _levels_off(days: int) -> int:
    """How many levels so many days lead back."""
    if days < LONG_AWAY_FROM_DAYS:
        return int(days >= AWAY_FROM_DAYS)
    return 2 + (days - LONG_AWAY_FROM_DAYS) // ONE_MORE_EACH_DAYS


def _without_the_old(standing: Standing, day: date) -> Standing:
    """Good days, what waits on another machine, and a placement that nothing came of, count for four weeks."""
    oldest = day - timedelta(days=COUNTS_FOR_DAYS)
    lifted = standing.lifted
    if lifted is not None and lifted.day < oldest:
        at = min(standing.at, lifted.at)
        standing = replace(standing, at=at, best=lifted.best, good_days=(), done_on=lifted.done_on, lifted=None)
    if standing.good_days and standing.good_days[0] < oldest:
        standing = replace(standing, good_days=tuple(one for one in standing.good_days if one >= oldest))
    left = standing.machines.left
    if left is None or left.done_on is None or left.done_on >= oldest:
        return standing
    return replace(standing, machines=replace(standing.machines, left=None))


def _taken_up(standing: Standing, machines: Machines) -> Standing:
    """On a machine on which something waits, it goes on from there."""
    left = machines.waiting
    if left is None:
        return replace(standing, machines=machines)
    at, best = max(standing.at, left.at), max(standing.best, left.best)
    good_days = standing.good_days if at == standing.at else ()
    machines = replace(machines, left=None)
    done_on = standing.done_on if at == standing.at else left.done_on
    return replace(
        standing,
        machines=machines,
        at=at,
        best=best,
        good_days=good_days,
        afresh=False,
        learned=False,
        done_on=done_on,
        levels_off=0,
    )


def _why(standing: Standing) -> str:
    away, last = standing.away, standing.last
    return f" ({away.why})" if away is not None and last is not None and away.day >= last.day else ""


# --- shared -----------------------------------------------------------------------------------------------------


def _owing(standing: Standing, reason: Reason) -> Standing:
    return replace(standing, owed=(*standing.owed, reason))


def _down(path: tuple[Step, ...], at: int, levels: int) -> int:
    """Where somebody goes on who is sent back so many levels; those that this path leaves out are not counted."""
    if not levels:
        return at
    below = sorted({step.level.number for step in path[: at + 1]})
    if levels >= len(below):
        return 0
    first = _first_of(path, below[-1 - levels])
    return first + path[first].level.return_at


def _first_of(path: tuple[Step, ...], level: int) -> int:
    return next(index for index, step in enumerate(path) if step.level.number >= level)
