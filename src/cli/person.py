"""``retrotread person``: who trains here and what limits them, told and changed.

Exit code 0: told, or changed and told. 1: nobody has been asked yet. 2: it cannot be understood. 3: it cannot be kept.
"""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import FOUND, MISUSED, NO_FOLDER

if TYPE_CHECKING:
    from pathlib import Path

    from ..config import PersonTable, Settings
    from ..sessions.diary import Said
    from ..sessions.home_limits import Limited

NOBODY = "nobody has been asked yet who trains here: the first start of the screens, or of run --plain, does"


def person(  # noqa: PLR0913  a command line is a list of options
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
    limit: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LIMIT",
            help='At most, from the next run on: "speed 3.0 km/h", "incline 2 %", "minutes 20", "heart 140 bpm" '
            'or "pain 3"; may be said several times.',
        ),
    ] = None,
    take_away: Annotated[
        list[str] | None, typer.Option(metavar="WHAT", help="Take such limits away: speed, incline, minutes, ...")
    ] = None,
    author: Annotated[str | None, typer.Option(help="Who decides that: the name that stands beside the limit.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why; it is told whenever the limit holds somebody.")] = None,
    until: Annotated[str | None, typer.Option(help="The last day of the limit, as in 2026-12-31.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One object instead of lines.")] = False,
) -> None:
    """Who trains here, and what limits them.

    Whether they have to ask somebody first is asked at a start, and not changed here.
    """
    from ..config import read_settings
    from ..sessions.folder import FolderError, data_folder
    from ..sessions.who import introduced

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
    limits = _limits_said(Wanted(tuple(limit or ()), tuple(take_away or ()), author, reason, until))
    if table != settings.person or limits:
        _keep(folder, *(() if table == settings.person else (introduced(table),)), *limits)
    limited = _in_force(folder)
    print(_object(table, limited) if as_json else _lines(table, limited))


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line says of limits, in words."""

    limits: tuple[str, ...]
    taken_away: tuple[str, ...]
    author: str | None
    reason: str | None
    until: str | None


def _limits_said(wanted: Wanted) -> tuple[Said, ...]:
    """The entries of the diary that say it; leaves with a sentence for what nobody can have meant."""
    from ..clock import wall_now
    from ..sessions.home_limits import Limited, TakenAway, amount, quantity
    from ..sessions.prescription import day_written

    if not (wanted.limits or wanted.taken_away):
        if (wanted.author, wanted.reason, wanted.until) != (None, None, None):
            raise _said("--author, --reason and --until belong to a limit: name it with --limit", MISUSED)
        return ()
    author, reason, today = wanted.author or "", wanted.reason or "", wall_now().astimezone().date().isoformat()
    try:
        if wanted.until is not None and day_written(wanted.until).isoformat() < today:
            raise ValueError(f"its last day, {wanted.until}, is over: today is {today}")
        gone = (TakenAway(quantity(one), today, author, reason) for one in wanted.taken_away)
        new = (Limited(*amount(one), author, reason, wanted.until) for one in wanted.limits)
        return (*gone, *new)
    except ValueError as error:
        raise _said(f"{error} (--limit, --take-away, --author, --reason, --until)", MISUSED) from None


def _keep(folder: Path, *said: Said) -> None:
    from ..sessions.diary import add

    try:
        add(folder, *said)
    except OSError as error:
        raise _said(str(error), NO_FOLDER) from None


def _in_force(folder: Path) -> tuple[Limited, ...]:
    from ..clock import wall_now
    from ..sessions.diary import entries
    from ..sessions.home_limits import in_force

    try:
        return in_force((one.said for one in entries(folder)), wall_now().astimezone().date())
    except OSError as error:
        raise _said(str(error), NO_FOLDER) from None


def _said(sentence: str, code: int) -> typer.Exit:
    print(f"retrotread: {sentence}", file=sys.stderr)
    return typer.Exit(code)


def _object(table: PersonTable, limited: tuple[Limited, ...]) -> str:
    limits = [{name: getattr(one, name) for name in type(one).__slots__} for one in limited]
    return json.dumps(table.model_dump() | {"limits": limits}, indent=2, ensure_ascii=False)


def _lines(table: PersonTable, limited: tuple[Limited, ...]) -> str:
    from ..sessions.home_limits import WORDS, limit_text

    best = "not known" if table.backward_max_kph is None else f"{table.backward_max_kph:.3g} km/h"
    names = {what: word for word, what in WORDS.items()}
    rows = (
        ("name", table.name),
        ("18 or over", "yes" if table.adult else "no"),
        ("backward experience", table.backward_experience),
        ("own best backward speed", best),
        ("calls when nobody answers", shlex.join(table.call) or "nothing"),
        ("questions of health", table.health or "not asked"),
        *((f"limit of {names[one.what]}", limit_text(one)) for one in limited),
    )
    return "\n".join(f"{head}: {text}" for head, text in rows)
