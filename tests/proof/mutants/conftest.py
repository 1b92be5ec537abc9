"""What plays the recorded killers again, many in one go."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.proof.mutants.planting import FOLDER


def played(how: str, names: list[str], planted: bool = True) -> dict[str, str | None]:
    """What the recorded killers of these defects find now; None where it is nothing. AssertionError where one fails."""
    asked = json.dumps([(name, how, planted) for name in names])
    command = [sys.executable, "-m", "tests.proof.mutants.again"]
    done = subprocess.run(
        command, cwd=FOLDER.parents[2], input=asked, capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0, done.stderr
    return {name: _sentence(json.loads(line), how) for name, line in zip(names, done.stdout.splitlines(), strict=True)}


def _sentence(told: dict[str, Any], how: str) -> str | None:
    if "error" in told:
        return f"it failed: {told['error']}"
    return None if told[how] is None else str(told[how]["sentence"])
