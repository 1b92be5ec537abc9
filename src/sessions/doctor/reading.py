"""Small looks at the system's own files that several collectors need; absent is None or empty, never an error."""

from __future__ import annotations

from pathlib import Path

TEXT_MAX = 64 * 1024
"""Bytes of a system file; every one that is read here has a few lines."""


def text_of(path: Path) -> str | None:
    """The beginning of a file; None where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(TEXT_MAX).decode(errors="replace")
    except OSError:
        return None


def names_in(folder: Path) -> tuple[str, ...]:
    """The names in a folder, sorted; none where it cannot be listed."""
    try:
        return tuple(sorted(entry.name for entry in folder.iterdir()))
    except OSError:
        return ()


def running(processes: Path = Path("/proc")) -> frozenset[str]:
    """The names of the programs that run, as Linux tells them; at most 15 letters of each."""
    found = (text_of(processes / name / "comm") for name in names_in(processes) if name.isdecimal())
    return frozenset(text.strip() for text in found if text)


def my_groups() -> frozenset[str]:
    """The names of the groups of this process; none on Windows."""
    try:
        import grp
        import os
    except ImportError:
        return frozenset()
    return frozenset(name for number in {os.getegid(), *os.getgroups()} if (name := _group(grp, number)))


def _group(grp: object, number: int) -> str | None:
    try:
        return str(grp.getgrgid(number).gr_name)  # type: ignore[attr-defined]
    except KeyError:
        return None
