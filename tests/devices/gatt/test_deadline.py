"""Deadlines that hold, whatever is waited for."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from retrotread.devices.gatt.deadline import CalledOff, outcome_by, within


async def forever() -> None:
    await asyncio.get_running_loop().create_future()


async def stubborn(told: list[str]) -> None:
    """Work that does not let itself be called off."""
    while True:
        try:
            await forever()
        except asyncio.CancelledError:
            told.append("called off")
            if len(told) > 1:
                raise


async def test_what_comes_in_time_is_handed_on(clock: Any) -> None:
    async def soon() -> int:
        await clock.sleep_until(clock.now_s() + 0.9)
        return 7

    waiting = asyncio.ensure_future(within(clock, 1.0, soon()))
    await clock.run_until(clock.now_s() + 0.9)
    assert waiting.result() == 7


async def test_what_is_late_is_called_off_and_not_waited_for(clock: Any) -> None:
    told: list[str] = []
    work = asyncio.ensure_future(stubborn(told))
    waiting = asyncio.ensure_future(outcome_by(clock, clock.now_s() + 1.0, work))
    await clock.run_until(clock.now_s() + 1.0)
    assert isinstance(waiting.exception(), TimeoutError)
    assert told == ["called off"]
    assert not work.done()
    work.cancel()
    await clock.run_until(clock.now_s())


async def test_what_is_left_to_itself_goes_on(clock: Any) -> None:
    work = asyncio.ensure_future(forever())
    waiting = asyncio.ensure_future(outcome_by(clock, clock.now_s() + 1.0, work, leave=True))
    await clock.run_until(clock.now_s() + 2.0)
    assert isinstance(waiting.exception(), TimeoutError)
    assert not work.cancelled()
    work.cancel()
    await clock.run_until(clock.now_s())


async def test_a_waiter_that_is_called_off_calls_its_work_off(clock: Any) -> None:
    work = asyncio.ensure_future(forever())
    waiting = asyncio.ensure_future(outcome_by(clock, clock.now_s() + 1.0, work))
    await clock.run_until(clock.now_s() + 0.5)
    waiting.cancel()
    await clock.run_until(clock.now_s())
    assert work.cancelled()


async def test_work_that_somebody_else_calls_off_does_not_look_like_a_waiter_that_was_called_off(clock: Any) -> None:
    work = asyncio.ensure_future(forever())
    waiting = asyncio.ensure_future(outcome_by(clock, clock.now_s() + 1.0, work))
    await clock.run_until(clock.now_s() + 0.5)
    work.cancel()
    await clock.run_until(clock.now_s())
    with pytest.raises(CalledOff):
        waiting.result()
