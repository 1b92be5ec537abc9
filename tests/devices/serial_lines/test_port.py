"""A real port over a pseudo-terminal: what is written arrives, what fails is told, and nothing waits for ever."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import sys
import termios
import threading
import tty
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import pytest
import serial

from retrotread.devices.errors import ConnectFailed
from retrotread.devices.serialport.line import LineError, LineStuck
from retrotread.devices.serialport.port import SerialPort, open_port

DEADLINE_S = 20.0


@dataclass
class FarEnd:
    """The machine's side of a pseudo-terminal."""

    fd: int
    port: str

    def read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            data += os.read(self.fd, count - len(data))
        return data

    def unplug(self) -> None:
        os.close(self.fd)
        self.fd = -1


@pytest.fixture
def far() -> Iterator[FarEnd]:
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    end = FarEnd(ours, os.ttyname(theirs))
    os.close(theirs)
    yield end
    if end.fd >= 0:
        os.close(end.fd)


async def heard(port: SerialPort, count: int) -> bytes:
    data, complete = bytearray(), asyncio.Event()

    def take(more: bytes) -> None:
        data.extend(more)
        if len(data) >= count:
            complete.set()

    port.on_bytes(take)
    await asyncio.wait_for(complete.wait(), DEADLINE_S)
    return bytes(data)


async def lost(port: SerialPort) -> str:
    told: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    port.on_lost(told.set_result)
    return await asyncio.wait_for(told, DEADLINE_S)


async def test_what_is_written_arrives_and_what_the_machine_says_is_heard(far: FarEnd) -> None:
    port = open_port(far.port, 4800)
    await port.write(b"\xa3" + b"0040")
    assert far.read(5) == b"\xa30040"
    listening = asyncio.ensure_future(heard(port, 5))
    await asyncio.to_thread(os.write, far.fd, b"\xd10012")
    assert await listening == b"\xd10012"
    await port.close()


async def test_no_byte_is_taken_for_a_key_of_a_terminal(far: FarEnd) -> None:
    """Interrupt, end of file, flow control and line ends are bytes like any other, in both directions."""
    every = bytes(range(256))
    port = open_port(far.port, 4800)
    await port.write(every)
    assert far.read(256) == every
    listening = asyncio.ensure_future(heard(port, 256))
    await asyncio.to_thread(os.write, far.fd, every)
    assert await listening == every
    await port.close()


class SlowToTake:
    """A port that keeps its first bytes until it is let go; in place of pyserial's."""

    name = "slow"

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.taking, self.let_go, self.woken = threading.Event(), threading.Event(), threading.Event()

    def write(self, data: bytes) -> None:
        self.taking.set()
        assert self.let_go.wait(DEADLINE_S)
        self.taken.append(data)

    def read(self, count: int) -> bytes:
        self.woken.wait(DEADLINE_S)
        self.woken.clear()
        return b""

    def cancel_read(self) -> None:
        self.woken.set()

    def close(self) -> None:
        pass


async def test_a_stop_passes_what_waits_and_cannot_call_back_what_is_being_taken() -> None:
    slow = SlowToTake()
    port = SerialPort(cast("serial.Serial", slow), asyncio.get_running_loop())
    writes = [asyncio.ensure_future(port.write(b"speed"))]
    assert await asyncio.to_thread(slow.taking.wait, DEADLINE_S)
    writes += [asyncio.ensure_future(port.write(b"poll")), asyncio.ensure_future(port.write(b"stop", first=True))]
    await asyncio.wait(writes, timeout=0)
    slow.let_go.set()
    await asyncio.gather(*writes)
    assert slow.taken == [b"speed", b"stop", b"poll"]
    await port.close()


async def test_an_unplugged_adapter_is_a_lost_line_with_a_sentence(far: FarEnd) -> None:
    port = open_port(far.port, 4800)
    far.unplug()
    assert "still plugged in" in await lost(port)
    with pytest.raises(LineError, match="still plugged in"):
        await port.write(b"\xa2")
    assert "still plugged in" in await lost(port), "who asks later is told too"
    await port.close()


async def test_a_line_that_takes_nothing_is_stuck_after_a_quarter_of_a_second(far: FarEnd) -> None:
    port = open_port(far.port, 4800)

    async def fill_it_up() -> None:
        for _ in range(100):
            await port.write(bytes(4096))

    with pytest.raises(LineStuck, match=r"took nothing for 0\.25 s"):
        await fill_it_up()
    await port.close()


async def test_closing_ends_the_owner_and_a_later_write_is_refused(far: FarEnd) -> None:
    port = open_port(far.port, 4800)
    await asyncio.wait_for(port.close(), DEADLINE_S)
    await asyncio.wait_for(port.close(), DEADLINE_S)
    assert not port._owner.is_alive()
    with pytest.raises(LineError, match="closed"):
        await port.write(b"\xa2")


async def test_a_write_beside_the_closing_is_refused_and_does_not_wait(far: FarEnd) -> None:
    port = open_port(far.port, 4800)
    closing = asyncio.ensure_future(port.close())
    await asyncio.wait([closing], timeout=0)
    with pytest.raises(LineError, match="closed"):
        await asyncio.wait_for(port.write(b"\xa2"), DEADLINE_S)
    await closing


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells whether a terminal is exclusive")
async def test_the_port_is_closed_to_programs_that_ask_for_no_lock(far: FarEnd) -> None:
    port = open_port(far.port, 4800)
    tiocgexcl = 0x80045440
    assert fcntl.ioctl(port._port.fileno(), tiocgexcl, bytes(4)) != bytes(4)
    await port.close()


async def test_a_second_program_of_ours_does_not_get_the_port(far: FarEnd) -> None:
    port = open_port(far.port, 4800)
    with pytest.raises(ConnectFailed, match="another program holds it"):
        open_port(far.port, 4800)
    await port.close()


async def test_a_port_that_is_not_there_says_how_to_find_the_others() -> None:
    with pytest.raises(ConnectFailed, match="retrotread doctor"):
        open_port("/dev/no-such-port", 4800)


async def test_a_speed_and_a_frame_of_eight_bits_are_set(far: FarEnd) -> None:
    port = open_port(far.port, 4800)
    assert port._port.write_timeout == 0.25
    settings = termios.tcgetattr(port._port.fileno())
    assert settings[4:6] == [termios.B4800, termios.B4800]
    assert settings[2] & (termios.CSIZE | termios.PARENB | termios.CSTOPB | termios.CRTSCTS) == termios.CS8
    await port.close()
