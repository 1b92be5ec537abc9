"""The treadmills to choose from, as one value: real, simulated and set by hand, and what a search adds. Pure."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from textwrap import wrap

from textual.content import Content

from ..sessions.view import Group, OnAir, TreadmillChoice
from .choice import window

ROWS = 9
"""Rows of the list and of the card on the smallest terminal."""

NOTE_ROWS = 3
"""Rows of the longest note: a problem of the radio with its mend. The card gives them up."""

CARD_COLUMNS = 76
TITLE_COLUMNS = 36
ADDRESS_COLUMNS = 27

NONE_REAL = "none is known yet: f looks for them"
SEARCHING = "Looking for treadmills ... switch yours on and end its maker's own program on the phone."
FOUND_NONE = "No treadmill was heard. Switch it on, stand near it, and try f again; else: retrotread doctor"


@dataclass(frozen=True, slots=True)
class Picker:
    """``at`` is the marked choice. ``searching``: a search is on; ``note`` is how the last one ended, a sentence."""

    choices: tuple[TreadmillChoice, ...]
    at: int = 0
    searching: bool = False
    note: str = ""

    @property
    def chosen(self) -> TreadmillChoice | None:
        """The marked one."""
        return self.choices[self.at] if self.choices else None


def picker_for(choices: tuple[TreadmillChoice, ...], chosen: TreadmillChoice | None) -> Picker:
    """These choices in their groups, with this one marked."""
    sorted_choices = in_groups(choices)
    at = next((at for at, one in enumerate(sorted_choices) if chosen and one.address == chosen.address), 0)
    return Picker(sorted_choices, at)


def in_groups(choices: tuple[TreadmillChoice, ...]) -> tuple[TreadmillChoice, ...]:
    """Group by group, each in the order in which its members came."""
    return tuple(one for group in Group for one in choices if one.group is group)


def moved(picker: Picker, by: int) -> Picker:
    """Another one marked; the ends of the list hold."""
    return replace(picker, at=max(0, min(picker.at + by, len(picker.choices) - 1)))


def heard(picker: Picker, air: OnAir) -> Picker:
    """With what a search has heard so far; what is listed already stays where it is, and the mark on what it is on."""
    known = {one.address for one in picker.choices}
    more = tuple(one for one in air.treadmills if one.address not in known)
    return replace(picker_for((*picker.choices, *more), picker.chosen), searching=picker.searching, note=picker.note)


def renewed(picker: Picker, choice: TreadmillChoice) -> Picker:
    """With a newer version of one of them."""
    return replace(picker, choices=tuple(choice if one.address == choice.address else one for one in picker.choices))


# --- in words -----------------------------------------------------------------------------------------------------


def list_text(picker: Picker, rows: int = ROWS) -> Content:
    """The groups with their members, as many as there is room for, the marked one among them."""
    lines, marked = [], 0
    for group in Group:
        members = [(at, one) for at, one in enumerate(picker.choices) if one.group is group]
        lines.append(Content.styled(group.value, "dim"))
        if not members and group is Group.REAL:
            lines.append(Content.styled(f"    {NONE_REAL}", "dim"))
        for at, one in members:
            marked = len(lines) if at == picker.at else marked
            lines.append(_row(one, at == picker.at))
    return Content("\n").join([lines[at] for at in window(len(lines), marked, rows)])


def _row(one: TreadmillChoice, marked: bool) -> Content:
    state = "only read" if one.held_back is not None else ""
    text = f"{'>' if marked else ' '} {one.title[:TITLE_COLUMNS]:<{TITLE_COLUMNS}}  {one.address[:ADDRESS_COLUMNS]}"
    return Content.styled(f"{text:<{CARD_COLUMNS - 9}} {state:<9}", "bold reverse" if marked else "")


def card_text(picker: Picker, rows: int = ROWS) -> Content:
    """What is known of the marked one, and what it allows, in whole sentences; the end says where there is more."""
    one = picker.chosen
    if one is None:
        return Content("")
    parts = [*_held_back(one), *one.card]
    lines = _rows(parts)
    if len(lines) > rows:
        more = _wrapped(f"more: retrotread treadmills show {shlex.quote(one.address)}")
        lines = [*_whole_sentences(parts, rows - len(more)), *more]
    styled = [Content.styled(line, "bold" if _weighs(line) else "") for line in lines]
    return Content("\n").join(styled)


def card_rows(picker: Picker, rows: int = ROWS) -> int:
    """Rows that a note leaves for the card, of ``rows`` beside a note of one row."""
    return rows - max(0, min(NOTE_ROWS, len(wrap(note_text(picker), CARD_COLUMNS))) - 1)


def _held_back(one: TreadmillChoice) -> list[str]:
    """The command stands in a part of its own, in one piece."""
    said = [] if one.held_back is None else one.held_back.replace(". To drive it: ", ".\nTo drive it: ").split("\n")
    return [f"! {part}" for part in said]


def _rows(parts: list[str]) -> list[str]:
    return [row for part in parts for row in _wrapped(part)]


def _whole_sentences(parts: list[str], rows: int) -> list[str]:
    """The first of them, as many as fit; a first one that is too long by itself is cut."""
    sentences = [(at, one) for at, part in enumerate(parts) for one in re.split(r"(?<=\.) (?=[A-Z])", part)]
    fitting = _rows(parts)[:rows]
    for count in range(1, len(sentences)):
        together = groupby(sentences[:count], key=itemgetter(0))
        lines = _rows([" ".join(one for _, one in part) for _, part in together])
        if len(lines) > rows:
            break
        fitting = lines
    return fitting


def _wrapped(line: str) -> list[str]:
    if line.startswith("! "):
        return wrap(line[2:], CARD_COLUMNS, initial_indent="! ", subsequent_indent="! ")
    indent = " " * (len(line) - len(line.lstrip()))
    return wrap(line, CARD_COLUMNS, subsequent_indent=f"{indent}    ", break_on_hyphens=False) or [""]


def _weighs(line: str) -> bool:
    return line.startswith(("!", "allows now", "but", "next", "problem"))


def note_text(picker: Picker) -> str:
    """The search that is on, or how the last one ended."""
    return SEARCHING if picker.searching else picker.note


def keys_text(picker: Picker) -> str:
    """The keys that mean something for the marked one."""
    one = picker.chosen
    real = one is not None and one.group is Group.REAL
    parts = ["Enter choose", "up/down", "" if picker.searching else "f find"]
    parts += ["w watch", "" if one is not None and one.remembered else "m remember"] if real else []
    parts += ["c coach", "Esc back"]
    return "   ".join(part for part in parts if part)
