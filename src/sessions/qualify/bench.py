"""Where trials take place, who answers, and the road of a whole qualification from its first word to its verdict."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Protocol, TypeVar

from ...guardian.trials import Trial, TrialPhase
from .conversation import SEEN, Ask, LookForHand, Move, Step, Tell
from .record import Record
from .verdict import Machine

T = TypeVar("T")


class Bench(Protocol):
    """A machine that can be tried out."""

    @property
    def machine(self) -> Machine:
        """What is known of it beforehand."""
        ...

    def try_out(self, trial: Trial, show: Callable[[TrialPhase], None]) -> Record:
        """Do it and come back when the belt is at rest, or when only a hand can help. ``show`` is told each phase."""
        ...

    def hand_seen(self) -> bool:
        """Look for a hand at the machine in its reports; come back with the first one, or when the time is over."""
        ...


class Voice(Protocol):
    """The person at the machine. While a trial lasts the bench listens for their keys by itself."""

    def tell(self, text: str) -> None:
        """Say something."""
        ...

    def ask(self, key: str, text: str) -> str | None:
        """Ask something; None when nobody answers any more. ``key`` names the question."""
        ...


def hold(conversation: Generator[Step, str | Record | None, T], bench: Bench, voice: Voice) -> T:
    """The whole conversation, with everything that it asks for done on the bench; what comes of it."""
    reply: str | Record | None = None
    while True:
        try:
            step = conversation.send(reply)
        except StopIteration as end:
            result: T = end.value
            return result
        reply = _done(step, bench, voice)


def _done(step: Step, bench: Bench, voice: Voice) -> str | Record | None:
    match step:
        case Tell(text):
            voice.tell(text)
            return None
        case Ask(key, text):
            return voice.ask(key, text)
        case LookForHand():
            return SEEN if bench.hand_seen() else None
        case Move(trial, say):
            return bench.try_out(trial, lambda phase: voice.tell(say[phase]) if phase in say else None)
