"""``retrotread new`` and ``retrotread edit``: write a workout, with the check beside the text.

Exit code 0: the file is what the check accepts, and no draft is beside it. 1: a draft is. 2: an answer, a path or an
address cannot be understood, or there is no terminal to edit on.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..sessions.first_draft import MINUTES_MAX, MINUTES_MIN, Answers, Kind, file_name, first_text, title_of
from ..sessions.launcher import DEFAULT_TREADMILL, tier_for
from ..sessions.prepare import Asked
from ..training.history import LEVEL_MAX
from . import FOUND, MISUSED
from .machines import address_if_named
from .who import person_of_settings

if TYPE_CHECKING:
    from ..sessions.editing import Against

Treadmill = Annotated[
    str, typer.Option(callback=address_if_named, help="What the check holds it against: a name, or an address.")
]
TierKey = Annotated[str | None, typer.Option("--tier", help="Tier to hold it against, as of retrotread check.")]


def new(  # noqa: PLR0913  a command line is a list of options
    name: Annotated[str | None, typer.Argument(help="What it is called; the file is named after it.")] = None,
    level: Annotated[int | None, typer.Option(help=f"Level of the ladder, 0 to {LEVEL_MAX}.")] = None,
    minutes: Annotated[int | None, typer.Option(help="Minutes of the main part.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="What the main part is.")] = None,
    no_edit: Annotated[bool, typer.Option("--no-edit", help="Only write it; do not open the editor.")] = False,
    treadmill: Treadmill = DEFAULT_TREADMILL,
) -> None:
    """Begin a workout of your own: three questions, a first file, and the editor.

    What is not given is asked for. Nothing is started, and no file is written over.
    """
    try:
        name = name or typer.prompt("What is it called")
        answers = Answers(
            title_of(name),
            typer.prompt(f"Level of the ladder, 0 to {LEVEL_MAX}", type=int) if level is None else level,
            typer.prompt(f"Minutes of the main part, {MINUTES_MIN} to {MINUTES_MAX}", type=int)
            if minutes is None
            else minutes,
            Kind(typer.prompt("even or intervals", default=Kind.EVEN.value)) if kind is None else kind,
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    path, against = Path(file_name(name)), _against(treadmill, None)
    written = _begin(path, first_text(answers), against)
    raise typer.Exit(_edited(path, against) if _on_a_terminal() and not no_edit else written)


def edit(
    file: Annotated[Path, typer.Argument(help="A workout file; one that is not there yet is begun.", metavar="FILE")],
    treadmill: Treadmill = DEFAULT_TREADMILL,
    tier: TierKey = None,
) -> None:
    """Write a workout, with the check beside the text: its profile, totals, worst case and what is wrong.

    The file is changed only into what the check accepts; everything else is kept beside it as a draft.
    """
    if not _on_a_terminal():
        print("retrotread: the editor needs a terminal; without one: retrotread check FILE", file=sys.stderr)
        raise typer.Exit(MISUSED)
    raise typer.Exit(_edited(file, _against(treadmill, tier)))


def _on_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _against(treadmill: str, tier: str | None) -> Against:
    """What the text is held against. Raises AddressError for an address that is none."""
    from ..sessions.editing import Against
    from ..sessions.treadmills import profile_at

    profile_at(treadmill)
    return Against(treadmill, Asked(tier_for(tier), person_of_settings()))


def _begin(path: Path, text: str, against: Against) -> int:
    """Write the first text, as the file or as its draft; the exit code that tells which."""
    from ..sessions.editing import draft_of, keep_draft, look_at, save

    there = next((one for one in (path, draft_of(path)) if one.exists() or one.is_symlink()), None)
    if there is not None:
        print(f"retrotread: {there} is there already; use: retrotread edit {path}", file=sys.stderr)
        raise typer.Exit(MISUSED)
    look = look_at(text, path.name, against)
    try:
        if look.accepted:
            save(path, look)
            print(f"{path} is written")
            return 0
        draft = keep_draft(path, text)
    except OSError as error:
        print(
            f"retrotread: {path} cannot be written ({error.strerror or error}); go to another folder", file=sys.stderr
        )
        raise typer.Exit(MISUSED) from None
    for one in look.wrong:
        print(one.message, file=sys.stderr)
    print(f"{draft} is a draft: the check does not accept it yet")
    return FOUND


def _edited(path: Path, against: Against) -> int:
    """The editor over a file, until it is left; the exit code that tells whether a draft is left behind."""
    from ..sessions.editing import draft_of, look_at, opened
    from ..tui.editor import EditorApp
    from ..workouts.regular_file import Unreadable

    try:
        first = opened(path)
    except Unreadable as error:
        print(f"retrotread: {path}: {error}", file=sys.stderr)
        return MISUSED
    EditorApp(path, first, lambda text: look_at(text, path.name, against)).run()
    return FOUND if draft_of(path).exists() else 0
