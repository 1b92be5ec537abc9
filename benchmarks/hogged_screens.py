"""The real program, whose screen is hogged for 1.5 s at a time once a file named "hog" appears in its data folder."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from retrotread.__main__ import main
from retrotread.sessions.live import LiveRun
from retrotread.sessions.view import RunView

HOG_S = 1.5
_view = LiveRun.view


def _hogged(run: LiveRun) -> RunView:
    """Looking at the run takes 1.5 s of pure Python, on the screen's own loop."""
    if (Path(os.environ["RETROTREAD_DATA"]) / "hog").exists():
        until_s = time.perf_counter() + HOG_S
        while time.perf_counter() < until_s:
            pass
    return _view(run)


if __name__ == "__main__":
    LiveRun.view = _hogged  # type: ignore[assignment, method-assign]
    sys.exit(main(sys.argv[1:]))
