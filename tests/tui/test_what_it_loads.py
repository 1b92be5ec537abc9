"""What stands between the start of the program and its first screen."""

from __future__ import annotations

import subprocess
import sys


def test_the_screens_load_no_reader_of_files_and_no_command_line() -> None:
    program = "import sys, retrotread.tui.app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "textual" in loaded
    assert loaded & {"pydantic", "ruamel", "typer", "sqlalchemy", "sqlite3"} == set()
