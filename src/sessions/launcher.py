"""From a choice to a run: the workouts on offer, the treadmills, and the road into ``LiveRun``."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__
from ..clock import monotonic_s, wall_now
from ..devices.address import parse_address
from ..guardian import wire
from ..safety.attention import AnsweredBy
from ..safety.heart import HeartCeiling
from ..safety.real_machines import nobody_on_belt
from ..safety.tiers import TIERS, Tier
from ..training.history import History, HistoryError
from .bounds import UNBOUNDED, Bounds, bounds_told, heart_ceiling
from .conductor import RunPlan
from .diary import add, entries
from .earlier import done_today, known_addresses
from .folder import FolderLock, hold_data_folder, private
from .home_limits import bounds_of, in_force
from .journal import ALONE, COMPANY, EMPTY_BELT, NEEDS, NOT_ALONE, Journal, JournalError, RunHead, close_interrupted
from .live import LiveRun, RunSetup
from .owed import Answered, Owed, health_after, held_back_by, said_to, settle
from .person import Health, Person, Strap
from .preflight import NOTHING_YET, Today
from .prepare import (
    ANYBODY,
    NOBODY_YET,
    Asked,
    Prepared,
    Written,
    fitted,
    held_back,
    laid_out,
    prepare,
    why_held,
    written_as,
    written_in,
)
from .reach import unread
from .settings import hearing_in, person_in, with_person
from .treadmills import is_real, is_simulated, list_problem, profile_at, sheet_at, treadmills_for, unnumbered
from .view import Controls, Offer, OnAir, Participant, TreadmillChoice, Watching
from .who import introduced, take_over, with_known

if TYPE_CHECKING:
    from ..config import Settings
    from ..machine import DeviceProfile
    from ..workouts.timeline import Timeline
    from .clinic.visit import Visit
    from .next_command import Ahead, Recorded

__all__ = ["ANYBODY", "Asked", "Prepared", "SessionLauncher", "Wish", "prepare", "profile_at", "tier_for"]

DEFAULT_TREADMILL = "sim://well-behaved"


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for before the program began; nothing in it starts or raises a belt, or skips a question.

    ``workout`` is a name or a path, ``quick`` a workout in words; at most one of them. ``accept_lowest``: where the
    plan asks for less than the belt can do, its lowest speed will do. ``tier`` is one of a clinic, None at home.
    ``participant`` is the pseudonym of somebody whom the clinic of this data folder receives.
    """

    workout: str | None = None
    treadmill: str | None = None
    quick: str | None = None
    alone: bool = False
    accept_lowest: bool = False
    tier: Tier | None = None
    participant: str | None = None


ONLY_PRESCRIBED = (
    "this computer runs only what is prescribed for a participant of its clinic: choose the participant first "
    "(retrotread run --participant P-...)"
)


def nothing(folder: Path, person: Person | None) -> History:  # noqa: ARG001  the signature is that of Recorded
    """Where nothing is recorded."""
    return ()


