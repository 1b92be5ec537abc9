"""What each part of the program loads, seen in a fresh Python: an import counts wherever it stands.

The guardian owns the belt. What it does not load cannot crash it, delay it or write to its pipes.
"""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import retrotread

SOURCE = Path(retrotread.__file__).parent
UI = {"textual", "rich"}
LINKS = (
    "retrotread.devices.gatt.bleak_link",
    "retrotread.devices.gatt.scan",
    "retrotread.devices.gatt.bumble_client",
    "retrotread.devices.serialport.port",
)
"""They load a radio or a port, and are loaded only when an address asks for one."""
PERIPHERAL = "retrotread.devices.peripheral"
"""A simulated machine for other programs; no part of the guardian."""
TALKS_TO_LOGIND = "retrotread.sessions.host.logind"
"""Loaded by a run, on a thread of its own, before its belt moves; by nothing that is only imported."""


def modules_below(*packages: str) -> list[str]:
    """Dotted names of every module below the packages, ``__main__`` included."""
    files = [file for package in packages for file in sorted((SOURCE / package).rglob("*.py"))]
    parts = [file.relative_to(SOURCE).with_suffix("").parts for file in files]
    return [".".join(("retrotread", *(part for part in name if part != "__init__"))) for name in parts]


def answer(program: str) -> list[str]:
    """The words that ``program`` prints in a fresh Python."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@cache
def loaded_at_start() -> frozenset[str]:
    """What this environment's own Python loads before the first line of a program."""
    return frozenset(answer("import sys; print(*sys.modules)"))


def loaded_by(statement: str) -> set[str]:
    """Dotted names of the modules that ``statement`` brings in."""
    return set(answer(f"{statement}\nimport sys; print(*sys.modules)")) - loaded_at_start()


def third_party(modules: set[str]) -> set[str]:
    """Top-level names that are neither ours nor the standard library's."""
    return {name.partition(".")[0] for name in modules} - sys.stdlib_module_names - {"retrotread"}


def the_guardian_s() -> list[str]:
    """Every module that a guardian loads without being asked for a radio."""
    modules = modules_below("guardian", "safety", "devices")
    return [one for one in modules if one not in LINKS and not one.startswith(PERIPHERAL)]


@pytest.mark.parametrize("module", the_guardian_s())
def test_the_guardian_loads_the_standard_library_and_the_layers_below_it(module: str) -> None:
    loaded = loaded_by(f"import {module}")
    assert module in loaded
    assert third_party(loaded) == set()
    assert {name for name in loaded if name.startswith("sqlite3")} == set()
    ours = {name.split(".")[1] for name in loaded if name.startswith("retrotread.")}
    assert ours <= {"guardian", "safety", "devices", "machine", "clock", "values"}


@pytest.mark.parametrize("module", modules_below("sessions", "workouts"))
def test_a_session_without_a_screen_loads_no_user_interface(module: str) -> None:
    loaded = loaded_by(f"import {module}")
    assert module in loaded
    assert loaded & UI == set()
    assert {name for name in loaded if name.startswith("retrotread.tui")} == set()
    assert "dbus_fast" not in loaded or module == TALKS_TO_LOGIND


def test_neither_the_program_nor_its_screens_load_what_talks_to_logind() -> None:
    loaded = loaded_by("import retrotread.cli.commands, retrotread.tui.app, retrotread.tui.plain")
    assert "retrotread.tui.app" in loaded
    assert {"dbus_fast", TALKS_TO_LOGIND} & loaded == set()


def test_the_store_is_loaded_when_somebody_asks_for_it_and_not_before() -> None:
    loaded = loaded_by("import retrotread.cli.commands, retrotread.tui.app, retrotread.tui.plain, retrotread.sessions")
    assert {"sqlalchemy", "alembic", "retrotread.records"} & loaded == set()
    assert {"sqlalchemy", "alembic"} <= loaded_by("import retrotread.records.store")


def test_the_version_is_answered_before_any_third_party_import() -> None:
    words = answer(
        "import sys; from retrotread.__main__ import main; code = main(['--version']); print(code, *sys.modules)"
    )
    assert words[:3] == ["retrotread", retrotread.__version__, "0"]
    loaded = set(words[3:]) - loaded_at_start()
    assert "retrotread.__main__" in loaded
    assert third_party(loaded) == set()
