"""The guardian's own record: a ring of fixed-size slots in one file, so that it never grows and never waits.

It stands beside the journal of the main process and outlives it. A slot holds a sequence number and one line
of text; the newest ones overwrite the oldest. What is written survives the death of the process; ``sync``
makes it survive the death of the computer and is called when a stop begins.
"""

from __future__ import annotations

import os
from pathlib import Path

NAME = "guardian.ring"
"""Of the ring in the data folder."""

SLOT_BYTES = 512
# Ten minutes at about twenty steps a second, in 6 MiB.
SLOTS = 12_288
_HEAD = 12


class BlackBox:
    """A ring file, open for writing. Raises OSError where the file cannot be made; mode 0600."""

    def __init__(self, path: Path) -> None:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
        self._fd = os.open(path, flags, 0o600)
        self._next = _newest(path) + 1

    def write(self, line: str) -> None:
        """Put a line into the next slot; what does not fit is cut off and marked."""
        text = line.replace("\n", " ").encode(errors="replace")
        room = SLOT_BYTES - _HEAD - 1
        if len(text) > room:
            text = text[: room - 3] + b"..."
        slot = f"{self._next:011d} ".encode() + text.ljust(room) + b"\n"
        os.pwrite(self._fd, slot, (self._next % SLOTS) * SLOT_BYTES)
        self._next += 1

    def sync(self) -> None:
        """Reach the disk."""
        os.fsync(self._fd)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._fd)


def read(path: Path) -> tuple[str, ...]:
    """The lines in the order they were written; slots that are damaged are left out."""
    return tuple(line for _, line in sorted(_slots(path)))


def _newest(path: Path) -> int:
    return max((number for number, _ in _slots(path)), default=-1)


def _slots(path: Path) -> list[tuple[int, str]]:
    raw = path.read_bytes()[: SLOTS * SLOT_BYTES]
    slots = []
    for start in range(0, len(raw), SLOT_BYTES):
        number, _, text = raw[start : start + SLOT_BYTES].decode(errors="replace").partition(" ")
        if number.isascii() and number.isdigit() and text.endswith("\n"):
            slots.append((int(number), text.rstrip()))
    return slots
