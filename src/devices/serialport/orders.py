"""Commands over an exchange: a stop goes out before all, and whatever waits behind it is not sent any more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from ...clock import Clock
from ...machine import Capabilities, Command, CommandOutcome, Rejected, SetIncline, SetSpeed, Stuck, Unknown
from .exchange import CalledOff, Exchange
from .line import LineError, LineStuck

A = TypeVar("A")

ANSWER_WITHIN_S = 0.2
"""Five bytes take 10 ms at 4800 baud, an adapter keeps them for up to 16 ms, a board answers within 100 ms."""


class Orders(Generic[A]):
    """The commands of one connection. ``stops``: how many have been asked for so far."""

    def __init__(self, exchange: Exchange[A], within_s: float = ANSWER_WITHIN_S) -> None:
        """``within_s``: the longest that this machine takes for an answer."""
        self._exchange, self._within_s = exchange, within_s
        self.stops = 0

    async def give(self, data: bytes, fits: Callable[[A], bool], stops: int | None = None) -> A:
        """The answer to one command in its turn; a stop since ``stops`` of them (since now) takes the turn away.

        Raises CalledOff for that, TimeoutError where no answer comes in time, and LineError.
        """
        stops = self.stops if stops is None else stops
        return await self._exchange.ask(data, fits, self._within_s, lambda: stops == self.stops)

    async def stop(self, data: bytes, fits: Callable[[A], bool]) -> A:
        """The answer to a stop, which waits for nobody. Raises TimeoutError and LineError."""
        self.stops += 1
        return await self._exchange.ask_first(data, fits, self._within_s)


async def outcome_of(performing: Awaitable[CommandOutcome], within_s: float = ANSWER_WITHIN_S) -> CommandOutcome:
    """What became of a command, whatever it raised on its way."""
    try:
        return await performing
    except CalledOff:
        return Rejected("a stop came first; the command was not sent")
    except TimeoutError:
        return Unknown(f"no answer came within {within_s} s")
    except LineStuck as error:
        return Stuck(str(error))
    except LineError as error:
        return Unknown(str(error))


async def rounds(clock: Clock, every_s: float, ask: Callable[[int], Awaitable[None]]) -> None:
    """``ask`` again and again, told which round it is, until the line goes; what is not answered is asked anew."""
    number = 0
    while True:
        due_s = clock.now_s() + every_s
        try:
            await ask(number)
        except TimeoutError:
            pass  # the age of the reports says it
        except LineError:
            return
        number += 1
        await clock.sleep_until(due_s)


def beyond(command: Command, capabilities: Capabilities) -> Rejected | None:
    """The refusal of a figure outside of the machine's range, which rounding down would otherwise bring into it."""
    match command:
        case SetSpeed(speed_ckph) if not capabilities.speed_min_ckph <= speed_ckph <= capabilities.speed_max_ckph:
            lowest, highest = capabilities.speed_min_ckph / 100, capabilities.speed_max_ckph / 100
            return Rejected(f"{speed_ckph / 100} km/h lies outside of its {lowest} to {highest} km/h")
        case SetIncline(incline_dpct) if not 0 <= incline_dpct <= capabilities.incline_max_dpct:
            return Rejected(f"{incline_dpct / 10} % lies outside of its 0 to {capabilities.incline_max_dpct / 10} %")
    return None
