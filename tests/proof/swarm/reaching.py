"""What the sessions of the gate must come to at least once, and what they cannot, with the reason."""

from __future__ import annotations

STAGES = (
    "controlled",
    "protective",
    "ramped down",
    "frame",
    "frame again",
    "frame spared",
    "rested",
    "refused",
    "overdue",
    "relinked",
    "let go",
    "let go into silence",
    "another run",
    "standby",
    "standby stopped",
    "bare",
)
"""Of a stop and what follows it; see ``World._stages``."""

UNREACHED: dict[str, str] = {}
"""What no session comes to, with the reason. A line too many is as wrong as one too few."""
