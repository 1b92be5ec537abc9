"""A history as text: JSON in, values out, and back. Read strictly; what cannot be read is a sentence with its place.

    {"retrotread_history": 1, "entries": [
      {"kind": "session", "day": "2026-03-02", "level": 3, "walked_min": 20, "effort": 3,
       "pain": {"before": 0, "during": 1, "after": 0, "next_morning": 0}, "device": "ble://Home"},
      {"kind": "break", "day": "2026-03-04", "until": "2026-03-14", "why": "holiday"}]}

A field has the name that it has in ``history``; what is left out has its default.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from pydantic import TypeAdapter, ValidationError

from .history import (
    Break,
    CheckIn,
    Cleared,
    Entry,
    History,
    HistoryError,
    Illness,
    Injury,
    Placed,
    Screened,
    Session,
    in_order,
)

VERSION = 1
ENTRIES_MAX = 20_000
"""Five entries on each day of ten years."""

TEXT_MAX = 16_000_000
"""That many entries of the longest kind, in characters."""

_KINDS: dict[str, type] = {
    "session": Session,
    "check-in": CheckIn,
    "break": Break,
    "illness": Illness,
    "injury": Injury,
    "screened": Screened,
    "cleared": Cleared,
    "placed": Placed,
}


def history_from_json(text: str | bytes) -> History:
    """The history in a text, put in order of time. Raises HistoryError."""
    if len(text) > TEXT_MAX:
        raise HistoryError(f"it has {len(text):,} characters; at most {TEXT_MAX:,} are read")
    try:
        found = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise HistoryError(f"it is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise HistoryError('it is not an object; it begins with {"retrotread_history": 1, "entries": [')
    return history_from(found)


def history_from(mapping: Mapping[str, Any]) -> History:
    """The history in a mapping as JSON gives it, put in order of time. Raises HistoryError."""
    unknown = set(mapping) - {"retrotread_history", "entries"}
    if unknown:
        raise HistoryError(f"{', '.join(sorted(map(repr, unknown)))} is not known here")
    if mapping.get("retrotread_history") != VERSION:
        raise HistoryError(f"retrotread_history is {mapping.get('retrotread_history')!r}; this version reads {VERSION}")
    entries = mapping.get("entries")
    if not isinstance(entries, list) or len(entries) > ENTRIES_MAX:
        raise HistoryError(f"entries is not a list of at most {ENTRIES_MAX:,}")
    return in_order(_entry(one, at) for at, one in enumerate(entries, start=1))


def history_as_json(history: History) -> str:
    """The text that ``history_from_json`` reads back."""
    names = {kind: name for name, kind in _KINDS.items()}
    entries = [{"kind": names[type(entry)], **_plain(entry)} for entry in history]
    return json.dumps({"retrotread_history": VERSION, "entries": entries}, indent=1)


def _entry(found: Any, at: int) -> Entry:
    if not isinstance(found, dict) or not isinstance(found.get("kind"), str) or found["kind"] not in _KINDS:
        raise HistoryError(f"entry {at}: its kind is none of {', '.join(_KINDS)}")
    fields_of_it = {key: value for key, value in found.items() if key != "kind"}
    try:
        entry: Entry = _adapter(found["kind"]).validate_json(json.dumps(fields_of_it), strict=True, extra="forbid")
    except ValidationError as error:
        raise HistoryError(f"entry {at}: {_sentence(error)}") from None
    return entry


_ADAPTERS: dict[str, TypeAdapter[Any]] = {}


def _adapter(kind: str) -> TypeAdapter[Any]:
    """That of a kind, made when the first entry of it is read."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(_KINDS[kind])
    return _ADAPTERS[kind]


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    where = ".".join(map(str, first["loc"]))
    said = str(first["msg"]).removeprefix("Value error, ")
    return f"{where}: {said}" if where else said


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, frozenset):
        return sorted(map(_plain, value))
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
