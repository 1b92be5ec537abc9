"""From bytes to text: UTF-8, lines of a readable length, and no character that nobody can see."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .problems import PROBLEMS_MAX, Problem, WorkoutFileError
from .wording import character_name, is_hidden

BYTES_MAX = 256 * 1024
"""Fifty times the longest workout that anybody wrote by hand, and little enough to parse within a second."""

LINE_MAX = 1000
"""Characters of a line. Nobody reads longer ones, and a line of brackets costs its length squared."""

LINES_MAX = 5000
"""Twice the lines of the largest plan with a comment to each; a parser pays for every line, an empty one too."""

_LINE_END = re.compile(r"\r\n|\r|\n")


_WIDE = re.compile(rb"[^\0]\0|\0[^\0]")
"""The first two bytes of any UTF-16 text that begins with an ASCII character."""


def decoded(content: bytes, file: str) -> str:
    """The text of the file; WorkoutFileError for another encoding or for what a reader cannot see."""
    if len(content) > BYTES_MAX:
        mend = "a workout is a few kilobytes of text"
        raise _one(file, 1, 1, f"is larger than {BYTES_MAX // 1024} KiB, the limit", mend)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or _WIDE.match(content):
        raise _one(file, 1, 1, "is UTF-16 text", "save it as UTF-8")
    if content.startswith(b"\xef\xbb\xbf"):
        raise _one(file, 1, 1, "begins with a byte order mark", "save it as UTF-8 without one")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _line_and_column(content[: error.start].decode("utf-8"))
        message = f"byte 0x{content[error.start]:02x} is not UTF-8 text"
        raise _one(file, line, column, message, "save the file as UTF-8") from None
    lines = _LINE_END.split(text)
    if len(lines) > LINES_MAX:
        message = f"has {len(lines)} lines, the limit is {LINES_MAX}"
        raise _one(file, LINES_MAX + 1, 1, message, "a workout has a few dozen lines")
    problems = list(_unreadable(lines, file))
    if problems:
        raise WorkoutFileError(tuple(problems[:PROBLEMS_MAX]))
    return text


def _unreadable(lines: list[str], file: str) -> Iterator[Problem]:
    """Lines that are no lines of a workout, each with the first character in it that nobody can see."""
    for number, line in enumerate(lines, start=1):
        if len(line) > LINE_MAX:
            message = f"the line has {len(line)} characters, the limit is {LINE_MAX}"
            yield Problem(file, number, 1, "file", message, "break it into shorter lines")
        if line.startswith("%"):
            yield Problem(file, number, 1, "file", "directives are not part of a workout file", "remove the line")
        if line.isascii() and (line.isprintable() or line.replace("\t", "").isprintable()):
            continue
        hidden = next((c for c, character in enumerate(line) if character != "\t" and is_hidden(character)), None)
        if hidden is not None:
            message = f"there is a character that nobody can see, {character_name(line[hidden])}"
            yield Problem(file, number, hidden + 1, "file", message, "remove it")


def _line_and_column(before: str) -> tuple[int, int]:
    lines = _LINE_END.split(before)
    return len(lines), len(lines[-1]) + 1


def _one(file: str, line: int, column: int, message: str, mend: str) -> WorkoutFileError:
    return WorkoutFileError((Problem(file, line, column, "file", message, mend),))
