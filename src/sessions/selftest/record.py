"""What is kept of a self-test that was passed: it holds for this version of the program, on this computer.

``selftest.json`` in the data folder. Every file of the program is in its hash: a program that was changed has promised
nothing yet.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from ... import __version__
from ...clock import wall_now
from .promises import Finding

FILE_NAME = "selftest.json"
BYTES_MAX = 65_536
LOCKED = (
    "real treadmills stay locked until the self-test has passed for this version on this computer; it takes a minute "
    "and moves none: retrotread selftest"
)
"""Said wherever a real belt would be driven."""


@cache
def program_hash() -> str:
    """The hash of every Python file of the program that is running."""
    package = Path(__file__).parents[2]
    total = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        total.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def locked(folder: Path) -> str | None:
    """Why no real belt may be driven from this data folder; None where the self-test was passed."""
    try:
        with (folder / FILE_NAME).open("rb") as file:
            kept = json.loads(file.read(BYTES_MAX))
    except (OSError, ValueError):
        return LOCKED
    return None if isinstance(kept, dict) and kept.get("program") == program_hash() else LOCKED


def forget(folder: Path) -> None:
    """What was passed before counts no more: the promises are being tried anew. Raises OSError."""
    (folder / FILE_NAME).unlink(missing_ok=True)


def keep(folder: Path, findings: Iterable[Finding]) -> None:
    """Remember that all of it was passed. Raises OSError."""
    figures = {one.promise.fault.name.lower(): one.took_ms for one in findings}
    kept = {
        "version": __version__,
        "program": program_hash(),
        "passed_at": wall_now().astimezone().isoformat(timespec="seconds"),
        "asked_to_stop_after_ms": figures,
    }
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=f".{FILE_NAME}-")
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump(kept, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, folder / FILE_NAME)  # noqa: PTH105  from a name to a path
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
