"""What each probe makes of a computer that is told to it: every system can be examined here."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from retrotread.sessions.doctor import adapter, bus, clock, disk, logind, permission, python, serial, sound, wsl
from retrotread.sessions.doctor.finding import Finding, Severity, System

DEBIAN = """<busconfig>
  <policy user="root"> <allow own="org.bluez"/> <allow send_destination="org.bluez"/> </policy>
  <policy group="bluetooth"> <allow send_destination="org.bluez"/> </policy>
  <policy context="default"> <deny send_destination="org.bluez"/> </policy>
</busconfig>"""
UPSTREAM = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN" "x">
<busconfig>
  <policy user="root"> <allow own="org.bluez"/> </policy>
  <policy context="default"> <allow send_destination="org.bluez"/> </policy>
</busconfig>"""


def keys(found: Iterable[Finding]) -> list[str]:
    return [one.entry.key for one in found]


def test_a_python_that_the_program_was_tried_with() -> None:
    found = python.judge(python.PythonFacts((3, 11, 7), "CPython", "0.1.0"))
    assert [one.what for one in found] == ["Python 3.11.7 (CPython) with Retrotread 0.1.0"]
    assert found[0].entry.severity is Severity.OK


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (python.PythonFacts((3, 10, 14), "CPython", "0.1.0"), ["python-old"]),
        (python.PythonFacts((3, 15, 0), "CPython", "0.1.0"), ["python-new"]),
        (python.PythonFacts((3, 14, 2), "CPython", "0.1.0"), ["python-ok"]),
        (python.PythonFacts((3, 11, 0), "PyPy", "0.1.0", ("bleak",)), ["python-other", "packages-missing"]),
    ],
)
def test_pythons(facts: python.PythonFacts, expected: list[str]) -> None:
    assert keys(python.judge(facts)) == expected


def test_missing_packages_are_installed_from_the_checkout_as_no_package_is_published() -> None:
    mend = python.PACKAGES_MISSING.mend
    for told in (mend.linux, mend.macos, mend.windows):
        assert told is not None
        assert "n the checkout" in told
        assert "install retrotread" not in told
        assert told.endswith(" .")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (adapter.AdapterFacts(None), ["adapter-elsewhere"]),
        (adapter.AdapterFacts(()), ["adapter-none"]),
        (adapter.AdapterFacts(("hci0",)), ["adapter-ok"]),
        (adapter.AdapterFacts(("hci0",), soft_blocked=True), ["adapter-switched-off"]),
        (adapter.AdapterFacts(("hci0",), soft_blocked=True, hard_blocked=True), ["adapter-switch"]),
        (adapter.AdapterFacts(("hci0", "hci1")), ["adapter-several"]),
    ],
)
def test_adapters(facts: adapter.AdapterFacts, expected: list[str]) -> None:
    assert keys(adapter.judge(facts)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (bus.BusFacts(False), ["bus-elsewhere"]),
        (bus.BusFacts(True, "/run/x", "No such file", False), ["bus-none", "bus-no-bluetoothd"]),
        (bus.BusFacts(True, "/run/x", None, True, (5, 54)), ["bus-bluez-old"]),
        (bus.BusFacts(True, "/run/x", None, True, (5, 66)), ["bus-ok"]),
        (bus.BusFacts(True, "/run/x", None, True, None), ["bus-ok"]),
    ],
)
def test_busses(facts: bus.BusFacts, expected: list[str]) -> None:
    assert keys(bus.judge(facts)) == expected


@pytest.mark.parametrize(
    ("said", "version"), [("bluetoothctl: 5.66\n", (5, 66)), ("5.9", (5, 9)), ("", None), ("no such thing", None)]
)
def test_the_version_that_bluetoothctl_prints(said: str, version: tuple[int, int] | None) -> None:
    assert bus.version_in(said) == version


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (permission.PermissionFacts(None), "bluez-policy-not-told"),
        (permission.PermissionFacts(UPSTREAM), "bluez-allowed"),
        (permission.PermissionFacts(DEBIAN), "bluez-denied"),
        (permission.PermissionFacts(DEBIAN, frozenset({"bluetooth", "ada"})), "bluez-allowed"),
        (permission.PermissionFacts(DEBIAN, root=True), "bluez-allowed"),
        (permission.PermissionFacts("<busconfig>"), "bluez-policy-not-told"),
        (permission.PermissionFacts("no policy at all"), "bluez-policy-not-told"),
    ],
)
def test_who_may_talk_to_bluetoothd(facts: permission.PermissionFacts, expected: str) -> None:
    assert keys(permission.judge(facts)) == [expected]


