"""The speeds of a workout as a picture of characters, with the present moment marked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..workouts.timeline import Timeline

_EIGHTHS = " ▁▂▃▄▅▆▇█"
CURSOR = "▼"


def column_at(timeline: Timeline, plan_time_s: float, width: int) -> int:
    """The column, 0 to ``width - 1``, that shows this moment of the plan."""
    if timeline.total_s <= 0 or not math.isfinite(plan_time_s):
        return 0
    return min(max(int(plan_time_s / timeline.total_s * width), 0), width - 1)


def heights(timeline: Timeline, width: int, height: int) -> list[int]:
    """For each column the speed in eighths of a row; the highest speed of the plan fills the picture.

    A column shows the highest speed at its beginning, middle and end: a short run between rests is not lost.
    """
    top_kph = max(max(segment.start.speed_kph, segment.end.speed_kph) for segment in timeline.segments)
    span_s = timeline.total_s / width
    result = []
    for column in range(width):
        moments = (column * span_s, (column + 0.5) * span_s, (column + 1) * span_s)
        speed_kph = max(timeline.setpoint_at(moment).speed_kph for moment in moments)
        result.append(max(1, round(speed_kph / top_kph * height * 8)))
    return result


def picture(timeline: Timeline, width: int, height: int) -> list[str]:
    """``height`` lines of ``width`` characters, the highest speeds on top. Empty when there is no room."""
    if width < 1 or height < 1:
        return []
    eighths = heights(timeline, width, height)
    return ["".join(_cell(eighth - 8 * (height - 1 - row)) for eighth in eighths) for row in range(height)]


def cursor_line(column: int, width: int) -> str:
    """The line above the picture that marks the present moment."""
    return " " * column + CURSOR + " " * (width - column - 1)


def _cell(eighths: int) -> str:
    return _EIGHTHS[min(max(eighths, 0), 8)]
