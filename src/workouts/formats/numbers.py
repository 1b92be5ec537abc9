"""Numbers as other programs write them: strict, finite and of a readable length."""

from __future__ import annotations

import re
from decimal import Decimal

from ..quantity import shown

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,12}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})")
"""Twelve digits hold every quantity that is none; twenty decimals are what a double prints at the most."""

_COMMA = re.compile(r"[+-]?[0-9]{1,12},[0-9]{1,20}")


class NotANumber(ValueError):
    """A text that is no number that a workout can hold: what is wrong, and the mend."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(f"{message}; {mend}")
        self.message = message
        self.mend = mend


def number(text: str) -> Decimal:
    """The number that ``text`` is, blanks around it allowed. Raises NotANumber, also for nan, inf and exponents."""
    stripped = text.strip(" \t\r\n")
    if _NUMBER.fullmatch(stripped):
        return Decimal(stripped)
    if _COMMA.fullmatch(stripped):
        raise NotANumber(f"{shown(text)} has a comma", "write a point for the decimals; some read a comma as thousands")
    raise NotANumber(f"{shown(text)} is not a number", "write digits, with a point for the decimals")


def at_least_zero(text: str) -> Decimal:
    """The number from 0 up that ``text`` is. Raises NotANumber."""
    value = number(text)
    if value < 0:
        raise NotANumber(f"{shown(text)} is below zero", "look at the number")
    return value


def above_zero(text: str) -> Decimal:
    """The number above 0 that ``text`` is. Raises NotANumber."""
    value = at_least_zero(text)
    if value == 0:
        raise NotANumber(f"{shown(text)} is nothing", "give it a value above 0, or take the step out")
    return value


def whole_number(text: str, highest: int) -> int:
    """The whole number from 1 to ``highest`` that ``text`` is. Raises NotANumber."""
    value = above_zero(text)
    if value != value.to_integral_value():
        raise NotANumber(f"{shown(text)} is not a whole number", "look at the number")
    if value > highest:
        raise NotANumber(f"{shown(text)} is above {highest}, the limit", "repeat less")
    return int(value)
