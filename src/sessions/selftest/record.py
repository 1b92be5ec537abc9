"""What is kept of a self-test that was passed: it holds for this version of the program, on this computer.

``selftest.json`` in the data folder. Every file of the program is in its hash: a program that was changed has promised
nothing yet. So is the computer in another one: a folder that was copied to a second computer promises nothing there.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from ... import __version__
from ...clock import wall_now
from .promises import Finding

FILE_NAME = "selftest.json"
BYTES_MAX = 65_536
MACHINE_ID = Path("/etc/machine-id")
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


def computer_hash() -> str:
    """This computer, told from others and by nothing else: salted with the program, so that no two programs agree.

    By its machine-id (machine-id(5) asks that it is never shown as it is), by its name where it has none.
    """
    try:
        name = MACHINE_ID.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        name = ""
    return hashlib.sha256(f"{program_hash()} {name or platform.node()}".encode()).hexdigest()


def locked(folder: Path) -> str | None:
    """Why no real belt may be driven from this data folder; None where the self-test was passed."""
    try:
        with (folder / FILE_NAME).open("rb") as file:
            kept = json.loads(file.read(BYTES_MAX))
    except (OSError, ValueError):
        return LOCKED
    here = {"program": program_hash(), "computer": computer_hash()}
    return None if isinstance(kept, dict) and here.items() <= kept.items() else LOCKED


def forget(folder: Path) -> None:
    """What was passed before counts no more: the promises are being tried anew. Raises OSError."""
    (folder / FILE_NAME).unlink(missing_ok=True)


def keep(folder: Path, findings: Iterable[Finding]) -> None:
    """Remember that all of it was passed. Raises OSError."""
    figures = {one.promise.fault.name.lower(): one.took_ms for one in findings}
    kept = {
        "version": __version__,
        "program": program_hash(),
        "computer": computer_hash(),
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
