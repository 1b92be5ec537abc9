"""Whether the machine that is met is the one that was qualified. Pure."""

from __future__ import annotations

from ..machine import Identity


def other_machine(sealed_for: Identity | None, met: Identity) -> str | None:
    """Why the machine that was met is not the one of the seal, as a sentence; None where it is, or there is no seal."""
    found = [] if sealed_for is None else differences(sealed_for, met)
    if not found:
        return None
    return f"this is not the treadmill that was qualified: {'; '.join(found)}; qualify it again before it is driven"


def differences(sealed: Identity, met: Identity) -> list[str]:
    """What differs, each as words. A name that was not heard this time is no difference, the rest is."""
    rows = (
        ("its address", sealed.address.casefold(), met.address.casefold()),
        ("its name", sealed.name, met.name or sealed.name),
        ("its maker", sealed.manufacturer, met.manufacturer),
        ("its model", sealed.model, met.model),
        ("its firmware", sealed.firmware, met.firmware),
    )
    return [f"{what} was {_said(was)} and is {_said(now)}" for what, was, now in rows if was != now]


def _said(text: str) -> str:
    return repr(text) if text else "not told"
