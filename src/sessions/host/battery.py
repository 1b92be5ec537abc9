"""What is left of the battery that this computer runs on, from the files of the Linux kernel.

Fields as in Documentation/ABI/testing/sysfs-class-power of the kernel: ``type`` is Battery, ``scope`` is Device for the
battery of a mouse, ``status`` is Discharging on a battery, ``capacity`` is a percentage.
"""

from __future__ import annotations

import threading
from pathlib import Path

SUPPLIES = Path("/sys/class/power_supply")
# A word or a number; more is not of the kernel.
BYTES_MAX = 64


def battery_percent(supplies: Path = SUPPLIES) -> int | None:
    """The best of the batteries that are being emptied, for a second one goes on where the first ends.

    None: there is none, it is charged, or the system does not tell. Raises nothing.
    """
    try:
        left = [_percent(one) for one in sorted(supplies.iterdir())]
    except OSError:
        return None
    return max((percent for percent in left if percent is not None), default=None)


def _percent(supply: Path) -> int | None:
    if _word(supply / "type") != "Battery" or _word(supply / "scope") == "Device":
        return None
    percent = _word(supply / "capacity")
    if _word(supply / "status") != "Discharging" or not (percent.isascii() and percent.isdigit()):
        return None
    return min(int(percent), 100)


def _word(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(BYTES_MAX).decode("ascii", "replace").strip()
    except OSError:
        return ""


EVERY_S = 10.0
"""A battery loses a percent in a minute at the quickest."""


class Gauge:
    """Reads the battery now and then on a thread of its own: some firmware takes its time to answer."""

    def __init__(self, supplies: Path = SUPPLIES) -> None:
        self.percent: int | None = None
        self._supplies = supplies
        self._closed, self._looked = threading.Event(), threading.Event()
        threading.Thread(target=self._run, name="battery", daemon=True).start()

    def close(self) -> None:
        """Read no more."""
        self._closed.set()

    def first_look(self, seconds: float) -> bool:
        """Whether it has been read within that time; for those who need to know."""
        return self._looked.wait(seconds)

    def _run(self) -> None:
        while True:
            self.percent = battery_percent(self._supplies)
            self._looked.set()
            if self._closed.wait(EVERY_S):
                return
