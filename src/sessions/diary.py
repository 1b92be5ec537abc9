"""The diary: what somebody says between runs, one SQLite file in the data folder that is only ever added to.

It is to the days what a journal is to a run: small, complete, on the disk before anything calls it kept, and the store
is made of both. It needs no library, so that the first screen can ask what is owed. It raises AddedOnlyError (OSError)
where it cannot be read or written.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from ..guardian import wire
from .added_only import AddedOnly, AddedOnlyDamaged, AddedOnlyError
from .home_limits import Limited, TakenAway
from .sqlite_file import renamed

__all__ = ["AddedOnlyDamaged", "AddedOnlyError", "add", "entries", "entries_in", "set_aside"]

NAME = "diary.sqlite"
"""Of the diary in the data folder."""

APPLICATION_ID = 0x52744431
""""RtD1": tells it from any other SQLite file."""


@dataclass(frozen=True, slots=True)
class Morning:
    """The morning after a run, asked once: pain from 0 to 10, None where it was not said."""

    run_id: str
    day: str
    pain: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be. Raises ValueError."""
        date.fromisoformat(self.day)
        _on_scale(self.pain)


@dataclass(frozen=True, slots=True)
class Slept:
    """How the night before a day was, asked once a day: ``badly`` is None where it was not said."""

    day: str
    badly: bool | None = None

    def __post_init__(self) -> None:
        """Refuse a day that is none. Raises ValueError."""
        date.fromisoformat(self.day)


@dataclass(frozen=True, slots=True)
class Aching:
    """Pain on a day, before anything moved and before anything is offered: from 0 to 10, None where it was not said."""

    day: str
    pain: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be. Raises ValueError."""
        date.fromisoformat(self.day)
        _on_scale(self.pain)


class Ailment(StrEnum):
    """What somebody says when they are asked whether they are ill or newly injured."""

    NEITHER = "neither"
    ILL = "ill"
    INJURED = "newly injured"


@dataclass(frozen=True, slots=True)
class Ailing:
    """Whether somebody is ill or newly injured, asked once a day: ``what`` is None where it was not said.

    ``where`` something is injured, in a word or two; empty where that was not said.
    """

    day: str
    what: Ailment | None = None
    where: str = ""

    def __post_init__(self) -> None:
        """Refuse a day that is none. Raises ValueError."""
        date.fromisoformat(self.day)


@dataclass(frozen=True, slots=True)
class Held:
    """Something happened in a run that somebody has to be asked about before the next one; ``why`` in words."""

    run_id: str
    day: str
    why: str

    def __post_init__(self) -> None:
        """Refuse a day that is none. Raises ValueError."""
        date.fromisoformat(self.day)


@dataclass(frozen=True, slots=True)
class ScreenedAgain:
    """The question of who may begin, once more: whether one or more of its conditions hold."""

    day: str
    yes: bool

    def __post_init__(self) -> None:
        """Refuse a day that is none. Raises ValueError."""
        date.fromisoformat(self.day)


@dataclass(frozen=True, slots=True)
class ClearedBy:
    """Somebody whose trade it is agrees that training goes on, as the person says; ``by`` says who, as a role."""

    day: str
    by: str

    def __post_init__(self) -> None:
        """Refuse a day that is none. Raises ValueError."""
        date.fromisoformat(self.day)


@dataclass(frozen=True, slots=True)
class Introduced:
    """Who trains here, from now on: the fields of ``[person]`` in the settings, by the words of that table.

    ``from_settings``: that table itself, taken over.
    """

    name: str
    adult: bool
    backward_experience: str
    backward_max_kph: float | None = None
    call: tuple[str, ...] = ()
    health: str | None = None
    from_settings: bool = False


Said = Morning | Slept | Aching | Ailing | Held | ScreenedAgain | ClearedBy | Introduced | Limited | TakenAway


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, with its number from 1, the moment at which it was written, and its link."""

    n: int
    at_utc: str
    said: Said
    link: str = ""


def entries(folder: Path) -> tuple[Entry, ...]:
    """Everything that was said, in its order; nothing where nothing was. Raises AddedOnlyError."""
    return entries_in(folder / NAME)


def entries_in(path: Path) -> tuple[Entry, ...]:
    """The same of a diary by another name."""
    kept = AddedOnly(path, APPLICATION_ID).all()
    return tuple(Entry(one.n, one.at_utc, _read(path, one.n, one.said), one.link) for one in kept)


def add(folder: Path, *said: Said) -> None:
    """Add entries, all of them or none; they are on the disk when this returns. Raises AddedOnlyError."""
    texts = (json.dumps(wire.plain(one), separators=(",", ":"), allow_nan=False) for one in said)
    file = _file(folder)
    file.add(len(file.all()), *texts)


def set_aside(folder: Path, at: datetime) -> Path:
    """Give a damaged diary another name, with what lies beside it; the new name. Nothing is removed. Raises OSError."""
    return renamed(folder / NAME, f"damaged-{at:%Y%m%dT%H%M%SZ}")


def _on_scale(pain: int | None) -> None:
    if pain is not None and not 0 <= pain <= 10:
        raise ValueError(f"pain is {pain}; it goes from 0 to 10")


def _file(folder: Path) -> AddedOnly:
    return AddedOnly(folder / NAME, APPLICATION_ID)


def _read(path: Path, n: int, text: str) -> Said:
    try:
        said: Said = wire.from_record(Said, json.loads(text))
    except ValueError as error:
        raise AddedOnlyDamaged(f"{path}: entry {n} is none of a diary ({error}); the file was left as it is") from None
    return said
