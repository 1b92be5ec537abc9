"""The settings: one file, ``settings.toml``, read strictly, written whole or not at all.

    [person]                          who trains here; taken over into the diary at the next start
    name = "Ada"
    adult = true                      18 or older
    backward_experience = "walks"     "none", "walks" or "runs"
    backward_max = "6.5 km/h"         own best backward speed; plans may ask for a share of it
    call = ["notify-send", "help"]    a command that calls somebody, when nobody answers
    health = "nothing"                what the questions of health came to: "nothing", "ask first" or "cleared"

    [remote]                          a presenter remote, by the names of its keys
    next = "pagedown"                 confirms and starts at standstill
    fine = "b"                        says "I'm fine" instead of stopping; at most one key
    device = "/dev/input/by-id/..."   the receiver of the remote; when it is unplugged, the belt is stopped

    [cues]
    speech = true                     speak, where the system has a voice
    language = "de"                   "en" or "de": what is spoken
    tones = true                      tones beside the voice
    metronome = false                 a click for each step of a backward run
    running_cadence = 165             your own steps a minute in forward running
    backward_share = 1.10             of it, backward: from 1.05 to 1.15

    [clinic]
    participants_only = true          nothing is run here but what is prescribed for a participant

The file stands in the user's folder for settings, or in the folder that RETROTREAD_CONFIG names.

A file that cannot be read in every word gives none of its settings: the careful defaults hold, and
``Settings.problem`` says what is wrong, where, and the mend. Such a file is never written over.

``OSError``
└── ``SettingsError``   the settings cannot be kept; a sentence with the mend
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from .machine import SpeedUnit

VARIABLE = "RETROTREAD_CONFIG"
"""Names the folder of the settings; empty counts as not given."""

FILE_NAME = "settings.toml"

BYTES_MAX = 64 * 1024
"""A hundred times the settings with a comment to every key, and read within a blink."""

NAME_MAX, WORD_MAX, CALL_MAX = 80, 300, 20
"""Characters of a name and of a word of the command, and its words: a line of a terminal each, a page in all."""

SPEED_MAX_KPH = 30.0
"""Nobody runs backward faster, so a higher number is a slip of the keys or of the unit."""

BPM_MIN, BPM_MAX = 60, 230
"""A ceiling below is one at rest, one above is none: no adult heart beats so fast for long."""

CADENCE_MIN, CADENCE_MAX = 120, 220
"""Steps a minute of forward running: fewer is walking, more are nobody's."""

BACKWARD_SHARE, BACKWARD_SHARES = 1.10, (1.05, 1.15)
"""Of the forward cadence, in backward running at the same speed: what most choose, and the band around it."""

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{0,31}://\S+", re.ASCII)
_SPEED = re.compile(r"([0-9]{1,2}(?:\.[0-9]{1,3})?) ?(km/h|mph)", re.ASCII)
_KEY = re.compile(r"[a-z0-9_]{1,40}", re.ASCII)
_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")

KEYBOARD_STOPS = frozenset({"space", "escape", "enter", "q"})
"""Keys that every keyboard has and that always stop a moving belt; no remote may give them another meaning."""

NEEDS_CADENCE = "a metronome needs your own; write running_cadence, or leave metronome out"
NEEDS_CEILING = "a strap is required for its ceiling, and there is none; write ceiling_bpm, or leave required out"

_TYPES = {
    "int_type": ("is not a whole number", "write it without a point and without quotes"),
    "bool_type": ("is not true or false", "write true or false, without quotes"),
    "string_type": ("is not a text", "write it in quotes"),
    "tuple_type": ("is not a list", 'write it as ["word", "word"]'),
    "model_type": ("is not a table", "write it as a table, as in [cues]"),
    "missing": ("is missing", "write it"),
}
"""What pydantic calls a wrong type, said for people; the value itself is not repeated, it may be private."""


def refusal(message: str, mend: str) -> PydanticCustomError:
    """An error of a model that carries its mend; neither text is a template."""
    return PydanticCustomError("refused", "{message}", {"message": message, "mend": mend})


class SettingsError(OSError):
    """The settings cannot be kept; the message says which file, why, and the mend."""


def _speed_kph(value: object) -> object:
    parts = _SPEED.fullmatch(value) if isinstance(value, str) else None
    if parts is None:
        raise refusal("is not a speed with its unit", 'write it in quotes, as in "6.5 km/h" or "4.0 mph"')
    kph = float(parts[1]) * SpeedUnit(parts[2]).one_kph
    if not 0 < kph <= SPEED_MAX_KPH:
        raise refusal(f"is not above 0 and up to {SPEED_MAX_KPH:.0f} km/h", "look at the number and the unit")
    return kph


