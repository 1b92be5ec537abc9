"""Which machine a serial address leads to: the adapter's own number is what a sealed sheet is bound to.

No dialect tells which treadmill answers. So the seal holds for the adapter that was plugged into the machine, and for
what its driver can tell beside it; where another one is met the machine is read and nothing is moved.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from ...clock import Clock
from ...machine import Qualification
from ..address import Address
from ..connection import Connection
from ..same_machine import other_machine
from ..sheet import Sheet
from .ports import lasting_name, number_of

Reach = Callable[[Address, Clock, Sheet | None], Awaitable[Connection]]


async def reach_bound(reach: Reach, address: Address, clock: Clock, sheet: Sheet | None) -> Connection:
    """A connection whose identity names the adapter. Raises ConnectFailed.

    Another machine than the sealed one is reached anew as one that nobody has tried out.
    """
    number = number_of(address.name)
    sheet = None if sheet is None else replace(sheet, profile=replace(sheet.profile, unnumbered=number is None))
    connection = _named(await reach(address, clock, sheet), address, number)
    other = other_machine(None if sheet is None else sheet.sealed_for, connection.identity)
    if other is not None and sheet is not None:
        await connection.reader.close()
        connection = _named(await reach(address, clock, _unqualified(sheet)), address, number)
        return replace(connection, remark=other)
    remarks = (connection.remark, None if number is not None else _nameless(address.name))
    return replace(connection, remark="; ".join(one for one in remarks if one is not None) or None)


def _named(connection: Connection, address: Address, number: str | None) -> Connection:
    told = "" if number is None else f"USB serial number {number}"
    identity = replace(connection.identity, address=lasting_name(address.name), name=connection.identity.name or told)
    return replace(connection, identity=identity)


def _unqualified(sheet: Sheet) -> Sheet:
    """What was found of one machine says nothing of another one, and least of all that it reverses."""
    return replace(
        sheet, profile=replace(sheet.profile, qualification=Qualification.NONE, reverses=False), sealed_for=None
    )


def _nameless(port: str) -> str:
    return (
        f"the adapter at {port} has no serial number, so that this address may lead to another treadmill: before you"
        " arm, press the emergency stop or a key at the console, and see here that it is this machine"
    )
