"""``retrotread next``: the next step of the ladder, with its reasons.

Exit code 0: a recommendation, a rest day among them. 1: not until somebody whose trade it is has cleared it.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from . import FOUND, MISUSED
from .history import recorded_here
from .importing import write_new
from .machines import address_if_named
from .who import person_of_settings


def next_step(
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
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the step as a workout; nothing is written over.")
    ] = None,
) -> None:
    """Say what to do next, and why: a step up, the same, an easier one, rest.

    Nothing is started, and easier is always open.
    """
    from ..clock import wall_now
    from ..sessions.folder import folder_path
    from ..sessions.next_command import NextAsked, next_text
    from ..training.history import HistoryError
    from .paragraphs import tell

    address = None if treadmill is None else address_if_named(treadmill)
    day = (today or wall_now().astimezone()).date()
    person, folder = person_of_settings(), folder_path()
    recorded = () if history is not None else recorded_here(folder, person)
    try:
        result = next_text(NextAsked(history, folder, day, person, as_json, address, recorded))
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


def _write(out: Path, workout: str | None) -> None:
    if workout is None:
        print(f"{out} is not written: training is locked, for the reason above", file=sys.stderr)
        return
    write_new(out, workout.encode("utf-8"))
    print(f"{out} is written; look at it with: retrotread check {out}", file=sys.stderr)
