"""The profiles that a qualification measured: one file a machine, under a seal that one changed byte breaks.

A file is a fixed head, the SHA-256 of everything after it, and the content: which machine it is (name, model,
firmware, address), its profile, its dialect, and what was found. The seal keeps slips of an editor and of a disk
from moving a belt; it is no signature, and whoever wants to deceive themselves can.

A file is never changed and never deleted: a new qualification is a new file with the next number.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ...config import sync_folder
from ...devices.address import ADDRESS_LENGTH_MAX
from ...devices.sheet import Sheet
from ...guardian import wire
from ...guardian.messages import PROTOCOL, Connect
from ...guardian.sheets import sheet_problem
from ...machine import NOT_SAID
from ...workouts.regular_file import Unreadable, read_regular_file

FOLDER_NAME = "machines"

REFUSAL = "refusal"
"""The step of a finding that says why a machine is not qualified, or not any more."""

REAL = "serial+woodway"
"""A scheme behind which a machine is real and may do all that any of them can; the guardian goes by its own."""

BYTES_MAX = 64 * 1024
"""A sealed profile is two pages of text; this is ten times that."""

NUMBER_MAX = 9999
"""A qualification a day for 27 years."""

HEAD = (
    "# A treadmill's measured profile (retrotread treadmills qualify). One changed byte breaks the seal, and the\n"
    "# treadmill has to be qualified once more. Format 1.\n"
)
_SEAL = re.compile(r'seal = "([0-9a-f]{64})"\n\n')


@dataclass(frozen=True, slots=True)
class Finding:
    """One step of a qualification and what it found, a sentence with its figures."""

    step: str
    found: str


@dataclass(frozen=True, slots=True)
class Findings:
    """All that a qualification found. ``tried_at``: the wall clock, ISO 8601 with its offset, for people."""

    tried_at: str
    steps: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Sealed:
    """What stands under an unbroken seal; ``sheet.sealed_for`` is always a machine."""

    sheet: Sheet
    findings: Findings

    @property
    def refusals(self) -> tuple[str, ...]:
        """What was found so that nobody is moved by it; empty where it was qualified."""
        return tuple(one.found for one in self.findings.steps if one.step == REFUSAL)


@dataclass(frozen=True, slots=True)
class SealProblem:
    """Why a file counts for nothing: a sentence with the file and the mend."""

    path: Path
    message: str


class SealError(OSError):
    """A profile cannot be sealed; the message says why, and the mend."""


def seal(sheet: Sheet, findings: Findings, folder: Path) -> Path:
    """Write a sealed profile below the data folder; its path. Raises SealError and leaves nothing behind.

    The machine's address must be known: the seal binds to it. That nobody can be hurt is never written.
    """
    machine = sheet.sealed_for
    if machine is None or not machine.address:
        raise SealError("a profile is sealed for one machine, and its address is not known; connect to it first")
    sealed = Sealed(replace(sheet, profile=replace(sheet.profile, simulated=False)), findings)
    if (problem := _not_taken(sealed.sheet)) is not None:
        raise SealError(problem)
    body = _body(sealed)
    path = folder / FOLDER_NAME
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return _written(path, _slug(machine.address), f'{HEAD}seal = "{_digest(body)}"\n\n{body}'.encode())
    except OSError as error:
        if isinstance(error, SealError):
            raise
        raise SealError(f"{path} cannot be written ({error.strerror}); make room and make it writable") from error


def read_sealed(path: Path) -> Sealed | SealProblem:
    """What stands in a sealed file, or why it counts for nothing. Never raises."""
    try:
        content = read_regular_file(path, BYTES_MAX)
        return _opened(content.decode("utf-8"))
    except Unreadable as error:
        return SealProblem(path, f"{path}: {error.message}; qualify the treadmill once more")
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors(include_url=False, include_input=False)[0]["loc"])
        return SealProblem(path, f"{path}: {place or 'the content'} is not what was sealed; {_ANEW}")
    except (ValueError, RecursionError) as error:
        what = "it is not text" if isinstance(error, UnicodeDecodeError) else str(error)
        return SealProblem(path, f"{path}: {what}; {_ANEW}")


def sealed_files(folder: Path) -> tuple[Path, ...]:
    """Every sealed file below the data folder, of one address in the order in which they were made."""
    return tuple(sorted((folder / FOLDER_NAME).glob("*.toml")))


def latest_for(address: str, folder: Path) -> Path | None:
    """The latest sealed file of the machine with this address; None where there is none."""
    pattern = re.compile(rf"{re.escape(_slug(address))}\.[0-9]{{4}}\.toml")
    return max((path for path in sealed_files(folder) if pattern.fullmatch(path.name)), default=None)


_ANEW = "the treadmill counts as not qualified: qualify it once more (retrotread treadmills qualify)"


def _not_taken(sheet: Sheet) -> str | None:
    """Why the guardian would not take this sheet; it would not even arrive where it is too long for one message."""
    if (problem := sheet_problem(sheet, REAL)) is not None:
        return problem
    octets = len(wire.encode(Connect(PROTOCOL, "x" * ADDRESS_LENGTH_MAX, sheet)))
    if octets <= wire.ATOMIC_BYTES:
        return None
    return (
        f"what the treadmill says of itself makes a message of {octets} bytes to the guardian, the limit is "
        f"{wire.ATOMIC_BYTES}; give the machine a shorter name"
    )


# --- writing ----------------------------------------------------------------------------------------------------


def _slug(address: str) -> str:
    """A file name for an address: the readable part, and a digest that tells look-alikes apart."""
    readable = re.sub(r"[^0-9a-z]+", "-", address.casefold()).strip("-")[:40]
    return f"{readable}-{hashlib.sha256(address.casefold().encode()).hexdigest()[:8]}"


def _written(folder: Path, slug: str, content: bytes) -> Path:
    """Beside first and to the disk, then under the first number that is free; a link, so that nothing is replaced."""
    beside = folder / f".{slug}.{os.getpid()}.new"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return _linked(folder, slug, beside)
    finally:
        beside.unlink()


def _linked(folder: Path, slug: str, beside: Path) -> Path:
    for number in range(1, NUMBER_MAX + 1):
        path = folder / f"{slug}.{number:04d}.toml"
        try:
            os.link(beside, path)
        except FileExistsError:
            continue
        sync_folder(folder)
        return path
    raise SealError(f"{folder} holds {NUMBER_MAX} profiles of this machine; move old ones to another folder")


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8")).hexdigest()


def _body(sealed: Sealed) -> str:
    import tomlkit

    return tomlkit.dumps(_plain(sealed))


def _plain(value: object) -> Any:
    """Dataclasses as tables, enums by their values, absent things left out."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if is_dataclass(value):
        return dict(_entries(value))
    return value


