"""The families of ``devices/profiles/*.toml``, read strictly, and which of them a machine belongs to.

One file is one family; its name is the family's key. ``families()`` reads the shipped ones once. A file with a fault
is a sentence with the file and the field: nothing of it is guessed, and nothing else is read in its place.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import fields
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ...devices.ftms.dialect import ControlRequest, FtmsDialect, GattWrite
from ...guardian.sheets import NAME_MAX, WRITES_MAX
from ...machine import Capabilities, DeviceProfile, Identity, PhysicalStop, SpeedUnit
from ...workouts.regular_file import Unreadable, read_regular_file
from .caution import CAREFUL_CAPABILITIES, taken
from .family import Fact, Family, Marks, Seen, Source

FOLDER = Path(__file__).parents[2] / "devices" / "profiles"

BYTES_MAX = 64 * 1024
"""A family's file is a page of text; this is ten of them."""

WRITE_MARGIN_MS = 100
"""Beside its two deadlines a procedure costs the driver a few turns of its loop."""


class FamilyProblem(ValueError):
    """A file of a family cannot be taken; the message says which, where, why, and the mend."""


@cache
def families() -> tuple[Family, ...]:
    """Every shipped family, in the order of their keys. Raises FamilyProblem for a file with a fault."""
    return read_families(FOLDER)


def read_families(folder: Path) -> tuple[Family, ...]:
    """The families of a folder. Raises FamilyProblem, also where two of them claim the same name."""
    found = tuple(read_family(path) for path in sorted(folder.glob("*.toml"), key=lambda path: path.stem))
    _only_once(folder, found)
    return found


def read_family(path: Path) -> Family:
    """One family. Raises FamilyProblem."""
    try:
        file = _File.model_validate(tomllib.loads(read_regular_file(path, BYTES_MAX).decode("utf-8")))
    except Unreadable as error:
        raise FamilyProblem(f"{path}: {error.message}; {error.mend}") from None
    except ValidationError as error:
        raise FamilyProblem(f"{path}: {_sentence(error)}") from None
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits, and what is not UTF-8
        raise FamilyProblem(f"{path}: is not TOML ({error}); mend that place") from None
    try:
        return _family(path.stem, file)
    except ValueError as error:
        raise FamilyProblem(f"{path}: {error}") from None


def family_for(identity: Identity, among: Iterable[Family] | None = None) -> Family | None:
    """The family that a machine belongs to by its own words; None where no one or more than one fits as well.

    A model that a family names outright counts for more than a name, a whole name for more than its beginning, and
    a longer beginning for more than a shorter one.
    """
    ranked = [(rank, family) for family in (families() if among is None else among) if (rank := _fit(family, identity))]
    best = [family for rank, family in ranked if rank == max(ranks for ranks, _ in ranked)]
    return best[0] if len(best) == 1 else None


def family_on(scheme: str) -> Family | None:
    """The family of the machines that addresses of this scheme lead to; None where the scheme tells no family."""
    return next((family for family in families() if scheme in family.marks.schemes), None)


# --- who it is --------------------------------------------------------------------------------------------------


def _fit(family: Family, identity: Identity) -> tuple[int, int] | None:
    marks, name = family.marks, identity.name.strip().casefold()
    maker, model = identity.manufacturer.strip().casefold(), identity.model.strip().casefold()
    if model and model in marks.models and (not marks.manufacturers or maker in marks.manufacturers):
        return (3, len(model))
    if name and name in marks.names:
        return (2, len(name))
    longest = max((len(start) for start in marks.name_prefixes if name.startswith(start)), default=0)
    return (1, longest) if longest else None


def _only_once(folder: Path, found: tuple[Family, ...]) -> None:
    owners: dict[str, str] = {}
    for family in found:
        marks = family.marks
        for mark in (*marks.names, *marks.name_prefixes, *marks.schemes):
            if mark in owners:
                raise FamilyProblem(
                    f"{folder / family.key}.toml: [recognised]: {mark!r} is claimed by {owners[mark]}.toml as well; "
                    "let one of them claim it"
                )
            owners[mark] = family.key


# --- the file ---------------------------------------------------------------------------------------------------


def _words(text: str) -> str:
    if not text.strip() or not text.isprintable() or len(text) > TEXT_MAX:
        raise ValueError(f"is not one line of 1 to {TEXT_MAX} characters that can be seen")
    return text


