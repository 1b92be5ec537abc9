"""Programs that are killed while they write, 500 times, or whose disk fails or is full: nothing acknowledged is lost.

``make kills`` has ten thousand, and judges by the clock as well: how much of the steps a kill took along depends on the
disk of the moment. That a batch is at most a second is held on a clock of its own, in ``sessions/test_journal``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.records.kills.writers import DIARY, JOURNAL

ROOT = Path(__file__).parents[2]
KILLS = 500


def test_five_hundred_kills_lose_nothing_that_was_acknowledged() -> None:
    command = [
        sys.executable,
        "-m",
        "tests.records.kills",
        str(KILLS),
        "--seconds",
        "4",
        "--faults",
        "10",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    figures: dict[str, Any] = json.loads(done.stdout)
    assert figures["lost"] == []
    assert figures["steps_lost_s"] > 0.0, "nothing waited for its batch when the kills came"
    assert done.returncode == 0
    assert figures["missed"] == [], "a named point that nobody comes by"
    assert figures["points"] >= len(JOURNAL.points) + len(DIARY.points) + 20
    assert figures["by_writer"].keys() == {"journal", "diary", "taking over", "upgrading"}
    assert figures["faults"]["lost"] == []
    assert figures["faults"]["told"]["error"] >= 20, "too few of the writers came by the statement that fails"
    assert figures["faults"]["told"]["full"] >= 15, "too few of the files came to the size at which the disk is full"
    assert figures["kills"] >= KILLS * 0.8, "too few of the kills fell into the work; make LATEST_S shorter"
