"""The serial ports of this computer, and which adapter each one belongs to. Nothing here opens a port.

A port called ``ttyUSB0`` is whichever adapter was plugged in first. What stays the same is the serial number that is
burnt into an adapter; Linux puts it into the names below ``/dev/serial/by-id``. Many cheap adapters have none.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

BY_ID = Path("/dev/serial/by-id")


@dataclass(frozen=True, slots=True)
class PortSeen:
    """One port. ``name``: what to open, the lasting name where there is one; ``device``: what it is called today.

    ``product`` and ``maker`` are the adapter's own words, empty where it is none. ``number``: its own serial number,
    None where it has none, so that nobody can tell it from another one.
    """

    name: str
    device: str
    product: str = ""
    maker: str = ""
    number: str | None = None


_COUNTED = ("0123456789ABCDEF", "1234567890")


def own_number(told: str | None) -> str | None:
    """A serial number, unless it is one that many adapters share because nobody wrote another one over it.

    Silicon Labs ships the CP2102 with "0001" (application note AN721); others come with zeros, or with digits counted
    upwards.
    """
    plain = (told or "").strip().upper()
    shared = plain.lstrip("0") in ("", "1") or len(set(plain)) == 1 or any(plain in one for one in _COUNTED)
    return None if shared else told


def ports(by_id: Path = BY_ID) -> tuple[PortSeen, ...]:
    """Every port that the system lists, in the order of their names. None is opened."""
    from serial.tools.list_ports import comports

    found = (
        PortSeen(
            lasting_name(one.device, by_id),
            one.device,
            one.product or "",
            one.manufacturer or "",
            own_number(one.serial_number),
        )
        for one in comports()
    )
    return tuple(sorted(found, key=lambda one: one.name))


def lasting_name(port: str, by_id: Path = BY_ID) -> str:
    """The name below ``/dev/serial/by-id`` that leads to this port; the port as it is named where there is none."""
    try:
        device = Path(port).resolve()
        links = sorted(by_id.iterdir())
        return next((str(link) for link in links if link.resolve() == device), port)
    except (OSError, RuntimeError):  # there is no such folder; or a link that leads to itself
        return port


def number_of(port: str, by_id: Path = BY_ID) -> str | None:
    """The serial number of the adapter behind a port; None where it has none or is no adapter."""
    name = lasting_name(port, by_id)
    return next((one.number for one in ports(by_id) if name in (one.name, one.device)), None)
