"""The voice of this computer."""

from __future__ import annotations

from collections.abc import Callable

from .commands import speech_command
from .speaker import Speaker
from .worker import Worker


def system_speaker(bell: Callable[[], None], language: str = "en", speech: bool = True) -> Speaker:
    """The voice of this computer; ``bell`` rings the terminal once, on the voice's thread.

    ``speech`` False: no speech command is looked for, and the bell is all there is. ``language``: a code that
    espeak-ng knows, such as ``en`` or ``de``.
    """
    return Worker(bell, speech_command(language) if speech else None)
