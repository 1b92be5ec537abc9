"""From an address to the two halves of a connection with an FTMS treadmill.

What goes over the air, in this order: subscriptions (control point, machine status, treadmill data), the unlock of the
family, what the machine says of itself, and a request for control. Nothing of it moves a belt. A machine that gives no
control, or that is not the one that was qualified, is still read; the connection's remark says why it is not moved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ...clock import Clock
from ...machine import DeviceProfile, Identity
from ..address import Address
from ..connection import Connection
from ..errors import ConnectFailed
from ..gatt.deadline import within
from ..gatt.link import GattError, GattLink, GattRefused
from ..gatt.printable import printable
from ..gatt.radio import radio_setup
from ..sheet import Sheet
from .characteristics import (
    CONTROL_POINT,
    FIRMWARE,
    INCLINE_RANGE,
    MACHINE_STATUS,
    MANUFACTURER,
    MODEL,
    SPEED_RANGE,
    TREADMILL_DATA,
)
from .claims import UNKNOWN_SHEET, Claims, profile_of, unqualified
from .codec import Range, RangeOf, decode_range, decode_text
from .dialect import FtmsDialect
from .driver import CLOSE_S, FtmsMachine, FtmsReader, FtmsWriter
from .procedure import ATT_WORDS

CALL_S = 2.0
"""One value read, or one subscription: forty times the 45 ms of an answer on record, and still a wait one can bear."""

VALUES_S = 4.0
"""Everything that is read, together: a machine that answers no question may still have to be stopped."""

SLACK_MS = 100
"""Between the driver's own deadlines and the one that its caller sets: the ticks of both."""

ONLY_HEARD = "this connection only listens; its commands are not sent"
NOT_TOLD = "this treadmill takes no commands over the air (it has no control point, 2AD9); it can be read and coached"


async def reach_ftms(address: Address, clock: Clock, sheet: Sheet | None, listen: bool = False) -> Connection:
    """Reach the treadmill. Raises ConnectFailed with a sentence and its mend.

    ``listen``: beside the subscriptions nothing is written; control is not asked for, so whoever has it keeps it.
    """
    from ..gatt.bleak_link import open_link

    setup = radio_setup(address.name, address.options)
    link = await open_link(setup.wanted, clock, setup.via)
    return await connection_over(link, clock, sheet, listen)


async def connection_over(link: GattLink, clock: Clock, sheet: Sheet | None = None, listen: bool = False) -> Connection:
    """A connection over a link that is up. Raises ConnectFailed, and lets go of the link then."""
    try:
        return await _Visit(link, clock, UNKNOWN_SHEET if sheet is None else sheet, listen).connection()
    except (GattError, TimeoutError) as error:
        await _let_go(link, clock)
        name = printable(link.name) or link.address
        why = str(error) or "it did not answer in time"
        raise ConnectFailed(f"{name}: {why}; switch the machine off and on, and end other apps that hold it") from error
    except BaseException:
        await _let_go(link, clock)
        raise


async def _let_go(link: GattLink, clock: Clock) -> None:
    try:
        await within(clock, CLOSE_S, link.close())
    except (GattError, TimeoutError):
        return


_Ear = Callable[[FtmsMachine, bytes], None]
_EARS: tuple[tuple[str, _Ear], ...] = (
    (CONTROL_POINT, FtmsMachine.answer_heard),
    (MACHINE_STATUS, FtmsMachine.status_heard),
    (TREADMILL_DATA, FtmsMachine.data_heard),
)


