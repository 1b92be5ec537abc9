"""From a choice to a run: the workouts on offer, the treadmills, and the road into ``LiveRun``."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from .. import __version__
from ..clock import wall_now
from ..devices.address import parse_address
from ..devices.errors import AddressError
from ..devices.simulated.archetypes import ARCHETYPES
from ..devices.simulated.options import simulated_setup
from ..machine import DeviceProfile
from ..safety.tiers import NOVICE, TIERS, Tier, tier_for_level
from ..workouts.problems import WorkoutProblems
from ..workouts.timeline import Plan, Timeline, unroll
from .conductor import RunPlan
from .folder import FolderLock, hold_data_folder
from .journal import Journal, JournalError, RunHead, close_interrupted
from .live import LiveRun, RunSetup
from .person import Person
from .preflight import findings, ramp_rates
from .view import Controls, Offer, TreadmillChoice

DEFAULT_TREADMILL = "sim://well-behaved"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A workout laid out for one machine and tier, with what stands in its way."""

    offer: Offer
    tier: Tier
    source: bytes


class SessionLauncher:
    """The workouts and treadmills of this computer; implements ``view.Launcher``."""

    def __init__(
        self, first: str | None = None, address: str | None = None, held: tuple[Path, FolderLock] | None = None
    ) -> None:
        """Take the data folder, unless it is ``held`` already; close what an earlier run left open.

        Raises FolderError.

        ``first`` and ``address`` are the workout (a name or a path) and the treadmill to preselect; what cannot be
        read of them is said before anything is touched: NoSuchWorkout, WorkoutFileError, AddressError.
        """
        self._first = first
        self._address = address or DEFAULT_TREADMILL
        self._prepared: dict[str, Prepared] = {}
        _check_asked(first, address)
        self._folder, self._lock = held or hold_data_folder()
        self._recovered = close_interrupted(self._folder / "runs")

    def close(self) -> None:
        """Give the data folder back; the end of the process does so too."""
        self._lock.release()

    def recovered(self) -> tuple[str, ...]:
        """Sentences about runs that were found open."""
        return self._recovered

    def treadmills(self) -> tuple[TreadmillChoice, ...]:
        """The preselected treadmill, then every kind of simulated one."""
        addresses = [self._address, *(f"sim://{name}" for name in ARCHETYPES)]
        return tuple(
            TreadmillChoice(one, profile_at(one).name, one.startswith("sim:")) for one in dict.fromkeys(addresses)
        )

    def person(self) -> Person | None:
        """Nobody is asked yet."""
        return None

    def introduce(self, person: Person) -> None:
        """Remember who trains here."""

    def offers(self, address: str, alone: bool = False) -> tuple[Offer, ...]:  # noqa: ARG002
        """The shipped workouts (and the one that was asked for, first), laid out for that treadmill."""
        from ..workouts import library

        first = library.find(self._first or library.FIRST_TIMER)
        paths = [first, *(path for path in library.shipped() if path != first)]
        profile = profile_at(address)
        for path in paths:
            self._prepared[str(path)] = prepare(path, profile)
        return tuple(self._prepared[str(path)].offer for path in paths)

    def launch(self, offer: Offer, address: str) -> Controls:
        """Open the run: journal, guardian, connection. Without a journal it runs all the same, and says so."""
        prepared = self._prepared[offer.key]
        assert offer.timeline is not None, "an offer with problems cannot be launched"
        plan = RunPlan.of(secrets.token_hex(8), offer.timeline, prepared.tier.key)
        journal, trouble = None, None
        try:
            journal = self._journal(plan, prepared, address)
        except JournalError as error:
            trouble = f"{error}; the run goes on without it"
        return LiveRun(RunSetup(plan, address, self._folder, journal, trouble, self.person()))

    def _journal(self, plan: RunPlan, prepared: Prepared, address: str) -> Journal:
        timeline = plan.timeline
        head = RunHead(
            plan.run_id,
            timeline.name,
            timeline.plan_hash,
            timeline.total_s,
            prepared.source,
            plan.tier,
            address,
            f"retrotread {__version__}",
        )
        name = f"{wall_now():%Y%m%dT%H%M%SZ}-{plan.run_id}.sqlite"
        return Journal(self._folder / "runs" / name, head)


def _check_asked(first: str | None, address: str | None) -> None:
    """Read what was asked for by name; what was not asked for is good and is read later."""
    profile = None if address is None and first is None else profile_at(address or DEFAULT_TREADMILL)
    if first is not None and profile is not None:
        from ..workouts import library

        prepare(library.find(first), profile)


def profile_at(address: str) -> DeviceProfile:
    """The profile of a treadmill that is known without connecting. Raises AddressError."""
    parsed = parse_address(address)
    if parsed.scheme != "sim":
        raise AddressError(f"address {address!r}: nothing here speaks {parsed.scheme}:// yet; write sim://NAME")
    return simulated_setup(parsed.name, parsed.options).archetype.profile


class NoSuchTier(LookupError):
    """There is no tier of that name; the message lists those that there are."""


def tier_for(key: str | None) -> Tier | None:
    """The tier of that key; None for None. Raises NoSuchTier."""
    if key is not None and key not in TIERS:
        raise NoSuchTier(f"there is no tier {key!r}; the tiers are {', '.join(TIERS)}")
    return None if key is None else TIERS[key]


def prepare(path: Path, profile: DeviceProfile, tier: Tier | None = None) -> Prepared:
    """Read a workout and lay it out for a machine and a tier, by default the tier of its level.

    What stands in its way becomes sentences of the offer. Raises WorkoutFileError for a file that cannot be read.
    """
    from ..workouts.source import read_workout

    plan = read_workout(path)
    if tier is None:
        tier = NOVICE if plan.level is None else tier_for_level(plan.level)
    timeline, notes, problems = _laid_out(plan, profile, tier)
    offer = Offer(str(path), plan.name, plan.level, tier.title, timeline, plan.needs, plan.after, notes, problems)
    return Prepared(offer, tier, path.read_bytes())


def _laid_out(
    plan: Plan, profile: DeviceProfile, tier: Tier
) -> tuple[Timeline | None, tuple[str, ...], tuple[str, ...]]:
    """The timeline, what is worth knowing about it, and what it would hit."""
    try:
        timeline = unroll(plan, ramp_rates(tier), profile.capabilities.speed_min_ckph / 100)
    except WorkoutProblems as error:
        return None, (), tuple(str(one) for one in error.problems)
    hit = tuple(one.message for one in findings(timeline, profile, tier))
    return timeline, tuple(one.message for one in timeline.notices), hit
