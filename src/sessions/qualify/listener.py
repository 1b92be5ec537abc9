"""What a bench hears of one trial: it keeps the record, sees when the belt is at rest again, and acknowledges that.

Pure: messages of the guardian in, messages for it out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ...guardian.messages import Acknowledge, Snapshot, Stepped, ToGuardian, Tried
from ...guardian.trials import ENDS, Trial, TrialPhase
from ...safety.modes import Mode
from .record import Entry, Record, entries_of

# A belt that was stopped is watched for so long before it is acknowledged: consoles that were rebooted by a stop set
# their belt going again some seconds after it.
WATCHED_S = 8.0
# An alarm is believed to need a hand: nothing more is waited for once the belt was seen still for so long behind it.
RESTED_S = 3.0
# What cannot be cleared by an acknowledgement is not waited for any longer.
CLEARED_S = 2.0


@dataclass(slots=True)
class Listener:
    """One trial as its bench hears it. ``over``: the belt is at rest and nothing more is to come."""

    trial: Trial
    over: bool = False
    _entries: list[Entry] = field(default_factory=list)
    _phase: TrialPhase | None = None
    _message: str = ""
    _alarm: bool = False
    _ready: bool = False
    _rests_s: float | None = None
    _acknowledged_s: float | None = None

    @property
    def record(self) -> Record:
        """The record so far; one that never ended was cut short."""
        phase = TrialPhase.CUT_SHORT if self._phase is None else self._phase
        return Record(self.trial, tuple(self._entries), phase, self._message, self._alarm, self._ready)

    def heard(self, message: Stepped | Tried | Snapshot) -> tuple[ToGuardian, ...]:
        """Take it in; what is to be said to the guardian because of it."""
        if isinstance(message, Snapshot):
            return self._saw(message)
        self._entries += entries_of(message)
        if isinstance(message, Tried) and message.phase in ENDS:
            self._phase, self._message = message.phase, message.message
            if message.phase is TrialPhase.REFUSED:
                self.over = self._ready = True
        return ()

    def _saw(self, snapshot: Snapshot) -> tuple[ToGuardian, ...]:
        self._alarm = self._alarm or snapshot.alarm
        if self._phase is None or self.over:
            return ()
        if not snapshot.standstill:
            self._rests_s = None
            return ()
        self._rests_s = snapshot.at_s if self._rests_s is None else self._rests_s
        if snapshot.mode is Mode.IDLE:
            self.over = self._ready = True
        return self._acknowledge(snapshot, snapshot.at_s - self._rests_s)

    def _acknowledge(self, snapshot: Snapshot, rested_s: float) -> tuple[ToGuardian, ...]:
        """The stop is read by a person, who is at the machine; a cause that asks for a new start ends it here."""
        if self.over or rested_s < (RESTED_S if self._alarm else WATCHED_S):
            return ()
        if self._acknowledged_s is None:
            self._acknowledged_s = snapshot.at_s
        if self._alarm or snapshot.at_s - self._acknowledged_s >= CLEARED_S:
            self.over = True
            return ()
        return (Acknowledge(snapshot.epoch),)

    def gave_up(self, message: str) -> None:
        """There is nobody left to hear from."""
        self._message, self.over = message, True
