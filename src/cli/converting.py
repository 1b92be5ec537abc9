"""``retrotread convert``: a forward workout as a backward one, step by step to compare, written after a yes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ..sessions.launcher import DEFAULT_TREADMILL
from . import FOUND
from .history import recorded_for
from .importing import write_new
from .machines import address_if_named
from .who import person_of_settings

if TYPE_CHECKING:
    from ..sessions.next_command import Ahead
    from ..sessions.person import Person
    from ..sessions.prepare import Asked
    from ..sessions.view import Offer
    from ..workouts.formats.backward import Proposal
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
    from ..sessions.converting import allowance_of
    from ..sessions.prepare import Asked
    from ..sessions.reach import level_beyond
    from ..sessions.treadmills import profile_at
    from ..workouts.formats.backward import NotConvertible, proposed
    from ..workouts.source import read_workout
    from .paragraphs import tell

    plan, person = read_workout(file), person_of_settings()
    ahead = _ahead(treadmill, person)
    if (beyond := level_beyond(ahead.reach, level)) is not None:
        _leave(beyond)
    try:
        proposal = proposed(plan, allowance_of(level, profile_at(treadmill), ahead, person))
    except NotConvertible as error:
        _leave(f"{file}: {error}")
    offer = _checked(proposal, treadmill, Asked(person=person, reach=ahead.reach))
    for line in comparison(plan, proposal):
        print(line, flush=True)
    tell(f"note: {note}" for note in (*proposal.notes, *offer.findings))
    if offer.problems:
        limits = (f"limit: {problem}" for problem in offer.problems)
        _leave(*limits, "nothing is written: change the forward workout, or take another level")
    if not _said_yes(out):
        _leave("nothing is written")
    write_new(out, proposal.text.encode("utf-8"))
    print(f"{out} is written; look at it with: retrotread check {out}", file=sys.stderr)


def _leave(*lines: str) -> NoReturn:
    from .paragraphs import paragraph

    for line in lines:
        print(paragraph(line), file=sys.stderr)
    raise typer.Exit(FOUND)


def _ahead(treadmill: str, person: Person | None) -> Ahead:
    """What is next for whoever the settings name, by what they did; a history that cannot be read opens no run."""
    from ..clock import wall_now
    from ..sessions.folder import folder_path
    from ..sessions.next_command import Ahead, NextAsked, ahead
    from ..sessions.reach import unread
    from ..sessions.treadmills import is_simulated
    from ..training.history import HistoryError

    folder, today = folder_path(), wall_now().astimezone().date()
    device = None if is_simulated(treadmill) else treadmill
    try:
        return ahead(NextAsked(None, folder, today, person, False, device, recorded_for(folder, person)))
    except HistoryError as error:
        print(f"what comes next on the ladder is not known: {error}", file=sys.stderr)
        return Ahead(None, unread(str(error)))


def comparison(plan: WorkoutPlan, proposal: Proposal) -> list[str]:
    """The table of forward and backward, and the minutes of both."""
    rows = [("", "length", "forward", "backward", "")]
    rows += [(one.times.rstrip(), one.length, one.forward, one.backward, one.limit) for one in proposal.compared]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, [*widths, 0], strict=True)).rstrip() for row in rows
    ]
    total = f"total: {_minutes(plan)} forward, {_minutes(proposal.plan)} backward"
    return [*lines, "", proposal.share, total]


def _minutes(plan: WorkoutPlan) -> str:
    seconds = sum(step.length_s for step in plan.planned_steps())
    by_distance = any(step.length_m is not None for step in plan.planned_steps())
    return f"{'at most ' if by_distance else ''}{seconds / 60:.1f} min"


def _checked(proposal: Proposal, treadmill: str, asked: Asked) -> Offer:
    """With what ``check`` would say of it."""
    from ..sessions.check import check
    from ..sessions.prepare import Written

    written = Written("proposal", proposal.text.encode("utf-8"), proposal.plan)
    return check(written, treadmill, asked).prepared.offer


def _said_yes(out: Path) -> bool:
    """The whole word, from a person who has seen the comparison; the end of the input is no."""
    try:
        return str(typer.prompt(f"Write this to {out}? yes or no", err=True)).strip().lower() == "yes"
    except typer.Abort:
        print(file=sys.stderr)
        return False
