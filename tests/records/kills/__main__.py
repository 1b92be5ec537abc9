"""Writers that are killed with SIGKILL, again and again; what they had acknowledged is looked for each time.

usage: python -m tests.records.kills N [--seed SEED] [--seconds S]: N kills, at chance moments and at each named
point; and S of runs over seconds, for the steps that are lost with one

One process loads everything once, and each writer is a fork of it, so that a kill costs milliseconds. Prints one JSON
object: ``kills``, those that fell into the work, by writer and by named point; ``lost``, a sentence for each thing that
was acknowledged and is not there, or not whole; ``steps_lost_s``, the most that went with a kill. Exit code 1 where
there is one, or more than 1.5 s of steps were lost.
"""

from __future__ import annotations

import argparse
import contextlib
import json
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
from pathlib import Path

from tests.records.conftest import changed, recorded_run

from .points import Point, killed_at
from .steps_lost import steps_lost_s
from .writers import DIARY, JOURNAL, Writer, taking, upgrading

LATEST_S = 0.020
"""Of a chance kill after the first sign of life."""

STEPS_LOST_MAX_S = 1.5
"""A batch of a second, and half of one for a disk that is slow."""

ENDS_S = 60.0
"""A writer that has not ended by then hangs, which is a finding of its own."""

SCHEMAS = Path(__file__).parent.parent / "schemas"


def main(arguments: list[str]) -> int:
    """As in the head of this file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kills", type=int)
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--seconds", type=int, default=0)
    asked = parser.parse_args(arguments)
    moments = random.Random(asked.seed)
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        steps_s = steps_lost_s(Path(name), asked.seconds, moments) if asked.seconds else []
        runs = _runs(Path(name))
        writers = [JOURNAL, DIARY, taking(runs), *map(upgrading, sorted(SCHEMAS.glob("v*.sqlite")))]
        figures = killed(writers, asked.kills, moments)
    worst_s = max(steps_s, default=0.0)
    sys.stdout.write(json.dumps(figures | {"steps_lost_s": round(worst_s, 3)}, indent=1) + "\n")
    return 1 if figures["lost"] or worst_s > STEPS_LOST_MAX_S else 0


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
    landed, points, lost = Counter[str](), Counter[str](), list[str]()
    plan: list[tuple[Writer, Point | None]] = [(one, point) for one in writers for point in one.points]
    plan += [(writers[n % len(writers)], None) for n in range(max(0, kills - len(plan)))]
    for writer, point in plan:
        wait_s = moments.uniform(0.0, LATEST_S)
        with tempfile.TemporaryDirectory(prefix="kills-") as name:
            died, problem = _once(writer, point, Path(name), wait_s)
        landed[writer.name] += died
        if point is not None:
            points[f"{writer.name}: {point.name}"] += died
        if problem is not None:
            lost.append(f"{writer.name}, {point.name if point else f'after {wait_s * 1000:.1f} ms'}: {problem}")
    missed = sorted(name for name, times in points.items() if not times)
    return {"kills": sum(landed.values()), "by_writer": dict(landed), "points": len(points), "missed": missed,
            "lost": lost}  # fmt: skip


def _once(writer: Writer, point: Point | None, folder: Path, wait_s: float) -> tuple[bool, str | None]:
    """Whether it was killed in its work, and what is wrong with what it left."""
    writer.prepare(folder)
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        _write(writer, point, folder, writes)
    os.close(writes)
    if point is None:
        select.select([reads], [], [], ENDS_S)
        time.sleep(wait_s)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    said = _all_of(reads, child)
    _, status = os.waitpid(child, 0)
    died = os.WIFSIGNALED(status)
    if not died and os.WEXITSTATUS(status) != 0:
        return False, "the writer failed by itself"
    try:
        writer.check(folder, said.count(b"."), not died)
    except Exception as error:  # noqa: BLE001  whatever it is, it is what the kill has left
        return died, f"{type(error).__name__}: {error}; {traceback.format_exc(limit=-1)}"
    return died, None


def _write(writer: Writer, point: Point | None, folder: Path, writes: int) -> None:
    """In the fork: a byte for its life, and one for each thing that is on the disk. Never returns."""
    code = 1
    try:
        if point is not None:
            killed_at(point)
        os.write(writes, b"!")
        writer.work(folder, lambda _: os.write(writes, b".") and None)
        code = 0
    except BaseException:  # noqa: BLE001  a fork never goes on in the program that it is a fork of
        traceback.print_exc()
    finally:
        os._exit(code)


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
