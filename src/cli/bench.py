"""``retrotread bench``: the production supervisor over a simulated belt, with every fault on a key."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from . import MISUSED


def bench(
    plain: Annotated[bool, typer.Option("--plain", help="One line per change instead of the screen.")] = False,
) -> None:
    """See what stops a belt, and why: each fault is a key.

    The supervisor is the real one, the belt is simulated, and no treadmill is reached.
    """
    from ..clock import SystemClock
    from ..devices.simulated.archetypes import ARCHETYPES
    from ..sessions.bench.room import Bench, bench_of

    def begin() -> Bench:
        return bench_of(ARCHETYPES["well-behaved"])

    if plain:
        from ..tui.plain_bench import PlainBench

        raise typer.Exit(PlainBench(begin, SystemClock(), lambda line: print(line, flush=True)).run(sys.stdin.fileno()))
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("retrotread: the bench needs a terminal; without one: retrotread bench --plain", file=sys.stderr)
        raise typer.Exit(MISUSED)
    from ..tui.bench import BenchApp

    raise typer.Exit(BenchApp(begin).run() or 0)
