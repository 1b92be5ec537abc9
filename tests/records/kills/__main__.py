"""Writers that are killed with SIGKILL, again and again; what they had acknowledged is looked for each time.

usage: python -m tests.records.kills N [--seed SEED] [--seconds S] [--steps-lost-max-s MAX] [--faults F]
N kills, at chance moments and at each named point; S runs over seconds, for the steps that are lost with one; and F
disks that fail and F that are full

One process loads everything once, and each writer is a fork of it, so that a kill costs milliseconds. Prints one JSON
object: ``kills``, those that fell into the work, by writer and by named point; ``lost``, a sentence for each thing that
was acknowledged and is not there, or not whole; ``steps_lost_s``, the most that went with a kill; ``faults``: how many
were told in a sentence, and what they lost. Exit code 1 where anything is lost, or more than MAX of steps.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import random
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from tests.records.conftest import changed, recorded_run

from .faults import Error, Fault, Full
from .steps_lost import steps_lost_s
from .writers import DIARY, JOURNAL, MISTAKEN, TOLD, Writer, taking, upgrading

LATEST_S = 0.020
"""Of a chance kill after the first sign of life."""

ENDS_S = 60.0
"""A writer that has not ended by then hangs, which is a finding of its own."""

SCHEMAS = Path(__file__).parent.parent / "schemas"


STATEMENTS = 60
"""Of a writer that may fail: into the second run that is taken over, and the tenth entry of a diary."""

PAGES, PAGE_BYTES = 40, 4096
"""Where a disk is full: up to the size that these files come to, by SQLite's pages."""


class End(Enum):
    """How a writer came to its end; the values are exit codes."""

    DONE = 0
    FAILED = 1
    TOLD = 3
    KILLED = -9


@dataclass(frozen=True, slots=True)
class After:
    """How it ended, and what is not as it was acknowledged."""

    end: End
    problems: tuple[str, ...] = ()


def main(arguments: list[str]) -> int:
    """As in the head of this file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kills", type=int)
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--seconds", type=int, default=0)
    parser.add_argument("--steps-lost-max-s", type=float, default=math.inf)
    parser.add_argument("--faults", type=int, default=0)
    asked = parser.parse_args(arguments)
    moments = random.Random(asked.seed)
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        steps_s = steps_lost_s(Path(name), asked.seconds, moments) if asked.seconds else []
        runs = _runs(Path(name))
        writers = [JOURNAL, DIARY, taking(runs), *map(upgrading, sorted(SCHEMAS.glob("v*.sqlite")))]
        figures, faults = killed(writers, asked.kills, moments), faulty(writers, asked.faults, moments)
    worst_s = max(steps_s, default=0.0)
    sys.stdout.write(json.dumps(figures | {"steps_lost_s": round(worst_s, 3), "faults": faults}, indent=1) + "\n")
    return 1 if figures["lost"] or faults["lost"] or worst_s > asked.steps_lost_max_s else 0


def _runs(folder: Path) -> tuple[Path, ...]:
    """Journals of four days."""
    made = recorded_run(folder / "made.sqlite", folder / "two.yaml", 40.0)
    paths = tuple(folder / f"2026-03-0{day}-r{day}.sqlite" for day in range(2, 6))
    for path in paths:
        shutil.copy(made, path)
        changed(path, f"UPDATE run SET run_id = '{path.stem[-2:]}', began_utc = '{path.name[:10]}T09:00:00+00:00'")
    return paths


def killed(writers: list[Writer], kills: int, moments: random.Random) -> dict[str, object]:
    """So many kills: every named point once, then chance moments, the writers in turn."""
    plan: list[tuple[Writer, Fault | None]] = [(one, point) for one in writers for point in one.points]
    plan += [(writers[n % len(writers)], None) for n in range(max(0, kills - len(plan)))]
    landed, points, lost = Counter[str](), Counter[str](), list[str]()
    for writer, point in plan:
        after = _once(writer, point, moments.uniform(0.0, LATEST_S))
        landed[writer.name] += after.end is End.KILLED
        if point is not None:
            points[f"{writer.name}: {point.name}"] += after.end is End.KILLED
        lost += after.problems
    missed = sorted(name for name, times in points.items() if not times)
    return {"kills": sum(landed.values()), "by_writer": dict(landed), "points": len(points), "missed": missed,
            "lost": lost}  # fmt: skip


def faulty(writers: list[Writer], faults: int, moments: random.Random) -> dict[str, object]:
    """So many errors of the disk under each writer, at a statement, and so many disks that are full at some byte."""
    told, lost = Counter[str](), list[str]()
    for writer in writers:
        errors: list[Fault] = [Error(moments.randint(1, STATEMENTS)) for _ in range(faults)]
        full: list[Fault] = [Full(moments.randint(0, PAGES) * PAGE_BYTES) for _ in range(faults)]
        for fault in (*errors, *full):
            after = _once(writer, fault, 0.0)
            told[type(fault).__name__.lower()] += after.end is End.TOLD
            lost += after.problems
    return {"told": dict(told), "lost": lost}


def _once(writer: Writer, fault: Fault | None, wait_s: float) -> After:
    """One writer in a folder of its own under this fault; without one it is killed after so long."""
    name = f"{writer.name}, {fault.name if fault else f'after {wait_s * 1000:.1f} ms'}"
    with tempfile.TemporaryDirectory(prefix="kills-") as made:
        folder = Path(made)
        writer.prepare(folder)
        end, acknowledged = _lived(writer, fault, folder, wait_s)
        if end is End.FAILED:
            return After(end, (f"{name}: it ended by an error that nobody had foreseen, or took it for damage",))
        try:
            writer.check(folder, acknowledged, end is End.DONE)
        except Exception as error:  # noqa: BLE001  whatever it is, it is what was left
            return After(end, (f"{name}: {type(error).__name__}: {error}; {traceback.format_exc(limit=-1)}",))
    return After(end)


def _lived(writer: Writer, fault: Fault | None, folder: Path, wait_s: float) -> tuple[End, int]:
    """How a fork that writes came to its end, and how much it had acknowledged."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        _write(writer, fault, folder, writes)
    os.close(writes)
    if fault is None:
        select.select([reads], [], [], ENDS_S)
        time.sleep(wait_s)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    said = _all_of(reads, child)
    _, status = os.waitpid(child, 0)
    end = End.KILLED if os.WIFSIGNALED(status) else End(os.WEXITSTATUS(status))
    return end, said.count(b".")


def _write(writer: Writer, fault: Fault | None, folder: Path, writes: int) -> None:
    """In the fork: a byte for its life, and one for each thing that is on the disk. Never returns."""
    end = End.FAILED
    try:
        if fault is not None:
            fault.arm()
        os.write(writes, b"!")
        writer.work(folder, lambda _: _acknowledge(writes))
        end = End.DONE
    except TOLD as error:
        end = End.FAILED if isinstance(error, MISTAKEN) else End.TOLD
    except BaseException:  # noqa: BLE001  a fork never goes on in the program that it is a fork of
        traceback.print_exc()
    finally:
        os._exit(end.value)


def _acknowledge(writes: int) -> None:
    os.write(writes, b".")


def _all_of(reads: int, child: int) -> bytes:
    """Everything that it said before its end."""
    said, until_s = b"", time.monotonic() + ENDS_S
    with contextlib.closing(os.fdopen(reads, "rb", buffering=0)) as pipe:
        while select.select([pipe], [], [], max(0.0, until_s - time.monotonic()))[0]:
            more = pipe.read(4096)
            if not more:
                return said
            said += more
    os.kill(child, signal.SIGKILL)
    return said


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
