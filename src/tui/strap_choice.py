"""The heart-rate strap that a person wears: which one, its ceiling, and whether it is needed. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..safety.heart import HeartCeiling
from ..sessions.view import OnAir, Strap, StrapFound

DIGITS_MAX = 3
NOT_A_CEILING = "A ceiling is a rate from 60 to 230; without one the rate is only shown."
NEEDS_A_CEILING = "A strap is needed only for its ceiling: type one first."
SEARCHING = "Looking for straps ... wet its electrodes and put it on: most send nothing before."
HEARD_NONE = "No strap was heard. Wet its electrodes, put it on, stand near, and try f again."
KEYS_TEXT = "Enter take  up/down  f find  digits ceiling  x needed  n none  Esc back"


@dataclass(frozen=True, slots=True)
class StrapChoice:
    """``straps`` to choose from, the marked one at ``at``; ``digits`` of the ceiling as typed."""

    straps: tuple[StrapFound, ...] = ()
    at: int = 0
    digits: str = ""
    required: bool = False
    searching: bool = False
    note: str = ""

    @property
    def ceiling_bpm(self) -> int | None:
        """The ceiling that was typed; None for none, and for one that is none."""
        try:
            return HeartCeiling(int(self.digits)).bpm if self.digits else None
        except ValueError:
            return None

    @property
    def strap(self) -> Strap | None:
        """The strap with all that was chosen; None while there is none to take or the ceiling is none."""
        if not self.straps or (self.digits and self.ceiling_bpm is None):
            return None
        return Strap(self.straps[self.at].address, self.ceiling_bpm, self.required and self.ceiling_bpm is not None)


def choice_for(worn: Strap | None) -> StrapChoice:
    """What a person has by now."""
    if worn is None:
        return StrapChoice()
    digits = "" if worn.ceiling_bpm is None else f"{worn.ceiling_bpm}"
    return StrapChoice((StrapFound(worn.address, "the one that you have"),), 0, digits, worn.required)


def pressed(choice: StrapChoice, key: str, character: str | None) -> StrapChoice:
    """The choice after this key: the mark moved, a digit of the ceiling, needed or not."""
    choice = replace(choice, note="")
    if key in ("up", "down"):
        last = max(0, len(choice.straps) - 1)
        return replace(choice, at=max(0, min(choice.at + (1 if key == "down" else -1), last)))
    if character is not None and character in "0123456789" and len(choice.digits) < DIGITS_MAX:
        return replace(choice, digits=choice.digits + character)
    if key in ("backspace", "ctrl+h"):
        return replace(choice, digits=choice.digits[:-1])
    if key == "x":
        if choice.ceiling_bpm is None:
            return replace(choice, note=NEEDS_A_CEILING)
        return replace(choice, required=not choice.required)
    return choice


def heard(choice: StrapChoice, air: OnAir) -> StrapChoice:
    """With what a search has heard so far, behind what was there."""
    known = {one.address for one in choice.straps}
    return replace(choice, straps=(*choice.straps, *(one for one in air.straps if one.address not in known)))


def refusal(choice: StrapChoice) -> str:
    """Why it cannot be taken as it is; empty where it can."""
    if not choice.straps:
        return "There is no strap to take yet: f looks for them."
    return NOT_A_CEILING if choice.digits and choice.ceiling_bpm is None else ""
