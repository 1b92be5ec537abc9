"""Which of many frames are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

VECTORS_MAX = 40
"""Frames of one kind that are kept: the first, the last, and what lies evenly between."""

T = TypeVar("T")


def spread(frames: Sequence[T]) -> list[T]:
    """At most ``VECTORS_MAX`` of them."""
    if len(frames) <= VECTORS_MAX:
        return list(frames)
    return [frames[round(index * (len(frames) - 1) / (VECTORS_MAX - 1))] for index in range(VECTORS_MAX)]
