"""The first words with a machine on a line: whether a stop goes before them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrotread.devices.serialport.meeting import STOP_FIRST, met
from retrotread.devices.trackmaster.reach import CAREFUL
from retrotread.machine import Accepted, Command, CommandOutcome, DeviceProfile


class Spoken:
    """A driver that notes what it is asked."""

    def __init__(self, profile: DeviceProfile) -> None:
        self.profile = profile
        self.asked: list[str] = []

    async def perform(self, command: Command) -> CommandOutcome:
        self.asked.append(type(command).__name__)
        return Accepted()

    async def meet(self) -> None:
        self.asked.append("meet")

    async def close(self) -> None:
        self.asked.append("close")


@pytest.mark.parametrize(
    ("first", "harmless", "asked"),
    [(True, True, ["StopBelt", "meet"]), (True, False, ["meet"]), (False, True, ["meet"])],
    ids=["a belt that may run", "a stop that may start it", "a belt at rest"],
)
async def test_a_stop_goes_first_where_the_belt_may_run_and_one_too_many_does_no_harm(
    first: bool, harmless: bool, asked: list[str]
) -> None:
    machine = Spoken(replace(CAREFUL, stop_repeat_ok=harmless))
    token = STOP_FIRST.set(first)
    await met(machine, "a port", "Trackmaster")
    STOP_FIRST.reset(token)
    assert machine.asked == asked
