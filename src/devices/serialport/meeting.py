"""The first words with a machine on a serial line."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Protocol

from ...machine import Command, CommandOutcome, DeviceProfile, Qualification, StopBelt
from ..errors import ConnectFailed
from ..sheet import Sheet
from .line import LineError

TRIES = 5
"""Questions before a machine counts as not there: a second, longer than a board takes to boot its line."""


STOP_FIRST: ContextVar[bool] = ContextVar("STOP_FIRST", default=False)
"""Set by whoever opens a line because a belt may run at its end: the stop goes before the first question, and so also
to a machine whose answers do not come back."""


class Meets(Protocol):
    """A driver over a line that is open."""

    @property
    def profile(self) -> DeviceProfile:
        """As its sheet says; without one, as its family's."""
        ...

    async def perform(self, command: Command) -> CommandOutcome:
        """As of ``TreadmillWriter``."""
        ...

    async def meet(self) -> None:
        """Raises TimeoutError where nobody answers who speaks like this, and LineError."""
        ...

    async def close(self) -> None:
        """Let go of the line."""
        ...


async def met(machine: Meets, port: str, who: str) -> None:
    """The machine has answered. Raises ConnectFailed with what to look at, and lets go of the line then."""
    if STOP_FIRST.get() and machine.profile.stop_repeat_ok:
        await machine.perform(StopBelt())
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
