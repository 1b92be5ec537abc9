"""What the collectors see of a computer: trees of files, sockets and processes that a test lays out."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrotread.clock import monotonic_s
from retrotread.devices.serialport import ports
from retrotread.sessions import folder
from retrotread.sessions.doctor import serial
from retrotread.sessions.doctor.adapter import AdapterFacts, seen_in
from retrotread.sessions.doctor.bus import opened
from retrotread.sessions.doctor.disk import looked_at
from retrotread.sessions.doctor.everything import PROBES
from retrotread.sessions.doctor.finding import Finding, everywhere, ok, warning
from retrotread.sessions.doctor.probe import Probe, looked
from retrotread.sessions.doctor.reading import names_in, running, text_of
from retrotread.sessions.machines.known import Treadmill, remember

FINE = ok("fine", "all is well")
ODD = warning("odd", "{thing} is odd", everywhere("look at {thing}"))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_adapters_and_switches_of_a_kernel(tmp_path: Path) -> None:
    assert seen_in(tmp_path) == AdapterFacts(())
    for name in ("hci1", "hci0", "hci0:12"):
        (tmp_path / "class" / "bluetooth" / name).mkdir(parents=True)
    write(tmp_path / "class/rfkill/rfkill0/type", "wlan\n")
    write(tmp_path / "class/rfkill/rfkill0/hard", "1\n")
    write(tmp_path / "class/rfkill/rfkill1/type", "bluetooth\n")
    write(tmp_path / "class/rfkill/rfkill1/soft", "1\n")
    write(tmp_path / "class/rfkill/rfkill1/hard", "0\n")
    assert seen_in(tmp_path) == AdapterFacts(("hci0", "hci1"), soft_blocked=True, hard_blocked=False)


def test_programs_that_run(tmp_path: Path) -> None:
    write(tmp_path / "12/comm", "bluetoothd\n")
    write(tmp_path / "self/comm", "not-a-number\n")
    (tmp_path / "13").mkdir()
    assert running(tmp_path) == {"bluetoothd"}


def test_a_file_of_the_system_that_is_missing_or_endless(tmp_path: Path) -> None:
    assert text_of(tmp_path / "none") is None
    assert text_of(tmp_path) is None
    assert names_in(tmp_path / "none") == ()
    write(tmp_path / "long", "x" * 100_000)
    assert len(text_of(tmp_path / "long") or "") == 64 * 1024


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no sockets in the file system")
def test_a_bus_that_opens_and_one_that_does_not(tmp_path: Path) -> None:
    path = tmp_path / "bus"
    assert opened(f"unix:path={path},guid=12") == (str(path), "No such file or directory")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.bind(str(path))
        assert opened(f"unix:path={path}")[1] == "Connection refused"
        door.listen(1)
        assert opened(f"tcp:host=x;unix:path={path}") == (str(path), None)
    assert opened("tcp:host=x") == ("tcp:host=x", None)


def test_a_folder_for_sessions_is_tried_and_left_as_it_was(tmp_path: Path) -> None:
    facts = looked_at(tmp_path / "not" / "yet" / "there")
    assert facts.refusal is None
    assert facts.free_bytes > 0
    assert 0.0 <= facts.sync_s < 60.0
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told_with_its_reason(tmp_path: Path) -> None:
    write(tmp_path / "file", "")
    assert looked_at(tmp_path / "file").refusal == "Not a directory"


# --- probes ---------------------------------------------------------------------------------------------------


@pytest.fixture
def stuck() -> Iterator[int]:
    """A descriptor on which a read waits until the test is over."""
    reading, writing = os.pipe()
    yield reading
    os.close(writing)


def judged(facts: str) -> tuple[Finding, ...]:
    return (ODD.found(thing=facts),) if facts else (FINE.found(),)


def test_a_probe_that_hangs_is_a_finding_after_its_deadline(stuck: int) -> None:
    probe = Probe("stone", lambda: str(os.read(stuck, 1)), judged, (FINE, ODD), deadline_s=0.2)
    began_s = monotonic_s()
    (found,) = looked(probe)
    assert found.what == "the look at stone did not end within 0.2 s"
    assert monotonic_s() - began_s < 5.0  # a hang is not waited out; the rest is a busy computer's


def test_a_probe_that_fails_is_a_finding_and_not_the_end() -> None:
    def broken() -> str:
        raise RuntimeError("no such luck")

    (found,) = looked(Probe("stone", broken, judged, (FINE, ODD)))
    assert found.what == "the look at stone failed: RuntimeError: no such luck"


def test_a_probe_that_sees_something() -> None:
    assert [one.what for one in looked(Probe("stone", lambda: "moss", judged, (FINE, ODD)))] == ["moss is odd"]


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
def test_every_probe_comes_to_an_end_on_this_computer(probe: Probe[object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it finds here, it is one of the things that it says it may find."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    found = looked(probe)
    assert found
    assert {one.entry.key for one in found} <= {entry.key for entry in probe.entries}, [one.what for one in found]
    assert all(one.what and "{" not in one.what for one in found)


def test_adapters_without_a_number_and_ports_that_are_gone_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "ttyUSB0"
    here.touch()
    adapters = (
        ports.PortSeen("/dev/ttyS0", "/dev/ttyS0"),
        ports.PortSeen("/dev/ttyUSB0", "/dev/ttyUSB0", "USB Serial"),
        ports.PortSeen("/dev/serial/by-id/usb-FTDI_A5", "/dev/ttyUSB1", "FT232R", "FTDI", "A5"),
    )
    monkeypatch.setattr(ports, "ports", lambda: adapters)
    monkeypatch.setattr(folder, "folder_path", lambda: tmp_path)
    for number, port in enumerate((here, tmp_path / "ttyUSB9")):
        remember(Treadmill(f"lab {number}", f"serial+woodway://{port}"), tmp_path)
    facts = serial.collect()
    assert facts.unnumbered == ("/dev/ttyUSB0",)
    assert facts.gone == (str(tmp_path / "ttyUSB9"),)
