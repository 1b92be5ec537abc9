"""``tools/environment`` meets a computer that cannot do what it asks: it says so in a sentence with the mend."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


class Project:
    """A folder with the script alone, and a stand-in for Python that answers as the test wants."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "tools").mkdir()
        shutil.copy(ROOT / "tools" / "environment", folder / "tools")

    def run_with_python(self, script: str) -> subprocess.CompletedProcess[str]:
        """``script`` is the body of the stand-in, in sh; ``$2`` is the Python program that it was given."""
        python = self.folder / "python"
        python.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        python.chmod(0o755)
        return subprocess.run(
            [self.folder / "tools" / "environment", "run"],
            env={"PATH": "/usr/bin:/bin", "PYTHON": str(python)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_no_python_is_recent_enough(project: Project) -> None:
    done = project.run_with_python("exit 1")
    assert done.returncode == 1
    assert "Retrotread needs Python 3.11 or newer" in done.stderr
    assert "make run PYTHON=/path/to/python3" in done.stderr


def test_python_lacks_its_venv_part(project: Project) -> None:
    done = project.run_with_python("case $2 in *ensurepip*) exit 1 ;; esac")
    assert done.returncode == 1
    assert "install python3-venv" in done.stderr


def test_no_environment_is_left_behind_when_there_is_no_python(project: Project) -> None:
    project.run_with_python("exit 1")
    assert not (project.folder / ".venv").exists()
