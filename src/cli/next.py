"""``retrotread next``: the next step of the ladder, with its reasons.

Exit code 0: a recommendation, a rest day among them. 1: not until somebody whose trade it is has cleared it.
"""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from ..machine import BeltDirection
from ..training.history import PLACED_MAX, HistoryError, Placed
from . import FOUND, MISUSED, NO_FOLDER
from .history import recorded_here
from .importing import write_new
from .machines import address_if_named
from .who import person_of_settings


def next_step(  # noqa: PLR0913  a command line is a list of options
    history: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The history; without it, what was recorded, and history.json of the data folder."
        ),
    ] = None,
    today: Annotated[
        datetime | None, typer.Option("--today", formats=["%Y-%m-%d"], help="As of this day, YYYY-MM-DD.")
    ] = None,
    treadmill: Annotated[
        str | None, typer.Option(help="The one that it is for: its name or address; without it, that of last time.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One object instead of sentences.")] = False,
    clinic: Annotated[bool, typer.Option("--clinic", help="A supervisor is there, and confirms as well.")] = False,
    harness: Annotated[bool, typer.Option("--harness", help="A harness is there.")] = False,
    belt: Annotated[BeltDirection | None, typer.Option(help="The way that the belt will run.")] = None,
    placed: Annotated[
        int | None, typer.Option(min=0, max=PLACED_MAX, help="Keep a placement: the level that somebody saw.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="WHO", help="Who saw it, as a role: a coach.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the step as a workout; nothing is written over.")
    ] = None,
) -> None:
    """Say what to do next, and why: a step up, the same, an easier one, rest.

    Nothing is started, and easier is always open.
    """
    from ..clock import wall_now
    from ..sessions.folder import folder_path
    from ..sessions.next_command import Helped, NextAsked, next_text
    from .paragraphs import tell

    address = None if treadmill is None else address_if_named(treadmill)
    day = (today or wall_now().astimezone()).date()
    person, folder = person_of_settings(), folder_path()
    if placed is not None or by is not None:
        _place(folder, history, _seen(day, placed, by))
    recorded = () if history is not None else recorded_here(folder, person)
    try:
        result = next_text(
            NextAsked(history, folder, day, person, as_json, address, recorded, Helped(clinic, harness, belt))
        )
    except HistoryError as error:
        print(f"retrotread: {error}", file=sys.stderr)
        raise typer.Exit(MISUSED) from None
    if as_json:
        print(result.text)
    else:
        tell(result.text.split("\n"))
    if out is not None:
        _write(out, result.workout)
    raise typer.Exit(FOUND if result.found else 0)


def _seen(day: date, level: int | None, by: str | None) -> Placed:
    """Raises BadParameter."""
    if level is None or by is None or not by.strip():
        raise typer.BadParameter("a placement needs both: --placed LEVEL and --by WHO, who saw it")
    return Placed(day, level, by.strip())


def _place(folder: Path, history: Path | None, placed: Placed) -> None:
    from ..sessions.next_command import place

    if history is not None:
        raise typer.BadParameter("--placed is kept in the history of the data folder; leave --history out")
    try:
        path = place(folder, placed)
    except HistoryError as error:
        print(f"retrotread: {error}", file=sys.stderr)
        raise typer.Exit(MISUSED) from None
    except OSError as error:
        print(f"retrotread: {folder} cannot be written ({error.strerror or error})", file=sys.stderr)
        raise typer.Exit(NO_FOLDER) from None
    print(f"{path} has it: placed at level {placed.level} by {placed.by}", file=sys.stderr)


def _write(out: Path, workout: str | None) -> None:
    if workout is None:
        print(f"{out} is not written: training is locked, for the reason above", file=sys.stderr)
        return
    write_new(out, workout.encode("utf-8"))
    print(f"{out} is written; look at it with: retrotread check {out}", file=sys.stderr)
