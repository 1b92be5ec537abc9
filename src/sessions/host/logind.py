"""logind over the system bus. The one file that imports D-Bus; it is itself imported late, on the host's thread.

Interfaces as in org.freedesktop.login1(5), https://www.freedesktop.org/software/systemd/man/latest/
org.freedesktop.login1.html; inhibitor locks as in https://systemd.io/INHIBITOR_LOCKS. elogind speaks the same.
Nothing that arrives is trusted to have the type that the manual gives it, and a signal counts only when the owner of
logind's name sent it: the system bus delivers those of any program.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from dbus_fast import BusType, DBusFastError, Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from .knowledge import Fact, Topic

NAME = "org.freedesktop.login1"
MANAGER_PATH = "/org/freedesktop/login1"
MANAGER = f"{NAME}.Manager"
SESSION = f"{NAME}.Session"
PROPERTIES = "org.freedesktop.DBus.Properties"
BUS = "org.freedesktop.DBus"
BUS_PATH = "/org/freedesktop/DBus"
WHO = "Retrotread"

PREPARING = {"PrepareForSleep": Fact.SLEEP, "PrepareForShutdown": Fact.SHUTDOWN}
LOCKING = {"Lock": True, "Unlock": False}
BUS_TROUBLES = (OSError, EOFError, DBusFastError)
"""What a lost, refusing or senseless bus raises; a deadline is an OSError too."""

# Without a handler the library complains on stderr, which belongs to the screen; what matters is said in a sentence.
logging.getLogger("dbus_fast").addHandler(logging.NullHandler())


class LogindError(Exception):
    """logind or its bus did not do what was asked. The text is a sentence for people, without a full stop."""


class Listener(Protocol):
    """Who is told of the news, on the loop of the connection."""

    def learned(self, fact: Fact, holds: bool) -> None:
        """logind said so."""
        ...

    def troubled(self, topic: Topic, sentence: str) -> None:
        """Something does not work."""
        ...


@dataclass(frozen=True, slots=True)
class Lock:
    """An inhibitor lock: what it holds back, its mode, and what is lost where it is refused."""

    topic: Topic
    what: str
    why: str
    mode: str
    loss: str


LOCKS = (
    Lock(
        Topic.BLOCK,
        "sleep:idle:handle-lid-switch",
        "A treadmill is moving a person",
        "block",
        "the computer may go to sleep while the belt moves",
    ),
    Lock(
        Topic.DELAY,
        "sleep:shutdown",
        "The treadmill is stopped first",
        "delay",
        "a sleep or shutdown would not wait for the belt to stop",
    ),
)


class Logind:
    """One connection. Lives once: when it is lost, ``lost`` is set to a sentence, and another one is made."""

    def __init__(self, bus: MessageBus, listener: Listener, deadline_s: float) -> None:
        """Use ``connect``. ``deadline_s`` is for each answer."""
        self._bus, self._listener, self._deadline_s = bus, listener, deadline_s
        self._owner: str | None = None
        self._session: str | None = None
        self._late: set[asyncio.Task[Message | None]] = set()
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._watching = asyncio.ensure_future(self._watch())

    async def listen(self) -> None:
        """Hear the news from now on, and tell how things stand. Raises LogindError."""
        self._bus.add_message_handler(self._hear)
        owner_changed = f"sender='{BUS}',interface='{BUS}',member='NameOwnerChanged',arg0='{NAME}'"
        for rule in (f"type='signal',sender='{NAME}'", f"type='signal',{owner_changed}"):
            await self._ask_bus("AddMatch", rule)
        self._session = await self._find_session()
        self._owner = _text(await self._ask_bus("GetNameOwner", NAME), "GetNameOwner")
        await self.read()

    async def read(self) -> None:
        """Tell how things stand. Raises LogindError."""
        for name, fact in (("PreparingForSleep", Fact.SLEEP), ("PreparingForShutdown", Fact.SHUTDOWN)):
            await self._read_fact(MANAGER_PATH, MANAGER, name, fact)
        if self._session is not None:
            await self._read_fact(self._session, SESSION, "LockedHint", Fact.LOCKED)

    async def inhibit(self, lock: Lock) -> int:
        """Take a lock: a file descriptor, in force until it is closed. Raises LogindError."""
        reply = await self._ask(MANAGER_PATH, MANAGER, "Inhibit", "ssss", [lock.what, WHO, lock.why, lock.mode])
        fds = list(reply.unix_fds)
        if reply.signature != "h" or len(fds) != 1:
            _close(fds)
            raise LogindError(f"logind answered Inhibit with {_shown(reply.body)} instead of one file descriptor")
        os.set_inheritable(fds[0], False)
        return fds[0]

    def close(self) -> None:
        """Hang up."""
        self._bus.disconnect()

    async def _watch(self) -> None:
        """Set ``lost`` when the bus has gone."""
        try:
            await self._bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
            self._lose("the system bus has closed the connection")
        except Exception as error:  # noqa: BLE001 - what came may have been no message at all
            self._lose(f"the system bus was lost ({_reason(error)})")

    def _lose(self, sentence: str) -> None:
        if not self.lost.done():
            self.lost.set_result(sentence)

    async def _find_session(self) -> str | None:
        """The object of the session that this process belongs to, by the first way that leads to one.

        A program in a terminal of a modern desktop runs under the user's service manager and not in the session's
        own scope; "auto" then means the session that the user sees.
        """
        ways: list[tuple[str, str, int | str]] = [("GetSessionByPID", "u", os.getpid())]
        if named := os.environ.get("XDG_SESSION_ID"):
            ways.append(("GetSession", "s", named))
        ways.append(("GetSession", "s", "auto"))
        refusal = ""
        for member, signature, key in ways:
            try:
                return _path(await self._ask(MANAGER_PATH, MANAGER, member, signature, [key]), member)
            except Refused as error:
                refusal = str(error)
        sentence = f"whether the screen is locked is not known, because this program has no login session ({refusal})"
        self._listener.troubled(Topic.SESSION, sentence)
        return None

    async def _read_fact(self, path: str, interface: str, name: str, fact: Fact) -> None:
        try:
            reply = await self._ask(path, PROPERTIES, "Get", "ss", [interface, name])
        except Refused as error:
            self._listener.troubled(Topic.NEWS, f"logind does not tell {name} ({error})")
            return
        self._tell(name, fact, reply.body[0] if len(reply.body) == 1 else reply.body)

    def _tell(self, name: str, fact: Fact, value: object) -> None:
        value = value.value if isinstance(value, Variant) else value
        if isinstance(value, bool):
            self._listener.learned(fact, value)
        else:
            self._listener.troubled(Topic.NEWS, f"logind says {_shown(value)} for {name}, which is neither yes nor no")

    def _hear(self, message: Message) -> None:
        if message.message_type is not MessageType.SIGNAL:
            return
        _close(message.unix_fds)
        if message.sender == BUS and message.member == "NameOwnerChanged":
            self._hear_owner(message.body)
        elif message.sender == self._owner and message.path == MANAGER_PATH and message.interface == MANAGER:
            self._hear_manager(message)
        elif message.sender == self._owner and message.path == self._session:
            self._hear_session(message)

    def _hear_owner(self, body: list[object]) -> None:
        if len(body) == 3 and body[0] == NAME and self._owner is not None and body[2] != self._owner:
            self._lose("logind has ended")

    def _hear_manager(self, message: Message) -> None:
        name = message.member or ""
        if name in PREPARING:
            self._tell(name, PREPARING[name], message.body[0] if len(message.body) == 1 else message.body)

    def _hear_session(self, message: Message) -> None:
        if message.interface == SESSION and message.member in LOCKING:
            self._listener.learned(Fact.LOCKED, LOCKING[message.member])
        elif message.interface == PROPERTIES and message.member == "PropertiesChanged":
            changed = message.body[1] if len(message.body) > 1 else None
            if isinstance(changed, Mapping) and "LockedHint" in changed:
                self._tell("LockedHint", Fact.LOCKED, changed["LockedHint"])

    async def _ask_bus(self, member: str, argument: str) -> Message:
        return await self._send(Message(BUS, BUS_PATH, BUS, member, signature="s", body=[argument]))

    async def _ask(self, path: str, interface: str, member: str, signature: str, body: list[object]) -> Message:
        return await self._send(Message(NAME, path, interface, member, signature=signature, body=body))

    async def _send(self, message: Message) -> Message:
        """The answer to a call. Raises Refused for an error reply, LogindError where there is none in time.

        A call that took too long is not cancelled but forgotten: its answer may still bring a file descriptor, and
        one that nobody closes is a lock that nobody releases.
        """
        task = asyncio.ensure_future(self._bus.call(message))
        await asyncio.wait({task}, timeout=self._deadline_s)
        if not task.done():
            self._late.add(task)
            task.add_done_callback(self._drop)
            raise LogindError(f"{message.destination} did not answer {message.member} within {self._deadline_s:g} s")
        return _answer(message, task)

    def _drop(self, task: asyncio.Task[Message | None]) -> None:
        self._late.discard(task)
        if not task.cancelled() and task.exception() is None and (reply := task.result()) is not None:
            _close(reply.unix_fds)


class Refused(LogindError):
    """The answer was an error: logind lives and says no."""


async def connect(address: str | None, listener: Listener, deadline_s: float) -> Logind:
    """A connection over the system bus, or the bus at ``address``. Raises LogindError, each wait has its deadline."""
    logind = await _open(address, listener, deadline_s)
    try:
        await logind.listen()
    except BaseException:
        logind.close()
        raise
    return logind


async def _open(address: str | None, listener: Listener, deadline_s: float) -> Logind:
    try:
        async with asyncio.timeout(deadline_s):
            bus = MessageBus(bus_address=address, bus_type=BusType.SYSTEM, negotiate_unix_fd=True)
            await bus.connect()
    except TimeoutError:
        raise LogindError(f"the system bus did not answer within {deadline_s:g} s") from None
    except Exception as error:  # what answered may have been no bus at all
        raise LogindError(f"the system bus cannot be reached ({_reason(error)})") from error
    return Logind(bus, listener, deadline_s)


def _answer(asked: Message, task: asyncio.Task[Message | None]) -> Message:
    try:
        reply = task.result()
    except BUS_TROUBLES as error:
        raise LogindError(f"the system bus was lost during {asked.member} ({_reason(error)})") from error
    if reply is None:
        raise LogindError(f"the system bus was lost during {asked.member}")
    if reply.message_type is MessageType.ERROR:
        _close(reply.unix_fds)
        raise Refused(f"{asked.member}: {reply.error_name}: {_shown(reply.body[0] if reply.body else '')}")
    return reply


def _path(reply: Message, member: str) -> str:
    if reply.signature != "o":
        raise LogindError(f"logind answered {member} with {_shown(reply.body)} instead of an object")
    return str(reply.body[0])


def _text(reply: Message, member: str) -> str:
    if reply.signature != "s":
        raise LogindError(f"the bus answered {member} with {_shown(reply.body)} instead of a name")
    return str(reply.body[0])


def _close(fds: Iterable[int]) -> None:
    for fd in fds:
        os.close(fd)


def _reason(error: BaseException) -> str:
    """Some of the errors of a lost bus carry no words."""
    return str(error) or type(error).__name__


def _shown(value: object) -> str:
    """What came, short enough for a sentence: a hundred characters name any honest value."""
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:97]}..."
