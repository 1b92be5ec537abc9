"""Play recorded killers again, each with its defect in a process of its own: ``python -m tests.proof.mutants.again``.

Standard input: a JSON list of [NAME, "explored" or "simulated", whether the defect is planted]. Standard output: a line
of JSON for each, with what that killer finds now. What is no part of this
project is imported once, beforehand, and the rest anew in each fork: that is most of the time of a killer.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from dataclasses import asdict

from tests.proof.mutants.killing import Killers, again, recorded
from tests.proof.mutants.planting import named, plant

HEAVY = ("asyncio", "hashlib", "multiprocessing", "pydantic", "ruamel.yaml", "serial", "tomllib")


def main() -> int:
    for name in HEAVY:
        importlib.import_module(name)
    known = recorded()
    for name, how, planted in json.load(sys.stdin):
        one = known[name]
        killers = Killers(one.explored if how == "explored" else None, one.simulated if how == "simulated" else None)
        sys.stdout.write(f"{_in_a_fork(name if planted else None, killers)}\n")
        sys.stdout.flush()
    return 0


def _in_a_fork(name: str | None, killers: Killers) -> str:
    """The line that the child writes."""
    from_child, to_parent = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(from_child)
        _tell(to_parent, name, killers)
    os.close(to_parent)
    with os.fdopen(from_child) as lines:
        told = lines.read()
    os.waitpid(child, 0)
    return told


def _tell(to_parent: int, name: str | None, killers: Killers) -> None:
    """In the child: plant, play, tell, end."""
    try:
        if name is not None:
            plant(named(name))
        told = json.dumps(asdict(again(killers)))
    except Exception as error:  # noqa: BLE001  whatever it is, it is told by the parent
        told = json.dumps({"error": f"{type(error).__name__}: {error}"})
    os.write(to_parent, told.encode())
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
