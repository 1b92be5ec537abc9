"""The Bluetooth adapters that the Linux kernel knows, and the switches that silence them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from .finding import Finding, Mend, ok, problem, warning
from .probe import Probe
from .reading import names_in, text_of

ADAPTER_OK = ok("adapter-ok", "the kernel has the Bluetooth adapter {name}")
ADAPTER_ELSEWHERE = ok("adapter-elsewhere", "on this system the adapter shows in the findings radio-... alone")
ADAPTER_NONE = problem(
    "adapter-none",
    "the kernel knows no Bluetooth adapter",
    Mend(
        "Plug in an adapter that speaks Low Energy (4.0 or newer) and look at dmesg: it may want a firmware package "
        "(linux-firmware). In a virtual machine, hand the USB adapter through to it."
    ),
)
ADAPTER_SOFT = problem(
    "adapter-switched-off", "Bluetooth is switched off by software (rfkill)", Mend("Run: rfkill unblock bluetooth.")
)
ADAPTER_HARD = problem(
    "adapter-switch",
    "Bluetooth is switched off by a switch or a key of the computer (rfkill, hard)",
    Mend("Use the switch, or the key for the flight mode, or look into the set-up of the firmware (BIOS)."),
)
ADAPTER_SEVERAL = warning(
    "adapter-several",
    "there are {count} Bluetooth adapters ({names}); the first that is switched on is used",
    Mend("Leave the better one on and switch the other off: bluetoothctl list, select, power off."),
)
ENTRIES = (ADAPTER_OK, ADAPTER_ELSEWHERE, ADAPTER_NONE, ADAPTER_SOFT, ADAPTER_HARD, ADAPTER_SEVERAL)


@dataclass(frozen=True, slots=True)
class AdapterFacts:
    """``names``: hci0 and the like, None where the kernel does not tell; the two switches of rfkill."""

    names: tuple[str, ...] | None
    soft_blocked: bool = False
    hard_blocked: bool = False


def judge(facts: AdapterFacts) -> tuple[Finding, ...]:
    """What keeps the adapter from working, or that it is there."""
    if facts.names is None:
        return (ADAPTER_ELSEWHERE.found(),)
    found: list[Finding] = []
    if not facts.names:
        found.append(ADAPTER_NONE.found())
    if facts.hard_blocked:
        found.append(ADAPTER_HARD.found())
    elif facts.soft_blocked:
        found.append(ADAPTER_SOFT.found())
    if len(facts.names) > 1:
        found.append(ADAPTER_SEVERAL.found(count=len(facts.names), names=", ".join(facts.names)))
    return tuple(found) or (ADAPTER_OK.found(name=", ".join(facts.names)),)


def seen_in(system: Path) -> AdapterFacts:
    """From a tree such as ``/sys``. A connection shows there beside its adapter, with a colon in its name."""
    adapters = tuple(name for name in names_in(system / "class" / "bluetooth") if ":" not in name)
    switches = [system / "class" / "rfkill" / name for name in names_in(system / "class" / "rfkill")]
    ours = [switch for switch in switches if (text_of(switch / "type") or "").strip() == "bluetooth"]
    return AdapterFacts(adapters, _any_set(ours, "soft"), _any_set(ours, "hard"))


def _any_set(switches: list[Path], which: str) -> bool:
    return any((text_of(switch / which) or "").strip() == "1" for switch in switches)


def collect() -> AdapterFacts:
    """The adapters of this computer."""
    return seen_in(Path("/sys")) if sys.platform.startswith("linux") else AdapterFacts(None)


PROBE = Probe("adapter", collect, judge, ENTRIES)