def _words(longest: int) -> AfterValidator:
    def check(text: str) -> str:
        if not text.strip() or not text.isprintable():
            raise refusal("is empty or has a character that nobody can see", "write it as plain text on one line")
        if len(text) > longest:
            raise refusal(f"has {len(text)} characters, the limit is {longest}", "shorten it")
        return text

    return AfterValidator(check)


def _remote_key(name: str) -> str:
    if name in KEYBOARD_STOPS or name.startswith("ctrl"):
        raise refusal(f"{name!r} stops a moving belt from every keyboard", "name a key of the remote, as pagedown")
    if _KEY.fullmatch(name) is None:
        raise refusal("is not the name of a key", "write it in small letters, as in pagedown, full_stop or b")
    return name


def _device(path: str) -> str:
    if not path.startswith("/dev/") or ".." in path or len(path) > WORD_MAX or not path.isprintable():
        raise refusal("is not the path of a device", "write it as in /dev/input/by-id/usb-Some_Remote-event-kbd")
    return path


def _strap(address: str) -> str:
    """What looks like an address; whether anything answers there is seen when the strap is reached."""
    if _ADDRESS.fullmatch(address) is None or len(address) > WORD_MAX or not address.isprintable():
        raise refusal("is not an address", 'write it as in "ble://AA:BB:CC:DD:EE:FF"')
    return address


def _ceiling(bpm: int) -> int:
    if not BPM_MIN <= bpm <= BPM_MAX:
        limits = f"from {BPM_MIN} to {BPM_MAX}"
        raise refusal(f"{bpm} is no ceiling for a heart rate", f"write beats per minute, {limits}")
    return bpm


def _cadence(per_min: int) -> int:
    if not CADENCE_MIN <= per_min <= CADENCE_MAX:
        limits = f"from {CADENCE_MIN} to {CADENCE_MAX}"
        raise refusal(f"{per_min} is no cadence of a runner", f"write steps a minute, both feet, {limits}")
    return per_min


def _share(share: float) -> float:
    if not BACKWARD_SHARES[0] <= share <= BACKWARD_SHARES[1]:
        limits = f"from {BACKWARD_SHARES[0]:.2f} to {BACKWARD_SHARES[1]:.2f}"
        raise refusal(f"{share} is no share of the cadence that people choose backward", f"write a number {limits}")
    return share


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _short(call: tuple[str, ...]) -> tuple[str, ...]:
    if len(call) > CALL_MAX:
        raise refusal(f"has {len(call)} words, the limit is {CALL_MAX}", "put the command into a script")
    return call


RemoteKey = Annotated[str, AfterValidator(_remote_key)]


class Table(BaseModel):
    """Nothing is guessed and nothing is ignored."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)


class PersonTable(Table):
    """Who trains here."""

    name: Annotated[str, _words(NAME_MAX)]
    adult: bool
    backward_experience: Literal["none", "walks", "runs"] = "none"
    backward_max_kph: Annotated[float, BeforeValidator(_speed_kph)] | None = Field(default=None, alias="backward_max")
    call: Annotated[
        tuple[Annotated[str, _words(WORD_MAX)], ...], BeforeValidator(_as_tuple), AfterValidator(_short)
    ] = ()
    health: Literal["nothing", "ask first", "cleared"] | None = None


class RemoteTable(Table):
    """A presenter remote: its keys by name."""

    next: RemoteKey = "pagedown"
    fine: RemoteKey | None = None
    device: Annotated[str, AfterValidator(_device)] | None = None


class HeartTable(Table):
    """A heart-rate strap and the rate that is not to be passed."""

    strap: Annotated[str, AfterValidator(_strap)]
    ceiling_bpm: Annotated[int, AfterValidator(_ceiling)] | None = None
    required: bool = False


class CuesTable(Table):
    """How cues are given. ``running_cadence``: steps a minute in forward running, for the metronome."""

    speech: bool = True
    language: Literal["en", "de"] = "en"
    tones: bool = True
    metronome: bool = False
    running_cadence: Annotated[int, AfterValidator(_cadence)] | None = None
    backward_share: Annotated[float, AfterValidator(_share)] = BACKWARD_SHARE


class ClinicTable(Table):
    """The clinic profile of this computer. ``participants_only``: nothing is run but what is prescribed."""

    participants_only: bool


class _File(Table):
    person: PersonTable | None = None
    remote: RemoteTable | None = None
    heart: HeartTable | None = None
    cues: CuesTable = CuesTable()
    clinic: ClinicTable | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What the file says, or the careful defaults. ``problem``: why the file counts for nothing, a sentence."""

    person: PersonTable | None = None
    remote: RemoteTable | None = None
    cues: CuesTable = field(default_factory=CuesTable)
    problem: str | None = None
    heart: HeartTable | None = None
    clinic: ClinicTable | None = None

    @property
    def participants_only(self) -> bool:
        """Whether this computer runs nothing but what is prescribed for a participant."""
        return self.clinic is not None and self.clinic.participants_only


