"""Whole numbers in small units as decimals in the units that people read, with nothing lost. Pure."""

from __future__ import annotations

from decimal import Decimal


def decimal(value: int | None, places: int) -> str:
    """The value with its last ``places`` digits behind the point; empty where there is none: 650, 2 is ``6.50``."""
    return "" if value is None else f"{Decimal(value).scaleb(-places):f}"
