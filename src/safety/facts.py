"""What the rules may look at: one flat view of the supervisor's state, made once a step."""

from __future__ import annotations

from dataclasses import dataclass

from .attention import ALERT, Attention
from .belt import Belt
from .feeling import NOTHING_SAID, Feeling
from .health import Health
from .heart import NO_HEART, Heart
from .modes import Mode
from .run import Run
from .stopping import Stop

# A tick is due every 100 ms; one that comes this much too late is counted.
LATE_TICKS_LIMIT_MS = 250
# A guardian that stood still for so long has seen nothing meanwhile; three beats are as long.
GAP_MS = 500
# One late tick is a hiccup of the computer; a second one soon after it is a habit.
LATE_TICKS = 2


@dataclass(slots=True)
class Facts:
    """Ages in milliseconds, speeds in hundredths of a km/h. ``gap_ms``: this step came so long after the last one."""

    mode: Mode
    mode_ms: int
    belt: Belt
    ceiling_ckph: int
    standstill: bool
    beat_ms: int
    ui_ms: int
    input_alive: bool
    revoked: bool
    late_ticks: int
    refused: bool
    health: Health
    behind_ms: int
    run: Run
    sent_ckph: int
    stop: Stop | None = None
    heart: Heart = NO_HEART
    attention: Attention = ALERT
    feeling: Feeling = NOTHING_SAID
    gap_ms: int = 0
