"""The voice on a thread of its own: one child process for each text, or the bell where nothing speaks."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ...clock import monotonic_s
from .child import Watched, how_it_ended, start, why_not_started
from .commands import SpeechCommand
from .health import Health
from .speaker import BELL_GAP_S, Started

WAITING_AT_MOST = 2
"""Texts that wait behind the one that is spoken: each takes about two seconds, and a third would speak of the past."""
WAITED_AT_MOST_S = 4.0
"""A text that waited longer is left out: a rise is announced 5 s before it, so what is older speaks of what was."""
SPOKEN_AT_MOST_S = 10.0
"""No cue takes half of it; a child that lives longer waits for a sound device that does not come."""
GRACE_S = 0.04
"""From "end" to "be killed", and from there to going on without it: both together stay within the 100 ms that a cue
may be late. A speech program without a handler of its own ends within a millisecond."""
BELLS_WAITING = 8
"""Bells for urgent texts that were not rung yet; there is more than one only if the bell itself takes long."""
BELLS_AT_MOST = 9
"""Of one ``ring``: nobody counts more."""
CHARACTERS_AT_MOST = 400
"""Of one text: twice what fits into ``SPOKEN_AT_MOST_S``, and less than the 4096 bytes that a pipe takes at once."""


def _wait(changed: threading.Condition, seconds: float | None) -> None:
    changed.wait(seconds)


@dataclass(frozen=True, slots=True)
class Pace:
    """Time as the worker sees it: ``now_s``, and waiting for a change for at most so many seconds (None: for ever)."""

    now_s: Callable[[], float] = monotonic_s
    wait: Callable[[threading.Condition, float | None], None] = _wait


REAL_PACE = Pace()


@dataclass(frozen=True, slots=True)
class Text:
    """Words to say, when that was asked for, and when it was planned (if it was)."""

    words: str
    urgent: bool
    said_s: float
    planned_s: float | None = None


class Worker:
    """A ``Speaker``. ``command`` None: the bell speaks, once for each urgent text.

    An urgent text ends what is spoken, empties the queue and takes the place of an urgent one that has not begun:
    the newest is the truth. Of the others ``WAITING_AT_MOST`` wait; a newer one takes the place of the oldest.
    """

    def __init__(self, bell: Callable[[], None], command: SpeechCommand | None, pace: Pace = REAL_PACE) -> None:
        self.started: Callable[[Started], None] | None = None
        self.can_speak = command is not None
        self._bell = bell
        self._command = command
        self._pace = pace
        self._health = Health()
        self._changed = threading.Condition()
        self._urgent: deque[Text] = deque(maxlen=BELLS_WAITING if command is None else 1)
        self._waiting: deque[Text] = deque(maxlen=WAITING_AT_MOST)
        self._bells = 0
        self._closed = False
        self._child: Watched | None = None
        threading.Thread(target=self._run, name="voice", daemon=True).start()

    # --- any thread -----------------------------------------------------------------------------------------

    @property
    def ok(self) -> bool:
        """Whether the voice, or the bell in its place, works as far as is known."""
        return self._health.why is None

    @property
    def why(self) -> str | None:
        """What is wrong with it, in a sentence."""
        return self._health.why

    def say(self, text: str, urgent: bool = False, planned_s: float | None = None) -> None:
        """Speak soon; ``urgent``: now. What cannot be printed is left out, and what is too long is cut."""
        words = "".join(letter if letter.isprintable() else " " for letter in text[:CHARACTERS_AT_MOST]).strip()
        if not words or not (urgent or self.can_speak):
            return
        asked = Text(words, urgent, self._pace.now_s(), planned_s)
        with self._changed:
            if urgent:
                self._waiting.clear()
            (self._urgent if urgent else self._waiting).append(asked)
            self._changed.notify_all()

    def ring(self, times: int) -> None:
        """Ring so often; a newer count takes the place of an older one."""
        with self._changed:
            self._bells = max(0, min(times, BELLS_AT_MOST))
            self._changed.notify_all()

    def close(self) -> None:
        """Silence. The child is killed at once: the program may end before anybody could wait for it."""
        with self._changed:
            self._closed = True
            child = self._child
            self._changed.notify_all()
        if child is not None:
            child.end(force=True)

    # --- the voice's own thread -----------------------------------------------------------------------------

    def _run(self) -> None:
        while (job := self._next()) is not None:
            try:
                job()
            except Exception as error:  # noqa: BLE001  whatever it is, the voice goes on and says that it failed
                self._health.broke(
                    f"the voice failed ({type(error).__name__}: {error}); end the program, start it anew"
                )

    def _next(self) -> Callable[[], None] | None:
        """Wait for something to do; None: closed."""
        with self._changed:
            while not (self._interrupted() or self._bells or self._waiting):
                self._pace.wait(self._changed, None)
            if self._closed:
                return None
            if self._urgent:
                return partial(self._perform, self._urgent.popleft())
            if self._bells:
                return self._count_bells
            return partial(self._perform, self._waiting.popleft())

    def _interrupted(self) -> bool:
        return self._closed or bool(self._urgent)

    def _perform(self, text: Text) -> None:
        if self._command is None:
            self._ring_once()
            self._tell(text, self._pace.now_s())
        elif text.urgent or self._pace.now_s() - text.said_s <= WAITED_AT_MOST_S:
            self._speak(self._command, text)

    def _speak(self, command: SpeechCommand, text: Text) -> None:
        try:
            process = start(command.arguments(text.words), command.stdin(text.words))
            started_s = self._pace.now_s()
            child = Watched(process, self._changed)
        except (OSError, ValueError) as error:
            self._health.failed(command.name, f"cannot be started ({why_not_started(error)})")
            return
        with self._changed:
            self._child = child
        try:
            self._tell(text, started_s)
        finally:
            self._listen(command, child)

    def _listen(self, command: SpeechCommand, child: Watched) -> None:
        """Until the child has ended or is ended; who is interrupted has neither worked nor failed."""
        self._wait_for(lambda: child.exit_code is not None or self._interrupted(), SPOKEN_AT_MOST_S)
        exit_code, interrupted = child.exit_code, self._interrupted()
        if exit_code is None:
            self._end(child)
        if exit_code == 0:
            self._health.worked()
        elif exit_code is not None and not self._closed:
            self._health.failed(command.name, how_it_ended(exit_code))
        elif not interrupted:
            self._health.failed(command.name, f"did not end within {SPOKEN_AT_MOST_S:.0f} s")

    def _end(self, child: Watched) -> None:
        for force in (False, True):
            child.end(force)
            if self._wait_for(lambda: child.exit_code is not None, GRACE_S):
                return

    def _count_bells(self) -> None:
        with self._changed:
            times, self._bells = self._bells, 0
        for _ in range(times):
            self._ring_once()
            if self._wait_for(lambda: self._interrupted() or bool(self._bells), BELL_GAP_S):
                return

    def _ring_once(self) -> None:
        try:
            self._bell()
        except Exception as error:  # noqa: BLE001  the bell is the caller's: whatever it raises, it was not heard
            self._health.broke(f"the bell could not be rung ({type(error).__name__}: {error}); do not go by sound")
        else:
            if not self.can_speak:
                self._health.worked()

    def _tell(self, text: Text, started_s: float) -> None:
        if self.started is not None:
            self.started(Started(text.words, text.planned_s, started_s))

    def _wait_for(self, true: Callable[[], bool], seconds: float) -> bool:
        """Whether it came true within that time."""
        until_s = self._pace.now_s() + seconds
        with self._changed:
            while not true():
                left_s = until_s - self._pace.now_s()
                if left_s <= 0.0:
                    return False
                self._pace.wait(self._changed, left_s)
        return True
