"""The first words with a machine on a serial line."""

from __future__ import annotations

from typing import Protocol

from ...machine import DeviceProfile, Qualification
from ..errors import ConnectFailed
from ..sheet import Sheet
from .line import LineError

TRIES = 5
"""Questions before a machine counts as not there: a second, longer than a board takes to boot its line."""


class Meets(Protocol):
    """A driver over a line that is open."""

    async def meet(self) -> None:
        """Raises TimeoutError where nobody answers who speaks like this, and LineError."""
        ...

    async def close(self) -> None:
        """Let go of the line."""
        ...


async def met(machine: Meets, port: str, who: str) -> None:
    """The machine has answered. Raises ConnectFailed with what to look at, and lets go of the line then."""
    for left in reversed(range(TRIES)):
        try:
            await machine.meet()
            return
        except TimeoutError:
            if not left:
                await machine.close()
                raise ConnectFailed(
                    f"nothing on {port} answers as a {who} does: is the treadmill switched on, is its"
                    " emergency stop let out, and is this its cable?"
                ) from None
        except LineError as error:
            await machine.close()
            raise ConnectFailed(str(error)) from error


def known_to_reverse(sheet: Sheet | None) -> bool:
    """What a family says of its belts is not said of this one: only a sheet that is sealed for a machine counts."""
    return sheet is not None and sheet.sealed_for is not None and sheet.profile.reverses


def remark_of(moving: bool, profile: DeviceProfile) -> str | None:
    """What stands in the way of moving this machine; None where nothing does."""
    if moving:
        return "the belt was not at rest when the port was opened; it is only read, and stopped"
    if profile.qualification is Qualification.NONE:
        return "nobody has tried this machine out: it is only read until it is qualified"
    return None
