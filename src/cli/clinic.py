"""``retrotread clinic``: participants by pseudonym, and what is prescribed for each.

The passphrase is asked for where something changes, or read as the first line of what is piped in.

Exit code 0: told, or done. 1: a plan that its own prescription would not let begin, or a register that is damaged.
2: something that cannot be understood, or a passphrase that is not the clinic's. 3: the register cannot be used.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from . import FOUND, MISUSED, NO_FOLDER
from .machines import address_if_named

if TYPE_CHECKING:
    from ..sessions.clinic.register import Register
    from ..sessions.prescription import Ceilings

app = typer.Typer(help="A clinic: participants, and what is prescribed for each.", rich_markup_mode=None)

PARTICIPANTS_ONLY, ANYBODY = "participants-only", "anybody"

AsJson = Annotated[bool, typer.Option("--json", help="One object instead of lines.")]
Participant = Annotated[str, typer.Argument(help="A pseudonym, as in P-7QK2M9.", metavar="PARTICIPANT")]
Author = Annotated[str, typer.Option(help="Who decides it: the name or initials that stand beside the limit.")]
Reason = Annotated[str, typer.Option(help="Why; it is told whenever the limit holds somebody.")]


@app.command("set-up")
def set_up(name: Annotated[str, typer.Argument(help="What the clinic is called.")]) -> None:
    """Begin a clinic in this data folder, behind a passphrase of its own."""
    from ..sessions.clinic.register import Register
    from ..sessions.folder import data_folder

    with _told():
        Register(data_folder()).set_up(name, _new_passphrase())
    print(f"{name} is set up; 'retrotread clinic add' takes in the first participant")


@app.command("passphrase")
def change_passphrase() -> None:
    """Change the passphrase."""
    with _told():
        _register().change_passphrase(_passphrase("Passphrase until now: "), _new_passphrase())
    print("the new passphrase holds from now on")


@app.command("profile")
def profile(
    whom: Annotated[str, typer.Argument(help="participants-only, or anybody.", metavar="participants-only|anybody")],
) -> None:
    """Say what this computer is for: only what is prescribed for a participant, or not only that."""
    from ..sessions.clinic.entries import Profile

    with _told():
        if whom not in (PARTICIPANTS_ONLY, ANYBODY):
            raise ValueError(f"{whom!r} is no profile; write {PARTICIPANTS_ONLY} or {ANYBODY}")
        _register().make(_passphrase(), Profile(whom == PARTICIPANTS_ONLY))
    print(f"from now on this computer is for {whom.replace('-', ' ')}")


@app.command("add")
def add(
    participant: Annotated[
        str | None, typer.Argument(help="A pseudonym of your own, as in P-7QK2M9; without one it is drawn.")
    ] = None,
    minor: Annotated[bool, typer.Option("--minor", help="Younger than 18: only in a tier of a clinic.")] = False,
) -> None:
    """Take somebody in under a pseudonym. Who that is stands in your own papers."""
    with _told():
        joined = _register().join(_passphrase(), participant, adult=not minor)
    print(joined.participant)


@app.command("leave")
def leave(participant: Participant, author: Author, reason: Reason) -> None:
    """Somebody takes part no longer: none of their prescriptions holds from now on; their history stays."""
    with _told():
        _register().leave(_passphrase(), participant, author, reason)
    print(f"{participant} takes part no longer")


@app.command("prescribe")
def prescribe(  # noqa: PLR0913  a command line is a list of options
    participant: Participant,
    workout: Annotated[str, typer.Argument(help="A shipped workout or a file; this version of it is kept whole.")],
    author: Author,
    reason: Reason,
    until: Annotated[str, typer.Option(help="Its last day, as in 2026-12-31.")],
    from_day: Annotated[str | None, typer.Option("--from", help="Its first day; today without it.")] = None,
    tier: Annotated[str, typer.Option(help="Whose rates and lengths hold, as of retrotread check.")] = "frail",
    way: Annotated[str, typer.Option(help="backward, forward or both.")] = "both",
    speed: Annotated[str | None, typer.Option(help='At most, as in "2.0 km/h".')] = None,
    incline: Annotated[str | None, typer.Option(help='At most, as in "3 %".')] = None,
    minutes: Annotated[int | None, typer.Option(help="Of a moving belt in one session, at most.")] = None,
    heart: Annotated[int | None, typer.Option(help="Beats per minute, at most; needs a strap.")] = None,
    pain: Annotated[int | None, typer.Option(help="From 0 to 10: with more the belt stops and does not start.")] = None,
    instead: Annotated[
        list[int] | None, typer.Option(metavar="NUMBER", help="A prescription of theirs that ends with it.")
    ] = None,
    beside: Annotated[bool, typer.Option("--beside", help="Their others go on holding; they may choose.")] = False,
    treadmill: Annotated[
        str, typer.Option(callback=address_if_named, help="What the plan is held against: a name, or an address.")
    ] = "sim://well-behaved",
) -> None:
    """Bind one version of a workout to a participant, under limits that only the passphrase changes."""
    from ..clock import wall_now
    from ..sessions.clinic.desk import NotPrescribed, held_against_itself, read_back
    from ..sessions.clinic.others import Others
    from ..sessions.launcher import profile_at
    from ..sessions.prepare import written_in
    from ..sessions.prescription import Prescription, Way, days_from, hash_of
    from ..workouts import library

    with _told():
        written = written_in(library.find(workout))
        limits = _ceilings(speed, incline, minutes, heart, pain)
        first, last = days_from(from_day, until, wall_now().astimezone().date())
        digest, days = hash_of(written.text), (first.isoformat(), last.isoformat())
        number = _register().standing(participant).numbers + 1
        told = Prescription(
            number, participant, written.plan.name, digest, tier, Way(way), limits, author, reason, *days
        )
        try:
            held_against_itself(told, written, profile_at(treadmill))
        except NotPrescribed as error:
            print("\n".join((f"retrotread: {written.plan.name} is not prescribed:", *error.problems)), file=sys.stderr)
            raise typer.Exit(FOUND) from None
        others = Others(tuple(instead or ()), beside)
        others.ended(_register().standing(), told)  # before the passphrase is asked for
        entry = _register().prescribe(_passphrase(), told, written.text.decode(), others)
    print("\n".join(read_back(entry)))


@app.command("withdraw")
def withdraw(
    number: Annotated[int, typer.Argument(help="Of the prescription.")], author: Author, reason: Reason
) -> None:
    """End a prescription."""
    with _told():
        _register().withdraw(_passphrase(), number, author, reason)
    print(f"prescription {number} holds no longer")


@app.command("go-on-without")
def go_on_without(author: Author, reason: Reason) -> None:
    """Use a register although journals name entries that it does not have, and its newest copy is lost."""
    with _told():
        links = _register().go_on_without(_passphrase(), author, reason)
    print(
        f"the register goes on without {len(links)} of the entries that journals name; look at what is prescribed now"
    )


@app.command("show")
def show(
    participant: Annotated[str | None, typer.Argument(help="A pseudonym; without one, everybody.")] = None,
    as_json: AsJson = False,
) -> None:
    """Who takes part, and what is prescribed for them."""
    from ..sessions.clinic.showing import clinic_as_json, clinic_text

    with _told():
        clinic = _register().standing(participant)
    print(json.dumps(clinic_as_json(clinic, participant)) if as_json else clinic_text(clinic, participant))


@app.command("log")
def log(as_json: AsJson = False) -> None:
    """Every change since the clinic was set up, each bound to all before it."""
    from ..sessions.clinic.showing import log_as_json, log_text

    with _told():
        register = _register()
        register.standing()
        written = register.written()
    print(json.dumps(log_as_json(written)) if as_json else log_text(written))


def _register() -> Register:
    from ..sessions.clinic.register import Register
    from ..sessions.folder import folder_path

    return Register(folder_path())


def _ceilings(
    speed: str | None, incline: str | None, minutes: int | None, heart: int | None, pain: int | None
) -> Ceilings:
    from ..sessions.prescription import Ceilings
    from ..workouts.quantity import parse_incline_percent, parse_speed_kph

    return Ceilings(
        None if speed is None else parse_speed_kph(speed),
        None if incline is None else parse_incline_percent(incline),
        minutes,
        heart,
        pain,
    )


def _passphrase(prompt: str = "Passphrase of the clinic: ") -> str:
    """Asked for without an echo; what is piped in is read line by line."""
    return getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _new_passphrase() -> str:
    """Asked for twice, so that a slip of the keys does not lock everybody out."""
    first = _passphrase("New passphrase: ")
    if sys.stdin.isatty() and _passphrase("Once more: ") != first:
        raise ValueError("the two were not the same; nothing was changed")
    return first


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Whatever a person can mend, as a sentence and an exit code."""
    from ..sessions.added_only import AddedOnlyDamaged, AddedOnlyError
    from ..sessions.clinic.passphrase import PassphraseError
    from ..sessions.clinic.register import NoClinic
    from ..sessions.folder import FolderError
    from ..workouts.library import NoSuchWorkout
    from ..workouts.problems import WorkoutProblems

    try:
        yield
    except AddedOnlyDamaged as error:
        _leave(error, FOUND)
    except (AddedOnlyError, FolderError) as error:
        _leave(error, NO_FOLDER)
    except (PassphraseError, NoClinic, NoSuchWorkout, WorkoutProblems, ValueError) as error:
        _leave(error, MISUSED)


def _leave(error: Exception, code: int) -> None:
    print(f"retrotread: {error}", file=sys.stderr)
    raise typer.Exit(code) from None
