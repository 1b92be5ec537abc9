"""Which name the last searches heard at which address: an address alone tells no family.

A cache: a file that cannot be read counts for nothing and is written anew by the next search. A name from the air only
chooses a family, and no machine is driven for being of one.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path

from ...config import replace_file
from ...devices.advert import Advert, Kind
from ...machine import Identity
from ...workouts.regular_file import Unreadable, read_regular_file
from .families import family_for

FILE_NAME = "heard.json"
NAMES_MAX = 100
"""The treadmills of a gymnasium; those that were heard longest ago make room."""
NAME_MAX = 248
"""Bytes of a Bluetooth name; what is longer is none."""
BYTES_MAX = 256 * 1024


def keep_heard(adverts: Iterable[Advert], folder: Path) -> None:
    """Keep the names of the treadmills among them, and of what a family recognises. A full disk costs the cache."""
    new = {one.address.casefold(): one.name for one in adverts if _worth_keeping(one)}
    if not new:
        return
    names = {address: name for address, name in _names(folder).items() if address not in new} | new
    kept = dict(list(names.items())[-NAMES_MAX:])
    with contextlib.suppress(OSError):
        replace_file(folder / FILE_NAME, json.dumps({"names": kept}, indent=1))


def heard_name(address: str, folder: Path) -> str | None:
    """The name that was last heard at a machine's own address; None where none was."""
    return _names(folder).get(address.casefold())


def _worth_keeping(one: Advert) -> bool:
    if not one.name.strip() or len(one.name) > NAME_MAX:
        return False
    return one.kind is Kind.TREADMILL or (one.kind is Kind.UNKNOWN and family_for(Identity(name=one.name)) is not None)


def _names(folder: Path) -> dict[str, str]:
    try:
        names = json.loads(read_regular_file(folder / FILE_NAME, BYTES_MAX))["names"]
        pairs = names.items()
    except (Unreadable, ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return {}
    return {address: name for address, name in pairs if isinstance(name, str)}