class SessionLauncher:
    """The workouts and treadmills of this computer; implements ``view.Launcher``."""

    def __init__(
        self, wish: Wish = Wish(), held: tuple[Path, FolderLock] | None = None, recorded: Recorded = nothing
    ) -> None:
        """Take the data folder, unless it is ``held`` already; close what an earlier run left open.

        ``recorded`` tells what the person has done, for the step that is offered first.

        Raises FolderError. What is wished for is read before anything is touched: NoSuchWorkout, WorkoutProblems,
        AddressError; for a participant, LookupError or OSError.
        """
        self._wish = wish
        self._address = wish.treadmill or DEFAULT_TREADMILL
        self._asked_first: Written | None = None
        self._written: dict[str, Written] = {}
        self._prepared: tuple[Prepared, ...] = ()
        self._offered_at: str | None = None
        self._begun_since = False
        self._offered_under = UNBOUNDED
        self._settings: Settings | None = None
        self._introduced: Person | None = None
        self._taken_over = False
        self._recorded = recorded
        self._visit: Visit | None = None
        if wish != Wish():
            self._check_wish()
        self._folder, self._lock = held or hold_data_folder()
        self._recovered = close_interrupted(self._folder / "runs")
        if wish.participant is not None:
            self.receive(wish.participant)

    def _check_wish(self) -> None:
        """Read what was asked for by name; what was not asked for is good and is read later."""
        profile_at(self._address)
        if self._wish.workout is not None or self._wish.quick is not None:
            self._first()

    def close(self) -> None:
        """Give the data folder back; the end of the process does so too."""
        self._lock.release()

    @property
    def home(self) -> Path:
        """Where the runs and the diary of whoever trains are kept: the data folder, or a participant's own in it."""
        return self._folder if self._visit is None else self._visit.folder

    def participants(self) -> tuple[Participant, ...] | None:
        """Whom the clinic of this data folder can receive today; None where there is none. Raises AddedOnlyError.

        None also where the participant was named before the program began: it is for them alone.
        """
        from .clinic.visit import participants

        if self._wish.participant is not None:
            return None
        return participants(self._folder, _today())

    def receive(self, pseudonym: str | None) -> None:
        """From now on this participant trains here, or with None nobody of the clinic; nothing of whoever was here
        before stays. Raises LookupError, AddedOnlyError (OSError) or OSError; then nobody of the clinic is here.
        """
        from .clinic.visit import visit_of

        self._visit = self._introduced = None
        self._prepared, self._offered_at, self._recovered = (), None, ()
        if pseudonym is None:
            return
        visit = visit_of(self._folder, pseudonym)
        private(visit.folder / "runs", self._folder)
        self._visit, self._recovered = visit, close_interrupted(visit.folder / "runs")

    @property
    def alone(self) -> bool:
        """Whether the person said before the program began that nobody else is there."""
        return self._wish.alone

    def recovered(self) -> tuple[str, ...]:
        """Sentences about runs that were found open, and about settings and a list that cannot be read."""
        problem, listed = self._kept().problem, list_problem(self._folder)
        broken = () if problem is None else (f"{problem}; careful defaults hold",)
        return (*self._recovered, *broken, *(() if listed is None else (listed,)))

    def treadmills(self) -> tuple[TreadmillChoice, ...]:
        """The preselected treadmill, the remembered ones, every kind of simulated one, those that a hand sets."""
        return treadmills_for(self._address, known_addresses(self.home / "runs"), self._folder)

    def search(self, told: Callable[[OnAir], None]) -> str | None:
        """Listen by the transport that the preselected address names, else by this computer's own radio."""
        from .on_air import search_for, via_of

        return search_for(via_of(self._address), self._folder, told)

    def remember(self, treadmill: TreadmillChoice) -> None:
        """Keep it under its title. Raises TreadmillsError (OSError)."""
        from ..machine import NOT_SAID, Identity
        from .machines.heard import heard_name
        from .machines.known import NAME_MAX, Treadmill, remember

        at = parse_address(treadmill.address).name
        name = heard_name(at, self._folder)
        met = NOT_SAID if name is None else Identity(at, name)
        remember(Treadmill(treadmill.title[:NAME_MAX], treadmill.address, met), self._folder)

    def watch(self, address: str) -> Watching:
        """Read what a machine reports; nothing can be started or set. Raises OSError."""
        from .watching import Watch

        return Watch(address, sheet_at(address, self._folder), self._folder)

    def person(self) -> Person | None:
        """Who trains here: as introduced in this run of the program, or as the settings say; and what holds them."""
        settled, person = self._settled(), self._who()
        return None if person is None else held_back_by(settled, person)

    def _who(self) -> Person | None:
        if not self._taken_over:
            self._taken_over = True
            self._settings, stays = take_over(self._kept(), self._folder)
            self._recovered = (*self._recovered, *(() if stays is None else (stays,)))
        known = person_in(with_known(self._kept(), self._folder))
        return self._introduced or (known if self._visit is None else self._visit.person(known))

    def owed(self) -> Owed:
        """What is asked before anything else. Raises AddedOnlyError (OSError) where nothing can be kept."""
        settled, person = self._settled(), self._who()
        return replace(settled, ask_first=person is not None and person.health is Health.ASK_FIRST)

    def _settled(self) -> Owed:
        """What is owed now; that a diary was damaged is told once."""
        owed = settle(self.home, wall_now().astimezone())
        if owed.problem is not None:
            self._recovered = (*self._recovered, owed.problem)
        return owed

    def answer(self, asked: Owed, answered: Answered) -> None:
        """Keep what was said to it; who was cleared is asked no more. Raises OSError where that cannot be kept."""
        add(self.home, *said_to(asked, answered, _today()))
        person, health = self._who(), health_after(asked, answered)
        if person is not None and health is not None:
            self.introduce(replace(person, health=health))

    def introduce(self, person: Person) -> None:
        """Remember who trains here, for this run of the program in any case.

        Into the diary, remote and strap into the settings; what is learned of a participant goes into neither. Raises
        SettingsError or AddedOnlyError (OSError).
        """
        from ..config import read_settings, write_settings

        self._introduced = person = replace(person, held=None, ill=None)
        if self._visit is not None:
            return
        before, known = self._kept(), with_known(self._kept(), self._folder)
        after = with_person(known, person)
        assert after.person is not None
        if known.person is None or introduced(after.person) != introduced(known.person):
            add(self._folder, introduced(after.person))
        if (after.remote, after.heart) != (before.remote, before.heart):
            write_settings(replace(after, person=before.person))
            self._settings = read_settings()

    def offers(self, address: str, alone: bool = False) -> tuple[Offer, ...]:
        """The shipped workouts, and what was asked for first, laid out for that treadmill and this person."""
        self._offered_at, self._begun_since = address, False
        profile, ahead = profile_at(address, self._folder), self._ahead(address)
        asked = self._asked(address, alone, ahead)
        self._offered_under = asked.own
        laid = self._laid_out(profile, asked, ahead)
        self._prepared = laid if asked.by_hand else tuple(fitted(one, profile) for one in laid)
        if (why := self.only_prescribed() or self._locked(address)) is not None:
            self._prepared = tuple(held_back(one, why) for one in self._prepared)
        return tuple(one.offer for one in self._prepared)

    def _laid_out(self, profile: DeviceProfile, asked: Asked, ahead: Ahead | None) -> tuple[Prepared, ...]:
        if self._visit is not None:
            return self._visit.offers(profile, asked, _today())
        return tuple(laid_out(one, profile, asked) for one in self._workouts(ahead))

    def only_prescribed(self) -> str | None:
        """Why nobody but a participant runs anything here: the profile of the clinic, or the settings, which can only
        add it; also where the settings of a clinic, or its register, cannot be read."""
        if self._visit is not None:
            return None
        from .added_only import AddedOnlyError
        from .clinic.register import NAME
        from .clinic.visit import participants_only

        settings = self._kept()
        if settings.participants_only or (settings.problem is not None and (self._folder / NAME).exists()):
            return ONLY_PRESCRIBED
        try:
            return ONLY_PRESCRIBED if participants_only(self._folder) else None
        except AddedOnlyError as error:
            return f"whether anybody but a participant may train here is not known: {error}"

    def _locked(self, address: str) -> str | None:
        """Why nothing is run there before the self-test has passed."""
        if not is_real(address):
            return None
        from .selftest.record import locked

        return locked(self._folder)

    def launch(self, offer: Offer, address: str) -> Controls:
        """Open the run: journal, guardian, connection. Without a journal it runs all the same, and says so.

        Raises HeldBack (OSError) for somebody who has to ask first, or is limited otherwise, since the offer was made,
        and where a run was begun since then: its minutes count today, and after it no other run may be open.

        ``offer`` is one of the last that were made; what was offered for another treadmill or in other company is not.
        """
        if address != self._offered_at:
            raise HeldBack("nothing was offered last for this treadmill; choose again")
        if (locked := self._locked(address)) is not None:
            raise HeldBack(locked)
        if (person := self.person()) is not None and (why := why_held(person)) is not None:
            raise HeldBack(why)
        prepared = next((one for one in self._prepared if one.offer == offer), None)
        if prepared is None:
            raise HeldBack("only what was offered last can be launched; choose again")
        if offer.timeline is None or offer.problems:
            raise HeldBack(f"this cannot be run: {'; '.join(offer.problems)}")
        told = prepared.prescription
        if self._visit is not None and (told is None or not self._visit.holds(told, _today())):
            raise HeldBack("this prescription holds no longer; choose again")
        if self._own() != self._offered_under:
            raise HeldBack("the limits of whoever trains here were changed since this was offered; choose again")
        if self._begun_since:
            raise HeldBack("a run was begun since this was offered, and it counts for what is open today; choose again")
        plan = self._plan(prepared, offer.timeline, address)
        journal, trouble = None, None
        try:
            journal = self._journal(plan, prepared, address)
        except JournalError as error:
            trouble = f"{error}; the run goes on without it"
        cues, sheet = self._kept().cues, sheet_at(address, self._folder)
        heard = hearing_in(cues)
        setup = RunSetup(plan, address, self._folder, journal, trouble, person, cues.speech, sheet, heard)
        run = LiveRun(setup)
        self._begun_since = not is_simulated(address)
        return run

    def _plan(self, prepared: Prepared, timeline: Timeline, address: str) -> RunPlan:
        person = self._who()
        strap = None if person is None else person.strap
        plan = RunPlan.of(secrets.token_hex(8), timeline, prepared.tier.key, prepared.session_max_s)
        answers = answered_by(person, prepared.tier is TIERS["alone"])
        plan = replace(plan, answers=answers, prescription=prepared.prescription, own=self._offered_under)
        heart = heart_ceiling(plan.bounds, ceiling_of(strap, timeline))
        profile = profile_at(address, self._folder)
        real = is_real(address)
        key, empty = real and profile.has_safety_key, real and nobody_on_belt(profile) is not None
        show = unnumbered(address)
        rails = "rails" in prepared.offer.needs or prepared.tier is TIERS["alone"]
        return replace(plan, heart=heart, empty_belt=empty, key_test=key, show_machine=show, handrail=rails)

    def _kept(self) -> Settings:
        """The settings, read once."""
        if self._settings is None:
            from ..config import read_settings

            self._settings = read_settings()
        return self._settings

    def _asked(self, address: str, alone: bool, ahead: Ahead | None) -> Asked:
        """Who runs it and how. Whoever has not been asked yet is held to what a beginner may do."""
        return Asked(
            tier=self._wish.tier,
            person=self.person() or NOBODY_YET,
            alone=alone or self._wish.alone,
            accept_lowest=self._wish.accept_lowest,
            by_hand=address.startswith("coach:"),
            today=today_at(address, self.home),
            reach=None if ahead is None or is_simulated(address) else ahead.reach,
            own=self._own(),
        )

    def _workouts(self, ahead: Ahead | None) -> tuple[Written, ...]:
        """Each read once, so that what is run is what was shown. Whoever asked for one is not led past it."""
        from ..workouts import library

        first = self._first()
        others = (self._read(path) for path in library.shipped() if str(path) != first.key)
        asked_for = self._wish.workout is not None or self._wish.quick is not None
        step = None if ahead is None or asked_for else ahead.offered
        return (*(() if step is None else (step,)), first, *others)

    def _own(self) -> Bounds:
        """What the person at home is limited to today; a participant of a clinic has a prescription instead.

        Raises AddedOnlyError (OSError) for a diary that cannot be read: nobody trains past a limit that nobody sees.
        """
        if self._visit is not None:
            return UNBOUNDED
        return bounds_of(in_force((one.said for one in entries(self._folder)), _today()))

    def _ahead(self, address: str) -> Ahead | None:
        """What comes next on the ladder, and how far the history leads; None in a clinic, where a prescription or
        whoever named its tier says so."""
        if self._visit is not None or self._wish.tier is not None:
            return None
        from .next_command import Ahead, NextAsked, ahead

        person, today = self.person(), wall_now().astimezone().date()
        device = None if is_simulated(address) else address
        try:
            recorded = self._recorded(self._folder, person)
            return ahead(NextAsked(None, self._folder, today, person, False, device, recorded))
        except HistoryError as error:
            said = f"what comes next on the ladder is not known: {error}"
            self._recovered = tuple(dict.fromkeys((*self._recovered, said)))  # once, however often it is asked
            return Ahead(None, unread(str(error)))

    def _first(self) -> Written:
        """The workout that was asked for; without one, that of a first time."""
        if self._asked_first is None:
            from ..workouts import library

            wish = self._wish
            name = wish.workout or library.FIRST_TIMER
            self._asked_first = self._read(library.find(name)) if wish.quick is None else written_as(wish.quick)
        return self._asked_first

    def _read(self, path: Path) -> Written:
        if str(path) not in self._written:
            self._written[str(path)] = written_in(path)
        return self._written[str(path)]

    def _journal(self, plan: RunPlan, prepared: Prepared, address: str) -> Journal:
        timeline, under = plan.timeline, self._under()
        head = RunHead(
            plan.run_id,
            timeline.name,
            timeline.plan_hash,
            timeline.total_s,
            prepared.source,
            plan.tier,
            address,
            f"retrotread {__version__}",
            json.dumps(wire.plain(prepared.layout)),
        )
        name = f"{wall_now():%Y%m%dT%H%M%SZ}-{plan.run_id}.sqlite"
        journal = Journal(self.home / "runs" / name, head)
        for kind, text in (*(("accepted", one) for one in prepared.accepted), *_around(plan, prepared), *under):
            journal.event(kind, text, monotonic_s())
        return journal

    def _under(self) -> tuple[tuple[str, str], ...]:
        """In a clinic, the entry of its register under which the run begins. Raises AddedOnlyError (OSError)."""
        if self._visit is None:
            return ()
        from .clinic.witness import KIND

        return ((KIND, self._visit.register_stands_at()),)


