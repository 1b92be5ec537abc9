"""A bench over the guardian's process: a real machine, or a simulated one in real time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from ...clock import monotonic_s
from ...devices.address import REAL_SCHEMES
from ...devices.ftms.dialect import AS_SPECIFIED
from ...devices.sheet import Sheet
from ...guardian.messages import (
    PROTOCOL,
    Connect,
    Connected,
    ConnectRefused,
    FromGuardian,
    Heartbeat,
    Snapshot,
    Stepped,
    StopNow,
    Tried,
    Try,
)
from ...guardian.standby.messages import Stage, Told
from ...guardian.trials import Trial, TrialPhase
from ...safety.inputs import StopBy
from ..guardian_client import GuardianClient
from ..machines.shown import HandWatch
from .listener import Listener
from .record import Record
from .verdict import Machine

BEAT_S = 0.2
# How long the keyboard may wait for its turn while the belt moves: a stop by key is on its way after this and a write.
LOOK_S = 0.05
# The guardian gives a connection half a minute; a moment more, so that its own reason is heard.
CONNECT_S = 35.0
# Three zeros over two seconds from the slowest reporter, after a belt that was just stopped.
REST_S = 30.0
# The longest script, its countdown, a stop with all its repeats and a hand that helps at the end.
PATIENCE_S = 240.0
# A wish that has waited this long was made for another moment.
DEADLINE_S = 1.0
# To walk to the machine, press its stop, count to three and let it out.
HAND_S = 60.0
# Behind these the guardian waits for a hand, and so do we.
LEAVES_S = 5.0


class NotConnected(OSError):
    """There is no connection to the machine; the message is the guardian's sentence."""


Keys = Callable[[], AbstractContextManager[Callable[[], bool]]]
"""For as long as it lasts, whether a key was pressed since the last look; what was typed before counts for nothing."""


