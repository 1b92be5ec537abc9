"""A live run without a screen that keeps what went through it, and does what a screen would ask a person for."""

from __future__ import annotations

from collections.abc import Callable

from retrotread.guardian.messages import Armed, Connected, FromGuardian, Stepped
from retrotread.safety.modes import Mode
from retrotread.sessions.conductor import Taken
from retrotread.sessions.live import LiveRun, RunSetup
from retrotread.sessions.tape import ArmedAt
from retrotread.sessions.voice import Speaker
from retrotread.sessions.voice.tones import Tones
from retrotread.workouts.engine import ENDS, Phase


class RecordedRun(LiveRun):
    """Everything that the engine took, and every step of the supervisor."""

    def __init__(self, setup: RunSetup, speaker: Speaker | None = None, tones: Tones | None = None) -> None:
        self.taken: list[Taken] = []
        self.steps: list[Stepped] = []
        self.armed: list[ArmedAt] = []
        self.connected: Connected | None = None
        super().__init__(setup, speaker, tones=tones)
        self.sound_heard(True)

    def _record_engine(self, taken: Taken) -> None:
        self.taken.append(taken)

    def _heard(self, message: FromGuardian) -> None:
        if isinstance(message, Stepped):
            self.steps.append(message)
        elif isinstance(message, Armed):
            self.armed.append(ArmedAt(len(self.steps) + 1, message))
        elif isinstance(message, Connected):
            self.connected = message
        super()._heard(message)

    def to_the_end(self, between: Callable[[], None]) -> None:
        """Look, do what is asked for, ``between``, and so on until the plan is over."""
        phase = self.view().phase
        while phase not in ENDS:
            between()
            self.ui_turn()
            view = self.view()
            phase, snapshot = view.phase, view.snapshot
            if snapshot is not None and snapshot.mode is Mode.IDLE and snapshot.standstill:
                self.arm()
            elif snapshot is not None and snapshot.mode is Mode.ARMED:
                self.hold_done()
            elif phase is Phase.WAITING_FOR_PERSON:
                self.person_on()
