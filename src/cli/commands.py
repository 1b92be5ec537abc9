"""The commands of ``retrotread``, each a few lines over the part that does the work."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..devices.errors import AddressError
from ..sessions.clinic.register import NoClinic
from ..sessions.clinic.standing import NoParticipant
from ..sessions.folder import folder_path
from ..sessions.launcher import (
    DEFAULT_TREADMILL,
    Asked,
    NoSuchTier,
    NotForHome,
    SessionLauncher,
    Wish,
    clinic_tier_for,
    tier_for,
    today_at,
)
from ..sessions.prepare import Written, written_as, written_in
from ..workouts.library import NoSuchWorkout, find
from ..workouts.problems import WorkoutProblems
from ..workouts.quick import QuickError
from . import FOUND, MISUSED, NO_FOLDER, keep_run, open_screens
from .bench import bench
from .capture import app as capture_app
from .clinic import app as clinic_app
from .converting import convert
from .doctor import doctor
from .estimate import app as estimate_app
from .exporting import export_workout
from .history import app as history_app
from .history import recorded_for
from .importing import import_workout
from .library import app as library_app
from .machines import address_if_named
from .machines import app as machines_app
from .new import edit, new
from .next import next_step
from .person import person
from .rehearse import rehearse
from .selftest import selftest
from .sim import app as sim_app
from .who import person_of_settings

if TYPE_CHECKING:
    from ..sessions.check import Printed
    from ..sessions.reach import Reach

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Guided backward walking and running on a treadmill. Without a command, the screens open.",
    epilog="retrotread COMMAND --help tells the options of a command, retrotread --version the version.",
)
app.add_typer(sim_app, name="sim")
app.add_typer(machines_app)
app.add_typer(library_app, name="library")
app.add_typer(history_app, name="history")
app.add_typer(clinic_app, name="clinic")
app.add_typer(estimate_app, name="estimate")

Workout = Annotated[
    str | None, typer.Argument(help="A shipped workout (ladder-1) or a file.", show_default=False, metavar="WORKOUT")
]
Quick = Annotated[str | None, typer.Option("--quick", help="A workout in words instead: '10 min at 2 km/h backward'.")]
Treadmill = Annotated[
    str,
    typer.Option(
        callback=address_if_named,
        help="A name that it was given, or its address: sim://KIND, ble://NAME, serial+NAME://PORT, or coach:// for "
        "one set by hand.",
    ),
]
TierKey = Annotated[
    str | None, typer.Option("--tier", help="Tier to hold it against: novice, walker, runner, harness, frail, clinic.")
]
Alone = Annotated[bool, typer.Option("--alone", help="Nobody else is there: slow, level and short workouts only.")]
AcceptLowest = Annotated[
    bool,
    typer.Option("--accept-lowest", help="Where the plan is slower than the belt can run, its lowest speed will do."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One object instead of sentences.")]


_MENDED = (WorkoutProblems, QuickError, AddressError, NoSuchWorkout, NoSuchTier, NotForHome, NoClinic, NoParticipant)
"""What a person can mend who reads the message."""


def command_line(arguments: list[str]) -> int:
    """Run one command; its exit code. Whatever a person can mend becomes a sentence on stderr."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # a letter that a terminal cannot show must not end a run
        sys.stdout.reconfigure(errors="replace")
    try:
        app(arguments, prog_name="retrotread")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else FOUND
    except _MENDED as error:
        print(error, file=sys.stderr)
        return MISUSED
    return 0


@app.command()
def run(  # noqa: PLR0913  a command line is a list of options
    workout: Workout = None,
    quick: Quick = None,
    treadmill: Treadmill = DEFAULT_TREADMILL,
    alone: Alone = False,
    accept_lowest: AcceptLowest = False,
    tier: Annotated[
        str | None, typer.Option("--tier", help="In a clinic, by somebody in charge beside the belt: frail or clinic.")
    ] = None,
    participant: Annotated[
        str | None, typer.Option("--participant", help="Whom the clinic receives, as in P-7QK2M9; their prescription.")
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="One line per event instead of the screens.")] = False,
) -> None:
    """Do a workout: checklist, start, session, summary."""
    if participant is None:
        _one_of(workout, quick)
        _not_alone_in(tier, alone)
    else:
        _only_a_prescription(workout, quick, tier, alone)
    wish = Wish(workout, treadmill, quick, alone, accept_lowest, clinic_tier_for(tier), participant)
    if not plain:
        raise typer.Exit(open_screens(wish))
    from ..sessions.added_only import AddedOnlyError
    from ..sessions.folder import FolderError
    from ..tui.plain import run_plain

    try:
        launcher = SessionLauncher(wish, recorded=recorded_for)
    except (FolderError, AddedOnlyError) as error:
        print(f"retrotread: {error}", file=sys.stderr)
        raise typer.Exit(NO_FOLDER) from None
    if (why := launcher.only_prescribed()) is not None:
        print(f"retrotread: {why}", file=sys.stderr)
        raise typer.Exit(MISUSED)
    raise typer.Exit(run_plain(launcher, treadmill, keep_run))