def settings_path() -> Path:
    """Where the settings stand, whether or not there are any yet."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen) / FILE_NAME
    from platformdirs import user_config_path

    return Path(user_config_path("retrotread")) / FILE_NAME


def read_settings(path: Path | None = None) -> Settings:
    """The settings, by default those of ``settings_path()``. Never raises: see ``Settings.problem``."""
    path = path or settings_path()
    try:
        text = _text_of(path)
        return Settings() if text is None else _parsed(text, path)
    except SettingsError as error:
        return Settings(problem=str(error))


def write_settings(settings: Settings, path: Path | None = None, moved: str | None = None) -> None:
    """Keep ``settings``; what they do not say is left as it is, comments and order too.

    ``moved``: a line for the place of a person who is taken out, on where they are now.

    The new file takes the old one's place in one move, and only its owner may read it. Raises SettingsError where
    the old file cannot be read in every word, or the new one not be written; the old one is untouched then.
    """
    path = path or settings_path()
    text = _text_of(path)
    before = Settings() if text is None else _parsed(text, path)
    try:
        replace_file(path, _rewritten(text, before, settings, moved))
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be written ({error.strerror}); make its folder writable, or choose another with "
            f"{VARIABLE}=FOLDER"
        ) from error


def unkeepable(error: ValidationError) -> SettingsError:
    """Why a value that was never in a file cannot be kept in one."""
    problem = error.errors(include_url=False, include_input=False)[0]
    return SettingsError(f"the settings cannot be kept: {_problem_text({**problem, 'loc': ('', *problem['loc'])})}")


# --- reading ----------------------------------------------------------------------------------------------------


def _text_of(path: Path) -> str | None:
    """The text of a regular file, opened once and not followed; None where there is none."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        if not stat.S_ISREG(path.lstat().st_mode):  # before the open: opening some devices already does something
            raise SettingsError(f"{path}: is not a regular file; put the file itself there")
        with os.fdopen(os.open(path, flags), "rb") as file:
            regular = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            content = file.read(BYTES_MAX + 1) if regular else b""
    except FileNotFoundError:
        return None
    except SettingsError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or error
        raise SettingsError(f"{path}: cannot be read ({reason}); look at its folder and its permissions") from error
    if not regular:
        raise SettingsError(f"{path}: is not a regular file; put the file itself there")
    if len(content) > BYTES_MAX:
        raise SettingsError(f"{path}: is larger than {BYTES_MAX // 1024} KiB, the limit; settings are a few lines")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{path}:{line}: is not UTF-8 text; save the file as UTF-8") from None


def _parsed(text: str, path: Path) -> Settings:
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: also a number of thousands of digits
        raise SettingsError(_syntax_sentence(str(error), path)) from None
    try:
        file = _File.model_validate(raw)
    except ValidationError as error:
        raise SettingsError(_sentence(error, text, path)) from None
    if file.remote is not None and file.remote.fine == file.remote.next:
        line = _line_text(text, ("remote", "fine"))
        raise SettingsError(f"{path}{line}: [remote] fine: is the same key as next; name another, or leave it out")
    if file.heart is not None and file.heart.required and file.heart.ceiling_bpm is None:
        line = _line_text(text, ("heart", "required"))
        raise SettingsError(f"{path}{line}: [heart] required: {NEEDS_CEILING}")
    if file.cues.metronome and file.cues.running_cadence is None:
        line = _line_text(text, ("cues", "metronome"))
        raise SettingsError(f"{path}{line}: [cues] metronome: {NEEDS_CADENCE}")
    return Settings(file.person, file.remote, file.cues, heart=file.heart, clinic=file.clinic)


def _syntax_sentence(message: str, path: Path) -> str:
    found = _AT_LINE.search(message)
    line = f":{found[1]}" if found else ""
    what = _AT_LINE.sub("", message)
    return f"{path}{line}: is not TOML ({what[:1].lower()}{what[1:]}); mend that place, or move the file away"


