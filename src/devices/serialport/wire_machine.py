"""A simulated machine with a wire, whoever carries its bytes."""

from __future__ import annotations

from typing import Protocol


class WireMachine(Protocol):
    """A simulated machine with a wire; moments are arguments, in seconds, and never go back."""

    @property
    def next_due_s(self) -> float:
        """When it says or does something next by itself; infinite when it does not."""
        ...

    def take(self, data: bytes, now_s: float) -> None:
        """Bytes from outside."""
        ...

    def said(self, now_s: float) -> bytes:
        """What it has said since the last call."""
        ...
