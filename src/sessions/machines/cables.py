"""The serial ports of this computer, beside what is on the air: listed, and never opened or asked anything.

What hangs on a port cannot be found out without speaking to it, and the words of one dialect start the belt of another
(``A9`` sets a weight on a Trackmaster and starts a Woodway). So a person says what it is, in the address.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ...devices.address import REAL_SCHEMES, parse_address
from ...devices.serialport.ports import PortSeen, lasting_name
from .known import Treadmill, TreadmillsError, known
from .wording import shown

SERIAL = "serial+"
WRITE = "serial+trackmaster://PORT?units=mph (or kph), serial+woodway://PORT, serial+csafe://PORT, serial+biodex://PORT"


def remembered_at(port: PortSeen, folder: Path) -> Treadmill | None:
    """The treadmill of this computer's list whose address leads to this port."""
    try:
        treadmills = known(folder)
    except TreadmillsError:
        return None
    return next((one for one in treadmills if _leads_to(one.address, port)), None)


def ports_lines(ports: Iterable[PortSeen], folder: Path) -> list[str]:
    """The ports as lines for a terminal; none where there is no port."""
    lines = [line for port in ports for line in _lines(port, remembered_at(port, folder))]
    if not lines:
        return []
    say = f"Write the address of a treadmill on a cable as what it is: {WRITE}."
    return ["Serial ports (only listed; nothing was sent to them):", *lines, say]


def ports_object(ports: Iterable[PortSeen], folder: Path) -> list[dict[str, Any]]:
    """The ports for a program."""
    return [_object(port, remembered_at(port, folder)) for port in ports]


def _leads_to(address: str, port: PortSeen) -> bool:
    parsed = parse_address(address)
    serial = parsed.scheme in REAL_SCHEMES and parsed.scheme.startswith(SERIAL)
    return serial and lasting_name(parsed.name) in (port.name, port.device)


def _lines(port: PortSeen, treadmill: Treadmill | None) -> list[str]:
    words = [shown(one) for one in (port.product, port.maker) if one.strip()]
    what = " by ".join(words) or "it says nothing of itself"
    number = "no serial number: it cannot be told from another one" if port.number is None else shown(port.number)
    remembered = "" if treadmill is None else f", remembered as {shown(treadmill.name)}"
    return [f"  {shown(port.name)}", f"    {what}; {number}{remembered}"]


def _object(port: PortSeen, treadmill: Treadmill | None) -> dict[str, Any]:
    return {
        "port": port.name,
        "device": port.device,
        "product": shown(port.product),
        "maker": shown(port.maker),
        "serial_number": None if port.number is None else shown(port.number),
        "remembered_as": None if treadmill is None else treadmill.name,
    }
