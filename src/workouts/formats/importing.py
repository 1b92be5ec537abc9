"""Which reader a file is for, and reading it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from ..problems import Problem, WorkoutFileError
from ..regular_file import Unreadable, read_regular_file
from .fit import read_fit
from .foreign import ForeignWorkout, Format
from .icu import read_icu
from .qz import read_qz
from .xml_tree import BYTES_MAX
from .zwo import read_zwo

READERS: dict[Format, Callable[[bytes, str], ForeignWorkout]] = {
    Format.ZWO: read_zwo,
    Format.ICU: read_icu,
    Format.QZ: read_qz,
    Format.FIT: read_fit,
}

_LOOKED_AT = 4000
"""Bytes in which the outer element of an XML file stands, behind its declaration and comments."""

_ROOT = re.compile(rb"<\s{0,9}(workout_file|rows)\b", re.IGNORECASE)


def read_foreign(path: Path, form: Format | None = None) -> ForeignWorkout:
    """The workout in a file; without ``form`` its content tells which format it has.

    Raises WorkoutFileError with every problem found, FitMissing.
    """
    file = str(path) if str(path).isprintable() else repr(str(path))
    try:
        content = read_regular_file(path, BYTES_MAX)
    except Unreadable as error:
        raise WorkoutFileError((Problem(file, 1, 1, "file", error.message, error.mend),)) from None
    return parse_foreign(content, file, form)


def parse_foreign(content: bytes, file: str, form: Format | None = None) -> ForeignWorkout:
    """The workout in ``content``; ``file`` is what problems call it. Raises as ``read_foreign``."""
    return READERS[form or _told(content, file)](content, file)


def _told(content: bytes, file: str) -> Format:
    """The format that the content shows. Raises WorkoutFileError for XML that is none of them."""
    if content[8:12] == b".FIT":
        return Format.FIT
    start = content[:_LOOKED_AT]
    root = _ROOT.search(start)
    if root is not None:
        return Format.ZWO if root[1].lower() == b"workout_file" else Format.QZ
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        message, mend = "is XML, and none that is known here", "name its format with --as zwo or --as qz"
        raise WorkoutFileError((Problem(file, 1, 1, "file", message, mend),))
    return Format.ICU
