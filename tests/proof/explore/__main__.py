"""``make explore``: the explorations of the finer grid, one after another; states, transitions and seconds of each.

Arguments: names of explorations (none: all of the finer grid); ``gate``: those of the tests; ``wide``: these with one
rare event more, which come to no end; ``seconds=N``: the processor time that each may take at most. An exploration that
does not come to its end says so; a finding is printed as a history, and the exit code is 1.
"""

from __future__ import annotations

import resource
import sys

from .explorations import EXPLORATIONS, FINER, WIDE
from .explorer import Exploration, Figures, explored

DEFAULT_S = 3_600.0
TELL_EVERY_S = 60.0


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def told(exploration: Exploration, figures: Figures) -> str:
    """How far an exploration came, in one line."""
    end = "fixpoint" if figures.fixpoint else "not at its end"
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    bounds = f"{len(exploration.events)} events, {exploration.faults} rare ones a history"
    return (
        f"{exploration.name}: {figures.states:,} states, {figures.transitions:,} transitions, {figures.steps:,} steps, "
        f"{figures.seconds:.0f} s, {mib} MiB so far, {end}; {bounds}"
    )


def main(arguments: list[str]) -> int:
    """Explore, and say how it went."""
    seconds = [float(one.removeprefix("seconds=")) for one in arguments if one.startswith("seconds=")]
    grids = {"gate": EXPLORATIONS, "wide": WIDE}
    grid = next((grids[one] for one in arguments if one in grids), FINER)
    names = [one for one in arguments if not one.startswith("seconds=") and one not in grids] or list(grid)
    found = 0
    for name in names:
        told_s = 0.0

        def progress(figures: Figures, exploration: Exploration = grid[name]) -> None:
            nonlocal told_s
            if figures.seconds - told_s >= TELL_EVERY_S:
                told_s = figures.seconds
                say(f"  {told(exploration, figures)}")

        figures = explored(grid[name], seconds[0] if seconds else DEFAULT_S, on_progress=progress)
        say(told(grid[name], figures))
        if figures.finding is not None:
            found += 1
            say(str(figures.finding))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
