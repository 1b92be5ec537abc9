"""The system bus of Linux and bluetoothd on it, over which every program reaches the radio."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass

from .finding import Finding, Mend, Private, ok, problem, warning
from .probe import Probe
from .reading import running

BLUEZ_OLDEST = (5, 55)
"""The oldest that the documentation of bleak (3.x, Linux back end) names."""

ANSWER_MAX_S = 2.0
"""A program that prints its version does so within a blink; a socket of this computer opens at once."""

BUS_OK = ok("bus-ok", "the system bus answers and bluetoothd runs ({version})")
BUS_ELSEWHERE = ok("bus-elsewhere", "this system reaches the radio without D-Bus")
BUS_NONE = problem(
    "bus-none",
    "the system bus cannot be reached at {path}: {reason}",
    Mend(
        "Install dbus and start it: sudo systemctl enable --now dbus. In a container, share /run/dbus with it. Without "
        "the bus there is no Bluetooth, and nothing keeps the computer awake."
    ),
)
BLUETOOTHD_NONE = problem(
    "bus-no-bluetoothd",
    "bluetoothd does not run",
    Mend("Install bluez and start it: sudo systemctl enable --now bluetooth."),
)
BLUEZ_OLD = warning(
    "bus-bluez-old",
    "BlueZ {version} is older than {oldest}, the oldest that the Bluetooth library is made for",
    Mend("Update the distribution, or at least its package bluez."),
)
ENTRIES = (BUS_OK, BUS_ELSEWHERE, BUS_NONE, BLUETOOTHD_NONE, BLUEZ_OLD)

USUAL_ADDRESS = "unix:path=/run/dbus/system_bus_socket"


@dataclass(frozen=True, slots=True)
class BusFacts:
    """``needed`` on Linux. ``path`` of the socket; ``refusal``: why it did not open; ``bluez``: its version."""

    needed: bool
    path: str = ""
    refusal: str | None = None
    bluetoothd: bool = False
    bluez: tuple[int, int] | None = None


def judge(facts: BusFacts) -> tuple[Finding, ...]:
    """What stands between a program and the radio on Linux."""
    if not facts.needed:
        return (BUS_ELSEWHERE.found(),)
    found: list[Finding] = []
    if facts.refusal is not None:
        found.append(BUS_NONE.found(path=Private(facts.path), reason=facts.refusal))
    if not facts.bluetoothd:
        found.append(BLUETOOTHD_NONE.found())
    if facts.bluez is not None and facts.bluez < BLUEZ_OLDEST:
        found.append(BLUEZ_OLD.found(version=_text(facts.bluez), oldest=_text(BLUEZ_OLDEST)))
    return tuple(found) or (BUS_OK.found(version=_text(facts.bluez)),)


def _text(version: tuple[int, int] | None) -> str:
    return "version not told" if version is None else f"{version[0]}.{version[1]:02d}"


def version_in(said: str) -> tuple[int, int] | None:
    """From what ``bluetoothctl --version`` prints, such as ``bluetoothctl: 5.66``."""
    found = re.search(r"(\d{1,3})\.(\d{1,3})", said)
    return None if found is None else (int(found[1]), int(found[2]))


def opened(address: str) -> tuple[str, str | None]:
    """The path of the first socket that a D-Bus address names, and why it did not open, None where it did."""
    path = next((part.removeprefix("unix:path=") for part in address.split(";") if part.startswith("unix:path=")), "")
    path = path.partition(",")[0]
    if not path:
        return address, None  # an address of another kind is believed; the finding radio-... tells
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.settimeout(ANSWER_MAX_S)
        try:
            door.connect(path)
        except OSError as error:
            return path, error.strerror or type(error).__name__
    return path, None


def collect() -> BusFacts:
    """The bus of this computer."""
    if not sys.platform.startswith("linux"):
        return BusFacts(False)
    path, refusal = opened(os.environ.get("DBUS_SYSTEM_BUS_ADDRESS") or USUAL_ADDRESS)
    return BusFacts(True, path, refusal, "bluetoothd" in running(), _bluez())


def _bluez() -> tuple[int, int] | None:
    program = shutil.which("bluetoothctl")
    if program is None:
        return None
    try:
        done = subprocess.run(
            (program, "--version"), stdin=subprocess.DEVNULL, capture_output=True, timeout=ANSWER_MAX_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return version_in(done.stdout[:200].decode(errors="replace"))


PROBE = Probe("bus", collect, judge, ENTRIES)
