"""``python -m retrotread.guardian.standby``: started by the main process before its guardian.

Standard input is the pipe from the guardian, standard output the one to main. Whatever else prints must not end up
among the messages: descriptor 1 is pointed at stderr before anything runs.
"""

from __future__ import annotations

import asyncio
import os

from ...clock import SystemClock
from .process import StandbyProcess


async def _serve(from_guardian: int, to_main: int) -> None:
    await StandbyProcess(SystemClock(), from_guardian, to_main).run()


def main() -> None:
    """Take the pipes over and wait."""
    from_guardian, to_main = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    asyncio.run(_serve(from_guardian, to_main))


if __name__ == "__main__":
    main()
    os._exit(0)  # a link that hangs in a thread of its own is not waited for
