"""A serial port with one thread that owns it; the only file that imports pyserial.

The owner thread alone reads and writes. It sleeps in a read, which ``cancel_read`` ends whenever there is something to
write; so a stop goes out at once, and no two writes ever mix. A port that does not take bytes within a quarter of a
second is stuck; one that fails, as an unplugged adapter does (EIO), is lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import termios
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import serial

from ..errors import ConnectFailed
from .line import LineError, LineStuck

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Future

WRITE_WITHIN_S = 0.25
"""Twenty bytes at 4,800 baud take 42 ms; a port that needs six times that is not taking them."""

READ_AT_ONCE = 4096
"""Bytes that one read may bring; a burst comes in several."""

CLOSE_WITHIN_S = 1.0
"""For the owner thread to notice that it is over."""


@dataclass(slots=True)
class _Written:
    """Bytes on their way to the port, and who waits for them."""

    data: bytes
    done: Future[None]


def open_port(name: str, baud: int) -> SerialPort:
    """Take the port for this process alone: 8 data bits, no parity, 1 stop bit, no flow control.

    Raises ConnectFailed with the mend. Opening may toggle DTR, which some machines notice: only ever with a belt that
    is seen to stand still.
    """
    try:
        port = serial.Serial(name, baud, timeout=None, write_timeout=WRITE_WITHIN_S, exclusive=True)
        # Beside the advisory lock of `exclusive`: from now on nobody but root can open this terminal.
        fcntl.ioctl(port.fileno(), termios.TIOCEXCL)
    except (OSError, ValueError) as error:
        raise ConnectFailed(f"the port {name!r} cannot be opened ({_why(error)}): {_mend(error)}") from error
    return SerialPort(port, asyncio.get_running_loop())


class SerialPort:
    """A ``line.SerialLine`` over a port of this computer."""

    def __init__(self, port: serial.Serial, loop: AbstractEventLoop) -> None:
        self._port, self._loop = port, loop
        self._waiting: deque[_Written] = deque()
        self._lock = threading.Lock()
        self._closing = False
        self._heard: Callable[[bytes], None] = lambda _data: None
        self._lost: Callable[[str], None] | None = None
        self._reason: str | None = None
        self._owner = threading.Thread(target=self._own, name=f"port {port.name}", daemon=True)
        self._owner.start()

    @property
    def name(self) -> str:
        """As of ``SerialLine``."""
        return str(self._port.name)

    async def write(self, data: bytes, first: bool = False) -> None:
        """As of ``SerialLine``."""
        if self._reason is not None:
            raise LineError(self._reason)
        written = _Written(data, self._loop.create_future())
        with self._lock:
            (self._waiting.appendleft if first else self._waiting.append)(written)
        self._wake()
        await written.done

    def on_bytes(self, heard: Callable[[bytes], None]) -> None:
        """As of ``SerialLine``."""
        self._heard = heard

    def on_lost(self, lost: Callable[[str], None]) -> None:
        """As of ``SerialLine``."""
        if self._reason is not None:
            lost(self._reason)
        else:
            self._lost = lost

    async def close(self) -> None:
        """As of ``SerialLine``."""
        self._closing = True
        self._wake()
        await asyncio.to_thread(self._owner.join, CLOSE_WITHIN_S)

    def _wake(self) -> None:
        with contextlib.suppress(OSError, AttributeError):  # a port that has just failed has nothing left to wake
            self._port.cancel_read()

    # --- the owner thread -----------------------------------------------------------------------------------

    def _own(self) -> None:
        reason = "the port was closed"
        try:
            while not self._closing:
                self._write_all()
                data = self._read()
                if data:
                    self._call(self._deliver, data)
        except (OSError, ValueError, TypeError) as error:  # TypeError: pyserial's own, when the descriptor is gone
            reason = f"the port {self.name} failed ({_why(error)}); is the adapter still plugged in?"
        with contextlib.suppress(OSError):
            self._port.close()
        self._call(self._gone, reason)

    def _read(self) -> bytes:
        """At least one byte, with all that is there; nothing when woken."""
        first: bytes = self._port.read(1)
        if not first:
            return b""
        more = min(self._port.in_waiting, READ_AT_ONCE)
        return first + (self._port.read(more) if more else b"")

    def _write_all(self) -> None:
        while (written := self._next()) is not None:
            try:
                self._port.write(written.data)
            except serial.SerialTimeoutException:
                self._port.reset_output_buffer()  # half a message must not come true later
                self._call(_fail, written.done, LineStuck(f"the port took nothing for {WRITE_WITHIN_S} s"))
            except OSError as error:
                self._call(_fail, written.done, LineError(f"the port failed: {_why(error)}"))
                raise
            else:
                self._call(_succeed, written.done)

    def _next(self) -> _Written | None:
        with self._lock:
            return self._waiting.popleft() if self._waiting else None

    def _call(self, what: Callable[..., None], *arguments: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody is left to tell
            self._loop.call_soon_threadsafe(what, *arguments)

    # --- on the loop ----------------------------------------------------------------------------------------

    def _deliver(self, data: bytes) -> None:
        if not self._closing:
            self._heard(data)

    def _gone(self, reason: str) -> None:
        self._reason = reason
        with self._lock:
            waiting, self._waiting = self._waiting, deque()
        for written in waiting:
            _fail(written.done, LineError(reason))
        if self._lost is not None and not self._closing:
            self._lost(reason)


def _succeed(done: Future[None]) -> None:
    if not done.done():
        done.set_result(None)


def _fail(done: Future[None], error: LineError) -> None:
    if not done.done():
        done.set_exception(error)


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _mend(error: Exception) -> str:
    text = str(error).lower()
    if "permission" in text or "denied" in text:
        return "add yourself to the group that owns it (dialout or uucp), log in anew and try again"
    if "no such file" in text or "could not find" in text:
        return "plug the adapter in and look which ports there are: retrotread doctor"
    if "lock" in text or "busy" in text or "unavailable" in text:
        return "another program holds it; end that one"
    return "unplug the adapter, plug it in again and try once more"
