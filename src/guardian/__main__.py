"""``python -m retrotread.guardian FOLDER [DESCRIPTOR]``: started by the main process, over its own stdin and stdout.

DESCRIPTOR is the inherited writing end of a pipe to a standby.

Whatever else prints must not end up among the messages: descriptor 1 is pointed at stderr before anything runs.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from pathlib import Path

from ..clock import SystemClock
from .blackbox import BlackBox
from .process import GuardianProcess, black_box_path
from .standby.line import StandbyLine


async def _serve(from_main: int, to_main: int, folder: Path, standby: StandbyLine | None) -> None:
    guardian = GuardianProcess(SystemClock(), from_main, to_main, _black_box(folder))
    guardian.standby = standby
    await guardian.run()


def _black_box(folder: Path) -> BlackBox | None:
    """The ring file; a guardian without one still guards."""
    try:
        return BlackBox(black_box_path(folder))
    except OSError as error:
        _complain(f"retrotread guardian: no black box: {error}\n")
        return None


def _complain(sentence: str) -> None:
    """To the log; a disk that is full takes no complaint about being full, and the guardian goes on."""
    with contextlib.suppress(OSError):
        sys.stderr.write(sentence)
        sys.stderr.flush()


def main() -> int:
    """Take the pipes over and serve."""
    from_main, to_main = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    standby = StandbyLine(int(sys.argv[2])) if len(sys.argv) > 2 else None
    asyncio.run(_serve(from_main, to_main, Path(sys.argv[1]), standby))
    return 0


if __name__ == "__main__":
    # The reader thread blocks in read(2) on a pipe that main may hold open: do not wait for it.
    code = main()
    _complain("")
    os._exit(code)
