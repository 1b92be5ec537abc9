"""Whether the machine that is met is the one that was qualified. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ..machine import Identity


def other_machine(sealed_for: Identity | None, met: Identity) -> str | None:
    """Why the machine that was met counts as another one than that of the seal; None where it is, or there is no seal.

    A machine that only left something out may well be the same one, and hears so: it is read again rather than
    qualified again. Until it has said all of it, it is not driven either.
    """
    found = [] if sealed_for is None else differences(sealed_for, met)
    if not found:
        return None
    silent = [one for one in found if not one.now]
    if len(silent) < len(found):
        said = "; ".join(f"its {one.what} was {_said(one.was)} and is {_said(one.now)}" for one in found)
        return f"this is not the treadmill that was qualified: {said}; qualify it again before it is driven"
    left_out = " and ".join(f"its {one.what} ({_said(one.was)} when it was qualified)" for one in silent)
    return (
        f"nothing shows that this is the treadmill that was qualified: it did not tell {left_out}; it is only read: "
        "end the program and start it again, and qualify the treadmill again if it stays silent"
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """What was said when the machine was qualified, and what is said now; empty where nothing was."""

    what: str
    was: str
    now: str


def differences(sealed: Identity, met: Identity) -> list[Difference]:
    """What differs. A name that was not heard this time is no difference, the rest is."""
    rows = (
        Difference("address", sealed.address.casefold(), met.address.casefold()),
        Difference("name", sealed.name, met.name or sealed.name),
        Difference("maker", sealed.manufacturer, met.manufacturer),
        Difference("model", sealed.model, met.model),
        Difference("firmware", sealed.firmware, met.firmware),
    )
    return [one for one in rows if one.was != one.now]


def _said(text: str) -> str:
    return repr(text) if text else "not told"