TEXT_MAX = 600
"""A remark of a few sentences."""


def _tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _of(kind: type[Enum]) -> BeforeValidator:
    def convert(value: object) -> object:
        try:
            return kind(value)
        except ValueError:
            known = ", ".join(repr(one.value) for one in kind)
            raise ValueError(f"is none of {known}") from None

    return BeforeValidator(convert)


T = TypeVar("T")
Words = Annotated[str, AfterValidator(_words)]
Many = Annotated[tuple[T, ...], BeforeValidator(_tuple)]
Milliseconds = Annotated[int, Field(ge=0, le=60_000)]
Unit = Annotated[SpeedUnit, _of(SpeedUnit)]


class _Table(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)


class _Told(_Table, Generic[T]):
    value: T
    why: Words
    sources: Annotated[Many[Words], Field(min_length=1)]


class _Write(_Table):
    uuid: Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    value_hex: Annotated[str, Field(pattern=r"^([0-9a-f]{2}){1,40}$")]


class _Facts(_Table):
    """Every figure that a family may tell. What is not here (qualified, simulated, reversing) no file can claim."""

    speed_min_ckph: _Told[Annotated[int, Field(ge=10, le=300)]] | None = None
    speed_max_ckph: _Told[Annotated[int, Field(ge=100, le=3000)]] | None = None
    speed_increment_ckph: _Told[Annotated[int, Field(ge=1, le=100)]] | None = None
    incline_max_dpct: _Told[Annotated[int, Field(ge=0, le=400)]] | None = None
    incline_increment_dpct: _Told[Annotated[int, Field(ge=1, le=100)]] | None = None

    lag_ms: _Told[Milliseconds] | None = None
    report_period_ms: _Told[Annotated[int, Field(ge=50, le=5_000)]] | None = None
    stop_reaction_ms: _Told[Milliseconds] | None = None
    slowest_fall_ckph_per_s: _Told[Annotated[int, Field(ge=1, le=1_000)]] | None = None
    start_timeout_ms: _Told[Milliseconds] | None = None
    command_gap_ms: _Told[Milliseconds] | None = None
    stop_repeat_ok: _Told[bool] | None = None
    set_never_starts: _Told[bool] | None = None
    runs_on_when_link_lost: _Told[bool] | None = None
    physical_stop: _Told[Annotated[PhysicalStop, _of(PhysicalStop)]] | None = None
    rails: _Told[bool] | None = None
    start_toggles: _Told[bool] | None = None
    silence_stops: _Told[bool] | None = None
    may_reverse: _Told[bool] | None = None
    speed_unit: _Told[Unit] | None = None

    commanded_unit: _Told[Unit] | None = None
    reported_unit: _Told[Unit] | None = None
    ranges_trusted: _Told[bool] | None = None
    control: _Told[Annotated[ControlRequest, _of(ControlRequest)]] | None = None
    unlock: _Told[Annotated[Many[_Write], Field(min_length=1, max_length=WRITES_MAX)]] | None = None
    preamble: _Told[Annotated[Many[_Write], Field(min_length=1, max_length=WRITES_MAX)]] | None = None
    write_with_response: _Told[bool] | None = None
    write_within_ms: _Told[Annotated[int, Field(ge=100, le=2_000)]] | None = None
    answer_within_ms: _Told[Annotated[int, Field(ge=100, le=5_000)]] | None = None
    subscribe_gap_ms: _Told[Annotated[int, Field(ge=0, le=1_000)]] | None = None
    pause_after_stop: _Told[bool] | None = None
    targets_told: _Told[bool] | None = None
    start_says_stopped: _Told[bool] | None = None
    pace_bytes: _Told[Annotated[int, Field(ge=1, le=2)]] | None = None
    incline_moves: _Told[bool] | None = None


class _Source(_Table):
    text: Words
    url: Annotated[str, Field(pattern=r"^https://[!-~]{4,200}$")]


class _Recognised(_Table):
    names: Many[Words] = ()
    name_prefixes: Many[Words] = ()
    manufacturers: Many[Words] = ()
    models: Many[Words] = ()
    schemes: Many[Annotated[str, Field(pattern=r"^serial\+[a-z]{1,20}$")]] = ()
    sources: Annotated[Many[Words], Field(min_length=1)]


class _Seen(_Table):
    simulated_as: Many[Words] = ()
    captured: bool = False
    on_hardware_by: Annotated[int, Field(ge=0, le=100_000)] = 0


