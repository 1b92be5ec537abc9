"""Questions over one line that need a gap, and a stop that waits for none."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from retrotread.devices.serialport.exchange import Exchange

GAP_S = 0.05
ANSWER_AFTER_S = 0.01


class Answers:
    """A machine that answers every byte with the same one, and the moments at which it was asked."""

    def __init__(self) -> None:
        self.asked: dict[bytes, float] = {}
        self._due: list[tuple[float, bytes]] = []

    def take(self, data: bytes, now_s: float) -> None:
        self.asked[data] = now_s
        self._due.append((now_s + ANSWER_AFTER_S, data))

    def said(self, now_s: float) -> bytes:
        said = b"".join(data for due_s, data in self._due if due_s <= now_s)
        self._due = [one for one in self._due if one[0] > now_s]
        return said


async def test_a_stop_waits_for_no_gap_and_what_waits_behind_it_keeps_its_own(clock: Any, wire_to: Any) -> None:
    machine, begun_s = Answers(), clock.now_s()
    exchange: Exchange[bytes] = Exchange(
        wire_to(machine), clock, lambda data: [data[at : at + 1] for at in range(len(data))], lambda _: None, GAP_S
    )

    def ask(data: bytes) -> Any:
        return exchange.ask(data, lambda said: said == data, 1.0)

    asking = [asyncio.ensure_future(ask(data)) for data in (b"1", b"2")]
    await clock.run_until(begun_s + 0.04)
    stopping = asyncio.ensure_future(exchange.ask_first(b"S", lambda said: said == b"S", 1.0))
    await clock.run_until(begun_s + 1)
    assert [one.result() for one in (*asking, stopping)] == [b"1", b"2", b"S"]
    moments = {data: asked_s - begun_s for data, asked_s in machine.asked.items()}
    assert moments[b"S"] == pytest.approx(0.04)
    assert moments[b"2"] >= moments[b"S"] + ANSWER_AFTER_S + GAP_S - 1e-6