def _entries(value: Any) -> Iterator[tuple[str, Any]]:
    for field in fields(value):
        entry = getattr(value, field.name)
        if entry is not None:
            yield field.name, _plain(entry)


# --- reading ----------------------------------------------------------------------------------------------------

_SEALED = TypeAdapter(Sealed)


def _holds(understood: Any, written: Any) -> bool:
    """Whether everything that was written was understood. What an earlier version did not write has its default."""
    if isinstance(written, dict):
        return isinstance(understood, dict) and all(
            key in understood and _holds(understood[key], one) for key, one in written.items()
        )
    if isinstance(written, list):
        return len(understood) == len(written) and all(map(_holds, understood, written))
    return bool(understood == written)


def _opened(text: str) -> Sealed:
    """The content of a file. Raises ValueError with what is wrong."""
    match = _SEAL.match(text, len(HEAD)) if text.startswith(HEAD) else None
    if match is None:
        raise ValueError("its first lines are not those of a sealed profile")
    body = text[match.end() :]
    if _digest(body) != match[1]:
        raise ValueError("its content is not what was sealed")
    plain = tomllib.loads(body)
    # As JSON, because only there a strict reader takes a word for a member and a list for a tuple. A date becomes a
    # text, which is no figure either; NaN becomes a word that no strict reader takes.
    sealed = _SEALED.validate_json(json.dumps(plain, default=str), strict=True)
    if not _holds(_plain(sealed), plain):
        raise ValueError("it holds keys that no profile has")
    if sealed.sheet.profile.simulated or sealed.sheet.sealed_for in (None, NOT_SAID):
        raise ValueError("it is not about one real machine")
    if (problem := _not_taken(sealed.sheet)) is not None:
        raise ValueError(problem)
    return sealed
