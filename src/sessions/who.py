"""Who trains here: kept in the diary of the data folder; a ``[person]`` of the settings is taken over from there."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .added_only import AddedOnlyError
from .diary import NAME, Entry, Introduced, add, entries
from .folder import VARIABLE

if TYPE_CHECKING:
    from ..config import PersonTable, Settings

MOVED = f"[person] is kept in {NAME} of the data folder now: retrotread person tells and changes it"


def with_known(settings: Settings, folder: Path) -> Settings:
    """The settings with the person whom the diary knows, unless the file names another one that is not taken over yet.

    A diary that cannot be read knows nobody. Raises nothing.
    """
    try:
        said = entries(folder)
    except AddedOnlyError:
        return settings
    told = _told(settings, said)
    return replace(settings, person=settings.person if told is None else _table(told))


def take_over(settings: Settings, folder: Path) -> tuple[Settings, str | None]:
    """Take ``[person]`` out of the settings and into the diary; the settings after it, or a sentence why it stays.

    It is in the diary, on the disk, before it leaves the file: a program that ends in between does it again. Settings
    that several data folders share keep it, and each folder takes it over.
    """
    from ..config import read_settings, write_settings

    if settings.person is None or settings.problem is not None:
        return settings, None
    try:
        here = introduced(settings.person, from_settings=True)
        if here != _from_settings(entries(folder)):
            add(folder, here)
        if _shared():
            return settings, None
        write_settings(replace(settings, person=None), moved=MOVED)
    except OSError as error:
        return settings, f"who trains here stays in the settings: {error}"
    return read_settings(), None


def _shared() -> bool:
    """Whether this data folder was chosen, and these settings were not: others use them too."""
    from ..config import VARIABLE as SETTINGS_CHOSEN

    return bool(os.environ.get(VARIABLE)) and not os.environ.get(SETTINGS_CHOSEN)


def names_of(settings: Settings, folder: Path) -> tuple[str, ...]:
    """Every name that was told here, also those of earlier; none where nobody told one.

    Raises OSError where the settings or the diary cannot be read: names may be in them.
    """
    if settings.problem is not None:
        raise OSError(settings.problem)
    in_diary = (one.said.name for one in entries(folder) if isinstance(one.said, Introduced))
    here = () if settings.person is None else (settings.person.name,)
    return tuple(dict.fromkeys((*here, *in_diary)))


def introduced(table: PersonTable, from_settings: bool = False) -> Introduced:
    """The entry that says the same as a table."""
    told = (table.name, table.adult, table.backward_experience, table.backward_max_kph, table.call, table.health)
    return Introduced(*told, from_settings)


def _told(settings: Settings, said: tuple[Entry, ...]) -> Introduced | None:
    """Who it is by the diary; None: the table of the settings counts, if there is one."""
    if settings.person is not None and introduced(settings.person, from_settings=True) != _from_settings(said):
        return None
    return next((one.said for one in reversed(said) if isinstance(one.said, Introduced)), None)


def _from_settings(said: tuple[Entry, ...]) -> Introduced | None:
    """The table that was taken over last."""
    found = (one.said for one in reversed(said) if isinstance(one.said, Introduced) and one.said.from_settings)
    return next(found, None)


def _table(told: Introduced) -> PersonTable:
    """Raises ValidationError for an entry that nobody here wrote."""
    from ..config import PersonTable

    return PersonTable.model_validate(as_written(told))


def as_written(told: Introduced) -> dict[str, Any]:
    """Keys and values as ``[person]`` has them; what is not said is left out."""
    kph = told.backward_max_kph
    said = {
        "name": told.name,
        "adult": told.adult,
        "backward_experience": told.backward_experience,
        "backward_max": None if kph is None else f"{kph:.3f} km/h",
        "call": told.call or None,
        "health": told.health,
    }
    return {key: value for key, value in said.items() if value is not None}
