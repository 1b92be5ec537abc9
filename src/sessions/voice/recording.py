"""A voice that is only written down: for transcripts, simulations and tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .speaker import Started


class RecordingSpeaker:
    """Keeps ``(at_s, text)`` of everything it was asked to say, by the clock that it is given.

    ``ok``, ``why`` and ``can_speak`` are plain attributes, so that a test can let it fail. Bells are counted in
    ``bells``. What is said after ``close`` is not kept.
    """

    def __init__(self, now_s: Callable[[], float], can_speak: bool = True) -> None:
        self._now_s = now_s
        self._closed = False
        self.can_speak = can_speak
        self.ok = True
        self.why: str | None = None
        self.started: Callable[[Started], None] | None = None
        self.said: list[tuple[float, str]] = []
        self.bells = 0

    def say(self, text: str, urgent: bool = False, planned_s: float | None = None) -> None:  # noqa: ARG002
        """Write it down; here everything is heard, urgent or not."""
        if self._closed:
            return
        at_s = self._now_s()
        self.said.append((at_s, text))
        if self.started is not None:
            self.started(Started(text, planned_s, at_s))

    def ring(self, times: int) -> None:
        """Count the bells."""
        self.bells += 0 if self._closed else times

    def close(self) -> None:
        """Keep nothing more."""
        self._closed = True

    def write_transcript(self, path: Path) -> None:
        """One line for each text: its seconds since the first one, and its words. Raises OSError."""
        path.write_text("".join(f"{line}\n" for line in transcript(self.said)), encoding="utf-8")


def transcript(said: list[tuple[float, str]]) -> list[str]:
    """The lines of a transcript; a text of several lines becomes one."""
    return [f"{at_s - said[0][0]:8.1f} s  {' '.join(text.split())}" for at_s, text in said]
