"""Where trials take place, who answers, and the road of a whole qualification from its first word to its verdict."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ...guardian.trials import Trial, TrialPhase
from .conversation import Ask, Conversation, Move, Tell
from .record import Record
from .verdict import Machine, Verdict


class Bench(Protocol):
    """A machine that can be tried out."""

    @property
    def machine(self) -> Machine:
        """What is known of it beforehand."""
        ...

    def try_out(self, trial: Trial, show: Callable[[TrialPhase], None]) -> Record:
        """Do it and come back when the belt is at rest, or when only a hand can help. ``show`` is told each phase."""
        ...


class Voice(Protocol):
    """The person at the machine. While a trial lasts the bench listens for their keys by itself."""

    def tell(self, text: str) -> None:
        """Say something."""
        ...

    def ask(self, key: str, text: str) -> str | None:
        """Ask something; None when nobody answers any more. ``key`` names the question."""
        ...


def hold(conversation: Conversation, bench: Bench, voice: Voice) -> Verdict:
    """The whole conversation, with everything that it asks for done on the bench."""
    reply: str | Record | None = None
    try:
        while True:
            step = conversation.send(reply)
            match step:
                case Tell(text):
                    voice.tell(text)
                    reply = None
                case Ask(key, text):
                    reply = voice.ask(key, text)
                case Move(trial, say):
                    reply = bench.try_out(trial, lambda phase, say=say: _say(voice, say, phase))  # type: ignore[misc]
    except StopIteration as end:
        assert isinstance(end.value, Verdict), "a conversation ends in a verdict"
        return end.value


def _say(voice: Voice, say: dict[TrialPhase, str], phase: TrialPhase) -> None:
    if phase in say:
        voice.tell(say[phase])
