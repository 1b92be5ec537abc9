"""What a run needs of a voice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Started:
    """One text whose speaking (or bell) began at ``started_s``; ``planned_s`` is when it should have, if it was said.

    Both are monotonic seconds. ``started_s - planned_s`` is the lateness.
    """

    text: str
    planned_s: float | None
    started_s: float


class Speaker(Protocol):
    """Speaks short texts. ``say``, ``ring`` and ``close`` return at once, raise nothing, and serve any thread."""

    started: Callable[[Started], None] | None
    """Called for each text that begins, on a thread of the speaker's own; must return at once and not raise."""

    @property
    def can_speak(self) -> bool:
        """Whether words are spoken at all. False: an urgent text rings the bell once, the others are not heard."""
        ...

    @property
    def ok(self) -> bool:
        """Whether the voice, or the bell in its place, works as far as is known."""
        ...

    @property
    def why(self) -> str | None:
        """What is wrong with the voice, in a sentence; None: nothing."""
        ...

    def say(self, text: str, urgent: bool = False, planned_s: float | None = None) -> None:
        """Speak soon; ``urgent``: now, in place of everything else. A text that would come late is left out."""
        ...

    def ring(self, times: int) -> None:
        """Ring the bell so often, ``BELL_GAP_S`` apart."""
        ...

    def close(self) -> None:
        """Be silent from now on."""
        ...


BELL_GAP_S = 0.6
"""Between two bells that are to be counted. Five then take three seconds; terminals that limit their bells, and
listeners who count, both need about half a second for each."""
