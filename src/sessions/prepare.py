"""A workout laid out for a machine, a person and a tier, with everything that stands in its way as sentences."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from ..machine import DeviceProfile, Facing, Gait, gait
from ..safety.real_machines import beyond_qualification, no_backward, no_stop, only_read
from ..safety.tiers import NOVICE, TIERS, Tier, tier_for_level
from ..workouts.gaits import backward_run
from ..workouts.problems import Problem, WorkoutFileError, WorkoutProblems
from ..workouts.timeline import LEAD_MAX_S, Plan, StepKind, Timeline
from .bounds import UNBOUNDED, Bounds, passed_by
from .bounds import session_max_s as bounded_max_s
from .layout import Layout, unrolled
from .person import BackwardExperience, Health, Person
from .preflight import NOTHING_YET, Today, findings, ramp_rates, session_max_s
from .prescription import Prescription, against
from .reach import Reach, earns_nothing, runs_beyond
from .view import Offer

if TYPE_CHECKING:
    from ..workouts.about import Source

ALONE = TIERS["alone"]

HIGHEST = {
    BackwardExperience.NONE: TIERS["novice"],
    BackwardExperience.WALKS: TIERS["walker"],
    BackwardExperience.RUNS: TIERS["runner"],
}
"""The highest tier that somebody's experience opens; what is above needs somebody who knows them."""

_NEXT = {
    BackwardExperience.NONE: "when you walk backward with ease, say so: retrotread person --experience walks",
    BackwardExperience.WALKS: ("when retrotread next leads to level 7, say so: retrotread person --experience runs"),
    BackwardExperience.RUNS: "it is for a harness and a supervisor: ask a clinic or a coach",
}

ASK_FIRST = (
    "one of the questions about your health was answered with yes: speak to a doctor or a therapist before you begin; "
    "when they agree, say so at the next start"
)

HELD = "{what}: speak to a doctor or a therapist before the next run; when they agree, say so at the next start"

ILL = "you said that you are ill, since {day}: first get well; when you are, say so at the next start"

NOBODY_YET = Person("", adult=True)
"""Stands for somebody who has not been asked yet: a beginner."""

FOR_A_CLINIC = (
    "is for a clinic: somebody qualified plans it for one person and stands beside the belt, so it is never started at "
    "home; choose another (retrotread library), or in a clinic run it with --tier clinic"
)

SPOTTER = "spotter"
CATCHES = frozenset({SPOTTER, "harness"})
"""Who or what there is for whoever falls in a backward run, in the words of a workout file: one of them is needed."""

QUICK = "quick"
"""The key of an offer that was written on the command line."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is going to run a workout, and how.

    ``tier`` is one that was asked for by name; otherwise it follows from the workout and the person. ``person`` is
    None where nobody is asked for: nothing is held against anybody then. ``by_hand``: nobody but a person can change
    the speed. ``prescribed``: a clinic has prescribed it. ``reach`` is how far the person's history leads, None where
    it is not asked for: in a clinic, and on a simulated belt. ``own``: the most that the person may do at home.
    """

    tier: Tier | None = None
    person: Person | None = None
    alone: bool = False
    accept_lowest: bool = False
    by_hand: bool = False
    today: Today = NOTHING_YET
    prescribed: bool = False
    reach: Reach | None = None
    own: Bounds = UNBOUNDED

    @property
    def in_clinic(self) -> bool:
        """Whether somebody in charge has prescribed it or named a tier of a clinic, and somebody is beside the belt."""
        return not self.alone and (self.prescribed or (self.tier is not None and self.tier.clinic))


ANYBODY = Asked()


