"""``retrotread library``: the workouts that came with the program, where each comes from, and one of them in full."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from . import MISUSED
from .paragraphs import paragraph

if TYPE_CHECKING:
    from ..workouts.catalogue import Entry, Wanted

app = typer.Typer(
    help="The workouts that came with the program, and where each comes from.",
    rich_markup_mode=None,
    invoke_without_command=True,
)

Level = Annotated[int | None, typer.Option("--level", help="Those that are open at this level of the ladder.")]
TagWord = Annotated[str | None, typer.Option("--tag", help="Those with this tag, such as small-dose.")]
Clinic = Annotated[bool, typer.Option("--clinic", help="Those for a clinic, cards and templates instead.")]
AsJson = Annotated[bool, typer.Option("--json", help="One object instead of lines.")]

KEY_COLUMNS = 12
"""The longest word beside a text, and two blanks."""

LEVELS = range(11)
"""The ladder."""


@app.callback()
def library(
    context: typer.Context,
    level: Level = None,
    tag: TagWord = None,
    clinic: Clinic = False,
    as_json: AsJson = False,
) -> None:
    """The workouts that came with the program, and where each comes from."""
    if context.invoked_subcommand is None:
        _list(level, tag, clinic, as_json)


@app.command("list")
def list_them(level: Level = None, tag: TagWord = None, clinic: Clinic = False, as_json: AsJson = False) -> None:
    """Every workout with its level, its grade and its title."""
    _list(level, tag, clinic, as_json)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A short name (bw-slope-20) or a file.", metavar="NAME")],
    as_json: AsJson = False,
) -> None:
    """One of them in full: source, dose as published, what was filled in, steps."""
    from ..workouts.catalogue import entry_at, entry_object, entry_rows
    from ..workouts.library import find

    entry = entry_at(find(name))
    if as_json:
        print(json.dumps(entry_object(entry), indent=2, ensure_ascii=False))
    else:
        print(f"{entry.about.name}\n")
        for key, text in entry_rows(entry):
            print(paragraph(f"{key:<{KEY_COLUMNS}}{text}", hanging=KEY_COLUMNS if key else 0))


def _list(level: int | None, tag: str | None, clinic: bool, as_json: bool) -> None:
    from ..workouts.catalogue import Wanted, catalogue, entry_object, list_lines, selected

    entries = catalogue()
    wanted = _wanted(entries, Wanted(level, tag, clinic))
    found = selected(entries, wanted)
    if as_json:
        print(json.dumps({"workouts": [entry_object(entry) for entry in found]}, indent=2, ensure_ascii=False))
        return
    for line in list_lines(found):
        print(line)
    print(_summary(len(found), wanted, entries), file=sys.stderr)


def _wanted(entries: tuple[Entry, ...], wanted: Wanted) -> Wanted:
    """``wanted`` as it is, or a sentence for a level off the ladder or a tag that nothing has."""
    from ..workouts.catalogue import tags_of

    if wanted.level is not None and wanted.level not in LEVELS:
        raise _refused(f"there is no level {wanted.level}; the ladder goes from {LEVELS[0]} to {LEVELS[-1]}")
    tags = tags_of(entries)
    if wanted.tag is not None and wanted.tag not in tags:
        raise _refused(f"nothing has the tag {wanted.tag!r}; the tags are {', '.join(tags)}")
    return wanted


def _summary(count: int, wanted: Wanted, entries: tuple[Entry, ...]) -> str:
    where = "for a clinic" if wanted.clinic else "for home"
    other = sum(entry.clinic != wanted.clinic for entry in entries)
    elsewhere = "retrotread library" if wanted.clinic else "retrotread library --clinic"
    there = "for home" if wanted.clinic else "for a clinic"
    return f"{count} {where}; {other} {there}: {elsewhere}; one in full: retrotread library show NAME"


def _refused(sentence: str) -> typer.Exit:
    print(sentence, file=sys.stderr)
    return typer.Exit(MISUSED)