def _sentence(error: ValidationError, text: str, path: Path) -> str:
    """The first problem in the order of the tables, and how many more there are."""
    problems = error.errors(include_url=False, include_input=False)
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{path}{_line_text(text, problems[0]['loc'])}: {_problem_text(problems[0])}{more}"


def _problem_text(problem: ErrorDetails) -> str:
    table, *keys = (str(part) for part in problem["loc"])
    place = f"[{table}] {'.'.join(keys)}".removeprefix("[] ").rstrip()
    if problem["type"] == "extra_forbidden":
        if not keys:
            return f"there is no table [{table}]; the tables are {', '.join(_File.model_fields)}"
        return f"there is no key {keys[0]} in [{table}]; the keys are {', '.join(_keys(table))}"
    if problem["type"] == "refused":
        return f"{place}: {problem['ctx']['message']}; {problem['ctx']['mend']}"
    if problem["type"] == "literal_error":
        return f"{place}: is none of {problem['ctx']['expected']}; write one of them, in double quotes"
    message, mend = _TYPES.get(problem["type"], (problem["msg"], "look at docs/settings.md"))
    return f"{place}: {message}; {mend}"


_TABLES: dict[str, type[Table]] = {
    "person": PersonTable,
    "remote": RemoteTable,
    "heart": HeartTable,
    "cues": CuesTable,
    "clinic": ClinicTable,
}


def _keys(table: str) -> tuple[str, ...]:
    return tuple(field.alias or name for name, field in _TABLES[table].model_fields.items())


def _line_text(text: str, place: tuple[int | str, ...]) -> str:
    """ ":3", the line of a key in its table, or of the table; empty where the file writes it in some other way."""
    header = re.compile(rf"\s*\[\s*{re.escape(str(place[0]))}\s*\]")
    key = re.compile(rf"\s*{re.escape(str(place[1]))}\s*=") if len(place) > 1 else None
    found = None
    for number, line in enumerate(text.splitlines(), start=1):
        if header.match(line):
            found = number
        elif found is not None and line.lstrip().startswith("["):
            break
        elif found is not None and key is not None and key.match(line):
            return f":{number}"
    return "" if found is None else f":{found}"


# --- writing ----------------------------------------------------------------------------------------------------


def _rewritten(text: str | None, before: Settings, after: Settings, moved: str | None) -> str:
    """The text with what differs between ``before`` and ``after`` changed in place."""
    import tomlkit

    document = tomlkit.parse(text or "# Settings of Retrotread; docs/settings.md explains every key.\n")
    for name in _TABLES:
        old, new = _entries(getattr(before, name)), _entries(getattr(after, name))
        if old == new:
            continue
        if not new:
            document.remove(name)
            if name == "person" and moved is not None:
                document.add(tomlkit.comment(moved))
            continue
        if name not in document:
            document[name] = tomlkit.table()
        _change(document[name], old, new)
    return tomlkit.dumps(document)


def _change(table: Any, old: Mapping[str, object], new: Mapping[str, object]) -> None:
    for key in old.keys() - new.keys():
        table.pop(key, None)
    for key, value in new.items():
        if old.get(key) != value:
            table[key] = value


def _entries(table: Table | None) -> dict[str, object]:
    """A table's keys and values as TOML has them, absent ones left out."""
    match table:
        case PersonTable():
            said: dict[str, object] = {
                "name": table.name,
                "adult": table.adult,
                "backward_experience": table.backward_experience,
                "backward_max": None if table.backward_max_kph is None else _speed_text(table.backward_max_kph),
                "call": list(table.call) or None,
                "health": table.health,
            }
            return {key: value for key, value in said.items() if value is not None}
        case RemoteTable():
            keys: dict[str, object] = {"next": table.next}
            return keys if table.fine is None else {**keys, "fine": table.fine}
        case HeartTable():
            strap: dict[str, object] = {"strap": table.strap}
            if table.ceiling_bpm is not None:
                strap["ceiling_bpm"] = table.ceiling_bpm
            return {**strap, "required": True} if table.required else strap
        case CuesTable():
            return {"speech": table.speech, **table.model_dump(exclude={"speech"}, exclude_defaults=True)}
        case ClinicTable():
            return {"participants_only": table.participants_only}
    return {}


def _speed_text(kph: float) -> str:
    return f"{round(kph, 3):g} {SpeedUnit.KPH.value}"


def replace_file(path: Path, text: str) -> None:
    """Write beside the file, to the disk, then in one move into its place: a reader sees the old or the new whole."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # made for the owner alone, 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(beside).unlink()
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """The move itself to the disk; where folders cannot be opened (Windows) the system sees to it."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