def _around(plan: RunPlan, prepared: Prepared) -> Iterator[tuple[str, str]]:
    """Who was there and what the checklist said was ready, for whoever reads the journal."""
    yield COMPANY, ALONE if plan.answers is AnsweredBy.NOBODY or prepared.tier is TIERS["alone"] else NOT_ALONE
    if prepared.offer.needs:
        yield NEEDS, ", ".join(prepared.offer.needs)
    if plan.prescription is not None:
        yield "prescribed", "; ".join(prepared.offer.read_back)
    for one in bounds_told(plan.own):
        yield "limited", one
    if plan.empty_belt:
        yield EMPTY_BELT, "nobody was on the belt"


def _today() -> date:
    """The day where the person is."""
    return wall_now().astimezone().date()


def today_at(address: str, folder: Path) -> Today:
    """What was done today, by the runs in a data folder; on a simulated treadmill nobody tires."""
    if is_simulated(address):
        return NOTHING_YET
    return done_today(folder / "runs", wall_now().astimezone())


class HeldBack(OSError):
    """Nothing is run before somebody whose trade it is agrees; the message says why."""


class NoSuchTier(LookupError):
    """There is no tier of that name; the message lists those that there are."""


def tier_for(key: str | None) -> Tier | None:
    """The tier of that key; None for None. Raises NoSuchTier."""
    if key is not None and key not in TIERS:
        raise NoSuchTier(f"there is no tier {key!r}; the tiers are {', '.join(TIERS)}")
    return None if key is None else TIERS[key]