class LiveBench:
    """One guardian with one machine. While a trial lasts, any key of ``keys`` is a stop."""

    def __init__(self, folder: Path, address: str, sheet: Sheet | None, keys: Keys) -> None:
        """Start the guardian and connect. Raises NotConnected."""
        self._keys = keys
        self._pressed: Callable[[], bool] = lambda: False
        self._on_cable = address.startswith("serial+")
        self._dialect = AS_SPECIFIED if sheet is None else sheet.dialect
        self._heard: queue.SimpleQueue[FromGuardian | None] = queue.SimpleQueue()
        self._connected: Connected | None = None
        self._epoch = 0
        self._snapshot: Snapshot | None = None
        self._ended: str | None = None
        self._looked_s: float | None = None
        self._leaving = threading.Event()
        standby = self._standby_told if address.partition("://")[0] in REAL_SCHEMES else None
        self._guardian = GuardianClient(folder, self._hear, self._guardian_ended, standby)
        threading.Thread(target=self._beat, name="beat", daemon=True).start()
        self._guardian.send(Connect(PROTOCOL, address, sheet))
        try:
            self._await_connection()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> LiveBench:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def machine(self) -> Machine:
        """As for every bench."""
        assert self._connected is not None, "a bench is made with its connection"
        connected = self._connected
        return Machine(connected.profile, self._dialect, connected.identity, self._on_cable)

    @property
    def remark(self) -> str | None:
        """What stands in the way of moving this machine over this connection, as a sentence."""
        return None if self._connected is None else self._connected.remark

    def try_out(self, trial: Trial, show: Callable[[TrialPhase], None]) -> Record:
        """As for every bench; any key is a stop."""
        with self._keys() as pressed:
            self._pressed, self._looked_s = pressed, monotonic_s()
            try:
                return self._tried_out(trial, show)
            finally:
                self._looked_s = None

    def _tried_out(self, trial: Trial, show: Callable[[TrialPhase], None]) -> Record:
        listener = Listener(trial)
        if not self._until(lambda: self._snapshot is not None and self._snapshot.standstill, listener, show, REST_S):
            listener.gave_up(self._ended or f"the belt was not confirmed still within {REST_S:.0f} s")
            return listener.record
        listener = Listener(trial)
        self._guardian.send(Try(self._epoch, monotonic_s() + DEADLINE_S, trial))
        if not self._until(lambda: listener.over, listener, show, PATIENCE_S):
            self._guardian.send(StopNow(StopBy.PROGRAM))
            listener.gave_up(self._ended or f"the trial did not come to its end within {PATIENCE_S:.0f} s")
        return listener.record

    def hand_seen(self) -> bool:
        """As for every bench; a key ends the wait."""
        watch, gives_up_s = HandWatch(), monotonic_s() + HAND_S
        with self._keys() as pressed:
            self._looked_s = monotonic_s()
            try:
                while self._ended is None and self._looked_s < gives_up_s and not pressed():
                    if self._shows_hand(watch):
                        return True
                    self._looked_s = monotonic_s()
            finally:
                self._looked_s = None
        return False

    def _shows_hand(self, watch: HandWatch) -> bool:
        """Whether the next message shows a hand; one that does not come soon shows none."""
        try:
            message = self._heard.get(timeout=LOOK_S)
        except queue.Empty:
            return False
        return isinstance(message, Stepped) and watch.saw(message)

    def close(self) -> None:
        """Our end of the pipe closes; the guardian brings the belt to rest and ends."""
        self._leaving.set()
        self._guardian.leave()
        self._guardian.wait(LEAVES_S)

    def _until(
        self, reached: Callable[[], bool], listener: Listener, show: Callable[[TrialPhase], None], within_s: float
    ) -> bool:
        """Whether it was reached in time; meanwhile the guardian is heard and the keyboard read."""
        gives_up_s = monotonic_s() + within_s
        while not reached():
            self._looked_s = monotonic_s()
            if self._ended is not None or self._looked_s >= gives_up_s:
                return False
            if self._pressed():
                self._guardian.send(StopNow(StopBy.OPERATOR))
            try:
                message = self._heard.get(timeout=LOOK_S)
            except queue.Empty:
                continue
            self._take(message, listener, show)
        return True

    def _take(self, message: FromGuardian | None, listener: Listener, show: Callable[[TrialPhase], None]) -> None:
        if isinstance(message, Tried):
            show(message.phase)
        if isinstance(message, Tried | Stepped | Snapshot):
            for said in listener.heard(message):
                self._guardian.send(said)

    def _await_connection(self) -> None:
        gives_up_s = monotonic_s() + CONNECT_S
        while self._connected is None:
            left_s = gives_up_s - monotonic_s()
            if self._ended is not None or left_s <= 0:
                raise NotConnected(self._ended or f"the treadmill did not answer within {CONNECT_S:.0f} s")
            try:
                message = self._heard.get(timeout=min(left_s, 1.0))
            except queue.Empty:
                continue
            if isinstance(message, ConnectRefused):
                raise NotConnected(message.message)
            if isinstance(message, Connected):
                self._connected = message

    def _hear(self, message: FromGuardian) -> None:
        """On the guardian's reading thread. Between two trials only the newest view counts, and nothing piles up."""
        if isinstance(message, Connected):
            self._epoch = message.epoch
        elif isinstance(message, Snapshot):
            self._snapshot = message
        if self._connected is None or self._looked_s is not None:
            self._heard.put(message)

    def _guardian_ended(self, reason: str) -> None:
        self._ended = reason
        self._heard.put(None)

    def _standby_told(self, told: Told) -> None:
        """The guardian has died, and what became of its belt is what there is to say about the trial."""
        if told.stage is not Stage.READY:
            self._ended = told.message

    def _beat(self) -> None:
        """The lease, and how long the keyboard has not been looked at while the belt may move."""
        seq = 0
        while not self._leaving.wait(BEAT_S):
            seq += 1
            looked_s = self._looked_s
            age_s = 0.0 if looked_s is None else max(0.0, monotonic_s() - looked_s)
            self._guardian.send(Heartbeat(seq, age_s, True))
