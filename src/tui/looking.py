"""The history as a screen looks at it: which sessions, which one is marked, and what is said of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import TYPE_CHECKING

from textual.content import Content

from ..records.choosing import EVERY, Wish, chosen
from ..records.history_lines import line_of
from ..records.naming import began_here
from ..sessions.machines.wording import shown
from .choice import window

if TYPE_CHECKING:
    from ..records.store import Listed

FILTERS = (
    ("all", EVERY),
    ("without simulated ones", Wish(simulated=False)),
    ("to their end, without simulated ones", Wish(simulated=False, to_its_end=True)),
)

READING = "reading what is kept ..."
NONE_YET = "Nothing yet: the first run begins the history."
NONE_SUCH = "None of the sessions is of this kind; f shows others."
KEYS = "Enter show  arrows  f filter  v level  c compare  t trends  Esc back"
ROWS, ROWS_LARGE = 14, 27
"""Of the list, on the smallest terminal and on a large one."""

CARD_ROWS = 3
NARROW, WIDE = 78, 108
"""Columns within the margins of the two."""

BEGAN = 21
"""Columns of a row before the name of the workout: the mark, the moment, and a sign."""


@dataclass(frozen=True, slots=True)
class Looking:
    """``every`` is None while it is being read; ``at`` counts in ``shown``. ``level``: of this level alone.

    ``first`` is the session that another one is compared with. ``note`` is a sentence about the store.
    """

    every: tuple[Listed, ...] | None = None
    filter: int = 0
    level: int | None = None
    at: int = 0
    first: Listed | None = None
    note: str = ""
    shown: tuple[Listed, ...] = ()

    @property
    def marked(self) -> Listed | None:
        return self.shown[self.at] if self.shown else None


def with_sessions(looking: Looking, every: tuple[Listed, ...], note: str) -> Looking:
    """These are there."""
    return _narrowed(replace(looking, every=every, note=note))


def moved(looking: Looking, by: int) -> Looking:
    """Another one is marked; the ends of the list hold."""
    return replace(looking, at=max(0, min(looking.at + by, len(looking.shown) - 1)))


def other_filter(looking: Looking) -> Looking:
    """The next kind of sessions."""
    return _narrowed(replace(looking, filter=(looking.filter + 1) % len(FILTERS)))


def other_level(looking: Looking) -> Looking:
    """The next level of which there is a session, and behind the last one all of them."""
    levels = sorted({one.level for one in looking.every or () if one.level is not None})
    after: list[int | None] = [one for one in levels if looking.level is None or one > looking.level]
    return _narrowed(replace(looking, level=after[0] if after else None))


def compared_with(looking: Looking) -> Looking:
    """The marked one is the first of two, or is no longer."""
    return replace(looking, first=None if looking.first == looking.marked else looking.marked)


def _narrowed(looking: Looking) -> Looking:
    """What is shown now; the marked one stays so, where it is still there."""
    wish = replace(FILTERS[looking.filter][1], level=looking.level)
    found = chosen(looking.every or (), wish)
    marked = looking.marked
    return replace(looking, shown=found, at=found.index(marked) if marked in found else 0)


# --- what is said -----------------------------------------------------------------------------------------------


def head_text(looking: Looking) -> str:
    """How many there are, of how many, and which."""
    if looking.every is None:
        return READING
    level = "" if looking.level is None else f", level {looking.level}"
    return f"{len(looking.shown)} of {len(looking.every)} sessions: {FILTERS[looking.filter][0]}{level}"


def signs_text(looking: Looking) -> str:
    """What the signs in the list mean, of those that are in it."""
    signs = {_sign(one) for one in looking.shown}
    return "   ".join(f"{sign} {meant}" for sign, meant in SIGNS.items() if sign in signs)


def list_text(looking: Looking, rows: int, columns: int) -> Content:
    """A session a row, newest first; the distance where there is room for it."""
    if looking.every is not None and not looking.shown:
        return Content(NONE_SUCH if looking.every else NONE_YET)
    heading = _row("  began", "workout", ("backward", "distance", "level", "pain", "effort"), columns)
    lines = [(heading, "dim")]
    for at in window(len(looking.shown), looking.at, rows):
        one = looking.shown[at]
        mark = ">" if at == looking.at else "1" if one == looking.first else " "
        began = f"{mark} {began_here(one):%Y-%m-%d %H:%M}  {_sign(one)}"
        row = _row(began, shown(one.workout), _figures(one), columns)
        lines.append((row, "bold reverse" if at == looking.at else ""))
    return Content("\n").join(Content.styled(text, look) for text, look in lines)


_FIGURES = (9, 10, 6, 5, 7)


def _row(began: str, workout: str, figures: tuple[str, ...], columns: int) -> str:
    """One row of just so many columns."""
    told = [
        (word, width)
        for at, (word, width) in enumerate(zip(figures, _FIGURES, strict=True))
        if columns == WIDE or at != 1
    ]
    room = columns - BEGAN - sum(width for _, width in told)
    name = workout if len(workout) <= room - 1 else workout[: room - 2] + "…"
    return f"{began:<{BEGAN}}{name:<{room}}" + "".join(f"{word:>{width}}" for word, width in told)


def _figures(one: Listed) -> tuple[str, ...]:
    pain = [value for value in (one.pain_before, one.pain_during, one.pain_after) if value is not None]
    said = (one.level, max(pain, default=None), one.effort)
    return (f"{one.backward_ms / 60_000:.1f} min", f"{one.distance_mm / 1_000_000:.2f} km", *map(_or_dash, said))


SIGNS = {"<": "not to its end", "!": "interrupted", "~": "simulated"}
"""What stands before the name of a session that was less than a whole one."""


def _sign(one: Listed) -> str:
    """What it was not, before its name; the card of the marked one says it in words."""
    return "~" if one.simulated else "!" if one.partial else "<" if not one.complete else " "


def _or_dash(value: int | None) -> str:
    return "-" if value is None else f"{value}"


def card_text(looking: Looking, columns: int) -> str:
    """What is to be known of the marked one, in words."""
    if looking.marked is None:
        return ""
    return "\n".join(wrap(line_of(looking.marked), columns, max_lines=CARD_ROWS, placeholder=" …"))


def hint_text(looking: Looking) -> str:
    """What is on the way, or what is wrong with the store."""
    if looking.first is not None:
        return f"1: {began_here(looking.first):%Y-%m-%d %H:%M}; mark another one and press c to compare the two"
    return looking.note


def lines_of(parts: Iterator[str], columns: int, rows: int) -> str:
    """Lines that are cut at the end of a screen; the last one says how many are missing."""
    lines = [line for part in parts for line in wrap(part, columns, subsequent_indent="  ")]
    if len(lines) <= rows:
        return "\n".join(lines)
    return "\n".join([*lines[: rows - 1], f"and {len(lines) - rows + 1} lines more: retrotread history show"])
