"""Whom a clinic receives: participants narrowed by what is typed, and the one that is chosen. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from textwrap import wrap

from ..sessions.view import Participant
from .choice import window

NOTHING_TODAY = "nothing is prescribed today"


@dataclass(frozen=True, slots=True)
class Receiving:
    """``typed`` narrows by a part of the pseudonym. ``chosen``: who was taken; ``left``: it goes on without anybody."""

    everybody: tuple[Participant, ...]
    typed: str = ""
    at: int = 0
    chosen: Participant | None = None
    left: bool = False

    @property
    def shown(self) -> tuple[Participant, ...]:
        """Those whose pseudonym has in it what was typed."""
        return tuple(one for one in self.everybody if self.typed in one.pseudonym)


def pressed(asked: Receiving, key: str, character: str | None) -> Receiving:
    """After this key: arrows choose, Enter takes, letters and digits narrow, Esc goes on without a participant."""
    match key:
        case "escape":
            return replace(asked, left=True)
        case "enter" | "pagedown":
            return replace(asked, chosen=asked.shown[asked.at]) if asked.shown else asked
        case "up" | "down":
            by = -1 if key == "up" else 1
            return replace(asked, at=max(0, min(asked.at + by, len(asked.shown) - 1)))
        case "backspace":
            return replace(asked, typed=asked.typed[:-1], at=0)
    if character is None or not (character.isalnum() or character == "-"):
        return asked
    narrowed = replace(asked, typed=asked.typed + character.upper(), at=0)
    return narrowed if narrowed.shown else asked


def head(asked: Receiving) -> str:
    """Who is in the list, and how many they are."""
    everybody = len(asked.everybody)
    if asked.typed:
        return f"Pseudonym with {asked.typed}: {len(asked.shown)} of {everybody}"
    return f"Every participant of the clinic: {everybody}"


def rows(asked: Receiving, room: int, columns: int) -> list[tuple[str, bool]]:
    """What is shown in so many rows: each participant with what is prescribed today, and whether it is the one at hand.

    Of several prescriptions the first is told, behind how many they are.
    """
    shown = window(len(asked.shown), asked.at, room)
    return [(_row(asked.shown[i], i == asked.at, columns), i == asked.at) for i in shown]


def card(asked: Receiving, columns: int, room: int) -> str:
    """Everything that is prescribed today for the one at hand, in words; the last row says where more is missing."""
    today = asked.shown[asked.at].today if asked.shown else ()
    lines = [line for one in today for line in wrap(one, columns, subsequent_indent="  ")]
    if len(lines) <= room:
        return "\n".join(lines)
    return "\n".join([*lines[: room - 1], "and more: retrotread clinic show"])


def _row(one: Participant, here: bool, columns: int) -> str:
    several = f"{len(one.today)} prescriptions: " if len(one.today) > 1 else ""
    row = f"{'>' if here else ' '} {one.pseudonym}   {several}{one.today[0] if one.today else NOTHING_TODAY}"
    return row if len(row) <= columns else row[: columns - 1] + "…"
