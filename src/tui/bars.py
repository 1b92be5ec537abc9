"""Values over time as bars of characters, upright and lying. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

UPRIGHT = " ▁▂▃▄▅▆▇█"
LYING = " ▏▎▍▌▋▊▉█"

Point = tuple[float, float | None]


def columns(points: Sequence[Point], begins_s: float, ends_s: float, width: int) -> list[float | None]:
    """For each of ``width`` columns the highest value in it; one without a point has the value before it.

    None where nothing was told, and before the first and after the last point.
    """
    span_s = max(1e-9, ends_s - begins_s)
    found: list[list[float | None]] = [[] for _ in range(width)]
    for at_s, value in points:
        found[min(width - 1, max(0, math.floor((at_s - begins_s) / span_s * width)))].append(value)
    filled = [column for column, values in enumerate(found) if values]
    result: list[float | None] = [None] * width
    before: float | None = None
    for column in range(filled[0], filled[-1] + 1) if filled else ():
        told = [value for value in found[column] if value is not None]
        before = max(told) if told else None if found[column] else before
        result[column] = before
    return result


def upright(values: Sequence[float | None], top: float, height: int) -> list[str]:
    """``height`` lines, the highest values on top; ``top`` fills them all. What is told is at least a thin line."""
    eighths = [None if value is None else _eighths(value, top, height) for value in values]
    return ["".join(_cell(one, height - 1 - row) for one in eighths) for row in range(height)]


def lying(value: float, top: float, width: int) -> str:
    """A bar of at most ``width`` characters; ``top`` fills it."""
    eighths = 0 if top <= 0 or value <= 0 else max(1, round(min(1.0, value / top) * width * 8))
    return LYING[8] * (eighths // 8) + (LYING[eighths % 8] if eighths % 8 else "")


def _eighths(value: float, top: float, height: int) -> int:
    return max(1, round(min(1.0, value / top) * height * 8)) if top > 0 else 1


def _cell(eighths: int | None, row: int) -> str:
    return UPRIGHT[0] if eighths is None else UPRIGHT[min(max(eighths - 8 * row, 0), 8)]
