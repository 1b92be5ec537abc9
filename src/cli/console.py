"""The keyboard as the console of a simulated machine."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator

STATUS_EVERY_S = 0.5
"""Quick enough to see a ramp, slow enough to read."""


@contextlib.contextmanager
def pressed_keys(pressed: Callable[[str], object]) -> Iterator[None]:
    """Every key as it is pressed; the end of the input is not a key."""

    def read() -> None:
        with contextlib.suppress(OSError, ValueError, RuntimeError):  # the input or the loop is closed
            while key := sys.stdin.read(1):
                pressed(key.lower())

    with _unbuffered():
        threading.Thread(target=read, daemon=True).start()
        yield


@contextlib.contextmanager
def _unbuffered() -> Iterator[None]:
    """A terminal that hands over each key at once, where there is one."""
    try:
        import termios
        import tty
    except ImportError:  # Windows: a key counts after Enter
        yield
        return
    if not sys.stdin.isatty():
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
