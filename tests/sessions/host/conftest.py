"""A bus of its own, and a logind on it that does what the test says. Both are real processes and real messages."""

from __future__ import annotations

import asyncio
import os
import select
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from dbus_fast import BusType, ErrorType, Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.constants import PropertyAccess
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

from retrotread.sessions.host.watched import Pace, WatchedHost

DEADLINE_S = 20.0
CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow own="*"/> <allow send_destination="*" eavesdrop="true"/> <allow eavesdrop="true"/> <allow user="*"/>
  </policy>
</busconfig>
"""
SESSION_PATH = "/org/freedesktop/login1/session/_31"


class Bus:
    """One dbus-daemon."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("dbus-daemon")
        assert program is not None, "these tests need dbus-daemon: install the package dbus"
        self.address = f"unix:path={folder / 'bus'}"
        (folder / "bus.conf").write_text(CONFIG.format(socket=folder / "bus"))
        self.process = subprocess.Popen(
            [program, f"--config-file={folder / 'bus.conf'}", "--nofork", "--nopidfile", "--print-address"],
            stdout=subprocess.PIPE,
        )
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], DEADLINE_S)
        assert ready
        assert self.process.stdout.readline()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


class Manager(ServiceInterface):
    """org.freedesktop.login1.Manager, as far as it is asked."""

    def __init__(self) -> None:
        super().__init__("org.freedesktop.login1.Manager")
        self.asked = 0
        self.taken: list[tuple[str, ...]] = []
        self.ours: list[int] = []
        self.refuses = False
        self.silent = threading.Event()
        self.speaks = asyncio.Event()
        self.news = threading.Semaphore(0)

    @dbus_method()
    def GetSessionByPID(self, pid: u) -> o:  # type: ignore[name-defined]  # noqa: F821, N802
        return SESSION_PATH

    @dbus_property(access=PropertyAccess.READ)
    def PreparingForSleep(self) -> b:  # type: ignore[name-defined]  # noqa: F821, N802
        return False

    @dbus_property(access=PropertyAccess.READ)
    def PreparingForShutdown(self) -> b:  # type: ignore[name-defined]  # noqa: F821, N802
        return False

    @dbus_signal()
    def PrepareForSleep(self, begins: bool) -> b:  # type: ignore[name-defined]  # noqa: F821, N802
        return begins

    @dbus_signal()
    def PrepareForShutdown(self, begins: bool) -> b:  # type: ignore[name-defined]  # noqa: F821, N802
        return begins


class Session(ServiceInterface):
    """org.freedesktop.login1.Session."""

    def __init__(self) -> None:
        super().__init__("org.freedesktop.login1.Session")
        self.locked = False

    @dbus_property(access=PropertyAccess.READ)
    def LockedHint(self) -> b:  # type: ignore[name-defined]  # noqa: F821, N802
        return self.locked

    @dbus_signal()
    def Lock(self) -> None:  # noqa: N802
        return None

    @dbus_signal()
    def Unlock(self) -> None:  # noqa: N802
        return None


