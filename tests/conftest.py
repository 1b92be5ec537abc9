"""Settings that every test shares."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# A property is about values, not about how busy this computer is: no example fails for being slow. And a check that
# decides whether a change is good says the same of the same code each time; ``--hypothesis-profile=default`` searches.
settings.register_profile("retrotread", settings.get_profile("default"), deadline=None, derandomize=True, database=None)
if settings.get_current_profile_name() == "default":
    settings.load_profile("retrotread")


HERE = Path(__file__).parent
BY_THE_REAL_CLOCK = {
    "end_to_end": "whole sessions",
    "cli/test_sim.py": "processes",
    "devices/serial_lines/test_on_a_pty.py": "processes",
    "devices/serial_lines/test_woodway_on_a_pty.py": "processes",
    "guardian/standby/test_on_a_pty.py": "processes",
    "guardian/standby/test_when_the_guardian_dies.py": "processes",
    "guardian/test_process.py": "processes",
    "process": "processes",
    "sessions/qualify/test_live.py": "processes",
    "sessions/test_replay.py": "processes",
    "tui/test_plain.py": "processes",
}
"""Folders and files with belts in processes of their own, and the piece that each is of. A belt that is starved of time
loses its lease and stops, as it should; so two of these at most run beside each other, one of each piece (they mostly
wait), and the others stand back for them."""

STANDS_BACK = 19
"""The niceness of a worker that has none of these: what it computes can wait, and a lease cannot."""


def _by_the_real_clock(path: Path) -> str | None:
    """The piece that it is of, if any."""
    return next((piece for name, piece in BY_THE_REAL_CLOCK.items() if path.is_relative_to(HERE / name)), None)


class _Shared(LoadScopeScheduling):
    """Where several processes share the tests, each file stays whole, for the sake of its fixtures, and what lives by
    the real clock is two pieces."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return _by_the_real_clock(HERE.parent / file) or file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _Shared:
    """The groups of ``--dist loadgroup`` are lost on the way with pytest 9.2 and pytest-xdist 3.8."""
    return _Shared(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What lives by the real clock goes first, for it is the longest."""
    if gone := [name for name in BY_THE_REAL_CLOCK if not (HERE / name).exists()]:
        raise pytest.UsageError(f"BY_THE_REAL_CLOCK in {__file__} names what is not there: {', '.join(gone)}")
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _by_the_real_clock(item.path) is None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A worker whose tests are about values stands back, from its first one on."""
    if hasattr(item.config, "workerinput") and not _by_the_real_clock(item.path) and os.nice(0) < STANDS_BACK:
        _stand_back()


def _stand_back() -> None:
    """Where Linux shares the processors among sessions first (sched(7), autogroup), a session of its own as well.

    Whoever leads a session gets the first terminal that it opens for its own, and a hang-up when that goes (setsid(2)).
    Here terminals come and go as tests do, so a hang-up means nothing; a child that is begun hears it as ever.
    """
    os.nice(STANDS_BACK)
    with suppress(OSError):
        os.setsid()
        signal.signal(signal.SIGHUP, lambda *_: None)
        Path("/proc/self/autogroup").write_text(f"{STANDS_BACK}\n")


@pytest.fixture(scope="session", autouse=True)
def _nothing_of_whoever_runs_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes what a real person keeps; a test that keeps some names a folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RETROTREAD_CONFIG", str(tmp_path_factory.mktemp("settings")))
        patch.setenv("RETROTREAD_DATA", str(tmp_path_factory.mktemp("data")))
        # Nor does one wait for the belt that somebody else drives on this computer.
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        yield
