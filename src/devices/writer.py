"""The writing half of a connection. Only ``guardian`` and ``devices`` may import this module."""

from __future__ import annotations

from typing import Protocol

from ..machine import Command, CommandOutcome


class TreadmillWriter(Protocol):
    """The power to move one belt."""

    async def perform(self, command: Command) -> CommandOutcome:
        """Hand the command to the link and wait for the machine's answer.

        The bytes of a ``StopBelt`` go to the link before anything that waits. Returns ``Unknown`` when the
        link is gone; never raises for what a machine or a link does. The caller sets the deadline.
        """
        ...