class _File(_Table):
    title: Annotated[str, Field(max_length=NAME_MAX), AfterValidator(_words)]
    read_only: Words | None = None
    remarks: Many[Words] = ()
    recognised: _Recognised
    seen: _Seen = _Seen()
    sources: Annotated[dict[str, _Source], Field(min_length=1)]
    facts: _Facts = _Facts()


def _sentence(error: ValidationError) -> str:
    """The first problem, with its place, and how many more there are."""
    problems = error.errors(include_url=False, include_input=False)
    place = ".".join(str(part) for part in problems[0]["loc"])
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    if problems[0]["type"] == "extra_forbidden":
        return f"{place}: there is no such key; remove it, or look for a slip of the keys{more}"
    message = re.sub(r"^Value error, ", "", problems[0]["msg"])
    return f"{place}: {message[:1].lower()}{message[1:]}; mend it{more}"


# --- from the file to the family --------------------------------------------------------------------------------

_PROFILE = {field.name for field in fields(DeviceProfile)}
_CAPABILITIES = {field.name for field in fields(Capabilities)}
_DIALECT = {field.name for field in fields(FtmsDialect)}


def _family(key: str, file: _File) -> Family:
    sources = tuple(Source(name, source.text, source.url) for name, source in file.sources.items())
    facts = tuple(_facts(file.facts, sources))
    _known_sources(sources, facts, file.recognised.sources)
    dialect = FtmsDialect(**_taken(facts, _DIALECT))
    return Family(
        key=key,
        title=file.title,
        marks=_marks(file.recognised),
        facts=facts,
        profile=_profile(file.title, facts, dialect),
        dialect=dialect,
        sources=sources,
        seen=Seen(file.seen.simulated_as, file.seen.captured, file.seen.on_hardware_by),
        read_only=file.read_only,
        remarks=file.remarks,
    )


def _facts(told: _Facts, sources: tuple[Source, ...]) -> Iterable[Fact]:
    for figure in _Facts.model_fields:
        one = getattr(told, figure)
        if one is None:
            continue
        value = tuple(GattWrite(w.uuid, w.value_hex) for w in one.value) if isinstance(one.value, tuple) else one.value
        yield Fact(figure, value, one.why, one.sources, taken(figure, value, _independent(one.sources, sources)))


def _independent(named: tuple[str, ...], sources: tuple[Source, ...]) -> int:
    """How many sources know nothing of one another: the reports and the code of one repository count once."""
    return len({tuple(source.url.split("/")[:5]) for source in sources if source.key in named})


def _known_sources(sources: tuple[Source, ...], facts: tuple[Fact, ...], marks: tuple[str, ...]) -> None:
    known = {source.key for source in sources}
    for place, named in (("recognised", marks), *((f"facts.{fact.figure}", fact.sources) for fact in facts)):
        for one in named:
            if one not in known:
                raise FamilyProblem(f"{place}.sources: there is no source {one!r} under [sources]; add it")
        if len(set(named)) < len(named):
            raise FamilyProblem(f"{place}.sources: a source is named twice; one source counts once")


def _taken(facts: tuple[Fact, ...], wanted: set[str]) -> dict[str, Any]:
    return {fact.figure: fact.value for fact in facts if fact.taken and fact.figure in wanted}


def _profile(title: str, facts: tuple[Fact, ...], dialect: FtmsDialect) -> DeviceProfile:
    ranges = {field.name: getattr(CAREFUL_CAPABILITIES, field.name) for field in fields(Capabilities)}
    told = _taken(facts, _PROFILE - {"answer_within_ms"})
    within_ms = dialect.write_within_ms + dialect.answer_within_ms + WRITE_MARGIN_MS
    return DeviceProfile(
        title, Capabilities(**ranges | _taken(facts, _CAPABILITIES)), answer_within_ms=within_ms, **told
    )


def _marks(told: _Recognised) -> Marks:
    def folded(words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(word.casefold() for word in words)

    named = folded(told.names), folded(told.name_prefixes), folded(told.manufacturers), folded(told.models)
    marks = Marks(*named, told.schemes)
    if not (marks.names or marks.name_prefixes or marks.models or marks.schemes):
        raise FamilyProblem("recognised: nothing tells a machine of this family; give a name, its beginning or a model")
    return marks
