"""``retrotread convert``: a forward workout as a backward one, step by step to compare, written after a yes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..sessions.launcher import DEFAULT_TREADMILL
from . import FOUND
from .importing import write_new
from .machines import address_if_named
from .who import person_of_settings

if TYPE_CHECKING:
    from ..machine import DeviceProfile
    from ..sessions.person import Person
    from ..workouts.formats.backward import Allowance, Proposal
    from ..workouts.plan import WorkoutPlan


def convert(
    file: Annotated[Path, typer.Argument(help="A forward workout.", show_default=False, metavar="FILE.yaml")],
    level: Annotated[int, typer.Option(min=0, max=10, help="The level of the ladder.", show_default=False)],
    out: Annotated[Path, typer.Option(metavar="NEW.yaml", help="Where to write it.", show_default=False)],
    treadmill: Annotated[
        str, typer.Option(callback=address_if_named, help="The treadmill to hold it against.")
    ] = DEFAULT_TREADMILL,
) -> None:
    """Propose backward speeds for a forward workout, and write them after a yes.

    Every step is shown beside its forward speed, with the limit that made it so. Nothing is written that
    ``retrotread check`` would refuse.
    """
    from ..sessions.treadmills import profile_at
    from ..workouts.formats.backward import NotConvertible, proposed
    from ..workouts.source import read_workout

    plan, person = read_workout(file), person_of_settings()
    try:
        proposal = proposed(plan, allowance_of(level, profile_at(treadmill), person))
    except NotConvertible as error:
        print(f"{file}: {error}", file=sys.stderr)
        raise typer.Exit(FOUND) from None
    problems = _problems(proposal, treadmill, person)
    for line in (*comparison(plan, proposal), *(f"note: {note}" for note in proposal.notes)):
        print(line, flush=True)
    if problems:
        for problem in problems:
            print(f"limit: {problem}", file=sys.stderr)
        print("nothing is written: change the forward workout, or take another level", file=sys.stderr)
        raise typer.Exit(FOUND)
    if not _said_yes(out):
        print("nothing is written", file=sys.stderr)
        raise typer.Exit(FOUND)
    write_new(out, proposal.text.encode("utf-8"))
    print(f"{out} is written; look at it with: retrotread check {out}", file=sys.stderr)


def allowance_of(number: int, profile: DeviceProfile, person: Person | None = None) -> Allowance:
    """What a level of the ladder and its tier allow to this person; not slower than the belt can run."""
    from ..safety.tiers import tier_for_level
    from ..sessions.step_workout import needs_of
    from ..training.ladder import LADDER
    from ..workouts.formats.backward import Allowance

    level, tier = LADDER[number], tier_for_level(number)
    limits = [(level.speeds_kph[-1], f"level {number}"), (tier.backward_max_ckph / 100, f"tier {tier.title}")]
    if person is not None and person.backward_max_kph is not None:
        limits.append((person.backward_max_kph, "your own backward maximum"))
    highest_kph, reason = min(limits, key=lambda limit: limit[0])
    return Allowance(
        level=number,
        highest_kph=highest_kph,
        lowest_kph=max(LADDER[0].speeds_kph[0], profile.capabilities.speed_min_ckph / 100),
        incline_max_percent=min(level.inclines_percent[-1], tier.incline_max_dpct / 10),
        runs=level.runs,
        reason=reason,
        needs=needs_of(level),
        bout_kph=level.speeds_kph[0],
        bout_max_s=max(bout_s for _, bout_s in level.bouts),
    )


def comparison(plan: WorkoutPlan, proposal: Proposal) -> list[str]:
    """The table of forward and backward, and the minutes of both."""
    rows = [("length", "forward", "backward", "what", "limit in force")]
    rows += [(one.length, one.forward, one.backward, one.label, one.limit) for one in proposal.compared]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, [*widths, 0], strict=True)).rstrip() for row in rows
    ]
    return [*lines, "", f"total: {_minutes(plan)} forward, {_minutes(proposal.plan)} backward"]


def _minutes(plan: WorkoutPlan) -> str:
    seconds = sum(step.length_s for step in plan.planned_steps())
    by_distance = any(step.length_m is not None for step in plan.planned_steps())
    return f"{'at most ' if by_distance else ''}{seconds / 60:.1f} min"


def _problems(proposal: Proposal, treadmill: str, person: Person | None) -> tuple[str, ...]:
    """What ``check`` would refuse to this person."""
    from ..sessions.check import check
    from ..sessions.prepare import Asked, Written

    written = Written("proposal", proposal.text.encode("utf-8"), proposal.plan)
    return check(written, treadmill, Asked(person=person)).prepared.offer.problems


def _said_yes(out: Path) -> bool:
    """The whole word, from a person who has seen the comparison; the end of the input is no."""
    try:
        return str(typer.prompt(f"Write this to {out}? yes or no", err=True)).strip().lower() == "yes"
    except typer.Abort:
        return False
