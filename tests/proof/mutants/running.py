"""Jobs for ``forks``, and what came of them, as they come."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.proof.mutants.planting import FOLDER


@dataclass(frozen=True, slots=True)
class Job:
    """See ``forks.JOBS``. ``name``: of the defect; None for the program as it is."""

    name: str | None
    job: str
    arguments: list[Any]


def ran(jobs: list[Job]) -> Iterator[tuple[Job, Any]]:
    """What each job found, in their order; a sentence that begins with "it failed" where it had an error."""
    if not jobs:
        return
    command = [sys.executable, "-m", "tests.proof.mutants.forks"]
    asked = json.dumps([[one.name, one.job, one.arguments] for one in jobs])
    with subprocess.Popen(
        command, cwd=FOLDER.parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as forks:
        assert forks.stdin is not None
        assert forks.stdout is not None
        forks.stdin.write(asked)
        forks.stdin.close()
        for job in jobs:
            told = json.loads(forks.stdout.readline() or '{"error": "the process of the forks has ended"}')
            yield job, f"it failed: {told['error']}" if "error" in told else told["found"]