class FakeLogind:
    """A logind on a thread of its own."""

    def __init__(self, address: str) -> None:
        self.manager, self.session = Manager(), Session()
        self.answers: dict[str, Callable[[Message], Message]] = {}
        """By member: what is answered in place of the above."""
        self._granting: list[asyncio.Future[None]] = []
        self._address = address
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda _loop, _context: None)  # a bus that is killed is what some tests want
        self._thread = threading.Thread(target=self._loop.run_forever, name="fake logind")
        self._thread.start()
        self._bus = self.does(self._serve())

    async def _serve(self) -> MessageBus:
        bus = await MessageBus(bus_address=self._address, bus_type=BusType.SYSTEM, negotiate_unix_fd=True).connect()
        bus.export("/org/freedesktop/login1", self.manager)
        bus.export(SESSION_PATH, self.session)
        bus.add_message_handler(self._answer)
        await bus.request_name("org.freedesktop.login1")
        return bus

    def _answer(self, asked: Message) -> Message | bool | None:
        if asked.message_type is not MessageType.METHOD_CALL:
            return None
        if answer := self.answers.get(asked.member or ""):
            return answer(asked)
        if asked.member != "Inhibit":
            return None
        self.manager.asked += 1
        self._granting.append(asyncio.ensure_future(self._grant(asked)))
        return True

    async def _grant(self, asked: Message) -> None:
        """A lock: the writing end of a pipe, of which we keep no copy, so that the reading end sees it close."""
        manager = self.manager
        if manager.silent.is_set():
            await manager.speaks.wait()
        if manager.refuses:
            await self._bus.send(Message.new_error(asked, ErrorType.ACCESS_DENIED, "Permission denied"))
            return
        manager.taken.append(tuple(asked.body))
        ours, theirs = os.pipe()
        await self._bus.send(Message.new_method_return(asked, "h", [0], [theirs]))
        os.close(theirs)
        manager.ours.append(ours)
        manager.news.release()

    def sends(
        self, path: str, name: str, signature: str = "", body: Sequence[object] = (), to: str | None = None
    ) -> None:
        """A signal as it should not be: ``name`` with its interface, below logind's; ``to`` one program alone."""
        interface, _, member = f"org.freedesktop.login1.{name}".rpartition(".")
        signal = Message(
            destination=to,
            path=path,
            interface=interface,
            member=member,
            message_type=MessageType.SIGNAL,
            signature=signature,
            body=list(body),
        )

        async def send() -> None:
            await self._bus.send(signal)

        self.does(send())

    def hands_out(self) -> None:
        """A signal with a descriptor that nobody wants; it counts as a lock, so that ``released`` can wait for it."""

        async def hand_out() -> None:
            ours, theirs = os.pipe()
            self.manager.ours.append(ours)
            signal = Message.new_signal(
                "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "SeatNew", "h", [0], [theirs]
            )
            await self._bus.send(signal)
            os.close(theirs)

        self.does(hand_out())

    def speaks(self) -> None:
        """After a silence: all that was asked is answered now, late."""

        async def speak() -> None:
            self.manager.silent.clear()
            self.manager.speaks.set()

        self.does(speak())

    def does(self, work: Any) -> Any:
        """Something on its loop."""
        future: Future[Any] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return future.result(DEADLINE_S)

    def says(self, signal: Callable[..., Any], *values: Any) -> None:
        """Emit a signal."""

        async def emit() -> None:
            signal(*values)

        self.does(emit())

    def locks(self, locked: bool) -> None:
        """The screen is locked or unlocked, as the property tells."""

        async def change() -> None:
            self.session.locked = locked
            self.session.emit_properties_changed({"LockedHint": locked})

        self.does(change())

    def released(self, index: int) -> bool:
        """Wait until the lock with that number has been given back: its pipe has no other end any more."""
        ready, _, _ = select.select([self.manager.ours[index]], [], [], DEADLINE_S)
        return bool(ready) and os.read(self.manager.ours[index], 1) == b""

    def took(self, count: int) -> bool:
        """Wait until so many locks were asked for and given."""
        return all(self.manager.news.acquire(timeout=DEADLINE_S) for _ in range(count))

    def held(self, index: int) -> bool:
        """Whether that lock is held now."""
        ready, _, _ = select.select([self.manager.ours[index]], [], [], 0)
        return not ready

    def leaves(self) -> None:
        """Give the name up, as one that ends."""

        async def leave() -> None:
            await self._bus.release_name("org.freedesktop.login1")

        self.does(leave())

    def end(self) -> None:
        async def leave() -> None:
            self._bus.disconnect()
            for task in asyncio.all_tasks():
                if task is not asyncio.current_task():
                    task.cancel()

        self.does(leave())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(DEADLINE_S)
        self._loop.close()
        for descriptor in self.manager.ours:
            os.close(descriptor)


class Watched:
    """A host under test, and waiting for what it learns."""

    def __init__(self, address: str, pace: Pace) -> None:
        self.news = threading.Condition()
        self.host = WatchedHost(address, pace, self._told)

    def _told(self) -> None:
        with self.news:
            self.news.notify_all()

    def until(self, true: Callable[[WatchedHost], bool]) -> bool:
        """Wait until it holds of the host."""
        with self.news:
            return self.news.wait_for(lambda: true(self.host), DEADLINE_S)

    def end(self) -> None:
        self.host.close()
        assert self.host.wait(DEADLINE_S)


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    one = Bus(tmp_path)
    yield one
    one.end()


@pytest.fixture
def logind(bus: Bus) -> Iterator[FakeLogind]:
    one = FakeLogind(bus.address)
    yield one
    one.end()


@pytest.fixture
def watch(bus: Bus) -> Iterator[Callable[..., Watched]]:
    made: list[Watched] = []

    def make(pace: Pace | None = None, address: str = bus.address) -> Watched:
        made.append(Watched(address, pace or Pace(answer_s=5.0, retry_s=0.2)))
        return made[-1]

    yield make
    for one in made:
        one.end()
