"""A search for machines: a guardian of its own listens, because only a guardian may hold the radio."""

from __future__ import annotations

import queue
from collections.abc import Callable
from pathlib import Path

from ...clock import monotonic_s
from ...devices.advert import Advert
from ...guardian.messages import PROTOCOL, Found, FromGuardian, Scan, ScanEnded
from ..guardian_client import GuardianClient

SECONDS = 10.0
"""A machine advertises at least every 1.28 s (FTMS 1.0.1, 3.1), a walking pad of the field for some seconds only."""

SECONDS_MAX = 120.0
"""As long as a guardian listens at most."""

BESIDES_S = 30.0
"""What a slow computer needs to start a process and to wake its radio; after that the search has failed."""

END_S = 5.0
"""The guardian has no belt and ends at once; one that does not has lost its parent soon anyway."""


def search(seconds: float, via: str, folder: Path, heard: Callable[[Advert], None]) -> str | None:
    """Listen for ``seconds``; ``heard`` is called on this thread. A sentence with its mend where the search failed.

    ``folder`` is the data folder, held by the caller: no other guardian is at work in it.
    """
    said: queue.SimpleQueue[FromGuardian | str] = queue.SimpleQueue()
    guardian = GuardianClient(folder, said.put, said.put)
    try:
        guardian.send(Scan(PROTOCOL, seconds, via))
        return _listened(said, monotonic_s() + seconds + BESIDES_S, heard)
    finally:
        guardian.leave()
        guardian.wait(END_S)


def _listened(
    said: queue.SimpleQueue[FromGuardian | str], until_s: float, heard: Callable[[Advert], None]
) -> str | None:
    while True:
        try:
            message = said.get(timeout=max(0.0, until_s - monotonic_s()))
        except queue.Empty:
            return "the search did not come to an end; switch Bluetooth off and on, and run 'retrotread doctor'"
        if isinstance(message, str):
            return f"the search was cut short ({message}); run 'retrotread doctor'"
        if isinstance(message, ScanEnded):
            return message.problem
        if isinstance(message, Found):
            heard(message.advert)
