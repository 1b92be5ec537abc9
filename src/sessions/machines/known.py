"""The treadmills that a person gave a name: ``treadmills.toml`` in the data folder, for its owner alone.

A person may write in it: what this program changes is changed in place, comments stay.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ...config import replace_file
from ...devices.address import parse_address
from ...devices.errors import AddressError
from ...machine import NOT_SAID, Identity
from ...workouts.regular_file import Unreadable, read_regular_file

FILE_NAME = "treadmills.toml"
BYTES_MAX = 64 * 1024
TREADMILLS_MAX = 100
"""A clinic with ten floors; more is a program gone wild."""
NAME_MAX = 40
WORD_MAX = 200
"""The longest string of the Device Information service that fits a read, and then some."""


class TreadmillsError(OSError):
    """The list of treadmills cannot be read or kept; the message says which file, why, and the mend."""


@dataclass(frozen=True, slots=True)
class Treadmill:
    """One that a person knows. ``address`` is canonical text; ``met``: the machine, as it was when last met."""

    name: str
    address: str
    met: Identity = NOT_SAID


def known(folder: Path) -> tuple[Treadmill, ...]:
    """All of them, in the order of the file; none where there is no file. Raises TreadmillsError."""
    text = _text(folder / FILE_NAME)
    return () if text is None else _parsed(text, folder / FILE_NAME)


def find(which: str, among: tuple[Treadmill, ...]) -> Treadmill | None:
    """The treadmill with this name, without regard to case, or with this address."""
    by_name = [one for one in among if one.name.casefold() == which.strip().casefold()]
    by_address = [one for one in among if one.address == which.strip()]
    return (by_name + by_address + [None])[0]


def remember(treadmill: Treadmill, folder: Path) -> None:
    """Keep it; one with the same address is replaced. Raises TreadmillsError, also where its name is another's."""
    path = folder / FILE_NAME
    _checked(treadmill, path)
    text = _text(path)
    before = () if text is None else _parsed(text, path)
    for one in before:
        if one.name.casefold() == treadmill.name.casefold() and one.address != treadmill.address:
            raise TreadmillsError(f"{treadmill.name!r} is the name of {one.address} already; choose another name")
    if len(before) >= TREADMILLS_MAX and all(one.address != treadmill.address for one in before):
        raise TreadmillsError(f"{path} holds {TREADMILLS_MAX} treadmills, the limit; forget one first")
    _keep(path, text, treadmill)


def met(address: str, machine: Identity, folder: Path) -> None:
    """Keep beside a remembered address which machine answered there. Raises TreadmillsError."""
    before = find(address, known(folder))
    if before is not None and before.met != machine:
        remember(replace(before, met=machine), folder)


def forget(which: str, folder: Path) -> Treadmill | None:
    """Take it off the list, by name or address; its sealed profiles stay. None where it is not on it."""
    import tomlkit

    path = folder / FILE_NAME
    text = _text(path)
    gone = None if text is None else find(which, _parsed(text, path))
    if gone is not None:
        document: Any = tomlkit.parse(text or "")
        entries = document["treadmill"]
        entries.remove(next(entry for entry in entries if entry["address"] == gone.address))
        if not entries:
            document.remove("treadmill")
        _write(path, tomlkit.dumps(document))
    return gone


# --- reading ----------------------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError("is empty or has a character that nobody can see; write it as plain text on one line")
    return text


def _address(text: str) -> str:
    if text != str(parse_address(text)):
        raise ValueError(f"is not spelt as an address is; write {str(parse_address(text))!r}")
    return text


class _Table(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)


Word = Annotated[str, Field(max_length=WORD_MAX)]


class _Met(_Table):
    address: Word = ""
    name: Word = ""
    manufacturer: Word = ""
    model: Word = ""
    firmware: Word = ""


class _Treadmill(_Table):
    name: Annotated[str, Field(max_length=NAME_MAX), AfterValidator(_plain)]
    address: Annotated[str, AfterValidator(_address)]
    met: _Met = _Met()


class _File(_Table):
    treadmill: Annotated[
        tuple[_Treadmill, ...],
        BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value),
        Field(max_length=TREADMILLS_MAX),
    ] = ()


def _text(path: Path) -> str | None:
    try:
        path.lstat()
    except OSError:
        return None
    try:
        return read_regular_file(path, BYTES_MAX).decode("utf-8")
    except Unreadable as error:
        raise TreadmillsError(f"{path}: {error.message}; {error.mend}") from None
    except UnicodeDecodeError as error:
        raise TreadmillsError(f"{path}: byte {error.start + 1} is not UTF-8 text; save the file as UTF-8") from None


def _parsed(text: str, path: Path) -> tuple[Treadmill, ...]:
    try:
        file = _File.model_validate(tomllib.loads(text))
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in problem["loc"])
        message = "there is no such key" if problem["type"] == "extra_forbidden" else _told(problem["msg"])
        raise TreadmillsError(f"{path}: {place}: {message}; mend it, or move the file away") from None
    except (ValueError, RecursionError) as error:
        raise TreadmillsError(f"{path}: is not TOML ({error}); mend that place, or move the file away") from None
    found = tuple(Treadmill(one.name, one.address, Identity(**one.met.model_dump())) for one in file.treadmill)
    for what, words in (("name", [one.name.casefold() for one in found]), ("address", [one.address for one in found])):
        twice = next((word for word in words if words.count(word) > 1), None)
        if twice is not None:
            raise TreadmillsError(f"{path}: two treadmills have the {what} {twice!r}; change or remove one of them")
    return found


def _told(message: str) -> str:
    told = message.removeprefix("Value error, ").removeprefix("Input ")
    return told[:1].lower() + told[1:]


# --- writing ----------------------------------------------------------------------------------------------------


def _checked(treadmill: Treadmill, path: Path) -> None:
    try:
        _Treadmill.model_validate(
            {"name": treadmill.name, "address": treadmill.address, "met": _entries(treadmill.met)}
        )
    except (ValidationError, AddressError) as error:
        message = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        where = f"{error.errors()[0]['loc'][-1]} " if isinstance(error, ValidationError) else ""
        raise TreadmillsError(f"{path}: this treadmill cannot be kept: its {where}{_told(message)}") from None


def _entries(met: Identity) -> dict[str, str]:
    told = {
        "address": met.address,
        "name": met.name,
        "manufacturer": met.manufacturer,
        "model": met.model,
        "firmware": met.firmware,
    }
    return {key: value for key, value in told.items() if value}


def _keep(path: Path, text: str | None, treadmill: Treadmill) -> None:
    import tomlkit

    document: Any = tomlkit.parse(text or "# The treadmills that Retrotread knows; docs/machines.md.\n")
    if "treadmill" not in document:
        document["treadmill"] = tomlkit.aot()
    entries = document["treadmill"]
    entry = next((one for one in entries if one["address"] == treadmill.address), None)
    if entry is None:
        entry = tomlkit.table()
        entries.append(entry)
        entry = entries[-1]
    entry["name"], entry["address"] = treadmill.name, treadmill.address
    met = _entries(treadmill.met)
    if met:
        entry["met"] = met
    else:
        entry.pop("met", None)
    _write(path, tomlkit.dumps(document))


def _write(path: Path, text: str) -> None:
    try:
        replace_file(path, text)
    except OSError as error:
        raise TreadmillsError(f"{path} cannot be written ({error.strerror}); make its folder writable") from error
