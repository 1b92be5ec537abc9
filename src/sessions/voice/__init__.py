"""What is spoken to the person: cues by the system's own speech command, or the bell where there is none."""

from __future__ import annotations

from .call import call_for_help
from .digit import digit_question
from .recording import RecordingSpeaker
from .speaker import Speaker, Started
from .system import system_speaker

__all__ = ["RecordingSpeaker", "Speaker", "Started", "call_for_help", "digit_question", "system_speaker"]
