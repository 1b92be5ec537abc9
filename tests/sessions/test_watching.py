"""A machine that is watched, with the real guardian behind it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from retrotread.sessions.view import WatchView
from retrotread.sessions.watching import Watch

DEADLINE_S = 20.0


def until(watch: Watch, true: Callable[[WatchView], bool]) -> WatchView:
    """The view once it holds of it."""
    deadline_s = time.monotonic() + DEADLINE_S
    while not true(watch.view()):
        assert time.monotonic() < deadline_s, watch.view()
        time.sleep(0.01)  # another process has to speak
    return watch.view()


def test_what_the_machine_reports_is_seen_with_its_age(tmp_path: Path) -> None:
    watch = Watch("sim://well-behaved", None, tmp_path)
    try:
        view = until(watch, lambda view: view.speed_kph is not None)
        assert (view.connected, view.speed_kph, view.over) == ("Simulated treadmill (well-behaved)", 0.0, False)
        assert view.age_s is not None
        assert 0.0 <= view.age_s < DEADLINE_S
    finally:
        watch.close()
    assert until(watch, lambda view: view.over).message == "the guardian has ended"


def test_a_machine_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    watch = Watch("sim://no-such-machine", None, tmp_path)
    try:
        view = until(watch, lambda view: view.over)
        assert view.message is not None
        assert "no-such-machine" in view.message
        assert view.connected is None
    finally:
        watch.close()
