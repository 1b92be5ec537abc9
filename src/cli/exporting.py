"""``retrotread export``: a workout of ours for another program, with what that program cannot be told."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import MISUSED
from .importing import format_named, write_new
from .who import person_of_settings

if TYPE_CHECKING:
    from ..workouts.plan import WorkoutPlan

EXPORTS = "zwo, icu (intervals.icu text) or fit"


def export_workout(
    workout: Annotated[
        str, typer.Argument(help="A shipped workout (ladder-1) or a file.", show_default=False, metavar="WORKOUT")
    ],
    form: Annotated[str, typer.Option("--as", help=f"The format: {EXPORTS}.", show_default=False)],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write it.", show_default=False)],
    backward_max: Annotated[
        str | None,
        typer.Option("--backward-max", metavar="SPEED", help="What shares are of; without it, yours of the settings."),
    ] = None,
) -> None:
    """Write a workout for Zwift, intervals.icu or as a FIT file, and say what is lost.

    Other programs know nothing of facing the rear, of turns and of who has to stand by; each loss is a line.
    """
    from ..workouts.formats.exporting import exported
    from ..workouts.formats.fit_records import FitMissing
    from ..workouts.formats.foreign import Format
    from ..workouts.library import find
    from ..workouts.source import read_workout

    chosen = format_named(form)
    if chosen is None or chosen is Format.QZ:
        raise typer.BadParameter(f"{form!r} is not written here; there are {EXPORTS}")
    plan = read_workout(find(workout))
    try:
        done = exported(plan, chosen, _backward_max_kph(plan, backward_max))
    except FitMissing as error:
        print(error, file=sys.stderr)
        raise typer.Exit(MISUSED) from None
    write_new(out, done.content)
    for loss in done.losses:
        print(f"lost: {loss.value}", file=sys.stderr)
    print(f"{out} is written", file=sys.stderr)


def _backward_max_kph(plan: WorkoutPlan, said: str | None) -> float | None:
    """What was said, or the person's own where the plan asks for it. Raises typer.BadParameter."""
    from ..workouts.quantity import QuantityError, parse_speed_kph

    if said is not None:
        try:
            return parse_speed_kph(said)
        except QuantityError as error:
            raise typer.BadParameter(str(error)) from None
    person = person_of_settings() if plan.needs_backward_max else None
    return None if person is None else person.backward_max_kph