class PlanWithNeeds(Plan, Protocol):
    """A plan and what its author asks for beside it."""

    @property
    def needs(self) -> tuple[str, ...]: ...
    @property
    def after(self) -> tuple[str, ...]: ...
    @property
    def where(self) -> Literal["home", "clinic"]: ...
    @property
    def not_for(self) -> tuple[str, ...]: ...
    @property
    def source(self) -> Source | None: ...
    @property
    def filled_in(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Written:
    """A workout as its author wrote it, read once; ``key`` names it among the offers; ``remarks`` say why it is one."""

    key: str
    text: bytes
    plan: PlanWithNeeds
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A workout laid out for one machine and tier, with what stands in its way.

    ``accepted`` are the sentences of what the person accepted that the author did not ask for. ``session_max_s`` is
    how long the belt may move in this session. ``layout`` is what it was laid out with. ``prescription`` is what a
    clinic allows whoever runs it.
    """

    offer: Offer
    tier: Tier
    source: bytes
    layout: Layout
    accepted: tuple[str, ...] = ()
    session_max_s: float = 0.0
    prescription: Prescription | None = None


def written_in(path: Path) -> Written:
    """The workout in a file, which is opened once. Raises WorkoutFileError."""
    from ..workouts.decoding import BYTES_MAX
    from ..workouts.regular_file import Unreadable, read_regular_file
    from ..workouts.source import parse_workout

    try:
        text = read_regular_file(path, BYTES_MAX)
    except Unreadable as error:
        name = str(path) if str(path).isprintable() else repr(str(path))
        raise WorkoutFileError((Problem(name, 1, 1, "file", error.message, error.mend),)) from None
    return Written(str(path), text, parse_workout(text, str(path)))


def written_as(words: str) -> Written:
    """The workout in one line of words. Raises QuickError (ValueError), with the mend."""
    from ..workouts.quick import quick_plan

    return Written(QUICK, words.encode(), quick_plan(words))


def prepare(path: Path, profile: DeviceProfile, asked: Asked = ANYBODY) -> Prepared:
    """Read a workout and lay it out. Raises WorkoutFileError for a file that cannot be read."""
    return laid_out(written_in(path), profile, asked)


def laid_out(written: Written, profile: DeviceProfile, asked: Asked) -> Prepared:
    """Lay a workout out for a machine and a person; what stands in its way becomes sentences of the offer."""
    plan = written.plan
    tier = tier_of(plan, profile, asked)
    refused, layout = _refused(plan, asked), layout_for(written, profile, tier, asked)
    try:
        timeline = unrolled(plan, layout)
    except WorkoutProblems as error:
        problems = (*refused, *map(str, error.problems))
        return Prepared(_offer(written, tier, None, problems), tier, written.text, layout)
    met = (one.message for one in findings(timeline, profile, tier, asked.today))
    by_hand = _by_hand(timeline) if asked.by_hand and asked.alone else ()
    against_own = (*passed_by(asked.own, timeline), *_unheeded(asked))
    offer = _offer(written, tier, timeline, (*refused, *against_own, *met, *by_hand, *_heart(timeline, asked)))
    return Prepared(
        _held_against(_with_somebody_beside(offer, asked), asked),
        tier,
        written.text,
        layout,
        tuple(one.message for one in timeline.notices) if asked.accept_lowest else (),
        bounded_max_s(asked.own, session_max_s(timeline, tier, asked.today)),
    )


def fitted(prepared: Prepared, profile: DeviceProfile) -> Prepared:
    """With what the machine itself puts in the way, before everything else; not for a belt that is set by hand."""
    offer = prepared.offer
    problems = (*unfit(profile, prepared.tier.key, offer.timeline), *offer.problems)
    if only_read(profile) is not None:
        problems = problems[:1]  # what else there is follows from figures that nobody has measured
    return replace(prepared, offer=replace(offer, problems=problems))


def held_back(prepared: Prepared, why: str) -> Prepared:
    """With what keeps it from being run at all, before everything else."""
    offer = prepared.offer
    return replace(prepared, offer=replace(offer, problems=(why, *offer.problems)))


def prescribed(prepared: Prepared, prescription: Prescription, day: date) -> Prepared:
    """The same under a prescription: with what it has against this plan today, and no longer than it says."""
    offer, prepared = prepared.offer, replace(prepared, prescription=prescription)
    if offer.timeline is None:
        return prepared
    in_the_way = against(prescription, prepared.source, offer.timeline, day)
    return replace(
        prepared,
        offer=replace(offer, problems=(*in_the_way, *offer.problems)),
        session_max_s=bounded_max_s(prescription.bounds, prepared.session_max_s),
    )


def unfit(profile: DeviceProfile, tier: str, timeline: Timeline | None) -> tuple[str, ...]:
    """Why a machine is not good for this plan and tier, as sentences with their mends; the guardian asks the same."""
    reason = only_read(profile)
    if reason is not None:
        return (reason,)
    steps = () if timeline is None else timeline.steps
    backward = any(gait(step.facing, step.belt) is Gait.BACKWARD for step in steps)
    stop = no_backward(profile) if backward else no_stop(profile)
    reasons = (beyond_qualification(profile, tier), stop)
    return tuple(one for one in reasons if one is not None)


def layout_for(written: Written, profile: DeviceProfile, tier: Tier, asked: Asked) -> Layout:
    """How a workout is laid out on one machine for one person: led by the measured lag."""
    return Layout(
        profile.capabilities.speed_min_ckph / 100,
        ramp_rates(tier),
        lead_s=min(profile.lag_ms / 1000, LEAD_MAX_S),
        accept_lowest=asked.accept_lowest,
        backward_max_kph=None if asked.person is None else asked.person.backward_max_kph,
        quick=written.key == QUICK,
    )


def tier_of(plan: Plan, profile: DeviceProfile, asked: Asked) -> Tier:
    """Alone is a tier of its own; else the one asked for, or that of the level. For no level that of the person, or the
    novice's on a machine that is good for no more yet."""
    if asked.alone:
        return ALONE
    if asked.tier is not None:
        return asked.tier
    if plan.level is not None:
        return tier_for_level(plan.level)
    highest = NOVICE if asked.person is None else HIGHEST[asked.person.experience]
    good_for_it = asked.by_hand or beyond_qualification(profile, highest.key) is None
    return highest if good_for_it else NOVICE


def _offer(written: Written, tier: Tier, timeline: Timeline | None, problems: tuple[str, ...]) -> Offer:
    plan = written.plan
    notes = (*written.remarks, *(() if timeline is None else (one.message for one in timeline.notices)))
    offer = Offer(written.key, plan.name, plan.level, tier.title, timeline, plan.needs, plan.after, notes, problems)
    source, grade = _citation(plan.source), _grade(plan.source)
    return replace(offer, not_for=plan.not_for, source=source, grade=grade, filled_in=plan.filled_in)


def _with_somebody_beside(offer: Offer, asked: Asked) -> Offer:
    """A backward run that names nobody: outside a clinic the checklist asks for a spotter all the same, and says so."""
    steps = () if offer.timeline is None or asked.in_clinic else offer.timeline.steps
    run = next((one for one in steps if backward_run(one)), None)
    if run is None or not CATCHES.isdisjoint(offer.needs):
        return offer
    told = (
        f"{run.where}: {run.top_kph:.1f} km/h is a backward run, and the workout names neither a "
        "spotter nor a harness; a spotter is added to what it needs"
    )
    return replace(offer, needs=(*offer.needs, SPOTTER), findings=(*offer.findings, told))


def _held_against(offer: Offer, asked: Asked) -> Offer:
    """With what is beyond the person's history, at home: a run is a problem, a walk is told."""
    if asked.reach is None or asked.prescribed or asked.tier is not None or offer.timeline is None:
        return offer
    run = runs_beyond(asked.reach, offer.level, offer.timeline)
    if run is not None:
        return replace(offer, problems=(*offer.problems, run))
    walk = earns_nothing(asked.reach, offer.level)
    return offer if walk is None else replace(offer, findings=(*offer.findings, walk))


def _citation(source: Source | None) -> str:
    return "" if source is None else source.text


def _grade(source: Source | None) -> str:
    from ..workouts.catalogue import GRADES

    return "" if source is None else f"{source.grade}: {GRADES[source.grade]}"


def _refused(plan: PlanWithNeeds, asked: Asked) -> tuple[str, ...]:
    """What stands in the way whatever the machine."""
    sentences = []
    if plan.where == "clinic" and not asked.in_clinic:
        sentences.append(FOR_A_CLINIC)
    if asked.person is not None:
        sentences += _for_person(plan, asked.person, asked)
    if asked.alone and SPOTTER in plan.needs:
        sentences.append("needs a spotter; you are alone: ask somebody to stand beside the belt, or choose another")
    return tuple(sentences)


def _for_person(plan: Plan, person: Person, asked: Asked) -> list[str]:
    if not person.adult:
        return ["adults only here; a clinic can plan and supervise this for somebody under 18"]
    if (why := why_held(person)) is not None:
        return [why]
    if asked.tier is not None or plan.level is None:
        return []
    needed, highest = tier_for_level(plan.level), HIGHEST[person.experience]
    if needed.level_max <= highest.level_max:
        return []
    return [
        f"level {plan.level} is for tier {needed.title}, and somebody who {_has(person.experience)} trains up to "
        f"level {highest.level_max} (tier {highest.title}); {_NEXT[person.experience]}"
    ]


def why_held(person: Person) -> str | None:
    """Why nothing is run by somebody who is ill, or before somebody whose trade it is agrees, with the mend; None
    where nothing keeps them."""
    if person.held is not None:
        return HELD.format(what=person.held)
    if person.ill is not None:
        return ILL.format(day=person.ill)
    return ASK_FIRST if person.health is Health.ASK_FIRST else None


def _has(experience: BackwardExperience) -> str:
    return "has no backward experience" if experience is BackwardExperience.NONE else experience.value


def _heart(timeline: Timeline, asked: Asked) -> tuple[str, ...]:
    """What a plan with ceilings of the heart rate needs: a belt that can be eased, and a strap that is heeded."""
    first = next((one for one in timeline.steps if one.heart_bpm is not None), None)
    if first is None:
        return ()
    what = f"{first.where}: the heart rate is not to pass {first.heart_bpm} bpm"
    if asked.by_hand:
        return (f"{what}, and nobody but a person eases this belt; choose a workout without a heart rate ceiling",)
    strap = None if asked.person is None else asked.person.strap
    if asked.person is None or (strap is not None and strap.ceiling_bpm is not None):
        return ()
    missing = "there is no strap" if strap is None else "the strap has no ceiling"
    return (f"{what}, and {missing} in your settings; put one on with b, with a ceiling for the whole of the plan",)


def _unheeded(asked: Asked) -> tuple[str, ...]:
    """A limit of the heart rate is held by a strap, and by nothing else."""
    most = asked.own.heart_bpm
    if most is None or (asked.person is not None and asked.person.strap is not None):
        return ()
    return (
        f"no more than {most.most:g} bpm, and there is no strap in your settings: put one on with b ({most.because})",
    )


def _by_hand(timeline: Timeline) -> tuple[str, ...]:
    """Who faces the rear alone cannot reach the console: one speed from standstill to standstill, but for the end."""
    speed_kph: float | None = None
    for one in timeline.steps:
        if not one.on_belt:
            speed_kph = None
        elif one.facing is Facing.REAR and one.kind is not StepKind.COOL_DOWN:
            if one.entry.speed_kph != one.target.speed_kph or speed_kph not in (None, one.entry.speed_kph):
                return (
                    f"{one.where}: the speed changes while you face the rear, and nobody is at "
                    "the console; choose a workout of one speed, or ask somebody to set it",
                )
            speed_kph = one.target.speed_kph
    return ()
