"""Serial ports: which there are, whether this user may open them, and who else grabs them."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from .finding import Finding, Mend, Private, ok, problem, warning
from .probe import Probe
from .reading import my_groups, names_in, running

SERIAL_NONE = ok("serial-none", "there is no serial port; only a treadmill on a cable needs one")
SERIAL_OK = ok("serial-ok", "the serial port {port} can be opened by you")
SERIAL_DENIED = problem(
    "serial-denied",
    "you may not open the serial port {port}; its group is {group}",
    Mend(
        "Run: sudo usermod -aG {group} $USER, then log out and in again. The group is dialout on Debian, Ubuntu and "
        "Fedora, uucp on Arch.",
        "Look at its permissions with ls -l; the driver of the adapter may need a restart of the Mac.",
        "Close the other program that uses the port, or look at the Device Manager.",
    ),
)
SERIAL_GROUPLESS = warning(
    "serial-later",
    "a serial adapter that you plug in later belongs to the group {group}, and you are not in it",
    Mend("Only for a treadmill on a cable: sudo usermod -aG {group} $USER, then log out and in again."),
)
MODEM_MANAGER = warning(
    "serial-modemmanager",
    "ModemManager runs; it opens a new serial port and writes to it, to see whether it is a modem",
    Mend(
        "With a treadmill on a cable: sudo systemctl disable --now ModemManager, or a udev rule for the adapter with "
        'ENV{{ID_MM_DEVICE_IGNORE}}="1".'
    ),
)
BRLTTY = warning(
    "serial-brltty",
    "brltty runs; it takes some serial adapters (CH340) for a Braille display and removes their port",
    Mend("Without a Braille display: sudo apt remove brltty, or mask its udev rule."),
)
NO_NUMBER = warning(
    "serial-no-number",
    "the adapter at {port} has no serial number, so that a treadmill behind it cannot be told from another one",
    Mend(
        "Before each first start, press the treadmill's emergency stop when the program asks for it; or use an adapter "
        "with a number of its own (FTDI ones have)."
    ),
)
PORT_GONE = warning(
    "serial-gone",
    "there is no port {port}, where a treadmill is remembered",
    Mend("Plug its adapter in; or look what it is called now (retrotread scan) and remember that address."),
)
ENTRIES = (
    SERIAL_NONE,
    SERIAL_OK,
    SERIAL_DENIED,
    SERIAL_GROUPLESS,
    NO_NUMBER,
    PORT_GONE,
    MODEM_MANAGER,
    BRLTTY,
)

USUAL_GROUPS = ("dialout", "uucp")


@dataclass(frozen=True, slots=True)
class Port:
    """A serial port; ``usable``: this user may read and write it."""

    name: str
    usable: bool
    group: str = ""


@dataclass(frozen=True, slots=True)
class SerialFacts:
    """``lacking``: the group of serial ports that this system has and this user is not in, None where there is none.

    ``unnumbered``: ports of adapters without a number; ``gone``: ports of remembered treadmills that are not there.
    """

    ports: tuple[Port, ...] = ()
    lacking: str | None = None
    programs: frozenset[str] = frozenset()
    unnumbered: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def judge(facts: SerialFacts) -> tuple[Finding, ...]:
    """One finding for each port, and one for each thing that stands in a port's way."""
    found = [_of(port) for port in facts.ports] or [SERIAL_NONE.found()]
    if facts.lacking is not None and not facts.ports:
        found.append(SERIAL_GROUPLESS.found(group=facts.lacking))
    found += [NO_NUMBER.found(port=Private(port)) for port in facts.unnumbered]
    found += [PORT_GONE.found(port=Private(port)) for port in facts.gone]
    if "ModemManager" in facts.programs:
        found.append(MODEM_MANAGER.found())
    if "brltty" in facts.programs:
        found.append(BRLTTY.found())
    return tuple(found)


def _of(port: Port) -> Finding:
    if port.usable:
        return SERIAL_OK.found(port=Private(port.name))
    return SERIAL_DENIED.found(port=Private(port.name), group=port.group or "unknown")


def collect() -> SerialFacts:
    """The ports of this computer, and those that a treadmill is remembered at."""
    return replace(_collected(), unnumbered=_unnumbered(), gone=_gone())


def _collected() -> SerialFacts:
    if sys.platform == "win32":
        return SerialFacts(_windows_ports())
    if sys.platform == "darwin":
        names = [name for name in names_in(Path("/dev")) if name.startswith(("cu.usb", "cu.wchusb", "cu.SLAB"))]
        return SerialFacts(tuple(_port(Path("/dev") / name) for name in names))
    by_id = Path("/dev/serial/by-id")
    ports = tuple(_port(by_id / name) for name in names_in(by_id))
    return SerialFacts(ports, _lacking(), running())


def _unnumbered() -> tuple[str, ...]:
    """What says nothing of itself is a port of the computer's own, and no adapter."""
    from ...devices.serialport.ports import ports

    return tuple(one.name for one in ports() if one.number is None and (one.product or one.maker))


def _gone() -> tuple[str, ...]:
    from ...devices.address import parse_address
    from ..folder import folder_path
    from ..treadmills import remembered

    addresses = [parse_address(one) for one in remembered(folder_path()) if one.startswith("serial+")]
    return tuple(one.name for one in addresses if one.name.startswith("/") and not Path(one.name).exists())


def _port(path: Path) -> Port:
    try:
        group = path.group()
    except (OSError, KeyError):
        group = ""
    return Port(str(path), os.access(path, os.R_OK | os.W_OK), group)


def _lacking() -> str | None:
    """The group that serial ports get on this system, when this user is not in it."""
    import grp

    known = {one.gr_name for one in grp.getgrall()}
    ours = my_groups()
    usual = next((group for group in USUAL_GROUPS if group in known), None)
    return None if usual is None or usual in ours or os.geteuid() == 0 else usual


def _windows_ports() -> tuple[Port, ...]:
    """As the registry lists them (HKLM\\HARDWARE\\DEVICEMAP\\SERIALCOMM)."""
    if sys.platform != "win32":
        return ()
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"HARDWARE\DEVICEMAP\SERIALCOMM") as key:
            count = winreg.QueryInfoKey(key)[1]
            return tuple(Port(str(winreg.EnumValue(key, index)[1]), True) for index in range(count))
    except OSError:
        return ()


PROBE = Probe("serial", collect, judge, ENTRIES)
