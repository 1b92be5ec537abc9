"""Settings that every test shares."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

# A property is about values, not about how busy this computer is: no example fails for being slow.
settings.register_profile("retrotread", settings.get_profile("default"), deadline=None)
if settings.get_current_profile_name() == "default":
    settings.load_profile("retrotread")


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_whoever_runs_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the settings of a real person; a test that keeps some names a folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RETROTREAD_CONFIG", str(tmp_path_factory.mktemp("settings")))
        # Nor does one wait for the belt that somebody else drives on this computer.
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        yield
