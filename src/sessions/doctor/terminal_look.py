"""A look at the terminal: what the environment says of it, and what it answers when it is asked.

Three questions go out and one that every terminal answers comes last, so that silence costs no wait:
DECRQM 1004, is the focus reported (xterm control sequences, "Request DEC private mode"); ``CSI ? u``, the keyboard
protocol of kitty; DA1, what are you.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from ...clock import monotonic_s

QUESTIONS = b"\x1b[?1004$p\x1b[?u\x1b[c"
ANSWERED = re.compile(rb"\x1b\[\?[\d;]*c")
FOCUS = re.compile(rb"\x1b\[\?1004;(\d)\$y")
KITTY = re.compile(rb"\x1b\[\?\d+u")

ANSWER_MAX_S = 0.5
"""A terminal answers within milliseconds, one at the other end of a slow line within a few hundred."""

SAID_MAX, CHUNK = 4096, 256
"""Bytes that are read of the answer, in all and at once; it has some forty."""


@dataclass(frozen=True, slots=True)
class TerminalFacts:
    """``focus``, ``kitty``: what the terminal answered, None where it did not. ``tmux_...``: None outside tmux."""

    tty: bool
    term: str = ""
    columns: int = 0
    rows: int = 0
    encoding: str = ""
    colours: str = ""
    multiplexer: str | None = None
    ssh: bool = False
    focus: bool | None = None
    kitty: bool | None = None
    tmux_escape_ms: int | None = None
    tmux_focus: bool | None = None


def understood(said: bytes) -> tuple[bool | None, bool | None]:
    """(focus reported, kitty keys) from the answer. A terminal that does not know the mode says 0, or nothing.

    Values of DECRPM: 1 set, 2 reset, 3 and 4 permanently so; only 1 to 3 can report.
    """
    mode = FOCUS.search(said)
    answered = ANSWERED.search(said) is not None
    focus = None if mode is None else mode[1] in b"123"
    return focus, True if KITTY.search(said) else (False if answered else None)


def colours_in(environment: Mapping[str, str]) -> str:
    """What the environment says of colours, in words."""
    if environment.get("NO_COLOR"):
        return "colour switched off (NO_COLOR)"
    if environment.get("COLORTERM") in {"truecolor", "24bit"}:
        return "all colours"
    return "256 colours" if "256color" in environment.get("TERM", "") else "16 colours"


def multiplexer_in(environment: Mapping[str, str]) -> str | None:
    """What is between the terminal and the program; tmux names itself screen in TERM, but says so in TMUX."""
    if environment.get("TMUX"):
        return "tmux"
    return "screen" if environment.get("STY") else None


def collect() -> TerminalFacts:
    """The terminal of this program."""
    tty = sys.stdin.isatty() and sys.stdout.isatty()
    multiplexer = multiplexer_in(os.environ)
    size = shutil.get_terminal_size((0, 0))
    focus, kitty = understood(_asked()) if tty else (None, None)
    in_tmux = multiplexer == "tmux"
    return TerminalFacts(
        tty=tty,
        term=os.environ.get("TERM", "Windows console" if sys.platform == "win32" else ""),
        columns=size.columns,
        rows=size.lines,
        encoding=sys.stdout.encoding or "",
        colours=colours_in(os.environ),
        multiplexer=multiplexer,
        ssh="SSH_CONNECTION" in os.environ,
        focus=focus,
        kitty=kitty,
        tmux_escape_ms=_whole(_tmux("-sv", "escape-time")) if in_tmux else None,
        tmux_focus=_on(_tmux("-sv", "focus-events")) if in_tmux else None,
    )


def _asked() -> bytes:
    """What the terminal answers; nothing on Windows, or where it is silent."""
    try:
        import termios  # noqa: F401 - only its presence counts
    except ImportError:
        return b""
    number = sys.stdin.fileno()
    with _raw(number):
        os.write(sys.stdout.fileno(), QUESTIONS)
        return heard(number)


def heard(number: int) -> bytes:
    """What comes on a descriptor until the last answer, the deadline or too much."""
    said, end_s = b"", monotonic_s() + ANSWER_MAX_S
    while not ANSWERED.search(said) and len(said) < SAID_MAX and (left_s := end_s - monotonic_s()) > 0:
        if select.select([number], [], [], left_s)[0]:
            said += os.read(number, CHUNK)
    return said


@contextmanager
def _raw(number: int) -> Iterator[None]:
    """No echo and no line while the answer is read; what was typed meanwhile is lost."""
    import termios
    import tty

    before = termios.tcgetattr(number)
    try:
        tty.setcbreak(number)
        yield
    finally:
        termios.tcsetattr(number, termios.TCSAFLUSH, before)


def _tmux(*option: str) -> str:
    try:
        done = subprocess.run(
            ("tmux", "show-options", *option), stdin=subprocess.DEVNULL, capture_output=True, timeout=2.0, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout[:100].decode(errors="replace").strip()


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _on(text: str) -> bool | None:
    return {"on": True, "off": False}.get(text)