class _Visit:
    """The first minute with a machine: who it is, what it claims, whether it gives control."""

    def __init__(self, link: GattLink, clock: Clock, sheet: Sheet, listen: bool) -> None:
        self._link, self._clock, self._sheet, self._listens = link, clock, sheet, listen
        self._machine: FtmsMachine | None = None
        self._deaf: str | None = None
        self._read_by_s = 0.0

    async def connection(self) -> Connection:
        link, dialect = self._link, self._sheet.dialect
        if not link.has(TREADMILL_DATA):
            raise GattError("it sends no treadmill data (FTMS, 2ACD), so this program cannot read it")
        await self._subscribe(dialect)
        for write in () if self._listens else dialect.unlock:
            octets = bytes.fromhex(write.value_hex)
            await within(self._clock, CALL_S, link.write(write.uuid, octets, dialect.write_with_response))
        self._read_by_s = self._clock.now_s() + VALUES_S
        identity = await self._identity()
        profile, remark = unqualified(await self._profile(), self._sheet.sealed_for, identity)
        machine = FtmsMachine(link, self._clock, profile, dialect)
        self._machine = machine
        link.on_lost(machine.lost)
        machine.forbids = self._deaf or await self._why_not_driven(machine)
        if machine.over is not None:
            raise GattError(machine.over)
        halves = FtmsReader(machine), FtmsWriter(machine)
        return Connection(*halves, identity, remark or machine.forbids, tells_events=link.has(MACHINE_STATUS))

    async def _why_not_driven(self, machine: FtmsMachine) -> str | None:
        if self._listens:
            return ONLY_HEARD
        return await machine.request_control() if self._link.has(CONTROL_POINT) else NOT_TOLD

    async def _subscribe(self, dialect: FtmsDialect) -> None:
        """One after another, with a gap: some machines drop what comes faster. Without its data it is no use, without
        its answers and events it is only read."""
        for uuid, ear in _EARS[:-1]:
            await self._listen_if_it_can(uuid, ear)
            await self._clock.sleep_until(self._clock.now_s() + dialect.subscribe_gap_ms / 1000)
        await self._listen(*_EARS[-1])

    async def _listen_if_it_can(self, uuid: str, ear: _Ear) -> None:
        try:
            await self._listen(uuid, ear)
        except GattRefused as error:
            why = ATT_WORDS.get(error.code, "it gives no reason that is known")
            self._deaf = f"what it answers and tells cannot be listened to (attribute error 0x{error.code:02x}): {why}"

    async def _listen(self, uuid: str, ear: _Ear) -> None:
        """What comes before the machine is known is not kept: the next report says the same."""

        def heard(payload: bytes) -> None:
            if self._machine is not None:
                ear(self._machine, payload)

        if self._link.has(uuid):
            await within(self._clock, CALL_S, self._link.subscribe(uuid, heard))

    async def _identity(self) -> Identity:
        link = self._link
        texts = [await self._text(uuid) for uuid in (MANUFACTURER, MODEL, FIRMWARE)]
        return Identity(link.address, printable(link.name), *texts)

    async def _text(self, uuid: str) -> str:
        payload = await self._read(uuid)
        return "" if payload is None else printable(decode_text(payload).value or "")

    async def _profile(self) -> DeviceProfile:
        dialect = self._sheet.dialect
        claims = Claims(
            await self._range(SPEED_RANGE, RangeOf.SPEED_KPH), await self._range(INCLINE_RANGE, RangeOf.INCLINE_PERCENT)
        )
        profile = profile_of(self._sheet, claims, printable(self._link.name))
        needed_ms = dialect.write_within_ms + dialect.answer_within_ms + SLACK_MS
        return replace(profile, answer_within_ms=max(profile.answer_within_ms, needed_ms))

    async def _range(self, uuid: str, of: RangeOf) -> Range | None:
        payload = await self._read(uuid)
        return None if payload is None else decode_range(payload, of).value

    async def _read(self, uuid: str) -> bytes | None:
        """A value; None where the machine has none or does not give it."""
        if not self._link.has(uuid):
            return None
        try:
            left_s = min(CALL_S, self._read_by_s - self._clock.now_s())
            return await within(self._clock, left_s, self._link.read(uuid))
        except (GattError, TimeoutError):
            return None
