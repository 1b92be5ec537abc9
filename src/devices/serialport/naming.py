"""How an address names a port."""

from __future__ import annotations


def check_port(name: str, example: str) -> None:
    """Raises ValueError with a sentence where it is no port of any system; ``example``: a whole address."""
    if not name.startswith("/") and not name.upper().startswith("COM"):
        raise ValueError(f"{name[:40]!r} is not a port; write it whole, as in {example}")
