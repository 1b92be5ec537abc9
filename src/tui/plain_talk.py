"""How a person and ``--plain`` talk: keys one way, lines and bells the other."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from ..clock import monotonic_s
from .door import StopDoor
from .plain_input import PlainKeyboard

BELL = "\a"


class OutputGone(OSError):
    """Nobody reads what is printed any more."""


def say(line: str) -> None:
    """Print one line: what a terminal might obey is left out, what it cannot show is replaced. Raises OutputGone."""
    text = "".join(one if one.isprintable() else " " for one in line)
    encoding = sys.stdout.encoding or "utf-8"
    _write(text.encode(encoding, errors="replace").decode(encoding) + "\n")


def ring() -> None:
    """Ring the terminal's bell once; no line comes of it. Raises OutputGone."""
    _write(BELL)


def _write(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        raise OutputGone(str(error)) from error


@dataclass(frozen=True, slots=True)
class Talk:
    """The keyboard, the way to stop that its thread takes, and where lines and bells go."""

    keyboard: PlainKeyboard
    door: StopDoor
    say: Callable[[str], None] = say
    ring: Callable[[], None] = ring
    now_s: Callable[[], float] = monotonic_s
