"""``retrotread replay``: a recorded run through today's program, told in sentences or as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from .check import Printed
from .replay import Replayed, replay
from .tape import Tape, tape_in, write_scenario


def replay_text(path: Path, as_json: bool, export: Path | None = None) -> Printed:
    """Run the record and tell; ``export`` becomes a scenario file of it.

    Raises TapeError for a file that cannot be run again, OSError, and ValueError for an export that cannot be written.
    """
    tape = tape_in(path)
    if export is not None:
        write_scenario(tape, export)
    done = replay(tape)
    return Printed(json.dumps(_plain(tape, done), indent=2) if as_json else _sentences(tape, done), not done.agrees)


def _plain(tape: Tape, done: Replayed) -> dict[str, object]:
    """The published keys; moments in seconds on the clock of the record."""
    return {
        "name": tape.name,
        "agrees": done.agrees,
        "supervisor_steps": done.supervisor_steps,
        "engine_steps": done.engine_steps,
        "differences": [asdict(one) for one in done.differences],
        "notes": list(done.notes),
    }


def _sentences(tape: Tape, done: Replayed) -> str:
    compared = f"{done.supervisor_steps} steps of the supervisor and {done.engine_steps} of the engine compared"
    verdict = "no difference" if done.agrees else "today's program differs"
    return "\n".join((f"{tape.name}: {verdict}; {compared}", *map(str, done.differences), *done.notes))
