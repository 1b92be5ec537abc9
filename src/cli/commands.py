"""The commands of ``retrotread``, each a few lines over the part that does the work."""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer

from ..devices.errors import AddressError
from ..sessions.launcher import DEFAULT_TREADMILL, NoSuchTier, SessionLauncher, tier_for
from ..workouts.library import NoSuchWorkout, find
from ..workouts.problems import WorkoutProblems
from . import FOUND, MISUSED, NO_FOLDER, open_screens

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Guided backward walking and running on a treadmill. Without a command, the screens open.",
)

Workout = Annotated[str, typer.Argument(help="A shipped workout (ladder-1) or a file.", show_default=False)]
Treadmill = Annotated[str, typer.Option(help="Address of the treadmill.")]
TierKey = Annotated[
    str | None, typer.Option("--tier", help="Tier to hold it against: novice, walker, runner, harness, frail.")
]


def command_line(arguments: list[str]) -> int:
    """Run one command; its exit code. Whatever a person can mend becomes a sentence on stderr."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # a letter that a terminal cannot show must not end a run
        sys.stdout.reconfigure(errors="replace")
    try:
        app(arguments, prog_name="retrotread")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else FOUND
    except (WorkoutProblems, AddressError, NoSuchWorkout, NoSuchTier) as error:
        print(error, file=sys.stderr)
        return MISUSED
    return 0


@app.command()
def run(
    workout: Workout,
    treadmill: Treadmill = DEFAULT_TREADMILL,
    plain: Annotated[bool, typer.Option("--plain", help="One line per event instead of the screens.")] = False,
) -> None:
    """Do a workout: checklist, start, session, summary."""
    if not plain:
        raise typer.Exit(open_screens(workout, treadmill))
    from ..sessions.folder import FolderError
    from ..tui.plain import run_plain

    try:
        launcher = SessionLauncher(workout, treadmill)
    except FolderError as error:
        print(f"retrotread: {error}", file=sys.stderr)
        raise typer.Exit(NO_FOLDER) from None
    raise typer.Exit(run_plain(launcher, treadmill))


@app.command()
def check(workout: Workout, treadmill: Treadmill = DEFAULT_TREADMILL, tier: TierKey = None) -> None:
    """Hold a workout against limits and a machine: its steps, totals, and every limit that it would hit."""
    from ..sessions.check import check_text

    result = check_text(find(workout), treadmill, tier_for(tier))
    print(result.text)
    raise typer.Exit(FOUND if result.found else 0)


@app.command()
def simulate(  # noqa: PLR0913  a command line is a list of options
    workout: Workout,
    treadmill: Treadmill = DEFAULT_TREADMILL,
    tier: TierKey = None,
    seed: Annotated[int, typer.Option(help="Fixes everything that is left to chance.")] = 0,
    fault: Annotated[list[str] | None, typer.Option(help="NAME@SECONDS, as often as needed.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One object instead of sentences.")] = False,
) -> None:
    """Run a workout on virtual time against a simulated treadmill, with judges beside it."""
    from ..sessions.simulate_command import SimulateAsked, simulate_text

    asked = SimulateAsked(find(workout), treadmill, tier_for(tier), seed, tuple(fault or ()), as_json)
    result = simulate_text(asked)
    print(result.text)
    raise typer.Exit(FOUND if result.found else 0)
