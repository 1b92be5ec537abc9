"""Linux inside Windows: what it hands through to its programs and what not."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from .finding import Finding, Mend, ok, problem, warning
from .probe import Probe

WSL_NOT = ok("wsl-none", "this is not Linux inside Windows")
WSL_ONE = problem(
    "wsl-1",
    "this is the Windows Subsystem for Linux, version 1: it has no Bluetooth and no USB",
    Mend(
        "Use Linux on the computer itself, or Windows' own Python; or wsl --set-version for version 2, and read wsl-2."
    ),
)
WSL_TWO = warning(
    "wsl-2",
    "this is the Windows Subsystem for Linux, version 2: the computer's own Bluetooth stays with Windows",
    Mend(
        "Simulated and coached sessions work. For a real treadmill use Linux on the computer itself; a USB adapter can "
        "be handed through with usbipd-win and a kernel that has Bluetooth. Windows may sleep without telling Linux."
    ),
)
CONTAINER = warning(
    "container",
    "this runs inside a container ({kind})",
    Mend(
        "Share /run/dbus and the serial port with it, or run Retrotread outside: no container hands the radio through."
    ),
)
ENTRIES = (WSL_NOT, WSL_ONE, WSL_TWO, CONTAINER)


@dataclass(frozen=True, slots=True)
class WslFacts:
    """``release`` of the kernel as uname tells it; ``container``: its kind, None outside one."""

    release: str
    container: str | None = None


def judge(facts: WslFacts) -> tuple[Finding, ...]:
    """Whether another system stands between this one and the hardware.

    Version 1 calls itself 4.4.0-19041-Microsoft, version 2 5.15.90.1-microsoft-standard-WSL2.
    """
    if "microsoft" in facts.release.lower():
        return (WSL_TWO.found() if "microsoft-standard" in facts.release.lower() else WSL_ONE.found(),)
    if facts.container is not None:
        return (CONTAINER.found(kind=facts.container),)
    return (WSL_NOT.found(),)


def collect() -> WslFacts:
    """This system."""
    if not sys.platform.startswith("linux"):
        return WslFacts("")
    return WslFacts(platform.release(), _container(Path("/")))


def _container(root: Path) -> str | None:
    """By the files that Docker and Podman lay into theirs."""
    marks = {"Docker": root / ".dockerenv", "Podman": root / "run" / ".containerenv"}
    return next((kind for kind, mark in marks.items() if mark.exists()), None)


PROBE = Probe("wsl", collect, judge, ENTRIES)
