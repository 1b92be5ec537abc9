"""The radio that the kernel is lent, with a terminal in the kernel's place: the bytes of the device are what counts."""

from __future__ import annotations

import asyncio
import os
import tty
from collections.abc import Iterator

import pytest

from retrotread.devices.peripheral.kernel import lend_to_kernel
from retrotread.devices.peripheral.room import Room

RESET = bytes.fromhex("01030c00")
RESET_DONE = bytes.fromhex("040e0401030c00")
"""HCI Reset and its Command Complete (Core Specification, vol 4 part E, 7.3.2), any number of commands allowed."""


@pytest.fixture
def device() -> Iterator[tuple[int, str]]:
    """Our end, which plays the kernel, and the path of the other."""
    ours, theirs = os.openpty()
    tty.setraw(ours)
    tty.setraw(theirs)
    yield ours, os.ttyname(theirs)
    os.close(ours)
    os.close(theirs)


async def from_kernel(ours: int, octets: int) -> bytes:
    """So many octets that the controller sent; each wait has its deadline."""
    loop, said = asyncio.get_running_loop(), b""
    while len(said) < octets:
        readable = asyncio.Event()
        loop.add_reader(ours, readable.set)
        try:
            await asyncio.wait_for(readable.wait(), 10)
        finally:
            loop.remove_reader(ours)
        said += os.read(ours, octets - len(said))
    return said


async def test_the_kernel_gets_a_controller_that_answers(device: tuple[int, str]) -> None:
    ours, path = device
    room = Room()
    take_away = await lend_to_kernel(room, path)
    assert await from_kernel(ours, 2) == b"\xff\x00"  # make a controller of the kind BR/EDR and LE
    os.write(ours, RESET)
    answer = await from_kernel(ours, len(RESET_DONE))
    assert answer[:3] + answer[4:] == RESET_DONE[:3] + RESET_DONE[4:]
    assert len(room.controllers) == 1
    await take_away()
    assert len(room.controllers) == 0


async def test_a_device_that_is_not_there_is_an_error_of_the_system() -> None:
    with pytest.raises(OSError, match="No such file"):
        await lend_to_kernel(Room(), "/nonexistent/vhci")
