"""From the settings file to a person, and back.

The file is read through ``config``; nothing of it is loaded before somebody asks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .hearing import Hearing, Metronome
from .person import BackwardExperience, Health, Person, Remote, Strap

if TYPE_CHECKING:
    from ..config import CuesTable, HeartTable, Settings

_WORDS = {
    BackwardExperience.NONE: "none",
    BackwardExperience.WALKS: "walks",
    BackwardExperience.RUNS: "runs",
}
_EXPERIENCE = {word: experience for experience, word in _WORDS.items()}


def person_in(settings: Settings) -> Person | None:
    """Who trains here; None when nobody has been asked yet."""
    table, keys, strap = settings.person, settings.remote, settings.heart
    if table is None:
        return None
    return Person(
        table.name,
        table.adult,
        _EXPERIENCE[table.backward_experience],
        table.backward_max_kph,
        None if keys is None else Remote(keys.next, keys.fine, keys.device),
        table.call,
        None if strap is None else Strap(strap.strap, strap.ceiling_bpm, strap.required),
        Health.NOT_ASKED if table.health is None else Health(table.health),
    )


def hearing_in(cues: CuesTable) -> Hearing:
    """How they want to hear a run."""
    asked = cues.metronome and cues.running_cadence is not None
    metronome = Metronome(float(cues.running_cadence or 0), cues.backward_share) if asked else None
    return Hearing(cues.language, cues.tones, metronome)


def with_person(settings: Settings, person: Person) -> Settings:
    """The same settings with ``person`` in them. Raises SettingsError for what no settings file may hold."""
    from pydantic import ValidationError

    from ..config import PersonTable, RemoteTable, unkeepable

    said = {
        "name": person.name,
        "adult": person.adult,
        "backward_experience": _WORDS[person.experience],
        "backward_max": None if person.backward_max_kph is None else f"{person.backward_max_kph:.3f} km/h",
        "call": person.call or None,
        "health": None if person.health is Health.NOT_ASKED else person.health.value,
    }
    remote, strap = person.remote, person.strap
    try:
        table = PersonTable.model_validate({key: value for key, value in said.items() if value is not None})
        keys = None if remote is None else RemoteTable(next=remote.next_key, fine=remote.fine_key, device=remote.device)
        heart = settings.heart if strap is None and settings.person is None else _heart(strap)
    except ValidationError as error:
        raise unkeepable(error) from None
    return replace(settings, person=table, remote=keys, heart=heart)


def _heart(strap: Strap | None) -> HeartTable | None:
    """The table of a strap. Raises ValidationError for one that no file may hold."""
    from ..config import HeartTable

    if strap is None:
        return None
    return HeartTable(strap=strap.address, ceiling_bpm=strap.ceiling_bpm, required=strap.required)
