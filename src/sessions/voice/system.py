"""The voice of this computer."""

from __future__ import annotations

from collections.abc import Callable

from ...clock import monotonic_s
from .recording import RecordingSpeaker
from .speaker import Speaker


def system_speaker(bell: Callable[[], None], language: str = "en") -> Speaker:  # noqa: ARG001
    """The voice of this computer; ``bell`` rings the terminal once."""
    return RecordingSpeaker(monotonic_s, can_speak=False)
