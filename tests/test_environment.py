"""``tools/environment`` prepares .venv once, notices what changed, and says in a sentence what it cannot do."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
READ_BY_THE_SCRIPT = ("requirements/build.txt", "requirements/run.txt", "pyproject.toml", "setup.py", "src/__init__.py")

TOO_OLD = (
    f"""exec {shlex.quote(sys.executable)} -c 'import sys; sys.version_info = (3, 10, 9); exec(sys.argv[1])' "$2" """
)
WITHOUT_VENV = "case $2 in *ensurepip*) exit 1 ;; esac"
REMEMBERS_INSTALLS = 'case "$*" in *"pip install"*) echo "$*" >>installs ;; esac'
CANNOT_INSTALL = 'case "$*" in *"pip install"*) echo no route to host >&2; exit 1 ;; esac'


class Project:
    """A folder with the script and what it reads; Python is a stand-in that answers as the test wants."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in READ_BY_THE_SCRIPT:
            self.write(name, name)
        self.write("tools/environment", "")
        shutil.copy(ROOT / "tools" / "environment", folder / "tools")

    def write(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def write_python(self, name: str, body: str) -> Path:
        """``body`` is sh; ``$2`` is the program after ``-c``."""
        python = self.write(name, f"#!/bin/sh\n{body}\n")
        python.chmod(0o755)
        return python

    def prepare(self, python: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.folder / "tools" / "environment", "run"],
            env={"PATH": "/usr/bin:/bin", "PYTHON": str(self.write_python("found/python", python))},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def installs(self) -> int:
        """How often pip was asked to install since the start; two make one preparation."""
        log = self.folder / "installs"
        return len(log.read_text(encoding="utf-8").splitlines()) if log.exists() else 0


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture
def prepared(project: Project) -> Project:
    """A project whose .venv was prepared once, by two installs."""
    project.write_python(".venv/bin/python", REMEMBERS_INSTALLS)
    project.write(".venv/made-in", str(project.folder.resolve()))
    assert project.prepare().returncode == 0
    assert project.installs() == 2
    return project


def test_python_is_too_old(project: Project) -> None:
    done = project.prepare(TOO_OLD)
    assert done.returncode == 1
    assert "Retrotread needs Python 3.11 or newer" in done.stderr
    assert "make run PYTHON=/path/to/python3" in done.stderr


def test_python_lacks_its_venv_part(project: Project) -> None:
    done = project.prepare(WITHOUT_VENV)
    assert done.returncode == 1
    assert "install python3-venv" in done.stderr


def test_a_second_run_installs_nothing_and_says_nothing(prepared: Project) -> None:
    done = prepared.prepare()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert prepared.installs() == 2


@pytest.mark.parametrize("name", READ_BY_THE_SCRIPT)
def test_a_changed_file_is_installed_again(prepared: Project, name: str) -> None:
    prepared.write(name, "changed")
    assert prepared.prepare().returncode == 0
    assert prepared.installs() == 4


def test_a_folder_that_was_moved_gets_a_new_environment(prepared: Project) -> None:
    prepared.write(".venv/made-in", "/where/it/was")
    done = prepared.prepare("[ $2 != venv ] || echo made >anew")
    assert "Creating .venv with" in done.stderr
    assert (prepared.folder / "anew").exists()


def test_a_failed_install_is_said_and_is_not_taken_for_done(prepared: Project) -> None:
    prepared.write("requirements/run.txt", "changed")
    prepared.write_python(".venv/bin/python", CANNOT_INSTALL)
    done = prepared.prepare()
    assert done.returncode == 1
    assert "no route to host" in done.stderr
    assert "Check the network connection and the free disk space, then run make run again." in done.stderr
    prepared.write_python(".venv/bin/python", REMEMBERS_INSTALLS)
    prepared.prepare()
    assert prepared.installs() == 4
