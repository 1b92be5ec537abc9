"""What of the log the gate switches off, in two halves of about the same length: each test file is one process."""

from __future__ import annotations

from tests.proof.hazards.log import Mitigation, hazards, switched


def quick() -> dict[str, Mitigation]:
    """Every mitigation that the gate switches off; the slow ones are for ``make hazards``."""
    return {name: one for name, one in switched(hazards()).items() if not one.slow}


def half(which: int) -> tuple[str, ...]:
    """The names of the one half (0) or the other (1)."""
    return tuple(quick())[which::2]
