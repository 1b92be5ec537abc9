"""The computer as logind tells it, on a thread of its own: whatever the bus does, a run waits for none of it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .battery import Gauge
from .host import LOCKED
from .knowledge import Fact, Knowledge, Topic

if TYPE_CHECKING:
    from .logind import Logind


NOT_KNOWN = "whether the screen is locked or the computer goes to sleep is not known"


@dataclass(frozen=True, slots=True)
class Pace:
    """How long an answer may take, and how long a bus that was lost is left alone before it is tried again.

    logind answers in milliseconds, and so does the policy daemon that it asks. A start lasts 6.5 s at least (hold
    and countdown), so that locks that are late by 2 s are still there before the belt moves.
    """

    answer_s: float = 2.0
    retry_s: float = 5.0


class WatchedHost:
    """A ``Host``. The locks are held from ``arm`` to ``disarm``; the wish is what counts, the thread follows it.

    ``on_change`` is called on the thread after each piece of news and each lock that was taken.
    """

    def __init__(
        self, address: str | None = None, pace: Pace | None = None, on_change: Callable[[], None] | None = None
    ) -> None:
        """Start watching. ``address`` of the bus; None: the system's."""
        self._address, self._pace, self._on_change = address, pace or Pace(), on_change
        self._known = Knowledge()
        self._armed = self._closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wish: asyncio.Event
        self._logind: Logind | None = None
        self._was_there = False
        self._due = True
        self._locks: dict[Topic, int] = {}
        self._gauge = Gauge()
        self._thread = threading.Thread(target=self._run, name="computer", daemon=True)
        self._thread.start()

    @property
    def why(self) -> str | None:
        """See Host."""
        return self._known.why

    def unreachable(self) -> frozenset[str]:
        """See Host."""
        return frozenset({LOCKED}) if Fact.LOCKED in self._known.facts else frozenset()

    def sleeping(self) -> bool:
        """See Host."""
        return not self._known.facts.isdisjoint({Fact.SLEEP, Fact.SHUTDOWN})

    def battery_percent(self) -> int | None:
        """See Host."""
        return self._gauge.percent

    def arm(self) -> None:
        """See Host."""
        self._armed = True
        self._wake()

    def disarm(self) -> None:
        """See Host."""
        self._armed = False
        self._wake()

    def close(self) -> None:
        """See Host."""
        self._armed, self._closed = False, True
        self._gauge.close()
        self._wake()

    def wait(self, seconds: float) -> bool:
        """Whether the thread has ended within that time after ``close``; for those who need to know."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def learned(self, fact: Fact, holds: bool) -> None:
        """News from logind."""
        self._knows(self._known.learned(fact, holds))

    def troubled(self, topic: Topic, sentence: str) -> None:
        """A trouble with logind."""
        self._knows(self._known.troubled(topic, sentence))

    def _knows(self, known: Knowledge) -> None:
        if known != self._known:
            self._known = known
            self._tell()

    def _tell(self) -> None:
        if self._on_change is not None:
            self._on_change()

    def _wake(self) -> None:
        """A loop that does not run yet, or any more, needs no waking: it looks at the wish by itself."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._wish.set)

    def _run(self) -> None:
        try:
            asyncio.run(self._follow_and_hang_up())
        except ImportError as error:
            self.troubled(Topic.BUS, f"{NOT_KNOWN}, because D-Bus cannot be used here ({error})")
        except Exception as error:  # noqa: BLE001 - whatever it was, it costs the run nothing but this sentence
            self._knows(self._known.forgotten())
            self.troubled(Topic.BUS, f"{NOT_KNOWN}, because watching it failed ({error!r})")
        finally:
            self._release()

    async def _follow_and_hang_up(self) -> None:
        try:
            await self._follow()
        finally:
            self._hang_up()

    async def _follow(self) -> None:
        """Follow the wishes until the end. A loss is tried again; a computer without logind is left alone."""
        self._wish, self._loop = asyncio.Event(), asyncio.get_running_loop()
        was_armed = False
        while not self._closed:
            self._wish.clear()
            armed = self._armed
            anew = await self._look(fresh=armed and not was_armed)
            await self._keep(armed, anew)
            was_armed = armed
            await self._next()

    async def _look(self, fresh: bool) -> bool:
        """See how things stand, at a ``fresh`` start or after a loss. Whether it is time to ask for the locks."""
        if self._logind is not None:
            if fresh:
                await self._look_again(self._logind)
            return fresh
        return (fresh or self._due) and await self._connect()

    async def _connect(self) -> bool:
        """Whether logind was reached; where there is none, say so. What an earlier connection told is too old then."""
        from .logind import LogindError, connect

        self._knows(self._known.mended(Topic.SESSION).mended(Topic.NEWS))
        try:
            self._logind = await connect(self._address, self, self._pace.answer_s)
        except LogindError as error:
            self._knows(self._known.forgotten().troubled(Topic.BUS, f"{NOT_KNOWN}: {error}"))
            return False
        self._was_there = True
        self._release()
        self._known = self._known.mended(Topic.BUS)
        self._tell()
        return True

    async def _look_again(self, logind: Logind) -> None:
        """How things stand now, before a start with keys that do arrive: a lock that was only asked for is none."""
        from .logind import LogindError

        self._knows(self._known.mended(Topic.NEWS))
        try:
            await logind.read()
        except LogindError as error:
            self._lost(str(error))

    async def _keep(self, armed: bool, anew: bool) -> None:
        """Hold the locks while armed, and no longer; one that is refused is said and not asked for again and again."""
        from .logind import LOCKS, LogindError

        if not armed:
            self._release()
            return
        for lock in LOCKS if anew else ():
            if self._logind is None or lock.topic in self._locks:
                continue
            try:
                self._locks[lock.topic] = await self._logind.inhibit(lock)
                self._known = self._known.mended(lock.topic)
                self._tell()
            except LogindError as error:
                self.troubled(lock.topic, f"{lock.loss}: {error}")

    async def _next(self) -> None:
        """Wait for the next wish, the loss of the bus, or the moment of another try where there was one before."""
        wish = asyncio.ensure_future(self._wish.wait())
        waits: set[asyncio.Future[str] | asyncio.Task[bool]] = {wish}
        if self._logind is not None:
            waits.add(self._logind.lost)
        patience_s = self._pace.retry_s if self._logind is None and self._was_there else None
        done, _ = await asyncio.wait(waits, timeout=patience_s, return_when=asyncio.FIRST_COMPLETED)
        self._due = not done
        wish.cancel()
        if self._logind is not None and self._logind.lost.done():
            self._lost(self._logind.lost.result())

    def _lost(self, reason: str) -> None:
        """Of the screen nothing is claimed any more. A sleep that was announced still comes, until the next try: the
        bus goes away when the computer shuts down. The locks hold: they lie between us and logind, not the bus.
        """
        self._hang_up()
        self._knows(self._known.learned(Fact.LOCKED, False).troubled(Topic.BUS, f"{NOT_KNOWN}: {reason}"))

    def _hang_up(self) -> None:
        if self._logind is not None:
            self._logind.close()
        self._logind = None

    def _release(self) -> None:
        """Give every lock back; a descriptor is closed once."""
        while self._locks:
            _, descriptor = self._locks.popitem()
            with contextlib.suppress(OSError):
                os.close(descriptor)
