"""``retrotread person``: who trains here, told and changed.

Exit code 0: told, or changed and told. 1: nobody has been asked yet. 2: it cannot be understood. 3: it cannot be kept.
"""

from __future__ import annotations

import json
import shlex
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import FOUND, MISUSED, NO_FOLDER

if TYPE_CHECKING:
    from pathlib import Path

    from ..config import PersonTable, Settings

NOBODY = "nobody has been asked yet who trains here: the first start of the screens, or of run --plain, does"


def person(
    name: Annotated[str | None, typer.Option(help="What the screens call them.")] = None,
    experience: Annotated[
        str | None, typer.Option(help="How much backward training on a belt they have: none, walks or runs.")
    ] = None,
    backward_max: Annotated[
        str | None, typer.Option(metavar="SPEED", help='Their own best backward speed: "6.5 km/h".')
    ] = None,
    call: Annotated[
        str | None, typer.Option(metavar="COMMAND", help="What calls somebody when they do not answer; empty: nothing.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One object instead of lines.")] = False,
) -> None:
    """Who trains here.

    Whether they have to ask somebody first is asked at a start, and not changed here.
    """
    from ..config import read_settings
    from ..sessions.folder import FolderError, data_folder

    try:
        folder = data_folder()
    except FolderError as error:
        raise _said(str(error), NO_FOLDER) from None
    settings = _known(read_settings(), folder)
    if settings.person is None:
        raise _said(settings.problem or NOBODY, FOUND)
    said = {"name": name, "backward_experience": experience, "backward_max": backward_max,
            "call": None if call is None else shlex.split(call)}  # fmt: skip
    table = _changed(settings.person, {key: value for key, value in said.items() if value is not None})
    if table != settings.person:
        _keep(table, folder)
    print(_object(table) if as_json else _lines(table))


def _known(settings: Settings, folder: Path) -> Settings:
    """With who it is; a person that the settings file still names is taken over first."""
    from ..sessions.who import take_over, with_known

    settings, stays = take_over(settings, folder)
    if stays is not None:
        print(f"retrotread: {stays}", file=sys.stderr)
    return with_known(settings, folder)


def _changed(table: PersonTable, said: dict[str, Any]) -> PersonTable:
    """The table with what was said in it; leaves with a sentence for what no table may hold."""
    from pydantic import ValidationError

    from ..config import PersonTable, unkeepable
    from ..sessions.who import as_written, introduced

    try:
        return PersonTable.model_validate(as_written(introduced(table)) | said)
    except ValidationError as error:
        raise _said(str(unkeepable(error)), MISUSED) from None


def _keep(table: PersonTable, folder: Path) -> None:
    from ..sessions.diary import add
    from ..sessions.who import introduced

    try:
        add(folder, introduced(table))
    except OSError as error:
        raise _said(str(error), NO_FOLDER) from None


def _said(sentence: str, code: int) -> typer.Exit:
    print(f"retrotread: {sentence}", file=sys.stderr)
    return typer.Exit(code)


def _object(table: PersonTable) -> str:
    return json.dumps(table.model_dump(), indent=2, ensure_ascii=False)


def _lines(table: PersonTable) -> str:
    best = "not known" if table.backward_max_kph is None else f"{table.backward_max_kph:.3g} km/h"
    rows = (
        ("name", table.name),
        ("18 or over", "yes" if table.adult else "no"),
        ("backward experience", table.backward_experience),
        ("own best backward speed", best),
        ("calls when nobody answers", shlex.join(table.call) or "nothing"),
        ("questions of health", table.health or "not asked"),
    )
    return "\n".join(f"{head}: {text}" for head, text in rows)
