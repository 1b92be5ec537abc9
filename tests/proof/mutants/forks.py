"""Jobs with a defect, each in a process of its own: ``python -m tests.proof.mutants.forks``.

Standard input: a JSON list of ``[NAME or null, JOB, ARGUMENTS]``; null is the program as it is. Standard output: a line
of JSON for each job. What is no part of this project is imported once, beforehand, and the rest anew in each fork: that
is most of the time of a short job.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any

from tests.proof.mutants import killing
from tests.proof.mutants.planting import named, plant

HEAVY = ("asyncio", "hashlib", "multiprocessing", "pydantic", "ruamel.yaml", "serial", "tomllib")

JOBS: dict[str, Callable[..., object]] = {"hunt": killing.hunt, "history": killing.history, "session": killing.session}


def main() -> int:
    for name in HEAVY:
        importlib.import_module(name)
    for name, job, arguments in json.load(sys.stdin):
        sys.stdout.write(f"{_in_a_fork(name, job, arguments)}\n")
        sys.stdout.flush()
    return 0


def _in_a_fork(name: str | None, job: str, arguments: list[Any]) -> str:
    """The line that the child writes."""
    from_child, to_parent = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(from_child)
        _tell(to_parent, name, job, arguments)
    os.close(to_parent)
    with os.fdopen(from_child) as lines:
        told = lines.read()
    os.waitpid(child, 0)
    return told


def _tell(to_parent: int, name: str | None, job: str, arguments: list[Any]) -> None:
    """In the child: plant, do the job, tell, end."""
    try:
        if name is not None:
            plant(named(name))
        told = {"found": JOBS[job](*arguments)}
    except Exception as error:  # noqa: BLE001  whatever it is, it is told by the parent
        told = {"error": f"{type(error).__name__}: {error}"}
    with os.fdopen(to_parent, "w") as lines:
        json.dump(told, lines)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
