"""Reading a small file that may have been put there by anybody: a regular file, opened once, never followed.

``OSError``
└── ``Unreadable``   not a file that can be read whole; says what it is and the mend
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)  # a link at the end of the path is refused (absent on Windows)
    | getattr(os, "O_NONBLOCK", 0)  # a pipe that took the file's place does not hang the open
    | getattr(os, "O_NOCTTY", 0)  # nor does a terminal become ours
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)  # Windows: bytes as they are
)

_KINDS = (
    (stat.S_ISLNK, "a symbolic link", "give the path of the file that it points to"),
    (stat.S_ISDIR, "a folder", "give the path of a file in it"),
    (stat.S_ISFIFO, "a pipe", "give the path of a regular file"),
    (stat.S_ISSOCK, "a socket", "give the path of a regular file"),
    (stat.S_ISCHR, "a device", "give the path of a regular file"),
    (stat.S_ISBLK, "a device", "give the path of a regular file"),
)


class Unreadable(OSError):
    """The path leads to nothing that can be read whole."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(f"{message}; {mend}")
        self.message = message
        self.mend = mend


def read_regular_file(path: Path, bytes_max: int) -> bytes:
    """All of a regular file of at most ``bytes_max`` bytes; Unreadable for everything else.

    The kind is looked at before the open, because opening some devices already does something, and again on
    what was opened, because the path may lead elsewhere by then.
    """
    try:
        _require_regular(os.lstat(path).st_mode)
        descriptor = os.open(path, _FLAGS)
        try:
            _require_regular(os.fstat(descriptor).st_mode)
            content = _at_most(descriptor, bytes_max + 1)
        finally:
            os.close(descriptor)
    except Unreadable:
        raise
    except FileNotFoundError:
        raise Unreadable("there is no such file", "look at the path, and at the folder that it starts from") from None
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
        reason = getattr(error, "strerror", None) or str(error)
        raise Unreadable(f"cannot be read: {reason}", "look at the path and its permissions") from None
    if len(content) > bytes_max:
        raise Unreadable(f"is larger than {bytes_max // 1024} KiB, the limit", "a workout is a few kilobytes of text")
    return content


def _require_regular(mode: int) -> None:
    if stat.S_ISREG(mode):
        return
    for is_kind, kind, mend in _KINDS:
        if is_kind(mode):
            raise Unreadable(f"is {kind}, not a file", mend)
    raise Unreadable("is not a regular file", "give the path of a regular file")


def _at_most(descriptor: int, count: int) -> bytes:
    """Up to ``count`` bytes; one read may give fewer than there are."""
    parts, left = [], count
    while left and (part := os.read(descriptor, left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