@app.command()
def check(  # noqa: PLR0913  a command line is a list of options
    workout: Workout = None,
    quick: Quick = None,
    treadmill: Treadmill = DEFAULT_TREADMILL,
    tier: TierKey = None,
    alone: Alone = False,
    accept_lowest: AcceptLowest = False,
    as_json: AsJson = False,
) -> None:
    """Say what a workout would do: steps, worst case, limits.

    It is held against the limits, the treadmill and the person; nothing moves.
    """
    from ..sessions.check import check_text

    asked = _asked(tier, alone, accept_lowest)
    asked = replace(asked, today=today_at(treadmill, folder_path()), reach=_reach(asked, treadmill))
    result = check_text(_written(workout, quick), treadmill, asked, as_json)
    print(result.text)
    raise typer.Exit(FOUND if result.found else 0)


@app.command()
def simulate(  # noqa: PLR0913  a command line is a list of options
    workout: Workout = None,
    quick: Quick = None,
    treadmill: Annotated[str, typer.Option(help="A simulated one: sim://KIND.")] = DEFAULT_TREADMILL,
    tier: TierKey = None,
    alone: Alone = False,
    accept_lowest: AcceptLowest = False,
    seed: Annotated[int, typer.Option(help="Fixes everything that is left to chance.")] = 0,
    fault: Annotated[list[str] | None, typer.Option(help="NAME@SECONDS, as often as needed.")] = None,
    as_json: AsJson = False,
    record: Annotated[Path | None, typer.Option(help="Also write the run as a scenario file, OUT.jsonl.gz.")] = None,
) -> None:
    """Run a workout on a simulated treadmill, in seconds.

    Time is virtual; judges that know nothing of the rest of the program say whether anything went wrong.
    """
    from ..sessions.simulate_command import SimulateAsked, simulate_text

    asked = _asked(tier, alone, accept_lowest)
    simulated = SimulateAsked(_written(workout, quick), treadmill, asked, seed, tuple(fault or ()), as_json, record)
    _print(lambda: simulate_text(simulated))


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="A journal, or a scenario file.", show_default=False, metavar="FILE")],
    as_json: AsJson = False,
    export: Annotated[Path | None, typer.Option(help="Also write it as a scenario file, OUT.jsonl.gz.")] = None,
) -> None:
    """Run a recorded run again; name the first difference.

    The workout engine and the supervisor of today hear what was heard then.
    """
    from ..sessions.replay_command import replay_text

    _print(lambda: replay_text(file, as_json, export))


app.command("next")(next_step)
app.command()(person)
app.command("import")(import_workout)
app.command("export")(export_workout)
app.command()(convert)
app.command()(new)
app.command()(edit)
app.command()(rehearse)
app.command()(doctor)
app.command()(selftest)
app.command()(bench)
app.add_typer(capture_app, name="capture")


def _print(printed: Callable[[], Printed]) -> None:
    """What a command says that reads or writes a record, and its exit code."""
    from ..sessions.tape import TapeError

    try:
        result = printed()
    except TapeError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.filename or 'the file'}: {error.strerror or error}; choose another", file=sys.stderr)
    else:
        print(result.text)
        raise typer.Exit(FOUND if result.found else 0)
    raise typer.Exit(MISUSED)


def _reach(asked: Asked, treadmill: str) -> Reach | None:
    """How far the history leads, as ``run`` asks it."""
    from ..clock import wall_now
    from ..sessions.next_command import reach_at

    return reach_at(treadmill, folder_path(), wall_now().astimezone().date(), asked.person, recorded_for)


def _one_of(workout: str | None, quick: str | None) -> None:
    if (workout is None) == (quick is None):
        both = "WORKOUT and --quick exclude each other" if quick is not None else "there is no workout"
        raise typer.BadParameter(f"{both}; give a shipped workout, a file, or --quick '10 min at 2 km/h backward'")


def _written(workout: str | None, quick: str | None) -> Written:
    _one_of(workout, quick)
    return written_as(quick) if quick is not None else written_in(find(workout or ""))


def _only_a_prescription(workout: str | None, quick: str | None, tier: str | None, alone: bool) -> None:
    if workout is not None or quick is not None or tier is not None or alone:
        raise typer.BadParameter("a participant does what is prescribed: leave WORKOUT, --quick, --tier, --alone out")


def _not_alone_in(tier: str | None, alone: bool) -> None:
    if alone and tier is not None:
        raise typer.BadParameter("--alone is a tier of its own; leave --tier or --alone out")


def _asked(tier: str | None, alone: bool, accept_lowest: bool) -> Asked:
    _not_alone_in(tier, alone)
    return Asked(tier_for(tier), person_of_settings(), alone, accept_lowest)
