"""Messages as bytes: a length, then JSON. Total: any bytes give a message or a ``WireError``.

A frame is four bytes of length (big-endian) and that many bytes of JSON. A value is written by what it is: a
dataclass as an object with its class name under ``_``, an enum as its value, a tuple as a list. It is read
by the type hints of the class it claims to be, so nothing arrives that the class would not hold.
"""

from __future__ import annotations

import dataclasses
import enum
import json
import math
import struct
import types
import typing
from collections.abc import Callable
from functools import cache
from typing import Any

from .messages import FromGuardian, ToGuardian
from .standby.messages import Told, ToStandby

_LENGTH = struct.Struct(">I")
# A frame up to this size is written to a pipe in one piece (POSIX PIPE_BUF on Linux): threads need no lock.
ATOMIC_BYTES = 4096
# Many times the largest snapshot; more is not ours.
LARGEST_BYTES = 1_000_000


class WireError(ValueError):
    """The bytes are not a message of this protocol."""


def encode(message: object) -> bytes:
    """One frame. Raises WireError for a number that is not finite and for what has no place in a message."""
    try:
        text = json.dumps(plain(message), separators=(",", ":"), allow_nan=False)
    except ValueError as error:
        raise WireError(f"{type(message).__name__} holds a number that is not finite") from error
    payload = text.encode()
    return _LENGTH.pack(len(payload)) + payload


def decode_to_guardian(payload: bytes) -> ToGuardian:
    """The message in ``payload`` (without its length). Raises WireError."""
    return typing.cast("ToGuardian", _decode(payload, ToGuardian))


def decode_from_guardian(payload: bytes) -> FromGuardian:
    """The message in ``payload`` (without its length). Raises WireError."""
    return typing.cast("FromGuardian", _decode(payload, FromGuardian))


def decode_to_standby(payload: bytes) -> ToStandby:
    """The message in ``payload`` (without its length). Raises WireError."""
    return typing.cast("ToStandby", _decode(payload, ToStandby))


def decode_from_standby(payload: bytes) -> Told:
    """The message in ``payload`` (without its length). Raises WireError."""
    return typing.cast("Told", _decode(payload, Told))


def read_frame(read: Callable[[int], bytes]) -> bytes | None:
    """The payload of the next frame, or None at the end of the stream. Raises WireError for an absurd length.

    ``read(n)`` returns up to n bytes, and nothing at the end. A stream that ends inside a frame has ended.
    """
    head = _read_exactly(read, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > LARGEST_BYTES:
        raise WireError(f"a frame of {length} bytes (limit {LARGEST_BYTES})")
    return _read_exactly(read, length)


def _read_exactly(read: Callable[[int], bytes], count: int) -> bytes | None:
    data = b""
    while len(data) < count:
        more = read(count - len(data))
        if not more:
            return None
        data += more
    return data


def plain(value: object) -> Any:
    """The value as JSON knows it. Raises WireError for a kind of value that messages do not hold."""
    if isinstance(value, enum.Enum):
        return value.value
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return value
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {"_": type(value).__name__} | {name: plain(getattr(value, name)) for name in _field_names(type(value))}
    raise WireError(f"{type(value).__name__} has no place in a message")


def from_plain(kind: Any, raw: object) -> Any:
    """The value of type ``kind`` that ``plain`` made ``raw`` of. Raises WireError."""
    return _reader(kind, False)(raw)


def from_record(kind: Any, raw: object) -> Any:
    """The same for what was written by an earlier version: a field that came later has its default."""
    return _reader(kind, True)(raw)


def _decode(payload: bytes, kind: Any) -> object:
    try:
        raw = json.loads(payload.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not a message: {error}") from error
    return from_plain(kind, raw)


def _refuse_constant(name: str) -> None:
    raise WireError(f"{name} is not a number")


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@cache
def _reader(kind: Any, older: bool) -> Callable[[object], Any]:
    """What reads a raw value as ``kind``; ``older``: fields with a default may be absent."""
    origin = typing.get_origin(kind)
    if origin is tuple:
        return _tuple_reader(typing.get_args(kind)[0], older)
    if origin in (typing.Union, types.UnionType):
        return _union_reader(typing.get_args(kind), older)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return _enum_reader(kind)
    if dataclasses.is_dataclass(kind):
        return _dataclass_reader(typing.cast("type", kind), older)
    return _scalar_reader(kind)


def _scalar_reader(kind: Any) -> Callable[[object], Any]:
    accepted = (int, float) if kind is float else (kind,)

    def read(raw: object) -> Any:
        wrong_bool = isinstance(raw, bool) and kind is not bool
        if wrong_bool or not isinstance(raw, accepted) or (isinstance(raw, float) and not math.isfinite(raw)):
            raise WireError(f"expected {kind.__name__}, found {raw!r:.40}")
        try:
            return float(raw) if kind is float else raw
        except OverflowError as error:
            raise WireError("a whole number that is too large to reckon with") from error

    return read


def _tuple_reader(item: Any, older: bool) -> Callable[[object], Any]:
    def read(raw: object) -> Any:
        if not isinstance(raw, list):
            raise WireError(f"expected a list, found {raw!r:.40}")
        return tuple(_reader(item, older)(one) for one in raw)

    return read


def _enum_reader(kind: type[enum.Enum]) -> Callable[[object], Any]:
    def read(raw: object) -> Any:
        try:
            return kind(raw)
        except ValueError as error:
            raise WireError(f"{raw!r:.40} is no {kind.__name__}") from error

    return read


def _union_reader(members: tuple[Any, ...], older: bool) -> Callable[[object], Any]:
    classes: dict[str, Any] = {one.__name__: one for one in members if isinstance(one, type) and _is_message(one)}
    others = [member for member in members if member is not type(None) and member not in classes.values()]

    def read(raw: object) -> Any:
        if raw is None and type(None) in members:
            return None
        name = raw.get("_") if isinstance(raw, dict) else None
        if isinstance(name, str) and name in classes:
            return _reader(classes[name], older)(raw)
        if len(others) == 1:
            return _reader(others[0], older)(raw)
        raise WireError(f"expected one of {', '.join(classes)}, found {raw!r:.40}")

    return read


def _is_message(kind: type) -> bool:
    return dataclasses.is_dataclass(kind)


def _dataclass_reader(kind: type, older: bool) -> Callable[[object], Any]:
    hints = typing.get_type_hints(kind)
    names = {field.name for field in dataclasses.fields(kind)}
    needed = {field.name for field in dataclasses.fields(kind) if not (older and _has_default(field))} | {"_"}

    def read(raw: object) -> Any:
        whole = isinstance(raw, dict) and needed <= raw.keys() <= names | {"_"}
        if not whole or not isinstance(raw, dict) or raw["_"] != kind.__name__:
            raise WireError(f"expected {kind.__name__}, found {raw!r:.60}")
        try:
            return kind(**{name: _reader(hints[name], older)(raw[name]) for name in names & raw.keys()})
        except ValueError as error:
            raise WireError(f"{kind.__name__}: {error}") from error

    return read


def _has_default(field: dataclasses.Field[Any]) -> bool:
    return field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
