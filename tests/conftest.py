"""Settings that every test shares."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings

# A property is about values, not about how busy this computer is: no example fails for being slow. And a check that
# decides whether a change is good says the same of the same code each time; ``--hypothesis-profile=default`` searches.
settings.register_profile("retrotread", settings.get_profile("default"), deadline=None, derandomize=True, database=None)
if settings.get_current_profile_name() == "default":
    settings.load_profile("retrotread")


REAL_CLOCK = "real clock"
BY_THE_REAL_CLOCK = (
    "cli/test_sim.py",
    "devices/serial_lines/test_on_a_pty.py",
    "devices/serial_lines/test_woodway_on_a_pty.py",
    "end_to_end",
    "guardian/standby/test_on_a_pty.py",
    "guardian/standby/test_when_the_guardian_dies.py",
    "guardian/test_process.py",
    "process",
    "sessions/qualify/test_live.py",
    "sessions/test_replay.py",
    "tui/test_plain.py",
)
"""Folders and files with belts in processes of their own. One that is starved of time loses its lease and stops, as it
should; so these never run beside each other, and the others stand back for them."""

STANDS_BACK = 19
"""The niceness of a worker that has none of these: what it computes can wait, and a lease cannot."""


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several processes share the tests, each file stays whole, for the sake of its fixtures, and what lives by
    the real clock is one group: it goes first, for it is the longest."""
    here = Path(__file__).parent
    together = [here / name for name in BY_THE_REAL_CLOCK]
    if gone := [str(path) for path in together if not path.exists()]:
        raise pytest.UsageError(f"BY_THE_REAL_CLOCK in {__file__} names what is not there: {', '.join(gone)}")
    if not hasattr(config, "workerinput"):
        return

    def waits(item: pytest.Item) -> bool:
        return any(item.path.is_relative_to(path) for path in together)

    items.sort(key=lambda item: not waits(item))
    for item in items:
        item.add_marker(pytest.mark.xdist_group(REAL_CLOCK if waits(item) else str(item.path.relative_to(here))))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A worker whose tests are about values stands back, from its first one on."""
    group = item.get_closest_marker("xdist_group")
    if group is not None and group.args != (REAL_CLOCK,) and os.nice(0) < STANDS_BACK:
        _stand_back()


def _stand_back() -> None:
    """Where Linux shares the processors among sessions first (sched(7), autogroup), a session of its own as well."""
    os.nice(STANDS_BACK)
    with suppress(OSError):
        os.setsid()
        Path("/proc/self/autogroup").write_text(f"{STANDS_BACK}\n")


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_whoever_runs_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the settings of a real person; a test that keeps some names a folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RETROTREAD_CONFIG", str(tmp_path_factory.mktemp("settings")))
        # Nor does one wait for the belt that somebody else drives on this computer.
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        yield
