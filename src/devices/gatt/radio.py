"""What a ``ble://`` address says: which machine, and over which radio.

ble://HORIZON-7.4        the machine that advertises this name, by this computer's own radio
ble://C4:22:05:1A:00:0B  the one with this address
ble://RETRO?via=tcp-client:127.0.0.1:9723     over a transport that bumble knows: a simulated radio, a USB dongle
"""

from __future__ import annotations

from dataclasses import dataclass

NAME_BYTES_MAX = 248
"""The longest name that a Bluetooth device can have, in bytes of UTF-8 (Core Specification, vol 4 part E, 6.23)."""


@dataclass(frozen=True, slots=True)
class RadioSetup:
    """``wanted``: a name or an address as it is advertised. ``via``: empty for this computer's own radio."""

    wanted: str
    via: str = ""


def radio_setup(name: str, options: tuple[tuple[str, str], ...]) -> RadioSetup:
    """Read the name and options of a ``ble://`` address. Raises ValueError with a sentence that says the mend."""
    if not name.strip():
        raise ValueError("it names no machine; write ble:// and the name or address that 'retrotread scan' shows")
    if len(name.encode()) > NAME_BYTES_MAX:
        raise ValueError(f"its name has {len(name.encode())} bytes and no machine's has over {NAME_BYTES_MAX}")
    for key, _ in options:
        if key != "via":
            raise ValueError(f"there is no option {key!r}; the only one is via=TRANSPORT")
    return RadioSetup(name, dict(options).get("via", ""))
