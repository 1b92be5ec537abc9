"""Who may talk to bluetoothd: the policy that it brings for the bus of Linux. Elsewhere the radio itself tells."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from .finding import Finding, Mend, ok, problem
from .probe import Probe
from .reading import my_groups, text_of

MAY = ok("bluez-allowed", "this user may talk to bluetoothd ({because})")
NOT_TOLD = ok("bluez-policy-not-told", "who may talk to bluetoothd is not told here; the findings radio-... show it")
DENIED = problem(
    "bluez-denied",
    "bluetoothd lets only the user root and the groups {groups} talk to it, and you are in none of them",
    Mend("Run: sudo usermod -aG {first} $USER, then log out and in again (a new terminal is not enough)."),
)
ENTRIES = (MAY, NOT_TOLD, DENIED)

POLICIES = (
    Path("/etc/dbus-1/system.d/bluetooth.conf"),
    Path("/usr/share/dbus-1/system.d/bluetooth.conf"),
)
"""A file of the first folder comes on top of one of the second (dbus-daemon(1), standard configuration)."""


@dataclass(frozen=True, slots=True)
class PermissionFacts:
    """The policy's text, None where there is none; the groups of this user; whether this is root."""

    policy: str | None
    groups: frozenset[str] = frozenset()
    root: bool = False


def judge(facts: PermissionFacts) -> tuple[Finding, ...]:
    """Whether this user may send to org.bluez, as far as the policy's file tells."""
    if facts.policy is None:
        return (NOT_TOLD.found(),)
    if facts.root:
        return (MAY.found(because="you are root"),)
    everybody, groups = allowed(facts.policy)
    if everybody:
        return (MAY.found(because="everybody may"),)
    if ours := groups & facts.groups:
        return (MAY.found(because=f"you are in the group {min(ours)}"),)
    if not groups:
        return (NOT_TOLD.found(),)
    return (DENIED.found(groups=", ".join(sorted(groups)), first=min(groups)),)


def allowed(policy: str) -> tuple[bool, frozenset[str]]:
    """Whether everybody may send to org.bluez, and which groups may besides. Nothing where the text is no policy."""
    try:
        root = ElementTree.fromstring(policy)
    except ElementTree.ParseError:
        return False, frozenset()
    groups = {one.get("group", "") for one in root.iter("policy") if one.get("group") and _allows(one)}
    everybody = any(
        _allows(one)
        for one in root.iter("policy")
        if one.get("context") == "default" or one.get("at_console") == "true"
    )
    return everybody, frozenset(groups)


def _allows(policy: ElementTree.Element) -> bool:
    return any(rule.get("send_destination") == "org.bluez" for rule in policy.iter("allow"))


def collect() -> PermissionFacts:
    """This computer's policy and this user."""
    if not sys.platform.startswith("linux"):
        return PermissionFacts(None)
    import os

    policy = next((text for path in POLICIES if (text := text_of(path)) is not None), None)
    return PermissionFacts(policy, my_groups(), os.geteuid() == 0)


PROBE = Probe("permission", collect, judge, ENTRIES)
