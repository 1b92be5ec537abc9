"""The driver of an FTMS treadmill: the two halves of a connection over one link of attributes.

What is promised of a stop:

* Its octets are handed to the link by the next turn of the loop (where the family wants a preamble, directly behind
  it). They wait for no gap, no answer and no other command, and what was still waiting to be written is dropped.
* One write that the link has already taken cannot be called back: the attribute protocol carries one request at a
  time, so the stop goes on the air when that one is acknowledged, or never, if the link hangs.
* That the belt stops is not promised: the machine answers "taken", and only its reports tell the rest.

Of the rest, at most one procedure is in flight. A write has its own deadline (``Stuck``) and so has an answer
(``Unknown``); neither is ever tried again, except a stop that was positively turned away.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Any

from ...clock import Clock
from ...machine import (
    Accepted,
    Command,
    CommandOutcome,
    DeviceProfile,
    LinkLost,
    Rejected,
    Report,
    SetIncline,
    SetSpeed,
    StartBelt,
    StopBelt,
    Stuck,
    Unknown,
)
from ..gatt.deadline import abandon, outcome_by, within
from ..gatt.link import GattError, GattLink, GattRefused
from .answers import Answers, NoAnswer
from .characteristics import CONTROL_POINT
from .codec import OpCode, Result, decode_response
from .dialect import ControlRequest, FtmsDialect
from .hearing import Hearing
from .outbox import Outbox
from .procedure import ASKED, BUSY, CONTROL, PAUSE, STOP, Procedure, outcome_of, procedure_for, refused_by_link
from .standing import Standing

CLOSE_S = 0.8
"""To let go of the link: less than the second that a guardian waits for a close."""

BUSY_AGAIN_S = 0.1
"""A stop that was turned away because the machine is busy goes again this soon, or when the answer has come."""

CONTROL_WITHIN_S = 0.5
"""To ask for control again before a stop, on a machine that has just said that we have none: answers take 45 ms."""


class Dropped(Exception):
    """A stop came before the write."""


class FtmsMachine:
    """What both halves share: the link, what is known of the belt, and what is waited for."""

    def __init__(self, link: GattLink, clock: Clock, profile: DeviceProfile, dialect: FtmsDialect) -> None:
        self.profile, self.dialect, self.clock = profile, dialect, clock
        self.outbox = Outbox(clock)
        self.standing = Standing(profile)
        self.hearing = Hearing(dialect, self.standing, clock.now_s())
        self.forbids: str | None = None
        """Why nothing but a stop may be sent, as a sentence."""
        self._link = link
        self._over: str | None = None
        self._answers = Answers(clock)
        self._in_flight = 0
        self._stops = 0
        self._free_s = clock.now_s()
        self._changed: asyncio.Future[None] | None = None
        self._writing: set[asyncio.Task[None]] = set()

    # --- what the machine says ------------------------------------------------------------------------------

    def data_heard(self, payload: bytes) -> None:
        """A frame of treadmill data."""
        self._tell(self.hearing.treadmill_data(payload, self.clock.now_s()))

    def status_heard(self, payload: bytes) -> None:
        """A frame of machine status."""
        self._tell(self.hearing.machine_status(payload, self.clock.now_s()))

    def answer_heard(self, payload: bytes) -> None:
        """A frame of the control point; an answer to what was not asked is counted and changes nothing."""
        if not self._answers.heard(decode_response(payload).value):
            self.hearing.odd["an answer that nobody waits for"] += 1

    def lost(self, reason: str) -> None:
        """The link is gone."""
        if self._over is None:
            self._end(f"the link is gone: {reason}")
            self._tell(LinkLost(reason))

    async def close(self) -> None:
        """Let go of the link; it takes ``CLOSE_S`` at most, however the link hangs."""
        self._end("the connection is closed")
        self.outbox.close()
        try:
            await within(self.clock, CLOSE_S, self._link.close())
        except (TimeoutError, GattError):
            self.hearing.odd["a link that does not close"] += 1

    @property
    def over(self) -> str | None:
        """Why nothing can be asked any more; None while the link is up."""
        return self._over

    def _tell(self, report: Report | None) -> None:
        if report is not None:
            self.outbox.put(report)

    def _end(self, reason: str) -> None:
        """From here on everything that is waited for, and everything that is asked, is unknown."""
        self._over = self._over or reason
        self._answers.end()
        for writing in tuple(self._writing):
            abandon(writing)
        self._wake()

    # --- what the machine is told ---------------------------------------------------------------------------

    async def perform(self, command: Command) -> CommandOutcome:
        """One command, to its outcome. Never raises for what a machine or a link does."""
        if not self._link.has(CONTROL_POINT):
            return Rejected("this treadmill cannot be told anything over the air; use its own keys")
        if isinstance(command, StopBelt):
            return await self._stop()
        return await self._move(command)

    async def request_control(self) -> str | None:
        """Ask for control, as the family has it; why there is none, as a sentence, or None."""
        outcome = await self._procedure(CONTROL, self._stops)
        silent = isinstance(outcome, Unknown) and self._over is None
        as_ever = {ControlRequest.SILENT: silent, ControlRequest.REFUSED: isinstance(outcome, Rejected)}
        none_because = (
            None if isinstance(outcome, Accepted) or as_ever.get(self.dialect.control, False) else outcome.reason
        )
        self.hearing.in_control = none_because is None
        return none_because

    async def _move(self, command: Command) -> CommandOutcome:
        """Everything but a stop: one at a time, with a gap, and not at all once a stop was asked for."""
        stops = self._stops
        while (unsent := self._unsent(command, stops)) is None and not self._free():
            await self._wait(self._free_s)
        if unsent is not None:
            return unsent
        procedure = procedure_for(command, self.profile.capabilities, self.dialect.commanded_unit)
        if self.standing.in_force(command, procedure):
            return Accepted()
        self._about_to_send(command, procedure)
        outcome = await self._procedure(procedure, stops)
        self._sent(command, procedure, outcome)
        return outcome

    def _unsent(self, command: Command, stops: int) -> CommandOutcome | None:
        """The outcome of a command that must not be written; None: it may."""
        if self._over is not None:
            return Unknown(f"{self._over}; the command was not sent")
        if stops != self._stops:
            return Rejected("a stop was asked for while it waited; it was not sent")
        if self.hearing.control_lost:
            return Rejected("another program or the console took control of the treadmill; connect anew to ask for it")
        refusal = self.forbids or self.standing.refusal(command, self.clock.now_s())
        return None if refusal is None else Rejected(refusal)

    def _about_to_send(self, command: Command, procedure: Procedure) -> None:
        if isinstance(command, StartBelt):
            self.standing.start_sent(self.clock.now_s())
        elif isinstance(command, SetSpeed | SetIncline) and procedure.wire is not None:
            self.standing.set_sent(command, procedure.wire)

    def _sent(self, command: Command, procedure: Procedure, outcome: CommandOutcome) -> None:
        if isinstance(command, StartBelt) and isinstance(outcome, Rejected):
            self.standing.start_refused()
        if isinstance(command, SetSpeed | SetIncline) and isinstance(outcome, Accepted) and procedure.wire is not None:
            self.standing.set_taken(command, procedure.wire)

    async def _procedure(self, procedure: Procedure, stops: int) -> CommandOutcome:
        """Write it and wait for its answer, each with its deadline; nothing else is in flight, as the caller has seen.

        ``stops``: how many stops had been asked for beforehand; after another one it is not written any more.
        """
        self._leaves()
        try:
            with self._answers.expected(procedure.op) as expected:
                writing = self._begin(self._write(procedure, stops))
                await outcome_by(self.clock, self._in(self.dialect.write_within_ms), writing)
                answer = await self._answers.wait(expected, self._in(self.dialect.answer_within_ms))
                return outcome_of(procedure.op, answer.result)
        except Exception as error:  # noqa: BLE001  what a link raises is told, and the belt must not pay for it
            return self._failure(procedure.op, error)
        finally:
            self._landed()

    async def _write(self, procedure: Procedure, stops: int) -> None:
        for write in self.dialect.preamble:
            await self._link.write(write.uuid, bytes.fromhex(write.value_hex), self.dialect.write_with_response)
        if stops != self._stops:
            raise Dropped
        await self._link.write(CONTROL_POINT, procedure.octets, self.dialect.write_with_response)

    # --- the stop -------------------------------------------------------------------------------------------

    async def _stop(self) -> CommandOutcome:
        if self._over is not None:
            return Unknown(f"{self._over}; the stop was not sent")
        self._stops += 1
        self.standing.stop_sent(self.clock.now_s())
        procedure = self._stop_procedure()
        until_s = self._in(self.dialect.write_within_ms + self.dialect.answer_within_ms)
        outcome = await self._one_stop(procedure, self._in(self.dialect.write_within_ms), until_s)
        if isinstance(outcome, Rejected) and self.hearing.control_lost and self._over is None:
            await self._regain_control()
            outcome = await self._one_stop(procedure, until_s, until_s)
        return outcome

    def _stop_procedure(self) -> Procedure:
        """A stop; where the family knows it, a pause in the turn of every other one that follows without effect."""
        behind = self.standing.stops - (2 if self.profile.stop_repeat_ok else 1)
        return PAUSE if self.dialect.pause_after_stop and behind > 0 and behind % 2 == 1 else STOP

    async def _one_stop(self, procedure: Procedure, write_by_s: float, answer_by_s: float) -> CommandOutcome:
        self._leaves()
        try:
            with self._answers.expected(procedure.op) as expected:
                writing = self._begin_stop(procedure)
                self._wake()
                await self._stop_written(procedure, writing, write_by_s)
                result = (await self._answers.wait(expected, answer_by_s)).result
        except Exception as error:  # noqa: BLE001  what a link raises is told, and the belt must not pay for it
            return self._failure(procedure.op, error)
        finally:
            self._landed()
        if result == Result.CONTROL_NOT_PERMITTED:
            self.hearing.control_lost = True
        return outcome_of(procedure.op, result)

    def _begin_stop(self, procedure: Procedure) -> asyncio.Task[None]:
        """The preamble and the stop leave together, in this order; nothing of it waits for an acknowledgement."""
        response = self.dialect.write_with_response
        for write in self.dialect.preamble:
            self._begin(self._link.write(write.uuid, bytes.fromhex(write.value_hex), response))
        return self._begin(self._link.write(CONTROL_POINT, procedure.octets, response))

    async def _stop_written(self, procedure: Procedure, writing: asyncio.Task[None], by_s: float) -> None:
        """Until the link has taken it. A machine that is busy turned it away, so it goes again; one that hangs may
        still take it later, so its write is left alone."""
        while True:
            try:
                return await outcome_by(self.clock, by_s, writing, leave=True)
            except GattRefused as refused:
                again_s = self._in(round(BUSY_AGAIN_S * 1000))
                if refused.code != BUSY or again_s >= by_s or self._over is not None:
                    raise
            await self._wait(again_s)
            writing = self._begin_stop(procedure)

    async def _regain_control(self) -> None:
        """Only to stop: what else is asked for stays refused, because somebody else has the belt."""
        until_s = self.clock.now_s() + CONTROL_WITHIN_S
        try:
            with self._answers.expected(OpCode.REQUEST_CONTROL) as expected:
                await outcome_by(self.clock, until_s, self._begin(self._write(CONTROL, self._stops)))
                await self._answers.wait(expected, until_s)
        except Exception as error:  # noqa: BLE001  the stop goes out again whatever came of this
            self.hearing.odd[f"control is not given again: {type(error).__name__}"] += 1

    # --- waiting --------------------------------------------------------------------------------------------

    def _in(self, milliseconds: int) -> float:
        return self.clock.now_s() + milliseconds / 1000

    def _free(self) -> bool:
        return self._in_flight == 0 and self.clock.now_s() >= self._free_s

    def _leaves(self) -> None:
        """A procedure is written now. The gap counts from here, as the guardian counts it: what it hands over in its
        time is written at once, and is not found waiting here when somebody presses stop."""
        self._in_flight += 1
        self._free_s = self._in(self.profile.command_gap_ms)

    def _landed(self) -> None:
        """A machine that took longer than the gap to answer is given the gap once more."""
        self._in_flight -= 1
        if self.clock.now_s() > self._free_s:
            self._free_s = self._in(self.profile.command_gap_ms)
        self._wake()

    async def _wait(self, by_s: float) -> None:
        """Until something has changed, at the latest at ``by_s``; once that is past, until something has changed."""
        if self._changed is None or self._changed.done():
            self._changed = asyncio.get_running_loop().create_future()
        if self.clock.now_s() >= by_s:
            await asyncio.wait({self._changed})
            return
        try:
            await outcome_by(self.clock, by_s, self._changed, leave=True)
        except TimeoutError:
            return

    def _wake(self) -> None:
        if self._changed is not None and not self._changed.done():
            self._changed.set_result(None)

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._writing.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._writing.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waits for it is told; nobody else has to be

    def _failure(self, op: OpCode, error: Exception) -> CommandOutcome:
        """What became of a procedure that did not come to its answer."""
        dialect = self.dialect
        if self._over is not None:
            return Unknown(f"{self._over} before the treadmill answered {ASKED[op]}")
        if isinstance(error, Dropped):
            return Rejected("a stop was asked for before it was written; it was not sent")
        if isinstance(error, NoAnswer):
            return Unknown(f"the treadmill did not answer {ASKED[op]} within {dialect.answer_within_ms / 1000:g} s")
        if isinstance(error, TimeoutError):
            limit_s = dialect.write_within_ms / 1000
            return Stuck(f"the link did not take {ASKED[op]} within {limit_s:g} s and may hold up what follows")
        if isinstance(error, GattRefused):
            return refused_by_link(op, error.code)
        return Unknown(f"{ASKED[op]} may not have arrived: {error}")


class FtmsReader:
    """The reading half; it cannot move the belt."""

    def __init__(self, machine: FtmsMachine) -> None:
        self._machine = machine
        self._iterated = False

    @property
    def profile(self) -> DeviceProfile:
        return self._machine.profile

    @property
    def odd(self) -> dict[str, int]:
        """What was odd about the machine's frames so far, by name, and how often."""
        return dict(self._machine.hearing.odd)

    async def reports(self) -> AsyncIterator[Report]:
        """Every report, at most fifty a second; ends after ``LinkLost`` or ``close``. Once a connection."""
        if self._iterated:
            raise RuntimeError("the reports of a connection can be read once; connect again for a new reading")
        self._iterated = True
        outbox = self._machine.outbox
        while not outbox.closed:
            for report in await outbox.take():
                if outbox.closed:
                    return
                yield report
                if isinstance(report, LinkLost):
                    return

    async def close(self) -> None:
        """Let go of the link; the belt keeps on doing what it does."""
        await self._machine.close()


class FtmsWriter:
    """The writing half."""

    def __init__(self, machine: FtmsMachine) -> None:
        self._machine = machine

    async def perform(self, command: Command) -> CommandOutcome:
        return await self._machine.perform(command)
