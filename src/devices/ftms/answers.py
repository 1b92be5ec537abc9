"""Answers of a control point on their way to whoever asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ...clock import Clock
from ..gatt.deadline import CalledOff, outcome_by
from .codec import OpCode, Response


class NoAnswer(Exception):
    """The write was taken, and the answer did not come in time, or not before the link was gone."""


@dataclass(eq=False, slots=True)
class Expected:
    """One answer that is waited for, under the operation that was asked for."""

    op: OpCode
    answer: asyncio.Future[Response]


class Answers:
    """Who waits for which answer. Under one operation only stops wait side by side, and the oldest comes first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._expected: list[Expected] = []

    @contextmanager
    def expected(self, op: OpCode) -> Iterator[Expected]:
        """While it lasts, an answer to this operation finds somebody who waits; ask before the request is written."""
        one = Expected(op, asyncio.get_running_loop().create_future())
        self._expected.append(one)
        try:
            yield one
        finally:
            self._expected.remove(one)
            one.answer.cancel()

    def heard(self, response: Response) -> bool:
        """Hand an answer to the oldest that waits for it; False: nobody does."""
        waits = next((one for one in self._expected if one.op == response.request and not one.answer.done()), None)
        if waits is not None:
            waits.answer.set_result(response)
        return waits is not None

    def end(self) -> None:
        """No answer comes any more."""
        for one in self._expected:
            one.answer.cancel()

    async def wait(self, expected: Expected, by_s: float) -> Response:
        """The answer. Raises NoAnswer."""
        try:
            return await outcome_by(self._clock, by_s, expected.answer)
        except (TimeoutError, CalledOff) as error:
            raise NoAnswer from error