def test_a_user_outside_the_group_is_told_which_group() -> None:
    (found,) = permission.judge(permission.PermissionFacts(DEBIAN, frozenset({"ada"})))
    assert "usermod -aG bluetooth $USER" in (found.mend(System.LINUX) or "")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (serial.SerialFacts(), ["serial-none"]),
        (serial.SerialFacts(lacking="dialout"), ["serial-none", "serial-later"]),
        (serial.SerialFacts((serial.Port("/dev/serial/by-id/usb-A", True),), "uucp"), ["serial-ok"]),
        (serial.SerialFacts((serial.Port("/dev/ttyUSB0", False, "dialout"),)), ["serial-denied"]),
        (serial.SerialFacts(unnumbered=("/dev/ttyUSB0",)), ["serial-none", "serial-no-number"]),
        (serial.SerialFacts(gone=("/dev/ttyUSB0",)), ["serial-none", "serial-gone"]),
        (
            serial.SerialFacts(programs=frozenset({"ModemManager", "brltty", "bash"})),
            ["serial-none", "serial-modemmanager", "serial-brltty"],
        ),
    ],
)
def test_serial_ports(facts: serial.SerialFacts, expected: list[str]) -> None:
    assert keys(serial.judge(facts)) == expected


def test_a_port_of_a_group_names_it_in_the_mend() -> None:
    (found,) = serial.judge(serial.SerialFacts((serial.Port("/dev/ttyUSB0", False, "uucp"),)))
    assert "usermod -aG uucp" in (found.mend(System.LINUX) or "")
    assert found.mend(System.WINDOWS) is not None


@pytest.mark.parametrize(
    ("release", "container", "expected"),
    [
        ("6.1.0-13-amd64", None, "wsl-none"),
        ("4.4.0-19041-Microsoft", None, "wsl-1"),
        ("5.15.90.1-microsoft-standard-WSL2", "Docker", "wsl-2"),
        ("6.1.0-13-amd64", "Podman", "container"),
        ("", None, "wsl-none"),
    ],
)
def test_linux_inside_something(release: str, container: str | None, expected: str) -> None:
    assert keys(wsl.judge(wsl.WslFacts(release, container))) == [expected]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (sound.SoundFacts(False, None, False), ["speech-off"]),
        (sound.SoundFacts(True, "espeak-ng", True), ["speech-ok"]),
        (sound.SoundFacts(True, "spd-say", True), ["speech-server"]),
        (sound.SoundFacts(True, None, False), ["speech-none", "sound-none"]),
    ],
)
def test_voices(facts: sound.SoundFacts, expected: list[str]) -> None:
    assert keys(sound.judge(facts)) == expected


MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (disk.DiskFacts("/d", None, 500 * MIB, 0.004), ["disk-ok"]),
        (disk.DiskFacts("/d", "Permission denied"), ["disk-unusable"]),
        (disk.DiskFacts("/d", None, 19 * MIB, 0.6), ["disk-full", "disk-slow"]),
        (disk.DiskFacts("/d", None, 199 * MIB, 0.5), ["disk-low"]),
        (disk.DiskFacts("/d", None, 20 * MIB, 0.0), ["disk-low"]),
    ],
)
def test_disks(facts: disk.DiskFacts, expected: list[str]) -> None:
    assert keys(disk.judge(facts)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (clock.ClockFacts(0.3, 0.301, 0.301, 2026, True), ["clock-ok"]),
        (clock.ClockFacts(0.3, 0.0, 0.3, 2026, True), ["clock-stands", "wall-clock-steps"]),
        (clock.ClockFacts(0.3, 0.45, 0.45, 2026, True), ["clock-late"]),
        (clock.ClockFacts(0.3, 0.3, 3600.3, 2026, True), ["wall-clock-steps"]),
        (clock.ClockFacts(0.3, 0.3, -3600.0, 2026, True), ["wall-clock-steps"]),
        (clock.ClockFacts(0.3, 0.3, 0.3, 1970, False), ["wall-clock-wrong", "no-boot-time"]),
    ],
)
def test_clocks(facts: clock.ClockFacts, expected: list[str]) -> None:
    assert keys(clock.judge(facts)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (logind.LogindFacts(False), ["lock-and-sleep-unknown"]),
        (logind.LogindFacts(True), ["logind-ok"]),
        (logind.LogindFacts(True, unreachable="no bus"), ["logind-none"]),
        (
            logind.LogindFacts(True, None, "no session", "refused", "odd news"),
            ["logind-no-session", "logind-refuses", "logind-troubled"],
        ),
    ],
)
def test_logind(facts: logind.LogindFacts, expected: list[str]) -> None:
    assert keys(logind.judge(facts)) == expected