class NotForHome(LookupError):
    """That tier is not named at a start: at home it follows from the workout and the person; the message says so."""


def clinic_tier_for(key: str | None) -> Tier | None:
    """The tier of that key, if a run may be started in it by name; None for None. Raises NoSuchTier, NotForHome."""
    tier = tier_for(key)
    if tier is not None and not tier.clinic:
        named = ", ".join(one.key for one in TIERS.values() if one.clinic)
        raise NotForHome(
            f"a run is not started in tier {tier.key} by name: at home the workout's level and your experience say the "
            f"tier; leave --tier out, or name one of a clinic ({named})"
        )
    return tier


def ceiling_of(strap: Strap | None, timeline: Timeline) -> HeartCeiling | None:
    """The person's own ceiling; a plan with ceilings in its steps leans on the strap, whatever the settings say."""
    if strap is None or strap.ceiling_bpm is None:
        return None
    leans = any(step.heart_bpm is not None for step in timeline.steps)
    return HeartCeiling(strap.ceiling_bpm, strap.required or leans)


def answered_by(person: Person | None, alone: bool) -> AnsweredBy:
    """Who answers the attention check: a remote with a key for that is in the hand, else whoever is there beside."""
    remote = None if person is None else person.remote
    if remote is not None and remote.fine_key is not None:
        return AnsweredBy.HAND
    return AnsweredBy.NOBODY if alone else AnsweredBy.SUPERVISOR
