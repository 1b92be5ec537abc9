"""The safety key of the day, for one run: whether it was tested this way, and a pull that the machine tells of."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

from ..machine import BeltDirection, Facing, MachineNotice
from ..safety.inputs import Input, Said

Way = tuple[Facing, BeltDirection]


class KeyGate:
    """``needed``: the machine has a key, and it is a real one. Where it is not, every way is open.

    A test that the machine tells of is kept for the day. The word of a person, for a machine that tells nothing, holds
    for this run alone.
    """

    def __init__(self, folder: Path, address: str, needed: bool) -> None:
        self._folder, self._address, self.needed = folder, address, needed
        self._known: dict[Way, bool] = {}

    def tested(self, way: Way) -> bool:
        """Whether nothing is missing for a start this way; the file is read once for each."""
        if not self.needed:
            return True
        if way not in self._known:
            from .qualify.key_test import key_tested_today

            self._known[way] = key_tested_today(self._folder, self._address, *way)
        return self._known[way]

    def heard(self, inputs: Iterable[Input], way: Way) -> bool:
        """Whether the machine says that its key was pulled, at rest; that is the test. A full disk costs the memory."""
        pulled = any(isinstance(one, Said) and one.notice is MachineNotice.SAFETY_KEY_PULLED for one in inputs)
        if not self.needed or not pulled or self.tested(way):
            return False
        from .qualify.key_test import KeySeen, record_key_test

        with contextlib.suppress(OSError):
            record_key_test(self._folder, self._address, *way, KeySeen.STATUS)
        self._known[way] = True
        return True

    def taken_at_word(self, way: Way) -> None:
        """A person has pulled the key, and saw what the console did."""
        self._known[way] = True
