"""A deadline on the injected clock, that holds even when what is waited for will not be called off."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from ...clock import Clock

T = TypeVar("T")

_abandoned: set[asyncio.Future[Any]] = set()
"""Work that nobody waits for and that has not ended yet; held so that it is not collected half way."""


class CalledOff(Exception):
    """The work was called off by somebody else than whoever waits for it."""


async def within(clock: Clock, seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """The result of ``work``, or TimeoutError after ``seconds``.

    Unlike ``asyncio.wait_for`` it does not wait for late work to end: a stack that hangs may ignore being called off.
    """
    return await outcome_by(clock, clock.now_s() + seconds, asyncio.ensure_future(work))


async def outcome_by(clock: Clock, moment_s: float, work: asyncio.Future[T], leave: bool = False) -> T:
    """The result of work under way, or TimeoutError at ``moment_s``, or CalledOff.

    When it is late, and when its waiter is called off, the work is called off as well; with ``leave`` it goes on.
    """
    alarm = asyncio.ensure_future(clock.sleep_until(moment_s))
    waited: set[asyncio.Future[Any]] = {work, alarm}
    try:
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
    finally:
        alarm.cancel()
        if not work.done() and not leave:
            abandon(work)
    if not work.done():
        raise TimeoutError
    if work.cancelled():
        raise CalledOff
    return work.result()


def abandon(work: asyncio.Future[Any]) -> None:
    """Call work off and let it end as it likes; whatever it says then is nobody's concern any more."""
    if work.done():
        _heard(work)
        return
    _abandoned.add(work)
    work.add_done_callback(_heard)
    work.cancel()


def leave_behind(work: Coroutine[Any, Any, Any]) -> None:
    """Begin work that nobody waits for; it ends as it likes."""
    task = asyncio.ensure_future(work)
    _abandoned.add(task)
    task.add_done_callback(_heard)


def _heard(work: asyncio.Future[Any]) -> None:
    _abandoned.discard(work)
    if not work.cancelled():
        work.exception()  # asked for, so that asyncio does not complain that nobody did
