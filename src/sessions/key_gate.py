"""The safety key of the day, for one run: whether it was tested each way of the plan, and a pull that is told of."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

from ..clock import wall_now
from ..machine import BeltDirection, Facing, MachineNotice
from ..safety.inputs import Input, Said

Way = tuple[Facing, BeltDirection]


class KeyGate:
    """``needed``: the machine has a key, and it is a real one. Where it is not, every way is open.

    ``ways``: all those of the plan. They are tested before its first start: a key that is pulled in a turn would end
    the run. A test that the machine tells of is kept for the day. The word of a person, for a machine that tells
    nothing, holds for this run alone.
    """

    def __init__(self, folder: Path, address: str, needed: bool, ways: frozenset[Way]) -> None:
        self._folder, self._address, self.needed, self._ways = folder, address, needed, ways
        self._known: dict[Way, bool] = {}
        self._at: dict[Way, str] = {}

    def tested(self, way: Way) -> bool:
        """Whether nothing is missing for a start this way; the file is read once for each."""
        if not self.needed:
            return True
        if way not in self._known:
            from .qualify.key_test import key_tested_at

            at = key_tested_at(self._folder, self._address, *way)
            self._known[way], self._at[way] = at is not None, at or ""
        return self._known[way]

    def tested_at(self, way: Way) -> str | None:
        """The hour and minute of today's test this way; None where there was none, or nobody knows when."""
        return (self._at.get(way) or None) if self.needed and self.tested(way) else None

    @property
    def complete(self) -> bool:
        """Whether no way of the plan is left to be tested."""
        return all(self.tested(way) for way in self._ways)

    def heard(self, inputs: Iterable[Input]) -> bool:
        """Whether the machine says that its key was pulled, at rest; that is the test. A full disk costs the memory."""
        pulled = any(isinstance(one, Said) and one.notice is MachineNotice.SAFETY_KEY_PULLED for one in inputs)
        if not self.needed or not pulled or self.complete:
            return False
        from .qualify.key_test import KeySeen, record_key_test

        with contextlib.suppress(OSError):
            for way in sorted(self._ways, key=str):
                record_key_test(self._folder, self._address, *way, KeySeen.STATUS)
        self.taken_at_word()
        return True

    def taken_at_word(self) -> None:
        """A person has pulled the key, and saw what the console did."""
        self._known |= dict.fromkeys(self._ways, True)
        self._at |= dict.fromkeys(self._ways, f"{wall_now().astimezone():%H:%M}")
