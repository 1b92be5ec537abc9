"""A guardian that is started in a bad place guards all the same: no log, no black box, no room to complain."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
from pathlib import Path

import pytest

from retrotread.guardian import wire
from retrotread.guardian.messages import PROTOCOL, Connect, Connected, FromGuardian
from retrotread.guardian.process import black_box_path
from retrotread.sessions.guardian_client import GuardianClient

WAIT_S = 20.0

TOO_FAST = """
from retrotread.guardian.gate import Gate
from retrotread.machine import Capabilities, DeviceProfile, SetSpeed, StartBelt
from retrotread.safety.config import Config
config = Config.unarmed(DeviceProfile("bench", Capabilities(50, 1600, 10)))
refused = 0
gate = Gate()
gate.admit(config, StartBelt(), 1, 0.0)
for command in (StartBelt(), SetSpeed(99999), SetSpeed(1.5)):
    try:
        gate.admit(config, command, 1, 0.0)
    except AssertionError:
        refused += 1
print(refused, __debug__)
"""


def test_the_gate_stays_shut_when_python_is_told_to_drop_its_assertions() -> None:
    """PYTHONOPTIMIZE in somebody's environment must not open it."""
    command = [sys.executable, "-O", "-c", TOO_FAST]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=WAIT_S)
    assert done.stdout.split() == ["3", "False"], done.stderr


def test_a_log_that_cannot_be_opened_is_no_reason_to_have_no_guardian(tmp_path: Path) -> None:
    (tmp_path / "guardian.log").mkdir()
    heard: queue.Queue[FromGuardian] = queue.Queue()
    client = GuardianClient(tmp_path, heard.put, lambda _reason: None)
    client.send(Connect(PROTOCOL, "sim://well-behaved"))
    while not isinstance(heard.get(timeout=WAIT_S), Connected):
        pass
    client.leave()
    assert client.wait(WAIT_S)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is needed")
def test_a_full_disk_that_takes_neither_black_box_nor_complaint_takes_no_guardian(tmp_path: Path) -> None:
    black_box_path(tmp_path).mkdir()
    with Path("/dev/full").open("wb") as full:
        guardian = subprocess.Popen(
            [sys.executable, "-P", "-m", "retrotread.guardian", str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=full,
            bufsize=0,
        )
    assert guardian.stdin is not None
    assert guardian.stdout is not None
    with guardian.stdin, guardian.stdout:
        guardian.stdin.write(wire.encode(Connect(PROTOCOL, "sim://well-behaved")))
        reading = guardian.stdout.fileno()
        payloads = iter(lambda: wire.read_frame(lambda count: os.read(reading, count)), None)
        assert any(isinstance(wire.decode_from_guardian(payload), Connected) for payload in payloads)
        guardian.stdin.close()
        assert guardian.wait(WAIT_S) == 0
