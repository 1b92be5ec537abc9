"""What stands between the start of the program and its first screen."""

from __future__ import annotations

import subprocess
import sys


def loaded_by_the_screens() -> set[str]:
    """The modules of a fresh Python that has imported the app and nothing else."""
    program = "import sys, retrotread.tui.app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


def test_the_screens_load_no_reader_of_files_and_no_command_line() -> None:
    loaded = {name.partition(".")[0] for name in loaded_by_the_screens()}
    assert "textual" in loaded
    assert loaded & {"pydantic", "ruamel", "typer", "sqlalchemy", "sqlite3"} == set()


def test_the_first_screen_is_painted_before_the_parts_of_a_run_are_loaded() -> None:
    ours = {name for name in loaded_by_the_screens() if name.startswith("retrotread.")}
    parts = {name.split(".")[1] for name in ours}
    assert parts == {"clock", "tui"}
    assert "retrotread.tui.run_show" not in ours
